//! What may come out of strangers' words: notes in HTML, read by a parser as a browser reads them.

use scraper::{ElementRef, Html, Node};
use url::Url;

/// The elements that notes may have, each with the attributes that it may have.
const ELEMENTS: [(&str, &[&str]); 52] = [
    ("a", &["href", "rel"]),
    ("abbr", &[]),
    ("b", &[]),
    ("blockquote", &[]),
    ("br", &[]),
    ("caption", &[]),
    ("cite", &[]),
    ("code", &[]),
    ("dd", &[]),
    ("del", &[]),
    ("details", &[]),
    ("div", &[]),
    ("dl", &[]),
    ("dt", &[]),
    ("em", &[]),
    ("figcaption", &[]),
    ("figure", &[]),
    ("h3", &[]),
    ("h4", &[]),
    ("h5", &[]),
    ("h6", &[]),
    ("hr", &[]),
    ("i", &[]),
    ("img", &["alt", "height", "loading", "src", "width"]),
    ("ins", &[]),
    ("kbd", &[]),
    ("li", &[]),
    ("mark", &[]),
    ("ol", &["start"]),
    ("p", &[]),
    ("pre", &[]),
    ("q", &[]),
    ("s", &[]),
    ("samp", &[]),
    ("small", &[]),
    ("span", &[]),
    ("strike", &[]),
    ("strong", &[]),
    ("sub", &[]),
    ("summary", &[]),
    ("sup", &[]),
    ("table", &[]),
    ("tbody", &[]),
    ("td", &["align", "colspan", "rowspan"]),
    ("tfoot", &[]),
    ("th", &["align", "colspan", "rowspan"]),
    ("thead", &[]),
    ("tr", &[]),
    ("tt", &[]),
    ("u", &[]),
    ("ul", &[]),
    ("var", &[]),
];

/// What every element may have: words.
const GENERIC: [&str; 2] = ["lang", "title"];

/// What is wrong with notes as they are shown: in words, nothing where they are harmless.
pub(crate) fn wrong_in_notes(html: &str) -> Vec<String> {
    wrong(html, wrong_in_element)
}

/// What is wrong with the content of an entry, which has notes and words of our own around them: dates, and links that
/// are not said to be a stranger's.
pub(crate) fn wrong_in_content(html: &str) -> Vec<String> {
    wrong(html, |element| match element.value().name() {
        "time" => element.value().attrs().filter(|(name, _)| *name != "datetime").map(|(n, _)| n.to_owned()).collect(),
        _ => wrong_in_element(element).into_iter().filter(|wrong| wrong != WITHOUT_REL).collect(),
    })
}

/// A link of notes says that we do not vouch for it.
const WITHOUT_REL: &str = "a link without rel";

fn wrong(html: &str, wrong_in_element: impl Fn(ElementRef<'_>) -> Vec<String>) -> Vec<String> {
    let page = format!("<!DOCTYPE html><title></title><main><div id=within>{html}</div><p id=after></p></main>");
    let page = Html::parse_document(&page);
    let mut wrong: Vec<_> = html.chars().filter(|c| !is_shown(*c)).map(|c| format!("the character {c:?}")).collect();
    let outside = page.tree.values().filter_map(Node::as_element).filter(|element| is_frame(element)).count();
    let within = page.root_element().descendent_elements().find(|element| element.attr("id") == Some("within"));
    let (Some(within), 7) = (within, outside) else {
        return vec!["the frame around it is broken".to_owned()];
    };
    let inside = within.descendants().skip(1);
    let elements = page.tree.values().filter(|node| node.is_element()).count();
    if elements != 7 + inside.clone().filter(|node| node.value().is_element()).count() {
        wrong.push("something stands outside".to_owned());
    }
    for node in inside {
        match node.value() {
            Node::Text(_) => {}
            Node::Element(_) => wrong.extend(ElementRef::wrap(node).into_iter().flat_map(&wrong_in_element)),
            other => wrong.push(format!("{other:?}")),
        }
    }
    wrong
}

/// Whether an element is one of those around the notes.
fn is_frame(element: &scraper::node::Element) -> bool {
    matches!(element.name(), "html" | "head" | "title" | "body" | "main") || element.attr("id").is_some()
}

fn wrong_in_element(element: ElementRef<'_>) -> Vec<String> {
    let name = element.value().name();
    let Some((_, allowed)) = ELEMENTS.iter().find(|(known, _)| *known == name) else {
        return vec![format!("the element {name}")];
    };
    let is_wrong = |(attribute, value): &(&str, &str)| match *attribute {
        "href" | "src" => !leads_to_the_web(value),
        "rel" => *value != "nofollow noopener",
        "loading" => *value != "lazy",
        "height" | "width" => value.parse::<u16>().is_err(),
        _ => false,
    };
    let is_allowed = |attribute: &str| GENERIC.contains(&attribute) || allowed.contains(&attribute);
    let bad = element.value().attrs().filter(|pair| !is_allowed(pair.0) || is_wrong(pair));
    let mut wrong: Vec<_> = bad.map(|(attribute, value)| format!("{name} {attribute}={value:?}")).collect();
    wrong.extend((name == "a" && element.attr("rel").is_none()).then(|| WITHOUT_REL.to_owned()));
    wrong
}

/// Whether a link is an absolute address of the web, written so that nobody reads it otherwise.
pub(crate) fn leads_to_the_web(link: &str) -> bool {
    Url::parse(link).is_ok_and(|url| matches!(url.scheme(), "http" | "https") && url.as_str() == link)
}

/// Whether XML has a place for a character, and it does not turn the direction of what follows.
pub(crate) fn is_shown(c: char) -> bool {
    let turns = matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    matches!(c, '\t' | '\n' | '\r') || (c >= ' ' && !turns && c != '\u{fffe}' && c != '\u{ffff}')
}
