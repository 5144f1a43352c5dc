//! What the pages show, and where they lead.

use std::collections::{BTreeSet, HashMap};

use scraper::{ElementRef, Html, Selector};

use crate::{replay::Replay, run::*, world::*};

const ALPHA: &str =
    "id = \"alpha\"\nname = \"Alpha\"\ngithub = { repo = \"example/alpha\" }\npypi = [{ name = \"alpha\" }]";
const PLATFORMS: &str = "
[[platform]]
id = \"y2\"
name = \"Y2\"
status = \"draft\"
versions = { alpha = \"2.0\" }

[[platform]]
id = \"y1\"
name = \"Y1\"
status = \"final\"
versions = { alpha = \"1.4\" }
";

/// A site with these releases of Alpha on GitHub, `tag day`, and these versions on the index, after a night.
fn site(releases: &[&str], uploads: &[&str], more: &str) -> Toy {
    let mut world = World::default();
    let release = |text: &&str| {
        let (tag, day) = text.split_once(' ').unwrap();
        Release::new(tag, &format!("{day}T10:00:00Z"))
    };
    let releases = releases.iter().map(release).collect();
    world.repositories.push(Repository {
        id: 101,
        name: "example/alpha".to_owned(),
        releases,
        ..Repository::default()
    });
    let file = |text: &&str| {
        let (version, day) = text.split_once(' ').unwrap();
        File::new(version, &format!("alpha-{version}.tar.gz"), &format!("{day}T12:00:00Z"))
    };
    let files = uploads.iter().map(file).collect();
    world.packages.push(Package { name: "alpha".to_owned(), files, ..Package::default() });
    let toy = Toy::of(world, &(catalog_of(&[ALPHA]) + more));
    toy.good_night(FIRST);
    toy
}

fn page(toy: &Toy, name: &str) -> Html {
    Html::parse_document(&toy.read(name))
}

fn find<'h>(html: &'h Html, selector: &str) -> Vec<ElementRef<'h>> {
    html.select(&Selector::parse(selector).unwrap()).collect()
}

/// The texts of elements, with single spaces.
fn texts(html: &Html, selector: &str) -> Vec<String> {
    let text = |element: ElementRef<'_>| {
        let text: String = element.text().collect();
        text.split_whitespace().collect::<Vec<_>>().join(" ")
    };
    find(html, selector).into_iter().map(text).collect()
}

fn is_page(name: &str) -> bool {
    name.rsplit_once('.').is_some_and(|(_, ending)| ending == "html")
}

/// Every page of a site.
fn pages(toy: &Toy) -> HashMap<String, Html> {
    let pages = toy.tree().into_iter().filter(|(name, _)| is_page(name));
    pages.map(|(name, bytes)| (name, Html::parse_document(&String::from_utf8(bytes).unwrap()))).collect()
}

#[test]
fn no_link_inside_the_site_is_dead() {
    let toy = Toy::new();
    toy.good_night(FIRST);
    let (tree, pages) = (toy.tree(), pages(&toy));
    let ids =
        |html: &Html| find(html, "[id]").iter().map(|e| e.attr("id").unwrap().to_owned()).collect::<BTreeSet<_>>();
    let ids: HashMap<_, _> = pages.iter().map(|(name, html)| (name.clone(), ids(html))).collect();
    let site = "https://example.org/releases/";
    for (name, html) in &pages {
        let base = url::Url::parse(&format!("{site}{name}")).unwrap();
        for element in find(html, "[href], [src]") {
            let link = element.attr("href").or(element.attr("src")).unwrap();
            let url = base.join(link).unwrap();
            let Some(path) = url.as_str().split('#').next().unwrap().strip_prefix(site) else { continue };
            let path = if path.is_empty() { "index.html" } else { path };
            assert!(tree.contains_key(path), "{name} leads to {link}");
            if let (Some(fragment), Some(ids)) = (url.fragment(), ids.get(path)) {
                let id = percent_encoding::percent_decode_str(fragment).decode_utf8().unwrap().into_owned();
                assert!(ids.contains(&id), "{name} leads to {link}");
            }
        }
    }
}

#[test]
fn every_page_stands_in_the_map_and_every_merged_feed_has_a_page() {
    let toy = Toy::new();
    toy.good_night(FIRST);
    let tree = toy.tree();
    let map = toy.read("sitemap.xml");
    for name in tree.keys().filter(|name| is_page(name) && *name != "404.html") {
        let path = if name == "index.html" { "" } else { name };
        assert!(map.contains(&format!("<loc>https://example.org/releases/{path}</loc>")), "{name}");
    }
    for feed in tree.keys().filter_map(|name| name.strip_suffix(".atom")) {
        let home = toy.json(&format!("{feed}.json"))["home_page_url"].as_str().unwrap().to_owned();
        let page = home.strip_prefix("https://example.org/releases/").unwrap();
        assert!(tree.contains_key(page), "{feed}: {home}");
        let announced =
            find(&self::page(&toy, page), "link[type='application/atom+xml']")[0].attr("href").unwrap().to_owned();
        assert!(announced.trim_start_matches("../") == format!("{feed}.atom"), "{page} announces {announced} first");
    }
    assert!(tree.contains_key(".nojekyll"));
}

#[test]
fn the_page_for_dead_addresses_works_at_any_depth() {
    let toy = Toy::new();
    toy.good_night(FIRST);
    for element in find(&page(&toy, "404.html"), "[href], [src]") {
        let link = element.attr("href").or(element.attr("src")).unwrap();
        assert!(link.starts_with("https://") || link.starts_with('#'), "{link}");
    }
}

#[test]
fn pages_have_no_style_or_script_of_their_own_whatever_notes_say() {
    let mut world = World::toy();
    let hostile = "<script>alert(1)</script><p style=\"color:red\" onclick=\"x()\">a</p><style>b{}</style>";
    world.repository("example/alpha").releases[0].body = Some(hostile.to_owned());
    let toy = Toy::of(world, include_str!("../data/projects.toml"));
    toy.good_night(FIRST);
    for (name, html) in pages(&toy) {
        assert!(find(&html, "[style], [onclick], style, script:not([src])").is_empty(), "{name}");
        let policy = find(&html, "meta[http-equiv='Content-Security-Policy']")[0].attr("content").unwrap();
        assert!(policy.contains("default-src 'none'") && !policy.contains("unsafe"), "{name}: {policy}");
    }
}

#[test]
fn a_projects_releases_of_a_day_are_one_block_the_highest_first() {
    let releases = ["v1.3.9 2026-06-05", "v1.4.2 2026-06-05", "v1.4.1 2026-06-04"];
    let toy = site(&releases, &["1.4.2 2026-06-05"], "");
    let home = page(&toy, "index.html");
    assert_eq!(texts(&home, ".day h3"), ["5 June 2026", "4 June 2026"]);
    assert_eq!(texts(&home, ".block h4"), ["Alpha", "Alpha"]);
    assert_eq!(texts(&home, ".block .title"), ["1.4.2", "1.3.9", "1.4.1"]);
    assert_eq!(texts(&home, ".block:first-of-type .head")[0], "1.4.2 GitHub PyPI");
}

#[test]
fn a_release_stands_under_the_day_of_its_publication_and_an_event_under_that_on_which_it_was_seen() {
    let mut world = World::default();
    let releases = vec![Release::new("v1.0", "2026-06-01T10:00:00Z")];
    world.repositories.push(Repository {
        id: 101,
        name: "example/alpha".to_owned(),
        releases,
        ..Repository::default()
    });
    let files = vec![File::new("1.0", "alpha-1.0.tar.gz", "2026-06-01T12:00:00Z")];
    world.packages.push(Package { name: "alpha".to_owned(), files, ..Package::default() });
    let mut replay = Replay::of(world, &[ALPHA]);
    replay.night("2026-06-02T03:17:00Z");
    replay.world().repository("example/alpha").releases.insert(0, Release::new("v1.1", "2026-06-03T10:00:00Z"));
    replay.world().package("alpha").files[0].yanked = "broken".into();
    replay.night("2026-06-08T03:17:00Z");
    let home = page(&replay.toy, "index.html");
    assert_eq!(texts(&home, ".day h3"), ["8 June 2026", "3 June 2026", "1 June 2026"]);
    assert_eq!(texts(&home, ".block .title"), ["1.0 yanked from PyPI: broken", "1.1", "1.0"]);
}

#[test]
fn the_front_page_has_thirty_days_and_forty_blocks_at_most_and_the_other_page_all_of_it() {
    let project = |n: usize| format!("id = \"p{n}\"\nname = \"P{n}\"\ngithub = {{ repo = \"example/p{n}\" }}");
    let projects: Vec<_> = (0..22).map(project).collect();
    let mut world = World::default();
    for n in 0..22 {
        let days = ["2026-06-09", "2026-06-08", "2026-05-11", "2026-05-10"];
        let release =
            |(place, day): (usize, &&str)| Release::new(&format!("v{}", 9 - place), &format!("{day}T10:00:{n:02}Z"));
        let releases = days.iter().enumerate().map(release).collect();
        world.repositories.push(Repository {
            id: 200 + n,
            name: format!("example/p{n}"),
            releases,
            ..Repository::default()
        });
    }
    let toy = Toy::with_projects(world, &projects.iter().map(String::as_str).collect::<Vec<_>>());
    toy.good_night(FIRST);
    let home = page(&toy, "index.html");
    assert_eq!(find(&home, ".block").len(), 40);
    assert_eq!(texts(&home, ".day h3"), ["9 June 2026", "8 June 2026"]);
    assert_eq!(texts(&home, ".block h4")[..2], ["P0", "P1"], "in the catalog's order");
    assert_eq!(find(&page(&toy, "releases.html"), ".log li").len(), 88);
    // With fewer projects the days are the limit.
    toy.write_catalog(&catalog_of(&[&project(0), &project(1)]));
    toy.good_night(SECOND);
    assert_eq!(texts(&page(&toy, "index.html"), ".day h3"), ["9 June 2026", "8 June 2026", "11 May 2026"]);
}

#[test]
fn a_platform_has_a_page_with_its_lines_and_a_feed_of_their_finals() {
    let releases = ["v2.0.1-rc1 2026-06-05", "v2.0.0 2026-06-04", "v1.4.1 2026-06-03", "v1.3.0 2026-06-02"];
    let toy = site(&releases, &["2.0.0 2026-06-04", "1.4.0 2026-06-01"], PLATFORMS);
    assert_eq!(toy.titles("platforms/y2"), ["Alpha 2.0.0"]);
    assert_eq!(toy.titles("platforms/y1"), ["Alpha 1.4.1", "Alpha 1.4.0"]);
    let [y2, y1] = ["y2", "y1"].map(|id| page(&toy, &format!("platforms/{id}.html")));
    assert_eq!(texts(&y2, "h1"), ["Y2 draft"]);
    assert_eq!(texts(&y1, "h1"), ["Y1"]);
    let cells = |html: &Html| texts(html, "main table:first-of-type tbody th, main table:first-of-type tbody td");
    assert_eq!(cells(&y2), ["Alpha", "2.0", "2.0.0", "2026-06-04", "–", "–", "2.0.0", "2.0.0"]);
    let behind = "1.4.0 1 behind without 1.4.1 (2026-06-03)";
    assert_eq!(cells(&y1), ["Alpha", "1.4", "1.4.1", "2026-06-03", "1 release", "–", "1.4.1", behind]);
}

#[test]
fn a_line_without_a_release_yet_says_so() {
    let toy = site(&["v1.4.0 2026-06-01"], &[], PLATFORMS);
    assert!(texts(&page(&toy, "platforms/y2.html"), "main td").contains(&"none yet".to_owned()));
}

#[test]
fn the_latest_names_older_lines_that_still_get_releases_and_marks_a_channel_that_lags() {
    let releases = [
        "v1.4.2 2026-06-05",
        "v2.0.0 2026-06-03",
        "v1.4.1 2026-06-01",
        "v1.3.9 2026-05-01",
        "v1.4.0 2026-04-01",
        "v1.2.0 2026-03-01",
    ];
    let toy = site(&releases, &["1.4.2 2026-06-05"], "");
    let row = texts(&page(&toy, "index.html"), ".projects tbody tr td");
    // 1.3 got one after 1.4 had begun; 1.2 did not.
    assert_eq!(row, ["2.0.01.4.21.3.9", "2026-06-032026-06-052026-05-01", "", "2.0.0", "1.4.2 behind"]);
    let lines = texts(&page(&toy, "projects/alpha.html"), "#page-lines ~ .scroll tbody th");
    assert_eq!(lines, ["2.0", "1.4", "1.3"]);
    assert_eq!(texts(&page(&toy, "projects/alpha.html"), "#page-lines ~ details summary"), ["1 older line"]);
}

#[test]
fn a_part_that_stands_elsewhere_says_what_it_is_a_part_of() {
    let toy = Toy::new();
    toy.good_night(FIRST);
    let home = page(&toy, "index.html");
    // Foxtrot is a part of Alpha, and at no stage: it says so itself.
    assert!(texts(&home, ".projects th").contains(&"Foxtrot part of Alpha".to_owned()));
}

#[test]
fn a_release_is_compared_with_the_one_before_it_in_its_line() {
    let releases =
        ["v2.0.0 2026-06-05", "v1.4.2 2026-06-04", "v2.0.0-rc1 2026-06-03", "v1.4.1 2026-06-02", "v1.3.0 2026-06-01"];
    let toy = site(&releases, &[], "");
    let html = page(&toy, "projects/alpha.html");
    let compared: Vec<_> = find(&html, ".release")
        .into_iter()
        .map(|release| {
            let link = release.select(&Selector::parse("a[href*='/compare/']").unwrap()).next();
            (
                release.attr("id").unwrap(),
                link.and_then(|link| link.attr("href")?.split_once("/compare/")).map(|link| link.1),
            )
        })
        .collect();
    assert_eq!(
        compared,
        [
            ("2.0.0", Some("v1.4.2...v2.0.0")),
            ("1.4.2", Some("v1.4.1...v1.4.2")),
            // Of 1.4.2, which came later, it knew nothing.
            ("2.0.0rc1", Some("v1.4.1...v2.0.0-rc1")),
            ("1.4.1", Some("v1.3.0...v1.4.1")),
            ("1.3.0", None),
        ]
    );
}

#[test]
fn a_project_leads_to_its_line_in_the_catalog() {
    let toy = Toy::new();
    toy.good_night(FIRST);
    let html = page(&toy, "projects/bravo.html");
    let link = find(&html, "a[href*='/catalog/']")[0].attr("href").unwrap();
    let place: usize = link.strip_prefix("https://example.org/catalog/projects.toml#L").unwrap().parse().unwrap();
    assert_eq!(include_str!("../data/projects.toml").lines().nth(place - 1), Some("id = \"bravo\""));
}

#[test]
fn a_picture_is_for_the_eye_and_all_that_it_shows_is_in_words_too() {
    let toy = Toy::new();
    toy.good_night(FIRST);
    for (name, html) in pages(&toy) {
        for svg in find(&html, "main svg") {
            let own = svg.attr("aria-hidden") == Some("true");
            let around = svg.ancestors().filter_map(ElementRef::wrap).any(|e| e.attr("aria-hidden") == Some("true"));
            assert!(own || around, "{name}");
        }
    }
    let timeline = page(&toy, "timeline.html");
    let table = texts(&timeline, ".timeline").concat();
    let titles = texts(&timeline, ".chart title");
    assert!(titles.len() > 10);
    for title in titles {
        assert!(table.contains(&title), "{title}");
    }
}

#[test]
fn a_badge_shows_the_latest_final_version() {
    let toy = site(&["v2.0.0-rc1 2026-06-05", "v1.4.2 2026-06-04"], &[], "");
    assert!(toy.read("badges/alpha.svg").contains("aria-label=\"Alpha: 1.4.2\""));
    let toy = site(&["v2.0.0-rc1 2026-06-05"], &[], "");
    assert!(toy.read("badges/alpha.svg").contains("aria-label=\"Alpha: 2.0.0-rc1\""));
}

#[test]
fn security_has_a_page_and_a_feed() {
    let mut world = World::toy();
    world.repository("example/alpha").releases[0].body = Some("Fixes CVE-2026-22222.".to_owned());
    let toy = Toy::of(world, include_str!("../data/projects.toml"));
    toy.good_night(FIRST);
    let titles = toy.titles("feeds/security");
    assert!(titles[0].starts_with("Alpha "), "{titles:?}");
    assert_eq!(texts(&page(&toy, "feeds/security.html"), ".entries .title"), titles);
}
