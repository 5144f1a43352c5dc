//! A landscape file, as the landscapes of the CNCF and other foundations have it
//! ([its form](https://github.com/cncf/landscape2/blob/main/docs/config/data.yml)).

use std::{collections::BTreeSet, path::Path};

use serde::Deserialize;
use url::Url;

use super::{
    Finding,
    file::{self, FormError},
    repositories, survey,
};
use crate::{
    catalog::Catalog,
    model::{Project, RepositoryName},
};

/// What a landscape says of repositories.
#[derive(Debug)]
pub struct Landscape {
    items: Vec<Item>,
}

/// One item of a landscape.
#[derive(Debug)]
struct Item {
    name: String,
    /// At which stage it is; none when it is none of the foundation's own projects.
    stage: Option<String>,
    /// The repository of its own.
    main: Option<RepositoryName>,
    /// Others that it names.
    others: Vec<RepositoryName>,
}

impl Landscape {
    /// Reads the file at `path`.
    ///
    /// # Errors
    /// When it cannot be read, or is no landscape.
    pub fn read(path: &Path) -> Result<Self, FormError> {
        let wire: WireLandscape = file::read(path)?;
        let items = wire.landscape.into_iter().flat_map(|category| category.subcategories);
        Ok(Self { items: items.flat_map(|subcategory| subcategory.items).map(WireItem::read).collect() })
    }
}

/// Where the catalog differs from the landscape: repositories of the foundation's own projects and of the owners of the
/// catalog's that it lacks, and stages. The landscape's other items are what the foundation does not host.
#[must_use]
pub fn compare(catalog: &Catalog, landscape: &Landscape) -> Vec<Finding> {
    let unlisted = landscape.items.iter().flat_map(|item| unlisted(catalog, item));
    let staged = catalog.projects.iter().filter_map(|project| stage(project, landscape));
    unlisted.chain(staged).collect()
}

/// The repositories of `item` that no project has.
fn unlisted(catalog: &Catalog, item: &Item) -> impl Iterator<Item = Finding> {
    let owners: BTreeSet<_> = catalog.projects.iter().filter_map(owner).collect();
    let is_ours =
        move |name: &&RepositoryName| item.stage.is_some() || owners.contains(&name.owner().to_ascii_lowercase());
    let lacking = |name: &&RepositoryName| !repositories::has(catalog, name);
    let finding = |name: &RepositoryName| Finding::Unlisted(name.clone(), item.name.clone(), item.stage.clone());
    item.main.iter().chain(&item.others).filter(is_ours).filter(lacking).map(finding)
}

fn owner(project: &Project) -> Option<String> {
    project.github.as_ref().map(|github| github.name.owner().to_ascii_lowercase())
}

/// The project's stage in the landscape, where that is another.
fn stage(project: &Project, landscape: &Landscape) -> Option<Finding> {
    let name = &project.github.as_ref()?.name;
    let is_its = |item: &&Item| item.main.as_ref().is_some_and(|main| survey::same(main, name));
    // An item can stand in several places, and has its stage in one of them.
    let there = landscape.items.iter().filter(is_its).find_map(|item| item.stage.as_ref())?;
    let here = project.stage.as_ref();
    let differs = !here.is_some_and(|here| here.as_str().eq_ignore_ascii_case(there));
    differs.then(|| Finding::Stage(project.id.clone(), here.cloned(), there.clone()))
}

#[derive(Deserialize)]
struct WireLandscape {
    landscape: Vec<WireCategory>,
}

#[derive(Deserialize)]
struct WireCategory {
    #[serde(default)]
    subcategories: Vec<WireSubcategory>,
}

#[derive(Deserialize)]
struct WireSubcategory {
    #[serde(default)]
    items: Vec<WireItem>,
}

#[derive(Deserialize)]
struct WireItem {
    name: String,
    project: Option<String>,
    repo_url: Option<String>,
    #[serde(default)]
    additional_repos: Vec<WireRepository>,
}

#[derive(Deserialize)]
struct WireRepository {
    repo_url: Option<String>,
}

impl WireItem {
    fn read(self) -> Item {
        let others = self.additional_repos.into_iter().filter_map(|repository| on_github(&repository.repo_url?));
        Item {
            name: self.name,
            stage: self.project.filter(|stage| !stage.trim().is_empty()),
            main: self.repo_url.as_deref().and_then(on_github),
            others: others.collect(),
        }
    }
}

/// The repository at an address on GitHub.
fn on_github(address: &str) -> Option<RepositoryName> {
    let url = Url::parse(address.trim()).ok()?;
    let is_github = matches!(url.host_str()?, "github.com" | "www.github.com");
    let mut path = url.path_segments().filter(|_| is_github)?;
    let (owner, name) = (path.next()?, path.next()?);
    format!("{owner}/{}", name.strip_suffix(".git").unwrap_or(name)).parse().ok()
}
