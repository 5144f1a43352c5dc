//! RSS ([RSS 2.0](https://www.rssboard.org/rss-specification), and the
//! [best practices profile](https://www.rssboard.org/rss-profile)).

use std::{
    collections::BTreeMap,
    io::{self, Write},
};

use rss::{
    Category, Channel, Guid, Item,
    extension::{Extension, ExtensionMap},
};

use super::{FeedSite, Format};

/// How long a reader may wait before it asks again, in minutes: the feed changes once a night.
const MINUTES_TO_LIVE: u32 = 180;

pub(super) fn write(feed: &super::Feed, site: &FeedSite<'_>, out: &mut dyn Write) -> io::Result<()> {
    let channel = Channel {
        title: feed.title.clone(),
        link: site.roots.page(&feed.page),
        description: feed.description.clone(),
        last_build_date: Some(feed.updated().to_rfc2822()),
        generator: Some(concat!(env!("CARGO_PKG_NAME"), " ", env!("CARGO_PKG_VERSION")).to_owned()),
        ttl: Some(MINUTES_TO_LIVE.to_string()),
        namespaces: BTreeMap::from([("atom".to_owned(), "http://www.w3.org/2005/Atom".to_owned())]),
        extensions: itself(site.address(feed, Format::Rss)),
        items: feed.entries.iter().map(|entry| item(entry)).collect(),
        ..Channel::default()
    };
    channel.write_to(&mut *out).map_err(io::Error::other)?;
    out.write_all(b"\n")
}

/// Where the feed is, as an element of Atom: RSS has none for it, and its profile advises this one.
fn itself(address: String) -> ExtensionMap {
    let attrs = [("href", address), ("rel", "self".to_owned()), ("type", "application/rss+xml".to_owned())];
    let link = Extension {
        name: "atom:link".to_owned(),
        attrs: attrs.into_iter().map(|(name, value)| (name.to_owned(), value)).collect(),
        ..Extension::default()
    };
    BTreeMap::from([("atom".to_owned(), BTreeMap::from([("link".to_owned(), vec![link])]))])
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
