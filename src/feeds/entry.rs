//! From a release, a day or an event to an entry; its content is the partial that pages use too.

use std::{
    borrow::Cow,
    collections::{BTreeSet, HashMap},
};

use askama::Template;
use chrono::NaiveDate;

use super::{Candidate, Subject};
use crate::{
    catalog::{Catalog, Platform},
    history::History,
    model::{
        Advisory, AdvisoryFacts, Channel, ChannelFacts, ChannelRecord, Cve, Entry, EntryKind, Event, EventKind, Facts,
        Moment, Project, Provenance, Release, Roots, State, TagRecord, Verification, fragment,
    },
    notes::{self, Place, Rendered},
    version::{Stability, Version},
};

/// How many characters of notes an entry of a feed holds.
const NOTES: usize = 4_000;
/// How many characters of notes a project's page shows of a release.
const PAGE_NOTES: usize = 60_000;
/// How many vulnerabilities that notes name are shown.
const CVES: usize = 100;
/// How many characters a summary holds.
const SUMMARY: usize = 300;

/// What there is to say of a release: when, where, what it fits, and its notes.
#[derive(Debug)]
pub struct Content<'a> {
    /// When it was published first.
    pub released: Moment,
    /// Where it can be had.
    pub channels: Vec<Availability<'a>>,
    /// The platforms whose line it is in.
    pub platforms: Vec<&'a Platform>,
    /// What happened to it since, oldest first.
    pub events: &'a [Event],
    /// The advisories that it fixes, the worst first.
    pub fixes: Vec<&'a Advisory>,
    /// The vulnerabilities that its notes name besides: the first of them, …
    pub cves: BTreeSet<Cve>,
    /// … and how many more there are.
    pub more_cves: usize,
    /// Its notes, as its project's page shows them.
    pub notes: Rendered,
    /// Their beginning, as feeds have it.
    beginning: Rendered,
    /// The first sentence in them that says something.
    sentence: Option<String>,
    /// Its page elsewhere, where the rest of the notes is when they are cut.
    pub page: String,
}

/// What there is to say of each release of a project, said once for its page and all feeds.
#[derive(Debug)]
pub struct Contents<'a>(HashMap<&'a Version, Content<'a>>);

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
    /// Whether its page is still there.
    pub is_there: bool,
    /// What is to be known of it there.
    pub marks: Vec<String>,
}

/// Whether more than a day announces it.
fn is_told(release: &Release) -> bool {
    release.entry.is_some() || !release.events.is_empty()
}

impl<'a> Contents<'a> {
    /// Of all releases of a project but those that only a day announces.
    #[must_use]
    pub fn of(project: &Project, history: &'a History, catalog: &'a Catalog, roots: &Roots) -> Self {
        let fixes = history.fixes();
        let content = |release: &'a Release| {
            let platforms = catalog.platforms_with(&project.id, &release.version).collect();
            let fixes = fixes.in_version(&release.version).to_vec();
            (&release.version, Content::of(release, platforms, fixes, roots))
        };
        Self(history.releases.iter().filter(|release| is_told(release)).map(content).collect())
    }

    /// What there is to say of a release that has an entry, or of which there is an event.
    #[must_use]
    pub fn of_release(&self, release: &Release) -> &Content<'a> {
        #[expect(clippy::expect_used, reason = "each release of the history that has an entry or an event is in it")]
        self.0.get(&release.version).expect("a release that is told")
    }
}

impl<'a> Content<'a> {
    fn of(release: &'a Release, platforms: Vec<&'a Platform>, fixes: Vec<&'a Advisory>, roots: &Roots) -> Self {
        let mut cves = Cve::named_in(&release.notes);
        cves.retain(|cve| !fixes.iter().any(|advisory| advisory.cve.as_ref() == Some(cve)));
        let more_cves = cves.len().saturating_sub(CVES);
        let cves = cves.into_iter().take(CVES).collect();
        let ([notes, beginning], sentence) = notes::render_twice(&release.notes, &place(release), PAGE_NOTES, NOTES);
        Self {
            released: release.released,
            channels: release.channels.iter().flat_map(|record| Availability::of(record, roots)).collect(),
            platforms,
            events: &release.events,
            fixes,
            cves,
            more_cves,
            notes,
            beginning,
            sentence,
            page: release.page(roots),
        }
    }

    /// The names of the platforms whose line it is in.
    pub(crate) fn platform_names(&self) -> Vec<&'a str> {
        self.platforms.iter().map(|platform| platform.name.as_str()).collect()
    }
}

impl Release {
    /// Its own page at the first channel where it can be had.
    #[must_use]
    pub fn page(&self, roots: &Roots) -> String {
        self.link().map(|link| roots.resolve(&link)).unwrap_or_default()
    }
}

impl<'a> Availability<'a> {
    /// One for each of the record's tags.
    fn of(record: &'a ChannelRecord, roots: &Roots) -> Vec<Self> {
        let available = |(tag, url): (&TagRecord, String)| Self {
            channel: record.channel.name(),
            name: &record.name,
            url,
            released: tag.released,
            is_there: !record.is_withdrawn(),
            marks: marks(record, tag),
        };
        pages(record, roots).into_iter().map(available).collect()
    }
}

fn marks(record: &ChannelRecord, tag: &TagRecord) -> Vec<String> {
    let presence = match &record.state {
        _ if record.is_withdrawn() => Some("withdrawn".to_owned()),
        State::Yanked(reason) if !reason.is_empty() => Some(format!("yanked: {reason}")),
        State::Yanked(_) => Some("yanked".to_owned()),
        State::Present => None,
    };
    let moved = tag.moved.map(|day| format!("on another commit since {day}"));
    let publisher = || tag.provenance.as_ref().and_then(Provenance::publisher);
    let origin = match tag.verification {
        Some(Verification::Foreign) => publisher().map(|publisher| format!("published from {publisher}")),
        Some(Verification::Verified) => Some("verified".to_owned()),
        Some(Verification::Unverified) | None => None,
    };
    presence.into_iter().chain(moved).chain(origin).collect()
}

/// The tags of a release at one source, each with its page.
fn pages<'a>(record: &'a ChannelRecord, roots: &Roots) -> Vec<(&'a TagRecord, String)> {
    let page = |tag| record.link(tag).map(|link| roots.resolve(&link)).unwrap_or_default();
    record.shown_tags().map(|tag| (tag, page(tag))).collect()
}

/// The beginning of a release's notes, for a list of several, and their first sentence.
#[must_use]
pub fn excerpt(release: &Release, limit: usize) -> (Rendered, Option<String>) {
    notes::excerpt(&release.notes, &place(release), limit)
}

/// What relative links in a release's notes are relative to.
fn place(release: &Release) -> Place {
    let github = release.channels.iter().find(|record| record.channel == Channel::Github);
    let tag = github.and_then(|record| record.shown_tags().next());
    let of_tag = |tag: &TagRecord| {
        let (repository, _) = tag.url.as_deref()?.split_once("/releases/tag/")?;
        Some(Place::tag(repository, &tag.tag))
    };
    tag.and_then(of_tag).unwrap_or_else(Place::none)
}

/// Renders an entry.
#[must_use]
pub fn render(candidate: &Candidate<'_>, contents: &Contents<'_>, catalog: &Catalog, roots: &Roots) -> Entry {
    let (summary, html, facts) = match &candidate.subject {
        Subject::Release(release) => of_release(release, Notes::Told, candidate, contents, roots),
        Subject::Day(date, releases) => of_day(*date, releases, candidate, roots),
        Subject::Event(event, Some(release)) => of_event(event, release, candidate, contents, roots),
        Subject::Event(event, None) if event.kind == EventKind::Security => of_advisories(event, candidate),
        Subject::Event(event, None) => of_source_event(event, candidate),
    };
    let legal = |text: &str| notes::xml_text(text).into_owned();
    let project = candidate.project;
    let mut categories = vec![legal(&project.name)];
    categories.extend(catalog.stage_name(project).map(legal));
    categories.extend(candidate.platforms.iter().map(|platform| legal(&platform.name)));
    if facts.stability.is_some_and(|stability| stability != Stability::Final) {
        categories.push("pre-release".to_owned());
    }
    categories.extend(facts.event.map(|kind| kind.to_string()));
    let security = EventKind::Security.to_string();
    if candidate.is_security() && !categories.contains(&security) {
        categories.push(security);
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

/// A release as an entry of a feed.
#[derive(Template)]
#[template(path = "release.html")]
struct ReleaseEntry<'a> {
    content: &'a Content<'a>,
    notes: &'a Rendered,
    /// Where the rest of the notes is, when they are cut.
    rest: String,
}

/// Whether an entry of a release has its notes.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Notes {
    Told,
    Untold,
}

fn of_release(
    release: &Release,
    told: Notes,
    candidate: &Candidate<'_>,
    contents: &Contents<'_>,
    roots: &Roots,
) -> (String, String, Facts) {
    let facts = Facts {
        kind: EntryKind::Release,
        event: None,
        project: candidate.project.id.clone(),
        version: Some(release.version.to_string()),
        stability: Some(release.stability),
        channels: release.channels.iter().flat_map(|record| channel_facts(record, roots)).collect(),
        platforms: candidate.platforms.iter().map(|platform| platform.id.clone()).collect(),
        advisories: advisory_facts(candidate),
    };
    let content = contents.of_release(release);
    let nothing = Rendered::default();
    let (notes, sentence) = match told {
        Notes::Told => (&content.beginning, content.sentence.as_deref()),
        Notes::Untold => (&nothing, None),
    };
    let anchor = fragment(release.version.canonical());
    let rest = roots.page(&format!("{}#{anchor}", candidate.project.page()));
    (summary(content, sentence), html(&ReleaseEntry { content, notes, rest }), facts)
}

fn advisory_facts(candidate: &Candidate<'_>) -> Vec<AdvisoryFacts> {
    candidate.advisories.iter().map(|advisory| AdvisoryFacts::from(*advisory)).collect()
}

fn channel_facts(record: &ChannelRecord, roots: &Roots) -> Vec<ChannelFacts> {
    let facts = |(tag, url): (&TagRecord, String)| {
        let (channel, name, state) = (record.channel, record.name.clone(), record.presence());
        ChannelFacts { channel, name, url, released: tag.released, state, verified: tag.verification }
    };
    pages(record, roots).into_iter().map(facts).collect()
}

/// An event of a release says again what there is to say of it, and only when it became final its notes.
fn of_event(
    event: &Event,
    release: &Release,
    candidate: &Candidate<'_>,
    contents: &Contents<'_>,
    roots: &Roots,
) -> (String, String, Facts) {
    let told = if event.kind == EventKind::Final { Notes::Told } else { Notes::Untold };
    let (summary, html, facts) = of_release(release, told, candidate, contents, roots);
    let (kind, event, stability) = (EntryKind::Event, Some(event.kind), event.stability);
    (summary, html, Facts { kind, event, stability, ..facts })
}

#[derive(Template)]
#[template(path = "source_event.html")]
struct SourceEvent<'a> {
    title: &'a str,
    sentence: &'static str,
}

fn of_source_event(event: &Event, candidate: &Candidate<'_>) -> (String, String, Facts) {
    let sentence = match event.kind {
        EventKind::Quarantined => "The index holds the package back: its releases are shown as they were known.",
        EventKind::Archived => "The owners of the package make no more releases of it.",
        // These are of a release, or have a list.
        EventKind::Final
        | EventKind::Yanked
        | EventKind::Unyanked
        | EventKind::Withdrawn
        | EventKind::Restored
        | EventKind::Security => "",
    };
    let html = html(&SourceEvent { title: &event.entry.title, sentence });
    (sentence.to_owned(), html, project_facts(EntryKind::Event, Some(event.kind), candidate))
}

/// A list of advisories.
#[derive(Template)]
#[template(path = "advisories.html")]
struct Advisories<'a> {
    rows: Vec<AdvisoryRow<'a>>,
}

/// An advisory, as a person reads it.
struct AdvisoryRow<'a> {
    advisory: &'a Advisory,
    summary: Cow<'a, str>,
    /// What to do about it; where nothing can be said, the versions that fix it, in upstream's own words.
    advice: String,
}

impl<'a> AdvisoryRow<'a> {
    fn of(advisory: &'a Advisory, advice: Option<&String>) -> Self {
        let mut patched: Vec<_> = advisory.affected.iter().map(|affected| affected.patched.as_str()).collect();
        patched.retain(|text| !text.is_empty());
        patched.dedup();
        let in_their_words =
            || if patched.is_empty() { String::new() } else { format!("Fixed in {}.", patched.join(", ")) };
        let advice = advice.cloned().unwrap_or_else(in_their_words);
        Self { advisory, summary: notes::without_addresses(&advisory.summary), advice }
    }
}

/// An event of the whole project: what is to be said of each of its advisories.
fn of_advisories(event: &Event, candidate: &Candidate<'_>) -> (String, String, Facts) {
    let names: Vec<_> = candidate.advisories.iter().map(|advisory| advisory.name()).collect();
    let noun = if names.len() == 1 { "advisory" } else { "advisories" };
    let summary = format!("{} {noun}: {}.", names.len(), names.join(", "));
    let advice = candidate.advice.iter().map(Option::as_ref);
    let rows = candidate.advisories.iter().zip(advice).map(|(advisory, advice)| AdvisoryRow::of(advisory, advice));
    let rows = rows.collect();
    let html = html(&Advisories { rows });
    (summary, html, project_facts(EntryKind::Event, Some(event.kind), candidate))
}

/// When and where, for which platforms, against which vulnerabilities, and the notes' first sentence.
fn summary(content: &Content<'_>, sentence: Option<&str>) -> String {
    let mut channels: Vec<_> = content.channels.iter().map(|place| place.channel).collect();
    channels.dedup();
    let mut parts = vec![format!("Released {} on {}.", content.released.date_naive(), channels.join(" and "))];
    if !content.platforms.is_empty() {
        parts.push(format!("{}.", content.platform_names().join(", ")));
    }
    let fixes = content.fixes.iter().map(|advisory| advisory.name());
    let vulnerabilities: Vec<_> = fixes.chain(content.cves.iter().map(Cve::to_string)).collect();
    if !vulnerabilities.is_empty() {
        parts.push(format!("{}.", vulnerabilities.join(", ")));
    }
    parts.extend(sentence.map(str::to_owned));
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
    (summary, html, project_facts(EntryKind::Day, None, candidate))
}

/// Of an entry that is not of one release.
fn project_facts(kind: EntryKind, event: Option<EventKind>, candidate: &Candidate<'_>) -> Facts {
    let (project, advisories) = (candidate.project.id.clone(), advisory_facts(candidate));
    let (channels, platforms) = (Vec::new(), Vec::new());
    Facts { kind, event, project, version: None, stability: None, channels, platforms, advisories }
}

fn html(template: &impl Template) -> String {
    #[expect(clippy::expect_used, reason = "writing to a string cannot fail, and the templates have no failing filter")]
    template.render().expect("a template of plain values")
}
