//! What the index says of vulnerabilities, once a week, beside the advisories of the repository.

use serde_json::{Value, json};

use crate::{replay::Replay, run::*, world::*};

const ALPHA: &str =
    "id = \"alpha\"\nname = \"Alpha\"\ngithub = { repo = \"example/alpha\" }\npypi = [{ name = \"alpha\" }]";
/// Where what concerns everybody is told.
const ONE: &str = "GHSA-aaaa-0000-0001";
const TWO: &str = "GHSA-aaaa-0000-0002";

/// The night before a day of June 2026; the 7th, 14th, 21st and 28th are those on which all of Alpha is read whole.
fn june(day: u32) -> String {
    format!("2026-06-{day:02}T03:17:00Z")
}

/// As the index has it.
fn vulnerability(id: &str, fixed_in: &[&str]) -> Value {
    json!({
        "id": id, "aliases": ["CVE-2026-1234"], "summary": format!("About {id}"), "details": "More of it.",
        "fixed_in": fixed_in, "link": format!("https://example.org/vulnerability/{id}"), "source": "osv", "withdrawn": null,
    })
}

/// A world with two versions of Alpha, and these vulnerabilities of its package.
fn world(vulnerabilities: Vec<Value>) -> World {
    let mut world = World::default();
    let releases = vec![Release::new("v1.1", "2026-05-02T10:00:00Z"), Release::new("v1.0", "2026-05-01T10:00:00Z")];
    world.repositories.push(Repository { releases, ..Repository::new(101, "example/alpha") });
    let files = vec![File::new("1.0", "alpha-1.0.tar.gz", "2026-05-01T12:00:00Z")];
    world.packages.push(Package { name: "alpha".to_owned(), files, vulnerabilities, ..Package::default() });
    world
}

/// After a first night over a world with these vulnerabilities.
fn alpha(vulnerabilities: Vec<Value>) -> Replay {
    let mut replay = Replay::of(world(vulnerabilities), &[ALPHA]);
    assert_eq!(replay.night(&june(1)).len(), 2, "the releases");
    replay
}

impl Replay {
    /// What the index says from now on.
    fn index_says(&self, vulnerabilities: Vec<Value>) {
        self.world().package("alpha").vulnerabilities = vulnerabilities;
    }

    fn repository_publishes(&self, ghsa: &str, patched: &str) {
        let advisory = Advisory::new(ghsa, "high", patched, "2026-06-01T20:00:00Z");
        self.world().repository("example/alpha").advisories.push(advisory);
    }

    fn entry(&self, title: &str) -> Value {
        let items = self.toy.json("feed.json")["items"].as_array().unwrap().clone();
        items.into_iter().find(|item| item["title"] == title).unwrap_or_else(|| panic!("no {title}"))
    }

    /// The advisories that a release is said to fix.
    fn fixed_by(&self, title: &str) -> Value {
        self.entry(title)["_release"]["advisories"].clone()
    }

    fn known_to_the_index(&self) -> Value {
        self.toy.json("data/projects/alpha.json")["vulnerabilities"]["alpha"].clone()
    }
}

fn told(ghsa: &str) -> String {
    format!("alpha/security/{ghsa}: feed feeds/all feeds/security projects/alpha")
}

#[test]
fn the_first_answer_is_silent_and_what_is_new_a_week_later_is_one_entry_once() {
    let mut replay = alpha(vec![vulnerability(ONE, &["1.1"])]);
    let one = json!([{"ghsa": ONE, "cve": "CVE-2026-1234", "severity": null, "url": format!("https://example.org/vulnerability/{ONE}")}]);
    assert_eq!(replay.fixed_by("Alpha 1.1"), one);
    let two = json!({
        "id": "PYSEC-2026-7", "aliases": [TWO], "summary": null, "details": "Two\nlines.", "fixed_in": ["1.0", "2.0"],
        "link": "https://example.org/vulnerability/two", "withdrawn": null,
    });
    replay.index_says(vec![two]);
    for day in 2..7 {
        replay.quiet_night(&june(day));
    }
    assert_eq!(replay.night(&june(7)), [told(TWO)]);
    let event = replay.entry(&format!("Alpha: security advisory {TWO}"));
    assert_eq!(event["url"], "https://example.org/projects/alpha.html", "the entry leads to what is known here");
    let content = format!(
        "<ul>\n<li><a href=\"https://example.org/vulnerability/two\">{TWO}</a>: Two lines.<br>Go to 1.0 from any 1.0; go to 2.0.0 from any 2.0.</li>\n</ul>"
    );
    assert_eq!(event["content_html"], content);
    assert_eq!(replay.fixed_by("Alpha 1.0"), event["_release"]["advisories"]);
    assert_eq!(replay.fixed_by("Alpha 1.1"), one, "of what the newest version has no more nothing is forgotten");
    let form = json!({
        "ghsa": TWO, "summary": "Two lines.", "url": "https://example.org/vulnerability/two",
        "affected": [{"vulnerable": "", "patched": "1.0, 2.0"}],
    });
    assert_eq!(replay.known_to_the_index()[1], form);
    for day in 8..16 {
        replay.quiet_night(&june(day));
    }
}

#[test]
fn the_repositorys_own_words_count_and_each_is_told_once_whoever_tells_it_first() {
    let mut replay = alpha(Vec::new());
    replay.index_says(vec![vulnerability(ONE, &["1.0"])]);
    assert_eq!(replay.any_night(&june(7)).0, [told(ONE)]);
    replay.repository_publishes(ONE, "1.1");
    replay.repository_publishes(TWO, "1.1");
    assert_eq!(replay.night(&june(8)), [told(TWO)]);
    let own = json!({"ghsa": ONE, "cve": null, "severity": "high", "url": format!("https://example.org/example/alpha/security/advisories/{ONE}")});
    assert_eq!(replay.fixed_by("Alpha 1.1")[0], own);
    assert_eq!(replay.fixed_by("Alpha 1.0"), json!([]));
    replay.index_says(vec![vulnerability(ONE, &["1.0"]), vulnerability(TWO, &["1.0"])]);
    replay.quiet_night(&june(14));
    assert_eq!(replay.fixed_by("Alpha 1.1")[0], own);
    assert_eq!(replay.fixed_by("Alpha 1.0"), json!([]));
}

#[test]
fn the_first_list_of_each_source_is_silent_whatever_another_has_said() {
    let mut replay = Replay::of(world(Vec::new()), &[ALPHA]);
    assert_eq!(replay.toy.at(&june(1)).run().code, 0);
    replay.look(&june(1));
    replay.index_says(vec![vulnerability(ONE, &[])]);
    assert_eq!(replay.toy.at(&june(7)).run().code, 0, "the index needs no token");
    assert_eq!(replay.look(&june(7)).0, [told(ONE)]);
    replay.repository_publishes(TWO, "1.1");
    replay.quiet_night(&june(8));
    assert_eq!(replay.fixed_by("Alpha 1.1").as_array().unwrap().len(), 1);
    // A package that comes to the project, too, brings its past in silence.
    let vulnerabilities = vec![vulnerability("GHSA-aaaa-0000-0003", &["1.0"])];
    let files = vec![File::new("1.0", "alpha_tools-1.0.tar.gz", "2026-05-01T12:00:00Z")];
    replay.world().packages.push(Package {
        name: "alpha-tools".to_owned(),
        files,
        vulnerabilities,
        ..Package::default()
    });
    let both = ALPHA.replace("\"alpha\" }]", "\"alpha\" }, { name = \"alpha-tools\" }]");
    replay.toy.write_catalog(&catalog_of(&[&both]));
    replay.quiet_night(&june(9));
    assert_eq!(replay.fixed_by("Alpha 1.0").as_array().unwrap().len(), 1);
}

#[test]
fn what_several_packages_have_is_told_once() {
    let both = ALPHA.replace("\"alpha\" }]", "\"alpha-tools\" }, { name = \"alpha\" }]");
    let mut replay = Replay::of(world(Vec::new()), &[&both]);
    let files = vec![File::new("1.0", "alpha_tools-1.0.tar.gz", "2026-05-01T12:00:00Z")];
    replay.world().packages.push(Package { name: "alpha-tools".to_owned(), files, ..Package::default() });
    replay.night(&june(1));
    replay.index_says(vec![vulnerability(ONE, &["1.1"])]);
    replay.world().package("alpha-tools").vulnerabilities = vec![vulnerability(ONE, &["1.1"])];
    assert_eq!(replay.any_night(&june(7)).0, [told(ONE)]);
    assert_eq!(replay.fixed_by("Alpha 1.1").as_array().unwrap().len(), 1);
    replay.quiet_night(&june(14));
}

#[test]
fn what_several_databases_have_is_one_whatever_their_order() {
    let [own, other] = [vulnerability(ONE, &["1.1"]), vulnerability("PYSEC-2026-7", &["1.0"])];
    let other = json!({"aliases": [ONE], "id": other["id"], "fixed_in": other["fixed_in"], "link": other["link"]});
    let replay = alpha(vec![own.clone(), other.clone()]);
    let remembered = replay.known_to_the_index();
    assert_eq!((remembered.as_array().unwrap().len(), &remembered[0]["summary"]), (1, &json!(format!("About {ONE}"))));
    assert_eq!(alpha(vec![other, own]).known_to_the_index(), remembered);
}

#[test]
fn a_withdrawn_one_counts_no_more_and_is_no_event() {
    let withdrawn = |ghsa: &str| {
        let mut vulnerability = vulnerability(ghsa, &["1.1"]);
        vulnerability["withdrawn"] = json!("2026-06-05T10:00:00.5Z");
        vulnerability
    };
    let mut replay = alpha(vec![vulnerability(ONE, &["1.1"])]);
    replay.index_says(vec![withdrawn(ONE), withdrawn(TWO)]);
    assert_eq!(replay.any_night(&june(7)).0, [""; 0]);
    assert_eq!(replay.fixed_by("Alpha 1.1"), json!([]));
    assert_eq!(replay.known_to_the_index()[0]["withdrawn"], "2026-06-05T10:00:00Z");
}

#[test]
fn one_that_github_has_no_id_for_is_not_shown() {
    let mut replay = alpha(Vec::new());
    replay.index_says(vec![vulnerability("PYSEC-2026-7", &["1.1"])]);
    assert_eq!(replay.toy.good_night(&june(7)).says("warning:"), 0);
    assert_eq!(replay.look(&june(7)).0, [""; 0]);
    assert_eq!(replay.known_to_the_index(), json!([]));
}

#[test]
fn what_was_fixed_before_the_package_was_the_projects_is_not_its_own() {
    let project = ALPHA.replace("\"alpha\" }]", "\"alpha\", since = \"1.0\" }]");
    let vulnerabilities = vec![vulnerability(ONE, &["0.5", "0.6"]), vulnerability(TWO, &["0.6", "1.1"])];
    let mut replay = Replay::of(world(vulnerabilities), &[&project]);
    replay.night(&june(1));
    let remembered = replay.known_to_the_index();
    assert_eq!(remembered.as_array().unwrap().len(), 1);
    assert_eq!((&remembered[0]["ghsa"], &remembered[0]["affected"][0]["patched"]), (&json!(TWO), &json!("1.1")));
}

#[test]
fn bad_ones_are_skipped_and_told_and_what_a_stranger_writes_is_short_and_harmless() {
    let mut replay = alpha(Vec::new());
    let long = "long ".repeat(1_000);
    let hostile = json!({
        "id": ONE, "aliases": ["CVE-2026-1234?<script>"], "fixed_in": vec!["1.1"; 1_000],
        "summary": format!("<script>x</script> \u{202e}\u{1b}[31m\n\nto me@example.org {long}"),
        "link": "https://example.org/?a=\"><script>",
    });
    let bad = |key: &str, value: Value| {
        let mut vulnerability = vulnerability(TWO, &[]);
        vulnerability[key] = value;
        vulnerability
    };
    replay.index_says(vec![
        hostile,
        bad("link", json!("javascript:x")),
        bad("link", Value::Null),
        bad("withdrawn", json!("yesterday")),
        bad("id", json!(7)),
        json!(null),
    ]);
    let ended = replay.toy.good_night(&june(7));
    assert_eq!(ended.says("warning: alpha: pypi:alpha: a vulnerability cannot be read: "), 5, "{}", ended.stderr);
    assert_eq!(replay.look(&june(7)).0, [told(ONE)]);
    let content = replay.entry(&format!("Alpha: security advisory {ONE}"))["content_html"].as_str().unwrap().to_owned();
    assert!(content.chars().count() < 1_000, "{content}");
    for bad in ["<script", "me@example.org", "\u{202e}", "\u{1b}"] {
        assert!(!content.contains(bad), "{bad}: {content}");
    }
    let memory = replay.toy.read("data/projects/alpha.json");
    assert!(memory.len() < 6_000 && !memory.contains("\\u001b"), "{memory}");
    assert_eq!(replay.fixed_by("Alpha 1.1"), json!([]), "a list of versions that was cut is none");
}
