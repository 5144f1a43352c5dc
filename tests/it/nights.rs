//! What a later night adds, and what it never moves: readers know entries by id, date, title and link.

use std::time::Duration;

use serde_json::json;

use crate::{
    run::{FIRST, SECOND, Toy, differing, is_memory},
    world::{Fault, File, Release, Tag, World},
};

/// All entries of the site's widest feed and of one project, as readers know them.
fn known(toy: &Toy) -> Vec<[String; 4]> {
    let mut entries = toy.entries("feeds/all");
    entries
        .extend(["alpha", "bravo", "charlie", "foxtrot"].iter().flat_map(|id| toy.entries(&format!("projects/{id}"))));
    entries
}

#[test]
fn what_appears_tonight_is_announced_by_the_runs_clock_newest_first() {
    let toy = Toy::new();
    toy.good_night(FIRST);
    let before = toy.entries("feed");
    {
        let mut world = toy.world();
        let alpha = &mut world.repository("example/alpha").releases;
        alpha.insert(0, Release::new("v1.1.1", "2026-06-10T09:00:00Z"));
        alpha.insert(0, Release::new("v1.2.0", "2026-06-10T12:00:00Z"));
        alpha.insert(0, Release::new("v1.0.1", "2026-01-01T12:00:00Z"));
        world.repository("example/charlie").tags.insert(
            0,
            Tag {
                name: "v0.10.0".to_owned(),
                commit: "c0ffee0000000000000000000000000000000003".to_owned(),
                date: "2026-03-01T00:00:00Z".to_owned(),
            },
        );
    }
    let ended = toy.good_night(SECOND);
    assert_eq!(ended.says("4 new releases"), 1, "{}", ended.stderr);
    let after = toy.entries("feed");
    let mut new: Vec<_> = after.iter().take(3).map(|[_, title, date, _]| (title.as_str(), date.as_str())).collect();
    let dates: Vec<_> = new.iter().map(|(_, date)| *date).collect();
    assert_eq!(dates, ["2026-06-11T03:17:00Z", "2026-06-11T03:16:59Z", "2026-06-11T03:16:58Z"]);
    new.retain(|(title, _)| title.starts_with("Alpha"));
    assert_eq!(new.iter().map(|(title, _)| *title).collect::<Vec<_>>(), ["Alpha 1.2.0", "Alpha 1.1.1"]);
    assert_eq!(after[3..], before[..after.len() - 3], "what readers have seen stays below, as it was");
    // What was released long ago is no news: it takes its place by its date.
    let old = toy.entries("projects/alpha").into_iter().find(|[_, title, ..]| title == "Alpha 1.0.1").unwrap();
    assert_eq!(old[2], "2026-01-01T12:00:00Z");
    // A tag put on an old commit is as old as the source's last answer without it.
    let charlie = toy.json("data/projects/charlie.json")["releases"][0].clone();
    assert_eq!((&charlie["text"], &charlie["released"]), (&json!("0.10.0"), &json!(FIRST)));
}

#[test]
fn edited_notes_late_wheels_and_a_late_channel_move_nothing() {
    let toy = Toy::new();
    toy.good_night(FIRST);
    let before = known(&toy);
    {
        let mut world = toy.world();
        let alpha = world.repository("example/alpha");
        alpha.releases[0].body = Some("Now with another text.".to_owned());
        alpha.releases[0].published_at = Some("2026-06-09T14:00:00Z".to_owned());
        alpha.releases[1].prerelease = true;
        let files = &mut world.package("alpha").files;
        files.push(File::new("1.1.0", "alpha-1.1.0-cp312-cp312-win_amd64.whl", "2026-06-10T20:00:00Z"));
        files.push(File::new("0.9", "alpha-0.9-py3-none-any.whl", "2026-06-10T21:00:00Z"));
    }
    let ended = toy.good_night(SECOND);
    assert_eq!(known(&toy), before);
    assert_eq!(ended.says("\n0 new releases"), 1, "{}", ended.stderr);
    let alpha = toy.json("projects/alpha.json");
    assert!(alpha["items"][0]["content_html"].as_str().unwrap().contains("another text"));
    let late = alpha["items"].as_array().unwrap().iter().find(|item| item["title"] == "Alpha 0.9").unwrap();
    assert_eq!(late["_release"]["channels"][1]["channel"], "pypi");
}

#[test]
fn a_release_made_again_and_a_renamed_project_keep_their_entries() {
    let toy = Toy::new();
    toy.good_night(FIRST);
    let before = known(&toy);
    let removed = toy.world().repository("example/alpha").releases.remove(0);
    toy.good_night(SECOND);
    assert_eq!(known(&toy), before, "one missing answer proves nothing");
    let again = Release { published_at: Some("2026-06-11T20:00:00Z".to_owned()), ..removed };
    toy.world().repository("example/alpha").releases.insert(0, again);
    toy.write_catalog(&include_str!("../data/projects.toml").replace("name = \"Bravo\"", "name = \"Bravissimo\""));
    toy.good_night("2026-06-12T03:17:00Z");
    assert_eq!(known(&toy), before);
}

#[test]
fn a_day_of_many_releases_is_announced_once_it_has_ended() {
    let toy = Toy::new();
    toy.good_night(FIRST);
    let add = |tag, at| toy.world().repository("example/delta").releases.insert(0, Release::new(tag, at));
    add("base/2026.3", "2026-06-11T01:00:00Z");
    toy.good_night(SECOND);
    assert_eq!(toy.titles("projects/delta").len(), 2, "the day goes on");
    add("render/2026.3", "2026-06-11T20:00:00Z");
    toy.good_night("2026-06-12T03:17:00Z");
    let entries = toy.entries("projects/delta");
    assert_eq!(
        entries[0][..3],
        ["tag:example.org,2026:delta/day/2026-06-11", "Delta images: 2 releases on 2026-06-11", "2026-06-12T03:17:00Z"]
    );
    add("late/2026.3", "2026-06-11T23:00:00Z");
    toy.good_night("2026-06-13T03:17:00Z");
    assert_eq!(toy.entries("projects/delta"), entries);
    assert!(toy.read("projects/delta.json").contains("late/2026.3"), "a later find changes the content");
}

#[test]
fn the_summary_names_a_day_whose_releases_were_seen_before_it_ended() {
    let toy = Toy::new();
    toy.good_night(FIRST);
    toy.world().repository("example/delta").releases.insert(0, Release::new("base/2026.3", "2026-06-11T01:00:00Z"));
    toy.good_night(SECOND);
    let ended = toy.good_night("2026-06-12T03:17:00Z");
    assert_eq!(ended.says("Delta images: 1 release on 2026-06-11"), 1, "{}", ended.stderr);
}

/// What happens between two nights.
type Happening = (&'static str, fn(&mut World));

/// What may happen, and shows on pages and in feeds.
fn happenings() -> [Happening; 7] {
    [
        ("nothing", |_| {}),
        ("a release is new", |world| {
            world.repository("example/alpha").releases.insert(0, Release::new("v9.0.0", "2026-06-10T12:00:00Z"));
        }),
        ("notes are edited", |world| {
            world.repository("example/alpha").releases[0].body = Some("Reads **tiles**.".to_owned());
        }),
        ("a release is gone", |world| {
            world.repository("example/alpha").releases.remove(1);
        }),
        ("a version is yanked", |world| world.package("alpha").files[0].yanked = json!("broken")),
        ("a repository is renamed", |world| {
            let alpha = world.repository("example/alpha");
            "elsewhere/alpha".clone_into(&mut alpha.name);
            let id = alpha.id;
            world.moved.insert("example/alpha".to_owned(), id);
        }),
        ("a source fails", |world| world.fault("/repositories/101/releases", Fault::status(502))),
    ]
}

#[test]
fn where_the_memory_alone_is_there_the_site_is_made_of_tonights_whatever_was_printed_of_last_nights() {
    for (what, happens) in happenings() {
        let toy = Toy::new();
        toy.good_night(FIRST);
        toy.keep_the_memory_alone();
        happens(&mut toy.world());
        // So that there is time to print all that is remembered before the first answer.
        toy.world().pause = Duration::from_millis(200);
        let ended = toy.at(SECOND).token().run();
        assert_eq!(ended.code, 0, "{what}: {}", ended.stderr);
        let tonight = toy.tree();
        let site = tonight.keys().filter(|path| !is_memory(path)).count();
        assert_eq!(ended.says(&format!("\n{site} of {site} files written")), 1, "{what}: {}", ended.stderr);
        toy.keep_the_memory_alone();
        assert_eq!(toy.at(SECOND).args(&["--offline"]).run().code, 0, "{what}");
        assert_eq!(differing(&tonight, &toy.tree()), ["status.json"], "{what}");
    }
}

#[test]
fn only_asks_one_project_and_publishes_all() {
    let toy = Toy::new();
    toy.good_night(FIRST);
    let before = toy.tree();
    toy.world().requests.clear();
    toy.world().repository("example/alpha").releases.insert(0, Release::new("v1.2.0", "2026-06-10T12:00:00Z"));
    toy.world().repository("example/echo").releases.insert(0, Release::new("echo_3.0", "2026-06-10T12:00:00Z"));
    assert_eq!(toy.at(SECOND).token().args(&["--only", "alpha"]).run().code, 0);
    let paths: Vec<_> = toy.world().requests.iter().map(|asked| asked.path.clone()).collect();
    assert!(paths.iter().all(|path| path.starts_with("/repositories/101/") || path == "/simple/alpha/"), "{paths:?}");
    let after = toy.tree();
    let changed = differing(&before, &after);
    assert!(changed.contains(&"projects/alpha.atom") && changed.contains(&"feed.atom"));
    assert!(!changed.iter().any(|name| name.contains("echo") || name.contains("sources")), "{changed:?}");
    assert_eq!(before.len(), after.len());
}

#[test]
fn a_list_of_several_pages_is_read_whole_at_first_and_to_what_is_known_later() {
    let toy = Toy::new();
    let many = (0..250).rev().map(|n| Release::new(&format!("v9.{n}"), "2025-06-10T12:00:00Z"));
    toy.world().repository("example/alpha").releases = many.collect();
    toy.good_night(FIRST);
    assert_eq!(toy.json("data/projects/alpha.json")["releases"].as_array().unwrap().len(), 250 + 3);
    // Alpha's lists are read whole on one night of seven; on the others one page is enough.
    let nights = ["11", "12", "13", "14", "15", "16", "17"].map(|day| format!("2026-06-{day}T03:17:00Z"));
    let pages = nights.map(|now| {
        toy.world().requests.clear();
        toy.good_night(&now);
        toy.world().requests.iter().filter(|asked| asked.path == "/repositories/101/releases").count()
    });
    let mut sorted = pages;
    sorted.sort_unstable();
    assert_eq!(sorted, [1, 1, 1, 1, 1, 1, 3], "{pages:?}");
}

#[test]
fn a_release_that_was_on_pypi_first_keeps_its_entry_and_gets_its_notes() {
    let toy = Toy::new();
    let late = toy.world().repository("example/alpha").releases.remove(0);
    toy.good_night(FIRST);
    let before = toy.entries("projects/alpha");
    assert_eq!(before[0][3], format!("{}/project/Alpha/1.1.0/", toy.upstream.index()));
    toy.world().repository("example/alpha").releases.insert(0, late);
    let ended = toy.good_night(SECOND);
    assert_eq!(toy.entries("projects/alpha"), before);
    assert_eq!(ended.says("\n0 new releases"), 1, "{}", ended.stderr);
    let item = toy.json("projects/alpha.json")["items"][0].clone();
    assert!(item["content_html"].as_str().unwrap().contains("as fast"));
    assert_eq!(item["_release"]["channels"][0]["channel"], "github");
}

#[test]
fn a_project_that_ended_is_asked_no_more_and_not_stale() {
    let toy = Toy::new();
    toy.good_night(FIRST);
    let before = toy.tree();
    // In the place of another line, since pages name the lines of the catalog.
    let (note, ended) = (
        "# Writes tags in its own way, and has others beside them.\n[[project]]",
        "[[project]]\nended = \"2026-06-11\"",
    );
    let catalog = include_str!("../data/projects.toml");
    assert!(catalog.contains(note));
    toy.write_catalog(&catalog.replace(note, ended));
    toy.world().requests.clear();
    toy.good_night(SECOND);
    assert!(!toy.world().requests.iter().any(|asked| asked.path.contains("105")));
    // The pages say that it ended; memory and feeds are what they were.
    assert_eq!(differing(&before, &toy.tree()), ["index.html", "projects/echo.html", "status.json"]);
}
