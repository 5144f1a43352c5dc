//! The pages: the data of their templates.
//!
//! A page says dates, never ages, and its links inside the site are relative, so that it opens from disk too.

use askama::Template;

mod index;
mod project;
mod status;

pub use self::{index::index, project::project, status::status};
use crate::{
    catalog::{Catalog, Site, SiteLink},
    feeds::{FINALS, Feed, Format},
    model::{Channel, PrereleaseFlag, Presence, Release, Roots, Source},
    overview::SourceRow,
    version::Stability,
};

/// The style of all pages, in the site's colour.
#[must_use]
pub fn style(catalog: &Catalog) -> Vec<u8> {
    const STYLE: &str = include_str!("../templates/style.css");
    let color = catalog.site.color.as_ref().map(|color| {
        // On dark paper a lighter one of the same hue can be read.
        let light = format!(":root {{ --link: {color}; --mark: {color}; }}");
        let dark = format!(":root {{ --link: color-mix(in oklab, {color} 45%, white); --mark: var(--link); }}");
        format!("\n/* The site's own colour. */\n{light}\n@media (prefers-color-scheme: dark) {{ {dark} }}\n")
    });
    (STYLE.to_owned() + &color.unwrap_or_default()).into_bytes()
}

/// The formats of a feed, the one to recommend first: with the name that people know and the media type.
const FORMATS: [(Format, &str, &str); 3] = [
    (Format::Atom, "Atom", "application/atom+xml"),
    (Format::Rss, "RSS", "application/rss+xml"),
    (Format::Json, "JSON", "application/feed+json"),
];

/// What stands around the content of every page.
struct Frame<'a> {
    /// The site's title.
    site: &'a str,
    /// A sentence on what the site is.
    about: &'a str,
    /// The way from the page to the site's root: empty, or `../`.
    root: &'static str,
    /// The page's address.
    canonical: String,
    /// The feeds that the page announces, its own first.
    feeds: Vec<FeedLink<'a>>,
    /// Where it leads besides.
    links: &'a [SiteLink],
}

/// A feed, as a page announces it.
struct FeedLink<'a> {
    title: &'a str,
    description: &'a str,
    /// Its place on the site, without an ending.
    path: &'a str,
}

impl<'a> Frame<'a> {
    fn new(catalog: &'a Catalog, root: &'static str, canonical: String, feeds: Vec<FeedLink<'a>>) -> Self {
        let Site { title, links, .. } = &catalog.site;
        Self { site: title, about: about(catalog), root, canonical, feeds, links }
    }
}

impl<'a> FeedLink<'a> {
    fn of(feed: &'a Feed) -> Self {
        Self { title: &feed.title, description: &feed.description, path: &feed.path }
    }

    /// The site's own feed.
    fn of_site(catalog: &'a Catalog) -> Self {
        Self { title: &catalog.site.title, description: FINALS, path: "feed" }
    }

    /// What its title says besides the site's.
    fn name(&self, site: &str) -> &str {
        self.title.strip_prefix(site).and_then(|rest| rest.strip_prefix(": ")).unwrap_or(self.title)
    }

    /// What its title does not say.
    fn explanation(&self) -> Option<&str> {
        (self.description != self.title).then_some(self.description)
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

impl Badge<'_> {
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

    fn of_release(release: &Release, flag: PrereleaseFlag) -> Vec<Self> {
        Self::warnings(Some(release.stability_now(flag)), release.presence())
    }
}

/// The page that a source has for people.
fn source_page(row: &SourceRow, roots: &Roots) -> String {
    let Source { channel, name } = &row.source;
    match channel {
        Channel::Github => format!("https://github.com/{}", row.moved_to().unwrap_or(name)),
        Channel::Pypi => format!("{}/project/{name}/", roots.pypi.as_str().trim_end_matches('/')),
    }
}

fn render(template: &impl Template) -> Vec<u8> {
    #[expect(clippy::expect_used, reason = "writing to a string cannot fail, and the templates have no failing filter")]
    template.render().expect("a template of plain values").into_bytes()
}
