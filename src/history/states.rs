//! What is known of the sources of all projects: thousands, of which all are held.

use std::{collections::BTreeMap, sync::Arc};

use schemars::JsonSchema;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::{damage::Unique, state::SourceState};
use crate::model::{Channel, Moment, Project, Slug, Source};

/// What is known of each project's sources, by their keys.
#[derive(Debug, Default, Serialize, JsonSchema)]
#[serde(transparent)]
pub struct States(
    #[schemars(with = "BTreeMap<Slug, BTreeMap<String, SourceState>>")] BTreeMap<Slug, Arc<ProjectStates>>,
);

/// What is known of a project's sources, by their keys, which are in order. They are few, and a map would take five times
/// the room.
#[derive(Debug, Clone, Default)]
pub struct ProjectStates(Vec<(Box<str>, SourceState)>);

/// Sources that the catalog has under another name than the memory: the keys that they had, and what they are now.
pub(super) type Renamed = BTreeMap<Slug, Vec<(String, Source)>>;

impl States {
    /// What is known of a project's source.
    #[must_use]
    pub fn of(&self, project: &Slug, source: &Source) -> Option<&SourceState> {
        self.0.get(project)?.get(&source.key())
    }

    /// What is known of all of a project's sources.
    #[must_use]
    pub fn of_project(&self, project: &Slug) -> Arc<ProjectStates> {
        self.0.get(project).cloned().unwrap_or_default()
    }

    /// Tells when a source answered last, where it is known.
    pub(super) fn answered_last(&mut self, project: &Slug, key: &str, at: Moment) {
        if self.0.get(project).is_some_and(|states| states.get(key).is_some()) {
            self.of_project_mut(project).get_mut(key.to_owned()).last_answer = Some(at);
        }
    }

    /// What is known of all of a project's sources, to be changed.
    pub(super) fn of_project_mut(&mut self, project: &Slug) -> &mut ProjectStates {
        Arc::make_mut(self.0.entry(project.clone()).or_default())
    }

    /// Takes over what is known of sources whose project was renamed, or whose repository's new name the catalog has
    /// now: they are the same sources, read before.
    pub(super) fn follow(&mut self, projects: &[Project]) -> Renamed {
        let mut renamed = Renamed::new();
        for project in projects {
            let former = project.was.iter().find_map(|was| self.0.remove(was));
            let states = self.0.entry(project.id.clone()).or_insert_with(|| former.unwrap_or_default());
            for source in project.sources() {
                let is_former = |_: &str, state: &SourceState| {
                    state.moved_to().is_some_and(|to| to.eq_ignore_ascii_case(&source.name))
                };
                if let Some(key) = states.find(is_former) {
                    Arc::make_mut(states).rename(&key, source.key());
                    renamed.entry(project.id.clone()).or_default().push((key, source));
                }
            }
        }
        self.0.retain(|_, states| !states.0.is_empty());
        renamed
    }
}

impl ProjectStates {
    /// What is known of the source with this key.
    #[must_use]
    pub fn get(&self, key: &str) -> Option<&SourceState> {
        self.0.iter().find(|(other, _)| **other == *key).map(|(_, state)| state)
    }

    /// All names that are known of a project's repository: the catalog's, today's, and those that it had before.
    #[must_use]
    pub fn names(&self, project: &Project) -> Vec<String> {
        let Some(source) = project.sources().find(|source| source.channel == Channel::Github) else {
            return Vec::new();
        };
        let state = self.get(&source.key());
        let moved_to = state.into_iter().filter_map(SourceState::moved_to);
        let others = moved_to.chain(state.into_iter().flat_map(SourceState::formerly));
        others.map(str::to_owned).chain([source.name]).collect()
    }

    /// Whether the same is known, but for when each source answered last.
    #[must_use]
    pub fn is_like(&self, other: &Self) -> bool {
        let mut pairs = self.0.iter().zip(&other.0);
        self.0.len() == other.0.len() && pairs.all(|((a, one), (b, other))| a == b && one.is_like(other))
    }

    /// The key of a source that is like this.
    pub(super) fn find(&self, is_like: impl Fn(&str, &SourceState) -> bool) -> Option<String> {
        self.0.iter().find(|(key, state)| is_like(key, state)).map(|(key, _)| key.to_string())
    }

    /// What is known of the source with this key, to be changed; nothing as yet where it is new.
    pub(super) fn get_mut(&mut self, key: String) -> &mut SourceState {
        let place = self.0.binary_search_by(|(other, _)| (**other).cmp(&key)).unwrap_or_else(|place| {
            self.0.reserve_exact(1);
            self.0.insert(place, (key.into(), SourceState::unread()));
            place
        });
        &mut self.0[place].1
    }

    /// Knows the source that had the key `former` by another one.
    pub(super) fn rename(&mut self, former: &str, key: String) {
        if let Some(place) = self.0.iter().position(|(other, _)| **other == *former) {
            let (_, state) = self.0.remove(place);
            *self.get_mut(key) = state.under_new_name(former);
        }
    }

    /// Drops those of which nothing is known.
    pub(super) fn drop_unread(&mut self) {
        self.0.retain(|(_, state)| *state != SourceState::unread());
    }
}

impl Serialize for ProjectStates {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.0.iter().map(|(key, state)| (key, state)))
    }
}

impl<'de> Deserialize<'de> for States {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let projects = Unique::<Slug, ProjectStates>::deserialize(deserializer)?.0;
        Ok(Self(projects.into_iter().map(|(project, states)| (project, Arc::new(states))).collect()))
    }
}

impl<'de> Deserialize<'de> for ProjectStates {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let sources = Unique::<String, SourceState>::deserialize(deserializer)?.0;
        // As long as it has to be: there are thousands.
        let mut states = Vec::with_capacity(sources.len());
        states.extend(sources.into_iter().map(|(key, state)| (key.into(), state)));
        Ok(Self(states))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn states(state: &str) -> ProjectStates {
        serde_json::from_str(&format!(r#"{{"github:example/alpha":{state}}}"#)).unwrap()
    }

    #[test]
    fn states_are_alike_but_for_when_sources_answered_last() {
        let known = || states(r#"{"id":101,"first_read":"2026-06-01","state":"ok"}"#);
        let mut later = known();
        later.get_mut("github:example/alpha".to_owned()).last_answer = Some(Moment::default());
        assert!(known().is_like(&later));
        for other in [
            r#"{"id":102,"first_read":"2026-06-01","state":"ok"}"#,
            r#"{"id":101,"first_read":"2026-06-01","state":"stale","since":"2026-06-09","error":"gone"}"#,
            r#"{"id":101,"first_read":"2026-06-01","state":"ok","moved_to":"elsewhere/alpha"}"#,
        ] {
            assert!(!known().is_like(&states(other)), "{other}");
        }
        assert!(!known().is_like(&ProjectStates::default()));
    }
}
