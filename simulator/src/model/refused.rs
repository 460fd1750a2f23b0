//! An answer that refuses, with the API's error body, what the terminal may be doing all the same.
//!
//! In JSON: `{"after_ms": 6000, "status": 500, "code": 9009}`, each of which may be left out.

use std::time::Duration;

use serde::{Deserialize, Serialize};

/// When a refusal comes, and what it says.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Refused {
    /// So many milliseconds after the request; 0: at once.
    pub after_ms: u64,
    /// Its HTTP status.
    pub status: u16,
    /// Its code. With 2003 it says that the token is not valid, as the API does.
    pub code: i64,
}

impl Default for Refused {
    fn default() -> Self {
        Refused { after_ms: 0, status: 500, code: 9009 }
    }
}

impl Refused {
    /// A refusal after this time.
    pub fn after(time: Duration) -> Refused {
        Refused { after_ms: u64::try_from(time.as_millis()).unwrap_or(u64::MAX), ..Refused::default() }
    }
}
