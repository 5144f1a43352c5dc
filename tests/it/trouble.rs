//! Sources that do not answer, or not as they should, beside what `faults` has.

use crate::{
    run::{FIRST, SECOND, Toy, Tree},
    wire::NOWHERE,
    world::{Fault, Release},
};

const ALPHA: &str = "/repositories/101/releases";

/// What belongs to one project: its memory and its feeds.
fn of(tree: &Tree, id: &str) -> Tree {
    let own = tree.iter().filter(|(name, _)| name.contains(&format!("projects/{id}.")) && !name.contains(".html"));
    own.map(|(name, bytes)| (name.clone(), bytes.clone())).collect()
}

#[test]
fn trouble_with_a_package_names_its_address() {
    let toy = Toy::new();
    toy.good_night(FIRST);
    let before = toy.tree();
    toy.world().fault("/simple/foxtrot-tools/", Fault::body(r#"{"versions": [], "files": []}"#));
    toy.world().fault("/simple/alpha/", Fault::status(404));
    let ended = toy.good_night(SECOND);
    for (project, path) in [("alpha: pypi:Alpha", "alpha"), ("foxtrot: pypi:foxtrot-tools", "foxtrot-tools")] {
        assert_eq!(ended.says(&format!("warning: {project} was not read: ")), 1, "{}", ended.stderr);
        assert_eq!(ended.says(&format!("({}/simple/{path}/)", toy.upstream.index())), 1, "{}", ended.stderr);
    }
    let (alpha, foxtrot) = (of(&toy.tree(), "alpha"), of(&toy.tree(), "foxtrot"));
    assert_eq!((alpha, foxtrot), (of(&before, "alpha"), of(&before, "foxtrot")));
}

#[test]
fn without_a_network_the_site_is_built_from_the_memory() {
    let toy = Toy::new();
    toy.good_night(FIRST);
    let before = toy.tree();
    let [api, index] = NOWHERE;
    let ended = toy.at(SECOND).token().asking(api, index).run();
    assert_eq!(ended.code, 0, "{}", ended.stderr);
    for host in NOWHERE {
        let host = host.strip_prefix("http://").unwrap();
        assert_eq!(ended.says(&format!("warning: {host}: no connection")), 1, "{}", ended.stderr);
    }
    assert_eq!(ended.says("warning:"), 2, "{}", ended.stderr);
    let after = toy.tree();
    assert_eq!(before.keys().collect::<Vec<_>>(), after.keys().collect::<Vec<_>>());
    assert_eq!(of(&before, "bravo"), of(&after, "bravo"));
    assert_eq!(toy.source("bravo", "github:example/bravo")["since"], "2026-06-11");
}

#[test]
fn without_a_network_and_a_memory_nothing_is_written() {
    let toy = Toy::new();
    let [api, index] = NOWHERE;
    let ended = toy.at(FIRST).token().asking(api, index).run();
    assert_eq!(ended.code, 1);
    assert_eq!(ended.says("nothing to publish"), 1, "{}", ended.stderr);
    assert!(ended.says("no connection") >= 1, "{}", ended.stderr);
    assert_eq!(toy.tree().len(), 0);
}

#[test]
fn a_moved_repository_is_followed_and_told() {
    for token in [true, false] {
        let toy = Toy::new();
        {
            let mut world = toy.world();
            let alpha = world.repository("example/alpha");
            alpha.name = "elsewhere/alpha".to_owned();
            alpha.releases[0].html_url = Some("https://example.org/elsewhere/alpha/releases/tag/v1.1.0".to_owned());
            world.moved.insert("example/alpha".to_owned(), 101);
        }
        let night = toy.at(FIRST);
        let ended = if token { night.token().run() } else { night.run() };
        assert_eq!(ended.code, 0, "{}", ended.stderr);
        let warning = "warning: alpha: github:example/alpha is now elsewhere/alpha: write that in the catalog";
        assert_eq!(ended.says(warning), 1, "{}", ended.stderr);
        assert_eq!(toy.titles("projects/alpha").len(), 4);
        let state = toy.source("alpha", "github:example/alpha");
        assert_eq!((&state["state"], &state["moved_to"]), (&"ok".into(), &"elsewhere/alpha".into()));
    }
}

#[test]
fn a_move_keeps_the_links_of_entries() {
    let toy = Toy::new();
    toy.good_night(FIRST);
    let before = toy.entries("projects/alpha");
    {
        let mut world = toy.world();
        world.repository("example/alpha").name = "elsewhere/alpha".to_owned();
        world.moved.insert("example/alpha".to_owned(), 101);
    }
    let ended = toy.good_night(SECOND);
    assert_eq!(ended.says("is now elsewhere/alpha"), 1, "{}", ended.stderr);
    assert_eq!(toy.entries("projects/alpha"), before);
}

#[test]
fn bad_items_are_skipped_and_told_and_the_others_kept() {
    let toy = Toy::new();
    {
        let mut world = toy.world();
        let alpha = &mut world.repository("example/alpha").releases;
        alpha.insert(0, Release { tag: "v1.9".to_owned(), ..Release::default() });
        alpha.insert(0, Release { draft: true, ..Release::new("v2.0.0-draft", "2026-06-09T00:00:00Z") });
        alpha.insert(0, Release { html_url: Some("javascript:x".to_owned()), ..Release::new("v1.8", FIRST) });
        alpha.insert(0, Release::new("v3.0.0", "2026-06-10T09:00:00Z"));
        let good = r#"{"tag_name": "v1.0", "html_url": "https://example.org/a/b/releases/tag/v1.0", "published_at": "2026-06-09T00:00:00Z"}"#;
        world.fault(
            "/repositories/105/releases",
            Fault::body(&format!(r#"[7, {{"tag_name": null}}, {}]"#, good.replace("v1.0", "echo_7.0"))),
        );
    }
    let ended = toy.good_night(FIRST);
    assert_eq!(ended.says("warning: alpha: github:example/alpha: the release v1.9 has no date"), 1, "{}", ended.stderr);
    assert_eq!(
        ended.says("warning: alpha: github:example/alpha: the release v1.8 has no usable address"),
        1,
        "{}",
        ended.stderr
    );
    assert_eq!(
        ended.says("warning: alpha: github:example/alpha: v3.0.0 waits, for it is dated 2026-06-10 09:00:00 UTC"),
        1,
        "{}",
        ended.stderr
    );
    assert_eq!(ended.says("warning: echo: github:example/echo: a release cannot be read"), 2, "{}", ended.stderr);
    assert_eq!(toy.titles("projects/echo"), ["Echo 7.0"]);
    assert_eq!(toy.titles("projects/alpha"), ["Alpha 1.1.0", "Alpha 1.0.post1", "Alpha 1.0.0", "Alpha 0.9"]);
    assert!(toy.tree().values().all(|bytes| !String::from_utf8_lossy(bytes).contains("2.0.0-draft")));
    toy.good_night(SECOND);
    assert_eq!(toy.entries("projects/alpha")[0][1..3], ["Alpha 3.0.0", SECOND], "it came with its time");
}

#[test]
fn what_a_stranger_wrote_gives_a_terminal_no_orders() {
    let toy = Toy::new();
    let release = |tag: &str, at: &str| Release::new(tag, at);
    {
        let mut world = toy.world();
        let alpha = &mut world.repository("example/alpha").releases;
        alpha.insert(0, release("v7\u{1b}]0;owned\u{7}", "2026-06-09T09:00:00Z"));
        alpha.insert(0, Release { published_at: None, ..release("v8\u{1b}[2J", "") });
        alpha.insert(0, release("v9\u{1b}[31m", "2027-06-09T09:00:00Z"));
    }
    let ended = toy.at(FIRST).token().args(&["-vv"]).run();
    assert_eq!(ended.says("v8\u{fffd}[2J has no date"), 1, "{}", ended.stderr);
    assert!(!ended.stderr.contains('\u{1b}') && !ended.stderr.contains('\u{7}'), "{}", ended.stderr);
}

#[test]
fn a_server_error_is_asked_again_and_a_missing_page_is_not() {
    let toy = Toy::new();
    toy.world().fault(ALPHA, Fault::status(503));
    toy.world().fault("/repositories/102/releases", Fault::status(404));
    toy.good_night(FIRST);
    let asked = |id: &str| toy.world().requests.iter().filter(|asked| asked.path.contains(id)).count();
    assert_eq!((asked("/alpha/releases"), asked("/Bravo/releases")), (3, 1));
}

#[test]
fn a_message_repeats_little_of_an_answer_that_cannot_be_read() {
    let toy = Toy::new();
    let long = "A".repeat(100_000);
    toy.world().fault("/simple/alpha/", Fault::body(&format!("{{\"versions\": \"{long}\"}}")));
    let bad = format!("[{}]", vec![format!("\"{long}\""); 30].join(", "));
    toy.world().fault("/repositories/105/releases", Fault::body(&bad));
    let ended = toy.good_night(FIRST);
    assert!(ended.stderr.lines().all(|line| line.chars().count() < 1_000));
    assert_eq!(ended.says("echo: github:example/echo: a release cannot be read"), 5);
    assert_eq!(ended.says("echo: github:example/echo: 25 more items cannot be read"), 1);
    assert!(toy.tree().values().all(|bytes| !String::from_utf8_lossy(bytes).contains(&long[..1_000])));
}
