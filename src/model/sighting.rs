//! What a source says, and what is known of it before it is asked.

use std::collections::{HashMap, HashSet};

use super::{Advisory, Moment, PackageStatus, Provenance, RepositoryName, State};

/// What one source says about one version tonight.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sighting {
    /// The tag, or the version's text on the Python index.
    pub tag: String,
    /// When the source published it; none where the source did not say and the record has it.
    pub released: Option<Moment>,
    /// Its page at the source; none where the address is made when rendering.
    pub url: Option<String>,
    /// Whether the source itself calls it a pre-release.
    pub prerelease: bool,
    /// Whether it can still be had.
    pub state: State,
    /// The release notes in Markdown, empty where the source has none.
    pub notes: String,
    /// The date of the tagged commit, where the source's list is ordered by it.
    pub committed: Option<Moment>,
    /// The tagged commit, where the source lists tags.
    pub commit: Option<String>,
    /// Who published it, where it is a version of a package; none when that was not found out tonight.
    pub provenance: Option<Provenance>,
}

/// What one source answered tonight.
#[derive(Debug, Default)]
pub struct Answer {
    /// One for each version that it names.
    pub sightings: Vec<Sighting>,
    /// How much of the list was read.
    pub extent: Extent,
    /// The repository behind the name, where the source is one.
    pub repository: Option<Identity>,
    /// What the index says of the package, where the source is one.
    pub status: PackageStatus,
    /// Who owns the package, where the source is one; none when that was not asked for or not read.
    pub ownership: Option<Ownership>,
    /// What the source says of vulnerabilities; none when that was not asked for or not read.
    pub advisories: Option<Vec<Advisory>>,
    /// Items of the answer that could not be read: they are skipped, the others kept.
    pub skipped: Vec<Skipped>,
    /// What else a person should know; it says nothing of the versions.
    pub warnings: Vec<String>,
}

/// An item of an answer that could not be read.
#[derive(Debug)]
pub struct Skipped {
    /// The tag that it is of; without one it may be of any.
    pub tag: Option<String>,
    /// What is wrong with it, in words.
    pub reason: String,
}

impl Answer {
    /// Whether a tag would be in this answer if the source had it.
    #[must_use]
    pub fn covers(&self, tag: &str) -> bool {
        let may_be = |skipped: &Skipped| skipped.tag.as_deref().is_none_or(|skipped| skipped == tag);
        self.extent == Extent::Whole && !self.skipped.iter().any(may_be)
    }

    /// Whether it says of every tag whether the source has it.
    #[must_use]
    pub fn is_whole(&self) -> bool {
        self.extent == Extent::Whole && self.skipped.iter().all(|skipped| skipped.tag.is_some())
    }
}

/// How much of a source's list an answer holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Extent {
    /// All that the source has.
    #[default]
    Whole,
    /// The first pages: what is missing may stand on a later one.
    Part,
}

/// A repository by what stays when it is renamed or moved.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Identity {
    /// GitHub's number of the repository; unknown where only its releases were asked for.
    pub id: Option<u64>,
    /// Its name today.
    pub name: RepositoryName,
}

/// Who owns a package on the index.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ownership {
    /// The organisation's name in the index's addresses; none where it belongs to people.
    pub organisation: Option<String>,
}

/// What the memory knows of a source: what need not be asked again.
#[derive(Debug, Clone, Default)]
pub struct Known {
    /// GitHub's number of the repository.
    pub id: Option<u64>,
    /// The tags on record, those left out included. Empty when the source was never read.
    pub tags: HashSet<String>,
    /// The dates of the commits of those that the source had when it was read last, where its list is ordered by them.
    pub committed: HashMap<String, Moment>,
    /// Who published those of a package, as far as that is known.
    pub provenance: HashMap<String, Provenance>,
    /// Whether they are a seed's, which only a whole answer confirms.
    pub seeded: bool,
    /// When it answered last.
    pub last_answer: Option<Moment>,
}

impl Known {
    /// Whether the source itself once named this tag.
    #[must_use]
    pub fn has(&self, tag: &str) -> bool {
        !self.seeded && self.tags.contains(tag)
    }

    /// Whether a known tag is missing that stands above the last of these in a list by the dates of commits.
    #[must_use]
    pub fn misses_above(&self, sightings: &[Sighting]) -> bool {
        let Some(last) = sightings.last().and_then(|sighting| sighting.committed) else { return false };
        let there: HashSet<&str> = sightings.iter().map(|sighting| sighting.tag.as_str()).collect();
        self.committed.iter().any(|(tag, committed)| *committed > last && !there.contains(tag.as_str()))
    }

    /// Whether the source itself was never read.
    #[must_use]
    pub fn is_nothing(&self) -> bool {
        self.seeded || self.tags.is_empty()
    }
}
