//! `projects.toml` → [`Catalog`]: what is followed and how it is shown, strict, with each problem's place in the file.
//!
//! The text is read in two steps: `wire` knows the keys and their types, `checks` what they mean together. Both
//! go on after a problem, so that one run names all of them. A file that has none is taken in `pieces`.

mod checks;
mod names;
mod pieces;
mod problem;
#[cfg(test)]
mod tests;
mod wire;

use std::{collections::BTreeMap, fmt, fs, iter, path::Path};

use url::Url;

pub use self::{
    names::UnknownName,
    problem::{CatalogError, Problem, Problems},
};
use crate::{
    model::{Project, Slug},
    version::{Line, Version},
};

/// Everything that `projects.toml` says, each list in the file's order.
#[derive(Debug, Clone)]
pub struct Catalog {
    /// What is said of the site as a whole.
    pub site: Site,
    /// The stages of a project's life, in the order of the pages.
    pub stages: Vec<Stage>,
    /// The platforms that ask for version lines.
    pub platforms: Vec<Platform>,
    /// The feeds besides those of the site, its projects and its platforms.
    pub feeds: Vec<Selection>,
    /// What is followed.
    pub projects: Vec<Project>,
    /// Where each project stands in that list, in the order of their ids.
    places: Vec<usize>,
}

/// What is said of the site as a whole.
#[derive(Debug, Clone)]
pub struct Site {
    /// Its title.
    pub title: String,
    /// A sentence on what it is.
    pub description: Option<String>,
    /// Where it is served; ends in `/`.
    pub url: Url,
    /// Who tags the entries, and since when ([RFC 4151](https://www.rfc-editor.org/rfc/rfc4151)): permanent.
    pub authority: String,
    /// How many entries a merged feed holds.
    pub newest: usize,
    /// How young an entry is that stays in a merged feed besides those, as long as there are no more than 500.
    pub days: u32,
    /// The colour of its links.
    pub color: Option<Color>,
    /// Where its pages lead besides, from their head.
    pub links: Vec<SiteLink>,
    /// Where people change this file: projects' pages link to their lines in it.
    pub edit: Option<Url>,
}

/// A colour, as `#rrggbb`.
#[derive(Debug, Clone)]
pub struct Color(String);

impl fmt::Display for Color {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// A link of the site to elsewhere.
#[derive(Debug, Clone)]
pub struct SiteLink {
    /// What it says.
    pub name: String,
    /// Where it leads.
    pub url: Url,
}

/// A stage of a project's life.
#[derive(Debug, Clone)]
pub struct Stage {
    /// The permanent name.
    pub id: Slug,
    /// The name that people use.
    pub name: String,
}

/// A set of version lines that belong together.
#[derive(Debug, Clone)]
pub struct Platform {
    /// The permanent name.
    pub id: Slug,
    /// The name that people use.
    pub name: String,
    /// Whether its lines can still change.
    pub status: PlatformStatus,
    /// The line that it asks of each of these projects.
    pub versions: BTreeMap<Slug, Line>,
    /// The line of these projects that is used with it, without being part of it.
    pub in_use: BTreeMap<Slug, Line>,
}

/// Whether a platform's lines can still change.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, serde::Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum PlatformStatus {
    /// They stand.
    Final,
    /// They can change.
    Draft,
}

/// A feed of one's own choice.
#[derive(Debug, Clone)]
pub struct Selection {
    /// The permanent name.
    pub id: Slug,
    /// Its title.
    pub title: String,
    /// Entries of these projects stand in it, …
    pub projects: Vec<Slug>,
    /// … and of the projects at these stages, …
    pub stages: Vec<Slug>,
    /// … and of the releases that these platforms take; of everything, when none of the three is given.
    pub platforms: Vec<Slug>,
    /// Only what is about security.
    pub security: bool,
    /// Pre-releases too.
    pub pre_releases: bool,
}

impl Platform {
    /// Whether its lines can still change.
    #[must_use]
    pub fn is_draft(&self) -> bool {
        self.status == PlatformStatus::Draft
    }

    /// The year that its id ends in.
    #[must_use]
    pub fn year(&self) -> Option<u32> {
        let id = self.id.as_str();
        id.get(id.trim_end_matches(|c: char| c.is_ascii_digit()).len()..)?.parse().ok()
    }

    /// The line of `project` that it asks for, or that is used with it.
    #[must_use]
    pub fn line_of(&self, project: &Slug) -> Option<&Line> {
        self.versions.get(project).or_else(|| self.in_use.get(project))
    }
}

impl Catalog {
    fn new(
        site: Site,
        stages: Vec<Stage>,
        platforms: Vec<Platform>,
        feeds: Vec<Selection>,
        projects: Vec<Project>,
    ) -> Self {
        let mut places: Vec<_> = (0..projects.len()).collect();
        places.sort_by_key(|&place| &projects[place].id);
        Self { site, stages, platforms, feeds, projects, places }
    }

    /// Reads the file at `path`.
    ///
    /// # Errors
    /// When there is no such file or it cannot be read, and when it has [`Problems`].
    pub fn read(path: &Path) -> Result<Self, CatalogError> {
        let text = fs::read_to_string(path)
            .map_err(|source| CatalogError::Unreadable { path: path.display().to_string(), source })?;
        Ok(Self::parse(&path.display().to_string(), &text)?)
    }

    /// Reads `text`; `file_name` stands in the report of what is wrong with it.
    ///
    /// # Errors
    /// With all that is wrong in it, in the file's order.
    pub fn parse(file_name: &str, text: &str) -> Result<Self, Problems> {
        let mut problems = Vec::new();
        let tables = wire::Tables::read(text, &mut problems);
        let catalog = checks::catalog(text, &tables, &mut problems);
        match catalog {
            Some(catalog) if problems.is_empty() => Ok(catalog),
            _ => Err(Problems::new(file_name, text, problems)),
        }
    }

    /// The project with this id.
    #[must_use]
    pub fn project(&self, id: &Slug) -> Option<&Project> {
        self.projects.get(self.place(id)?)
    }

    /// Where the project with this id stands in the list.
    #[must_use]
    pub fn place(&self, id: &Slug) -> Option<usize> {
        let found = self.places.binary_search_by_key(&id, |&place| &self.projects[place].id);
        found.ok().map(|at| self.places[at])
    }

    /// The project whose repository the packages of `project` come from: itself, or, where it has none, the nearest whole
    /// of which it is a part.
    #[must_use]
    pub fn home<'c>(&'c self, project: &'c Project) -> Option<&'c Project> {
        let whole = |part: &&'c Project| part.part_of.as_ref().and_then(|id| self.project(id));
        iter::successors(Some(project), whole).find(|project| project.github.is_some())
    }

    /// Whether the packages of `project` come from another project's repository, so that what it shows of them depends on
    /// what that is called.
    #[must_use]
    pub fn is_part(&self, project: &Project) -> bool {
        self.home(project).is_some_and(|home| home.id != project.id)
    }

    /// The platforms that ask for a line of `project` in which `version` is.
    pub fn platforms_with(&self, project: &Slug, version: &Version) -> impl Iterator<Item = &Platform> {
        self.platforms
            .iter()
            .filter(move |platform| platform.versions.get(project).is_some_and(|line| line.takes(version)))
    }

    /// Where people change what the catalog says of `project`.
    #[must_use]
    pub fn edit_of(&self, project: &Project) -> Option<String> {
        self.site.edit.as_ref().map(|edit| format!("{edit}#L{}", project.line))
    }

    /// How many numbers make a line of `project`: as many as the first platform asks for that has one, or else two.
    #[must_use]
    pub fn line_depth(&self, project: &Slug) -> usize {
        self.platforms.iter().find_map(|platform| platform.line_of(project)).map_or(2, Line::depth)
    }

    /// The stages with their names, and behind them what has none: pages and lists go by them.
    pub fn stages_and_rest(&self) -> impl Iterator<Item = (&str, Option<&Slug>)> {
        let named = self.stages.iter().map(|stage| (stage.name.as_str(), Some(&stage.id)));
        named.chain([("Projects", None)])
    }

    /// What people call the stage at which `project` is.
    #[must_use]
    pub fn stage_name(&self, project: &Project) -> Option<&str> {
        let id = project.stage.as_ref()?;
        self.stages.iter().find(|stage| stage.id == *id).map(|stage| stage.name.as_str())
    }
}
