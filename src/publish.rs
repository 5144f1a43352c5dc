//! Writes what was rendered under the site's folder: only what changed, and never half a file.

use std::{
    collections::HashSet,
    fs::{self, File, TryLockError},
    hash::{DefaultHasher, Hash, Hasher},
    io::{self, Write},
    path::{Path, PathBuf},
    sync::{Mutex, MutexGuard, PoisonError},
};

use crate::file::{self, FileError, Written};

/// The folders of pages, feeds and what is no memory of the data.
const OWN_FOLDERS: [&str; 5] = ["projects", "platforms", "feeds", "badges", "data/platforms"];
/// The endings of what it writes there.
const ENDINGS: [&str; 5] = ["html", "atom", "rss", "json", "svg"];
/// The file that says that a run is under way.
const LOCK: &str = ".lock";
/// What the site was made of.
pub(crate) const COLOPHON: &str = ".colophon";
/// What the last run came to.
pub(crate) const STATUS: &str = "status.json";
/// How the sources do: a part of the memory.
const SOURCES: &str = "data/sources.json";

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
    paths: Mutex<Paths>,
    removed: usize,
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
        let lock = file::open_lock(&path)?;
        match lock.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => return Err(PublishError::Locked(root.to_owned())),
            Err(TryLockError::Error(error)) => return Err(FileError::of("lock", &path)(error).into()),
        }
        let folders: Vec<_> =
            ["data", "data/projects"].iter().chain(&OWN_FOLDERS).map(|folder| root.join(folder)).collect();
        folders.iter().try_for_each(|folder| file::own_folder(folder))?;
        folders.iter().chain([&root.to_owned()]).try_for_each(|folder| file::sweep(folder))?;
        Ok(Self { root: root.to_owned(), paths: Mutex::default(), removed: 0, _lock: lock })
    }

    /// Publishes what `content` writes at its place on the site; several places at once where that is wanted.
    ///
    /// # Errors
    /// When the disk does not take it.
    pub fn write(
        &self,
        path: &str,
        content: impl FnOnce(&mut dyn Write) -> io::Result<()>,
    ) -> Result<(), PublishError> {
        let written = file::write(&self.root.join(path), content)?;
        self.published_paths().insert(path, written);
        Ok(())
    }

    fn published_paths(&self) -> MutexGuard<'_, Paths> {
        self.paths.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Removes the pages and feeds that this run did not publish: their projects left the catalog.
    ///
    /// # Errors
    /// When the disk does not allow it.
    pub fn remove_others(&mut self) -> Result<(), PublishError> {
        let published = self.paths.get_mut().unwrap_or_else(PoisonError::into_inner);
        for folder in OWN_FOLDERS {
            for path in file::each(&self.root.join(folder)) {
                let path = path?;
                let is_ours = path.extension().is_some_and(|ending| ENDINGS.iter().any(|ours| *ours == ending));
                let name = path.file_name().unwrap_or_default().to_string_lossy();
                if is_ours && !published.contains(&format!("{folder}/{name}")) && path.is_file() {
                    file::remove(&path)?;
                    self.removed += 1;
                }
            }
        }
        Ok(())
    }

    /// What the run did to the disk.
    ///
    /// # Errors
    /// When the disk does not say what stands there.
    pub fn published(&self) -> Result<Published, FileError> {
        // The status is apart from what is made of the memory.
        let site = Self::files(&self.root).try_fold(0, |count, path| path.map(|_| count + 1))?;
        let files = site + usize::from(self.root.join(STATUS).exists());
        Ok(Published { files, changed: self.published_paths().changed(), removed: self.removed })
    }

    /// All that stands on the site but the memory and the last run's status, in no order, as far as the disk says it.
    pub fn files(root: &Path) -> impl Iterator<Item = Result<PathBuf, FileError>> {
        let apart = [LOCK, COLOPHON, STATUS, SOURCES].map(|path| root.join(path));
        let folders = ["", "data"].into_iter().chain(OWN_FOLDERS).map(|folder| root.join(folder));
        let paths = folders.flat_map(|folder| file::each(&folder));
        paths.filter(move |path| path.as_ref().map_or(true, |path| !apart.contains(path) && path.is_file()))
    }
}

/// The paths of what a run published, below the root, as the hash of each without its last bit, which says whether the
/// file was written: the paths themselves would be megabytes.
#[derive(Debug, Default)]
struct Paths(HashSet<u64>);

impl Paths {
    /// Adds a path; what was published twice was written if it was so once.
    fn insert(&mut self, path: &str, written: Written) {
        let same = Self::hash(path);
        let changed = same | 1;
        if written == Written::Changed {
            self.0.remove(&same);
            self.0.insert(changed);
        } else if !self.0.contains(&changed) {
            self.0.insert(same);
        }
    }

    fn contains(&self, path: &str) -> bool {
        let same = Self::hash(path);
        self.0.contains(&same) || self.0.contains(&(same | 1))
    }

    /// How many of the files were written.
    fn changed(&self) -> usize {
        self.0.iter().filter(|hash| *hash & 1 == 1).count()
    }

    fn hash(path: &str) -> u64 {
        let mut hasher = DefaultHasher::new();
        path.hash(&mut hasher);
        hasher.finish() & !1
    }
}

/// What a run did to the disk.
#[derive(Debug, Clone, Copy, Default)]
pub struct Published {
    /// How many files the site has, the memory not counted.
    pub files: usize,
    /// How many of them were written.
    pub changed: usize,
    /// How many were removed.
    pub removed: usize,
}
