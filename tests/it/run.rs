//! Runs the real program in a folder of its own, with nothing of the tester's environment.

use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use serde_json::Value;
use tempfile::TempDir;

use crate::{upstream::Upstream, world::World};

/// A secret that must appear nowhere.
pub(crate) const TOKEN: &str = "not-a-real-token-7c1e";

/// The night of most first runs, …
pub(crate) const FIRST: &str = "2026-06-10T03:17:00Z";
/// … and the one after it.
pub(crate) const SECOND: &str = "2026-06-11T03:17:00Z";

/// A catalog, a world to ask, and a site, in a folder that goes with the test.
pub(crate) struct Toy {
    pub(crate) upstream: Upstream,
    folder: TempDir,
}

impl Toy {
    /// The toy catalog and the toy world.
    pub(crate) fn new() -> Self {
        Self::of(World::toy(), include_str!("../data/projects.toml"))
    }

    pub(crate) fn of(world: World, catalog: &str) -> Self {
        let toy = Self { upstream: Upstream::start(world), folder: tempfile::tempdir().unwrap() };
        toy.write_catalog(catalog);
        toy
    }

    /// With these projects alone in the catalog, each given as the lines of its table.
    pub(crate) fn with_projects(world: World, projects: &[&str]) -> Self {
        Self::of(world, &catalog_of(projects))
    }

    pub(crate) fn write_catalog(&self, text: &str) {
        self.write("projects.toml", text);
    }

    /// Writes a file beside the catalog.
    pub(crate) fn write(&self, name: &str, text: &str) {
        fs::write(self.folder.path().join(name), text).unwrap();
    }

    pub(crate) fn world(&self) -> std::sync::MutexGuard<'_, World> {
        self.upstream.world()
    }

    /// A run at this time, to be set up further.
    pub(crate) fn at<'t>(&'t self, now: &'t str) -> Night<'t> {
        let (api, index) = (self.upstream.api(), self.upstream.index());
        Night { toy: self, now, api, index, token: false, site: "site", extra: Vec::new() }
    }

    /// A plain run with a token, which has to succeed.
    pub(crate) fn good_night(&self, now: &str) -> Ended {
        let ended = self.at(now).token().run();
        assert_eq!(ended.code, 0, "{}", ended.stderr);
        ended
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join("site").join(name)
    }

    /// What stands beside the site.
    pub(crate) fn beside(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    pub(crate) fn read(&self, name: &str) -> String {
        fs::read_to_string(self.path(name)).unwrap_or_else(|error| panic!("{name}: {error}"))
    }

    pub(crate) fn json(&self, name: &str) -> Value {
        serde_json::from_str(&self.read(name)).unwrap()
    }

    /// The entries of a JSON feed: id, title, date, link.
    pub(crate) fn entries(&self, feed: &str) -> Vec<[String; 4]> {
        let items = self.json(&format!("{feed}.json"))["items"].as_array().unwrap().clone();
        let row = |item: Value| ["id", "title", "date_published", "url"].map(|k| item[k].as_str().unwrap().to_owned());
        items.into_iter().map(row).collect()
    }

    pub(crate) fn titles(&self, feed: &str) -> Vec<String> {
        self.entries(feed).into_iter().map(|[_, title, ..]| title).collect()
    }

    /// The state of a source as `data/sources.json` has it.
    pub(crate) fn source(&self, project: &str, source: &str) -> Value {
        self.json("data/sources.json")["sources"][project][source].clone()
    }

    /// Removes all but the memory, as on a fresh machine.
    pub(crate) fn keep_the_memory_alone(&self) {
        let mut all = Tree::new();
        read_into(&mut all, &self.path(""), "");
        all.keys().filter(|path| !is_memory(path)).for_each(|path| fs::remove_file(self.path(path)).unwrap());
    }

    /// Every file of the site but those for the runs alone, by its path.
    pub(crate) fn tree(&self) -> Tree {
        self.tree_of("site")
    }

    pub(crate) fn tree_of(&self, site: &str) -> Tree {
        let mut tree = Tree::new();
        read_into(&mut tree, &self.folder.path().join(site), "");
        tree.remove(".lock");
        tree.remove(".colophon");
        tree
    }
}

/// Whether this is a file of the memory, which a fresh machine has.
pub(crate) fn is_memory(path: &str) -> bool {
    path.starts_with("data/projects/") || path == "data/sources.json"
}

/// The bytes of files by their paths.
pub(crate) type Tree = BTreeMap<String, Vec<u8>>;

pub(crate) fn read_into(tree: &mut Tree, folder: &Path, prefix: &str) {
    for entry in fs::read_dir(folder).into_iter().flatten() {
        let path = entry.unwrap().path();
        let name = format!("{prefix}{}", path.file_name().unwrap().to_str().unwrap());
        if path.is_dir() {
            read_into(tree, &path, &format!("{name}/"));
        } else {
            // What is no file, such as a pipe or a link that leads nowhere, has no bytes.
            let is_file = path.is_file();
            tree.insert(name, if is_file { fs::read(path).unwrap() } else { Vec::new() });
        }
    }
}

/// The names of the files in which two trees differ.
pub(crate) fn differing<'t>(one: &'t Tree, other: &'t Tree) -> Vec<&'t str> {
    let mut names: Vec<_> = one.keys().chain(other.keys()).map(String::as_str).collect();
    names.sort_unstable();
    names.dedup();
    names.retain(|name| one.get(*name) != other.get(*name));
    names
}

/// A catalog of a site and these projects alone.
pub(crate) fn catalog_of(projects: &[&str]) -> String {
    let site = "[site]\ntitle = \"Toys\"\nurl = \"https://example.org/\"\nauthority = \"example.org,2026\"\n";
    projects.iter().fold(site.to_owned(), |text, project| text + "\n[[project]]\n" + project + "\n")
}

/// A run that is being set up.
pub(crate) struct Night<'t> {
    toy: &'t Toy,
    now: &'t str,
    api: String,
    index: String,
    token: bool,
    site: &'t str,
    extra: Vec<&'t str>,
}

impl<'t> Night<'t> {
    /// With a token in the environment.
    pub(crate) fn token(mut self) -> Self {
        self.token = true;
        self
    }

    pub(crate) fn args(mut self, args: &[&'t str]) -> Self {
        self.extra.extend_from_slice(args);
        self
    }

    /// Into another folder.
    pub(crate) fn site(mut self, site: &'t str) -> Self {
        self.site = site;
        self
    }

    /// Asks at these addresses instead of the stand-in's.
    pub(crate) fn asking(mut self, api: &str, index: &str) -> Self {
        (self.api, self.index) = (api.to_owned(), index.to_owned());
        self
    }

    pub(crate) fn run(self) -> Ended {
        Ended::of(self.command())
    }

    /// What `run` would run.
    pub(crate) fn command(self) -> Command {
        let mut command = program(self.toy);
        command.args(["--now", self.now, "--github-api", &self.api, "--pypi", &self.index, "--site", self.site]);
        command.args(self.extra);
        if self.token {
            command.env("GITHUB_TOKEN", TOKEN);
        }
        command
    }
}

/// The program in the toy's folder, with nothing but a `PATH`.
pub(crate) fn program(toy: &Toy) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_aswf-release-feed"));
    command.current_dir(toy.folder.path()).env_clear();
    command.envs(std::env::var_os("PATH").map(|path| ("PATH", path)));
    command
}

/// Puts a pipe at this path, into which nobody writes.
#[cfg(unix)]
pub(crate) fn pipe(path: &Path) {
    assert!(Command::new("mkfifo").arg(path).status().unwrap().success());
}

/// The same command, started by a shell's `script` as `"$@"`.
#[cfg(unix)]
pub(crate) fn under(script: &str, command: &Command) -> Command {
    let mut shell = Command::new("sh");
    shell.args(["-c", script, "sh"]).arg(command.get_program()).args(command.get_args()).env_clear();
    shell.envs(command.get_envs().filter_map(|(name, value)| Some((name, value?))));
    shell.current_dir(command.get_current_dir().unwrap());
    shell
}

/// What came of a run.
#[derive(Debug)]
pub(crate) struct Ended {
    pub(crate) code: i32,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

impl Ended {
    pub(crate) fn of(mut command: Command) -> Self {
        let output = command.output().unwrap();
        let [stdout, stderr] = [output.stdout, output.stderr].map(|bytes| String::from_utf8(bytes).unwrap());
        Self { code: output.status.code().unwrap(), stdout, stderr }
    }

    /// How often stderr says this.
    pub(crate) fn says(&self, text: &str) -> usize {
        self.stderr.matches(text).count()
    }
}
