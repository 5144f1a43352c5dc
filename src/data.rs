//! The public data besides the memory: `data/index.json`.

use std::collections::BTreeMap;

use serde::Serialize;

use crate::{
    catalog::{Catalog, PlatformStatus},
    file,
    model::{Channel, Slug},
    overview::{Latest, Overview},
    version::Line,
};

/// The form of the file.
const SCHEMA: u32 = 1;

#[derive(Serialize)]
struct Index<'a> {
    schema: u32,
    title: &'a str,
    projects: Vec<Project<'a>>,
    platforms: Vec<Platform<'a>>,
}

#[derive(Serialize)]
struct Project<'a> {
    id: &'a Slug,
    name: &'a str,
    stage: Option<&'a Slug>,
    homepage: Option<&'a str>,
    part_of: Option<&'a Slug>,
    sources: Vec<String>,
    releases: usize,
    latest: Option<&'a Latest>,
    latest_pre_release: Option<&'a Latest>,
    channels: &'a BTreeMap<Channel, Latest>,
    platforms: BTreeMap<&'a Slug, &'a Latest>,
}

#[derive(Serialize)]
struct Platform<'a> {
    id: &'a Slug,
    name: &'a str,
    status: &'static str,
    versions: &'a BTreeMap<Slug, Line>,
    in_use: &'a BTreeMap<Slug, Line>,
}

/// All projects with their latest versions, and the platforms with the lines that they ask for.
#[must_use]
pub fn index(catalog: &Catalog, overviews: &[Overview<'_>]) -> Vec<u8> {
    let index = Index {
        schema: SCHEMA,
        title: &catalog.site.title,
        projects: overviews.iter().map(project).collect(),
        platforms: catalog.platforms.iter().map(platform).collect(),
    };
    file::json(&index)
}

fn project<'a>(overview: &'a Overview<'_>) -> Project<'a> {
    let project = overview.project;
    Project {
        id: &project.id,
        name: &project.name,
        stage: project.stage.as_ref(),
        homepage: project.homepage.as_ref().map(url::Url::as_str),
        part_of: project.part_of.as_ref(),
        sources: overview.sources.iter().map(|row| row.source.to_string()).collect(),
        releases: overview.releases,
        latest: overview.latest.as_ref(),
        latest_pre_release: overview.latest_pre_release.as_ref(),
        channels: &overview.channels,
        platforms: overview.platforms.iter().map(|(id, row)| (id, &row.latest)).collect(),
    }
}

fn platform(platform: &crate::catalog::Platform) -> Platform<'_> {
    Platform {
        id: &platform.id,
        name: &platform.name,
        status: match platform.status {
            PlatformStatus::Final => "final",
            PlatformStatus::Draft => "draft",
        },
        versions: &platform.versions,
        in_use: &platform.in_use,
    }
}
