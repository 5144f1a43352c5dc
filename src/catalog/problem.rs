//! What can be wrong with the catalog, and how it is told.

use std::{io, ops::Range};

use miette::{Diagnostic, NamedSource, SourceSpan};

/// Why there is no catalog.
#[derive(Debug, thiserror::Error, Diagnostic)]
pub enum CatalogError {
    /// The file cannot be read.
    #[error("cannot read the catalog `{path}`")]
    #[diagnostic(help("run this where `projects.toml` stands, or name the catalog with `--config FILE`"))]
    Unreadable {
        /// The file.
        path: String,
        /// What the system says.
        source: io::Error,
    },
    /// The file says what it must not say.
    #[error(transparent)]
    #[diagnostic(transparent)]
    Wrong(#[from] Problems),
}

/// All that is wrong in one catalog, in the file's order.
#[derive(Debug, thiserror::Error, Diagnostic)]
#[error("{file_name} has {}", match list.len() { 1 => "a problem".to_owned(), n => format!("{n} problems") })]
pub struct Problems {
    file_name: String,
    #[source_code]
    text: NamedSource<String>,
    #[related]
    list: Vec<Problem>,
}

impl Problems {
    /// The problems of `list` in `text`.
    pub(super) fn new(file_name: &str, text: &str, mut list: Vec<Problem>) -> Self {
        list.sort_by_key(|problem| problem.place.offset());
        let list = list.into_iter().map(|problem| problem.with_line_of_first(text)).collect();
        let text = NamedSource::new(file_name, text.to_owned());
        Self { file_name: file_name.to_owned(), text, list }
    }

    /// Each of them.
    pub fn iter(&self) -> impl Iterator<Item = &Problem> {
        self.list.iter()
    }
}

/// One thing that is wrong, where, and what to do.
#[derive(Debug, thiserror::Error, Diagnostic)]
#[error("{message}")]
pub struct Problem {
    message: String,
    #[help]
    advice: Option<String>,
    #[label(primary, "here")]
    place: SourceSpan,
    /// Where that is which was there first. No label: the report would show everything between the two.
    first: Option<usize>,
}

impl Problem {
    /// That `message` is wrong at `place`, and that `advice` helps.
    pub(super) fn new(place: Range<usize>, message: impl Into<String>, advice: impl Into<String>) -> Self {
        Self { message: message.into(), advice: Some(advice.into()), place: place.into(), first: None }
    }

    /// Of an error whose advice stands behind its last colon.
    pub(super) fn of(place: Range<usize>, error: &str) -> Self {
        let (message, advice) = error.rsplit_once(": ").map_or((error, None), |(text, advice)| (text, Some(advice)));
        Self { message: message.to_owned(), advice: advice.map(str::to_owned), place: place.into(), first: None }
    }

    /// The same, with the offset of what was there first.
    pub(super) fn after(mut self, first: usize) -> Self {
        self.first = Some(first);
        self
    }

    /// The same, saying in which line of `text` that is which was there first.
    fn with_line_of_first(mut self, text: &str) -> Self {
        if let Some(before) = self.first.and_then(|first| text.get(..first)) {
            let line = before.matches('\n').count() + 1;
            self.message = format!("{}, the first in line {line}", self.message);
        }
        self
    }
}
