//! The core's own comments on its words: each is the beginning of what `src/ffi/` says to everybody else.

use std::path::Path;

use syn::Item;

use super::abi::{Abi, comment, number, parse};
use crate::process::Result;

/// The enums of the core that are numbers of C: where, called what, and as what in C.
const ENUMS: [(&str, &str, &str); 6] = [
    ("src/payment/outcome.rs", "Outcome", "secupos_outcome"),
    ("src/payment/outcome.rs", "ReversalOutcome", "secupos_reversal"),
    ("src/payment/outcome.rs", "DecidedBy", "secupos_decided_by"),
    ("src/payment/phase.rs", "Phase", "secupos_phase"),
    ("src/payment/reason.rs", "Reason", "secupos_reason"),
    ("src/payment/action.rs", "Action", "secupos_action"),
];

/// Fails with the first comment that says something else.
pub fn agrees(abi: &Abi, root: &Path) -> Result {
    for (file, name, kind) in ENUMS {
        let items = parse(&root.join(file))?;
        let found = items.iter().find_map(|item| match item {
            Item::Enum(one) if one.ident == name => Some(one),
            _ => None,
        });
        for variant in &found.ok_or_else(|| format!("{file} has no {name}"))?.variants {
            let place = format!("{file}: {name}::{}", variant.ident);
            let number = variant.discriminant.as_ref().and_then(|(_, value)| number(value));
            let number = number.ok_or_else(|| format!("{place} has no plain number"))?;
            begins(abi, kind, number, &comment(&variant.attrs).0.join(" "), &place)?;
        }
    }
    for text in &abi.texts {
        begins(abi, "secupos_status", text.number, &text.meaning, &format!("src/error.rs: {}", text.number))?;
    }
    Ok(())
}

fn begins(abi: &Abi, kind: &str, number: i64, core: &str, place: &str) -> Result {
    let constant = abi.named(kind)?.constants.iter().find(|constant| constant.number == number);
    let constant = constant.ok_or_else(|| format!("{place}: src/ffi/ has no {kind} {number}"))?;
    let everybody = constant.comment.0.join(" ");
    match everybody.starts_with(core.trim_end_matches('.')) {
        true => Ok(()),
        false => Err(format!("{place} says:\n  {core}\nwhere {} says:\n  {everybody}", constant.name)),
    }
}
