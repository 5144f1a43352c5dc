//! A version that somebody has, beside what there is.

use schemars::JsonSchema;
use serde::Serialize;

use super::{Latest, lines::finals};
use crate::{
    catalog::Catalog,
    history::History,
    model::{AdvisoryFacts, Exposure, Project, Roots},
    version::{Line, Version},
};

/// How far somebody is who has a version of a project.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct Held {
    /// The line that it is in; null where it names no number.
    pub line: Option<Line>,
    /// The latest of that line; null where there is none.
    pub latest_in_line: Option<Latest>,
    /// How many final versions of the line are higher; null where there is none in it.
    pub behind: Option<usize>,
    /// The latest of all; null where there is none.
    pub latest: Option<Latest>,
    /// The vulnerabilities that it has, as far as that is known, the worst first.
    pub open: Vec<AdvisoryFacts>,
}

impl Held {
    /// How far somebody is who has `version`.
    #[must_use]
    pub fn of(version: &Version, project: &Project, history: &History, catalog: &Catalog, roots: &Roots) -> Self {
        let finals = finals(project, history);
        let latest = finals.first().map(|release| Latest::of(release, roots));
        let Some(line) = Line::of(version, catalog.line_depth(&project.id)) else {
            return Self { line: None, latest_in_line: None, behind: None, latest, open: Vec::new() };
        };
        let members: Vec<_> = finals.iter().filter(|release| line.takes(&release.version)).collect();
        let advisories = history.valid_advisories().into_iter();
        let open = advisories.filter(|advisory| advisory.in_line(&line, version) == Exposure::Open);
        Self {
            latest_in_line: members.first().map(|release| Latest::of(release, roots)),
            behind: (!members.is_empty()).then(|| members.iter().filter(|release| release.version > *version).count()),
            latest,
            open: open.map(AdvisoryFacts::from).collect(),
            line: Some(line),
        }
    }
}
