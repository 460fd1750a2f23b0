//! Registering the till as a device: a code is shown, a person confirms it at the service, and the till asks until then.
//! It asks between payments, on the till's own thread, and no payment waits for it longer than one request.

use std::sync::Arc;
use std::time::Duration;

use crate::api::registration::{Asked, SLOWER, read_asked};
use crate::till::handles::registration::{Confirmation, Registration, RegistrationState};
use crate::till::worker::engine::Engine;
use crate::till::worker::registering::Registering;

impl Engine {
    /// Asks for the codes.
    pub(crate) fn register(&mut self, registration: &Arc<Registration>) {
        match self.api.register(self.session.credentials(), registration.uuid()) {
            Ok(codes) => {
                let (now, lifetime) = (self.clock.elapsed(), codes.lifetime);
                registration.show(Confirmation {
                    user_code: codes.user_code.clone(),
                    verification_url: codes.verification_url.clone(),
                    expires_at: self.clock.now() + i64::try_from(lifetime.as_millis()).unwrap_or(i64::MAX),
                });
                let (asks_at, ends_at) = (now + codes.interval, now + lifetime);
                let registration = registration.clone();
                self.registering = Some(Registering { registration, codes, asks_at, ends_at });
            }
            Err(error) => registration.end(Err(error)),
        }
    }

    /// How long until a registration is to be asked about; none if there is none.
    pub(crate) fn asks_in(&self) -> Option<Duration> {
        self.registering.as_ref().map(|going| going.asks_at.saturating_sub(self.clock.elapsed()))
    }

    /// Asks whether the registration has been confirmed, and stores it.
    pub(crate) fn ask_about_registration(&mut self) {
        let Some(mut going) = self.registering.take_if(|going| going.asks_at <= self.clock.elapsed()) else { return };
        let login = self.session.credentials().of_device(&going.codes.device_code);
        let end = match read_asked(self.api.log_in(&login)) {
            Asked::Confirmed(granted) => {
                let registered = self.session.become_device(going.codes.device_code.clone(), granted, &*self.clock);
                Some(registered.map(|()| RegistrationState::Registered))
            }
            Asked::Denied => Some(Ok(RegistrationState::Denied)),
            Asked::Expired => Some(Ok(RegistrationState::Expired)),
            Asked::Refused(error) => Some(Err(error)),
            Asked::TooOften => {
                going.codes.interval += SLOWER;
                None
            }
            Asked::Pending | Asked::Unsure => None,
        };
        let now = self.clock.elapsed();
        let end = end.or((now >= going.ends_at).then_some(Ok(RegistrationState::Expired)));
        match end {
            Some(end) => going.registration.end(end),
            None => {
                // Once more at the very end.
                going.asks_at = (now + going.codes.interval).min(going.ends_at.max(now));
                self.registering = Some(going);
            }
        }
    }
}
