//! How long each part of a run takes: `cargo bench`.
//!
//! Whatever shows all projects is measured on the catalog and the memory that the repository carries; what needs release
//! notes, which it does not carry, on synthetic projects.

#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::wildcard_imports,
    reason = "whoever measures sees what went wrong"
)]

use std::{
    fs,
    io::{Write, sink},
    path::Path,
    sync::{Arc, LazyLock},
    time::Duration,
};

use aswf_release_feed::{
    build,
    catalog::Catalog,
    cli::{Build, Cli, Command},
    feeds::{self, Contents, Feed, FeedSite, Format, Merged},
    history::{History, Memory, ProjectStates, Reader, Recording},
    model::{Answer, Channel, Extent, Moment, Project, Roots, Sighting, Source, State},
    notes::{self, Place},
    overview::{Course, Log, Overview},
    pages::{self, Front, Material},
    version::{Version, version_text},
};
use clap::Parser;
use divan::{Bencher, black_box};
use mimalloc::MiMalloc;
use tempfile::TempDir;
use url::Url;

mod synthetic;
#[expect(dead_code, reason = "it stands in for no server in trouble")]
#[path = "../tests/it/wire.rs"]
mod wire;

use crate::{synthetic::NOW, wire::Server};

// As in the program.
#[global_allocator]
static ALLOCATOR: MiMalloc = MiMalloc;

fn main() {
    divan::main();
}

/// A catalog with what is remembered of its projects.
struct Remembered {
    catalog: Catalog,
    roots: Roots,
    projects: Vec<(History, Arc<ProjectStates>)>,
}

/// The one that the repository carries.
static CARRIED: LazyLock<Remembered> = LazyLock::new(|| {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    Remembered::read(&root.join("projects.toml"), &root.join("site"))
});

/// Forty synthetic projects, after their first run.
static SYNTHETIC: LazyLock<(Playground, Remembered)> = LazyLock::new(|| {
    let place = Playground::after_a_run();
    let remembered = Remembered::read(&place.path("projects.toml"), &place.path("site"));
    (place, remembered)
});

impl Remembered {
    fn read(config: &Path, site: &Path) -> Self {
        let catalog = Catalog::read(config).unwrap();
        let roots = Roots::new(catalog.site.url.clone(), Url::parse("https://example.org/").unwrap());
        let (reader, states) = Reader::open(site, &catalog.projects).unwrap();
        let remembered = |project: &Project| {
            let history = reader.history(project).unwrap().admitted(project, &[]);
            (history, states.of_project(&project.id))
        };
        let projects = catalog.projects.iter().map(remembered).collect();
        Self { catalog, roots, projects }
    }

    fn site(&self) -> FeedSite<'_> {
        FeedSite { title: &self.catalog.site.title, authority: &self.catalog.site.authority, roots: &self.roots }
    }

    /// The project with the most releases.
    fn largest(&self) -> Shown<'_> {
        let place = (0..self.projects.len()).max_by_key(|&place| self.projects[place].0.releases.len()).unwrap();
        Shown::of(self, place)
    }

    /// What a page that shows all projects is made of.
    fn all(&self) -> All<'_> {
        let (mut merged, mut log, mut overviews) = (Merged::new(&self.catalog), Log::default(), Vec::new());
        for (place, project) in self.catalog.projects.iter().enumerate() {
            let shown = Shown::of(self, place);
            for candidate in feeds::candidates(project, shown.history, shown.history.first_final(), &self.catalog) {
                let entry = feeds::render(&candidate, &shown.contents, &self.catalog, &self.roots);
                merged.take(&candidate, &Arc::new(entry));
            }
            log.take(place, project, shown.course.listed);
            overviews.push(shown.overview);
        }
        All { catalog: &self.catalog, roots: &self.roots, overviews, log, merged: merged.finish() }
    }

    fn front(&self) -> Front<'_> {
        let mut front = Front::default();
        for (project, (history, _)) in self.catalog.projects.iter().zip(&self.projects) {
            let candidates = feeds::candidates(project, history, history.first_final(), &self.catalog);
            front.take(project, &candidates, &self.catalog);
        }
        front
    }
}

/// A project, ready to be shown.
struct Shown<'r> {
    history: &'r History,
    course: Course<'r>,
    overview: Overview<'r>,
    contents: Contents<'r>,
    own: Feed,
}

impl<'r> Shown<'r> {
    fn of(remembered: &'r Remembered, place: usize) -> Self {
        let Remembered { catalog, roots, projects } = remembered;
        let (project, (history, states)) = (&catalog.projects[place], &projects[place]);
        let course = Course::of(project, history, catalog, roots);
        let overview = Overview::of(project, history, &course, catalog, states, roots);
        let contents = Contents::of(project, history, catalog, roots);
        let candidates = feeds::candidates(project, history, history.first_final(), catalog);
        let entries = candidates.iter().map(|candidate| feeds::render(candidate, &contents, catalog, roots));
        let own = feeds::project_feed(project, entries.map(Arc::new).take(100).collect());
        Self { history, course, overview, contents, own }
    }
}

/// All projects, ready to be shown.
struct All<'r> {
    catalog: &'r Catalog,
    roots: &'r Roots,
    overviews: Vec<Overview<'r>>,
    log: Log<'r>,
    merged: Vec<Feed>,
}

/// A catalog of forty synthetic projects, a server to ask, and a site, in a folder that goes with it.
struct Playground {
    server: Server,
    folder: TempDir,
}

impl Playground {
    fn new(latency: Duration) -> Self {
        let server = Server::start(move |request| synthetic::answer(request).after(latency));
        let place = Self { server, folder: tempfile::tempdir().unwrap() };
        fs::write(place.path("projects.toml"), synthetic::catalog(40)).unwrap();
        place
    }

    fn after_a_run() -> Self {
        let place = Self::new(Duration::ZERO);
        build(&place.options(&[])).unwrap();
        place
    }

    fn path(&self, name: &str) -> std::path::PathBuf {
        self.folder.path().join(name)
    }

    fn options(&self, more: &[&str]) -> Box<Build> {
        let (config, site, server) = (self.path("projects.toml"), self.path("site"), self.server.uri());
        let places = [config.to_str().unwrap(), "--site", site.to_str().unwrap(), "--quiet", "--now", NOW];
        let asking = ["--github-api", &server, "--pypi", &server];
        let arguments = [&["aswf-release-feed", "--config"][..], &places, &asking, more].concat();
        let Command::Build(build) = Cli::parse_from(arguments).command() else { unreachable!("no other is named") };
        build
    }

    /// Removes what a run leaves but its memory.
    fn forget_pages(&self) {
        for entry in fs::read_dir(self.path("site")).unwrap().map(Result::unwrap) {
            match entry.file_type().unwrap().is_dir() {
                true if entry.file_name() == "data" => {}
                true => fs::remove_dir_all(entry.path()).unwrap(),
                false => fs::remove_file(entry.path()).unwrap(),
            }
        }
    }
}

mod reading {
    use super::*;

    #[divan::bench]
    fn the_catalog() -> Catalog {
        Catalog::read(&Path::new(env!("CARGO_MANIFEST_DIR")).join("projects.toml")).unwrap()
    }

    #[divan::bench(args = ["v1.2.3", "OpenEXR-3.4.0-beta2", "2024.08", "openvdb-v13.0.0-rc1"])]
    fn the_version_in_a_tag(tag: &str) -> Option<Version> {
        version_text(black_box(tag), &["openexr", "openvdb"]).map(|text| Version::from_tag_text(&text))
    }

    #[divan::bench]
    fn a_history(bencher: Bencher) {
        let (place, Remembered { catalog, .. }) = &*SYNTHETIC;
        let (reader, _) = Reader::open(&place.path("site"), &catalog.projects).unwrap();
        bencher.bench_local(|| reader.history(&catalog.projects[0]).unwrap());
    }
}

mod joining {
    use super::*;

    /// What GitHub says of thirty releases, of which the memory has none, or all.
    fn night(bencher: Bencher, history: impl Fn() -> History) {
        let (project, now) = (&SYNTHETIC.1.catalog.projects[1], NOW.parse::<Moment>().unwrap());
        let source = Source::new(Channel::Github, "synthetic/p00001".to_owned());
        let said = || Answer { sightings: sightings(), extent: Extent::Whole, ..Answer::default() };
        let folder = tempfile::tempdir().unwrap();
        let mut memory = Memory::open(folder.path(), "example.org,2026", Recording::Live, now).unwrap();
        bencher
            .with_inputs(|| (history(), vec![(source.clone(), Ok(said()))]))
            .bench_local_values(|(mut history, said)| memory.record(project, &mut history, said));
    }

    fn sightings() -> Vec<Sighting> {
        let sighting = |age| Sighting {
            tag: format!("v{}", synthetic::version(age)),
            released: Some(synthetic::released(1, age)),
            url: None,
            prerelease: false,
            state: State::Present,
            notes: synthetic::notes(1, age),
            committed: Some(synthetic::released(1, age)),
            commit: None,
            provenance: None,
        };
        (0..synthetic::RELEASES).map(sighting).collect()
    }

    #[divan::bench]
    fn the_first_night_of_a_project(bencher: Bencher) {
        night(bencher, || History::empty("p00001".parse().unwrap()));
    }

    #[divan::bench]
    fn a_night_with_nothing_new(bencher: Bencher) {
        let (place, Remembered { catalog, .. }) = &*SYNTHETIC;
        let (reader, _) = Reader::open(&place.path("site"), &catalog.projects).unwrap();
        night(bencher, || reader.history(&catalog.projects[1]).unwrap());
    }
}

#[divan::bench(args = [1, 10, 100])]
fn notes_to_html(bencher: Bencher, kilobytes: usize) {
    let text: String = (0..)
        .map(|age| synthetic::notes(1, age % 30))
        .scan(0, |length, notes| {
            *length += notes.len();
            (*length <= kilobytes * 1024 + 512).then_some(notes)
        })
        .collect();
    let place = Place::tag("https://example.org/synthetic/p00001", "v1.0.0");
    bencher.bench_local(|| notes::render(black_box(&text), &place, usize::MAX));
}

mod writing_a_feed {
    use super::*;

    /// The merged feed of forty synthetic projects, of 30 days and at least 100 entries.
    fn of(bencher: Bencher, write: impl Fn(&Feed, &FeedSite<'_>)) {
        let (_, remembered) = &*SYNTHETIC;
        let feed = remembered.all().merged.swap_remove(0);
        let site = remembered.site();
        bencher.bench_local(|| write(&feed, &site));
    }

    #[divan::bench]
    fn atom(bencher: Bencher) {
        of(bencher, |feed, site| Format::Atom.write(feed, site, &mut sink()).unwrap());
    }

    #[divan::bench]
    fn rss(bencher: Bencher) {
        of(bencher, |feed, site| Format::Rss.write(feed, site, &mut sink()).unwrap());
    }

    #[divan::bench]
    fn json(bencher: Bencher) {
        of(bencher, |feed, site| Format::Json.write(feed, site, &mut sink()).unwrap());
    }

    #[divan::bench]
    fn opml(bencher: Bencher) {
        let carried = &*CARRIED;
        bencher.bench_local(|| feeds::opml(&carried.catalog, carried.site(), &mut sink()).unwrap());
    }
}

mod writing_a_page {
    use super::*;

    fn of(bencher: Bencher, write: impl Fn(&All<'_>, &mut dyn Write) -> std::io::Result<()>) {
        let all = CARRIED.all();
        bencher.bench_local(|| write(&all, &mut sink()).unwrap());
    }

    fn merged<'a>(all: &'a All<'_>, path: &str) -> &'a Feed {
        all.merged.iter().find(|feed| feed.path == path).unwrap()
    }

    #[divan::bench]
    fn index(bencher: Bencher) {
        let All { catalog, roots, overviews, log, merged } = CARRIED.all();
        bencher
            .with_inputs(|| CARRIED.front())
            .bench_local_values(|front| pages::index(catalog, &overviews, &log, front, &merged, roots, &mut sink()));
    }

    #[divan::bench]
    fn releases(bencher: Bencher) {
        of(bencher, |all, out| {
            let feed = merged(all, "feeds/all");
            pages::releases(all.catalog, &all.overviews, &all.log, feed, all.roots, out)
        });
    }

    #[divan::bench]
    fn security(bencher: Bencher) {
        of(bencher, |all, out| pages::merged(all.catalog, merged(all, "feeds/security"), all.roots, out));
    }

    #[divan::bench]
    fn platform(bencher: Bencher) {
        of(bencher, |all, out| {
            let platform = &all.catalog.platforms[0];
            let feed = merged(all, &format!("platforms/{}", platform.id));
            pages::platform(platform, all.catalog, &all.overviews, feed, all.roots, out)
        });
    }

    #[divan::bench]
    fn project(bencher: Bencher) {
        let Remembered { catalog, roots, .. } = &*CARRIED;
        let shown = CARRIED.largest();
        let Shown { history, course, overview, contents, own } = &shown;
        let material = Material { overview, course, history, contents, own };
        bencher.bench_local(|| pages::project(material, catalog, roots, &mut sink()).unwrap());
    }

    #[divan::bench]
    fn badge(bencher: Bencher) {
        of(bencher, |all, out| pages::badge(&all.overviews[0], all.catalog, out));
    }

    #[divan::bench]
    fn timeline(bencher: Bencher) {
        of(bencher, |all, out| pages::timeline(all.catalog, &all.log, all.roots, out));
    }

    #[divan::bench]
    fn subscribe(bencher: Bencher) {
        of(bencher, |all, out| {
            let paces: Vec<_> = all.overviews.iter().map(|_| None).collect();
            pages::subscribe(all.catalog, &all.merged, &paces, all.roots, out)
        });
    }

    #[divan::bench]
    fn status(bencher: Bencher) {
        of(bencher, |all, out| pages::status(all.catalog, &all.overviews, all.roots, out));
    }

    #[divan::bench]
    fn sitemap(bencher: Bencher) {
        of(bencher, |all, out| pages::sitemap(all.catalog, &all.merged, all.roots, out));
    }
}

/// Forty synthetic projects, in this process: so long takes the program without its start.
mod a_whole_run {
    use super::*;

    const LATENCIES: [u64; 2] = [0, 100];

    #[divan::bench(sample_count = 10)]
    fn from_memory(bencher: Bencher) {
        let place = Playground::after_a_run();
        bencher
            .with_inputs(|| place.forget_pages())
            .bench_local_values(|()| build(&place.options(&["--offline"])).unwrap());
    }

    #[divan::bench(args = LATENCIES, sample_count = 10)]
    fn for_the_first_time(bencher: Bencher, milliseconds: u64) {
        let latency = Duration::from_millis(milliseconds);
        bencher.with_inputs(|| Playground::new(latency)).bench_local_refs(|place| build(&place.options(&[])).unwrap());
    }

    #[divan::bench(args = LATENCIES, sample_count = 10)]
    fn with_nothing_new(bencher: Bencher, milliseconds: u64) {
        let place = Playground::new(Duration::from_millis(milliseconds));
        build(&place.options(&[])).unwrap();
        bencher.bench_local(|| build(&place.options(&[])).unwrap());
    }
}
