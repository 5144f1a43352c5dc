//! A file of the memory as text: what it says, or what is wrong with it, in words and with its place.

use std::{collections::BTreeMap, fmt, marker::PhantomData};

use serde::{
    Deserialize, Deserializer,
    de::{Error, MapAccess, Visitor},
};
use serde_json::{error::Category, value::RawValue};

/// How much is repeated of what a file says.
const LONGEST: usize = 300;
/// How the lines begin that git leaves where it could not merge.
const CONFLICT: [&str; 3] = ["<<<<<<< ", ">>>>>>> ", "||||||| "];

/// What is wrong with a file, and where.
#[derive(Debug)]
pub struct Damage {
    line: usize,
    column: usize,
    what: String,
}

impl fmt::Display for Damage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { line, column, what } = self;
        write!(f, "{line}:{column}: {what}")
    }
}

/// An item of the lists of a history, by its place in them.
#[derive(Debug, Clone, Copy)]
pub(super) enum Item {
    Release(usize),
    Day(usize),
    Event(usize),
}

/// The text of a file of the memory.
#[derive(Debug, Clone, Copy)]
pub(super) struct Text<'t>(&'t str);

impl<'t> Text<'t> {
    /// The text that these bytes are. The mark that some editors put before it is no part of it.
    pub(super) fn of(bytes: &'t [u8]) -> Result<Self, Damage> {
        let text = str::from_utf8(bytes).map_err(|error| {
            let before = String::from_utf8_lossy(&bytes[..error.valid_up_to()]);
            Text(&before).damage(before.len(), "here are bytes that are no text")
        })?;
        let text = Self(text.strip_prefix('\u{feff}').unwrap_or(text));
        match text.0.find('\0') {
            _ if text.0.trim().is_empty() => Err(text.damage(0, "it is empty")),
            Some(offset) => Err(text.damage(offset, "here are NUL bytes, as the loss of power leaves them")),
            None => Ok(text),
        }
    }

    /// What the text says.
    pub(super) fn parse<T: Deserialize<'t>>(self) -> Result<T, Damage> {
        let white = self.0.len() - self.0.trim_start().len();
        let parsed = if self.0[white..].starts_with('{') {
            serde_json::from_str(self.0).map_err(|error| Damage::of(&error))
        } else {
            // A struct would take a list, too.
            Err(self.damage(white, "this is no JSON of the memory: `{` is expected"))
        };
        parsed.map_err(|damage| self.conflict().unwrap_or(damage))
    }

    /// That an item is wrong in this way, at the place where it begins.
    pub(super) fn damaged(self, item: Item, what: &str) -> Damage {
        #[derive(Deserialize)]
        struct Lists<'t> {
            #[serde(borrow)]
            releases: Vec<&'t RawValue>,
            #[serde(borrow, default)]
            days: Vec<&'t RawValue>,
            #[serde(borrow, default)]
            events: Vec<&'t RawValue>,
        }
        let lists = serde_json::from_str::<Lists<'t>>(self.0).ok();
        let found = lists.and_then(|lists| match item {
            Item::Release(place) => lists.releases.get(place).copied(),
            Item::Day(place) => lists.days.get(place).copied(),
            Item::Event(place) => lists.events.get(place).copied(),
        });
        // It is borrowed from the text, so where it lies in memory says where it stands.
        let offset = found.map_or(0, |found| found.get().as_ptr().addr() - self.0.as_ptr().addr());
        self.damage(offset, what)
    }

    /// That git could not merge the file, where that is what is wrong.
    fn conflict(self) -> Option<Damage> {
        let line = self.0.lines().position(|line| CONFLICT.iter().any(|mark| line.starts_with(mark)))?;
        let what = "here is the mark of a merge conflict: git could not join two versions of this file";
        Some(Damage { line: line + 1, column: 1, what: what.to_owned() })
    }

    fn damage(self, offset: usize, what: &str) -> Damage {
        let before = &self.0[..offset];
        let line_begins = before.rfind('\n').map_or(0, |end| end + 1);
        let line = before.matches('\n').count() + 1;
        Damage { line, column: before[line_begins..].chars().count() + 1, what: what.to_owned() }
    }
}

impl Damage {
    fn of(error: &serde_json::Error) -> Self {
        let (line, column) = (error.line(), error.column());
        let said = error.to_string();
        let said = said.strip_suffix(&format!(" at line {line} column {column}")).unwrap_or(&said);
        let what = match error.classify() {
            Category::Eof => "it ends in the middle, as a file that was cut".to_owned(),
            Category::Syntax | Category::Io => format!("this is no JSON: {said}"),
            Category::Data => said.chars().take(LONGEST).map(|c| if c.is_control() { '\u{fffd}' } else { c }).collect(),
        };
        Self { line, column, what }
    }
}

/// A map in which no key stands twice: of two, one would be lost in silence.
#[derive(Debug)]
pub(super) struct Unique<K, V>(pub(super) BTreeMap<K, V>);

impl<'de, K: Deserialize<'de> + Ord + fmt::Display, V: Deserialize<'de>> Deserialize<'de> for Unique<K, V> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Keys<K, V>(PhantomData<(K, V)>);
        impl<'de, K: Deserialize<'de> + Ord + fmt::Display, V: Deserialize<'de>> Visitor<'de> for Keys<K, V> {
            type Value = Unique<K, V>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a map")
            }

            fn visit_map<M: MapAccess<'de>>(self, mut keys: M) -> Result<Self::Value, M::Error> {
                let mut map = BTreeMap::new();
                while let Some(key) = keys.next_key::<K>()? {
                    if map.contains_key(&key) {
                        return Err(M::Error::custom(format!("the key `{key}` stands here a second time")));
                    }
                    map.insert(key, keys.next_value()?);
                }
                Ok(Unique(map))
            }
        }
        deserializer.deserialize_map(Keys(PhantomData))
    }
}

/// For `deserialize_with`: a map in which no key stands twice.
pub(super) fn unique<'de, D, K, V>(deserializer: D) -> Result<BTreeMap<K, V>, D::Error>
where
    D: Deserializer<'de>,
    K: Deserialize<'de> + Ord + fmt::Display,
    V: Deserialize<'de>,
{
    Unique::deserialize(deserializer).map(|unique| unique.0)
}
