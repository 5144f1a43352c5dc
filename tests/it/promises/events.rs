//! What happens to releases and sources after publication.

use serde_json::json;

use super::*;

#[test]
fn a_yank_its_end_and_another_yank_are_told_once_each() {
    let mut replay = alpha();
    replay.yank("1.0", &json!("Broken\n on Windows"));
    assert_eq!(replay.night(&june(2)), [format!("alpha/1.0.0/yanked/2026-06-02: {EVERYWHERE}")]);
    assert_eq!(replay.title("feed", 0), "Alpha 1.0 yanked from PyPI: Broken on Windows");
    let event = replay.toy.json("feed.json")["items"][0].clone();
    assert_eq!((&event["_release"]["kind"], &event["_release"]["event"]), (&json!("event"), &json!("yanked")));
    assert_eq!(event["url"], format!("{}/project/alpha/1.0/", replay.toy.upstream.index()));
    assert!(event["tags"].as_array().unwrap().contains(&json!("yanked")), "{event}");
    let release = replay.toy.json("feed.json")["items"][1].clone();
    assert!(release["content_html"].as_str().unwrap().contains("Alpha 1.0 yanked from PyPI: Broken"), "{release}");
    replay.quiet_night(&june(3));
    replay.yank("1.0", &json!("Broken on Windows and macOS"));
    replay.quiet_night(&june(4));
    replay.yank("1.0", &json!(false));
    assert_eq!(replay.night(&june(5)), [format!("alpha/1.0.0/unyanked/2026-06-05: {EVERYWHERE}")]);
    assert_eq!(replay.title("feed", 0), "Alpha 1.0 no longer yanked on PyPI");
    replay.yank("1.0", &json!(true));
    assert_eq!(replay.night(&june(6)), [format!("alpha/1.0.0/yanked/2026-06-06: {EVERYWHERE}")]);
    assert_eq!(replay.title("feed", 0), "Alpha 1.0 yanked from PyPI");
    // Thrice a day is once a kind.
    replay.yank("1.0", &json!(false));
    assert_eq!(replay.night("2026-06-06T12:00:00Z"), [format!("alpha/1.0.0/unyanked/2026-06-06: {EVERYWHERE}")]);
    replay.yank("1.0", &json!(true));
    replay.quiet_night("2026-06-06T18:00:00Z");
}

#[test]
fn what_a_release_is_when_it_is_first_seen_is_no_event() {
    let mut replay = alpha();
    replay.upload("1.1", "2026-06-01T20:00:00Z");
    replay.yank("1.1", &json!("Wrong files"));
    assert_eq!(replay.night(&june(2)), [format!("alpha/1.1.0: {EVERYWHERE}")]);
    replay.quiet_night(&june(3));
}

#[test]
fn a_pre_release_by_its_flag_that_becomes_final_is_told_once_with_its_notes() {
    let mut replay = alpha();
    replay.tag("v1.1", "2026-06-01T20:00:00Z");
    replay.flag("v1.1", true);
    replay.world().repository("example/alpha").releases[0].body = Some("Faster by half.".to_owned());
    assert_eq!(replay.night(&june(2)), ["alpha/1.1.0: feeds/all projects/alpha"]);
    assert_eq!(replay.title("feeds/all", 0), "Alpha 1.1 (pre-release)");
    replay.flag("v1.1", false);
    assert_eq!(replay.night(&june(3)), [format!("alpha/1.1.0/final/2026-06-03: {EVERYWHERE}")]);
    assert_eq!(replay.title("feed", 0), "Alpha 1.1 is final");
    assert!(replay.toy.read("feed.rss").contains("Faster by half."));
    assert!(!replay.toy.read("projects/alpha.html").contains("badge pre-release"));
    // And back, and again.
    replay.flag("v1.1", true);
    replay.quiet_night(&june(4));
    replay.flag("v1.1", false);
    replay.quiet_night(&june(5));
    replay.yank("1.0", &json!(true));
    assert_eq!(replay.night(&june(6)).len(), 1);
}

#[test]
fn readers_of_finals_get_a_projects_pre_releases_until_its_first_final_and_lose_none_of_them() {
    let mut replay = Replay::of(World::default(), &[BRAVO, ALPHA]);
    replay.world().repositories.push(world().repositories.remove(0));
    replay.world().packages.append(&mut world().packages);
    let bravo = |tag: &str, at: &str| Release::new(tag, at);
    let (name, releases) = ("example/bravo".to_owned(), vec![bravo("v1.0-rc1", "2026-05-20T09:00:00Z")]);
    replay.world().repositories.push(Repository { id: 102, name, releases, ..Repository::default() });
    assert!(replay.night(&june(1)).contains(&"bravo/1.0.0rc1: feed feeds/all projects/bravo".to_owned()));
    for (day, tag, feeds) in
        [(2, "v1.0-rc2", "feed feeds/all"), (3, "v1.0", "feed feeds/all"), (4, "v1.1-rc1", "feeds/all")]
    {
        replay.world().repository("example/bravo").releases.insert(0, bravo(tag, &june(day - 1)));
        let told = replay.night(&june(day));
        assert!(told.len() == 1 && told[0].ends_with(&format!(": {feeds} projects/bravo")), "{told:?}");
    }
}

#[test]
fn a_flagged_release_is_final_when_pypi_has_it_as_one() {
    let mut replay = alpha();
    replay.tag("v1.1", "2026-06-01T20:00:00Z");
    replay.flag("v1.1", true);
    replay.night(&june(2));
    replay.upload("1.1", "2026-06-02T20:00:00Z");
    assert_eq!(replay.night(&june(3)), [format!("alpha/1.1.0/final/2026-06-03: {EVERYWHERE}")]);
}

#[test]
fn what_a_first_answer_makes_final_is_no_event_and_what_is_said_anew_is() {
    let flagged = ALPHA.split("\npypi").next().unwrap();
    let mut replay = Replay::of(world(), &[flagged]);
    replay.night(&june(1));
    for tag in ["v1.1", "v1.2"] {
        replay.tag(tag, "2026-06-01T20:00:00Z");
        replay.flag(tag, true);
    }
    assert_eq!(replay.night(&june(2)).len(), 2);
    for version in ["1.1", "1.2"] {
        replay.upload(version, "2026-06-01T20:00:00Z");
    }
    replay.toy.write_catalog(&catalog_of(&[ALPHA]));
    // The flag goes in the night in which the package is read first.
    replay.flag("v1.2", false);
    assert_eq!(replay.night(&june(3)), [format!("alpha/1.2.0/final/2026-06-03: {EVERYWHERE}")]);
    replay.quiet_night(&june(4));
    replay.flag("v1.1", false);
    assert_eq!(replay.night(&june(5)), [format!("alpha/1.1.0/final/2026-06-05: {EVERYWHERE}")]);
}

#[test]
fn a_reason_is_short_and_hides_nothing() {
    let mut replay = alpha();
    replay.yank("1.0", &json!(format!("\u{202e}<b>\n\u{1b}[31m&{}", "x".repeat(1_000_000))));
    replay.night(&june(2));
    let title = replay.title("feed", 0);
    assert!(title.starts_with("Alpha 1.0 yanked from PyPI: <b> [31m&xx") && title.ends_with('…'), "{title}");
    for name in ["projects/alpha.html", "feed.json", "feed.atom", "data/projects/alpha.json"] {
        let text = replay.toy.read(name);
        assert!(text.len() < 20_000 && !text.contains(['\u{202e}', '\u{1b}']), "{name}");
    }
    assert!(!replay.toy.read("projects/alpha.html").contains("<b> [31m"));
}

#[test]
fn what_happens_to_a_pre_release_is_not_told_to_readers_of_finals() {
    let mut replay = alpha();
    replay.upload("1.1rc1", "2026-06-01T20:00:00Z");
    assert_eq!(replay.night(&june(2)), ["alpha/1.1.0rc1: feeds/all projects/alpha"]);
    replay.yank("1.1rc1", &json!(true));
    assert_eq!(replay.night(&june(3)), ["alpha/1.1.0rc1/yanked/2026-06-03: feeds/all projects/alpha"]);
}

#[test]
fn a_package_that_is_quarantined_or_archived_is_told_and_loses_nothing() {
    let mut replay = alpha();
    let files = std::mem::take(&mut replay.world().package("alpha").files);
    replay.world().package("alpha").status = Some("quarantined".to_owned());
    assert_eq!(replay.night(&june(2)), [format!("alpha/pypi/alpha/quarantined/2026-06-02: {EVERYWHERE}")]);
    assert_eq!(replay.title("feed", 0), "Alpha: alpha quarantined on PyPI");
    assert_eq!(replay.toy.source("alpha", "pypi:alpha")["state"], "ok");
    assert!(replay.toy.read("projects/alpha.html").contains("quarantined by the index"));
    for day in 3..8 {
        replay.quiet_night(&june(day));
    }
    replay.world().package("alpha").files = files;
    replay.world().package("alpha").status = None;
    replay.quiet_night(&june(8));
    replay.world().package("alpha").status = Some("archived".to_owned());
    assert_eq!(replay.night(&june(9)), [format!("alpha/pypi/alpha/archived/2026-06-09: {EVERYWHERE}")]);
    replay.quiet_night(&june(10));
}

#[test]
fn a_package_that_has_nothing_but_a_status_is_told_once() {
    let ghost = "id = \"ghost\"\nname = \"Ghost\"\npypi = [{ name = \"ghost\" }]";
    let mut replay = Replay::of(world(), &[ALPHA, ghost]);
    let status = Some("quarantined".to_owned());
    replay.world().packages.push(Package { name: "ghost".to_owned(), status, ..Package::default() });
    replay.night(&june(1));
    for day in 2..5 {
        replay.quiet_night(&june(day));
    }
}

#[test]
fn a_package_that_is_archived_when_it_is_first_read_is_no_event() {
    let mut archived = world();
    archived.package("alpha").status = Some("archived".to_owned());
    let mut replay = Replay::of(archived, &[ALPHA]);
    assert_eq!(replay.night(&june(1)), [format!("alpha/1.0.0: {EVERYWHERE}")]);
    replay.quiet_night(&june(2));
}
