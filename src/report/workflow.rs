//! What a run leaves in a GitHub workflow: a
//! [summary of the step](https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-commands#adding-a-job-summary)
//! and [annotations](https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-commands#setting-a-warning-message).

use std::{
    fs::OpenOptions,
    io::{self, Write},
    path::Path,
};

use askama::Template;
use comrak::escape_commonmark_inline;

use super::{Failure, Report, Stale, counted, printable};
use crate::{collect::Asked, model::Channel};

#[derive(Template)]
#[template(path = "summary.md")]
struct Summary<'a> {
    headline: String,
    /// Each with its date.
    entries: Vec<(String, String)>,
    more: usize,
    stale: Vec<StaleRow>,
    warnings: Vec<String>,
    asked: &'a Asked,
    github: usize,
    pypi: usize,
    seconds: u64,
}

/// A source that is out of date.
struct StaleRow {
    project: String,
    source: String,
    since: String,
    reason: String,
}

impl StaleRow {
    fn of(stale: &Stale) -> Self {
        let Stale { project, source, since, reason } = stale;
        Self { project: cell(project), source: cell(source), since: since.to_string(), reason: cell(reason) }
    }
}

impl Report {
    /// Appends a summary to the file that the runner names, and prints an annotation for each warning. The site is
    /// written by now: that a summary is not is one more warning.
    pub fn workflow(&self, summary: &Path, asked: &Asked) {
        for warning in &self.warnings {
            annotate("Warning", warning);
        }
        for Failure { project, source, trouble, .. } in &self.failures {
            annotate(&format!("{project}: {source} was not read"), &format!("{trouble}: {}", trouble.advice()));
        }
        let text = self.summary(asked);
        let append = || OpenOptions::new().append(true).create(true).open(summary)?.write_all(text.as_bytes());
        if let Err(error) = append() {
            eprintln!("warning: cannot write {}: {error}", summary.display());
        }
    }

    fn summary(&self, asked: &Asked) -> String {
        let requests = |channel| asked.requests.get(&channel).copied().unwrap_or_default();
        let summary = Summary {
            headline: self.headline(),
            entries: self.entries.iter().map(|told| (told.announced.to_string(), cell(&told.title))).collect(),
            more: (self.new + self.events).saturating_sub(self.entries.len()),
            stale: self.stale.iter().map(StaleRow::of).collect(),
            warnings: self.warnings.iter().map(|warning| cell(warning)).collect(),
            asked,
            github: requests(Channel::Github),
            pypi: requests(Channel::Pypi),
            seconds: self.begun.elapsed().as_secs(),
        };
        #[expect(
            clippy::expect_used,
            reason = "writing to a string cannot fail, and the template has no failing filter"
        )]
        summary.render().expect("a template of plain values")
    }

    pub(super) fn headline(&self) -> String {
        let events = if self.events == 0 { String::new() } else { format!(", {}", counted(self.events, "event")) };
        format!("{}{events}", counted(self.new, "new release"))
    }
}

/// Text as a table of Markdown shows it.
fn cell(text: &str) -> String {
    escape_commonmark_inline(&printable(text)).replace('|', "\\|")
}

/// Prints a warning as a workflow command; what cannot be printed is nothing that a run should fail for.
fn annotate(title: &str, message: &str) {
    let data = |text: &str| printable(text).replace('%', "%25");
    let title = data(title).replace(':', "%3A").replace(',', "%2C");
    _ = writeln!(io::stdout(), "::warning title={title}::{}", data(message));
}
