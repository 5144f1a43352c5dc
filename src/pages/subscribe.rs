//! All feeds, with what each holds and how to follow it.

use std::io::{self, Write};

use askama::Template;

use super::{FORMATS, FeedLink, Frame, Place, SLACK};
use crate::{
    catalog::Catalog,
    feeds::{Feed, Pace},
    model::{Project, Roots},
};

#[derive(Template)]
#[template(path = "subscribe.html")]
struct Subscribe<'a> {
    frame: Frame<'a>,
    merged: Vec<FeedLink<'a>>,
    platforms: Vec<FeedLink<'a>>,
    stages: Vec<Stage<'a>>,
}

/// The feeds of the projects at a stage.
struct Stage<'a> {
    name: &'a str,
    /// The projects, with how much their feeds bring.
    feeds: Vec<(&'a Project, Option<Pace>)>,
}

/// The page with all feeds: the merged ones, and each project's own with its pace, in the catalog's order.
///
/// # Errors
/// When the writer fails.
pub fn subscribe(
    catalog: &Catalog,
    merged: &[Feed],
    paces: &[Option<Pace>],
    roots: &Roots,
    out: &mut dyn Write,
) -> io::Result<()> {
    let (platforms, merged): (Vec<_>, Vec<_>) = merged.iter().partition(|feed| feed.path.starts_with("platforms/"));
    let own = || catalog.projects.iter().zip(paces);
    let stages = catalog.stages_and_rest().map(|(name, id)| {
        let here = own().filter(|(project, _)| project.stage.as_ref() == id);
        Stage { name, feeds: here.map(|(project, pace)| (project, *pace)).collect() }
    });
    let (heading, description) = ("Subscribe", "All feeds of this site, and how to follow them in Slack or a reader.");
    let feeds = vec![FeedLink::of_site(catalog)];
    Subscribe {
        frame: Frame::new(catalog, roots, Place::Subscribe, "subscribe.html", heading, description, feeds),
        stages: stages.filter(|stage| !stage.feeds.is_empty()).collect(),
        merged: merged.into_iter().map(FeedLink::of).collect(),
        platforms: platforms.into_iter().map(FeedLink::of).collect(),
    }
    .write_into(out)
}
