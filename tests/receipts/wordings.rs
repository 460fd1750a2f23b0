//! Wordings of many terminals for the question who must sign, each alone below a payment that is approved. They were written
//! to find what the rules do not hear, and what they mishear. `name | value` is a pair, `== caption` a separator.

use secupos::receipt::Decision::{self, NotRequired, Required, Unknown};
use secupos::receipt::{Receipt, ReceiptCopy};
use serde_json::{Value, json};

/// Below an approved payment by VISA, which says nothing by itself.
const VISA: &[(Decision, &[&str])] = &[
    (Required, &["Unterschrift", "des Karteninhabers", "", "", "________________"]),
    (Required, &["Signatur Karteninhaber: __________"]),
    (NotRequired, &["Signatur nicht erforderlich"]),
    (Unknown, &["Signatur:", "MEUCIQD1x8abcdefgh1234=="]),
    (Required, &["PIN und Unterschrift"]),
    (Required, &["CVM: PIN + Signature"]),
    (Required, &["CVM | Signature"]),
    (NotRequired, &["CVM | NO CVM"]),
    (NotRequired, &["CVM | CDCVM"]),
    (NotRequired, &["Consumer device verified (CDCVM)"]),
    (NotRequired, &["Keine Unterschrift erforderlich (kontaktlos)"]),
    (NotRequired, &["*** KEINE UNTERSCHRIFT ***"]),
    (NotRequired, &["Eine Unterschrift ist für diese Zahlung nicht erforderlich."]),
    (NotRequired, &["Eine Unterschrift ist", "für diese Zahlung", "nicht erforderlich"]),
    (NotRequired, &["Auf eine Unterschrift wird verzichtet"]),
    (NotRequired, &["Unterschrift entfällt"]),
    (NotRequired, &["Zahlung ohne Unterschrift"]),
    (NotRequired, &["Weder PIN noch Unterschrift erforderlich"]),
    (NotRequired, &["no PIN / no signature"]),
    (NotRequired, &["NO SIGNATURE REQUIRED"]),
    (NotRequired, &["Cardholder signature not required"]),
    (NotRequired, &["SIGNATURE WAIVED"]),
    (NotRequired, &["Pas de signature"]),
    (NotRequired, &["SANS SIGNATURE"]),
    (NotRequired, &["Signature du porteur non requise"]),
    (NotRequired, &["Senza firma"]),
    (NotRequired, &["Nessuna firma richiesta"]),
    (NotRequired, &["Firma: non necessaria"]),
    (Required, &["Firma: ....................."]),
    (Required, &["FIRMA DEL CLIENTE", "_____________"]),
    (Required, &["Signature du client"]),
    (Required, &["Signature du client :", "..............."]),
    (Required, &["Veuillez signer ci-dessous", "_________________"]),
    (Required, &["Bitte unten unterschreiben"]),
    (Required, &["Bitte vom Kunden unterschreiben lassen"]),
    (Required, &["Kunde muss unterschreiben!"]),
    (Required, &["Unterschrift prüfen!"]),
    (Required, &["Unterschrift vergleichen"]),
    (Required, &["UNTERSCHRIFT:"]),
    (Required, &["Unterschrift | "]),
    (Required, &[" | Unterschrift: ________"]),
    (Required, &["X", "_______________"]),
    (Required, &["x.........................."]),
    (Required, &["Unterschr.: ________"]),
    (Required, &["Unterschr. Kunde"]),
    (Required, &["Kunden-Unterschrift: ________"]),
    (Required, &["- - - - - - - - - - - -", "Unterschrift Karteninhaber"]),
    (Required, &["────────────────", "Unterschrift"]),
    (Required, &["Betrag durch Unterschrift bestätigt"]),
    (NotRequired, &["Geheimzahl geprüft"]),
    (NotRequired, &["PIN-Eingabe OK"]),
    (NotRequired, &["PIN eingegeben"]),
    (NotRequired, &["PIN: OK"]),
    (NotRequired, &["Offline-PIN OK"]),
    (NotRequired, &["ONLINE PIN VERIFIED"]),
    (NotRequired, &["PIN geprüft, keine Unterschrift nötig"]),
    (Unknown, &["PIN nicht geprüft"]),
    (Unknown, &["PIN gesperrt"]),
    (Unknown, &["Ohne PIN"]),
    (Unknown, &["Bei Beträgen bis 50 EUR ist keine PIN erforderlich."]),
    (Required, &["== ", "Unterschrift", "_____________", "== "]),
    (NotRequired, &["Weitere Daten", "/1F0302/"]),
    (NotRequired, &["0000008000/410302/00"]),
    (Required, &["TVR/5E0300/E800"]),
    (NotRequired, &["CVM-Ergebnis | /020302/"]),
    (Required, &["CVR 1E0300", "Unterschrift"]),
    (NotRequired, &["Contactless: no verification"]),
    (Required, &["CVM: Signature (Paper)"]),
    (Required, &["Signature obtained / required"]),
    (Unknown, &["Signature captured electronically"]),
];

/// Below a silent girocard, which is not signed by itself.
const GIROCARD: &[(Decision, &[&str])] = &[
    (NotRequired, &["Trinkgeld: ________", "Gesamt: ________"]),
    (Required, &["Trinkgeld: ________", "Gesamt: ________", "Unterschrift: ________"]),
    (NotRequired, &["Unterschrift Kassierer: ________"]),
    (NotRequired, &["Unterschrift Händler", "________"]),
    (NotRequired, &["Merchant signature: ________"]),
    (NotRequired, &["Signature du commerçant", "________"]),
    (NotRequired, &["Ihre Unterschrift hilft: Petition im Laden"]),
    (NotRequired, &["Wir sammeln Unterschriften!"]),
    (NotRequired, &["Firma Meier & Co", "----------------"]),
    (NotRequired, &["Sign up for our newsletter"]),
    (NotRequired, &["Bezahlen Sie auch per SEPA-Lastschrift!"]),
    (NotRequired, &["Auch mit Lastschrift"]),
    (NotRequired, &["Lastschriftzahlung möglich"]),
    (NotRequired, &["Mandanten-Nr. 4711"]),
    (NotRequired, &["Mandatsinformationen: www.example.com"]),
    (NotRequired, &["ELV | nein"]),
    (NotRequired, &["== Kundenkarte", "Punkte neu | 12", "Vielen Dank"]),
    (Required, &["== Kartenzahlung", "Laden", "Datum | 03.11.2026", "ec-Lastschrift", "Betrag EUR | 5,00"]),
];

/// Below the head alone.
const HEAD: &[(Decision, &[&str])] = &[
    (Unknown, &["Maestro", "Nr. | ####1117", "Genehmigungs-Nr. | 120417", "Betrag EUR | 19,92", "Zahlung erfolgt"]),
    (Unknown, &["VISA", "Nr. | ####1117", "Genehmigungs-Nr. | 120417", "Betrag EUR | 19,92", "Zahlung erfolgt"]),
    (
        NotRequired,
        &["girocard", "Nr. | ####1117", "Genehmigungs-Nr. | 120417", "Betrag EUR | 19,92", "Zahlung erfolgt"],
    ),
    (Required, &["Zahlart | ELV", "Betrag EUR | 19,92"]),
    (Required, &["Zahlungsart: | SEPA-Lastschrift", "Betrag EUR | 19,92"]),
    (Required, &["Karte | girocard", "Verfahren | ELV", "Genehmigungs-Nr. | 123456", "Betrag EUR | 19,92"]),
    (Required, &["ELV EUR | 19,92"]),
    (Required, &["ec-Lastschrift | 19,92 EUR"]),
    (Required, &["E L V", "Betrag EUR | 19,92"]),
    (Required, &["LASTSCHRIFT", "OFFLINE", "Betrag EUR | 19,92"]),
    (Required, &["Elektronisches", "Lastschriftverfahren", "Betrag EUR | 19,92"]),
    (Required, &["Zahlung per Lastschrift", "Betrag EUR | 19,92"]),
    (Required, &["Mandatsreferenz | 4711", "Betrag EUR | 19,92"]),
    (Required, &["Mandatsref.-Nr. | 4711", "Betrag EUR | 19,92"]),
    (Required, &["SEPA-Mandat | 4711", "Betrag EUR | 19,92"]),
    (Required, &["Gläubiger-Identifikationsnummer | DE98", "Betrag EUR | 19,92"]),
    (Required, &["Gläubiger-Id.-Nr. | DE98", "Betrag EUR | 19,92"]),
    (Required, &["Gl.-ID | DE98ZZZ09999999999", "Betrag EUR | 19,92"]),
    (Required, &["Creditor ID | DE98ZZZ09999999999", "Betrag EUR | 19,92"]),
    (Required, &["Ich ermächtige den Händler,", "den Betrag einzuziehen.", "Betrag EUR | 19,92"]),
    (Required, &["Einzugsermächtigung", "Betrag EUR | 19,92"]),
    (Unknown, &["== Storno", "ec-Lastschrift", "Betrag EUR | 19,92"]),
    (Unknown, &["*** STORNO ***", "ec-Lastschrift", "Betrag EUR | 19,92"]),
    (Unknown, &["Storno Lastschrift", "Betrag EUR | 19,92"]),
    (Unknown, &["ec-Lastschrift", "Betrag EUR | 19,92", "Zahlung storniert"]),
    (Unknown, &["Stornierung Kartenzahlung", "ec-Lastschrift", "Betrag EUR | 19,92"]),
    (Unknown, &["GUTSCHRIFT", "SEPA-Lastschrift", "Betrag EUR | 19,92"]),
    (Unknown, &["Refund", "SEPA-Lastschrift", "Amount EUR | 19,92"]),
];

const HEAD_ROWS: &[&str] =
    &["== Kartenzahlung", "Händlerbeleg", "Laden GmbH", "", "Datum | 03.11.2026", "Terminal-ID | 54018823"];
const PAYMENT_ROWS: &[&str] = &["Nr. | ####1117", "Genehmigungs-Nr. | 120417", "Betrag EUR | 19,92", "Zahlung erfolgt"];

fn line(row: &&str) -> Value {
    match (row.strip_prefix("== "), row.split_once(" | ")) {
        (Some(caption), _) => json!({"type": "separator", "value": {"caption": caption}}),
        (_, Some((name, value))) => json!({"type": "name-value", "value": {"name": name, "value": value}}),
        _ if row.is_empty() => json!({"type": "space"}),
        _ => json!({"type": "textline", "value": {"text": row}}),
    }
}

#[test]
fn each_wording_is_heard_as_it_is_meant() {
    let visa = [HEAD_ROWS, &["VISA"], PAYMENT_ROWS].concat();
    let girocard = [HEAD_ROWS, &["girocard"], PAYMENT_ROWS].concat();
    let mut wrong = Vec::new();
    for (above, wordings) in [(visa, VISA), (girocard, GIROCARD), (HEAD_ROWS.to_vec(), HEAD)] {
        for (right, rows) in wordings {
            let rows = above.iter().chain(*rows);
            let json = serde_json::to_vec(&rows.map(line).collect::<Vec<_>>()).expect("JSON");
            let receipt = Receipt::parse(&json, ReceiptCopy::Merchant).expect("a receipt");
            if receipt.signature().decision != *right {
                wrong.push(format!("{right:?}\n{}", receipt.explain()));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
