//! A disk that does not take what is written, and runs that end between two writes: each file is the old one or the new
//! one, nothing outside the site is touched, and the next run makes the rest good.

use std::{
    fs,
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    thread,
    time::{Duration, SystemTime},
};

use serde_json::Value;

use crate::{run::*, world::*};

/// What was wrong, what is told, the exit code, and what stays.
type Row = [String; 4];

const ALPHA: &str =
    "id = \"alpha\"\nname = \"Alpha\"\ngithub = { repo = \"example/alpha\" }\npypi = [{ name = \"Alpha\" }]";
const BRAVO: &str = "id = \"bravo\"\nname = \"Bravo\"\ngithub = { repo = \"example/Bravo\" }";
const CHARLIE: &str = "id = \"charlie\"\nname = \"Charlie\"\ngithub = { repo = \"example/charlie\", from = \"tags\" }";

/// A night that is disturbed, and what it would have been.
struct Disturbed {
    toy: Toy,
    now: &'static str,
    /// The site before it, …
    old: Tree,
    /// … and after it, when nothing disturbs it.
    new: Tree,
}

impl Disturbed {
    /// The first night of a site.
    fn first() -> Self {
        let toy = Toy::with_projects(World::toy(), &[ALPHA, BRAVO, CHARLIE]);
        Self::of(toy, FIRST)
    }

    /// A second night: alpha has news, bravo shows something old, charlie has another id.
    fn second() -> Self {
        let toy = Toy::with_projects(World::toy(), &[ALPHA, BRAVO, CHARLIE]);
        toy.good_night(FIRST);
        {
            let mut world = toy.world();
            world.package("alpha").files[2].yanked = "broken".into();
            let alpha = world.repository("example/alpha");
            alpha.releases.insert(0, Release::new("v1.2.0", "2026-06-10T12:00:00Z").notes("Is faster."));
            alpha.advisories.push(Advisory::new("GHSA-2222-3333-4444", "low", ">= 1.3", "2026-06-10T13:00:00Z"));
            world.repository("example/Bravo").releases.push(Release::new("v3.2.0", "2026-01-10T09:00:00Z"));
        }
        let renamed = CHARLIE.replace("id = \"charlie\"", "id = \"charles\"\nwas = [\"charlie\"]");
        toy.write_catalog(&catalog_of(&[ALPHA, BRAVO, &renamed]));
        Self::of(toy, SECOND)
    }

    /// A second night that nothing came of but that a source did not answer.
    fn stale() -> Self {
        let toy = Toy::with_projects(World::toy(), &[ALPHA, BRAVO, CHARLIE]);
        toy.good_night(FIRST);
        toy.world().fault("/repositories/102/releases", Fault::status(404));
        Self::of(toy, SECOND)
    }

    fn of(toy: Toy, now: &'static str) -> Self {
        let old = toy.tree();
        fs::create_dir_all(toy.beside("site")).unwrap();
        copy(&toy.beside("site"), &toy.beside("kept"));
        let disturbed = Self { toy, now, old, new: Tree::new() };
        disturbed.heal();
        let new = disturbed.toy.tree();
        let disturbed = Self { new, ..disturbed };
        disturbed.begin();
        disturbed
    }

    /// Puts the site back to what it was before the night, to the moments at which its files were written.
    fn begin(&self) {
        fs::remove_dir_all(self.toy.beside("site")).unwrap();
        copy(&self.toy.beside("kept"), &self.toy.beside("site"));
    }

    /// The night, to be disturbed.
    fn command(&self) -> Command {
        self.toy.at(self.now).token().command()
    }

    /// The night once more, with nothing to disturb it.
    fn heal(&self) -> Ended {
        self.toy.good_night(self.now)
    }

    /// Each file is the old one or the new one; of the states of sources, which grow with each project, each state is.
    fn each_file_is_whole(&self, after: &str) {
        let states = |bytes: &[u8]| serde_json::from_slice::<Value>(bytes).unwrap()["sources"].clone();
        for (name, bytes) in self.toy.tree() {
            let (old, new) = (self.old.get(&name), self.new.get(&name));
            match name.as_str() {
                "status.json" => _ = serde_json::from_slice::<Value>(&bytes).unwrap(),
                "data/sources.json" => {
                    let known = [old, new].map(|bytes| bytes.map_or(Value::Null, |bytes| states(bytes)));
                    for (project, state) in states(&bytes).as_object().unwrap() {
                        assert!(known.iter().any(|known| known[project] == *state), "{after}: {project}: {state}");
                    }
                }
                name if name.contains(".unfinished-") => {}
                name => {
                    assert!([old, new].contains(&Some(&bytes)), "{after}: {name} is neither the old nor the new one");
                }
            }
        }
        for history in self.old.keys().filter(|name| name.starts_with("data/projects/")) {
            let renamed = history.replace("charlie", "charles");
            assert!(self.toy.path(history).exists() || self.toy.path(&renamed).exists(), "{after}: {history} is lost");
        }
    }

    /// Whatever happened, the files are whole, and the next run comes to the same bytes as if nothing had; then the night
    /// begins again.
    fn is_made_good(&self, after: &str) {
        self.each_file_is_whole(after);
        self.heal();
        let healed = self.toy.tree();
        let differing = differing(&self.new, &healed);
        assert!(differing.iter().all(|name| *name == "status.json"), "{after}: {differing:?}");
        self.begin();
    }
}

/// Copies a folder with all that there is to know of its files.
fn copy(folder: &Path, to: &Path) {
    assert!(Command::new("cp").arg("-a").args([folder, to]).status().unwrap().success());
}

/// Whether a program of this name is there, and does this.
fn can(program: &str, args: &[&str]) -> bool {
    let quiet = Command::new(program).args(args).stdout(Stdio::null()).stderr(Stdio::null()).status();
    let can = quiet.is_ok_and(|status| status.success());
    if !can {
        eprintln!("not tried here: {program} {}", args.join(" "));
    }
    can
}

/// What a run says that could not write: the path, the cause, and what to do.
fn said(ended: &Ended) -> (String, String) {
    let mut lines = ended.stderr.lines().skip_while(|line| !line.starts_with("error: "));
    let [error, advice] = [lines.next(), lines.next()].map(|line| line.unwrap_or_default().trim().to_owned());
    assert_eq!(ended.code, 1, "{}", ended.stderr);
    (error, advice)
}

#[cfg(unix)]
#[test]
fn a_disk_that_is_full_is_told_with_the_file_and_made_good_by_the_next_run() {
    let mut full_at = Vec::new();
    for night in [Disturbed::first(), Disturbed::second(), Disturbed::stale()] {
        // No file may grow beyond so many blocks; in the end all may.
        for blocks in (1..).map(|n| 2 * n * n - 1) {
            let limit = format!("trap '' XFSZ; ulimit -f {blocks}; exec \"$@\"");
            let ended = Ended::of(under(&limit, &night.command()));
            if ended.code == 0 {
                break;
            }
            let (error, advice) = said(&ended);
            let path =
                error.strip_prefix("error: cannot write site/").and_then(|error| error.split_once(": File too large"));
            full_at.push(path.unwrap_or_else(|| panic!("{error}")).0.to_owned());
            assert!(advice.starts_with("make room and run again"), "{advice}");
            assert!(!night.toy.tree().keys().any(|name| name.contains(".unfinished-")), "what is unfinished goes");
            night.is_made_good(&format!("{blocks} blocks"));
        }
    }
    for kind in ["data/projects/", "data/sources.json", "projects/"] {
        assert!(full_at.iter().any(|path| path.starts_with(kind)), "{kind}: {full_at:?}");
    }
}

/// How a run is killed.
#[derive(Clone, Copy)]
enum Killer {
    /// When the thread that keeps the memory is about to give its `nth` file its name.
    AtTheMemory,
    /// When any thread is about to give its `nth` file its name.
    AtAnyFile,
    /// Soon after so many files were seen: where a run cannot be traced.
    Onlooker,
}

#[cfg(unix)]
impl Killer {
    /// Kills a run; tells whether it came so far.
    fn kills(self, nth: usize, night: &Disturbed) -> bool {
        let threads = match self {
            Self::AtTheMemory => "",
            Self::AtAnyFile => "-f",
            Self::Onlooker => return Self::looks_on(nth, night),
        };
        let kill = format!("inject=rename,renameat,renameat2:signal=KILL:when={nth}");
        let script = format!("exec strace {threads} -qq -o /dev/null -e {kill} \"$@\"");
        !under(&script, &night.command()).output().unwrap().status.success()
    }

    fn looks_on(nth: usize, night: &Disturbed) -> bool {
        let begun = SystemTime::now();
        let mut run = night.command().stderr(Stdio::null()).spawn().unwrap();
        while written_since(begun, &night.toy.path("")) < nth {
            if run.try_wait().unwrap().is_some() {
                return false;
            }
        }
        run.kill().unwrap();
        !run.wait().unwrap().success()
    }
}

/// How many files were written since then.
fn written_since(begun: SystemTime, folder: &Path) -> usize {
    let written = |entry: fs::DirEntry| match entry.metadata() {
        Ok(found) if found.is_dir() => written_since(begun, &entry.path()),
        Ok(found) => usize::from(found.modified().unwrap() >= begun),
        Err(_) => 0,
    };
    fs::read_dir(folder).into_iter().flatten().flatten().map(written).sum()
}

/// Kills a night before each file of the memory, and before one of so many others. Each of them was tried, which takes
/// a minute.
#[cfg(unix)]
fn is_made_good_however_it_is_killed(night: &Disturbed, one_of: usize) {
    let tried = |killer: Killer, every: usize| {
        let points = (1..).step_by(every).take_while(|&nth| {
            let killed = killer.kills(nth, night);
            night.is_made_good(&format!("killed before file {nth}"));
            killed
        });
        points.count()
    };
    if can("strace", &["-f", "-qq", "-o", "/dev/null", "true"]) {
        let tried = (tried(Killer::AtTheMemory, 1), tried(Killer::AtAnyFile, one_of));
        assert!(tried.0 >= 4 && tried.1 >= 5, "killed {tried:?} times");
    } else {
        tried(Killer::Onlooker, one_of);
    }
}

#[cfg(unix)]
#[test]
fn a_first_night_that_is_killed_between_two_files_is_made_good_by_the_next() {
    is_made_good_however_it_is_killed(&Disturbed::first(), 3);
}

#[cfg(unix)]
#[test]
fn a_later_night_that_is_killed_between_two_files_is_made_good_by_the_next() {
    is_made_good_however_it_is_killed(&Disturbed::second(), 3);
}

#[test]
fn two_projects_with_news_whose_run_was_stopped_between_them_are_told_once_and_at_their_own_second() {
    let toy = Toy::with_projects(World::toy(), &[ALPHA, BRAVO]);
    toy.good_night(FIRST);
    let news = |tag| Release::new(tag, "2026-06-10T12:00:00Z");
    toy.world().repository("example/alpha").releases.insert(0, news("v1.2.0"));
    toy.world().repository("example/Bravo").releases.insert(0, news("v3.5.0"));
    let bravo = toy.read("data/projects/bravo.json");
    toy.good_night(SECOND);
    // Alpha's turn came first that night: bravo's history was not written yet.
    fs::write(toy.path("data/projects/bravo.json"), bravo).unwrap();
    toy.good_night(SECOND);
    let told: Vec<_> = toy.entries("feeds/all").into_iter().take(3).map(|[_, title, at, _]| (title, at)).collect();
    // Readers may have seen the first one, so the other does not go below it.
    assert_eq!(told[0], ("Bravo 3.5.0".to_owned(), "2026-06-11T03:17:01Z".to_owned()));
    assert_eq!(told[1], ("Alpha 1.2.0".to_owned(), SECOND.to_owned()));
    assert_eq!(told[2].0, "Bravo 3.4.1");
}

/// A site of one night that a second run may not write.
fn one_night() -> Toy {
    let toy = Toy::with_projects(World::toy(), &[ALPHA, BRAVO]);
    toy.good_night(FIRST);
    toy
}

/// A second run stops at once with these words, and changes and asks nothing.
fn refuses(toy: &Toy, command: Command, words: &[&str]) {
    let asked = toy.world().asked();
    changes_nothing(toy, command, words);
    assert_eq!(toy.world().asked(), asked);
}

/// A second run stops with these words, and changes nothing.
fn changes_nothing(toy: &Toy, command: Command, words: &[&str]) {
    let before = toy.tree();
    let ended = Ended::of(command);
    let (error, advice) = said(&ended);
    for word in words {
        assert!(error.contains(word) || advice.contains(word), "{word}: {error}\n{advice}");
    }
    assert_eq!(differing(&before, &toy.tree()), [""; 0]);
}

#[test]
fn a_place_that_is_no_folder_is_told_before_anything_is_asked() {
    let toy = one_night();
    let long = "x".repeat(300);
    for (site, cause, advice) in [
        ("projects.toml", "error: cannot create projects.toml: ", "move away what stands in its place"),
        ("projects.toml/site", "error: cannot create projects.toml/site: Not a directory", "move away what stands"),
        (&long, "File name too long", "name a place with a shorter path"),
    ] {
        refuses(&toy, toy.at(SECOND).token().site(site).command(), &[cause, advice]);
    }
}

/// A folder of somebody else's, beside the site.
#[cfg(unix)]
fn outside(toy: &Toy) -> PathBuf {
    let outside = toy.beside("outside");
    fs::create_dir_all(&outside).unwrap();
    fs::write(outside.join("theirs.html"), "theirs").unwrap();
    fs::write(outside.join(".unfinished-theirs"), "theirs").unwrap();
    outside
}

#[cfg(unix)]
fn link(to: &Path, at: &Path) {
    if at.is_dir() {
        fs::remove_dir_all(at).unwrap();
    } else if at.exists() {
        fs::remove_file(at).unwrap();
    }
    std::os::unix::fs::symlink(to, at).unwrap();
}

/// What stands in the way of a run that writes.
#[cfg(unix)]
struct Obstacle {
    name: &'static str,
    at: &'static [&'static str],
    /// Puts it there; the other folder is somebody else's.
    put: fn(&Path, &Path),
    /// What could not be done, and why.
    told: [&'static str; 2],
    /// Whether it is found before anything is asked or written.
    at_once: bool,
}

#[cfg(unix)]
fn obstacles() -> Vec<Obstacle> {
    let folders = &["data", "data/projects", "data/platforms", "feeds"];
    let files = &["index.html", "feeds/all.json", "status.json"];
    let obstacle = |name, at, put, told, at_once| Obstacle { name, at, put, told, at_once };
    vec![
        obstacle("a file in the place of a folder", folders, file, ["use", "it is no folder"], true),
        obstacle("a link in the place of a folder", folders, |at, to| link(to, at), ["use", "it is a link"], true),
        obstacle("a folder in the place of a page", files, folder, ["write", "Is a directory"], false),
        obstacle("a folder in the place of the lock", &[".lock"], folder, ["lock", "it is no file"], true),
        obstacle("a pipe in the place of the lock", &[".lock"], |at, _| pipe(at), ["lock", "it is no file"], true),
        obstacle(
            "a linked lock",
            &[".lock"],
            |at, to| link(&to.join("theirs.html"), at),
            ["lock", "it is no file"],
            true,
        ),
    ]
}

#[cfg(unix)]
fn file(at: &Path, _: &Path) {
    fs::write(at, "somebody's").unwrap();
}

#[cfg(unix)]
fn folder(at: &Path, _: &Path) {
    fs::create_dir_all(at.join("of/somebody")).unwrap();
}

#[cfg(unix)]
impl Obstacle {
    /// It is told and left, nothing outside is touched, and without it the next run makes all good. Gives its row.
    fn is_told(&self) -> Row {
        let [mut error, mut advice] = [const { String::new() }; 2];
        for at in self.at {
            let toy = one_night();
            let (place, kept) = (toy.path(at), toy.beside("kept"));
            let was_there = fs::rename(&place, &kept).is_ok();
            let theirs = outside(&toy);
            (self.put)(&place, &theirs);
            let before = (toy.tree(), toy.tree_of("outside"), toy.world().asked());
            (error, advice) = said(&toy.at(SECOND).token().run());
            let [action, why] = self.told;
            assert!(error.starts_with(&format!("error: cannot {action} site/{at}: {why}")), "{error}");
            assert!(advice.starts_with("move away what stands in its place"), "{advice}");
            let after = (toy.tree(), toy.tree_of("outside"), toy.world().asked());
            assert!(before == after || !self.at_once, "{}: {at}", self.name);
            assert_eq!(differing(&before.1, &after.1), [""; 0], "{}: {at}", self.name);
            fs::rename(&place, toy.beside("moved away")).unwrap();
            assert!(!was_there || fs::rename(&kept, &place).is_ok());
            toy.good_night(SECOND);
        }
        let stays = if self.at_once { "every byte" } else { "each file is the old one or the new one" };
        let told = format!("{}; {advice}", error.trim_start_matches("error: "));
        [self.name, &told, "1", stays].map(str::to_owned)
    }
}

#[cfg(unix)]
#[test]
fn what_stands_in_the_way_is_told_and_left() {
    let rows: Vec<Row> = obstacles().iter().map(Obstacle::is_told).collect();
    assert_eq!(rows.len(), 6);
}

#[cfg(unix)]
#[test]
fn a_linked_file_inside_the_site_becomes_a_file_and_what_it_led_to_is_left() {
    let toy = one_night();
    let outside = outside(&toy);
    let before = toy.tree();
    for path in ["feed.atom", "projects/alpha.html", "status.json", ".nojekyll"] {
        link(&outside.join("theirs.html"), &toy.path(path));
    }
    // A history that says the same from elsewhere, a link that leads nowhere, and a page that nobody has any more.
    fs::copy(toy.path("data/projects/alpha.json"), outside.join("alpha.json")).unwrap();
    link(&outside.join("alpha.json"), &toy.path("data/projects/alpha.json"));
    link(&outside.join("nothing"), &toy.path("feed.rss"));
    link(&outside.join("theirs.html"), &toy.path("feeds/gone.html"));
    let theirs = toy.tree_of("outside");
    toy.good_night(FIRST);
    let after = toy.tree();
    assert!(differing(&before, &after).iter().all(|name| *name == "status.json"), "{:?}", differing(&before, &after));
    for name in after.keys() {
        assert!(toy.path(name).symlink_metadata().unwrap().is_file(), "{name} is still a link");
    }
    assert_eq!(differing(&theirs, &toy.tree_of("outside")), [""; 0]);
}

#[cfg(unix)]
#[test]
fn a_site_that_is_itself_a_link_is_written_where_it_leads() {
    let toy = one_night();
    let before = toy.tree();
    fs::rename(toy.beside("site"), toy.beside("elsewhere")).unwrap();
    std::os::unix::fs::symlink("elsewhere", toy.beside("site")).unwrap();
    toy.good_night(FIRST);
    let after = toy.tree_of("elsewhere");
    assert!(differing(&before, &after).iter().all(|name| *name == "status.json"));
    // One that leads nowhere is no place.
    std::os::unix::fs::symlink("nothing", toy.beside("lost")).unwrap();
    refuses(&toy, toy.at(SECOND).token().site("lost").command(), &["cannot create lost: File exists"]);
}

#[cfg(unix)]
#[test]
fn a_pipe_in_the_place_of_a_page_is_replaced_and_not_waited_for() {
    let toy = one_night();
    let before = toy.tree();
    for path in ["feed.atom", "index.html", "projects/bravo.json", ".nojekyll", ".colophon"] {
        fs::remove_file(toy.path(path)).unwrap();
        pipe(&toy.path(path));
    }
    toy.good_night(FIRST);
    assert_eq!(differing(&before, &toy.tree()), ["status.json"]);
}

#[cfg(target_os = "linux")]
#[test]
fn a_disk_without_a_free_block_is_told_and_what_is_there_is_whole() {
    if !can("unshare", &["-rm", "mount", "-t", "tmpfs", "none", "/mnt"]) {
        return;
    }
    for (night, spare) in [(Disturbed::first(), [8, 60, 200]), (Disturbed::second(), [4, 16, 28])] {
        for spare in spare {
            let size = spare + night.old.values().map(|bytes| bytes.len().div_ceil(4096) * 4).sum::<usize>();
            // The site on a disk of its own, which is taken along before it goes with the run.
            let disk = format!("mount -t tmpfs -o size={size}k,mode=755 none site && cp -r before/. site");
            let full = format!("{disk} && \"$@\"; code=$?; cp -r site/. full; exit $code");
            let script = format!("exec unshare -rm sh -c '{full}' sh \"$@\"");
            fs::rename(night.toy.beside("site"), night.toy.beside("before")).unwrap();
            fs::create_dir(night.toy.beside("site")).unwrap();
            fs::create_dir(night.toy.beside("full")).unwrap();
            let (error, advice) = said(&Ended::of(under(&script, &night.command())));
            assert!(error.contains("No space left on device"), "{size}: {error}");
            assert!(advice.starts_with("make room and run again"), "{advice}");
            fs::remove_dir_all(night.toy.beside("before")).unwrap();
            fs::remove_dir_all(night.toy.beside("site")).unwrap();
            fs::rename(night.toy.beside("full"), night.toy.beside("site")).unwrap();
            night.is_made_good(&format!("{size} KB"));
        }
    }
}

#[cfg(target_os = "linux")]
#[test]
fn a_disk_that_can_only_be_read_is_told() {
    if !can("unshare", &["-rm", "mount", "-t", "tmpfs", "none", "/mnt"]) {
        return;
    }
    let toy = one_night();
    let script = "exec unshare -rm sh -c 'mount --bind site site && mount -o remount,bind,ro site && \"$@\"' sh \"$@\"";
    let command = under(script, &toy.at(SECOND).token().command());
    refuses(&toy, command, &["error: cannot lock site/.lock: Read-only file system", "allow it to whoever runs this"]);
}

#[cfg(target_os = "linux")]
#[test]
fn what_may_not_be_read_or_written_is_told() {
    // Root may do everything unless that is taken away.
    let caps = "-dac_override,-dac_read_search";
    let args = ["--bounding-set", caps, "--inh-caps", caps];
    if !can("setpriv", &[&args[..], &["true"]].concat()) {
        return;
    }
    let script = format!("exec setpriv {} \"$@\"", args.join(" "));
    let toy = one_night();
    let allow = |path: &str, mode: u32| {
        fs::set_permissions(toy.path(path), std::os::unix::fs::PermissionsExt::from_mode(mode)).unwrap();
    };
    for (path, forbidden, allowed, told) in [
        ("", 0o555, 0o755, "error: cannot lock site/.lock: Permission denied"),
        ("data/projects", 0o000, 0o755, "error: cannot read site/data/projects: Permission denied"),
        ("data/projects/alpha.json", 0o000, 0o644, "error: cannot read site/data/projects/alpha.json: Permission"),
        ("data/sources.json", 0o000, 0o644, "error: cannot read site/data/sources.json: Permission denied"),
    ] {
        fs::remove_file(toy.path(".lock")).unwrap_or_default();
        let before = toy.tree();
        allow(path, forbidden);
        let ended = Ended::of(under(&script, &toy.at(SECOND).token().command()));
        allow(path, allowed);
        let (error, advice) = said(&ended);
        assert!(error.starts_with(told) && advice.starts_with("allow it to whoever runs this"), "{error}\n{advice}");
        assert_eq!(differing(&before, &toy.tree()), [""; 0], "{path}");
    }
    allow("projects", 0o555);
    toy.world().repository("example/alpha").releases.insert(0, Release::new("v1.2.0", "2026-06-10T12:00:00Z"));
    let ended = Ended::of(under(&script, &toy.at(SECOND).token().command()));
    allow("projects", 0o755);
    let (error, _) = said(&ended);
    assert!(error.starts_with("error: cannot write site/projects/"), "{error}");
    toy.good_night(SECOND);
    assert_eq!(toy.titles("feed")[0], "Alpha 1.2.0");
}

#[test]
fn a_history_that_goes_while_a_run_needs_it_stops_the_run() {
    let toy = Toy::new();
    toy.good_night(FIRST);
    let requests = toy.world().requests.len();
    toy.world().jitter = Some(1);
    let run = toy.at(SECOND).token().args(&["--jobs", "1"]).command().stderr(Stdio::piped()).spawn().unwrap();
    while toy.world().requests.len() == requests {
        thread::sleep(Duration::from_millis(1));
    }
    // In the order of that day this is the last one.
    let last = toy.path("data/projects/foxtrot.json");
    let (kept, bytes) = (toy.path("kept.json"), fs::read(&last).unwrap());
    fs::rename(&last, &kept).unwrap();
    let output = run.wait_with_output().unwrap();
    let said = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(1), "{said}");
    assert!(said.contains("error: cannot read site/data/projects/foxtrot.json: "), "{said}");
    fs::rename(&kept, &last).unwrap();
    toy.good_night(SECOND);
    assert_eq!(fs::read(&last).unwrap(), bytes);
}

/// A run that is killed when its test ends.
struct Run(Child);

impl Run {
    /// Has it do nothing more, until it is killed.
    #[cfg(unix)]
    fn stop(&self) {
        assert!(Command::new("kill").args(["-s", "STOP", &self.0.id().to_string()]).status().unwrap().success());
    }
}

impl Drop for Run {
    fn drop(&mut self) {
        self.0.kill().and_then(|()| self.0.wait()).ok();
    }
}

#[cfg(unix)]
#[test]
fn of_two_runs_the_second_stops_and_who_only_reads_is_not_held_up() {
    let toy = one_night();
    toy.world().requests.clear();
    let first = Run(toy.at(SECOND).token().args(&["-q"]).command().spawn().unwrap());
    loop {
        // While the world is held, nothing is answered.
        let world = toy.world();
        if !world.requests.is_empty() {
            first.stop();
            break;
        }
        drop(world);
        thread::sleep(Duration::from_millis(1));
    }
    let told = ["error: another run is writing site: wait until it has ended"];
    changes_nothing(&toy, toy.at(SECOND).token().command(), &told);
    changes_nothing(&toy, toy.at(SECOND).args(&["--offline"]).command(), &told);
    for args in [&["check"][..], &["latest"], &["notes", "alpha", ".."]] {
        let mut command = program(&toy);
        command.args(args);
        let ended = Ended::of(command);
        assert_eq!(ended.code, 0, "{args:?}: {}", ended.stderr);
    }
    // A killed run leaves its lock behind, which holds nobody up.
    drop(first);
    assert!(toy.path(".lock").exists());
    toy.good_night(SECOND);
}

#[test]
fn what_a_killed_run_left_is_healed_by_the_next() {
    let toy = Toy::new();
    toy.good_night(FIRST);
    let before = toy.tree();
    fs::write(toy.path("data/projects/.unfinished-x"), "{").unwrap();
    fs::write(toy.path("projects/alpha.rss"), "<rss").unwrap();
    fs::remove_file(toy.path("feed.json")).unwrap();
    toy.good_night(FIRST);
    assert_eq!(differing(&before, &toy.tree()), ["status.json"]);
}
