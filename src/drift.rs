//! Where the catalog differs from what it is about: the organisations' repositories, the Python index, and files that
//! others keep.
//!
//! [`Survey`] asks; everything else compares what was answered, is remembered or stands in a file with the catalog, and
//! gives [`Finding`]s.

mod file;
mod landscape;
mod platforms;
mod repositories;
mod survey;

use std::{collections::BTreeSet, fmt};

pub(crate) use self::file::parse;
pub use self::{
    file::FormError,
    landscape::{Landscape, compare as landscape},
    platforms::{Requirements, compare as platforms},
    repositories::{compare as repositories, missing},
    survey::{Gap, Survey, Today},
};
use crate::{
    collect::github::Tagging,
    model::{Channel, RepositoryName, Slug},
    report::printable,
};

/// One thing in which the catalog differs. Their order is that in which they are told.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Finding {
    /// A repository of an organisation that no project has.
    Missing(RepositoryName, Tagging),
    /// A repository that is called otherwise now.
    Moved(Slug, RepositoryName, String),
    /// A repository whose name is another repository's now, with this number.
    TakenOver(Slug, RepositoryName, u64),
    /// A repository that its owner has closed.
    Archived(Slug, RepositoryName),
    /// A repository that is not there any more, or not for everybody.
    Gone(Slug, RepositoryName),
    /// A project of which the memory has no release.
    WithoutReleases(Slug),
    /// A package under the project's id or name.
    Package(Slug, String),
    /// An item of the landscape, by its name, with a repository that no project has, and its stage there.
    Unlisted(RepositoryName, String, Option<String>),
    /// A project at one stage here and at another in the landscape.
    Stage(Slug, Option<Slug>, String),
    /// A platform of a file, by its year, that the catalog has not.
    NoPlatform(String, String),
    /// A platform whose status is another in a file.
    Status(Slug, String, String),
    /// A line of a platform that is another in a file.
    Line(LineFinding),
}

/// A line of a platform that differs.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct LineFinding {
    /// The platform.
    pub platform: Slug,
    /// The catalog's key in which it stands.
    pub key: Key,
    /// The project.
    pub project: Slug,
    /// The catalog's line, as it is written there.
    pub here: Option<String>,
    /// What the file has.
    pub there: Option<String>,
    /// The name of the file.
    pub file: String,
}

/// The key of a platform's table in which a line stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Key {
    /// What the platform asks for.
    Versions,
    /// What is used with it.
    InUse,
}

impl Key {
    /// The key as the catalog has it.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Versions => "versions",
            Self::InUse => "in_use",
        }
    }
}

impl Finding {
    /// What it has in common with the others of its kind.
    fn heading(&self) -> &'static str {
        match self {
            Self::Missing(..) => "Repositories of the organisations that no project has",
            Self::Moved(..) => "Repositories with another name now",
            Self::TakenOver(..) => "Names that are another repository's now",
            Self::Archived(..) => "Repositories that are archived",
            Self::Gone(..) => "Repositories that are gone, or not public",
            Self::WithoutReleases(..) => "Projects without a release in the memory",
            Self::Package(..) => "Packages on PyPI under a project's id or name; they may be somebody else's",
            Self::Unlisted(..) => "Repositories of the landscape that no project has",
            Self::Stage(..) => "Stages that differ from the landscape's",
            Self::NoPlatform(..) => "Platforms that the catalog has not",
            Self::Status(..) => "Platforms with another status",
            Self::Line(..) => "Version lines of platforms that differ",
        }
    }

    /// Whether it is about this repository or package.
    fn is_about(&self, name: &str) -> bool {
        match self {
            Self::Missing(repository, ..)
            | Self::Moved(_, repository, _)
            | Self::TakenOver(_, repository, _)
            | Self::Archived(_, repository)
            | Self::Gone(_, repository)
            | Self::Unlisted(repository, ..) => Channel::Github.is_same(&repository.to_string(), name),
            Self::Package(_, package) => Channel::Pypi.is_same(package, name),
            Self::WithoutReleases(_) | Self::Stage(..) | Self::NoPlatform(..) | Self::Status(..) | Self::Line(_) => {
                false
            }
        }
    }
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Missing(repository, Tagging::Untagged) => write!(f, "{repository} (no releases, no tags)"),
            Self::Missing(repository, Tagging::Tagged | Tagging::Unknown) => write!(f, "{repository}"),
            Self::Moved(project, from, to) => write!(f, "{project}: {from} is {to} now"),
            Self::TakenOver(project, name, number) => write!(f, "{project}: {name} is number {number} now"),
            Self::Archived(project, name) | Self::Gone(project, name) => write!(f, "{project}: {name}"),
            Self::WithoutReleases(project) => write!(f, "{project}"),
            Self::Package(project, package) => write!(f, "{project}: {package}"),
            Self::Unlisted(repository, item, None) => write!(f, "{repository}: {item}"),
            Self::Unlisted(repository, item, Some(stage)) => write!(f, "{repository}: {item}, {stage}"),
            Self::Stage(project, here, there) => {
                write!(f, "{project}: {} here, {there} there", here.as_ref().map_or("none", Slug::as_str))
            }
            Self::NoPlatform(year, file) => write!(f, "{year} ({file})"),
            Self::Status(platform, there, file) => write!(f, "{platform}: {there} in {file}"),
            Self::Line(line) => write!(f, "{line}"),
        }
    }
}

impl fmt::Display for LineFinding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { platform, key, project, here, there, file } = self;
        let [here, there] = [here, there].map(|line| line.as_deref().unwrap_or("none"));
        write!(f, "{platform}: {}.{project} is {here}, and {there} in {file}", key.name())
    }
}

/// What a comparison came to.
#[derive(Debug, Default)]
pub struct Differences {
    findings: BTreeSet<Finding>,
    /// What could not be compared.
    gaps: Vec<Gap>,
}

impl Differences {
    /// Of a comparison in which so much could not be asked.
    #[must_use]
    pub fn new(gaps: Vec<Gap>) -> Self {
        Self { findings: BTreeSet::new(), gaps }
    }

    /// Says nothing of these repositories and packages.
    #[must_use]
    pub fn without(mut self, ignored: &[String]) -> Self {
        self.findings.retain(|finding| !ignored.iter().any(|name| finding.is_about(name)));
        self
    }

    /// Whether everything could be compared, and nothing differs.
    #[must_use]
    pub fn is_none(&self) -> bool {
        self.findings.is_empty() && self.gaps.is_empty()
    }

    /// What could not be compared.
    #[must_use]
    pub fn gaps(&self) -> &[Gap] {
        &self.gaps
    }
}

impl Extend<Finding> for Differences {
    fn extend<I: IntoIterator<Item = Finding>>(&mut self, findings: I) {
        self.findings.extend(findings);
    }
}

/// The findings, a line each, under the heading of their kind.
impl fmt::Display for Differences {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut heading = "";
        for finding in &self.findings {
            if heading != finding.heading() {
                writeln!(f, "{}{}:", if heading.is_empty() { "" } else { "\n" }, finding.heading())?;
                heading = finding.heading();
            }
            writeln!(f, "  {}", printable(&finding.to_string()))?;
        }
        match (self.findings.is_empty(), self.gaps.is_empty()) {
            (true, true) => writeln!(f, "Nothing differs."),
            (true, false) => writeln!(f, "Nothing differs in what could be compared."),
            (false, _) => Ok(()),
        }
    }
}

/// The packages under the ids or names of `projects` that the catalog does not list.
#[must_use]
pub fn packages(survey: &Survey) -> Vec<Finding> {
    survey.packages.iter().map(|(project, package)| Finding::Package(project.clone(), package.clone())).collect()
}
