//! A memory that was damaged: it is read without loss, or nothing is written, and a person is told what is wrong, where,
//! and how to put it back.

use std::{fs, path::Path};

use self::How::{By, Swap};
use crate::run::*;

const HISTORY: &str = "data/projects/bravo.json";
const SOURCES: &str = "data/sources.json";

/// What was wrong, what is told, the exit code, and what stays.
type Row = [String; 4];

/// How a file is changed.
#[derive(Clone, Copy)]
enum How {
    /// The first of these texts becomes the other.
    Swap(&'static str, &'static str),
    By(fn(&str) -> Vec<u8>),
}

impl How {
    fn change(self, text: &str) -> Vec<u8> {
        match self {
            Swap(one, other) => text.replacen(one, other, 1).into(),
            By(change) => change(text),
        }
    }
}

/// A way to damage a file.
struct Case {
    /// What is wrong with it.
    name: &'static str,
    file: &'static str,
    damage: How,
    /// What is said of it.
    told: &'static str,
    /// What the line has that is named; the beginning of the file where this is empty.
    at: &'static str,
}

/// What is wrong in a file as such, whatever it holds.
fn broken(file: &'static str) -> Vec<Case> {
    let case = |name, damage, told, at| Case { name, file, damage, told, at };
    let schema = "\"schema\": 1";
    vec![
        case("nothing", By(|_| Vec::new()), "it is empty", ""),
        case("white space alone", By(|_| b" \n\t\r\n".to_vec()), "it is empty", ""),
        case("its first byte", By(|text| text[..1].into()), "it ends in the middle", ""),
        case("its first half", By(|text| text[..text.len() / 2].into()), "it ends in the middle", ""),
        case("all but its last byte", By(|text| text[..text.len() - 2].into()), "it ends in the middle", ""),
        case("NUL bytes", By(|text| vec![0; text.len()]), "here are NUL bytes, as the loss of power", ""),
        case("100 MB of NUL bytes", By(|_| vec![0; 100_000_000]), "here are NUL bytes", ""),
        case("NUL bytes behind its end", By(|text| [text, "\0\0"].concat().into()), "here are NUL bytes", "\0"),
        case("more behind its end", By(|text| [text, "}\n"].concat().into()), "this is no JSON: trailing char", "}"),
        case("no UTF-8", By(latin_1), "here are bytes that are no text", "\u{fffd}"),
        case("UTF-16", By(|text| text.encode_utf16().flat_map(u16::to_le_bytes).collect()), "here are NUL bytes", ""),
        case("HTML", By(|_| b"<!DOCTYPE html>".to_vec()), "this is no JSON of the memory", "<!DOCTYPE"),
        case("a list", By(|_| b"[1]".to_vec()), "this is no JSON of the memory", "[1]"),
        case("a million lists in lists", By(|_| vec![b'['; 1_000_000]), "this is no JSON of the memory", ""),
        case("as deep a key", By(|_| deep().into()), "it ends in the middle", ""),
        case("a merge conflict", By(|text| conflict(text, 4)), "here is the mark of a merge conflict", "<<<<<<< HEAD"),
        case("a conflict in all", By(|text| conflict(text, 0)), "here is the mark of a merge conflict", "<<<<<<< HEAD"),
        case("no `schema`", Swap("\"schema\": 1,", ""), "missing field `schema`", ""),
        case("the schema 0", Swap(schema, "\"schema\": 0"), "invalid value: integer `0`", "schema"),
        case("the schema -1", Swap(schema, "\"schema\": -1"), "invalid value: integer `-1`", "schema"),
        case("the schema \"1\"", Swap(schema, "\"schema\": \"1\""), "invalid type: string \"1\"", "schema"),
        case("a key twice", Swap(schema, "\"schema\": 1, \"schema\": 1"), "duplicate field `schema`", "schema"),
        case("an unknown key", Swap(schema, "\"schema\": 1, \"extra\": 1"), "unknown field `extra`", "extra"),
        case("an escape sequence", Swap(schema, "\"schema\": 1, \"\\u001b[1m\": 1"), "field `\u{fffd}[1m`", "schema"),
    ]
}

/// As an editor writes it that knows no UTF-8.
fn latin_1(text: &str) -> Vec<u8> {
    text.replace("example", "ex\u{e4}mple").chars().map(|c| u8::try_from(c).unwrap()).collect()
}

fn deep() -> String {
    format!("{{\"schema\": 1, \"deep\": {}", "[".repeat(1_000_000))
}

/// As git leaves it when two nights changed what stands from this line on.
fn conflict(text: &str, line: usize) -> Vec<u8> {
    let lines: Vec<_> = text.lines().collect();
    let (before, rest) = lines.split_at(line);
    let marks = [&["<<<<<<< HEAD"], &rest[..1], &["======="], &rest[..1], &[">>>>>>> 2026-06-11"]].concat();
    [before, &marks, &rest[1..]].concat().join("\n").into()
}

/// What a hand can do to a history.
fn edited_histories() -> Vec<Case> {
    let case = |name, damage, told, at| Case { name, file: HISTORY, damage, told, at };
    let date = "2026-06-08T09:00:01Z";
    vec![
        case(
            "a word for a list",
            Swap("\"id\":", "\"days\": \"none\", \"id\":"),
            "string \"none\", expected a seq",
            "none",
        ),
        case(
            "an unknown stability",
            Swap("\"final\"", "\"stable\""),
            "unknown variant `stable`, expected one",
            "stable",
        ),
        case("an unknown channel", Swap("\"github\",", "\"gitlab\","), "unknown variant `gitlab`", "gitlab"),
        case("an unknown state", Swap("\"present\"", "\"perhaps\""), "unknown variant `perhaps`", "perhaps"),
        case("a version twice", By(twice), "the version 3.4.1 stands here a second time", "{"),
        case(
            "an entry's id twice",
            Swap("bravo/3.3.7\"", "bravo/3.4.1\""),
            "bravo/3.4.1 stands here a second time",
            "{",
        ),
        case("two entries of one second", Swap(date, "2026-06-08T09:00:00Z"), "has the same second as", "{"),
        case("an entry's day that is none", Swap(date, "2026-06-31T09:00:01Z"), "is no date in whole seconds", "06-31"),
        case(
            "an entry between two seconds",
            Swap(date, "2026-06-08T09:00:01.5Z"),
            "is no date in whole seconds",
            ".5Z",
        ),
        case("an entry of \"yesterday\"", Swap(date, "yesterday"), "\"yesterday\" is no date in whole", "yesterday"),
        case("an entry of the year 12026", Swap(date, "+12026-06-08T09:00:01Z"), "is no date in whole", "+12026"),
        case(
            "a release's day that is none",
            Swap("\"2026-06-08T09:00:00Z", "\"2026-06-31T09:00:00Z"),
            "no feed can have the date",
            "06-31",
        ),
        case(
            "a script as page",
            Swap("\"url\": \"https:", "\"url\": \"javascript:"),
            "is no address of a page",
            "javascript:",
        ),
        case(
            "a script as link",
            Swap("\"github\": \"https:", "\"github\": \"javascript:"),
            "is no address of",
            "javascript:",
        ),
        case(
            "an id that is none",
            Swap("\"id\": \"bravo\"", "\"id\": \"../bravo\""),
            "`../bravo` is no id",
            "../bravo",
        ),
        case("a package twice", By(packages), "the key `b` stands here a second time", "packages"),
    ]
}

/// The newest release once more, at the end of the list.
fn twice(text: &str) -> Vec<u8> {
    let mut history: serde_json::Value = serde_json::from_str(text).unwrap();
    let releases = history["releases"].as_array_mut().unwrap();
    releases.push(releases[0].clone());
    serde_json::to_vec_pretty(&history).unwrap()
}

/// A package in two states.
fn packages(text: &str) -> Vec<u8> {
    text.replacen('{', "{ \"packages\": {\"b\": \"archived\", \"b\": \"active\"},", 1).into()
}

/// What a hand can do to the states of sources.
fn edited_sources() -> Vec<Case> {
    let case = |name, damage, told, at| Case { name, file: SOURCES, damage, told, at };
    let (alpha, day) = ("\"github:example/alpha\"", "\"2026-06-10\",\n  \"sources");
    vec![
        case("an unknown state", Swap("\"ok\"", "\"fine\""), "unknown variant `fine`, expected one of `ok`", "fine"),
        case("stale without a day", Swap("\"ok\"", "\"stale\""), "`stale` stands with `since` and `error`", ""),
        case("a mistyped key", Swap("first_read", "first_raed"), "unknown field `first_raed`", "first_raed"),
        case("a day that is none", Swap(day, "\"soon\",\n  \"sources"), "input contains invalid", "soon"),
        case("a project twice", Swap("\"bravo\": {", "\"alpha\": {"), "the key `alpha` stands here a second", "alpha"),
        case("a source twice", Swap("\"pypi:alpha\"", alpha), "example/alpha` stands here a second", alpha),
        case("a word for a number", Swap("\"id\": 101", "\"id\": \"101\""), "invalid type: string \"101\"", "\"101\""),
    ]
}

/// Runs that need the memory: of the night, of `check`, and of those who only read.
fn readers(toy: &Toy) -> Vec<(&'static str, Ended)> {
    let plain = |args: &[&str]| {
        let mut command = program(toy);
        command.args(args);
        Ended::of(command)
    };
    let night = toy.at(SECOND).token().run();
    vec![
        ("build", night),
        ("check", plain(&["check"])),
        ("latest", plain(&["latest"])),
        ("notes", plain(&["notes", "bravo", "3.4.0.."])),
    ]
}

impl Case {
    /// Damages the file, sees that everybody says so and nobody writes anything, and puts it back.
    fn stops_every_run(&self, toy: &Toy) -> Row {
        let Self { name, file, damage, told, at } = self;
        let good = toy.read(file);
        let damaged = damage.change(&good);
        assert_ne!(damaged, good.as_bytes(), "{name} is no damage");
        fs::write(toy.path(file), &damaged).unwrap();
        let (before, asked) = (toy.tree(), toy.world().asked());
        let mut lines = Vec::new();
        for (reader, ended) in readers(toy) {
            let said = &ended.stderr;
            lines.extend(said.lines().next().map(|line| line.trim_start_matches("error: ").to_owned()));
            assert_eq!(ended.code, 1, "{name}, {reader}: {said}");
            let head = format!("error: site/{file}:");
            let place = said.strip_prefix(&head).unwrap_or_else(|| panic!("{name}, {reader}: {said}"));
            let line: usize = place.split(':').next().unwrap().parse().unwrap();
            let text = String::from_utf8_lossy(&damaged);
            let found = text.lines().nth(line - 1).unwrap_or_default();
            assert!(found.contains(at), "{name}, {reader}: line {line} is {found:?}: {said}");
            assert!(said.contains(told), "{name}, {reader}: {said}");
            assert!(said.contains(&format!("`git restore site/{file}`")), "{name}, {reader}: {said}");
            assert!(said.contains("without git, delete it: "), "{name}, {reader}: {said}");
            assert!(said.chars().all(|c| c == '\n' || !c.is_control()), "{name}, {reader}: {said:?}");
            assert!(said.len() < 1_200, "{name}, {reader}: {said}");
        }
        assert_eq!(differing(&before, &toy.tree()), [""; 0], "{name}");
        assert_eq!(toy.world().asked(), asked, "{name}");
        fs::write(toy.path(file), good).unwrap();
        [name, lines[0].as_str(), "1", "every byte"].map(str::to_owned)
    }
}

/// A site of one night, which says what is wrong with each of these, and goes on when it is put back. Gives their rows.
fn stop_every_run(cases: &[Case]) -> Vec<Row> {
    let toy = Toy::new();
    toy.good_night(FIRST);
    let rows = cases.iter().map(|case| case.stops_every_run(&toy)).collect();
    toy.good_night(SECOND);
    rows
}

#[test]
fn a_broken_history_stops_every_run_with_its_place_and_the_way_back() {
    let rows = stop_every_run(&broken(HISTORY));
    assert!(!rows.is_empty());
}

#[test]
fn broken_states_of_sources_stop_every_run_with_their_place_and_the_way_back() {
    let rows = stop_every_run(&broken(SOURCES));
    assert!(!rows.is_empty());
}

#[test]
fn a_history_that_a_hand_made_impossible_stops_every_run() {
    let rows = stop_every_run(&edited_histories());
    assert!(!rows.is_empty());
}

#[test]
fn states_of_sources_that_a_hand_made_impossible_stop_every_run() {
    let rows = stop_every_run(&edited_sources());
    assert!(!rows.is_empty());
}

/// Everybody says this of what the test did to a file, and nothing is written or asked.
fn all_say(toy: &Toy, words: &[&str]) {
    let (before, asked) = (toy.tree(), toy.world().asked());
    for (reader, ended) in readers(toy) {
        assert_eq!(ended.code, 1, "{reader}: {}", ended.stderr);
        for word in words {
            assert!(ended.says(word) > 0, "{reader}: {word}: {}", ended.stderr);
        }
    }
    assert_eq!(differing(&before, &toy.tree()), [""; 0]);
    assert_eq!(toy.world().asked(), asked);
}

#[test]
fn a_memory_of_a_later_program_stops_every_run() {
    for file in [HISTORY, SOURCES] {
        let toy = Toy::new();
        toy.good_night(FIRST);
        // What a later form looks like is not known.
        fs::write(toy.path(file), "{\"releases\": 7, \"schema\": 2, \"things\": []}").unwrap();
        all_say(&toy, &[file, "has the form 2", "install a newer one"]);
    }
}

#[test]
fn an_entry_with_the_second_of_another_projects_entry_stops_whoever_reads_both() {
    let toy = Toy::new();
    toy.good_night(FIRST);
    let clash = toy.read(HISTORY).replacen("2026-06-08T09:00:01Z", "2026-06-05T14:00:00Z", 1);
    fs::write(toy.path(HISTORY), clash).unwrap();
    let before = toy.tree();
    let told = "bravo/3.4.1 has the same second as tag:example.org,2026:alpha/1.1.0";
    for (reader, ended) in readers(&toy) {
        let expected = if ["build", "check"].contains(&reader) { (1, 1) } else { (0, 0) };
        assert_eq!((ended.code, ended.says(told)), expected, "{reader}: {}", ended.stderr);
    }
    assert_eq!(differing(&before, &toy.tree()), [""; 0]);
}

#[test]
fn another_projects_history_stops_every_run() {
    let toy = Toy::new();
    toy.good_night(FIRST);
    fs::copy(toy.path("data/projects/alpha.json"), toy.path(HISTORY)).unwrap();
    all_say(&toy, &[HISTORY, "is the history of `alpha`: name it alpha.json"]);
}

#[cfg(unix)]
#[test]
fn what_stands_in_the_place_of_a_file_is_not_waited_for() {
    for file in [HISTORY, SOURCES] {
        let toy = Toy::new();
        toy.good_night(FIRST);
        let path = toy.path(file);
        let put = |what: &dyn Fn(&Path), words: &str| {
            what(&path);
            all_say(&toy, &[&format!("error: cannot read site/{file}: "), words]);
        };
        let remove = || fs::remove_file(&path).unwrap();
        remove();
        put(&|path| fs::create_dir(path).unwrap(), "move away what stands in its place");
        fs::remove_dir(&path).unwrap();
        put(&pipe, "it is no file");
        remove();
        put(&|path| std::os::unix::fs::symlink("nowhere", path).unwrap(), "see whether that is its name");
        remove();
        put(&|path| std::os::unix::fs::symlink("/dev/zero", path).unwrap(), "it is no file");
    }
}

/// What costs nothing: each is read as it was, and written as a run writes it.
#[test]
fn what_says_the_same_in_another_way_is_read_without_loss() {
    let toy = Toy::new();
    toy.good_night(FIRST);
    let before = toy.tree();
    for (name, damage) in harmless() {
        for file in [HISTORY, SOURCES] {
            let good = toy.read(file);
            fs::write(toy.path(file), damage.change(&good)).unwrap();
            for (reader, ended) in readers(&toy).into_iter().skip(1) {
                assert_eq!((ended.code, ended.says("error")), (0, 0), "{name}, {reader}: {}", ended.stderr);
            }
            toy.good_night(FIRST);
            let after = toy.tree();
            let differing = differing(&before, &after);
            assert!(differing.iter().all(|name| *name == "status.json"), "{name}: {differing:?}");
        }
    }
}

/// Other ways of saying the same.
fn harmless() -> Vec<(&'static str, How)> {
    vec![
        ("a mark of the byte order", By(|text| ["\u{feff}", text].concat().into())),
        ("line ends of Windows", By(|text| text.replace('\n', "\r\n").into())),
        ("no line ends", By(|text| text.replace('\n', "").into())),
        ("a megabyte of white space", By(|text| (" ".repeat(1_000_000) + text).into())),
        ("releases in another order", By(|text| reversed(text.parse().unwrap()))),
    ]
}

/// With the releases in the other order.
fn reversed(mut history: serde_json::Value) -> Vec<u8> {
    history
        .get_mut("releases")
        .and_then(|releases| releases.as_array_mut())
        .into_iter()
        .for_each(|list| list.reverse());
    serde_json::to_vec(&history).unwrap()
}

#[test]
fn the_last_runs_status_is_no_memory_and_is_not_missed() {
    let toy = Toy::new();
    toy.good_night(FIRST);
    let before = toy.tree();
    let wrong: [&[u8]; 5] = [b"", b"{", b"\0\0\0", b"<<<<<<< HEAD\n", b"{\"schema\": 9}"];
    for wrong in wrong {
        fs::write(toy.path("status.json"), wrong).unwrap();
        let ended = toy.good_night(FIRST);
        assert_eq!(ended.says("status.json") + ended.says("warning"), 0, "{}", ended.stderr);
        assert_eq!(differing(&before, &toy.tree()), ["status.json"]);
        serde_json::from_str::<serde_json::Value>(&toy.read("status.json")).unwrap();
    }
    #[cfg(unix)]
    {
        fs::remove_file(toy.path("status.json")).unwrap();
        pipe(&toy.path("status.json"));
        toy.good_night(FIRST);
        assert_eq!(differing(&before, &toy.tree()), ["status.json"]);
    }
}

#[test]
fn without_the_states_of_its_sources_a_memory_announces_nothing_anew() {
    let toy = Toy::new();
    toy.good_night(FIRST);
    let before = toy.tree();
    fs::remove_file(toy.path(SOURCES)).unwrap();
    let ended = toy.good_night(SECOND);
    assert_eq!(ended.says("\n0 new releases"), 1, "{}", ended.stderr);
    let after = toy.tree();
    let lost = differing(&before, &after);
    assert!(lost.iter().all(|name| !name.starts_with("feed") && !name.starts_with("data/projects")), "{lost:?}");
}

#[test]
fn without_its_history_a_project_begins_anew_and_its_last_month_is_announced_again() {
    let toy = Toy::new();
    toy.good_night(FIRST);
    let before = toy.entries("projects/bravo");
    fs::remove_file(toy.path(HISTORY)).unwrap();
    toy.good_night(SECOND);
    let after = toy.entries("projects/bravo");
    let known = |entries: &[[String; 4]]| {
        entries.iter().map(|[id, title, _, url]| [id, title, url].map(String::clone)).collect::<Vec<_>>()
    };
    assert_eq!(known(&after), known(&before));
    let [first, .., last] = &after[..] else { panic!("{after:?}") };
    assert_eq!((first[2].as_str(), &last[2]), (SECOND, &before.last().unwrap()[2]));
}
