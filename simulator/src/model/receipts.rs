//! What the terminal prints, in the documented line format, with invented data. Times are UTC.

use serde_json::{Value, json};
use time::OffsetDateTime;

use crate::model::scenario::Scenario;

/// Account numbers that the merchant's copies hold in the clear, for a test to look for in logs.
pub const ACCOUNT_NUMBERS: &[&str] = &["1060093836", "DE02120300000000202051", "4111111111111111"];

/// What is printed of one payment.
pub(crate) struct Slip<'a> {
    /// How it went.
    pub(crate) scenario: Scenario,
    /// The terminal's number for it.
    pub(crate) number: i64,
    /// In cents.
    pub(crate) amount: i64,
    /// ISO 4217.
    pub(crate) currency: &'a str,
    /// When.
    pub(crate) at: OffsetDateTime,
}

impl Slip<'_> {
    /// The customer's copy: account data masked.
    pub(crate) fn customer(&self) -> Value {
        Value::Array(self.print("* * Kundenbeleg * *", true))
    }

    /// The merchant's copy: account data in the clear, and a line to sign on where one is needed.
    pub(crate) fn merchant(&self) -> Value {
        let mut lines = self.print("* * Händlerbeleg * *", false);
        lines.extend(signature(self.scenario));
        Value::Array(lines)
    }

    fn print(&self, title: &str, masked: bool) -> Vec<Value> {
        let mut lines = vec![separator("Kartenzahlung"), text(title), text("MUSTERFIRMA GmbH"), text("Test"), space()];
        lines.extend(dated(self.at));
        lines.extend(self.numbers());
        lines.push(space());
        lines.extend(match self.scenario {
            Scenario::Elv => self.elv(masked),
            Scenario::SepaElv => self.sepa_elv(masked),
            Scenario::Girocard | Scenario::AnswerLost => self.girocard(),
            Scenario::Contactless => self.contactless(),
            Scenario::CreditCard => self.credit_card(masked),
            Scenario::Declined | Scenario::Aborted | Scenario::TimedOut => self.declined(),
        });
        lines
    }

    /// Terminals call them by other names.
    fn numbers(&self) -> [Value; 2] {
        let number = format!("{:04}", self.number);
        match self.scenario {
            Scenario::Girocard | Scenario::AnswerLost => [pair("Ta-Nr.", &self.trace()), pair("BNr.", &number)],
            _ => [pair("Beleg-Nr.", &number), pair("Trace-Nr.", &self.trace())],
        }
    }

    /// Line for line as in the documentation.
    fn elv(&self, masked: bool) -> Vec<Value> {
        vec![
            text("Kartenzahlung"),
            text("ec-Lastschrift"),
            space(),
            pair("BLZ", if masked { "########" } else { "51100" }),
            pair("Konto-Nr.", if masked { "######3836" } else { ACCOUNT_NUMBERS[0] }),
            text(if masked { "Karte 1 gültig bis ##/##" } else { "Karte 1 gültig bis 12/22" }),
            pair("Terminal-ID", TERMINAL),
            space(),
            self.total(),
            space(),
            strong("Karte akzeptiert"),
        ]
    }

    fn sepa_elv(&self, masked: bool) -> Vec<Value> {
        vec![
            text("Kontaktlos"),
            text("SEPA Lastschrift"),
            space(),
            pair("Kurz-BLZ", if masked { "#####" } else { "12030" }),
            pair("IBAN", if masked { "DE################2051" } else { ACCOUNT_NUMBERS[1] }),
            pair("G-ID", "DE98ZZZ09999999999"),
            pair("M-ID", &format!("7201525500{:04}", self.number)),
            pair("Terminal-ID", TERMINAL),
            space(),
            self.total(),
            space(),
            text("Die Frist der Vorabankündigung (Pre-Notification) wird auf einen Tag verkürzt."),
            strong("Karte akzeptiert"),
        ]
    }

    fn girocard(&self) -> Vec<Value> {
        vec![
            text("girocard"),
            space(),
            pair("PAN", "###############1234"),
            pair("VU-Nummer", "455600001234"),
            pair("Genehmigungs-Nr.", "482913"),
            pair("Terminal-ID", TERMINAL),
            text("PIN OK"),
            space(),
            self.total(),
            space(),
            strong("*** Autorisierung erfolgt"),
        ]
    }

    fn contactless(&self) -> Vec<Value> {
        vec![
            text("Bezahlung"),
            text("Kontaktlos"),
            text("Debit Mastercard"),
            space(),
            pair("Kartennr.", "############4444"),
            pair("EMV-AID", "A0000000041010"),
            pair("AS-Zeit", &self.moment()),
            pair("AS-Proc-Code", "00 075 00"),
            text("00 GENEHMIGT"),
            text("KEIN CVM"),
            pair("Terminal-ID", TERMINAL),
            space(),
            self.total(),
            space(),
            strong("Zahlung erfolgt"),
        ]
    }

    fn credit_card(&self, masked: bool) -> Vec<Value> {
        vec![
            text("VISA"),
            space(),
            pair("Kartennr.", if masked { "############1111" } else { ACCOUNT_NUMBERS[2] }),
            pair("VU-Nr.", "455600001234"),
            pair("GEN.NR.", "038127"),
            pair("Terminal-ID", TERMINAL),
            space(),
            self.total(),
            space(),
            strong("Zahlung erfolgt"),
        ]
    }

    fn declined(&self) -> Vec<Value> {
        vec![
            text("Kartenzahlung"),
            text("girocard"),
            space(),
            pair("PAN", "###############1234"),
            pair("Terminal-ID", TERMINAL),
            space(),
            self.total(),
            space(),
            strong("Zahlung nicht möglich"),
        ]
    }

    fn total(&self) -> Value {
        pair(&format!("Betrag {}", self.currency), &euros(self.amount))
    }

    fn moment(&self) -> String {
        let (date, time) = (self.at.date(), self.at.time());
        format!("{:02}.{:02}. {:02}:{:02}", date.day(), u8::from(date.month()), time.hour(), time.minute())
    }

    fn trace(&self) -> String {
        format!("{:06}", self.number + 8)
    }
}

/// The lines at the end of the merchant's copy that the customer signs on.
pub(crate) fn signature(scenario: Scenario) -> Vec<Value> {
    match scenario {
        Scenario::Elv => vec![space(), text("Unterschrift umseitig")],
        Scenario::SepaElv => {
            let mandate = "Ich ermächtige die MUSTERFIRMA GmbH, den Betrag von meinem Konto einzuziehen.";
            vec![space(), text(mandate), text("Unterschrift ______________")]
        }
        Scenario::CreditCard => vec![space(), text("Unterschrift Karteninhaber"), text("________________________")],
        _ => Vec::new(),
    }
}

/// What the terminal prints when the day is closed: brand, count and sum.
pub(crate) fn closing(at: OffsetDateTime, sums: &[(&str, i64, i64)]) -> Value {
    let mut lines = vec![separator("Kassenschnitt"), text("MUSTERFIRMA GmbH"), text("Test"), space()];
    lines.extend(dated(at));
    lines.extend([pair("Terminal-ID", TERMINAL), space()]);
    for (brand, count, sum) in sums {
        lines.extend([text(brand), pair("Anzahl", &count.to_string()), pair("Betrag EUR", &euros(*sum))]);
    }
    let (count, sum) = sums.iter().fold((0, 0), |(count, sum), (_, more, added)| (count + more, sum + added));
    lines.extend([space(), pair("Gesamt", &count.to_string()), pair("Summe EUR", &euros(sum))]);
    lines.push(strong("Kassenschnitt erfolgt"));
    Value::Array(lines)
}

/// What the terminal prints of a diagnosis.
pub(crate) fn diagnosis(at: OffsetDateTime) -> Value {
    let mut lines = vec![separator("Diagnose"), text("MUSTERFIRMA GmbH"), text("Test"), space()];
    lines.extend(dated(at));
    lines.extend([pair("Terminal-ID", TERMINAL), strong("Diagnose erfolgreich")]);
    Value::Array(lines)
}

fn dated(at: OffsetDateTime) -> [Value; 2] {
    let (date, time) = (at.date(), at.time());
    let date = format!("{:02}.{:02}.{:04}", date.day(), u8::from(date.month()), date.year());
    let time = format!("{:02}:{:02}:{:02} Uhr", time.hour(), time.minute(), time.second());
    [pair("Datum:", &date), pair("Uhrzeit:", &time)]
}

fn euros(cents: i64) -> String {
    format!("{},{:02}", cents / 100, cents % 100)
}

const TERMINAL: &str = "72015255";

fn separator(caption: &str) -> Value {
    json!({"type": "separator", "value": {"caption": caption}})
}

fn text(words: &str) -> Value {
    json!({"type": "textline", "value": {"text": words, "decoration": []}})
}

fn strong(words: &str) -> Value {
    json!({"type": "textline", "value": {"text": words, "decoration": ["align-center", "important"]}})
}

fn pair(name: &str, value: &str) -> Value {
    json!({"type": "name-value", "value": {"name": name, "value": value, "decoration": []}})
}

fn space() -> Value {
    json!({"type": "space"})
}
