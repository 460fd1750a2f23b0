//! The words about signing, in German, English, French and Italian, and what a row with one of them says. A row decides by
//! itself only if it says nothing else: words from a sentence about something else, an advertisement say, must not.

/// What a row says of a signature.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Signing {
    /// It names the customer's signature.
    Asks {
        /// It says nothing else.
        plain: bool,
    },
    /// The word may mean something else (`Firma` is a company, too): it counts only beside a drawn line.
    AsksOnALine,
    /// It says that there is no need of one, and nothing else.
    Spares,
    /// It has the word and says nothing of this payment's customer; why not.
    Beside(&'static str),
}

impl Signing {
    /// Whether it says where to sign, whoever it is.
    pub(super) fn is_place(self) -> bool {
        matches!(self, Signing::Asks { .. } | Signing::AsksOnALine)
    }
}

/// What begins a word that means somebody's signature.
const STEMS: &[&str] =
    &["unterschr", "kundenunterschr", "karteninhaberunterschr", "signature", "signiere", "signez", "signer", "firmare"];
/// Whole words that do.
const SIGN: &[&str] = &["sign", "signed"];
/// Words that begin alike and do not mean it.
const OTHERS: &[&str] = &["unterschriften", "signatures"];
/// Words that mean something else, too: a company, a fiscal device's code.
const DOUBTFUL: &[&str] = &["firma", "signatur"];

/// Whose signature it is.
#[rustfmt::skip]
const CUSTOMER: &[&str] = &[
    "karteninhaber", "karteninhabers", "karteninhaberin", "karteninhabende", "inhaber", "inhabers", "kunde", "kunden",
    "kundin", "kaeufer", "kaeufers", "cardholder", "cardholders", "cardmember", "holder", "customer", "customers",
    "buyer", "titulaire", "porteur", "client", "titolare", "cliente", "cvm",
];
/// Whose it is not.
#[rustfmt::skip]
const CASHIER: &[&str] = &[
    "kassierer", "kassierers", "kassiererin", "kassier", "mitarbeiter", "mitarbeiters", "mitarbeiterin", "bediener",
    "bedieners", "verkaeufer", "verkaeufers", "verkaeuferin", "haendler", "haendlers", "haendlerunterschrift",
    "filialleiter", "vertragspartner", "vertragspartners", "kellner", "cashier", "cashiers", "merchant", "merchants",
    "clerk", "attendant", "staff", "vendeur", "commercant", "accepteur", "caissier", "cassiere", "esercente",
    "venditore", "operatore",
];
/// A fiscal device signs, too.
#[rustfmt::skip]
const FISCAL: &[&str] = &[
    "tse", "counter", "zaehler", "signaturzaehler", "fiskal", "rksv", "algorithmus", "key", "schluessel", "pruefwert",
];

/// Words that say no in front of what they deny.
#[rustfmt::skip]
const NO_BEFORE: &[&str] = &[
    "kein", "keine", "keiner", "keinen", "keinerlei", "ohne", "weder", "noch", "no", "without", "sans", "aucune",
    "ni", "senza", "nessuna", "pas",
];
/// Those of them that another no turns round.
const WITHOUT: &[&str] = &["ohne", "without", "sans", "senza"];
/// Words that say no behind it.
#[rustfmt::skip]
const NO_BEHIND: &[&str] = &[
    "nicht", "nein", "entfaellt", "entfallen", "unnoetig", "ueberfluessig", "verzichtet", "not", "none", "no",
    "waived", "non", "pas", "aucune", "nessuna", "keine",
];
/// A verb is denied in front.
const NOT: &[&str] = &["nicht", "not", "pas", "non", "nie"];
/// Behind a no these turn it round: `Unterschrift nicht vergessen`.
const FORGET: &[&str] = &["vergessen", "forget", "oublier", "dimenticare"];
/// With these a no is a warning: `Ohne Unterschrift ungültig`.
const INVALID: &[&str] = &["ungueltig", "unwirksam", "invalid", "void", "nulle", "nullo"];
const VALID: &[&str] = &["gueltig", "valid", "valable", "valida", "wirksam"];

/// A row with one of these states a rule, not what is so this time.
const CONDITION: &[&str] = &["falls", "wenn", "sofern", "soweit", "bei", "if", "unless", "when", "si", "lorsque", "se"];
/// And one with these beside a number: `bis 25 EUR`; `sign below` has none.
#[rustfmt::skip]
const LIMIT: &[&str] = &[
    "bis", "unter", "ab", "ueber", "limit", "below", "under", "above", "over", "upto", "jusqu", "moins", "fino",
    "sotto", "oltre",
];

/// What may stand with the word in a row that says nothing else: where to sign, that it has to be, and what sentences need.
#[rustfmt::skip]
const PLAIN: &[&str] = &[
    // Where.
    "umseitig", "rueckseitig", "rueckseite", "umseite", "vorderseite", "hier", "unten", "here", "below", "above",
    "back", "overleaf", "ici", "dos", "verso", "qui", "retro",
    // That it has to be, or was.
    "bitte", "please", "svp", "prego", "erforderlich", "notwendig", "noetig", "benoetigt", "verlangt", "required",
    "needed", "necessary", "requise", "exigee", "necessaire", "obligatoire", "richiesta", "necessaria",
    "obbligatoria", "muss", "must", "pflicht", "nur", "only", "vergleich", "vergleichen", "pruefen", "durchfuehren",
    "leisten", "einholen", "lassen", "check", "verify", "verified", "geprueft", "bestaetigt", "geleistet", "mit",
    "with", "avec", "con", "per", "by", "par", "durch", "via", "pin",
    // What sentences need.
    "der", "die", "das", "des", "dem", "den", "d", "r", "in", "von", "vom", "auf", "zu", "sie", "ihre", "eine", "ein",
    "einer", "weitere", "und", "oder", "bzw", "wird", "wurde", "ist", "werden", "diese", "dieser", "dieses", "dafuer",
    "fuer", "hiermit", "of", "the", "is", "a", "s", "on", "for", "this", "your", "du", "de", "la", "le", "l", "au",
    "n", "est", "et", "pour", "e", "il", "del", "della", "di", "per", "m", "x", "or", "and",
    // What is signed.
    "beleg", "belegs", "haendlerbeleg", "receipt", "slip", "ticket", "scontrino", "zahlung", "kartenzahlung",
    "transaktion", "transaction", "transazione", "paiement", "pagamento", "payment", "kontaktlos", "contactless",
    "autorisiert", "genehmigt", "method", "methode", "verfahren", "verification", "verifikation", "cvm", "betrag",
    "paper", "papier", "obtained",
];

/// What begins a word for how it was found out who pays: `Verifizierungsmethode`.
pub(super) const METHOD_STEMS: &[&str] = &["verif", "authenti", "legitim"];

/// A row of more words is a sentence.
const MOST_WORDS: usize = 16;
/// So far from the word its denial may stand.
const REACH: usize = 6;

/// What a row says of a signature; nothing if it has no word for one.
pub(super) fn signing(words: &[String]) -> Option<Signing> {
    let says_something = |word: &String| is_sign(word) || DOUBTFUL.contains(&word.as_str());
    if !words.iter().any(says_something) {
        return None;
    }
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    let places: Vec<usize> = (0..words.len()).filter(|&at| is_sign(words[at])).collect();
    let has = |list: &[&str]| words.iter().any(|word| list.contains(word));
    let is_customers = has(CUSTOMER);
    if has(FISCAL) || words.iter().any(|word| is_code(word)) && !is_customers {
        return Some(Signing::Beside("it is a device that signs"));
    }
    if has(CASHIER) && !is_customers {
        return Some(Signing::Beside("it is not the customer who signs"));
    }
    if is_warning(&words) {
        return Some(Signing::Beside("it warns of what is not signed"));
    }
    if is_conditional(&words) {
        return Some(Signing::Beside("it states a condition"));
    }
    let is_word = |word: &&str| {
        let is_method = METHOD_STEMS.iter().any(|stem| word.starts_with(stem));
        is_method
            || is_sign(word)
            || [DOUBTFUL, CUSTOMER, PLAIN, NO_BEFORE, NO_BEHIND, NOT, VALID, FORGET]
                .iter()
                .any(|list| list.contains(word))
    };
    let plain = words.len() <= MOST_WORDS && words.iter().all(is_word);
    let signs: Vec<usize> =
        (0..words.len()).filter(|&at| is_sign(words[at]) || DOUBTFUL.contains(&words[at])).collect();
    match signs.iter().all(|&at| is_denied(&words, at)) {
        true if plain => Some(Signing::Spares),
        true => Some(Signing::Beside("it is denied, in a sentence of more")),
        false if places.is_empty() && !is_customers => Some(match plain {
            true => Signing::AsksOnALine,
            false => Signing::Beside("the word means something else here"),
        }),
        false => Some(Signing::Asks { plain }),
    }
}

/// Whether a row is nothing but the end of a sentence that denies: `nicht erforderlich`.
pub(super) fn goes_on_denying(words: &[String]) -> bool {
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    words.first().is_some_and(|word| NO_BEHIND.contains(word) || ["wird", "ist", "is"].contains(word))
        && words.iter().any(|word| NO_BEHIND.contains(word))
        && words.iter().all(|word| PLAIN.contains(word) || NO_BEHIND.contains(word))
}

/// Whether a word denies, wherever it stands.
pub(super) fn denies(word: &str) -> bool {
    NO_BEFORE.contains(&word) || NO_BEHIND.contains(&word)
}

/// Whether a row states a rule.
pub(super) fn is_conditional(words: &[impl AsRef<str>]) -> bool {
    let has = |list: &[&str]| words.iter().any(|word| list.contains(&word.as_ref()));
    let has_number = words.iter().any(|word| word.as_ref().contains(|character: char| character.is_ascii_digit()));
    has(CONDITION) || (has(LIMIT) && has_number)
}

fn is_sign(word: &str) -> bool {
    // What all of them have in common: it is asked of each word of a receipt, several times.
    let may_be = word.contains("sign") || word.contains("unterschr") || word.starts_with("firmare");
    may_be
        && !OTHERS.contains(&word)
        && (STEMS.iter().any(|stem| word.starts_with(stem)) || word.ends_with("unterschrift") || SIGN.contains(&word))
}

/// Letters and digits mixed, as no word has them: a device's signature, printed.
fn is_code(word: &str) -> bool {
    word.len() >= 8
        && word.bytes().any(|byte| byte.is_ascii_digit())
        && word.bytes().any(|byte| byte.is_ascii_alphabetic())
}

/// `Karten ohne Unterschrift sind ungültig`, `Ohne Unterschrift nicht gültig`, `Kein Beleg ohne Unterschrift`.
fn is_warning(words: &[&str]) -> bool {
    let is_not_valid = |pair: &[&str]| NOT.contains(&pair[0]) && VALID.contains(&pair[1]);
    let without = words.iter().position(|word| WITHOUT.contains(word));
    let is_denied_twice = without.is_some_and(|without| words[..without].iter().any(|word| NO_BEFORE.contains(word)));
    let has_not_valid = without.is_some() && words.windows(2).any(is_not_valid);
    words.iter().any(|word| INVALID.contains(word)) || is_denied_twice || has_not_valid
}

/// Whether the word here is denied: directly in front, with nothing between but words that lead on to it, or behind it.
fn is_denied(words: &[&str], at: usize) -> bool {
    is_denied_in_front(words, at) || is_denied_behind(words, at)
}

fn is_denied_in_front(words: &[&str], at: usize) -> bool {
    let front = &words[at.saturating_sub(REACH)..at];
    for (place, word) in front.iter().enumerate().rev() {
        // `nicht unterschreiben`
        let is_verb = words[at].ends_with("schreiben") || SIGN.contains(&words[at]);
        if NO_BEFORE.contains(word) || (is_verb && NOT.contains(word)) {
            // `keine PIN, Unterschrift`: without an "and" the no is the other thing's.
            return !front[place + 1..].contains(&"pin")
                || front[place + 1..]
                    .iter()
                    .any(|word| ["und", "oder", "or", "noch", "ou", "et", "o", "e"].contains(word));
        }
        let leads_on = PLAIN.contains(word) || CUSTOMER.contains(word) || is_sign(word);
        if !leads_on {
            return false;
        }
    }
    false
}

fn is_denied_behind(words: &[&str], at: usize) -> bool {
    let behind = &words[at + 1..(at + 1 + REACH).min(words.len())];
    let leads_on = |word: &&str| (PLAIN.contains(word) && *word != "pin") || CUSTOMER.contains(word) || is_sign(word);
    let Some(no) = behind.iter().position(|word| !leads_on(word)) else { return false };
    // `keine PIN`, `nicht vergessen`: what is denied is something else.
    let next = behind.get(no + 1);
    let is_others = next.is_some_and(|next| *next == "pin" || is_sign(next) || FORGET.contains(next));
    NO_BEHIND.contains(&behind[no]) && !is_others
}
