//! The till's access token and when to renew it. There is one token per device session and a new one kills the former
//! (reference, section 2.2), so it is renewed before a start, never while one is in flight.

use std::time::Duration;

use crate::api::endpoints::Api;
use crate::api::oauth::Credentials;
use crate::api::secret::Secret;
use crate::error::{Error, Result, Status};
use crate::till::clock::Clock;

/// Who the till is and the token it has been given.
pub(crate) struct Session {
    credentials: Credentials,
    token: Option<Token>,
    refresh: Option<Secret>,
}

struct Token {
    access: Secret,
    /// By the clock that never goes back.
    expires: Duration,
}

impl Session {
    pub(crate) fn new(credentials: Credentials) -> Self {
        Session { credentials, token: None, refresh: None }
    }

    /// A token that lives for at least `needed` longer, or a new one.
    pub(crate) fn token(&mut self, api: &Api, clock: &dyn Clock, needed: Duration) -> Result<Secret> {
        match &self.token {
            Some(token) if token.expires >= clock.elapsed() + needed => Ok(token.access.clone()),
            _ => self.renew(api, clock),
        }
    }

    /// A new token: by the refresh token where there is one and the server takes it, else by the credentials.
    pub(crate) fn renew(&mut self, api: &Api, clock: &dyn Clock) -> Result<Secret> {
        self.token = None;
        let asked_at = clock.elapsed();
        let granted = match &self.refresh {
            Some(refresh_token) => match api.refresh(&self.credentials, refresh_token) {
                Err(error) if was_refused(&error) => api.log_in(&self.credentials),
                other => other,
            },
            None => api.log_in(&self.credentials),
        }?;
        // An answer without a refresh token leaves the old one as it is.
        self.refresh = granted.refresh.or(self.refresh.take());
        self.token = Some(Token { access: granted.access.clone(), expires: asked_at + granted.lifetime });
        Ok(granted.access)
    }
}

/// Whether the server itself said no, so that asking differently makes sense.
fn was_refused(error: &Error) -> bool {
    matches!(
        error.status(),
        Status::Refused | Status::InvalidCredentials | Status::NotRegistered | Status::RegistrationExpired
    )
}
