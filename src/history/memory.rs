//! The memory on disk: `data/projects/ID.json`, a file a project, and `data/sources.json`.

use std::{
    collections::{BTreeMap, BTreeSet, HashSet},
    fmt,
    path::{Path, PathBuf},
    sync::Arc,
};

use chrono::NaiveDate;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

use super::{
    Damage, History, News, Reason, Recording, SCHEMA, Seconds,
    join::Said,
    reader::{Reader, gone, read_history, read_sources},
    record::Recorder,
    sound::Entries,
    state::{Before, SourceState},
    states::{ProjectStates, Renamed, States},
};
use crate::{
    collect::Trouble,
    file::{self, FileError, Written},
    model::{Advisory, Answer, ChannelRecord, Day, Event, Moment, PackageStatus, Project, Release, Slug, Source},
};

/// Why the memory cannot be used. Nothing was written then.
#[derive(Debug, thiserror::Error)]
pub enum MemoryError {
    /// The disk does not give or take it.
    #[error(transparent)]
    File(#[from] FileError),
    /// A file is no history, or no states of sources.
    #[error("{}:{damage}\n  {}", path.display(), way_back(path))]
    Damaged {
        /// The file.
        path: PathBuf,
        /// What is wrong, with line and column.
        damage: Damage,
    },
    /// A later version of this program wrote it.
    #[error("{path} has the form {found}, and this program knows {SCHEMA}: install a newer one")]
    Newer {
        /// The file.
        path: String,
        /// The form that it has.
        found: u32,
    },
    /// There is none, where one is to be read.
    #[error("nothing is remembered in {}: build the site first, or name its folder with --site", .0.display())]
    Missing(PathBuf),
    /// A file has another project's name.
    #[error("{path} is the history of `{found}`: name it {found}.json")]
    Misnamed {
        /// The file.
        path: String,
        /// The project that it is of.
        found: Slug,
    },
}

/// How each source does.
#[derive(Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Sources {
    /// The form of the file.
    schema: u32,
    /// The day of the first run that came to its end.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    since: Option<NaiveDate>,
    /// What is known of each project's sources, by their keys.
    #[serde(rename = "sources")]
    pub(super) states: States,
}

/// The whole memory, of which one project's history at a time is held.
#[derive(Debug)]
pub struct Memory {
    folder: PathBuf,
    /// The projects whose histories were there when the run began.
    there: Arc<BTreeSet<Slug>>,
    sources: Sources,
    renamed: Renamed,
    recorder: Recorder,
    empty: bool,
    /// Whether any source answered in this run.
    answered: bool,
}

impl Memory {
    /// Reads the memory through, so that a damaged file is found before anything is asked or written.
    ///
    /// `authority` is the site's, in its `tag:` URIs; `now` is the run's clock.
    ///
    /// # Errors
    /// When a file cannot be read or understood.
    pub fn open(site: &Path, authority: &str, record: Recording, now: Moment) -> Result<Self, MemoryError> {
        let folder = site.join("data");
        file::own_folder(&folder)?;
        file::own_folder(&folder.join("projects"))?;
        let (seconds, there, empty) = read_through(&histories(&folder)?, now)?;
        let path = folder.join("sources.json");
        let new = || Sources { schema: SCHEMA, since: None, states: States::default() };
        let sources = read_sources(&path)?.unwrap_or_else(new);
        let has_history = sources.since.is_some();
        let recorder = Recorder { authority: authority.to_owned(), record, seconds, has_history };
        let renamed = Renamed::new();
        let there = Arc::new(there);
        Ok(Self { folder, there, sources, renamed, recorder, empty, answered: false })
    }

    /// Whether nothing is remembered of any project.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.empty
    }

    /// Tells when a source answered last, as far as the last run's status knows.
    pub fn answered_last(&mut self, project: &Slug, source: &str, at: Moment) {
        self.sources.states.answered_last(project, source, at);
    }

    /// Takes over what is known under the names that projects and repositories had before.
    pub fn follow(&mut self, projects: &[Project]) {
        self.renamed.append(&mut self.sources.states.follow(projects));
    }

    /// What is known of a project's source.
    #[must_use]
    pub fn state(&self, project: &Slug, source: &Source) -> Option<&SourceState> {
        self.sources.states.of(project, source)
    }

    /// What is known of the sources.
    #[must_use]
    pub fn states(&self) -> &States {
        &self.sources.states
    }

    /// What reads the histories while they are written.
    #[must_use]
    pub fn reader(&self) -> Reader {
        Reader::of(self.folder.clone(), Arc::clone(&self.there), self.renamed.clone())
    }

    /// Joins what a project's sources said tonight into its history, and remembers how the sources do.
    pub fn record(
        &mut self,
        project: &Project,
        history: &mut History,
        answers: Vec<(Source, Result<Answer, Trouble>)>,
    ) -> News {
        let (now, record) = (self.recorder.seconds.now(), self.recorder.record);
        let states = self.sources.states.of_project_mut(&project.id);
        let (mut said, mut moved) = (Vec::new(), Vec::new());
        for (source, answer) in answers {
            if let Ok(answer) = &answer {
                follow_number(project, history, states, &source, answer);
            }
            let state = states.get_mut(source.key());
            if let (true, Some(day)) = (state.is_unread(), history.first_recorded(&source)) {
                // A run that was killed, or a lost file: what it has said is on record.
                (state.first_read, state.in_part) = (Some(day), true);
            }
            let before = state.before();
            match answer {
                Ok(answer) => {
                    state.answered(&source, &answer, record, now);
                    moved.extend(state.moved_to().map(|to| format!("{source} is now {to}: write that in the catalog")));
                    let confirms = before == Before::Seeded && !state.is_seed();
                    said.push(Said { source, answer, before, confirms });
                }
                // That a source could not be read is a matter of tonight, and no fact of a seed.
                Err(_) if record == Recording::Seed => {}
                Err(trouble) => state.failed(&trouble, now),
            }
        }
        states.drop_unread();
        let provisional = provisional(project, states);
        self.answered |= !said.is_empty();
        let mut news = history.join(project, &mut self.recorder, said, provisional);
        news.warnings.extend(moved);
        news
    }

    /// Writes a project's history, where it changed; the file under a former id goes.
    ///
    /// # Errors
    /// When the disk does not take it.
    pub fn save(&mut self, project: &Project, history: &History) -> Result<Written, MemoryError> {
        let path = file_of(&self.folder, &history.id);
        // A project that never had anything needs no file.
        if history.is_empty() && !path.exists() {
            return Ok(Written::Same);
        }
        let written = file::keep(&path, |out| file::write_json(out, &OnDisk::of(history)))?;
        project.was.iter().try_for_each(|was| file::remove(&file_of(&self.folder, was)))?;
        Ok(written)
    }

    /// Notes that the run came to its end, where anybody answered, and writes how the sources do. A run that is killed
    /// before asks again for what it had learned of them; what it has recorded says since when they speak.
    ///
    /// # Errors
    /// When the disk does not take it.
    pub fn finish(&mut self) -> Result<Written, MemoryError> {
        if self.answered {
            self.sources.since.get_or_insert(self.recorder.seconds.now().date_naive());
        }
        if self.folder.join("projects").is_dir() {
            // What is said of a source as read may outlive a loss of power only together with what it said.
            file::settle(&self.folder.join("projects"))?;
        }
        Ok(file::keep(&self.folder.join("sources.json"), |out| file::write_json(out, &self.sources))?)
    }
}

/// Knows a repository by its number under the name that the catalog has for it now.
fn follow_number(
    project: &Project,
    history: &mut History,
    states: &mut ProjectStates,
    source: &Source,
    answer: &Answer,
) {
    let Some(id) = answer.repository.as_ref().and_then(|repository| repository.id) else { return };
    let in_catalog: Vec<String> = project.sources().map(|source| source.key()).collect();
    let former = states.find(|key, state| state.number() == Some(id) && !in_catalog.iter().any(|ours| ours == key));
    if let (Some(key), true) = (former, states.get(&source.key()).is_none_or(SourceState::is_unread)) {
        history.rename(&key, source);
        states.rename(&key, source.key());
    }
}

/// Reads the histories at `paths`: the seconds of their entries, the projects, and whether all are empty.
fn read_through(paths: &[PathBuf], now: Moment) -> Result<(Seconds, BTreeSet<Slug>, bool), MemoryError> {
    let (mut seconds, mut twice) = (Seconds::new(now), HashSet::new());
    let (mut there, mut empty) = (BTreeSet::new(), true);
    for path in paths {
        let history = read_history(path, &mut Entries::default())?.ok_or_else(|| gone(path))?;
        for (_, entry) in history.entries() {
            if !seconds.take(entry.announced) {
                twice.insert(entry.announced.timestamp());
            }
        }
        empty &= history.is_empty();
        there.insert(history.id);
    }
    if !twice.is_empty() {
        // Two entries of one project's former and present id may well be the same one: now their ids are looked at.
        let mut entries = Entries::among(twice);
        paths.iter().try_for_each(|path| read_history(path, &mut entries).map(drop))?;
    }
    Ok((seconds, there, empty))
}

/// The files of all histories, sorted.
fn histories(folder: &Path) -> Result<Vec<PathBuf>, FileError> {
    let mut paths = file::list(&folder.join("projects"))?;
    paths.retain(|path| path.extension().is_some_and(|ending| ending == "json"));
    Ok(paths)
}

pub(super) fn file_of(folder: &Path, id: &Slug) -> PathBuf {
    folder.join("projects").join(format!("{id}.json"))
}

/// Tells which records are still a seed's: those of a source that has not answered by itself yet.
fn provisional<'a>(project: &'a Project, states: &'a ProjectStates) -> impl Fn(&ChannelRecord) -> bool + 'a {
    let seeds: Vec<Source> =
        project.sources().filter(|source| states.get(&source.key()).is_some_and(SourceState::is_seed)).collect();
    move |record| seeds.iter().any(|source| record.is_of(source))
}

/// How a damaged file is put back, and what it costs to do without.
fn way_back(path: &Path) -> impl fmt::Display {
    let cost = if path.ends_with("sources.json") {
        "each source is then read as for the first time, and no longer known by its number"
    } else {
        "the project's last 30 days are then announced again, and what is gone upstream is forgotten"
    };
    let path = path.display();
    format!(
        "put it back with `git restore {path}`, with --source=COMMIT where it was committed so\n  \
         without git, delete it: {cost}"
    )
}

/// All that is remembered of one project, and a public record.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "History")]
pub(crate) struct OnDisk<'a> {
    /// The form of the file.
    schema: u32,
    /// The project.
    id: &'a Slug,
    /// Newest first, by `released`.
    #[schemars(with = "Vec<Release>")]
    releases: Vec<Row<'a>>,
    /// The days whose releases were announced together, newest first.
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    days: &'a [Day],
    /// What happened to whole sources, and new advisories, oldest first.
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    events: &'a [Event],
    /// What is known of its vulnerabilities, newest first; absent when that was never read.
    #[serde(skip_serializing_if = "Option::is_none")]
    advisories: Option<&'a [Advisory]>,
    /// What the index says of those of its packages that were ever read, by their normal names.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    vulnerabilities: &'a BTreeMap<String, Vec<Advisory>>,
    /// What the index says of the packages that are not simply active, by their normal names.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    packages: &'a BTreeMap<String, PackageStatus>,
    /// Tags that are no releases, by the reason.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    left_out: &'a BTreeMap<Reason, std::collections::BTreeSet<String>>,
}

impl<'a> OnDisk<'a> {
    fn of(history: &'a History) -> Self {
        let History { schema, id, releases, days, events, advisories, vulnerabilities, packages, left_out } = history;
        let (releases, advisories) = (releases.iter().map(Row::of).collect(), advisories.as_deref());
        Self { schema: *schema, id, releases, days, events, advisories, vulnerabilities, packages, left_out }
    }
}

/// A release that shares its entry with others of its day is one line, for there are thousands of them.
#[derive(Serialize)]
#[serde(untagged)]
enum Row<'a> {
    Lines(&'a Release),
    Line(Box<RawValue>),
}

impl<'a> Row<'a> {
    fn of(release: &'a Release) -> Self {
        match &release.entry {
            None => serde_json::value::to_raw_value(release).map_or(Self::Lines(release), Self::Line),
            Some(_) => Self::Lines(release),
        }
    }
}
