//! How the sources do.

use askama::Template;

use super::{FORMATS, FeedLink, Frame, render, source_page};
use crate::{
    catalog::Catalog,
    model::{Project, Roots},
    overview::{Overview, SourceRow, Standing},
};

#[derive(Template)]
#[template(path = "status.html")]
struct Status<'a> {
    frame: Frame<'a>,
    projects: usize,
    releases: usize,
    left_out: usize,
    /// How many sources are up to date.
    fresh: usize,
    rows: Vec<Row<'a>>,
}

/// A source of a project.
struct Row<'a> {
    project: &'a Project,
    source: &'a SourceRow,
    page: String,
}

/// How the sources do.
#[must_use]
pub fn status(catalog: &Catalog, overviews: &[Overview<'_>], roots: &Roots) -> Vec<u8> {
    let rows = overviews.iter().flat_map(|overview| {
        let row = |source| Row { project: overview.project, source, page: source_page(source, roots) };
        overview.sources.iter().map(row)
    });
    let rows: Vec<_> = rows.collect();
    render(&Status {
        frame: Frame::new(catalog, "", roots.page("status.html"), vec![FeedLink::of_site(catalog)]),
        projects: overviews.len(),
        releases: overviews.iter().map(|overview| overview.releases).sum(),
        left_out: overviews.iter().map(|overview| overview.left_out).sum(),
        fresh: rows.iter().filter(|row| row.source.standing() == Standing::Ok).count(),
        rows,
    })
}
