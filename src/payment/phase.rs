//! How far a payment, its reversal or a report of the terminal's has come while it is running.

/// How far what is running has come.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
#[repr(i32)]
pub enum Phase {
    /// Nothing is running: there is a result.
    None = 0,
    /// Nothing has been sent to the terminal: the till logs in, and asks about earlier payments.
    LoggingIn = 1,
    /// The terminal has it, and the customer or the terminal is at work.
    WaitingForTerminal = 2,
    /// The answer did not come or was not final: the till finds out what became of it.
    FindingOut = 3,
}

impl Phase {
    /// All of them.
    pub const ALL: [Phase; 4] = [Phase::None, Phase::LoggingIn, Phase::WaitingForTerminal, Phase::FindingOut];

    /// The name, as in JSON.
    pub const fn name(self) -> &'static str {
        match self {
            Phase::None => "none",
            Phase::LoggingIn => "logging_in",
            Phase::WaitingForTerminal => "waiting_for_terminal",
            Phase::FindingOut => "finding_out",
        }
    }
}
