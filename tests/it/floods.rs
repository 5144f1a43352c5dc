//! Notes that would take long, or grow, where something is done with the square of their length.

use std::time::{Duration, Instant};

use aswf_release_feed::notes::{self, Place};

use crate::{
    harmless::wrong_in_notes,
    run::{FIRST, Toy},
    world::World,
};

fn lines(count: usize, line: impl Fn(usize) -> String) -> String {
    (0..count).map(line).collect()
}

/// Each with its name.
fn floods() -> Vec<(&'static str, String)> {
    let many = |text: &str| text.repeat(1_000_000 / text.len());
    vec![
        ("one line of 1 MB", many("a")),
        ("lists in lists", "- ".repeat(100_000) + "a"),
        ("numbered lists in lists", "1. ".repeat(100_000) + "a"),
        ("quotes in quotes", "> ".repeat(100_000) + "a"),
        ("links in links", "[".repeat(100_000) + &"](x)".repeat(100_000)),
        ("pictures in pictures", "![".repeat(100_000) + &"](x)".repeat(100_000)),
        ("links that show nothing", many("[](https://example.org/x)")),
        ("links with long addresses", many(&format!("[a](https://example.org/{})", "x".repeat(1_000)))),
        ("emphasis in emphasis", "*a **b ".repeat(50_000)),
        ("marks of emphasis", many("**_*__")),
        ("a table of 10,000 rows", "|a|b|\n|-|-|\n".to_owned() + &"|x|y|\n".repeat(10_000)),
        (
            "a table of 10,000 columns",
            format!("{}|\n{}|\n", "|a".repeat(10_000), "|-".repeat(10_000)) + &"|x\n".repeat(10_000),
        ),
        ("a flood of pictures", many("![](https://example.org/x.png)")),
        ("a flood of vulnerabilities", lines(60_000, |n| format!("CVE-2026-{n:05} "))),
        ("a heading of many lines", "a\n".repeat(120_000) + "==="),
        ("headings of two lines", many("a\nb\n===\n\n")),
        ("an entity of 100,000 digits", format!("&#{};", "9".repeat(100_000)) + &many("&#x")),
        ("entities", many("&lt;")),
        ("addresses of people", many("a@example.org ")),
        ("half an address of a person", many("a.") + "@" + &"a-".repeat(100_000)),
        ("references without an end", lines(20_000, |n| format!("[a{n}]: <b\n"))),
        ("references to each other", lines(20_000, |n| format!("[a{n}][a{}]\n\n[a{n}]: x\n\n", n + 1))),
        ("backticks of all lengths", lines(1_400, |n| "`".repeat(n) + " ")),
        ("tags that are never closed", many("<b x>")),
        ("attributes", format!("<p {}>", many("a=b "))),
        ("comments that are never closed", many("<!--")),
        ("instructions that are never closed", many("<?")),
        ("CDATA that is never closed", many("a<![CDATA[")),
        ("boxes", many("- [x] a\n")),
        ("fences", many("```\n")),
        ("definitions of notes", lines(20_000, |n| format!("[^{n}]: a\n\n")) + &many("[^1]")),
        ("lines that are indented by one more", lines(1_000, |n| " ".repeat(n) + "- a\n")),
        ("tabs", many("\t- a\n")),
        ("line ends", many("\r")),
        ("roles of reStructuredText", ".. x::\n\n".to_owned() + &many(":a:`b` `c <d>`_ ")),
        ("titles of reStructuredText", ".. x::\n\n".to_owned() + &many("====\na\n====\n")),
        ("tables of reStructuredText", ".. x::\n\n".to_owned() + &many("=== ===\na   b\n")),
    ]
}

#[test]
fn no_notes_take_long_or_grow() {
    let mut wrong = Vec::new();
    for (name, text) in floods() {
        let begun = Instant::now();
        let rendered = notes::render(&text, &Place::tag("https://github.com/o/r", "v1"), 4_000);
        let html = rendered.html.as_str();
        let rendering = begun.elapsed();
        let (sentence, printed) = (notes::excerpt(&text, &Place::none(), 80).1, notes::under(&text, 2));
        let all = begun.elapsed();
        eprintln!("{name}: {rendering:?} to render, {all:?} in all, {} bytes, cut: {}", html.len(), rendered.cut);
        let mut bad = wrong_in_notes(html);
        bad.truncate(2);
        bad.extend(
            (html.len() > 300_000 || html.matches('<').count() > 40_000).then(|| format!("{} bytes", html.len())),
        );
        bad.extend((printed.len() > 2 * notes::MAX_BYTES).then(|| format!("{} bytes as Markdown", printed.len())));
        bad.extend(sentence.filter(|sentence| sentence.chars().count() > 1_000).map(|_| "a long sentence".to_owned()));
        // A debug build is some ten times slower than what is shipped.
        bad.extend((all > Duration::from_secs(10)).then(|| format!("{all:?}")));
        wrong.extend((!bad.is_empty()).then(|| format!("{name}: {}", bad.join(", "))));
    }
    assert_eq!(wrong, [""; 0]);
}

#[test]
fn notes_that_name_all_vulnerabilities_there_are_leave_an_entry_small() {
    let mut world = World::toy();
    let flood = lines(30_000, |n| format!("CVE-2026-{} ", 10_000 + n));
    world.repository("example/alpha").releases[0].body = Some(flood);
    let toy = Toy::of(world, include_str!("../data/projects.toml"));
    toy.good_night(FIRST);
    let content = toy.json("projects/alpha.json")["items"][0]["content_html"].as_str().unwrap().to_owned();
    assert!(content.contains("CVE-2026-10099</a> and 29899 more."), "{}", &content[..9_000]);
    assert!(content.len() < 60_000, "{}", content.len());
}
