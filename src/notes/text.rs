//! Plain text out of notes.

use std::{borrow::Cow, sync::LazyLock};

use comrak::{
    Node,
    arena_tree::{self, NodeEdge},
    nodes::NodeValue,
};
use regex::{Captures, Regex};

use super::constant;

/// A sentence has so many characters, or is shortened: nobody shows more of it.
const LONGEST_SENTENCE: usize = 1_000;

/// Leaves out what XML 1.0 has no place for ([Char](https://www.w3.org/TR/xml/#charsets)), and the controls that turn
/// the direction of the text around them: with those, a title can read as something else.
#[must_use]
pub fn xml_text(text: &str) -> Cow<'_, str> {
    let is_fine = |c: char| match c {
        '\t' | '\n' | '\r' => true,
        '\0'..' ' | '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}' | '\u{FFFE}' | '\u{FFFF}' => false,
        _ => true,
    };
    // Nearly all texts have not even a byte of such a character.
    let may_be_bad = |byte: u8| byte < b' ' && !matches!(byte, b'\t' | b'\n' | b'\r') || matches!(byte, 0xE2 | 0xEF);
    // To look at all bytes is many times faster than to stop at the first of these.
    let may_be_bad = text.bytes().fold(false, |bad, byte| bad | may_be_bad(byte));
    if !may_be_bad || text.chars().all(is_fine) {
        return Cow::Borrowed(text);
    }
    text.chars().filter(|&c| is_fine(c)).collect()
}

/// At most `limit` characters of the text, with `…` behind the last whole word where it had more.
#[must_use]
pub fn shorten(text: &str, limit: usize) -> Cow<'_, str> {
    if text.chars().nth(limit).is_none() {
        return Cow::Borrowed(text);
    }
    let Some(room) = limit.checked_sub(1) else { return Cow::Borrowed("") };
    let end = text.char_indices().nth(room).map_or(text.len(), |(end, _)| end);
    let (kept, rest) = text.split_at(end);
    let words = match kept.rfind(char::is_whitespace) {
        Some(space) if !rest.starts_with(char::is_whitespace) && !kept[..space].trim().is_empty() => &kept[..space],
        _ => kept,
    };
    let words = words.trim_end_matches(|c: char| c.is_whitespace() || ",;:–—-".contains(c));
    Cow::Owned(format!("{words}…"))
}

static ADDRESS: LazyLock<Regex> = LazyLock::new(|| {
    constant(r"(?i)(?:mailto:)?([a-z0-9][a-z0-9._%+-]*)(?:@|%40)(?:[a-z0-9][a-z0-9-]*\.)+[a-z]{2,}\b")
});

/// Whether an e-mail address can stand in the text: most have none, and to look for one takes long.
fn may_have_address(text: &str) -> bool {
    text.contains('@') || text.contains("%40")
}

/// Whether somebody's e-mail address stands in the text.
pub(super) fn has_address(text: &str) -> bool {
    may_have_address(text) && ADDRESS.captures_iter(text).any(|address| is_person(&address))
}

/// The text with `[e-mail]` for each e-mail address.
#[must_use]
pub fn without_addresses(text: &str) -> Cow<'_, str> {
    if !may_have_address(text) {
        return Cow::Borrowed(text);
    }
    ADDRESS.replace_all(
        text,
        |address: &Captures<'_>| {
            if is_person(address) { "[e-mail]".to_owned() } else { address[0].to_owned() }
        },
    )
}

/// `git@example.org:…` is where a repository is cloned from.
fn is_person(address: &Captures<'_>) -> bool {
    &address[1] != "git"
}

/// The first sentence of the notes that says something: plain text on one line, of the first paragraph that is more
/// than a title, a link or a badge, or else of the first item of a list.
pub(super) fn first_sentence(root: Node<'_>) -> Option<String> {
    let is_item = |node: &Node<'_>| matches!(node.data().value, NodeValue::Item(_) | NodeValue::TaskItem(_));
    let items = root.descendants().filter(is_item).filter_map(arena_tree::Node::first_child);
    let is_paragraph = |node: &Node<'_>| matches!(node.data().value, NodeValue::Paragraph);
    root.children().chain(items).filter(is_paragraph).find_map(|paragraph| {
        let text = prose(paragraph)?;
        // What the notes write as `&#x202e;` is there only now.
        let sentence = without_addresses(sentence(&text));
        Some(shorten(&xml_text(&sentence), LONGEST_SENTENCE).into_owned())
    })
}

/// The text of a paragraph on one line; `None` when it is a title, or nothing but links.
fn prose(paragraph: Node<'_>) -> Option<String> {
    let (mut text, mut images, mut links, mut bold) = (String::new(), 0, 0, 0);
    let (mut all_links, mut all_bold) = (true, true);
    for edge in paragraph.traverse() {
        let (node, step) = match edge {
            NodeEdge::Start(node) => (node, 1),
            NodeEdge::End(node) => (node, -1),
        };
        let data = node.data();
        let piece = match &data.value {
            NodeValue::Image(_) => {
                images += step;
                continue;
            }
            NodeValue::Link(_) => {
                links += step;
                continue;
            }
            NodeValue::Strong => {
                bold += step;
                continue;
            }
            NodeValue::Text(piece) if step > 0 && images == 0 => piece,
            NodeValue::Code(code) if step > 0 && images == 0 => code.literal.as_str(),
            NodeValue::SoftBreak | NodeValue::LineBreak if step > 0 => "\n",
            _ => continue,
        };
        let says_something = piece.contains(char::is_alphanumeric);
        all_links &= links > 0 || !says_something;
        all_bold &= bold > 0 || !says_something;
        text.push_str(piece);
    }
    let told = text.lines().map(str::trim).filter(|line| !is_boilerplate(line));
    let words: Vec<_> = told.flat_map(str::split_whitespace).collect();
    let text = words.join(" ");
    let is_title = all_bold && !text.ends_with(['.', '!', '?']) || words.len() <= 4 && text.ends_with(':');
    let text = without_credits(&text);
    (!all_links && !is_title && text.contains(char::is_alphabetic)).then_some(text)
}

/// Whether a line is what every release says: a title, a version, a date, a link to the changes.
fn is_boilerplate(line: &str) -> bool {
    static BOILERPLATE: LazyLock<Regex> = LazyLock::new(|| {
        let date = r"(?:[0-9]{4}-[0-9]{2}-[0-9]{2}|[a-z]{3,9}\.? [0-9]{1,2},? [0-9]{4}|[0-9]{1,2} [a-z]{3,9} [0-9]{4})";
        let version = r"(?:[\w-]+ )?(?:version |release )?v?[0-9]+(?:[._][0-9]+)+[\w.+-]*";
        constant(&format!(
            r"(?ix)^ (?: full\ changelog\b.* | (?:what['’]s\ )? (?:new|changed|changes|changelog)
              | (?:release\ notes?|highlights|new\ contributors) (?:\ (?:for|of)\ .*)?
              | \.\.\ .* | spdx-.* | copyright\b.* | [^\w]* | {date} | {version} (?: \s*[-–—:(]*\s* {date} \)? )? ) :? $",
            date = date.replace(' ', r"\ "),
            version = version.replace(' ', r"\ "),
        ))
    });
    BOILERPLATE.is_match(line)
}

/// Drops what GitHub's generated notes put behind each change: ` by @name in https://…/pull/1`.
fn without_credits(text: &str) -> String {
    static CREDITS: LazyLock<Regex> = LazyLock::new(|| constant(r" by @\S+ in (?:https?://|#)\S+$"));
    CREDITS.replace(text, "").into_owned()
}

/// The text up to the end of its first sentence: a full stop is none within a number, behind an abbreviation, or when
/// a small letter follows.
fn sentence(text: &str) -> &str {
    static END: LazyLock<Regex> = LazyLock::new(|| constant(r#"[.!?]["'”’)\]]*\s"#));
    let mut ends = END.find_iter(text).map(|end| end.end() - 1);
    let is_end = |&end: &usize| {
        let last = text[..end].rsplit(' ').next().unwrap_or_default().trim_start_matches('(').to_lowercase();
        let abbreviated = ["e.g.", "i.e.", "etc.", "vs.", "cf.", "incl.", "approx.", "no.", "mr.", "ms.", "dr.", "st."];
        !abbreviated.contains(&last.as_str()) && !text[end..].trim_start().starts_with(char::is_lowercase)
    };
    ends.find(is_end).map_or(text, |end| &text[..end])
}
