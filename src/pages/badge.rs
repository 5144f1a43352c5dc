//! A project's badge: its name and latest version as a picture, for a read-me.

use std::io::{self, Write};

use askama::Template;

use super::around::color;
use crate::{catalog::Catalog, overview::Overview};

/// How wide a character is about, and a narrow one, in pixels; the text is fitted to its box.
const CHARACTER: usize = 7;
const NARROW: usize = 4;
/// What stands beside a text in its box, in pixels.
const PADDING: usize = 12;

#[derive(Template)]
#[template(path = "badge.svg")]
struct Badge<'a> {
    name: &'a str,
    version: &'a str,
    name_width: usize,
    version_width: usize,
    color: String,
}

impl Badge<'_> {
    fn width(&self) -> usize {
        self.name_width + self.version_width
    }
}

/// The badge of a project: its latest final version, or else its latest of all; its newest day where it announces by the
/// day.
///
/// # Errors
/// When the writer fails.
pub fn badge(overview: &Overview<'_>, catalog: &Catalog, out: &mut dyn Write) -> io::Result<()> {
    let latest = overview.latest.as_ref().or(overview.latest_pre_release.as_ref());
    let day = overview.newest_day.as_ref().map(|day| day.released.date_naive().to_string());
    let version = day.or(latest.map(|latest| latest.text.to_string())).unwrap_or_else(|| "none yet".to_owned());
    let name = &overview.project.name;
    let width =
        |text: &str| text.chars().map(|c| if ".,:-ijl ".contains(c) { NARROW } else { CHARACTER }).sum::<usize>();
    let (name_width, version_width) = (width(name) + PADDING, width(&version) + PADDING);
    Badge { name, version: &version, name_width, version_width, color: color(catalog) }.write_into(out)
}
