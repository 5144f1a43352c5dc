//! Tonight's sightings join what was known: which release each belongs to, and what is frozen when it is recorded.

use std::{cmp::Reverse, collections::HashMap};

use chrono::{NaiveDate, TimeDelta};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

use super::{History, Reason, Seconds, is_of};
use crate::{
    model::{
        Announcement, Answer, Channel, ChannelRecord, Day, Grouping, Link, Moment, PrereleaseFlag, Project, Release,
        Sighting, Source, State, TagRecord,
    },
    version::{Stability, Version},
};

/// How far behind the run's clock a date may lie before it is refused.
const FUTURE: TimeDelta = TimeDelta::hours(1);

/// What stands unescaped in a path segment ([RFC 3986](https://www.rfc-editor.org/rfc/rfc3986#section-3.3)), as far as
/// versions use it.
const SEGMENT: &AsciiSet =
    &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~').remove(b'+').remove(b'!');

/// What recording goes by: whose site it is, as what, and when.
#[derive(Debug)]
pub(super) struct Recorder {
    /// Of the site's `tag:` URIs.
    pub(super) authority: String,
    pub(super) record: Record,
    pub(super) seconds: Seconds,
}

impl Recorder {
    /// The moment that what is recorded now is marked with; a seed is not recorded yet.
    fn recorded(&self) -> Option<Moment> {
        (self.record == Record::Live).then(|| self.seconds.now())
    }
}

/// As what a run records.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Record {
    /// The truth of tonight.
    Live,
    /// Facts that each source has yet to confirm.
    Seed,
}

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
    /// Whether the source itself was read in an earlier run.
    pub(super) read_before: bool,
    /// Whether this answer takes a seed's place.
    pub(super) confirms: bool,
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
            self.forget(&said.source);
        }
        let mut places = Places::of(self);
        let mut fresh: HashMap<Version, bool> = HashMap::new();
        for said in said {
            news.warnings.extend(said.answer.skipped.iter().map(|reason| format!("{}: {reason}", said.source)));
            let mut left_out = Vec::new();
            for sighting in said.answer.sightings {
                match self.see(project, &said.source, sighting, recorder.seconds.now(), &mut places) {
                    Seen::Release(version) => *fresh.entry(version).or_default() |= said.read_before,
                    Seen::LeftOut(tag, released) => left_out.push((released, tag)),
                    Seen::Refused(warning) => news.warnings.push(warning),
                    Seen::NotOurs => {}
                }
            }
            news.warnings.extend(self.leave_out(&said.source, left_out));
        }
        self.drop_unconfirmed(&mut recorder.seconds);
        self.record(project, recorder, &fresh, provisional, &mut news);
        self.record_days(project, recorder, &mut news);
        self.sort(project);
        news
    }

    /// Takes out what a seed said of a source, to be said anew by the source itself.
    fn forget(&mut self, source: &Source) {
        for release in &mut self.releases {
            release.channels.retain(|record| !is_of(record, source));
        }
        if source.channel == Channel::Github {
            self.left_out.clear();
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
        if let Some(date) = sighting.released.filter(|date| *date > now + FUTURE) {
            return Seen::Refused(format!("{source}: {} is dated {date}, in the future: it waits", sighting.tag));
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

    /// Rule 3: what is recorded now is frozen: title, link, dates, and what feeds select by.
    fn record(
        &mut self,
        project: &Project,
        recorder: &mut Recorder,
        fresh: &HashMap<Version, bool>,
        provisional: impl Fn(&ChannelRecord) -> bool,
        news: &mut News,
    ) {
        let moment = recorder.recorded();
        let Recorder { authority, record, seconds } = recorder;
        let grouping = project.github.as_ref().map_or(Grouping::Each, |repository| repository.grouping);
        let mut due: Vec<&mut Release> = self.releases.iter_mut().filter(|r| r.recorded.is_none()).collect();
        due.retain(|release| release.is_due(grouping, *record, &provisional));
        for release in &mut due {
            release.entry.take().iter().for_each(|entry| seconds.free(entry.announced));
            release.freeze(project);
            release.recorded = moment;
        }
        due.sort_by(|a, b| a.released.cmp(&b.released).then_with(|| a.version.cmp(&b.version)));
        news.releases += due.len();
        if grouping == Grouping::Daily {
            return;
        }
        let is_news = |release: &Release| {
            fresh.get(&release.version).copied().unwrap_or_default() && seconds.is_news(release.released)
        };
        let (tonight, earlier): (Vec<_>, Vec<_>) = due.into_iter().partition(|release| is_news(release));
        for release in earlier {
            news.entries.push(release.announce(project, authority, seconds.from(release.released)));
        }
        // Counted backwards: the newest comes first and gets the latest second.
        for release in tonight.into_iter().rev() {
            news.entries.push(release.announce(project, authority, seconds.tonight()));
        }
    }

    /// Rule 12: a day's releases are one entry, recorded once the day has ended.
    fn record_days(&mut self, project: &Project, recorder: &mut Recorder, news: &mut News) {
        if project.github.as_ref().is_none_or(|repository| repository.grouping == Grouping::Each) {
            return;
        }
        let moment = recorder.recorded();
        let Recorder { authority, seconds, .. } = recorder;
        let today = seconds.now().date_naive();
        let mut days: HashMap<NaiveDate, (usize, Moment)> = HashMap::new();
        for release in &self.releases {
            let (count, last) = days.entry(release.released.date_naive()).or_insert((0, release.released));
            *count += 1;
            *last = release.released.max(*last);
        }
        let known: Vec<NaiveDate> = self.days.iter().map(|day| day.date).collect();
        let mut new: Vec<_> = days.into_iter().filter(|(day, _)| *day < today && !known.contains(day)).collect();
        new.sort_unstable();
        let first = self.days.is_empty();
        for (date, (count, last)) in new {
            let announced = if seconds.is_news(last) && !first { seconds.tonight() } else { seconds.from(last) };
            let noun = if count == 1 { "release" } else { "releases" };
            let entry = Announcement {
                id: format!("tag:{authority}:{}/day/{date}", project.id),
                title: format!("{}: {count} {noun} on {date}", project.name),
                link: Link::Site(format!("projects/{}.html#day-{date}", project.id)),
                announced,
            };
            news.entries.push((announced, entry.title.clone()));
            self.days.push(Day { date, recorded: moment, entry });
        }
    }

    fn sort(&mut self, project: &Project) {
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
fn read(project: &Project, source: &Source, tag: &str) -> Option<(Version, String)> {
    match source.channel {
        Channel::Github => {
            let text = project.github.as_ref()?.scheme.version_text(tag)?;
            Some((Version::from_tag_text(&text), text))
        }
        Channel::Pypi => Some((Version::from_pypi(tag), tag.to_owned())),
    }
}

/// Where in the list of releases a tag or a version stands.
struct Places {
    tags: HashMap<(Channel, String, String), usize>,
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
    fn key(source: &Source, tag: &str) -> (Channel, String, String) {
        let name = match source.channel {
            Channel::Github => String::new(),
            Channel::Pypi => crate::model::normalized_package(&source.name),
        };
        (source.channel, name, tag.to_owned())
    }
}

impl Release {
    fn unrecorded(version: Version, text: String, released: Moment) -> Self {
        let stability = version.stability();
        let (channels, notes) = (Vec::new(), String::new());
        Self { version, text, released, recorded: None, stability, entry: None, channels, notes }
    }

    /// Whether this is the run that records it: all that is new, and what a source confirms of a seed.
    fn is_due(&self, grouping: Grouping, record: Record, provisional: impl Fn(&ChannelRecord) -> bool) -> bool {
        let announced = self.entry.is_some() || grouping == Grouping::Daily;
        !announced || (record == Record::Live && !self.channels.iter().all(provisional))
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
        }
        if self.notes.is_empty() {
            self.notes = notes;
        }
    }

    /// The tag whose notes are the release's.
    fn leading_tag(&self) -> Option<&str> {
        let github = self.channels.iter().find(|record| record.channel == Channel::Github)?;
        github.tags.first().map(|tag| tag.tag.as_str())
    }

    /// Fixes what is never to change again, from the channels known now.
    fn freeze(&mut self, project: &Project) {
        self.channels.sort_by_key(|record| record.channel);
        let tags = self.channels.iter().flat_map(|record| &record.tags);
        self.released = tags.map(|tag| tag.released).min().unwrap_or(self.released);
        let first = self.channels.first().and_then(|record| {
            let source = Source::new(record.channel, record.name.clone());
            read(project, &source, &record.tags.first()?.tag)
        });
        if let Some((_, text)) = first {
            self.text = text;
        }
        self.stability = self.stability_by_channels(project.prerelease_flag);
    }

    /// Rule 1: a pre-release when the text says so, or when GitHub's flag does and no other channel has the version.
    fn stability_by_channels(&self, flag: PrereleaseFlag) -> Stability {
        let flagged =
            |record: &ChannelRecord| record.channel == Channel::Github && record.tags.iter().all(|tag| tag.prerelease);
        match self.version.stability() {
            Stability::Final if flag == PrereleaseFlag::Believed && self.channels.iter().all(flagged) => {
                Stability::PreRelease
            }
            stability => stability,
        }
    }

    /// Gives the release its entry, dated `announced`; tells date and title.
    fn announce(&mut self, project: &Project, authority: &str, announced: Moment) -> (Moment, String) {
        let version = utf8_percent_encode(self.version.canonical(), SEGMENT);
        let mark = if self.stability == Stability::Final { "" } else { " (pre-release)" };
        let title = format!("{} {}{mark}", project.name, self.text);
        let id = format!("tag:{authority}:{}/{version}", project.id);
        self.entry = Some(Announcement { id, title: title.clone(), link: self.link(project), announced });
        (announced, title)
    }

    /// The release at the channel first recorded, GitHub's before the index's.
    fn link(&self, project: &Project) -> Link {
        let of_channel = |record: &ChannelRecord| {
            let tag = record.tags.first()?;
            match record.channel {
                Channel::Github => tag.url.clone().map(Link::Github),
                Channel::Pypi => Some(Link::Pypi { name: record.name.clone(), version: tag.tag.clone() }),
            }
        };
        let page = || Link::Site(format!("projects/{}.html#{}", project.id, self.version));
        self.channels.iter().find_map(of_channel).unwrap_or_else(page)
    }

    /// Whether it can be had at no channel in good order: every one has it yanked.
    #[must_use]
    pub fn is_yanked(&self) -> bool {
        !self.channels.is_empty() && self.channels.iter().all(|record| matches!(record.state, State::Yanked(_)))
    }
}
