//! What a merged feed holds, for those who come to it with a browser.

use std::io::{self, Write};

use askama::Template;

use super::{FORMATS, FeedLink, Frame, Place, SLACK};
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
///
/// # Errors
/// When the writer fails.
pub fn merged(catalog: &Catalog, feed: &Feed, roots: &Roots, out: &mut dyn Write) -> io::Result<()> {
    let link = FeedLink::of(feed);
    let heading = link.name(&catalog.site.title).to_owned();
    Merged {
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
    }
    .write_into(out)
}

impl Entry {
    /// The place on the site that has it.
    fn page(&self) -> String {
        let anchor = self.facts.version.as_ref().map(|version| format!("#{}", fragment(version))).unwrap_or_default();
        format!("projects/{}.html{anchor}", self.facts.project)
    }
}
