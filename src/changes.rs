//! What changed in a project between two versions or dates: the notes of its releases, as one text in Markdown.

use std::{cmp::Reverse, fmt::Write, str::FromStr};

use chrono::NaiveDate;

use crate::{
    catalog::UnknownName,
    history::{Fixes, History},
    model::{Presence, Project, Release, Roots},
    notes,
    version::{Stability, Version},
};

/// How many versions on each side are offered instead of an unknown one.
const OFFERED: usize = 2;
/// The level of a release's heading.
const LEVEL: u8 = 2;

/// From where to where, as a person writes it: `FROM..TO`, of which either can be left out.
#[derive(Debug, Clone)]
pub struct Span {
    from: String,
    to: String,
}

impl FromStr for Span {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let (from, to) =
            text.split_once("..").ok_or("write FROM..TO, FROM.. or ..TO: versions, or dates as 2026-08-21")?;
        Ok(Self { from: from.trim().to_owned(), to: to.trim().to_owned() })
    }
}

/// An end of a span.
#[derive(Debug)]
enum Bound<'h> {
    /// A UTC day, which is in the span.
    Day(NaiveDate),
    /// A version: the first is not in the span, the last one is.
    Version(&'h Version),
}

impl<'h> Bound<'h> {
    /// The end that a text is; none where it is left out.
    fn read(text: &str, project: &Project, history: &'h History) -> Result<Option<Self>, UnknownName> {
        if text.is_empty() {
            return Ok(None);
        }
        let day = NaiveDate::parse_from_str(text, "%Y-%m-%d").ok().filter(|day| day.to_string() == text);
        let version = || find(text, history).map(|release| Self::Version(&release.version));
        day.map(Self::Day).or_else(version).map(Some).ok_or_else(|| unknown(text, project, history))
    }

    fn is_below(&self, release: &Release) -> bool {
        match self {
            Self::Day(day) => release.released.date_naive() >= *day,
            Self::Version(version) => release.version > **version,
        }
    }

    fn is_above(&self, release: &Release) -> bool {
        match self {
            Self::Day(day) => release.released.date_naive() <= *day,
            Self::Version(version) => release.version <= **version,
        }
    }

    fn is(&self, release: &Release) -> bool {
        matches!(self, Self::Version(version) if **version == release.version)
    }
}

/// The release with this version: as the project writes it, in its canonical form, or in another spelling.
fn find<'h>(text: &str, history: &'h History) -> Option<&'h Release> {
    let bare = |text: &str| text.to_lowercase().trim_start_matches('v').to_owned();
    let is_written = |release: &&Release| release.version.canonical() == text || bare(&release.text) == bare(text);
    let version = Version::from_tag_text(&bare(text));
    let mut releases = history.releases.iter();
    releases.clone().find(is_written).or_else(|| releases.find(|release| release.version == version))
}

/// That a project has no such version; those beside its place are near.
fn unknown(text: &str, project: &Project, history: &History) -> UnknownName {
    let mut releases: Vec<_> = history.releases.iter().collect();
    releases.sort_by_key(|release| Reverse(&release.version));
    let wanted = Version::from_tag_text(text.trim_start_matches(['v', 'V']));
    let place = releases.partition_point(|release| release.version > wanted);
    let near = releases.iter().take(place + OFFERED).skip(place.saturating_sub(OFFERED));
    let near = near.map(|release| release.text.clone()).collect();
    UnknownName { what: format!("version of {}", project.name), name: text.to_owned(), near }
}

/// What changed.
#[derive(Debug)]
pub struct Changes {
    /// The notes, in Markdown.
    pub markdown: String,
    /// How many pre-releases were left out.
    pub left_out: usize,
}

impl Changes {
    /// The notes of a project's releases within `span`, the newest first. Pre-releases are left out unless they are asked
    /// for; the one that `span` ends with is asked for by its name.
    ///
    /// # Errors
    /// When an end of `span` is neither a version of the project nor a date.
    pub fn of(
        project: &Project,
        history: &History,
        span: &Span,
        pre_releases: bool,
        roots: &Roots,
    ) -> Result<Self, UnknownName> {
        let from = Bound::read(&span.from, project, history)?;
        let to = Bound::read(&span.to, project, history)?;
        let is_within = |release: &&Release| {
            from.as_ref().is_none_or(|from| from.is_below(release)) && to.as_ref().is_none_or(|to| to.is_above(release))
        };
        let is_wanted = |release: &&Release| {
            pre_releases
                || release.stability_now(project.prerelease_flag) == Stability::Final
                || to.as_ref().is_some_and(|to| to.is(release))
        };
        let (wanted, left_out): (Vec<_>, Vec<_>) = history.releases.iter().filter(is_within).partition(is_wanted);
        let fixes = history.fixes();
        let title = format!("# {} {}..{}\n", escaped(&project.name), escaped(&span.from), escaped(&span.to));
        let nothing = wanted.is_empty().then(|| "\nNo releases.\n".to_owned());
        let sections = wanted.into_iter().map(|release| section(release, project, &fixes, roots));
        let markdown = std::iter::once(title).chain(sections).chain(nothing).collect();
        Ok(Self { markdown, left_out: left_out.len() })
    }
}

/// A release: its heading, what is to be known of it, where it is, and its notes.
fn section(release: &Release, project: &Project, fixes: &Fixes<'_>, roots: &Roots) -> String {
    let (name, version, date) = (escaped(&project.name), escaped(&release.text), release.released.date_naive());
    let mut text = format!("\n## {name} {version} ({date})\n");
    let mut facts = marks(release, project);
    facts.extend(fixes.in_version(&release.version).iter().map(|advisory| format!("fixes {}", advisory.name())));
    let page = release.page(roots);
    facts.extend((!page.is_empty()).then(|| format!("<{page}>")));
    if !facts.is_empty() {
        let _ = writeln!(text, "\n{}", facts.join(" · "));
    }
    let notes = notes::under(&release.notes, LEVEL);
    if !notes.is_empty() {
        let _ = writeln!(text, "\n{notes}");
    }
    text
}

/// What keeps a release from being one for everybody.
fn marks(release: &Release, project: &Project) -> Vec<String> {
    let stability = release.stability_now(project.prerelease_flag);
    let stability = (stability != Stability::Final).then(|| stability.to_string());
    let presence = match release.presence() {
        Presence::Present => None,
        Presence::Yanked => Some("yanked".to_owned()),
        Presence::Withdrawn => Some("withdrawn".to_owned()),
    };
    stability.into_iter().chain(presence).collect()
}

/// A text as it is, where Markdown has a meaning for some of its characters.
fn escaped(text: &str) -> String {
    let escape = |c: char| "\\`*[]<>&".contains(c).then_some('\\').into_iter().chain([c]);
    text.chars().flat_map(escape).collect()
}
