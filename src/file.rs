//! A file that is the old one or the new one, whole, whatever happens in between.

use std::{
    fs::{self, File},
    io::{self, Read, Write},
    path::{Path, PathBuf},
};

use serde::Serialize;

/// The beginning of the names of files that are not finished yet.
const UNFINISHED: &str = ".unfinished-";

/// A file or folder that could not be read or written.
#[derive(Debug, thiserror::Error)]
#[error("cannot {action} {path}")]
pub struct FileError {
    action: &'static str,
    path: PathBuf,
    source: io::Error,
}

impl FileError {
    /// For `map_err`: says what was done with which file when it failed.
    pub fn of(action: &'static str, path: &Path) -> impl FnOnce(io::Error) -> Self {
        move |source| Self { action, path: path.to_owned(), source }
    }
}

/// What writing a file came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Written {
    /// It has these bytes now.
    Changed,
    /// It had them already and was not touched.
    Same,
}

/// Makes the file at `path` hold `bytes`, by way of a new file beside it that takes its place when it is complete.
///
/// # Errors
/// When the disk does not take it; the file is then what it was.
pub fn write(path: &Path, bytes: &[u8]) -> Result<Written, FileError> {
    if holds(path, bytes).unwrap_or(false) {
        return Ok(Written::Same);
    }
    let folder = path.parent().unwrap_or(Path::new("."));
    let replace = || {
        fs::create_dir_all(folder)?;
        let mut unfinished = tempfile::Builder::new();
        // A temporary file is its owner's alone unless told otherwise, and a web server is somebody else.
        #[cfg(unix)]
        unfinished.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o644));
        let mut file = unfinished.prefix(UNFINISHED).tempfile_in(folder)?;
        file.write_all(bytes)?;
        file.as_file().sync_all()?;
        file.persist(path).map_err(|failed| failed.error)
    };
    replace().map_err(FileError::of("write", path))?;
    Ok(Written::Changed)
}

/// Whether the file at `path` has these bytes already; it is never held whole.
fn holds(path: &Path, bytes: &[u8]) -> io::Result<bool> {
    let mut file = File::open(path)?;
    if file.metadata()?.len() != bytes.len() as u64 {
        return Ok(false);
    }
    let mut read = [0; 16 * 1024];
    let mut rest = bytes;
    while !rest.is_empty() {
        let length = file.read(&mut read)?;
        match rest.strip_prefix(&read[..length]) {
            Some(behind) if length > 0 => rest = behind,
            _ => return Ok(false),
        }
    }
    Ok(true)
}

/// Plain data as indented JSON with a last line end: each change is a line of a diff.
#[must_use]
pub fn json(content: &impl Serialize) -> Vec<u8> {
    #[expect(clippy::expect_used, reason = "our own types have string keys and no failing serialiser")]
    let mut bytes = serde_json::to_vec_pretty(content).expect("plain data");
    bytes.push(b'\n');
    bytes
}

/// Removes what a killed run left unfinished in `folder`.
///
/// # Errors
/// When the folder cannot be read or a file in it not removed.
pub fn sweep(folder: &Path) -> Result<(), FileError> {
    for path in list(folder)? {
        let name = path.file_name().unwrap_or_default();
        if name.to_string_lossy().starts_with(UNFINISHED) {
            fs::remove_file(&path).map_err(FileError::of("remove", &path))?;
        }
    }
    Ok(())
}

/// The paths in `folder`, sorted; none where there is no such folder.
///
/// # Errors
/// When it cannot be read.
pub fn list(folder: &Path) -> Result<Vec<PathBuf>, FileError> {
    let listed = match fs::read_dir(folder) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        listed => listed.and_then(|entries| entries.map(|entry| Ok(entry?.path())).collect::<io::Result<Vec<_>>>()),
    };
    let mut paths = listed.map_err(FileError::of("read", folder))?;
    paths.sort();
    Ok(paths)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_written_only_where_its_bytes_differ_and_is_readable_by_a_web_server() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("sub/page.html");
        assert_eq!(write(&path, b"one").unwrap(), Written::Changed);
        assert_eq!(write(&path, b"one").unwrap(), Written::Same);
        assert_eq!(write(&path, b"two").unwrap(), Written::Changed);
        assert_eq!(fs::read(&path).unwrap(), b"two");
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
