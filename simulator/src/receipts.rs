//! What the terminal prints, in the documented line format, with invented data.

use serde_json::{Value, json};
use time::OffsetDateTime;

use crate::scenario::Scenario;

/// Account numbers that the merchant's copies hold in the clear, for a test to look for in logs.
pub const ACCOUNT_NUMBERS: &[&str] = &["1060093836", "DE02120300000000202051", "4111111111111111"];

/// What is printed of one payment.
pub struct Slip {
    /// How it went.
    pub scenario: Scenario,
    /// The terminal's number for it.
    pub number: i64,
    /// In cents.
    pub amount: i64,
    /// When.
    pub at: OffsetDateTime,
}

impl Slip {
    /// The customer's copy: account data masked.
    pub fn customer(&self) -> Value {
        self.print("* * Kundenbeleg * *", true)
    }

    /// The merchant's copy: account data in the clear, and a line to sign on.
    pub fn merchant(&self) -> Value {
        self.print("* * Händlerbeleg * *", false)
    }

    fn print(&self, title: &str, masked: bool) -> Value {
        let mut lines = self.head(title);
        lines.extend(match self.scenario {
            Scenario::Elv => self.elv(masked),
            Scenario::SepaElv => self.sepa_elv(masked),
            Scenario::Contactless => self.contactless(),
            Scenario::CreditCard => self.credit_card(masked),
            Scenario::Declined => vec![
                text("Kartenzahlung"),
                text("girocard"),
                space(),
                pair("PAN", "############1234"),
                pair("Terminal-ID", TERMINAL),
                space(),
                pair("Betrag EUR", &self.euros()),
                space(),
                strong("Zahlung nicht möglich"),
            ],
            _ => self.girocard(),
        });
        Value::Array(lines)
    }

    fn head(&self, title: &str) -> Vec<Value> {
        let (date, time) = (self.at.date(), self.at.time());
        let date = format!("{:02}.{:02}.{:04}", date.day(), u8::from(date.month()), date.year());
        let time = format!("{:02}:{:02}:{:02} Uhr", time.hour(), time.minute(), time.second());
        vec![
            separator("Kartenzahlung"),
            text(title),
            text("MUSTERFIRMA GmbH"),
            text("Test"),
            space(),
            pair("Datum:", &date),
            pair("Uhrzeit:", &time),
            pair("Beleg-Nr.", &format!("{:04}", self.number)),
            pair("Trace-Nr.", &format!("{:06}", self.number + 8)),
            space(),
        ]
    }

    /// Line for line as in the documentation.
    fn elv(&self, masked: bool) -> Vec<Value> {
        let mut lines = vec![
            text("Kartenzahlung"),
            text("ec-Lastschrift"),
            space(),
            pair("BLZ", if masked { "########" } else { "51100" }),
            pair("Konto-Nr.", if masked { "######3836" } else { ACCOUNT_NUMBERS[0] }),
            text(if masked { "Karte 1 gültig bis ##/##" } else { "Karte 1 gültig bis 12/22" }),
            pair("Terminal-ID", TERMINAL),
            space(),
            pair("Betrag EUR", &self.euros()),
            space(),
            strong("Karte akzeptiert"),
        ];
        if !masked {
            lines.extend([space(), text("Unterschrift umseitig")]);
        }
        lines
    }

    fn sepa_elv(&self, masked: bool) -> Vec<Value> {
        let mut lines = vec![
            text("Kontaktlos"),
            text("SEPA Lastschrift"),
            space(),
            pair("Kurz-BLZ", if masked { "#####" } else { "12030" }),
            pair("IBAN", if masked { "DE################2051" } else { ACCOUNT_NUMBERS[1] }),
            pair("G-ID", "DE98ZZZ09999999999"),
            pair("M-ID", &format!("7201525500{:04}", self.number)),
            pair("Terminal-ID", TERMINAL),
            space(),
            pair("Betrag EUR", &self.euros()),
            space(),
            text("Die Frist der Vorabankündigung (Pre-Notification) wird auf einen Tag verkürzt."),
            strong("Karte akzeptiert"),
        ];
        if !masked {
            let mandate = "Ich ermächtige die MUSTERFIRMA GmbH, den Betrag von meinem Konto einzuziehen.";
            lines.extend([space(), text(mandate), text("Unterschrift ______________")]);
        }
        lines
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
            pair("Betrag EUR", &self.euros()),
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
            pair("AS-Zeit", "25.02. 08:46"),
            pair("AS-Proc-Code", "00 075 00"),
            text("00 GENEHMIGT"),
            text("KEIN CVM"),
            pair("Terminal-ID", TERMINAL),
            space(),
            pair("Betrag EUR", &self.euros()),
            space(),
            strong("Zahlung erfolgt"),
        ]
    }

    fn credit_card(&self, masked: bool) -> Vec<Value> {
        let mut lines = vec![
            text("VISA"),
            space(),
            pair("Kartennr.", if masked { "############1111" } else { ACCOUNT_NUMBERS[2] }),
            pair("VU-Nr.", "455600001234"),
            pair("GEN.NR.", "038127"),
            pair("Terminal-ID", TERMINAL),
            space(),
            pair("Betrag EUR", &self.euros()),
            space(),
            strong("Zahlung erfolgt"),
        ];
        if !masked {
            lines.extend([space(), text("Unterschrift Karteninhaber"), text("________________________")]);
        }
        lines
    }

    fn euros(&self) -> String {
        format!("{},{:02}", self.amount / 100, self.amount % 100)
    }
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
