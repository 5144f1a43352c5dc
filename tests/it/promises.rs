//! What each thing that happens upstream does to the feeds: the promises to readers, night by night.

use serde_json::json;

use crate::{replay::Replay, run::*, world::*};

const ALPHA: &str =
    "id = \"alpha\"\nname = \"Alpha\"\ngithub = { repo = \"example/alpha\" }\npypi = [{ name = \"alpha\" }]";
const BRAVO: &str = "id = \"bravo\"\nname = \"Bravo\"\ngithub = { repo = \"example/bravo\" }";
/// Where a final release or an event of one is told.
const EVERYWHERE: &str = "feed feeds/all projects/alpha";

/// The night before this day of June 2026.
fn june(day: u32) -> String {
    format!("2026-06-{day:02}T03:17:00Z")
}

/// A world with 1.0 of Alpha in both places.
fn world() -> World {
    let mut world = World::default();
    let releases = vec![Release::new("v1.0", "2026-05-01T10:00:00Z")];
    let name = "example/alpha".to_owned();
    world.repositories.push(Repository { id: 101, name, releases, ..Repository::default() });
    let files = vec![File::new("1.0", "alpha-1.0.tar.gz", "2026-05-01T12:00:00Z")];
    world.packages.push(Package { name: "alpha".to_owned(), files, status: None });
    world
}

/// After a first night over that world.
fn alpha() -> Replay {
    let mut replay = Replay::of(world(), &[ALPHA]);
    assert_eq!(replay.night(&june(1)), [format!("alpha/1.0.0: {EVERYWHERE}")]);
    replay
}

impl Replay {
    fn tag(&self, tag: &str, at: &str) {
        self.world().repository("example/alpha").releases.insert(0, Release::new(tag, at));
    }

    fn untag(&self, tag: &str) -> Release {
        let mut world = self.world();
        let releases = &mut world.repository("example/alpha").releases;
        let place = releases.iter().position(|release| release.tag == tag).unwrap();
        releases.remove(place)
    }

    fn flag(&self, tag: &str, prerelease: bool) {
        let mut world = self.world();
        let releases = &mut world.repository("example/alpha").releases;
        releases.iter_mut().find(|release| release.tag == tag).unwrap().prerelease = prerelease;
    }

    fn upload(&self, version: &str, at: &str) {
        let file = File::new(version, &format!("alpha-{version}.tar.gz"), at);
        self.world().package("alpha").files.push(file);
    }

    fn yank(&self, version: &str, yanked: &serde_json::Value) {
        let mut world = self.world();
        let files = &mut world.package("alpha").files;
        files.iter_mut().filter(|file| file.version == version).for_each(|file| file.yanked = yanked.clone());
    }

    fn title(&self, feed: &str, place: usize) -> String {
        self.toy.titles(feed).swap_remove(place)
    }
}

// The join.

#[test]
fn on_pypi_first_and_then_on_github_is_one_entry() {
    let mut replay = alpha();
    replay.upload("1.1.0", "2026-06-01T20:00:00Z");
    assert_eq!(replay.night(&june(2)), [format!("alpha/1.1.0: {EVERYWHERE}")]);
    replay.tag("v1.1", "2026-06-02T09:00:00Z");
    replay.quiet_night(&june(3));
    // Months later, too.
    replay.tag("v1.2", "2026-06-03T09:00:00Z");
    assert_eq!(replay.night(&june(4)).len(), 1);
    replay.upload("1.2.0", "2026-09-03T09:00:00Z");
    replay.quiet_night("2026-09-04T03:17:00Z");
}

#[test]
fn a_version_has_one_entry_however_it_is_written() {
    for texts in [["v0.15", "v0.15.0"], ["v0.15.0", "v0.15"], ["Release-0.15", "alpha_0_15_0"]] {
        let mut replay = alpha();
        replay.tag(texts[0], "2026-06-01T09:00:00Z");
        assert_eq!(replay.night(&june(2)), [format!("alpha/0.15.0: {EVERYWHERE}")]);
        replay.tag(texts[1], "2026-06-02T09:00:00Z");
        replay.quiet_night(&june(3));
        replay.quiet_night(&june(4));
    }
}

#[test]
fn a_post_release_on_pypi_is_what_github_calls_a_beta_of_a_beta() {
    let mut replay = alpha();
    replay.tag("v2.0.0-beta.2.2", "2026-06-01T09:00:00Z");
    assert_eq!(replay.night(&june(2)), ["alpha/2.0.0b2.post2: feeds/all projects/alpha"]);
    replay.upload("2.0.0b2.post2", "2026-06-02T09:00:00Z");
    replay.quiet_night(&june(3));
    replay.upload("1.0.post1", "2026-06-03T09:00:00Z");
    assert_eq!(replay.night(&june(4)), [format!("alpha/1.0.0.post1: {EVERYWHERE}")]);
}

#[test]
fn ten_packages_of_a_project_are_one_entry_and_their_yanks_one_event() {
    let names: Vec<_> = (0..10).map(|n| format!("bravo-{n}")).collect();
    let packages: Vec<_> = names.iter().map(|name| format!("{{ name = \"{name}\" }}")).collect();
    let project = format!("id = \"bravo\"\nname = \"Bravo\"\npypi = [{}]", packages.join(", "));
    let file = |name: &str, version| {
        File::new(version, &format!("{name}-{version}.tar.gz"), &format!("2026-06-0{version}T09:00:00Z"))
    };
    let package = |name: &String| Package { name: name.clone(), files: vec![file(name, "1")], status: None };
    let mut world = World::default();
    world.packages.extend(names.iter().map(package));
    let mut replay = Replay::of(world, &[&project]);
    assert_eq!(replay.night(&june(2)), ["bravo/1.0.0: feed feeds/all projects/bravo"]);
    for name in &names {
        replay.world().package(name).files.push(file(name, "2"));
    }
    assert_eq!(replay.night(&june(3)), ["bravo/2.0.0: feed feeds/all projects/bravo"]);
    for name in &names[..9] {
        replay.world().package(name).files[1].yanked = json!("");
    }
    assert_eq!(replay.night(&june(4)), ["bravo/2.0.0/yanked/2026-06-04: feed feeds/all projects/bravo"]);
    assert_eq!(replay.title("feed", 0), format!("Bravo 2 yanked from PyPI ({})", names[..9].join(", ")));
    replay.world().package("bravo-9").files[1].yanked = json!("");
    assert_eq!(replay.night(&june(5)), ["bravo/2.0.0/yanked/2026-06-05: feed feeds/all projects/bravo"]);
    assert_eq!(replay.title("feed", 0), "Bravo 2 yanked from PyPI (bravo-9)");
}

#[test]
fn two_products_of_one_repository_are_two_projects() {
    let product =
        "id = \"beta\"\nname = \"Beta\"\ngithub = { repo = \"example/alpha\", tags = '^beta_v(?<version>.+)$' }";
    let mut replay = Replay::of(world(), &[ALPHA, product]);
    replay.night(&june(1));
    replay.tag("beta_v0.2.1", "2026-06-01T09:00:00Z");
    replay.tag("v1.1", "2026-06-01T10:00:00Z");
    let told = replay.night(&june(2));
    assert_eq!(told, [format!("alpha/1.1.0: {EVERYWHERE}"), "beta/0.2.1: feed feeds/all projects/beta".to_owned()]);
}

#[test]
fn a_tag_on_record_stays_with_its_release_whatever_its_text_is_read_as_later() {
    let mut replay = alpha();
    replay.tag("v1.5s", "2026-06-01T09:00:00Z");
    replay.night(&june(2));
    // As an earlier version of this program would have read it.
    let path = replay.toy.path("data/projects/alpha.json");
    let text = std::fs::read_to_string(&path).unwrap();
    std::fs::write(&path, text.replace("\"version\": \"1.5.0+s\"", "\"version\": \"1.5s\"")).unwrap();
    assert_eq!(replay.any_night(&june(3)), (vec![], vec![]));
    assert!(replay.toy.read("data/projects/alpha.json").contains("\"version\": \"1.5s\""));
}

#[test]
fn a_late_wheel_is_no_news() {
    let mut replay = alpha();
    let wheel = File::new("1.0", "alpha-1.0-cp312-cp312-win_amd64.whl", "2026-06-01T09:00:00Z");
    replay.world().package("alpha").files.push(wheel);
    replay.quiet_night(&june(2));
}

// Events.

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
    replay.world().packages.push(Package { name: "ghost".to_owned(), files: Vec::new(), status });
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

// Absence.

#[test]
fn a_release_that_is_missing_for_one_or_two_nights_was_never_gone() {
    for nights in [1, 2] {
        let mut replay = alpha();
        replay.tag("v1.1", "2026-06-01T20:00:00Z");
        replay.night(&june(2));
        let release = replay.untag("v1.1");
        for night in 0..nights {
            replay.quiet_night(&june(3 + night));
        }
        replay.world().repository("example/alpha").releases.push(release);
        replay.quiet_night(&june(3 + nights));
        assert!(!replay.toy.read("data/projects/alpha.json").contains("absent"));
    }
}

#[test]
fn a_release_that_is_missing_on_three_days_is_withdrawn_and_told_when_it_returns() {
    let mut replay = alpha();
    replay.tag("v1.1", "2026-06-01T20:00:00Z");
    replay.night(&june(2));
    let release = replay.untag("v1.1");
    // Three runs in ten minutes are one day, …
    for minute in ["17", "22", "27"] {
        replay.quiet_night(&format!("2026-06-03T03:{minute}:00Z"));
    }
    // … a night on which the list cannot be read is none, …
    replay.world().fault("/repositories/101/releases", Fault::status(502));
    replay.quiet_night(&june(4));
    replay.world().faults.clear();
    // … and a failing page of another source is no matter.
    replay.quiet_night(&june(5));
    assert_eq!(replay.night(&june(6)), [format!("alpha/1.1.0/withdrawn/2026-06-06: {EVERYWHERE}")]);
    assert_eq!(replay.title("feed", 0), "Alpha 1.1 withdrawn from GitHub");
    let page = replay.toy.read("projects/alpha.html");
    assert!(page.contains("withdrawn</span>") && !page.contains("releases/tag/v1.1"), "{page}");
    assert_eq!(replay.toy.json("data/index.json")["projects"][0]["latest"]["text"], "1.0");
    replay.quiet_night(&june(7));
    replay.world().repository("example/alpha").releases.insert(0, release);
    assert_eq!(replay.night(&june(8)), [format!("alpha/1.1.0/restored/2026-06-08: {EVERYWHERE}")]);
    assert_eq!(replay.title("feed", 0), "Alpha 1.1 restored on GitHub");
    replay.quiet_night(&june(9));
}

#[test]
fn a_release_that_is_seen_between_two_absences_begins_anew() {
    let mut replay = alpha();
    replay.tag("v1.1", "2026-06-01T20:00:00Z");
    replay.night(&june(2));
    for day in [3, 6, 9] {
        let release = replay.untag("v1.1");
        replay.quiet_night(&june(day));
        replay.quiet_night(&june(day + 1));
        replay.world().repository("example/alpha").releases.insert(0, release);
        replay.quiet_night(&june(day + 2));
    }
}

#[test]
fn one_of_two_channels_that_loses_a_release_is_told_with_its_name() {
    let mut replay = alpha();
    replay.upload("1.1", "2026-06-01T20:00:00Z");
    replay.tag("v1.1", "2026-06-01T20:00:00Z");
    replay.night(&june(2));
    replay.world().package("alpha").files.retain(|file| file.version != "1.1");
    replay.quiet_night(&june(3));
    replay.quiet_night(&june(4));
    assert_eq!(replay.night(&june(5)), [format!("alpha/1.1.0/withdrawn/2026-06-05: {EVERYWHERE}")]);
    assert_eq!(replay.title("feed", 0), "Alpha 1.1 withdrawn from PyPI");
    let states: Vec<_> = replay.toy.json("feed.json")["items"][1]["_release"]["channels"].as_array().unwrap().clone();
    let states: Vec<_> = states.iter().map(|channel| channel["state"].as_str().unwrap().to_owned()).collect();
    assert_eq!(states, ["present", "withdrawn"]);
    assert!(!replay.toy.read("projects/alpha.html").contains("withdrawn</span>"), "it can still be had");
}

#[test]
fn what_one_channel_withdraws_leads_to_the_other() {
    let mut replay = alpha();
    replay.tag("v1.1", "2026-06-01T20:00:00Z");
    replay.upload("1.1", "2026-06-01T20:00:00Z");
    replay.night(&june(2));
    replay.untag("v1.1");
    let told: Vec<_> = (3..=6).flat_map(|day| replay.night(&june(day))).collect();
    assert_eq!(told, [format!("alpha/1.1.0/withdrawn/2026-06-05: {EVERYWHERE}")]);
    let latest = replay.toy.json("data/index.json")["projects"][0]["latest"].clone();
    assert_eq!(latest["url"], format!("{}/project/alpha/1.1/", replay.toy.upstream.index()));
}

#[test]
fn an_item_that_cannot_be_read_hides_no_withdrawal_of_another() {
    let mut replay = alpha();
    replay.tag("v1.1", "2026-06-01T20:00:00Z");
    replay.tag("v1.2", "2026-06-01T21:00:00Z");
    replay.night(&june(2));
    replay.world().repository("example/alpha").releases[0].published_at = None;
    replay.untag("v1.1");
    let told: Vec<_> = (3..=9).flat_map(|day| replay.night(&june(day))).collect();
    assert_eq!(told, [format!("alpha/1.1.0/withdrawn/2026-06-05: {EVERYWHERE}")], "and 1.2 may well be there");
}

#[test]
fn one_of_two_tags_of_a_release_can_go_without_a_word() {
    let mut replay = alpha();
    replay.tag("v1.1", "2026-06-01T20:00:00Z");
    replay.tag("v1.1.0", "2026-06-01T21:00:00Z");
    replay.night(&june(2));
    replay.untag("v1.1.0");
    for day in 3..8 {
        replay.quiet_night(&june(day));
    }
    assert!(!replay.toy.read("projects/alpha.html").contains("releases/tag/v1.1.0"));
}

#[test]
fn what_an_answer_does_not_cover_is_not_missing() {
    let mut replay = alpha();
    for n in 1..=150 {
        replay.tag(&format!("v2.{n}"), &format!("2026-05-02T{:02}:{:02}:00Z", n / 60, n % 60));
    }
    replay.any_night("2026-06-01T04:17:00Z");
    // What is missing on the page that is read every night is looked for on all of them, …
    replay.untag("v2.140");
    assert_eq!([2, 3].map(|day| replay.any_night(&june(day)).0), [[""; 0]; 2]);
    assert_eq!(replay.any_night(&june(4)).0, [format!("alpha/2.140.0/withdrawn/2026-06-04: {EVERYWHERE}")]);
    // … and what is missing on the others is seen when they are read, once a week.
    replay.untag("v2.10");
    let told: Vec<_> = (5..=25).flat_map(|day| replay.any_night(&june(day)).0).collect();
    let [only] = &told[..] else { panic!("{told:?}") };
    let day: u32 = only.trim_end_matches(&format!(": {EVERYWHERE}")).rsplit_once('-').unwrap().1.parse().unwrap();
    assert!(only.starts_with("alpha/2.10.0/withdrawn/2026-06-") && day > 5 + 14, "{told:?}");
}

#[test]
fn a_tag_that_moves_down_a_long_list_is_not_missing() {
    let mut replay = alpha();
    for n in 1..=150 {
        replay.tag(&format!("v2.{n}"), &format!("2026-05-02T{:02}:{:02}:00Z", n / 60, n % 60));
    }
    replay.any_night("2026-06-01T04:17:00Z");
    let release = Release { created_at: Some("2020-01-01T00:00:00Z".to_owned()), ..replay.untag("v2.140") };
    replay.world().repository("example/alpha").releases.push(release);
    for day in 2..20 {
        replay.quiet_night(&june(day));
    }
}

// Made again, renamed, moved.

#[test]
fn a_release_made_again_the_same_night_is_no_news() {
    let mut replay = alpha();
    let release = replay.untag("v1.0");
    replay.tag("v1.0", "2026-06-01T20:00:00Z");
    replay.quiet_night(&june(2));
    assert_eq!(release.tag, "v1.0");
}

#[test]
fn a_release_made_again_in_another_spelling_has_its_new_notes_and_no_entry() {
    let mut replay = alpha();
    replay.tag("v1.1", "2026-06-01T20:00:00Z");
    replay.night(&june(2));
    replay.untag("v1.1");
    let again = Release::new("v1.1.0", "2026-06-02T20:00:00Z").notes("See [the guide](guide.md).");
    replay.world().repository("example/alpha").releases.insert(0, again);
    for day in 3..8 {
        replay.quiet_night(&june(day));
        assert!(replay.toy.read("projects/alpha.html").contains(">the guide</a>"), "{day}");
    }
    assert!(replay.toy.read("projects/alpha.html").contains("blob/v1.1.0/guide.md"));
}

#[test]
fn a_release_made_again_after_four_nights_was_withdrawn_and_is_restored() {
    let mut replay = alpha();
    replay.tag("v1.1", "2026-06-01T20:00:00Z");
    replay.night(&june(2));
    replay.untag("v1.1");
    let told: Vec<_> = (3..=6).flat_map(|day| replay.night(&june(day))).collect();
    assert_eq!(told, [format!("alpha/1.1.0/withdrawn/2026-06-05: {EVERYWHERE}")]);
    replay.tag("v1.1", "2026-06-06T20:00:00Z");
    assert_eq!(replay.night(&june(7)), [format!("alpha/1.1.0/restored/2026-06-07: {EVERYWHERE}")]);
}

#[test]
fn a_tag_moved_to_another_commit_is_noted_and_no_entry() {
    let mut replay = Replay::of(world(), &[&BRAVO.replace("bravo\" }", "bravo\", from = \"tags\" }"), ALPHA]);
    let tag = Tag { name: "v1.0".to_owned(), commit: "ab".repeat(20), date: "2026-05-01T00:00:00Z".to_owned() };
    let name = "example/bravo".to_owned();
    replay.world().repositories.push(Repository { id: 102, name, tags: vec![tag], ..Repository::default() });
    replay.night(&june(1));
    replay.world().repository("example/bravo").tags[0].commit = "cd".repeat(20);
    replay.world().repository("example/alpha").releases[0].created_at = Some("2026-06-01T20:00:00Z".to_owned());
    let ended = replay.toy.good_night(&june(2));
    for tag in ["bravo: github:example/bravo: the tag v1.0", "alpha: github:example/alpha: the tag v1.0"] {
        assert_eq!(ended.says(&format!("{tag} is on another commit than before")), 1, "{}", ended.stderr);
    }
    assert_eq!(replay.look(&june(2)), (vec![], vec![]));
    assert!(replay.toy.read("projects/alpha.html").contains("on another commit since 2026-06-02"));
    assert_eq!(replay.toy.good_night(&june(3)).says("another commit"), 0);
}

#[test]
fn a_moved_repository_goes_on_under_either_name() {
    let mut replay = alpha();
    replay.world().repository("example/alpha").name = "elsewhere/alpha".to_owned();
    replay.world().moved.insert("example/alpha".to_owned(), 101);
    replay.quiet_night(&june(2));
    replay.world().repository("elsewhere/alpha").releases.insert(0, Release::new("v1.1", "2026-06-02T09:00:00Z"));
    assert_eq!(replay.night(&june(3)), [format!("alpha/1.1.0: {EVERYWHERE}")]);
    replay.toy.write_catalog(&catalog_of(&[&ALPHA.replace("example/", "elsewhere/")]));
    for day in 4..8 {
        replay.quiet_night(&june(day));
    }
}

#[test]
fn a_new_name_in_the_catalog_is_the_same_repository_when_its_number_is() {
    let mut replay = alpha();
    replay.world().repository("example/alpha").name = "elsewhere/alpha".to_owned();
    replay.world().repository("elsewhere/alpha").releases.insert(0, Release::new("v1.1", "2026-06-01T20:00:00Z"));
    replay.toy.write_catalog(&catalog_of(&[&ALPHA.replace("example/", "elsewhere/")]));
    assert_eq!(replay.night(&june(2)), [format!("alpha/1.1.0: {EVERYWHERE}")]);
    for day in 3..7 {
        replay.quiet_night(&june(day));
    }
}

#[test]
fn a_new_name_in_the_catalog_is_the_same_repository_even_when_it_does_not_answer_at_first() {
    let mut replay = alpha();
    replay.world().repository("example/alpha").name = "elsewhere/alpha".to_owned();
    replay.toy.write_catalog(&catalog_of(&[&ALPHA.replace("example/", "elsewhere/")]));
    replay.world().fault("/repos/elsewhere/alpha", Fault::status(500));
    replay.quiet_night(&june(2));
    replay.world().faults.clear();
    replay.world().repository("elsewhere/alpha").releases.insert(0, Release::new("v1.1", "2026-06-02T09:00:00Z"));
    assert_eq!(replay.night(&june(3)), [format!("alpha/1.1.0: {EVERYWHERE}")]);
    let records: Vec<_> = replay.toy.json("data/projects/alpha.json")["releases"].as_array().unwrap().clone();
    let names: Vec<_> = records.iter().map(|release| release["channels"][0]["name"].clone()).collect();
    assert_eq!(names, ["elsewhere/alpha", "elsewhere/alpha"]);
    assert_eq!(records[1]["channels"].as_array().unwrap().len(), 2);
}

#[test]
fn another_repository_in_the_catalog_hides_what_was_the_formers_and_tells_nothing_of_its_own_past() {
    let mut replay = alpha();
    replay.tag("v1.1", "2026-06-01T20:00:00Z");
    replay.night(&june(2));
    let releases = vec![Release::new("v2.0", "2026-05-20T09:00:00Z"), Release::new("v1.0", "2026-05-01T10:00:00Z")];
    let name = "example/other".to_owned();
    replay.world().repositories.push(Repository { id: 102, name, releases, ..Repository::default() });
    replay.toy.write_catalog(&catalog_of(&[&ALPHA.replace("example/alpha", "example/other")]));
    let (new, gone) = replay.any_night(&june(3));
    assert_eq!(new, ["alpha/2.0.0: projects/alpha"]);
    assert_eq!(gone, [format!("alpha/1.1.0: {EVERYWHERE}")]);
    for day in 4..8 {
        replay.quiet_night(&june(day));
    }
    assert!(replay.toy.read("data/projects/alpha.json").contains("v1.1"), "nothing is forgotten");
    replay.toy.write_catalog(&catalog_of(&[ALPHA]));
    let (new, gone) = replay.any_night(&june(8));
    assert_eq!(
        (new, gone),
        (vec![format!("alpha/1.1.0: {EVERYWHERE}")], vec!["alpha/2.0.0: projects/alpha".to_owned()])
    );
}

#[test]
fn a_name_taken_over_by_another_repository_is_not_believed() {
    let mut replay = alpha();
    replay.world().repositories[0] = Repository {
        id: 666,
        name: "example/alpha".to_owned(),
        releases: vec![Release::new("v6.6.6", "2026-06-01T20:00:00Z")],
        ..Repository::default()
    };
    for day in 2..7 {
        let ended = replay.toy.good_night(&june(day));
        assert_eq!(ended.says("its name is another repository's now, number 666"), 1, "{}", ended.stderr);
        assert_eq!(replay.look(&june(day)), (vec![], vec![]));
    }
    assert_eq!(replay.toy.source("alpha", "github:example/alpha")["state"], "stale");
}

#[test]
fn a_renamed_project_goes_on_under_both_addresses() {
    let mut replay = alpha();
    let before = replay.toy.entries("projects/alpha");
    replay.toy.write_catalog(&catalog_of(&[&ALPHA.replace("id = \"alpha\"", "id = \"omega\"\nwas = [\"alpha\"]")]));
    assert_eq!(replay.night(&june(2)), ["alpha/1.0.0: projects/omega"]);
    assert_eq!(replay.toy.entries("projects/omega"), before);
    replay.tag("v1.1", "2026-06-02T09:00:00Z");
    assert_eq!(replay.night(&june(3)), ["omega/1.1.0: feed feeds/all projects/alpha projects/omega"]);
    replay.yank("1.0", &json!(true));
    let told = replay.night(&june(4));
    assert_eq!(told, ["omega/1.0.0/yanked/2026-06-04: feed feeds/all projects/alpha projects/omega"]);
}

#[test]
fn a_project_renamed_and_renamed_back_has_told_everything_once() {
    let mut replay = alpha();
    let omega = ALPHA.replace("id = \"alpha\"", "id = \"omega\"\nwas = [\"alpha\"]");
    replay.toy.write_catalog(&catalog_of(&[&omega]));
    replay.night(&june(2));
    assert!(!replay.toy.path("data/projects/alpha.json").exists(), "the history has moved");
    replay.tag("v1.1", "2026-06-02T09:00:00Z");
    replay.night(&june(3));
    let back = ALPHA.replace("id = \"alpha\"", "id = \"alpha\"\nwas = [\"omega\"]");
    replay.toy.write_catalog(&catalog_of(&[&back]));
    replay.quiet_night(&june(4));
    assert_eq!(replay.toy.titles("projects/alpha"), ["Alpha 1.1", "Alpha 1.0"]);
}

#[test]
fn a_narrowed_catalog_hides_and_a_widened_one_shows_again_without_a_word() {
    let mut replay = alpha();
    replay.tag("v1.1", "2026-06-01T20:00:00Z");
    replay.upload("1.2", "2026-06-01T21:00:00Z");
    replay.night(&june(2));
    let narrow = ALPHA
        .replace("alpha\" }", "alpha\", tags = '^v(?<version>1\\.0.*)$' }")
        .replace("name = \"alpha\", tags = '^v(?<version>1\\.0.*)$' }]", "name = \"alpha\", since = \"1.3\" }]");
    replay.toy.write_catalog(&catalog_of(&[&narrow]));
    let (new, gone) = replay.any_night(&june(3));
    assert!(new.is_empty(), "{new:?}");
    assert_eq!(gone, [format!("alpha/1.1.0: {EVERYWHERE}"), format!("alpha/1.2.0: {EVERYWHERE}")]);
    assert!(!replay.toy.read("projects/alpha.html").contains("1.2"));
    // What happens to what is hidden is told to nobody.
    replay.yank("1.2", &json!(true));
    replay.untag("v1.1");
    for day in 4..9 {
        replay.quiet_night(&june(day));
    }
    replay.toy.write_catalog(&catalog_of(&[ALPHA]));
    let (new, gone) = replay.any_night(&june(9));
    assert_eq!(new, [format!("alpha/1.1.0: {EVERYWHERE}"), format!("alpha/1.2.0: {EVERYWHERE}")]);
    assert!(gone.is_empty(), "{gone:?}");
}

#[test]
fn nothing_is_asked_or_told_of_a_project_that_ended() {
    let mut replay = alpha();
    replay
        .toy
        .write_catalog(&catalog_of(&[&ALPHA.replace("name = \"Alpha\"", "name = \"Alpha\"\nended = \"2026-06-02\"")]));
    replay.untag("v1.0");
    replay.world().requests.clear();
    for day in 2..7 {
        replay.quiet_night(&june(day));
    }
    assert!(replay.world().requests.is_empty());
}

// When.

#[test]
fn a_project_added_with_thirty_releases_of_this_year_enters_no_merged_feed() {
    let mut replay = alpha();
    let releases = (1..=30).rev().map(|n| Release::new(&format!("v{n}.0"), &format!("2026-05-{n:02}T10:00:00Z")));
    let name = "example/bravo".to_owned();
    replay.world().repositories.push(Repository {
        id: 102,
        name,
        releases: releases.collect(),
        ..Repository::default()
    });
    replay.toy.write_catalog(&catalog_of(&[ALPHA, BRAVO]));
    let told = replay.night(&june(2));
    assert_eq!(told.len(), 30);
    assert!(told.iter().all(|line| line.ends_with(": projects/bravo")), "{told:?}");
    replay.world().repository("example/bravo").releases.insert(0, Release::new("v31.0", "2026-06-02T10:00:00Z"));
    assert_eq!(replay.night(&june(3)), ["bravo/31.0.0: feed feeds/all projects/bravo"]);
}

#[test]
fn a_release_found_forty_days_late_takes_its_own_date() {
    let mut replay = alpha();
    replay.tag("v1.1", "2026-05-02T10:00:00Z");
    assert_eq!(replay.night("2026-06-11T03:17:00Z"), [format!("alpha/1.1.0: {EVERYWHERE}")]);
    assert_eq!(replay.toy.entries("feed")[0][2], "2026-05-02T10:00:00Z");
}

#[test]
fn releases_of_one_second_have_dates_of_their_own_whenever_they_are_recorded() {
    let mut replay = alpha();
    for (day, tag) in [(2, "v1.1"), (3, "v1.2"), (4, "v1.3")] {
        replay.tag(tag, "2026-05-01T10:00:00Z");
        assert_eq!(replay.night(&format!("2026-07-{day:02}T03:17:00Z")).len(), 1);
    }
    let dates: Vec<_> = replay.toy.entries("feed").into_iter().map(|[_, _, date, _]| date).collect();
    let seconds = ["03", "02", "01", "00"].map(|second| format!("2026-05-01T10:00:{second}Z"));
    assert_eq!(dates, seconds);
}

#[test]
fn a_date_a_minute_ahead_is_taken_and_one_a_year_ahead_waits() {
    let mut replay = alpha();
    replay.tag("v1.1", "2026-06-02T03:18:00Z");
    replay.tag("v1.2", "2027-06-02T03:18:00Z");
    assert_eq!(replay.night(&june(2)), [format!("alpha/1.1.0: {EVERYWHERE}")]);
    assert_eq!(replay.toy.entries("feed")[0][2], june(2));
    replay.quiet_night(&june(3));
    assert_eq!(replay.toy.good_night(&june(4)).says("v1.2 waits, for it is dated 2027-06-02"), 1);
    assert_eq!(replay.night("2027-06-03T03:17:00Z"), [format!("alpha/1.2.0: {EVERYWHERE}")]);
}

#[test]
fn a_known_release_that_is_dated_into_the_future_is_not_missing() {
    let mut replay = alpha();
    replay.world().repository("example/alpha").releases[0].published_at = Some("2027-06-02T03:18:00Z".to_owned());
    for day in 2..7 {
        replay.quiet_night(&june(day));
    }
    assert_eq!(replay.toy.json("data/projects/alpha.json")["releases"][0]["released"], "2026-05-01T10:00:00Z");
}

#[test]
fn a_tag_put_on_a_year_old_commit_is_news() {
    let mut replay = Replay::of(world(), &[&BRAVO.replace("bravo\" }", "bravo\", from = \"tags\" }")]);
    let tag = |name: &str, commit: &str, date: &str| {
        let [name, date] = [name, date].map(str::to_owned);
        Tag { name, commit: commit.repeat(20), date }
    };
    let (name, tags) = ("example/bravo".to_owned(), vec![tag("v1.0", "ab", "2026-05-01T00:00:00Z")]);
    replay.world().repositories.push(Repository { id: 102, name, tags, ..Repository::default() });
    replay.night(&june(1));
    replay.world().repository("example/bravo").tags.push(tag("v1.1", "cd", "2025-05-01T00:00:00Z"));
    assert_eq!(replay.night(&june(2)), ["bravo/1.1.0: feed feeds/all projects/bravo"]);
    assert_eq!(replay.toy.entries("feed")[0][2], june(2));
}

#[test]
fn a_day_of_many_releases_is_told_once_even_when_a_run_falls_into_its_middle() {
    let delta = "id = \"delta\"\nname = \"Delta\"\ngithub = { repo = \"example/alpha\", group = \"daily\" }";
    let mut replay = Replay::of(world(), &[delta]);
    replay.night(&june(1));
    for n in 1..=120 {
        replay.tag(&format!("v2.{n}"), &format!("2026-06-02T{:02}:{:02}:00Z", n / 60, n % 60));
    }
    replay.quiet_night(&june(2));
    for n in 121..=200 {
        replay.tag(&format!("v2.{n}"), &format!("2026-06-02T{:02}:{:02}:00Z", n / 60 + 4, n % 60));
    }
    replay.quiet_night("2026-06-02T23:59:00Z");
    assert_eq!(replay.night(&june(3)), ["delta/day/2026-06-02: feeds/all projects/delta"]);
    assert_eq!(replay.title("feeds/all", 0), "Delta: 200 releases on 2026-06-02");
    // What happens to one of many is shown, and no entry.
    replay.untag("v2.200");
    for day in 4..9 {
        replay.quiet_night(&june(day));
    }
    assert!(replay.toy.read("projects/delta.html").contains("withdrawn</span>"));
}

#[test]
fn what_is_grouped_no_more_before_its_day_has_ended_is_told() {
    let daily = ALPHA.replace("alpha\" }\npypi", "alpha\", group = \"daily\" }\npypi");
    let mut replay = Replay::of(world(), &[&daily]);
    replay.night(&june(1));
    replay.tag("v1.1", "2026-06-02T01:00:00Z");
    replay.quiet_night(&june(2));
    replay.toy.write_catalog(&catalog_of(&[ALPHA]));
    assert_eq!(replay.night(&june(3)), [format!("alpha/1.1.0: {EVERYWHERE}")]);
    replay.quiet_night(&june(4));
}

#[test]
fn what_a_first_part_of_a_list_did_not_show_is_no_news_when_it_comes_to_light() {
    let mut replay = Replay::of(World::default(), &[BRAVO]);
    let (name, releases) = ("example/bravo".to_owned(), vec![Release::new("v0.1", "2026-05-01T09:00:00Z")]);
    replay.world().repositories.push(Repository { id: 102, name, releases, ..Repository::default() });
    replay.night(&june(1));
    replay.world().repositories.push(world().repositories.remove(0));
    for n in 1..=150 {
        replay.tag(&format!("v2.{n}"), &format!("2026-05-20T{:02}:{:02}:00Z", n / 60, n % 60));
    }
    let alpha = ALPHA.split("\npypi").next().unwrap();
    replay.toy.write_catalog(&catalog_of(&[BRAVO, alpha]));
    assert_eq!(replay.toy.at(&june(2)).run().code, 0);
    assert_eq!(replay.look(&june(2)).0.len(), 50);
    replay.tag("v2.151", "2026-06-02T09:00:00Z");
    let told: Vec<_> = (3..=12).flat_map(|day| replay.any_night(&june(day)).0).collect();
    let everywhere: Vec<_> = told.iter().filter(|line| line.contains("feeds/all")).collect();
    assert_eq!(everywhere, [&format!("alpha/2.151.0: {EVERYWHERE}")]);
}

#[test]
fn a_first_night_that_was_killed_is_a_first_night_still() {
    let mut replay = Replay::of(world(), &[BRAVO, ALPHA]);
    let (name, releases) = ("example/bravo".to_owned(), vec![Release::new("v0.1", "2026-05-01T09:00:00Z")]);
    replay.world().repositories.push(Repository { id: 102, name, releases, ..Repository::default() });
    replay.toy.good_night(&june(1));
    // One project was remembered, the other not yet, nor that the run came to its end.
    std::fs::remove_file(replay.toy.path("data/projects/alpha.json")).unwrap();
    std::fs::remove_file(replay.toy.path("data/sources.json")).unwrap();
    replay.world().repository("example/bravo").releases.insert(0, Release::new("v0.2", "2026-06-01T09:00:00Z"));
    let told = replay.night(&june(2));
    assert_eq!(told.len(), 3);
    assert!(told.iter().all(|line| line.contains(": feed feeds/all")), "{told:?}");
    assert_eq!(replay.title("feed", 0), "Bravo 0.2");
}

#[test]
fn a_run_seconds_after_another_stands_above_it() {
    let mut replay = alpha();
    for n in 1..=5 {
        replay.tag(&format!("v1.{n}"), "2026-06-01T20:00:00Z");
    }
    assert_eq!(replay.night("2026-06-02T03:17:00Z").len(), 5);
    for n in 6..=9 {
        replay.tag(&format!("v1.{n}"), "2026-06-01T21:00:00Z");
    }
    assert_eq!(replay.night("2026-06-02T03:17:02Z").len(), 4);
    replay.tag("v1.10", "2026-06-01T21:00:00Z");
    assert_eq!(replay.night("2026-06-01T22:00:00Z").len(), 1, "even when the clock goes backwards");
}

#[test]
fn a_run_that_was_killed_between_the_memory_and_the_pages_is_made_good_by_the_next() {
    let mut replay = alpha();
    let before = replay.toy.tree();
    replay.tag("v1.1", "2026-06-01T20:00:00Z");
    replay.yank("1.0", &json!(true));
    replay.toy.good_night(&june(2));
    // The project's memory was written; its pages, the feeds and the states of the sources were not.
    for (name, bytes) in before.iter().filter(|(name, _)| !name.starts_with("data/projects/")) {
        std::fs::write(replay.toy.path(name), bytes).unwrap();
    }
    let told = replay.night(&june(3));
    assert_eq!(told, [format!("alpha/1.0.0/yanked/2026-06-02: {EVERYWHERE}"), format!("alpha/1.1.0: {EVERYWHERE}")]);
}

// The seed.

#[test]
fn the_first_nights_of_a_seed_tell_nothing_even_when_a_source_is_down() {
    let mut replay = Replay::of(world(), &[ALPHA]);
    for n in 1..=5 {
        replay.tag(&format!("v1.{n}"), &format!("2026-05-{:02}T10:00:00Z", 10 + n));
        replay.upload(&format!("1.{n}"), &format!("2026-05-{:02}T12:00:00Z", 10 + n));
    }
    replay.flag("v1.4", true);
    assert_eq!(replay.toy.at("2026-05-20T03:17:00Z").token().args(&["--seed"]).run().code, 0);
    let (seeded, _) = replay.look("2026-05-20T03:17:00Z");
    assert_eq!(seeded.len(), 6);
    // Since then one was yanked, one deleted, one flag turned; and GitHub is down for two nights.
    replay.yank("1.1", &json!(true));
    replay.flag("v1.2", true);
    replay.untag("v1.3");
    replay.world().package("alpha").files.retain(|file| file.version != "1.3");
    replay.world().fault("/repos/example/alpha", Fault::status(500));
    replay.quiet_night(&june(1));
    replay.quiet_night(&june(2));
    replay.world().faults.clear();
    let (new, gone) = replay.any_night(&june(3));
    assert!(new.is_empty(), "{new:?}");
    assert_eq!(gone, [format!("alpha/1.3.0: {EVERYWHERE}")]);
    for day in 4..8 {
        replay.quiet_night(&june(day));
    }
}

#[test]
fn a_seed_of_which_one_item_cannot_be_read_is_confirmed_but_for_that() {
    let mut replay = Replay::of(world(), &[ALPHA]);
    replay.tag("v1.1", "2026-05-10T10:00:00Z");
    replay.tag("v1.2", "2026-05-11T10:00:00Z");
    assert_eq!(replay.toy.at("2026-05-20T03:17:00Z").token().args(&["--seed"]).run().code, 0);
    replay.look("2026-05-20T03:17:00Z");
    replay.untag("v1.1");
    replay.world().repository("example/alpha").releases[0].published_at = None;
    let (new, gone) = replay.any_night(&june(1));
    assert_eq!((new, gone), (vec![], vec![format!("alpha/1.1.0: {EVERYWHERE}")]));
    replay.world().repository("example/alpha").releases[0].published_at = Some("2026-05-11T10:00:00Z".to_owned());
    for day in 2..8 {
        replay.quiet_night(&june(day));
    }
}

#[test]
fn what_turned_since_a_seed_is_no_event_while_only_a_part_of_it_is_read() {
    let mut replay = Replay::of(world(), &[ALPHA.split("\npypi").next().unwrap()]);
    for n in 1..=150 {
        replay.tag(&format!("v2.{n}"), &format!("2026-05-02T{:02}:{:02}:00Z", n / 60, n % 60));
    }
    replay.flag("v2.150", true);
    assert_eq!(replay.toy.at("2026-05-20T03:17:00Z").token().args(&["--seed"]).run().code, 0);
    replay.look("2026-05-20T03:17:00Z");
    replay.flag("v2.150", false);
    for day in 1..4 {
        let now = june(day);
        assert_eq!(replay.toy.at(&now).run().code, 0);
        assert_eq!(replay.look(&now), (vec![], vec![]));
    }
}

#[test]
fn what_comes_after_the_states_of_sources_were_lost_is_news_all_the_same() {
    let mut replay = alpha();
    std::fs::remove_file(replay.toy.path("data/sources.json")).unwrap();
    replay.tag("v1.1", "2026-06-01T20:00:00Z");
    replay.yank("1.0", &json!(true));
    let told = replay.night(&june(2));
    assert_eq!(told, [format!("alpha/1.0.0/yanked/2026-06-02: {EVERYWHERE}"), format!("alpha/1.1.0: {EVERYWHERE}")]);
    assert_eq!(replay.toy.entries("feed")[0][2], june(2));
}
