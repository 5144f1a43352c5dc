//! The pages: the data of their templates.

use askama::Template;

use crate::{
    catalog::Catalog,
    feeds::{Content, Feed},
    history::History,
    model::{Release, Roots},
    overview::Overview,
};

/// The style of all pages.
pub const STYLE: &str = include_str!("../templates/style.css");

/// How many characters of notes a project's page shows of a release.
const NOTES: usize = 60_000;

#[derive(Template)]
#[template(path = "index.html")]
struct Index<'a> {
    catalog: &'a Catalog,
    overviews: &'a [Overview<'a>],
    feeds: &'a [Feed],
    root: &'static str,
}

/// The site's front page.
#[must_use]
pub fn index(catalog: &Catalog, overviews: &[Overview<'_>], feeds: &[Feed], _roots: &Roots) -> Vec<u8> {
    page(&Index { catalog, overviews, feeds, root: "" })
}

#[derive(Template)]
#[template(path = "project.html")]
struct Project<'a> {
    catalog: &'a Catalog,
    overview: &'a Overview<'a>,
    releases: Vec<(&'a Release, Content<'a>)>,
    root: &'static str,
}

/// The page of a project: its whole history.
#[must_use]
pub fn project(overview: &Overview<'_>, history: &History, catalog: &Catalog, roots: &Roots) -> Vec<u8> {
    let mut releases = Vec::with_capacity(history.releases.len());
    for release in &history.releases {
        let platforms: Vec<_> = catalog.platforms_with(&overview.project.id, &release.version).collect();
        releases.push((release, Content::of(release, &platforms, roots, NOTES, String::new())));
    }
    page(&Project { catalog, overview, releases, root: "../" })
}

#[derive(Template)]
#[template(path = "status.html")]
struct Status<'a> {
    catalog: &'a Catalog,
    overviews: &'a [Overview<'a>],
    root: &'static str,
}

/// How the sources do.
#[must_use]
pub fn status(catalog: &Catalog, overviews: &[Overview<'_>], _roots: &Roots) -> Vec<u8> {
    page(&Status { catalog, overviews, root: "" })
}

fn page(template: &impl Template) -> Vec<u8> {
    #[expect(clippy::expect_used, reason = "writing to a string cannot fail, and the templates have no failing filter")]
    template.render().expect("a template of plain values").into_bytes()
}
