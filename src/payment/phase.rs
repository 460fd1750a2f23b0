//! How far a payment, its reversal or a report of the terminal's has come while it is running.

use crate::error::Language;

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

    /// What the cashier reads of a payment that is running.
    pub(crate) fn payment_text(self, language: Language) -> &'static str {
        let (german, english) = match self {
            Phase::LoggingIn => (
                "Die Zahlung wird vorbereitet: Die Kasse meldet sich beim Zahlungsdienst an.",
                "The payment is being prepared: the till logs in to the payment service.",
            ),
            Phase::None | Phase::WaitingForTerminal => (
                "Die Zahlung läuft. Bitte auf das Kartengerät achten.",
                "The payment is running. Please watch the terminal.",
            ),
            Phase::FindingOut => (
                "Die Kasse klärt, ob bezahlt wurde. Bitte warten und NICHT noch einmal kassieren.",
                "The till is finding out whether it was paid. Please wait, and do NOT charge again.",
            ),
        };
        if language == Language::German { german } else { english }
    }

    /// What the cashier reads of a reversal that is running.
    pub(crate) fn reversal_text(self, language: Language) -> &'static str {
        let (german, english) = match self {
            Phase::LoggingIn => (
                "Das Storno wird vorbereitet: Die Kasse meldet sich beim Zahlungsdienst an.",
                "The reversal is being prepared: the till logs in to the payment service.",
            ),
            Phase::None | Phase::WaitingForTerminal => (
                "Das Storno läuft. Bitte auf das Kartengerät achten.",
                "The reversal is running. Please watch the terminal.",
            ),
            Phase::FindingOut => (
                "Die Kasse klärt, ob storniert wurde. Bitte warten und das Geld NICHT auf anderem Weg erstatten.",
                "The till is finding out whether it was reversed. Please wait, and do NOT refund it in another way.",
            ),
        };
        if language == Language::German { german } else { english }
    }

    /// What the cashier reads of a report that is running.
    pub(crate) fn report_text(self, language: Language) -> &'static str {
        let (german, english) = match self {
            Phase::LoggingIn => (
                "Wird vorbereitet: Die Kasse meldet sich beim Zahlungsdienst an.",
                "It is being prepared: the till logs in to the payment service.",
            ),
            Phase::None | Phase::WaitingForTerminal | Phase::FindingOut => {
                ("Läuft am Kartengerät.", "It is running at the terminal.")
            }
        };
        if language == Language::German { german } else { english }
    }
}
