//! How many tests have run, by language, read from the closing lines of each language's runner.

use std::collections::BTreeMap;

/// What a test is written in.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Language {
    Rust,
    C,
    Cpp,
    Python,
    CSharp,
}

impl Language {
    pub const ALL: [Self; 5] = [Self::Rust, Self::C, Self::Cpp, Self::Python, Self::CSharp];

    fn name(self) -> &'static str {
        match self {
            Self::Rust => "Rust",
            Self::C => "C",
            Self::Cpp => "C++",
            Self::Python => "Python",
            Self::CSharp => "C#",
        }
    }
}

/// What a runner has said of its tests.
#[derive(Clone, Copy, PartialEq, Eq, Default, Debug)]
pub struct Count {
    pub passed: u64,
    pub failed: u64,
    /// Ignored or skipped, which no test may be.
    pub left_out: u64,
}

impl Count {
    /// What the runner of this language has printed. All but Python's say "12 passed".
    pub fn read(language: Language, printed: &str) -> Self {
        if language == Language::Python {
            return Self::of_unittest(printed);
        }
        Self {
            passed: before(printed, " passed"),
            failed: before(printed, " failed"),
            left_out: before(printed, " ignored"),
        }
    }

    /// Python's unittest: "Ran 12 tests in 3.0s", then "OK (skipped=1)" or "FAILED (failures=1, errors=2)".
    fn of_unittest(printed: &str) -> Self {
        let ran: u64 = printed.lines().filter_map(|line| number(line.strip_prefix("Ran ")?)).sum();
        let failed = after(printed, "failures=") + after(printed, "errors=");
        let left_out = after(printed, "skipped=");
        Self { passed: ran.saturating_sub(failed + left_out), failed, left_out }
    }

    fn add(&mut self, other: Self) {
        self.passed += other.passed;
        self.failed += other.failed;
        self.left_out += other.left_out;
    }
}

/// The number that a text begins with.
fn number(text: &str) -> Option<u64> {
    let end = text.find(|letter: char| !letter.is_ascii_digit()).unwrap_or(text.len());
    text[..end].parse().ok()
}

/// The numbers that stand before a word, added up.
fn before(printed: &str, word: &str) -> u64 {
    let ends = printed.match_indices(word).map(|(place, _)| &printed[..place]);
    ends.filter_map(|text| {
        text[text.trim_end_matches(|letter: char| letter.is_ascii_digit()).len()..].parse::<u64>().ok()
    })
    .sum()
}

/// The numbers that stand behind a word, added up.
fn after(printed: &str, word: &str) -> u64 {
    printed.match_indices(word).filter_map(|(place, _)| number(&printed[place + word.len()..])).sum()
}

/// The counts of all languages.
#[derive(Clone, PartialEq, Eq, Default, Debug)]
pub struct Tally(BTreeMap<Language, Count>);

impl Tally {
    pub fn add(&mut self, language: Language, count: Count) {
        self.0.entry(language).or_default().add(count);
    }

    pub fn add_all(&mut self, other: &Self) {
        for (language, count) in &other.0 {
            self.add(*language, *count);
        }
    }

    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub fn passed_in(&self, language: Language) -> u64 {
        self.0.get(&language).map_or(0, |count| count.passed)
    }

    pub fn failed(&self) -> u64 {
        self.0.values().map(|count| count.failed).sum()
    }

    /// Those of which no test has passed.
    pub fn silent(&self) -> Vec<&'static str> {
        let ran = |language: &Language| self.0.get(language).is_some_and(|count| count.passed > 0);
        Language::ALL.into_iter().filter(|language| !ran(language)).map(Language::name).collect()
    }

    /// Two lines: how many passed in each language, then the sum.
    pub fn closing(&self) -> String {
        let each: Vec<String> =
            self.0.iter().map(|(language, count)| format!("{} {}", language.name(), count.passed)).collect();
        let passed: u64 = self.0.values().map(|count| count.passed).sum();
        format!("{}\n{passed} passed, {} failed", each.join(", "), self.failed())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cargos_closing_lines_are_added_up() {
        let printed = "test result: ok. 12 passed; 0 failed; 0 ignored; 0 measured; 3 filtered out\n\
                       test result: FAILED. 7 passed; 2 failed; 1 ignored; 0 measured; 0 filtered out\n";
        assert_eq!(Count::read(Language::Rust, printed), Count { passed: 19, failed: 2, left_out: 1 });
    }

    #[test]
    fn our_own_runners_closing_lines_are_read_alike() {
        for language in [Language::C, Language::Cpp, Language::CSharp] {
            let count = Count::read(language, "log.c: 5 passed\n141 passed, 3 failed, on .NET 8.0.4\n");
            assert_eq!(count, Count { passed: 146, failed: 3, left_out: 0 });
        }
    }

    #[test]
    fn unittest_counts_what_it_ran_and_what_went_wrong() {
        let read = |printed| Count::read(Language::Python, printed);
        assert_eq!(read("Ran 12 tests in 3.0s\n\nOK\n"), Count { passed: 12, failed: 0, left_out: 0 });
        assert_eq!(read("Ran 1 test in 3.0s\n\nOK (skipped=1)\n"), Count { passed: 0, failed: 0, left_out: 1 });
        assert_eq!(
            read("Ran 12 tests in 3.0s\n\nFAILED (failures=1, errors=2)\n"),
            Count { passed: 9, failed: 3, left_out: 0 }
        );
    }

    #[test]
    fn words_without_a_number_count_nothing() {
        for language in Language::ALL {
            assert_eq!(Count::read(language, "all passed, none failed; it passed\n"), Count::default());
        }
    }

    #[test]
    fn the_sum_names_each_language_and_who_has_not_run() {
        let mut tally = Tally::default();
        assert_eq!(tally.silent(), ["Rust", "C", "C++", "Python", "C#"]);
        tally.add(Language::CSharp, Count { passed: 0, failed: 1, left_out: 0 });
        tally.add(Language::Rust, Count { passed: 2, failed: 0, left_out: 0 });
        let mut whole = Tally::default();
        whole.add(Language::Rust, Count { passed: 3, failed: 0, left_out: 0 });
        whole.add_all(&tally);
        assert_eq!(whole.silent(), ["C", "C++", "Python", "C#"]);
        assert_eq!(whole.closing(), "Rust 5, C# 0\n5 passed, 1 failed");
    }
}
