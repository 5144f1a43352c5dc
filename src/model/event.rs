//! What happens to a release, a source or a project after publication.

use std::fmt;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Announcement, Ghsa, Moment};
use crate::version::Stability;

/// Something significant after publication, as it is remembered.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Event {
    /// What happened.
    pub kind: EventKind,
    /// The run that saw it.
    pub recorded: Moment,
    /// What its release was then; feeds of finals go by this. None for an event of a whole source or project.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub stability: Option<Stability>,
    /// The advisories that it tells of.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub advisories: Vec<Ghsa>,
    /// Its item in the feeds.
    pub entry: Announcement,
}

/// The kinds of events, in the order in which a night tells them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum EventKind {
    /// A pre-release became final.
    Final,
    /// All files of a release were yanked ([PEP 592](https://peps.python.org/pep-0592/)).
    Yanked,
    /// A yank was taken back.
    Unyanked,
    /// A release is gone from a channel.
    Withdrawn,
    /// A release that was gone is there again.
    Restored,
    /// The index holds a whole package back ([PEP 792](https://peps.python.org/pep-0792/)).
    Quarantined,
    /// A whole package gets no more releases.
    Archived,
    /// A project published advisories on what it had released.
    Security,
}

impl fmt::Display for EventKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Final => "final",
            Self::Yanked => "yanked",
            Self::Unyanked => "unyanked",
            Self::Withdrawn => "withdrawn",
            Self::Restored => "restored",
            Self::Quarantined => "quarantined",
            Self::Archived => "archived",
            Self::Security => "security",
        })
    }
}

/// What the index says of a whole package ([PEP 792](https://peps.python.org/pep-0792/)).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum PackageStatus {
    /// It goes on, as far as the index knows.
    #[default]
    Active,
    /// Its owners make no more releases.
    Archived,
    /// The index holds it back, and shows none of its files.
    Quarantined,
}

impl PackageStatus {
    /// What happened when a package got this status.
    #[must_use]
    pub fn event(self) -> Option<EventKind> {
        match self {
            Self::Active => None,
            Self::Archived => Some(EventKind::Archived),
            Self::Quarantined => Some(EventKind::Quarantined),
        }
    }
}
