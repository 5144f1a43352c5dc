//! How much a feed brings.

use std::fmt;

use chrono::TimeDelta;

use super::Feed;

/// Seconds in a month, on average.
const MONTH: f64 = 30.44 * 86_400.0;
/// What is held of less time says nothing of a month.
const SHORTEST: TimeDelta = TimeDelta::days(1);

/// How many entries a feed brings in a month, on average over what it holds.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Pace(f64);

impl Feed {
    /// How much it brings; unknown where all that it holds came within a day.
    #[must_use]
    pub fn pace(&self) -> Option<Pace> {
        let (newest, oldest) = (self.entries.first()?, self.entries.last()?);
        let span = newest.announced - oldest.announced;
        let steps = u32::try_from(self.entries.len() - 1).ok()?;
        (span >= SHORTEST).then(|| Pace(f64::from(steps) * MONTH / span.as_seconds_f64()))
    }
}

impl fmt::Display for Pace {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let count = |number: f64| if number < 1.5 { "one entry".to_owned() } else { format!("{number:.0} entries") };
        match self.0 {
            month if month >= 0.95 => write!(f, "About {} a month", count(month)),
            month if month * 12.0 >= 0.95 => write!(f, "About {} a year", count(month * 12.0)),
            _ => f.write_str("Less than one entry a year"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pace_is_told_as_people_would() {
        let told = |month: f64| Pace(month).to_string();
        assert_eq!(told(12.3), "About 12 entries a month");
        assert_eq!(told(1.2), "About one entry a month");
        assert_eq!(told(0.5), "About 6 entries a year");
        assert_eq!(told(0.09), "About one entry a year");
        assert_eq!(told(0.01), "Less than one entry a year");
    }
}
