//! Which entries a merged feed holds, while projects pass by one after the other.

use std::{collections::BTreeMap, sync::Arc};

use chrono::TimeDelta;

use crate::model::{Entry, Moment};

/// How many entries a merged feed holds at most, unless the catalog asks for more: some readers give up beyond a
/// megabyte or two.
const MOST: usize = 500;

/// The entries that a merged feed holds: the newest, and besides them all that were announced within some days of the
/// newest one, so that a burst loses nothing, as long as they are not too many for a feed. Never measured from the clock.
#[derive(Debug)]
pub(super) struct Window {
    newest: usize,
    days: TimeDelta,
    most: usize,
    entries: BTreeMap<Moment, Arc<Entry>>,
}

impl Window {
    pub(super) fn new(newest: usize, days: u32) -> Self {
        Self { newest, days: TimeDelta::days(days.into()), most: newest.max(MOST), entries: BTreeMap::new() }
    }

    /// Whether it may hold an entry of this date, as far as it is filled.
    pub(super) fn admits(&self, announced: Moment) -> bool {
        match (self.entries.first_key_value(), self.entries.last_key_value()) {
            (Some((oldest, _)), Some((newest, _))) => {
                let is_young = *newest - announced < self.days && self.entries.len() < self.most;
                self.entries.len() < self.newest || announced > *oldest || is_young
            }
            _ => true,
        }
    }

    /// Takes an entry, and lets those go that have no place any more.
    pub(super) fn insert(&mut self, entry: Arc<Entry>) {
        self.entries.insert(entry.announced, entry);
        while let (Some((&oldest, _)), Some((&newest, _))) =
            (self.entries.first_key_value(), self.entries.last_key_value())
            && self.entries.len() > self.newest
            && (newest - oldest >= self.days || self.entries.len() > self.most)
        {
            self.entries.remove(&oldest);
        }
    }

    /// The entries, newest first.
    pub(super) fn finish(self) -> Vec<Arc<Entry>> {
        self.entries.into_values().rev().collect()
    }
}

#[cfg(test)]
mod tests {
    use chrono::DateTime;

    use super::*;
    use crate::model::{EntryKind, Facts};

    /// An entry so many hours after the beginning of time.
    fn entry(hour: i64) -> Arc<Entry> {
        let facts = Facts {
            kind: EntryKind::Release,
            event: None,
            project: "alpha".parse().unwrap(),
            version: None,
            stability: None,
            channels: Vec::new(),
            platforms: Vec::new(),
            advisories: Vec::new(),
        };
        let [id, title, link, summary, html] = [(); 5].map(|()| String::new());
        let announced = DateTime::from_timestamp(hour * 3600, 0).unwrap();
        Arc::new(Entry { id, title, link, announced, summary, html, categories: Vec::new(), facts })
    }

    /// How many entries stay of so many, an hour apart, that come in this order; always the newest.
    fn held(newest: usize, days: u32, hours: impl Iterator<Item = i64>) -> usize {
        let mut window = Window::new(newest, days);
        let mut last = 0;
        for entry in hours.map(entry) {
            last = last.max(entry.announced.timestamp() / 3600);
            if window.admits(entry.announced) {
                window.insert(entry);
            }
        }
        let held = window.finish();
        let expected = (0..).zip(&held).all(|(back, entry)| entry.announced.timestamp() / 3600 == last - back);
        assert!(expected, "not the newest, or not in order");
        held.len()
    }

    #[test]
    fn what_a_feed_holds_is_the_same_in_whatever_order_projects_pass() {
        // So many at least, those of so many days, and so many in all: for 700 hours, which are 29 days.
        for (newest, days, expected) in [(100, 7, 168), (100, 30, 500), (600, 7, 600), (600, 30, 600), (100, 0, 100)] {
            let upwards = held(newest, days, 0..700);
            let downwards = held(newest, days, (0..700).rev());
            let mixed = held(newest, days, (0..700).map(|n| n * 283 % 700));
            assert_eq!([upwards, downwards, mixed], [expected; 3], "{newest} {days}");
        }
    }
}
