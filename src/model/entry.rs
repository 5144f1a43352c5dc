//! What is published: the entries of feeds, and where things stand.

use std::fmt;

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use schemars::JsonSchema;
use serde::Serialize;
use url::Url;

use super::{Advisory, Channel, Cve, EventKind, Ghsa, Link, Moment, Presence, Severity, Slug, Verification};
use crate::version::Stability;

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
        format!("{}/project/{name}/{}/", self.pypi.as_str().trim_end_matches('/'), segment(version))
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

/// What stands unescaped in a part of a path ([RFC 3986](https://www.rfc-editor.org/rfc/rfc3986#section-3.3)), as far as
/// versions use it.
const SEGMENT: &AsciiSet =
    &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~').remove(b'+').remove(b'!');

/// A version's text as one part of a path: none of its characters leads elsewhere.
#[must_use]
pub fn segment(version: &str) -> impl fmt::Display {
    utf8_percent_encode(version, SEGMENT)
}

/// The part of an address that leads to an element of a page: a project's page has one by the canonical text of each
/// version ([RFC 3986](https://www.rfc-editor.org/rfc/rfc3986#section-3.5)).
#[must_use]
pub fn fragment(id: &str) -> impl fmt::Display {
    /// What stands unescaped there.
    const FRAGMENT: &AsciiSet = &SEGMENT.remove(b'/').remove(b':');
    utf8_percent_encode(id, FRAGMENT)
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
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct Facts {
    /// What the entry is of.
    pub kind: EntryKind,
    /// The kind of event, where it is one.
    pub event: Option<EventKind>,
    /// The project's id.
    pub project: Slug,
    /// The canonical version, where the entry is of one release.
    pub version: Option<String>,
    /// The stability at recording, or at the event, where the entry is of one release.
    pub stability: Option<Stability>,
    /// Where the release can be had.
    pub channels: Vec<ChannelFacts>,
    /// The ids of the platforms whose line it is in.
    pub platforms: Vec<Slug>,
    /// The advisories that the release fixes as far as is known now, or that the event tells of; the worst first.
    pub advisories: Vec<AdvisoryFacts>,
}

/// What an entry is of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum EntryKind {
    /// One release.
    Release,
    /// A day's releases.
    Day,
    /// Something that happened after publication: to a release, to a source, or to the project as a whole.
    Event,
}

/// An advisory, for a program.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct AdvisoryFacts {
    /// GitHub's id of it.
    pub ghsa: Ghsa,
    /// The vulnerability's number, where it has one.
    pub cve: Option<Cve>,
    /// How bad it is, where somebody has judged that.
    pub severity: Option<Severity>,
    /// Its page on GitHub.
    pub url: String,
}

impl AdvisoryFacts {
    /// The name that people know it by.
    #[must_use]
    pub fn name(&self) -> String {
        self.cve.as_ref().map_or_else(|| self.ghsa.to_string(), Cve::to_string)
    }
}

impl From<&Advisory> for AdvisoryFacts {
    fn from(advisory: &Advisory) -> Self {
        Self {
            ghsa: advisory.ghsa.clone(),
            cve: advisory.cve.clone(),
            severity: advisory.severity,
            url: advisory.url.clone(),
        }
    }
}

/// One channel of a release, for a program.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct ChannelFacts {
    /// The channel.
    pub channel: Channel,
    /// The repository or package.
    pub name: String,
    /// The release's page there.
    pub url: String,
    /// When it was published there.
    pub released: Moment,
    /// Whether it can be had there.
    pub state: Presence,
    /// Whether it is known to come from its project, where it is a package.
    pub verified: Option<Verification>,
}
