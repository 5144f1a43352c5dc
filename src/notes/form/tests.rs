use super::*;

fn indented(text: &str) -> String {
    Form::Indented.to_markdown(text).into_owned()
}

#[test]
fn the_form_of_notes_is_told_by_what_only_it_has() {
    let restructured = [
        ".. _label:\n\nText",
        "Text\n\n.. note:: this",
        "..\r\n  A comment\r\n",
        "See `the guide\n<https://example.org>`_.",
        "Fixes :ref:`this` and :py:func:`that`.",
    ];
    for notes in restructured {
        assert_eq!(Form::of(notes), Form::Restructured, "{notes}");
        assert_eq!(Form::of(&format!("# Title\n\n{notes}")), Form::Markdown);
        assert_eq!(Form::of(&format!("[a](b)\n\n{notes}")), Form::Markdown);
    }
    for notes in ["    * one\n    * two", "\n\tone\nflush", "  One:\n    - two\n  Three:", "      one\n  two"] {
        assert_eq!(Form::of(notes), Form::Indented, "{notes}");
    }
    let markdown = [
        "",
        "text",
        "  * one\n  * two",
        " <b>one</b>",
        "One:\n\n    code",
        "  one\n\n    code\n\ntwo",
        "...\n",
        "Title\n=====",
    ];
    for notes in markdown {
        assert_eq!(Form::of(notes), Form::Markdown, "{notes}");
    }
}

#[test]
fn text_moves_to_the_left_as_far_as_the_lines_above_leave_room() {
    assert_eq!(indented("    a\n      b\n\n    c"), "a\n  b\n\nc\n");
    assert_eq!(indented("      a\n  b\n    c\nd\n    e"), "a\nb\n  c\nd\n    e\n");
    assert_eq!(indented("\ta\n\t\tb\n      c"), "a\n    b\n  c\n");
}
