//! What happened in a run: for a person on stderr, for a machine in `status.json`.

use std::{
    collections::{BTreeMap, BTreeSet},
    path::Path,
    time::Instant,
};

use chrono::NaiveDate;
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use tracing_subscriber::{filter::Targets, layer::SubscriberExt, util::SubscriberInitExt};
use url::Url;

mod status;
mod workflow;

pub(crate) use self::status::Status;
pub use self::status::last_answers;

use crate::{
    collect::{Asked, Trouble},
    history::{Health, History, News, SourceState, States, Told},
    model::{Moment, Project, Slug, Source},
    publish::Published,
    version::is_hidden,
};

/// How long a line with text from outside is, in characters.
const LONGEST_LINE: usize = 500;
/// How many new entries are printed.
const PRINTED: usize = 20;
/// How many new entries are named to programs.
const NAMED: usize = 100;

/// Prints our own log from now on: warnings, every request at `verbose` 1, more above. What libraries log of a request
/// may hold more than a log should.
pub fn listen(verbose: u8) {
    let level = match verbose {
        0 => tracing::Level::WARN,
        1 => tracing::Level::DEBUG,
        _ => tracing::Level::TRACE,
    };
    let lines = tracing_subscriber::fmt::layer().with_writer(std::io::stderr).without_time().with_ansi(false);
    tracing_subscriber::registry().with(lines).with(Targets::new().with_target(env!("CARGO_CRATE_NAME"), level)).init();
}

/// How much is said while a run goes on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Voice {
    /// Errors alone.
    Quiet,
    /// A bar on a terminal, a line a project elsewhere, a summary at the end.
    Normal,
}

/// What happened, as it happens.
#[derive(Debug)]
pub struct Report {
    now: Moment,
    begun: Instant,
    voice: Voice,
    bar: ProgressBar,
    entries: Vec<Told>,
    new: usize,
    events: usize,
    warnings: Vec<String>,
    failures: Vec<Failure>,
    projects: usize,
    releases: usize,
    left_out: usize,
    stale: Vec<Stale>,
    /// Whether GitHub was asked without a token, …
    is_anonymous: bool,
    /// … so that so many lists were read no further than their first page.
    cut_short: usize,
}

/// A source that could not be read.
#[derive(Debug)]
struct Failure {
    project: Slug,
    source: Source,
    address: Url,
    trouble: Trouble,
}

impl Failure {
    fn host(&self) -> &str {
        self.address.authority()
    }
}

/// A source that is out of date.
#[derive(Debug)]
struct Stale {
    project: String,
    source: String,
    since: NaiveDate,
    reason: String,
}

impl Report {
    /// Of a run at `now`, over so many projects.
    #[must_use]
    pub fn new(now: Moment, voice: Voice, projects: usize) -> Self {
        let hidden = voice == Voice::Quiet || tracing::enabled!(tracing::Level::DEBUG);
        let target = if hidden { ProgressDrawTarget::hidden() } else { ProgressDrawTarget::stderr() };
        let bar = ProgressBar::with_draw_target(Some(projects as u64), target);
        if let Ok(style) = ProgressStyle::with_template("{bar:30} {pos}/{len} {msg}") {
            bar.set_style(style);
        }
        let (entries, warnings, failures) = (Vec::new(), Vec::new(), Vec::new());
        let begun = Instant::now();
        Self {
            now,
            begun,
            voice,
            bar,
            entries,
            new: 0,
            events: 0,
            warnings,
            failures,
            projects,
            releases: 0,
            left_out: 0,
            stale: Vec::new(),
            is_anonymous: false,
            cut_short: 0,
        }
    }

    /// A source could not be read.
    pub fn failure(&mut self, project: &Project, source: Source, address: Url, trouble: Trouble) {
        self.failures.push(Failure { project: project.id.clone(), source, address, trouble });
    }

    /// GitHub is asked without a token.
    pub fn anonymous(&mut self) {
        self.is_anonymous = true;
    }

    /// A list was read no further than its first page, for want of a token.
    pub fn cut_short(&mut self) {
        self.cut_short += 1;
    }

    /// A person should know this of a project.
    pub fn warning(&mut self, project: &Project, warning: &str) {
        self.warnings.push(format!("{}: {}", project.id, printable(warning)));
    }

    /// A project's turn is over, with this history to be shown.
    pub fn project(&mut self, project: &Project, history: &History, news: News) {
        let id = &project.id;
        self.bar.set_message(id.to_string());
        self.bar.inc(1);
        if self.bar.is_hidden() && self.voice == Voice::Normal {
            let new = if news.releases == 0 { String::new() } else { format!(", {} new", news.releases) };
            let failed = self.failures.iter().rev().take_while(|failure| failure.project == *id).count();
            let failed = if failed == 0 { String::new() } else { format!(", {} not read", counted(failed, "source")) };
            eprintln!("{id}: {}{new}{failed}", counted(history.releases.len(), "release"));
        }
        self.new += news.releases;
        self.events += news.events;
        news.warnings.iter().for_each(|warning| self.warning(project, warning));
        self.releases += history.releases.len();
        self.left_out += history.count_left_out();
        self.entries.extend(news.entries);
        // What is named nowhere need not be kept.
        self.entries.sort_unstable_by(|a, b| b.cmp(a));
        self.entries.truncate(NAMED);
    }

    /// Whether every source that was asked answered.
    #[must_use]
    pub fn is_complete(&self) -> bool {
        self.failures.is_empty()
    }

    /// Prints what there is to know at the end of a run.
    pub fn print(&self, site: &Path, published: Published, remembered: usize) {
        self.bar.finish_and_clear();
        if self.voice == Voice::Quiet {
            return;
        }
        self.print_warnings();
        eprintln!("\n{}", self.headline());
        for Told { announced, title } in self.entries.iter().take(PRINTED) {
            eprintln!("  {announced} {}", printable(title));
        }
        if self.new + self.events > PRINTED {
            eprintln!("  …");
        }
        let Published { files, changed, removed } = published;
        eprintln!("{changed} of {} written, {remembered} of the memory, {removed} removed", counted(files, "file"));
        let page = site.join("index.html");
        eprintln!("open {}", page.canonicalize().unwrap_or(page).display());
        if remembered > 0 {
            eprintln!("to undo a trial: git restore {}", site.join("data").display());
        }
    }

    /// What there is to know though all goes on, and then what failed.
    fn print_warnings(&self) {
        for warning in &self.warnings {
            eprintln!("warning: {warning}");
        }
        if self.is_anonymous {
            let lists = counted(self.cut_short, "list");
            eprintln!(
                "warning: without GITHUB_TOKEN, no security advisories are read, and {lists} of GitHub's no further"
            );
            eprintln!("  than the first page; any token will do, without scopes");
        }
        self.print_failures();
    }

    /// What holds for a host is said once; the rest source by source, with its address and what to do.
    fn print_failures(&self) {
        let is_down = |failure: &&Failure| matches!(failure.trouble, Trouble::Down(_));
        let down: BTreeSet<_> = self.failures.iter().filter(is_down).map(Failure::host).collect();
        // Whatever else a server did before it was given up is the same trouble.
        let is_of_host = |failure: &&Failure| {
            failure.trouble.is_of_host() || failure.trouble.may_be_of_host() && down.contains(failure.host())
        };
        let (of_hosts, of_sources): (Vec<_>, Vec<_>) = self.failures.iter().partition(is_of_host);
        for Failure { project, source, address, trouble } in of_sources {
            eprintln!("warning: {project}: {source} was not read: {} ({address})", printable(&trouble.to_string()));
            eprintln!("  {}", trouble.advice());
        }
        let mut hosts: BTreeMap<&str, Vec<&Trouble>> = BTreeMap::new();
        for failure in of_hosts {
            hosts.entry(failure.host()).or_default().push(&failure.trouble);
        }
        for (host, troubles) in hosts {
            // That a token would help matters only where nothing worse is the matter.
            let Some(worst) = troubles.iter().max_by_key(|trouble| trouble.closes_host()) else { continue };
            let sources = counted(troubles.len(), "source");
            eprintln!(
                "warning: {host}: {}; {sources} not read, and shown as remembered",
                printable(&worst.to_string())
            );
            eprintln!("  {}", worst.advice());
        }
    }

    /// The run for a machine, with how the sources of all projects do now: the only file of the site with the clock in
    /// it.
    #[must_use]
    pub(crate) fn status<'a>(&'a mut self, projects: &'a [Project], states: &'a States, asked: &Asked) -> Status<'a> {
        self.stale = stale(projects, states);
        Status::of(self, projects, states, asked)
    }
}

/// What is out of date, in the catalog's order.
fn stale(projects: &[Project], states: &States) -> Vec<Stale> {
    let of_project = |project: &Project| {
        let of = |source: Source| Stale::of(project, &source, states.of(&project.id, &source));
        project.sources().filter_map(of).collect::<Vec<_>>()
    };
    projects.iter().flat_map(of_project).collect()
}

impl Stale {
    fn of(project: &Project, source: &Source, state: Option<&SourceState>) -> Option<Self> {
        let Some(Health::Stale { since, error }) = state.map(|state| &state.health) else { return None };
        Some(Self {
            project: project.name.clone(),
            source: source.to_string(),
            since: *since,
            reason: error.to_string(),
        })
    }
}

/// A number of things, in words.
fn counted(number: usize, thing: &str) -> String {
    format!("{number} {thing}{}", if number == 1 { "" } else { "s" })
}

/// Text from outside, without what a terminal would obey.
pub(crate) fn printable(text: &str) -> String {
    text.chars().take(LONGEST_LINE).map(|c| if is_hidden(c) { '\u{fffd}' } else { c }).collect()
}

/// The same of several lines.
#[must_use]
pub fn printable_lines(text: &str) -> String {
    text.lines().map(printable).collect::<Vec<_>>().join("\n")
}
