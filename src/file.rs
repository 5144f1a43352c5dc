//! A file that is the old one or the new one, whole, whatever happens in between.

use std::{
    error::Error,
    fs::{self, File, FileType},
    io::{self, BufWriter, ErrorKind, Read, Seek, Write},
    path::{Path, PathBuf},
};

use serde::Serialize;
use tempfile::NamedTempFile;

/// The beginning of the names of files that are not finished yet.
const UNFINISHED: &str = ".unfinished-";
/// So many bytes are compared and written at once.
const CHUNK: usize = 64 * 1024;

/// A file or folder that could not be read or written.
#[derive(Debug, thiserror::Error)]
#[error("cannot {action} {}: {cause}\n  {}", path.display(), advice(cause))]
pub struct FileError {
    action: &'static str,
    path: PathBuf,
    cause: io::Error,
}

impl FileError {
    /// For `map_err`: says what was done with which file when it failed.
    pub fn of(action: &'static str, path: &Path) -> impl FnOnce(io::Error) -> Self {
        move |cause| Self { action, path: path.to_owned(), cause: bare(cause) }
    }
}

/// The system's own words, without the name of an unfinished file, which says nothing to anybody.
fn bare(error: io::Error) -> io::Error {
    let system = error.get_ref().and_then(Error::source).and_then(|source| source.downcast_ref::<io::Error>());
    system.and_then(io::Error::raw_os_error).map_or(error, io::Error::from_raw_os_error)
}

/// What a person can do about it.
fn advice(cause: &io::Error) -> &'static str {
    match cause.kind() {
        ErrorKind::StorageFull | ErrorKind::QuotaExceeded | ErrorKind::FileTooLarge => {
            "make room and run again: each file is whole, the old one or the new one, and the next run does the rest"
        }
        ErrorKind::PermissionDenied | ErrorKind::ReadOnlyFilesystem => {
            "allow it to whoever runs this, or name another place"
        }
        ErrorKind::NotFound => "see whether that is its name, and whether it is there",
        ErrorKind::InvalidFilename => "name a place with a shorter path",
        ErrorKind::AlreadyExists | ErrorKind::NotADirectory | ErrorKind::IsADirectory | ErrorKind::InvalidInput => {
            "move away what stands in its place, or name another place"
        }
        _ => "see what is the matter with the disk, and run again: each file is the old one or the new one, whole",
    }
}

/// What stands at a path, links not followed.
fn kind(path: &Path) -> io::Result<Option<FileType>> {
    match fs::symlink_metadata(path) {
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
        found => found.map(|found| Some(found.file_type())),
    }
}

/// Sees to it that what is to be written in `folder` does not end elsewhere: it is a folder and no link to one, or is
/// not there yet.
///
/// # Errors
/// When it is anything else, or cannot be looked at.
pub fn own_folder(folder: &Path) -> Result<(), FileError> {
    let wrong = match kind(folder).map_err(FileError::of("use", folder))? {
        None => return Ok(()),
        Some(found) if found.is_dir() => return Ok(()),
        Some(found) if found.is_symlink() => "it is a link, and the site is written in no other folder than its own",
        Some(_) => "it is no folder",
    };
    Err(FileError::of("use", folder)(io::Error::new(ErrorKind::InvalidInput, wrong)))
}

/// Opens the file at `path` to be locked, and makes it where it is not there yet.
///
/// # Errors
/// When it is no file, or a link to one, or the disk does not allow it.
pub fn open_lock(path: &Path) -> Result<File, FileError> {
    let open = || match kind(path)? {
        Some(found) if !found.is_file() => Err(io::Error::new(ErrorKind::InvalidInput, "it is no file")),
        _ => File::options().write(true).create(true).truncate(false).open(path),
    };
    open().map_err(FileError::of("lock", path))
}

/// The bytes of the file at `path`; none where nothing is there. A pipe or a device is not waited for.
///
/// # Errors
/// When it is no file, or cannot be read.
pub fn read(path: &Path) -> Result<Option<Vec<u8>>, FileError> {
    let read = || match kind(path)? {
        None => Ok(None),
        Some(_) if fs::metadata(path)?.is_file() => fs::read(path).map(Some),
        Some(found) if found.is_dir() => Err(ErrorKind::IsADirectory.into()),
        Some(_) => Err(io::Error::new(ErrorKind::InvalidInput, "it is no file")),
    };
    read().map_err(FileError::of("read", path))
}

/// What writing a file came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Written {
    /// It has these bytes now.
    Changed,
    /// It had them already and was not touched.
    Same,
}

/// Makes the file at `path` hold what `content` writes. As long as that is what the file has, nothing is written; from the
/// first difference on it goes to a new file beside it, which takes its place when it is complete. That may have been a
/// link: where it led is left alone.
///
/// When the machine stops at once, the file may have lost what was written; so this is for what can be made again.
///
/// # Errors
/// When the disk does not take it; the file is then what it was.
pub fn write(path: &Path, content: impl FnOnce(&mut dyn Write) -> io::Result<()>) -> Result<Written, FileError> {
    replace(path, content, |_| Ok(()))
}

/// The same for what cannot be made again: the disk has it before it takes its place.
///
/// # Errors
/// When the disk does not take it; the file is then what it was.
pub fn keep(path: &Path, content: impl FnOnce(&mut dyn Write) -> io::Result<()>) -> Result<Written, FileError> {
    replace(path, content, File::sync_all)
}

fn replace(
    path: &Path,
    content: impl FnOnce(&mut dyn Write) -> io::Result<()>,
    settle: impl FnOnce(&File) -> io::Result<()>,
) -> Result<Written, FileError> {
    let replace = || {
        let mut writer = BufWriter::with_capacity(CHUNK, Draft::beside(path)?);
        content(&mut writer)?;
        writer.into_inner().map_err(io::IntoInnerError::into_error)?.finish(settle)
    };
    replace().map_err(FileError::of("write", path))
}

/// What is to stand in a file, while it is compared with what stands there.
struct Draft<'p> {
    path: &'p Path,
    /// The file as it is, read so far as it is the same.
    old: Option<File>,
    same: u64,
    /// What takes its place.
    new: Option<NamedTempFile>,
}

impl<'p> Draft<'p> {
    fn beside(path: &'p Path) -> io::Result<Self> {
        // No link is followed, and no pipe is waited for.
        let is_file = kind(path)?.is_some_and(|found| found.is_file());
        let old = if is_file { File::open(path).ok() } else { None };
        Ok(Self { path, old, same: 0, new: None })
    }

    /// Whether the file as it is goes on with these bytes.
    fn goes_on_with(&mut self, bytes: &[u8]) -> bool {
        let Some(old) = self.old.as_mut().filter(|_| self.new.is_none()) else { return false };
        let mut read = vec![0; bytes.len()];
        old.read_exact(&mut read).is_ok() && read == bytes
    }

    /// The new file, which begins with what was the same so far.
    fn begin(&mut self) -> io::Result<&mut NamedTempFile> {
        let folder = self.path.parent().unwrap_or(Path::new("."));
        fs::create_dir_all(folder)?;
        let mut unfinished = tempfile::Builder::new();
        // A temporary file is its owner's alone unless told otherwise, and a web server is somebody else.
        #[cfg(unix)]
        unfinished.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o644));
        let mut new = unfinished.prefix(UNFINISHED).tempfile_in(folder)?;
        if let Some(mut old) = self.old.take() {
            old.rewind()?;
            io::copy(&mut old.take(self.same), &mut new)?;
        }
        Ok(self.new.insert(new))
    }

    fn finish(mut self, settle: impl FnOnce(&File) -> io::Result<()>) -> io::Result<Written> {
        let ends_here = |old: &File| old.metadata().is_ok_and(|old| old.len() == self.same);
        if self.new.is_none() && self.old.as_ref().is_some_and(ends_here) {
            return Ok(Written::Same);
        }
        if self.new.is_none() {
            self.begin()?;
        }
        let Some(new) = self.new else { return Ok(Written::Same) };
        settle(new.as_file())?;
        new.persist(self.path).map_err(|failed| failed.error)?;
        Ok(Written::Changed)
    }
}

/// Waits until the disk has the names of the files in `folder`, and not their bytes alone.
///
/// # Errors
/// When the disk does not say so.
pub fn settle(folder: &Path) -> Result<(), FileError> {
    // Elsewhere a folder cannot be opened.
    if cfg!(unix) {
        File::open(folder).and_then(|folder| folder.sync_all()).map_err(FileError::of("write", folder))?;
    }
    Ok(())
}

/// Removes the file or the link at `path`, if it is there.
///
/// # Errors
/// When the disk does not allow it.
pub fn remove(path: &Path) -> Result<(), FileError> {
    match fs::remove_file(path) {
        Err(error) if error.kind() != ErrorKind::NotFound => Err(FileError::of("remove", path)(error)),
        _ => Ok(()),
    }
}

impl Write for Draft<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let bytes = &bytes[..bytes.len().min(CHUNK)];
        if self.goes_on_with(bytes) {
            self.same += bytes.len() as u64;
            return Ok(bytes.len());
        }
        match &mut self.new {
            Some(new) => new.write(bytes),
            None => self.begin()?.write(bytes),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// Plain data as indented JSON with a last line end: each change is a line of a diff.
#[must_use]
pub fn json(content: &impl Serialize) -> Vec<u8> {
    let mut bytes = Vec::new();
    #[expect(clippy::expect_used, reason = "our own types have string keys and no failing serialiser")]
    write_json(&mut bytes, content).expect("plain data");
    bytes
}

/// Writes plain data as [`json`] has it.
///
/// # Errors
/// When the writer fails.
pub fn write_json(mut out: impl Write, content: &impl Serialize) -> io::Result<()> {
    serde_json::to_writer_pretty(&mut out, content)?;
    out.write_all(b"\n")
}

/// Removes what a killed run left unfinished in `folder`.
///
/// # Errors
/// When the folder cannot be read or a file in it not removed.
pub fn sweep(folder: &Path) -> Result<(), FileError> {
    for path in each(folder) {
        let path = path?;
        let name = path.file_name().unwrap_or_default();
        if name.to_string_lossy().starts_with(UNFINISHED) {
            remove(&path)?;
        }
    }
    Ok(())
}

/// The paths in `folder`, sorted; none where there is no such folder.
///
/// # Errors
/// When it cannot be read.
pub fn list(folder: &Path) -> Result<Vec<PathBuf>, FileError> {
    let mut paths = each(folder).collect::<Result<Vec<_>, _>>()?;
    paths.sort();
    Ok(paths)
}

/// The same one by one, in no order, as far as they can be read: there may be more of them than are to be held at once.
pub fn each(folder: &Path) -> impl Iterator<Item = Result<PathBuf, FileError>> + use<> {
    let (entries, failure) = match fs::read_dir(folder) {
        Ok(entries) => (Some(entries), None),
        Err(error) if error.kind() == ErrorKind::NotFound => (None, None),
        Err(error) => (None, Some(error)),
    };
    let folder = folder.to_owned();
    let paths = entries.into_iter().flatten().map(|entry| Ok(entry?.path()));
    failure.map(Err).into_iter().chain(paths).map(move |path| path.map_err(FileError::of("read", &folder)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_written_only_where_its_bytes_differ_and_is_readable_by_a_web_server() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("sub/page.html");
        let write = |bytes: &[u8]| write(&path, |out| out.write_all(bytes)).unwrap();
        let long = vec![b'x'; 3 * CHUNK];
        let later = [&long[..2 * CHUNK], b"y"].concat();
        for bytes in [b"one", b"two", &b"on"[..], b"ones", b"", &long, &later, &long] {
            assert_eq!((write(bytes), write(bytes)), (Written::Changed, Written::Same));
            assert!(fs::read(&path).unwrap() == bytes);
        }
        #[cfg(unix)]
        assert_eq!(std::os::unix::fs::PermissionsExt::mode(&fs::metadata(&path).unwrap().permissions()) & 0o777, 0o644);
    }

    #[test]
    fn what_a_killed_run_left_is_swept_and_nothing_else() {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join(".unfinished-x"), "").unwrap();
        fs::write(folder.path().join("page.html"), "").unwrap();
        sweep(folder.path()).unwrap();
        assert_eq!(list(folder.path()).unwrap(), [folder.path().join("page.html")]);
        assert_eq!(list(&folder.path().join("absent")).unwrap(), Vec::<PathBuf>::new());
    }
}
