//! All of history on one page, month by month.

use std::io::{self, Write};

use askama::Template;
use chrono::{Datelike, NaiveDate};

use super::{
    Badge, FORMATS, FeedLink, Frame, Place, SLACK,
    filter::{Choice, Marks, choices},
};
use crate::{
    catalog::Catalog,
    feeds::Feed,
    model::{Project, Roots},
    overview::{Listed, Log, Overview},
};

#[derive(Template)]
#[template(path = "releases.html")]
struct Releases<'a> {
    frame: Frame<'a>,
    count: usize,
    projects: usize,
    /// From which day on they are here, where that is not all.
    since: Option<NaiveDate>,
    filter: Vec<Choice<'a>>,
    months: Vec<Month<'a>>,
}

/// What came out in a month.
struct Month<'a> {
    /// Its first day.
    first: NaiveDate,
    rows: Vec<Row<'a>>,
}

struct Row<'a> {
    project: &'a Project,
    listed: &'a Listed<'a>,
    marks: Marks<'a>,
    badges: Vec<Badge<'a>>,
}

/// The page with all releases; `all` is the feed with everything.
///
/// # Errors
/// When the writer fails.
pub fn releases(
    catalog: &Catalog,
    overviews: &[Overview<'_>],
    log: &Log<'_>,
    all: &Feed,
    roots: &Roots,
    out: &mut dyn Write,
) -> io::Result<()> {
    let (heading, description) =
        ("All releases", "Every release of every project, newest first, to search and filter.");
    let feeds = vec![FeedLink::of(all)];
    Releases {
        frame: Frame::new(catalog, roots, Place::Releases, "releases.html", heading, description, feeds),
        count: overviews.iter().map(|overview| overview.releases).sum(),
        projects: overviews.len(),
        since: log.since(),
        filter: choices(catalog, catalog.projects.iter(), log.rows().map(|(_, listed)| listed)),
        months: by_month(log),
    }
    .write_into(out)
}

fn by_month<'a>(log: &'a Log<'a>) -> Vec<Month<'a>> {
    let all: Vec<_> = log.rows().collect();
    let first = |listed: &Listed<'_>| listed.released.date_naive().with_day(1).unwrap_or_default();
    let months = all.chunk_by(|(_, a), (_, b)| first(a) == first(b));
    let row = |&(project, listed): &(&'a Project, &'a Listed<'a>)| Row {
        project,
        listed,
        marks: Marks::of_listed(project, listed),
        badges: Badge::of_listed(listed),
    };
    let month = |rows: &[(&'a Project, &'a Listed<'a>)]| {
        Some(Month { first: first(rows.first()?.1), rows: rows.iter().map(row).collect() })
    };
    months.filter_map(month).collect()
}
