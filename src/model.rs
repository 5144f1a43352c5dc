//! The words of this project, as types: what is followed, what a source says, what is remembered, what is published.
//!
//! Nothing here reads a file, asks a server or looks at a clock.

use chrono::{DateTime, Utc};

mod advisory;
mod entry;
mod event;
mod project;
mod provenance;
mod release;
mod sighting;
mod text;
mod vulnerability;

pub use self::{advisory::*, entry::*, event::*, project::*, provenance::*, release::*, sighting::*, vulnerability::*};

/// A point in time, in UTC and whole seconds wherever it is kept.
pub type Moment = DateTime<Utc>;
