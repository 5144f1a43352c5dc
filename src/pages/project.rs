//! The page of a project: what it is, its feeds, and its whole history.

use std::borrow::Cow;

use askama::Template;
use chrono::NaiveDate;

use super::{Badge, FORMATS, FeedLink, Frame, render, source_page};
use crate::{
    catalog::{Catalog, Platform, PlatformStatus},
    feeds::{Content, Feed},
    history::{Fixes, History, Reason},
    model::{PrereleaseFlag, Project, Release, Roots},
    notes::xml_text,
    overview::{Latest, Overview, SourceRow, Standing},
    version::Line,
};

/// How many characters of notes a project's page shows of a release.
const NOTES: usize = 60_000;

#[derive(Template)]
#[template(path = "project.html")]
struct Page<'a> {
    frame: Frame<'a>,
    project: &'a Project,
    stage: Option<&'a str>,
    whole: Option<&'a Project>,
    parts: Vec<&'a Project>,
    /// Each source with its page.
    sources: Vec<(&'a SourceRow, String)>,
    lines: Vec<PlatformLine<'a>>,
    count: usize,
    releases: Vec<Section<'a>>,
    days: Vec<Day<'a>>,
    left_out: usize,
    /// Tags that are no releases, below a sentence with the reason.
    reasons: Vec<(&'static str, Vec<Cow<'a, str>>)>,
}

/// The page of a project with this history and its `own` feed.
#[must_use]
pub fn project(overview: &Overview<'_>, history: &History, own: &Feed, catalog: &Catalog, roots: &Roots) -> Vec<u8> {
    let project = overview.project;
    // The releases of a day are shown together where they are announced together.
    let (single, daily): (Vec<&Release>, Vec<&Release>) =
        history.releases.iter().partition(|release| release.entry.is_some());
    let fixes = history.fixes();
    let left_out = history.left_out.iter().filter(|(_, tags)| !tags.is_empty());
    let feeds = vec![FeedLink::of(own), FeedLink::of_site(catalog)];
    render(&Page {
        frame: Frame::new(catalog, "../", roots.page(&own.page), feeds),
        project,
        stage: catalog.stage_name(project),
        whole: project.part_of.as_ref().and_then(|id| catalog.project(id)),
        parts: catalog.projects.iter().filter(|part| part.part_of.as_ref() == Some(&project.id)).collect(),
        sources: overview.sources.iter().map(|row| (row, source_page(row, roots))).collect(),
        lines: catalog.platforms.iter().filter_map(|platform| PlatformLine::of(platform, overview)).collect(),
        count: history.releases.len(),
        releases: single.into_iter().map(|release| Section::of(release, &fixes, project, catalog, roots)).collect(),
        days: by_day(&daily, project.prerelease_flag, roots),
        left_out: history.count_left_out(),
        reasons: left_out
            .map(|(reason, tags)| (reason.sentence(), tags.iter().map(|t| xml_text(t)).collect()))
            .collect(),
    })
}

/// A platform that asks for a line of the project.
struct PlatformLine<'a> {
    name: &'a str,
    draft: bool,
    line: &'a Line,
    latest: Option<&'a Latest>,
}

impl<'a> PlatformLine<'a> {
    fn of(platform: &'a Platform, overview: &'a Overview<'_>) -> Option<Self> {
        Some(Self {
            name: &platform.name,
            draft: platform.status == PlatformStatus::Draft,
            line: platform.versions.get(&overview.project.id)?,
            latest: overview.platforms.get(&platform.id),
        })
    }
}

/// A release on the page.
struct Section<'a> {
    release: &'a Release,
    badges: Vec<Badge<'a>>,
    content: Content<'a>,
}

impl<'a> Section<'a> {
    fn of(release: &'a Release, fixes: &Fixes<'a>, project: &Project, catalog: &'a Catalog, roots: &Roots) -> Self {
        let platforms: Vec<_> = catalog.platforms_with(&project.id, &release.version).collect();
        let mut badges = Badge::of_release(release, project.prerelease_flag);
        badges.extend(platforms.iter().map(|platform| Badge { class: "platform", text: &platform.name }));
        let fixes = fixes.in_version(&release.version);
        let content = Content::of(release, &platforms, fixes, roots, NOTES, release.page(roots));
        Self { release, badges, content }
    }
}

/// The releases of a day.
struct Day<'a> {
    date: NaiveDate,
    rows: Vec<DayRow<'a>>,
}

/// A release in the table of its day.
struct DayRow<'a> {
    release: &'a Release,
    url: String,
    badges: Vec<Badge<'a>>,
}

/// Puts releases, newest first, into tables of a UTC day each.
fn by_day<'a>(releases: &[&'a Release], flag: PrereleaseFlag, roots: &Roots) -> Vec<Day<'a>> {
    let row =
        |release: &&'a Release| DayRow { release, url: release.page(roots), badges: Badge::of_release(release, flag) };
    let days = releases.chunk_by(|a, b| a.released.date_naive() == b.released.date_naive());
    let day = |day: &[&'a Release]| {
        let date = day.first()?.released.date_naive();
        Some(Day { date, rows: day.iter().map(row).collect() })
    };
    days.filter_map(day).collect()
}

impl Reason {
    /// The reason as a sentence about several tags.
    fn sentence(self) -> &'static str {
        match self {
            Self::NoVersion => "The project’s way of tagging finds no version of it in these:",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::version::{Stability, Version};

    fn release(version: &str, released: &str) -> Release {
        Release {
            version: Version::from_canonical(version),
            text: version.to_owned(),
            released: released.parse().unwrap(),
            recorded: None,
            stability: Stability::Final,
            security: false,
            entry: None,
            channels: Vec::new(),
            events: Vec::new(),
            notes: String::new(),
        }
    }

    #[test]
    fn releases_of_a_day_stand_in_one_table() {
        let roots = Roots::new("https://example.org".parse().unwrap(), "https://packages.example".parse().unwrap());
        let releases = [
            release("c", "2026-01-02T12:00:00Z"),
            release("b", "2026-01-02T00:00:00Z"),
            release("a", "2026-01-01T23:59:59Z"),
        ];
        let days = by_day(&releases.iter().collect::<Vec<_>>(), PrereleaseFlag::Believed, &roots);
        let shown: Vec<_> = days.iter().map(|day| (day.date.to_string(), day.rows.len())).collect();
        assert_eq!(shown, [("2026-01-02".to_owned(), 2), ("2026-01-01".to_owned(), 1)]);
        assert_eq!(days[0].rows[0].release.text, "c");
        assert!(by_day(&[], PrereleaseFlag::Believed, &roots).is_empty());
    }
}
