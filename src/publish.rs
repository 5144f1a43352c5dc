//! Writes what was rendered under the site's folder: only what changed, and never half a file.

use std::{
    collections::HashSet,
    fs::{self, File, TryLockError},
    path::{Path, PathBuf},
};

use crate::file::{self, FileError, Written};

/// The folders of pages, feeds and what is no memory of the data.
const OWN_FOLDERS: [&str; 5] = ["projects", "platforms", "feeds", "badges", "data/platforms"];
/// The endings of what it writes there.
const ENDINGS: [&str; 5] = ["html", "atom", "rss", "json", "svg"];
/// The file that says that a run is under way.
const LOCK: &str = ".lock";

/// Why nothing can be published.
#[derive(Debug, thiserror::Error)]
pub enum PublishError {
    /// The disk does not give or take it.
    #[error(transparent)]
    File(#[from] FileError),
    /// Another run has the lock.
    #[error("another run is writing {0}: wait until it has ended")]
    Locked(PathBuf),
}

/// The site's folder while a run writes it.
#[derive(Debug)]
pub struct Site {
    root: PathBuf,
    published: HashSet<PathBuf>,
    changed: usize,
    remembered: usize,
    /// Held until the run ends, however it does: the system gives it back.
    _lock: File,
}

impl Site {
    /// Takes the folder for this run, and removes what a killed one left unfinished.
    ///
    /// # Errors
    /// When another run has it, or the disk does not allow it.
    pub fn open(root: &Path) -> Result<Self, PublishError> {
        fs::create_dir_all(root).map_err(FileError::of("create", root))?;
        let path = root.join(LOCK);
        let lock = File::create(&path).map_err(FileError::of("write", &path))?;
        match lock.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => return Err(PublishError::Locked(root.to_owned())),
            Err(TryLockError::Error(error)) => return Err(FileError::of("lock", &path)(error).into()),
        }
        for folder in ["", "data", "data/projects"].iter().chain(&OWN_FOLDERS) {
            file::sweep(&root.join(folder))?;
        }
        Ok(Self { root: root.to_owned(), published: HashSet::new(), changed: 0, remembered: 0, _lock: lock })
    }

    /// Publishes a file at its place on the site.
    ///
    /// # Errors
    /// When the disk does not take it.
    pub fn write(&mut self, path: &str, bytes: &[u8]) -> Result<(), PublishError> {
        let path = self.root.join(path);
        self.changed += usize::from(file::write(&path, bytes)? == Written::Changed);
        self.published.insert(path);
        Ok(())
    }

    /// Counts a file of the memory, which the memory itself wrote.
    pub fn count_memory(&mut self, written: Written) {
        self.remembered += usize::from(written == Written::Changed);
    }

    /// Removes the pages and feeds that this run did not publish: their projects left the catalog.
    ///
    /// # Errors
    /// When the disk does not allow it.
    pub fn finish(self) -> Result<Published, PublishError> {
        let mut removed = 0;
        for folder in OWN_FOLDERS {
            for path in file::list(&self.root.join(folder))? {
                let is_ours = path.extension().is_some_and(|ending| ENDINGS.iter().any(|ours| *ours == ending));
                if is_ours && !self.published.contains(&path) && path.is_file() {
                    fs::remove_file(&path).map_err(FileError::of("remove", &path))?;
                    removed += 1;
                }
            }
        }
        let Self { published, changed, remembered, .. } = self;
        Ok(Published { files: published.len(), changed, remembered, removed })
    }
}

/// What a run did to the disk.
#[derive(Debug, Clone, Copy, Default)]
pub struct Published {
    /// How many files the site has, the memory not counted.
    pub files: usize,
    /// How many of them were written.
    pub changed: usize,
    /// How many files of the memory were written.
    pub remembered: usize,
    /// How many were removed.
    pub removed: usize,
}
