//! Why a receipt is judged as it is: each row with what was read from it, and each step of the decision with what it found.
//! For people who look at a slip that is judged wrongly, and for tests.

use std::fmt;

use serde_json::{Value, json};
use unicode_width::UnicodeWidthStr;

use crate::receipt::copy::{Receipt, ReceiptCopy};
use crate::receipt::sections::sections;
use crate::receipt::signature::decision::{Decision, Signature};
use crate::receipt::signature::finding::Finding;
use crate::receipt::signature::{known_before, steps};

/// Why a receipt is judged as it is. `Debug` does not show its texts.
pub struct Explanation {
    copy: ReceiptCopy,
    signature: Signature,
    /// Why nothing had to be read, where it had not.
    known_before: Option<&'static str>,
    rows: Vec<Row>,
    receipts: Vec<Vec<Step>>,
}

/// A row, and what was read from it.
struct Row {
    line: usize,
    text: String,
    in_head: bool,
    fields: Vec<(&'static str, String)>,
}

/// A step, and what it found.
struct Step {
    number: usize,
    name: &'static str,
    decision: Option<Decision>,
    why: &'static str,
    row: Option<(usize, String)>,
    /// Whether it decided: the first that could.
    decided: bool,
}

impl Receipt {
    /// Why it is judged as it is.
    pub fn explain(&self) -> Explanation {
        let facts = self.facts();
        let (fields, sections) = (self.fields_of(&facts), sections(self.lines(), &facts));
        let rows = self.lines().iter().enumerate().filter_map(|(line, content)| {
            let text = content.texts().map(str::trim).filter(|text| !text.is_empty()).collect::<Vec<_>>().join("  ");
            let in_head = sections.iter().any(|section| (section.lines.start..section.head).contains(&line));
            let said = fields.iter().filter(|field| field.line == line);
            let fields = said.map(|field| (field.name, field.value.clone())).collect();
            (!text.is_empty()).then_some(Row { line, text, in_head, fields })
        });
        let steps = self.findings().into_iter().map(|findings| {
            let mut open = true;
            let step = |(step, finding): (&steps::Step, Finding)| {
                let decided = open && finding.decision.is_some();
                open &= !decided;
                let (number, name) = (step.number, step.name);
                Step { number, name, decision: finding.decision, why: finding.why, row: finding.row, decided }
            };
            findings.into_iter().map(step).collect()
        });
        let known_before = known_before(self).map(|(_, why)| why);
        Explanation {
            copy: self.copy(),
            signature: self.signature(),
            known_before,
            rows: rows.collect(),
            receipts: if known_before.is_some() { Vec::new() } else { steps.collect() },
        }
    }
}

impl Explanation {
    /// `{"copy", "signature": {"decision", "line", "index"}, "known_before", "rows": [{"index", "text", "head", "fields"}],
    /// "receipts": [[{"step", "name", "decided", "decision", "why", "index", "line"}]]}`. There are as many receipts as the
    /// array holds; none if something else says it before (`known_before`).
    pub fn to_json(&self) -> Value {
        let row = |row: &Row| {
            let fields: serde_json::Map<String, Value> =
                row.fields.iter().map(|(name, value)| ((*name).to_owned(), value.as_str().into())).collect();
            json!({"index": row.line, "text": row.text, "head": row.in_head, "fields": fields})
        };
        let step = |step: &Step| {
            let (index, line) = step.row.as_ref().map(|(index, line)| (*index, line.as_str())).unzip();
            json!({"step": step.number, "name": step.name, "decided": step.decided,
                "decision": step.decision.map(Decision::name), "why": step.why, "index": index, "line": line})
        };
        json!({
            "copy": self.copy.name(),
            "signature": self.signature.to_json(),
            "known_before": self.known_before,
            "rows": self.rows.iter().map(row).collect::<Vec<_>>(),
            "receipts": self.receipts.iter().map(|steps| steps.iter().map(step).collect::<Vec<_>>()).collect::<Vec<_>>(),
        })
    }
}

/// No row is moved further to the right by long texts.
const WIDEST_TEXT: usize = 48;

/// In words, a row for each row and each step.
impl fmt::Display for Explanation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let widest = self.rows.iter().map(|row| row.text.width()).filter(|width| *width <= WIDEST_TEXT).max();
        for row in &self.rows {
            let head = row.in_head.then(|| "head".to_owned());
            let read: Vec<String> =
                head.into_iter().chain(row.fields.iter().map(|(name, value)| format!("{name} {value}"))).collect();
            let gap = widest.unwrap_or(0).saturating_sub(row.text.width());
            let said = format!("{:4}  {}{:gap$}  {}", row.line, row.text, "", read.join(", "));
            writeln!(f, "{}", said.trim_end())?;
        }
        writeln!(f)?;
        if let Some(why) = self.known_before {
            return writeln!(f, "signature {}: {why}", self.signature.decision.name());
        }
        for (number, steps) in self.receipts.iter().enumerate() {
            if self.receipts.len() > 1 {
                writeln!(f, "receipt {} of {}", number + 1, self.receipts.len())?;
            }
            for step in steps {
                let mark = if step.decided { "=>" } else { "  " };
                let decision = step.decision.map(|decision| format!("{}: ", decision.name())).unwrap_or_default();
                let row = step.row.as_ref().map(|(line, text)| format!(" ({line}: {text})")).unwrap_or_default();
                writeln!(f, "{mark} {} {}: {decision}{}{row}", step.number, step.name, step.why)?;
            }
        }
        writeln!(f, "signature {}", self.signature.decision.name())
    }
}

impl fmt::Debug for Explanation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Explanation {{ {:?}, {} rows, {} receipts }}", self.signature, self.rows.len(), self.receipts.len())
    }
}
