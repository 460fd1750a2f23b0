//! Registering the till as a device: a code is shown, a person confirms it at the service, and the till asks until then.
//! It asks between payments, on the till's own thread, and no payment waits for it longer than one request.

use std::sync::{Arc, OnceLock, PoisonError};
use std::time::Duration;

use crate::api::oauth::Grant;
use crate::api::registration::{Asked, Codes, SLOWER, check_uuid, read_asked};
use crate::error::{Error, Result, Status};
use crate::till::desk::Desk;
use crate::till::gate::Gate;
use crate::till::payment::check_process;
use crate::till::worker::{RegisterErrand, Work};
use crate::till::{Till, busy};

/// Where a till stands with the service.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
#[repr(i32)]
pub enum RegistrationState {
    /// It has no device code: it logs in as the vendor's client.
    Unregistered = 0,
    /// It has the code of a device.
    Registered = 1,
    /// A person must confirm it.
    Pending = 2,
    /// The person has refused.
    Denied = 3,
    /// Nobody has confirmed it in time.
    Expired = 4,
}

impl RegistrationState {
    /// The name, as in JSON.
    pub fn name(self) -> &'static str {
        match self {
            RegistrationState::Unregistered => "unregistered",
            RegistrationState::Registered => "registered",
            RegistrationState::Pending => "pending",
            RegistrationState::Denied => "denied",
            RegistrationState::Expired => "expired",
        }
    }
}

/// What the person who confirms it needs.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Confirmation {
    /// What to enter.
    pub user_code: String,
    /// Where.
    pub verification_url: String,
    /// Until when: Unix time in milliseconds, UTC.
    pub expires_at: i64,
}

/// A registration. Shared between threads.
pub struct Registration {
    process: u32,
    uuid: String,
    confirmation: OnceLock<Confirmation>,
    ended: Gate<Result<RegistrationState>>,
}

impl Registration {
    pub(crate) fn new(uuid: &str) -> Self {
        Registration {
            process: std::process::id(),
            uuid: uuid.to_owned(),
            confirmation: OnceLock::new(),
            ended: Gate::new(),
        }
    }

    /// What the person who confirms it needs, as soon as the service has said it.
    pub fn confirmation(&self) -> Option<&Confirmation> {
        self.confirmation.get()
    }

    /// Waits until it is confirmed, refused or too late: for ever without a limit, not at all with a limit of zero. Pending
    /// if that has not come yet; an error if it never can. Leaving the wait stops nothing.
    pub fn wait(&self, limit: Option<Duration>) -> Result<RegistrationState> {
        check_process(self.process)?;
        self.ended.wait(limit).cloned().unwrap_or(Ok(RegistrationState::Pending))
    }

    /// Whether its codes have come: then the till asks until it ends.
    pub(crate) fn is_going_on(&self) -> bool {
        self.confirmation.get().is_some()
    }

    /// It cannot be, unless it has ended before.
    pub(crate) fn fail(&self, error: Error) {
        self.ended.set(Err(error));
    }

    /// How it has ended, once it has.
    pub(crate) fn ended(&self) -> Option<&Result<RegistrationState>> {
        self.ended.get()
    }
}

/// A registration that the till's thread carries on.
pub(crate) struct Registering {
    registration: Arc<Registration>,
    codes: Codes,
    asks_at: Duration,
    ends_at: Duration,
}

impl Drop for Registering {
    /// Whoever waits is told, whatever the reason.
    fn drop(&mut self) {
        let closed = Error::new(Status::InvalidState, "the till was closed before it was confirmed");
        self.registration.ended.set(Err(closed));
    }
}

impl Till {
    /// Registers the till as the device with this name, as agreed on with the vendor: `/vendor/unknown/cashier/1`. Returns at
    /// once; a person confirms it at the service. From then on the till is that device, also after a restart: its code is
    /// kept in the state file. May be done again.
    pub fn register(&self, uuid: &str) -> Result<Arc<Registration>> {
        check_uuid(uuid)?;
        check_process(self.process)?;
        if self.is_configured {
            let fault = "the till is set up with a device code: open it without one to register it";
            return Err(Error::new(Status::InvalidState, fault));
        }
        if self.running().is_some() {
            return Err(busy());
        }
        self.state.hold().sound_journal()?;
        let mut last = self.registration.lock().unwrap_or_else(PoisonError::into_inner);
        if last.as_ref().is_some_and(|last| last.ended().is_none()) {
            return Err(Error::new(Status::Busy, "another registration of this till is going on"));
        }
        let registration = Arc::new(Registration::new(uuid));
        *last = Some(registration.clone());
        let _ = self.work.send(Work::Register(RegisterErrand(registration.clone())));
        Ok(registration)
    }

    /// Whether the till is a device of the service, or how its registration stands. Uses no network.
    pub fn registration_state(&self) -> Result<RegistrationState> {
        check_process(self.process)?;
        let last = self.registration.lock().unwrap_or_else(PoisonError::into_inner).clone();
        let last = last.as_ref().map(|last| last.ended().cloned().unwrap_or(Ok(RegistrationState::Pending)));
        match last {
            Some(Ok(RegistrationState::Pending)) => Ok(RegistrationState::Pending),
            _ if self.grant() == Grant::Device => Ok(RegistrationState::Registered),
            Some(Ok(ended)) => Ok(ended),
            Some(Err(_)) | None => Ok(RegistrationState::Unregistered),
        }
    }
}

impl Desk {
    /// Asks for the codes.
    pub(crate) fn register(&mut self, registration: &Arc<Registration>) {
        match self.api.register(self.session.credentials(), &registration.uuid) {
            Ok(codes) => {
                let (now, lifetime) = (self.clock.elapsed(), codes.lifetime);
                let _ = registration.confirmation.set(Confirmation {
                    user_code: codes.user_code.clone(),
                    verification_url: codes.verification_url.clone(),
                    expires_at: self.clock.now() + i64::try_from(lifetime.as_millis()).unwrap_or(i64::MAX),
                });
                let (asks_at, ends_at) = (now + codes.interval, now + lifetime);
                let registration = registration.clone();
                self.registering = Some(Registering { registration, codes, asks_at, ends_at });
            }
            Err(error) => registration.ended.set(Err(error)),
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
            Some(end) => going.registration.ended.set(end),
            None => {
                // Once more at the very end.
                going.asks_at = (now + going.codes.interval).min(going.ends_at.max(now));
                self.registering = Some(going);
            }
        }
    }
}
