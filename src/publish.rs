//! Writes what was rendered under the site's folder: only what changed, and never half a file.

use std::{
    collections::HashSet,
    fs::{self, File, TryLockError},
    hash::{DefaultHasher, Hash, Hasher},
    io::{self, Write},
    path::{Path, PathBuf},
    sync::{
        Mutex, PoisonError,
        atomic::{AtomicUsize, Ordering},
    },
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
    /// The hashes of the paths of what this run published, below the root: the paths themselves would be megabytes.
    published: Mutex<HashSet<u64>>,
    changed: AtomicUsize,
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
        Ok(Self { root: root.to_owned(), published: Mutex::default(), changed: 0.into(), removed: 0, _lock: lock })
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
        self.changed.fetch_add(usize::from(written == Written::Changed), Ordering::Relaxed);
        self.published.lock().unwrap_or_else(PoisonError::into_inner).insert(hash(path));
        Ok(())
    }

    /// Removes the pages and feeds that this run did not publish: their projects left the catalog.
    ///
    /// # Errors
    /// When the disk does not allow it.
    pub fn remove_others(&mut self) -> Result<(), PublishError> {
        let published = self.published.get_mut().unwrap_or_else(PoisonError::into_inner);
        for folder in OWN_FOLDERS {
            for path in file::each(&self.root.join(folder)) {
                let path = path?;
                let is_ours = path.extension().is_some_and(|ending| ENDINGS.iter().any(|ours| *ours == ending));
                let name = path.file_name().unwrap_or_default().to_string_lossy();
                if is_ours && !published.contains(&hash(&format!("{folder}/{name}"))) && path.is_file() {
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
        Ok(Published { files, changed: self.changed.load(Ordering::Relaxed), removed: self.removed })
    }

    /// All that stands on the site but the memory and the last run's status, in no order, as far as the disk says it.
    pub fn files(root: &Path) -> impl Iterator<Item = Result<PathBuf, FileError>> {
        let apart = [LOCK, COLOPHON, STATUS, SOURCES].map(|path| root.join(path));
        let folders = ["", "data"].into_iter().chain(OWN_FOLDERS).map(|folder| root.join(folder));
        let paths = folders.flat_map(|folder| file::each(&folder));
        paths.filter(move |path| path.as_ref().map_or(true, |path| !apart.contains(path) && path.is_file()))
    }
}

fn hash(path: &str) -> u64 {
    let mut hasher = DefaultHasher::new();
    path.hash(&mut hasher);
    hasher.finish()
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
