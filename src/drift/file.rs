//! Files of others, in YAML: what they say, or where they cannot be understood.

use std::{fs, path::Path};

use serde::de::DeserializeOwned;

use crate::file::FileError;

/// A file with which the catalog cannot be compared.
#[derive(Debug, thiserror::Error)]
pub enum FormError {
    /// The disk does not give it.
    #[error(transparent)]
    File(#[from] FileError),
    /// It is no YAML, or says something else than its form has.
    #[error("cannot understand {path}{}", at(.source))]
    Unreadable {
        /// The file.
        path: String,
        /// What is wrong, with line and column.
        source: Box<serde_saphyr::Error>,
    },
    /// It is of none of the known forms.
    #[error("{path} is {expected}")]
    Unknown {
        /// The file.
        path: String,
        /// What it should have been.
        expected: &'static str,
    },
}

/// The place of an error, as an editor takes it.
fn at(error: &serde_saphyr::Error) -> String {
    error.location().map(|place| format!(":{}:{}", place.line(), place.column())).unwrap_or_default()
}

/// The file at `path`, as far as `T` asks for it: whatever else it says is left alone.
///
/// # Errors
/// When it cannot be read, or not understood.
pub(super) fn read<T: DeserializeOwned>(path: &Path) -> Result<T, FormError> {
    parse(path, &fs::read_to_string(path).map_err(FileError::of("read", path))?)
}

/// The text of the file at `path`, as far as `T` asks for it.
///
/// # Errors
/// When it cannot be understood.
pub(crate) fn parse<T: DeserializeOwned>(path: &Path, text: &str) -> Result<T, FormError> {
    // An excerpt in the message could hold what a terminal would obey.
    let options = serde_saphyr::options! { with_snippet: false };
    serde_saphyr::from_str_with_options(text, options)
        .map_err(|source| FormError::Unreadable { path: path.display().to_string(), source: Box::new(source) })
}

/// The name of a file, for messages that need no path.
pub(super) fn name(path: &Path) -> String {
    path.file_name().unwrap_or(path.as_os_str()).to_string_lossy().into_owned()
}
