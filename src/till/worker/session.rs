//! The till's access token and when to renew it. There is one token per device session and a new one kills the former
//! (reference, section 2.2), so it is renewed before a start, never while one is in flight, and kept in the state file:
//! a till that was restarted goes on with the token it had.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use crate::api::endpoints::Api;
use crate::api::oauth::{Credentials, Granted};
use crate::api::secret::Secret;
use crate::error::{Error, Result, Status};
use crate::journal::Credential;
use crate::till::clock::Clock;
use crate::till::handles::state_file::StateFile;

/// The names under which the state file keeps them.
const ACCESS: &str = "access_token";
const REFRESH: &str = "refresh_token";

/// Who the till is and the token it has been given.
pub(crate) struct Session {
    credentials: Credentials,
    /// What the till knows of it.
    is_device: Arc<AtomicBool>,
    state: StateFile,
    token: Option<Token>,
    refresh: Option<Secret>,
    is_read: bool,
    /// When this process was given its last token.
    granted_at: Option<Duration>,
}

struct Token {
    access: Secret,
    /// By the clock that never goes back.
    expires: Duration,
}

impl Session {
    pub(crate) fn new(credentials: Credentials, is_device: Arc<AtomicBool>, state: StateFile) -> Self {
        Session { credentials, is_device, state, token: None, refresh: None, is_read: false, granted_at: None }
    }

    /// Who the till is.
    pub(crate) fn credentials(&self) -> &Credentials {
        &self.credentials
    }

    /// The till has been registered as this device, and has its first token: stored as one, before it counts.
    pub(crate) fn become_device(&mut self, code: Secret, granted: Granted, clock: &dyn Clock) -> Result<()> {
        let mut held = self.state.hold();
        let registered = held.sound_journal()?.register(code.reveal(), &clock.moment())?;
        held.rename(registered);
        drop(held);
        self.credentials = self.credentials.of_device(&code);
        self.is_device.store(true, Ordering::Release);
        (self.token, self.refresh, self.is_read) = (None, None, true);
        self.take(granted, clock.elapsed(), clock);
        Ok(())
    }

    /// A token that lives for at least `needed` longer, or a new one.
    pub(crate) fn token(&mut self, api: &Api, clock: &dyn Clock, needed: Duration) -> Result<Secret> {
        self.read_kept(api, clock);
        match &self.token {
            Some(token) if token.expires >= clock.elapsed() + needed => Ok(token.access.clone()),
            _ => self.renew(api, clock),
        }
    }

    /// A new token: by the refresh token where there is one and the server takes it, else by the credentials.
    pub(crate) fn renew(&mut self, api: &Api, clock: &dyn Clock) -> Result<Secret> {
        self.read_kept(api, clock);
        self.token = None;
        let asked_at = clock.elapsed();
        let granted = match &self.refresh {
            Some(refresh_token) => match api.refresh(&self.credentials, refresh_token) {
                Err(error) if was_refused(&error) => api.log_in(&self.credentials),
                other => other,
            },
            None => api.log_in(&self.credentials),
        }?;
        Ok(self.take(granted, asked_at, clock))
    }

    /// Whether the token was given since then: if the service refuses that, somebody else has logged in as this device.
    pub(crate) fn has_token_since(&self, then: Duration) -> bool {
        self.granted_at.is_some_and(|at| at >= then)
    }

    fn take(&mut self, granted: Granted, asked_at: Duration, clock: &dyn Clock) -> Secret {
        self.granted_at = Some(asked_at);
        // An answer without a refresh token leaves the old one as it is.
        self.refresh = granted.refresh.or(self.refresh.take());
        self.token = Some(Token { access: granted.access.clone(), expires: asked_at + granted.lifetime });
        let lifetime = i64::try_from(granted.lifetime.as_millis()).unwrap_or(i64::MAX);
        self.keep(ACCESS, &granted.access, Some(clock.now().saturating_add(lifetime)));
        if let Some(refresh) = &self.refresh {
            self.keep(REFRESH, refresh, None);
        }
        granted.access
    }

    /// What the state file has kept from the last time, read once.
    fn read_kept(&mut self, api: &Api, clock: &dyn Clock) {
        if std::mem::replace(&mut self.is_read, true) {
            return;
        }
        let kept = |name| self.state.hold().journal().ok()?.credential(name).ok()?;
        let (access, refresh) = (kept(ACCESS), kept(REFRESH));
        self.refresh = refresh.map(|kept| Secret::new(kept.value));
        self.token = access.and_then(|kept| {
            // The clock may have been set meanwhile. A token that is kept for too long is refused, and then renewed.
            let left = u64::try_from(kept.expires_at?.saturating_sub(clock.now())).ok()?;
            Some(Token { access: Secret::new(kept.value), expires: clock.elapsed() + Duration::from_millis(left) })
        });
        let Credentials { client_secret, device_code, .. } = &self.credentials;
        let tokens = self.token.iter().map(|token| &token.access).chain(&self.refresh);
        tokens.chain([client_secret]).chain(device_code).for_each(|secret| api.keep_secret(secret));
    }

    /// Keeps it for the next time. Where that fails the next time begins with a login, and the journal says for itself
    /// that it cannot be written.
    fn keep(&self, name: &str, secret: &Secret, expires_at: Option<i64>) {
        let credential = Credential { value: secret.reveal().to_owned(), expires_at };
        let _ = self.state.hold().journal().and_then(|journal| journal.keep_credential(name, &credential));
    }
}

/// Whether the server itself said no, so that asking differently makes sense.
fn was_refused(error: &Error) -> bool {
    matches!(
        error.status(),
        Status::ServerRefused | Status::InvalidCredentials | Status::NotRegistered | Status::RegistrationExpired
    )
}
