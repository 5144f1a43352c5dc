//! When a release is told, and under which date.

use serde_json::json;

use super::*;

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
