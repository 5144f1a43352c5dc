//! Release notes → safe HTML with absolute links; excerpts; XML-legal text.
//!
//! Notes are written by strangers, mostly in Markdown. They are parsed freely, cut on the tree, and cleaned once, in
//! one place: what leaves [`render`] can stand in a page and in a feed.

mod alerts;
mod cut;
mod emoji;
mod form;
mod place;
mod references;
mod restructured;
mod safe;
mod text;
mod under;

use comrak::{Arena, Options, options, parse_document};
use regex::Regex;

use form::Form;
pub use place::Place;
pub use safe::SafeHtml;
pub use text::{shorten, without_addresses, xml_text};
pub use under::under;

/// So many bytes of notes are read; the rest is cut unread. GitHub takes no more than 125,000 characters.
pub const MAX_BYTES: usize = 256 * 1024;

/// Notes as they are shown.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Rendered {
    /// The notes, or their beginning.
    pub html: SafeHtml,
    /// Whether something was left out: then a link to the rest belongs below.
    pub cut: bool,
}

/// What becomes of the headings in notes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Headings {
    /// They begin at `h4`, below the heading of their release.
    Lowered,
    /// They are bold, where several notes stand in one list.
    Bold,
}

/// Renders notes as GitHub does, with at most `limit` characters of text, cut at the end of a block, item, row or line.
///
/// Headings begin at `h4`. Relative links and references such as `#123` are resolved at `place`; what leads nowhere is
/// plain text. An e-mail address becomes `[e-mail]`, so that a sentence around it still reads. Raw HTML counts as text,
/// and so does the end of a line, block or image.
#[must_use]
pub fn render(notes: &str, place: &Place, limit: usize) -> Rendered {
    let ([rendered], _) = render_with(notes, place, [limit], Headings::Lowered);
    rendered
}

/// The same notes in two lengths, read once: whole as far as `limit`, and their `beginning`, which is no longer. With their
/// first sentence that says something, as plain text on one line.
#[must_use]
pub fn render_twice(notes: &str, place: &Place, limit: usize, beginning: usize) -> ([Rendered; 2], Option<String>) {
    render_with(notes, place, [limit, beginning], Headings::Lowered)
}

/// The beginning of notes for a list of several: as [`render`], and without headings. With their first sentence.
#[must_use]
pub fn excerpt(notes: &str, place: &Place, limit: usize) -> (Rendered, Option<String>) {
    let ([rendered], sentence) = render_with(notes, place, [limit], Headings::Bold);
    (rendered, sentence)
}

/// Notes in several lengths, the longest first: each is cut from the one before. With their first sentence.
fn render_with<const N: usize>(
    notes: &str,
    place: &Place,
    limits: [usize; N],
    headings: Headings,
) -> ([Rendered; N], Option<String>) {
    let read = beginning(notes, MAX_BYTES);
    let source = xml_text(read);
    let form = Form::of(&source);
    let markdown = form.to_markdown(&source);
    let arena = Arena::new();
    let mut options = options();
    let root = parse_document(&arena, &markdown, &options);
    // In the notes as they were written, before anything is cut or linked.
    let sentence = text::first_sentence(root);
    let pruned = cut::prune(root);
    alerts::quote(root, &arena);
    emoji::show(root);
    if let Some(repository) = place.repository() {
        references::link(root, &arena, repository);
    }
    // Only in Markdown is HTML meant as such; and only reStructuredText has lines that end nowhere.
    options.render.hardbreaks = form != Form::Restructured;
    let mut rendered: Option<Rendered> = None;
    let is_cut = pruned || read.len() < notes.len();
    let lengths = limits.map(|limit| {
        let cut_here = cut::cut_to(root, limit);
        let shorter = match rendered.take() {
            Some(same) if !cut_here => same,
            longer => {
                options.render.escape = form != Form::Markdown || safe::reopens_too_much(root);
                let mut html = String::new();
                // Writing to a string does not fail.
                let _ = comrak::format_html(root, &options, &mut html);
                let was_cut = longer.map_or(is_cut, |longer| longer.cut);
                Rendered { html: safe::sanitize(&html, place, headings), cut: was_cut || cut_here }
            }
        };
        rendered.insert(shorter).clone()
    });
    (lengths, sentence)
}

/// GitHub's dialect, in which a line end in the notes is one on the page.
fn options() -> Options<'static> {
    Options {
        extension: options::Extension {
            strikethrough: true,
            table: true,
            autolink: true,
            tasklist: true,
            footnotes: true,
            alerts: true,
            ..Default::default()
        },
        render: options::Render { hardbreaks: true, r#unsafe: true, ..Default::default() },
        ..Default::default()
    }
}

/// At most `bytes` of the text, up to the end of a line where there is one.
fn beginning(text: &str, bytes: usize) -> &str {
    if text.len() <= bytes {
        return text;
    }
    let text = &text[..text.floor_char_boundary(bytes)];
    text.rfind('\n').map_or(text, |end| &text[..end])
}

#[expect(clippy::expect_used, reason = "called with constants, each of which a test reaches")]
fn constant(pattern: &str) -> Regex {
    Regex::new(pattern).expect("a constant pattern")
}

#[cfg(test)]
mod tests;
