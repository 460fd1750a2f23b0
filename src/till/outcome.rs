//! What became of a payment, why, what to do next, and how to say it to the person at the till.
//!
//! The table of next actions is here, in `next_actions`, and nowhere else.

use crate::error::Language;
use crate::receipt::Decision;

/// What became of a payment.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
#[repr(i32)]
pub enum Outcome {
    /// In doubt: money may have moved.
    Unknown = 0,
    /// Money moved.
    Approved = 1,
    /// No money moved: refused, aborted or timed out.
    Declined = 2,
    /// Provably never started.
    NotStarted = 3,
    /// It was paid and has been reversed.
    Reversed = 4,
    /// Not decided yet.
    Pending = 5,
}

impl Outcome {
    /// The name, as in JSON.
    pub fn name(self) -> &'static str {
        match self {
            Outcome::Unknown => "unknown",
            Outcome::Approved => "approved",
            Outcome::Declined => "declined",
            Outcome::NotStarted => "not_started",
            Outcome::Reversed => "reversed",
            Outcome::Pending => "pending",
        }
    }
}

/// What became of a payment's reversal.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
#[repr(i32)]
pub enum Reversal {
    /// In doubt: it may be reversed.
    Unknown = 0,
    /// Nobody has tried.
    None = 1,
    /// It is running.
    Pending = 2,
    /// It is reversed.
    Done = 3,
    /// It is not reversed: refused, or not sent. The payment stands.
    Refused = 4,
}

impl Reversal {
    /// The name, as in JSON.
    pub fn name(self) -> &'static str {
        match self {
            Reversal::Unknown => "unknown",
            Reversal::None => "none",
            Reversal::Pending => "pending",
            Reversal::Done => "done",
            Reversal::Refused => "refused",
        }
    }
}

/// Who says what became of a payment.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
#[repr(i32)]
pub enum Basis {
    /// The service.
    Server = 0,
    /// A person at the till, who decided while it was in doubt.
    Operator = 1,
}

impl Basis {
    /// The name, as in JSON.
    pub fn name(self) -> &'static str {
        match self {
            Basis::Server => "server",
            Basis::Operator => "operator",
        }
    }
}

/// Why a payment has the outcome it has.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
#[repr(i32)]
pub enum Reason {
    /// Declined: refused, aborted or timed out; the service does not say which.
    Failed = 1,
    /// Declined: aborted.
    Aborted = 2,
    /// Declined: the customer did not act in time.
    TimedOut = 3,
    /// Declined: cancelled before it was paid.
    Cancelled = 4,
    /// Not started: no connection.
    NoConnection = 10,
    /// Not started: the till could not log in.
    LoginFailed = 11,
    /// Not started: the service did not take the sale.
    CreateRefused = 12,
    /// Not started: whether the service took the sale is not known, but it was never started.
    CreateUnsure = 13,
    /// Not started: the service refused to start and says that it never did.
    StartRefused = 14,
    /// Not started: the till has abandoned it before it was started.
    Abandoned = 15,
    /// Not started: an earlier payment of this till is in doubt, and the customer might pay that one.
    TerminalBusy = 16,
    /// Not started: the service says so, after its grace deadline, and has been told never to start it.
    NeverStarted = 17,
    /// Not started: the journal could not be written. Approved: its result could not be stored.
    JournalFailed = 18,
    /// Not started: an earlier attempt of the same sale has been paid after all.
    AlreadyPaid = 19,
    /// Unknown: the connection broke.
    ConnectionLost = 20,
    /// Unknown: the service's answer makes no sense.
    AnswerUnreadable = 21,
    /// Unknown: the service still says nothing final.
    StillOpen = 22,
    /// Unknown: the service has a fault.
    ServerFailed = 23,
    /// Unknown: the till ended while it was running.
    Interrupted = 24,
    /// Unknown or not started: a fault in secupos.
    Internal = 29,
    /// Approved: its reversal has hit another payment.
    WrongPaymentReversed = 30,
}

impl Reason {
    /// All of them.
    pub const ALL: [Reason; 21] = [
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
        Reason::Internal,
        Reason::WrongPaymentReversed,
    ];

    /// The one with this name, as it stands in the journal.
    pub(crate) fn named(name: &str) -> Option<Reason> {
        Reason::ALL.into_iter().find(|reason| reason.name() == name)
    }

    /// The name, as in JSON.
    pub fn name(self) -> &'static str {
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
            Reason::Internal => "internal",
            Reason::WrongPaymentReversed => "wrong_payment_reversed",
        }
    }
}

/// What the till should do next.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
#[repr(i32)]
pub enum Action {
    /// Print the merchant's copy and keep it.
    PrintMerchant = 1,
    /// Have the customer sign the merchant's copy; where the decision is unknown, look whether it asks for it.
    TakeSignature = 2,
    /// Print the customer's copy.
    PrintCustomer = 3,
    /// Offer another attempt.
    TryAgain = 4,
    /// Ask again later what became of it.
    RecoverLater = 5,
    /// Look at the terminal.
    LookAtTerminal = 6,
    /// Ask the cashier: is there a slip, what does the terminal show?
    AskCashier = 7,
    /// Give the money back.
    Refund = 8,
    /// Collect the money.
    Collect = 9,
    /// Call the support.
    CallSupport = 10,
}

impl Action {
    /// The name, as in JSON.
    pub fn name(self) -> &'static str {
        match self {
            Action::PrintMerchant => "print_merchant",
            Action::TakeSignature => "take_signature",
            Action::PrintCustomer => "print_customer",
            Action::TryAgain => "try_again",
            Action::RecoverLater => "recover_later",
            Action::LookAtTerminal => "look_at_terminal",
            Action::AskCashier => "ask_cashier",
            Action::Refund => "refund",
            Action::Collect => "collect",
            Action::CallSupport => "call_support",
        }
    }
}

/// What the table of next actions depends on.
#[derive(Clone, Copy, Debug)]
pub struct Situation {
    /// What became of it.
    pub outcome: Outcome,
    /// Why.
    pub reason: Option<Reason>,
    /// Whether the customer must sign.
    pub signature: Decision,
    /// There is a merchant's copy.
    pub has_merchant_receipt: bool,
    /// There is a customer's copy.
    pub has_customer_receipt: bool,
    /// Start took so long that the customer may have seen something else on the terminal than the till.
    pub took_long: bool,
    /// What the service says contradicts what was believed before.
    pub conflict: bool,
    /// It was taken for paid, by the service itself, which now says that it was not.
    pub unpaid_after_all: bool,
    /// What became of its reversal.
    pub reversal: Reversal,
}

/// What to do next, in this order, so that a till needs no decision table of its own.
pub fn next_actions(situation: Situation) -> Vec<Action> {
    use Action::*;
    let Situation {
        outcome,
        reason,
        signature,
        has_merchant_receipt,
        has_customer_receipt,
        took_long,
        conflict,
        unpaid_after_all,
        reversal,
    } = situation;
    let rows: &[(bool, Action)] = match outcome {
        Outcome::Approved if reversal == Reversal::Unknown => &[
            (reason == Some(Reason::WrongPaymentReversed), CallSupport),
            (true, LookAtTerminal),
            (true, AskCashier),
            (true, RecoverLater),
        ],
        // Nobody has refused it, so that is for the cashier to say: reverse it again, or leave it. Money given back besides
        // might be given back twice.
        Outcome::Approved if reversal == Reversal::Refused && is_passing(reason) => &[],
        // The money must be given back in another way, unless it was given back to somebody else.
        Outcome::Approved if reversal == Reversal::Refused => &[
            (reason == Some(Reason::WrongPaymentReversed), CallSupport),
            (reason != Some(Reason::WrongPaymentReversed), Refund),
        ],
        Outcome::Approved => &[
            // It was taken for not paid, so somebody may have been asked to pay again.
            (conflict && !unpaid_after_all, Refund),
            // Only somebody who sees what was booked can say which word of the service's is true.
            (unpaid_after_all, CallSupport),
            (reason == Some(Reason::JournalFailed), CallSupport),
            (has_merchant_receipt, PrintMerchant),
            (has_merchant_receipt && signature != Decision::NotRequired, TakeSignature),
            (has_customer_receipt, PrintCustomer),
            // Without the merchant's copy nobody knows whether a signature is due; the terminal may show it.
            (!has_merchant_receipt, LookAtTerminal),
        ],
        // It was taken for paid.
        Outcome::Declined | Outcome::NotStarted | Outcome::Reversed if conflict => &[(true, Collect)],
        Outcome::Declined => &[
            (took_long || reason == Some(Reason::TimedOut), LookAtTerminal),
            (has_customer_receipt, PrintCustomer),
            (true, TryAgain),
        ],
        Outcome::NotStarted => &[
            (reason == Some(Reason::TerminalBusy), LookAtTerminal),
            (matches!(reason, Some(Reason::TerminalBusy | Reason::AlreadyPaid)), AskCashier),
            (matches!(reason, Some(Reason::LoginFailed | Reason::JournalFailed | Reason::Internal)), CallSupport),
            (reason != Some(Reason::AlreadyPaid), TryAgain),
        ],
        Outcome::Unknown => &[(true, LookAtTerminal), (true, AskCashier), (true, RecoverLater)],
        Outcome::Reversed => &[(has_customer_receipt, PrintCustomer)],
        Outcome::Pending => &[],
    };
    rows.iter().filter(|(due, _)| *due).map(|(_, action)| *action).collect()
}

/// Whether it may go better next time.
fn is_passing(reason: Option<Reason>) -> bool {
    use Reason::*;
    matches!(reason, Some(NoConnection | LoginFailed | TerminalBusy | ServerFailed | JournalFailed))
}

/// What the cashier reads of a payment whose reversal is not done; none where nobody has tried.
pub(crate) fn reversal_text(reversal: Reversal, reason: Option<Reason>, language: Language) -> Option<&'static str> {
    let (german, english) = match (reversal, reason) {
        (Reversal::Unknown | Reversal::Refused, Some(Reason::WrongPaymentReversed)) => (
            "Achtung: Das Kartengerät hat eine andere Zahlung storniert. Bitte den Service rufen.",
            "Note: the terminal has reversed another payment. Please call the service.",
        ),
        (Reversal::Unknown, _) => (
            "Unklar, ob storniert wurde. Bitte das Geld NICHT auf anderem Weg erstatten. Was zeigt das Kartengerät?",
            "Not known whether it was reversed. Do NOT refund it in another way yet. What does the terminal show?",
        ),
        (Reversal::Refused, Some(Reason::NoConnection)) => (
            "Nicht storniert: keine Verbindung zum Zahlungsdienst. Die Zahlung gilt weiter. Bitte noch einmal stornieren.",
            "Not reversed: no connection to the payment service. The payment stands. Please reverse it again.",
        ),
        (Reversal::Refused, reason) if is_passing(reason) => (
            "Noch nicht storniert: Die Zahlung gilt weiter. Bitte noch einmal stornieren.",
            "Not reversed yet: the payment stands. Please reverse it again.",
        ),
        (Reversal::Refused, _) => {
            ("Nicht storniert: Die Zahlung gilt weiter.", "Not reversed: the payment stands as it was.")
        }
        (Reversal::Pending, _) => (
            "Das Storno läuft. Bitte auf das Kartengerät achten.",
            "The reversal is running. Please watch the terminal.",
        ),
        (Reversal::None | Reversal::Done, _) => return None,
    };
    Some(if language == Language::German { german } else { english })
}

/// What the cashier reads where a person has decided: nobody else knows.
pub(crate) fn decided_text(outcome: Outcome, language: Language) -> &'static str {
    match (outcome, language) {
        (Outcome::Approved, Language::German) => {
            "Als bezahlt gebucht, weil jemand an der Kasse das so entschieden hat."
        }
        (Outcome::Approved, Language::English) => "Taken as paid, because a person at the till has decided so.",
        (_, Language::German) => {
            "Als nicht bezahlt gebucht, weil jemand an der Kasse das so entschieden hat. Ein neuer Versuch ist möglich."
        }
        (_, Language::English) => "Taken as not paid, because a person at the till has decided so. You can try again.",
    }
}

/// What the cashier reads besides, where the service contradicts what was believed before.
pub(crate) fn conflict_text(outcome: Outcome, unpaid_after_all: bool, language: Language) -> &'static str {
    match (outcome, language) {
        (_, Language::German) if unpaid_after_all => {
            " Achtung: Der Zahlungsdienst sagt inzwischen, es sei nicht bezahlt worden. Bitte nichts erstatten und den \
             Service rufen."
        }
        (_, Language::English) if unpaid_after_all => {
            " Note: the payment service has said since that it was not paid. Please refund nothing, and call the service."
        }
        (Outcome::Approved, Language::German) => {
            " Achtung: Dies galt als nicht bezahlt. Falls der Kunde noch einmal bezahlt hat, bitte erstatten."
        }
        (Outcome::Approved, Language::English) => {
            " Note: this was taken for not paid. If the customer has paid again, please refund."
        }
        (_, Language::German) => " Achtung: Dies galt als bezahlt. Bitte das Geld beim Kunden einziehen.",
        (_, Language::English) => " Note: this was taken for paid. Please collect the money from the customer.",
    }
}

/// What the cashier reads.
pub(crate) fn cashier_text(
    outcome: Outcome,
    reason: Option<Reason>,
    signature: Decision,
    language: Language,
) -> &'static str {
    let (german, english) = match (outcome, reason, signature) {
        (Outcome::Approved, Some(Reason::JournalFailed), _) => (
            "Bezahlt. Die Kasse konnte es aber nicht speichern: Bitte die Belege jetzt drucken und den Service rufen.",
            "Paid. But the till could not store it: please print the receipts now and call the service.",
        ),
        (Outcome::Approved, _, Decision::Required) => (
            "Bezahlt. Der Kunde muss den Händlerbeleg unterschreiben.",
            "Paid. The customer must sign the merchant's receipt.",
        ),
        (Outcome::Approved, _, Decision::NotRequired) => ("Bezahlt.", "Paid."),
        (Outcome::Approved, _, Decision::Unknown) => (
            "Bezahlt. Bitte prüfen, ob der Händlerbeleg eine Unterschrift verlangt.",
            "Paid. Please check whether the merchant's receipt asks for a signature.",
        ),
        (Outcome::Declined, Some(Reason::TimedOut), _) => (
            "Nicht bezahlt: Die Zeit ist abgelaufen. Bitte erst auf das Kartengerät sehen, dann neu versuchen.",
            "Not paid: the time was over. Please look at the terminal first, then try again.",
        ),
        (Outcome::Declined, Some(Reason::Aborted | Reason::Cancelled), _) => (
            "Nicht bezahlt: Der Vorgang wurde abgebrochen. Ein neuer Versuch ist möglich.",
            "Not paid: it was aborted. You can try again.",
        ),
        (Outcome::Declined, _, _) => (
            "Nicht bezahlt. Es wurde kein Geld gebucht. Ein neuer Versuch ist möglich.",
            "Not paid. No money was moved. You can try again.",
        ),
        (Outcome::NotStarted, Some(Reason::NoConnection), _) => (
            "Nicht gestartet: keine Verbindung zum Zahlungsdienst. Es wurde kein Geld gebucht. Bitte Netzwerk prüfen.",
            "Not started: no connection to the payment service. No money was moved. Please check the network.",
        ),
        (Outcome::NotStarted, Some(Reason::LoginFailed), _) => (
            "Nicht gestartet: Die Kasse konnte sich nicht anmelden. Es wurde kein Geld gebucht.",
            "Not started: the till could not log in. No money was moved.",
        ),
        (Outcome::NotStarted, Some(Reason::Abandoned), _) => (
            "Nicht gestartet: Der Vorgang wurde an der Kasse abgebrochen. Es wurde kein Geld gebucht.",
            "Not started: it was abandoned at the till. No money was moved.",
        ),
        (Outcome::NotStarted, Some(Reason::TerminalBusy), _) => (
            "Nicht gestartet: Eine frühere Zahlung ist noch ungeklärt. Bitte diese erst klären. Was zeigt das Kartengerät?",
            "Not started: an earlier payment is still in doubt. Please settle that first. What does the terminal show?",
        ),
        (Outcome::NotStarted, Some(Reason::JournalFailed), _) => (
            "Nicht gestartet: Die Kasse kann nicht auf ihren Datenträger schreiben. Es wurde kein Geld gebucht.",
            "Not started: the till cannot write to its disk. No money was moved.",
        ),
        (Outcome::NotStarted, Some(Reason::AlreadyPaid), _) => (
            "Nicht gestartet: Ein früherer Versuch für diesen Verkauf wurde doch bezahlt. Bitte NICHT noch einmal kassieren.",
            "Not started: an earlier attempt at this sale has been paid after all. Do NOT charge again.",
        ),
        (Outcome::NotStarted, _, _) => (
            "Nicht gestartet. Es wurde kein Geld gebucht. Ein neuer Versuch ist möglich.",
            "Not started. No money was moved. You can try again.",
        ),
        (Outcome::Unknown, _, _) => (
            "Unklar, ob bezahlt wurde. Bitte NICHT noch einmal kassieren. Liegt ein Beleg am Kartengerät? Was zeigt es an?",
            "Not known whether it was paid. Do NOT charge again. Is there a slip? What does the terminal show?",
        ),
        (Outcome::Reversed, _, _) => ("Storniert.", "Reversed."),
        (Outcome::Pending, _, _) => (
            "Die Zahlung läuft. Bitte auf das Kartengerät achten.",
            "The payment is running. Please watch the terminal.",
        ),
    };
    match language {
        Language::German => german,
        Language::English => english,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A payment without receipts that is nothing special.
    fn situation(outcome: Outcome, reason: Option<Reason>) -> Situation {
        Situation {
            outcome,
            reason,
            signature: Decision::Unknown,
            has_merchant_receipt: false,
            has_customer_receipt: false,
            took_long: false,
            conflict: false,
            unpaid_after_all: false,
            reversal: Reversal::None,
        }
    }

    fn named(situation: Situation) -> String {
        next_actions(situation).into_iter().map(Action::name).collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn each_outcome_says_what_to_do_next() {
        use Decision::{NotRequired, Required, Unknown as Silent};
        use Outcome::*;
        for (outcome, reason, signature, receipts, took_long, expected) in [
            (Approved, None, Required, true, false, "print_merchant take_signature print_customer"),
            (Approved, None, Silent, true, false, "print_merchant take_signature print_customer"),
            (Approved, None, NotRequired, true, false, "print_merchant print_customer"),
            (Approved, None, Silent, false, false, "look_at_terminal"),
            (Declined, Some(Reason::Failed), NotRequired, false, false, "try_again"),
            (Declined, Some(Reason::Failed), NotRequired, true, false, "print_customer try_again"),
            (Declined, Some(Reason::Failed), NotRequired, false, true, "look_at_terminal try_again"),
            (Declined, Some(Reason::TimedOut), NotRequired, false, false, "look_at_terminal try_again"),
            (Declined, Some(Reason::Aborted), NotRequired, false, false, "try_again"),
            (NotStarted, Some(Reason::NoConnection), Silent, false, false, "try_again"),
            (NotStarted, Some(Reason::LoginFailed), Silent, false, false, "call_support try_again"),
            (NotStarted, Some(Reason::Internal), Silent, false, false, "call_support try_again"),
            (NotStarted, Some(Reason::JournalFailed), Silent, false, false, "call_support try_again"),
            (NotStarted, Some(Reason::Abandoned), Silent, false, false, "try_again"),
            (NotStarted, Some(Reason::NeverStarted), Silent, false, false, "try_again"),
            (NotStarted, Some(Reason::TerminalBusy), Silent, false, false, "look_at_terminal ask_cashier try_again"),
            (NotStarted, Some(Reason::AlreadyPaid), Silent, false, false, "ask_cashier"),
            (
                Approved,
                Some(Reason::JournalFailed),
                NotRequired,
                true,
                false,
                "call_support print_merchant print_customer",
            ),
            (Unknown, Some(Reason::ConnectionLost), Silent, false, true, "look_at_terminal ask_cashier recover_later"),
            (Reversed, None, Silent, true, false, "print_customer"),
            (Pending, None, Silent, false, false, ""),
        ] {
            let usual = situation(outcome, reason);
            let case = Situation {
                signature,
                has_merchant_receipt: receipts,
                has_customer_receipt: receipts,
                took_long,
                ..usual
            };
            assert_eq!(named(case), expected, "{outcome:?} {reason:?}");
        }
    }

    #[test]
    fn what_contradicts_is_made_good_first() {
        for (outcome, expected) in [
            (Outcome::Approved, "refund look_at_terminal"),
            (Outcome::Declined, "collect"),
            (Outcome::NotStarted, "collect"),
            (Outcome::Reversed, "collect"),
        ] {
            let case = Situation { conflict: true, ..situation(outcome, None) };
            assert_eq!(named(case), expected, "{outcome:?}");
        }
        let taken_back = Situation { conflict: true, unpaid_after_all: true, ..situation(Outcome::Approved, None) };
        assert_eq!(named(taken_back), "call_support look_at_terminal");
    }

    #[test]
    fn a_reversal_that_is_not_done_says_what_to_do() {
        let wrong = Some(Reason::WrongPaymentReversed);
        for (reversal, reason, expected) in [
            (Reversal::Unknown, None, "look_at_terminal ask_cashier recover_later"),
            (Reversal::Unknown, wrong, "call_support look_at_terminal ask_cashier recover_later"),
            (Reversal::Refused, None, "refund"),
            (Reversal::Refused, Some(Reason::NoConnection), ""),
            (Reversal::Refused, Some(Reason::TerminalBusy), ""),
            (Reversal::Refused, wrong, "call_support"),
        ] {
            let case = Situation { reversal, ..situation(Outcome::Approved, reason) };
            assert_eq!(named(case), expected, "{reversal:?} {reason:?}");
        }
    }

    #[test]
    fn a_reason_is_found_by_its_name() {
        for reason in Reason::ALL {
            assert_eq!(Reason::named(reason.name()), Some(reason));
        }
        assert_eq!(Reason::named("approved"), None);
    }

    #[test]
    fn a_declined_payment_is_never_called_a_declined_card() {
        for reason in [Reason::Failed, Reason::Aborted, Reason::TimedOut, Reason::Cancelled] {
            let text = cashier_text(Outcome::Declined, Some(reason), Decision::NotRequired, Language::German);
            assert!(text.starts_with("Nicht bezahlt") && !text.contains("abgelehnt"), "{text}");
        }
    }
}
