//! Which entries stand in which feed, and what each format makes of them.

use std::{
    io::{self, Write},
    sync::Arc,
};

use chrono::NaiveDate;

mod advice;
mod atom;
mod entry;
mod json;
mod opml;
mod pace;
mod rss;
mod window;

use self::window::Window;
pub use self::{
    entry::{Content, Contents, excerpt, render},
    opml::opml,
    pace::Pace,
};
use crate::{
    catalog::{Catalog, Platform, Selection},
    history::History,
    model::{Advisory, Announcement, Day, Entry, Event, EventKind, Moment, Project, Release, Roots},
    version::Stability,
};

/// What the site's own feed holds.
pub const FINALS: &str = "Final releases of all projects, and what happens to them later.";
/// What the feed with everything holds.
const EVERYTHING: &str = "All releases of all projects, pre-releases included, and what happens to them later.";
/// What the feed on vulnerabilities holds.
const SECURITY: &str = "Releases that fix a known vulnerability, and new security advisories.";
/// How many entries a project's own feed holds.
pub const PROJECT_FEED: usize = 50;

/// A feed, ready to be written in any format.
#[derive(Debug, Clone)]
pub struct Feed {
    /// What it is of.
    pub title: String,
    /// A sentence on what it holds.
    pub description: String,
    /// Its place on the site without an ending, such as `feeds/all`: where it is served is the site's matter.
    pub path: String,
    /// The page that shows the same, on the site.
    pub page: String,
    /// Newest first.
    pub entries: Vec<Arc<Entry>>,
}

/// A feed's format: one file each, with the file name's ending.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// [RFC 4287](https://www.rfc-editor.org/rfc/rfc4287).
    Atom,
    /// [RSS 2.0](https://www.rssboard.org/rss-specification).
    Rss,
    /// [JSON Feed 1.1](https://www.jsonfeed.org/version/1.1/).
    Json,
}

impl Format {
    /// All formats, the one to recommend first.
    pub const ALL: [Self; 3] = [Self::Atom, Self::Rss, Self::Json];

    /// The file name's ending, by which a static server knows the type.
    #[must_use]
    pub fn ending(self) -> &'static str {
        match self {
            Self::Atom => "atom",
            Self::Rss => "rss",
            Self::Json => "json",
        }
    }

    /// Writes the feed in this format.
    ///
    /// # Errors
    /// When the writer fails.
    pub fn write(self, feed: &Feed, site: &FeedSite<'_>, out: &mut dyn Write) -> io::Result<()> {
        match self {
            Self::Atom => atom::write(feed, site, out),
            Self::Rss => rss::write(feed, site, out),
            Self::Json => json::write(feed, site, out),
        }
    }
}

/// What all feeds of a site say alike.
#[derive(Debug, Clone, Copy)]
pub struct FeedSite<'a> {
    /// The site's title, which is the author where a format asks for one.
    pub title: &'a str,
    /// Of the `tag:` URIs.
    pub authority: &'a str,
    /// Where all stands.
    pub roots: &'a Roots,
}

impl FeedSite<'_> {
    /// The permanent id of a feed. Its slash keeps it apart from the ids of entries, which begin with a project.
    fn id(&self, feed: &Feed) -> String {
        format!("tag:{}:/{}", self.authority, feed.path)
    }

    /// The address of a feed in a format.
    fn address(&self, feed: &Feed, format: Format) -> String {
        self.roots.page(&format!("{}.{}", feed.path, format.ending()))
    }
}

impl Feed {
    /// When anything in it was announced last; the beginning of time for an empty feed.
    fn updated(&self) -> Moment {
        self.entries.first().map_or_else(Moment::default, |entry| entry.announced)
    }
}

/// Something that is or may become an entry of a feed.
#[derive(Debug, Clone)]
pub struct Candidate<'a> {
    /// Whose it is.
    pub project: &'a Project,
    /// The frozen facts.
    pub entry: &'a Announcement,
    /// What it is of.
    pub subject: Subject<'a>,
    /// The platforms whose line it is in.
    pub platforms: Vec<&'a Platform>,
    /// The advisories that the release fixes, or that the event tells of, as they read now.
    pub advisories: Vec<&'a Advisory>,
    /// What to do about each of those advisories, where they are an event and say so.
    pub advice: Vec<Option<String>>,
    /// Whether it was announced before the project's first final release.
    pub before_first_final: bool,
}

/// What an entry is of.
#[derive(Debug, Clone)]
pub enum Subject<'a> {
    /// One release.
    Release(&'a Release),
    /// A day's releases, oldest first.
    Day(NaiveDate, Vec<&'a Release>),
    /// What happened, to a release or to a whole source or project.
    Event(&'a Event, Option<&'a Release>),
}

/// All that a project has to announce, newest first; its first final release was announced at `first_final`.
#[must_use]
pub fn candidates<'a>(
    project: &'a Project,
    history: &'a History,
    first_final: Option<Moment>,
    catalog: &'a Catalog,
) -> Vec<Candidate<'a>> {
    let fixes = history.fixes();
    let candidate = |entry: &'a Announcement, subject, platforms, advisories| {
        let before_first_final = first_final.is_none_or(|first| entry.announced < first);
        Candidate { project, entry, subject, platforms, advisories, advice: Vec::new(), before_first_final }
    };
    let of_release = |release: &'a Release| {
        let platforms: Vec<_> = catalog.platforms_with(&project.id, &release.version).collect();
        let itself = release.entry.iter().map(|entry| (entry, Subject::Release(release)));
        let events = release.events.iter().map(|event| (&event.entry, Subject::Event(event, Some(release))));
        let all: Vec<_> = itself.chain(events).collect();
        let advisories = fixes.in_version(&release.version).to_vec();
        all.into_iter().map(move |(entry, subject)| candidate(entry, subject, platforms.clone(), advisories.clone()))
    };
    let of_project = |event: &'a Event| {
        let advisories = history.advisories_of(event);
        let advice = advisories.iter().map(|advisory| advice::advice(advisory, project, history, catalog)).collect();
        Candidate { advice, ..candidate(&event.entry, Subject::Event(event, None), Vec::new(), advisories) }
    };
    let days = history.days.iter().map(|day| {
        let Day { date, entry, .. } = day;
        candidate(entry, Subject::Day(*date, history.released_on(*date)), Vec::new(), Vec::new())
    });
    let mut all: Vec<_> = history.releases.iter().flat_map(of_release).collect();
    all.extend(days.chain(history.events.iter().map(of_project)));
    all.sort_by_key(|candidate| std::cmp::Reverse(candidate.entry.announced));
    all
}

impl<'a> Candidate<'a> {
    /// The release that it brings to readers: of a pre-release, those of finals hear when it has become final.
    fn release(&self) -> Option<&'a Release> {
        match self.subject {
            Subject::Release(release) => Some(release),
            Subject::Event(event, release) => release.filter(|_| event.kind == EventKind::Final),
            Subject::Day(..) => None,
        }
    }

    /// Whether it was about security when it was recorded.
    fn was_security(&self) -> bool {
        let is_event = matches!(self.subject, Subject::Event(Event { kind: EventKind::Security, .. }, _));
        is_event || self.release().is_some_and(|release| release.security)
    }

    /// Whether it is about security, as far as is known now.
    pub(crate) fn is_security(&self) -> bool {
        self.was_security() || (self.release().is_some() && !self.advisories.is_empty())
    }
}

/// What a selection holds, in a sentence.
fn description(selection: &Selection, catalog: &Catalog) -> String {
    let Selection { projects, stages, platforms, security, pre_releases, .. } = selection;
    let platforms = catalog.platforms.iter().filter(|platform| platforms.contains(&platform.id));
    let stages = catalog.stages.iter().filter(|stage| stages.contains(&stage.id));
    let projects = catalog.projects.iter().filter(|project| projects.contains(&project.id));
    let among = [
        ("in the lines of", platforms.map(|platform| platform.name.as_str()).collect::<Vec<_>>()),
        ("of the projects at the stage", stages.map(|stage| stage.name.as_str()).collect()),
        ("of", projects.map(|project| project.name.as_str()).collect()),
    ];
    let mut words = vec![if *pre_releases { "Releases, pre-releases included," } else { "Final releases" }.to_owned()];
    words.extend(security.then(|| "about security".to_owned()));
    let among = among.into_iter().filter(|(_, names)| !names.is_empty());
    words.push(among.map(|(what, names)| format!("{what} {}", names.join(", "))).collect::<Vec<_>>().join(" or "));
    words.retain(|word| !word.is_empty());
    format!("{}, and what happens to them later.", words.join(" ").trim_end_matches(','))
}

/// What a merged feed takes.
#[derive(Debug, Clone, Copy)]
enum Takes<'c> {
    /// Final releases of all projects, and what happens to them.
    Finals,
    /// Everything.
    All,
    /// What fixes a vulnerability, and what is known of new ones.
    Security,
    /// Final releases in the lines of a platform, and what happens to them.
    Platform(&'c Platform),
    /// What the catalog says.
    Selection(&'c Selection),
}

impl Takes<'_> {
    fn takes(self, candidate: &Candidate<'_>) -> bool {
        if candidate.entry.backfilled {
            return false;
        }
        let stability = match candidate.subject {
            Subject::Release(release) => release.stability,
            Subject::Event(event, _) => event.stability.unwrap_or(Stability::Final),
            Subject::Day(..) => return matches!(self, Self::All),
        };
        // A project that never had a final release would otherwise be invisible.
        let final_enough = match stability {
            Stability::Final => true,
            Stability::PreRelease => candidate.before_first_final,
            Stability::Development => false,
        };
        match self {
            Self::All => true,
            Self::Finals => final_enough,
            Self::Security => final_enough && candidate.was_security(),
            Self::Platform(platform) => {
                stability == Stability::Final && candidate.platforms.iter().any(|other| other.id == platform.id)
            }
            Self::Selection(selection) => {
                (final_enough || selection.pre_releases)
                    && (!selection.security || candidate.was_security())
                    && selects(selection, candidate)
            }
        }
    }
}

/// Whether a selection is of this project, its stage or a platform that takes the release; of all when it names none.
fn selects(selection: &Selection, candidate: &Candidate<'_>) -> bool {
    let Selection { projects, stages, platforms, .. } = selection;
    let project = candidate.project;
    (projects.is_empty() && stages.is_empty() && platforms.is_empty())
        || projects.contains(&project.id)
        || project.stage.as_ref().is_some_and(|stage| stages.contains(stage))
        || candidate.platforms.iter().any(|platform| platforms.contains(&platform.id))
}

/// The feeds that hold entries of several projects, while projects pass by one after the other.
#[derive(Debug)]
pub struct Merged<'c> {
    feeds: Vec<(Feed, Takes<'c>, Window)>,
}

impl<'c> Merged<'c> {
    /// The site's merged feeds, empty.
    #[must_use]
    pub fn new(catalog: &'c Catalog) -> Self {
        let site = &catalog.site;
        let feed = |path: String, page: String, title: String, description: String, takes| {
            (Feed { title, description, path, page, entries: Vec::new() }, takes, Window::new(site.newest, site.days))
        };
        let named = |path: String, name: &str, description: &str, takes| {
            let (page, title) = (format!("{path}.html"), format!("{}: {name}", site.title));
            feed(path, page, title, description.to_owned(), takes)
        };
        let all = named("feeds/all".to_owned(), "Everything", EVERYTHING, Takes::All);
        let mut feeds = vec![
            feed("feed".to_owned(), "index.html".to_owned(), site.title.clone(), FINALS.to_owned(), Takes::Finals),
            (Feed { page: "releases.html".to_owned(), ..all.0 }, all.1, all.2),
            named("feeds/security".to_owned(), "Security", SECURITY, Takes::Security),
        ];
        feeds.extend(catalog.platforms.iter().map(|platform| {
            let description =
                format!("Final releases in the lines of {}, and what happens to them later.", platform.name);
            named(format!("platforms/{}", platform.id), &platform.name, &description, Takes::Platform(platform))
        }));
        feeds.extend(catalog.feeds.iter().map(|selection| {
            let path = format!("feeds/{}", selection.id);
            named(path, &selection.title, &description(selection, catalog), Takes::Selection(selection))
        }));
        Self { feeds }
    }

    /// Whether any of the feeds would hold it, as far as they are filled: what none holds need not be rendered.
    #[must_use]
    pub fn wants(&self, candidate: &Candidate<'_>) -> bool {
        self.feeds.iter().any(|(_, takes, window)| takes.takes(candidate) && window.admits(candidate.entry.announced))
    }

    /// Puts an entry where it belongs.
    pub fn take(&mut self, candidate: &Candidate<'_>, entry: &Arc<Entry>) {
        for (_, takes, window) in &mut self.feeds {
            if takes.takes(candidate) {
                window.insert(Arc::clone(entry));
            }
        }
    }

    /// The finished feeds: the site's own first, then the one with everything, the one on security, each platform's,
    /// and the catalog's selections.
    #[must_use]
    pub fn finish(self) -> Vec<Feed> {
        let finish = |(feed, _, window): (Feed, _, Window)| Feed { entries: window.finish(), ..feed };
        self.feeds.into_iter().map(finish).collect()
    }
}

/// A project's own feed.
#[must_use]
pub fn project_feed(project: &Project, entries: Vec<Arc<Entry>>) -> Feed {
    Feed {
        title: format!("{} releases", project.name),
        description: format!(
            "All releases of {}, pre-releases included, and what happens to them later.",
            project.name
        ),
        path: format!("projects/{}", project.id),
        page: project.page(),
        entries,
    }
}
