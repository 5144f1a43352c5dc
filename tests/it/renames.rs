//! What goes on under another name: a moved repository, a renamed project.

use crate::{run::*, world::*};

const CATALOG: &str = include_str!("../data/projects.toml");

#[test]
fn writing_the_new_name_of_a_moved_repository_into_the_catalog_keeps_it_a_known_source() {
    let toy = Toy::new();
    toy.good_night(FIRST);
    toy.world().repository("example/alpha").name = "elsewhere/alpha".to_owned();
    toy.world().moved.insert("example/alpha".to_owned(), 101);
    toy.good_night("2026-06-10T20:17:00Z");
    toy.write_catalog(&CATALOG.replace("example/alpha", "elsewhere/alpha"));
    toy.world().repository("elsewhere/alpha").releases.insert(0, Release::new("v1.2.0", "2026-06-10T21:00:00Z"));
    toy.good_night(SECOND);
    assert_eq!(toy.entries("feed")[0][1..3], ["Alpha 1.2.0", SECOND]);
}

#[test]
fn a_renamed_project_keeps_states_entries_and_old_feed_paths() {
    let toy = Toy::new();
    toy.good_night(FIRST);
    let before = toy.entries("projects/echo");
    let sources = toy.source("echo", "github:example/echo");
    toy.write_catalog(&CATALOG.replace("id = \"echo\"", "id = \"ecco\"\nwas = [\"echo\"]"));
    toy.world().repository("example/echo").releases.insert(0, Release::new("echo_3.0", "2026-06-10T12:00:00Z"));
    toy.good_night(SECOND);
    assert_eq!(toy.entries("projects/ecco")[1..], before);
    assert_eq!(toy.source("ecco", "github:example/echo"), sources);
    assert_eq!(toy.entries("projects/ecco")[0][1..3], ["Echo 3.0", SECOND]);
    assert!(toy.path("projects/echo.atom").exists());
}
