//! RSS ([RSS 2.0](https://www.rssboard.org/rss-specification), and the
//! [best practices profile](https://www.rssboard.org/rss-profile)).

use std::io::{self, Write};

use rss::{Category, Channel, Guid, Item, extension::atom};

use super::{FeedSite, Format};

/// How long a reader may wait before it asks again, in minutes: the feed changes once a night.
const MINUTES_TO_LIVE: u32 = 180;

pub(super) fn write(feed: &super::Feed, site: &FeedSite<'_>, out: &mut dyn Write) -> io::Result<()> {
    let itself = atom::Link {
        rel: "self".to_owned(),
        href: site.address(feed, Format::Rss),
        mime_type: Some("application/rss+xml".to_owned()),
        ..atom::Link::default()
    };
    let channel = Channel {
        title: feed.title.clone(),
        link: site.roots.page(&feed.page),
        description: feed.description.clone(),
        last_build_date: Some(feed.updated().to_rfc2822()),
        generator: Some(concat!(env!("CARGO_PKG_NAME"), " ", env!("CARGO_PKG_VERSION")).to_owned()),
        ttl: Some(MINUTES_TO_LIVE.to_string()),
        atom_ext: Some(atom::AtomExtension { links: vec![itself] }),
        items: feed.entries.iter().map(|entry| item(entry)).collect(),
        ..Channel::default()
    };
    channel.write_to(&mut *out).map_err(io::Error::other)?;
    out.write_all(b"\n")
}

fn item(entry: &crate::model::Entry) -> Item {
    Item {
        title: Some(entry.title.clone()),
        link: Some(entry.link.clone()),
        guid: Some(Guid { value: entry.id.clone(), permalink: false }),
        pub_date: Some(entry.announced.to_rfc2822()),
        description: Some(entry.summary.clone()),
        content: Some(entry.html.clone()),
        categories: entry.categories.iter().map(|name| Category { name: name.clone(), domain: None }).collect(),
        ..Item::default()
    }
}
