//! `data/index.json`: all projects with their latest versions, and the platforms with the lines that they ask for.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::Serialize;

use super::SCHEMA;
use crate::{
    catalog::{Catalog, PlatformStatus},
    model::{Channel, Slug},
    overview::{Latest, Overview},
    version::Line,
};

/// All projects with their latest versions, and the platforms.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Index<'a> {
    /// The form of the file.
    schema: u32,
    /// The site's title.
    title: &'a str,
    /// The projects, in the catalog's order.
    projects: Vec<Project<'a>>,
    /// The platforms, in the catalog's order.
    platforms: Vec<Platform<'a>>,
}

/// A project.
#[derive(Debug, Serialize, JsonSchema)]
struct Project<'a> {
    /// Its permanent name.
    id: &'a Slug,
    /// The name that people use.
    name: &'a str,
    /// The stage of the foundation's life cycle.
    stage: Option<&'a Slug>,
    /// Where it presents itself.
    homepage: Option<&'a str>,
    /// The project under which it is shown.
    part_of: Option<&'a Slug>,
    /// Where it is released: `github:owner/name`, `pypi:Name`.
    sources: Vec<String>,
    /// How many releases are remembered.
    releases: usize,
    /// The highest final version that can be had somewhere.
    latest: Option<&'a Latest>,
    /// The highest version of all, where it is no final one.
    latest_pre_release: Option<&'a Latest>,
    /// The highest final version on each channel.
    channels: BTreeMap<Channel, &'a Latest>,
    /// The highest final version in the line of each platform.
    platforms: BTreeMap<&'a Slug, &'a Latest>,
}

/// A platform.
#[derive(Debug, Serialize, JsonSchema)]
struct Platform<'a> {
    /// Its permanent name.
    id: &'a Slug,
    /// The name that people use.
    name: &'a str,
    /// Whether its lines can still change.
    status: PlatformStatus,
    /// The line that it asks of each project.
    versions: &'a BTreeMap<Slug, Line>,
    /// The line of each project that is used with it.
    in_use: &'a BTreeMap<Slug, Line>,
}

impl<'a> Index<'a> {
    /// Of these projects.
    #[must_use]
    pub fn of(catalog: &'a Catalog, overviews: &'a [Overview<'_>]) -> Self {
        Self {
            schema: SCHEMA,
            title: &catalog.site.title,
            projects: overviews.iter().map(Project::of).collect(),
            platforms: catalog.platforms.iter().map(Platform::of).collect(),
        }
    }
}

impl<'a> Project<'a> {
    fn of(overview: &'a Overview<'_>) -> Self {
        let project = overview.project;
        Self {
            id: &project.id,
            name: &project.name,
            stage: project.stage.as_ref(),
            homepage: project.homepage.as_deref().map(url::Url::as_str),
            part_of: project.part_of.as_ref(),
            sources: overview.project.sources().map(|source| source.to_string()).collect(),
            releases: overview.releases,
            latest: overview.latest.as_deref(),
            latest_pre_release: overview.latest_pre_release.as_deref(),
            channels: overview.channels.iter().map(|(channel, latest)| (*channel, &**latest)).collect(),
            platforms: overview.platforms.iter().map(|(id, row)| (id, &row.latest)).collect(),
        }
    }
}

impl<'a> Platform<'a> {
    fn of(platform: &'a crate::catalog::Platform) -> Self {
        let crate::catalog::Platform { id, name, status, versions, in_use } = platform;
        Self { id, name, status: *status, versions, in_use }
    }
}
