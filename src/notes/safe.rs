//! The one place where HTML becomes safe: what strangers wrote, or what was made of it.

use std::{
    borrow::Cow,
    cell::RefCell,
    collections::{BTreeSet, HashMap},
    fmt, iter,
    sync::LazyLock,
};

use comrak::{Node, nodes::NodeValue};
use regex::{Captures, Regex};

use super::{Headings, Place, constant, text, xml_text};

/// At most so many elements may come of formatting tags that are never closed: HTML opens each of them anew in every
/// paragraph that follows. Notes that could yield more show their raw HTML as text.
const MAX_REOPENED: usize = 500_000;

/// An image that is said to be wider or higher than this has the size that it has.
const MAX_IMAGE: usize = 4_000;

/// The elements that notes may have.
pub(super) const TAGS: &str = "\
    a abbr b blockquote br caption cite code dd del details div dl dt em figcaption figure h3 h4 h5 h6 hr i img ins \
    kbd li mark ol p pre q s samp small span strike strong sub summary sup table tbody td tfoot th thead tr tt u ul \
    var";

/// HTML that can stand in a page and in a feed: only the sanitiser makes it, so templates may trust it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct SafeHtml(String);

impl SafeHtml {
    /// The HTML as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether there is nothing to show.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl fmt::Display for SafeHtml {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Whether an HTML parser could make too many elements of formatting tags by opening them again. It does so with at
/// most three alike (HTML, "Noah's Ark clause"), so only those with attributes count.
pub(super) fn reopens_too_much(root: Node<'_>) -> bool {
    static FORMATTING: LazyLock<Regex> =
        LazyLock::new(|| constant(r"(?i)<(?:b|big|code|em|font|i|nobr|s|small|strike|strong|tt|u)[\s/]"));
    let (mut formatting, mut elements) = (0, 0);
    for node in root.descendants() {
        elements += 1;
        let data = node.data();
        let html = match &data.value {
            NodeValue::HtmlBlock(block) => block.literal.as_str(),
            NodeValue::HtmlInline(html) => html,
            _ => continue,
        };
        formatting += FORMATTING.find_iter(html).count();
        elements += html.matches('<').count();
    }
    formatting * elements > MAX_REOPENED
}

/// Cleans HTML, with its links and images resolved at `place`.
pub(super) fn sanitize(html: &str, place: &Place, headings: Headings) -> SafeHtml {
    let html = prepare(html, headings);
    PLACE.set(place.clone());
    let cleaned = CLEANER.clean(&html).to_string();
    SafeHtml(finish(xml_text(&cleaned).trim()))
}

thread_local! {
    /// Where the notes stand that this thread is cleaning.
    static PLACE: RefCell<Place> = RefCell::new(Place::none());
}

/// What cleans: hundreds of small strings, made once for all notes.
static CLEANER: LazyLock<ammonia::Builder<'static>> = LazyLock::new(cleaner);

/// Lets through the elements and attributes that notes may have, with links and images resolved at their place.
fn cleaner() -> ammonia::Builder<'static> {
    let mut cleaner = ammonia::Builder::empty();
    cleaner
        // Headings are lowered only then.
        .tags(TAGS.split_whitespace().chain(["h1", "h2"]).collect())
        .clean_content_tags(["script", "style", "title", "textarea", "iframe"].into())
        .tag_attributes(HashMap::from([
            ("a", ["href"].into()),
            ("img", ["src", "alt", "width", "height"].into()),
            ("ol", ["start"].into()),
            ("td", ["align", "colspan", "rowspan"].into()),
            ("th", ["align", "colspan", "rowspan"].into()),
        ]))
        .set_tag_attribute_value("img", "loading", "lazy")
        .link_rel(Some("nofollow noopener"))
        .url_schemes(["http", "https"].into())
        // Let through as far as the filter, which makes them absolute or drops them.
        .url_relative(ammonia::UrlRelative::PassThrough)
        .attribute_filter(|element, attribute, value| match attribute {
            "href" | "src" => PLACE.with_borrow(|place| place.resolve(element, value)).map(Cow::Owned),
            "width" | "height" => is_size(value).then(|| value.into()),
            _ => Some(text::without_addresses(value)),
        });
    cleaner
}

/// Whether an image can be so many pixels wide or high. Shares of what is around it are not for strangers to give.
fn is_size(text: &str) -> bool {
    text.bytes().all(|byte| byte.is_ascii_digit())
        && text.parse().is_ok_and(|pixels: usize| (1..=MAX_IMAGE).contains(&pixels))
}

/// What the sanitiser would drop is made what it keeps: boxes become signs. The way back from a footnote goes, since ids
/// do.
fn prepare(html: &str, headings: Headings) -> String {
    static WAY_BACK: LazyLock<Regex> =
        LazyLock::new(|| constant(r##" ?<a href="#fnref-[^>]*>↩(?:<sup[^>]*>\d+</sup>)?</a>"##));
    let html = html
        .replace(r#"<input type="checkbox" checked="" disabled="" />"#, "☑")
        .replace(r#"<input type="checkbox" disabled="" />"#, "☐")
        .replace(r#"<section class="footnotes" data-footnotes>"#, "<hr>");
    // Few notes have footnotes, and to look for what is optional first takes long.
    let html = if html.contains("#fnref-") { WAY_BACK.replace_all(&html, "") } else { html.into() };
    match headings {
        Headings::Lowered => html.into_owned(),
        Headings::Bold => embolden_headings(&html),
    }
}

/// Headings become bold paragraphs.
fn embolden_headings(html: &str) -> String {
    static HEADING: LazyLock<Regex> = LazyLock::new(|| constant(r"(?i)<(/?)h[1-6]\b[^>]*>"));
    let bold = |heading: &Captures<'_>| if heading[1].is_empty() { "<p><b>" } else { "</b></p>" };
    HEADING.replace_all(html, bold).into_owned()
}

/// Where headings go in notes: below those of the page.
struct Levels {
    /// Those in use. They follow each other, whichever they are: authors choose them by size.
    used: BTreeSet<u8>,
    /// Of the heading before, or of the page around them: none is more than one below it.
    current: usize,
    /// Of those that are open: one can stand in another.
    open: Vec<usize>,
}

impl Levels {
    fn of<'h>(tags: impl Iterator<Item = &'h str>) -> Self {
        Self { used: tags.filter_map(heading).collect(), current: 3, open: Vec::new() }
    }

    /// The tag of a heading, lowered.
    fn lower(&mut self, tag: &str, level: u8) -> String {
        if tag.starts_with("</") {
            return format!("</h{}>", self.open.pop().unwrap_or(self.current));
        }
        let rank = self.used.range(..level).count();
        self.current = (rank + 4).min(self.current + 1).min(6);
        self.open.push(self.current);
        format!("<h{}>", self.current)
    }
}

/// The level of the heading that a tag begins or ends.
fn heading(tag: &str) -> Option<u8> {
    match tag.trim_start_matches(['<', '/']).as_bytes() {
        [b'h', level @ b'1'..=b'6', b'>'] => Some(*level),
        _ => None,
    }
}

/// The tags of sanitised HTML, and where they stand. The serialiser writes each attribute in quotes, with those within
/// escaped, and no other `<` outside of them.
fn tags(html: &str) -> impl Iterator<Item = (usize, &str)> {
    let mut end = 0;
    iter::from_fn(move || {
        let start = end + html[end..].find('<')?;
        let mut quotes = 0;
        end = start;
        // A `>` within quotes ends no tag.
        while end == start || quotes % 2 == 1 {
            let piece = html[end..].find('>')? + 1;
            quotes += html[end..end + piece].matches('"').count();
            end += piece;
        }
        Some((start, &html[start..end]))
    })
}

/// Takes out of sanitised HTML the links that lead nowhere and the addresses of people, and puts their description in
/// the place of images without a source. Headings are lowered.
fn finish(html: &str) -> String {
    static ALT: LazyLock<Regex> = LazyLock::new(|| constant(r#" alt="([^"]*)""#));
    let mut finished = String::with_capacity(html.len());
    let (mut links, mut end) = (Vec::new(), 0);
    let tags: Vec<_> = tags(html).collect();
    let mut levels = Levels::of(tags.iter().map(|(_, tag)| *tag));
    for (start, tag) in tags {
        finished += &text::without_addresses(&html[end..start]);
        end = start + tag.len();
        if let Some(level) = heading(tag) {
            finished += &levels.lower(tag, level);
            continue;
        }
        let inner = tag.trim_matches(['<', '>']);
        let (name, attributes) = inner.find(' ').map_or((inner, ""), |space| inner.split_at(space));
        let keep = match name {
            "a" => {
                links.push(attributes.contains(" href="));
                attributes.contains(" href=")
            }
            "/a" => links.pop().unwrap_or(true),
            "img" => attributes.contains(" src="),
            _ => true,
        };
        if keep {
            finished += tag;
        } else if let Some(alt) = ALT.captures(attributes) {
            finished += &alt[1].replace('<', "&lt;").replace('>', "&gt;");
        }
    }
    finished += &text::without_addresses(&html[end..]);
    finished
}
