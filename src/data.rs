//! The public data besides the memory: `data/index.json`, and `data/platforms/ID.json` for each platform. What the
//! command line prints as JSON has the same forms.

mod index;
mod platform;
mod schema;

pub(crate) use self::platform::Component;
pub use self::{index::Index, platform::Platform, schema::schemas};

/// The form of the files.
const SCHEMA: u32 = 1;
