//! Strangers who mean harm: in notes, tags, addresses and names, and what comes of it in all that a run writes.

use aswf_release_feed::notes::{self, Place};
use scraper::{ElementRef, Html};
use serde_json::{Value, json};

use crate::{
    harmless::{is_shown, leads_to_the_web, wrong_in_content, wrong_in_notes},
    run::{Ended, FIRST, SECOND, TOKEN, Toy, Tree, program},
    world::{Advisory, Fault, File, Package, Release, Repository, World},
};

/// The ways in which notes try to run a script or to ask another host, each with its name; `tests/browser` opens them too.
fn vectors() -> Vec<(String, String)> {
    serde_json::from_str(include_str!("../data/hostile.json")).unwrap()
}

#[test]
fn no_notes_run_a_script_or_leave_their_place() {
    for (name, text) in vectors() {
        for place in [Place::tag("https://github.com/o/r", "v1"), Place::none()] {
            for rendered in [notes::render(&text, &place, 4_000), notes::excerpt(&text, &place, 4_000).0] {
                let html = rendered.html.as_str();
                assert_eq!(wrong_in_notes(html), [""; 0], "{name}: {html}");
            }
        }
    }
}

/// Where a stranger's word stands, and what it says.
const TAGS: [&str; 18] = [
    "v1.0<script>alert(1)</script>",
    "v1.1/../../../../evil",
    "v1.2%00%0a%2e%2e%2fevil",
    "v1.3\"'><img src=x onerror=alert(1)>",
    "v1.4#?&x=y;z",
    "v1.5 | x | ![x](//evil.example.org) [y](javascript:alert(1)) `z",
    "v1.6,title=x::y",
    "v1.7%0A::error::x",
    "v1.8 ]]> &amp; <!--",
    "v1.9\n::error::evil\n",
    "v2.0\u{0}",
    "v2.1\u{202e}gnp.exe",
    "v2.2\u{200b}",
    "v2.3\u{1b}[31m\u{9b}31m",
    "v2.4\u{feff}\u{2066}\u{ad}",
    "../../evil<script>alert(1)</script>\u{202e}\u{1b}]0;x\u{7}",
    "",
    "-rf\n::set-output name=x::y",
];

/// Addresses of releases.
const ADDRESSES: [&str; 9] = [
    "javascript:alert(1)",
    "data:text/html,<script>alert(1)</script>",
    "no address",
    "//evil.example.org/",
    "https://[::1",
    "https://example.org/o/r/releases/tag/x\" onclick=\"alert(1)",
    "https://example.org/o/r/releases/tag/\u{1b}[31m\u{202e}\n::error::x",
    " https://example.org/<script>alert(1)</script>/r/releases/tag/../../x ",
    "ht\ntps://exam\tple.org/o/r/releases/tag/y\u{0}",
];

const NAME: &str = "</title><script>alert(1)</script>\"' onload=alert(1) ]]> &amp;";

fn world() -> World {
    let mut world = World::default();
    let mut alpha = Repository::new(101, "example/alpha");
    let notes = vectors().into_iter().step_by(4).map(|(_, text)| text).collect::<Vec<_>>().join("\n\n");
    let at = |n: usize| format!("2026-06-0{}T10:{:02}:00Z", 1 + n / 50, n % 50);
    let tag = |(n, tag): (usize, &&str)| Release::new(tag, &at(n)).notes(&notes);
    alpha.releases = TAGS.iter().enumerate().map(tag).collect();
    let address = |(n, url): (usize, &&str)| {
        let release = Release::new(&format!("v3.{n}"), &at(50 + n)).notes("[a](b) ![i](j)");
        Release { html_url: Some((*url).to_owned()), ..release }
    };
    alpha.releases.extend(ADDRESSES.iter().enumerate().map(address));
    let vector =
        |(n, (_, text)): (usize, (String, String))| Release::new(&format!("v4.{n}"), &at(100 + n)).notes(&text);
    alpha.releases.extend(vectors().into_iter().enumerate().map(vector));
    let advisory = |(n, url): (usize, &&str)| Advisory {
        summary: format!("{NAME}\u{202e}\u{1b}[31m\n::error::x someone@example.org"),
        html_url: Some((*url).to_owned()),
        affected: vec![[NAME.to_owned(), NAME.to_owned()], ["< 9".to_owned(), "4.1".to_owned()]],
        ..Advisory::new(&format!("GHSA-aaaa-bbbb-000{n}"), "high", "4.1", "2026-06-01T00:00:00Z")
            .cve(&format!("CVE-2026-000{n}"))
    };
    alpha.advisories = ADDRESSES.iter().enumerate().map(advisory).collect();
    world.repositories.push(alpha);
    let reason = format!("{NAME}\u{202e}\u{1b}[31m\n::error::x");
    let version = |(n, version): (usize, &&str)| File {
        yanked: if n % 2 == 0 { Value::from(reason.as_str()) } else { Value::Null },
        publisher: json!({"kind": "<script>", "repository": "\u{202e}/x"}),
        ..File::new(version, &format!("alpha-{version}.tar.gz"), &at(n))
    };
    let files = TAGS.iter().map(|tag| tag.trim_start_matches('v')).chain(["4.1"]).collect::<Vec<_>>();
    world.packages.push(Package {
        name: "alpha".to_owned(),
        files: files.iter().enumerate().map(version).collect(),
        organisation: Some("<script>alert(1)</script>".to_owned()),
        vulnerabilities: ADDRESSES
            .iter()
            .map(|url| json!({"id": "GHSA-cccc-dddd-eeee", "link": url, "details": reason, "fixed_in": TAGS}))
            .collect(),
        ..Package::default()
    });
    world.repositories.push(Repository::new(102, "<script>alert(1)</script>/\u{202e}\u{1b}[31m"));
    world.repositories[1].releases.push(Release::new("v1.0", FIRST));
    world.moved.insert("example/bravo".to_owned(), 102);
    world.repositories.push(Repository::new(103, "example/charlie"));
    world.repositories.push(Repository::new(104, "example/<b>\u{202e}\u{1b}[31m"));
    world
}

/// A catalog whose every name is hostile: it is a foundation's own, and is shown as what it says all the same.
fn catalog() -> String {
    let name = serde_json::to_string(NAME).unwrap();
    format!(
        "[site]\ntitle = {name}\ndescription = {name}\nurl = \"https://example.org/\"\nauthority = \"example.org,2026\"\n\
         newest = 300\nlinks = [{{ name = {name}, url = \"https://example.org/?a=1&b='\" }}]\n\n\
         [[stage]]\nid = \"stage\"\nname = {name}\n\n\
         [[platform]]\nid = \"platform\"\nname = {name}\nstatus = \"draft\"\nversions = {{ alpha = \"4\" }}\n\n\
         [[feed]]\nid = \"extra\"\ntitle = {name}\nprojects = [\"alpha\"]\n\n\
         [[project]]\nid = \"alpha\"\nname = {name}\nstage = \"stage\"\nhomepage = \"https://example.org/<script>\"\n\
         github = {{ repo = \"example/alpha\" }}\npypi = [{{ name = \"alpha\" }}]\n\n\
         [[project]]\nid = \"bravo\"\nname = \"Bravo\"\ngithub = {{ repo = \"example/bravo\" }}\n\n\
         [[project]]\nid = \"charlie\"\nname = \"Charlie\"\ngithub = {{ repo = \"example/charlie\" }}\n"
    )
}

/// What two nights of all this say, and what they leave.
fn nights() -> (Toy, [Ended; 2]) {
    let toy = Toy::of(world(), &catalog());
    let lone = r#"[{"tag_name": "v1.0", "html_url": "https://example.org/c/c/releases/tag/v1.0", "published_at": "2026-06-01T00:00:00Z", "body": "\ud800"},
                   {"tag_name": "v1.\udc00", "html_url": "https://example.org/c/c/releases/tag/v1", "published_at": "2026-06-01T00:00:00Z", "body": ""},
                   {"tag_name": "v1.1", "html_url": "https://example.org/c/c/releases/tag/v1.1", "published_at": "2026-06-01T00:00:00Z", "body": "\ud83d\udca1"}]"#;
    toy.world().fault("/repositories/103/releases", Fault::body(lone));
    let first = toy.at(FIRST).token().args(&["-vv"]).run();
    for file in &mut toy.world().package("alpha").files {
        file.yanked = if file.yanked.is_null() { NAME.into() } else { Value::Null };
    }
    let summary = toy.path("../summary.md");
    let second = toy.at(SECOND).token().args(&["--step-summary", summary.to_str().unwrap()]).run();
    for ended in [&first, &second] {
        assert_eq!(ended.code, 0, "{}", ended.stderr);
    }
    (toy, [first, second])
}

#[test]
fn whatever_strangers_say_nothing_of_it_is_obeyed_anywhere() {
    let (toy, nights) = nights();
    let tree = toy.tree();
    for (name, bytes) in &tree {
        let text = std::str::from_utf8(bytes).unwrap_or_else(|error| panic!("{name}: {error}"));
        match name.rsplit_once('.').map(|(_, ending)| ending) {
            Some("html") => page_is_harmless(name, text),
            Some("atom" | "rss" | "opml" | "xml" | "svg") => document_is_harmless(name, text),
            Some("json") => data_is_harmless(name, text),
            Some("css" | "js" | "nojekyll") => {}
            _ => panic!("{name} is no file of a site"),
        }
    }
    names_are_ours(&toy, &tree);
    for text in nights.iter().flat_map(|ended| [&ended.stdout, &ended.stderr]) {
        is_printable(text);
    }
    summary_is_harmless(&toy.read("../summary.md"));
    commands_are_ours(&nights[1].stdout);
    for args in [
        &["latest"][..],
        &["latest", "--json"],
        &["latest", "--platform", "platform"],
        &["notes", "alpha", "..", "--pre-releases"],
        &["check"],
    ] {
        let mut command = program(&toy);
        command.args(args);
        let ended = Ended::of(command);
        assert_eq!(ended.code, 0, "{args:?}: {}", ended.stderr);
        is_printable(&ended.stdout);
        is_printable(&ended.stderr);
    }
    let mut drift = program(&toy);
    drift
        .args(["drift", "--github-api", &toy.upstream.api(), "--pypi", &toy.upstream.index()])
        .env("GITHUB_TOKEN", TOKEN);
    let drift = Ended::of(drift);
    is_printable(&drift.stdout);
    is_printable(&drift.stderr);
}

/// What strangers send, what is said of it, and what becomes of the rest.
pub(crate) const TOLD: [[&str; 3]; 7] = [
    [
        "half of a character (`\\ud800`) in a release",
        "charlie: github:example/charlie: a release cannot be read: lone leading surrogate",
        "the other releases are recorded",
    ],
    [
        "a release at `javascript:`",
        "alpha: github:example/alpha: the release v3.0 has no usable address: javascript:alert(1)",
        "the other releases are recorded",
    ],
    [
        "a release at what is no address",
        "alpha: github:example/alpha: the release v3.2 has no usable address: no address",
        "the other releases are recorded",
    ],
    [
        "an advisory at `data:`",
        "alpha: github:example/alpha: an advisory cannot be read: GHSA-aaaa-bbbb-0001 has no usable address: data:",
        "the other advisories are recorded",
    ],
    [
        "a vulnerability of a package at `javascript:`",
        "alpha: pypi:alpha: a vulnerability cannot be read: GHSA-cccc-dddd-eeee has no usable address: javascript:",
        "the versions are recorded",
    ],
    [
        "a publisher whose name is markup",
        "alpha: pypi:alpha: who published it was not read: the answer cannot be read: it names no publisher",
        "the versions are recorded, as published by nobody known",
    ],
    [
        "a repository whose new name is markup",
        "bravo: github:example/bravo was not read: the answer cannot be read: `<script>alert(1)</script>/[31m` is no repository",
        "what is known of it stays, stale",
    ],
];

#[test]
fn what_cannot_be_is_told_and_costs_nothing_else() {
    let (toy, nights) = nights();
    for [what, said, _] in TOLD {
        assert!(nights[0].says(said) > 0, "{what}: {}", nights[0].stderr);
    }
    assert!(toy.titles("feeds/all").len() > 150);
}

#[test]
fn an_item_with_half_a_character_is_skipped_and_told_and_the_others_kept() {
    let (toy, nights) = nights();
    assert_eq!(toy.titles("projects/charlie"), ["Charlie 1.1"]);
    assert_eq!(
        nights[0].says("charlie: github:example/charlie: a release cannot be read: "),
        2,
        "{}",
        nights[0].stderr
    );
}

#[test]
fn a_tag_that_hides_a_character_is_no_version() {
    let (toy, _) = nights();
    let titles = toy.titles("projects/alpha").join("\n");
    for shown in ["1.0<script>", "1.1/../../../../evil", "1.8 ]]>"] {
        assert!(titles.contains(shown), "{shown}: {titles}");
    }
    for hidden in [" 1.9", " 2.0", " 2.1", " 2.2", " 2.3", " 2.4"] {
        assert!(!titles.contains(hidden), "{hidden}: {titles}");
    }
}

/// A page has its own frame, style and script, and nothing else that does anything.
fn page_is_harmless(name: &str, text: &str) {
    assert!(text.chars().all(is_shown), "{name}: {:?}", text.chars().find(|c| !is_shown(*c)));
    let page = Html::parse_document(text);
    let root = page.root_element();
    for element in root.descendent_elements() {
        let tag = element.value().name();
        assert!(is_in_picture(element) || ELEMENTS.contains(&tag), "{name}: {}", element.html());
        for (attribute, value) in element.value().attrs() {
            assert!(
                !attribute.starts_with("on") && !["style", "srcdoc", "formaction"].contains(&attribute),
                "{name}: {}",
                element.html()
            );
            let is_link = ["href", "src", "action", "content"].contains(&attribute);
            let scheme = value.split_once(':').map(|(scheme, _)| scheme.trim().to_lowercase());
            let runs = ["javascript", "data", "vbscript"].map(str::to_owned);
            assert!(!is_link || !scheme.is_some_and(|scheme| runs.contains(&scheme)), "{name}: {}", element.html());
        }
    }
    let of = |tag: &str| {
        let elements = root.descendent_elements().filter(|element| element.value().name() == tag);
        elements.filter(|element| !is_in_picture(*element)).collect::<Vec<_>>()
    };
    let scripts = of("script");
    assert!(
        matches!(&scripts[..], [script] if script.attr("src").is_some_and(|src| src.ends_with("site.js")) && script.inner_html().is_empty()),
        "{name}"
    );
    for (tag, count) in [("main", 1), ("h1", 1), ("title", 1), ("header", 1), ("footer", 1), ("nav", 1)] {
        assert_eq!(of(tag).len(), count, "{name}: {tag}");
    }
    let footer = of("footer")[0].parent().and_then(ElementRef::wrap).unwrap();
    assert_eq!(footer.value().name(), "body", "{name}: nothing reaches beyond its place");
}

fn is_in_picture(element: ElementRef<'_>) -> bool {
    element.ancestors().filter_map(ElementRef::wrap).any(|around| around.value().name() == "svg")
}

/// What a page of the site is made of, outside pictures.
const ELEMENTS: &[&str] = &[
    "a",
    "article",
    "b",
    "blockquote",
    "body",
    "br",
    "button",
    "caption",
    "code",
    "datalist",
    "dd",
    "del",
    "details",
    "div",
    "dl",
    "dt",
    "em",
    "figcaption",
    "figure",
    "footer",
    "form",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "head",
    "header",
    "hr",
    "html",
    "i",
    "img",
    "ins",
    "mark",
    "tfoot",
    "input",
    "kbd",
    "label",
    "li",
    "link",
    "main",
    "meta",
    "nav",
    "ol",
    "option",
    "output",
    "p",
    "pre",
    "q",
    "s",
    "script",
    "section",
    "select",
    "small",
    "span",
    "strong",
    "sub",
    "summary",
    "sup",
    "svg",
    "table",
    "tbody",
    "td",
    "th",
    "thead",
    "time",
    "title",
    "tr",
    "u",
    "ul",
];

/// XML is well-formed by another's parser, nothing in it is hidden, and what entries hold is harmless.
fn document_is_harmless(name: &str, text: &str) {
    let document = roxmltree::Document::parse(text).unwrap_or_else(|error| panic!("{name}: {error}"));
    assert!(document.descendants().all(|node| !node.is_pi()), "{name}");
    for node in document.descendants().filter(roxmltree::Node::is_element) {
        let text = node.text().unwrap_or_default();
        let attributes = node.attributes().map(|attribute| attribute.value());
        assert!(attributes.chain([text]).all(|value| value.chars().all(is_shown)), "{name}: {node:?}");
        if matches!(node.tag_name().name(), "content" | "encoded") {
            assert_eq!(wrong_in_content(text), [""; 0], "{name}: {text}");
        }
        for attribute in node.attributes().filter(|a| matches!(a.name(), "href" | "xmlUrl" | "htmlUrl")) {
            assert!(leads_to_the_web(attribute.value()), "{name}: {attribute:?}");
        }
        if matches!(node.tag_name().name(), "link" | "loc") && !text.is_empty() {
            assert!(leads_to_the_web(text), "{name}: {text}");
        }
        if document.root_element().tag_name().name() == "svg" {
            let own = ["svg", "title", "rect", "g", "text", "clipPath", "path", "circle", "style"];
            let is_own =
                own.contains(&node.tag_name().name()) && node.attributes().all(|a| !a.name().starts_with("on"));
            assert!(is_own, "{name}: {node:?}");
        }
    }
}

/// JSON is JSON, and in what programs show to people nothing is hidden.
fn data_is_harmless(name: &str, text: &str) {
    let value: Value = serde_json::from_str(text).unwrap_or_else(|error| panic!("{name}: {error}"));
    for item in value["items"].as_array().into_iter().flatten() {
        assert_eq!(wrong_in_content(item["content_html"].as_str().unwrap()), [""; 0], "{name}");
        assert!(leads_to_the_web(item["url"].as_str().unwrap()), "{name}: {item}");
        assert!(item["title"].as_str().unwrap().chars().all(|c| is_shown(c) && c != '\n'), "{name}: {item}");
    }
    strings(&value, &mut |key, text| {
        let is_link = ["url", "github", "home_page_url", "feed_url"].contains(&key) && !text.is_empty();
        assert!(!is_link || leads_to_the_web(text), "{name}: {key} {text:?}");
        // The memory keeps notes and tags that are no versions as they came.
        let is_raw = name.starts_with("data/projects/") && ["notes", "no-version", "tag"].contains(&key);
        assert!(is_raw || text.chars().all(is_shown), "{name}: {key} {text:?}");
    });
}

fn strings(value: &Value, see: &mut impl FnMut(&str, &str)) {
    fn walk(key: &str, value: &Value, see: &mut impl FnMut(&str, &str)) {
        match value {
            Value::String(text) => see(key, text),
            Value::Array(items) => items.iter().for_each(|item| walk(key, item, see)),
            Value::Object(object) => object.iter().for_each(|(key, item)| walk(key, item, see)),
            _ => {}
        }
    }
    walk("", value, see);
}

/// Files have names of our own, in the site alone.
fn names_are_ours(toy: &Toy, tree: &Tree) {
    for name in tree.keys() {
        let is_ours = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || "-_./".contains(c);
        assert!(name.chars().all(is_ours) && !name.contains(".."), "{name}");
    }
    let around: Vec<_> = toy.tree_of(".").into_keys().filter(|name| !name.starts_with("site/")).collect();
    assert_eq!(around, ["projects.toml", "summary.md"]);
}

/// Nothing for a terminal to obey, no text that turns, and no line that begins as a command of a workflow.
fn is_printable(text: &str) {
    for line in text.lines() {
        assert!(line.chars().all(|c| !c.is_control() || c == '\t'), "{line:?}");
        assert!(line.chars().all(|c| is_shown(c) && !"\u{200b}\u{feff}\u{2028}\u{2029}".contains(c)), "{line:?}");
        assert!(!line.trim_start().starts_with("::error") && !line.starts_with("::set-output"), "{line}");
    }
}

/// The only commands are warnings, each with a title and a text.
fn commands_are_ours(stdout: &str) {
    assert!(stdout.lines().count() > 5, "{stdout}");
    for line in stdout.lines() {
        let command = line.strip_prefix("::warning title=").unwrap_or_else(|| panic!("{line}"));
        let (title, text) = command.split_once("::").unwrap();
        assert!(!title.contains([':', ',']) && !text.is_empty(), "{line}");
    }
}

/// The summary shows tables and lists of text: no picture, no markup, no link but an address that is its own text.
fn summary_is_harmless(markdown: &str) {
    let mut options = comrak::Options::default();
    (options.extension.table, options.extension.autolink, options.render.r#unsafe) = (true, true, true);
    let html = comrak::markdown_to_html(markdown, &options);
    let page = Html::parse_fragment(&html);
    for element in page.root_element().descendent_elements() {
        let tag = element.value().name();
        let own = ["html", "h3", "table", "thead", "tbody", "tr", "th", "td", "p", "ul", "li"];
        let is_address = tag == "a" && element.attr("href").is_some_and(leads_to_the_web);
        assert!(own.contains(&tag) || is_address, "{}", element.html());
    }
    let rows = page.root_element().descendent_elements().filter(|element| element.value().name() == "tr");
    assert!(rows.map(|row| row.child_elements().count()).all(|cells| [2, 4].contains(&cells)), "{html}");
}

#[test]
fn a_damaged_memory_gives_a_terminal_no_orders() {
    let toy = Toy::new();
    toy.good_night(FIRST);
    toy.write("site/data/projects/alpha.json", "{\"schema\": 1, \"\\u001b[31m\\u202e\\n::error::x\": 1}");
    let ended = toy.at(SECOND).token().run();
    assert_eq!((ended.code, ended.says(": unknown field `\u{fffd}[31m\u{fffd}")), (1, 1), "{}", ended.stderr);
    assert!(ended.stderr.chars().all(|c| c == '\n' || !c.is_control() && is_shown(c)), "{:?}", ended.stderr);
}

#[test]
fn a_date_that_no_feed_can_write_is_damage() {
    let toy = Toy::new();
    toy.good_night(FIRST);
    let text = toy.read("data/projects/alpha.json");
    for (key, year) in [("announced", "+12026"), ("announced", "-0001"), ("released", "-262143")] {
        let date = format!("\"{key}\": \"2026");
        assert!(text.contains(&date));
        toy.write("site/data/projects/alpha.json", &text.replacen(&date, &date.replace("2026", year), 1));
        let ended = toy.at(SECOND).token().run();
        let told = ended.says("is no date in whole seconds") + ended.says("no feed can have the date ");
        assert_eq!((ended.code, told), (1, 1), "{}", ended.stderr);
    }
}
