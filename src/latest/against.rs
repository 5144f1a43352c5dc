//! What somebody has, beside what there is: a list of packages, or the versions that images are built of.

use std::{fs, io, path::Path, sync::LazyLock};

use regex::Regex;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Form, advisories, table::NONE, table::table, text};
use crate::{
    archive::Archive,
    catalog::{Catalog, Platform},
    drift::{self, FormError, Requirements},
    file::{self, FileError},
    history::MemoryError,
    model::{Project, Slug},
    overview::Held,
    version::Version,
};

/// The form of what is printed for programs.
const SCHEMA: u32 = 1;

/// The versions that somebody has, as a file lists them.
#[derive(Debug)]
pub struct List {
    entries: Vec<Entry>,
    /// How many lines name no version.
    unread: usize,
}

#[derive(Debug)]
struct Entry {
    name: Name,
    version: String,
}

/// What a version is of, in the file's own words.
#[derive(Debug)]
enum Name {
    /// A package on the Python index.
    Package(String),
    /// A component of the images of a year.
    Component(u32, String),
}

impl List {
    /// Reads a `pip list` in any of its forms, or a
    /// [`versions.yaml`](https://github.com/AcademySoftwareFoundation/aswf-docker/blob/HEAD/python/aswfdocker/data/versions.yaml);
    /// `-` is the standard input.
    ///
    /// # Errors
    /// When it cannot be read, or is none of these.
    pub fn read(path: &Path) -> Result<Self, FormError> {
        let text = if path.as_os_str() == "-" { io::read_to_string(io::stdin()) } else { fs::read_to_string(path) };
        let text = text.map_err(FileError::of("read", path))?;
        let list = if text.trim_start().starts_with('[') {
            Self::of_json(path, &text)?
        } else if text.lines().any(|line| line.starts_with("versions:")) {
            Self::of_images(&Requirements::parse(path, &text)?)
        } else {
            Self::of_lines(&text)
        };
        if list.entries.is_empty() {
            let expected = "no `pip list` and no `versions.yaml`: nothing in it names a version";
            return Err(FormError::Unknown { path: path.display().to_string(), expected });
        }
        Ok(list)
    }

    /// `pip list --format=json`; JSON is YAML.
    fn of_json(path: &Path, text: &str) -> Result<Self, FormError> {
        #[derive(Deserialize)]
        struct Package {
            name: String,
            version: String,
        }
        let packages: Vec<Package> = drift::parse(path, text)?;
        let entry = |Package { name, version }| Entry { name: Name::Package(name), version };
        Ok(Self { entries: packages.into_iter().map(entry).collect(), unread: 0 })
    }

    /// `pip list` in columns, or `pip freeze`.
    fn of_lines(text: &str) -> Self {
        #[expect(clippy::expect_used, reason = "a constant pattern that a test reaches")]
        static PACKAGE: LazyLock<Regex> = LazyLock::new(|| {
            let pattern = r"^(?<name>\w[\w.-]*)(?:\[[^\]]*\])?(?:\s*={2,3}\s*|\s+)(?<version>[0-9][^\s;,]*)";
            Regex::new(pattern).expect("a constant pattern")
        });
        let (mut entries, mut unread) = (Vec::new(), 0);
        for line in text.lines().map(str::trim).filter(|line| !is_frame(line)) {
            match PACKAGE.captures(line) {
                Some(found) => {
                    let name = Name::Package(found["name"].to_owned());
                    entries.push(Entry { name, version: found["version"].to_owned() });
                }
                None => unread += 1,
            }
        }
        Self { entries, unread }
    }

    fn of_images(requirements: &Requirements) -> Self {
        let entry = |(year, component, version): (u32, &str, &str)| Entry {
            name: Name::Component(year, component.to_owned()),
            version: version.to_owned(),
        };
        Self { entries: requirements.built().map(entry).collect(), unread: 0 }
    }

    /// Leaves out images of other years than the platform's, where one is given.
    pub fn retain_years_of(&mut self, platform: Option<&Platform>) {
        self.entries.retain(|entry| match (&entry.name, platform) {
            (Name::Component(year, _), Some(platform)) => platform.year() == Some(*year),
            (Name::Component(..), None) | (Name::Package(_), _) => true,
        });
    }
}

/// Whether a line says nothing of packages: a head, a rule, a comment, an option.
fn is_frame(line: &str) -> bool {
    let is_head = line.split_whitespace().take(2).eq(["Package", "Version"]);
    line.is_empty() || line.starts_with(['#', '-']) && !line.starts_with("-e ") || is_head
}

impl Name {
    fn project<'c>(&self, version: &str, catalog: &'c Catalog) -> Option<&'c Project> {
        match self {
            Self::Package(name) => catalog.project_of_package(name, &Version::from_pypi(version)),
            Self::Component(_, name) => catalog.project_called(name),
        }
    }

    fn version(&self, text: &str) -> Version {
        match self {
            Self::Package(_) => Version::from_pypi(text),
            Self::Component(..) => Version::from_tag_text(text),
        }
    }
}

/// What a list has of the projects, beside what there is.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Comparison<'c> {
    /// The form of this.
    schema: u32,
    /// What is of a project, in the list's order.
    versions: Vec<Row<'c>>,
    /// How many entries are of no project.
    others: usize,
    /// How many lines name no version.
    unread: usize,
}

/// A version that the list has.
#[derive(Debug, Serialize, JsonSchema)]
struct Row<'c> {
    /// The project's permanent name.
    project: &'c Slug,
    /// The name in the list.
    name: String,
    /// The year of the images that are built of it; null for a package.
    year: Option<u32>,
    /// The version in the list.
    version: String,
    #[serde(flatten)]
    held: Held,
}

impl<'c> Comparison<'c> {
    /// What `list` has of these projects; only their histories are read, each once.
    ///
    /// # Errors
    /// When a history cannot be read.
    pub fn of(list: &List, archive: &Archive<'c>, projects: &[&'c Project]) -> Result<Self, MemoryError> {
        let found = |entry: &Entry| entry.name.project(&entry.version, archive.catalog).map(|project| &project.id);
        let found: Vec<_> = list.entries.iter().map(found).collect();
        let mut rows = Vec::new();
        for project in projects.iter().filter(|project| found.contains(&Some(&project.id))) {
            let history = archive.history(project)?;
            let its = list.entries.iter().enumerate().filter(|(place, _)| found[*place] == Some(&project.id));
            rows.extend(its.map(|(place, entry)| {
                let version = entry.name.version(&entry.version);
                let held = Held::of(&version, project, &history, archive.catalog, &archive.roots);
                (place, Row::of(project, entry, held))
            }));
        }
        rows.sort_by_key(|(place, _)| *place);
        let others = found.iter().filter(|project| project.is_none()).count();
        let versions = rows.into_iter().map(|(_, row)| row).collect();
        Ok(Self { schema: SCHEMA, versions, others, unread: list.unread })
    }

    /// What is not in it, for people.
    #[must_use]
    pub fn note(&self) -> Option<String> {
        let unread = if self.unread > 0 { format!(", {} without a version", self.unread) } else { String::new() };
        (self.others + self.unread > 0).then(|| format!("left out: {} of no project here{unread}", self.others))
    }

    /// As it is printed.
    #[must_use]
    pub fn print(&self, form: Form) -> Vec<u8> {
        match form {
            Form::Json => file::json(self),
            Form::Table => {
                let head = ["name", "here", "newest in line", "behind", "newest", "open vulnerabilities"];
                table(std::iter::once(head.map(str::to_owned)).chain(self.versions.iter().map(Row::cells)))
            }
        }
    }
}

impl<'c> Row<'c> {
    fn of(project: &'c Project, entry: &Entry, held: Held) -> Self {
        let (year, name) = match &entry.name {
            Name::Package(name) => (None, name.clone()),
            Name::Component(year, name) => (Some(*year), name.clone()),
        };
        Self { project: &project.id, name, year, version: entry.version.clone(), held }
    }

    fn cells(&self) -> [String; 6] {
        [
            self.year.map_or_else(|| self.name.clone(), |year| format!("{year} {}", self.name)),
            self.version.clone(),
            text(self.held.latest_in_line.as_ref()),
            self.held.behind.map_or(NONE.to_owned(), |behind| behind.to_string()),
            text(self.held.latest.as_ref()),
            advisories(&self.held.open),
        ]
    }
}
