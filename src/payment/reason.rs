//! Why a payment has the outcome it has. Stored by name, and read back in one place.

/// Why a payment has the outcome it has.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
#[repr(i32)]
pub enum Reason {
    /// Failed: refused, aborted or timed out.
    Failed = 1,
    /// Failed: aborted.
    Aborted = 2,
    /// Failed: the customer did not act in time.
    TimedOut = 3,
    /// Failed: cancelled before it was paid.
    Cancelled = 4,
    /// Not started: there is no connection, or an earlier attempt at the same sale cannot be read.
    NoConnection = 10,
    /// Not started: the till could not log in.
    LoginFailed = 11,
    /// Not started: the service did not accept the sale.
    CreateRefused = 12,
    /// Not started: nobody knows whether the service accepted the sale, and it was never started.
    CreateUnsure = 13,
    /// Not started: the service refused the start at once.
    StartRefused = 14,
    /// Not started: the till abandoned the payment before its start.
    Abandoned = 15,
    /// Not started: an earlier payment or reversal of this till is in doubt, and the customer might pay that one.
    TerminalBusy = 16,
    /// Not started: the payment did not reach the terminal in time, or a person says that it was not paid.
    NeverStarted = 17,
    /// Not started: the state file could not be written.
    JournalFailed = 18,
    /// Not started: an earlier attempt at the same sale has been paid after all.
    AlreadyPaid = 19,
    /// Unknown: the connection broke.
    ConnectionLost = 20,
    /// Unknown: the service's answer cannot be understood.
    AnswerUnreadable = 21,
    /// Unknown: the service has not given a final answer yet.
    StillOpen = 22,
    /// Unknown: the service has a fault.
    ServerFailed = 23,
    /// Unknown: the till program ended while the payment was running.
    Interrupted = 24,
    /// Not started: somebody else logs in as this device, so that the service refuses a token that it has just given.
    LoginTaken = 25,
    /// Not started: the service knows newer payments than the state file.
    StateFileOld = 26,
    /// Unknown or not started: a fault in secupos.
    Internal = 29,
    /// Approved: its reversal has reversed another payment.
    WrongPaymentReversed = 30,
    /// Approved: the amount charged is not the amount asked for, or nobody can read it.
    AmountDiffers = 31,
}

impl Reason {
    /// All of them.
    pub const ALL: [Reason; 24] = [
        Reason::Failed,
        Reason::Aborted,
        Reason::TimedOut,
        Reason::Cancelled,
        Reason::NoConnection,
        Reason::LoginFailed,
        Reason::CreateRefused,
        Reason::CreateUnsure,
        Reason::StartRefused,
        Reason::Abandoned,
        Reason::TerminalBusy,
        Reason::NeverStarted,
        Reason::JournalFailed,
        Reason::AlreadyPaid,
        Reason::ConnectionLost,
        Reason::AnswerUnreadable,
        Reason::StillOpen,
        Reason::ServerFailed,
        Reason::Interrupted,
        Reason::LoginTaken,
        Reason::StateFileOld,
        Reason::Internal,
        Reason::WrongPaymentReversed,
        Reason::AmountDiffers,
    ];

    /// The one with this name, as it stands in the journal.
    pub(crate) fn named(name: &str) -> Option<Reason> {
        Reason::ALL.into_iter().find(|reason| reason.name() == name)
    }

    /// The name, as in JSON.
    pub const fn name(self) -> &'static str {
        match self {
            Reason::Failed => "failed",
            Reason::Aborted => "aborted",
            Reason::TimedOut => "timed_out",
            Reason::Cancelled => "cancelled",
            Reason::NoConnection => "no_connection",
            Reason::LoginFailed => "login_failed",
            Reason::CreateRefused => "create_refused",
            Reason::CreateUnsure => "create_unsure",
            Reason::StartRefused => "start_refused",
            Reason::Abandoned => "abandoned",
            Reason::TerminalBusy => "terminal_busy",
            Reason::NeverStarted => "never_started",
            Reason::JournalFailed => "journal_failed",
            Reason::AlreadyPaid => "already_paid",
            Reason::ConnectionLost => "connection_lost",
            Reason::AnswerUnreadable => "answer_unreadable",
            Reason::StillOpen => "still_open",
            Reason::ServerFailed => "server_failed",
            Reason::Interrupted => "interrupted",
            Reason::LoginTaken => "login_taken",
            Reason::StateFileOld => "state_file_old",
            Reason::Internal => "internal",
            Reason::WrongPaymentReversed => "wrong_payment_reversed",
            Reason::AmountDiffers => "amount_differs",
        }
    }

    /// Whether it may go better next time, so that nobody has refused anything for good.
    pub fn is_passing(self) -> bool {
        use Reason::*;
        matches!(self, NoConnection | LoginFailed | LoginTaken | TerminalBusy | ServerFailed | JournalFailed)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_nobody_has_refused_may_go_better_next_time() {
        let passing: Vec<_> = Reason::ALL.into_iter().filter(|reason| reason.is_passing()).map(Reason::name).collect();
        let expected =
            ["no_connection", "login_failed", "terminal_busy", "journal_failed", "server_failed", "login_taken"];
        assert_eq!(passing, expected);
    }

    #[test]
    fn a_reason_is_found_by_its_name() {
        for reason in Reason::ALL {
            assert_eq!(Reason::named(reason.name()), Some(reason));
        }
        assert_eq!(Reason::named("approved"), None);
    }
}
