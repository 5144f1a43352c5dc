//! The words of this project, as types: what is followed, what a source says, what is remembered, what is published.
//!
//! Nothing here reads a file, asks a server or looks at a clock.

use std::{collections::HashSet, fmt, str::FromStr};

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use url::Url;

use crate::version::{Stability, TagScheme, Version};

/// A point in time, in UTC and whole seconds wherever it is kept.
pub type Moment = DateTime<Utc>;

/// The permanent name of a project, stage, platform or feed: part of ids, addresses and file names.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Slug(String);

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
        if fits { Ok(Self(text)) } else { Err(NotASlug(text)) }
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
        slug.0
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
    pub homepage: Option<Url>,
    /// The repository whose releases or tags are the project's.
    pub github: Option<Repository>,
    /// The packages on the Python index that are the project's.
    pub pypi: Vec<Package>,
    /// Ids that this project had before.
    pub was: Vec<Slug>,
    /// The day from which on nobody is asked any more.
    pub ended: Option<NaiveDate>,
    /// The project under which this one is shown.
    pub part_of: Option<Slug>,
    /// Whether GitHub's pre-release flag is believed.
    pub prerelease_flag: PrereleaseFlag,
}

impl Project {
    /// The addresses of this project, GitHub's before PyPI's.
    pub fn sources(&self) -> impl Iterator<Item = Source> + '_ {
        let github = self.github.iter().map(|repository| Source::new(Channel::Github, repository.name.to_string()));
        github.chain(self.pypi.iter().map(|package| Source::new(Channel::Pypi, package.name.clone())))
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
    /// Which tags are versions.
    pub scheme: TagScheme,
    /// What is listed.
    pub listing: Listing,
    /// How its releases are announced.
    pub grouping: Grouping,
}

/// `owner/name` of a repository.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct RepositoryName {
    /// The user or organisation.
    pub owner: String,
    /// The repository's own name.
    pub name: String,
}

/// A text that is no [`RepositoryName`].
#[derive(Debug, thiserror::Error)]
#[error("`{0}` is no repository: write `owner/name`, as in the repository's address")]
pub struct NotARepository(String);

impl FromStr for RepositoryName {
    type Err = NotARepository;

    fn from_str(text: &str) -> Result<Self, NotARepository> {
        let word = |part: &str| {
            !matches!(part, "" | "." | "..") && part.bytes().all(|b| b.is_ascii_alphanumeric() || b"-_.".contains(&b))
        };
        match text.split_once('/') {
            Some((owner, name)) if word(owner) && word(name) => {
                Ok(Self { owner: owner.to_owned(), name: name.to_owned() })
            }
            _ => Err(NotARepository(text.to_owned())),
        }
    }
}

impl fmt::Display for RepositoryName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.owner, self.name)
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

/// The name of a package as the index compares it
/// ([names and normalization](https://packaging.python.org/en/latest/specifications/name-normalization/)).
#[must_use]
pub fn normalized_package(name: &str) -> String {
    let words = name.split(['-', '_', '.']).filter(|word| !word.is_empty());
    words.collect::<Vec<_>>().join("-").to_ascii_lowercase()
}

/// A place where a release can be had. The exhaustive `match` is the registry of channels.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Channel {
    /// Releases or tags of a repository on GitHub.
    Github,
    /// A package on the Python index.
    Pypi,
}

impl Channel {
    /// The name that people use.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Github => "GitHub",
            Self::Pypi => "PyPI",
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
        match self.channel {
            Channel::Github => format!("github:{}", self.name.to_ascii_lowercase()),
            Channel::Pypi => format!("pypi:{}", normalized_package(&self.name)),
        }
    }
}

impl fmt::Display for Source {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let channel = match self.channel {
            Channel::Github => "github",
            Channel::Pypi => "pypi",
        };
        write!(f, "{channel}:{}", self.name)
    }
}

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
    /// The tagged commit, where its date was asked for.
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
    /// Items of the answer that could not be read, each with the reason: they are skipped, the others kept.
    pub skipped: Vec<String>,
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

/// A project's version, joined over its channels, as it is remembered: this is what people follow.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Release {
    /// The version in its canonical form.
    pub version: Version,
    /// The version as the project writes it.
    pub text: String,
    /// When it was first published on any channel then known. Frozen at recording.
    pub released: Moment,
    /// The run that first saw it; none in a seed, whose dates are recomputed until a source confirms them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub recorded: Option<Moment>,
    /// What it was when recorded; feeds of finals go by this. Frozen.
    pub stability: Stability,
    /// Its item in the feeds. Frozen; none where the releases of a day share one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub entry: Option<Announcement>,
    /// Where it can be had, GitHub before PyPI, in the catalog's order.
    pub channels: Vec<ChannelRecord>,
    /// Release notes in Markdown.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub notes: String,
}

/// The frozen facts of a feed entry: readers know it by these, so none of them ever changes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Announcement {
    /// A `tag:` URI ([RFC 4151](https://www.rfc-editor.org/rfc/rfc4151)).
    pub id: String,
    /// Project, version, and ` (pre-release)` when it was one.
    pub title: String,
    /// Where the entry leads.
    pub link: Link,
    /// The entry's date in every format; no other entry of the site has the same second.
    pub announced: Moment,
}

/// An address that is kept as what it is made of, where that can change without the entry changing.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase", deny_unknown_fields)]
pub enum Link {
    /// A page of GitHub, as GitHub answered it.
    Github(String),
    /// A version of a package: the index's root is put before it when rendering.
    Pypi {
        /// The package.
        name: String,
        /// The version's text on the index.
        version: String,
    },
    /// A page of this site, relative to its address.
    Site(String),
}

/// What is remembered of a release at one source.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ChannelRecord {
    /// The channel.
    pub channel: Channel,
    /// The repository or package, as the catalog spelled it when this was recorded.
    pub name: String,
    /// Whether it can be had there.
    pub state: State,
    /// The tags or version texts by which the source names it, the one recorded first in front.
    pub tags: Vec<TagRecord>,
}

impl ChannelRecord {
    /// Where the release is, by one of its tags; nowhere when GitHub named no page for it.
    #[must_use]
    pub fn link(&self, tag: &TagRecord) -> Option<Link> {
        match self.channel {
            Channel::Github => tag.url.clone().map(Link::Github),
            Channel::Pypi => Some(Link::Pypi { name: self.name.clone(), version: tag.tag.clone() }),
        }
    }
}

impl Release {
    /// Where it is at the first channel that has a page for it.
    #[must_use]
    pub fn link(&self) -> Option<Link> {
        self.channels.iter().find_map(|record| record.link(record.tags.first()?))
    }
}

/// Whether a release can be had at a source.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum State {
    /// It is there.
    Present,
    /// All its files are yanked ([PEP 592](https://peps.python.org/pep-0592/)), for the given reason, which may be empty.
    Yanked(String),
}

/// What a source said of one tag or version text.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TagRecord {
    /// The tag, or the version's text on the Python index.
    pub tag: String,
    /// When the source published it.
    pub released: Moment,
    /// Its page on GitHub, as answered.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
    /// GitHub's pre-release flag.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub prerelease: bool,
    /// The tagged commit, where its date was asked for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub commit: Option<String>,
}

/// A UTC day's releases of a project that announces them together.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Day {
    /// The day.
    pub date: NaiveDate,
    /// The first run after the day had ended; none in a seed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub recorded: Option<Moment>,
    /// Its item in the feeds.
    pub entry: Announcement,
}

/// The addresses under which everything of this site and of the index stands.
#[derive(Debug, Clone)]
pub struct Roots {
    /// Where the site is served, ending in a slash.
    pub site: Url,
    /// The root of the Python index.
    pub pypi: Url,
}

impl Roots {
    /// A site served at `site`, and the index at `pypi`, each with or without a slash at its end.
    #[must_use]
    pub fn new(mut site: Url, pypi: Url) -> Self {
        if !site.path().ends_with('/') {
            site.set_path(&format!("{}/", site.path()));
        }
        Self { site, pypi }
    }

    /// The address of a file of the site.
    #[must_use]
    pub fn page(&self, path: &str) -> String {
        format!("{}{path}", self.site)
    }

    /// The address of a package's version on the index.
    #[must_use]
    pub fn pypi(&self, name: &str, version: &str) -> String {
        format!("{}/project/{name}/{version}/", self.pypi.as_str().trim_end_matches('/'))
    }

    /// Where a link leads today.
    #[must_use]
    pub fn resolve(&self, link: &Link) -> String {
        match link {
            Link::Github(url) => url.clone(),
            Link::Pypi { name, version } => self.pypi(name, version),
            Link::Site(path) => self.page(path),
        }
    }
}

/// An item of a feed, rendered: what all formats write in their own way.
#[derive(Debug, Clone)]
pub struct Entry {
    /// Atom `id`, RSS `guid`, JSON Feed `id`.
    pub id: String,
    /// The title: project and version.
    pub title: String,
    /// Where it leads, absolute.
    pub link: String,
    /// Its date in every format, `published` and `updated` alike.
    pub announced: Moment,
    /// Plain text of at most 300 characters.
    pub summary: String,
    /// The content as safe HTML with absolute links.
    pub html: String,
    /// Project, stage, platforms and marks, by which readers filter.
    pub categories: Vec<String>,
    /// What a program wants to know: JSON Feed's `_release`.
    pub facts: Facts,
}

/// An entry for a program: `_release` of a JSON Feed item.
#[derive(Debug, Clone, Serialize)]
pub struct Facts {
    /// What the entry is of.
    pub kind: EntryKind,
    /// The kind of event, where it is one.
    pub event: Option<String>,
    /// The project's id.
    pub project: Slug,
    /// The canonical version, where the entry is of one release.
    pub version: Option<String>,
    /// The stability at recording, where the entry is of one release.
    pub stability: Option<Stability>,
    /// Where the release can be had.
    pub channels: Vec<ChannelFacts>,
    /// The ids of the platforms whose line it is in.
    pub platforms: Vec<Slug>,
    /// The advisories that it fixes; not collected yet.
    pub advisories: Vec<String>,
}

/// What an entry is of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum EntryKind {
    /// One release.
    Release,
    /// A day's releases.
    Day,
}

/// One channel of a release, for a program.
#[derive(Debug, Clone, Serialize)]
pub struct ChannelFacts {
    /// The channel.
    pub channel: Channel,
    /// The repository or package.
    pub name: String,
    /// The release's page there.
    pub url: String,
    /// When it was published there.
    pub released: Moment,
    /// `present` or `yanked`.
    pub state: &'static str,
    /// Whose package it is; not collected yet.
    pub verified: Option<String>,
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
