//! What GitHub gets and does not get: the token, the budget of those without one, and nothing more once the quota ends.

use crate::{
    run::{FIRST, SECOND, TOKEN, Toy},
    world::{Fault, Release, Repository, World},
};

#[test]
fn the_token_goes_to_the_api_alone_and_appears_nowhere() {
    let toy = Toy::new();
    toy.world().fault("/repositories/105/releases", Fault::status(404));
    let ended = toy.at(FIRST).token().args(&["-vv"]).run();
    assert_eq!(ended.code, 0, "{}", ended.stderr);
    assert!(toy.world().requests.iter().all(|asked| asked.authorized == asked.github));
    assert!(toy.world().asked() > (5, 1));
    assert!(ended.says("/repos/example/alpha/releases") > 0, "the requests are told: {}", ended.stderr);
    assert!(!ended.stderr.contains(TOKEN) && !ended.stdout.contains(TOKEN));
    for (name, bytes) in toy.tree() {
        assert!(!String::from_utf8_lossy(&bytes).contains(TOKEN), "{name}");
    }
}

#[test]
fn a_token_is_not_sent_in_the_clear() {
    let toy = Toy::new();
    let ended = toy.at(FIRST).token().asking("http://api.example.org/", "http://127.0.0.1:9/").run();
    assert_eq!(ended.code, 1);
    assert_eq!(ended.says("refusing to send GITHUB_TOKEN"), 1, "{}", ended.stderr);
    assert!(!ended.stderr.contains(TOKEN));
    assert_eq!(toy.tree().len(), 0);
}

/// A world of sixty repositories, the first of which has many releases.
fn crowd() -> Toy {
    let mut world = World::toy();
    let mut projects = Vec::new();
    for n in 0..60 {
        let count = if n == 0 { 150 } else { 1 };
        let releases = (0..count).map(|m| Release::new(&format!("v1.{}", count - m), "2026-01-01T00:00:00Z")).collect();
        world.repositories.push(Repository {
            id: 1000 + n,
            name: format!("crowd/p{n}"),
            releases,
            ..Repository::default()
        });
        let group = if n == 7 { ", group = \"daily\"" } else { "" };
        projects.push(format!("id = \"p{n}\"\nname = \"P{n}\"\ngithub = {{ repo = \"crowd/p{n}\"{group} }}"));
    }
    projects.push("id = \"alpha\"\nname = \"Alpha\"\npypi = [{ name = \"alpha\" }]".to_owned());
    projects.push("id = \"tags\"\nname = \"T\"\ngithub = { repo = \"example/charlie\", from = \"tags\" }".to_owned());
    Toy::with_projects(world, &projects.iter().map(String::as_str).collect::<Vec<_>>())
}

#[test]
fn without_a_token_fifty_requests_by_name_and_one_page_a_list() {
    let toy = crowd();
    let ended = toy.at(FIRST).run();
    assert_eq!(ended.code, 0, "{}", ended.stderr);
    let asked = toy.world().requests.clone();
    let github: Vec<_> = asked.iter().filter(|asked| asked.github).collect();
    assert_eq!(github.len(), 50);
    assert!(github.iter().all(|asked| asked.path.starts_with("/repos/") && asked.path.ends_with("/releases")));
    assert!(github.iter().all(|asked| asked.page == 1 && !asked.authorized));
    assert!(github.iter().all(|asked| asked.path != "/repos/crowd/p7/releases"), "what is grouped comes last");
    assert_eq!(ended.says("not read without a token"), 1, "{}", ended.stderr);
    assert_eq!(ended.says("set GITHUB_TOKEN"), 1, "{}", ended.stderr);
    assert_eq!(ended.says("11 sources"), 1, "{}", ended.stderr);
    let told = "no security advisories are read, and 1 list of GitHub's no further";
    assert_eq!(ended.says(told), 1, "{}", ended.stderr);
    assert!(!toy.read("data/sources.json").contains("stale"));
    assert_eq!(toy.json("status.json")["counts"]["stale"], 0);
    assert!(!toy.titles("projects/alpha").is_empty());
}

#[test]
fn a_night_without_a_token_makes_nothing_stale_and_moves_nothing() {
    let toy = Toy::new();
    toy.good_night(FIRST);
    let (sources, entries) = (toy.read("data/sources.json"), toy.entries("feeds/all"));
    toy.world().requests.clear();
    assert_eq!(toy.at(SECOND).run().code, 0);
    assert_eq!((toy.read("data/sources.json"), toy.entries("feeds/all")), (sources, entries));
    let paths: Vec<_> = toy.world().requests.iter().map(|asked| asked.path.clone()).collect();
    let costly = |path: &String| path.contains("/commits") || path.ends_with("/security-advisories");
    assert!(!paths.iter().any(costly), "{paths:?}");
    let by_name = paths.iter().any(|path| path.starts_with("/repos/"));
    assert!(!by_name, "a number that is known is worth more than a name: {paths:?}");
}

#[test]
fn once_the_quota_is_used_up_github_is_asked_no_more() {
    let toy = Toy::new();
    toy.good_night(FIRST);
    toy.world().requests.clear();
    toy.world().quota = Some(4);
    let ended = toy.at(SECOND).token().args(&["--jobs", "1"]).run();
    assert_eq!(ended.code, 0, "{}", ended.stderr);
    assert_eq!(toy.world().asked(), (5, 2), "two repositories and the refusal; the index is read all the same");
    assert_eq!(ended.says("the hour's quota of requests is used up"), 1, "{}", ended.stderr);
    assert_eq!(ended.says("3 sources not read, and shown as remembered"), 1, "{}", ended.stderr);
    assert_eq!(toy.source("foxtrot", "pypi:foxtrot-tools")["state"], "ok");
}

#[test]
fn a_refused_token_is_told_once_and_never_left_out_in_silence() {
    let toy = Toy::new();
    toy.good_night(FIRST);
    toy.world().requests.clear();
    for id in 101..=105 {
        toy.world().fault(&format!("/repositories/{id}/releases"), Fault::status(401));
        toy.world().fault(&format!("/repositories/{id}/tags"), Fault::status(401));
    }
    let ended = toy.at(SECOND).token().args(&["--jobs", "1"]).run();
    assert_eq!(ended.code, 0, "{}", ended.stderr);
    assert_eq!(toy.world().asked(), (1, 2));
    assert!(toy.world().requests.iter().all(|asked| asked.authorized == asked.github));
    assert_eq!(ended.says("the token is refused"), 1, "{}", ended.stderr);
    assert_eq!(ended.says("set GITHUB_TOKEN to a valid token, or unset it"), 1, "{}", ended.stderr);
}

#[test]
fn a_wait_longer_than_a_minute_ends_the_asking() {
    let toy = Toy::new();
    let tired = Fault::status(429).header("retry-after", "3600");
    for id in 101..=105 {
        toy.world().fault(&format!("/repositories/{id}/releases"), tired.clone());
    }
    let ended = toy.at(FIRST).token().args(&["--jobs", "1"]).run();
    assert_eq!((ended.code, ended.says("it asks for fewer requests")), (0, 1), "{}", ended.stderr);
    let tried = toy.world().requests.iter().filter(|asked| asked.path.ends_with("/releases")).count();
    assert_eq!(tried, 1);
}
