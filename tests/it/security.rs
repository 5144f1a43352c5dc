//! Security advisories: what is told of them, and what they cost.

use crate::{run::*, world::*};

const ALPHA: &str =
    "id = \"alpha\"\nname = \"Alpha\"\ngithub = { repo = \"example/alpha\" }\npypi = [{ name = \"alpha\" }]";
const LIST: &str = "/repositories/101/security-advisories";

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
