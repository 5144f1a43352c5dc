//! What is known of vulnerabilities: no advisory is ever forgotten, and each new one is told once.

use std::{
    cmp::Reverse,
    collections::{BTreeMap, HashMap},
};

use super::{
    History, Recording,
    events::{Happening, page_of},
    join::Said,
    record::{Fresh, Recorder, Told},
};
use crate::{
    model::{Advisory, Event, EventKind, Ghsa, Link, Project, Release},
    version::{Stability, Version},
};

/// The advisories of a project by the versions that fix them. One that was withdrawn counts no more.
#[derive(Debug)]
pub struct Fixes<'h>(HashMap<Version, Vec<&'h Advisory>>);

impl<'h> Fixes<'h> {
    pub(super) fn of(advisories: Option<&'h Vec<Advisory>>) -> Self {
        let mut by_version: HashMap<_, Vec<_>> = HashMap::new();
        for advisory in worst_first(advisories.into_iter().flatten().filter(|advisory| advisory.withdrawn.is_none())) {
            for version in advisory.fixed_in() {
                by_version.entry(version).or_default().push(advisory);
            }
        }
        Self(by_version)
    }

    /// Those that this version fixes, the worst first.
    #[must_use]
    pub fn in_version(&self, version: &Version) -> &[&'h Advisory] {
        self.0.get(version).map_or(&[], Vec::as_slice)
    }
}

fn worst_first<'h>(advisories: impl Iterator<Item = &'h Advisory>) -> Vec<&'h Advisory> {
    let mut sorted: Vec<_> = advisories.collect();
    sorted.sort_by_cached_key(|advisory| advisory.rank());
    sorted
}

impl History {
    /// What its releases fix, as far as that is known now.
    #[must_use]
    pub fn fixes(&self) -> Fixes<'_> {
        Fixes::of(self.advisories.as_ref())
    }

    /// All advisories that were not taken back, the worst first.
    #[must_use]
    pub fn valid_advisories(&self) -> Vec<&Advisory> {
        worst_first(self.advisories.iter().flatten().filter(|advisory| advisory.withdrawn.is_none()))
    }

    /// The advisories of an event, as they read now, the worst first.
    #[must_use]
    pub fn advisories_of(&self, event: &Event) -> Vec<&Advisory> {
        let known = self.advisories.iter().flatten();
        worst_first(known.filter(|advisory| event.advisories.contains(&advisory.ghsa)))
    }

    /// Takes what a source says of its advisories tonight. Gives those that are new where the others were known before:
    /// a first answer is silent, and a seed holds none.
    pub(super) fn take_advisories(&mut self, said: &mut Said, record: Recording) -> Vec<Ghsa> {
        let Some(answered) = said.answer.advisories.take().filter(|_| record == Recording::Live) else {
            return Vec::new();
        };
        let is_first = self.advisories.is_none() || !said.before.is_read();
        let by_id = |advisory: Advisory| (advisory.ghsa.clone(), advisory);
        let mut all: BTreeMap<_, _> = self.advisories.take().into_iter().flatten().map(by_id).collect();
        let mut new: Vec<Ghsa> = answered.iter().map(|advisory| advisory.ghsa.clone()).collect();
        new.retain(|ghsa| !is_first && !all.contains_key(ghsa));
        all.extend(answered.into_iter().map(by_id));
        let mut all: Vec<Advisory> = all.into_values().collect();
        all.sort_by_key(|advisory| Reverse(advisory.published));
        self.advisories = Some(all);
        new
    }

    /// Rule 12: the `new` advisories are one event, but for those whose fix is news tonight: the fix tells of them.
    pub(super) fn tell_advisories(
        &mut self,
        project: &Project,
        recorder: &mut Recorder,
        fresh: &Fresh,
        new: &[Ghsa],
    ) -> Option<Told> {
        let told = self.untold(recorder, fresh, new);
        let link = match told[..] {
            [] => return None,
            [only] => Link::Github(only.url.clone()),
            _ => page_of(project),
        };
        let mut advisories: Vec<Ghsa> = told.iter().map(|advisory| advisory.ghsa.clone()).collect();
        advisories.sort_unstable();
        let (subject, title) = (project.id.to_string(), title(project, &told));
        let happened = Happening { subject, kind: EventKind::Security, stability: None, title, link, advisories };
        recorder.tell(&mut self.events, happened)
    }

    /// Those of the `new` advisories that no release of tonight tells of. Readers of finals see final releases alone.
    fn untold(&self, recorder: &Recorder, fresh: &Fresh, new: &[Ghsa]) -> Vec<&Advisory> {
        let is_seen = |release: &&Release| {
            release.entry.is_some() && release.stability == Stability::Final && recorder.is_news(release, fresh)
        };
        let seen: Vec<&Version> = self.releases.iter().filter(is_seen).map(|release| &release.version).collect();
        let is_told = |advisory: &Advisory| advisory.fixed_in().iter().any(|version| seen.contains(&version));
        let valid = self.advisories.iter().flatten().filter(|advisory| advisory.withdrawn.is_none());
        valid.filter(|advisory| new.contains(&advisory.ghsa) && !is_told(advisory)).collect()
    }
}

fn title(project: &Project, told: &[&Advisory]) -> String {
    let name = &project.name;
    let worst = told.iter().filter_map(|advisory| advisory.severity).max();
    match (told, worst) {
        ([only], Some(severity)) => format!("{name}: security advisory {} ({severity})", only.name()),
        ([only], None) => format!("{name}: security advisory {}", only.name()),
        (_, Some(worst)) => format!("{name}: {} security advisories, the worst {worst}", told.len()),
        (_, None) => format!("{name}: {} security advisories", told.len()),
    }
}
