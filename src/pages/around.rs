//! What stands around the pages: the style, the script, the sign, the map, and the page for addresses that lead nowhere.

use std::io::{self, Write};

use askama::Template;

use super::{FORMATS, FeedLink, Frame, Place};
use crate::{catalog::Catalog, feeds::Feed, model::Roots};

/// The colour of links where the catalog has none.
pub(super) const COLOR: &str = "#0b4a8f";

/// The style of all pages, in the site's colour.
///
/// # Errors
/// When the writer fails.
pub fn style(catalog: &Catalog, out: &mut dyn Write) -> io::Result<()> {
    const STYLE: &str = include_str!("../../templates/style.css");
    let color = catalog.site.color.as_ref().map(|color| {
        // On dark paper a lighter one of the same hue can be read.
        let light = format!(":root {{ --link: {color}; --mark: {color}; }}");
        let dark = format!(":root {{ --link: color-mix(in oklab, {color} 35%, white); --mark: var(--link); }}");
        format!("\n/* The site's own colour. */\n{light}\n@media (prefers-color-scheme: dark) {{ {dark} }}\n")
    });
    out.write_all(STYLE.as_bytes())?;
    out.write_all(color.unwrap_or_default().as_bytes())
}

/// The script of all pages: it hides, shows and copies, and reads `status.json`.
///
/// # Errors
/// When the writer fails.
pub fn script(out: &mut dyn Write) -> io::Result<()> {
    out.write_all(include_bytes!("../../templates/site.js"))
}

#[derive(Template)]
#[template(path = "favicon.svg")]
struct Favicon<'a> {
    color: &'a str,
}

/// The site's sign, in its colour.
///
/// # Errors
/// When the writer fails.
pub fn favicon(catalog: &Catalog, out: &mut dyn Write) -> io::Result<()> {
    Favicon { color: &color(catalog) }.write_into(out)
}

pub(super) fn color(catalog: &Catalog) -> String {
    catalog.site.color.as_ref().map_or_else(|| COLOR.to_owned(), ToString::to_string)
}

#[derive(Template)]
#[template(path = "sitemap.xml")]
struct Sitemap {
    addresses: Vec<String>,
}

/// The pages of the site for search engines ([format](https://www.sitemaps.org/protocol.html)).
///
/// # Errors
/// When the writer fails.
pub fn sitemap(catalog: &Catalog, merged: &[Feed], roots: &Roots, out: &mut dyn Write) -> io::Result<()> {
    // The front page has no name but the site's, and it is the page of the first feed.
    let merged = merged.iter().skip(1).map(|feed| roots.page(&feed.page));
    let others = ["timeline.html", "subscribe.html", "status.html"].map(|path| roots.page(path));
    let front = std::iter::once(roots.page(""));
    let projects = catalog.projects.iter().map(|project| roots.page(&project.page()));
    Sitemap { addresses: front.chain(merged).chain(others).chain(projects).collect() }.write_into(out)
}

#[derive(Template)]
#[template(path = "not_found.html")]
struct NotFound<'a> {
    frame: Frame<'a>,
}

/// The page for addresses that lead nowhere. It is served at any depth, so its links are whole addresses.
///
/// # Errors
/// When the writer fails.
pub fn not_found(catalog: &Catalog, roots: &Roots, out: &mut dyn Write) -> io::Result<()> {
    let (heading, feeds) = ("There is no such page", vec![FeedLink::of_site(catalog)]);
    let frame = Frame::new(catalog, roots, Place::Elsewhere, "404.html", heading, heading, feeds);
    NotFound { frame: Frame { root: roots.site.as_str(), ..frame } }.write_into(out)
}
