//! What the tables mean together: each check is a function, its rule is its first line.

mod values;

use std::{
    collections::{BTreeMap, BTreeSet, HashMap},
    fmt::Display,
    iter,
    ops::Range,
    str::FromStr,
};

use super::{
    Catalog, Platform, Selection, Site, SiteLink, Stage,
    problem::Problem,
    wire::{self, Tables, Text},
};
use crate::{
    model::{
        Grouping, Listing, Package, PrereleaseFlag, Project, Repository, RepositoryName, Slug, normalized_package,
    },
    version::Line,
};

/// How many entries a merged feed holds when the catalog does not say.
const NEWEST: usize = 100;

/// How many days an entry stays in a merged feed when the catalog does not say.
const DAYS: u32 = 30;

/// Ids that would take the address of a page or feed of the site's own.
const RESERVED: [&str; 4] = ["index", "platforms", "all", "security"];

/// The catalog that the `tables` of `file` make; what is wrong with them is added to `problems`.
pub(super) fn catalog(file: &str, tables: &Tables, problems: &mut Vec<Problem>) -> Option<Catalog> {
    let line_ends = file.match_indices('\n').map(|(end, _)| end).collect();
    let mut checker = Checker { line_ends, problems, known: Known::of(tables) };
    checker.has_what_it_needs(tables);
    checker.ids_are_unique("stage", tables.stages.iter().map(|stage| &stage.id));
    checker.ids_are_unique("platform", tables.platforms.iter().map(|platform| &platform.id));
    checker.ids_are_unique("feed", tables.feeds.iter().map(|feed| &feed.id));
    checker.ids_are_unique(
        "project",
        tables.projects.iter().flat_map(|project| [&project.id].into_iter().chain(&project.was)),
    );
    checker.repositories_are_unique(&tables.projects);
    checker.packages_are_unique(&tables.projects);
    checker.parts_have_no_circle(&tables.projects);
    let site = tables.site.as_ref().and_then(|site| checker.site(site));
    let stages = all(&tables.stages, |stage| checker.stage(stage));
    let platforms = all(&tables.platforms, |platform| checker.platform(platform));
    let feeds = all(&tables.feeds, |feed| checker.selection(feed));
    let projects = all(&tables.projects, |project| checker.project(project));
    Some(Catalog::new(site?, stages?, platforms?, feeds?, projects?))
}

/// All items read, or none: the rest is read all the same, for its problems.
fn all<W, T>(items: impl IntoIterator<Item = W>, read: impl FnMut(W) -> Option<T>) -> Option<Vec<T>> {
    let read: Vec<_> = items.into_iter().map(read).collect();
    read.into_iter().collect()
}

/// The ids that others may name.
struct Known<'a> {
    stages: BTreeSet<&'a str>,
    platforms: BTreeSet<&'a str>,
    projects: BTreeSet<&'a str>,
    /// Old ids of projects, with the present ones.
    renamed: HashMap<&'a str, &'a str>,
    broken: &'a [String],
    hides_ids: bool,
}

impl<'a> Known<'a> {
    fn of(tables: &'a Tables) -> Self {
        let olds = |project: &'a wire::Project| project.was.iter().map(|old| (text(old), text(&project.id)));
        Self {
            stages: tables.stages.iter().map(|stage| text(&stage.id)).collect(),
            platforms: tables.platforms.iter().map(|platform| text(&platform.id)).collect(),
            projects: tables.projects.iter().map(|project| text(&project.id)).collect(),
            renamed: tables.projects.iter().flat_map(olds).collect(),
            broken: &tables.broken,
            hides_ids: tables.hides_ids,
        }
    }
}

fn text(spanned: &Text) -> &str {
    spanned.get_ref()
}

/// What one list of names is about.
#[derive(Clone, Copy)]
enum Kind {
    Stage,
    Platform,
    Project,
}

impl Kind {
    fn name(self) -> &'static str {
        match self {
            Self::Stage => "stage",
            Self::Platform => "platform",
            Self::Project => "project",
        }
    }
}

struct Checker<'a> {
    /// Where the lines of the file end.
    line_ends: Vec<usize>,
    problems: &'a mut Vec<Problem>,
    known: Known<'a>,
}

/// Checks of the file as a whole.
impl Checker<'_> {
    /// A catalog says what its site is, and follows something.
    fn has_what_it_needs(&mut self, tables: &Tables) {
        let needs = [
            ("site", "[site]", "add a table [site] with `title`, `url` and `authority`"),
            ("project", "[[project]]", "add a table [[project]] with `id`, `name` and where it is released"),
        ];
        for (name, table, advice) in needs {
            if !tables.names.contains(name) && !tables.has_syntax_errors {
                self.note(0..0, format!("there is no {table}"), advice);
            }
        }
    }

    /// No two of a kind have one id; a project's old ids are taken as well.
    fn ids_are_unique<'t>(&mut self, kind: &str, ids: impl Iterator<Item = &'t Text>) {
        self.unique(
            ids.map(|id| (text(id).to_owned(), id.span())),
            |id| format!("there are two {kind}s `{id}`"),
            "give one of them another id: an id names one thing, for ever",
        );
    }

    /// A repository belongs to one project, or each of its projects says which tags are its own.
    fn repositories_are_unique(&mut self, projects: &[wire::Project]) {
        let githubs = projects.iter().filter_map(|project| project.github.as_ref());
        self.unique(
            githubs.map(|github| {
                let tags = github.tags.as_ref().map_or("", text);
                ((github.repo.get_ref().to_ascii_lowercase(), tags.to_owned()), github.repo.span())
            }),
            |(repo, _)| format!("two projects have the same tags of `{repo}`"),
            "give each project the `tags` that are its own, or remove one of the two",
        );
    }

    /// A package belongs to one project.
    fn packages_are_unique(&mut self, projects: &[wire::Project]) {
        let packages = projects.iter().flat_map(|project| &project.pypi);
        self.unique(
            packages.map(|package| (normalized_package(package.name.get_ref()), package.name.span())),
            |name| format!("the package `{name}` stands twice"),
            "a package belongs to one project: remove it from the other",
        );
    }

    /// Notes every item that has the key of an earlier one.
    fn unique<K: Eq + std::hash::Hash>(
        &mut self,
        items: impl Iterator<Item = (K, Range<usize>)>,
        message: impl Fn(&K) -> String,
        advice: &str,
    ) {
        let mut places: HashMap<K, usize> = HashMap::new();
        for (key, place) in items {
            if let Some(first) = places.get(&key) {
                self.problems.push(Problem::new(place, message(&key), advice).after(*first));
            } else {
                places.insert(key, place.start);
            }
        }
    }

    /// No project is part of itself, be it by way of others.
    fn parts_have_no_circle(&mut self, projects: &[wire::Project]) {
        let wholes: HashMap<_, _> =
            projects.iter().filter_map(|project| Some((text(&project.id), text(project.part_of.as_ref()?)))).collect();
        let mut told = BTreeSet::new();
        for (project, part_of) in projects.iter().filter_map(|project| Some((project, project.part_of.as_ref()?))) {
            let id = text(&project.id);
            // No way without a circle is longer than there are projects.
            let upwards =
                iter::successors(Some(text(part_of)), |whole| wholes.get(whole).copied()).take(projects.len());
            let way: Vec<_> = upwards.collect();
            if way.contains(&id) && !told.contains(id) {
                told.extend(way);
                self.note(part_of.span(), format!("`{id}` is part of itself"), "remove one `part_of` of the circle");
            }
        }
    }
}

/// Checks of one table.
impl Checker<'_> {
    fn site(&mut self, site: &wire::Site) -> Option<Site> {
        let title = self.filled(&site.title);
        let url = self.site_url(&site.url);
        let authority = self.authority(&site.authority);
        let newest = self.number(site.newest.as_ref(), 1, NEWEST);
        let days = self.number(site.days.as_ref(), 0, DAYS);
        let description = site.description.as_ref().map(|text| text.get_ref().clone());
        let color = optional(site.color.as_ref(), |color| self.color(color));
        let edit = optional(site.edit.as_ref(), |url| self.web_address(url));
        let links = site.links.iter().map(|link| self.site_link(link)).collect::<Vec<_>>();
        Some(Site {
            title: title?,
            description,
            url: url?,
            authority: authority?,
            newest: newest?,
            days: days?,
            color: color?,
            links: links.into_iter().collect::<Option<_>>()?,
            edit: edit?,
        })
    }

    fn site_link(&mut self, link: &wire::SiteLink) -> Option<SiteLink> {
        let (name, url) = (self.filled(&link.name), self.web_address(&link.url));
        Some(SiteLink { name: name?, url: url? })
    }

    fn stage(&mut self, stage: &wire::Stage) -> Option<Stage> {
        let id = self.slug(&stage.id);
        let name = self.filled(&stage.name);
        Some(Stage { id: id?, name: name? })
    }

    fn platform(&mut self, platform: &wire::Platform) -> Option<Platform> {
        let id = self.free_id(&platform.id);
        let name = self.filled(&platform.name);
        let versions = self.lines(&platform.versions);
        let in_use = self.lines(&platform.in_use);
        Some(Platform { id: id?, name: name?, status: platform.status, versions: versions?, in_use: in_use? })
    }

    fn selection(&mut self, feed: &wire::Selection) -> Option<Selection> {
        let id = self.free_id(&feed.id);
        let title = self.filled(&feed.title);
        self.selects_something(feed);
        let projects = self.references(Kind::Project, &feed.projects);
        let stages = self.references(Kind::Stage, &feed.stages);
        let platforms = self.references(Kind::Platform, &feed.platforms);
        Some(Selection {
            id: id?,
            title: title?,
            projects: projects?,
            stages: stages?,
            platforms: platforms?,
            security: feed.security,
            pre_releases: feed.pre_releases,
        })
    }

    fn project(&mut self, project: &wire::Project) -> Option<Project> {
        let id = self.free_id(&project.id);
        let name = self.filled(&project.name);
        self.has_a_source(project);
        let stage = optional(project.stage.as_ref(), |stage| self.reference(Kind::Stage, stage));
        let homepage = optional(project.homepage.as_ref(), |homepage| self.web_address(homepage));
        let github = optional(project.github.as_ref(), |github| self.repository(github));
        let pypi = all(&project.pypi, |package| self.package(package));
        let was = all(&project.was, |old| self.free_id(old));
        let ended = optional(project.ended.as_ref(), |ended| self.date(ended));
        let part_of = optional(project.part_of.as_ref(), |whole| self.reference(Kind::Project, whole));
        let prerelease_flag = match project.stability {
            Some(wire::Stability::ByName) => PrereleaseFlag::Ignored,
            None => PrereleaseFlag::Believed,
        };
        Some(Project {
            id: id?,
            name: name?,
            stage: stage?,
            homepage: homepage?.map(Box::new),
            github: github?,
            pypi: pypi?.into(),
            was: was?.into(),
            ended: ended?,
            part_of: part_of?,
            prerelease_flag,
            line: self.line_ends.partition_point(|&end| end < project.id.span().start) + 1,
        })
    }

    fn repository(&mut self, github: &wire::Github) -> Option<Repository> {
        let name: Option<RepositoryName> = self.read(&github.repo);
        let tags = optional(github.tags.as_ref(), |pattern| self.tag_pattern(pattern));
        let listing = match github.from {
            Some(wire::From::Tags) => Listing::Tags,
            Some(wire::From::Releases) | None => Listing::Releases,
        };
        let grouping = match github.group {
            Some(wire::Group::Daily) => Grouping::Daily,
            None => Grouping::Each,
        };
        Some(Repository { name: name?, tags: tags?.map(Box::new), listing, grouping })
    }

    fn package(&mut self, package: &wire::Package) -> Option<Package> {
        let name = self.package_name(&package.name);
        let since = optional(package.since.as_ref(), |since| self.since(since));
        Some(Package { name: name?, since: since? })
    }

    /// A project is released somewhere, unless it has ended.
    fn has_a_source(&mut self, project: &wire::Project) {
        if project.github.is_none() && project.pypi.is_empty() && project.ended.is_none() {
            let message = format!("`{}` is released nowhere", text(&project.id));
            let advice = "add `github` or `pypi`, or `ended` if nobody is to be asked any more";
            self.problems.push(Problem::new(project.id.span(), message, advice));
        }
    }

    /// A feed says what stands in it.
    fn selects_something(&mut self, feed: &wire::Selection) {
        let names = [&feed.projects, &feed.stages, &feed.platforms];
        if names.iter().all(|names| names.is_empty()) && !feed.security && !feed.pre_releases {
            let message = format!("the feed `{}` selects nothing", text(&feed.id));
            let advice = "add `projects`, `stages`, `platforms`, `security = true` or `pre-releases = true`";
            self.problems.push(Problem::new(feed.id.span(), message, advice));
        }
    }
}

/// Checks of names and of who they name.
impl Checker<'_> {
    fn note(&mut self, place: Range<usize>, message: impl Into<String>, advice: impl Into<String>) {
        self.problems.push(Problem::new(place, message, advice));
    }

    /// A value is written in the form of its type.
    fn read<T: FromStr<Err: Display>>(&mut self, value: &Text) -> Option<T> {
        let read = value.get_ref().parse();
        read.map_err(|error: T::Err| self.problems.push(Problem::of(value.span(), &error.to_string()))).ok()
    }

    /// An id can stand in addresses and file names.
    fn slug(&mut self, id: &Text) -> Option<Slug> {
        self.read(id)
    }

    /// An id takes no address of the site's own.
    fn free_id(&mut self, id: &Text) -> Option<Slug> {
        if RESERVED.contains(&text(id)) {
            self.note(
                id.span(),
                format!("`{}` is the name of a page or feed of the site's own", text(id)),
                "take another id",
            );
            return None;
        }
        self.slug(id)
    }

    /// Who is named stands in the file.
    fn reference(&mut self, kind: Kind, id: &Text) -> Option<Slug> {
        let known = match kind {
            Kind::Stage => &self.known.stages,
            Kind::Platform => &self.known.platforms,
            Kind::Project => &self.known.projects,
        };
        let is_broken = self.known.hides_ids || self.known.broken.iter().any(|broken| broken == text(id));
        if known.contains(text(id)) || is_broken {
            return text(id).parse().ok();
        }
        let advice = match (kind, self.known.renamed.get(text(id))) {
            (Kind::Project, Some(present)) => format!("it is called `{present}` now"),
            _ => format!("correct it, or add a [[{}]] with this id", kind.name()),
        };
        self.note(id.span(), format!("there is no {} `{}`", kind.name(), text(id)), advice);
        None
    }

    fn references(&mut self, kind: Kind, ids: &[Text]) -> Option<Vec<Slug>> {
        all(ids, |id| self.reference(kind, id))
    }

    /// A platform asks for lines of projects in the file.
    fn lines(&mut self, lines: &BTreeMap<Text, Text>) -> Option<BTreeMap<Slug, Line>> {
        let pairs = all(lines, |(project, line)| {
            let project = self.reference(Kind::Project, project);
            let line = self.read(line);
            Some((project?, line?))
        });
        pairs.map(|pairs| pairs.into_iter().collect())
    }
}

/// Reads what may be missing: `None` when it is there and wrong.
#[expect(clippy::option_option, reason = "what is missing and what is wrong are told apart for one line")]
fn optional<'a, W, T>(value: Option<&'a W>, read: impl FnOnce(&'a W) -> Option<T>) -> Option<Option<T>> {
    value.map_or(Some(None), |value| read(value).map(Some))
}
