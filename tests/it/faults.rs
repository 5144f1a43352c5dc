//! Every way in which the sources go wrong: a night each, in which one project or a whole server is in trouble, another
//! project has something new, and what stands after it is looked at byte by byte.

/// Lists of security advisories.
mod advisories;
/// What upstreams do every day.
mod changes;
/// The Python index's three answers.
mod index;
/// Lists of releases.
mod releases;
/// The token and other secrets.
mod secrets;
/// A server that fails at everything.
mod servers;
/// Lists of tags, and the commits behind them.
mod tags;

use crate::{
    reliability::Row,
    run::{Ended, FIRST, SECOND, TOKEN, Toy, Tree, catalog_of, differing},
    upstream::Upstream,
    wire::Answer,
    world::{Fault, File, Package, Release, Repository, Tag, World},
};

const LATER: &str = "2026-06-11T05:17:00Z";
const THIRD: &str = "2026-06-12T03:17:00Z";

/// What the run advises.
const CORRECT: &str = "if it was renamed, moved or deleted, correct or remove it in the catalog";
const WAIT: &str = "nothing to do: it is asked again in the next run";
const LOOK: &str = "open the address in a browser to see what it wants";
const PROXY: &str = "see what the address answers; a proxy may answer in its place";
const LARGE: &str = "see what the address answers; it may be no list of releases";
const LEADS: &str = "see where the address leads, and correct it in the catalog";
const REMOVE: &str = "if all was deleted on purpose, remove the source from the catalog";

/// Where a project's releases are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Releases,
    Tags,
    Package,
}

impl Kind {
    /// The lines of a project in the catalog.
    fn project(self, id: &str, name: &str) -> String {
        let source = match self {
            Self::Releases => format!("github = {{ repo = \"faults/{id}\" }}"),
            Self::Tags => format!("github = {{ repo = \"faults/{id}\", from = \"tags\" }}"),
            Self::Package => format!("pypi = [{{ name = \"{id}\" }}]"),
        };
        format!("id = \"{id}\"\nname = \"{name}\"\n{source}")
    }

    fn source(self, id: &str) -> String {
        if self == Self::Package { format!("pypi:{id}") } else { format!("github:faults/{id}") }
    }

    /// Where the source is asked, in messages.
    fn address(self, toy: &Toy, id: &str) -> String {
        match self {
            Self::Releases => format!("{}/repos/faults/{id}/releases", toy.upstream.api()),
            Self::Tags => format!("{}/repos/faults/{id}/tags", toy.upstream.api()),
            Self::Package => format!("{}/simple/{id}/", toy.upstream.index()),
        }
    }
}

/// One project of a world of many, its first release long ago.
fn found(world: &mut World, number: u64, id: &str) {
    let mut repository = Repository::new(number, &format!("faults/{id}"));
    repository.releases = vec![Release::new("v1.0.0", "2026-05-01T12:00:00Z")];
    repository.tags = vec![tag(number, "v1.0.0", "2026-05-01T12:00:00Z")];
    world.repositories.push(repository);
    world.packages.push(Package {
        name: id.to_owned(),
        files: vec![file(id, "1.0.0", "2026-05-01T12:00:00Z")],
        ..Package::default()
    });
}

/// Something new of that project, wherever it is looked for.
fn renew(world: &mut World, number: u64, id: &str) {
    let repository = world.repository(&format!("faults/{id}"));
    repository.releases.insert(0, Release::new("v2.0.0", "2026-06-10T12:00:00Z"));
    repository.tags.insert(0, tag(number, "v2.0.0", "2026-06-10T12:00:00Z"));
    world.package(id).files.push(file(id, "2.0.0", "2026-06-10T12:00:00Z"));
}

fn tag(number: u64, name: &str, date: &str) -> Tag {
    Tag { name: name.to_owned(), commit: commit(number, name), date: date.to_owned() }
}

/// The hash of the commit behind a tag.
fn commit(number: u64, tag: &str) -> String {
    format!("{:0<40}", format!("{number}{}", tag.replace(['v', '.'], "")))
}

fn file(id: &str, version: &str, time: &str) -> File {
    File::new(version, &format!("{id}-{version}-py3-none-any.whl"), time).published_from(&format!("faults/{id}"))
}

/// What a fault needs to know of the project that it befalls.
struct Place {
    number: u64,
    id: String,
    /// The API's address, …
    api: String,
    /// … and another server's, to which nothing shall lead.
    elsewhere: String,
}

/// What the stand-in does.
type Befalls = dyn Fn(&mut World, &Place) + Send;

/// A fault, and what is expected of a run that meets it.
struct Case {
    name: &'static str,
    befalls: Box<Befalls>,
    expected: Expected,
}

#[derive(Debug, Clone, Copy)]
enum Expected {
    /// It is as it was but for the mark, and the run says why, in words that begin so, and what to do.
    Stale(&'static str, &'static str),
    /// It is fresh, and the run says this of it.
    Told(&'static str),
    /// It is fresh, and nothing is said.
    Fresh,
    /// It is fresh, and its feed has this entry besides.
    Entry(&'static str),
}

impl Case {
    /// An answer that takes the place of the right one at a path.
    fn at(path: fn(&Place) -> String, name: &'static str, fault: impl Into<Fault>, expected: Expected) -> Self {
        let fault = fault.into();
        Self::made(name, expected, move |world, place| world.fault(&path(place), fault.clone()))
    }

    /// The same, when the answer depends on where it is given.
    fn made(name: &'static str, expected: Expected, befalls: impl Fn(&mut World, &Place) + Send + 'static) -> Self {
        Self { name, befalls: Box::new(befalls), expected }
    }
}

/// Answers that are no JSON of the right form, whatever is asked.
fn garbage() -> Vec<(&'static str, Answer)> {
    vec![
        ("bytes that are no JSON", Answer::new(200, b"\0\x01\x02\xfe garbage".to_vec())),
        (
            "an HTML page",
            Answer::new(200, "<!doctype html><title>Please log in</title>").header("content-type", "text/html"),
        ),
        ("no body", Answer::new(200, "")),
        ("204 out of the blue", Answer::new(204, "")),
        ("`null`", Answer::new(200, "null")),
        ("wrong types", Answer::new(200, "\"releases\"")),
        ("text that is no UTF-8", Answer::new(200, b"[{\"tag_name\": \"v\xff\"}, \"\xc3\"".to_vec())),
    ]
}

/// Arrays in one another, so deep that whoever follows them runs out of stack.
fn deep() -> Fault {
    Fault::body(&("[".repeat(100_000) + &"]".repeat(100_000)))
}

/// A small answer that becomes a large one.
fn bomb() -> Answer {
    Answer::new(200, " ".repeat(30 << 20)).gzip()
}

/// A night with a token and everything told: which is nowhere in what it prints or writes, and goes to the API alone.
fn night(toy: &Toy, now: &str, args: &[&str]) -> Ended {
    secretive(toy, toy.at(now).token().args(&["-vv"]).args(args).run())
}

fn secretive(toy: &Toy, ended: Ended) -> Ended {
    assert!(!ended.stderr.contains(TOKEN) && !ended.stdout.contains(TOKEN), "{}", ended.stderr);
    assert!(!ended.stderr.contains("panicked"), "{}", ended.stderr);
    for (name, bytes) in toy.tree() {
        assert!(!String::from_utf8_lossy(&bytes).contains(TOKEN), "{name}");
    }
    assert!(toy.world().requests.iter().all(|asked| asked.authorized == asked.github));
    ended
}

/// Whatever belongs to one project, but for the mark on its page.
fn of(tree: &Tree, id: &str) -> Tree {
    let is_its = |name: &str| name.contains(&format!("projects/{id}.")) || name.contains(&format!("badges/{id}."));
    let unmarked = |bytes: &[u8]| -> Vec<u8> {
        let text = String::from_utf8(bytes.to_vec()).unwrap();
        text.split_inclusive('\n').filter(|line| !line.starts_with("<span class=\"state ")).collect::<String>().into()
    };
    tree.iter().filter(|(name, _)| is_its(name)).map(|(name, bytes)| (name.clone(), unmarked(bytes))).collect()
}

/// A night before the faults, one with them, and the one after them; a row for each case.
struct Suite {
    kind: Kind,
    toy: Toy,
    elsewhere: Upstream,
    cases: Vec<Case>,
}

impl Suite {
    fn new(kind: Kind, cases: Vec<Case>) -> Self {
        let (mut world, mut projects) = (World::default(), Vec::new());
        for (n, _) in cases.iter().enumerate() {
            found(&mut world, number(n), &format!("p{n}"));
            projects.push(kind.project(&format!("p{n}"), &format!("P{n}")));
        }
        found(&mut world, 999, "healthy");
        let both = Kind::Releases.project("healthy", "Healthy") + "\npypi = [{ name = \"healthy\" }]";
        projects.insert(projects.len() / 2, both);
        let toy = Toy::of(world, &catalog_of(&projects.iter().map(String::as_str).collect::<Vec<_>>()));
        Self { kind, toy, elsewhere: Upstream::start(World::default()), cases }
    }

    /// The rows that came of it, when each night was as expected.
    fn rows(self) -> Vec<Row> {
        let toy = &self.toy;
        assert_eq!(night(toy, FIRST, &["--strict"]).code, 0);
        let before = toy.tree();
        self.begin();
        let ended = night(toy, SECOND, &[]);
        assert_eq!(ended.code, 0, "{}", ended.stderr);
        let rows = self.look(&before, &ended);
        let sources = toy.read("data/sources.json");
        let is_stale = self.cases.iter().any(|case| matches!(case.expected, Expected::Stale(..)));
        // What is slow is not waited for again.
        if !self.cases.iter().any(|case| case.name.starts_with("slow")) {
            assert_eq!(night(toy, LATER, &["--strict"]).code, if is_stale { 3 } else { 0 });
            assert_eq!(toy.read("data/sources.json"), sources, "nothing flips");
        }
        self.heal();
        assert_eq!(self.elsewhere.world().asked(), (0, 0), "nothing leads to another server");
        rows
    }

    fn begin(&self) {
        let mut world = self.toy.world();
        renew(&mut world, 999, "healthy");
        for (n, case) in self.cases.iter().enumerate() {
            let (api, elsewhere) = (self.toy.upstream.api(), self.elsewhere.api());
            let place = Place { number: number(n), id: format!("p{n}"), api, elsewhere };
            renew(&mut world, place.number, &place.id);
            (case.befalls)(&mut world, &place);
        }
    }

    fn heal(&self) {
        self.toy.world().faults.clear();
        assert_eq!(night(&self.toy, THIRD, &["--strict"]).code, 0);
        for (n, case) in self.cases.iter().enumerate() {
            let id = format!("p{n}");
            assert_eq!(self.toy.source(&id, &self.kind.source(&id))["state"], "ok", "{}", case.name);
            self.is_fresh(&id, case);
        }
    }

    fn is_fresh(&self, id: &str, case: &Case) {
        let (name, titles) = (id.replace('p', "P"), self.toy.titles(&format!("projects/{id}")));
        let is_new = titles.contains(&format!("{name} 2.0.0")) || matches!(case.expected, Expected::Entry(_));
        assert!(is_new && titles.contains(&format!("{name} 1.0.0")), "{}: {titles:?}", case.name);
    }

    fn look(&self, before: &Tree, ended: &Ended) -> Vec<Row> {
        let after = self.toy.tree();
        for source in ["github:faults/healthy", "pypi:healthy"] {
            assert_eq!(self.toy.source("healthy", source)["state"], "ok");
        }
        assert!(self.toy.titles("feed").contains(&"Healthy 2.0.0".to_owned()));
        let cases = self.cases.iter().enumerate();
        cases.map(|(n, case)| self.look_at(&format!("p{n}"), case, before, &after, ended)).collect()
    }

    fn look_at(&self, id: &str, case: &Case, before: &Tree, after: &Tree, ended: &Ended) -> Row {
        let (toy, name) = (&self.toy, case.name);
        let told: Vec<_> = ended.stderr.lines().filter(|line| line.starts_with(&format!("warning: {id}: "))).collect();
        let state = toy.source(id, &self.kind.source(id));
        if let Expected::Stale(cause, advice) = case.expected {
            let begin = format!("warning: {id}: {} was not read: ", self.kind.source(id));
            let end = format!(" ({})", self.kind.address(toy, id));
            assert_eq!(told.len(), 1, "{name}: {}", ended.stderr);
            let why = told[0].strip_prefix(&begin).and_then(|rest| rest.strip_suffix(&end));
            let why = why.unwrap_or_else(|| panic!("{name}: {told:?}"));
            assert!(why.starts_with(cause), "{name}: {why}");
            assert!(ended.stderr.contains(&format!("{}\n  {advice}\n", told[0])), "{name}: {}", ended.stderr);
            assert_eq!(differing(&of(before, id), &of(after, id)), [""; 0], "{name}");
            assert!(toy.read(&format!("projects/{id}.html")).contains("stale since 2026-06-11"), "{name}");
            assert_eq!((&state["state"], &state["since"]), (&"stale".into(), &"2026-06-11".into()), "{name}");
            assert!(state["error"].as_str().unwrap().starts_with(cause), "{name}: {state}");
            return [
                name.to_owned(),
                self.plain(&format!("{why}; {advice}"), id),
                "0 / 3".to_owned(),
                "as it was".to_owned(),
            ];
        }
        assert_eq!(state["state"], "ok", "{name}: {}", ended.stderr);
        self.is_fresh(id, case);
        let (said, stays) = match case.expected {
            Expected::Told(text) => {
                assert_eq!(told.len(), 1, "{name}: {}", ended.stderr);
                assert!(told[0].contains(text), "{name}: {}", told[0]);
                let said = told[0].replacen(&format!("warning: {id}: {}: ", self.kind.source(id)), "", 1);
                (self.plain(said.trim_start_matches(&format!("warning: {id}: ")), id), "fresh, but for that")
            }
            Expected::Entry(entry) => {
                let named = |name: &str, id: &str| entry.replace("P0", name).replace("p0", id);
                let (titles, title) = (toy.titles(&format!("projects/{id}")), named(&id.replace('p', "P"), id));
                assert!(titles.contains(&title), "{name}: {titles:?}");
                (format!("an entry, *{}*", named("Alpha", "alpha")), "fresh")
            }
            _ => ("nothing".to_owned(), "fresh"),
        };
        if !matches!(case.expected, Expected::Told(_)) {
            assert_eq!(told.len(), 0, "{name}: {told:?}");
        }
        [name.to_owned(), said, "0".to_owned(), stays.to_owned()]
    }

    /// A message with names that are the same in each run.
    fn plain(&self, text: &str, id: &str) -> String {
        let bare = |root: String| root.strip_prefix("http://").unwrap().split('/').next().unwrap().to_owned();
        let text = text.replace(&bare(self.toy.upstream.api()), "api.example.org");
        let text = text.replace(&bare(self.elsewhere.api()), "elsewhere.example.org");
        text.replace(&format!("faults/{id}"), "example/alpha").replace(&format!("pypi:{id}"), "pypi:alpha")
    }
}

/// The number of a case's repository.
fn number(n: usize) -> u64 {
    1000 + u64::try_from(n).unwrap()
}

/// One suite after the other, in as many worlds as there are lists: what fails in a run so often in a row that the server
/// would count as down stands in worlds of its own.
fn rows(kind: Kind, worlds: Vec<Vec<Case>>) -> Vec<Row> {
    std::thread::scope(|scope| {
        let suites: Vec<_> = worlds.into_iter().map(|cases| Suite::new(kind, cases)).collect();
        let running: Vec<_> = suites.into_iter().map(|suite| scope.spawn(|| suite.rows())).collect();
        running.into_iter().flat_map(|suite| suite.join().unwrap()).collect()
    })
}
