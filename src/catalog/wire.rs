//! The file's own shape: its tables, their keys and the types of their values.

use std::{
    collections::{BTreeMap, BTreeSet},
    ops::Range,
};

use serde::{Deserialize, de::DeserializeOwned};
use toml::{
    Spanned,
    de::{DeTable, DeValue, ValueDeserializer},
};

use super::{
    PlatformStatus,
    pieces::{self, pieces},
    problem::Problem,
};

/// A text with its place in the file.
pub(super) type Text = Spanned<String>;

/// The tables of a file that have the right keys, each list in the file's order.
#[derive(Debug, Default)]
pub(super) struct Tables {
    pub(super) site: Option<Site>,
    pub(super) stages: Vec<Stage>,
    pub(super) platforms: Vec<Platform>,
    pub(super) feeds: Vec<Selection>,
    pub(super) projects: Vec<Project>,
    /// The names of all tables and lists that are not empty, the wrong ones included.
    pub(super) names: BTreeSet<String>,
    /// Ids of tables that are left out above, so that whoever names them is not blamed too.
    pub(super) broken: Vec<String>,
    /// Whether a table is left out whose id cannot be read.
    pub(super) hides_ids: bool,
    /// Whether a table may be missing above.
    pub(super) has_syntax_errors: bool,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Site {
    pub(super) title: Text,
    pub(super) description: Option<Text>,
    pub(super) url: Text,
    pub(super) authority: Text,
    pub(super) newest: Option<Spanned<i64>>,
    pub(super) days: Option<Spanned<i64>>,
    pub(super) color: Option<Text>,
    #[serde(default)]
    pub(super) links: Vec<SiteLink>,
    pub(super) edit: Option<Text>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct SiteLink {
    pub(super) name: Text,
    pub(super) url: Text,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Stage {
    pub(super) id: Text,
    pub(super) name: Text,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Platform {
    pub(super) id: Text,
    pub(super) name: Text,
    pub(super) status: PlatformStatus,
    #[serde(default)]
    pub(super) versions: BTreeMap<Text, Text>,
    #[serde(default)]
    pub(super) in_use: BTreeMap<Text, Text>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(super) struct Selection {
    pub(super) id: Text,
    pub(super) title: Text,
    #[serde(default)]
    pub(super) projects: Vec<Text>,
    #[serde(default)]
    pub(super) stages: Vec<Text>,
    #[serde(default)]
    pub(super) platforms: Vec<Text>,
    #[serde(default)]
    pub(super) security: bool,
    #[serde(default)]
    pub(super) pre_releases: bool,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Project {
    pub(super) id: Text,
    pub(super) name: Text,
    pub(super) stage: Option<Text>,
    pub(super) homepage: Option<Text>,
    pub(super) github: Option<Github>,
    #[serde(default)]
    pub(super) pypi: Vec<Package>,
    #[serde(default)]
    pub(super) was: Vec<Text>,
    pub(super) ended: Option<Text>,
    pub(super) part_of: Option<Text>,
    pub(super) stability: Option<Stability>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Github {
    pub(super) repo: Text,
    pub(super) tags: Option<Text>,
    pub(super) from: Option<From>,
    pub(super) group: Option<Group>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Package {
    pub(super) name: Text,
    pub(super) since: Option<Text>,
}

#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum From {
    Releases,
    Tags,
}

#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum Group {
    Daily,
}

#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(super) enum Stability {
    ByName,
}

impl Tables {
    /// Reads the tables of `text`.
    pub(super) fn read(text: &str, problems: &mut Vec<Problem>) -> Self {
        Self::one_by_one(text).unwrap_or_else(|| Self::whole(text, problems))
    }

    /// The tables of a file that has nothing wrong and is one table after the other, as nearly every file is; none of any
    /// other file.
    pub(super) fn one_by_one(text: &str) -> Option<Self> {
        let (mut tables, pieces) = (Self::default(), pieces(text));
        // Most are projects, of which there may be thousands: room for them, and not for twice as many.
        tables.projects.reserve_exact(pieces.len());
        for piece in pieces {
            let (name, table) = pieces::table(text, &piece)?;
            match (name.as_str(), piece.start) {
                ("site", 0) => tables.site = Some(read(table)?),
                ("stage", 1..) => tables.stages.push(read(table)?),
                ("platform", 1..) => tables.platforms.push(read(table)?),
                ("feed", 1..) => tables.feeds.push(read(table)?),
                ("project", 1..) => tables.projects.push(read(table)?),
                _ => return None,
            }
            tables.names.insert(name);
        }
        Some(tables)
    }

    /// Reads the file as a whole, and each table by itself: serde stops at the first error.
    pub(super) fn whole(text: &str, problems: &mut Vec<Problem>) -> Self {
        let (document, errors) = DeTable::parse_recoverable(text);
        let syntax: Vec<_> = errors.iter().map(|error| error.span().unwrap_or_default()).collect();
        let mut reader =
            Reader { problems, headers: headers(document.get_ref()), syntax, broken: Vec::new(), hides_ids: false };
        for error in &errors {
            reader.note_syntax(error);
        }
        let mut tables = Self { has_syntax_errors: !errors.is_empty(), ..Self::default() };
        for (key, value) in document.into_inner() {
            if value.get_ref().as_array().is_none_or(|items| !items.is_empty()) {
                tables.names.insert(key.get_ref().to_string());
            }
            match key.get_ref().as_ref() {
                "site" => tables.site = reader.table(value),
                "stage" => tables.stages = reader.list(&key.span(), "stage", value),
                "platform" => tables.platforms = reader.list(&key.span(), "platform", value),
                "feed" => tables.feeds = reader.list(&key.span(), "feed", value),
                "project" => tables.projects = reader.list(&key.span(), "project", value),
                other => reader.problems.push(Problem::new(
                    key.span(),
                    format!("`{other}` is not known"),
                    "expected [site], [[stage]], [[platform]], [[feed]] or [[project]]",
                )),
            }
        }
        tables.broken = reader.broken;
        tables.hides_ids = reader.hides_ids;
        tables
    }
}

fn read<T: DeserializeOwned>(table: Spanned<DeValue<'_>>) -> Option<T> {
    T::deserialize(ValueDeserializer::from(table)).ok()
}

/// Where the tables of a document begin, in the file's order.
fn headers(document: &DeTable<'_>) -> Vec<usize> {
    let mut starts: Vec<_> = document
        .iter()
        .flat_map(|(_, value)| match value.get_ref() {
            DeValue::Array(items) => items.iter().map(|item| item.span().start).collect(),
            _ => vec![value.span().start],
        })
        .collect();
    starts.sort_unstable();
    starts
}

struct Reader<'a> {
    problems: &'a mut Vec<Problem>,
    headers: Vec<usize>,
    syntax: Vec<Range<usize>>,
    broken: Vec<String>,
    hides_ids: bool,
}

impl Reader<'_> {
    /// Notes a syntax error, the first of its table alone: the next ones are mostly its consequences.
    fn note_syntax(&mut self, error: &toml::de::Error) {
        let place = error.span().unwrap_or_default();
        let table = self.table_at(place.start);
        let is_first =
            self.syntax.iter().all(|other| self.table_at(other.start) != table || place.start <= other.start);
        if is_first {
            self.problems.push(problem_of(place, error.message()));
        }
    }

    /// The number of the table in which `offset` is; none is before the first.
    fn table_at(&self, offset: usize) -> usize {
        self.headers.partition_point(|&start| start <= offset)
    }

    /// The tables `[[name]]` that have the right keys.
    fn list<T: DeserializeOwned>(&mut self, key: &Range<usize>, name: &str, value: Spanned<DeValue<'_>>) -> Vec<T> {
        let DeValue::Array(items) = value.into_inner() else {
            let advice = format!("write it in double brackets, as [[{name}]]");
            self.problems.push(Problem::new(key.clone(), format!("`{name}` is one of several"), advice));
            return Vec::new();
        };
        items.into_iter().filter_map(|item| self.table(item)).collect()
    }

    /// One table, if it has the right keys.
    fn table<T: DeserializeOwned>(&mut self, value: Spanned<DeValue<'_>>) -> Option<T> {
        let place = value.span();
        let id = value.get_ref().get("id").and_then(|id| id.get_ref().as_str()).map(str::to_owned);
        let table = self.table_at(place.start);
        let is_damaged = self.syntax.iter().any(|error| self.table_at(error.start) == table);
        let read = if is_damaged { None } else { Some(T::deserialize(ValueDeserializer::from(value))) };
        match read {
            Some(Ok(table)) => return Some(table),
            Some(Err(error)) => self.problems.push(problem_of(error.span().unwrap_or(place), error.message())),
            None => {}
        }
        self.hides_ids |= id.is_none();
        self.broken.extend(id);
        None
    }
}

/// An error of the parser in our words: `unknown key …` and what is expected instead.
fn problem_of(place: Range<usize>, message: &str) -> Problem {
    let message = message.replace("unknown field", "unknown key").replace("unknown variant", "unknown value");
    // The parser's name for both.
    let message = message.replace("invalid type: map", "invalid type: table or date");
    if let Some(key) = message.strip_prefix("missing field ") {
        return Problem::new(place, format!("missing key {key}"), format!("add {key} to this table"));
    }
    match message.split_once(", expected ") {
        Some((message, expected)) => Problem::new(place, message, format!("expected {expected}")),
        None => Problem::new(place, message, "the file is written in TOML, see https://toml.io"),
    }
}
