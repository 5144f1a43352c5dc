//! What is followed: projects, and where each can be had.

use std::{fmt, str::FromStr};

use chrono::NaiveDate;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use url::Url;

use crate::version::{self, TagPattern, Version};

/// The permanent name of a project, stage, platform or feed: part of ids, addresses and file names.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Slug(Box<str>);

impl Slug {
    /// The slug as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// A text that is no [`Slug`].
#[derive(Debug, thiserror::Error)]
#[error(
    "`{0}` is no id: use lower-case letters, digits and dots, with single hyphens between them, at most 64 characters"
)]
pub struct NotASlug(String);

impl TryFrom<String> for Slug {
    type Error = NotASlug;

    fn try_from(text: String) -> Result<Self, NotASlug> {
        let word = |part: &str| {
            !part.is_empty() && part.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'.')
        };
        let fits = text.len() <= 64 && !text.starts_with('.') && text.split('-').all(word);
        if fits { Ok(Self(text.into())) } else { Err(NotASlug(text)) }
    }
}

impl FromStr for Slug {
    type Err = NotASlug;

    fn from_str(text: &str) -> Result<Self, NotASlug> {
        text.to_owned().try_into()
    }
}

impl From<Slug> for String {
    fn from(slug: Slug) -> Self {
        slug.0.into()
    }
}

impl fmt::Display for Slug {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// One line of versions under one name, as the catalog has it.
#[derive(Debug, Clone)]
pub struct Project {
    /// The permanent name.
    pub id: Slug,
    /// The name that people use.
    pub name: String,
    /// The stage of the foundation's life cycle, by the id of one of the catalog's stages.
    pub stage: Option<Slug>,
    /// Where the project presents itself.
    pub homepage: Option<Box<Url>>,
    /// The repository whose releases or tags are the project's.
    pub github: Option<Repository>,
    /// The packages on the Python index that are the project's.
    pub pypi: Box<[Package]>,
    /// Ids that this project had before.
    pub was: Box<[Slug]>,
    /// The day from which on nobody is asked any more.
    pub ended: Option<NaiveDate>,
    /// The project under which this one is shown.
    pub part_of: Option<Slug>,
    /// Whether GitHub's pre-release flag is believed.
    pub prerelease_flag: PrereleaseFlag,
    /// The line of the catalog's file on which its id stands, from 1 on.
    pub line: usize,
}

impl Project {
    /// The addresses of this project, GitHub's before PyPI's.
    pub fn sources(&self) -> impl Iterator<Item = Source> + '_ {
        let github = self.github.iter().map(|repository| Source::new(Channel::Github, repository.name.to_string()));
        github.chain(self.pypi.iter().map(|package| Source::new(Channel::Pypi, package.name.clone())))
    }

    /// The place of its page on the site.
    #[must_use]
    pub fn page(&self) -> String {
        format!("projects/{}.html", self.id)
    }

    /// Whether nobody is asked any more on this day.
    #[must_use]
    pub fn has_ended(&self, today: NaiveDate) -> bool {
        self.ended.is_some_and(|ended| ended <= today)
    }

    /// The version's own text in a tag of its repository; `None` when the tag names no version.
    #[must_use]
    pub fn version_text(&self, tag: &str) -> Option<String> {
        let Repository { name, tags, .. } = self.github.as_ref()?;
        match tags {
            Some(pattern) => pattern.version_text(tag),
            None => version::version_text(tag, &[self.id.as_str(), &self.name, name.name()]),
        }
    }

    /// How its releases become entries.
    #[must_use]
    pub fn grouping(&self) -> Grouping {
        self.github.as_ref().map_or(Grouping::Each, |repository| repository.grouping)
    }
}

/// What a project does with GitHub's pre-release flag.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PrereleaseFlag {
    /// The flag makes a pre-release of what reads as final.
    Believed,
    /// Only the version's text counts.
    Ignored,
}

/// A repository on GitHub, and how its releases are read.
#[derive(Debug, Clone)]
pub struct Repository {
    /// `owner/name`.
    pub name: RepositoryName,
    /// Which tags are versions, where that is not told by the names of the project.
    pub tags: Option<Box<TagPattern>>,
    /// What is listed.
    pub listing: Listing,
    /// How its releases are announced.
    pub grouping: Grouping,
}

/// How long either half of a repository's name may be: as long as GitHub allows.
const LONGEST_NAME: usize = 100;

/// `owner/name` of a repository.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct RepositoryName(Box<str>);

impl RepositoryName {
    /// The user or organisation.
    #[must_use]
    pub fn owner(&self) -> &str {
        self.halves().0
    }

    /// The repository's own name.
    #[must_use]
    pub fn name(&self) -> &str {
        self.halves().1
    }

    fn halves(&self) -> (&str, &str) {
        self.0.split_once('/').unwrap_or_default()
    }
}

/// A text that is no [`RepositoryName`].
#[derive(Debug, thiserror::Error)]
#[error("`{0}` is no repository: write `owner/name`, as in the repository's address")]
pub struct NotARepository(String);

impl FromStr for RepositoryName {
    type Err = NotARepository;

    fn from_str(text: &str) -> Result<Self, NotARepository> {
        let word = |part: &str| {
            let fits = !matches!(part, "" | "." | "..") && part.len() <= LONGEST_NAME;
            fits && part.bytes().all(|b| b.is_ascii_alphanumeric() || b"-_.".contains(&b))
        };
        match text.split_once('/') {
            Some((owner, name)) if word(owner) && word(name) => Ok(Self(text.into())),
            _ => Err(NotARepository(text.to_owned())),
        }
    }
}

impl TryFrom<String> for RepositoryName {
    type Error = NotARepository;

    fn try_from(text: String) -> Result<Self, NotARepository> {
        text.parse()
    }
}

impl From<RepositoryName> for String {
    fn from(name: RepositoryName) -> Self {
        name.0.into()
    }
}

impl fmt::Display for RepositoryName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// What of a repository is listed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Listing {
    /// Its releases.
    Releases,
    /// Its tags, for a repository that tags and never releases.
    Tags,
}

/// How releases become entries.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Grouping {
    /// Each is an entry.
    Each,
    /// Those of a UTC day are one entry.
    Daily,
}

/// A package on the Python index.
#[derive(Debug, Clone)]
pub struct Package {
    /// The name as its project spells it.
    pub name: String,
    /// The first version that is the project's own: what is older belongs to somebody else.
    pub since: Option<Version>,
}

impl Package {
    /// Whether a version of it is the project's own.
    #[must_use]
    pub fn is_own(&self, version: &Version) -> bool {
        self.since.as_ref().is_none_or(|since| version >= since)
    }
}

/// The name of a package as the index compares it
/// ([names and normalization](https://packaging.python.org/en/latest/specifications/name-normalization/)).
#[must_use]
pub fn normalized_package(name: &str) -> String {
    let words = name.split(['-', '_', '.']).filter(|word| !word.is_empty());
    words.collect::<Vec<_>>().join("-").to_ascii_lowercase()
}

/// A place where a release can be had. The exhaustive `match` is the registry of channels.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Channel {
    /// Releases or tags of a repository on GitHub.
    Github,
    /// A package on the Python index.
    Pypi,
}

impl Channel {
    /// All channels, in the order of pages and records.
    pub const ALL: [Self; 2] = [Self::Github, Self::Pypi];

    /// The name that people use.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Github => "GitHub",
            Self::Pypi => "PyPI",
        }
    }

    /// The word for it in ids, keys and files.
    #[must_use]
    pub fn key(self) -> &'static str {
        match self {
            Self::Github => "github",
            Self::Pypi => "pypi",
        }
    }

    /// Whether two names are the same on this channel, spelling apart.
    #[must_use]
    pub fn is_same(self, one: &str, other: &str) -> bool {
        match self {
            Self::Github => one.eq_ignore_ascii_case(other),
            Self::Pypi => normalized_package(one) == normalized_package(other),
        }
    }
}

/// A project's address on a channel, written `github:owner/name` or `pypi:Name`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Source {
    /// The channel.
    pub channel: Channel,
    /// The repository or package, as the catalog spells it.
    pub name: String,
}

impl Source {
    /// The address `name` on `channel`.
    #[must_use]
    pub fn new(channel: Channel, name: String) -> Self {
        Self { channel, name }
    }

    /// The same text for every spelling of the address that the channel takes for the same.
    #[must_use]
    pub fn key(&self) -> String {
        let name = match self.channel {
            Channel::Github => self.name.to_ascii_lowercase(),
            Channel::Pypi => normalized_package(&self.name),
        };
        format!("{}:{name}", self.channel.key())
    }
}

impl fmt::Display for Source {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.channel.key(), self.name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slugs_are_safe_in_ids_addresses_and_file_names() {
        for good in ["openexr", "cy2026", "otio-aaf-adapter", "opencue.io", "3d"] {
            assert!(good.parse::<Slug>().is_ok(), "{good}");
        }
        for bad in ["", "OpenEXR", "-a", "a-", "a--b", "a/b", "..", ".a", "ä", "a b", &"a".repeat(65)] {
            assert!(bad.parse::<Slug>().is_err(), "{bad}");
        }
    }

    #[test]
    fn package_names_compare_in_their_normal_form() {
        assert_eq!(normalized_package("OpenTimelineIO-Plugins"), "opentimelineio-plugins");
        assert_eq!(normalized_package("a__b.-c"), "a-b-c");
    }
}
