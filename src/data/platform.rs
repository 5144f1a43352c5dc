//! `data/platforms/ID.json`: a platform, and how far each of its lines has come.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::Serialize;

use super::SCHEMA;
use crate::{
    catalog::{self, Catalog, PlatformStatus},
    model::{AdvisoryFacts, Channel, Project, Slug},
    overview::{Latest, LineRow, Reach},
    version::Line,
};

/// A platform, and how far each of its lines has come.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Platform<'a> {
    /// The form of the file.
    schema: u32,
    /// Its permanent name.
    id: &'a Slug,
    /// The name that people use.
    name: &'a str,
    /// Whether its lines can still change.
    status: PlatformStatus,
    /// What it asks for, in the catalog's order.
    pub(crate) versions: Vec<Component<'a>>,
    /// What is used with it without being part of it, in the catalog's order.
    pub(crate) in_use: Vec<Component<'a>>,
}

/// A project's line in a platform.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct Component<'a> {
    /// The project's permanent name.
    pub(crate) project: &'a Slug,
    /// The name that people use.
    name: &'a str,
    /// The line that the platform asks for, or that is used with it.
    pub(crate) line: &'a Line,
    /// The highest final version in the line that can be had somewhere; null where there is none yet.
    pub(crate) latest: Option<&'a Latest>,
    /// How many final versions of the project are higher than that; null where there is none.
    pub(crate) behind: Option<usize>,
    /// How far the line has come on each channel that has any of it.
    channels: BTreeMap<Channel, &'a Reach>,
    /// The vulnerabilities that a version of the line fixed, the worst first.
    fixed: &'a [AdvisoryFacts],
    /// Those that the latest in the line has, as far as that is known, the worst first.
    pub(crate) open: &'a [AdvisoryFacts],
}

impl<'a> Platform<'a> {
    /// A platform whose lines have come as far as `reached` tells of each project.
    #[must_use]
    pub fn of(
        platform: &'a catalog::Platform,
        catalog: &'a Catalog,
        reached: impl Fn(&Slug) -> Option<&'a LineRow>,
    ) -> Self {
        let catalog::Platform { id, name, status, versions, in_use } = platform;
        let components = |lines: &'a BTreeMap<Slug, Line>| {
            let has_line = |project: &'a Project| Some((project, lines.get(&project.id)?));
            let component = |(project, line)| Component::of(project, line, reached(&project.id));
            catalog.projects.iter().filter_map(has_line).map(component).collect()
        };
        let (versions, in_use) = (components(versions), components(in_use));
        Self { schema: SCHEMA, id, name, status: *status, versions, in_use }
    }

    /// Leaves out the components that are not wanted.
    pub(crate) fn retain(&mut self, is_wanted: impl Fn(&Component<'_>) -> bool) {
        self.versions.retain(&is_wanted);
        self.in_use.retain(&is_wanted);
    }
}

impl<'a> Component<'a> {
    fn of(project: &'a Project, line: &'a Line, reached: Option<&'a LineRow>) -> Self {
        Self {
            project: &project.id,
            name: &project.name,
            line,
            latest: reached.map(|row| &row.latest),
            behind: reached.map(|row| row.behind),
            channels: reached.into_iter().flat_map(|row| &row.channels).map(|(c, reach)| (*c, &**reach)).collect(),
            fixed: reached.map_or(&[], |row| &row.fixed),
            open: reached.map_or(&[], |row| &row.open),
        }
    }
}
