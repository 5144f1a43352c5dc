//! How the sources do.

use std::io::{self, Write};

use askama::Template;

use super::{FORMATS, FeedLink, Frame, Place, source_page};
use crate::{
    catalog::Catalog,
    model::{Project, Roots, Source},
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
    /// Those of which a person should know.
    troubled: Vec<Row<'a>>,
}

/// A source of a project.
#[derive(Clone)]
struct Row<'a> {
    project: &'a Project,
    source: Source,
    /// How it does.
    does: &'a SourceRow,
    page: String,
    /// Where its lines in the catalog are changed.
    edit: Option<String>,
}

/// How the sources do.
///
/// # Errors
/// When the writer fails.
pub fn status(catalog: &Catalog, overviews: &[Overview<'_>], roots: &Roots, out: &mut dyn Write) -> io::Result<()> {
    let edit = |project: &Project| catalog.edit_of(project);
    let rows = overviews.iter().flat_map(|overview| {
        let row = |(source, does)| Row {
            project: overview.project,
            page: source_page(&source, does, roots),
            source,
            does,
            edit: edit(overview.project),
        };
        overview.sources().map(row)
    });
    let rows: Vec<_> = rows.collect();
    let is_troubled = |row: &&Row<'_>| row.does.standing().is_worth_a_word() || row.does.note().is_some();
    let description = "How the sources do: which are up to date, and which could not be read.";
    let feeds = vec![FeedLink::of_site(catalog)];
    Status {
        frame: Frame::new(catalog, roots, Place::Status, "status.html", "Status", description, feeds),
        projects: overviews.len(),
        releases: overviews.iter().map(|overview| overview.releases).sum(),
        left_out: overviews.iter().map(|overview| overview.left_out).sum(),
        fresh: rows.iter().filter(|row| row.does.standing() == Standing::Ok).count(),
        troubled: rows.iter().filter(is_troubled).cloned().collect(),
        rows,
    }
    .write_into(out)
}
