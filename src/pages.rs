//! The pages: the data of their templates.
//!
//! A page says dates, never ages, and its links inside the site are relative, so that it opens from disk too.

use std::borrow::Cow;

use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};

mod around;
mod badge;
mod chart;
mod filter;
mod front;
mod index;
mod merged;
mod platform;
mod project;
mod releases;
mod status;
mod subscribe;
mod timeline;

pub use self::{
    around::{favicon, not_found, script, sitemap, style},
    badge::badge,
    front::Front,
    index::index,
    merged::merged,
    platform::platform,
    project::{Material, project},
    releases::releases,
    status::status,
    subscribe::subscribe,
    timeline::timeline,
};
use crate::{
    catalog::{Catalog, Platform, Site, SiteLink},
    feeds::{self, Feed, Format, Pace},
    model::{Channel, Presence, Project, Roots, Source},
    overview::{Listed, SourceRow},
    version::Stability,
};

/// The formats of a feed, the one to recommend first: with the name that people know and the media type.
const FORMATS: [(Format, &str, &str); 3] = [
    (Format::Atom, "Atom", "application/atom+xml"),
    (Format::Rss, "RSS", "application/rss+xml"),
    (Format::Json, "JSON Feed", "application/feed+json"),
];

/// What Slack takes a feed's address behind.
const SLACK: &str = "/feed subscribe";

/// What stands around the content of every page.
struct Frame<'a> {
    /// The site's title.
    site: &'a str,
    /// A sentence on what the site is.
    about: &'a str,
    /// The page's title, with the site's where they differ.
    title: String,
    /// A sentence on what the page has.
    description: Cow<'a, str>,
    /// Where the page stands in the head of all pages.
    place: Place,
    /// The way from the page to the site's root: empty, `../`, or the whole address.
    root: &'a str,
    /// The site's address.
    base: &'a str,
    /// The page's address.
    canonical: String,
    /// The feeds that the page announces, its own first.
    feeds: Vec<FeedLink<'a>>,
    /// Where it leads besides.
    links: &'a [SiteLink],
}

/// A page's place in the head of all pages.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Place {
    Home,
    Releases,
    Timeline,
    Subscribe,
    Status,
    Elsewhere,
}

impl Place {
    /// The places that the head leads to, with their files.
    const IN_HEAD: [(Self, &'static str); 5] = [
        (Self::Home, "index.html"),
        (Self::Releases, "releases.html"),
        (Self::Timeline, "timeline.html"),
        (Self::Subscribe, "subscribe.html"),
        (Self::Status, "status.html"),
    ];

    fn name(self) -> &'static str {
        match self {
            Self::Home => "Home",
            Self::Releases => "Releases",
            Self::Timeline => "Timeline",
            Self::Subscribe => "Subscribe",
            Self::Status => "Status",
            Self::Elsewhere => "",
        }
    }
}

impl<'a> Frame<'a> {
    /// Of the page at `path`, which is `heading`; the front page has no heading but the site's title.
    fn new(
        catalog: &'a Catalog,
        roots: &'a Roots,
        place: Place,
        path: &str,
        heading: &str,
        description: impl Into<Cow<'a, str>>,
        feeds: Vec<FeedLink<'a>>,
    ) -> Self {
        let Site { title: site, links, .. } = &catalog.site;
        let title = if place == Place::Home { site.clone() } else { format!("{heading} – {site}") };
        let (about, description) = (about(catalog), description.into());
        let root = if path.contains('/') { "../" } else { "" };
        let canonical = roots.page(if place == Place::Home { "" } else { path });
        Self { site, about, title, description, place, root, base: roots.site.as_str(), canonical, feeds, links }
    }
}

/// A feed, as a page announces it.
#[derive(Debug, Clone)]
pub struct FeedLink<'a> {
    title: Cow<'a, str>,
    description: Cow<'a, str>,
    /// Its place on the site, without an ending.
    path: Cow<'a, str>,
    /// The page that shows the same.
    page: Cow<'a, str>,
    pace: Option<Pace>,
}

impl<'a> FeedLink<'a> {
    /// Of a feed that is at hand.
    #[must_use]
    pub fn of(feed: &'a Feed) -> Self {
        let Feed { title, description, path, page, .. } = feed;
        Self {
            title: title.into(),
            description: description.into(),
            path: path.into(),
            page: page.into(),
            pace: feed.pace(),
        }
    }

    /// Of a project's own feed, which brings so much.
    fn of_project(project: &Project, pace: Option<Pace>) -> FeedLink<'static> {
        let Feed { title, description, path, page, .. } = feeds::project_feed(project, Vec::new());
        FeedLink { title: title.into(), description: description.into(), path: path.into(), page: page.into(), pace }
    }

    /// The site's own feed, on pages that are not its own.
    fn of_site(catalog: &'a Catalog) -> Self {
        Self {
            title: catalog.site.title.as_str().into(),
            description: feeds::FINALS.into(),
            path: "feed".into(),
            page: "index.html".into(),
            pace: None,
        }
    }

    /// What its title says besides the site's.
    fn name(&self, site: &str) -> &str {
        self.title.strip_prefix(site).and_then(|rest| rest.strip_prefix(": ")).unwrap_or(&self.title)
    }

    /// What its title does not say.
    fn explanation(&self) -> Option<&str> {
        (self.description != self.title).then_some(&self.description)
    }

    /// The id of its element on a page.
    fn anchor(&self) -> String {
        format!("to-{}", self.path.replace('/', "-"))
    }

    /// Readers on the web, each with the address that adds this feed there.
    fn readers(&self, base: &str) -> [(&'static str, String); 4] {
        let address = format!("{base}{}.atom", self.path);
        let address = utf8_percent_encode(&address, NON_ALPHANUMERIC);
        [
            ("Feedly", format!("https://feedly.com/i/subscription/feed%2F{address}")),
            ("Inoreader", format!("https://www.inoreader.com/?add_feed={address}")),
            ("NewsBlur", format!("https://www.newsblur.com/?url={address}")),
            ("The Old Reader", format!("https://theoldreader.com/feeds/subscribe?url={address}")),
        ]
    }
}

fn about(catalog: &Catalog) -> &str {
    catalog.site.description.as_deref().unwrap_or(&catalog.site.title)
}

/// A short word beside a title, and its class in the style.
#[derive(Debug, PartialEq, Eq)]
struct Badge<'a> {
    class: &'static str,
    text: &'a str,
}

impl<'a> Badge<'a> {
    /// What keeps a release from being one for everybody.
    fn warnings(stability: Option<Stability>, presence: Presence) -> Vec<Self> {
        let stability = match stability {
            Some(Stability::PreRelease) => Some(Badge { class: "pre-release", text: "pre-release" }),
            Some(Stability::Development) => Some(Badge { class: "pre-release", text: "development" }),
            Some(Stability::Final) | None => None,
        };
        let presence = match presence {
            Presence::Present => None,
            Presence::Yanked => Some(Badge { class: "yanked", text: "yanked" }),
            Presence::Withdrawn => Some(Badge { class: "yanked", text: "withdrawn" }),
        };
        stability.into_iter().chain(presence).collect()
    }

    /// Whether it keeps a release from being one for everybody.
    fn is_warning(&self) -> bool {
        matches!(self.class, "pre-release" | "yanked")
    }

    fn security() -> Self {
        Badge { class: "security", text: "security" }
    }

    fn of_platforms(platforms: &[&'a Platform]) -> impl Iterator<Item = Self> {
        platforms.iter().map(|platform| Badge { class: "platform", text: &platform.name })
    }

    fn of_channels(channels: &[Channel]) -> impl Iterator<Item = Self> {
        channels.iter().map(|channel| Badge { class: "channel", text: channel.name() })
    }

    /// All that is to be said of a release in a list.
    fn of_listed(listed: &Listed<'a>) -> Vec<Self> {
        let mut badges = Self::warnings(Some(listed.stability), listed.presence);
        badges.extend(listed.is_security.then(Self::security));
        badges.extend(Self::of_platforms(&listed.platforms));
        badges.extend(Self::of_channels(&listed.channels));
        badges
    }
}

/// The page that a source has for people.
fn source_page(Source { channel, name }: &Source, row: &SourceRow, roots: &Roots) -> String {
    match channel {
        Channel::Github => format!("https://github.com/{}", row.moved_to().unwrap_or(name)),
        Channel::Pypi => format!("{}/project/{name}/", roots.pypi.as_str().trim_end_matches('/')),
    }
}
