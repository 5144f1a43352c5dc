//! From reStructuredText to Markdown, as far as notes use it: titles, literal blocks, directives, roles and links.

use std::sync::LazyLock;

use regex::{Captures, Regex};

use super::constant;

/// A link within a text: its words, and the address in angle brackets.
pub(super) const LINK: &str = r"`([^`<]*)<([^`>]+)>`__?";

/// Directives that are not for the reader of the page.
const SILENT: [&str; 8] = ["contents", "highlight", "include", "index", "meta", "only", "raw", "toctree"];

/// The same text in Markdown.
pub(super) fn to_markdown(text: &str) -> String {
    let lines = text.lines().map(str::trim_end).collect();
    let mut reader = Reader { lines, at: 0, styles: Vec::new(), prose: String::new(), markdown: String::new() };
    while reader.at < reader.lines.len() {
        reader.read();
    }
    reader.end_prose();
    reader.markdown
}

struct Reader<'t> {
    lines: Vec<&'t str>,
    at: usize,
    /// The ways in which titles are marked, from the top level down: in the order in which they come.
    styles: Vec<Style>,
    /// What is read since the last literal block, with its roles and links.
    prose: String,
    markdown: String,
}

struct Title<'t> {
    text: &'t str,
    style: Style,
}

/// How a title is marked: by a line of one sign below it, or above and below.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Style {
    Below(char),
    Around(char),
}

impl<'t> Reader<'t> {
    /// Reads the next title, explicit markup or line.
    fn read(&mut self) {
        let line = self.lines[self.at];
        if let Some(title) = self.title() {
            self.at += match title.style {
                Style::Below(_) => 2,
                Style::Around(_) => 3,
            };
            let level = self.level(title.style);
            self.prose.extend(["\n", &"#".repeat(level), " ", title.text, "\n\n"]);
        } else if adornment(line).is_some_and(|(_, length)| length >= 4) {
            self.at += 1;
            self.prose += "\n---\n\n";
        } else if is_table(line) {
            let end = self.lines[self.at..].iter().take_while(|line| !line.is_empty()).count();
            let table = self.lines[self.at..self.at + end].to_vec();
            self.at += end;
            self.verbatim(&table, 0);
        } else if let Some(markup) = explicit_markup(line) {
            self.at += 1;
            self.explicit(markup, depth(line));
        } else {
            self.at += 1;
            self.line(line);
        }
    }

    /// The title that begins here, if one does.
    fn title(&self) -> Option<Title<'t>> {
        let line = |n: usize| self.lines.get(self.at + n).copied().unwrap_or_default();
        let fits = |text: &str, length: usize| length >= 4 || length >= text.chars().count();
        let (text, below, style): (_, _, fn(char) -> Style) = match adornment(line(0)) {
            Some(_) if line(2) == line(0) => (line(1).trim(), line(2), Style::Around),
            Some(_) => return None,
            None => (line(0), line(1), Style::Below),
        };
        let (sign, length) = adornment(below)?;
        let is_title = !text.is_empty() && !text.starts_with(' ') && fits(text, length);
        is_title.then_some(Title { text, style: style(sign) })
    }

    fn level(&mut self, style: Style) -> usize {
        let known = self.styles.iter().position(|known| *known == style);
        let level = known.unwrap_or_else(|| {
            self.styles.push(style);
            self.styles.len() - 1
        });
        (level + 1).min(6)
    }

    /// A line of text. A literal block may follow it.
    fn line(&mut self, line: &str) {
        static ITEM: LazyLock<Regex> = LazyLock::new(|| constant(r"^ *(?:(?:[-*+•]|[0-9]{1,3}[.)]|#\.) +)?"));
        static NUMBERED: LazyLock<Regex> = LazyLock::new(|| constant(r"^( *)#\.( |$)"));
        let indent = ITEM.find(line).map_or(0, |item| item.end());
        let ends = self.lines.get(self.at).is_none_or(|next| next.is_empty() || depth(next) > indent);
        let literal = line.strip_suffix("::").filter(|_| ends);
        let line = match literal {
            Some("") => String::new(),
            Some(text) => format!("{text}:"),
            None => line.to_owned(),
        };
        self.prose += &NUMBERED.replace(&line, "${1}1.$2");
        self.prose.push('\n');
        if literal.is_some() {
            let block = self.block(indent);
            self.verbatim(&block, indent);
        }
    }

    /// Takes the lines that follow and are indented deeper than this.
    fn block(&mut self, indent: usize) -> Vec<&'t str> {
        let rest = &self.lines[self.at..];
        let end = rest.iter().take_while(|line| line.is_empty() || depth(line) > indent).count();
        let length = rest[..end].iter().rposition(|line| !line.is_empty()).map_or(0, |last| last + 1);
        let block = &rest[..length];
        self.at += length;
        let start = block.iter().position(|line| !line.is_empty()).unwrap_or(length);
        let common = block.iter().filter(|line| !line.is_empty()).map(|line| depth(line)).min().unwrap_or_default();
        block[start..].iter().map(|line| line.get(common..).unwrap_or_default()).collect()
    }

    /// What follows two dots: a comment, the target of a link, a footnote, a directive.
    fn explicit(&mut self, markup: &str, indent: usize) {
        static TARGET: LazyLock<Regex> = LazyLock::new(|| constant(r"^_`?([^`:]+)`?: *(\S+)$"));
        static DIRECTIVE: LazyLock<Regex> = LazyLock::new(|| constant(r"^([A-Za-z][\w:.+-]*)::(?: +(.*))?$"));
        let is_empty = markup.is_empty() && self.lines.get(self.at).is_none_or(|next| next.is_empty());
        let block = if is_empty { Vec::new() } else { self.block(indent) };
        if let Some(target) = TARGET.captures(markup) {
            self.prose.extend(["\n[", &target[1], "]: <", &target[2], ">\n\n"]);
        } else if let Some(directive) = DIRECTIVE.captures(markup) {
            let argument = directive.get(2).map_or("", |argument| argument.as_str());
            self.directive(&directive[1], argument, &block, indent);
        } else if markup.starts_with('[') {
            self.prose.extend([markup, " ", &block.join(" "), "\n\n"]);
        }
    }

    fn directive(&mut self, name: &str, argument: &str, block: &[&str], indent: usize) {
        let is_option = |line: &&str| line.starts_with(':') && line[1..].contains(':');
        let content = block.iter().skip_while(|line| is_option(line)).skip_while(|line| line.is_empty());
        let content: Vec<_> = content.copied().collect();
        match name {
            "code" | "code-block" | "parsed-literal" | "sourcecode" => self.verbatim(&content, indent),
            "figure" | "image" => {
                let description = block.iter().find_map(|line| line.strip_prefix(":alt:")).unwrap_or_default().trim();
                let image = ["\n![", &escaped(description), "](<", argument, ">)\n\n"];
                self.prose.extend(image.into_iter().chain([content.join("\n").as_str(), "\n\n"]));
            }
            _ if SILENT.contains(&name) => {}
            _ => {
                let margin = " ".repeat(indent);
                self.prose.extend(["\n", &margin, "> **", &heading_of(name), "** ", argument, "\n"]);
                for line in content {
                    self.prose.extend([&margin, "> ", line, "\n"]);
                }
                self.prose.push('\n');
            }
        }
    }

    /// Puts lines into a code block.
    fn verbatim(&mut self, lines: &[&str], indent: usize) {
        static BACKTICKS: LazyLock<Regex> = LazyLock::new(|| constant("`+"));
        if lines.is_empty() {
            return;
        }
        self.end_prose();
        let longest = lines.iter().flat_map(|line| BACKTICKS.find_iter(line)).map(|run| run.len()).max();
        let (margin, fence) = (" ".repeat(indent), "`".repeat(longest.unwrap_or_default().max(2) + 1));
        self.markdown.extend(["\n", &margin, &fence, "\n"]);
        for line in lines {
            self.markdown.extend([&margin, *line, "\n"]);
        }
        self.markdown.extend([&margin, &fence, "\n\n"]);
    }

    /// Takes over what was read, with its roles and links.
    fn end_prose(&mut self) {
        self.markdown += &inline(&self.prose);
        self.prose.clear();
    }
}

/// Makes links of links, and code of what has a role, unless it has words of its own.
fn inline(text: &str) -> String {
    static LINKS: LazyLock<Regex> = LazyLock::new(|| constant(LINK));
    static ROLE: LazyLock<Regex> = LazyLock::new(|| constant(r":[A-Za-z][\w:.+-]*:`([^`]+)`"));
    static NAMED: LazyLock<Regex> = LazyLock::new(|| constant(r"`([^`]+)`__?(\W|$)"));
    let role = |role: &Captures<'_>| match role[1].split_once('<') {
        Some((words, _)) if !words.trim().is_empty() => words.trim().to_owned(),
        _ => format!("`{}`", role[1].trim_start_matches(['~', '!'])),
    };
    let link = |link: &Captures<'_>| {
        let address: String = link[2].split_whitespace().collect();
        let words = if link[1].trim().is_empty() { address.as_str() } else { link[1].trim() };
        match address.strip_suffix('_') {
            Some(name) => format!("[{}][{name}]", escaped(words)),
            None => format!("[{}](<{address}>)", escaped(words)),
        }
    };
    let text = ROLE.replace_all(text, role);
    let text = LINKS.replace_all(&text, link);
    NAMED.replace_all(&text, "[$1]$2").into_owned()
}

/// The sign that a line is made of, and how often it has it: such a line marks a title, or parts the text.
fn adornment(line: &str) -> Option<(char, usize)> {
    let sign = line.chars().next().filter(char::is_ascii_punctuation)?;
    (line.len() > 1 && line != ".." && line != "::" && line.chars().all(|c| c == sign)).then_some((sign, line.len()))
}

/// What stands behind the two dots with which a line begins.
fn explicit_markup(line: &str) -> Option<&str> {
    let markup = line.trim_start().strip_prefix("..")?;
    (markup.is_empty() || markup.starts_with(' ')).then_some(markup.trim())
}

/// Whether the border of a table begins here. Markdown has no place for such tables but in code.
fn is_table(line: &str) -> bool {
    static BORDER: LazyLock<Regex> = LazyLock::new(|| constant(r"^(?:\+[-=+]+\+|=+(?: +=+)+)$"));
    BORDER.is_match(line)
}

/// What a directive such as `version-added` is called in a text.
fn heading_of(directive: &str) -> String {
    let words = directive.replace(['-', ':'], " ");
    let mut letters = words.chars();
    letters.next().map(|first| first.to_uppercase().chain(letters).collect()).unwrap_or_default()
}

fn escaped(words: &str) -> String {
    words.replace('[', r"\[").replace(']', r"\]")
}

fn depth(line: &str) -> usize {
    line.len() - line.trim_start_matches([' ', '\t']).len()
}

#[cfg(test)]
mod tests;
