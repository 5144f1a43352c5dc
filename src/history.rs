//! What is remembered of each project, and how tonight's sightings join it.

use std::{
    cmp::Reverse,
    collections::{BTreeMap, BTreeSet, HashSet},
    fmt,
};

use chrono::NaiveDate;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

mod admitted;
mod advisories;
mod damage;
mod events;
mod join;
mod memory;
mod reader;
mod record;
mod seconds;
mod seed;
mod sound;
mod state;
mod states;

pub(crate) use self::memory::{OnDisk, Sources};
pub use self::{
    advisories::Fixes,
    damage::Damage,
    join::News,
    memory::{Memory, MemoryError},
    reader::Reader,
    record::{Recording, Told},
    seconds::Seconds,
    state::{Health, SourceState},
    states::{ProjectStates, States},
};
use crate::model::{
    Advisory, Channel, ChannelRecord, Day, Event, Known, Moment, PackageStatus, Project, Release, Slug, Source,
    normalized_package,
};

/// The form of the files under `data/projects/` that this program reads and writes.
pub const SCHEMA: u32 = 1;

/// All that is remembered of one project: its file under `data/projects/`.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct History {
    /// The form of the file.
    pub schema: u32,
    /// The project.
    pub id: Slug,
    /// Newest first, by `released`.
    pub releases: Vec<Release>,
    /// The days whose releases were announced together, newest first.
    #[serde(default)]
    pub days: Vec<Day>,
    /// What happened to whole sources, and new advisories, oldest first.
    #[serde(default)]
    pub events: Vec<Event>,
    /// What its repository says of vulnerabilities, newest first; none when that was never read.
    #[serde(default)]
    pub advisories: Option<Vec<Advisory>>,
    /// What the index says of those of its packages that were ever read, by their normal names.
    #[serde(default, deserialize_with = "damage::unique")]
    pub vulnerabilities: BTreeMap<String, Vec<Advisory>>,
    /// What the index says of the packages that are not simply active, by their normal names.
    #[serde(default, deserialize_with = "damage::unique")]
    pub packages: BTreeMap<String, PackageStatus>,
    /// Tags that are no releases, by the reason.
    #[serde(default, deserialize_with = "damage::unique")]
    pub left_out: BTreeMap<Reason, BTreeSet<String>>,
}

/// Why a tag is no release.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Reason {
    /// Neither the project's names nor the catalog's `tags` find a version in it.
    NoVersion,
}

impl fmt::Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::NoVersion => "no-version",
        })
    }
}

impl History {
    /// The history of a project of which nothing is known.
    #[must_use]
    pub fn empty(id: Slug) -> Self {
        let (releases, days, events, advisories) = (Vec::new(), Vec::new(), Vec::new(), None);
        let (vulnerabilities, packages, left_out) = (BTreeMap::new(), BTreeMap::new(), BTreeMap::new());
        Self { schema: SCHEMA, id, releases, days, events, advisories, vulnerabilities, packages, left_out }
    }

    /// Whether nothing at all is remembered.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.releases.is_empty()
            && self.left_out.is_empty()
            && self.packages.is_empty()
            && self.events.is_empty()
            && self.known_advisories().is_empty()
    }

    /// The releases of a UTC day that have no entry of their own, oldest first.
    #[must_use]
    pub fn released_on(&self, date: NaiveDate) -> Vec<&Release> {
        let releases = self.releases.iter().rev().filter(|release| release.entry.is_none());
        releases.filter(|release| release.released.date_naive() == date).collect()
    }

    /// The first day on which a run recorded anything that this source said.
    fn first_recorded(&self, source: &Source) -> Option<NaiveDate> {
        let said = |release: &&Release| release.channels.iter().any(|record| record.is_of(source));
        self.releases.iter().filter(said).filter_map(|release| release.recorded).min().map(|moment| moment.date_naive())
    }

    /// When its first final release was announced.
    #[must_use]
    pub fn first_final(&self) -> Option<Moment> {
        self.releases.iter().filter_map(Release::announced_as_final).min()
    }

    /// How many tags were left out.
    #[must_use]
    pub fn count_left_out(&self) -> usize {
        self.left_out.values().map(BTreeSet::len).sum()
    }

    /// The form of the file: newest first.
    fn order(&mut self) {
        self.releases.sort_by(|a, b| (b.released, &b.version).cmp(&(a.released, &a.version)));
        self.days.sort_by_key(|day| Reverse(day.date));
    }

    /// Gives what was said by the source with this key to the source that it is today.
    fn rename(&mut self, key: &str, source: &Source) {
        for release in &mut self.releases {
            let Some(place) = release.channels.iter().position(|record| record.source().key() == key) else { continue };
            let mut record = release.channels.remove(place);
            record.name.clone_from(&source.name);
            match release.channels.iter_mut().find(|record| record.is_of(source)) {
                // Under both names in the catalog, one after the other, it has said the same twice.
                Some(known) => {
                    record.tags.retain(|tag| known.tags.iter().all(|known| known.tag != tag.tag));
                    known.tags.append(&mut record.tags);
                }
                None => release.channels.insert(place, record),
            }
        }
    }

    /// Gives back the room that lists of unknown length took while they were read: a hundred histories wait at a time.
    fn shrink(&mut self) {
        for release in &mut self.releases {
            release.channels.iter_mut().for_each(|record| record.tags.shrink_to_fit());
            release.channels.shrink_to_fit();
        }
    }

    /// What need not be asked of `source` again, given its state.
    #[must_use]
    pub fn known(&self, project: &Project, source: &Source, state: Option<&SourceState>) -> Known {
        let records = self.releases.iter().flat_map(|release| &release.channels);
        // After a run that was killed, or with a lost file, it is asked as for the first time: more was lost than tags.
        let records = records.filter(|record| state.is_some() && record.is_of(source));
        let on_record: Vec<_> = records.flat_map(|record| &record.tags).collect();
        let mut tags: HashSet<String> = on_record.iter().map(|tag| tag.tag.clone()).collect();
        let there = on_record.iter().filter(|tag| !tag.is_withdrawn());
        let committed = there.filter_map(|tag| Some((tag.tag.clone(), tag.committed?))).collect();
        let seeded = state.is_some_and(SourceState::is_seed);
        let published = on_record.iter().filter_map(|tag| Some((tag.tag.clone(), tag.provenance.clone()?)));
        let provenance = published.filter(|_| !seeded).collect();
        if source.channel == Channel::Github && state.is_some() {
            // What the catalog reads now is as good as new.
            let left_out = self.left_out.values().flatten().filter(|tag| project.version_text(tag).is_none());
            tags.extend(left_out.cloned());
        }
        Known {
            id: state.and_then(SourceState::number),
            seeded,
            last_answer: state.and_then(|state| self.last_answer(source, state)),
            tags,
            committed,
            provenance,
        }
    }

    /// When the source answered last with its tags, as far as that is known: the last run's status may be lost. Never,
    /// when every answer so far had gaps.
    fn last_answer(&self, source: &Source, state: &SourceState) -> Option<Moment> {
        state.first_read?;
        if state.in_part {
            return state.last_answer;
        }
        let of_tags = |record: &ChannelRecord| record.is_of(source) && record.tags.iter().any(|t| t.commit.is_some());
        let releases = self.releases.iter().filter(|release| release.channels.iter().any(of_tags));
        let newest = releases.filter_map(|release| release.recorded).max()?;
        Some(state.last_answer.map_or(newest, |answer| answer.max(newest)))
    }

    /// What the index says of a source, where it is a package.
    #[must_use]
    pub fn package_status(&self, source: &Source) -> PackageStatus {
        match source.channel {
            Channel::Github => PackageStatus::Active,
            Channel::Pypi => self.packages.get(&normalized_package(&source.name)).copied().unwrap_or_default(),
        }
    }
}
