//! What lists of all history show: a line for each release, and for each day whose releases are announced together.

use std::cmp::Reverse;

use crate::{
    catalog::{Catalog, Platform},
    history::{Fixes, History},
    model::{Channel, Cve, Moment, Presence, Project, Release, fragment},
    version::{Line, Stability},
};

/// A release, or a day's releases, in a list.
#[derive(Debug, Clone)]
pub struct Listed<'c> {
    /// The version as the project writes it; of a day, how many releases it had.
    pub text: String,
    /// The element of the project's page that has it, as part of an address.
    pub anchor: String,
    /// When it was published first.
    pub released: Moment,
    /// What it is now.
    pub stability: Stability,
    /// Whether it can be had.
    pub presence: Presence,
    /// Whether it is known to fix a vulnerability, or its notes name one.
    pub is_security: bool,
    /// Where it can be had, each channel once.
    pub channels: Vec<Channel>,
    /// The platforms whose line it is in.
    pub platforms: Vec<&'c Platform>,
    /// Its line; of a day none.
    pub line: Option<Line>,
    /// The releases of a day, as the project writes them.
    pub members: Vec<String>,
}

impl<'c> Listed<'c> {
    /// All of a project, the newest first.
    pub(super) fn all(project: &Project, history: &History, catalog: &'c Catalog) -> Vec<Self> {
        let (single, daily): (Vec<&Release>, Vec<&Release>) =
            history.releases.iter().partition(|release| release.entry.is_some());
        let fixes = history.fixes();
        let depth = catalog.line_depth(&project.id);
        let single = single.into_iter().map(|release| Self::of(release, project, &fixes, depth, catalog));
        let days = daily.chunk_by(|a, b| a.released.date_naive() == b.released.date_naive());
        let mut all: Vec<_> = single.chain(days.filter_map(Self::of_day)).collect();
        all.sort_by_key(|listed| Reverse(listed.released));
        all
    }

    fn of(release: &Release, project: &Project, fixes: &Fixes<'_>, depth: usize, catalog: &'c Catalog) -> Self {
        Self {
            text: release.text.clone(),
            anchor: fragment(release.version.canonical()).to_string(),
            released: release.released,
            stability: release.stability_now(project.prerelease_flag),
            presence: release.presence(),
            is_security: release.security
                || !fixes.in_version(&release.version).is_empty()
                || !Cve::named_in(&release.notes).is_empty(),
            channels: release.channels_once(),
            platforms: catalog.platforms_with(&project.id, &release.version).collect(),
            line: Line::of(&release.version, depth),
            members: Vec::new(),
        }
    }

    fn of_day(day: &[&Release]) -> Option<Self> {
        let first = day.first()?;
        Some(Self {
            text: format!("{} release{}", day.len(), if day.len() == 1 { "" } else { "s" }),
            anchor: format!("day-{}", first.released.date_naive()),
            released: first.released,
            stability: Stability::Final,
            presence: Presence::Present,
            is_security: false,
            channels: first.channels_once(),
            platforms: Vec::new(),
            line: None,
            members: day.iter().map(|release| release.text.clone()).collect(),
        })
    }
}

impl Release {
    /// The channels that have it, each once.
    #[must_use]
    pub fn channels_once(&self) -> Vec<Channel> {
        let has = |channel: &Channel| self.channels.iter().any(|record| record.channel == *channel);
        Channel::ALL.into_iter().filter(has).collect()
    }
}
