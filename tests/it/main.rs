//! The real program over a toy world: what a person, a feed reader or a web server sees of it.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

/// The data is what its schemas say.
mod data;
/// A disk that does not take what is written, and runs that end between two writes.
mod disk;
/// Where the catalog differs from what it is about.
mod drift;
/// Every way in which the sources go wrong, a row each in `docs/reliability.md`.
mod faults;
/// The three formats of a feed: the same entries, well-formed and harmless.
mod feeds;
/// Notes that would take long, or grow.
mod floods;
/// Answers with gaps, killed runs, changed catalogs.
mod gaps;
/// The whole site, byte by byte; and that the same history gives the same bytes.
mod golden;
/// What may come out of strangers' words.
mod harmless;
/// Strangers who mean harm, in all that a run writes.
mod hostile;
/// What GitHub gets and does not get: the token, the budget without one, the quota.
mod limits;
/// A memory that was damaged.
mod memory;
/// What a later night adds, and what it never moves.
mod nights;
/// Whose a package is: who published its versions, and who owns it.
mod package;
/// What the pages show, and where they lead.
mod pages;
/// What each thing that happens upstream does to the feeds.
mod promises;
/// What holds of any input.
mod properties;
/// What was tried, and what came of it, as a page.
mod reliability;
/// What goes on under another name.
mod renames;
/// Nights in a row, as a reader of every feed sees them.
mod replay;
/// The real program, started in a folder of its own.
mod run;
/// Security advisories: what is told of them, and what they cost.
mod security;
/// A history made from public facts, and its confirmation.
mod seed;
/// What a person at a terminal, or a script, is told from the memory alone.
mod terminal;
/// Sources that do not answer, or not as they should.
mod trouble;
/// The stand-in for GitHub and the Python index.
mod upstream;
/// The command line and the catalog, when they are wrong.
mod usage;
/// What the index says of vulnerabilities, beside the repository's own advisories.
mod vulnerabilities;
/// How the stand-in's answers go over the wire.
mod wire;
/// What a run leaves in a GitHub workflow.
mod workflow;
/// What the stand-in answers from.
mod world;
