//! Reads the memory: what is damaged is told with its place, and what a later program wrote is left alone.

use std::{
    collections::BTreeSet,
    io,
    num::NonZeroU32,
    path::{Path, PathBuf},
    sync::Arc,
};

use serde::Deserialize;

use super::{
    History, MemoryError, SCHEMA, States,
    damage::Text,
    memory::{Sources, file_of},
    sound::Entries,
    states::Renamed,
};
use crate::{
    file::{self, FileError},
    model::{Project, Slug},
};

/// Reads the histories that a run begins with, each when its project's turn comes.
#[derive(Debug)]
pub struct Reader {
    folder: PathBuf,
    /// The projects whose histories cannot be missing.
    there: Arc<BTreeSet<Slug>>,
    renamed: Renamed,
}

impl Reader {
    pub(super) fn of(folder: PathBuf, there: Arc<BTreeSet<Slug>>, renamed: Renamed) -> Self {
        Self { folder, there, renamed }
    }

    /// Reads what is known of sources, and later the histories that are asked for, one by one. No lock is taken, and
    /// nothing is written: each file is the old one or the new one.
    ///
    /// # Errors
    /// When there is no memory, or it cannot be read or understood.
    pub fn open(site: &Path, projects: &[Project]) -> Result<(Self, States), MemoryError> {
        let folder = site.join("data");
        if !folder.join("projects").is_dir() {
            return Err(MemoryError::Missing(site.to_owned()));
        }
        let sources = read_sources(&folder.join("sources.json"))?;
        let mut states = sources.map(|sources| sources.states).unwrap_or_default();
        let renamed = states.follow(projects);
        Ok((Self { folder, there: Arc::default(), renamed }, states))
    }

    /// The history of a project; empty when nothing is known of it.
    ///
    /// # Errors
    /// When the file cannot be read or understood.
    pub fn history(&self, project: &Project) -> Result<History, MemoryError> {
        let names = std::iter::once(&project.id).chain(&project.was);
        let mut names = names.map(|id| (id, file_of(&self.folder, id)));
        let found = names.find_map(|(id, path)| match read_history(&path, &mut Entries::default()) {
            Ok(None) if self.there.contains(id) => Some(Err(gone(&path))),
            read => read.transpose(),
        });
        let mut history = found.transpose()?.unwrap_or_else(|| History::empty(project.id.clone()));
        history.id = project.id.clone();
        history.shrink();
        for (key, source) in self.renamed.get(&project.id).into_iter().flatten() {
            history.rename(key, source);
        }
        Ok(history)
    }
}

/// The history in the file at `path`, if there is one; its entries join those that were read before.
pub(super) fn read_history(path: &Path, entries: &mut Entries) -> Result<Option<History>, MemoryError> {
    let Some(bytes) = file::read(path)? else { return Ok(None) };
    let damaged = |damage| MemoryError::Damaged { path: path.to_owned(), damage };
    let text = Text::of(&bytes).map_err(damaged)?;
    let mut history: History = read(path, text)?;
    if path.file_stem().is_none_or(|stem| stem != history.id.as_str()) {
        return Err(MemoryError::Misnamed { path: path.display().to_string(), found: history.id });
    }
    if let Some((item, what)) = history.unsound(entries) {
        return Err(damaged(text.damaged(item, &what)));
    }
    // Where a person put it in another order, nothing is lost.
    history.order();
    Ok(Some(history))
}

/// The states of the sources, if there are any.
pub(super) fn read_sources(path: &Path) -> Result<Option<Sources>, MemoryError> {
    let Some(bytes) = file::read(path)? else { return Ok(None) };
    let text = Text::of(&bytes).map_err(|damage| MemoryError::Damaged { path: path.to_owned(), damage })?;
    read(path, text).map(Some)
}

/// What a file of the memory says.
fn read<'t, T: Deserialize<'t>>(path: &Path, text: Text<'t>) -> Result<T, MemoryError> {
    #[derive(Deserialize)]
    struct Form {
        schema: NonZeroU32,
    }
    let damaged = |damage| MemoryError::Damaged { path: path.to_owned(), damage };
    // A later form may well be readable, and what this program does not know of it would be lost.
    match text.parse::<Form>().map_err(damaged)?.schema.get() {
        found if found > SCHEMA => Err(MemoryError::Newer { path: path.display().to_string(), found }),
        _ => text.parse().map_err(damaged),
    }
}

/// That a history went while it was needed.
pub(super) fn gone(path: &Path) -> MemoryError {
    FileError::of("read", path)(io::ErrorKind::NotFound.into()).into()
}
