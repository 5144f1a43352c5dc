use proptest::prelude::*;

use super::*;

#[test]
fn titles_have_the_level_of_their_style() {
    let text = "==\nA\n==\nB\n++++\nC\n====\nD\n++++\nE\n~~~~\n";
    let titles: Vec<_> = to_markdown(text).lines().filter(|line| !line.is_empty()).map(str::to_owned).collect();
    assert_eq!(titles, ["# A", "## B", "### C", "## D", "#### E"]);
    // A line between blank ones parts the text, and never begins a block of code.
    assert_eq!(to_markdown("a\n\n~~~~\n\nb\n").replace('\n', ""), "a---b");
    assert_eq!(to_markdown("A long title\n~~\n"), "A long title\n~~\n");
}

#[test]
fn links_and_roles_become_markdown() {
    let cases = [
        ("`a b <https://example.org/?x>`_", "[a b](<https://example.org/?x>)"),
        ("`a\nb\n<https://example.org\n/x>`__.", "[a\nb](<https://example.org/x>)."),
        ("`<https://example.org>`_", "[https://example.org](<https://example.org>)"),
        ("`a [b] <c_>`_ `c`_", r"[a \[b\]][c] [c]"),
        (":ref:`a`, :c:macro:`!b` and :doc:`the c <d/e>`", "`a`, `b` and the c"),
        ("``a`` and `b`, ``c <d>`` and ``e``", "``a`` and `b`, ``c <d>`` and ``e``"),
        ("a::b, c :d: e", "a::b, c :d: e"),
    ];
    for (text, markdown) in cases {
        assert_eq!(to_markdown(text), format!("{markdown}\n"));
    }
}

#[test]
fn what_follows_two_dots_is_shown_when_it_is_for_readers() {
    let shown = |text: &str| to_markdown(text).split_whitespace().collect::<Vec<_>>().join(" ");
    for silent in
        [".. a comment\n   of two lines", ".. _here:", ".. |a| image:: b.png", ".. contents:: All\n   :depth: 2"]
    {
        assert_eq!(shown(&format!("{silent}\n\nText")), "Text");
    }
    assert_eq!(shown("..\n\n   A quote"), "A quote");
    assert_eq!(shown(".. [1] A note\n   of two lines"), "[1] A note of two lines");
    assert_eq!(shown(".. version-added:: 1.2"), "> **Version added** 1.2");
    assert_eq!(shown(".. image:: a b.png\n   :alt: An a"), "![An a](<a b.png>)");
    assert_eq!(shown(".. warning::\n\n   One\n\n   two\n\nText"), "> **Warning** > One > > two Text");
    assert_eq!(shown(".and a line\n...\n"), ".and a line ...");
}

#[test]
fn literal_blocks_keep_their_lines() {
    assert_eq!(to_markdown("a::\n\n    `b`_\n\n      c::\nd"), "a:\n\n```\n`b`_\n\n  c::\n```\n\nd\n");
    assert_eq!(to_markdown("::\n\n  ````b\n"), "\n\n`````\n````b\n`````\n\n");
    assert_eq!(to_markdown("* a::\n\n    b\n\n  c"), "* a:\n\n  ```\n  b\n  ```\n\n\n  c\n");
    assert_eq!(to_markdown("a::\n  b\nuses std::\nvector"), "a:\n\n```\nb\n```\n\nuses std::\nvector\n");
}

proptest! {
    #[test]
    fn any_text_can_be_read(text in r"([ \t]{0,4}(\.\.|::|`|<|>|_|:|ab|é|=+|~+|\*|#\.|\[| |\|){0,6}\n){0,12}") {
        let markdown = to_markdown(&text);
        prop_assert!(markdown.len() <= text.len() * 8 + 64);
    }
}
