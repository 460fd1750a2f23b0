//! `secupos register`: the till becomes a device of the service, and `secupos registered` says whether it is one.

use std::process::ExitCode;
use std::time::Duration;

use clap::Args;
use secupos::error::Result;
use secupos::till::handles::registration::RegistrationState;
use serde_json::json;

use crate::setup::Setup;
use crate::show::{Format, NOT_REGISTERED};
use crate::waiting::write;

/// Register the till as a device of the service: shows a code for a person to confirm, and waits for that.
///
/// Once, when the till is set up, with --create. Its device code is kept in the state file: from then on no --device-code is
/// needed. What is to be entered and where is printed on standard error, how it ended on standard output. Ends with 0 if the
/// till is registered.
///
/// Example: secupos register --create /vendor/acme/cashier/1
#[derive(Args)]
pub struct Register {
    /// The device's name as agreed on with the vendor: /vendor/<vendor>/<key>/<value>
    uuid: String,
    #[command(flatten)]
    setup: Setup,
    #[command(flatten)]
    pub format: Format,
}

impl Register {
    pub fn run(self) -> Result<ExitCode> {
        let till = self.setup.open()?;
        let registration = till.register(&self.uuid)?;
        let mut is_shown = false;
        let state = loop {
            let state = registration.wait(Some(Duration::from_millis(100)))?;
            if let Some(confirmation) = registration.confirmation().filter(|_| !is_shown) {
                write(&format!("Enter {} at {}\n", confirmation.user_code, confirmation.verification_url));
                is_shown = true;
            }
            if state != RegistrationState::Pending {
                break state;
            }
        };
        Ok(told(state, self.format))
    }
}

/// Say whether the till is a device of the service. Waits for no network.
#[derive(Args)]
pub struct Registered {
    #[command(flatten)]
    setup: Setup,
    #[command(flatten)]
    pub format: Format,
}

impl Registered {
    pub fn run(self) -> Result<ExitCode> {
        Ok(told(self.setup.open()?.registration_state()?, self.format))
    }
}

fn told(state: RegistrationState, format: Format) -> ExitCode {
    format.say(|| format!("{}\n", state.name()), || json!({ "registration": state.name() }));
    if state == RegistrationState::Registered { ExitCode::SUCCESS } else { NOT_REGISTERED.into() }
}
