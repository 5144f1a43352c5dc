//! What the three formats of a feed say, read back by somebody else's reader.

use std::collections::HashSet;

use crate::{
    run::{FIRST, Toy},
    world::{Release, World},
};

/// All feeds of the toy site, without an ending.
fn feeds(toy: &Toy) -> Vec<String> {
    let tree = toy.tree();
    let feeds: Vec<_> = tree.keys().filter_map(|name| name.strip_suffix(".atom")).map(str::to_owned).collect();
    assert!(feeds.len() >= 9, "{feeds:?}");
    feeds
}

/// Id, title, link, date and content of each entry, as a feed reader takes them.
type Rows = Vec<(String, String, String, i64, String)>;

fn parse(toy: &Toy, file: &str) -> Rows {
    let feed = feed_rs::parser::parse(toy.read(file).as_bytes()).unwrap_or_else(|error| panic!("{file}: {error}"));
    let row = |entry: feed_rs::model::Entry| {
        let content = entry.content.and_then(|content| content.body).unwrap_or_default();
        let date = entry.published.unwrap().timestamp();
        assert!(entry.updated.is_none_or(|updated| updated.timestamp() == date), "{file}: two dates");
        assert!(!entry.summary.unwrap().content.is_empty(), "{file}: no summary");
        (entry.id, entry.title.unwrap().content, entry.links[0].href.clone(), date, content)
    };
    feed.entries.into_iter().map(row).collect()
}

fn is_legal(c: char) -> bool {
    matches!(c, '\t' | '\n' | '\r') || (c >= ' ' && c != '\u{fffe}' && c != '\u{ffff}')
}

#[test]
fn the_three_formats_hold_the_same_entries_newest_first() {
    let toy = Toy::new();
    toy.good_night(FIRST);
    for feed in feeds(&toy) {
        let [atom, rss, json] = ["atom", "rss", "json"].map(|ending| parse(&toy, &format!("{feed}.{ending}")));
        assert!(!atom.is_empty(), "{feed}");
        assert_eq!(atom, rss, "{feed}");
        assert_eq!(atom, json, "{feed}");
        assert!(atom.is_sorted_by(|a, b| a.3 > b.3), "{feed}: {atom:#?}");
    }
}

#[test]
fn no_two_entries_of_the_site_share_a_second() {
    let toy = Toy::new();
    toy.good_night(FIRST);
    let entries: HashSet<_> = feeds(&toy).iter().flat_map(|feed| toy.entries(feed)).collect();
    let seconds: HashSet<_> = entries.iter().map(|[_, _, date, _]| date).collect();
    let ids: HashSet<_> = entries.iter().map(|[id, ..]| id).collect();
    assert_eq!((seconds.len(), ids.len()), (entries.len(), entries.len()), "{entries:#?}");
    // Both lines of Bravo were released in one second.
    assert!(entries.iter().filter(|[.., date, _]| date.starts_with("2026-06-08T09:00:0")).count() == 2);
}

#[test]
fn a_merged_feed_holds_five_hundred_entries_of_a_burst_and_more_where_the_catalog_says_so() {
    let toy = Toy::new();
    let many = (0..600).rev().map(|n| Release::new(&format!("v9.{n}"), "2026-06-09T12:00:00Z"));
    toy.world().repository("example/alpha").releases = many.collect();
    toy.good_night(FIRST);
    let burst = toy.entries("feeds/all");
    assert_eq!(burst.len(), 500);
    toy.write_catalog(&include_str!("../data/projects.toml").replace("newest = 6", "newest = 550"));
    toy.good_night(FIRST);
    let more = toy.entries("feeds/all");
    assert_eq!(more.len(), 550);
    assert!(more.starts_with(&burst), "the newest are those that stay");
}

#[test]
fn an_rss_guid_is_no_permalink_and_a_feed_names_itself() {
    let toy = Toy::new();
    toy.good_night(FIRST);
    let rss = toy.read("feed.rss");
    assert_eq!(rss.matches("<item>").count(), 6);
    assert_eq!(rss.matches("<guid isPermaLink=\"false\">tag:example.org,2026:").count(), 6);
    assert!(rss.contains(r#"href="https://example.org/releases/feed.rss""#), "{rss}");
    assert!(toy.read("feed.atom").contains(r#"href="https://example.org/releases/feed.atom""#));
    assert_eq!(toy.json("feed.json")["feed_url"], "https://example.org/releases/feed.json");
}

#[test]
fn a_version_on_github_and_pypi_is_one_entry_with_two_channels() {
    let toy = Toy::new();
    toy.good_night(FIRST);
    let feed = toy.json("projects/alpha.json");
    let items = feed["items"].as_array().unwrap();
    let titles: Vec<_> = items.iter().map(|item| item["title"].as_str().unwrap()).collect();
    assert_eq!(titles, ["Alpha 1.1.0", "Alpha 1.0.post1", "Alpha 1.0.0", "Alpha 0.9"]);
    let joined = &items[2];
    assert_eq!(joined["id"], "tag:example.org,2026:alpha/1.0.0");
    assert_eq!(joined["url"], "https://example.org/example/alpha/releases/tag/v1.0.0");
    assert_eq!(joined["date_published"], "2026-05-01T09:00:00Z", "the earlier of its two channels");
    let facts = &joined["_release"];
    assert_eq!(
        (&facts["kind"], &facts["version"], &facts["stability"]),
        (&"release".into(), &"1.0.0".into(), &"final".into())
    );
    let channel =
        |n: usize| ["channel", "name", "url", "released", "state"].map(|key| facts["channels"][n][key].clone());
    let page = format!("{}/project/Alpha/1.0/", toy.upstream.index());
    assert_eq!(
        channel(0),
        ["github", "example/alpha", joined["url"].as_str().unwrap(), "2026-05-01T10:00:00Z", "present"]
    );
    assert_eq!(channel(1), ["pypi", "Alpha", &page, "2026-05-01T09:00:00Z", "present"]);
    assert_eq!(facts["channels"].as_array().unwrap().len(), 2);
    let yanked = &items[1]["_release"]["channels"];
    assert_eq!((&yanked[0]["channel"], &yanked[0]["state"]), (&"pypi".into(), &"yanked".into()));
}

#[test]
fn merged_feeds_take_what_they_are_for() {
    let toy = Toy::new();
    toy.good_night(FIRST);
    let all = toy.titles("feeds/all");
    let finals = toy.titles("feed");
    let candidate = "Bravo 3.4.1-rc (pre-release)".to_owned();
    assert!(all.contains(&candidate) && !finals.contains(&candidate), "{all:#?}");
    assert!(all.contains(&"Delta images: 2 releases on 2026-06-07".to_owned()), "{all:#?}");
    assert!(!finals.iter().any(|title| title.starts_with("Delta")));
    let lines = toy.titles("feeds/lines");
    assert!(lines.iter().all(|title| title.starts_with("Alpha 1.") || title.starts_with("Bravo 3.")), "{lines:#?}");
    assert!(lines.contains(&"Bravo 3.3.7".to_owned()) && !lines.contains(&"Charlie 0.9.1".to_owned()));
    assert_eq!(toy.titles("projects/echo"), ["Echo 2.0", "Echo 1.0"]);
    assert_eq!(toy.titles("projects/foxtrot"), ["Foxtrot 2.1b1 (pre-release)", "Foxtrot 2.0"]);
    assert_eq!(toy.json("data/projects/echo.json")["left_out"]["no-version"][0], "reverb_9.9");
}

#[test]
fn hostile_names_tags_and_notes_are_well_formed_and_harmless_everywhere() {
    let notes = "]]> &amp; <script>alert(1)</script> a\u{1}b\u{b}c \u{202e}desrever\u{fffe}\u{ffff}\n\n\
                 [click](javascript:alert(2)) <img src=x onerror=alert(3)> <b>bold <i>never closed\n\n\
                 <style>*{}</style><iframe src=https://example.org/></iframe></content></entry></feed> somebody@example.org";
    let hostile = ["1.0-]]><script>x", "2.0&amp;\u{202e}\u{1}x", "3.0<b>\"'"];
    let releases = hostile.iter().enumerate().map(|(n, tag)| {
        let mut release = Release::new(tag, &format!("2026-06-0{}T10:00:00Z", n + 1)).notes(notes);
        release.html_url = Some("https://example.org/h/h/releases/tag/x?a=1&b=]]>\"<script>".to_owned());
        release
    });
    let mut world = World::toy();
    world.repository("example/alpha").releases = releases.collect();
    let project = "id = \"alpha\"\nname = \"H ]]> <script>&amp;\"\ngithub = { repo = \"example/alpha\" }";
    let toy = Toy::with_projects(world, &[project]);
    toy.good_night(FIRST);
    for feed in ["feed", "feeds/all", "projects/alpha"] {
        let [atom, rss, json] = ["atom", "rss", "json"].map(|ending| parse(&toy, &format!("{feed}.{ending}")));
        // The tag that hides some of its characters names no version.
        assert_eq!((atom.len(), &atom), (2, &rss));
        assert_eq!(atom, json);
        for (_, title, link, _, content) in atom {
            assert!(title.chars().all(|c| is_legal(c) && c != '\u{202e}'), "{title:?}");
            assert!(title.starts_with("H ]]> <script>&amp; "), "neither lost nor escaped twice: {title}");
            assert!(link.starts_with("https://example.org/h/h/"), "{link}");
            for bad in ["<script", "javascript:", "onerror=", "<style", "<iframe", "somebody@", "\u{202e}", "\u{1}"] {
                assert!(!content.contains(bad), "{bad}: {content}");
            }
            assert!(content.contains("]]&gt;") && content.contains("desrever"), "{content}");
        }
    }
    let is_shown = |name: &str| [".atom", ".rss", ".opml", ".html"].iter().any(|ending| name.ends_with(ending));
    for (name, bytes) in toy.tree().into_iter().filter(|(name, _)| is_shown(name)) {
        let text = String::from_utf8(bytes).unwrap();
        assert!(text.chars().all(|c| is_legal(c) && c != '\u{202e}'), "{name}");
        assert!(!text.contains("<script>x") && !text.contains("<script>alert"), "{name}: {text}");
    }
}
