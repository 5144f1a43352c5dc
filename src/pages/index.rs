//! The front page: the ways in, the newest days, the latest of all projects by stage.

use std::io::{self, Write};

use askama::Template;
use chrono::NaiveDate;

use super::{
    FORMATS, FeedLink, Frame, Front, Place, about,
    chart::Weeks,
    filter::{Choice, Marks, choices},
    front::Day,
};
use crate::{
    catalog::Catalog,
    feeds::Feed,
    model::{Channel, Moment, Project, Roots},
    overview::{Latest, Log, Overview},
};

/// How many platforms the front page leads to; the others stand on their pages.
const PLATFORMS: usize = 4;

#[derive(Template)]
#[template(path = "index.html")]
struct Index<'a> {
    frame: Frame<'a>,
    newest: Option<Newest>,
    projects: usize,
    releases: usize,
    doors: Vec<Door<'a>>,
    weeks: Option<Weeks>,
    filter: Vec<Choice<'a>>,
    days: Vec<Day<'a>>,
    stages: Vec<Stage<'a>>,
}

/// The site's front page, with what `front` holds.
///
/// # Errors
/// When the writer fails.
pub fn index(
    catalog: &Catalog,
    overviews: &[Overview<'_>],
    log: &Log<'_>,
    front: Front<'_>,
    feeds: &[Feed],
    roots: &Roots,
    out: &mut dyn Write,
) -> io::Result<()> {
    let feeds = feeds.iter().map(FeedLink::of).collect();
    let newest = Newest::of(log);
    Index {
        frame: Frame::new(catalog, roots, Place::Home, "index.html", "", about(catalog), feeds),
        projects: overviews.len(),
        releases: overviews.iter().map(|overview| overview.releases).sum(),
        doors: doors(catalog),
        weeks: newest.as_ref().map(|newest| Weeks::up_to(newest.date, log)),
        filter: choices(catalog, catalog.projects.iter(), log.rows().map(|(_, listed)| listed)),
        days: front.finish(),
        stages: by_stage(catalog, overviews, newest.as_ref().map(|newest| newest.released)),
        newest,
    }
    .write_into(out)
}

/// The release that was published last.
struct Newest {
    title: String,
    page: String,
    date: NaiveDate,
    released: Moment,
}

impl Newest {
    fn of(log: &Log<'_>) -> Option<Self> {
        let (project, listed) = log.newest()?;
        Some(Self {
            title: format!("{} {}", project.name, listed.text),
            page: format!("{}#{}", project.page(), listed.anchor),
            date: listed.released.date_naive(),
            released: listed.released,
        })
    }
}

/// A way into the site: a page and its feed.
struct Door<'a> {
    name: &'a str,
    draft: bool,
    page: String,
    /// Where its feed is explained and can be copied: a browser shows the plain text of a feed.
    feed: String,
}

/// The ways in: everything, the newest platforms from the oldest on, security, one project.
fn doors(catalog: &Catalog) -> Vec<Door<'_>> {
    let door = |name, page: &str, feed: &str| Door { name, draft: false, page: page.to_owned(), feed: feed.to_owned() };
    let mut doors = vec![door("Everything", "releases.html", "subscribe.html#to-feeds-all")];
    doors.extend(catalog.platforms.iter().take(PLATFORMS).rev().map(|platform| Door {
        name: &platform.name,
        draft: platform.is_draft(),
        page: format!("platforms/{}.html", platform.id),
        feed: format!("subscribe.html#to-platforms-{}", platform.id),
    }));
    doors.push(door("Security", "feeds/security.html", "subscribe.html#to-feeds-security"));
    doors.push(door("One project", "#latest", "subscribe.html#one"));
    doors
}

/// The projects at one stage.
struct Stage<'a> {
    name: &'a str,
    groups: Vec<Group<'a>>,
}

/// A project with its parts.
struct Group<'a> {
    row: Row<'a>,
    parts: Vec<Row<'a>>,
}

/// A project in the table of its stage.
struct Row<'a> {
    overview: &'a Overview<'a>,
    marks: Marks<'a>,
    /// The project of which it is a part, where that stands in no row above.
    part_of: Option<&'a Project>,
    /// The latest of lines below the highest that still get releases.
    older: Vec<&'a Latest>,
}

/// Puts projects under their stages, in the catalog's order; what has none stands last.
fn by_stage<'a>(catalog: &'a Catalog, overviews: &'a [Overview<'a>], newest: Option<Moment>) -> Vec<Stage<'a>> {
    let stages = catalog.stages_and_rest().map(|(name, id)| {
        let here: Vec<_> = overviews.iter().filter(|overview| overview.project.stage.as_ref() == id).collect();
        let row = |overview, part_of| Row::of(overview, part_of, catalog, newest);
        let group = |&overview: &&'a Overview<'a>| {
            let part_of = overview.project.part_of.as_ref().and_then(|id| catalog.project(id));
            let mut parts = Vec::new();
            push_parts(&mut parts, &here, overview);
            Group { row: row(overview, part_of), parts: parts.into_iter().map(|part| row(part, None)).collect() }
        };
        let groups = here.iter().filter(|overview| !stands_under_one_of(&here, overview.project)).map(group).collect();
        Stage { name, groups }
    });
    stages.filter(|stage| !stage.groups.is_empty()).collect()
}

impl<'a> Row<'a> {
    fn of(
        overview: &'a Overview<'a>,
        part_of: Option<&'a Project>,
        catalog: &'a Catalog,
        newest: Option<Moment>,
    ) -> Self {
        let is_current = |latest: &&Latest| newest.is_some_and(|newest| latest.is_current(newest));
        let older = overview.older.iter().filter(is_current).collect();
        Self { overview, marks: Marks::of_project(overview, catalog), part_of, older }
    }
}

fn stands_under_one_of(here: &[&Overview<'_>], project: &Project) -> bool {
    here.iter().any(|overview| project.part_of.as_ref() == Some(&overview.project.id))
}

/// Adds a project's parts, and theirs: the catalog has no circles.
fn push_parts<'a>(parts: &mut Vec<&'a Overview<'a>>, here: &[&'a Overview<'a>], whole: &Overview<'_>) {
    for &overview in here.iter().filter(|part| part.project.part_of.as_ref() == Some(&whole.project.id)) {
        parts.push(overview);
        push_parts(parts, here, overview);
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;

    const CATALOG: &str = r#"
        [site]
        title = "Releases"
        url = "https://example.org/"
        authority = "example.org,2026"
        newest = 10
        days = 10
        [[stage]]
        id = "young"
        name = "Young"
        [[stage]]
        id = "empty"
        name = "Empty"
        [[platform]]
        id = "y1"
        name = "Y1"
        status = "final"
        versions = { whole = "1" }
        [[project]]
        id = "part-of-part"
        name = "Part of part"
        stage = "young"
        part_of = "part"
        pypi = [{ name = "d" }]
        [[project]]
        id = "whole"
        name = "Whole"
        stage = "young"
        pypi = [{ name = "a" }]
        [[project]]
        id = "other"
        name = "Other"
        stage = "young"
        pypi = [{ name = "b" }]
        [[project]]
        id = "part"
        name = "Part"
        stage = "young"
        part_of = "whole"
        pypi = [{ name = "c" }]
        [[project]]
        id = "elsewhere"
        name = "Elsewhere"
        part_of = "whole"
        pypi = [{ name = "e" }]
    "#;

    fn overview(project: &Project) -> Overview<'_> {
        Overview {
            project,
            releases: 0,
            left_out: 0,
            latest: None,
            latest_pre_release: None,
            channels: Box::default(),
            older: Vec::new(),
            platforms: BTreeMap::new(),
            newest_day: None,
            sources: Box::default(),
        }
    }

    #[test]
    fn parts_stand_under_their_whole_and_what_has_no_stage_last() {
        let catalog = Catalog::parse("projects.toml", CATALOG).unwrap();
        let overviews: Vec<_> = catalog.projects.iter().map(overview).collect();
        let stages = by_stage(&catalog, &overviews, None);
        let id = |row: &Row<'_>| (row.overview.project.id.to_string(), row.part_of.map(|whole| whole.id.to_string()));
        let shown: Vec<_> = stages
            .iter()
            .map(|stage| {
                let group = |group: &Group<'_>| (id(&group.row), group.parts.iter().map(id).collect::<Vec<_>>());
                (stage.name, stage.groups.iter().map(group).collect::<Vec<_>>())
            })
            .collect();
        let row = |id: &str| (id.to_owned(), None);
        let young = vec![(row("whole"), vec![row("part"), row("part-of-part")]), (row("other"), Vec::new())];
        let elsewhere = vec![(("elsewhere".to_owned(), Some("whole".to_owned())), Vec::new())];
        assert_eq!(shown, [("Young", young), ("Projects", elsewhere)]);
    }
}
