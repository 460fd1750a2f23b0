//! Whose state file it is: a file of one till must never be used by another.

use serde::{Deserialize, Serialize};

use crate::journal::store::hash;

/// The device of a till that has none.
const NO_DEVICE: &str = "client_credentials";

/// What a state file is bound to: at its creation, and anew when the till is registered as a device.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Identity {
    /// Which of the service's environments, by its name; none where the till names a server itself.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub environment: Option<String>,
    /// Which server.
    pub base_url: String,
    /// The client's id there.
    pub client_id: String,
    /// The SHA-256 of the device code in hex, or `client_credentials`.
    pub device: String,
}

impl Identity {
    /// A till that logs in with a device code. Only the code's fingerprint is kept.
    pub fn of_device(base_url: &str, client_id: &str, device_code: &str) -> Self {
        let device = hash::to_hex(&hash::of(device_code.as_bytes()));
        Identity { environment: None, base_url: base_url.to_owned(), client_id: client_id.to_owned(), device }
    }

    /// A till that logs in with the client's own credentials.
    pub fn of_client(base_url: &str, client_id: &str) -> Self {
        let device = NO_DEVICE.to_owned();
        Identity { environment: None, base_url: base_url.to_owned(), client_id: client_id.to_owned(), device }
    }

    /// The same till, in the environment of this name: whatever its host is called.
    #[must_use]
    pub fn in_environment(self, name: &str) -> Self {
        Identity { environment: Some(name.to_owned()), ..self }
    }

    /// The same till, registered as this device.
    pub(in crate::journal) fn registered(&self, device_code: &str) -> Self {
        let environment = self.environment.clone();
        Identity { environment, ..Identity::of_device(&self.base_url, &self.client_id, device_code) }
    }

    /// Whether both are one server: the environments are names, and a host may be renamed.
    fn is_at_the_server_of(&self, other: &Identity) -> bool {
        match (&self.environment, &other.environment) {
            (Some(own), Some(theirs)) => own == theirs,
            _ => self.base_url == other.base_url,
        }
    }

    /// Whether the two are named environments, and not the same: no person can make one the other.
    pub(in crate::journal) fn is_in_another_environment(&self, other: &Identity) -> bool {
        matches!((&self.environment, &other.environment), (Some(own), Some(theirs)) if own != theirs)
    }

    /// Whether this is what a till asks for that brings no device code of its own, and the file is bound to the device
    /// whose code it holds.
    pub(super) fn is_met_by(&self, own: &Identity, code_in_file: Option<&str>) -> bool {
        let is_same = self.is_at_the_server_of(own) && self.client_id == own.client_id;
        is_same && self.is_of_client() && code_in_file.is_some_and(|code| own.registered(code) == *own)
    }

    /// Whether it brings no device code.
    pub(in crate::journal) fn is_of_client(&self) -> bool {
        self.device == NO_DEVICE
    }

    /// Which part differs from `other`, if one does.
    pub(super) fn difference(&self, other: &Identity) -> Option<&'static str> {
        match () {
            () if self.is_in_another_environment(other) => Some("environment"),
            () if !self.is_at_the_server_of(other) => Some("base URL"),
            () if self.client_id != other.client_id => Some("client id"),
            () if self.device != other.device => Some("device"),
            () => None,
        }
    }
}
