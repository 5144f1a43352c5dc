//! What a comparison asks: the organisations' repositories, what the catalog's are today, and which names the Python index
//! has.

use std::{
    collections::{BTreeMap, BTreeSet},
    fmt,
};

use futures_util::future::join_all;

use super::repositories;
use crate::{
    catalog::Catalog,
    collect::{
        Collector, Trouble,
        github::{Listed, Tagging},
        pypi::Presence,
    },
    model::{Channel, Project, RepositoryName, Slug, normalized_package},
};

/// What was answered.
#[derive(Debug, Default)]
pub struct Survey {
    /// The repositories of the organisations.
    pub listed: Vec<Listed>,
    /// What the catalog's repositories are today.
    pub today: BTreeMap<RepositoryName, Today>,
    /// Whether those that the catalog lacks have tags.
    pub tagging: BTreeMap<RepositoryName, Tagging>,
    /// Packages under a project's id or name that the catalog does not list.
    pub packages: BTreeSet<(Slug, String)>,
    /// What could not be asked.
    pub gaps: Vec<Gap>,
}

/// What a repository of the catalog is today.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Today {
    /// It is there, under this name or another.
    There(Listed),
    /// It is not there, or not for everybody.
    Gone,
}

/// Something that could not be asked, and why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Gap {
    /// What was not read.
    pub subject: String,
    /// Why, with what to do.
    pub reason: String,
}

impl fmt::Display for Gap {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        crate::report::printable(&format!("{} was not compared: {}", self.subject, self.reason)).fmt(f)
    }
}

impl Survey {
    /// Asks about the catalog and these of its projects; of these organisations, or of its owners when none is named.
    ///
    /// The organisations come first: what they list need not be asked for one by one, of which there are 50 without a token.
    pub async fn ask(
        collector: &Collector,
        catalog: &Catalog,
        projects: &[&Project],
        organisations: &[String],
    ) -> Self {
        let mut survey = Self::default();
        survey.ask_organisations(collector, projects, organisations).await;
        survey.ask_repositories(collector, projects).await;
        survey.ask_tags(collector, catalog).await;
        survey.ask_packages(collector, catalog, projects).await;
        survey
    }

    async fn ask_organisations(&mut self, collector: &Collector, projects: &[&Project], named: &[String]) {
        let owners = owners(projects);
        let organisations = if named.is_empty() { &owners } else { named };
        let asked = organisations.iter().map(async |name| (name, collector.organisation(name).await));
        for (name, answer) in join_all(asked).await {
            match answer {
                Ok(organisation) => {
                    self.listed.extend(organisation.repositories);
                    let gap = |reason| Gap { subject: name.clone(), reason };
                    self.gaps.extend(organisation.gaps.into_iter().map(gap));
                }
                // A person who owns a project owns much else besides.
                Err(Trouble::NotFound) if named.is_empty() => {}
                Err(trouble) => self.note(name, &trouble),
            }
        }
    }

    async fn ask_repositories(&mut self, collector: &Collector, projects: &[&Project]) {
        let names: BTreeSet<_> = projects.iter().filter_map(|project| Some(&project.github.as_ref()?.name)).collect();
        let mut unlisted = Vec::new();
        for name in names {
            match self.listed.iter().find(|listed| same(&listed.name, name)) {
                Some(listed) => self.today.extend([(name.clone(), Today::There(listed.clone()))]),
                None => unlisted.push(name),
            }
        }
        let asked = unlisted.into_iter().map(async |name| (name, collector.repository(name).await));
        for (name, answer) in join_all(asked).await {
            match answer {
                Ok(listed) => self.today.extend([(name.clone(), Today::There(listed))]),
                Err(Trouble::NotFound) => self.today.extend([(name.clone(), Today::Gone)]),
                Err(trouble) => self.note(&name.to_string(), &trouble),
            }
        }
    }

    async fn ask_tags(&mut self, collector: &Collector, catalog: &Catalog) {
        let missing: Vec<_> = repositories::lacking(catalog, self).map(|listed| listed.name.clone()).collect();
        let asked = missing.into_iter().map(async |name| (collector.tagging(&name).await, name));
        for (answer, name) in join_all(asked).await {
            match answer {
                Ok(tagging) => self.tagging.extend([(name, tagging)]),
                Err(trouble) => self.note(&format!("whether {name} has tags"), &trouble),
            }
        }
    }

    async fn ask_packages(&mut self, collector: &Collector, catalog: &Catalog, projects: &[&Project]) {
        let listed: BTreeSet<_> =
            catalog.projects.iter().flat_map(|p| &p.pypi).map(|package| normalized_package(&package.name)).collect();
        let candidates = projects.iter().flat_map(|project| package_names(project).map(|name| (&project.id, name)));
        let candidates: BTreeSet<_> = candidates.filter(|(_, name)| !listed.contains(name)).collect();
        let asked = candidates.into_iter().map(async |(project, name)| (collector.package(&name).await, project, name));
        for (answer, project, name) in join_all(asked).await {
            match answer {
                Ok(Presence::Taken) => self.packages.extend([(project.clone(), name)]),
                Ok(Presence::Free) => {}
                Err(trouble) => self.note(&format!("the package {name}"), &trouble),
            }
        }
    }

    /// Notes what could not be asked; what holds for a whole host is noted once.
    fn note(&mut self, subject: &str, trouble: &Trouble) {
        let reason = format!("{trouble}; {}", trouble.advice());
        let is_told = trouble.is_of_host() && self.gaps.iter().any(|gap| gap.reason == reason);
        if !is_told {
            let others = if trouble.is_of_host() { ", with others" } else { "" };
            self.gaps.push(Gap { subject: format!("{subject}{others}"), reason });
        }
    }
}

/// Whether two names are one repository's.
pub(super) fn same(one: &RepositoryName, other: &RepositoryName) -> bool {
    Channel::Github.is_same(&one.to_string(), &other.to_string())
}

/// Who owns the repositories of `projects`, each once, whatever its case.
fn owners(projects: &[&Project]) -> Vec<String> {
    let owners = projects.iter().filter_map(|project| Some(project.github.as_ref()?.name.owner()));
    let owners: BTreeMap<_, _> = owners.map(|owner| (owner.to_ascii_lowercase(), owner.to_owned())).collect();
    owners.into_values().collect()
}

/// The packages that could be a project's by their name, as the index compares names.
fn package_names(project: &Project) -> impl Iterator<Item = String> {
    let names = [project.id.as_str(), &project.name].map(|name| normalized_package(&name.replace(' ', "-")));
    let fits = |name: &String| !name.is_empty() && name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-');
    names.into_iter().filter(fits)
}
