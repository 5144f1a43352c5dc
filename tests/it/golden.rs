//! The whole site over the toy world is compared with `tests/golden/`, file by file.
//!
//! After a change that is meant to show, write the files anew with `BLESS=1 cargo test --test it golden`, and read
//! `git diff tests/golden` before you commit it.

use std::{fs, path::Path};

use crate::run::{FIRST, SECOND, Toy, Tree, differing, read_into};

const BLESS: &str = "after a change that is meant to show: BLESS=1 cargo test --test it golden";

/// The site's files as they would be with an index of a constant name, without the one that has the run in it, the
/// style, which is `templates/style.css` with a colour, and the script, which is `templates/site.js`.
fn site(toy: &Toy) -> Tree {
    let mut tree = toy.tree();
    assert!(tree.remove("status.json").is_some());
    assert!(tree.remove("style.css").unwrap().starts_with(include_bytes!("../../templates/style.css")));
    assert_eq!(tree.remove("site.js").unwrap(), include_bytes!("../../templates/site.js"));
    let index = toy.upstream.index();
    for bytes in tree.values_mut() {
        *bytes = String::from_utf8(std::mem::take(bytes)).unwrap().replace(&index, "https://index.example.org").into();
    }
    tree
}

#[test]
fn the_site_is_the_golden_one() {
    let toy = Toy::new();
    let ended = toy.at(FIRST).token().args(&["--url", "https://example.org/releases/"]).run();
    assert_eq!(ended.code, 0, "{}", ended.stderr);
    let written = site(&toy);
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden");
    if std::env::var_os("BLESS").is_some() {
        fs::remove_dir_all(&folder).ok();
        for (name, bytes) in &written {
            let path = folder.join(name);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, bytes).unwrap();
        }
        return;
    }
    let mut golden = Tree::new();
    read_into(&mut golden, &folder, "");
    let differing = differing(&golden, &written);
    let first = differing.first().map(|name| first_difference(&golden, &written, name)).unwrap_or_default();
    assert!(differing.is_empty(), "these are not the golden ones: {differing:#?}\n{first}\n{BLESS}");
}

/// The first line of a file in which two trees differ.
fn first_difference(golden: &Tree, written: &Tree, name: &str) -> String {
    let text = |tree: &Tree| tree.get(name).map(|bytes| String::from_utf8_lossy(bytes).into_owned());
    let (Some(golden), Some(written)) = (text(golden), text(written)) else {
        return format!("{name}: stands on one side alone");
    };
    let number = golden.lines().zip(written.lines()).take_while(|(golden, written)| golden == written).count();
    let line = |text: &str| text.lines().nth(number).unwrap_or("(nothing)").to_owned();
    format!("{name}:{}:\n- {}\n+ {}", number + 1, line(&golden), line(&written))
}

#[test]
fn a_second_run_writes_nothing_but_its_status() {
    let toy = Toy::new();
    toy.good_night(FIRST);
    let modified = || -> Vec<_> {
        let times = toy.tree().into_keys().map(|name| {
            let time = fs::metadata(toy.path(&name)).unwrap().modified().unwrap();
            (name, time)
        });
        times.filter(|(name, _)| name != "status.json").collect()
    };
    let (before, times) = (toy.tree(), modified());
    let ended = toy.good_night("2026-06-10T05:17:00Z");
    assert_eq!(differing(&before, &toy.tree()), ["status.json"]);
    assert_eq!(times, modified());
    assert_eq!(ended.says("\n1 of 68 files written, 0 of the memory, 0 removed"), 1, "{}", ended.stderr);
}

#[test]
fn a_site_that_somebody_changed_is_made_good_though_nothing_is_new() {
    let toy = Toy::new();
    // The second one has nothing new, and says so in its status.
    toy.good_night(FIRST);
    toy.good_night(FIRST);
    let before = toy.tree();
    let page = toy.read("projects/alpha.html");
    let changes: [&dyn Fn(); 4] = [
        &|| toy.write("site/projects/alpha.html", &page.replace("Alpha", "Omega")),
        &|| fs::remove_file(toy.path("feed.rss")).unwrap(),
        &|| toy.write("site/projects/nobody.html", "of a project that left"),
        &|| toy.write("site/.colophon", "of another site"),
    ];
    for change in changes {
        change();
        toy.good_night(FIRST);
        assert_eq!(differing(&before, &toy.tree()), [""; 0]);
    }
}

#[test]
fn the_order_and_pace_of_answers_change_no_byte() {
    let toy = Toy::new();
    toy.good_night(FIRST);
    let first = toy.tree();
    for (site, jitter) in ["1", "2", "3", "4", "5", "6", "7", "8", "9", "10"].into_iter().zip(1..) {
        toy.world().jitter = Some(jitter);
        let jobs = if jitter % 3 == 0 { "2" } else { "64" };
        assert_eq!(toy.at(FIRST).token().site(site).args(&["--jobs", jobs]).run().code, 0);
        assert_eq!(differing(&first, &toy.tree_of(site)), [""; 0], "run {site}");
    }
}

#[test]
fn offline_builds_what_the_live_run_built() {
    let toy = Toy::new();
    toy.good_night(FIRST);
    let live = toy.tree();
    for folder in ["projects", "feeds"] {
        fs::remove_dir_all(toy.path(folder)).unwrap();
    }
    fs::write(toy.path("feed.atom"), "half").unwrap();
    let asked = toy.world().asked();
    let ended = toy.at(SECOND).args(&["--offline"]).run();
    assert_eq!(ended.code, 0, "{}", ended.stderr);
    assert_eq!(differing(&live, &toy.tree()), ["status.json"]);
    assert_eq!(toy.world().asked(), asked);
}

#[test]
fn a_project_that_left_the_catalog_leaves_its_history_alone_behind() {
    let toy = Toy::new();
    toy.good_night(FIRST);
    let before = toy.tree();
    let catalog = include_str!("../data/projects.toml");
    let (kept, _) = catalog.split_once("# Took over a name").unwrap();
    toy.write_catalog(kept);
    toy.good_night(SECOND);
    let after = toy.tree();
    let gone: Vec<_> = before.keys().filter(|name| !after.contains_key(*name)).collect();
    assert_eq!(
        gone,
        [
            "badges/foxtrot.svg",
            "projects/foxtrot.atom",
            "projects/foxtrot.html",
            "projects/foxtrot.json",
            "projects/foxtrot.rss"
        ]
    );
    assert_eq!(before["data/projects/foxtrot.json"], after["data/projects/foxtrot.json"]);
    assert!(!toy.read("feeds/all.json").contains("Foxtrot"));
    toy.write_catalog(catalog);
    toy.good_night(SECOND);
    assert_eq!(differing(&before, &toy.tree()), ["status.json"], "it comes back as it was");
}

#[test]
fn a_site_of_another_foundation_names_no_foundation_but_its_own() {
    let toy = Toy::new();
    toy.good_night(FIRST);
    for (name, bytes) in toy.tree() {
        let text = String::from_utf8_lossy(&bytes).replace("AcademySoftwareFoundation/aswf-release-feed", "");
        let ours =
            ["ASWF", "Academy", "VFX", "Reference Platform", "OpenEXR"].into_iter().find(|word| text.contains(word));
        assert_eq!(ours, None, "{name}");
    }
    assert!(toy.read("style.css").contains("--link: #7a1f5c") && toy.read("index.html").contains(">Foundation</a>"));
}
