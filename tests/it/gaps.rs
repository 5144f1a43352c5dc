//! Answers with gaps, runs that did not come to their end, and catalogs that change: nothing permanent goes wrong.

use crate::{run::*, world::*};

const CHARLIE: &str = "id = \"charlie\"\nname = \"Charlie\"\ngithub = { repo = \"example/charlie\", from = \"tags\" }";
const ALPHA: &str = "id = \"alpha\"\nname = \"Alpha\"\ngithub = { repo = \"example/alpha\" }";

fn released(toy: &Toy, project: &str) -> Vec<(String, String)> {
    let history = toy.json(&format!("data/projects/{project}.json"));
    let text = |value: &serde_json::Value| value.as_str().unwrap().to_owned();
    let releases = history["releases"].as_array().unwrap().clone();
    releases.iter().map(|release| (text(&release["version"]), text(&release["released"]))).collect()
}

/// A world in which `example/alpha` has these releases alone.
fn world_with(releases: &[Release]) -> World {
    let mut world = World::toy();
    world.repository("example/alpha").releases = releases.to_vec();
    world
}

#[test]
fn a_tag_that_waited_for_its_commit_has_the_commits_date() {
    let whole = Toy::with_projects(World::toy(), &[CHARLIE]);
    whole.good_night(FIRST);
    let gap = Toy::with_projects(World::toy(), &[CHARLIE]);
    let commit = gap.world().repository("example/charlie").tags[0].commit.clone();
    gap.world().fault(&format!("/repositories/103/commits/{commit}"), Fault::status(404));
    gap.good_night(FIRST);
    assert_ne!(released(&gap, "charlie"), released(&whole, "charlie"));
    gap.world().faults.clear();
    gap.good_night(SECOND);
    assert_eq!(released(&gap, "charlie"), released(&whole, "charlie"));
}

#[test]
fn a_tag_put_on_an_old_commit_is_dated_by_the_last_answer_even_when_its_status_is_lost() {
    let toy = Toy::with_projects(World::toy(), &[CHARLIE]);
    toy.good_night(FIRST);
    std::fs::remove_file(toy.path("status.json")).unwrap();
    let tag = Tag { name: "v9.0".to_owned(), commit: "ab".repeat(20), date: "2020-01-01T00:00:00Z".to_owned() };
    toy.world().repository("example/charlie").tags.push(tag);
    toy.good_night(SECOND);
    assert_eq!(released(&toy, "charlie")[0], ("9.0.0".to_owned(), FIRST.to_owned()));
    assert_eq!(toy.entries("feed")[0][1..3], ["Charlie 9.0", SECOND]);
}

#[test]
fn a_date_before_there_were_computers_waits_with_a_warning() {
    let world =
        world_with(&[Release::new("v2.0", "-0001-01-01T00:00:00Z"), Release::new("v1.0", "2026-05-01T00:00:00Z")]);
    let toy = Toy::with_projects(world, &[ALPHA]);
    let ended = toy.good_night(FIRST);
    assert_eq!(ended.says("v2.0 waits, for it is dated -0001-01-01"), 1, "{}", ended.stderr);
    assert_eq!(toy.titles("projects/alpha"), ["Alpha 1.0"]);
}

#[test]
fn a_tag_that_was_left_out_becomes_a_release_when_the_catalog_learns_to_read_it() {
    let world =
        world_with(&[Release::new("rel_x-2.0", "2026-05-02T00:00:00Z"), Release::new("v1.0", "2026-05-01T00:00:00Z")]);
    let toy = Toy::with_projects(world, &[ALPHA]);
    toy.good_night(FIRST);
    assert_eq!(toy.json("data/projects/alpha.json")["left_out"]["no-version"][0], "rel_x-2.0");
    let tags = "example/alpha\", tags = '^(?:v|rel_x-)(?<version>.+)$'";
    toy.write_catalog(&catalog_of(&[&ALPHA.replace("example/alpha\"", tags)]));
    toy.good_night(SECOND);
    assert_eq!(toy.titles("projects/alpha"), ["Alpha 2.0", "Alpha 1.0"]);
    assert!(toy.json("data/projects/alpha.json").get("left_out").is_none());
}

#[test]
fn a_first_page_of_drafts_does_not_end_a_first_reading() {
    let draft = |n| Release { draft: true, ..Release::new(&format!("v0.{n}"), "2026-05-01T00:00:00Z") };
    let mut releases: Vec<Release> = (0..100).map(draft).collect();
    releases.push(Release::new("v9.0", "2026-05-01T00:00:00Z"));
    let toy = Toy::with_projects(world_with(&releases), &[ALPHA]);
    toy.good_night(FIRST);
    assert_eq!(toy.titles("projects/alpha"), ["Alpha 9.0"]);
}

#[test]
fn a_bad_item_in_the_answer_that_confirms_a_seed_costs_no_release() {
    let good = Release::new("v1.0", "2026-05-01T00:00:00Z");
    let toy = Toy::with_projects(world_with(&[Release::new("v2.0", "2026-05-02T00:00:00Z"), good.clone()]), &[ALPHA]);
    assert_eq!(toy.at(FIRST).token().args(&["--seed"]).run().code, 0);
    let before = toy.entries("projects/alpha");
    toy.world().repository("example/alpha").releases[1].published_at = None;
    toy.good_night(FIRST);
    assert_eq!(toy.entries("projects/alpha"), before);
    toy.world().repository("example/alpha").releases[1] = good;
    let ended = toy.good_night(SECOND);
    assert_eq!((toy.entries("projects/alpha"), ended.says("\n0 new releases")), (before, 1), "{}", ended.stderr);
}

#[test]
fn a_confirming_run_that_was_killed_loses_nothing_in_the_next_one() {
    let newest = Release::new("v2.0", "2026-05-02T00:00:00Z");
    let toy = Toy::with_projects(world_with(&[newest, Release::new("v1.0", "2026-05-01T00:00:00Z")]), &[ALPHA]);
    assert_eq!(toy.at(FIRST).token().args(&["--seed"]).run().code, 0);
    let seed = toy.read("data/sources.json");
    toy.good_night(FIRST);
    let before = toy.entries("projects/alpha");
    // The histories were written, the states of their sources not yet.
    std::fs::write(toy.path("data/sources.json"), seed).unwrap();
    toy.world().repository("example/alpha").releases.remove(0);
    toy.good_night(SECOND);
    assert_eq!(toy.entries("projects/alpha"), before);
}

#[test]
fn two_tags_of_one_version_have_the_same_notes_every_night() {
    let twin = Release::new("1.0.0", "2026-05-01T00:00:00Z").notes("Of the twin.");
    let toy =
        Toy::with_projects(world_with(&[Release::new("v1.0", "2026-05-01T00:00:00Z").notes("Ours."), twin]), &[ALPHA]);
    toy.good_night(FIRST);
    let before = toy.json("data/projects/alpha.json");
    assert_eq!((before["releases"].as_array().unwrap().len(), &before["releases"][0]["notes"]), (1, &"Ours.".into()));
    toy.good_night(SECOND);
    assert_eq!(toy.json("data/projects/alpha.json"), before);
}

#[test]
fn grouping_a_projects_releases_by_the_day_announces_none_of_them_again() {
    let toy = Toy::with_projects(world_with(&[Release::new("v1.0", "2026-06-09T00:00:00Z")]), &[ALPHA]);
    toy.good_night(FIRST);
    let before = toy.entries("feeds/all");
    toy.write_catalog(&catalog_of(&[&ALPHA.replace("example/alpha\"", "example/alpha\", group = \"daily\"")]));
    toy.world().repository("example/alpha").releases.insert(0, Release::new("v1.1", "2026-06-10T12:00:00Z"));
    toy.good_night(SECOND);
    assert_eq!(toy.entries("feeds/all")[1..], before);
    assert_eq!(toy.titles("feeds/all")[0], "Alpha: 1 release on 2026-06-10");
}

#[test]
fn another_spelling_of_a_source_is_the_same_source() {
    let toy = Toy::with_projects(World::toy(), &[ALPHA]);
    toy.good_night(FIRST);
    let before = toy.read("data/sources.json");
    toy.write_catalog(&catalog_of(&[&ALPHA.replace("example/alpha", "Example/Alpha")]));
    toy.good_night(SECOND);
    assert_eq!(toy.read("data/sources.json"), before);
}

#[test]
fn a_new_project_on_a_site_with_history_enters_no_merged_feed() {
    let toy = Toy::new();
    let catalog = include_str!("../data/projects.toml");
    let (kept, _) = catalog.split_once("# Took over a name").unwrap();
    toy.write_catalog(kept);
    toy.good_night(FIRST);
    let before = toy.entries("feeds/all");
    toy.write_catalog(catalog);
    toy.good_night(SECOND);
    assert_eq!(toy.titles("projects/foxtrot").len(), 2);
    assert_eq!(toy.entries("feeds/all"), before);
    let beta = File::new("2.2", "foxtrot_tools-2.2.tar.gz", "2026-06-11T12:00:00Z");
    toy.world().package("foxtrot-tools").files.push(beta);
    toy.good_night("2026-06-12T03:17:00Z");
    assert_eq!(toy.titles("feeds/all")[0], "Foxtrot 2.2", "what comes after is news");
}
