//! One feed of the releases of many projects.
//!
//! One batch job, one direction, no server. What the sources say tonight is joined with what is remembered, and what
//! is remembered is published:
//!
//! ```text
//! projects.toml ─▶ catalog ─▶ collect ─┬─ github ─┐                       ┌─▶ feeds  atom · rss · json · opml
//!  (strict, with    what to    (bounded,├─ pypi ───┼─▶ sightings ─▶ history ┼─▶ pages  index · project · status
//!   places in the   follow     isolated)└─ (next) ─┘    │  site/data/       └─▶ publish ─▶ site/  (only what changed)
//!   file)                                            failures ─▶ report ─▶ stderr, status.json, exit code
//! ```
//!
//! Left of *history* is the outside world: I/O, the clock, failures. Right of it everything is a pure function of the
//! history and the catalog: no network, no clock, no environment. So the same history gives the same bytes.

pub mod model;
pub mod version;
