//! Latest and lag, by line: defined here once for pages, data and the command line.
//!
//! The latest of a line is its highest final version that is neither yanked nor withdrawn. A channel lags by the
//! versions of the line above its own latest that stand elsewhere.

use std::{collections::BTreeMap, iter};

use schemars::JsonSchema;
use serde::Serialize;

use super::Latest;
use crate::{
    catalog::Catalog,
    history::History,
    model::{AdvisoryFacts, Channel, Exposure, Grouping, Moment, Presence, Project, Release, Roots},
    version::{Line, Stability},
};

/// A line of a project's versions, and how far it has come.
#[derive(Debug, Clone)]
pub struct LineRow {
    /// The line.
    pub line: Line,
    /// Its latest.
    pub latest: Latest,
    /// How many final versions of the project are higher.
    pub behind: usize,
    /// How far the line has come on each channel that has any of it.
    pub channels: BTreeMap<Channel, Box<Reach>>,
    /// When its first final version was released.
    pub began: Moment,
    /// The vulnerabilities that its latest has no more since one of its versions fixed them, the worst first.
    pub fixed: Vec<AdvisoryFacts>,
    /// Those that it has, as far as that is known, the worst first.
    pub open: Vec<AdvisoryFacts>,
    /// Whether it still got releases after a higher line had begun; the highest line counts as well.
    pub is_kept_up: bool,
}

/// How far a line has come on a channel.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct Reach {
    /// The latest there.
    pub latest: Latest,
    /// What is higher and elsewhere, the highest first.
    pub lag: Vec<Latest>,
}

impl LineRow {
    /// All lines of a project, the highest first; none where versions are no numbers.
    pub(super) fn all(project: &Project, history: &History, catalog: &Catalog, roots: &Roots) -> Vec<Self> {
        let depth = catalog.line_depth(&project.id);
        let finals = finals(project, history);
        let mut lines: Vec<Line> = Vec::new();
        for release in &finals {
            lines.extend(Line::of(&release.version, depth).filter(|line| lines.last() != Some(line)));
        }
        let mut rows: Vec<_> = lines.iter().filter_map(|line| Self::of(line, &finals, history, roots)).collect();
        let mut higher_began = None;
        for row in &mut rows {
            row.is_kept_up = higher_began.is_none_or(|began| row.latest.released > began);
            higher_began = higher_began.into_iter().chain(iter::once(row.began)).min();
        }
        rows
    }

    /// One line of a project; none when it has nothing of it.
    #[must_use]
    pub fn one(line: &Line, project: &Project, history: &History, roots: &Roots) -> Option<Self> {
        Self::of(line, &finals(project, history), history, roots)
    }

    /// A line of these versions, which are ordered, the highest first.
    fn of(line: &Line, finals: &[&Release], history: &History, roots: &Roots) -> Option<Self> {
        let behind = finals.iter().position(|release| line.takes(&release.version))?;
        let members: Vec<_> = finals.iter().copied().filter(|release| line.takes(&release.version)).collect();
        let reach = |channel: Channel| {
            let lag = members.iter().position(|release| release.is_on(channel))?;
            let missing = members[..lag].iter().map(|release| Latest::of(release, roots)).collect();
            Some((channel, Box::new(Reach { latest: Latest::on(channel, members[lag], roots), lag: missing })))
        };
        let latest = members.first()?;
        let (mut fixed, mut open) = (Vec::new(), Vec::new());
        for advisory in history.valid_advisories() {
            match advisory.in_line(line, &latest.version) {
                Exposure::Fixed(_) => fixed.push(advisory.into()),
                Exposure::Open => open.push(advisory.into()),
                Exposure::Clear | Exposure::Unclear => {}
            }
        }
        Some(Self {
            line: line.clone(),
            latest: Latest::of(latest, roots),
            behind,
            channels: Channel::ALL.into_iter().filter_map(reach).collect(),
            began: members.iter().map(|release| release.released).min()?,
            fixed,
            open,
            is_kept_up: true,
        })
    }

    /// What is known of its vulnerabilities, in a word each.
    #[must_use]
    pub fn security(&self) -> [(&'static str, &[AdvisoryFacts]); 2] {
        [("open", &self.open), ("fixed", &self.fixed)]
    }

    /// How many vulnerabilities are known of it, such as `5 open, 24 fixed`.
    #[must_use]
    pub fn exposure(&self) -> String {
        let known = self.security().into_iter().filter(|(_, advisories)| !advisories.is_empty());
        known.map(|(what, advisories)| format!("{} {what}", advisories.len())).collect::<Vec<_>>().join(", ")
    }

    /// Whether it is one to name beside the latest: kept up, and released within two years before `newest`.
    #[must_use]
    pub fn is_current(&self, newest: Moment) -> bool {
        self.is_kept_up && self.latest.is_current(newest)
    }
}

/// The latest of a line of a project; none when it has nothing of it.
#[must_use]
pub fn latest_in<'h>(line: &Line, project: &Project, history: &'h History) -> Option<&'h Release> {
    finals(project, history).into_iter().find(|release| line.takes(&release.version))
}

/// What can be the latest of anything, the highest first.
pub(super) fn finals<'h>(project: &Project, history: &'h History) -> Vec<&'h Release> {
    if project.grouping() == Grouping::Daily {
        return Vec::new();
    }
    let is_final = |release: &&Release| release.stability_now(project.prerelease_flag) == Stability::Final;
    let is_there = |release: &&Release| release.presence() == Presence::Present;
    let mut finals: Vec<_> = history.releases.iter().filter(is_final).filter(is_there).collect();
    finals.sort_by(|a, b| b.version.cmp(&a.version));
    finals
}
