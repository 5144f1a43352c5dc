//! Tag or version text → [`Version`]: order, stability and canonical form.
//!
//! Versions follow [PEP 440](https://peps.python.org/pep-0440/), since that is what one of the channels speaks and
//! what the order of all of them can be said in. What tags write otherwise is brought into its form first.

use std::{
    cmp::Ordering,
    fmt,
    hash::{Hash, Hasher},
    str::FromStr,
    sync::LazyLock,
};

use pep440_rs::Version as Pep440;
use regex::Regex;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// How far a version is from being final. Ordered from the least stable.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Stability {
    /// A snapshot of ongoing work: `3.2.0.2-dev`.
    Development,
    /// Alpha, beta or release candidate: `3.4.15-rc`.
    PreRelease,
    /// Meant for everyone.
    Final,
}

impl Stability {
    /// The word for it, in texts, keys and files.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Development => "development",
            Self::PreRelease => "pre-release",
            Self::Final => "final",
        }
    }
}

impl fmt::Display for Stability {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.word())
    }
}

/// One version of a project, equal to another when both have the same canonical form.
///
/// The canonical form is PEP 440's normal form with the release segment's trailing zeros dropped and padded to three
/// numbers (`0.15` → `0.15.0`, `3.1.16.0` → `3.1.16`). A text that names no number is a version of its own kind: it
/// keeps its text and stands below all numbers.
#[derive(Debug, Clone, Eq)]
pub struct Version {
    canonical: String,
    number: Option<Pep440>,
}

impl Version {
    /// Reads the version part of a tag, such as `1.0.0-beta.2.2` or `1_4_0a`. What is too long for one names no number.
    ///
    /// ```
    /// use aswf_release_feed::version::Version;
    /// assert_eq!(Version::from_tag_text("1.0.0-beta.2.2").canonical(), "1.0.0b2.post2");
    /// ```
    #[must_use]
    pub fn from_tag_text(text: &str) -> Self {
        let text = text.trim();
        Some(text)
            .filter(|text| text.len() <= LONGEST_TEXT)
            .and_then(pep440_text)
            .and_then(|spelled| Pep440::from_str(&spelled).ok())
            .map_or_else(|| Self::from_words(text), |number| Self::from_number(&number))
    }

    /// Reads a version as PyPI has it: PEP 440 as it is, and a tag's text only where that refuses (old uploads).
    #[must_use]
    pub fn from_pypi(text: &str) -> Self {
        let text = text.trim();
        let number = Some(text).filter(|text| text.len() <= LONGEST_TEXT).and_then(|text| Pep440::from_str(text).ok());
        number.map_or_else(|| Self::from_tag_text(text), |number| Self::from_number(&number))
    }

    /// Reads a [canonical form](Self::canonical) back.
    #[must_use]
    pub fn from_canonical(text: &str) -> Self {
        Pep440::from_str(text)
            .ok()
            .map(|number| Self::from_number(&number))
            .filter(|version| version.canonical == text)
            .unwrap_or_else(|| Self::from_words(text))
    }

    fn from_words(text: &str) -> Self {
        Self { canonical: text.to_owned(), number: None }
    }

    fn from_number(number: &Pep440) -> Self {
        let mut release = number.release().to_vec();
        let significant = release.iter().rposition(|&n| n != 0).map_or(0, |last| last + 1);
        release.truncate(significant);
        release.resize(significant.max(3), 0);
        let number = number.clone().with_release(release);
        Self { canonical: number.to_string(), number: Some(number) }
    }

    /// The one spelling of this version, used in ids, file anchors and the public data.
    #[must_use]
    pub fn canonical(&self) -> &str {
        &self.canonical
    }

    /// What the version's own text says of its stability.
    #[must_use]
    pub fn stability(&self) -> Stability {
        match &self.number {
            Some(number) if number.is_dev() => Stability::Development,
            Some(number) if number.is_pre() => Stability::PreRelease,
            _ => Stability::Final,
        }
    }
}

impl PartialEq for Version {
    fn eq(&self, other: &Self) -> bool {
        self.canonical == other.canonical
    }
}

impl Hash for Version {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.canonical.hash(state);
    }
}

impl Ord for Version {
    fn cmp(&self, other: &Self) -> Ordering {
        // Words have no number, and `None` is below every `Some`.
        self.number.cmp(&other.number).then_with(|| self.canonical.cmp(&other.canonical))
    }
}

impl PartialOrd for Version {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl fmt::Display for Version {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.canonical)
    }
}

impl Serialize for Version {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.canonical)
    }
}

impl<'de> Deserialize<'de> for Version {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer).map(|text| Self::from_canonical(&text))
    }
}

/// The part of a version that a platform asks for: `3.4` takes every 3.4.x, `13` every 13.x. Ordered by its numbers.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(into = "String")]
pub struct Line(Vec<u64>);

impl Line {
    /// The line of `version` by its first `depth` numbers; none when it has no number.
    #[must_use]
    pub fn of(version: &Version, depth: usize) -> Option<Self> {
        let mut numbers = version.number.as_ref()?.release().to_vec();
        numbers.resize(depth, 0);
        Some(Self(numbers))
    }

    /// How many numbers it has.
    #[must_use]
    pub fn depth(&self) -> usize {
        self.0.len()
    }

    /// Whether `version` is in this line.
    #[must_use]
    pub fn takes(&self, version: &Version) -> bool {
        Self::of(version, self.depth()).is_some_and(|line| line == *self)
    }
}

impl FromStr for Line {
    type Err = NotALine;

    fn from_str(text: &str) -> Result<Self, NotALine> {
        let number = |part: &str| part.parse::<u64>().ok().filter(|number| number.to_string() == part);
        text.split('.').map(number).collect::<Option<_>>().map(Self).ok_or_else(|| NotALine(text.to_owned()))
    }
}

impl From<Line> for String {
    fn from(line: Line) -> Self {
        line.to_string()
    }
}

impl fmt::Display for Line {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let numbers: Vec<_> = self.0.iter().map(u64::to_string).collect();
        f.write_str(&numbers.join("."))
    }
}

/// A text that is no version line.
#[derive(Debug, thiserror::Error)]
#[error("`{0}` is no version line: write numbers with dots between, such as `3.4` or `13`")]
pub struct NotALine(String);

/// The words that may stand before a version in any project's tags.
const WORDS: [&str; 3] = ["v", "version", "release"];

/// What may stand between words, and between them and the version.
const SEPARATORS: [char; 5] = ['-', '_', '.', '/', ' '];

/// The version's own text in a tag, which needs no configuration: it begins with a digit that follows nothing or one of
/// the words `v`, `v.`, `version`, `release` and the given names, in any case, with or without separators. `_` between
/// digits is a dot; `None` when the tag names no version.
#[must_use]
pub fn version_text(tag: &str, names: &[&str]) -> Option<String> {
    dotted(behind_word(tag.trim(), names)?)
}

/// A catalog's `tags`: which tags of a repository name a version, where that takes more than names.
#[derive(Debug, Clone)]
pub struct TagPattern(Regex);

impl TagPattern {
    /// A regular expression with a group `version`.
    ///
    /// # Errors
    /// When the text is no regular expression, or has no such group.
    pub fn new(pattern: &str) -> Result<Self, BadTagPattern> {
        let regex = Regex::new(pattern)?;
        let has_version = regex.capture_names().flatten().any(|name| name == "version");
        if has_version { Ok(Self(regex)) } else { Err(BadTagPattern::NoVersionGroup) }
    }

    /// What the group has of a tag, with `_` between digits as a dot; `None` when the tag names no version.
    #[must_use]
    pub fn version_text(&self, tag: &str) -> Option<String> {
        dotted(self.0.captures(tag)?.name("version")?.as_str().trim())
    }
}

/// A version's text with dots between its numbers, where it can be one.
fn dotted(text: &str) -> Option<String> {
    static BETWEEN_DIGITS: LazyLock<Regex> = LazyLock::new(|| constant(r"([0-9])_([0-9])"));
    // Twice, since a digit can stand between two underscores and the matches do not overlap.
    let once = BETWEEN_DIGITS.replace_all(text, "$1.$2");
    let text = BETWEEN_DIGITS.replace_all(&once, "$1.$2").into_owned();
    is_version_text(&text).then_some(text)
}

/// How long a version's text may be, in bytes: ids, titles and addresses are made of it.
const LONGEST_TEXT: usize = 200;

/// Whether a text can be a version's: short, and nothing in it hidden.
#[must_use]
pub fn is_version_text(text: &str) -> bool {
    !text.is_empty() && text.len() <= LONGEST_TEXT && !text.contains(|c| is_hidden(c) || JOINERS.contains(&c))
}

/// What nobody sees either, but belongs to the spelling of some languages and signs.
const JOINERS: [char; 2] = ['\u{200c}', '\u{200d}'];

/// Whether a reader does not see the character as what it is: it controls a terminal, turns the direction of what
/// follows, ends a line, or is not there for the eye
/// ([format characters](https://www.unicode.org/reports/tr44/#GC_Values_Table)).
#[must_use]
pub fn is_hidden(c: char) -> bool {
    let is_format = matches!(c,
        '\u{ad}' | '\u{61c}' | '\u{180e}' | '\u{200b}' | '\u{200e}'..='\u{200f}' | '\u{2028}'..='\u{202e}'
        | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e007f}');
    c.is_control() || is_format || matches!(c, '\u{fffe}' | '\u{ffff}')
}

/// What follows a known word, or nothing, when it begins with a digit.
fn behind_word<'t>(tag: &'t str, names: &[&str]) -> Option<&'t str> {
    let begins_with_digit = |rest: &&str| rest.starts_with(|c: char| c.is_ascii_digit());
    let words = WORDS.iter().chain(names);
    let behind_words = words.filter_map(|word| behind(tag, word)).filter(begins_with_digit);
    // The longest, so that a name such as `Paint 2` does not take a digit of the version `paint-2.1`.
    behind_words.max_by_key(|rest| rest.len()).or(Some(tag).filter(begins_with_digit))
}

/// What follows `word` and its separators, in any case and with any separators in it: a tag has no spaces, so that the
/// name `Open RV` is `open-rv` or `OpenRV` there.
fn behind<'t>(tag: &'t str, word: &str) -> Option<&'t str> {
    word.split(SEPARATORS).try_fold(tag, |rest, part| {
        let (begin, rest) = rest.split_at_checked(part.len())?;
        begin.eq_ignore_ascii_case(part).then(|| rest.trim_start_matches(SEPARATORS))
    })
}

/// What can be wrong with a catalog's `tags`.
#[derive(Debug, thiserror::Error)]
pub enum BadTagPattern {
    /// The text is no regular expression.
    #[error("this is no regular expression")]
    Syntax(#[from] regex::Error),
    /// Nothing in the pattern says where the version is.
    #[error("the pattern has no group `version`: write `(?<version>…)` around the version")]
    NoVersionGroup,
}

#[expect(clippy::expect_used, reason = "called with constants, each of which a test reaches")]
fn constant(pattern: &str) -> Regex {
    Regex::new(pattern).expect("a constant pattern")
}

/// The PEP 440 spelling of a tag's version text; `None` when it names no number.
fn pep440_text(text: &str) -> Option<String> {
    static SHAPE: LazyLock<Regex> = LazyLock::new(|| {
        constant(r"^(?<release>(?:\d+!)?\d+(?:[._]\d+)*)(?<tail>[-_. a-z0-9]*)(?:\+(?<build>[-_.+a-z0-9]*))?$")
    });
    let text = text.to_ascii_lowercase();
    let shape = SHAPE.captures(&text)?;
    let mut spelled = Suffix::read(&shape["tail"]);
    if let Some(build) = shape.name("build") {
        spelled.local.extend(words(build.as_str()));
    }
    Some(spelled.behind(&shape["release"].replace('_', ".")))
}

/// What stands behind the numbers of a version.
#[derive(Debug, Default)]
struct Suffix<'a> {
    pre: Option<(&'static str, &'a str)>,
    post: Option<&'a str>,
    dev: Option<&'a str>,
    local: Vec<&'a str>,
}

impl<'a> Suffix<'a> {
    /// Reads `-beta.2.2`, `rc1`, `.pre.1`, `-dev`, `-OpenPBR-rc2`: what is no known word is a variant.
    fn read(tail: &'a str) -> Self {
        let mut suffix = Self::default();
        // One letter behind the last number is a later final of it: OpenEXR's `1.4.0a`.
        if tail.len() == 1 && tail.as_bytes()[0].is_ascii_alphabetic() {
            suffix.local.push(tail);
            return suffix;
        }
        let mut words = words(tail).peekable();
        while let Some(word) = words.next() {
            let (name, digits) = word.split_at(word.trim_end_matches(|c: char| c.is_ascii_digit()).len());
            let mut number = |digits: &'a str| match digits {
                "" => words.next_if(|next| is_number(next)).unwrap_or("0"),
                digits => digits,
            };
            match (pre_name(name), name) {
                (Some(pre), _) if suffix.pre.is_none() => {
                    suffix.pre = Some((pre, number(digits)));
                    suffix.post = words.next_if(|next| is_number(next));
                }
                (None, "dev") if suffix.dev.is_none() => suffix.dev = Some(number(digits)),
                (None, "post") if suffix.post.is_none() => suffix.post = Some(number(digits)),
                _ => suffix.local.push(word),
            }
        }
        suffix
    }

    fn behind(&self, release: &str) -> String {
        let mut spelled = release.to_owned();
        if let Some((pre, number)) = self.pre {
            spelled.extend([pre, number]);
        }
        for (name, number) in [(".post", self.post), (".dev", self.dev)] {
            spelled.extend(number.into_iter().flat_map(|number| [name, number]));
        }
        for (place, word) in self.local.iter().enumerate() {
            spelled.extend([if place == 0 { "+" } else { "." }, word]);
        }
        spelled
    }
}

fn words(text: &str) -> impl Iterator<Item = &str> {
    text.split(|c: char| !c.is_ascii_alphanumeric()).filter(|word| !word.is_empty())
}

fn is_number(word: &str) -> bool {
    word.bytes().all(|b| b.is_ascii_digit())
}

fn pre_name(word: &str) -> Option<&'static str> {
    match word {
        "a" | "alpha" => Some("a"),
        "b" | "beta" => Some("b"),
        "c" | "rc" | "pre" | "preview" => Some("rc"),
        _ => None,
    }
}

#[cfg(test)]
mod tests;
