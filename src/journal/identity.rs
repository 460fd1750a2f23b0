//! Whose state file it is: a file of one till must never be used by another.

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::journal::hash;

/// What a state file is bound to at its creation.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Identity {
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
        let device = hash::to_hex(&Sha256::digest(device_code).into());
        Identity { base_url: base_url.to_owned(), client_id: client_id.to_owned(), device }
    }

    /// A till that logs in with the client's own credentials.
    pub fn of_client(base_url: &str, client_id: &str) -> Self {
        let device = "client_credentials".to_owned();
        Identity { base_url: base_url.to_owned(), client_id: client_id.to_owned(), device }
    }

    /// Which part differs from `other`, if one does.
    pub(super) fn difference(&self, other: &Identity) -> Option<&'static str> {
        match () {
            () if self.base_url != other.base_url => Some("base URL"),
            () if self.client_id != other.client_id => Some("client id"),
            () if self.device != other.device => Some("device"),
            () => None,
        }
    }
}
