//! What upstreams do every day, and what looks like a fault: most of it is told in `docs/promises.md`, and stands here as
//! the stand-in's own faults have it.

use super::{
    Expected::{Entry, Fresh, Told},
    *,
};
use crate::reliability;

/// Something that happens to the oldest release of a repository, …
fn release(name: &'static str, happens: fn(&mut Release), expected: Expected) -> Case {
    Case::made(name, expected, move |world, place| {
        happens(world.repository(&format!("faults/{}", place.id)).releases.last_mut().unwrap());
    })
}

/// … or to a package.
fn package(name: &'static str, happens: fn(&mut Package), expected: Expected) -> Case {
    Case::made(name, expected, move |world, place| happens(world.package(&place.id)))
}

fn releases() -> Vec<Case> {
    let missing = Case::made("a release is missing from the list, for a night or two", Fresh, |world, place| {
        world.repository(&format!("faults/{}", place.id)).releases.truncate(1);
    });
    let future = Case::made(
        "a release is dated a year ahead",
        Told("v9.0.0 waits, for it is dated 2027-06-10"),
        |world, place| {
            let release = Release::new("v9.0.0", "2027-06-10T12:00:00Z");
            world.repository(&format!("faults/{}", place.id)).releases.insert(0, release);
        },
    );
    let renamed = Case::made("the repository is renamed", Told(" is now elsewhere/"), |world, place| {
        for release in &mut world.repository(&format!("faults/{}", place.id)).releases {
            release.html_url = Some(format!("https://example.org/elsewhere/alpha/releases/tag/{}", release.tag));
        }
    });
    vec![
        missing,
        release("a release is a draft again", |release| release.draft = true, Fresh),
        release(
            "a release is deleted and made again",
            |release| {
                release.created_at = release.published_at.replace("2026-06-10T15:00:00Z".to_owned());
            },
            Fresh,
        ),
        release("a release's notes are edited", |release| release.body = Some("Other words.".to_owned()), Fresh),
        release("a release is flagged as a pre-release", |release| release.prerelease = true, Fresh),
        future,
        renamed,
    ]
}

fn packages() -> Vec<Case> {
    let quarantined = |package: &mut Package| {
        package.files.clear();
        package.status = Some("quarantined".to_owned());
    };
    vec![
        package(
            "a version is yanked",
            |package| package.files[0].yanked = "broken".into(),
            Entry("P0 1.0.0 yanked from PyPI: broken"),
        ),
        package("the package is quarantined, its files hidden", quarantined, Entry("P0: p0 quarantined on PyPI")),
        package(
            "the package is archived",
            |package| package.status = Some("archived".to_owned()),
            Entry("P0: p0 archived on PyPI"),
        ),
        package("a version's files are gone, for a night or two", |package| drop(package.files.remove(0)), Fresh),
        package(
            "a file is dated a year ahead",
            |package| {
                package.files.push(file(&package.name, "9.0.0", "2027-06-10T12:00:00Z"));
            },
            Told("9.0.0 waits, for it is dated 2027-06-10"),
        ),
    ]
}

#[test]
fn what_happens_every_day_is_no_trouble() {
    let rows = [rows(Kind::Releases, vec![releases()]), rows(Kind::Package, vec![packages()])].concat();
    reliability::section("What looks like a fault", &rows);
}
