//! What GitHub makes links of by itself: `#123`, `owner/name#123`, `@name`, a commit's hash; and the short forms that
//! it gives to the full addresses of these. The names of vulnerabilities are links besides.

use std::sync::LazyLock;

use comrak::{
    Arena, Node,
    arena_tree::NodeEdge,
    nodes::{NodeCode, NodeLink, NodeValue},
};
use regex::{Captures, Regex};
use url::Url;

use super::constant;

/// GitHub shows so much of a hash.
const SHORT_HASH: usize = 7;

/// A repository, and the site that it is on: GitHub, or one of a company's own.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Repository {
    site: String,
    owner: String,
    name: String,
}

impl Repository {
    /// The repository at an address such as `https://github.com/owner/name`.
    pub(super) fn at(url: &Url) -> Option<Self> {
        let mut path = url.path_segments()?.map(str::to_owned);
        let (owner, name) = (path.next()?, path.next()?);
        Some(Self { site: url.origin().ascii_serialization(), owner, name })
    }

    fn path(&self) -> String {
        format!("{}/{}", self.owner, self.name)
    }

    /// What is shown of a full address on the same site; `None` where GitHub shows it whole.
    fn shorten(&self, address: &str) -> Option<Label> {
        let mut parts = address.strip_prefix(&self.site)?.strip_prefix('/')?.splitn(4, '/');
        let (owner, name, kind, rest) = (parts.next()?, parts.next()?, parts.next()?, parts.next()?);
        let repository = format!("{owner}/{name}");
        let of = (!repository.eq_ignore_ascii_case(&self.path())).then_some(repository.as_str());
        match kind {
            "issues" | "pull" | "discussions" => {
                let (number, place) = rest.split_once('#').unwrap_or((rest, ""));
                let is_number = !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit());
                let place = place_in_issue(place).filter(|_| is_number)?;
                Some(Label::text(&format!("{}#{number}{place}", of.unwrap_or_default())))
            }
            "commit" => (rest.len() >= SHORT_HASH && is_hex(rest)).then(|| Label::commit(of, rest)),
            "compare" => (rest.contains("...") && !rest.contains(['?', '#'])).then(|| Label::code(of, rest)),
            _ => None,
        }
    }
}

/// What GitHub says of the place in an issue that a fragment leads to.
fn place_in_issue(fragment: &str) -> Option<&'static str> {
    match fragment.trim_end_matches(|c: char| c.is_ascii_digit()) {
        "" if fragment.is_empty() => Some(""),
        "issuecomment-" | "discussioncomment-" | "discussion_r" => Some(" (comment)"),
        "pullrequestreview-" => Some(" (review)"),
        _ => None,
    }
}

/// What a reference is to; a repository is `None` where it is the notes' own.
enum Reference<'t> {
    Issue { of: Option<&'t str>, number: &'t str },
    Commit { of: Option<&'t str>, hash: &'t str },
    Person(&'t str),
    App(&'t str),
    Cve(&'t str),
    Ghsa(&'t str),
}

impl<'t> Reference<'t> {
    /// The next one in a text may be here. It need not be one.
    fn pattern() -> &'static Regex {
        static REFERENCE: LazyLock<Regex> = LazyLock::new(|| {
            // As long as GitHub has them. Without an end, each hash would be looked for in all that follows.
            let repository = "[A-Za-z0-9-]{1,39}/[A-Za-z0-9._-]{1,100}";
            let name = "[A-Za-z0-9](?:-?[A-Za-z0-9]){0,38}";
            constant(&format!(
                r"(?x) (?<cve>(?i:CVE-[0-9]{{4}}-[0-9]{{4,19}})) | (?<ghsa>GHSA(?:-[0-9a-z]{{4}}){{3}})
                     | (?<tracker>{repository})? \#(?<number>[1-9][0-9]{{0,5}}) | (?<of>{repository})@(?<commit>[0-9a-f]{{7,40}})
                     | @(?<app>{name})\[bot\] | @(?<person>{name}) | (?<hash>[0-9a-f]{{7,40}})"
            ))
        });
        &REFERENCE
    }

    /// What was found in the text; `None` where it only looks like a reference.
    fn read(found: &Captures<'t>, text: &str) -> Option<Self> {
        let group = |name| found.name(name).map(|group| group.as_str());
        let whole = found.get_match();
        let reference = if let Some(number) = group("cve") {
            Self::Cve(number)
        } else if let Some(id) = group("ghsa") {
            Self::Ghsa(id)
        } else if let Some(number) = group("number") {
            Self::Issue { of: group("tracker"), number }
        } else if let Some(hash) = group("commit").or(group("hash")).filter(|hash| is_hash(hash)) {
            Self::Commit { of: group("of"), hash }
        } else if let Some(name) = group("app") {
            Self::App(name)
        } else {
            Self::Person(group("person").filter(|name| !is_version(name))?)
        };
        stands_alone(&text[..whole.start()], &text[whole.end()..]).then_some(reference)
    }

    fn url(&self, home: &Repository) -> String {
        let repository = |of: Option<&str>| of.map_or_else(|| home.path(), str::to_owned);
        let path = match *self {
            Self::Issue { of, number } => format!("{}/issues/{number}", repository(of)),
            Self::Commit { of, hash } => format!("{}/commit/{hash}", repository(of)),
            Self::Person(name) => name.to_owned(),
            Self::App(name) => format!("apps/{name}"),
            Self::Ghsa(id) => format!("advisories/{id}"),
            Self::Cve(number) => return format!("https://www.cve.org/CVERecord?id={}", number.to_ascii_uppercase()),
        };
        format!("{}/{path}", home.site)
    }

    fn label(&self, written: &str) -> Label {
        match self {
            Self::Commit { of, hash } => Label::commit(*of, hash),
            Self::Issue { .. } | Self::Person(_) | Self::App(_) | Self::Cve(_) | Self::Ghsa(_) => Label::text(written),
        }
    }
}

/// What a link shows: text, and code behind it.
#[derive(Debug, Default, PartialEq, Eq)]
struct Label {
    text: String,
    code: String,
}

impl Label {
    fn text(text: &str) -> Self {
        Self { text: text.to_owned(), code: String::new() }
    }

    /// Code, behind the repository that it is of where that is another one.
    fn code(of: Option<&str>, code: &str) -> Self {
        Self { text: of.map(|repository| format!("{repository}@")).unwrap_or_default(), code: code.to_owned() }
    }

    fn commit(of: Option<&str>, hash: &str) -> Self {
        Self::code(of, &hash[..SHORT_HASH])
    }

    fn append_to<'a>(self, link: Node<'a>, arena: &'a Arena<'a>) {
        if !self.text.is_empty() {
            link.append(arena.alloc(NodeValue::Text(self.text.into()).into()));
        }
        if !self.code.is_empty() {
            let code = NodeCode { num_backticks: 1, literal: self.code };
            link.append(arena.alloc(NodeValue::Code(code).into()));
        }
    }
}

/// Makes links of the references in a text that stands neither in code nor in a link, and shortens addresses.
pub(super) fn link<'a>(root: Node<'a>, arena: &'a Arena<'a>, home: &Repository) {
    let (texts, addresses) = places(root);
    for text in texts {
        link_within(text, arena, home);
    }
    for address in addresses {
        let label = match &address.data().value {
            NodeValue::Link(link) => home.shorten(&link.url),
            _ => None,
        };
        if let (Some(label), Some(written)) = (label, address.first_child()) {
            written.detach();
            label.append_to(address, arena);
        }
    }
}

/// The texts that may have references in them, and the links that show their own address.
fn places(root: Node<'_>) -> (Vec<Node<'_>>, Vec<Node<'_>>) {
    let (mut texts, mut addresses) = (Vec::new(), Vec::new());
    let (mut links, mut raw) = (0_usize, 0_usize);
    for edge in root.traverse() {
        match edge {
            NodeEdge::Start(node) => match &node.data().value {
                NodeValue::Link(link) => {
                    links += 1;
                    if shows(node, &link.url) {
                        addresses.push(node);
                    }
                }
                NodeValue::Image(_) => links += 1,
                NodeValue::HtmlInline(html) => raw = open_after(html, raw),
                NodeValue::HtmlBlock(block) => raw = open_after(&block.literal, raw),
                NodeValue::Text(_) if links == 0 && raw == 0 => texts.push(node),
                _ => {}
            },
            NodeEdge::End(node) => {
                links -= usize::from(matches!(node.data().value, NodeValue::Link(_) | NodeValue::Image(_)));
            }
        }
    }
    (texts, addresses)
}

/// How many links and pieces of code that are written in HTML are open behind this, when so many were before it.
fn open_after(html: &str, before: usize) -> usize {
    static TAG: LazyLock<Regex> = LazyLock::new(|| constant(r"(?i)<(/?)(?:a|code|kbd|pre|samp|tt)[\s/>]"));
    let count = |open: usize, tag: Captures<'_>| if tag[1].is_empty() { open + 1 } else { open.saturating_sub(1) };
    TAG.captures_iter(html).fold(before, count)
}

/// Whether a link is its own address and nothing else.
fn shows(link: Node<'_>, address: &str) -> bool {
    let mut children = link.children();
    let is_address = |child: Node<'_>| matches!(&child.data().value, NodeValue::Text(text) if text == address);
    children.next().is_some_and(is_address) && children.next().is_none()
}

/// Puts links and what stands between them in the place of a text.
fn link_within<'a>(node: Node<'a>, arena: &'a Arena<'a>, home: &Repository) {
    let NodeValue::Text(text) = node.data().value.clone() else { return };
    if !may_refer(&text) {
        return;
    }
    let mut end = 0;
    for found in Reference::pattern().captures_iter(&text) {
        let Some(reference) = Reference::read(&found, &text) else { continue };
        let whole = found.get_match();
        let between = &text[end..whole.start()];
        if !between.is_empty() {
            node.insert_before(arena.alloc(NodeValue::Text(between.to_owned().into()).into()));
        }
        let link = NodeLink { url: reference.url(home), title: String::new() };
        let link = arena.alloc(NodeValue::Link(Box::new(link)).into());
        reference.label(whole.as_str()).append_to(link, arena);
        node.insert_before(link);
        end = whole.end();
    }
    if end == text.len() {
        node.detach();
    } else if end > 0 {
        node.data_mut().value = NodeValue::Text(text[end..].to_owned().into());
    }
}

/// Whether a reference can stand in the text: most have none, and to look for one takes long.
fn may_refer(text: &str) -> bool {
    // Only a bare hash has none of these.
    let is_hash = |run: &[u8]| run.len() >= SHORT_HASH && run[0].is_ascii_hexdigit();
    text.contains(['#', '@', '-'])
        || text.as_bytes().chunk_by(|a, b| a.is_ascii_hexdigit() == b.is_ascii_hexdigit()).any(is_hash)
}

/// Whether what stands between these is a word of its own: no part of an address, a file's name, a version, a team.
fn stands_alone(before: &str, after: &str) -> bool {
    let is_word = |c: char| c.is_alphanumeric() || c == '_';
    let is_joined = before.ends_with(|c| is_word(c) || r"/\.-@#&=$%".contains(c));
    let goes_on = after.trim_start_matches(['.', '-', '/', ':', '=', '@']).starts_with(is_word);
    !is_joined && !goes_on
}

/// `@v4` is the version of an action.
fn is_version(name: &str) -> bool {
    name.strip_prefix('v').is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_digit()))
}

fn is_hex(text: &str) -> bool {
    text.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'))
}

/// Whether it reads as the hash of a commit: a whole one, or the beginning of one that is neither number nor word.
fn is_hash(text: &str) -> bool {
    let is_mixed = || text.contains(|c: char| c.is_ascii_digit()) && text.contains(|c: char| c.is_ascii_lowercase());
    is_hex(text) && (text.len() == 40 || (SHORT_HASH..=12).contains(&text.len()) && is_mixed())
}

#[cfg(test)]
mod tests;
