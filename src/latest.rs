//! What is newest, for a person at a terminal or for a script: of each project, or in the lines of a platform.

mod against;
mod table;

use std::collections::BTreeMap;

pub use self::against::{Comparison, List};
use self::table::{NONE, table};
use crate::{
    archive::Archive,
    catalog::{Platform, PlatformStatus},
    data::{self, Component, Index},
    file,
    history::MemoryError,
    model::{AdvisoryFacts, Channel, Project, Slug},
    overview::{Latest, LineRow, Overview},
};

/// For whom something is printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    /// For people: aligned columns.
    Table,
    /// For programs: a file of the site's data, as far as it was asked for.
    Json,
}

/// The newest versions of these projects.
///
/// # Errors
/// When a history cannot be read.
pub fn of_projects<'c>(archive: &Archive<'c>, projects: &[&'c Project], form: Form) -> Result<Vec<u8>, MemoryError> {
    let overviews = projects.iter().map(|project| archive.overview(project)).collect::<Result<Vec<_>, _>>()?;
    Ok(match form {
        Form::Json => file::json(&Index::of(archive.catalog, &overviews)),
        Form::Table => {
            let head = ["project", "latest", "released", "pre-release", "GitHub", "PyPI"].map(str::to_owned);
            table(std::iter::once(head).chain(overviews.iter().map(row)))
        }
    })
}

fn row(overview: &Overview<'_>) -> [String; 6] {
    let on = |channel| text(overview.on(channel));
    [
        overview.project.id.to_string(),
        text(overview.latest.as_deref()),
        date(overview.latest.as_deref()),
        text(overview.latest_pre_release.as_deref()),
        on(Channel::Github),
        on(Channel::Pypi),
    ]
}

/// The newest versions in the lines of a platform, of these projects alone; only their histories are read.
///
/// # Errors
/// When a history cannot be read.
pub fn of_platform(
    archive: &Archive<'_>,
    platform: &Platform,
    projects: &[&Project],
    form: Form,
) -> Result<Vec<u8>, MemoryError> {
    let mut reached: BTreeMap<&Slug, LineRow> = BTreeMap::new();
    for project in projects {
        let row = platform.line_of(&project.id).map(|line| archive.line(project, line)).transpose()?;
        reached.extend(row.flatten().map(|row| (&project.id, row)));
    }
    let mut data = data::Platform::of(platform, archive.catalog, |project| reached.get(project));
    data.retain(|component| projects.iter().any(|project| project.id == *component.project));
    Ok(match form {
        Form::Json => file::json(&data),
        Form::Table => {
            let status = match platform.status {
                PlatformStatus::Final => "",
                PlatformStatus::Draft => " (draft)",
            };
            let title = format!("{}{status}", platform.name);
            let head = [&title, "line", "newest", "released", "behind", "open vulnerabilities"].map(str::to_owned);
            let besides = (!data.in_use.is_empty()).then(|| ["used with it", "", "", "", "", ""].map(str::to_owned));
            let asked = std::iter::once(head).chain(data.versions.iter().map(component));
            table(asked.chain(besides).chain(data.in_use.iter().map(component)))
        }
    })
}

fn component(component: &Component<'_>) -> [String; 6] {
    [
        component.project.to_string(),
        component.line.to_string(),
        text(component.latest),
        date(component.latest),
        component.behind.map_or(NONE.to_owned(), |behind| behind.to_string()),
        advisories(component.open),
    ]
}

fn text(latest: Option<&Latest>) -> String {
    latest.map_or(NONE, |latest| &latest.text).to_owned()
}

fn date(latest: Option<&Latest>) -> String {
    latest.map_or(NONE.to_owned(), |latest| latest.released.date_naive().to_string())
}

/// The names of vulnerabilities, with how bad they are.
fn advisories(advisories: &[AdvisoryFacts]) -> String {
    let name = |advisory: &AdvisoryFacts| match advisory.severity {
        Some(severity) => format!("{} ({severity})", advisory.name()),
        None => advisory.name(),
    };
    let names: Vec<_> = advisories.iter().map(name).collect();
    if names.is_empty() { NONE.to_owned() } else { names.join(", ") }
}
