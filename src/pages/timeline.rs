//! Two years of all projects in one picture, and the same as a table.

use std::io::{self, Write};

use askama::Template;
use chrono::NaiveDate;

use super::{
    FORMATS, FeedLink, Frame, Place,
    chart::{Chart, Lane, MarkKind},
};
use crate::{
    catalog::Catalog,
    model::{Project, Roots},
    overview::Log,
};

/// The width of the projects' names, in pixels.
const NAMES: f64 = 235.0;

#[derive(Template)]
#[template(path = "timeline.html")]
struct Timeline<'a> {
    frame: Frame<'a>,
    /// The day from which on it shows all, where that is later than two years ago.
    since: Option<NaiveDate>,
    chart: Option<Chart>,
    rows: Vec<Row<'a>>,
}

/// What a project released in that time: a cell for each kind of mark.
struct Row<'a> {
    project: &'a Project,
    cells: [Vec<String>; 3],
}

/// The page with the picture of the years.
///
/// # Errors
/// When the writer fails.
pub fn timeline(catalog: &Catalog, log: &Log<'_>, roots: &Roots, out: &mut dyn Write) -> io::Result<()> {
    let newest = log.newest().map(|(_, listed)| listed.released);
    let projects = log.by_project();
    let lanes = projects.iter().map(|(project, listed)| (project.name.clone(), listed.clone()));
    let chart = newest.map(|newest| Chart::up_to(newest, log.since(), NAMES, lanes));
    let row = |lane: &Lane| {
        let cell = |kind| lane.marks.iter().filter(|mark| mark.kind == kind).map(|mark| mark.title.clone()).collect();
        Some(Row { project: projects.get(lane.place)?.0, cells: MarkKind::ALL.map(cell) })
    };
    let rows = chart.iter().flat_map(|chart| &chart.lanes).filter_map(row).collect();
    let description = "Two years of releases of all projects in one picture.";
    let feeds = vec![FeedLink::of_site(catalog)];
    Timeline {
        frame: Frame::new(catalog, roots, Place::Timeline, "timeline.html", "Timeline", description, feeds),
        since: log.since(),
        chart,
        rows,
    }
    .write_into(out)
}
