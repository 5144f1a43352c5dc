//! All of history on one page, month by month.

use std::cmp::Reverse;

use askama::Template;
use chrono::{Datelike, NaiveDate};

use super::{
    Badge, FORMATS, FeedLink, Frame, Place, SLACK,
    filter::{Choice, Marks, choices},
    render,
};
use crate::{
    catalog::Catalog,
    feeds::Feed,
    model::{Project, Roots},
    overview::{Listed, Overview},
};

#[derive(Template)]
#[template(path = "releases.html")]
struct Releases<'a> {
    frame: Frame<'a>,
    count: usize,
    projects: usize,
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
#[must_use]
pub fn releases(catalog: &Catalog, overviews: &[Overview<'_>], all: &Feed, roots: &Roots) -> Vec<u8> {
    let (heading, description) =
        ("All releases", "Every release of every project, newest first, to search and filter.");
    let feeds = vec![FeedLink::of(all)];
    render(&Releases {
        frame: Frame::new(catalog, roots, Place::Releases, "releases.html", heading, description, feeds),
        count: overviews.iter().map(|overview| overview.releases).sum(),
        projects: overviews.len(),
        filter: choices(catalog, overviews),
        months: by_month(overviews),
    })
}

fn by_month<'a>(overviews: &'a [Overview<'a>]) -> Vec<Month<'a>> {
    let rows = |overview: &'a Overview<'a>| overview.listed.iter().map(|listed| (overview.project, listed));
    let mut all: Vec<_> = overviews.iter().flat_map(rows).collect();
    // In the catalog's order where they came out in the same second.
    all.sort_by_key(|(_, listed)| Reverse(listed.released));
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
