//! Files that say which versions belong to a platform's year, in two forms: what a year asks for, and what the images of
//! all years are built of.

use std::{
    collections::{BTreeMap, BTreeSet},
    path::Path,
};

use serde::Deserialize;

use super::{
    Finding, Key, LineFinding,
    file::{self, FormError},
};
use crate::{
    catalog::{Catalog, Platform, PlatformStatus},
    model::Slug,
    version::{Line, Version},
};

/// What one file says of platforms.
#[derive(Debug)]
pub struct Requirements {
    file: String,
    key: Key,
    years: Vec<Year>,
}

/// What is said of one platform.
#[derive(Debug)]
struct Year {
    number: u32,
    status: Option<String>,
    /// Versions or lines by the names of components, of which most are none of the catalog's.
    components: BTreeMap<String, String>,
}

impl Requirements {
    /// Reads the file at `path`, which is of one of the forms
    /// [`_data/platforms/CY….yml`](https://github.com/vfxplatform/vfxplatform/tree/HEAD/_data/platforms) and
    /// [`versions.yaml`](https://github.com/AcademySoftwareFoundation/aswf-docker/blob/HEAD/python/aswfdocker/data/versions.yaml).
    ///
    /// # Errors
    /// When it cannot be read, or is of another form.
    pub fn read(path: &Path) -> Result<Self, FormError> {
        Self::of(path, file::read(path)?)
    }

    /// The same of the text of the file at `path`.
    ///
    /// # Errors
    /// When it is of another form.
    pub fn parse(path: &Path, text: &str) -> Result<Self, FormError> {
        Self::of(path, file::parse(path, text)?)
    }

    fn of(path: &Path, file: WireFile) -> Result<Self, FormError> {
        let (key, years) = match file {
            WireFile { year: Some(year), status, components: Some(components), .. } => {
                (Key::Versions, vec![asked(year, status, components)])
            }
            WireFile { versions: Some(versions), .. } => (Key::InUse, built(versions)),
            WireFile { .. } => {
                let expected = "no file of platforms: it has neither `year` and `components` nor `versions`";
                return Err(FormError::Unknown { path: path.display().to_string(), expected });
            }
        };
        Ok(Self { file: file::name(path), key, years })
    }

    /// The versions that the images of each year are built of: year, component, version. None of what a year asks for.
    pub fn built(&self) -> impl Iterator<Item = (u32, &str, &str)> {
        let years = self.years.iter().filter(|_| self.key == Key::InUse);
        years.flat_map(|year| {
            year.components.iter().map(|(name, version)| (year.number, name.as_str(), version.as_str()))
        })
    }
}

/// The form of a year's own file.
fn asked(number: u32, status: Option<String>, components: BTreeMap<String, WireComponent>) -> Year {
    let lines = components.into_iter().filter_map(|(name, component)| Some((name, line_text(&component.version?))));
    Year { number, status, components: lines.collect() }
}

/// A line as it is written there, `3.4.x`, as the catalog has it.
fn line_text(text: &str) -> String {
    text.strip_suffix(".x").unwrap_or(text).to_owned()
}

/// The form of the images: those of a year have its number for a name, and their packages are variables.
fn built(versions: BTreeMap<String, WireImages>) -> Vec<Year> {
    let year = |(name, images): (String, WireImages)| {
        let packages = images.package_versions.into_iter().filter_map(|(name, v)| Some((component(&name)?, v)));
        Some(Year { number: name.parse().ok()?, status: None, components: packages.collect() })
    };
    versions.into_iter().filter_map(year).collect()
}

/// The component of a variable such as `PREFIX_NAME_VERSION`.
fn component(variable: &str) -> Option<String> {
    let (_, name) = variable.strip_suffix("_VERSION")?.split_once('_')?;
    Some(name.to_owned())
}

/// Where the catalog's platforms differ from what a file says of them.
#[must_use]
pub fn compare(catalog: &Catalog, requirements: &Requirements) -> Vec<Finding> {
    requirements.years.iter().flat_map(|year| compare_year(catalog, requirements, year)).collect()
}

fn compare_year(catalog: &Catalog, requirements: &Requirements, year: &Year) -> Vec<Finding> {
    let platform = catalog.platforms.iter().find(|platform| platform.year() == Some(year.number));
    let is_told = match requirements.key {
        Key::Versions => true,
        // The catalog need not say what was used before it began to say so.
        Key::InUse => first_in_use(catalog).is_some_and(|first| first <= year.number),
    };
    match platform {
        _ if !is_told => Vec::new(),
        None => vec![Finding::NoPlatform(year.number.to_string(), requirements.file.clone())],
        Some(platform) => {
            let comparison = Comparison { catalog, requirements, year, platform };
            comparison.status().into_iter().chain(comparison.lines()).collect()
        }
    }
}

/// The first year of which the catalog says what is used.
fn first_in_use(catalog: &Catalog) -> Option<u32> {
    catalog.platforms.iter().filter(|platform| !platform.in_use.is_empty()).filter_map(Platform::year).min()
}

/// A platform beside what a file says of it.
struct Comparison<'a> {
    catalog: &'a Catalog,
    requirements: &'a Requirements,
    year: &'a Year,
    platform: &'a Platform,
}

impl Comparison<'_> {
    fn status(&self) -> Option<Finding> {
        let there = self.year.status.as_ref()?;
        let here = match self.platform.status {
            PlatformStatus::Final => "final",
            PlatformStatus::Draft => "draft",
        };
        let differs = !here.eq_ignore_ascii_case(there);
        differs.then(|| Finding::Status(self.platform.id.clone(), there.clone(), self.requirements.file.clone()))
    }

    /// The lines that differ: of the components there, and of the projects here that none of them is.
    fn lines(&self) -> Vec<Finding> {
        let (mut findings, mut seen) = (Vec::new(), BTreeSet::new());
        for (component, there) in &self.year.components {
            let Some(project) = self.catalog.project_called(component) else { continue };
            let family = &self.catalog.head(project).id;
            seen.insert(family);
            let mut lines = self.here().iter().filter(|(id, _)| self.family(id) == Some(family));
            let own = self.here().get(&project.id);
            if !self.is_elsewhere(&project.id) && !lines.any(|(_, line)| self.agrees(line, there)) {
                findings.push(self.finding(&project.id, own, Some(there)));
            }
        }
        let unseen = self.here().iter().filter(|(id, _)| self.family(id).is_none_or(|family| !seen.contains(family)));
        findings.extend(unseen.map(|(id, line)| self.finding(id, Some(line), None)));
        findings
    }

    /// The catalog's lines that the file is about.
    fn here(&self) -> &BTreeMap<Slug, Line> {
        match self.requirements.key {
            Key::Versions => &self.platform.versions,
            Key::InUse => &self.platform.in_use,
        }
    }

    /// Whether the platform itself asks for the project, so that it need not say what is used besides.
    fn is_elsewhere(&self, project: &Slug) -> bool {
        self.requirements.key == Key::InUse && self.platform.versions.contains_key(project)
    }

    /// Whose part a project is: a component can be several projects, one after the other.
    fn family(&self, project: &Slug) -> Option<&Slug> {
        self.catalog.project(project).map(|project| &self.catalog.head(project).id)
    }

    fn agrees(&self, here: &Line, there: &str) -> bool {
        match self.requirements.key {
            Key::Versions => here.to_string() == there,
            Key::InUse => here.takes(&Version::from_tag_text(there)),
        }
    }

    fn finding(&self, project: &Slug, here: Option<&Line>, there: Option<&String>) -> Finding {
        Finding::Line(LineFinding {
            platform: self.platform.id.clone(),
            key: self.requirements.key,
            project: project.clone(),
            here: here.map(ToString::to_string),
            there: there.cloned(),
            file: self.requirements.file.clone(),
        })
    }
}

/// Both forms, which have no key in common.
#[derive(Deserialize)]
struct WireFile {
    year: Option<u32>,
    status: Option<String>,
    components: Option<BTreeMap<String, WireComponent>>,
    versions: Option<BTreeMap<String, WireImages>>,
}

#[derive(Deserialize)]
struct WireComponent {
    version: Option<String>,
}

#[derive(Deserialize)]
struct WireImages {
    #[serde(default)]
    package_versions: BTreeMap<String, String>,
}
