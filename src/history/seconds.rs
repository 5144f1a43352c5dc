//! The dates of entries: readers skip what is dated before their last look, and stumble over two of one second.

use std::collections::BTreeMap;

use chrono::{DateTime, TimeDelta};

use crate::model::Moment;

/// How old a release may be to be announced as tonight's news.
const NEWS: TimeDelta = TimeDelta::days(30);

/// How many seconds are kept in one list: as many as two bytes count.
const SPAN: i64 = 1 << 16;

/// The seconds that entries of this site have, and the run's clock.
#[derive(Debug)]
pub struct Seconds {
    taken: Taken,
    now: Moment,
    /// Where the search for tonight's next free second begins.
    tonight: i64,
    /// The newest date that readers have seen.
    seen: i64,
}

impl Seconds {
    /// No second is taken yet; the run's clock says `now`.
    #[must_use]
    pub fn new(now: Moment) -> Self {
        Self { taken: Taken::default(), now, tonight: now.timestamp(), seen: i64::MIN }
    }

    /// The run's clock.
    #[must_use]
    pub fn now(&self) -> Moment {
        self.now
    }

    /// Marks the date of an entry that readers have seen as taken; says whether it was free.
    pub fn take(&mut self, announced: Moment) -> bool {
        self.seen = self.seen.max(announced.timestamp());
        self.taken.insert(announced.timestamp())
    }

    /// Gives an entry's date back.
    pub fn free(&mut self, announced: Moment) {
        self.taken.remove(announced.timestamp());
    }

    /// Whether what was released then is still news tonight.
    #[must_use]
    pub fn is_news(&self, released: Moment) -> bool {
        self.now - released < NEWS
    }

    /// The date of tonight's next entry: the run's clock, counted backwards by a second an entry. Where that would be
    /// below what readers have seen, as in a second run within seconds, it is counted on from there.
    pub fn tonight(&mut self) -> Moment {
        while self.taken.contains(self.tonight) {
            self.tonight -= 1;
        }
        if self.tonight < self.seen {
            self.seen += 1;
            return self.from(moment(self.seen));
        }
        self.taken.insert(self.tonight);
        moment(self.tonight)
    }

    /// The first free second from `released` on.
    pub fn from(&mut self, released: Moment) -> Moment {
        let mut second = released.timestamp();
        while !self.taken.insert(second) {
            second += 1;
        }
        moment(second)
    }
}

/// Seconds of Unix time, of each span those that are taken, in order: there are hundreds of thousands, and all are held.
#[derive(Debug, Default)]
struct Taken(BTreeMap<i64, Vec<u16>>);

impl Taken {
    fn contains(&self, second: i64) -> bool {
        let (span, second) = split(second);
        self.0.get(&span).is_some_and(|seconds| seconds.binary_search(&second).is_ok())
    }

    /// Takes one; says whether it was free.
    fn insert(&mut self, second: i64) -> bool {
        let (span, second) = split(second);
        let seconds = self.0.entry(span).or_default();
        let Err(place) = seconds.binary_search(&second) else { return false };
        // By an eighth, not to the double: all lists together are megabytes.
        if seconds.len() == seconds.capacity() {
            seconds.reserve_exact(4 + seconds.len() / 8);
        }
        seconds.insert(place, second);
        true
    }

    fn remove(&mut self, second: i64) {
        let (span, second) = split(second);
        if let Some(seconds) = self.0.get_mut(&span)
            && let Ok(place) = seconds.binary_search(&second)
        {
            seconds.remove(place);
        }
    }
}

/// The span, and the second of the span.
fn split(second: i64) -> (i64, u16) {
    #[expect(clippy::expect_used, reason = "a span has as many seconds as two bytes count")]
    let of_span = second.rem_euclid(SPAN).try_into().expect("a span's second");
    (second.div_euclid(SPAN), of_span)
}

fn moment(second: i64) -> Moment {
    DateTime::from_timestamp(second, 0).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_second_is_given_twice() {
        let mut seconds = Seconds::new("2026-03-01T03:00:00Z".parse().unwrap());
        seconds.take("2026-03-01T02:59:59Z".parse().unwrap());
        let given = [seconds.tonight(), seconds.tonight(), seconds.from(seconds.now()), seconds.from(seconds.now())];
        let given = given.map(|moment| moment.format("%T").to_string());
        assert_eq!(given, ["03:00:00", "03:00:01", "03:00:02", "03:00:03"]);
    }

    #[test]
    fn tonights_dates_go_backwards_and_never_below_what_was_seen() {
        let mut seconds = Seconds::new("2026-03-01T03:00:02Z".parse().unwrap());
        seconds.take("2026-03-01T03:00:00Z".parse().unwrap());
        let given = [(); 4].map(|()| seconds.tonight().format("%T").to_string());
        assert_eq!(given, ["03:00:02", "03:00:01", "03:00:03", "03:00:04"]);
    }
}
