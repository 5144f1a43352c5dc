//! What is remembered: releases, and what each source said of them.

use chrono::NaiveDate;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Channel, Event, EventKind, Moment, Provenance, Source, Verification, text};
use crate::version::{Stability, Version};

/// A project's version, joined over its channels, as it is remembered: this is what people follow.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Release {
    /// The version in its canonical form.
    pub version: Version,
    /// The version as the project writes it.
    pub text: String,
    /// When it was first published on any channel then known. Frozen at recording.
    #[serde(deserialize_with = "text::moment")]
    pub released: Moment,
    /// The run that first saw it; none in a seed, whose dates are recomputed until a source confirms them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub recorded: Option<Moment>,
    /// What it was when recorded; feeds of finals go by this. Frozen.
    pub stability: Stability,
    /// Whether its notes or an advisory said then that it is about a vulnerability; feeds select by this. Frozen.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub security: bool,
    /// Its item in the feeds. Frozen; none where the releases of a day share one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub entry: Option<Announcement>,
    /// Where it can be had, GitHub before PyPI, in the catalog's order.
    pub channels: Vec<ChannelRecord>,
    /// What happened to it after it was recorded, oldest first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub events: Vec<Event>,
    /// Release notes in Markdown.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub notes: String,
}

/// The frozen facts of a feed entry: readers know it by these, so none of them ever changes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Announcement {
    /// A `tag:` URI ([RFC 4151](https://www.rfc-editor.org/rfc/rfc4151)).
    pub id: String,
    /// Project, version, and ` (pre-release)` when it was one.
    pub title: String,
    /// Where the entry leads.
    pub link: Link,
    /// The entry's date in every format; no other entry of the site has the same second.
    #[serde(deserialize_with = "text::second")]
    pub announced: Moment,
    /// Whether it came with the first answer of a source on a site that had a history: then it stands on pages and in
    /// its project's feed alone.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub backfilled: bool,
}

/// An address that is kept as what it is made of, where that can change without the entry changing.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase", deny_unknown_fields)]
pub enum Link {
    /// A page of GitHub, as GitHub answered it.
    Github(#[serde(deserialize_with = "text::address")] String),
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
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ChannelRecord {
    /// The channel.
    pub channel: Channel,
    /// The repository or package, as the catalog spelled it when this was recorded.
    pub name: String,
    /// Whether it can be had there, by the last answer that had it.
    pub state: State,
    /// The tags or version texts by which the source names it, the one recorded first in front.
    pub tags: Vec<TagRecord>,
}

impl ChannelRecord {
    /// Whose word it is.
    #[must_use]
    pub fn source(&self) -> Source {
        Source::new(self.channel, self.name.clone())
    }

    /// Whether it is what `source` said: spelling apart, the repository or package has the same name.
    #[must_use]
    pub fn is_of(&self, source: &Source) -> bool {
        self.channel == source.channel && self.channel.is_same(&self.name, &source.name)
    }

    /// Whether GitHub's flag calls it a pre-release.
    #[must_use]
    pub fn is_flagged(&self) -> bool {
        self.channel == Channel::Github && self.tags.iter().all(|tag| tag.prerelease)
    }

    /// Whether all its files are yanked.
    #[must_use]
    pub fn is_yanked(&self) -> bool {
        matches!(self.state, State::Yanked(_))
    }

    /// Whether it is gone: the source lacks every tag of it.
    #[must_use]
    pub fn is_withdrawn(&self) -> bool {
        self.tags.iter().all(TagRecord::is_withdrawn)
    }

    /// Whether it can be had there.
    #[must_use]
    pub fn presence(&self) -> Presence {
        match self.state {
            _ if self.is_withdrawn() => Presence::Withdrawn,
            State::Yanked(_) => Presence::Yanked,
            State::Present => Presence::Present,
        }
    }

    /// The tags by which it can be had; those it had, when it is gone.
    pub fn shown_tags(&self) -> impl Iterator<Item = &TagRecord> {
        let gone = self.is_withdrawn();
        self.tags.iter().filter(move |tag| gone || !tag.is_withdrawn())
    }

    /// Whether it is known to come from its project, where it is a package; not before it is shown.
    #[must_use]
    pub fn verification(&self) -> Option<Verification> {
        self.shown_tags().next()?.verification
    }

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
    /// Where it is at the first channel that has a page for it; where it was, when it is gone.
    #[must_use]
    pub fn link(&self) -> Option<Link> {
        let there = self.channels.iter().filter(|record| !record.is_withdrawn());
        there.chain(&self.channels).find_map(|record| record.link(record.shown_tags().next()?))
    }

    /// When it was announced as final, at once or by an event.
    #[must_use]
    pub fn announced_as_final(&self) -> Option<Moment> {
        let event = || self.events.iter().find(|event| event.kind == EventKind::Final).map(|event| &event.entry);
        let entry = self.entry.as_ref().filter(|_| self.stability == Stability::Final).or_else(event);
        entry.map(|entry| entry.announced)
    }

    /// Whether it can be had, by the channel where that is easiest.
    #[must_use]
    pub fn presence(&self) -> Presence {
        self.channels.iter().map(ChannelRecord::presence).min().unwrap_or(Presence::Withdrawn)
    }
}

/// Whether a release can be had; what comes later is harder to have.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Presence {
    /// It is there, in good order.
    Present,
    /// It is there for those alone who ask for exactly this version.
    Yanked,
    /// It is gone.
    Withdrawn,
}

/// Whether a release can be had at a source.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum State {
    /// It is there.
    Present,
    /// All its files are yanked ([PEP 592](https://peps.python.org/pep-0592/)), for the given reason, which may be empty.
    Yanked(String),
}

/// What a source said of one tag or version text.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct TagRecord {
    /// The tag, or the version's text on the Python index.
    pub tag: String,
    /// When the source published it.
    #[serde(deserialize_with = "text::moment")]
    pub released: Moment,
    /// Its page on GitHub, as answered.
    #[serde(default, deserialize_with = "text::some_address", skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
    /// GitHub's pre-release flag.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub prerelease: bool,
    /// The date of the tagged commit, by which GitHub's list of releases is ordered.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub committed: Option<Moment>,
    /// The tagged commit, where only tags are listed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub commit: Option<String>,
    /// Who published it on the Python index; none where that is not known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub provenance: Option<Provenance>,
    /// What that says of it as the project's own: found out anew whenever it is shown, for repositories move.
    #[serde(skip)]
    pub verification: Option<Verification>,
    /// The day on which the tag was first seen on another commit than before.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub moved: Option<NaiveDate>,
    /// The days on which the source answered without it, since it was there last; no more than prove it gone.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub absent: Vec<NaiveDate>,
}

/// On how many different days a source has to answer without a tag until the tag is gone.
const ABSENCES: usize = 3;

impl TagRecord {
    /// Whether it is gone.
    #[must_use]
    pub fn is_withdrawn(&self) -> bool {
        self.absent.len() >= ABSENCES
    }

    /// The source answered without it on this day.
    pub fn misses(&mut self, day: NaiveDate) {
        if !self.is_withdrawn() && !self.absent.contains(&day) {
            self.absent.push(day);
        }
    }
}

/// A UTC day's releases of a project that announces them together.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
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
