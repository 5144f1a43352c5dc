//! The repository carries a history made from public facts: the first whole answer of a source confirms it in silence.

use crate::{
    run::{FIRST, SECOND, Toy, Tree, read_into},
    world::{Fault, Release, World},
};

const SEEDED: &str = "2026-06-09T03:17:00Z";

/// The toy world, with a seed of it.
fn seeded() -> Toy {
    let toy = Toy::new();
    let ended = toy.at(SEEDED).token().args(&["--seed"]).run();
    assert_eq!(ended.code, 0, "{}", ended.stderr);
    toy.world().requests.clear();
    toy
}

#[test]
fn a_seed_says_of_each_source_that_it_is_one_and_holds_no_trace_of_the_run() {
    let toy = seeded();
    for (project, source) in
        [("alpha", "github:example/alpha"), ("alpha", "pypi:alpha"), ("charlie", "github:example/charlie")]
    {
        let state = toy.source(project, source);
        assert_eq!((&state["state"], &state["as_of"]), (&"seed".into(), &"2026-06-09".into()), "{state}");
        assert!(state.get("id").is_none(), "{state}");
    }
    for (name, bytes) in toy.tree().iter().filter(|(name, _)| name.starts_with("data/projects/")) {
        let text = String::from_utf8_lossy(bytes);
        assert!(!text.contains("127.0.0.1") && !text.contains("recorded"), "{name}: {text}");
    }
}

#[test]
fn a_live_run_confirms_a_seed_in_silence() {
    let toy = seeded();
    let ids = |toy: &Toy| -> Vec<String> {
        let projects = ["alpha", "bravo", "charlie", "echo"];
        projects.iter().flat_map(|id| toy.entries(&format!("projects/{id}"))).map(|[id, ..]| id).collect()
    };
    let before = ids(&toy);
    toy.world().repository("example/Bravo").releases.retain(|release| release.tag != "v3.3.6");
    let ended = toy.good_night(FIRST);
    let after = ids(&toy);
    let gone: Vec<_> = before.iter().filter(|id| !after.contains(id)).collect();
    assert_eq!(gone, ["tag:example.org,2026:bravo/3.3.6"], "what the answer lacks is removed");
    for [_, title, date, _] in toy.entries("feeds/all") {
        assert!(!date.starts_with("2026-06-10"), "{title} is no news: {date}");
    }
    for (project, source) in
        [("alpha", "github:example/alpha"), ("alpha", "pypi:alpha"), ("charlie", "github:example/charlie")]
    {
        assert_eq!(toy.source(project, source)["state"], "ok");
    }
    assert_eq!(ended.says("withdrawn"), 0);
}

#[test]
fn a_confirmed_seed_is_what_a_first_live_run_would_have_recorded() {
    let (grown, fresh) = (Toy::new(), Toy::new());
    assert_eq!(grown.at(FIRST).token().args(&["--seed"]).run().code, 0);
    grown.good_night(FIRST);
    fresh.good_night(FIRST);
    for id in ["alpha", "bravo", "charlie", "delta", "echo", "foxtrot"] {
        let name = format!("data/projects/{id}.json");
        assert_eq!(grown.json(&name), fresh.json(&name), "{id}");
    }
}

#[test]
fn a_source_that_fails_leaves_its_seed_until_it_answers() {
    let toy = seeded();
    let before = toy.entries("projects/alpha");
    toy.world().fault("/repos/example/alpha", Fault::status(404));
    assert_eq!(toy.at(FIRST).token().run().code, 0);
    assert_eq!(toy.source("alpha", "github:example/alpha")["state"], "seed");
    assert_eq!(toy.source("alpha", "pypi:alpha")["state"], "ok");
    assert_eq!(toy.entries("projects/alpha").len(), before.len());
    toy.world().faults.clear();
    toy.good_night(SECOND);
    assert_eq!(toy.source("alpha", "github:example/alpha")["state"], "ok");
    let ids = |entries: &[[String; 4]]| entries.iter().map(|[id, ..]| id.clone()).collect::<Vec<_>>();
    assert_eq!(ids(&toy.entries("projects/alpha")), ids(&before));
    assert!(toy.entries("feeds/all").iter().all(|[_, _, date, _]| date.as_str() < SEEDED));
}

#[test]
fn what_comes_after_a_confirmed_seed_is_news() {
    let toy = seeded();
    toy.good_night(FIRST);
    toy.world().repository("example/alpha").releases.insert(0, Release::new("v1.2.0", "2026-06-10T12:00:00Z"));
    toy.good_night(SECOND);
    assert_eq!(toy.entries("feed")[0][1..3], ["Alpha 1.2.0", SECOND]);
}

#[test]
fn a_fresh_clone_builds_a_full_site_with_no_network() {
    let repository = std::path::Path::new(env!("CARGO_MANIFEST_DIR"));
    let toy = Toy::of(World::default(), &std::fs::read_to_string(repository.join("projects.toml")).unwrap());
    let mut carried = Tree::new();
    read_into(&mut carried, &repository.join("site/data/projects"), "data/projects/");
    carried.insert("data/sources.json".to_owned(), std::fs::read(repository.join("site/data/sources.json")).unwrap());
    std::fs::create_dir_all(toy.path("data/projects")).unwrap();
    for (name, bytes) in &carried {
        std::fs::write(toy.path(name), bytes).unwrap();
    }
    let ended = toy.at(FIRST).args(&["--offline"]).run();
    assert_eq!(ended.code, 0, "{}", ended.stderr);
    let kept = toy.tree();
    assert!(carried.iter().all(|(name, bytes)| kept[name] == *bytes), "an offline build leaves the memory alone");
    for feed in ["feed", "feeds/all", "projects/openexr"] {
        let [atom, rss, json] = ["atom", "rss", "json"].map(|ending| toy.read(&format!("{feed}.{ending}")));
        let ids = |text: &str| -> Vec<String> {
            feed_rs::parser::parse(text.as_bytes()).unwrap().entries.into_iter().map(|entry| entry.id).collect()
        };
        assert!(ids(&atom).len() >= 50, "{feed}");
        assert_eq!((ids(&atom), ids(&atom)), (ids(&rss), ids(&json)), "{feed}");
    }
    let joined = toy.json("feeds/all.json");
    let named = |item: &&serde_json::Value| item["title"] == "OpenEXR 3.4.15";
    let entries: Vec<_> = joined["items"].as_array().unwrap().iter().filter(named).collect();
    let channels = entries[0]["_release"]["channels"].as_array().unwrap();
    let channels: Vec<_> = channels.iter().map(|channel| channel["channel"].as_str().unwrap()).collect();
    assert_eq!((entries.len(), channels), (1, vec!["github", "pypi"]));
}

#[test]
fn what_came_between_the_seed_and_the_first_answer_is_in_the_feeds_at_its_own_date() {
    let toy = seeded();
    toy.world().repository("example/alpha").releases.insert(0, Release::new("v1.2.0", "2026-06-09T12:00:00Z"));
    let ended = toy.good_night(FIRST);
    assert_eq!(toy.entries("feed")[0][1..3], ["Alpha 1.2.0", "2026-06-09T12:00:00Z"]);
    assert_eq!(ended.says("\n1 new release\n"), 1, "{}", ended.stderr);
}
