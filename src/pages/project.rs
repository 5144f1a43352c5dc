//! The page of a project: what it is, its feeds, and its whole history.

use std::{
    borrow::Cow,
    io::{self, Write},
};

use askama::Template;
use chrono::NaiveDate;
use url::Url;

use super::{
    Badge, FORMATS, FeedLink, Frame, Place, SLACK,
    chart::{Chart, MarkKind},
    filter::{Choice, Marks, choices},
    source_page,
};
use crate::{
    catalog::{Catalog, Platform},
    feeds::{Content, Contents, Feed},
    history::{History, Reason},
    model::{Channel, Grouping, PrereleaseFlag, Project, Release, Roots, Source},
    notes::xml_text,
    overview::{Course, LineRow, Overview, SourceRow, Standing},
    version::{Line, Stability},
};

/// The widths of the names of a project's lanes, in pixels: none, where there is but one, and of lines.
const DAYS: f64 = 0.0;
const LINES: f64 = 60.0;

#[derive(Template)]
#[template(path = "project.html")]
struct Page<'a> {
    frame: Frame<'a>,
    project: &'a Project,
    stage: Option<&'a str>,
    whole: Option<&'a Project>,
    parts: Vec<&'a Project>,
    /// Each source with its page.
    sources: Vec<(Source, &'a SourceRow, String)>,
    /// Where its lines in the catalog are changed.
    edit: Option<String>,
    lines: Vec<ProjectLine<'a>>,
    older: Vec<ProjectLine<'a>>,
    chart: Option<Chart>,
    filter: Vec<Choice<'a>>,
    count: usize,
    releases: Vec<Section<'a>>,
    days: Vec<Day<'a>>,
    left_out: usize,
    /// Tags that are no releases, below a sentence with the reason.
    reasons: Vec<(&'static str, Vec<Cow<'a, str>>)>,
}

/// What a project's page is made of.
#[derive(Debug, Clone, Copy)]
pub struct Material<'a> {
    /// Its row.
    pub overview: &'a Overview<'a>,
    /// Its history in a line each.
    pub course: &'a Course<'a>,
    /// Its history.
    pub history: &'a History,
    /// What there is to say of its releases.
    pub contents: &'a Contents<'a>,
    /// Its own feed.
    pub own: &'a Feed,
}

/// The page of a project.
///
/// # Errors
/// When the writer fails.
pub fn project(material: Material<'_>, catalog: &Catalog, roots: &Roots, out: &mut dyn Write) -> io::Result<()> {
    let Material { overview, course, history, contents, own } = material;
    let project = overview.project;
    // The releases of a day are shown together where they are announced together.
    let (single, daily): (Vec<&Release>, Vec<&Release>) =
        history.releases.iter().partition(|release| release.entry.is_some());
    let left_out = history.left_out.iter().filter(|(_, tags)| !tags.is_empty());
    let (lines, older) = lines(project, course, catalog);
    let description = format!("Releases of {}, newest first, with notes, dates and feeds.", project.name);
    let feeds = vec![FeedLink::of(own), FeedLink::of_site(catalog)];
    let source = |(source, row)| {
        let page = source_page(&source, row, roots);
        (source, row, page)
    };
    Page {
        frame: Frame::new(catalog, roots, Place::Elsewhere, &own.page, &project.name, description, feeds),
        project,
        stage: catalog.stage_name(project),
        whole: project.part_of.as_ref().and_then(|id| catalog.project(id)),
        parts: catalog.projects.iter().filter(|part| part.part_of.as_ref() == Some(&project.id)).collect(),
        sources: overview.sources().map(source).collect(),
        edit: catalog.edit_of(project),
        lines,
        older,
        chart: chart(project, course),
        filter: choices(catalog, std::iter::once(project), course.listed.iter()),
        count: history.releases.len(),
        releases: sections(&single, history, contents, project, catalog),
        days: by_day(&daily, project.prerelease_flag, roots),
        left_out: history.count_left_out(),
        reasons: left_out
            .map(|(reason, tags)| (reason.sentence(), tags.iter().map(|t| xml_text(t)).collect()))
            .collect(),
    }
    .write_into(out)
}

/// A line of the project, with the platforms that ask for it.
struct ProjectLine<'a> {
    reached: &'a LineRow,
    platforms: Vec<&'a Platform>,
}

/// The lines that people are on, and the others: those that a platform asks for or that still get releases.
fn lines<'a>(
    project: &Project,
    course: &'a Course<'_>,
    catalog: &'a Catalog,
) -> (Vec<ProjectLine<'a>>, Vec<ProjectLine<'a>>) {
    let newest = course.listed.first().map(|listed| listed.released);
    let line = |reached: &'a LineRow| {
        let asks = |platform: &&Platform| platform.line_of(&project.id) == Some(&reached.line);
        ProjectLine { reached, platforms: catalog.platforms.iter().filter(asks).collect() }
    };
    let is_current = |line: &ProjectLine<'_>| {
        !line.platforms.is_empty() || newest.is_some_and(|newest| line.reached.is_current(newest))
    };
    course.lines.iter().map(line).partition(is_current)
}

/// Its last two years, a lane for each line.
fn chart(project: &Project, course: &Course<'_>) -> Option<Chart> {
    let newest = course.listed.first()?.released;
    if project.grouping() == Grouping::Daily {
        return Some(Chart::up_to(newest, None, DAYS, [(String::new(), course.listed.iter().collect())].into_iter()));
    }
    let mut lines: Vec<_> = course.listed.iter().filter_map(|listed| listed.line.as_ref()).collect();
    lines.sort_by(|a, b| b.cmp(a));
    lines.dedup();
    let lane = |line| {
        let members = course.listed.iter().filter(move |listed| listed.line.as_ref() == Some(line));
        (format!("{line}"), members.collect())
    };
    Some(Chart::up_to(newest, None, LINES, lines.into_iter().map(lane)))
}

/// A release on the page.
struct Section<'a> {
    release: &'a Release,
    badges: Vec<Badge<'a>>,
    marks: Marks<'a>,
    content: &'a Content<'a>,
    /// The place of its version among all, from the lowest on.
    rank: usize,
    compare: Option<Compare<'a>>,
    /// Where its notes are changed, for those who may.
    edit: Option<String>,
}

/// What changed since another release.
struct Compare<'a> {
    /// The text of that release's version.
    since: &'a str,
    url: String,
}

impl<'a> Compare<'a> {
    /// What changed since the release before it in its line, or before it at all where it is the line's first; what was
    /// published later is not before it. A final one is compared with a final one, where there is one. `lower` are the releases below it, the lowest first.
    fn of(
        release: &Release,
        lower: &[&'a Release],
        line_of: impl Fn(&Release) -> Option<Line>,
        flag: PrereleaseFlag,
    ) -> Option<Self> {
        let (repository, tag) = release.tag_on_github()?;
        let is_final = |release: &Release| release.stability_now(flag) == Stability::Final;
        let before: Vec<&'a Release> = lower
            .iter()
            .rev()
            .copied()
            .filter(|other| other.released < release.released)
            .filter(|other| other.tag_on_github().is_some_and(|(other, _)| other == repository))
            .collect();
        let (line, alike) = (line_of(release), |other: &Release| !is_final(release) || is_final(other));
        let in_line = |other: &&&'a Release| line_of(other) == line;
        let alike_in_line = before.iter().filter(in_line).find(|other| alike(other));
        let before = alike_in_line
            .or_else(|| before.iter().find(|other| alike(other)))
            .or_else(|| before.iter().find(in_line))?;
        let mut url = Url::parse(repository).ok()?;
        url.path_segments_mut().ok()?.push("compare").push(&format!("{}...{tag}", before.tag_on_github()?.1));
        Some(Self { since: &before.text, url: url.into() })
    }
}

impl Content<'_> {
    /// Where its notes are changed, when there are any on GitHub.
    fn edit_of(&self, release: &Release) -> Option<String> {
        let (repository, tag) = release.tag_on_github().filter(|_| !self.notes.html.is_empty())?;
        let mut url = Url::parse(repository).ok()?;
        url.path_segments_mut().ok()?.extend(["releases", "edit"]).extend(tag.split('/'));
        Some(url.into())
    }
}

impl Release {
    /// The repository's page and the tag, where GitHub has it.
    fn tag_on_github(&self) -> Option<(&str, &str)> {
        let github = self.channels.iter().find(|record| record.channel == Channel::Github)?;
        let tag = github.shown_tags().next()?;
        Some((tag.url.as_deref()?.split_once("/releases/tag/")?.0, &tag.tag))
    }
}

/// The releases with entries of their own, newest first.
fn sections<'a>(
    releases: &[&'a Release],
    history: &'a History,
    contents: &'a Contents<'a>,
    project: &'a Project,
    catalog: &'a Catalog,
) -> Vec<Section<'a>> {
    let depth = catalog.line_depth(&project.id);
    let line_of = |release: &Release| Line::of(&release.version, depth);
    let mut by_version: Vec<&Release> = history.releases.iter().collect();
    by_version.sort_by(|a, b| a.version.cmp(&b.version));
    let section = |&release: &&'a Release| {
        let rank = by_version.partition_point(|other| other.version < release.version);
        let compare = Compare::of(release, &by_version[..rank], line_of, project.prerelease_flag);
        Section { rank, compare, ..Section::of(release, contents.of_release(release), project) }
    };
    releases.iter().map(section).collect()
}

impl<'a> Section<'a> {
    fn of(release: &'a Release, content: &'a Content<'a>, project: &'a Project) -> Self {
        let stability = release.stability_now(project.prerelease_flag);
        let mut badges = Badge::warnings(Some(stability), release.presence());
        badges
            .extend((release.security || !content.fixes.is_empty() || !content.cves.is_empty()).then(Badge::security));
        badges.extend(Badge::of_platforms(&content.platforms));
        let marks = Marks {
            project: &project.id,
            stage: project.stage.as_ref(),
            channels: release.channels_once(),
            platforms: content.platforms.clone(),
            stabilities: vec![stability],
        };
        let edit = content.edit_of(release);
        Self { release, badges, marks, content, rank: 0, compare: None, edit }
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
    let row = |release: &&'a Release| DayRow {
        release,
        url: release.page(roots),
        badges: Badge::warnings(Some(release.stability_now(flag)), release.presence()),
    };
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
