//! Receipts that look random and are the same each time, made of what makes trouble.

use secupos::receipt::{CodePage, Cut, Format, Options, Receipt, ReceiptCopy};
use serde_json::{Value, json};

pub struct Dice(pub u64);

const WORDS: &[&str] = &[
    "Betrag",
    "EUR",
    "0,01",
    "Händlerbeleg",
    "5,00 €",
    "„Tagesmenü“",
    "Łódź…",
    "(a\\b)",
    "   ",
    "\u{1b}p0",
    "\u{0}",
    "\t",
    "\u{202e}gnp.exe",
    "\u{9b}31m",
    "\u{2067}5,00\u{2069}",
    "1\u{fe0f}\u{20e3}",
    "☎\u{fe0f}",
    "\u{fe0f}",
    "\u{200d}",
    "لا",
    "\u{3000}",
    "\u{a0}",
    "\u{ad}",
    "日本語の領収書",
    "e\u{301}\u{302}\u{303}",
    "Ka\u{308}se",
    "👨‍👩‍👧‍👦",
    "🇩🇪",
    "مرحبا",
    "שלום",
    "ﬁ",
    "\u{200b}",
    "<b>&amp;</section>",
    "<script>",
    "न्त्रि",
    "ก็็็็",
    "4111 1111 1111 1111",
    "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx",
];

impl Dice {
    pub fn roll(&mut self, sides: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 % sides as u64).expect("fits")
    }

    pub fn pick<T: Copy>(&mut self, from: &[T]) -> T {
        from[self.roll(from.len())]
    }

    fn text(&mut self) -> String {
        (0..self.roll(6)).map(|_| self.pick(WORDS).to_owned() + [" ", "", "  "][self.roll(3)]).collect()
    }

    fn line(&mut self) -> Value {
        let decoration = self.pick(&["important", "align-center", "align_right", "align-left", "none"]);
        let kind = self.pick(&["textline", "name-value", "separator", "space", "hologram"]);
        let (text, name, value) = (self.text(), self.text(), self.text());
        json!({"type": kind, "value":
            {"caption": text, "text": text, "name": name, "value": value, "decoration": [decoration]}})
    }

    /// A merchant's copy, so that no card number is hidden.
    pub fn receipt(&mut self) -> Receipt {
        let lines = self.lines();
        Receipt::parse(&serde_json::to_vec(&lines).expect("JSON"), ReceiptCopy::Merchant).expect("a receipt")
    }

    /// The lines of one, as a server sends them.
    pub fn lines(&mut self) -> Vec<Value> {
        (0..1 + self.roll(5)).map(|_| self.line()).collect()
    }

    pub fn columns(&mut self) -> u16 {
        16 + u16::try_from(self.roll(81)).expect("fits")
    }

    /// A page that a printer knows.
    pub fn page(&mut self) -> CodePage {
        self.pick(&[CodePage::Cp1252, CodePage::Cp858, CodePage::Cp437])
    }

    /// Options that change how words look, but add none.
    pub fn options(&mut self, format: Format) -> Options {
        let mut options = Options::new(format);
        options.set_columns(self.columns()).expect("columns");
        options.set_cut(self.pick(&Cut::ALL));
        options.set_feed(u8::try_from(self.roll(256)).expect("fits"));
        options
    }
}
