//! What is known of a source itself, and how that changes with each answer.

use std::{collections::BTreeSet, num::NonZeroU64};

use chrono::NaiveDate;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::Recording;
use crate::{
    collect::Trouble,
    model::{Answer, Extent, Moment, Source},
};

/// What is known of a source itself: an item of `data/sources.json`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(try_from = "Keys")]
#[schemars(!try_from)]
pub struct SourceState {
    /// GitHub's number of the repository.
    #[serde(skip_serializing_if = "Option::is_none")]
    id: Option<NonZeroU64>,
    #[serde(flatten)]
    seldom: Option<Box<Seldom>>,
    /// The day of its first answer.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub first_read: Option<NaiveDate>,
    /// Whether every answer had gaps so far, so that what is older than the first of them may still come to light.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub in_part: bool,
    /// How it is doing.
    #[serde(flatten)]
    pub health: Health,
    /// When it answered last without a gap; from the last run's `status.json`, and kept there.
    #[serde(skip)]
    pub last_answer: Option<Moment>,
}

/// What is known of few sources; the others need no room for it, and there are thousands.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, JsonSchema)]
struct Seldom {
    /// The repository's name today, where it is no longer the catalog's.
    #[serde(skip_serializing_if = "Option::is_none")]
    moved_to: Option<Box<str>>,
    /// The names that the repository had before, in lower case.
    #[serde(skip_serializing_if = "BTreeSet::is_empty")]
    formerly: BTreeSet<String>,
    /// The organisation that owns the package, where the index says so.
    #[serde(skip_serializing_if = "Option::is_none")]
    organisation: Option<Box<str>>,
}

impl Seldom {
    /// Nothing, where there is nothing in it.
    fn kept(self) -> Option<Box<Self>> {
        (self != Self::default()).then(|| Box::new(self))
    }
}

/// Whether what is remembered of a source is up to date.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(tag = "state", rename_all = "lowercase")]
pub enum Health {
    /// It answered when it was asked last.
    Ok,
    /// It did not, for the first time on the given day and for the reason of that day.
    Stale {
        /// The UTC day.
        since: NaiveDate,
        /// The reason.
        error: Box<str>,
    },
    /// It never did; its facts are a seed's of the given day.
    Seed {
        /// The UTC day.
        as_of: NaiveDate,
    },
}

/// The keys as they stand in the file: of those that nobody knows, something would be lost in silence.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Keys {
    id: Option<NonZeroU64>,
    moved_to: Option<Box<str>>,
    #[serde(default)]
    formerly: BTreeSet<String>,
    organisation: Option<Box<str>>,
    first_read: Option<NaiveDate>,
    #[serde(default)]
    in_part: bool,
    state: Word,
    since: Option<NaiveDate>,
    error: Option<Box<str>>,
    as_of: Option<NaiveDate>,
}

#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Word {
    Ok,
    Stale,
    Seed,
}

impl TryFrom<Keys> for SourceState {
    type Error = &'static str;

    fn try_from(keys: Keys) -> Result<Self, Self::Error> {
        let Keys { id, moved_to, formerly, organisation, first_read, in_part, state, since, error, as_of } = keys;
        let health = match (state, since, error, as_of) {
            (Word::Ok, None, None, None) => Health::Ok,
            (Word::Stale, Some(since), Some(error), None) => Health::Stale { since, error },
            (Word::Seed, None, None, Some(as_of)) => Health::Seed { as_of },
            _ => {
                return Err("`stale` stands with `since` and `error`, `seed` with `as_of`, and `ok` with none of them");
            }
        };
        let seldom = Seldom { moved_to, formerly, organisation }.kept();
        Ok(Self { id, seldom, first_read, in_part, health, last_answer: None })
    }
}

/// What was known of a source before tonight; the best known comes last.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Before {
    /// Nothing.
    Unread,
    /// A seed's facts.
    Seeded,
    /// Parts of what it has, since this day.
    Part(NaiveDate),
    /// All that it has.
    Read,
}

impl Before {
    /// Whether it had spoken for itself, so that what it says otherwise tonight has happened since.
    pub(super) fn is_read(self) -> bool {
        matches!(self, Self::Part(_) | Self::Read)
    }

    /// What that means for a release of this day that is new tonight: where only parts were known, what is older than
    /// the first of them is as if nothing was.
    pub(super) fn of_release(self, released: Moment) -> Self {
        match self {
            Self::Part(since) if released.date_naive() < since => Self::Unread,
            Self::Part(_) => Self::Read,
            before => before,
        }
    }
}

impl SourceState {
    pub(super) fn unread() -> Self {
        Self { id: None, seldom: None, first_read: None, in_part: false, health: Health::Ok, last_answer: None }
    }

    /// The same repository under the name that the catalog has for it now; it was known by this key.
    pub(super) fn under_new_name(mut self, key: &str) -> Self {
        self.change(|seldom| {
            seldom.formerly.extend(key.split_once(':').map(|(_, name)| name.to_owned()));
            seldom.moved_to = None;
        });
        self
    }

    /// Changes what few sources have, of which nothing is kept where nothing is left: states with the same in them are equal.
    fn change(&mut self, change: impl FnOnce(&mut Seldom)) {
        let mut seldom = self.seldom.take().map(|seldom| *seldom).unwrap_or_default();
        change(&mut seldom);
        self.seldom = seldom.kept();
    }

    /// Whether the same is known, but for when it answered last.
    pub(super) fn is_like(&self, other: &Self) -> bool {
        Self { last_answer: other.last_answer, ..self.clone() } == *other
    }

    /// GitHub's number of the repository.
    #[must_use]
    pub fn number(&self) -> Option<u64> {
        self.id.map(NonZeroU64::get)
    }

    /// The repository's name today, where it is no longer the catalog's.
    #[must_use]
    pub fn moved_to(&self) -> Option<&str> {
        self.seldom.as_ref()?.moved_to.as_deref()
    }

    /// The names that the repository had before, in lower case.
    pub(super) fn formerly(&self) -> impl Iterator<Item = &str> {
        self.seldom.iter().flat_map(|seldom| &seldom.formerly).map(String::as_str)
    }

    /// The organisation that owns the package, where the index says so.
    #[must_use]
    pub fn organisation(&self) -> Option<&str> {
        self.seldom.as_ref()?.organisation.as_deref()
    }

    /// Whether its facts are a seed's.
    #[must_use]
    pub fn is_seed(&self) -> bool {
        matches!(self.health, Health::Seed { .. })
    }

    /// Whether it has said nothing yet.
    pub(super) fn is_unread(&self) -> bool {
        self.first_read.is_none() && self.id.is_none() && !self.is_seed()
    }

    pub(super) fn before(&self) -> Before {
        match self.first_read {
            _ if self.is_seed() => Before::Seeded,
            None => Before::Unread,
            Some(day) if self.in_part => Before::Part(day),
            Some(_) => Before::Read,
        }
    }

    /// Takes note that it answered.
    pub(super) fn answered(&mut self, source: &Source, answer: &Answer, record: Recording, now: Moment) {
        let today = now.date_naive();
        if record == Recording::Seed {
            self.health = Health::Seed { as_of: today };
            return;
        }
        let is_first = self.first_read.is_none();
        self.first_read.get_or_insert(today);
        if answer.skipped.is_empty() {
            self.last_answer = Some(now);
        }
        let has_gaps = answer.extent != Extent::Whole || !answer.skipped.is_empty();
        self.in_part = has_gaps && (is_first || self.in_part);
        if let Some(identity) = &answer.repository {
            self.id = identity.id.and_then(NonZeroU64::new).or(self.id);
            let name = identity.name.to_string();
            let moved_to = (!name.eq_ignore_ascii_case(&source.name)).then_some(name);
            if self.moved_to() != moved_to.as_deref() {
                self.change(|seldom| {
                    seldom.formerly.extend(seldom.moved_to.take().map(|name| name.to_ascii_lowercase()));
                    seldom.moved_to = moved_to.map(Into::into);
                });
            }
        }
        if let Some(ownership) = &answer.ownership {
            self.change(|seldom| seldom.organisation = ownership.organisation.as_deref().map(Into::into));
        }
        // Only a whole answer can stand in for all that a seed says.
        if !self.is_seed() || answer.is_whole() {
            self.health = Health::Ok;
        }
    }

    /// Takes note that it did not answer.
    pub(super) fn failed(&mut self, trouble: &Trouble, now: Moment) {
        if self.health == Health::Ok && *trouble != Trouble::NeedsToken {
            self.health = Health::Stale { since: now.date_naive(), error: trouble.to_string().into() };
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_package_that_left_its_organisation_is_as_one_that_never_had_any() {
        let mut state = SourceState::unread();
        state.change(|seldom| seldom.organisation = Some("toys".into()));
        assert_eq!(state.organisation(), Some("toys"));
        state.change(|seldom| seldom.organisation = None);
        assert_eq!(state, SourceState::unread());
    }
}
