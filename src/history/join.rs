//! Tonight's sightings join what was known: which release each belongs to.

use std::collections::{HashMap, HashSet};

use chrono::{NaiveDate, TimeDelta};

use super::{
    History, Reason, Recording,
    events::Earlier,
    record::{Fresh, Recorder, Told},
    state::Before,
};
use crate::{
    model::{
        Answer, Channel, ChannelRecord, Grouping, Moment, Project, Provenance, Release, Sighting, Source, TagRecord,
    },
    version::{Version, is_version_text},
};

/// How many items that cannot be read are told one by one.
const SKIPPED: usize = 5;
/// How far ahead of the run's clock a date may lie.
const FUTURE: TimeDelta = TimeDelta::hours(1);

/// What a night brought to one project.
#[derive(Debug, Default)]
pub struct News {
    /// The entries recorded.
    pub entries: Vec<Told>,
    /// How many releases were recorded, those included that share an entry.
    pub releases: usize,
    /// How many events were recorded.
    pub events: usize,
    /// What a person should know.
    pub warnings: Vec<String>,
}

/// A source's answer, with what was known of the source before.
pub(super) struct Said {
    pub(super) source: Source,
    pub(super) answer: Answer,
    /// What was known of the source before.
    pub(super) before: Before,
    /// Whether this answer takes a seed's place.
    pub(super) confirms: bool,
}

impl Said {
    /// What a person should know of the answer.
    fn warnings(&self) -> Vec<String> {
        let skipped: Vec<_> = self.answer.skipped.iter().map(|skipped| skipped.reason.as_str()).collect();
        let warnings: Vec<_> = self.answer.warnings.iter().map(String::as_str).collect();
        [skipped, warnings].iter().flat_map(|reasons| self.first_of(reasons)).collect()
    }

    /// Of many items that could not be read, the first ones.
    fn first_of(&self, reasons: &[&str]) -> Vec<String> {
        let mut told: Vec<_> =
            reasons.iter().take(SKIPPED).map(|reason| format!("{}: {reason}", self.source)).collect();
        if reasons.len() > SKIPPED {
            told.push(format!("{}: {} more items cannot be read", self.source, reasons.len() - SKIPPED));
        }
        told
    }
}

impl History {
    /// Joins what the sources said into the history; `provisional` tells which sources are still a seed's afterwards.
    pub(super) fn join(
        &mut self,
        project: &Project,
        recorder: &mut Recorder,
        mut said: Vec<Said>,
        provisional: impl Fn(&ChannelRecord) -> bool,
    ) -> News {
        let mut news = News::default();
        if recorder.record == Recording::Seed {
            said.iter_mut().for_each(Said::strip_to_seed);
        }
        for said in said.iter().filter(|said| said.confirms) {
            self.forget(said, &mut recorder.seconds);
        }
        let earlier = self.earlier();
        let read: Vec<Source> =
            said.iter().filter(|said| said.before.is_read()).map(|said| said.source.clone()).collect();
        let now = recorder.seconds.now();
        for said in &said {
            self.count_absences(said, now.date_naive());
            news.warnings.extend(said.warnings());
        }
        let advisories = self.take_advisories(&mut said);
        let statuses: Vec<_> = said.iter().map(|said| (said.source.clone(), said.answer.status)).collect();
        let fresh = self.see_all(project, now, said, &earlier, &mut news.warnings);
        self.drop_unconfirmed(&mut recorder.seconds);
        news.releases = fresh.len();
        news.entries = match project.grouping() {
            Grouping::Each => self.record(project, recorder, &fresh, provisional),
            Grouping::Daily => self.record_days(project, recorder, &fresh, provisional),
        };
        let mut events = self.tell(project, recorder, &earlier, &read);
        for (source, status) in statuses {
            let read = read.contains(&source);
            events.extend(self.take_status(project, recorder, &source, status, read));
        }
        events.extend(self.tell_advisories(project, recorder, &fresh, &advisories));
        news.events = events.len();
        news.entries.append(&mut events);
        self.sort(project);
        news
    }

    /// Finds each sighting its release; gives the versions that are new.
    fn see_all(
        &mut self,
        project: &Project,
        now: Moment,
        said: Vec<Said>,
        earlier: &Earlier,
        warnings: &mut Vec<String>,
    ) -> Fresh {
        let mut places = Places::of(self);
        let mut fresh = Fresh::new();
        for said in said {
            let mut left_out = Vec::new();
            for sighting in said.answer.sightings {
                let released = sighting.released;
                match self.see(project, &said.source, sighting, now, &mut places) {
                    Seen::Release(version) if earlier.contains_key(&version) => {}
                    Seen::Release(version) => {
                        let before = released.map_or(said.before, |released| said.before.of_release(released));
                        let best = fresh.entry(version).or_insert(before);
                        *best = before.max(*best);
                    }
                    Seen::LeftOut(tag, released) => left_out.push((released, tag)),
                    Seen::Warning(warning) => warnings.push(warning),
                    Seen::NotOurs => {}
                }
            }
            warnings.extend(self.leave_out(&said.source, left_out));
        }
        fresh
    }

    /// Rule 6: what an answer lacks that would be in it is absent today. What it has is there.
    fn count_absences(&mut self, said: &Said, today: NaiveDate) {
        let there: HashSet<&str> = said.answer.sightings.iter().map(|sighting| sighting.tag.as_str()).collect();
        let records = self.releases.iter_mut().flat_map(|release| &mut release.channels);
        for tag in records.filter(|record| record.is_of(&said.source)).flat_map(|record| &mut record.tags) {
            if there.contains(tag.tag.as_str()) {
                tag.absent.clear();
            } else if said.before.is_read() && said.answer.covers(&tag.tag) {
                tag.misses(today);
            }
        }
    }

    /// Rule 1: a sighting belongs to the release that has its tag, else to that of its version, else to a new one.
    fn see(
        &mut self,
        project: &Project,
        source: &Source,
        sighting: Sighting,
        now: Moment,
        places: &mut Places,
    ) -> Seen {
        if let Some(date) = sighting.released.filter(|date| *date > now + FUTURE || *date < Moment::UNIX_EPOCH) {
            return Seen::Warning(format!("{source}: {} waits, for it is dated {date}", sighting.tag));
        }
        if let Some(&place) = places.tags.get(&Places::key(source, &sighting.tag)) {
            let release = &mut self.releases[place];
            let moved = release.update(source, sighting, now.date_naive());
            let warning = |tag| format!("{source}: the tag {tag} is on another commit than before");
            return moved.map_or_else(|| Seen::Release(release.version.clone()), |tag| Seen::Warning(warning(tag)));
        }
        let Some((version, text)) = read(project, source, &sighting.tag) else {
            return Seen::LeftOut(sighting.tag, sighting.released);
        };
        if !project.admits(source, &sighting.tag, &version) {
            return Seen::NotOurs;
        }
        let Some(released) = sighting.released else {
            return Seen::Warning(format!("{source}: {} has no date", sighting.tag));
        };
        let place = *places.versions.entry(version.clone()).or_insert_with(|| {
            self.releases.push(Release::unrecorded(version.clone(), text, released));
            self.releases.len() - 1
        });
        places.tags.insert(Places::key(source, &sighting.tag), place);
        self.left_out.values_mut().for_each(|tags| _ = tags.remove(&sighting.tag));
        self.releases[place].add(source, sighting, released);
        Seen::Release(version)
    }

    /// Remembers the tags that name no version; warns when the newest of tonight's answer is newly one of them.
    fn leave_out(&mut self, source: &Source, left_out: Vec<(Option<Moment>, String)>) -> Option<String> {
        if left_out.is_empty() {
            return None;
        }
        let newest_release = self.releases.iter().map(|release| release.released).max();
        let tags = self.left_out.entry(Reason::NoVersion).or_default();
        let is_new = |(released, tag): &(Option<Moment>, String)| *released > newest_release && !tags.contains(tag);
        let newest = left_out.iter().filter(|left| is_new(left)).max().map(|(_, tag)| tag.clone());
        tags.extend(left_out.into_iter().map(|(_, tag)| tag));
        newest.map(|tag| format!("{source}: the newest tag, {tag}, names no version: see `tags` in the catalog"))
    }

    /// The form of the file: each list in its order, and nothing empty.
    fn sort(&mut self, project: &Project) {
        self.left_out.retain(|_, tags| !tags.is_empty());
        let sources: Vec<Source> = project.sources().collect();
        let place = |record: &ChannelRecord| sources.iter().position(|s| record.is_of(s)).unwrap_or(usize::MAX);
        for release in &mut self.releases {
            release.channels.sort_by_key(|record| (record.channel, place(record)));
        }
        self.order();
    }
}

/// What became of a sighting.
enum Seen {
    /// It is of the release with this version.
    Release(Version),
    /// Its tag names no version.
    LeftOut(String, Option<Moment>),
    /// A person should know this of it: it waits, or is of a known release and was moved.
    Warning(String),
    /// It is of a time when the name was somebody else's.
    NotOurs,
}

/// The version that a source's tag names, and its own text of it.
pub(super) fn read(project: &Project, source: &Source, tag: &str) -> Option<(Version, String)> {
    match source.channel {
        Channel::Github => {
            let text = project.version_text(tag)?;
            Some((Version::from_tag_text(&text), text))
        }
        Channel::Pypi => is_version_text(tag).then(|| (Version::from_pypi(tag), tag.to_owned())),
    }
}

/// Where in the list of releases a tag or a version stands.
struct Places {
    tags: HashMap<(String, String), usize>,
    versions: HashMap<Version, usize>,
}

impl Places {
    fn of(history: &History) -> Self {
        let mut places = Self { tags: HashMap::new(), versions: HashMap::new() };
        for (place, release) in history.releases.iter().enumerate() {
            places.versions.insert(release.version.clone(), place);
            for record in &release.channels {
                let source = record.source();
                places.tags.extend(record.tags.iter().map(|tag| (Self::key(&source, &tag.tag), place)));
            }
        }
        places
    }

    fn key(source: &Source, tag: &str) -> (String, String) {
        (source.key(), tag.to_owned())
    }
}

impl Release {
    fn unrecorded(version: Version, text: String, released: Moment) -> Self {
        let stability = version.stability();
        let (recorded, security, entry) = (None, false, None);
        let (channels, events, notes) = (Vec::new(), Vec::new(), String::new());
        Self { version, text, released, recorded, stability, security, entry, channels, events, notes }
    }

    /// Takes what a source says tonight of a tag on record: content and dates of the channel, nothing frozen. Gives the
    /// tag when it is on another commit now.
    fn update(&mut self, source: &Source, sighting: Sighting, today: NaiveDate) -> Option<String> {
        if source.channel == Channel::Github && self.leading_tag() == Some(sighting.tag.as_str()) {
            self.notes.clone_from(&sighting.notes);
        }
        let record = self.channels.iter_mut().find(|record| record.is_of(source))?;
        record.name.clone_from(&source.name);
        record.state.clone_from(&sighting.state);
        record.tags.iter_mut().find(|tag| tag.tag == sighting.tag)?.update(sighting, today)
    }

    /// Takes a tag that was not on record.
    fn add(&mut self, source: &Source, sighting: Sighting, released: Moment) {
        let Sighting { tag, url, prerelease, state, notes, committed, commit, provenance, .. } = sighting;
        let (name, verification, moved, absent) = (tag.clone(), None, None, Vec::new());
        let tag =
            TagRecord { tag, released, url, prerelease, committed, commit, provenance, verification, moved, absent };
        if let Some(record) = self.channels.iter_mut().find(|record| record.is_of(source)) {
            record.tags.push(tag);
        } else {
            let (channel, name) = (source.channel, source.name.clone());
            self.channels.push(ChannelRecord { channel, name, state, tags: vec![tag] });
        }
        // As in every later night.
        if source.channel == Channel::Github && self.leading_tag() == Some(name.as_str()) {
            self.notes = notes;
        }
    }

    /// The tag whose notes are the release's.
    fn leading_tag(&self) -> Option<&str> {
        let github = self.channels.iter().find(|record| record.channel == Channel::Github)?;
        let there = github.tags.iter().find(|tag| tag.absent.is_empty());
        there.or(github.tags.first()).map(|tag| tag.tag.as_str())
    }
}

impl TagRecord {
    /// Takes what its source says of it tonight; gives the tag when it is on another commit now.
    fn update(&mut self, sighting: Sighting, today: NaiveDate) -> Option<String> {
        let Sighting { tag, released, url, prerelease, committed, commit, provenance, .. } = sighting;
        let moved = differ(self.commit.as_ref(), commit.as_ref()) || differ(self.committed, committed);
        self.released = released.unwrap_or(self.released);
        self.url = url.or(self.url.take());
        self.prerelease = prerelease;
        self.committed = committed.or(self.committed);
        self.commit = commit.or(self.commit.take());
        // Who published a version once has: files come and go, and are never uploaded twice.
        if matches!(self.provenance, None | Some(Provenance::None)) {
            self.provenance = provenance.or(self.provenance.take());
        }
        self.moved = if moved { Some(today) } else { self.moved };
        moved.then_some(tag)
    }
}

fn differ<T: PartialEq>(before: Option<T>, now: Option<T>) -> bool {
    matches!((before, now), (Some(before), Some(now)) if before != now)
}
