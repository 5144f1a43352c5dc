//! Which project others mean: they write its name as one word, in any case, or by its initials.

use super::{Catalog, Platform};
use crate::{
    model::{Channel, Project},
    version::Version,
};

/// How many initials a name has at least: fewer can be anything.
const INITIALS: usize = 3;
/// How alike two names are that can be meant for each other, of 1 at most.
const ALIKE: f64 = 0.75;
/// How many names are offered instead of an unknown one.
const OFFERED: usize = 5;

/// A name that nothing has.
#[derive(Debug, thiserror::Error)]
#[error("there is no {what} `{name}`{}", offer(.near))]
pub struct UnknownName {
    /// What was looked for.
    pub what: String,
    /// Its name, as it was asked for.
    pub name: String,
    /// What may have been meant, the likeliest first.
    pub near: Vec<String>,
}

fn offer(near: &[String]) -> String {
    if near.is_empty() { String::new() } else { format!(": did you mean {}?", near.join(", ")) }
}

impl UnknownName {
    /// One that is none of `names`, which may be meant.
    fn of<'n>(what: &str, name: &str, names: impl Iterator<Item = &'n str>) -> Self {
        let wanted = letters(name);
        let alike = names.map(|known| (strsim::jaro_winkler(&wanted, &letters(known)), known));
        let mut near: Vec<_> = alike.filter(|(alike, _)| *alike >= ALIKE).collect();
        near.sort_by(|(a, _), (b, _)| b.total_cmp(a));
        let near = near.into_iter().take(OFFERED).map(|(_, known)| known.to_owned()).collect();
        Self { what: what.to_owned(), name: name.to_owned(), near }
    }
}

impl Catalog {
    /// The project that others call `name`: by its id or name, spelling apart, or an id that it had; else by the capital
    /// letters of its name, where only one project has these.
    pub(crate) fn project_called(&self, name: &str) -> Option<&Project> {
        let wanted = letters(name);
        let by_id = self.projects.iter().find(|project| letters(project.id.as_str()) == wanted);
        let by_name = || self.projects.iter().find(|project| is_called(project, &wanted));
        by_id.or_else(by_name).or_else(|| self.by_initials(name))
    }

    /// The project that others call `name`.
    ///
    /// # Errors
    /// When there is none.
    pub fn find_project(&self, name: &str) -> Result<&Project, UnknownName> {
        self.project_called(name).ok_or_else(|| self.unknown_project(name))
    }

    /// That no project is called `name`.
    #[must_use]
    pub fn unknown_project(&self, name: &str) -> UnknownName {
        UnknownName::of("project", name, self.projects.iter().map(|project| project.id.as_str()))
    }

    /// The platform with this id, in any case.
    ///
    /// # Errors
    /// When there is none.
    pub fn find_platform(&self, name: &str) -> Result<&Platform, UnknownName> {
        let is_called = |platform: &&Platform| letters(platform.id.as_str()) == letters(name);
        let ids = self.platforms.iter().map(|platform| platform.id.as_str());
        self.platforms.iter().find(is_called).ok_or_else(|| UnknownName::of("platform", name, ids))
    }

    /// The project whose package on the Python index this version is.
    #[must_use]
    pub fn project_of_package(&self, name: &str, version: &Version) -> Option<&Project> {
        self.projects.iter().find(|project| {
            let package = project.pypi.iter().find(|package| Channel::Pypi.is_same(&package.name, name));
            package.is_some_and(|package| package.since.as_ref().is_none_or(|since| version >= since))
        })
    }

    fn by_initials(&self, name: &str) -> Option<&Project> {
        let mut found = self.projects.iter().filter(|project| initials(&project.name).eq_ignore_ascii_case(name));
        found.next().filter(|_| name.len() >= INITIALS && found.next().is_none())
    }

    /// The project under which this one is shown in the end, or itself.
    pub(crate) fn head<'a>(&'a self, project: &'a Project) -> &'a Project {
        let parent = |project: &&'a Project| self.project(project.part_of.as_ref()?);
        // The catalog's checks have seen to it that this comes to an end.
        std::iter::successors(Some(project), parent).last().unwrap_or(project)
    }
}

fn is_called(project: &Project, wanted: &str) -> bool {
    let former = project.was.iter().map(|was| letters(was.as_str()));
    std::iter::once(letters(&project.name)).chain(former).any(|name| name == wanted)
}

fn letters(name: &str) -> String {
    name.chars().filter(char::is_ascii_alphanumeric).map(|c| c.to_ascii_lowercase()).collect()
}

fn initials(name: &str) -> String {
    name.chars().filter(char::is_ascii_uppercase).collect()
}
