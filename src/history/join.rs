//! Tonight's sightings join what was known: which release each belongs to.

use std::{
    cmp::Reverse,
    collections::{HashMap, HashSet},
};

use chrono::TimeDelta;

use super::{
    History, Reason, Seconds, is_of,
    record::{Before, Fresh, Recorder},
};
use crate::{
    model::{Answer, Channel, ChannelRecord, Grouping, Moment, Project, Release, Sighting, Source, State, TagRecord},
    version::{Version, is_version_text},
};

/// How many items that cannot be read are told one by one.
const SKIPPED: usize = 5;
/// How far ahead of the run's clock a date may lie.
const FUTURE: TimeDelta = TimeDelta::hours(1);

/// What a night brought to one project.
#[derive(Debug, Default)]
pub struct News {
    /// The entries recorded, each with its date and title.
    pub entries: Vec<(Moment, String)>,
    /// How many releases were recorded, those included that share an entry.
    pub releases: usize,
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
    /// What a person should know of the items that could not be read; of many, the first ones.
    fn skipped(&self) -> Vec<String> {
        let skipped = &self.answer.skipped;
        let mut told: Vec<_> =
            skipped.iter().take(SKIPPED).map(|reason| format!("{}: {reason}", self.source)).collect();
        if skipped.len() > SKIPPED {
            told.push(format!("{}: {} more items cannot be read", self.source, skipped.len() - SKIPPED));
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
        said: Vec<Said>,
        provisional: impl Fn(&ChannelRecord) -> bool,
    ) -> News {
        let mut news = News::default();
        for said in said.iter().filter(|said| said.confirms) {
            self.forget(&said.source, &mut recorder.seconds);
        }
        let known: HashSet<Version> = self.releases.iter().map(|release| release.version.clone()).collect();
        let mut places = Places::of(self);
        let mut fresh = Fresh::new();
        for said in said {
            news.warnings.extend(said.skipped());
            let mut left_out = Vec::new();
            for sighting in said.answer.sightings {
                match self.see(project, &said.source, sighting, recorder.seconds.now(), &mut places) {
                    Seen::Release(version) if known.contains(&version) => {}
                    Seen::Release(version) => {
                        let before = fresh.entry(version).or_insert(said.before);
                        *before = said.before.max(*before);
                    }
                    Seen::LeftOut(tag, released) => left_out.push((released, tag)),
                    Seen::Refused(warning) => news.warnings.push(warning),
                    Seen::NotOurs => {}
                }
            }
            news.warnings.extend(self.leave_out(&said.source, left_out));
        }
        self.drop_unconfirmed(&mut recorder.seconds);
        news.releases = fresh.len();
        news.entries = match project.grouping() {
            Grouping::Each => self.record(project, recorder, &fresh, provisional),
            Grouping::Daily => self.record_days(project, recorder, &fresh, provisional),
        };
        self.sort(project);
        news
    }

    /// Takes out what a seed said of a source, to be said anew by the source itself. What is recorded already was
    /// confirmed by a run that did not come to its end.
    fn forget(&mut self, source: &Source, seconds: &mut Seconds) {
        for release in &mut self.releases {
            if release.recorded.is_none() || release.channels.iter().any(|record| !is_of(record, source)) {
                release.channels.retain(|record| !is_of(record, source));
            }
        }
        if source.channel == Channel::Github {
            self.left_out.clear();
            for day in self.days.extract_if(.., |day| day.recorded.is_none()) {
                seconds.free(day.entry.announced);
            }
        }
    }

    /// Removes what the source that took the seed's place does not know.
    fn drop_unconfirmed(&mut self, seconds: &mut Seconds) {
        self.releases.retain(|release| {
            if release.channels.is_empty() {
                release.entry.iter().for_each(|entry| seconds.free(entry.announced));
            }
            !release.channels.is_empty()
        });
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
            return Seen::Refused(format!("{source}: {} waits, for it is dated {date}", sighting.tag));
        }
        if let Some(&place) = places.tags.get(&Places::key(source, &sighting.tag)) {
            let release = &mut self.releases[place];
            release.update(source, sighting);
            return Seen::Release(release.version.clone());
        }
        let Some((version, text)) = read(project, source, &sighting.tag) else {
            return Seen::LeftOut(sighting.tag, sighting.released);
        };
        let since = project.pypi.iter().find(|package| package.name == source.name).and_then(|p| p.since.as_ref());
        if source.channel == Channel::Pypi && since.is_some_and(|since| version < *since) {
            return Seen::NotOurs;
        }
        let Some(released) = sighting.released else {
            return Seen::Refused(format!("{source}: {} has no date", sighting.tag));
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
        let place = |record: &ChannelRecord| sources.iter().position(|s| is_of(record, s)).unwrap_or(usize::MAX);
        for release in &mut self.releases {
            release.channels.sort_by_key(|record| (record.channel, place(record)));
        }
        self.releases.sort_by(|a, b| (b.released, &b.version).cmp(&(a.released, &a.version)));
        self.days.sort_by_key(|day| Reverse(day.date));
    }
}

/// What became of a sighting.
enum Seen {
    /// It is of the release with this version.
    Release(Version),
    /// Its tag names no version.
    LeftOut(String, Option<Moment>),
    /// It waits, for a reason that a person should know.
    Refused(String),
    /// It is of a time when the name was somebody else's.
    NotOurs,
}

/// The version that a source's tag names, and its own text of it.
pub(super) fn read(project: &Project, source: &Source, tag: &str) -> Option<(Version, String)> {
    match source.channel {
        Channel::Github => {
            let text = project.github.as_ref()?.scheme.version_text(tag)?;
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
                let source = Source::new(record.channel, record.name.clone());
                places.tags.extend(record.tags.iter().map(|tag| (Self::key(&source, &tag.tag), place)));
            }
        }
        places
    }

    /// A project has one repository, which keeps its tags when it is renamed.
    fn key(source: &Source, tag: &str) -> (String, String) {
        let source = match source.channel {
            Channel::Github => String::new(),
            Channel::Pypi => source.key(),
        };
        (source, tag.to_owned())
    }
}

impl Release {
    fn unrecorded(version: Version, text: String, released: Moment) -> Self {
        let stability = version.stability();
        let (channels, notes) = (Vec::new(), String::new());
        Self { version, text, released, recorded: None, stability, entry: None, channels, notes }
    }

    /// Takes what a source says tonight of a tag on record: content and dates of the channel, nothing frozen.
    fn update(&mut self, source: &Source, sighting: Sighting) {
        let leads = source.channel == Channel::Github && self.leading_tag() == Some(sighting.tag.as_str());
        let record = self.channels.iter_mut().find(|record| is_of(record, source));
        let Some(record) = record else { return };
        record.name.clone_from(&source.name);
        record.state = sighting.state;
        if let Some(tag) = record.tags.iter_mut().find(|tag| tag.tag == sighting.tag) {
            tag.released = sighting.released.unwrap_or(tag.released);
            tag.url = sighting.url.or(tag.url.take());
            tag.prerelease = sighting.prerelease;
            tag.commit = sighting.commit.or(tag.commit.take());
        }
        if leads {
            self.notes = sighting.notes;
        }
    }

    /// Takes a tag that was not on record.
    fn add(&mut self, source: &Source, sighting: Sighting, released: Moment) {
        let Sighting { tag, url, prerelease, state, notes, commit, .. } = sighting;
        let tag = TagRecord { tag, released, url, prerelease, commit };
        if let Some(record) = self.channels.iter_mut().find(|record| is_of(record, source)) {
            record.tags.push(tag);
        } else {
            let (channel, name) = (source.channel, source.name.clone());
            self.channels.push(ChannelRecord { channel, name, state, tags: vec![tag] });
            // The notes are those of the leading tag, as in every later night.
            if channel == Channel::Github {
                self.notes = notes;
            }
        }
    }

    /// The tag whose notes are the release's.
    fn leading_tag(&self) -> Option<&str> {
        let github = self.channels.iter().find(|record| record.channel == Channel::Github)?;
        github.tags.first().map(|tag| tag.tag.as_str())
    }

    /// Whether it can be had at no channel in good order: every one has it yanked.
    #[must_use]
    pub fn is_yanked(&self) -> bool {
        !self.channels.is_empty() && self.channels.iter().all(|record| matches!(record.state, State::Yanked(_)))
    }
}
