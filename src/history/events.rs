//! What happened since to releases that were known: each event is told once, in an entry of its own.

use std::collections::HashMap;

use chrono::NaiveDate;

use super::{
    History,
    record::{Recorder, Told, stability},
};
use crate::{
    model::{
        Announcement, Channel, ChannelRecord, Event, EventKind, Ghsa, Link, PackageStatus, PrereleaseFlag, Project,
        Release, Source, State, normalized_package,
    },
    version::{Stability, Version},
};

/// How much of a reason a title repeats, in characters.
const REASON: usize = 120;

/// Where releases could be had before tonight, by their versions.
pub(super) type Earlier = HashMap<Version, Vec<ChannelRecord>>;

/// What happened, before it has an entry.
pub(super) struct Happening {
    /// What it happened to, as its id has it: `ID/VERSION`, `ID/CHANNEL/NAME` or `ID`.
    pub(super) subject: String,
    pub(super) kind: EventKind,
    pub(super) stability: Option<Stability>,
    pub(super) title: String,
    pub(super) link: Link,
    /// In the order of the alphabet.
    pub(super) advisories: Vec<Ghsa>,
}

impl Happening {
    /// What stands in the id behind the authority. Advisories are told once for all, everything else once a day.
    fn name(&self, today: NaiveDate) -> String {
        let Self { subject, kind, advisories, .. } = self;
        match advisories.first() {
            Some(first) => format!("{subject}/{kind}/{first}"),
            None => format!("{subject}/{kind}/{today}"),
        }
    }
}

/// A project's page on this site.
pub(super) fn page_of(project: &Project) -> Link {
    Link::Site(project.page())
}

impl History {
    /// Where its releases can be had now.
    pub(super) fn earlier(&self) -> Earlier {
        self.releases.iter().map(|release| (release.version.clone(), release.channels.clone())).collect()
    }

    /// Rules 5 and 6: what the sources that were `read` before say otherwise tonight is an event. What a first answer
    /// brings is none, nor what the catalog does not admit, nor what is announced by the day.
    pub(super) fn tell(
        &mut self,
        project: &Project,
        recorder: &mut Recorder,
        earlier: &Earlier,
        read: &[Source],
    ) -> Vec<Told> {
        let mut told = Vec::new();
        for release in self.releases.iter_mut().filter(|release| release.entry.is_some()) {
            let Some(before) = earlier.get(&release.version) else { continue };
            if *before == release.channels {
                continue;
            }
            let admitted = |records: &[ChannelRecord]| -> Vec<ChannelRecord> {
                records.iter().filter_map(|record| project.admitted(record.clone(), &release.version)).collect()
            };
            let turned = Turned { before: admitted(before), now: admitted(&release.channels), read };
            let happened = release.happened(&turned, project);
            told.extend(happened.into_iter().filter_map(|what| recorder.tell(&mut release.events, what)));
        }
        told
    }

    /// Takes what the index says of a whole package; a change is an event where the source was `read` before.
    pub(super) fn take_status(
        &mut self,
        project: &Project,
        recorder: &mut Recorder,
        source: &Source,
        status: PackageStatus,
        read: bool,
    ) -> Option<Told> {
        if self.package_status(source) == status {
            return None;
        }
        let name = normalized_package(&source.name);
        let subject = format!("{}/{}/{name}", project.id, Channel::Pypi.key());
        match status {
            PackageStatus::Active => _ = self.packages.remove(&name),
            status => _ = self.packages.insert(name, status),
        }
        let kind = status.event().filter(|_| read)?;
        let title = format!("{}: {} {kind} on {}", project.name, source.name, source.channel.name());
        let (link, advisories) = (page_of(project), Vec::new());
        recorder.tell(&mut self.events, Happening { subject, kind, stability: None, title, link, advisories })
    }
}

/// The records of a release before tonight and now, and the sources whose word counts.
struct Turned<'a> {
    before: Vec<ChannelRecord>,
    now: Vec<ChannelRecord>,
    read: &'a [Source],
}

impl Turned<'_> {
    fn was_read(&self, record: &ChannelRecord) -> bool {
        self.read.iter().any(|source| record.is_of(source))
    }

    /// What was known of the same record before.
    fn before(&self, record: &ChannelRecord) -> Option<&ChannelRecord> {
        self.before.iter().find(|before| before.is_of(&record.source()))
    }

    /// The records that turned in this way.
    fn records(&self, turn: Turn) -> Vec<&ChannelRecord> {
        let is_turned = |now: &&ChannelRecord| self.before(now).is_some_and(|before| turn.is_between(before, now));
        self.now.iter().filter(|record| self.was_read(record)).filter(is_turned).collect()
    }

    /// Whether the release is final by what a source says anew that had spoken before: without GitHub's flag, or of a
    /// release that it did not have.
    fn is_final_now(&self, version: &Version, flag: PrereleaseFlag) -> bool {
        let is_anew =
            |record: &ChannelRecord| !record.is_flagged() && self.before(record).is_none_or(ChannelRecord::is_flagged);
        stability(version, &self.now, flag) == Stability::Final
            && self.now.iter().any(|record| self.was_read(record) && is_anew(record))
    }

    /// The channels of these records; with the packages' names, where others of the channel did not turn.
    fn places(&self, records: &[&ChannelRecord]) -> String {
        let mut places = Vec::new();
        for channel in Channel::ALL {
            let of_channel = |record: &&ChannelRecord| record.channel == channel;
            let turned: Vec<_> = records.iter().copied().filter(of_channel).map(|r| r.name.as_str()).collect();
            if turned.len() == self.now.iter().filter(of_channel).count() {
                places.extend((!turned.is_empty()).then(|| channel.name().to_owned()));
            } else if !turned.is_empty() {
                places.push(format!("{} ({})", channel.name(), turned.join(", ")));
            }
        }
        places.join(" and ")
    }
}

/// How a release turns at a source.
#[derive(Debug, Clone, Copy)]
enum Turn {
    Yanked,
    Unyanked,
    Withdrawn,
    Restored,
}

impl Turn {
    const ALL: [Self; 4] = [Self::Yanked, Self::Unyanked, Self::Withdrawn, Self::Restored];

    fn is_between(self, before: &ChannelRecord, now: &ChannelRecord) -> bool {
        match self {
            Self::Yanked => !before.is_yanked() && now.is_yanked(),
            Self::Unyanked => before.is_yanked() && !now.is_yanked(),
            Self::Withdrawn => !before.is_withdrawn() && now.is_withdrawn(),
            Self::Restored => before.is_withdrawn() && !now.is_withdrawn(),
        }
    }

    fn kind(self) -> EventKind {
        match self {
            Self::Yanked => EventKind::Yanked,
            Self::Unyanked => EventKind::Unyanked,
            Self::Withdrawn => EventKind::Withdrawn,
            Self::Restored => EventKind::Restored,
        }
    }

    /// What happened to a release in these places.
    fn words(self, places: &str, records: &[&ChannelRecord]) -> String {
        match self {
            Self::Yanked => format!("yanked from {places}{}", reason(records)),
            Self::Unyanked => format!("no longer yanked on {places}"),
            Self::Withdrawn => format!("withdrawn from {places}"),
            Self::Restored => format!("restored on {places}"),
        }
    }

    /// Where it can be looked up: what is gone has no page any more.
    fn link(self, records: &[&ChannelRecord]) -> Option<Link> {
        match self {
            Self::Withdrawn => None,
            Self::Yanked | Self::Unyanked | Self::Restored => {
                records.iter().find_map(|record| record.link(record.shown_tags().next()?))
            }
        }
    }
}

impl Release {
    /// All that happened to it.
    fn happened(&self, turned: &Turned<'_>, project: &Project) -> Vec<Happening> {
        let what = |kind, stability, words: &str, link: Option<Link>| Happening {
            subject: format!("{}/{}", project.id, self.segment()),
            kind,
            stability: Some(stability),
            title: format!("{} {} {words}", project.name, self.text),
            link: link.unwrap_or_else(|| self.page_here(project)),
            advisories: Vec::new(),
        };
        let was_final = self.announced_as_final().is_some();
        let is_final = !was_final && turned.is_final_now(&self.version, project.prerelease_flag);
        let stability = if was_final || is_final { Stability::Final } else { self.stability };
        let final_event = is_final.then(|| what(EventKind::Final, stability, "is final", self.link()));
        let turns = Turn::ALL.into_iter().filter_map(|turn| {
            let records = turned.records(turn);
            let words = || turn.words(&turned.places(&records), &records);
            (!records.is_empty()).then(|| what(turn.kind(), stability, &words(), turn.link(&records)))
        });
        final_event.into_iter().chain(turns).collect()
    }
}

/// The first reason that a yank gives.
fn reason(records: &[&ChannelRecord]) -> String {
    let reasons = records.iter().filter_map(|record| match &record.state {
        State::Yanked(reason) => Some(reason),
        State::Present => None,
    });
    let Some(reason) = reasons.into_iter().find(|reason| !reason.is_empty()) else { return String::new() };
    let cut = if reason.chars().count() > REASON { "…" } else { "" };
    let shown: String = reason.chars().take(REASON).collect();
    format!(": {shown}{cut}")
}

impl Recorder {
    /// Gives what happened its entry, by the run's clock; a kind twice a day is one.
    pub(super) fn tell(&mut self, events: &mut Vec<Event>, what: Happening) -> Option<Told> {
        let recorded = self.seconds.now();
        let id = format!("tag:{}:{}", self.authority, what.name(recorded.date_naive()));
        if events.iter().any(|event| event.entry.id == id) {
            return None;
        }
        let Happening { kind, stability, title, link, advisories, .. } = what;
        let announced = self.seconds.tonight();
        let entry = Announcement { id, title: title.clone(), link, announced, backfilled: false };
        events.push(Event { kind, recorded, stability, advisories, entry });
        Some(Told { announced, title })
    }
}
