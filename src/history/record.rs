//! What is recorded of a release, once: its dates, title, link and id, and how it is announced.

use std::{
    collections::{BTreeMap, HashMap},
    fmt,
};

use chrono::NaiveDate;

use super::{
    History, Seconds,
    advisories::{Fixes, joined},
    join::read,
    state::Before,
};
use crate::{
    model::{Announcement, ChannelRecord, Cve, Day, Link, Moment, PrereleaseFlag, Project, Release, segment},
    version::{Stability, Version},
};

/// The versions seen tonight for the first time, each with what was known of the best known of its sources before.
pub(super) type Fresh = HashMap<Version, Before>;

/// What recording goes by: whose site it is, as what, and when.
#[derive(Debug)]
pub(super) struct Recorder {
    /// Of the site's `tag:` URIs.
    pub(super) authority: String,
    pub(super) record: Recording,
    pub(super) seconds: Seconds,
    /// Whether a run has come to its end before.
    pub(super) has_history: bool,
}

impl Recorder {
    /// The moment that what is recorded now is marked with; a seed is not recorded yet.
    fn recorded(&self) -> Option<Moment> {
        (self.record == Recording::Live).then(|| self.seconds.now())
    }

    /// Whether it is to be announced as tonight's news: its source had been read before, and it is young.
    pub(super) fn is_news(&self, release: &Release, fresh: &Fresh) -> bool {
        fresh.get(&release.version) == Some(&Before::Read) && self.seconds.is_news(release.released)
    }

    /// Whether an earlier run recorded this release.
    fn had(&self, release: &Release) -> bool {
        release.recorded.is_some_and(|recorded| recorded < self.seconds.now())
    }

    /// Rule 11: what a source without history brings to a site with history is its past, and no news of the site.
    fn is_backfill(&self, before: Option<Before>) -> bool {
        self.has_history && before == Some(Before::Unread)
    }
}

/// An entry that was recorded tonight, as the summary names it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Told {
    /// Its date.
    pub announced: Moment,
    /// Its title.
    pub title: String,
}

impl Told {
    fn of(entry: &Announcement) -> Self {
        Self { announced: entry.announced, title: entry.title.clone() }
    }
}

/// As what a run records.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Recording {
    /// The truth of tonight.
    Live,
    /// Facts that each source has yet to confirm.
    Seed,
}

impl History {
    /// Rule 3: what is recorded now is frozen: title, link, dates, and what feeds select by. Gives what is news.
    pub(super) fn record(
        &mut self,
        project: &Project,
        recorder: &mut Recorder,
        fresh: &Fresh,
        provisional: impl Fn(&ChannelRecord) -> bool,
    ) -> Vec<Told> {
        let mut due = self.freeze(project, recorder, provisional);
        due.sort_by(|a, b| a.released.cmp(&b.released).then_with(|| a.version.cmp(&b.version)));
        let waited = |release: &Release| recorder.had(release) && recorder.seconds.is_news(release.released);
        let is_news = |release: &Release| recorder.is_news(release, fresh) || waited(release);
        let (tonight, earlier): (Vec<_>, Vec<_>) = due.into_iter().partition(|release| is_news(release));
        let mut entries = Vec::new();
        for release in earlier {
            let before = fresh.get(&release.version).copied();
            let announced = recorder.seconds.from(release.released);
            let entry = release.announce(project, &recorder.authority, announced, recorder.is_backfill(before));
            entries.extend(before.map(|_| entry));
        }
        // Counted backwards: the newest comes first and gets the latest second.
        for release in tonight.into_iter().rev() {
            let announced = recorder.seconds.tonight();
            entries.push(release.announce(project, &recorder.authority, announced, false));
        }
        entries
    }

    /// Fixes the facts of every release that is not recorded yet; gives those whose entry is to be made.
    ///
    /// What is a seed's alone is fixed anew when its date changes, and when a source confirms it.
    fn freeze(
        &mut self,
        project: &Project,
        recorder: &mut Recorder,
        provisional: impl Fn(&ChannelRecord) -> bool,
    ) -> Vec<&mut Release> {
        let moment = recorder.recorded();
        let fixes = Fixes::of(joined(self.advisories.as_deref(), &self.vulnerabilities));
        let told: Vec<NaiveDate> = self.days.iter().map(|day| day.date).collect();
        let mut due = Vec::new();
        for release in &mut self.releases {
            let confirmed = moment.filter(|_| !release.channels.iter().all(&provisional));
            let is_due = match (release.recorded, &release.entry) {
                // When releases are no longer grouped by the day, those of the last evening still wait for theirs.
                (Some(_), entry) => entry.is_none() && !told.contains(&release.released.date_naive()),
                (None, None) => true,
                (None, Some(_)) => confirmed.is_some() || release.first_published() != Some(release.released),
            };
            if is_due && release.recorded.is_none() {
                release.freeze(project, &fixes);
                release.recorded = confirmed;
                release.entry.take().iter().for_each(|entry| recorder.seconds.free(entry.announced));
            }
            due.extend(is_due.then_some(release));
        }
        due
    }

    /// Rule 12: a day's releases are one entry, recorded once the day has ended. Gives what is news.
    pub(super) fn record_days(
        &mut self,
        project: &Project,
        recorder: &mut Recorder,
        fresh: &Fresh,
        provisional: impl Fn(&ChannelRecord) -> bool,
    ) -> Vec<Told> {
        self.freeze(project, recorder, &provisional);
        let today = recorder.seconds.now().date_naive();
        let mut days: BTreeMap<NaiveDate, Vec<&Release>> = BTreeMap::new();
        // What had an entry of its own when releases were not grouped yet is announced.
        for release in self.releases.iter().filter(|release| release.entry.is_none()) {
            days.entry(release.released.date_naive()).or_default().push(release);
        }
        let known: Vec<NaiveDate> = self.days.iter().map(|day| day.date).collect();
        days.retain(|date, _| *date < today && !known.contains(date));
        let moment = recorder.recorded();
        let mut entries = Vec::new();
        for (date, releases) in days {
            let seeded = releases.iter().flat_map(|release| &release.channels).all(&provisional);
            let entry = announce_day(project, recorder, date, &releases, fresh);
            // A day that a seed had before is none; what an evening brought becomes news with its day.
            let is_news = |release: &&Release| fresh.contains_key(&release.version) || recorder.had(release);
            entries.extend(releases.iter().any(is_news).then(|| Told::of(&entry)));
            self.days.push(Day { date, recorded: moment.filter(|_| !seeded), entry });
        }
        entries
    }
}

/// The entry of a day that has ended.
fn announce_day(
    project: &Project,
    recorder: &mut Recorder,
    date: NaiveDate,
    releases: &[&Release],
    fresh: &Fresh,
) -> Announcement {
    let backfilled = releases.iter().all(|release| recorder.is_backfill(fresh.get(&release.version).copied()));
    let read_before = |release: &&Release| recorder.had(release) || fresh.get(&release.version) == Some(&Before::Read);
    let read_before = releases.iter().any(read_before);
    let Recorder { authority, seconds, .. } = recorder;
    let last = releases.iter().map(|release| release.released).max().unwrap_or_default();
    let announced = if read_before && seconds.is_news(last) { seconds.tonight() } else { seconds.from(last) };
    let noun = if releases.len() == 1 { "release" } else { "releases" };
    Announcement {
        id: format!("tag:{authority}:{}/day/{date}", project.id),
        title: format!("{}: {} {noun} on {date}", project.name, releases.len()),
        link: Link::Site(format!("{}#day-{date}", project.page())),
        announced,
        backfilled,
    }
}

impl Release {
    /// When it was published first, on the channels known now.
    fn first_published(&self) -> Option<Moment> {
        self.channels.iter().flat_map(|record| &record.tags).map(|tag| tag.released).min()
    }

    /// Fixes what is never to change again, from the channels and advisories known now.
    fn freeze(&mut self, project: &Project, fixes: &Fixes<'_>) {
        self.channels.sort_by_key(|record| record.channel);
        self.released = self.first_published().unwrap_or(self.released);
        let first = self.channels.first().and_then(|record| read(project, &record.source(), &record.tags.first()?.tag));
        if let Some((_, text)) = first {
            self.text = text;
        }
        self.stability = self.stability_now(project.prerelease_flag);
        self.security = !fixes.in_version(&self.version).is_empty() || !Cve::named_in(&self.notes).is_empty();
    }

    /// What it is by what its channels say now; `stability` is what it was when it was recorded.
    #[must_use]
    pub fn stability_now(&self, flag: PrereleaseFlag) -> Stability {
        stability(&self.version, &self.channels, flag)
    }

    /// The canonical version as a segment of an id or a fragment of an address.
    pub(super) fn segment(&self) -> impl fmt::Display {
        segment(self.version.canonical())
    }

    /// Its place on this site.
    pub(super) fn page_here(&self, project: &Project) -> Link {
        Link::Site(format!("{}#{}", project.page(), self.segment()))
    }

    /// Gives the release its entry, dated `announced`; tells date and title.
    fn announce(&mut self, project: &Project, authority: &str, announced: Moment, backfilled: bool) -> Told {
        let mark = if self.stability == Stability::Final { "" } else { " (pre-release)" };
        let title = format!("{} {}{mark}", project.name, self.text);
        let id = format!("tag:{authority}:{}/{}", project.id, self.segment());
        // The channel first recorded, GitHub before the index; this site's page where none has one.
        let link = self.link().unwrap_or_else(|| self.page_here(project));
        self.entry = Some(Announcement { id, title: title.clone(), link, announced, backfilled });
        Told { announced, title }
    }
}

/// Rule 1: a pre-release when the text says so, or when GitHub's flag does and no other channel has the version.
pub(super) fn stability(version: &Version, records: &[ChannelRecord], flag: PrereleaseFlag) -> Stability {
    let is_flagged = || records.iter().all(ChannelRecord::is_flagged);
    match version.stability() {
        Stability::Final if flag == PrereleaseFlag::Believed && is_flagged() => Stability::PreRelease,
        stability => stability,
    }
}
