//! The decision whether the customer must sign, and the line that decided.

/// Whether the customer must sign.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Decision {
    /// The receipt does not say: a person must look.
    Unknown,
    /// It must be signed.
    Required,
    /// It need not be signed.
    NotRequired,
}

impl Decision {
    /// The name, as in JSON.
    pub fn name(self) -> &'static str {
        match self {
            Decision::Unknown => "unknown",
            Decision::Required => "required",
            Decision::NotRequired => "not_required",
        }
    }
}

/// The decision, and the line that decided. `Debug` does not show its text.
#[derive(Clone, PartialEq, Eq)]
pub struct Signature {
    /// Whether the customer must sign.
    pub decision: Decision,
    /// The line that decided, from 0.
    pub line: Option<usize>,
    /// Its text.
    pub text: Option<String>,
}

impl Signature {
    /// Nothing is known.
    pub fn unknown() -> Self {
        Signature { decision: Decision::Unknown, line: None, text: None }
    }
}

impl std::fmt::Debug for Signature {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Signature {{ {:?}, line: {:?} }}", self.decision, self.line)
    }
}
