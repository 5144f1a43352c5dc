//! What stands around the pages: the style, the script, the sign, the map, and the page for addresses that lead nowhere.

use askama::Template;

use super::{FORMATS, FeedLink, Frame, Place, render};
use crate::{catalog::Catalog, model::Roots};

/// The colour of links where the catalog has none.
pub(super) const COLOR: &str = "#0b4a8f";

/// The style of all pages, in the site's colour.
#[must_use]
pub fn style(catalog: &Catalog) -> Vec<u8> {
    const STYLE: &str = include_str!("../../templates/style.css");
    let color = catalog.site.color.as_ref().map(|color| {
        // On dark paper a lighter one of the same hue can be read.
        let light = format!(":root {{ --link: {color}; --mark: {color}; }}");
        let dark = format!(":root {{ --link: color-mix(in oklab, {color} 35%, white); --mark: var(--link); }}");
        format!("\n/* The site's own colour. */\n{light}\n@media (prefers-color-scheme: dark) {{ {dark} }}\n")
    });
    (STYLE.to_owned() + &color.unwrap_or_default()).into_bytes()
}

/// The script of all pages: it hides, shows and copies, and reads `status.json`.
#[must_use]
pub fn script() -> &'static [u8] {
    include_bytes!("../../templates/site.js")
}

#[derive(Template)]
#[template(path = "favicon.svg")]
struct Favicon<'a> {
    color: &'a str,
}

/// The site's sign, in its colour.
#[must_use]
pub fn favicon(catalog: &Catalog) -> Vec<u8> {
    render(&Favicon { color: &color(catalog) })
}

pub(super) fn color(catalog: &Catalog) -> String {
    catalog.site.color.as_ref().map_or_else(|| COLOR.to_owned(), ToString::to_string)
}

#[derive(Template)]
#[template(path = "sitemap.xml")]
struct Sitemap {
    addresses: Vec<String>,
}

/// The pages of the site for search engines ([format](https://www.sitemaps.org/protocol.html)): those at these paths.
#[must_use]
pub fn sitemap(paths: &[String], roots: &Roots) -> Vec<u8> {
    let address = |path: &String| roots.page(if path == "index.html" { "" } else { path });
    render(&Sitemap { addresses: paths.iter().map(address).collect() })
}

#[derive(Template)]
#[template(path = "not_found.html")]
struct NotFound<'a> {
    frame: Frame<'a>,
}

/// The page for addresses that lead nowhere. It is served at any depth, so its links are whole addresses.
#[must_use]
pub fn not_found(catalog: &Catalog, roots: &Roots) -> Vec<u8> {
    let (heading, feeds) = ("There is no such page", vec![FeedLink::of_site(catalog)]);
    let frame = Frame::new(catalog, roots, Place::Elsewhere, "404.html", heading, heading, feeds);
    render(&NotFound { frame: Frame { root: roots.site.as_str(), ..frame } })
}
