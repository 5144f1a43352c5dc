//! All feeds, with what each holds and how to follow it.

use askama::Template;

use super::{FORMATS, FeedLink, Frame, Place, SLACK, render};
use crate::{catalog::Catalog, feeds::Feed, model::Roots, overview::Overview};

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
    feeds: Vec<FeedLink<'a>>,
}

/// The page with all feeds: the merged ones, and each project's `own`, in the order of `overviews`.
#[must_use]
pub fn subscribe(
    catalog: &Catalog,
    overviews: &[Overview<'_>],
    merged: &[Feed],
    own: &[FeedLink<'_>],
    roots: &Roots,
) -> Vec<u8> {
    let (platforms, merged): (Vec<_>, Vec<_>) = merged.iter().partition(|feed| feed.path.starts_with("platforms/"));
    let own = || overviews.iter().zip(own);
    let stages = catalog.stages_and_rest().map(|(name, id)| {
        let here = own().filter(|(overview, _)| overview.project.stage.as_ref() == id);
        Stage { name, feeds: here.map(|(_, feed)| feed.clone()).collect() }
    });
    let (heading, description) = ("Subscribe", "All feeds of this site, and how to follow them in Slack or a reader.");
    render(&Subscribe {
        frame: Frame::new(
            catalog,
            roots,
            Place::Subscribe,
            "subscribe.html",
            heading,
            description,
            vec![FeedLink::of_site(catalog)],
        ),
        stages: stages.filter(|stage| !stage.feeds.is_empty()).collect(),
        merged: merged.into_iter().map(FeedLink::of).collect(),
        platforms: platforms.into_iter().map(FeedLink::of).collect(),
    })
}
