//! One feed of the releases of many projects.
//!
//! One batch job, one direction, no server. What the sources say tonight is joined with what is remembered, and what
//! is remembered is published:
//!
//! ```text
//! projects.toml ─▶ catalog ─▶ collect ─┬─ github ─┐                       ┌─▶ feeds  atom · rss · json · opml
//!  (strict, with    what to    (bounded,├─ pypi ───┼─▶ sightings ─▶ history ┼─▶ pages  home · project · platform · …
//!   places in the   follow     isolated)└─ (next) ─┘    │  site/data/       └─▶ publish ─▶ site/  (only what changed)
//!   file)                                            failures ─▶ report ─▶ stderr, status.json, exit code
//! ```
//!
//! Left of *history* is the outside world: I/O, the clock, failures. Right of it everything is a pure function of the
//! history and the catalog: no network, no clock, no environment. So the same history gives the same bytes.

pub mod archive;
pub mod catalog;
pub mod changes;
pub mod cli;
pub mod collect;
mod colophon;
pub mod data;
pub mod drift;
mod edition;
pub mod feeds;
pub mod file;
pub mod history;
pub mod latest;
pub mod model;
mod night;
pub mod notes;
pub mod overview;
pub mod pages;
pub mod publish;
pub mod report;
pub mod version;

use std::{collections::HashSet, sync::mpsc::sync_channel, thread};

use tokio::{
    runtime::{self, Runtime},
    sync::mpsc,
};

use crate::{
    archive::Archive,
    catalog::{Catalog, CatalogError, UnknownName},
    changes::Changes,
    cli::{Build, Drift, Latest, Notes, Places},
    collect::{CollectError, Collector},
    drift::{Differences, Finding, FormError, Landscape, Requirements, Survey},
    edition::Edition,
    file::FileError,
    history::{Memory, MemoryError, Recording, SourceState},
    latest::{Comparison, List},
    model::{Channel, Moment, Project, Slug},
    night::Night,
    publish::{PublishError, Site},
};

/// How many projects may wait to be published while the next are joined: about as many as are published while one request
/// is answered, since nobody is asked while there is no room.
const AHEAD: usize = 64;

/// Why nothing was written, or not to the end.
#[derive(Debug, thiserror::Error)]
pub enum BuildError {
    /// The catalog is wrong.
    #[error(transparent)]
    Catalog(#[from] CatalogError),
    /// The memory cannot be used.
    #[error(transparent)]
    Memory(#[from] MemoryError),
    /// Nobody can be asked.
    #[error(transparent)]
    Collect(#[from] CollectError),
    /// The site cannot be written.
    #[error(transparent)]
    Publish(#[from] PublishError),
    /// What comes is not published any more; whoever was to do it says why.
    #[error("nothing more is published")]
    Stopped,
    /// The disk does not give what stands there.
    #[error(transparent)]
    File(#[from] FileError),
    /// A project, a platform or a version that there is not.
    #[error(transparent)]
    Unknown(#[from] UnknownName),
    /// The catalog cannot be compared with a file.
    #[error(transparent)]
    Form(#[from] FormError),
    /// The system gives no timers or sockets to wait on.
    #[error("cannot begin to ask")]
    Runtime(#[source] std::io::Error),
    /// Neither a source nor the memory has anything.
    #[error("nothing to publish: nothing is remembered, and no source could be read{0}")]
    Nothing(String),
}

/// What a run came to, when the site is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// Every source that was asked was read.
    Complete,
    /// Some were not.
    Incomplete,
}

/// Says what is wrong with the catalog and with the memory, without asking anybody; `now` is the run's clock.
#[must_use]
pub fn check(places: &Places, now: Moment) -> Vec<BuildError> {
    let catalog = Catalog::read(&places.config).map_err(BuildError::from);
    let memory = Memory::open(&places.site, "", Recording::Live, now).map_err(BuildError::from);
    if let (Ok(catalog), Ok(_), false) = (&catalog, &memory, places.quiet) {
        eprintln!("{} is good: {} projects", places.config.display(), catalog.projects.len());
    }
    catalog.err().into_iter().chain(memory.err()).collect()
}

/// Asks the sources, joins what they say with what is remembered, and publishes it, while the next are on their way.
///
/// # Errors
/// When nothing could be written, or not to the end: each file is then whole, and the next run goes on.
pub fn build(options: &Build) -> Result<Outcome, BuildError> {
    let catalog = Catalog::read(&options.places.config)?;
    let asked = asked(options, &catalog)?;
    let roots = options.roots(&catalog.site.url);
    let site = Site::open(&options.places.site)?;
    let mut night = Night::open(options, &catalog, &roots)?;
    let runtime = runtime()?;
    let collector = {
        let _within = runtime.enter();
        let ask = || Collector::new(options.asking.upstreams(), &roots.site, options.now().date_naive());
        if options.offline { None } else { Some(ask()?) }
    };
    let site = thread::scope(|scope| {
        let (come, turns) = mpsc::channel(AHEAD);
        let (press, sheets) = sync_channel(AHEAD);
        let (catalog, collector, asked) = (&catalog, collector.as_ref(), &asked);
        let (order, reader) = (night.order(collector), night.reader());
        let beforehand = (collector.is_some() && night.is_anew()).then(|| press.clone());
        scope.spawn(move || runtime.block_on(night::ask(catalog, collector, asked, order, reader, beforehand, come)));
        let edition = Edition::new(catalog, &roots, site);
        let printing = scope.spawn(move || edition.print(&sheets));
        let passed = night.pass(turns, collector, &press);
        // Whoever prints waits for more as long as there may be more; who asks has hung up by now, or does so with the night.
        drop(press);
        let site = printing.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic))?;
        passed.and(Ok(site))
    })?;
    night.finish(&site, &collector.as_ref().map(Collector::asked).unwrap_or_default())
}

/// What waits for timers and sockets.
fn runtime() -> Result<Runtime, BuildError> {
    runtime::Builder::new_current_thread().enable_all().build().map_err(BuildError::Runtime)
}

/// The projects whose sources are asked: all that have not ended, or those of `--only`.
fn asked<'c>(options: &Build, catalog: &'c Catalog) -> Result<HashSet<&'c Slug>, BuildError> {
    if let Some(unknown) = options.only.iter().find(|id| catalog.project(id).is_none()) {
        return Err(catalog.unknown_project(unknown.as_str()).into());
    }
    let today = options.now().date_naive();
    let goes_on = |project: &&Project| !project.has_ended(today);
    let wanted = |project: &&Project| options.only.is_empty() || options.only.contains(&project.id);
    Ok(catalog.projects.iter().filter(goes_on).filter(wanted).map(|project| &project.id).collect())
}

/// Compares the catalog with the organisations' repositories, the Python index, and the files that are named; nothing is
/// written. `now` is the run's clock.
///
/// # Errors
/// When the catalog, the memory or a file cannot be used, and when nobody can be asked.
pub fn drift(options: &Drift, now: Moment) -> Result<Differences, BuildError> {
    runtime()?.block_on(compare(options, now))
}

async fn compare(options: &Drift, now: Moment) -> Result<Differences, BuildError> {
    let catalog = Catalog::read(&options.places.config)?;
    let landscape = options.landscape.as_deref().map(Landscape::read).transpose()?;
    let requirements: Vec<_> =
        options.platforms.iter().map(|path| Requirements::read(path)).collect::<Result<_, _>>()?;
    let memory = Memory::open(&options.places.site, &catalog.site.authority, Recording::Live, now)?;
    let collector = Collector::new(options.asking.upstreams(), &catalog.site.url, now.date_naive())?;
    let projects: Vec<_> = catalog.projects.iter().filter(|project| !project.has_ended(now.date_naive())).collect();
    let survey = Survey::ask(&collector, &catalog, &projects, &options.organisations).await;
    let mut differences = Differences::new(survey.gaps.clone());
    differences.extend(drift::missing(&catalog, &survey));
    differences.extend(drift::packages(&survey));
    for project in projects {
        differences.extend(remembered(project, &memory, &survey)?);
    }
    differences.extend(landscape.iter().flat_map(|landscape| drift::landscape(&catalog, landscape)));
    differences.extend(requirements.iter().flat_map(|file| drift::platforms(&catalog, file)));
    Ok(differences.without(&options.ignore))
}

/// Says what the newest versions are, from the memory alone.
///
/// # Errors
/// When the catalog or the memory cannot be used, or what is asked for is not there.
pub fn latest(options: &Latest) -> Result<Vec<u8>, BuildError> {
    let catalog = Catalog::read(&options.places.config)?;
    let archive = Archive::open(&options.places, &catalog)?;
    let named = options.ids.iter().map(|id| catalog.find_project(id)).collect::<Result<Vec<_>, _>>()?;
    let platform = options.platform.as_deref().map(|id| catalog.find_platform(id)).transpose()?;
    let is_wanted = |project: &&Project| named.is_empty() || named.iter().any(|named| named.id == project.id);
    let wanted: Vec<_> = catalog.projects.iter().filter(is_wanted).collect();
    if let Some(file) = &options.against {
        let mut list = List::read(file)?;
        list.retain_years_of(platform);
        return Ok(against(&list, &archive, &wanted, options)?);
    }
    Ok(match platform {
        Some(platform) => latest::of_platform(&archive, platform, &wanted, options.form())?,
        None => latest::of_projects(&archive, &wanted, options.form())?,
    })
}

fn against<'c>(
    list: &List,
    archive: &Archive<'c>,
    wanted: &[&'c Project],
    options: &Latest,
) -> Result<Vec<u8>, MemoryError> {
    let comparison = Comparison::of(list, archive, wanted)?;
    if !options.places.quiet {
        comparison.note().iter().for_each(|note| eprintln!("note: {note}"));
    }
    Ok(comparison.print(options.form()))
}

/// Says what changed in a project, from the memory alone.
///
/// # Errors
/// When the catalog or the memory cannot be used, or what is asked for is not there.
pub fn notes(options: &Notes) -> Result<Vec<u8>, BuildError> {
    let catalog = Catalog::read(&options.places.config)?;
    let archive = Archive::open(&options.places, &catalog)?;
    let project = catalog.find_project(&options.id)?;
    let history = archive.history(project)?;
    let changes = Changes::of(project, &history, &options.span, options.pre_releases, &archive.roots)?;
    if changes.left_out > 0 && !options.places.quiet {
        eprintln!("note: without pre-releases, {} of them: --pre-releases prints them too", changes.left_out);
    }
    Ok(changes.markdown.into_bytes())
}

/// Where a project differs from what the memory has of it, and GitHub says.
fn remembered(project: &Project, memory: &Memory, survey: &Survey) -> Result<Vec<Finding>, MemoryError> {
    let github = project.sources().find(|source| source.channel == Channel::Github);
    let state = github.and_then(|source| memory.state(&project.id, &source));
    let (number, moved_to) = (state.and_then(SourceState::number), state.and_then(SourceState::moved_to));
    let repository = drift::repositories(project, survey, number, moved_to);
    let history = memory.reader().history(project)?;
    let released = history.releases.is_empty().then(|| Finding::WithoutReleases(project.id.clone()));
    Ok(repository.into_iter().chain(released).collect())
}
