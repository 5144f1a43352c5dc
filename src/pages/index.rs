//! The front page: the feeds, the newest releases by day, all projects by stage.

use askama::Template;
use chrono::NaiveDate;

use super::{Badge, FORMATS, FeedLink, Frame, render};
use crate::{
    catalog::Catalog,
    feeds::{Feed, fragment},
    model::{Channel, Entry, EntryKind, Presence, Project, Roots},
    overview::Overview,
};

/// How many entries the front page shows.
const NEWEST: usize = 40;

#[derive(Template)]
#[template(path = "index.html")]
struct Index<'a> {
    frame: Frame<'a>,
    days: Vec<Day<'a>>,
    stages: Vec<Stage<'a>>,
}

/// The site's front page. The feed with everything is the second.
#[must_use]
pub fn index(catalog: &Catalog, overviews: &[Overview<'_>], feeds: &[Feed], roots: &Roots) -> Vec<u8> {
    let newest = feeds.get(1).map(|feed| feed.entries.iter().map(AsRef::as_ref));
    render(&Index {
        frame: Frame::new(catalog, "", roots.page(""), feeds.iter().map(FeedLink::of).collect()),
        days: by_day(newest.into_iter().flatten().take(NEWEST), catalog),
        stages: by_stage(catalog, overviews),
    })
}

/// The entries of a day.
struct Day<'a> {
    date: NaiveDate,
    items: Vec<Item<'a>>,
}

/// An entry, as the front page shows it.
struct Item<'a> {
    entry: &'a Entry,
    /// Where the project's page has it, on the site.
    page: String,
    badges: Vec<Badge<'a>>,
}

/// Puts entries, newest first, under the days on which they were announced.
fn by_day<'a>(entries: impl Iterator<Item = &'a Entry>, catalog: &'a Catalog) -> Vec<Day<'a>> {
    let mut days: Vec<Day<'a>> = Vec::new();
    for entry in entries {
        let date = entry.announced.date_naive();
        let item = Item::of(entry, catalog);
        match days.last_mut().filter(|day| day.date == date) {
            Some(day) => day.items.push(item),
            None => days.push(Day { date, items: vec![item] }),
        }
    }
    days
}

impl<'a> Item<'a> {
    fn of(entry: &'a Entry, catalog: &'a Catalog) -> Self {
        let facts = &entry.facts;
        let anchor = match (&facts.version, facts.kind) {
            (Some(version), _) => format!("#{}", fragment(version)),
            // A day's own link leads to the same place.
            (None, EntryKind::Day) => {
                entry.link.find('#').map(|place| entry.link[place..].to_owned()).unwrap_or_default()
            }
            (None, _) => String::new(),
        };
        let presence = facts.channels.iter().map(|channel| channel.state).min().unwrap_or(Presence::Present);
        let mut badges = Badge::warnings(facts.stability, presence);
        let platforms = catalog.platforms.iter().filter(|platform| facts.platforms.contains(&platform.id));
        badges.extend(platforms.map(|platform| Badge { class: "platform", text: &platform.name }));
        let mut channels: Vec<Channel> = facts.channels.iter().map(|channel| channel.channel).collect();
        channels.dedup();
        badges.extend(channels.into_iter().map(|channel| Badge { class: "channel", text: channel.name() }));
        Self { entry, page: format!("projects/{}.html{anchor}", facts.project), badges }
    }
}

/// The projects at one stage.
struct Stage<'a> {
    name: &'a str,
    rows: Vec<Row<'a>>,
}

/// A project in the table of its stage.
struct Row<'a> {
    overview: &'a Overview<'a>,
    /// How many projects of the table it stands under.
    depth: usize,
    /// The project of which it is a part, where that stands in no row above.
    part_of: Option<&'a Project>,
}

/// Puts projects under their stages, in the catalog's order; what has none stands last.
fn by_stage<'a>(catalog: &'a Catalog, overviews: &'a [Overview<'a>]) -> Vec<Stage<'a>> {
    let named = catalog.stages.iter().map(|stage| (stage.name.as_str(), Some(&stage.id)));
    let stages = named.chain([("Projects", None)]).map(|(name, id)| {
        let here: Vec<_> = overviews.iter().filter(|overview| overview.project.stage.as_ref() == id).collect();
        let mut rows = Vec::with_capacity(here.len());
        for &overview in here.iter().filter(|overview| !stands_under_one_of(&here, overview.project)) {
            let part_of = overview.project.part_of.as_ref().and_then(|id| catalog.project(id));
            rows.push(Row { overview, depth: 0, part_of });
            push_parts(&mut rows, &here, overview, 1);
        }
        Stage { name, rows }
    });
    stages.filter(|stage| !stage.rows.is_empty()).collect()
}

fn stands_under_one_of(here: &[&Overview<'_>], project: &Project) -> bool {
    here.iter().any(|overview| project.part_of.as_ref() == Some(&overview.project.id))
}

/// Adds the rows of a project's parts, and of theirs: the catalog has no circles.
fn push_parts<'a>(rows: &mut Vec<Row<'a>>, here: &[&'a Overview<'a>], whole: &Overview<'_>, depth: usize) {
    for &overview in here.iter().filter(|part| part.project.part_of.as_ref() == Some(&whole.project.id)) {
        rows.push(Row { overview, depth, part_of: None });
        push_parts(rows, here, overview, depth + 1);
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;
    use crate::{
        model::{ChannelFacts, Facts},
        version::Stability,
    };

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
            channels: BTreeMap::new(),
            platforms: BTreeMap::new(),
            sources: Vec::new(),
        }
    }

    #[test]
    fn parts_stand_under_their_whole_and_what_has_no_stage_last() {
        let catalog = Catalog::parse("projects.toml", CATALOG).unwrap();
        let overviews: Vec<_> = catalog.projects.iter().map(overview).collect();
        let stages = by_stage(&catalog, &overviews);
        let shown: Vec<_> = stages
            .iter()
            .map(|stage| {
                let rows = stage.rows.iter().map(|row| {
                    let part_of = row.part_of.map(|whole| whole.id.as_str());
                    (row.overview.project.id.as_str(), row.depth, part_of)
                });
                (stage.name, rows.collect::<Vec<_>>())
            })
            .collect();
        let young = vec![("whole", 0, None), ("part", 1, None), ("part-of-part", 2, None), ("other", 0, None)];
        assert_eq!(shown, [("Young", young), ("Projects", vec![("elsewhere", 0, Some("whole"))])]);
    }

    fn entry(at: &str, version: Option<&str>, channels: &[(Channel, Presence)]) -> Entry {
        let channel = |&(channel, state): &(Channel, Presence)| ChannelFacts {
            channel,
            name: String::new(),
            url: String::new(),
            released: at.parse().unwrap(),
            state,
            verified: None,
        };
        Entry {
            id: String::new(),
            title: String::new(),
            link: "https://example.org/projects/old.html#day-2026-01-01".to_owned(),
            announced: at.parse().unwrap(),
            summary: String::new(),
            html: String::new(),
            categories: Vec::new(),
            facts: Facts {
                kind: if version.is_some() { EntryKind::Release } else { EntryKind::Day },
                event: None,
                project: "whole".parse().unwrap(),
                version: version.map(str::to_owned),
                stability: version.map(|_| Stability::PreRelease),
                channels: channels.iter().map(channel).collect(),
                platforms: vec!["y1".parse().unwrap()],
                advisories: Vec::new(),
            },
        }
    }

    #[test]
    fn entries_stand_under_the_day_on_which_they_were_announced() {
        let catalog = Catalog::parse("projects.toml", CATALOG).unwrap();
        let entries = [
            entry("2026-01-03T00:00:00Z", Some("2"), &[]),
            entry("2026-01-02T23:59:59Z", Some("1"), &[]),
            entry("2026-01-02T00:00:00Z", None, &[]),
        ];
        let days = by_day(entries.iter(), &catalog);
        let shown: Vec<_> = days.iter().map(|day| (day.date.to_string(), day.items.len())).collect();
        assert_eq!(shown, [("2026-01-03".to_owned(), 1), ("2026-01-02".to_owned(), 2)]);
        assert_eq!(days[1].items[1].page, "projects/whole.html#day-2026-01-01");
        assert!(by_day([].iter(), &catalog).is_empty());
    }

    #[test]
    fn an_item_links_to_its_place_on_the_projects_page_and_names_a_channel_once() {
        let catalog = Catalog::parse("projects.toml", CATALOG).unwrap();
        let channels = [Channel::Github, Channel::Pypi, Channel::Pypi].map(|channel| (channel, Presence::Yanked));
        let entry = entry("2026-01-03T00:00:00Z", Some("a b/1+<2>"), &channels);
        let item = Item::of(&entry, &catalog);
        assert_eq!(item.page, "projects/whole.html#a%20b/1+%3C2%3E");
        let badges: Vec<_> = item.badges.iter().map(|badge| badge.text).collect();
        assert_eq!(badges, ["pre-release", "yanked", "Y1", "GitHub", "PyPI"]);
    }
}
