//! Registering the till as a device: a code is shown, a person confirms it at the service, and the till asks until then.
//! It asks between payments, on the till's own thread, and no payment waits for it longer than one request.

use std::sync::{Arc, OnceLock};
use std::time::Duration;

use crate::error::Result;
use crate::till::handles::notice::Notice;
use crate::till::handles::once::Once;
use crate::till::handles::payment::check_process;

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
    ended: Once<Result<RegistrationState>>,
}

impl Registration {
    pub(crate) fn new(uuid: &str) -> Self {
        Registration {
            process: std::process::id(),
            uuid: uuid.to_owned(),
            confirmation: OnceLock::new(),
            ended: Once::new(),
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

    /// Gives the notice when it has ended, or at once if it has.
    pub fn notify(&self, notice: Arc<Notice>) -> Result<()> {
        check_process(self.process)?;
        self.ended.notify(notice)
    }

    /// Whether its codes have come: then the till asks until it ends.
    pub(crate) fn is_going_on(&self) -> bool {
        self.confirmation.get().is_some()
    }

    /// As which device the till is registered.
    pub(crate) fn uuid(&self) -> &str {
        &self.uuid
    }

    /// The service has said what the person who confirms it needs. Once.
    pub(crate) fn show(&self, confirmation: Confirmation) {
        let _ = self.confirmation.set(confirmation);
    }

    /// It has ended, or cannot be; once, a later word is ignored.
    pub(crate) fn end(&self, ended: Result<RegistrationState>) {
        self.ended.set(ended);
    }

    /// How it has ended, once it has.
    pub(crate) fn ended(&self) -> Option<&Result<RegistrationState>> {
        self.ended.get()
    }
}
