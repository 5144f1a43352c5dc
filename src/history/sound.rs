//! What every history keeps: one that a person edited, or that was merged, is held to it before anything is made of it.

use std::{
    collections::{HashMap, HashSet},
    fmt::Display,
};

use super::{History, damage::Item};
use crate::model::Announcement;

/// The ids of entries of the histories read so far, by their seconds.
#[derive(Debug, Default)]
pub(super) struct Entries {
    ids: HashMap<i64, String>,
    /// The seconds that matter, where not all do.
    among: Option<HashSet<i64>>,
}

impl History {
    /// The first item that no run would have written, and what is wrong with it. Its entries join those of the site.
    pub(super) fn unsound(&self, entries: &mut Entries) -> Option<(Item, String)> {
        let versions = self.releases.iter().enumerate().map(|(n, release)| (Item::Release(n), &release.version));
        let days = self.days.iter().enumerate().map(|(n, day)| (Item::Day(n), day.date));
        let ids = self.entries().map(|(item, entry)| (item, &entry.id));
        let twice = repeated("version", versions).or_else(|| repeated("day", days)).or_else(|| repeated("entry", ids));
        twice.or_else(|| self.entries().find_map(|(item, entry)| Some((item, entries.clash(entry)?))))
    }

    /// All entries, each with the item of the file in which it stands.
    pub(super) fn entries(&self) -> impl Iterator<Item = (Item, &Announcement)> {
        let releases = self.releases.iter().enumerate().flat_map(|(n, release)| {
            let entries = release.entry.iter().chain(release.events.iter().map(|event| &event.entry));
            entries.map(move |entry| (Item::Release(n), entry))
        });
        let days = self.days.iter().enumerate().map(|(n, day)| (Item::Day(n), &day.entry));
        let events = self.events.iter().enumerate().map(|(n, event)| (Item::Event(n), &event.entry));
        releases.chain(days).chain(events)
    }
}

impl Entries {
    /// Of these seconds alone.
    pub(super) fn among(seconds: HashSet<i64>) -> Self {
        Self { ids: HashMap::new(), among: Some(seconds) }
    }

    /// Says so when another entry has the second of this one. A killed run may have left the same one under a project's
    /// former id, too.
    fn clash(&mut self, entry: &Announcement) -> Option<String> {
        let second = entry.announced.timestamp();
        if self.among.as_ref().is_some_and(|seconds| !seconds.contains(&second)) {
            return None;
        }
        let other = self.ids.entry(second).or_insert_with(|| entry.id.clone());
        (*other != entry.id).then(|| format!("the entry {} has the same second as {other}", entry.id))
    }
}

/// The first item whose name another had before it.
fn repeated<T: Eq + std::hash::Hash + Display>(
    kind: &str,
    mut named: impl Iterator<Item = (Item, T)>,
) -> Option<(Item, String)> {
    let mut seen = HashSet::new();
    named.find_map(|(item, name)| {
        let what = format!("the {kind} {name} stands here a second time");
        (!seen.insert(name)).then_some((item, what))
    })
}
