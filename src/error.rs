//! The one error type, and the one table of everything that can go wrong: frozen number, name, and what happened and
//! what to do now in German and English. The header's numbers, Python's and C#'s exceptions are checked against it.

use std::fmt;
use std::time::Duration;

use serde_json::{Value, json};

/// What every fallible function of secupos returns.
pub type Result<T> = std::result::Result<T, Error>;

/// The language of a text for the cashier.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Language {
    /// German, which the tills in question speak.
    German,
    /// English.
    English,
}

/// One row of the table.
#[derive(Debug)]
pub struct Row {
    /// Which status this row is about.
    pub status: Status,
    /// Its name in C without `SECUPOS_STATUS_`, with the NUL behind it that C wants; see [`Status::name`].
    pub name_with_nul: &'static str,
    /// What happened and what to do now, in German.
    pub german: &'static str,
    /// What happened and what to do now, in English.
    pub english: &'static str,
}

impl Row {
    /// The status's name in C, without `SECUPOS_STATUS_`.
    pub fn name(&self) -> &'static str {
        self.name_with_nul.trim_end_matches('\0')
    }
}

macro_rules! statuses {
    ($( $(#[$doc:meta])* $variant:ident = $number:literal $name:literal { $german:literal $english:literal } )*) => {
        /// What went wrong, as a frozen number: never reused, never renumbered. A call that fails with any of these has
        /// sent no start. No money moved because of it. An error never says what became of a payment: the outcome says
        /// that, and an error may be the outcome's reason.
        #[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
        #[repr(i32)]
        pub enum Status {
            $( $(#[$doc])* $variant = $number, )*
        }

        /// The table of all statuses, by number.
        pub const TABLE: &[Row] = &[
            $( Row { status: Status::$variant, name_with_nul: concat!($name, "\0"), german: $german, english: $english }, )*
        ];
    };
}

statuses! {
    /// A required argument is missing: NULL.
    NullArgument = 10 "NULL_ARGUMENT" {
        "Programmfehler der Kasse: Eine Angabe fehlt. Es wurde nichts gesendet. Bitte den Kassenhersteller rufen."
        "Fault in the till program: an argument is missing. Nothing was sent. Please call the till's maker."
    }
    /// A text is not valid UTF-8.
    InvalidUtf8 = 11 "INVALID_UTF8" {
        "Programmfehler der Kasse: Ein Text ist kein UTF-8. Es wurde nichts gesendet. Bitte den Kassenhersteller rufen."
        "Fault in the till program: a text is not UTF-8. Nothing was sent. Please call the till's maker."
    }
    /// An argument has a value that cannot be used.
    InvalidArgument = 12 "INVALID_ARGUMENT" {
        "Eine Angabe der Kasse ist ungültig. Es wurde nichts gesendet. Bitte die Eingabe prüfen."
        "A value from the till is not valid. Nothing was sent. Please check the entry."
    }
    /// A handle of another type, or one that a panic has made unusable.
    InvalidHandle = 13 "INVALID_HANDLE" {
        "Programmfehler der Kasse: falsches Objekt. Es wurde nichts gesendet. Bitte den Kassenhersteller rufen."
        "Fault in the till program: wrong object. Nothing was sent. Please call the till's maker."
    }
    /// The object is in a state in which this call is not possible.
    InvalidState = 14 "INVALID_STATE" {
        "Das ist im Moment nicht möglich. Es wurde nichts gesendet."
        "This is not possible at the moment. Nothing was sent."
    }
    /// The state file does not exist.
    StateFileMissing = 20 "STATE_FILE_MISSING" {
        "Die Zustandsdatei der Kasse fehlt. Es wurde nichts gesendet. Bitte den Kassenhersteller rufen."
        "The till's state file is missing. Nothing was sent. Please call the till's maker."
    }
    /// Another till uses the state file, here or in another process.
    StateFileLocked = 21 "STATE_FILE_LOCKED" {
        "Ein anderes Programm benutzt diese Kasse gerade. Von hier wurde nichts gesendet. Bitte dort zu Ende führen."
        "Another program is using this till. Nothing was sent from here. Please finish there."
    }
    /// The state file was damaged, lost or brought back from an older day.
    StateFileDamaged = 22 "STATE_FILE_DAMAGED" {
        "Die Zustandsdatei der Kasse ist beschädigt. Es wurde nichts gesendet. Bitte den Kassenhersteller rufen."
        "The till's state file is damaged. Nothing was sent. Please call the till's maker."
    }
    /// The state file belongs to another till.
    StateFileMismatch = 23 "STATE_FILE_MISMATCH" {
        "Die Zustandsdatei gehört zu einer anderen Kasse. Es wurde nichts gesendet. Bitte die Einstellungen prüfen."
        "The state file belongs to another till. Nothing was sent. Please check the settings."
    }
    /// The state file was written by a newer secupos.
    StateFileTooNew = 24 "STATE_FILE_TOO_NEW" {
        "Die Zustandsdatei stammt von einer neueren Version. Es wurde nichts gesendet. Bitte secupos aktualisieren."
        "The state file was written by a newer version. Nothing was sent. Please update secupos."
    }
    /// The state file could not be read or written.
    JournalFailed = 25 "JOURNAL_FAILED" {
        "Die Kasse kann nicht auf ihren Datenträger schreiben. Es wurde nichts gebucht. Bitte Speicherplatz prüfen."
        "The till cannot write to its disk. Nothing was charged. Please check the free space."
    }
    /// The reference was used before, with other values or in a way that cannot be repeated.
    ReferenceConflict = 30 "REFERENCE_CONFLICT" {
        "Diese Belegnummer wurde schon benutzt. Es wurde nichts gesendet. Bitte die frühere Zahlung ansehen."
        "This sale's number has been used before. Nothing was sent. Please look at the earlier payment."
    }
    /// The reference is closed: its payment was acknowledged.
    ReferenceClosed = 31 "REFERENCE_CLOSED" {
        "Diese Belegnummer ist abgeschlossen. Es wurde nichts gesendet. Bitte eine neue Nummer vergeben."
        "This sale's number is closed. Nothing was sent. Please use a new number."
    }
    /// A payment of the same amount under another reference is in doubt, or may have been paid after all.
    PossibleDuplicate = 32 "POSSIBLE_DUPLICATE" {
        "Derselbe Betrag ist bei einer früheren Zahlung noch ungeklärt. Es wurde nichts gesendet. Bitte erst diese klären."
        "The same amount is still in doubt in an earlier payment. Nothing was sent. Please settle that one first."
    }
    /// The attempt is not the next one.
    AttemptOutOfOrder = 33 "ATTEMPT_OUT_OF_ORDER" {
        "Programmfehler der Kasse: Dieser Versuch ist nicht an der Reihe. Es wurde nichts gesendet."
        "Fault in the till program: this attempt is not the next one. Nothing was sent."
    }
    /// No payment has this reference and attempt.
    NotFound = 34 "NOT_FOUND" {
        "Unter dieser Belegnummer gibt es keine Zahlung. Es wurde nichts gesendet."
        "There is no payment with this number. Nothing was sent."
    }
    /// The till is busy with another operation.
    Busy = 35 "BUSY" {
        "Am Kartengerät läuft noch ein anderer Vorgang. Es wurde nichts gesendet. Bitte warten."
        "The terminal is busy with something else. Nothing was sent. Please wait."
    }
    /// A person at the till must confirm it first.
    ConfirmationRequired = 36 "CONFIRMATION_REQUIRED" {
        "Diese Zahlung ist älter als einen Tag. Es wurde nichts gesendet. Bitte das Storno ausdrücklich bestätigen."
        "This payment is older than a day. Nothing was sent. Please confirm the reversal explicitly."
    }
    /// The till has not been registered.
    NotRegistered = 40 "NOT_REGISTERED" {
        "Diese Kasse ist nicht angemeldet. Es wurde nichts gebucht. Bitte die Kasse bei secuconnect anmelden."
        "This till is not registered. Nothing was charged. Please register it with secuconnect."
    }
    /// The registration was denied.
    RegistrationDenied = 41 "REGISTRATION_DENIED" {
        "Die Anmeldung der Kasse wurde abgelehnt. Es wurde nichts gebucht. Bitte neu anmelden."
        "The till's registration was denied. Nothing was charged. Please register again."
    }
    /// The registration was not confirmed in time.
    RegistrationExpired = 42 "REGISTRATION_EXPIRED" {
        "Die Anmeldung der Kasse ist abgelaufen. Es wurde nichts gebucht. Bitte neu anmelden."
        "The till's registration has expired. Nothing was charged. Please register again."
    }
    /// The server does not accept the client's id, secret or device code.
    InvalidCredentials = 43 "INVALID_CREDENTIALS" {
        "secuconnect nimmt die Zugangsdaten der Kasse nicht an. Es wurde nichts gebucht. Bitte die Einstellungen prüfen."
        "secuconnect does not accept the till's credentials. Nothing was charged. Please check the settings."
    }
    /// The server could not be reached.
    Unreachable = 50 "UNREACHABLE" {
        "Keine Verbindung zum Zahlungsdienst. Bitte Netzwerk prüfen."
        "No connection to the payment service. Please check the network."
    }
    /// TLS failed: the server could not prove who it is.
    Tls = 51 "TLS" {
        "Die sichere Verbindung zum Zahlungsdienst kam nicht zustande. Bitte Uhrzeit und Netzwerk der Kasse prüfen."
        "The secure connection to the payment service failed. Please check the till's clock and network."
    }
    /// The server did not answer in time.
    Timeout = 52 "TIMEOUT" {
        "Der Zahlungsdienst hat nicht rechtzeitig geantwortet. Bitte Netzwerk prüfen."
        "The payment service did not answer in time. Please check the network."
    }
    /// The proxy refused the connection.
    Proxy = 53 "PROXY" {
        "Der Proxy hat die Verbindung zum Zahlungsdienst abgelehnt. Bitte die Einstellungen prüfen."
        "The proxy refused the connection to the payment service. Please check the settings."
    }
    /// The server refused the request.
    ServerRefused = 60 "SERVER_REFUSED" {
        "Der Zahlungsdienst hat die Anfrage abgelehnt. Bitte seine Meldung beachten."
        "The payment service refused the request. Please see what it says."
    }
    /// The server failed.
    ServerFailed = 61 "SERVER_FAILED" {
        "Der Zahlungsdienst hat eine Störung. Bitte einen Moment warten."
        "The payment service has a fault. Please wait a moment."
    }
    /// The server's answer cannot be understood.
    Protocol = 62 "PROTOCOL" {
        "Der Zahlungsdienst hat eine unverständliche Antwort geschickt. Bitte den Kassenhersteller rufen."
        "The payment service sent an answer that makes no sense. Please call the till's maker."
    }
    /// The input is not a receipt.
    ReceiptMalformed = 70 "RECEIPT_MALFORMED" {
        "Der Beleg ist nicht lesbar. Bitte den Kassenhersteller rufen."
        "The receipt cannot be read. Please call the till's maker."
    }
    /// The input is larger than any receipt.
    ReceiptTooLarge = 71 "RECEIPT_TOO_LARGE" {
        "Der Beleg ist zu groß. Bitte den Kassenhersteller rufen."
        "The receipt is too large. Please call the till's maker."
    }
    /// A fault in secupos itself.
    Internal = 90 "INTERNAL" {
        "Interner Fehler in secupos. Bitte den Kassenhersteller rufen."
        "Internal fault in secupos. Please call the till's maker."
    }
    /// The process was forked after the till was opened.
    Forked = 91 "FORKED" {
        "Programmfehler der Kasse: Dieses Objekt gehört einem anderen Prozess. Es wurde nichts gesendet."
        "Fault in the till program: this object belongs to another process. Nothing was sent."
    }
}

impl Status {
    /// Whether the network has failed, and not what is behind it.
    pub(crate) fn is_connection(self) -> bool {
        matches!(self, Status::Unreachable | Status::Tls | Status::Timeout | Status::Proxy)
    }

    /// The frozen number.
    pub fn number(self) -> i32 {
        self as i32
    }

    /// The status with this number.
    pub fn from_number(number: i32) -> Option<Status> {
        TABLE.iter().map(|row| row.status).find(|status| status.number() == number)
    }

    /// The name in C, without `SECUPOS_STATUS_`.
    pub fn name(self) -> &'static str {
        self.row().name()
    }

    /// What happened and what to do now, for a person at the till.
    pub fn cashier_text(self, language: Language) -> &'static str {
        match language {
            Language::German => self.row().german,
            Language::English => self.row().english,
        }
    }

    fn row(self) -> &'static Row {
        TABLE.iter().find(|row| row.status == self).expect("the macro makes a row for each status")
    }
}

/// What the server itself said about an error. All texts are cleaned of control characters and bounded.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct ServerWords {
    /// Its code: a number such as `2003`, or an OAuth word such as `invalid_client`.
    pub code: Option<String>,
    /// Its text for the user (`error_user`), usually German.
    pub text: Option<String>,
    /// What the help desk asks for.
    pub support_id: Option<String>,
}

/// Why something did not work.
///
/// Never holds a secret or a receipt: it may be logged and shown. Boxed, because it travels in every `Result`.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Error(Box<Details>);

#[derive(Clone, PartialEq, Eq, Debug)]
struct Details {
    status: Status,
    message: String,
    http_status: Option<u16>,
    server: ServerWords,
    retry_after: Option<Duration>,
    /// It is the reason of something that was sent.
    was_sent: bool,
}

/// What the texts say about calls that fail. It is not true of something that was sent.
const NOTHING_SENT: [&str; 6] = [
    " Es wurde nichts gesendet.",
    " Von hier wurde nichts gesendet.",
    " Es wurde nichts gebucht.",
    " Nothing was sent from here.",
    " Nothing was sent.",
    " Nothing was charged.",
];

impl Error {
    /// An error with a message for the programmer.
    pub fn new(status: Status, message: impl Into<String>) -> Self {
        let (message, server) = (message.into(), ServerWords::default());
        Error(Box::new(Details { status, message, http_status: None, server, retry_after: None, was_sent: false }))
    }

    /// `argument` has a value that cannot be used; `fault` says what is wrong with it ("is 0; it must be …").
    pub fn argument(argument: &str, fault: impl fmt::Display) -> Self {
        Error::new(Status::InvalidArgument, format!("{argument} {fault}"))
    }

    /// The reason of something that was sent: its text does not say that nothing was.
    #[must_use]
    pub(crate) fn of_what_was_sent(mut self) -> Self {
        self.0.was_sent = true;
        self
    }

    /// Adds what the server said.
    #[must_use]
    pub fn with_answer(mut self, http_status: u16, server: ServerWords, retry_after: Option<Duration>) -> Self {
        self.0.http_status = Some(http_status);
        self.0.server = server;
        self.0.retry_after = retry_after;
        self
    }

    /// What went wrong, as a frozen number.
    pub fn status(&self) -> Status {
        self.0.status
    }

    /// What went wrong, for the programmer and the log, in English.
    pub fn message(&self) -> &str {
        &self.0.message
    }

    /// What happened and what to do now, for a person at the till; with the server's own words where it sent some.
    pub fn cashier_text(&self, language: Language) -> String {
        let mut ours = self.0.status.cashier_text(language).to_owned();
        if self.0.was_sent {
            NOTHING_SENT.iter().for_each(|sentence| ours = ours.replace(sentence, ""));
        }
        match &self.0.server.text {
            None => ours,
            Some(words) => format!("{ours} {}", words_of_the_service(words, language)),
        }
    }

    /// `{"status", "name", "message", "http_status", "server_code", "server_text", "support_id", "retry_after_ms"}`.
    pub fn to_json(&self) -> Value {
        let server = self.server();
        json!({
            "status": self.status().number(),
            "name": self.status().name(),
            "message": self.message(),
            "http_status": self.http_status(),
            "server_code": server.code,
            "server_text": server.text,
            "support_id": server.support_id,
            "retry_after_ms": self.retry_after().map(|wait| u64::try_from(wait.as_millis()).unwrap_or(u64::MAX)),
        })
    }

    /// The HTTP status of the server's answer, if there was one.
    pub fn http_status(&self) -> Option<u16> {
        self.0.http_status
    }

    /// What the server said.
    pub fn server(&self) -> &ServerWords {
        &self.0.server
    }

    /// How long the server asks to wait.
    pub fn retry_after(&self) -> Option<Duration> {
        self.0.retry_after
    }
}

/// The server's own words, as part of a text for the cashier.
pub(crate) fn words_of_the_service(words: &str, language: Language) -> String {
    match language {
        Language::German => format!("Der Dienst meldet: {words}"),
        Language::English => format!("The service says: {words}"),
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.status().name(), self.message())?;
        if let Some(code) = &self.server().code {
            write!(f, " (server code {code})")?;
        }
        if let Some(id) = &self.server().support_id {
            write!(f, " (support id {id})")?;
        }
        Ok(())
    }
}

impl std::error::Error for Error {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_and_names_are_unique_and_ordered() {
        assert!(TABLE.is_sorted_by(|a, b| a.status.number() < b.status.number()));
        let names: std::collections::HashSet<_> = TABLE.iter().map(Row::name).collect();
        assert_eq!(names.len(), TABLE.len());
    }

    #[test]
    fn a_number_finds_its_status_and_no_other_number_does() {
        for number in -1..200 {
            assert_eq!(Status::from_number(number).is_some(), TABLE.iter().any(|r| r.status.number() == number));
        }
    }

    #[test]
    fn the_reason_of_what_was_sent_never_says_that_nothing_was() {
        for row in TABLE {
            let error = Error::new(row.status, "");
            for language in [Language::German, Language::English] {
                let (call, payment) = (error.cashier_text(language), error.clone().of_what_was_sent());
                let text = payment.cashier_text(language);
                assert!(!["nichts ge", "Nothing was"].iter().any(|words| text.contains(words)), "{text}");
                assert!(!text.is_empty() && text.len() <= call.len(), "{text}");
            }
        }
    }

    #[test]
    fn the_cashier_reads_the_servers_words_too() {
        let words = ServerWords { text: Some("Terminal nicht erreichbar".into()), ..ServerWords::default() };
        let error = Error::new(Status::ServerRefused, "start was refused").with_answer(400, words, None);
        assert!(error.cashier_text(Language::German).ends_with("Der Dienst meldet: Terminal nicht erreichbar"));
        assert!(error.cashier_text(Language::English).ends_with("The service says: Terminal nicht erreichbar"));
    }
}
