//! The newest releases of all projects, while projects pass by: as many as a page can show, and how many each day had.

use std::{cmp::Reverse, collections::BTreeMap};

use chrono::NaiveDate;

use super::Listed;
use crate::{
    model::{Moment, Project},
    version::Stability,
};

/// So many releases of all projects are listed; older ones stand on their projects' pages.
const NEWEST: usize = 10_000;

/// The newest releases of all projects.
#[derive(Debug, Default)]
pub struct Log<'c> {
    /// The newest first, in the catalog's order where they came out in the same second.
    rows: BTreeMap<(Reverse<Moment>, usize, usize), (&'c Project, Listed<'c>)>,
    days: BTreeMap<NaiveDate, Count>,
    is_cut: bool,
}

/// What came out on a day.
#[derive(Debug, Clone, Copy, Default)]
pub struct Count {
    /// How many final releases.
    pub finals: usize,
    /// How many others.
    pub others: usize,
    /// Whether a day of a project that announces by the day is among them.
    pub has_days: bool,
}

impl<'c> Log<'c> {
    /// Takes the releases of the project that stands at this place in the catalog.
    pub fn take(&mut self, place: usize, project: &'c Project, listed: Vec<Listed<'c>>) {
        for (at, listed) in listed.into_iter().enumerate() {
            self.days.entry(listed.released.date_naive()).or_default().add(&listed);
            self.rows.insert((Reverse(listed.released), place, at), (project, listed));
            if self.rows.len() > NEWEST {
                self.is_cut = true;
                self.rows.pop_last();
            }
        }
    }

    /// The releases, the newest first.
    #[must_use]
    pub fn rows(&self) -> impl DoubleEndedIterator<Item = (&'c Project, &Listed<'c>)> {
        self.rows.values().map(|(project, listed)| (*project, listed))
    }

    /// The releases of each project that has any, in the catalog's order, the newest first.
    #[must_use]
    pub fn by_project(&self) -> Vec<(&'c Project, Vec<&Listed<'c>>)> {
        let mut projects: BTreeMap<usize, (&'c Project, Vec<&Listed<'c>>)> = BTreeMap::new();
        for ((_, place, _), (project, listed)) in &self.rows {
            projects.entry(*place).or_insert_with(|| (project, Vec::new())).1.push(listed);
        }
        projects.into_values().collect()
    }

    /// The release that was published last.
    #[must_use]
    pub fn newest(&self) -> Option<(&'c Project, &Listed<'c>)> {
        self.rows().next()
    }

    /// From which day on it is complete, where there are older releases than it has room for.
    #[must_use]
    pub fn since(&self) -> Option<NaiveDate> {
        self.rows().next_back().filter(|_| self.is_cut).map(|(_, listed)| listed.released.date_naive())
    }

    /// What came out on each day.
    pub fn days(&self) -> impl Iterator<Item = (NaiveDate, Count)> {
        self.days.iter().map(|(date, count)| (*date, *count))
    }
}

impl Count {
    fn add(&mut self, listed: &Listed<'_>) {
        self.has_days |= !listed.members.is_empty();
        match listed.stability {
            Stability::Final => self.finals += 1,
            Stability::PreRelease | Stability::Development => self.others += 1,
        }
    }
}
