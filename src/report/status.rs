//! `status.json`: the run for a machine, and for the next run.

use std::{
    borrow::Cow,
    collections::{BTreeMap, HashMap},
    path::Path,
};

use schemars::JsonSchema;
use serde::{Deserialize, Serialize, Serializer};
use serde_json::value::RawValue;

use super::{Failure, Report};
use crate::{
    collect::Asked,
    file,
    history::States,
    model::{Channel, Moment, Project, Slug},
    overview::Standing,
    publish::STATUS,
};

/// The form of the file.
const SCHEMA: u32 = 1;

/// The last run: the only file with the clock in it.
#[derive(Serialize, JsonSchema)]
pub(crate) struct Status<'a> {
    schema: u32,
    program: String,
    at: Moment,
    requests: BTreeMap<Channel, usize>,
    quota_left: Option<u64>,
    counts: Counts,
    news: Vec<String>,
    #[schemars(with = "Vec<StatusSource>")]
    sources: Rows<'a>,
    warnings: &'a [String],
}

#[derive(Serialize, JsonSchema)]
struct Counts {
    projects: usize,
    releases: usize,
    left_out: usize,
    new: usize,
    events: usize,
    stale: usize,
}

#[derive(Debug, Serialize, JsonSchema)]
struct StatusSource<'a> {
    project: &'a Slug,
    source: String,
    state: &'static str,
    last_answer: Option<Moment>,
    error: Option<String>,
}

/// A row for each source of all projects, made when it is written: there are thousands.
struct Rows<'a> {
    projects: &'a [Project],
    states: &'a States,
    failures: &'a [Failure],
}

impl<'a> Status<'a> {
    pub(super) fn of(report: &'a Report, projects: &'a [Project], states: &'a States, asked: &Asked) -> Self {
        Self {
            schema: SCHEMA,
            program: env!("CARGO_PKG_VERSION").to_owned(),
            at: report.now,
            requests: asked.requests.clone(),
            quota_left: asked.quota_left,
            counts: Counts {
                projects: report.projects,
                releases: report.releases,
                left_out: report.left_out,
                new: report.new,
                events: report.events,
                stale: report.stale.len(),
            },
            news: report.entries.iter().map(|told| told.title.clone()).collect(),
            sources: Rows { projects, states, failures: &report.failures },
            warnings: &report.warnings,
        }
    }
}

impl Serialize for Rows<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let failures = self.failures.iter().map(|failure| ((&failure.project, &failure.source), &failure.trouble));
        let failures: HashMap<_, _> = failures.collect();
        let sources = self.projects.iter().flat_map(|project| project.sources().map(move |source| (project, source)));
        serializer.collect_seq(sources.map(|(project, source)| {
            let state = self.states.of(&project.id, &source);
            StatusSource {
                project: &project.id,
                source: source.key(),
                state: Standing::of(state).word(),
                last_answer: state.and_then(|state| state.last_answer),
                error: failures.get(&(&project.id, &source)).map(ToString::to_string),
            }
        }))
    }
}

/// Tells when each source answered last, as the last run's status has it. It is no part of the memory: where it is lost,
/// or a row is of another form, nothing is known.
pub fn last_answers(site: &Path, mut tell: impl FnMut(&Slug, &str, Moment)) {
    #[derive(Deserialize)]
    struct Last<'t> {
        /// Rows, which are read one by one: there are thousands.
        #[serde(borrow)]
        sources: Vec<&'t RawValue>,
    }
    #[derive(Deserialize)]
    struct Answered<'t> {
        project: Slug,
        #[serde(borrow)]
        source: Cow<'t, str>,
        last_answer: Option<Moment>,
    }
    let status = file::read(&site.join(STATUS)).ok().flatten().unwrap_or_default();
    let sources = serde_json::from_slice::<Last<'_>>(&status).map(|last| last.sources).unwrap_or_default();
    for row in sources {
        if let Ok(Answered { project, source, last_answer: Some(at) }) = serde_json::from_str(row.get()) {
            tell(&project, &source, at);
        }
    }
}
