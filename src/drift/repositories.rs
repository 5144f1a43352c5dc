//! The catalog's repositories and those of the organisations.

use super::{
    Finding,
    survey::{Survey, Today, same},
};
use crate::{
    catalog::Catalog,
    collect::github::{Life, Listed, Origin, Tagging},
    model::{Project, RepositoryName},
};

/// The repositories of the organisations that no project has.
#[must_use]
pub fn missing(catalog: &Catalog, survey: &Survey) -> Vec<Finding> {
    let tagging = |name| survey.tagging.get(name).copied().unwrap_or(Tagging::Unknown);
    lacking(catalog, survey).map(|listed| Finding::Missing(listed.name.clone(), tagging(&listed.name))).collect()
}

/// What has become of a project's repository; `number` and `moved_to` are what the memory knows of it.
#[must_use]
pub fn compare(project: &Project, survey: &Survey, number: Option<u64>, moved_to: Option<&str>) -> Option<Finding> {
    let name = &project.github.as_ref()?.name;
    let (id, name) = (project.id.clone(), name.clone());
    match survey.today.get(&name) {
        Some(Today::Gone) => Some(Finding::Gone(id, name)),
        Some(Today::There(now)) if number.is_some_and(|number| number != now.number) => {
            Some(Finding::TakenOver(id, name, now.number))
        }
        Some(Today::There(now)) if !same(&now.name, &name) => Some(Finding::Moved(id, name, now.name.to_string())),
        Some(Today::There(now)) if now.life == Life::Archived => Some(Finding::Archived(id, name)),
        Some(Today::There(_)) => None,
        // Nobody could be asked tonight.
        None => moved_to.map(|to| Finding::Moved(id, name, to.to_owned())),
    }
}

/// The repositories of the organisations that could be followed, and are not, under no name.
pub(super) fn lacking<'s>(catalog: &'s Catalog, survey: &'s Survey) -> impl Iterator<Item = &'s Listed> {
    let could_be = |listed: &&Listed| listed.life == Life::Active && listed.origin == Origin::Own;
    let is_followed = |listed: &Listed| {
        let renamed = |today: &Today| matches!(today, Today::There(now) if now.number == listed.number);
        has(catalog, &listed.name) || survey.today.values().any(renamed)
    };
    survey.listed.iter().filter(could_be).filter(move |listed| !is_followed(listed))
}

/// Whether a project has this repository, be it that it has ended.
pub(super) fn has(catalog: &Catalog, name: &RepositoryName) -> bool {
    catalog.projects.iter().filter_map(|project| project.github.as_ref()).any(|github| same(&github.name, name))
}
