//! Notes as Markdown again, to stand among others.

use comrak::{Arena, Node, nodes::NodeValue, parse_document};

use super::{MAX_BYTES, beginning, options, without_addresses};
use crate::version::is_hidden;

/// The lowest level of a heading.
const LOWEST: usize = 6;

/// The notes as Markdown under a heading of this level: their headings are below it, and nothing in them reaches beyond
/// their end. What a terminal would obey is replaced.
#[must_use]
pub fn under(markdown: &str, level: u8) -> String {
    let text = printable(beginning(markdown, MAX_BYTES));
    let text = without_addresses(text.trim_end());
    let text = text.trim_start_matches('\n');
    if !text.is_empty() && !comes_to_an_end(text) { in_a_fence(text) } else { lowered(text, level.into()) }
}

/// Lines end as everywhere here, and no character is hidden.
fn printable(text: &str) -> String {
    let text = text.replace("\r\n", "\n").replace('\r', "\n");
    text.chars().map(|c| if is_hidden(c) && !"\n\t".contains(c) { '\u{fffd}' } else { c }).collect()
}

/// Whether a heading behind the text would be one: a fence or a comment that is never closed takes all that follows.
fn comes_to_an_end(text: &str) -> bool {
    let followed = format!("{text}\n\n# End\n");
    let line = followed.lines().count();
    let arena = Arena::new();
    let root = parse_document(&arena, &followed, &options());
    root.children().any(|node| heading(node).is_some() && node.data().sourcepos.start.line == line)
}

/// The text as it is, in a fence that none of its own ends.
fn in_a_fence(text: &str) -> String {
    let longest = text.split(|c| c != '`').map(str::len).max().unwrap_or_default();
    let fence = "`".repeat(longest.max(2) + 1);
    format!("{fence}\n{text}\n{fence}")
}

/// The text with its highest heading one below `level`, and the others below that as before. Only their marks are
/// written anew.
fn lowered(text: &str, level: usize) -> String {
    let arena = Arena::new();
    let root = parse_document(&arena, text, &options());
    let headings: Vec<_> = root.descendants().filter_map(heading).collect();
    let Some(highest) = headings.iter().map(|heading| heading.level).min() else { return text.to_owned() };
    let mut lines: Vec<String> = text.lines().map(str::to_owned).collect();
    for heading in headings {
        let marks = "#".repeat((heading.level + (level + 1).saturating_sub(highest)).min(LOWEST));
        heading.write(&marks, &mut lines);
    }
    lines.join("\n")
}

/// A heading, and where it stands in the text.
struct Heading {
    level: usize,
    is_underlined: bool,
    /// Its first line and its last, from 0 on.
    first: usize,
    last: usize,
    /// Where it begins in its first line, in bytes.
    begin: usize,
}

fn heading(node: Node<'_>) -> Option<Heading> {
    let data = node.data();
    let NodeValue::Heading(heading) = &data.value else { return None };
    let place = data.sourcepos;
    Some(Heading {
        level: heading.level.into(),
        is_underlined: heading.setext,
        first: place.start.line.checked_sub(1)?,
        last: place.end.line.checked_sub(1)?,
        begin: place.start.column.checked_sub(1)?,
    })
}

impl Heading {
    fn write(&self, marks: &str, lines: &mut [String]) {
        let is_mark = |c: char| if self.is_underlined { c == '=' || c == '-' } else { c == '#' };
        let Some((before, title)) = lines.get(self.first).and_then(|line| line.split_at_checked(self.begin)) else {
            return;
        };
        if !self.is_underlined {
            lines[self.first] = format!("{before}{marks}{}", title.trim_start_matches(is_mark));
            return;
        }
        // Marks take the place of the line below it, and are good for one line alone.
        let mut title = format!("{before}{marks} {}", title.trim());
        for line in lines.iter_mut().take(self.last).skip(self.first + 1) {
            title.extend([" ", std::mem::take(line).trim_start_matches([' ', '\t', '>']).trim_end()]);
        }
        lines[self.first] = title;
        if let Some(line) = lines.get_mut(self.last) {
            let kept = line.trim_end().trim_end_matches(is_mark).trim_end().len();
            line.truncate(kept);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headings_are_lowered_together_and_what_only_looks_like_one_is_left() {
        let notes =
            "# One\n\n```sh\n# no heading\n```\n\n## Two\ntext # not\n\n- # in a list\n\n> ## quoted ##\n\n    # code";
        let lowered = "### One\n\n```sh\n# no heading\n```\n\n#### Two\ntext # not\n\n- ### in a list\n\n> #### quoted ##\n\n    # code";
        assert_eq!(under(notes, 2), lowered);
        assert_eq!(under("## What is new\n### Deep\n###### Deepest", 2), "### What is new\n#### Deep\n###### Deepest");
        assert_eq!(under("#### Low", 2), "#### Low");
        assert_eq!(under("#hashtag\n\\# text", 2), "#hashtag\n\\# text");
    }

    #[test]
    fn underlined_headings_get_marks() {
        assert_eq!(under("One\n===\n\nTwo\n---\ntext", 2), "### One\n\n\n#### Two\n\ntext");
        assert_eq!(under("One\ntwo\n===", 2), "### One two\n\n");
        assert_eq!(under("> One\n> ===\n> text", 2), "> ### One\n>\n> text");
        assert_eq!(under("text\n\n---\n\nmore", 2), "text\n\n---\n\nmore");
    }

    #[test]
    fn what_would_take_all_that_follows_is_shown_as_it_is() {
        assert_eq!(under("text\n\n```\n# code", 2), "````\ntext\n\n```\n# code\n````");
        assert_eq!(under("<!-- no end", 2), "```\n<!-- no end\n```");
        assert_eq!(under("a[^1]\n\n[^1]: a footnote", 2), "a[^1]\n\n[^1]: a footnote");
        assert_eq!(under("- ```\n  in a list", 2), "- ```\n  in a list");
    }

    #[test]
    fn a_terminal_gets_no_orders_and_lines_end_as_everywhere() {
        assert_eq!(under("one\r\n\u{1b}[31mtwo\u{202e}\r", 2), "one\n\u{fffd}[31mtwo\u{fffd}");
        assert_eq!(under("", 2), "");
    }
}
