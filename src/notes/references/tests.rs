use super::*;
use crate::notes::{Place, render};

const REPOSITORY: &str = "https://github.com/o/r";

fn html_at(repository: &str, markdown: &str) -> String {
    let html = render(markdown, &Place::tag(repository, "v1"), 60_000).html.to_string();
    html.replace(r#" rel="nofollow noopener""#, "")
}

/// The rendered line, and every link in it in short: `[text](path)`.
fn line(markdown: &str) -> String {
    let html = html_at(REPOSITORY, markdown);
    let link = constant(r#"<a href="https://github.com/([^"]*)">(.*?)</a>"#);
    let short = link.replace_all(&html, "[$2]($1)");
    short.trim_start_matches("<p>").trim_end_matches("</p>").to_owned()
}

#[test]
fn what_github_links_is_linked() {
    let hash = "0123456789abcdef0123456789abcdef01234567";
    let cases = [
        ("Fix #12.", "Fix [#12](o/r/issues/12)."),
        ("(#12, #13)", "([#12](o/r/issues/12), [#13](o/r/issues/13))"),
        ("#1,#2", "[#1](o/r/issues/1),[#2](o/r/issues/2)"),
        ("**#1** and [#2]", "<strong>[#1](o/r/issues/1)</strong> and [[#2](o/r/issues/2)]"),
        ("a-b/c.d_e#7: x", "[a-b/c.d_e#7](a-b/c.d_e/issues/7): x"),
        ("by @some-One, @b's", "by [@some-One](some-One), [@b](b)'s"),
        ("@dependabot[bot] did", "[@dependabot[bot]](apps/dependabot) did"),
        (
            "In abc1234, abcdef012345",
            "In [<code>abc1234</code>](o/r/commit/abc1234), [<code>abcdef0</code>](o/r/commit/abcdef012345)",
        ),
        ("x/y@abc1234", "[x/y@<code>abc1234</code>](x/y/commit/abc1234)"),
        ("12/3/4 #5", "12/3/4 [#5](o/r/issues/5)"),
    ];
    for (markdown, expected) in cases {
        assert_eq!(line(markdown), expected);
    }
    assert_eq!(line(hash), format!("[<code>0123456</code>](o/r/commit/{hash})"));
    assert!(html_at(REPOSITORY, "# For #1\n\n- @a\n\n| a |\n|---|\n| #2 |").matches("<a ").count() == 3);
}

#[test]
fn what_only_looks_like_a_reference_stays_text() {
    let texts = [
        "PR#12 C#1 a_#1 #0 #012 #1a #1234567 #1.2 ##1 &#35;x",
        "me@host x@y.z foo.@bar @scope/package @org/team @v4 actions/checkout@v4 @ @- @a_b x/y@main",
        "@a23456789012345678901234567890123456789x",
        "1234567 abcdefg deadbeef 123e4567-e89b-12d3 0xabc1234 abc1234.tar abc1234/x ABC1234 abc1234567890 abc1234...def5678",
        "a/b/c#1 /a/b#1 _half@@0ab",
    ];
    for text in texts {
        assert_eq!(html_at(REPOSITORY, text).matches("<a ").count(), 0, "{}", html_at(REPOSITORY, text));
    }
    // What stands in code and in links is what its author wrote.
    let written = "`#1 @a` <code>#1</code> <a href=\"https://example.org/\">#1</a> [@a](https://example.org/a)";
    assert_eq!(html_at(REPOSITORY, written).matches("<a ").count(), 2);
    assert!(!html_at(REPOSITORY, "a\n\n    #1\n\n```\n@a\n```\n\n<pre>\n\n#1\n\n</pre>").contains("<a "));
    assert!(html_at(REPOSITORY, "![#1](https://example.org/i.png)").contains(r##"alt="#1""##));
}

#[test]
fn addresses_are_shown_as_github_shows_them() {
    let cases = [
        ("pull/12", "#12"),
        ("issues/12", "#12"),
        ("issues/12#issuecomment-34", "#12 (comment)"),
        ("pull/12#discussion_r34", "#12 (comment)"),
        ("pull/12#pullrequestreview-34", "#12 (review)"),
        ("commit/0123456789abcdef0123456789abcdef01234567", "<code>0123456</code>"),
        ("compare/v1...v2.0-rc", "<code>v1...v2.0-rc</code>"),
    ];
    for (path, expected) in cases {
        assert_eq!(line(&format!("In {REPOSITORY}/{path}.")), format!("In [{expected}](o/r/{path})."));
        let elsewhere = expected.replace('#', "x/y#").replace("<code>", "x/y@<code>");
        assert_eq!(line(&format!("<https://github.com/x/y/{path}>")), format!("[{elsewhere}](x/y/{path})"));
    }
    for path in
        ["pull/12/files", "pull/12#top", "pull/x", "pulls", "commit/main", "compare/v1", "compare/a...b?w=1", ""]
    {
        assert_eq!(line(&format!("{REPOSITORY}/{path} x")), format!("[{REPOSITORY}/{path}](o/r/{path}) x"));
    }
    assert_eq!(line("[mine](https://github.com/o/r/pull/1)"), "[mine](o/r/pull/1)");
    assert!(
        html_at(REPOSITORY, "https://github.com.example.org/o/r/pull/1").contains(">https://github.com.example.org/")
    );
}

#[test]
fn references_lead_to_the_site_that_the_release_is_on() {
    let ours = "https://git.example.org/o/r/";
    let html = html_at(ours, "#1 @a x/y#2 https://git.example.org/o/r/pull/3 https://github.com/o/r/pull/3");
    for link in ["o/r/issues/1\">#1<", "a\">@a<", "x/y/issues/2\">x/y#2<", "o/r/pull/3\">#3<"] {
        assert!(html.contains(&format!("href=\"https://git.example.org/{link}")), "{html}");
    }
    assert!(html.contains(">https://github.com/o/r/pull/3<"), "{html}");
    let nowhere = "#1 @a abc1234 https://github.com/o/r/pull/3";
    let html = render(nowhere, &Place::none(), 1000).html.to_string();
    assert!(html.starts_with("<p>#1 @a abc1234 <a") && html.contains(">https://github.com/o/r/pull/3<"), "{html}");
}

#[test]
fn a_limit_counts_what_is_seen() {
    let notes = format!("* {REPOSITORY}/pull/1\n* {REPOSITORY}/compare/v1...v2\n* more");
    let rendered = render(&notes, &Place::tag(REPOSITORY, "v1"), 20);
    assert!(!rendered.cut, "{}", rendered.html);
    assert!(render(&notes, &Place::none(), 20).cut);
}

#[test]
fn hostile_references_are_harmless() {
    for markdown in
        ["@<script>alert(1)</script>", "#1\" onmouseover=\"x", "@a\" onclick=x", "a/b#1'><img src=x>", "<a>#1 @b</a"]
    {
        let html = html_at(REPOSITORY, markdown);
        let tags = constant("<[^>]*>").replace_all(&html, "").into_owned();
        assert!(!tags.contains(['<', '>']) && !html.contains("script"), "{html}");
        assert!(!constant("<[^>]* on").is_match(&html), "{html}");
    }
}

#[test]
fn the_names_of_vulnerabilities_are_linked() {
    assert_eq!(line("GHSA-ab12-cd34-ef56!"), "[GHSA-ab12-cd34-ef56](advisories/GHSA-ab12-cd34-ef56)!");
    let html = html_at(REPOSITORY, "Fixes cve-2026-12345 (#1)");
    let link = r#"<a href="https://www.cve.org/CVERecord?id=CVE-2026-12345">cve-2026-12345</a> (<a "#;
    assert!(html.contains(link), "{html}");
    for text in ["xCVE-2026-12345", "CVE-26-1", "CVE-2026-123", "GHSA-ab12-cd34", "GHSA-ab12-cd34-ef567"] {
        assert!(!html_at(REPOSITORY, text).contains("<a "), "{text}");
    }
}
