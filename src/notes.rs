//! Release notes in Markdown → safe HTML with absolute links; excerpts; XML-legal text.
//!
//! Notes are written by strangers. They are parsed freely, cut on the tree, and cleaned once, in one place: what
//! leaves [`render`] can stand in a page and in a feed. The plain texts that are taken from them are in `text`.

mod text;

use std::{
    borrow::Cow,
    collections::{BTreeSet, HashMap},
    fmt,
    sync::LazyLock,
};

use comrak::{Arena, Node, Options, arena_tree::NodeEdge, nodes::NodeValue, options, parse_document};
use regex::{Captures, Regex};
use url::Url;

pub use text::{first_sentence, shorten, without_addresses, xml_text};

/// So many bytes of notes are read; the rest is cut unread. GitHub takes no more than 125,000 characters.
pub const MAX_BYTES: usize = 256 * 1024;

/// Blocks and emphasis nested deeper than this are left out: parsing HTML takes time with the square of the depth.
const MAX_DEPTH: usize = 64;

/// At most so many elements may come of formatting tags that are never closed: HTML opens each of them anew in every
/// paragraph that follows. Notes that could yield more show their raw HTML as text.
const MAX_REOPENED: usize = 500_000;

/// The elements that notes may have.
const TAGS: &str = "a abbr b blockquote br caption cite code dd del details div dl dt em figcaption figure h3 h4 h5 h6 \
                    hr i img ins kbd li mark ol p pre q s samp small span strike strong sub summary sup table tbody \
                    td tfoot th thead tr tt u ul var";

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

/// Notes as they are shown.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Rendered {
    /// The notes, or their beginning.
    pub html: SafeHtml,
    /// Whether something was left out: then a link to the rest belongs below.
    pub cut: bool,
}

/// Where notes stand, which says what their relative links mean.
#[derive(Debug, Clone)]
pub struct Place(Option<Roots>);

/// The addresses of a repository's files at one tag: pages for links, contents for images.
#[derive(Debug, Clone)]
struct Roots {
    pages: Url,
    contents: Url,
}

impl Place {
    /// The release page of `tag` in the repository at `repository_url`, such as `https://github.com/owner/name`.
    #[must_use]
    pub fn tag(repository_url: &str, tag: &str) -> Self {
        let root = |view: &str| {
            let mut url = Url::parse(repository_url).ok().filter(is_web)?;
            // A tag can have slashes: each part is a segment. The empty one makes a folder of the last.
            url.path_segments_mut().ok()?.pop_if_empty().push(view).extend(tag.split('/')).push("");
            Some(url)
        };
        Self(root("blob").zip(root("raw")).map(|(pages, contents)| Roots { pages, contents }))
    }

    /// Nowhere: relative links are left as text, relative images as their description.
    #[must_use]
    pub fn none() -> Self {
        Self(None)
    }

    /// The absolute address of a link or image; `None` where it leads nowhere on the web, or to a person's mailbox.
    fn resolve(&self, element: &str, address: &str) -> Option<String> {
        let address = address.trim();
        let url = match Url::parse(address) {
            Ok(url) => url,
            // What begins with `#` is a place in the notes, and those have no ids here.
            Err(url::ParseError::RelativeUrlWithoutBase) if !address.is_empty() && !address.starts_with('#') => {
                let roots = self.0.as_ref()?;
                let root = if element == "img" { &roots.contents } else { &roots.pages };
                root.join(match address.strip_prefix('/') {
                    Some(rest) if !rest.starts_with('/') => rest,
                    _ => address,
                })
                .ok()?
            }
            Err(_) => return None,
        };
        (is_web(&url) && !text::has_address(url.as_str())).then(|| url.into())
    }
}

fn is_web(url: &Url) -> bool {
    matches!(url.scheme(), "http" | "https")
}

/// Renders notes as GitHub does, with at most `limit` characters of text, cut at the end of a block, item, row or line.
///
/// Headings begin at `h3`. Relative links are resolved at `place`; what leads nowhere is plain text. An e-mail address
/// becomes `[e-mail]`, so that a sentence around it still reads. Raw HTML counts as text, and so does the end of a
/// line, block or image.
#[must_use]
pub fn render(markdown: &str, place: &Place, limit: usize) -> Rendered {
    let read = beginning(markdown, MAX_BYTES);
    let source = xml_text(read);
    let arena = Arena::new();
    let mut options = options();
    let root = parse_document(&arena, &source, &options);
    let cut = [prune(root), cut_to(root, limit), read.len() < markdown.len()].contains(&true);
    options.render.escape = reopened(root) > MAX_REOPENED;
    let mut html = String::new();
    // Writing to a string does not fail.
    let _ = comrak::format_html(root, &options, &mut html);
    Rendered { html: sanitize(&html, place), cut }
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

/// Leaves out what is nested too deep; says whether there was any.
fn prune(root: Node<'_>) -> bool {
    let mut depth = 0;
    let mut too_deep = Vec::new();
    for edge in root.traverse() {
        match edge {
            NodeEdge::Start(node) => {
                depth += 1;
                if depth == MAX_DEPTH {
                    too_deep.push(node);
                }
            }
            NodeEdge::End(_) => depth -= 1,
        }
    }
    for node in &too_deep {
        node.detach();
    }
    !too_deep.is_empty()
}

/// Leaves out what is behind the first `limit` characters; says whether there was any.
fn cut_to(root: Node<'_>, limit: usize) -> bool {
    let (mut parent, mut left, mut kept, mut cut) = (root, limit, false, false);
    loop {
        let too_long = parent.children().find(|child| match left.checked_sub(size(child)) {
            Some(rest) => {
                left = rest;
                kept |= !matches!(child.data().value, NodeValue::Heading(_) | NodeValue::TableRow(true));
                false
            }
            None => true,
        });
        let Some(node) = too_long else { return cut };
        cut = true;
        while let Some(next) = node.next_sibling() {
            next.detach();
        }
        // A list or table ends at an item or row; a text is cut only where it is all that there is.
        let divisible = matches!(node.data().value, NodeValue::List(_) | NodeValue::Table(_));
        if (divisible || !kept) && node.first_child().is_some() {
            parent = node;
            continue;
        }
        if kept || !shorten_literal(&mut node.data_mut().value, left) {
            remove(node);
        }
        // A heading with nothing below it promises too much.
        let heading = |node: &Node<'_>| kept && matches!(node.data().value, NodeValue::Heading(_));
        while let Some(last) = root.last_child().filter(heading) {
            last.detach();
        }
        return true;
    }
}

/// The characters in a part of the tree. What has no text counts for one: so a limit bounds the tree as well.
fn size(node: Node<'_>) -> usize {
    let of = |node: Node<'_>| match &node.data().value {
        NodeValue::Text(text) => text.chars().count(),
        NodeValue::Code(code) => code.literal.chars().count(),
        NodeValue::CodeBlock(block) => block.literal.chars().count(),
        NodeValue::HtmlBlock(block) => block.literal.chars().count(),
        NodeValue::HtmlInline(html) => html.chars().count(),
        NodeValue::List(_) | NodeValue::Table(_) | NodeValue::Emph | NodeValue::Strong | NodeValue::Link(_) => 0,
        _ => 1,
    };
    node.descendants().map(of).sum()
}

/// Cuts what stands in a leaf of the tree; says whether anything remains.
fn shorten_literal(value: &mut NodeValue, limit: usize) -> bool {
    let lines = |text: &mut String| {
        let end = text.char_indices().nth(limit).map_or(text.len(), |(end, _)| end);
        let kept = beginning(text, end).len();
        text.truncate(kept);
        kept > 0
    };
    match value {
        NodeValue::Text(text) => {
            *text = shorten(text, limit).into_owned().into();
            !text.is_empty()
        }
        NodeValue::Code(code) => lines(&mut code.literal),
        NodeValue::CodeBlock(block) => lines(&mut block.literal),
        NodeValue::HtmlBlock(block) => lines(&mut block.literal),
        _ => false,
    }
}

/// Removes a node, and what is empty without it.
fn remove(node: Node<'_>) {
    let mut node = node;
    while let Some(parent) = node.parent() {
        node.detach();
        if parent.first_child().is_some() {
            break;
        }
        node = parent;
    }
}

/// How many elements an HTML parser could make of formatting tags by opening them again. It does so with at most three
/// alike (HTML, "Noah's Ark clause"), so only those with attributes count.
fn reopened(root: Node<'_>) -> usize {
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
    formatting * elements
}

/// The one place where HTML becomes safe.
fn sanitize(html: &str, place: &Place) -> SafeHtml {
    let html = prepare(html);
    let place = place.clone();
    let cleaned = ammonia::Builder::empty()
        .tags(TAGS.split_whitespace().collect())
        .clean_content_tags(["script", "style", "title", "textarea", "iframe"].into())
        .tag_attributes(HashMap::from([
            ("a", ["href"].into()),
            ("img", ["src", "alt", "width", "height"].into()),
            ("ol", ["start"].into()),
            ("td", ["align", "colspan", "rowspan"].into()),
            ("th", ["align", "colspan", "rowspan"].into()),
        ]))
        .link_rel(Some("nofollow noopener"))
        .url_schemes(["http", "https"].into())
        // Let through as far as the filter, which makes them absolute or drops them.
        .url_relative(ammonia::UrlRelative::PassThrough)
        .attribute_filter(move |element, attribute, value| match attribute {
            "href" | "src" => place.resolve(element, value).map(Cow::Owned),
            _ => Some(text::without_addresses(value)),
        })
        .clean(&html)
        .to_string();
    SafeHtml(finish(xml_text(&cleaned).trim()))
}

/// What the sanitiser would drop is made what it keeps: boxes become signs. Headings are lowered below the page's own,
/// and the way back from a footnote goes, since ids do.
fn prepare(html: &str) -> String {
    static HEADING: LazyLock<Regex> = LazyLock::new(|| constant(r"(?i)(</?h)([1-6])\b"));
    static WAY_BACK: LazyLock<Regex> =
        LazyLock::new(|| constant(r##" ?<a href="#fnref-[^>]*>↩(?:<sup[^>]*>\d+</sup>)?</a>"##));
    let html = html
        .replace(r#"<input type="checkbox" checked="" disabled="" />"#, "☑")
        .replace(r#"<input type="checkbox" disabled="" />"#, "☐")
        .replace(r#"<section class="footnotes" data-footnotes>"#, "<hr>");
    let html = WAY_BACK.replace_all(&html, "");
    // The levels in use follow each other, whichever they are: authors choose them by size.
    let levels: BTreeSet<String> = HEADING.captures_iter(&html).map(|heading| heading[2].to_owned()).collect();
    // Of the page around them; none is more than one below the heading before it.
    let mut current = 2;
    let lowered = |heading: &Captures<'_>| {
        if !heading[1].starts_with("</") {
            let rank = levels.iter().take_while(|level| level.as_str() < &heading[2]).count();
            current = (rank + 3).min(current + 1).min(6);
        }
        format!("{}{current}", &heading[1])
    };
    HEADING.replace_all(&html, lowered).into_owned()
}

/// Takes out of sanitised HTML the links that lead nowhere and the addresses of people, and puts their description in
/// the place of images without a source. The serialiser writes each attribute in quotes, with those within escaped.
fn finish(html: &str) -> String {
    static TAG: LazyLock<Regex> = LazyLock::new(|| constant(r#"<(/?[a-z0-9]+)((?: [a-z]+="[^"]*")*)>"#));
    static ALT: LazyLock<Regex> = LazyLock::new(|| constant(r#" alt="([^"]*)""#));
    let mut finished = String::with_capacity(html.len());
    let (mut links, mut end) = (Vec::new(), 0);
    for tag in TAG.captures_iter(html) {
        let (whole, attributes) = (&tag[0], &tag[2]);
        let start = tag.get_match().start();
        finished += &text::without_addresses(&html[end..start]);
        end = tag.get_match().end();
        let keep = match &tag[1] {
            "a" => {
                links.push(attributes.contains(" href="));
                attributes.contains(" href=")
            }
            "/a" => links.pop().unwrap_or(true),
            "img" => attributes.contains(" src="),
            _ => true,
        };
        if keep {
            finished += whole;
        } else if let Some(alt) = ALT.captures(attributes) {
            finished += &alt[1].replace('<', "&lt;").replace('>', "&gt;");
        }
    }
    finished += &text::without_addresses(&html[end..]);
    finished
}

#[expect(clippy::expect_used, reason = "called with constants, each of which a test reaches")]
fn constant(pattern: &str) -> Regex {
    Regex::new(pattern).expect("a constant pattern")
}

#[cfg(test)]
mod tests;
