//! The tables, as a page.

use super::figures::Figures;
use super::peers;
use crate::process::{Result, line, output, root};
use crate::transcript::Transcript;

const PAGE: &str = "docs/performance.md";

/// What is measured together.
pub struct Table {
    pub title: &'static str,
    pub about: &'static str,
    pub unit: Unit,
    pub rows: Vec<Row>,
    /// Whether all rows do the same, so that the first one is compared with each.
    pub compared: bool,
}

pub enum Row {
    /// Measured many times.
    Measured(Figures),
    /// Counted once: what it is, and how much.
    Counted(String, String),
}

pub enum Unit {
    Microseconds,
    Milliseconds,
    /// Each row says it.
    Own,
}

impl Unit {
    fn name(&self) -> &'static str {
        match self {
            Unit::Microseconds => "µs",
            Unit::Milliseconds => "ms",
            Unit::Own => "",
        }
    }
}

/// Prints the tables, and writes them with what they were measured on.
pub fn write(transcript: &mut Transcript, tables: &[Table]) -> Result {
    let mut page = format!(
        "# What it costs\n\nWritten by `make bench`, which measures all of this in one run: programs that do the same take \
         turns, so that what disturbs one disturbs the others. The median is that of n measurements; a tenth of them is \
         below the first number of the spread, and a tenth above the second. Ratios carry over to other machines, times \
         do not.\n\n{}\n",
        machine()?
    );
    for table in tables {
        page += &format!("\n## {}\n\n{}\n\n{}", table.title, table.about, rows(table));
    }
    page += "\n## Versions\n\n| | |\n| --- | --- |\n";
    for (what, version) in peers::versions()? {
        page += &format!("| {what} | {version} |\n");
    }
    transcript.say(&page);
    std::fs::write(root().join(PAGE), page).map_err(|fault| format!("{PAGE}: {fault}"))
}

fn machine() -> Result<String> {
    let told = std::fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let model = told.lines().find_map(|line| line.strip_prefix("model name")).unwrap_or_default();
    let processors = output(&mut line("nproc"))?;
    let commit = output(&mut line("git log -1 --format=%h"))?;
    Ok(format!(
        "Measured on {} of {} {}, Linux {}, at {}.",
        processors.trim(),
        "the processors",
        model.trim_start_matches([' ', '\t', ':']),
        output(&mut line("uname -r"))?.trim(),
        commit.trim()
    ))
}

fn rows(table: &Table) -> String {
    let unit = table.unit.name();
    let Some(Row::Measured(first)) = table.rows.first() else { return counted(&table.rows) };
    let compared = if table.compared { " | of the first |" } else { " |" };
    let rule = if table.compared { " | --- |" } else { " |" };
    let mut text = format!("| | n | median | spread{compared}\n| --- | --- | --- | ---{rule}\n");
    for row in &table.rows {
        match row {
            Row::Measured(figures) => {
                let (low, high) = figures.spread();
                let (name, count, median) = (&figures.name, figures.count(), figures.median());
                text += &format!("| {name} | {count} | {} {unit} | {} to {}", short(median), short(low), short(high));
                text += &match table.compared {
                    true => format!(" | {} |\n", short(median / first.median())),
                    false => " |\n".to_owned(),
                };
            }
            Row::Counted(what, much) => {
                text += &format!("| {what} | | {much} | |{}\n", if table.compared { " |" } else { "" })
            }
        }
    }
    text
}

fn counted(rows: &[Row]) -> String {
    let row = |row: &Row| match row {
        Row::Counted(what, much) => format!("| {what} | {much} |\n"),
        Row::Measured(figures) => format!("| {} | {} |\n", figures.name, short(figures.median())),
    };
    format!("| | |\n| --- | --- |\n{}", rows.iter().map(row).collect::<String>())
}

/// Three digits that count.
fn short(number: f64) -> String {
    let digits = match number.abs() {
        0.0..1.0 => 3,
        1.0..10.0 => 2,
        10.0..100.0 => 1,
        _ => 0,
    };
    format!("{number:.digits$}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_row_has_its_median_its_spread_and_how_it_compares() {
        let of = |name: &str, figure: f64| {
            let mut figures = Figures::of(name);
            figures.add(figure);
            Row::Measured(figures)
        };
        let rows_of = |compared| {
            let all = vec![of("one", 2.0), of("other", 31.0), Row::Counted("size".into(), "3 MB".into())];
            rows(&Table { title: "", about: "", unit: Unit::Milliseconds, rows: all, compared })
        };
        assert_eq!(
            rows_of(true),
            "| | n | median | spread | of the first |\n| --- | --- | --- | --- | --- |\n\
             | one | 1 | 2.00 ms | 2.00 to 2.00 | 1.00 |\n| other | 1 | 31.0 ms | 31.0 to 31.0 | 15.5 |\n\
             | size | | 3 MB | | |\n"
        );
        assert!(
            rows_of(false).starts_with("| | n | median | spread |\n| --- | --- | --- | --- |\n| one | 1 | 2.00 ms |")
        );
    }
}
