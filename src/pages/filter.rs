//! What readers filter by: the choices of a page's form, and the marks by which its script finds what they choose.

use std::collections::BTreeSet;

use crate::{
    catalog::{Catalog, Platform},
    model::{Channel, Project, Slug},
    overview::{Listed, Overview},
    version::Stability,
};

/// A choice of the form: the name of its marks, its label, and what can be chosen.
pub(super) struct Choice<'a> {
    pub(super) key: &'static str,
    pub(super) name: &'static str,
    /// Each with its label.
    pub(super) options: Vec<(&'a str, &'a str)>,
}

/// The marks of something that can be filtered.
pub(super) struct Marks<'a> {
    pub(super) project: &'a Slug,
    pub(super) stage: Option<&'a Slug>,
    pub(super) channels: Vec<Channel>,
    pub(super) platforms: Vec<&'a Platform>,
    pub(super) stabilities: Vec<Stability>,
}

impl<'a> Marks<'a> {
    /// Of a release in a list.
    pub(super) fn of_listed(project: &'a Project, listed: &Listed<'a>) -> Self {
        Self {
            project: &project.id,
            stage: project.stage.as_ref(),
            channels: listed.channels.clone(),
            platforms: listed.platforms.clone(),
            stabilities: vec![listed.stability],
        }
    }

    /// Of a project as a whole.
    pub(super) fn of_project(overview: &'a Overview<'_>, catalog: &'a Catalog) -> Self {
        let project = overview.project;
        let latest = overview.latest.as_ref().map(|_| Stability::Final);
        let stabilities = latest.into_iter().chain(overview.latest_pre_release.as_ref().map(|_| Stability::PreRelease));
        Self {
            project: &project.id,
            stage: project.stage.as_ref(),
            channels: overview.channels.iter().map(|(channel, _)| *channel).collect(),
            platforms: catalog
                .platforms
                .iter()
                .filter(|platform| platform.versions.contains_key(&project.id))
                .collect(),
            stabilities: stabilities.collect(),
        }
    }
}

/// The form of a page that shows these projects and releases. What leaves no choice is left out.
pub(super) fn choices<'a>(
    catalog: &'a Catalog,
    projects: impl Iterator<Item = &'a Project> + Clone,
    listed: impl Iterator<Item = &'a Listed<'a>>,
) -> Vec<Choice<'a>> {
    let (mut channels, mut platforms, mut stabilities) = (BTreeSet::new(), BTreeSet::new(), BTreeSet::new());
    for Listed { channels: on, platforms: within, stability, .. } in listed {
        channels.extend(on.iter().copied());
        platforms.extend(within.iter().map(|platform| &platform.id));
        stabilities.insert(*stability);
    }
    let stages: BTreeSet<_> = projects.clone().filter_map(|project| project.stage.as_ref()).collect();
    let projects = projects.map(|project| (project.id.as_str(), project.name.as_str()));
    let stages = catalog.stages.iter().filter(|stage| stages.contains(&stage.id));
    let platforms = catalog.platforms.iter().filter(|platform| platforms.contains(&platform.id));
    let mut all = vec![
        Choice { key: "project", name: "Project", options: projects.collect() },
        Choice { key: "stage", name: "Stage", options: stages.map(|s| (s.id.as_str(), s.name.as_str())).collect() },
        Choice {
            key: "platform",
            name: "Platform",
            options: platforms.map(|p| (p.id.as_str(), p.name.as_str())).collect(),
        },
        Choice {
            key: "channel",
            name: "Channel",
            options: channels.into_iter().map(|channel| (channel.key(), channel.name())).collect(),
        },
        Choice {
            key: "stability",
            name: "Stability",
            options: stabilities.into_iter().rev().map(|s| (s.word(), s.word())).collect(),
        },
    ];
    all.retain(|choice| choice.options.len() > 1);
    all
}
