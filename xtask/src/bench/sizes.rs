//! How large the library is, and what of it is whose.

use std::collections::BTreeMap;

use super::page::{Row, Table, Unit};
use crate::process::{Result, line, root};
use crate::transcript::Transcript;

const LIBRARY: &str = "target/lib/release/libsecupos.so";
/// The same with its symbols, in a folder of its own.
const WITH_SYMBOLS: &str = "target/bench/symbols/release/libsecupos.so";

/// Smaller ones are told together.
const LEAST: u64 = 20_000;

pub fn measure(transcript: &mut Transcript) -> Result<Table> {
    let build = "cargo rustc --quiet --release --lib --crate-type cdylib --target-dir target/bench/symbols";
    transcript.run(line(build).env("CARGO_PROFILE_RELEASE_STRIP", "none"))?;
    let told = transcript.output(&mut line(&format!("nm --print-size --size-sort --radix=d {WITH_SYMBOLS}")))?;
    let mut crates: BTreeMap<String, u64> = BTreeMap::new();
    for (size, symbol) in told.lines().filter_map(sized) {
        *crates.entry(owner(symbol)).or_default() += size;
    }
    let mut sizes: Vec<(String, u64)> = crates.into_iter().collect();
    sizes.sort_by_key(|(_, size)| std::cmp::Reverse(*size));
    let small: u64 = sizes.iter().map(|(_, size)| *size).filter(|size| *size < LEAST).sum();
    sizes.retain(|(_, size)| *size >= LEAST);
    sizes.push(("all smaller ones".to_owned(), small));
    let whole = std::fs::metadata(root().join(LIBRARY)).map_err(|fault| format!("{LIBRARY}: {fault}"))?.len();
    let named: u64 = sizes.iter().map(|(_, size)| size).sum();
    sizes.push(("without a name: text, tables, relocations, unwinding".to_owned(), whole.saturating_sub(named)));
    let counted = |(name, size): (String, u64)| Row::Counted(name, format!("{size} B"));
    let total = Row::Counted("**libsecupos.so, Linux x64, stripped**".to_owned(), format!("**{whole} B**"));
    Ok(Table {
        title: "The library's size, by crate",
        about: "By the names of its functions and tables. What several crates share stands with the one that is named first.",
        unit: Unit::Own,
        rows: std::iter::once(total).chain(sizes.into_iter().map(counted)).collect(),
        compared: false,
    })
}

/// The size and the name of a symbol, from nm's `ADDRESS SIZE KIND NAME`.
fn sized(line: &str) -> Option<(u64, &str)> {
    let mut words = line.split_whitespace().skip(1);
    Some((words.next()?.parse().ok()?, words.nth(1)?))
}

/// Whose it is: the first crate in a name of Rust's, or a library in C by how it calls its functions.
fn owner(symbol: &str) -> String {
    if symbol.starts_with("sqlite3") {
        return "SQLite".to_owned();
    }
    if symbol.starts_with("ring_core") {
        return "ring".to_owned();
    }
    crate_of(symbol).unwrap_or_else(|| "C, without a prefix: SQLite, mostly".to_owned())
}

/// The first crate in a mangled name: `_ZN` and its length, or `Cs…_` and its length.
fn crate_of(symbol: &str) -> Option<String> {
    let behind = match symbol.strip_prefix("_ZN") {
        Some(behind) => behind,
        None => {
            let behind = symbol.strip_prefix("_R")?;
            behind.split_once("Cs")?.1.split_once('_')?.1
        }
    };
    let digits = behind.bytes().take_while(u8::is_ascii_digit).count();
    let length: usize = behind[..digits].parse().ok()?;
    let name = behind[digits..].get(..length)?;
    // An implementation stands behind its type: `_$LT$rustls..conn..Connection$u20$as…`.
    let name = name.trim_start_matches(|letter: char| !letter.is_ascii_alphanumeric());
    let name = name.strip_prefix("LT$").unwrap_or(name);
    let end = name.find(|letter: char| !letter.is_ascii_alphanumeric() && letter != '_').unwrap_or(name.len());
    Some(name[..end].to_owned()).filter(|name| !name.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_symbol_belongs_to_the_first_crate_that_it_names() {
        assert_eq!(
            sized("0000000000001000 0000000000000042 t _ZN6rustls4conn3fooE"),
            Some((42, "_ZN6rustls4conn3fooE"))
        );
        for (symbol, expected) in [
            ("_ZN6rustls4conn3foo17h0123456789abcdefE", "rustls"),
            ("_ZN47_$LT$serde_json..value..Value$u20$as$u20$Foo$GT$3barE", "serde_json"),
            ("_RNvNtCs1234_7secupos3ffi3foo", "secupos"),
            ("sqlite3VdbeExec", "SQLite"),
            ("ring_core_0_17_14__aes_nohw_encrypt", "ring"),
        ] {
            assert_eq!(owner(symbol), expected);
        }
    }
}
