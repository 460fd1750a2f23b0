//! Both receipts of an answer, read and drawn: by secupos through its C ABI, and by what somebody would write without it.

use std::process::Command;

use super::figures::{Figures, numbers};
use super::page::{Row, Table, Unit};
use super::peers::{JACKSON, PYTHONPATH};
use crate::process::{Result, line, root};
use crate::transcript::Transcript;

/// Each program, what it is called, and how many rounds are one measurement of it.
const PROGRAMS: [(&str, &str, u32); 7] = [
    ("target/bench/receipts/secupos", "secupos through its C ABI", 200),
    ("target/bench/receipts/yyjson", "C with yyjson", 2_000),
    ("target/bench/receipts/cjson", "C with cJSON", 1_000),
    ("python3 benches/receipts/python_json.py", "Python, json and dataclasses", 100),
    ("python3 benches/receipts/python_msgspec.py", "Python, msgspec", 200),
    ("node benches/receipts/node.js", "node", 500),
    ("java -cp JACKSON Jackson", "Java, Jackson", 500),
];

/// All programs one after the other, so often.
const TURNS: u32 = 7;
/// So many measurements in each turn.
const PARTS: u32 = 15;

const FIXTURE: &str = "tests/fixtures/payment-elv-ok.json";
const ANSWER: &str = "target/bench/answer.json";

pub fn measure(transcript: &mut Transcript) -> Result<Table> {
    write_answer()?;
    let expected = transcript.output(&mut with(PROGRAMS[0].0, ""))?;
    for (program, name, _) in PROGRAMS {
        // They do the same, or they are not compared.
        if transcript.output(&mut with(program, ""))? != expected {
            return Err(format!("{name} draws other receipts than secupos"));
        }
    }
    let mut figures = PROGRAMS.map(|(_, name, _)| Figures::of(name));
    for _ in 0..TURNS {
        for ((program, _, rounds), figures) in PROGRAMS.iter().zip(&mut figures) {
            let taken = transcript.output(&mut with(program, &format!("{PARTS} {rounds}")))?;
            numbers(&taken)?.into_iter().for_each(|taken| figures.add(taken / 1_000.0));
        }
    }
    Ok(Table {
        title: "Both receipts of a payment, read and drawn",
        about: "The answer of the service's own page (3.3 kB) to text on 42 columns. All draw the same, byte for byte. The \
            others know just these two slips; secupos also decides whether the customer must sign, hides card numbers, \
            reads what is not quite JSON, and knows wide and combining characters.",
        unit: Unit::Microseconds,
        rows: figures.into_iter().map(Row::Measured).collect(),
        compared: true,
    })
}

/// As a server sends it: without blanks.
fn write_answer() -> Result {
    let failed = |fault: String| format!("{FIXTURE}: {fault}");
    let text = std::fs::read_to_string(root().join(FIXTURE)).map_err(|fault| failed(fault.to_string()))?;
    let answer: serde_json::Value = serde_json::from_str(&text).map_err(|fault| failed(fault.to_string()))?;
    std::fs::write(root().join(ANSWER), answer.to_string()).map_err(|fault| failed(fault.to_string()))
}

fn with(program: &str, arguments: &str) -> Command {
    let mut command = line(&format!("{} {ANSWER} {arguments}", program.replace("JACKSON", JACKSON)));
    command.env("PYTHONPATH", root().join(PYTHONPATH));
    command
}
