//! What is made again, renamed, moved or taken over, and catalogs that change.

use serde_json::json;

use super::*;

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
