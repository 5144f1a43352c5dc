//! What each thing that happens upstream does to the feeds: the promises to readers, night by night.

/// What is missing, and what is gone.
mod absence;
/// When a release is told, and under which date.
mod dates;
/// What happens to releases and sources after publication.
mod events;
/// Which release a sighting belongs to.
mod join;
/// What is made again, renamed, moved or taken over, and catalogs that change.
mod names;
/// What a seed tells: nothing.
mod seed;

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
    world.packages.push(Package { name: "alpha".to_owned(), files, ..Package::default() });
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
