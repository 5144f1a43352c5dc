//! The words of this project, as types: what is followed, what a source says, what is remembered, what is published.
//!
//! Nothing here reads a file, asks a server or looks at a clock.

use chrono::{DateTime, Utc};

mod entry;
mod event;
mod project;
mod release;
mod sighting;

pub use self::{entry::*, event::*, project::*, release::*, sighting::*};

/// A point in time, in UTC and whole seconds wherever it is kept.
pub type Moment = DateTime<Utc>;
