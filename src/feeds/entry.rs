//! From a release or a day to an entry; its content is the partial that pages use too.

use std::{collections::BTreeSet, fmt};

use askama::Template;
use chrono::NaiveDate;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

use super::{Candidate, Subject};
use crate::{
    catalog::{Catalog, Platform},
    model::{Channel, ChannelFacts, ChannelRecord, Entry, EntryKind, Facts, Moment, Release, Roots, State},
    notes::{self, Place, Rendered},
    version::Stability,
};

/// How many characters of notes an entry of a feed holds.
const NOTES: usize = 4_000;
/// How many characters a summary holds.
const SUMMARY: usize = 300;

/// What there is to say of a release: when, where, what it fits, and its notes.
#[derive(Debug, Template)]
#[template(path = "release.html")]
pub struct Content<'a> {
    /// When it was published first.
    pub released: Moment,
    /// Where it can be had.
    pub channels: Vec<Availability<'a>>,
    /// The names of the platforms whose line it is in.
    pub platforms: Vec<&'a str>,
    /// The vulnerabilities that its notes name.
    pub cves: BTreeSet<String>,
    /// Its notes.
    pub notes: Rendered,
    /// Where the rest of the notes is, when they are cut.
    pub rest: String,
}

/// A channel of a release, as a person reads it.
#[derive(Debug)]
pub struct Availability<'a> {
    /// The channel's name.
    pub channel: &'static str,
    /// The repository or package.
    pub name: &'a str,
    /// The release's page there.
    pub url: String,
    /// When it was published there.
    pub released: Moment,
    /// Why it was yanked there, where it was.
    pub yanked: Option<&'a str>,
}

impl<'a> Content<'a> {
    /// Of a release, with notes of at most `limit` characters; the rest is said to be at `rest`.
    #[must_use]
    pub fn of(release: &'a Release, platforms: &[&'a Platform], roots: &Roots, limit: usize, rest: String) -> Self {
        Self {
            released: release.released,
            channels: release.channels.iter().flat_map(|record| Availability::of(record, roots)).collect(),
            platforms: platforms.iter().map(|platform| platform.name.as_str()).collect(),
            cves: notes::cves(&release.notes),
            notes: notes::render(&release.notes, &place(release), limit),
            rest,
        }
    }
}

impl Release {
    /// Its own page at the channel where it can be had first.
    #[must_use]
    pub fn page(&self, roots: &Roots) -> String {
        self.link().map(|link| roots.resolve(&link)).unwrap_or_default()
    }
}

impl<'a> Availability<'a> {
    /// One for each of the record's tags.
    fn of(record: &'a ChannelRecord, roots: &Roots) -> Vec<Self> {
        let yanked = match &record.state {
            State::Present => None,
            State::Yanked(reason) => Some(reason.as_str()),
        };
        let available = |(url, released)| {
            let (channel, name) = (record.channel.name(), record.name.as_str());
            Self { channel, name, url, released, yanked }
        };
        pages(record, roots).into_iter().map(available).collect()
    }
}

/// The pages of a release at one source, each with the date of publication there.
fn pages(record: &ChannelRecord, roots: &Roots) -> Vec<(String, Moment)> {
    let page = |tag| record.link(tag).map(|link| roots.resolve(&link)).unwrap_or_default();
    record.tags.iter().map(|tag| (page(tag), tag.released)).collect()
}

/// The part of an address that leads to an element of a page: a project's page has one by the canonical text of each
/// version ([RFC 3986](https://www.rfc-editor.org/rfc/rfc3986#section-3.5)).
#[must_use]
pub fn fragment(id: &str) -> impl fmt::Display {
    /// What stands unescaped in a fragment, as far as versions use it.
    const FRAGMENT: &AsciiSet = &NON_ALPHANUMERIC
        .remove(b'-')
        .remove(b'.')
        .remove(b'_')
        .remove(b'~')
        .remove(b'+')
        .remove(b'!')
        .remove(b'/')
        .remove(b':');
    utf8_percent_encode(id, FRAGMENT)
}

/// What relative links in a release's notes are relative to.
fn place(release: &Release) -> Place {
    let github = release.channels.iter().find(|record| record.channel == Channel::Github);
    let tag = github.and_then(|record| record.tags.first());
    let of_tag = |tag: &crate::model::TagRecord| {
        let (repository, _) = tag.url.as_deref()?.split_once("/releases/tag/")?;
        Some(Place::tag(repository, &tag.tag))
    };
    tag.and_then(of_tag).unwrap_or_else(Place::none)
}

/// Renders an entry.
#[must_use]
pub fn render(candidate: &Candidate<'_>, catalog: &Catalog, roots: &Roots) -> Entry {
    let (summary, html, facts) = match &candidate.subject {
        Subject::Release(release) => of_release(release, candidate, roots),
        Subject::Day(date, releases) => of_day(*date, releases, candidate, roots),
    };
    let legal = |text: &str| notes::xml_text(text).into_owned();
    let project = candidate.project;
    let mut categories = vec![legal(&project.name)];
    categories.extend(catalog.stage_name(project).map(legal));
    categories.extend(candidate.platforms.iter().map(|platform| legal(&platform.name)));
    if facts.stability.is_some_and(|stability| stability != Stability::Final) {
        categories.push("pre-release".to_owned());
    }
    Entry {
        id: candidate.entry.id.clone(),
        title: legal(&candidate.entry.title),
        link: legal(&roots.resolve(&candidate.entry.link)),
        announced: candidate.entry.announced,
        summary: legal(&notes::shorten(&summary, SUMMARY)),
        html: legal(&html),
        categories,
        facts,
    }
}

fn of_release(release: &Release, candidate: &Candidate<'_>, roots: &Roots) -> (String, String, Facts) {
    let anchor = fragment(release.version.canonical());
    let page = roots.page(&format!("projects/{}.html#{anchor}", candidate.project.id));
    let content = Content::of(release, &candidate.platforms, roots, NOTES, page);
    let facts = Facts {
        kind: EntryKind::Release,
        event: None,
        project: candidate.project.id.clone(),
        version: Some(release.version.to_string()),
        stability: Some(release.stability),
        channels: release.channels.iter().flat_map(|record| channel_facts(record, roots)).collect(),
        platforms: candidate.platforms.iter().map(|platform| platform.id.clone()).collect(),
        advisories: Vec::new(),
    };
    (summary(&content, &release.notes), html(&content), facts)
}

fn channel_facts(record: &ChannelRecord, roots: &Roots) -> Vec<ChannelFacts> {
    let state = match record.state {
        State::Present => "present",
        State::Yanked(_) => "yanked",
    };
    let facts = |(url, released)| {
        let (channel, name) = (record.channel, record.name.clone());
        ChannelFacts { channel, name, url, released, state, verified: None }
    };
    pages(record, roots).into_iter().map(facts).collect()
}

/// When and where, for which platforms, against which vulnerabilities, and the notes' first sentence.
fn summary(content: &Content<'_>, markdown: &str) -> String {
    let mut channels: Vec<_> = content.channels.iter().map(|place| place.channel).collect();
    channels.dedup();
    let mut parts = vec![format!("Released {} on {}.", content.released.date_naive(), channels.join(" and "))];
    if !content.platforms.is_empty() {
        parts.push(format!("{}.", content.platforms.join(", ")));
    }
    if !content.cves.is_empty() {
        parts.push(format!("{}.", content.cves.iter().map(String::as_str).collect::<Vec<_>>().join(", ")));
    }
    parts.extend(notes::first_sentence(markdown));
    parts.join(" ")
}

#[derive(Template)]
#[template(path = "day.html")]
struct DayContent<'a> {
    date: NaiveDate,
    rows: Vec<(&'a str, String)>,
}

fn of_day(date: NaiveDate, releases: &[&Release], candidate: &Candidate<'_>, roots: &Roots) -> (String, String, Facts) {
    let rows: Vec<_> = releases.iter().map(|release| (release.text.as_str(), release.page(roots))).collect();
    let names: Vec<_> = rows.iter().map(|(text, _)| *text).collect();
    let summary = format!("Released {date}: {}.", names.join(", "));
    let html = html(&DayContent { date, rows });
    let (version, stability) = (None, None);
    let (channels, platforms, advisories) = (Vec::new(), Vec::new(), Vec::new());
    let (kind, event, project) = (EntryKind::Day, None, candidate.project.id.clone());
    (summary, html, Facts { kind, event, project, version, stability, channels, platforms, advisories })
}

fn html(template: &impl Template) -> String {
    #[expect(clippy::expect_used, reason = "writing to a string cannot fail, and the templates have no failing filter")]
    template.render().expect("a template of plain values")
}
