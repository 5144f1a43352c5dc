//! What is known of vulnerabilities: no advisory is ever forgotten, and each new one is told once.

use std::{
    cmp::Reverse,
    collections::{BTreeMap, BTreeSet, HashMap},
};

use super::{
    History,
    events::{Happening, page_of},
    join::Said,
    record::{Fresh, Recorder, Told},
};
use crate::{
    model::{Advisory, Channel, Event, EventKind, Ghsa, Link, Project, Release, normalized_package},
    version::{Stability, Version},
};

/// The advisories of a project by the versions that fix them. One that was withdrawn counts no more.
#[derive(Debug)]
pub struct Fixes<'h>(HashMap<Version, Vec<&'h Advisory>>);

impl<'h> Fixes<'h> {
    pub(super) fn of(advisories: Vec<&'h Advisory>) -> Self {
        let mut by_version: HashMap<_, Vec<_>> = HashMap::new();
        for advisory in worst_first(advisories.into_iter().filter(|advisory| advisory.withdrawn.is_none())) {
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

/// What the repository says, and what the index says besides: the repository's own words count.
pub(super) fn joined<'h>(
    own: Option<&'h [Advisory]>,
    of_packages: &'h BTreeMap<String, Vec<Advisory>>,
) -> Vec<&'h Advisory> {
    let mut all: Vec<_> = own.into_iter().flatten().collect();
    for advisory in of_packages.values().flatten() {
        if all.iter().all(|known| known.ghsa != advisory.ghsa) {
            all.push(advisory);
        }
    }
    all
}

impl History {
    /// What is known of its vulnerabilities, each once.
    #[must_use]
    pub fn known_advisories(&self) -> Vec<&Advisory> {
        joined(self.advisories.as_deref(), &self.vulnerabilities)
    }

    /// What its releases fix, as far as that is known now.
    #[must_use]
    pub fn fixes(&self) -> Fixes<'_> {
        Fixes::of(self.known_advisories())
    }

    /// All advisories that were not taken back, the worst first.
    #[must_use]
    pub fn valid_advisories(&self) -> Vec<&Advisory> {
        worst_first(self.known_advisories().into_iter().filter(|advisory| advisory.withdrawn.is_none()))
    }

    /// The advisories of an event, as they read now, the worst first.
    #[must_use]
    pub fn advisories_of(&self, event: &Event) -> Vec<&Advisory> {
        let known = self.known_advisories().into_iter();
        worst_first(known.filter(|advisory| event.advisories.contains(&advisory.ghsa)))
    }

    /// Takes what the sources say of vulnerabilities tonight. Gives those that nobody knew of, where a source tells of
    /// them whose others were known: its first answer is silent.
    pub(super) fn take_advisories(&mut self, said: &mut [Said]) -> Vec<Ghsa> {
        let known: BTreeSet<Ghsa> = self.known_advisories().into_iter().map(|advisory| advisory.ghsa.clone()).collect();
        let mut new = BTreeSet::new();
        for Said { source, answer, before, .. } in said {
            let Some(answered) = answer.advisories.take() else { continue };
            let told: Vec<Ghsa> = answered.iter().map(|advisory| advisory.ghsa.clone()).collect();
            let package = normalized_package(&source.name);
            let earlier = match source.channel {
                Channel::Github => self.advisories.take(),
                Channel::Pypi => self.vulnerabilities.remove(&package),
            };
            if earlier.is_some() && before.is_read() {
                new.extend(told.into_iter().filter(|ghsa| !known.contains(ghsa)));
            }
            let all = updated(earlier.unwrap_or_default(), answered);
            match source.channel {
                Channel::Github => self.advisories = Some(all),
                Channel::Pypi => _ = self.vulnerabilities.insert(package, all),
            }
        }
        new.into_iter().collect()
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
            [only] if self.advisories.iter().flatten().any(|own| own.ghsa == only.ghsa) => {
                Link::Github(only.url.clone())
            }
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
        let valid = self.known_advisories().into_iter().filter(|advisory| advisory.withdrawn.is_none());
        valid.filter(|advisory| new.contains(&advisory.ghsa) && !is_told(advisory)).collect()
    }
}

/// What a source says now beside what it said before, newest first: it is not bound to say again what it has said.
fn updated(earlier: Vec<Advisory>, answered: Vec<Advisory>) -> Vec<Advisory> {
    let by_id = earlier.into_iter().chain(answered).map(|advisory| (advisory.ghsa.clone(), advisory));
    let mut all: Vec<Advisory> = by_id.collect::<BTreeMap<_, _>>().into_values().collect();
    all.sort_by_key(|advisory| Reverse(advisory.published));
    all
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
