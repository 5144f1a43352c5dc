//! Security advisories: what is told of them, and what they cost.

use serde_json::{Value, json};

use crate::{replay::Replay, run::*, world::*};

const ALPHA: &str =
    "id = \"alpha\"\nname = \"Alpha\"\ngithub = { repo = \"example/alpha\" }\npypi = [{ name = \"alpha\" }]";
const LIST: &str = "/repositories/101/security-advisories";
/// Where what concerns everybody is told.
/// The feeds of a final release.
const EVERYWHERE: &str = "feed feeds/all projects/alpha";
/// The same for what is about security.
const SAFELY: &str = "feed feeds/all feeds/security projects/alpha";

/// The night before this day of June 2026.
fn june(day: u32) -> String {
    format!("2026-06-{day:02}T03:17:00Z")
}

/// A world with 1.0 of Alpha and these advisories.
fn world(advisories: Vec<Advisory>) -> World {
    let releases = vec![Release::new("v1.0", "2026-05-01T10:00:00Z")];
    let name = "example/alpha".to_owned();
    let mut world = World::default();
    world.repositories.push(Repository { id: 101, name, releases, advisories, ..Repository::default() });
    let files = vec![File::new("1.0", "alpha-1.0.tar.gz", "2026-05-01T12:00:00Z")];
    world.packages.push(Package { name: "alpha".to_owned(), files, ..Package::default() });
    world
}

/// A high one that 1.1 fixes.
fn advisory(ghsa: &str) -> Advisory {
    Advisory::new(ghsa, "high", "1.1", "2026-06-01T20:00:00Z")
}

/// After a first night over a world with these advisories.
fn alpha(advisories: Vec<Advisory>) -> Replay {
    let mut replay = Replay::of(world(advisories), &[ALPHA]);
    let told = replay.night(&june(1));
    assert!(told.len() == 1 && told[0].starts_with("alpha/1.0.0: feed feeds/all "), "{told:?}");
    replay
}

/// The page of an advisory.
fn page(ghsa: &str) -> String {
    format!("https://example.org/example/alpha/security/advisories/{ghsa}")
}

impl Replay {
    fn publish(&self, advisory: Advisory) {
        self.world().repository("example/alpha").advisories.insert(0, advisory);
    }

    fn release(&self, tag: &str, at: &str) {
        self.world().repository("example/alpha").releases.insert(0, Release::new(tag, at));
    }

    fn item(&self, feed: &str, title: &str) -> Value {
        let items = self.toy.json(&format!("{feed}.json"))["items"].as_array().unwrap().clone();
        items.into_iter().find(|item| item["title"] == title).unwrap_or_else(|| panic!("no {title} in {feed}"))
    }

    /// The history's own list.
    fn remembered(&self) -> Vec<Value> {
        self.toy.json("data/projects/alpha.json")["advisories"].as_array().unwrap().clone()
    }
}

fn has(item: &Value, category: &str) -> bool {
    item["tags"].as_array().unwrap().contains(&json!(category))
}

// What is told.

#[test]
fn twenty_eight_advisories_of_one_second_are_one_entry_and_one_night_later_none() {
    let mut replay = alpha(vec![advisory("GHSA-zzzz-0000-0000")]);
    for n in (1..=28).rev() {
        let severity = if n == 13 { "critical" } else { "medium" };
        let one = Advisory::new(&format!("GHSA-aaaa-bbbb-00{n:02}"), severity, "2.5.4.0", "2026-06-01T20:00:00Z");
        replay.publish(one.cve(&format!("CVE-2026-10{n:02}")));
    }
    assert_eq!(replay.night(&june(2)), [format!("alpha/security/GHSA-aaaa-bbbb-0001: {SAFELY}")]);
    let title = "Alpha: 28 security advisories, the worst critical";
    let event = replay.item("feed", title);
    assert_eq!(
        (&event["date_published"], &event["url"]),
        (&json!(june(2)), &json!("https://example.org/projects/alpha.html"))
    );
    assert!(event["summary"].as_str().unwrap().starts_with("28 advisories: CVE-2026-1013, CVE-2026-1001, "), "{event}");
    assert_eq!(event["content_html"].as_str().unwrap().matches("<br>Go to 2.5.4 from any 2.5.</li>").count(), 28);
    let facts = &event["_release"];
    assert_eq!(
        (&facts["kind"], &facts["event"], &facts["version"]),
        (&json!("event"), &json!("security"), &Value::Null)
    );
    assert_eq!(facts["advisories"].as_array().unwrap().len(), 28);
    assert_eq!(
        facts["advisories"][0],
        json!({"ghsa": "GHSA-aaaa-bbbb-0013", "cve": "CVE-2026-1013", "severity": "critical", "url": page("GHSA-aaaa-bbbb-0013")})
    );
    for day in 3..8 {
        replay.quiet_night(&june(day));
    }
    assert_eq!(replay.toy.json("data/projects/alpha.json")["events"].as_array().unwrap().len(), 1);
}

#[test]
fn an_advisory_a_week_after_its_fix_is_one_entry_once() {
    let mut replay = alpha(Vec::new());
    replay.release("v1.1", "2026-06-01T20:00:00Z");
    assert_eq!(replay.night(&june(2)), [format!("alpha/1.1.0: {EVERYWHERE}")]);
    assert!(!has(&replay.item("feed", "Alpha 1.1"), "security"));
    replay.publish(advisory("GHSA-aaaa-bbbb-cccc").cve("cve-2026-1234"));
    assert_eq!(replay.night(&june(9)), [format!("alpha/security/GHSA-aaaa-bbbb-cccc: {SAFELY}")]);
    let event = replay.item("feed", "Alpha: security advisory CVE-2026-1234 (high)");
    let page = "https://example.org/example/alpha/security/advisories/GHSA-aaaa-bbbb-cccc";
    assert_eq!((&event["url"], &event["summary"]), (&json!(page), &json!("1 advisory: CVE-2026-1234.")));
    let content = format!(
        "<li><a href=\"{page}\">CVE-2026-1234</a> (high): About GHSA-aaaa-bbbb-cccc<br>Go to 1.1 from any 1.1.</li>"
    );
    assert_eq!(event["content_html"], format!("<ul>\n{content}\n</ul>"));
    assert_eq!(event["tags"], json!(["Alpha", "security"]));
    // The release says so now, and its entry stays what it was.
    let release = replay.item("feed", "Alpha 1.1");
    assert!(has(&release, "security"), "{release}");
    assert_eq!(release["_release"]["advisories"], event["_release"]["advisories"]);
    let fixes = format!("<p>Fixes <a href=\"{page}\">CVE-2026-1234</a> (high).</p>");
    assert!(release["content_html"].as_str().unwrap().contains(&fixes), "{release}");
    assert!(replay.toy.read("projects/alpha.html").contains(&fixes));
    assert!(!replay.toy.read("data/projects/alpha.json").contains("\"security\": true"), "that is frozen");
    for day in 10..14 {
        replay.quiet_night(&june(day));
    }
}

#[test]
fn an_advisory_first_seen_with_its_fix_marks_the_release_and_is_no_event() {
    let mut replay = alpha(Vec::new());
    replay.release("v1.1", "2026-06-01T20:00:00Z");
    replay.publish(advisory("GHSA-aaaa-bbbb-cccc").cve("CVE-2026-1234"));
    assert_eq!(replay.night(&june(2)), [format!("alpha/1.1.0: {SAFELY}")]);
    let release = replay.item("feed", "Alpha 1.1");
    assert!(has(&release, "security"), "{release}");
    let facts = json!([{"ghsa": "GHSA-aaaa-bbbb-cccc", "cve": "CVE-2026-1234", "severity": "high", "url": page("GHSA-aaaa-bbbb-cccc")}]);
    assert_eq!(release["_release"]["advisories"], facts);
    assert_eq!(release["summary"], "Released 2026-06-01 on GitHub. CVE-2026-1234.");
    assert_eq!(replay.toy.json("data/projects/alpha.json")["releases"][0]["security"], true);
    for day in 3..8 {
        replay.quiet_night(&june(day));
    }
}

#[test]
fn of_the_advisories_of_a_night_those_without_a_fix_that_readers_see_are_told() {
    let mut replay = alpha(Vec::new());
    replay.release("v1.1", "2026-06-01T20:00:00Z");
    replay.release("v2.0-rc1", "2026-06-01T21:00:00Z");
    replay.publish(advisory("GHSA-aaaa-0000-0001"));
    replay.publish(Advisory::new("GHSA-aaaa-0000-0002", "low", "2.0-rc1", "2026-06-01T20:00:00Z"));
    replay.publish(Advisory { severity: None, ..Advisory::new("GHSA-aaaa-0000-0003", "", "", "2026-06-01T20:00:00Z") });
    let told = replay.night(&june(2));
    let event = format!("alpha/security/GHSA-aaaa-0000-0002: {SAFELY}");
    assert_eq!(told, [format!("alpha/1.1.0: {SAFELY}"), "alpha/2.0.0rc1: feeds/all projects/alpha".to_owned(), event]);
    replay.item("feed", "Alpha: 2 security advisories, the worst low");
}

#[test]
fn an_advisory_that_nobody_has_judged_has_no_severity() {
    let mut replay = alpha(Vec::new());
    replay.publish(Advisory { severity: None, ..advisory("GHSA-aaaa-0000-0001") });
    replay.night(&june(2));
    assert_eq!(replay.toy.titles("feed")[0], "Alpha: security advisory GHSA-aaaa-0000-0001");
    for n in [2, 3] {
        replay.publish(Advisory::new(&format!("GHSA-aaaa-0000-000{n}"), "dreadful", "", "2026-06-02T20:00:00Z"));
    }
    assert_eq!(replay.night(&june(3)), [format!("alpha/security/GHSA-aaaa-0000-0002: {SAFELY}")]);
    assert_eq!(replay.toy.titles("feed")[0], "Alpha: 2 security advisories");
}

#[test]
fn the_first_answer_tells_nothing_and_marks_what_it_knows_to_be_fixed() {
    let known = Advisory::new("GHSA-aaaa-bbbb-cccc", "critical", "1.0", "2026-05-31T20:00:00Z");
    let mut replay = alpha(vec![known]);
    assert!(has(&replay.item("feed", "Alpha 1.0"), "security"));
    assert_eq!(replay.toy.json("data/projects/alpha.json")["releases"][0]["security"], true);
    for day in 2..5 {
        replay.quiet_night(&june(day));
    }
    // Those of a source that was long read are silent, too, when they are read for the first time.
    let mut replay = Replay::of(world(vec![advisory("GHSA-aaaa-bbbb-cccc")]), &[ALPHA]);
    replay.world().fault(LIST, Fault::status(500));
    replay.night(&june(1));
    assert!(!replay.toy.read("data/projects/alpha.json").contains("advisories"));
    replay.quiet_night(&june(2));
    replay.world().faults.clear();
    replay.quiet_night(&june(3));
    assert_eq!(replay.remembered().len(), 1);
    replay.publish(advisory("GHSA-aaaa-bbbb-dddd"));
    assert_eq!(replay.night(&june(4)), [format!("alpha/security/GHSA-aaaa-bbbb-dddd: {SAFELY}")]);
}

#[test]
fn a_seed_holds_no_advisories_and_its_confirmation_tells_of_none() {
    let mut replay = Replay::of(world(vec![advisory("GHSA-aaaa-bbbb-cccc")]), &[ALPHA]);
    assert_eq!(replay.toy.at(&june(1)).token().args(&["--seed"]).run().code, 0);
    replay.look(&june(1));
    assert!(!replay.toy.read("data/projects/alpha.json").contains("GHSA"));
    replay.publish(advisory("GHSA-aaaa-bbbb-dddd"));
    replay.quiet_night(&june(2));
    assert_eq!(replay.remembered().len(), 2);
    replay.quiet_night(&june(3));
    replay.publish(advisory("GHSA-aaaa-bbbb-eeee"));
    assert_eq!(replay.night(&june(4)), [format!("alpha/security/GHSA-aaaa-bbbb-eeee: {SAFELY}")]);
}

#[test]
fn an_edited_advisory_changes_content_alone() {
    let mut replay = alpha(Vec::new());
    replay.publish(advisory("GHSA-aaaa-bbbb-cccc"));
    replay.night(&june(2));
    let edited = Advisory::new("GHSA-aaaa-bbbb-cccc", "critical", "1.2, 1.1", "2026-06-01T20:00:00Z");
    let edited = Advisory { summary: "Worse than it seemed".to_owned(), ..edited.cve("CVE-2026-1234") };
    replay.world().repository("example/alpha").advisories = vec![edited];
    replay.quiet_night(&june(3));
    let event = replay.item("feed", "Alpha: security advisory GHSA-aaaa-bbbb-cccc (high)");
    let content = event["content_html"].as_str().unwrap();
    assert!(
        content.contains(
            ">CVE-2026-1234</a> (critical): Worse than it seemed<br>Go to 1.1.0 from any 1.1; go to 1.2.0 from any 1.2.<"
        ),
        "{content}"
    );
    assert_eq!(replay.remembered()[0]["severity"], "critical");
}

#[test]
fn an_advisory_that_disappears_is_kept_and_told_no_second_time() {
    let mut replay = alpha(Vec::new());
    replay.publish(advisory("GHSA-aaaa-bbbb-cccc"));
    replay.night(&june(2));
    let gone = std::mem::take(&mut replay.world().repository("example/alpha").advisories);
    for day in 3..8 {
        replay.quiet_night(&june(day));
    }
    assert_eq!(replay.remembered().len(), 1);
    replay.world().repository("example/alpha").advisories = gone;
    replay.quiet_night(&june(8));
}

#[test]
fn a_withdrawn_advisory_is_no_event_and_fixed_by_nothing() {
    let withdrawn = |ghsa: &str| Advisory { withdrawn_at: Some("2026-06-02T20:00:00Z".to_owned()), ..advisory(ghsa) };
    let mut replay = alpha(vec![advisory("GHSA-aaaa-bbbb-cccc")]);
    replay.release("v1.1", "2026-06-01T20:00:00Z");
    replay.publish(withdrawn("GHSA-aaaa-bbbb-dddd"));
    replay.night(&june(2));
    let fixed = |replay: &Replay| replay.item("feed", "Alpha 1.1")["_release"]["advisories"].as_array().unwrap().len();
    assert_eq!(fixed(&replay), 1);
    replay.world().repository("example/alpha").advisories[1] = withdrawn("GHSA-aaaa-bbbb-cccc");
    replay.quiet_night(&june(3));
    assert_eq!(fixed(&replay), 0);
    assert!(has(&replay.item("feed", "Alpha 1.1"), "security"), "that is frozen");
    // Given back, it was on record all the time.
    replay.world().repository("example/alpha").advisories[1] = advisory("GHSA-aaaa-bbbb-cccc");
    replay.quiet_night(&june(4));
}

#[test]
fn what_people_write_for_a_fixed_version_is_shown_and_no_more_is_made_of_it_than_it_says() {
    let texts = ["1.0, 1.1", ">= 1.1", "none yet", "main branch", "1.1 and later", "1.x"];
    let mut replay = alpha(Vec::new());
    replay.release("v1.1", "2026-06-01T20:00:00Z");
    replay.night(&june(2));
    for (n, text) in texts.iter().enumerate() {
        replay.publish(Advisory::new(&format!("GHSA-aaaa-bbbb-000{n}"), "low", text, "2026-06-02T20:00:00Z"));
    }
    replay.night(&june(3));
    let content = replay.item("feed", "Alpha: 6 security advisories, the worst low")["content_html"].to_string();
    for text in &texts[2..] {
        assert!(content.contains(&format!("<br>Fixed in {text}.</li>")), "{text}: {content}");
    }
    assert!(content.contains("<br>Go to 1.0 from any 1.0; go to 1.1 from any 1.1.</li>"), "{content}");
    assert!(content.contains("<br>Go to 1.1 from any 1.1.</li>"), "{content}");
    let fixed = |title| {
        let advisories = replay.item("feed", title)["_release"]["advisories"].as_array().unwrap().clone();
        advisories.iter().map(|advisory| advisory["ghsa"].as_str().unwrap()[15..].to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(
        (fixed("Alpha 1.0"), fixed("Alpha 1.1")),
        (vec!["0000".to_owned()], vec!["0000".to_owned(), "0001".to_owned()])
    );
}

#[test]
fn notes_that_name_a_vulnerability_mark_their_release() {
    let mut replay = alpha(Vec::new());
    let notes = "Fixes CVE-2026-1234 and CVE-2026-1235.";
    let release = Release::new("v1.1", "2026-06-01T20:00:00Z").notes(notes);
    replay.world().repository("example/alpha").releases.insert(0, release);
    replay.publish(advisory("GHSA-aaaa-bbbb-cccc").cve("CVE-2026-1235"));
    replay.night(&june(2));
    let release = replay.item("feed", "Alpha 1.1");
    assert!(has(&release, "security"), "{release}");
    assert!(release["summary"].as_str().unwrap().contains(" CVE-2026-1235, CVE-2026-1234. "), "each once: {release}");
    let content = release["content_html"].as_str().unwrap();
    assert_eq!(content.matches("CVE-2026-1235</a> (high)").count(), 1, "{content}");
    assert!(content.contains("Names <a href=\"https://www.cve.org/CVERecord?id=CVE-2026-1234\">"), "{content}");
    // Edited away, it is what it was when it was recorded.
    replay.world().repository("example/alpha").releases[0].body = None;
    replay.world().repository("example/alpha").advisories.clear();
    replay.quiet_night(&june(3));
    assert!(has(&replay.item("feed", "Alpha 1.1"), "security"));
}

#[test]
fn a_selection_of_security_takes_releases_that_were_about_it_and_advisories() {
    let feed = "[[feed]]\nid = \"safety\"\ntitle = \"Safety\"\nsecurity = true";
    let mut replay = Replay::of(world(Vec::new()), &[&format!("{ALPHA}\n{feed}")]);
    replay.night(&june(1));
    let safely = "feed feeds/all feeds/safety feeds/security projects/alpha";
    replay.release("v1.1", "2026-06-01T20:00:00Z");
    replay.release("v1.2", "2026-06-01T21:00:00Z");
    replay.publish(advisory("GHSA-aaaa-bbbb-cccc"));
    assert_eq!(replay.night(&june(2)), [format!("alpha/1.1.0: {safely}"), format!("alpha/1.2.0: {EVERYWHERE}")]);
    replay.publish(Advisory::new("GHSA-aaaa-bbbb-dddd", "low", "1.2", "2026-06-02T20:00:00Z"));
    assert_eq!(replay.night(&june(3)), [format!("alpha/security/GHSA-aaaa-bbbb-dddd: {safely}")]);
    // A pre-release is for those who ask for such, and for the others once it is final.
    let candidate = Release::new("v1.3", "2026-06-03T20:00:00Z").notes("Fixes CVE-2026-1234.");
    let candidate = Release { prerelease: true, ..candidate };
    replay.world().repository("example/alpha").releases.insert(0, candidate);
    assert_eq!(replay.night(&june(4)), ["alpha/1.3.0: feeds/all projects/alpha"]);
    replay.world().repository("example/alpha").releases[0].prerelease = false;
    assert_eq!(replay.night(&june(5)), [format!("alpha/1.3.0/final/2026-06-05: {safely}")]);
}

#[test]
fn an_advisory_on_releases_that_are_announced_by_the_day_is_told_with_its_fix_or_without() {
    let project = ALPHA.replace("example/alpha\"", "example/alpha\", group = \"daily\"");
    let mut replay = Replay::of(world(Vec::new()), &[&project]);
    replay.night(&june(1));
    replay.release("v1.1", "2026-06-01T20:00:00Z");
    replay.publish(advisory("GHSA-aaaa-bbbb-cccc"));
    let told = replay.night(&june(2));
    assert_eq!(
        told,
        ["alpha/day/2026-06-01: feeds/all projects/alpha", &format!("alpha/security/GHSA-aaaa-bbbb-cccc: {SAFELY}")]
    );
}

#[test]
fn a_project_that_never_released_has_advisories_all_the_same() {
    let project = "id = \"alpha\"\nname = \"Alpha\"\ngithub = { repo = \"example/alpha\" }";
    let bravo = "id = \"bravo\"\nname = \"Bravo\"\npypi = [{ name = \"alpha\" }]";
    let mut world = world(vec![advisory("GHSA-aaaa-bbbb-cccc")]);
    world.repository("example/alpha").releases.clear();
    let mut replay = Replay::of(world, &[project, bravo]);
    assert_eq!(replay.night(&june(1)).len(), 1);
    replay.publish(advisory("GHSA-aaaa-bbbb-dddd"));
    assert_eq!(replay.night(&june(2)), [format!("alpha/security/GHSA-aaaa-bbbb-dddd: {SAFELY}")]);
}

#[test]
fn what_another_repository_published_before_is_no_news() {
    let mut replay = alpha(vec![advisory("GHSA-aaaa-bbbb-cccc")]);
    let advisories = vec![advisory("GHSA-aaaa-bbbb-dddd")];
    let (name, releases) = ("example/other".to_owned(), vec![Release::new("v1.0", "2026-05-01T10:00:00Z")]);
    replay.world().repositories.push(Repository { id: 102, name, releases, advisories, ..Repository::default() });
    replay.toy.write_catalog(&catalog_of(&[&ALPHA.replace("example/alpha", "example/other")]));
    replay.quiet_night(&june(2));
    assert_eq!(replay.remembered().len(), 2);
    replay.quiet_night(&june(3));
}

// What is read.

#[test]
fn a_list_of_several_pages_is_read_whole_every_night() {
    let many = (0..250).map(|n| advisory(&format!("GHSA-aaaa-bbbb-0{n:03}"))).collect();
    let mut replay = alpha(many);
    assert_eq!(replay.remembered().len(), 250);
    replay.world().requests.clear();
    replay.quiet_night(&june(2));
    let pages: Vec<_> = replay.world().requests.iter().filter(|asked| asked.path == LIST).map(|a| a.page).collect();
    assert_eq!(pages, [1, 2, 3]);
}

#[test]
fn they_are_remembered_newest_first_and_to_the_second() {
    let of = |ghsa, at| Advisory::new(ghsa, "low", "1.1", at);
    let replay = alpha(vec![
        of("GHSA-cccc-0000-0000", "2026-05-01T10:00:00.5Z"),
        of("GHSA-bbbb-0000-0000", "2026-05-01T10:00:00Z"),
        of("GHSA-aaaa-0000-0000", "2026-05-02T10:00:00Z"),
    ]);
    let remembered = replay.remembered();
    let ids: Vec<_> = remembered.iter().map(|advisory| advisory["ghsa"].as_str().unwrap()[5..9].to_owned()).collect();
    assert_eq!(ids, ["aaaa", "bbbb", "cccc"]);
    let form = json!({
        "ghsa": "GHSA-cccc-0000-0000", "severity": "low", "summary": "About GHSA-cccc-0000-0000",
        "url": "https://example.org/example/alpha/security/advisories/GHSA-cccc-0000-0000",
        "published": "2026-05-01T10:00:00Z", "affected": [{"vulnerable": "< 9", "patched": "1.1"}],
    });
    assert_eq!(remembered[2], form);
}

#[test]
fn what_is_not_public_is_not_read() {
    let state = |ghsa, state: &str| Advisory { state: Some(state.to_owned()), ..advisory(ghsa) };
    let replay = alpha(vec![
        state("GHSA-aaaa-0000-0001", "draft"),
        state("GHSA-aaaa-0000-0002", "triage"),
        state("GHSA-aaaa-0000-0003", "closed"),
        Advisory { published_at: None, ..advisory("GHSA-aaaa-0000-0004") },
        advisory("GHSA-aaaa-0000-0005"),
    ]);
    assert_eq!(replay.remembered().len(), 1);
    assert_eq!(replay.toy.good_night(&june(2)).says("warning:"), 0);
}

#[test]
fn bad_advisories_are_skipped_and_told_and_hide_no_absence() {
    let mut replay = alpha(Vec::new());
    replay.release("v1.1", "2026-06-01T20:00:00Z");
    replay.night(&june(2));
    replay.world().repository("example/alpha").releases.remove(0);
    replay.publish(advisory("GHSA-aaaa-bbbb-cccc"));
    replay.publish(advisory("../../etc/passwd"));
    replay.publish(Advisory { html_url: Some("javascript:x".to_owned()), ..advisory("GHSA-aaaa-bbbb-dddd") });
    replay.publish(Advisory { published_at: Some("yesterday".to_owned()), ..advisory("GHSA-aaaa-bbbb-eeee") });
    let ended = replay.toy.good_night(&june(3));
    assert_eq!(ended.says("warning: alpha: github:example/alpha: an advisory cannot be read: "), 3, "{}", ended.stderr);
    assert_eq!(replay.look(&june(3)).0, [format!("alpha/security/GHSA-aaaa-bbbb-cccc: {SAFELY}")]);
    replay.quiet_night(&june(4));
    assert_eq!(replay.night(&june(5)), [format!("alpha/1.1.0/withdrawn/2026-06-05: {EVERYWHERE}")]);
}

#[test]
fn what_a_stranger_writes_is_short_and_harmless() {
    let mut replay = alpha(Vec::new());
    let summary = "<script>x</script> \u{202e}\u{1b}[31m\n\nto me@example.org ".to_owned() + &"long ".repeat(1_000);
    let patched = "1.1, ".repeat(1_000);
    let hostile =
        Advisory { summary, ..Advisory::new("GHSA-aaaa-bbbb-cccc", "high", &patched, "2026-06-01T20:00:00Z") };
    replay.publish(hostile.cve("CVE-2026-1234?<script>"));
    replay.release("v1.1", "2026-06-01T20:00:00Z");
    assert_eq!(replay.night(&june(2)).len(), 2, "a list of versions that was cut is none");
    let event = replay.item("feed", "Alpha: security advisory GHSA-aaaa-bbbb-cccc (high)");
    let content = event["content_html"].as_str().unwrap();
    assert!(content.chars().count() < 1_000, "{content}");
    for bad in ["<script", "me@example.org", "\u{202e}", "\u{1b}"] {
        assert!(!content.contains(bad), "{bad}: {content}");
    }
    // The address of a person stands in the memory alone, as the source has it.
    for (name, bytes) in replay.toy.tree().into_iter().filter(|(name, _)| !name.starts_with("data/projects/")) {
        assert!(!String::from_utf8_lossy(&bytes).contains("me@example.org"), "{name}");
    }
    let memory = replay.toy.read("data/projects/alpha.json");
    assert!(memory.len() < 5_000 && !memory.contains("\\u001b"), "{memory}");
}

// What they cost.

#[test]
fn advisories_that_cannot_be_read_cost_no_release_and_make_nothing_stale() {
    let toy = Toy::new();
    toy.good_night(FIRST);
    for (tag, fault) in [("v2.0", Fault::status(500)), ("v2.1", Fault::body("<html>")), ("v2.2", Fault::status(403))] {
        toy.world().fault(LIST, fault);
        toy.world().repository("example/alpha").releases.insert(0, Release::new(tag, "2026-06-10T12:00:00Z"));
        let ended = toy.good_night(SECOND);
        let warning = "warning: alpha: github:example/alpha: its security advisories were not read: ";
        assert_eq!((ended.says("warning:"), ended.says(warning)), (1, 1), "{}", ended.stderr);
        assert!(toy.titles("feed").contains(&format!("Alpha {}", &tag[1..])));
        assert_eq!(toy.source("alpha", "github:example/alpha")["state"], "ok");
    }
}

#[test]
fn a_server_without_advisories_is_no_trouble() {
    let toy = Toy::new();
    toy.world().fault(LIST, Fault::status(404));
    assert_eq!(toy.good_night(FIRST).says("warning:"), 0);
    assert_eq!(toy.source("alpha", "github:example/alpha")["state"], "ok");
}

#[test]
fn a_quota_that_ends_with_the_advisories_is_told_once() {
    let catalog = |n: u64| format!("id = \"p{n}\"\nname = \"P{n}\"\ngithub = {{ repo = \"crowd/p{n}\" }}");
    let mut world = World::default();
    for n in 0..5 {
        let (name, releases) = (format!("crowd/p{n}"), vec![Release::new("v1.0", "2026-05-01T10:00:00Z")]);
        world.fault(
            &format!("/repositories/{n}/security-advisories"),
            Fault::status(403).header("x-ratelimit-remaining", "0"),
        );
        world.repositories.push(Repository { id: n, name, releases, ..Repository::default() });
    }
    let projects: Vec<_> = (0..5).map(catalog).collect();
    let toy = Toy::with_projects(world, &projects.iter().map(String::as_str).collect::<Vec<_>>());
    let ended = toy.good_night(FIRST);
    let warning = "its security advisories were not read: the hour's quota of requests is used up; set GITHUB_TOKEN";
    assert_eq!(ended.says(warning), 1, "{}", ended.stderr);
}

#[test]
fn without_a_token_advisories_are_not_asked_for() {
    let toy = Toy::with_projects(World::toy(), &[ALPHA]);
    toy.good_night(FIRST);
    let asked = || toy.world().requests.iter().filter(|asked| asked.path.ends_with("/security-advisories")).count();
    assert_eq!(asked(), 1);
    assert_eq!(toy.at(SECOND).run().code, 0);
    assert_eq!(asked(), 1);
}

#[test]
fn an_advisory_says_what_to_do_on_each_line() {
    let platforms = "
[[platform]]
id = \"y3\"
name = \"Y3\"
status = \"final\"
versions = { alpha = \"1.2\" }
[[platform]]
id = \"y2\"
name = \"Y2\"
status = \"final\"
versions = { alpha = \"1.0\" }
[[platform]]
id = \"y1\"
name = \"Y1\"
status = \"final\"
versions = { alpha = \"1.0\" }
[[platform]]
id = \"y0\"
name = \"Y0\"
status = \"final\"
versions = { alpha = \"0.9\" }
";
    let mut replay = alpha(Vec::new());
    replay.toy.write_catalog(&(catalog_of(&[ALPHA]) + platforms));
    replay.release("v1.2.1", "2026-06-01T20:00:00Z");
    replay.night(&june(2));
    let late = Advisory::new("GHSA-aaaa-bbbb-cccc", "high", "1.2.1, 1.3.4", "2026-06-08T20:00:00Z");
    replay.world().repository("example/alpha").advisories.push(late);
    assert_eq!(replay.night(&june(9)).len(), 1);
    let content = replay.toy.json("feed.json")["items"][0]["content_html"].as_str().unwrap().to_owned();
    let advice = "Go to 1.2.1 from any 1.2; go to 1.3.4 from any 1.3; no fix for 1.0 (Y2, Y1).";
    assert!(content.contains(advice), "{content}");
    assert!(
        replay.toy.read("platforms/y2.html").contains("1 open")
            && replay.toy.read("platforms/y3.html").contains("1 fixed")
    );
}
