//! JSON Feed ([version 1.1](https://www.jsonfeed.org/version/1.1/)).

use std::io::{self, Write};

use serde::Serialize;

use super::{FeedSite, Format};
use crate::model::{Entry, Facts, Moment};

#[derive(Serialize)]
struct Document<'a> {
    version: &'static str,
    title: &'a str,
    description: &'a str,
    home_page_url: String,
    feed_url: String,
    authors: [Author<'a>; 1],
    items: Vec<Item<'a>>,
}

#[derive(Serialize)]
struct Author<'a> {
    name: &'a str,
    url: &'a str,
}

#[derive(Serialize)]
struct Item<'a> {
    id: &'a str,
    url: &'a str,
    title: &'a str,
    summary: &'a str,
    content_html: &'a str,
    date_published: Moment,
    tags: &'a [String],
    /// Extensions are keys that begin with an underscore.
    _release: &'a Facts,
}

pub(super) fn write(feed: &super::Feed, site: &FeedSite<'_>, out: &mut dyn Write) -> io::Result<()> {
    let document = Document {
        version: "https://jsonfeed.org/version/1.1",
        title: &feed.title,
        description: &feed.description,
        home_page_url: site.roots.page(&feed.page),
        feed_url: site.address(feed, Format::Json),
        authors: [Author { name: site.title, url: site.roots.site.as_str() }],
        items: feed.entries.iter().map(|entry| item(entry)).collect(),
    };
    serde_json::to_writer(&mut *out, &document)?;
    out.write_all(b"\n")
}

fn item(entry: &Entry) -> Item<'_> {
    Item {
        id: &entry.id,
        url: &entry.link,
        title: &entry.title,
        summary: &entry.summary,
        content_html: &entry.html,
        date_published: entry.announced,
        tags: &entry.categories,
        _release: &entry.facts,
    }
}
