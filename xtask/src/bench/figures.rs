//! Many measurements of one thing.

/// Many measurements of one thing.
pub struct Figures {
    /// What was measured, or who did it.
    pub name: String,
    taken: Vec<f64>,
}

impl Figures {
    /// Of none yet.
    pub fn of(name: &str) -> Figures {
        Figures { name: name.to_owned(), taken: Vec::new() }
    }

    pub fn add(&mut self, figure: f64) {
        let place = self.taken.partition_point(|other| *other < figure);
        self.taken.insert(place, figure);
    }

    pub fn count(&self) -> usize {
        self.taken.len()
    }

    pub fn median(&self) -> f64 {
        self.at(50)
    }

    /// What a tenth of them is below, and what a tenth is above.
    pub fn spread(&self) -> (f64, f64) {
        (self.at(10), self.at(90))
    }

    fn at(&self, percent: usize) -> f64 {
        let last = self.taken.len().saturating_sub(1);
        self.taken.get(last * percent / 100).copied().unwrap_or(f64::NAN)
    }
}

/// The numbers in a program's output, each on a line of its own.
pub fn numbers(printed: &str) -> Result<Vec<f64>, String> {
    let number = |line: &str| line.trim().parse().map_err(|_| format!("this is no number: {line}"));
    printed.lines().map(number).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_median_and_the_spread_of_what_was_taken_in_any_order() {
        let mut figures = Figures::of("eleven");
        [7.0, 1.0, 9.0, 3.0, 11.0, 5.0, 2.0, 10.0, 4.0, 8.0, 6.0].into_iter().for_each(|figure| figures.add(figure));
        assert_eq!((figures.count(), figures.median(), figures.spread()), (11, 6.0, (2.0, 10.0)));
        assert!(Figures::of("none").median().is_nan());
    }

    #[test]
    fn a_line_that_is_no_number_is_a_fault() {
        assert_eq!(numbers("1\n2.5\n"), Ok(vec![1.0, 2.5]));
        assert!(numbers("1\nout of memory\n").is_err());
    }
}
