use std::{
    borrow::Cow,
    time::{Duration, Instant},
};

use super::{
    safe::{TAGS, sanitize},
    *,
};
use crate::model::Cve;

fn html(markdown: &str) -> String {
    render(markdown, &Place::tag("https://github.com/o/r", "v1"), 60_000).html.to_string()
}

fn plain(markdown: &str) -> String {
    render(markdown, &Place::none(), 60_000).html.to_string()
}

fn lines(count: usize, line: impl Fn(usize) -> String) -> String {
    (0..count).map(line).collect()
}

#[test]
fn githubs_dialect_is_understood() {
    insta::assert_snapshot!(html(
        "# Top\n\n\
         ###### Small\n\n\
         One line\nand the next with ~~less~~ **more**[^1], see https://example.org/a :bug: `:bug:`.\n\n\
         - [x] done\n- [ ] to do\n\n\
         | a | b |\n|---|:-:|\n| 1 | `2` |\n\n\
         ```cpp\nif (a < b) [x]\n```\n\n\
         <details><summary>Long</summary>\n\n* within\n\n</details>\n\n\
         > [!WARNING]\n> Mind #1.\n\n\
         [^1]: The footnote.\n"
    ));
}

#[test]
fn restructured_text_stays_legible() {
    insta::assert_snapshot!(html(
        "..\n  Copyright of nobody.\n\n.. _notes:\n\n\
         =====\nNotes\n=====\n\n\
         In short\n~~~~~~~~\n\n\
         Wrapped at the\nmargin: see `the guide\n<https://example.org/guide>`_, `more`_ and :ref:`this <notes>`.\n\n\
         .. _more: docs/more.rst\n\n\
         .. note:: Mind ``this``:\n   it is :py:func:`~a.b`.\n\n\
         In full\n~~~~~~~\n\n\
         * fixes #1::\n\n      a <b> `c`\n        #2\n\n\
         * fixes less & <less>\n\n\
         #. one\n#. two\n\n\
         .. code-block:: python\n   :linenos:\n\n   if a:\n       b()\n\n\
         ===  ===\na    b\n===  ===\n1    2\n===  ===\n\n\
         ~~~~~~~~\n\nThe end.\n"
    ));
}

#[test]
fn indented_plain_text_stays_legible() {
    insta::assert_snapshot!(html(
        "      A word before\n      all <b>.\n\n  First:\n    Fixes:\n    - one std::vector<T>\n      by @name\n\n    \
         Changes:\n    - two\n\n  Second:\n    - three\n"
    ));
}

#[test]
fn relative_links_stand_where_github_has_them() {
    let place = Place::tag("https://github.com/o/r/", "rel/v1 #2");
    let rendered = |markdown| render(markdown, &place, 1000).html.to_string();
    let blob = r#"href="https://github.com/o/r/blob/rel/v1%20%232/"#;
    assert!(rendered("[a](docs/a.md#x)").contains(&format!("{blob}docs/a.md#x\"")));
    assert!(rendered("[a](/docs/a.md)").contains(&format!("{blob}docs/a.md\"")));
    assert!(rendered("<a href='docs/a b.md'>a</a>").contains(&format!("{blob}docs/a%20b.md\"")));
    assert!(rendered("[a](//example.org/x)").contains(r#"href="https://example.org/x""#));
    let raw = r#"src="https://github.com/o/r/raw/rel/v1%20%232/i.png""#;
    assert!(rendered("![i](i.png)").contains(raw) && rendered("<img src=/i.png>").contains(raw));
    assert_eq!(rendered("[a](#place)"), "<p>a</p>");
}

#[test]
fn images_wait_until_they_are_seen_and_keep_a_size_in_pixels() {
    let image = |size: &str| plain(&format!("<p><img src=\"https://example.org/i.png\" {size}></p>"));
    assert!(plain("![i](https://example.org/i.png)").contains(r#"alt="i" loading="lazy">"#));
    assert!(image("width=320 height=\"240\" loading=eager").contains(r#"width="320" height="240" loading="lazy">"#));
    for size in
        ["width=50%", "width=320px", "height=-1", "width=+5", "width=0", "height=99999", "height=''", "width=9e3"]
    {
        assert!(image(size).contains(r#"i.png" loading="lazy">"#), "{}", image(size));
    }
}

#[test]
fn without_a_place_relative_links_are_text() {
    assert_eq!(plain("[a **b**](docs/a.md) ![an *i*](i.png) <img src=x alt='<b>'>"), {
        "<p>a <strong>b</strong> an i &lt;b&gt;</p>"
    });
    let absolute = plain("[a](https://example.org/)");
    assert_eq!(absolute, r#"<p><a href="https://example.org/" rel="nofollow noopener">a</a></p>"#);
    assert_eq!(plain("<a href=x>1<table><tr><td><a href=//y.>2</a></td></tr></table></a>").matches("<a").count(), 0);
    // A repository's address that is none is no place.
    let nowhere = Place::tag("javascript:alert(1)", "v1");
    assert_eq!(render("[a](b)", &nowhere, 100).html.as_str(), "<p>a</p>");
}

#[test]
fn people_are_not_mailed() {
    assert_eq!(plain("Jane <jane@example.org>, [me](mailto:me@example.org), j.d+x@mail.example.org."), {
        "<p>Jane [e-mail], me, [e-mail].</p>"
    });
    assert_eq!(plain("[list](https://example.org/?to=me%40example.org)"), "<p>list</p>");
    assert!(!html("![me@example.org](https://example.org/i.png)").contains('@'));
    assert!(!html("<b>me&#64;example.org</b> `me@example.org`").contains("me@"));
    // No addresses: a clone URL, a user, a pinned version.
    let kept = "<p>git@example.org:o/r.git @name action@v1.2</p>";
    assert_eq!(plain("git@example.org:o/r.git @name action@v1.2"), kept);
}

#[test]
fn hostile_notes_are_harmless() {
    let hostile = [
        "<script>alert(1)</script>after",
        "<ScRiPt src=//example.org/x>",
        "<img src=x onerror=alert(1)>",
        "<img src=\"data:image/svg+xml,<svg onload=alert(1)>\">",
        "[a](javascript:alert(1)) [b](JaVa\tScript:alert(1)) [c](data:text/html,x) [d](vbscript:x)",
        "<a href=\"java&#10;script:alert(1)\">x</a><a href=\" &#1;javascript:alert(1)\">y</a>",
        "<svg><a xlink:href=\"javascript:alert(1)\"><text>x</text></a><script>alert(1)</script></svg>",
        "<math><mtext><table><mglyph><style><img src=x onerror=alert(1)>",
        "<form action=javascript:alert(1)><button>x</button></form>",
        "</body></html></div></article> ]]> <![CDATA[ x ]]>",
        "<!-- --!> <img src=x onerror=alert(1)> -->",
        "<div style=\"position:fixed\" class=page id=top onclick=alert(1)>x",
        "<b><i><table><td></b>unclosed",
        "<img alt='\"><script>alert(1)</script>'>",
        "<noscript><p title=\"</noscript><img src=x onerror=alert(1)>\">",
        "<title><style><textarea><iframe srcdoc='<script>x</script>'><base href=//example.org>",
        "@<script>alert(1)</script> @a\" onclick=alert(1) #1\" onmouseover=alert(1) o/r#1'><img src=x onerror=alert(1)>",
        "https://github.com/o/r/compare/\"onclick=alert(1)...<script>alert(1)</script>",
        "`x <javascript:alert(1)>`_ `<script>alert(1)</script>`_\n\n.. raw:: html\n\n   <script>alert(1)</script>",
        ".. image:: javascript:alert(1)\n   :alt: \"><script>\n\n.. <script>:: <script>\n\n   <img src=x onerror=alert(1)>",
        "    <script>alert(1)</script>\n    <img src=x onerror=alert(1)>",
        "\u{1}a\0b\u{202E}c\u{FFFE}&#1;&#x202e;&#0;",
    ];
    let tag_pattern = constant(r#"<(/?[a-z0-9]+)((?: [a-z]+="[^"]*")*)>"#);
    let attribute_pattern = constant(r#" ([a-z]+)="([^"]*)""#);
    for markdown in hostile {
        let html = html(markdown);
        for tag in tag_pattern.captures_iter(&html) {
            assert!(TAGS.split(' ').any(|name| name == tag[1].trim_start_matches('/')), "{html}");
            for attribute in attribute_pattern.captures_iter(&tag[2]) {
                let (name, value) = (&attribute[1], &attribute[2]);
                assert!(["href", "src", "rel", "alt", "width", "height", "loading", "align"].contains(&name), "{html}");
                assert!(!matches!(name, "href" | "src") || value.starts_with("http"), "{html}");
            }
        }
        assert!(!tag_pattern.replace_all(&html, "").contains(['<', '>']), "{html}");
        assert_eq!(xml_text(&html), html);
        // A parser reads it as it was written: no markup comes out of it that was not seen here.
        let again = sanitize(&html, &Place::none(), Headings::Lowered).to_string();
        assert_eq!(again.replace('"', "&quot;"), html.replace('"', "&quot;"));
    }
    assert_eq!(html(hostile[0]), "after");
}

#[test]
fn entities_and_quotes_are_written_once() {
    assert_eq!(plain("a &amp; b &lt;c&gt; \"d\" `&amp;`"), {
        "<p>a &amp; b &lt;c&gt; \"d\" <code>&amp;amp;</code></p>"
    });
}

#[test]
fn long_notes_are_cut_at_a_block_an_item_or_a_line() {
    let cut = |markdown: &str, limit| {
        let rendered = render(markdown, &Place::none(), limit);
        assert!(rendered.cut);
        rendered.html.to_string().replace('\n', "")
    };
    let paragraphs = "First one.\n\n## Next\n\nSecond one that is longer.\n";
    assert_eq!(cut(paragraphs, 30), "<p>First one.</p>");
    assert!(!render(paragraphs, &Place::none(), 100).cut);
    let list = lines(100, |n| format!("- item {n}\n"));
    assert_eq!(cut(&format!("a\n\n{list}\n\nb"), 30), "<p>a</p><ul><li>item 0</li><li>item 1</li><li>item 2</li></ul>");
    assert!(cut("| a |\n|---|\n| b |\n| c |\n", 8).contains("<td>b</td>"));
    assert!(!cut("a\n\n| a |\n|---|\n| bbbbbbbbbbbbb |\n", 4).contains("<td>"));
    assert_eq!(cut("one line\nanother line\nthird", 15), "<p>one line<br></p>");
    assert_eq!(cut("one long line of words", 12), "<p>one long…</p>");
    assert_eq!(cut("```\none\ntwo\nthree\n```", 9), "<pre><code>one</code></pre>".replace("one", "onetwo"));
    assert_eq!(cut("<ul>\n<li>one\n<li>two\n</ul>", 15), "<ul><li>one</li></ul>");
    assert_eq!(cut("# Only\n\n## titles", 8), "<h4>Only</h4><h5>ti…</h5>");
    assert_eq!(cut("text", 0), "");
    // What fits exactly without the line's own end is cut all the same.
    assert!(cut("ab\n\nc", 2).contains("<p>ab</p>"));
    assert!(render("", &Place::none(), 0).html.is_empty());
}

#[test]
fn pathological_notes_cost_little() {
    // The limit of a feed and not that of a page, since a debug build is some ten times slower than what is shipped.
    let fonts = lines(500, |n| format!("<font c={n}>"));
    let footnotes = lines(20_000, |n| format!("[^{n}]: [^{}]\n\n", n + 1));
    let table = format!("{}\n{}\n", "|a".repeat(2000), "|-".repeat(2000)) + &"|\n".repeat(100_000);
    let many = |text: &str| text.repeat(1_000_000 / text.len());
    let restructured = |text: &str| ".. a::\n\n".to_owned() + &many(text);
    for markdown in [
        many("a"),
        "- ".repeat(100_000) + "a",
        "> ".repeat(100_000) + "a",
        many("["),
        many("![](x)"),
        many("*a **b "),
        many("<div>"),
        many("<ul><li>"),
        many("<!--"),
        many("|a|\n|-|\n"),
        fonts.clone() + &many("a\n\n"),
        fonts + &many("#1 "),
        many("#1 "),
        many("@a"),
        many("abc1234 "),
        many(":bug: "),
        many("> [!NOTE]\n> a\n\n"),
        many("a/b#"),
        many("a/"),
        "@".to_owned() + &many("a"),
        "#1".to_owned() + &many("."),
        many("https://github.com/o/r/pull/1 "),
        footnotes + "[^0]",
        table,
        many("    a\n"),
        lines(800, |n| " ".repeat(800 - n) + "a\n"),
        restructured("a::\n\n"),
        restructured("a::\n  b\n"),
        restructured("a\n~~~~\n"),
        restructured(".. b::\n"),
        restructured(".. _b: c\n"),
        restructured("`a_\n"),
        restructured("`a <\n"),
        restructured(&(":a".repeat(10_000) + "\n")),
        restructured(&("~".repeat(10_000) + "\n")),
        restructured(&lines(600, |n| " ".repeat(n) + ".. b::\n\n")),
    ] {
        let start = Instant::now();
        let rendered = render(&markdown, &Place::tag("https://github.com/o/r", "v1"), 4_000);
        let _ = (first_sentence(&markdown), Cve::named_in(&markdown), shorten(&markdown, 300));
        let name = &markdown[..20];
        assert!(rendered.cut && start.elapsed() < Duration::from_secs(20), "{name}: {:?}", start.elapsed());
        assert!(rendered.html.as_str().len() < 500_000, "{name}: {}", rendered.html.as_str().len());
    }
    // Deep nesting keeps what is near the surface.
    assert!(plain(&("a\n\n".to_owned() + &"> ".repeat(1000) + "b")).starts_with("<p>a</p>"));
}

#[test]
fn xml_text_keeps_what_xml_has_a_place_for() {
    assert!(matches!(xml_text("a\tb\nc\u{E000}\u{FFFD}\u{10000}é"), Cow::Borrowed(_)));
    assert_eq!(xml_text("\0a\u{B}b\u{1B}[0m\u{202E}c\u{2066}d\u{FFFF}"), "ab[0mcd");
}

#[test]
fn short_texts_end_at_a_word() {
    assert_eq!(shorten("one two", 7), "one two");
    assert_eq!(shorten("one two three", 8), "one two…");
    assert_eq!(shorten("one two, three", 10), "one two…");
    assert_eq!(shorten("ünbröken", 4), "ünb…");
    assert_eq!((shorten("ab", 1).as_ref(), shorten("ab", 0).as_ref()), ("…", ""));
    for limit in 0..20 {
        assert!(shorten("some words of 20 ch.", limit).chars().count() <= limit);
    }
}

fn first_sentence(notes: &str) -> Option<String> {
    excerpt(notes, &Place::none(), 1000).1
}

#[test]
fn the_first_sentence_says_something() {
    let cases = [
        ("# Title\n\nFixes a crash, e.g. in 3.4. More follows.", "Fixes a crash, e.g. in 3.4."),
        ("A *patch* of [v1.2.3](https://example.org) for\n`tool`! Next", "A patch of v1.2.3 for tool!"),
        ("[![b](https://example.org/b.svg)](https://example.org)\n\n<!-- c -->\n\nText", "Text"),
        ("**Full Changelog**: https://example.org/a...b\n\n**Bold title**\n\nWhat's Changed\n\nReal.", "Real."),
        ("Version 1.2.3 - 2026-01-31\nIt works (mostly). Yes", "It works (mostly)."),
        ("## What's Changed\n* Fix it by @name in https://example.org/pull/1\n* More", "Fix it"),
        ("Bug fixes:\n- [x] Fix it. Well\n", "Fix it."),
        ("| a |\n|---|\n| b |\n\n```\ncode\n```\n\nhttps://example.org/\n\nWrite to me@example.org now.", {
            "Write to [e-mail] now."
        }),
        ("    All of it\n    is indented.\n\n    More", "All of it is indented."),
        ("  All:\n    - One\n      thing.\n\n  Most:", "One thing."),
        ("Title\n*****\n\nSee `this <https://example.org>`_ and :ref:`that`. Well", "See this and that."),
        ("Uses 2 approx. 3.5 times. Then", "Uses 2 approx. 3.5 times."),
        ("Hides&#x202e; &#8;nothing.", "Hides nothing."),
    ];
    for (markdown, sentence) in cases {
        assert_eq!(first_sentence(markdown).as_deref(), Some(sentence), "{markdown}");
    }
    for nothing in ["", "# Title", "v1.2.3", "2026-01-31", "**Full Changelog**: https://example.org", "![a](b)", "---"]
    {
        assert_eq!(first_sentence(nothing), None, "{nothing}");
    }
}

#[test]
fn headings_follow_each_other_from_the_fourth_level_on_and_are_bold_in_a_list() {
    let html = |markdown: &str| render(markdown, &Place::none(), 1000).html.to_string().replace('\n', "");
    assert_eq!(html("## A\n\n#### B\n\n## C"), "<h4>A</h4><h5>B</h5><h4>C</h4>");
    assert_eq!(html("### A\n\n# B\n\n## C"), "<h4>A</h4><h4>B</h4><h5>C</h5>");
    let bold = excerpt("# A\n\n<h2 align=\"center\">B</h2>\n\nc", &Place::none(), 1000).0.html.to_string();
    assert_eq!(bold.replace('\n', ""), "<p><b>A</b></p><p><b>B</b></p><p>c</p>");
}
