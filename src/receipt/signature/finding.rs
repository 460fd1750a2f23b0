//! What one step has found.

use crate::receipt::signature::decision::{Decision, Signature};
use crate::receipt::signature::rows::Row;

/// What a step has found.
pub(in crate::receipt) struct Finding {
    /// What it decides, if it does.
    pub decision: Option<Decision>,
    /// The line that decided, or that nearly did, from 0, and its text.
    pub row: Option<(usize, String)>,
    /// Why.
    pub why: &'static str,
}

impl Finding {
    pub(super) fn decided(decision: Decision, row: &Row, why: &'static str) -> Finding {
        Finding { decision: Some(decision), ..Finding::passed(Some(row), why) }
    }

    pub(super) fn passed(row: Option<&Row>, why: &'static str) -> Finding {
        Finding { decision: None, row: row.map(|row| (row.line, row.printed.clone())), why }
    }

    /// The decision, if it is one.
    pub(super) fn signature(self) -> Option<Signature> {
        let (line, text) = self.row.unzip();
        self.decision.map(|decision| Signature { decision, line, text })
    }
}
