//! Adds up what `cargo test` says about each of its test programs.

use std::fmt;

/// How many tests passed and failed.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(crate) struct Counts {
    pub passed: usize,
    pub failed: usize,
}

impl Counts {
    /// Adds what `line` says when it is the summary of a test program.
    pub(crate) fn read(&mut self, line: &str) {
        let Some(summary) = line.trim().strip_prefix("test result: ") else { return };
        let number = |label: &str| {
            summary
                .split([';', '.'])
                .find_map(|part| part.trim().strip_suffix(label)?.trim().parse::<usize>().ok())
        };
        self.passed += number("passed").unwrap_or(0);
        self.failed += number("failed").unwrap_or(0);
    }
}

impl std::ops::AddAssign for Counts {
    fn add_assign(&mut self, other: Self) {
        self.passed += other.passed;
        self.failed += other.failed;
    }
}

impl fmt::Display for Counts {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{} passed, {} failed", self.passed, self.failed)
    }
}

#[cfg(test)]
mod tests {
    use super::Counts;

    #[test]
    fn summaries_are_added() {
        let mut counts = Counts::default();
        let lines = [
            "running 12 tests",
            "test a ... ok",
            "test result: ok. 12 passed; 0 failed; 0 ignored; 0 measured; 3 filtered out; finished in 0.15s",
            "test result: FAILED. 33 passed; 2 failed; 0 ignored; 0 measured; 0 filtered out; finished in 0.15s",
            "a test printed: 5 passed; 5 failed",
        ];
        for line in lines {
            counts.read(line);
        }
        assert_eq!(counts, Counts { passed: 45, failed: 2 });
        assert_eq!(counts.to_string(), "45 passed, 2 failed");
    }
}
