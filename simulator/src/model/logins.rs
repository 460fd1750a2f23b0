//! The token endpoint: who may ask, with one access token each, and how a device is registered.

use std::collections::BTreeMap;
use std::time::Duration;

use serde_json::{Value, json};

use crate::model::answer::{Answer, Refusal};
use crate::model::endpoint::Endpoint;
use crate::model::ids::Ids;
use crate::model::settings::Settings;

/// Client ids that begin like this are taken: each simulator names one of its own, because a till remembers which
/// references it has used at which server under which client, and the next simulator may get the same port.
pub const CLIENT_ID: &str = "simulated-vendor";
/// The client secret that is taken.
pub const CLIENT_SECRET: &str = "canary-secret-5f1e";
/// The code of a device that is registered and confirmed already.
pub const DEVICE_CODE: &str = "canary-device-c9d5c1ae9cf6";
/// The id of that device.
const DEVICE: &str = "SDV_SIMULATED_TILL";

struct Session {
    /// The device code, or the client id.
    of: String,
    /// The device, if it is one's.
    device: Option<String>,
    /// None once it has been killed.
    access: Option<String>,
    refresh: Option<String>,
    expires: Duration,
}

struct Registration {
    /// The id of the device.
    device: String,
    user_code: String,
    confirmed: bool,
    /// When the person will do it.
    confirms: Option<Duration>,
    expires: Duration,
}

/// Who gets a token: the device code or the client id, the device if it is one's, and what renews it later.
type Grantee<'a> = (&'a str, Option<String>, Option<String>);

/// A refusal of the token endpoint, whose error body is another one than the API's.
struct Refused(u16, &'static str, &'static str);

const fn bad(error: &'static str, description: &'static str) -> Refused {
    Refused(400, error, description)
}

/// Who is logged in, and which devices wait to be confirmed.
pub(crate) struct Logins {
    /// One access token each.
    sessions: Vec<Session>,
    /// By device code.
    registrations: BTreeMap<String, Registration>,
    ids: Ids,
}

impl Logins {
    pub(crate) fn new(ids: Ids) -> Logins {
        Logins { sessions: Vec::new(), registrations: BTreeMap::new(), ids }
    }

    /// Whether a request may pass, and from which device it comes: 401 without a token, and with one that is not alive the
    /// status that is set, with code 2003 both times.
    pub(crate) fn admit(
        &self,
        bearer: Option<&str>,
        settings: &Settings,
        now: Duration,
    ) -> Result<Option<&str>, Refusal> {
        let token = bearer.ok_or_else(|| Refusal::token(401))?;
        let session = self.session(token, now).ok_or_else(|| Refusal::token(settings.dead_token_status))?;
        Ok(session.device.as_deref())
    }

    /// Whether this token is alive.
    pub(crate) fn takes(&self, token: &str, now: Duration) -> bool {
        self.session(token, now).is_some()
    }

    fn session(&self, token: &str, now: Duration) -> Option<&Session> {
        self.sessions.iter().find(|session| session.access.as_deref() == Some(token) && session.expires > now)
    }

    /// Ends all access tokens.
    pub(crate) fn kill_tokens(&mut self) {
        self.sessions.iter_mut().for_each(|session| session.access = None);
    }

    /// The secrets of those who have logged in or wait to be confirmed.
    pub(crate) fn secrets(&self) -> Vec<String> {
        let tokens = self.sessions.iter().flat_map(|session| [&session.access, &session.refresh]).flatten();
        let devices = self.sessions.iter().map(|session| &session.of).chain(self.registrations.keys());
        tokens.chain(devices).cloned().chain([CLIENT_SECRET.to_owned()]).collect()
    }

    /// A person confirms a device. Whether one waited with this code.
    pub(crate) fn confirm(&mut self, user_code: &str) -> bool {
        let waiting = self.registrations.values_mut().find(|registration| registration.user_code == user_code);
        waiting.map(|registration| registration.confirmed = true).is_some()
    }

    /// The answer to a request for a token; without a body there was none that can be read.
    pub(crate) fn answer(&mut self, request: Option<&Value>, settings: &Settings, now: Duration) -> Answer {
        let unreadable = bad("invalid_request", "The body is neither JSON nor a form");
        match request.ok_or(unreadable).and_then(|request| self.granted(request, settings, now)) {
            Ok(granted) => Answer::success(settings, Endpoint::Token, granted),
            Err(Refused(status, error, description)) => {
                Answer::new(status, json!({"error": error, "error_description": description}))
            }
        }
    }

    fn granted(&mut self, request: &Value, settings: &Settings, now: Duration) -> Result<Value, Refused> {
        let given = |key: &str| request[key].as_str().filter(|text| !text.is_empty());
        let known = given("client_id").is_some_and(|id| id.starts_with(CLIENT_ID));
        if !known || given("client_secret") != Some(CLIENT_SECRET) {
            return Err(bad("invalid_client", "The client credentials are invalid"));
        }
        match (given("grant_type"), given("uuid"), given("code")) {
            (Some("client_credentials"), ..) => {
                let mut granted = self.grant((CLIENT_ID, None, None), settings, now);
                granted["scope"] = "https://scope.secucard.com/e/api".into();
                Ok(granted)
            }
            (Some("device"), Some(_), None) => Ok(self.register(settings, now)),
            (Some("device"), None, Some(code)) => self.log_in(code, settings, now),
            (Some("device"), ..) => Err(bad("invalid_request", "Either uuid or code is needed")),
            (Some("refresh_token"), ..) => {
                let known = |session: &Session| {
                    session.refresh.is_some() && session.refresh.as_deref() == given("refresh_token")
                };
                let session = self.sessions.iter().position(known);
                let session = session.ok_or(bad("invalid_grant", "The refresh token is invalid"))?;
                // The answer has no new refresh token: the old one stays. So does the old access token where they do not
                // kill each other, but nobody can renew it any more.
                let Session { of, device, refresh, .. } = &mut self.sessions[session];
                let (of, device, refresh) = (of.clone(), device.clone(), refresh.take());
                Ok(self.grant((&of, device, refresh), settings, now))
            }
            _ => Err(bad("unsupported_grant_type", "The grant type is not supported")),
        }
    }

    /// A new access token. The former ones of the same device die, if they do.
    fn grant(&mut self, to: Grantee<'_>, settings: &Settings, now: Duration) -> Value {
        let (of, device, refresh) = to;
        if settings.tokens_kill_each_other {
            self.sessions.retain(|session| session.of != of);
        }
        let access = self.ids.secret("token");
        let expires = now + Duration::from_secs(settings.token_lifetime_s);
        let granted = json!({"access_token": access, "expires_in": settings.token_lifetime_s,
            "token_type": "bearer", "scope": null});
        self.sessions.push(Session { of: of.to_owned(), device, access: Some(access), refresh, expires });
        granted
    }

    fn register(&mut self, settings: &Settings, now: Duration) -> Value {
        let (device_code, user_code) = (self.ids.secret("device"), self.ids.hex()[..8].to_owned());
        let answer = json!({"device_code": device_code, "user_code": user_code,
            "verification_url": "http://www.secuoffice.com", "expires_in": settings.registration_lifetime_s,
            "interval": settings.poll_interval_s});
        let expires = now + Duration::from_secs(settings.registration_lifetime_s);
        let confirms = settings.confirmed_after_ms.map(|after| now + Duration::from_millis(after));
        let device = self.ids.id("SDV");
        self.registrations.insert(device_code, Registration { device, user_code, confirmed: false, confirms, expires });
        answer
    }

    fn log_in(&mut self, code: &str, settings: &Settings, now: Duration) -> Result<Value, Refused> {
        let mut device = DEVICE.to_owned();
        if code != DEVICE_CODE {
            let unknown = || bad("invalid_grant", "The device code is invalid");
            let registration = self.registrations.get_mut(code).ok_or_else(unknown)?;
            registration.confirmed |= registration.confirms.is_some_and(|at| at <= now);
            if !registration.confirmed && registration.expires <= now {
                return Err(bad("invalid_grant", "The device code has expired"));
            }
            if !registration.confirmed {
                let pending = "The device has not been confirmed yet";
                return Err(Refused(401, "authorization_pending", pending));
            }
            device.clone_from(&registration.device);
        }
        let refresh = self.ids.secret("refresh");
        let mut granted = self.grant((code, Some(device), Some(refresh.clone())), settings, now);
        granted["refresh_token"] = refresh.into();
        Ok(granted)
    }
}
