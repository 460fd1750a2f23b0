//! Mutated receipts through parse and every output: nothing panics, nothing commands a printer, no row is too wide.
//! Replays the corpus and a fixed number of mutations; with SECUPOS_FUZZ_SECONDS it goes on for so long, from a seed of
//! its own, and names the file in which it keeps what it fell over.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use secupos::receipt::{Format, Receipt, ReceiptCopy};
use unicode_width::UnicodeWidthStr;

use crate::ROOT;
use crate::dice::Dice;
use crate::words::{of_escpos, of_html, of_pdf};

/// Whether it is a receipt; if it is, every output is drawn and looked at.
fn survives(json: &[u8], dice: &mut Dice) -> bool {
    let copy = dice.pick(&[ReceiptCopy::Customer, ReceiptCopy::Merchant]);
    let Ok(receipt) = Receipt::parse(json, copy) else { return false };
    for format in Format::ALL {
        let mut options = dice.options(format);
        options.set_reversed(dice.roll(4) == 0);
        options.set_duplicate((dice.roll(4) == 0).then_some(1_614_250_800_000)).expect("a time");
        let bytes = receipt.render(&options).expect("rendered");
        assert!(bytes.len() < 50_000 + 100 * json.len(), "{format:?}: {} bytes from {}", bytes.len(), json.len());
        if bytes.is_empty() {
            continue;
        }
        match format {
            Format::EscPos => drop(of_escpos(&bytes)),
            Format::Html => drop(of_html(&bytes)),
            Format::Pdf => assert!(of_pdf(&bytes).iter().all(|byte| *byte >= b' ' && *byte != 0x7f)),
            Format::Json => drop(serde_json::from_slice::<serde_json::Value>(&bytes).expect("JSON")),
            Format::Text => {
                let text = String::from_utf8(bytes).expect("UTF-8");
                assert!(!text.chars().any(|character| character != '\n' && character.is_control()), "{text:?}");
            }
        }
        let columns = dice.columns();
        let text = receipt.to_text(columns).expect("text");
        assert!(text.lines().all(|row| row.width() <= usize::from(columns)), "wider than {columns}");
    }
    true
}

/// Pieces that mean something to somebody on the way.
const PIECES: &[&[u8]] = &[
    b"\"",
    b"\\",
    b"{",
    b"}",
    b"[",
    b"]",
    b",",
    b":",
    b"null",
    b"1e400",
    b"-0",
    b"\\u001b",
    b"\\u0000",
    b"\\ud83d",
    b"\\udc00",
    b"\\u202e",
    b"\\u0301",
    b"\\u200d",
    b"\\u20ac",
    b"\xff",
    b"\xc3",
    b"</section>",
    b") Tj",
    b"    ",
    b"\"decoration\":[\"important\",\"align-center\"]",
    b"\"type\":\"separator\"",
    b"\"type\":\"name-value\"",
    b"4111111111111111",
    b"Unterschrift",
    b"xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx",
];

fn mutated(corpus: &[Vec<u8>], dice: &mut Dice) -> Vec<u8> {
    let mut json = corpus[dice.roll(corpus.len())].clone();
    for _ in 0..1 + dice.roll(4) {
        let at = dice.roll(json.len() + 1);
        let most = 1 << dice.roll(9);
        let until = (at + dice.roll(most)).min(json.len());
        match dice.roll(6) {
            0 => json.truncate(at),
            1 => drop(json.drain(at..until)),
            2 => drop(json.splice(at..at, dice.pick(PIECES).iter().copied())),
            3 => {
                let again = json[at..until].repeat(1 + dice.roll(8));
                drop(json.splice(at..at, again));
            }
            4 => {
                let other = &corpus[dice.roll(corpus.len())];
                let begin = dice.roll(other.len());
                let end = (begin + dice.roll(200)).min(other.len());
                drop(json.splice(at..until, other[begin..end].iter().copied()));
            }
            _ => {
                if let Some(byte) = json.get_mut(at) {
                    *byte ^= 1 << dice.roll(8);
                }
            }
        }
    }
    json
}

fn corpus() -> Vec<Vec<u8>> {
    let mut files = Vec::new();
    for directory in ["fixtures", "corpus"] {
        let entries = std::fs::read_dir(format!("{ROOT}/tests/{directory}")).expect("a directory");
        files.extend(
            entries
                .map(|entry| entry.expect("an entry").path())
                .filter(|path| path.extension().is_some_and(|end| end == "json")),
        );
    }
    files.sort();
    assert!(files.len() >= 15, "only {} files", files.len());
    files.iter().map(|file| std::fs::read(file).expect("a file")).collect()
}

#[test]
fn the_corpus_and_what_becomes_of_it() {
    let corpus = corpus();
    let now = || SystemTime::now().duration_since(UNIX_EPOCH).expect("a time").as_nanos();
    let seconds = std::env::var("SECUPOS_FUZZ_SECONDS").ok().map(|text| text.parse().expect("a number of seconds"));
    let seed = match seconds {
        Some(_) => u64::try_from(now() & u128::from(u64::MAX)).expect("fits") | 1,
        None => 0xF022,
    };
    let mut dice = Dice(seed);
    for json in &corpus {
        survives(json, &mut dice);
    }
    let until = Instant::now() + Duration::from_secs(seconds.unwrap_or(0));
    let (mut rounds, mut read) = (0, 0);
    while rounds < 3000 || Instant::now() < until {
        let json = mutated(&corpus, &mut dice);
        let Ok(is_receipt) = catch_unwind(AssertUnwindSafe(|| survives(&json, &mut dice))) else {
            let file = format!("{}/fallen-over.json", env!("CARGO_TARGET_TMPDIR"));
            std::fs::write(&file, json).expect("written");
            panic!("round {rounds} from seed {seed:#x} fell over {file}: put it into tests/corpus");
        };
        read += usize::from(is_receipt);
        rounds += 1;
    }
    println!("fuzz: {rounds} inputs, {read} of them receipts");
    assert!(read > rounds / 20, "too few of {rounds} could still be read: {read}");
}
