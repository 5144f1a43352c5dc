//! What a source says, and what is known of it before it is asked.

use std::collections::HashSet;

use super::{Moment, PackageStatus, State, TagRecord};

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
    /// Items of the answer that could not be read, each with the reason: they are skipped, the others kept.
    pub skipped: Vec<String>,
}

impl Answer {
    /// Whether a tag that the source has would be in this answer. What cannot be read may be any tag.
    #[must_use]
    pub fn covers(&self, tag: &TagRecord) -> bool {
        self.skipped.is_empty()
            && match self.extent {
                Extent::Whole => true,
                Extent::Since(moment) => tag.committed.is_some_and(|committed| committed > moment),
                Extent::Part => false,
            }
    }
}

/// How much of a source's list an answer holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Extent {
    /// All that the source has.
    #[default]
    Whole,
    /// The first pages of a list in the order of commits: all whose commit is younger than this one.
    Since(Moment),
    /// Some of it: what is missing may well be there.
    Part,
}

/// A repository by what stays when it is renamed or moved.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Identity {
    /// GitHub's number of the repository; unknown where only its releases were asked for.
    pub id: Option<u64>,
    /// `owner/name` as it is today.
    pub name: String,
}

/// What the memory knows of a source: what need not be asked again.
#[derive(Debug, Clone, Default)]
pub struct Known {
    /// GitHub's number of the repository.
    pub id: Option<u64>,
    /// The tags on record, those left out included. Empty when the source was never read.
    pub tags: HashSet<String>,
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

    /// Whether the source itself was never read.
    #[must_use]
    pub fn is_nothing(&self) -> bool {
        self.seeded || self.tags.is_empty()
    }
}
