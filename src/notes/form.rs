//! Not all notes are Markdown: some are cut out of a text file, some are reStructuredText.

use std::{borrow::Cow, sync::LazyLock};

use regex::Regex;

use super::{constant, restructured};

/// Markdown takes for code what is indented so far.
const CODE: usize = 4;

/// What notes are written in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Form {
    /// Markdown, as GitHub expects it.
    Markdown,
    /// Plain text that is indented as a whole, as in a file of changes.
    Indented,
    /// [reStructuredText](https://docutils.sourceforge.io/docs/ref/rst/restructuredtext.html).
    Restructured,
}

impl Form {
    /// What notes seem to be written in. What could be Markdown is.
    pub(super) fn of(notes: &str) -> Self {
        static RESTRUCTURED: LazyLock<Regex> = LazyLock::new(|| {
            let explicit = r"^\.\.(?: _[^:\n]+:| [A-Za-z][\w:+-]*::|[ \t\r]*$)";
            let role = ":[a-z][a-z:+-]*:`[^`\n]+`";
            constant(&format!("(?m){explicit}|{role}|{}", restructured::LINK))
        });
        static MARKDOWN: LazyLock<Regex> = LazyLock::new(|| constant(r"(?m)^ {0,3}(?:#{1,6} |```)|\]\("));
        if RESTRUCTURED.is_match(notes) && !MARKDOWN.is_match(notes) {
            Self::Restructured
        } else if is_indented(notes) {
            Self::Indented
        } else {
            Self::Markdown
        }
    }

    /// The same notes as Markdown.
    pub(super) fn to_markdown(self, notes: &str) -> Cow<'_, str> {
        match self {
            Self::Markdown => Cow::Borrowed(notes),
            Self::Indented => Cow::Owned(without_indent(notes)),
            Self::Restructured => Cow::Owned(restructured::to_markdown(notes)),
        }
    }
}

/// Whether a text begins with what Markdown takes for code, or is indented everywhere and somewhere so far.
fn is_indented(text: &str) -> bool {
    let mut depths = text.lines().filter(|line| !line.trim().is_empty()).map(depth);
    let first = depths.next().unwrap_or_default();
    first >= CODE
        || first > 0 && depths.try_fold(first, |most, depth| (depth > 0).then(|| most.max(depth))) >= Some(CODE)
}

/// The text with each line moved to the left as far as the lines above it leave room, so that what it begins with, and
/// all that is no deeper, is no code.
fn without_indent(text: &str) -> String {
    let mut room = usize::MAX;
    let mut moved = String::with_capacity(text.len());
    for line in text.lines() {
        let words = line.trim();
        if !words.is_empty() {
            room = room.min(depth(line));
            moved.extend(std::iter::repeat_n(' ', depth(line) - room));
            moved += words;
        }
        moved.push('\n');
    }
    moved
}

/// How many columns a line is indented.
fn depth(line: &str) -> usize {
    line.chars().take_while(|c| c.is_whitespace()).map(|c| if c == '\t' { CODE } else { 1 }).sum()
}

#[cfg(test)]
mod tests;
