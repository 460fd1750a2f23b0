//! Registering the till as a device, as the caller begins it.

use std::sync::{Arc, PoisonError};

use crate::api::oauth::Grant;
use crate::api::registration::check_uuid;
use crate::error::{Error, Result, Status};
use crate::till::handles::payment::check_process;
use crate::till::handles::registration::{Registration, RegistrationState};
use crate::till::worker::job::{Job, RegistrationJob};
use crate::till::{Till, busy};

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
        let _ = self.jobs.send(Job::Register(RegistrationJob(registration.clone())));
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
