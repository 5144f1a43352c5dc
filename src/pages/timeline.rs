//! Two years of all projects in one picture, and the same as a table.

use askama::Template;

use super::{
    FORMATS, FeedLink, Frame, Place,
    chart::{Chart, Lane, MarkKind},
    render,
};
use crate::{
    catalog::Catalog,
    model::{Project, Roots},
    overview::Overview,
};

/// The width of the projects' names, in pixels.
const NAMES: f64 = 235.0;

#[derive(Template)]
#[template(path = "timeline.html")]
struct Timeline<'a> {
    frame: Frame<'a>,
    chart: Option<Chart>,
    rows: Vec<Row<'a>>,
}

/// What a project released in that time: a cell for each kind of mark.
struct Row<'a> {
    project: &'a Project,
    cells: [Vec<String>; 3],
}

/// The page with the picture of the years.
#[must_use]
pub fn timeline<'a>(catalog: &'a Catalog, overviews: &'a [Overview<'a>], roots: &Roots) -> Vec<u8> {
    let newest = overviews.iter().filter_map(|overview| overview.listed.first()).map(|listed| listed.released).max();
    let lane = |overview: &'a Overview<'a>| (overview.project.name.clone(), overview.listed.iter().collect());
    let chart = newest.map(|newest| Chart::up_to(newest, NAMES, overviews.iter().map(lane)));
    let row = |lane: &Lane| {
        let cell = |kind| lane.marks.iter().filter(|mark| mark.kind == kind).map(|mark| mark.title.clone()).collect();
        Some(Row { project: overviews.get(lane.place)?.project, cells: MarkKind::ALL.map(cell) })
    };
    let rows = chart.iter().flat_map(|chart| &chart.lanes).filter_map(row).collect();
    let description = "Two years of releases of all projects in one picture.";
    let feeds = vec![FeedLink::of_site(catalog)];
    render(&Timeline {
        frame: Frame::new(catalog, roots, Place::Timeline, "timeline.html", "Timeline", description, feeds),
        chart,
        rows,
    })
}
