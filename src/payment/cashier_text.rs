//! What the cashier reads of a payment, its reversal or a report, in German and English.

use crate::error::Language;
use crate::payment::outcome::Contradiction;
use crate::payment::outcome::{Outcome, ReversalOutcome};
use crate::payment::phase::Phase;
use crate::payment::reason::Reason;
use crate::receipt::Decision;

/// What the cashier reads of a payment whose reversal was not done; none where nobody has tried, and while it is running.
pub(crate) fn reversal_text(
    reversal: ReversalOutcome,
    reason: Option<Reason>,
    language: Language,
) -> Option<&'static str> {
    let (german, english) = match (reversal, reason) {
        (ReversalOutcome::Unknown | ReversalOutcome::Refused, Some(Reason::WrongPaymentReversed)) => (
            "Achtung: Das Kartengerät hat eine andere Zahlung storniert. Bitte den Service rufen.",
            "Note: the terminal has reversed another payment. Please call the service.",
        ),
        (ReversalOutcome::Unknown, _) => (
            "Unklar, ob storniert wurde. Bitte das Geld NICHT auf anderem Weg erstatten. Was zeigt das Kartengerät?",
            "Not known whether it was reversed. Do NOT refund it in another way yet. What does the terminal show?",
        ),
        (ReversalOutcome::Refused, Some(Reason::NoConnection)) => (
            "Nicht storniert: keine Verbindung zum Zahlungsdienst. Die Zahlung gilt weiter. Bitte noch einmal stornieren.",
            "Not reversed: no connection to the payment service. The payment stands. Please reverse it again.",
        ),
        (ReversalOutcome::Refused, reason) if reason.is_some_and(Reason::is_passing) => (
            "Noch nicht storniert: Die Zahlung gilt weiter. Bitte noch einmal stornieren.",
            "Not reversed yet: the payment stands. Please reverse it again.",
        ),
        (ReversalOutcome::Refused, _) => {
            ("Nicht storniert: Die Zahlung gilt weiter.", "Not reversed: the payment stands as it was.")
        }
        (ReversalOutcome::None | ReversalOutcome::Pending | ReversalOutcome::Done, _) => return None,
    };
    Some(if language == Language::German { german } else { english })
}

/// What the cashier reads of a payment that is running.
pub(crate) fn running_payment_text(phase: Phase, language: Language) -> &'static str {
    let (german, english) = match phase {
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
pub(crate) fn running_reversal_text(phase: Phase, language: Language) -> &'static str {
    let (german, english) = match phase {
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
pub(crate) fn running_report_text(phase: Phase, language: Language) -> &'static str {
    let (german, english) = match phase {
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

/// What the cashier reads where a person has decided: nobody else knows.
pub(crate) fn decided_text(outcome: Outcome, language: Language) -> &'static str {
    match (outcome, language) {
        (Outcome::Approved, Language::German) => {
            "Als bezahlt gebucht, weil jemand an der Kasse das so entschieden hat."
        }
        (Outcome::Approved, Language::English) => "Taken as paid, because a person at the till has decided so.",
        (Outcome::Reversed, Language::German) => {
            "Als storniert gebucht, weil jemand an der Kasse das so entschieden hat."
        }
        (Outcome::Reversed, Language::English) => "Taken as reversed, because a person at the till has decided so.",
        (_, Language::German) => {
            "Als nicht bezahlt gebucht, weil jemand an der Kasse das so entschieden hat. Ein neuer Versuch ist möglich."
        }
        (_, Language::English) => "Taken as not paid, because a person at the till has decided so. You can try again.",
    }
}

/// What the cashier reads of what was taken for paid and was not.
pub(crate) fn not_paid_text(language: Language) -> &'static str {
    if language == Language::German { "Doch nicht bezahlt." } else { "Not paid after all." }
}

/// What the cashier reads besides, where the service contradicts what was believed before. `asks`: money is asked for now; what
/// was asked for once is not asked for again, also not by this text.
pub(crate) fn contradiction_text(
    contradiction: Contradiction,
    is_surplus: bool,
    asks: bool,
    language: Language,
) -> &'static str {
    let (german, english) = match contradiction {
        Contradiction::UnpaidAfterAll => (
            " Achtung: Der Zahlungsdienst sagt inzwischen, es sei nicht bezahlt worden. Bitte nichts erstatten und den \
             Service rufen.",
            " Note: the payment service has said since that it was not paid. Please refund nothing, and call the service.",
        ),
        Contradiction::PaidAfterAll if is_surplus && !asks => (
            " Achtung: Dies galt als nicht bezahlt, und der Kunde hat noch einmal bezahlt. Bitte klären, ob schon einmal \
             erstattet wurde.",
            " Note: this was taken for not paid, and the customer has paid again. Please find out whether it has been \
             refunded once.",
        ),
        Contradiction::PaidAfterAll if is_surplus => (
            " Achtung: Dies galt als nicht bezahlt, und der Kunde hat noch einmal bezahlt. Bitte einmal erstatten.",
            " Note: this was taken for not paid, and the customer has paid again. Please refund it once.",
        ),
        Contradiction::PaidAfterAll => (
            " Achtung: Dies galt als nicht bezahlt. Falls der Kunde anders bezahlt hat, bitte erstatten.",
            " Note: this was taken for not paid. If the customer has paid in another way, please refund.",
        ),
        Contradiction::NotPaid if !asks => (
            " Achtung: Dies galt als bezahlt. Bitte klären, ob noch Geld fehlt.",
            " Note: this was taken for paid. Please find out whether money is still missing.",
        ),
        Contradiction::NotPaid => (
            " Achtung: Dies galt als bezahlt. Bitte das Geld beim Kunden einziehen.",
            " Note: this was taken for paid. Please collect the money from the customer.",
        ),
        Contradiction::ReversedAfterAll => (
            " Achtung: Das Storno galt als nicht ausgeführt und wurde doch ausgeführt. Bitte den Service rufen.",
            " Note: the reversal was taken for not done, and was done after all. Please call the service.",
        ),
    };
    if language == Language::German { german } else { english }
}

/// What the cashier reads besides, where the sale was charged more than once and nothing contradicts.
pub(crate) fn surplus_text(asks: bool, language: Language) -> &'static str {
    match (asks, language) {
        (true, Language::German) => " Achtung: Für diesen Verkauf wurde zweimal bezahlt. Bitte einmal erstatten.",
        (true, Language::English) => " Note: this sale has been paid for twice. Please refund it once.",
        (false, Language::German) => {
            " Achtung: Für diesen Verkauf wurde zweimal bezahlt. Bitte klären, ob schon einmal erstattet wurde."
        }
        (false, Language::English) => {
            " Note: this sale has been paid for twice. Please find out whether it has been refunded once."
        }
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
        (Outcome::Failed, Some(Reason::TimedOut), _) => (
            "Nicht bezahlt: Die Zeit ist abgelaufen. Bitte erst auf das Kartengerät sehen, dann neu versuchen.",
            "Not paid: the time was over. Please look at the terminal first, then try again.",
        ),
        (Outcome::Failed, Some(Reason::Aborted | Reason::Cancelled), _) => (
            "Nicht bezahlt: Der Vorgang wurde abgebrochen. Ein neuer Versuch ist möglich.",
            "Not paid: it was aborted. You can try again.",
        ),
        (Outcome::Failed, _, _) => (
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
        (Outcome::NotStarted, Some(Reason::LoginTaken), _) => (
            "Nicht gestartet: Ein anderes Gerät meldet sich mit den Zugangsdaten dieser Kasse an. Es wurde kein Geld gebucht. \
             Bitte den Service rufen.",
            "Not started: another device logs in as this till. No money was moved. Please call the service.",
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
        (Outcome::NotStarted, Some(Reason::StateFileOld), _) => (
            "Nicht gestartet: Die Daten dieser Kasse sind älter als ihre letzten Zahlungen. Wurde dieser Verkauf schon bezahlt? \
             Bitte nicht noch einmal kassieren, Belege vergleichen und den Kassenhersteller rufen.",
            "Not started: the till's data are older than its last payments. Has this sale been paid already? Do not charge \
             again, compare the slips and call the till's maker.",
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
        (Outcome::Pending, _, _) => return running_payment_text(Phase::WaitingForTerminal, language),
    };
    match language {
        Language::German => german,
        Language::English => english,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_declined_payment_is_never_called_a_declined_card() {
        for reason in [Reason::Failed, Reason::Aborted, Reason::TimedOut, Reason::Cancelled] {
            let text = cashier_text(Outcome::Failed, Some(reason), Decision::NotRequired, Language::German);
            assert!(text.starts_with("Nicht bezahlt") && !text.contains("abgelehnt"), "{text}");
        }
    }
}
