//! Which project others mean: they write its name as one word, in any case, or by its initials.

use crate::{catalog::Catalog, model::Project};

/// How many initials a name has at least: fewer can be anything.
const INITIALS: usize = 3;

impl Catalog {
    /// The project that others call `name`: by its id or name, spelling apart, or an id that it had; else by the capital
    /// letters of its name, where only one project has these.
    pub(super) fn project_called(&self, name: &str) -> Option<&Project> {
        let wanted = letters(name);
        let by_id = self.projects.iter().find(|project| letters(project.id.as_str()) == wanted);
        let by_name = || self.projects.iter().find(|project| is_called(project, &wanted));
        by_id.or_else(by_name).or_else(|| self.by_initials(name))
    }

    fn by_initials(&self, name: &str) -> Option<&Project> {
        let mut found = self.projects.iter().filter(|project| initials(&project.name).eq_ignore_ascii_case(name));
        found.next().filter(|_| name.len() >= INITIALS && found.next().is_none())
    }

    /// The project under which this one is shown in the end, or itself.
    pub(super) fn head<'a>(&'a self, project: &'a Project) -> &'a Project {
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
