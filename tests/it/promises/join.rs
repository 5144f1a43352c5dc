//! Which release a sighting belongs to.

use serde_json::json;

use super::*;

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
    let package = |name: &String| Package { name: name.clone(), files: vec![file(name, "1")], ..Package::default() };
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
