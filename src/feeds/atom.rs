//! Atom ([RFC 4287](https://www.rfc-editor.org/rfc/rfc4287)).

use std::io::{self, Write};

use atom_syndication::{Category, Content, Entry, Feed, FixedDateTime, Generator, Link, Person, Text};

use super::{FeedSite, Format};
use crate::model::Moment;

pub(super) fn write(feed: &super::Feed, site: &FeedSite<'_>, out: &mut dyn Write) -> io::Result<()> {
    let link = |rel: &str, mime: &str, href: String| Link {
        rel: rel.to_owned(),
        mime_type: Some(mime.to_owned()),
        href,
        ..Link::default()
    };
    let atom = Feed {
        id: site.id(feed),
        title: Text::plain(&feed.title),
        subtitle: Some(Text::plain(&feed.description)),
        updated: date(feed.updated()),
        authors: vec![Person { name: site.title.to_owned(), ..Person::default() }],
        links: vec![
            link("self", "application/atom+xml", site.address(feed, Format::Atom)),
            link("alternate", "text/html", site.roots.page(&feed.page)),
        ],
        generator: Some(Generator {
            value: env!("CARGO_PKG_NAME").to_owned(),
            version: Some(env!("CARGO_PKG_VERSION").to_owned()),
            ..Generator::default()
        }),
        entries: feed.entries.iter().map(|entry| item(entry)).collect(),
        ..Feed::default()
    };
    atom.write_to(&mut *out).map_err(io::Error::other)?;
    out.write_all(b"\n")
}

fn item(entry: &crate::model::Entry) -> Entry {
    Entry {
        id: entry.id.clone(),
        title: Text::plain(&entry.title),
        // Both are the entry's date: a later `updated` would bring an edited entry back to readers.
        published: Some(date(entry.announced)),
        updated: date(entry.announced),
        links: vec![Link { rel: "alternate".to_owned(), href: entry.link.clone(), ..Link::default() }],
        categories: entry
            .categories
            .iter()
            .map(|term| Category { term: term.clone(), ..Category::default() })
            .collect(),
        summary: Some(Text::plain(&entry.summary)),
        content: Some(Content {
            content_type: Some("html".to_owned()),
            value: Some(entry.html.clone()),
            ..Content::default()
        }),
        ..Entry::default()
    }
}

fn date(moment: Moment) -> FixedDateTime {
    moment.fixed_offset()
}
