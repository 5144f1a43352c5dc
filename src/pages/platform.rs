//! The page of a platform: each line that it asks for, and how far that has come.

use std::{
    collections::BTreeMap,
    io::{self, Write},
};

use askama::Template;

use super::{FORMATS, FeedLink, Frame, Place, SLACK};
use crate::{
    catalog::{Catalog, Platform},
    feeds::Feed,
    model::{Channel, Project, Roots, Slug},
    overview::{LineRow, Overview},
    version::Line,
};

#[derive(Template)]
#[template(path = "platform.html")]
struct Page<'a> {
    frame: Frame<'a>,
    platform: &'a Platform,
    /// All platforms, in the catalog's order.
    others: &'a [Platform],
    parts: Vec<Part<'a>>,
}

/// What a platform asks for, or what is used with it.
struct Part<'a> {
    id: &'static str,
    name: &'static str,
    rows: Vec<Row<'a>>,
}

struct Row<'a> {
    project: &'a Project,
    line: &'a Line,
    /// How far the line has come.
    reached: Option<&'a LineRow>,
}

/// The page of a platform with this `feed`.
///
/// # Errors
/// When the writer fails.
pub fn platform(
    platform: &Platform,
    catalog: &Catalog,
    overviews: &[Overview<'_>],
    feed: &Feed,
    roots: &Roots,
    out: &mut dyn Write,
) -> io::Result<()> {
    let part = |id, name, lines| Part { id, name, rows: rows(lines, platform, overviews) };
    let mut parts =
        vec![part("components", "Components", &platform.versions), part("in-use", "In use with it", &platform.in_use)];
    parts.retain(|part| !part.rows.is_empty());
    let description = format!("What {} asks of the projects here: the newest release in each line.", platform.name);
    let feeds = vec![FeedLink::of(feed), FeedLink::of_site(catalog)];
    Page {
        frame: Frame::new(catalog, roots, Place::Elsewhere, &feed.page, &platform.name, description, feeds),
        platform,
        others: &catalog.platforms,
        parts,
    }
    .write_into(out)
}

/// A row for each project of which there is a line, in the catalog's order.
fn rows<'a>(lines: &'a BTreeMap<Slug, Line>, platform: &Platform, overviews: &'a [Overview<'_>]) -> Vec<Row<'a>> {
    let row = |overview: &'a Overview<'_>| {
        let line = lines.get(&overview.project.id)?;
        Some(Row { project: overview.project, line, reached: overview.platforms.get(&platform.id) })
    };
    overviews.iter().filter_map(row).collect()
}
