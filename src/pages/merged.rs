//! What a merged feed holds, for those who come to it with a browser.

use askama::Template;

use super::{FORMATS, FeedLink, Frame, Place, SLACK, render};
use crate::{
    catalog::Catalog,
    feeds::Feed,
    model::{Entry, Roots, fragment},
};

#[derive(Template)]
#[template(path = "merged.html")]
struct Merged<'a> {
    frame: Frame<'a>,
    heading: &'a str,
    entries: Vec<&'a Entry>,
}

/// The page of a merged feed that no other page shows.
#[must_use]
pub fn merged(catalog: &Catalog, feed: &Feed, roots: &Roots) -> Vec<u8> {
    let link = FeedLink::of(feed);
    let heading = link.name(&catalog.site.title).to_owned();
    render(&Merged {
        frame: Frame::new(
            catalog,
            roots,
            Place::Elsewhere,
            &feed.page,
            &heading,
            feed.description.as_str(),
            vec![link, FeedLink::of_site(catalog)],
        ),
        heading: &heading,
        entries: feed.entries.iter().map(AsRef::as_ref).collect(),
    })
}

impl Entry {
    /// The place on the site that has it.
    fn page(&self) -> String {
        let anchor = self.facts.version.as_ref().map(|version| format!("#{}", fragment(version))).unwrap_or_default();
        format!("projects/{}.html{anchor}", self.facts.project)
    }
}
