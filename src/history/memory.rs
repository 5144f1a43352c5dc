//! The memory on disk: `data/projects/ID.json`, a file a project, and `data/sources.json`.

use std::{
    collections::BTreeMap,
    fs, io,
    path::{Path, PathBuf},
};

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

use super::{
    History, News, Reason, Recording, SCHEMA, Seconds,
    join::Said,
    record::{Before, Recorder},
};
use crate::{
    collect::Trouble,
    file::{self, FileError, Written},
    model::{Answer, ChannelRecord, Day, Event, Extent, Known, Moment, PackageStatus, Project, Release, Slug, Source},
};

/// Why the memory cannot be used. Nothing was written then.
#[derive(Debug, thiserror::Error)]
pub enum MemoryError {
    /// The disk does not give or take it.
    #[error(transparent)]
    File(#[from] FileError),
    /// A file is no history.
    #[error("{path}: {source}\n  put it back with `git restore {path}`, or delete it to begin its history anew")]
    Damaged {
        /// The file.
        path: String,
        /// What is wrong, with line and column.
        source: serde_json::Error,
    },
    /// A later version of this program wrote it.
    #[error("{path} has the form {found}, and this program knows {SCHEMA}: install a newer one")]
    Newer {
        /// The file.
        path: String,
        /// The form that it has.
        found: u32,
    },
    /// A file has another project's name.
    #[error("{path} is the history of `{found}`: name it {found}.json")]
    Misnamed {
        /// The file.
        path: String,
        /// The project that it is of.
        found: Slug,
    },
}

/// What is known of a source itself: an item of `data/sources.json`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SourceState {
    /// GitHub's number of the repository.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id: Option<u64>,
    /// The repository's name today, where it is no longer the catalog's.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub moved_to: Option<String>,
    /// The day of its first answer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub first_read: Option<NaiveDate>,
    /// How it is doing.
    #[serde(flatten)]
    pub health: Health,
    /// When it answered last; from the last run's `status.json`, and kept there.
    #[serde(skip)]
    pub last_answer: Option<Moment>,
}

/// Whether what is remembered of a source is up to date.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "state", rename_all = "lowercase")]
pub enum Health {
    /// It answered when it was asked last.
    Ok,
    /// It did not, for the first time on the given day and for the reason of that day.
    Stale {
        /// The UTC day.
        since: NaiveDate,
        /// The reason.
        error: String,
    },
    /// It never did; its facts are a seed's of the given day.
    Seed {
        /// The UTC day.
        as_of: NaiveDate,
    },
}

impl SourceState {
    fn unread() -> Self {
        Self { id: None, moved_to: None, first_read: None, health: Health::Ok, last_answer: None }
    }

    /// Whether its facts are a seed's.
    #[must_use]
    pub fn is_seed(&self) -> bool {
        matches!(self.health, Health::Seed { .. })
    }

    fn answered(&mut self, source: &Source, answer: &Answer, record: Recording, now: Moment) {
        let today = now.date_naive();
        if record == Recording::Seed {
            self.health = Health::Seed { as_of: today };
            return;
        }
        // A part with gaps says nothing of what it lacks.
        if answer.extent == Extent::Whole || answer.skipped.is_empty() {
            self.last_answer = Some(now);
            self.first_read.get_or_insert(today);
        }
        if let Some(identity) = &answer.repository {
            self.id = identity.id.or(self.id);
            let moved = !identity.name.eq_ignore_ascii_case(&source.name);
            self.moved_to = moved.then(|| identity.name.clone());
        }
        // Only a whole answer can stand in for all that a seed says.
        if !self.is_seed() || answer.extent == Extent::Whole {
            self.health = Health::Ok;
        }
    }

    fn failed(&mut self, trouble: &Trouble, now: Moment) {
        if self.health == Health::Ok && *trouble != Trouble::NeedsToken {
            self.health = Health::Stale { since: now.date_naive(), error: trouble.to_string() };
        }
    }
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Sources {
    schema: u32,
    sources: BTreeMap<Slug, BTreeMap<String, SourceState>>,
}

/// The whole memory, of which one project's history at a time is held.
#[derive(Debug)]
pub struct Memory {
    folder: PathBuf,
    states: BTreeMap<Slug, BTreeMap<String, SourceState>>,
    /// Sources that the catalog has under another name than the memory: the keys that they had, and what they are now.
    renamed: BTreeMap<Slug, Vec<(String, Source)>>,
    recorder: Recorder,
    empty: bool,
}

impl Memory {
    /// Reads the memory through once, so that a damaged file is found before anything is asked or written.
    ///
    /// `authority` is the site's, in its `tag:` URIs; `now` is the run's clock.
    ///
    /// # Errors
    /// When a file cannot be read or understood.
    pub fn open(site: &Path, authority: &str, record: Recording, now: Moment) -> Result<Self, MemoryError> {
        let folder = site.join("data");
        let mut seconds = Seconds::new(now);
        let mut empty = true;
        for path in file::list(&folder.join("projects"))? {
            if path.extension().is_some_and(|ending| ending == "json") {
                let history = read_history(&path)?;
                history.announced().for_each(|announced| seconds.take(announced));
                empty &= history.is_empty();
            }
        }
        let path = folder.join("sources.json");
        let states = read::<Sources>(&path)?.map(|file| file.sources).unwrap_or_default();
        let recorder = Recorder { authority: authority.to_owned(), record, seconds, has_history: !empty };
        Ok(Self { folder, states, renamed: BTreeMap::new(), recorder, empty })
    }

    /// Whether nothing is remembered of any project.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.empty
    }

    /// Tells when a source answered last, as far as the last run's status knows.
    pub fn answered_last(&mut self, project: &Slug, source: &str, at: Moment) {
        if let Some(state) = self.states.get_mut(project).and_then(|states| states.get_mut(source)) {
            state.last_answer = Some(at);
        }
    }

    /// Takes over what is known of sources whose project was renamed, or whose repository's new name the catalog has
    /// now: they are the same sources, read before.
    pub fn follow(&mut self, projects: &[Project]) {
        for project in projects {
            let former = project.was.iter().find_map(|was| self.states.get(was).cloned());
            let states = self.states.entry(project.id.clone()).or_insert_with(|| former.unwrap_or_default());
            for source in project.sources() {
                let is_former = |state: &SourceState| {
                    state.moved_to.as_ref().is_some_and(|to| to.eq_ignore_ascii_case(&source.name))
                };
                let key = states.iter().find(|(_, state)| is_former(state)).map(|(key, _)| key.clone());
                if let Some((key, state)) = key.and_then(|key| states.remove_entry(&key)) {
                    states.insert(source.key(), SourceState { moved_to: None, ..state });
                    self.renamed.entry(project.id.clone()).or_default().push((key, source));
                }
            }
        }
        self.states.retain(|_, states| !states.is_empty());
    }

    /// What is known of a project's source.
    #[must_use]
    pub fn state(&self, project: &Slug, source: &Source) -> Option<&SourceState> {
        self.states.get(project)?.get(&source.key())
    }

    /// What reads the memory, as it is now, while it is written.
    #[must_use]
    pub fn reader(&self) -> Reader {
        Reader { folder: self.folder.clone(), states: self.states.clone(), renamed: self.renamed.clone() }
    }

    /// Joins what a project's sources said tonight into its history, and remembers how the sources do.
    pub fn record(
        &mut self,
        project: &Project,
        history: &mut History,
        answers: Vec<(Source, Result<Answer, Trouble>)>,
    ) -> News {
        let (now, record) = (self.recorder.seconds.now(), self.recorder.record);
        let states = self.states.entry(project.id.clone()).or_default();
        let (mut said, mut moved) = (Vec::new(), Vec::new());
        for (source, answer) in answers {
            if let (false, Ok(answer)) = (states.contains_key(&source.key()), &answer)
                && let Some((key, state)) = same_repository(project, states, answer)
            {
                history.rename(&key, &source);
                states.insert(source.key(), SourceState { moved_to: None, ..state });
            }
            let state = states.entry(source.key()).or_insert_with(SourceState::unread);
            let was_seed = state.is_seed();
            let before = match state.first_read {
                _ if was_seed => Before::Seeded,
                Some(_) => Before::Read,
                None => Before::Unread,
            };
            match answer {
                Ok(answer) => {
                    state.answered(&source, &answer, record, now);
                    let to = state.moved_to.iter();
                    moved.extend(to.map(|to| format!("{source} is now {to}: write that in the catalog")));
                    // An item that cannot be read tonight may well be there.
                    let confirms = was_seed && !state.is_seed() && answer.skipped.is_empty();
                    said.push(Said { source, answer, before, confirms });
                }
                // That a source could not be read is a matter of tonight, and no fact of a seed.
                Err(_) if record == Recording::Seed => {}
                Err(trouble) => state.failed(&trouble, now),
            }
        }
        states.retain(|_, state| *state != SourceState::unread());
        let provisional = provisional(project, states);
        let mut news = history.join(project, &mut self.recorder, said, provisional);
        news.warnings.extend(moved);
        news
    }

    /// Writes a project's history, where it changed.
    ///
    /// # Errors
    /// When the disk does not take it.
    pub fn save(&self, history: &History) -> Result<Written, MemoryError> {
        let path = file_of(&self.folder, &history.id);
        // A project that never had anything needs no file.
        if history.is_empty() && !path.exists() {
            return Ok(Written::Same);
        }
        Ok(file::write(&path, &file::json(&OnDisk::of(history)))?)
    }

    /// Writes how the sources do, where that changed.
    ///
    /// # Errors
    /// When the disk does not take it.
    pub fn save_sources(&self) -> Result<Written, MemoryError> {
        let sources = Sources { schema: SCHEMA, sources: self.states.clone() };
        Ok(file::write(&self.folder.join("sources.json"), &file::json(&sources))?)
    }
}

/// Reads the histories that a run begins with, each when its project's turn comes.
#[derive(Debug)]
pub struct Reader {
    folder: PathBuf,
    states: BTreeMap<Slug, BTreeMap<String, SourceState>>,
    renamed: BTreeMap<Slug, Vec<(String, Source)>>,
}

impl Reader {
    /// The history of a project; empty when nothing is known of it.
    ///
    /// # Errors
    /// When the file cannot be read or understood.
    pub fn history(&self, project: &Project) -> Result<History, MemoryError> {
        let mut names = std::iter::once(&project.id).chain(&project.was);
        let found = names.find_map(|id| {
            let path = file_of(&self.folder, id);
            path.exists().then(|| read_history(&path))
        });
        let mut history = found.transpose()?.unwrap_or_else(|| History::empty(project.id.clone()));
        history.id = project.id.clone();
        for (key, source) in self.renamed.get(&project.id).into_iter().flatten() {
            history.rename(key, source);
        }
        Ok(history)
    }

    /// What need not be asked of a project's sources again.
    #[must_use]
    pub fn known(&self, project: &Project, history: &History) -> Vec<(Source, Known)> {
        let states = self.states.get(&project.id);
        let known = |source: Source| {
            let state = states.and_then(|states| states.get(&source.key()));
            let known = history.known(project, &source, state);
            (source, known)
        };
        project.sources().map(known).collect()
    }
}

/// Takes out the state under which a repository with this number is known, when the catalog has another name for it.
fn same_repository(
    project: &Project,
    states: &mut BTreeMap<String, SourceState>,
    answer: &Answer,
) -> Option<(String, SourceState)> {
    let id = answer.repository.as_ref()?.id?;
    let in_catalog: Vec<String> = project.sources().map(|source| source.key()).collect();
    let is_same = |(key, state): &(&String, &SourceState)| state.id == Some(id) && !in_catalog.contains(key);
    let key = states.iter().find(is_same)?.0.clone();
    states.remove_entry(&key)
}

fn file_of(folder: &Path, id: &Slug) -> PathBuf {
    folder.join("projects").join(format!("{id}.json"))
}

/// Tells which records are still a seed's: those of a source that has not answered by itself yet.
fn provisional<'a>(
    project: &'a Project,
    states: &'a BTreeMap<String, SourceState>,
) -> impl Fn(&ChannelRecord) -> bool + 'a {
    let seeds: Vec<Source> =
        project.sources().filter(|source| states.get(&source.key()).is_some_and(SourceState::is_seed)).collect();
    move |record| seeds.iter().any(|source| record.is_of(source))
}

fn read_history(path: &Path) -> Result<History, MemoryError> {
    let Some(history) = read::<History>(path)? else {
        let missing = io::Error::from(io::ErrorKind::NotFound);
        return Err(FileError::of("read", path)(missing).into());
    };
    if path.file_stem().is_some_and(|stem| stem == history.id.as_str()) {
        Ok(history)
    } else {
        Err(MemoryError::Misnamed { path: path.display().to_string(), found: history.id })
    }
}

/// A file of the memory; none where there is no such file.
fn read<T: for<'de> Deserialize<'de>>(path: &Path) -> Result<Option<T>, MemoryError> {
    #[derive(Deserialize)]
    struct Form {
        schema: u32,
    }
    let bytes = match fs::read(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        bytes => bytes.map_err(FileError::of("read", path))?,
    };
    let shown = path.display().to_string();
    let damaged = |source| MemoryError::Damaged { path: path.display().to_string(), source };
    // A later form may well be readable, and what this program does not know of it would be lost.
    match serde_json::from_slice(&bytes).map_err(damaged)? {
        Form { schema: found } if found > SCHEMA => Err(MemoryError::Newer { path: shown, found }),
        Form { .. } => serde_json::from_slice(&bytes).map(Some).map_err(damaged),
    }
}

/// A history as its file has it.
#[derive(Serialize)]
struct OnDisk<'a> {
    schema: u32,
    id: &'a Slug,
    releases: Vec<Row<'a>>,
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    days: &'a [Day],
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    events: &'a [Event],
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    packages: &'a BTreeMap<String, PackageStatus>,
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    left_out: &'a BTreeMap<Reason, std::collections::BTreeSet<String>>,
}

impl<'a> OnDisk<'a> {
    fn of(history: &'a History) -> Self {
        let History { schema, id, releases, days, events, packages, left_out } = history;
        let releases = releases.iter().map(Row::of).collect();
        Self { schema: *schema, id, releases, days, events, packages, left_out }
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
