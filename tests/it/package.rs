//! Whose a package is: who published its versions, by their provenance, and who owns it.

use serde_json::{Value, json};

use crate::{replay::Replay, run::*, world::*};

const ALPHA: &str =
    "id = \"alpha\"\nname = \"Alpha\"\ngithub = { repo = \"example/alpha\" }\npypi = [{ name = \"alpha\" }]";
const SIMPLE: &str = "/simple/alpha/";
const DOCUMENT: &str = "/pypi/alpha/json";
/// The one night of the first week on which all of Alpha is read whole.
const SUNDAY: u32 = 7;

/// The night before this day of June 2026.
fn june(day: u32) -> String {
    format!("2026-06-{day:02}T03:17:00Z")
}

/// A wheel of this version of Alpha, of May 2026.
fn wheel(version: &str) -> File {
    File::new(version, &format!("alpha-{version}-py3-none-any.whl"), "2026-05-01T12:00:00Z")
}

fn provenance_of(version: &str) -> String {
    format!("/integrity/alpha/{version}/alpha-{version}-py3-none-any.whl/provenance")
}

/// A world with Alpha's repository and these files in its package.
fn world(files: Vec<File>) -> World {
    let mut world = World::default();
    world.repositories.push(Repository::new(101, "example/alpha"));
    world.packages.push(Package { name: "alpha".to_owned(), files, ..Package::default() });
    world
}

/// After a first night over a world with these files.
fn alpha(files: Vec<File>) -> Replay {
    let mut replay = Replay::of(world(files), &[ALPHA]);
    replay.night(&june(1));
    replay
}

impl Replay {
    fn add_file(&self, file: File) {
        self.world().package("alpha").files.push(file);
    }

    /// What is said of a version of a project's package: `_release.channels[].verified`.
    fn verified(&self, project: &str, title: &str) -> Value {
        let items = self.toy.json(&format!("projects/{project}.json"))["items"].as_array().unwrap().clone();
        let item = items.into_iter().find(|item| item["title"] == title).unwrap_or_else(|| panic!("no {title}"));
        let channels = item["_release"]["channels"].as_array().unwrap().clone();
        channels.into_iter().find(|channel| channel["channel"] == "pypi").unwrap()["verified"].clone()
    }

    /// What is remembered of who published a version of Alpha.
    fn provenance(&self, version: &str) -> Value {
        let releases = self.toy.json("data/projects/alpha.json")["releases"].as_array().unwrap().clone();
        let tags = releases.iter().map(|release| &release["channels"][0]["tags"][0]);
        tags.into_iter().find(|tag| tag["tag"] == version).unwrap()["provenance"].clone()
    }

    /// What was asked for below this path since the last time, in the order of the alphabet.
    fn asked(&self, below: &str) -> Vec<String> {
        let mut world = self.world();
        let paths = world.requests.drain(..).map(|asked| asked.path).filter(|path| path.starts_with(below));
        let mut paths: Vec<_> = paths.collect();
        paths.sort_unstable();
        paths
    }

    fn owner(&self) -> Value {
        self.toy.source("alpha", "pypi:alpha")["organisation"].clone()
    }
}

// Who published it.

#[test]
fn a_version_is_verified_by_the_projects_repository_foreign_by_another_and_unverified_by_none() {
    let replay = alpha(vec![
        wheel("1.0"),
        wheel("1.1").published_from("Example/ALPHA"),
        wheel("1.2").published_from("somebody/else"),
    ]);
    let said = ["1.0", "1.1", "1.2"].map(|version| replay.verified("alpha", &format!("Alpha {version}")));
    assert_eq!(said, ["unverified", "verified", "foreign"]);
    let remembered = ["1.0", "1.1", "1.2"].map(|version| replay.provenance(version));
    assert_eq!(remembered, [json!("none"), json!({"github": "Example/ALPHA"}), json!({"github": "somebody/else"})]);
    assert_eq!(replay.asked("/integrity/"), [provenance_of("1.1"), provenance_of("1.2")]);
    let mark = "PyPI alpha</a> (published from somebody/else).";
    for file in ["projects/alpha.atom", "feed.json"] {
        assert_eq!(replay.toy.read(file).matches("published from").count(), 1, "{file}");
        assert_eq!(replay.toy.read(file).matches("(verified)").count(), 1, "{file}");
    }
    let page = replay.toy.read("projects/alpha.html");
    assert!(page.contains(mark) && page.contains("</a> (verified)."), "{page}");
    let sum = "1 of 3 versions verified as published from the project’s repository; 1 published from another";
    assert!(page.contains(sum), "{page}");
}

#[test]
fn the_first_file_by_name_that_has_a_provenance_stands_for_its_version() {
    let file = |kind: &str| File::new("1.0", &format!("alpha-1.0{kind}"), "2026-05-01T12:00:00Z");
    let replay = alpha(vec![
        file(".tar.gz").published_from("example/alpha"),
        file("-cp312-none-any.whl").published_from("example/alpha"),
        file("-cp311-none-any.whl"),
    ]);
    assert_eq!(replay.asked("/integrity/"), ["/integrity/alpha/1.0/alpha-1.0-cp312-none-any.whl/provenance"]);
    assert_eq!(replay.verified("alpha", "Alpha 1.0"), "verified");
}

#[test]
fn each_version_is_asked_for_once_in_its_life() {
    let mut replay = alpha(vec![wheel("1.0").published_from("example/alpha"), wheel("1.1")]);
    assert_eq!(replay.asked("/integrity/"), [provenance_of("1.0")]);
    replay.quiet_night(&june(2));
    assert_eq!(replay.asked("/integrity/"), [""; 0]);
    replay.add_file(wheel("1.2").published_from("example/alpha"));
    replay.night(&june(3));
    assert_eq!(replay.asked("/integrity/"), [provenance_of("1.2")]);
    for day in 4..12 {
        replay.quiet_night(&june(day));
    }
    assert_eq!(replay.asked("/integrity/"), [""; 0]);
}

#[test]
fn a_provenance_that_comes_late_changes_content_alone() {
    let mut replay = alpha(vec![wheel("1.0")]);
    replay.add_file(File::new("1.0", "alpha-1.0.tar.gz", "2026-06-01T12:00:00Z").published_from("example/alpha"));
    for day in 2..SUNDAY {
        replay.quiet_night(&june(day));
    }
    assert_eq!(replay.asked("/integrity/"), [""; 0], "what has been seen without one can wait for its week");
    replay.quiet_night(&june(SUNDAY));
    assert_eq!(replay.asked("/integrity/").len(), 1);
    assert_eq!(replay.verified("alpha", "Alpha 1.0"), "verified");
    // And once it is known, it stays: the file may go again.
    replay.world().package("alpha").files.pop();
    replay.quiet_night(&june(8));
    assert_eq!(replay.verified("alpha", "Alpha 1.0"), "verified");
}

#[test]
fn a_provenance_that_is_not_there_is_none_until_all_is_read_whole() {
    let mut replay = Replay::of(world(vec![wheel("1.0").published_from("example/alpha")]), &[ALPHA]);
    replay.world().fault(&provenance_of("1.0"), Fault::status(404));
    assert_eq!(replay.toy.good_night(&june(1)).says("warning:"), 0);
    replay.look(&june(1));
    assert_eq!((replay.verified("alpha", "Alpha 1.0"), replay.provenance("1.0")), (json!("unverified"), json!("none")));
    for day in 2..SUNDAY {
        replay.quiet_night(&june(day));
    }
    assert_eq!(replay.asked("/integrity/"), [provenance_of("1.0")]);
    replay.world().faults.clear();
    replay.quiet_night(&june(SUNDAY));
    assert_eq!(replay.verified("alpha", "Alpha 1.0"), "verified");
}

#[test]
fn what_cannot_be_read_stays_unknown_and_is_asked_for_again_the_next_night() {
    let faults = [
        (Fault::status(500), "500 Internal Server Error"),
        (Fault::status(403), "403 Forbidden"),
        (Fault::body("<html>"), "the answer cannot be read"),
        (Fault::body(r#"{"version": 1, "attestation_bundles": [{}]}"#), "the answer cannot be read"),
    ];
    for (fault, cause) in faults {
        let files = ["1.0", "1.1", "1.2"].map(|version| wheel(version).published_from("example/alpha"));
        let mut replay = Replay::of(world(files.to_vec()), &[ALPHA]);
        replay.world().fault(&provenance_of("1.0"), fault.clone());
        replay.world().fault(&provenance_of("1.2"), fault);
        let ended = replay.toy.good_night(&june(1));
        let warning = format!("warning: alpha: pypi:alpha: who published it was not read: {cause}");
        assert_eq!((ended.says("warning:"), ended.says(&warning)), (1, 1), "{cause}: {}", ended.stderr);
        assert_eq!(replay.look(&june(1)).0.len(), 3);
        assert_eq!(replay.toy.source("alpha", "pypi:alpha")["state"], "ok");
        let said = |replay: &Replay| ["1.0", "1.1", "1.2"].map(|v| replay.verified("alpha", &format!("Alpha {v}")));
        assert_eq!(said(&replay), [Value::Null, json!("verified"), Value::Null]);
        assert_eq!(replay.provenance("1.0"), Value::Null);
        replay.asked("");
        replay.world().faults.clear();
        replay.quiet_night(&june(2));
        assert_eq!(replay.asked("/integrity/"), [provenance_of("1.0"), provenance_of("1.2")], "{cause}");
        assert_eq!(said(&replay), ["verified"; 3]);
    }
}

#[test]
fn that_nobody_may_ask_for_provenance_keeps_no_package_from_being_read() {
    for fault in [Fault::status(401), Fault::status(429).header("retry-after", "3600")] {
        let projects = ["alpha", "bravo", "charlie"]
            .map(|id| format!("id = \"{id}\"\nname = \"{id}\"\npypi = [{{ name = \"{id}\" }}]"));
        let mut world = World::default();
        for id in ["alpha", "bravo", "charlie"] {
            let filename = format!("{id}-1.0-py3-none-any.whl");
            let file = File::new("1.0", &filename, "2026-05-01T12:00:00Z").published_from("example/alpha");
            world.packages.push(Package { name: id.to_owned(), files: vec![file], ..Package::default() });
            world.fault(&format!("/integrity/{id}/1.0/{filename}/provenance"), fault.clone());
        }
        let toy = Toy::with_projects(world, &projects.each_ref().map(String::as_str));
        let ended = toy.at(&june(1)).token().args(&["--jobs", "1", "--strict"]).run();
        assert_eq!((ended.code, ended.says("warning:")), (0, 1), "{}", ended.stderr);
        assert_eq!(toy.titles("feeds/all").len(), 3);
        let asked = toy.world().requests.iter().filter(|asked| !asked.path.starts_with("/simple/")).count();
        assert_eq!(asked, 2, "whoever does not want to be asked is not, after the first document and provenance");
    }
}

#[test]
fn an_index_that_says_nothing_of_provenance_says_nothing_and_is_asked_nothing() {
    let mut replay = Replay::of(world(Vec::new()), &[ALPHA]);
    let file = json!({"filename": "alpha-1.0-py3-none-any.whl", "upload-time": "2026-05-01T12:00:00Z"});
    replay.world().fault(SIMPLE, Fault::body(&json!({"versions": ["1.0"], "files": [file]}).to_string()));
    replay.night(&june(1));
    assert_eq!((replay.verified("alpha", "Alpha 1.0"), replay.provenance("1.0")), (Value::Null, Value::Null));
    assert_eq!(replay.asked("/integrity/"), [""; 0]);
}

#[test]
fn versions_before_since_are_neither_shown_nor_asked_for() {
    let project = ALPHA.replace("\"alpha\" }]", "\"alpha\", since = \"1.1\" }]");
    let files = ["1.0", "1.1", "2.0"].map(|version| wheel(version).published_from("somebody/else"));
    let mut replay = Replay::of(world(files.to_vec()), &[&project]);
    replay.night(&june(1));
    assert_eq!(replay.asked("/integrity/"), [provenance_of("1.1"), provenance_of("2.0")]);
    assert!(!replay.toy.read("data/projects/alpha.json").contains("1.0-py3"));
    assert!(!replay.toy.titles("projects/alpha").contains(&"Alpha 1.0".to_owned()));
}

#[test]
fn a_publisher_elsewhere_is_another_and_one_of_a_strange_name_is_nobody() {
    let publisher = |version: &str, publisher: Value| File { publisher, ..wheel(version) };
    let long = "x".repeat(100_000);
    let replay = Replay::of(
        world(vec![
            publisher("1.0", json!({"kind": "GitLab", "repository": "example/alpha"})),
            publisher("1.1", json!({"kind": "Google", "email": "somebody@example.org"})),
            publisher("1.2", json!({"kind": "GitHub", "repository": "<script>alert(1)</script>/\u{202e}x"})),
            publisher("1.3", json!({"kind": "\u{1b}[31m", "repository": "example/alpha"})),
            publisher("1.4", json!({"kind": "GitHub", "repository": format!("{long}/{long}")})),
            publisher("1.5", json!({"kind": long, "repository": "example/alpha"})),
            publisher("1.6", json!({"kind": "GitHub", "repository": ["example/alpha"]})),
            publisher("1.7", json!("example/alpha")),
        ]),
        &[ALPHA],
    );
    let ended = replay.toy.good_night(&june(1));
    assert_eq!(ended.says("warning:"), 1, "{}", ended.stderr);
    assert!(ended.stderr.lines().all(|line| line.chars().count() < 1_000) && !ended.stderr.contains('\u{1b}'));
    let said = |n| replay.verified("alpha", &format!("Alpha 1.{n}"));
    assert_eq!([said(0), said(1)], ["foreign", "foreign"]);
    assert!((2..8).all(|n| said(n).is_null()));
    assert!(replay.toy.read("projects/alpha.html").contains("(published from GitLab example/alpha)"));
    for (name, bytes) in replay.toy.tree() {
        let text = String::from_utf8_lossy(&bytes);
        assert!(
            !text.contains("<script>alert") && !text.contains(&long[..1_000]) && !text.contains("somebody@"),
            "{name}"
        );
    }
}

// Whose repository that is.

#[test]
fn a_moved_repository_is_the_projects_own_under_each_of_its_names() {
    let mut replay = alpha(vec![wheel("1.0").published_from("example/alpha")]);
    replay.world().repository("example/alpha").name = "elsewhere/alpha".to_owned();
    let moved = Release::new("v1.1", "2026-06-01T12:00:00Z");
    replay.world().repository("elsewhere/alpha").releases.push(moved);
    replay.add_file(wheel("1.1").published_from("elsewhere/alpha"));
    replay.night(&june(2));
    let said = |replay: &Replay| ["1.0", "1.1"].map(|version| replay.verified("alpha", &format!("Alpha {version}")));
    assert_eq!(said(&replay), ["verified"; 2]);
    // Moved once more, and then as the catalog has it.
    replay.world().repository("elsewhere/alpha").name = "foundation/alpha".to_owned();
    replay.quiet_night(&june(3));
    assert_eq!(said(&replay), ["verified"; 2]);
    replay.toy.write_catalog(&catalog_of(&[&ALPHA.replace("example/alpha", "foundation/alpha")]));
    replay.quiet_night(&june(4));
    assert_eq!(said(&replay), ["verified"; 2], "what it published before it moved is not somebody else's now");
    let source = replay.toy.source("alpha", "github:foundation/alpha");
    assert_eq!(source["formerly"], json!(["elsewhere/alpha", "example/alpha"]));
}

#[test]
fn another_repository_in_the_catalog_makes_strangers_of_the_versions_of_the_former() {
    let mut replay = alpha(vec![wheel("1.0").published_from("example/alpha")]);
    replay.world().repositories.push(Repository::new(102, "example/other"));
    replay.toy.write_catalog(&catalog_of(&[&ALPHA.replace("example/alpha", "example/other")]));
    replay.quiet_night(&june(2));
    assert_eq!(replay.verified("alpha", "Alpha 1.0"), "foreign");
}

#[test]
fn a_part_without_a_repository_is_published_from_that_of_its_whole() {
    let part = |id: &str, whole: &str| format!("id = \"{id}\"\nname = \"{id}\"\n{whole}pypi = [{{ name = \"{id}\" }}]");
    let own = "id = \"own\"\nname = \"own\"\npart_of = \"alpha\"\ngithub = { repo = \"example/own\" }\npypi = [{ name = \"own\" }]";
    let projects = [
        part("part", "part_of = \"alpha\"\n"),
        part("part-of-part", "part_of = \"part\"\n"),
        part("alone", ""),
        own.to_owned(),
        ALPHA.to_owned(),
    ];
    let mut world = world(Vec::new());
    world.repositories.push(Repository::new(102, "example/own"));
    for id in ["part", "part-of-part", "alone", "own"] {
        let file = |version: &str| File::new(version, &format!("{id}-{version}.tar.gz"), "2026-05-01T12:00:00Z");
        let files = vec![file("1.0").published_from("example/alpha"), file("1.1").published_from("example/own")];
        let files = files.into_iter().chain([file("1.2")]).collect();
        world.packages.push(Package { name: id.to_owned(), files, ..Package::default() });
    }
    let mut replay = Replay::of(world, &projects.each_ref().map(String::as_str));
    replay.night(&june(1));
    let said = |id: &str| ["1.0", "1.1", "1.2"].map(|version| replay.verified(id, &format!("{id} {version}")));
    assert_eq!(said("part"), ["verified", "foreign", "unverified"]);
    assert_eq!(said("part-of-part"), ["verified", "foreign", "unverified"]);
    assert_eq!(said("own"), ["foreign", "verified", "unverified"]);
    assert_eq!(said("alone"), [Value::Null, Value::Null, json!("unverified")], "there is nothing to compare it with");
}

#[test]
fn a_part_goes_by_what_its_wholes_repository_is_called_tonight_whichever_has_its_turn_first() {
    let part = "id = \"part\"\nname = \"part\"\npart_of = \"alpha\"\npypi = [{ name = \"part\" }]";
    for projects in [[ALPHA, part], [part, ALPHA]] {
        let mut world = world(Vec::new());
        let file = File::new("1.0", "part-1.0-py3-none-any.whl", "2026-05-01T12:00:00Z");
        let files = vec![file.published_from("elsewhere/alpha")];
        world.packages.push(Package { name: "part".to_owned(), files, ..Package::default() });
        world.repository("example/alpha").releases = vec![Release::new("v1.0", "2026-05-01T12:00:00Z")];
        let mut replay = Replay::of(world, &projects);
        replay.night(&june(1));
        assert_eq!(replay.verified("part", "part 1.0"), "foreign");
        replay.world().repository("example/alpha").name = "elsewhere/alpha".to_owned();
        replay.world().moved.insert("example/alpha".to_owned(), 101);
        // As on a machine that has the memory alone: then nothing waits for news.
        std::fs::remove_file(replay.toy.path(".colophon")).unwrap();
        replay.night(&june(2));
        assert_eq!(replay.verified("part", "part 1.0"), "verified");
    }
}

#[test]
fn a_seed_holds_no_publisher_and_no_owner_and_its_confirmation_finds_them() {
    let mut replay = Replay::of(world(vec![wheel("1.0").published_from("example/alpha"), wheel("1.1")]), &[ALPHA]);
    replay.world().package("alpha").organisation = Some("toys".to_owned());
    assert_eq!(replay.toy.at(&june(1)).token().args(&["--seed"]).run().code, 0);
    replay.look(&june(1));
    let seed = replay.toy.read("data/projects/alpha.json") + &replay.toy.read("data/sources.json");
    assert!(!seed.contains("provenance") && !seed.contains("organisation") && !seed.contains("vulnerabilities"));
    assert_eq!(replay.verified("alpha", "Alpha 1.0"), Value::Null);
    replay.quiet_night(&june(2));
    assert_eq!(replay.verified("alpha", "Alpha 1.0"), "verified");
    assert_eq!(replay.owner(), "toys");
    replay.asked("");
    replay.quiet_night(&june(3));
    assert_eq!(replay.asked("/integrity/"), [""; 0]);
}

#[test]
fn a_site_that_is_built_again_from_its_memory_says_the_same() {
    let replay = alpha(vec![wheel("1.0").published_from("example/alpha"), wheel("1.1").published_from("x/y")]);
    let before = replay.toy.tree();
    assert_eq!(replay.toy.at(&june(2)).args(&["--offline"]).run().code, 0);
    assert_eq!(differing(&before, &replay.toy.tree()), ["status.json"]);
}

// Who owns it.

#[test]
fn the_owner_is_asked_for_at_first_and_once_a_week_and_follows_the_index() {
    let mut replay = Replay::of(world(vec![wheel("1.0")]), &[ALPHA]);
    replay.world().package("alpha").organisation = Some("toys".to_owned());
    replay.night(&june(1));
    assert_eq!((replay.owner(), replay.asked("/pypi/").len()), (json!("toys"), 1));
    replay.world().package("alpha").organisation = Some("games".to_owned());
    for day in 2..SUNDAY {
        replay.quiet_night(&june(day));
    }
    assert_eq!((replay.owner(), replay.asked("/pypi/").len()), (json!("toys"), 0));
    replay.quiet_night(&june(SUNDAY));
    assert_eq!((replay.owner(), replay.asked("/pypi/")), (json!("games"), vec![DOCUMENT.to_owned()]));
    replay.world().package("alpha").organisation = None;
    replay.quiet_night(&june(SUNDAY + 7));
    assert_eq!(replay.owner(), Value::Null, "it was given to people");
}

#[test]
fn a_document_that_is_missing_or_garbage_harms_nothing_and_keeps_the_owner() {
    let faults = [
        (Fault::status(404), None),
        (Fault::body("{}"), None),
        (Fault::body(r#"{"ownership": {"organization": "<script>\u202e"}, "vulnerabilities": null}"#), None),
        (Fault::status(500), Some("500 Internal Server Error")),
        (Fault::body("<html>"), Some("the answer cannot be read")),
        (Fault::body(r#"{"ownership": [], "vulnerabilities": {}}"#), Some("the answer cannot be read")),
    ];
    for (fault, cause) in faults {
        let mut replay = Replay::of(world(vec![wheel("1.0")]), &[ALPHA]);
        replay.world().package("alpha").organisation = Some("toys".to_owned());
        replay.night(&june(1));
        replay.add_file(File::new("1.1", "alpha-1.1.tar.gz", "2026-06-06T12:00:00Z"));
        replay.world().fault(DOCUMENT, fault);
        let ended = replay.toy.good_night(&june(SUNDAY));
        let warning = "warning: alpha: pypi:alpha: its owner and vulnerabilities were not read: ";
        let expected = usize::from(cause.is_some());
        assert_eq!((ended.says("warning:"), ended.says(warning)), (expected, expected), "{}", ended.stderr);
        assert!(cause.is_none_or(|cause| ended.says(&format!("{warning}{cause}")) == 1), "{}", ended.stderr);
        assert_eq!(replay.toy.titles("feed")[0], "Alpha 1.1");
        let source = replay.toy.source("alpha", "pypi:alpha");
        assert_eq!((&source["state"], &source["organisation"]), (&json!("ok"), &json!("toys")));
    }
}
