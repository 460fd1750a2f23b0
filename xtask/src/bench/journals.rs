//! What a till costs beside the network, with a short past and with a long one.

use super::figures::Figures;
use super::page::{Row, Table, Unit};
use crate::process::{Result, line, root};
use crate::transcript::Transcript;

const SHORT: u64 = 100;
const TURNS: u32 = 3;

pub fn measure(transcript: &mut Transcript, payments: u64) -> Result<Table> {
    let mut files = Vec::new();
    for count in [SHORT, payments] {
        let file = format!("target/bench/journal-{count}.db");
        if !root().join(&file).exists() {
            transcript.run(&mut line(&format!("target/proof/journal-of --payments {count} {file}")))?;
        }
        files.push((count, file));
    }
    let mut all: Vec<Figures> = Vec::new();
    for _ in 0..TURNS {
        for (count, file) in &files {
            let told = transcript.output(&mut line(&format!("target/proof/till-costs {file}")))?;
            let told: serde_json::Value = serde_json::from_str(&told).map_err(|fault| fault.to_string())?;
            for (what, micros) in told.as_object().into_iter().flatten() {
                let name = format!("{what}, {count} payments");
                let place = match all.iter().position(|figures| figures.name == name) {
                    Some(place) => place,
                    None => {
                        all.push(Figures::of(&name));
                        all.len() - 1
                    }
                };
                all[place].add(micros.as_f64().ok_or("no number")? / 1_000.0);
            }
        }
    }
    all.sort_by(|one, other| one.name.split(',').next().cmp(&other.name.split(',').next()));
    Ok(Table {
        title: "A till with a short past, and one with a long one",
        about: "The library alone: its service answers at once and within the process. Each measurement is the median of 50. \
            The longer file has 20,000 payments of its last day, and 2,000 of each day before.",
        unit: Unit::Milliseconds,
        rows: all.into_iter().map(Row::Measured).collect(),
        compared: false,
    })
}
