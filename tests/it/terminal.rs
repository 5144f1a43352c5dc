//! What a person at a terminal, or a script, is told from the memory alone.

use serde_json::Value;

use crate::{
    run::{Ended, FIRST, SECOND, Toy, differing, program},
    world::Advisory,
};

/// A toy with a memory.
fn toy() -> Toy {
    let toy = Toy::new();
    toy.good_night(FIRST);
    toy
}

fn asked(toy: &Toy, args: &[&str]) -> Ended {
    let mut command = program(toy);
    command.args(args);
    Ended::of(command)
}

/// What is printed, when nothing is wrong.
fn printed(toy: &Toy, args: &[&str]) -> String {
    let ended = asked(toy, args);
    assert_eq!((ended.code, ended.stderr.as_str()), (0, ""));
    ended.stdout
}

fn json(toy: &Toy, args: &[&str]) -> Value {
    serde_json::from_str(&printed(toy, args)).unwrap()
}

/// Without the addresses: those of the stand-in are its own.
fn without_addresses(mut value: Value) -> Value {
    match &mut value {
        Value::Object(object) => {
            object.remove("url");
            object.values_mut().for_each(|inner| *inner = without_addresses(inner.take()));
        }
        Value::Array(items) => items.iter_mut().for_each(|inner| *inner = without_addresses(inner.take())),
        _ => {}
    }
    value
}

#[test]
fn latest_is_a_line_a_project() {
    let expected = "\
project  latest         released    pre-release  GitHub         PyPI
alpha    1.1.0          2026-06-05  -            1.1.0          1.1.0
bravo    3.4.1          2026-06-08  -            3.4.1          -
charlie  0.9.1          2026-05-20  -            0.9.1          -
delta    render/2026.2  2026-06-07  -            render/2026.2  -
echo     2.0            2026-05-15  -            2.0            -
foxtrot  2.0            2026-05-28  2.1b1        -              2.0
";
    assert_eq!(printed(&toy(), &["latest"]), expected);
}

#[test]
fn latest_of_a_platform_has_a_line_a_component_and_then_what_is_used_with_it() {
    let toy = toy();
    let draft = "\
Y2026 (draft)  line  newest  released    behind  open vulnerabilities
alpha          1     1.1.0   2026-06-05  0       -
bravo          3.4   3.4.1   2026-06-08  0       -
used with it
charlie        0.9   0.9.1   2026-05-20  0       -
";
    assert_eq!(printed(&toy, &["latest", "--platform", "y2026"]), draft);
    let one = "\
Y2025  line  newest  released    behind  open vulnerabilities
bravo  3.3   3.3.7   2026-06-08  2       -
";
    assert_eq!(printed(&toy, &["latest", "--platform", "Y2025", "Bravo"]), one);
}

#[test]
fn what_a_line_has_is_told_with_how_bad_it_is_and_what_it_has_nothing_of_is_a_dash() {
    let toy = Toy::new();
    let advisory = Advisory::new("GHSA-2222-3333-4444", "critical", "3.4.1", "2026-06-09T10:00:00Z");
    toy.world().repository("example/Bravo").advisories.push(advisory.cve("CVE-2026-22222"));
    toy.write_catalog(
        &include_str!("../data/projects.toml").replace("bravo = \"3.3\"", "bravo = \"3.3\", echo = \"7\""),
    );
    toy.good_night(FIRST);
    let expected = "\
Y2025  line  newest  released    behind  open vulnerabilities
bravo  3.3   3.3.7   2026-06-08  2       CVE-2026-22222 (critical)
echo   7     -       -           -       -
";
    assert_eq!(printed(&toy, &["latest", "--platform", "y2025"]), expected);
}

#[test]
fn as_json_it_is_what_the_site_has() {
    let toy = toy();
    let index = json(&toy, &["latest", "--json"]);
    assert_eq!(without_addresses(index), without_addresses(toy.json("data/index.json")));
    for platform in ["y2025", "y2026"] {
        let lines = json(&toy, &["latest", "--json", "--platform", platform]);
        let file = toy.json(&format!("data/platforms/{platform}.json"));
        assert_eq!(without_addresses(lines), without_addresses(file));
    }
    let one = json(&toy, &["latest", "--json", "bravo"]);
    let ids: Vec<_> = one["projects"].as_array().unwrap().iter().map(|project| &project["id"]).collect();
    assert_eq!(ids, ["bravo"]);
}

#[test]
fn it_asks_nobody_and_writes_nothing_while_another_run_has_the_lock() {
    let toy = toy();
    let lock = std::fs::File::open(toy.path(".lock")).unwrap();
    lock.lock().unwrap();
    let (before, requests) = (toy.tree(), toy.world().asked());
    printed(&toy, &["latest"]);
    printed(&toy, &["latest", "--platform", "y2026"]);
    assert_eq!(differing(&before, &toy.tree()), [""; 0]);
    assert_eq!(toy.world().asked(), requests);
}

#[test]
fn only_what_is_needed_is_read() {
    let toy = toy();
    std::fs::write(toy.path("data/projects/delta.json"), "{").unwrap();
    printed(&toy, &["latest", "--platform", "y2026"]);
    printed(&toy, &["latest", "alpha"]);
    let ended = asked(&toy, &["latest"]);
    assert_eq!((ended.code, ended.says("delta.json")), (1, 2), "{}", ended.stderr);
}

#[test]
fn a_name_that_nothing_has_is_a_matter_of_usage_and_the_near_ones_are_told() {
    let toy = toy();
    for (args, near) in [
        (&["latest", "brovo"][..], "there is no project `brovo`: did you mean bravo?"),
        (&["latest", "--platform", "y2027"], "there is no platform `y2027`: did you mean y2026, y2025?"),
        (&["latest", "zz"], "there is no project `zz`\n"),
    ] {
        let ended = asked(&toy, args);
        assert_eq!((ended.code, ended.stdout.as_str(), ended.says(near)), (2, "", 1), "{}", ended.stderr);
    }
}

#[test]
fn without_a_memory_it_says_what_to_do() {
    let ended = asked(&Toy::new(), &["latest"]);
    assert_eq!((ended.code, ended.stdout.as_str()), (1, ""));
    assert_eq!(ended.says("nothing is remembered in site: build the site first"), 1, "{}", ended.stderr);
}

#[test]
fn a_platform_that_left_the_catalog_leaves_no_file_behind() {
    let toy = toy();
    assert!(toy.path("data/platforms/y2025.json").exists());
    let catalog = include_str!("../data/projects.toml").replace("id = \"y2025\"", "id = \"y2024\"");
    toy.write_catalog(&catalog.replace("[\"y2025\", ", "["));
    toy.good_night(SECOND);
    let platforms: Vec<_> = toy.tree().into_keys().filter(|name| name.starts_with("data/platforms/")).collect();
    assert_eq!(platforms, ["data/platforms/y2024.json", "data/platforms/y2026.json"]);
}

#[test]
fn notes_are_those_behind_the_first_version_up_to_and_with_the_last() {
    let toy = toy();
    let expected = "\
# Alpha v0.9..1.1

## Alpha 1.1.0 (2026-06-05)

fixes CVE-2026-11111 · <https://example.org/example/alpha/releases/tag/v1.1.0>

### Alpha 1.1

Reads **twice** as fast. See [the guide](docs/guide.md) and #12.

- fixes CVE-2026-11111
- thanks @someone

## Alpha 1.0.post1 (2026-05-02)

yanked · <INDEX/project/Alpha/1.0.post1/>

## Alpha 1.0.0 (2026-05-01)

<https://example.org/example/alpha/releases/tag/v1.0.0>

The first one for everybody.
";
    // The index that is linked to is the one that everybody knows.
    let printed = printed(&toy, &["notes", "alpha", "v0.9..1.1"]);
    let (index, _) = printed.split_once("/project/").unwrap();
    let (_, index) = index.rsplit_once('<').unwrap();
    assert_eq!(printed.replace(index, "INDEX"), expected);
}

/// The headings of the releases that are printed.
fn headings(toy: &Toy, args: &[&str]) -> Vec<String> {
    let ended = asked(toy, &[&["notes"], args].concat());
    assert_eq!(ended.code, 0, "{}", ended.stderr);
    ended.stdout.lines().filter_map(|line| line.strip_prefix("## ")).map(str::to_owned).collect()
}

#[test]
fn a_span_ends_with_versions_in_any_spelling_with_days_or_with_nothing() {
    let toy = toy();
    for (span, versions) in [
        ("1.0.0..", &["1.1.0", "1.0.post1"][..]),
        ("..1.0", &["1.0.0", "0.9"]),
        ("2026-05-01..2026-05-02", &["1.0.post1", "1.0.0"]),
        ("2026-05-02..V1.1.0", &["1.1.0", "1.0.post1"]),
        ("1.1..", &[]),
    ] {
        let expected: Vec<_> = versions.iter().map(|version| format!("Alpha {version} (")).collect();
        let found = headings(&toy, &["alpha", span]);
        assert_eq!(found.len(), expected.len(), "{span}: {found:?}");
        assert!(found.iter().zip(&expected).all(|(found, expected)| found.starts_with(expected)), "{span}: {found:?}");
    }
    assert_eq!(printed(&toy, &["notes", "alpha", "1.1.."]), "# Alpha 1.1..\n\nNo releases.\n");
}

#[test]
fn pre_releases_are_left_out_unless_they_are_asked_for_or_named() {
    let toy = toy();
    let newest = "Bravo 3.4.1 (2026-06-08)";
    let candidate = "Bravo 3.4.1-rc (2026-06-01)";
    assert_eq!(headings(&toy, &["bravo", "3.4.0.."]), [newest]);
    assert_eq!(headings(&toy, &["bravo", "3.4.0..", "--pre-releases"]), [newest, candidate]);
    assert_eq!(headings(&toy, &["bravo", "3.4.0..3.4.1-rc"]), [candidate]);
    let ended = asked(&toy, &["notes", "bravo", "3.4.0.."]);
    assert_eq!(ended.stderr, "note: without pre-releases, 1 of them: --pre-releases prints them too\n");
    assert_eq!(asked(&toy, &["notes", "bravo", "3.4.0..", "-q"]).stderr, "");
}

#[test]
fn an_unknown_version_or_no_span_is_a_matter_of_usage() {
    let toy = toy();
    for (span, says) in [
        ("3.4.9..", "there is no version of Bravo `3.4.9`: did you mean 3.4.1, 3.4.1-rc?"),
        ("2026-13-01..", "there is no version of Bravo `2026-13-01`"),
        ("3.4.1", "write FROM..TO"),
    ] {
        let ended = asked(&toy, &["notes", "bravo", span]);
        assert_eq!((ended.code, ended.stdout.as_str(), ended.says(says)), (2, "", 1), "{}", ended.stderr);
    }
}

#[test]
fn whoever_stops_reading_draws_no_complaint() {
    let toy = toy();
    let mut command = program(&toy);
    command.args(["latest"]).stdout(std::process::Stdio::piped()).stderr(std::process::Stdio::piped());
    let mut child = command.spawn().unwrap();
    drop(child.stdout.take());
    let output = child.wait_with_output().unwrap();
    assert_eq!((output.status.code(), output.stderr.as_slice()), (Some(0), &b""[..]));
}

const PIP_COLUMNS: &str = "\
Package       Version   Editable project location
------------- --------- -------------------------
Alpha         1.0       /src/alpha
foxtrot.tools 2.0
numpy         1.26.4
";

#[test]
fn what_pip_lists_is_compared_with_what_there_is_in_all_its_forms() {
    let toy = toy();
    let expected = "\
name           here  newest in line  behind  newest  open vulnerabilities
Alpha          1.0   1.1.0           1       1.1.0   CVE-2026-11111 (high)
foxtrot.tools  2.0   2.0             0       2.0     -
";
    let freeze = "# mine\nAlpha==1.0\n-e git+https://example.org/x#egg=x\nfoxtrot.tools[all] == 2.0 ; python_version > '3'\nnumpy==1.26.4\n";
    let list = r#"[{"name": "Alpha", "version": "1.0"}, {"name": "foxtrot.tools", "version": "2.0"}, {"name": "numpy", "version": "1.26.4"}]"#;
    for (text, unread) in [(PIP_COLUMNS, ""), (freeze, ", 1 without a version"), (list, "")] {
        toy.write("list", text);
        let ended = asked(&toy, &["latest", "--against", "list"]);
        assert_eq!((ended.code, ended.stdout.as_str()), (0, expected), "{}", ended.stderr);
        assert_eq!(ended.stderr, format!("note: left out: 1 of no project here{unread}\n"));
    }
    assert_eq!(asked(&toy, &["latest", "--against", "list", "-q"]).stderr, "");
}

#[test]
fn a_package_that_is_older_than_the_project_is_somebody_elses() {
    let toy = toy();
    toy.write("list", "foxtrot-tools==1.0\n");
    let ended = asked(&toy, &["latest", "--against", "list"]);
    assert_eq!(
        (ended.code, ended.stdout.lines().count(), ended.says("left out: 1 of no project")),
        (0, 1, 1),
        "{}",
        ended.stderr
    );
}

const IMAGES: &str = "
versions:
  \"2025\":
    package_versions:
      EX_BRAVO_VERSION: \"3_3_6\"
      EX_QT_VERSION: \"6.5\"
  \"2025-clang1\":
    parent_versions: [\"2025\"]
  \"2026\":
    package_versions:
      EX_BRAVO_VERSION: \"3.4.0\"
      EX_CHARLIE_VERSION: \"0.9.1\"
";

#[test]
fn what_images_are_built_of_is_compared_year_by_year() {
    let toy = toy();
    toy.write("versions.yaml", IMAGES);
    let expected = "\
name          here   newest in line  behind  newest  open vulnerabilities
2025 BRAVO    3_3_6  3.3.7           1       3.4.1   -
2026 BRAVO    3.4.0  3.4.1           1       3.4.1   -
2026 CHARLIE  0.9.1  0.9.1           0       0.9.1   -
";
    let ended = asked(&toy, &["latest", "--against", "versions.yaml"]);
    assert_eq!((ended.code, ended.stdout.as_str()), (0, expected), "{}", ended.stderr);
    let bravo = json(&toy, &["latest", "--json", "-q", "--against", "versions.yaml", "--platform", "y2025", "bravo"]);
    let [version] = bravo["versions"].as_array().unwrap().as_slice() else { panic!("{bravo:#}") };
    for (key, value) in [("project", "bravo"), ("name", "BRAVO"), ("version", "3_3_6"), ("line", "3.3")] {
        assert_eq!(version[key], value);
    }
    assert_eq!((&version["year"], &version["behind"]), (&2025.into(), &1.into()));
    assert_eq!((&version["latest_in_line"]["text"], &version["latest"]["text"]), (&"3.3.7".into(), &"3.4.1".into()));
}

#[test]
fn a_file_that_lists_no_versions_is_told() {
    let toy = toy();
    toy.write("list", "hello\n");
    toy.write("wrong.json", "[{\"name\": 1");
    for (file, says) in
        [("list", "list is no `pip list`"), ("wrong.json", "wrong.json:1:"), ("absent", "cannot read absent")]
    {
        let ended = asked(&toy, &["latest", "--against", file]);
        assert_eq!((ended.code, ended.stdout.as_str(), ended.says(says)), (1, "", 1), "{}", ended.stderr);
    }
}
