//! One row a project: what stays of its history when its turn is over, for the tables that show all projects.

mod held;
mod lines;
mod listed;
mod log;

use std::{collections::BTreeMap, fmt, sync::Arc};

use chrono::{NaiveDate, TimeDelta};
use schemars::JsonSchema;
use serde::Serialize;

pub use self::{
    held::Held,
    lines::{LineRow, Reach, latest_in},
    listed::Listed,
    log::{Count, Log},
};
use crate::{
    catalog::{Catalog, Platform},
    history::{Health, History, ProjectStates, SourceState},
    model::{
        Channel, ChannelRecord, Grouping, Moment, PackageStatus, Presence, Project, Release, Roots, Slug, Source,
        Verification,
    },
    version::Stability,
};

/// For how long a line that still gets releases is named after the last of them.
const CURRENT: TimeDelta = TimeDelta::days(730);

/// A project's row.
#[derive(Debug)]
pub struct Overview<'c> {
    /// The project.
    pub project: &'c Project,
    /// How many releases are remembered.
    pub releases: usize,
    /// How many tags were left out.
    pub left_out: usize,
    /// The highest final version that is not yanked everywhere.
    pub latest: Option<Arc<Latest>>,
    /// The highest version of all, where it is no final one.
    pub latest_pre_release: Option<Arc<Latest>>,
    /// The highest final version on each channel that is not yanked there.
    pub channels: Box<[(Channel, Arc<Latest>)]>,
    /// The latest of each line below the highest that is kept up, the highest first.
    pub older: Vec<Latest>,
    /// The line that each platform asks for, or that is used with it, as far as there is any of it.
    pub platforms: BTreeMap<Slug, LineRow>,
    /// The newest day, where its releases are announced by the day.
    pub newest_day: Option<Box<Listed<'c>>>,
    /// How its sources do, in their order.
    pub sources: Box<[SourceRow]>,
}

/// All of a project's history in a line each, for its own page; it goes with the project's turn.
#[derive(Debug)]
pub struct Course<'c> {
    /// Its lines, the highest first.
    pub lines: Vec<LineRow>,
    /// Its releases, the newest first.
    pub listed: Vec<Listed<'c>>,
}

impl<'c> Course<'c> {
    /// Of a project with this history.
    #[must_use]
    pub fn of(project: &Project, history: &History, catalog: &'c Catalog, roots: &Roots) -> Self {
        Self { lines: LineRow::all(project, history, catalog, roots), listed: Listed::all(project, history, catalog) }
    }
}

/// A version that is the latest of its kind.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Latest {
    /// The canonical version.
    pub version: Box<str>,
    /// As the project writes it.
    pub text: Box<str>,
    /// When it was published first.
    pub released: Moment,
    /// Its page at the channel.
    pub url: Box<str>,
}

/// A source's row.
#[derive(Debug, Clone)]
pub struct SourceRow {
    /// What is known of it; nothing when it never answered and never failed.
    pub state: Option<SourceState>,
    /// What the index says of it, where it is a package.
    pub status: PackageStatus,
    /// How many of its versions are known to be from whom, where it is a package.
    pub verified: BTreeMap<Verification, usize>,
}

/// How a source or a project does, the worst first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Standing {
    /// It could not be read any more, since this day.
    Stale(NaiveDate),
    /// It was never read.
    Unread,
    /// It was never read by this site; its facts are a seed's of this day.
    Seed(NaiveDate),
    /// It is up to date.
    Ok,
    /// It is asked no more, since this day.
    Ended(NaiveDate),
}

impl Standing {
    /// How a source of which this is known does.
    #[must_use]
    pub fn of(state: Option<&SourceState>) -> Self {
        match state.map(|state| &state.health) {
            None => Self::Unread,
            Some(Health::Ok) => Self::Ok,
            Some(Health::Stale { since, .. }) => Self::Stale(*since),
            Some(Health::Seed { as_of }) => Self::Seed(*as_of),
        }
    }

    /// One word for it, for programs and styles.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Stale(_) => "stale",
            Self::Unread => "unread",
            Self::Seed(_) => "seed",
            Self::Ok => "ok",
            Self::Ended(_) => "ended",
        }
    }
}

impl Standing {
    /// Whether readers should know of it beside a project's name: all that keeps its facts from being tonight's.
    #[must_use]
    pub fn is_worth_a_word(self) -> bool {
        !matches!(self, Self::Ok | Self::Seed(_))
    }
}

impl fmt::Display for Standing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Stale(since) => write!(f, "stale since {since}"),
            Self::Unread => f.write_str("not read yet"),
            Self::Seed(as_of) => write!(f, "facts as of {as_of}"),
            Self::Ok => f.write_str("ok"),
            Self::Ended(since) => write!(f, "ended {since}"),
        }
    }
}

impl SourceRow {
    /// How it does.
    #[must_use]
    pub fn standing(&self) -> Standing {
        Standing::of(self.state.as_ref())
    }

    /// Why it is stale.
    #[must_use]
    pub fn reason(&self) -> Option<&str> {
        match self.state.as_ref().map(|state| &state.health) {
            Some(Health::Stale { error, .. }) => Some(error),
            _ => None,
        }
    }

    /// The repository's name today, where it is no longer the catalog's.
    #[must_use]
    pub fn moved_to(&self) -> Option<&str> {
        self.state.as_ref()?.moved_to()
    }

    /// What is to be said of it besides how it does: its name today, what the index says of it.
    #[must_use]
    pub fn note(&self) -> Option<String> {
        match self.status {
            PackageStatus::Archived => Some("archived by its owners".to_owned()),
            PackageStatus::Quarantined => Some("quarantined by the index".to_owned()),
            PackageStatus::Active => self.moved_to().map(|name| format!("is now {name}")),
        }
    }

    /// Whose it is, where it is a package: the organisation that owns it, and who published its versions.
    #[must_use]
    pub fn ownership(&self) -> Option<String> {
        let of = |verification| self.verified.get(&verification).copied().unwrap_or_default();
        let owner = self.state.as_ref().and_then(SourceState::organisation);
        let (all, foreign) = (self.verified.values().sum::<usize>(), of(Verification::Foreign));
        let mut words: Vec<_> = owner.map(|owner| format!("owned by the organisation {owner}")).into_iter().collect();
        if all > 0 {
            let verified = of(Verification::Verified);
            words.push(format!("{verified} of {all} versions verified as published from the project’s repository"));
        }
        words.extend((foreign > 0).then(|| format!("{foreign} published from another")));
        (!words.is_empty()).then(|| words.join("; "))
    }

    /// What a person can do about it.
    #[must_use]
    pub fn advice(&self) -> Option<&'static str> {
        match self.standing() {
            Standing::Stale(_) => Some("If this lasts, look whether its name in the catalog is still right."),
            Standing::Unread => Some("It is read in the next run that can: look at that run’s warnings."),
            _ if self.moved_to().is_some() => Some("Write the new name into the catalog."),
            _ => None,
        }
    }
}

impl<'c> Overview<'c> {
    /// The row of a project with this history, that came this way.
    #[must_use]
    pub fn of(
        project: &'c Project,
        history: &History,
        course: &Course<'c>,
        catalog: &'c Catalog,
        states: &ProjectStates,
        roots: &Roots,
    ) -> Self {
        let show = |release: &Release| Arc::new(Latest::of(release, roots));
        let row = |source: Source| SourceRow {
            state: states.get(&source.key()).cloned(),
            status: history.package_status(&source),
            verified: verified(history, &source),
        };
        let is_final = |release: &Release| release.stability_now(project.prerelease_flag) == Stability::Final;
        let is_there = |release: &Release| release.presence() == Presence::Present;
        let can_be_latest = |release: &Release| is_final(release) && is_there(release);
        let on = |channel| {
            let there = history.releases.iter().filter(move |release| release.is_on(channel));
            highest(project, there.filter(|release| is_final(release)))
        };
        let in_line = |platform: &Platform| {
            Some((platform.id.clone(), LineRow::one(platform.line_of(&project.id)?, project, history, roots)?))
        };
        let latest = highest(project, history.releases.iter().filter(|release| can_be_latest(release))).map(show);
        let newest = highest(project, history.releases.iter().filter(|release| is_there(release)));
        let channel = |channel| {
            let there = Latest::on(channel, on(channel)?, roots);
            // On one of the channels it is mostly the same to the letter.
            let same = latest.as_ref().filter(|latest| ***latest == there).map(Arc::clone);
            Some((channel, same.unwrap_or_else(|| Arc::new(there))))
        };
        let older = course.lines.iter().skip(1).filter(|line| line.is_kept_up);
        let is_daily = project.grouping() == Grouping::Daily;
        Self {
            project,
            releases: history.releases.len(),
            left_out: history.count_left_out(),
            latest_pre_release: newest.filter(|release| !is_final(release)).map(show),
            channels: Channel::ALL.into_iter().filter_map(channel).collect(),
            latest,
            older: older.map(|line| line.latest.clone()).collect(),
            platforms: catalog.platforms.iter().filter_map(in_line).collect(),
            newest_day: course.listed.first().filter(|_| is_daily).cloned().map(Box::new),
            sources: project.sources().map(row).collect(),
        }
    }

    /// Its sources, and how each does.
    pub fn sources(&self) -> impl Iterator<Item = (Source, &SourceRow)> {
        self.project.sources().zip(&self.sources)
    }

    /// The highest final version on a channel.
    #[must_use]
    pub fn on(&self, channel: Channel) -> Option<&Latest> {
        self.channels.iter().find(|(other, _)| *other == channel).map(|(_, latest)| &**latest)
    }

    /// Whether a channel has final versions, and not the latest of all.
    #[must_use]
    pub fn lags(&self, channel: Channel) -> bool {
        let there = self.on(channel);
        there.zip(self.latest.as_deref()).is_some_and(|(there, latest)| there.version != latest.version)
    }

    /// What keeps its facts from being complete, in a few words.
    #[must_use]
    pub fn gap(&self) -> Option<String> {
        if let Some(ended) = self.project.ended {
            return Some(format!("followed until {ended}"));
        }
        let is_missing = |row: &&SourceRow| matches!(row.standing(), Standing::Stale(_) | Standing::Unread);
        let missing = self.sources.iter().filter(is_missing).count();
        (missing > 0).then(|| format!("{missing} of {} sources not read", self.sources.len()))
    }

    /// How the project does: as its worst source.
    #[must_use]
    pub fn standing(&self) -> Standing {
        let worst = self.sources.iter().map(SourceRow::standing).min();
        self.project.ended.map_or(worst.unwrap_or(Standing::Unread), Standing::Ended)
    }
}

impl Release {
    fn is_on(&self, channel: Channel) -> bool {
        self.channels.iter().any(|record| record.channel == channel && record.presence() == Presence::Present)
    }
}

impl Latest {
    /// Whether a line with it is one to name beside the highest, when it is kept up: it came within two years before
    /// `newest`.
    #[must_use]
    pub fn is_current(&self, newest: Moment) -> bool {
        newest - self.released < CURRENT
    }

    fn of(release: &Release, roots: &Roots) -> Self {
        Self {
            version: release.version.to_string().into(),
            text: release.text.as_str().into(),
            released: release.released,
            url: release.page(roots).into(),
        }
    }

    /// The same with its page at one channel.
    fn on(channel: Channel, release: &Release, roots: &Roots) -> Self {
        let record = release.channels.iter().find(|record| record.channel == channel);
        let link = record.and_then(|record| record.link(record.shown_tags().next()?));
        let latest = Self::of(release, roots);
        Self { url: link.map_or(latest.url, |link| roots.resolve(&link).into()), ..latest }
    }
}

/// How many versions at a source are from whom.
fn verified(history: &History, source: &Source) -> BTreeMap<Verification, usize> {
    let mut counts = BTreeMap::new();
    let records = history.releases.iter().flat_map(|release| &release.channels);
    for verification in records.filter(|record| record.is_of(source)).filter_map(ChannelRecord::verification) {
        *counts.entry(verification).or_default() += 1;
    }
    counts
}

/// The highest version; where a day's releases go by other names than numbers, the one released last.
fn highest<'r>(project: &Project, releases: impl Iterator<Item = &'r Release>) -> Option<&'r Release> {
    match project.grouping() {
        Grouping::Daily => releases.max_by_key(|release| release.released),
        Grouping::Each => releases.max_by(|a, b| a.version.cmp(&b.version)),
    }
}
