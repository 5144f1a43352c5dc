//! What holds of any input, whoever made it: tried here on a few hundred, and by the fuzzer (`fuzz/`) on millions.

use std::{
    cmp::Ordering,
    fs,
    path::Path,
    time::{Duration, Instant},
};

use aswf_release_feed::{
    catalog::Catalog,
    history::{Memory, Reader, Recording},
    notes::{self, Place},
    version::{Line, Version, is_version_text, version_text},
};

use crate::harmless::{is_shown, wrong_in_notes};

/// Whatever a tag says: a version has one canonical form, which reads back as the same version, and versions have one
/// order. Each line is a tag.
pub(crate) fn versions_hold(text: &str) {
    let mut versions = Vec::new();
    for line in text.lines().take(12) {
        if let Some(text) = version_text(line, &["Open RV"]) {
            assert!(is_version_text(&text), "{text:?}");
            versions.push(Version::from_tag_text(&text));
        }
        versions.extend([Version::from_tag_text(line), Version::from_pypi(line), Version::from_canonical(line)]);
    }
    for version in &versions {
        let again = Version::from_canonical(version.canonical());
        assert_eq!((again.cmp(version), again.stability()), (Ordering::Equal, version.stability()), "{version:?}");
        assert_eq!(&again, version);
        if let Some(line) = Line::of(version, 2) {
            assert!(line.takes(version) && line.to_string().parse::<Line>().is_ok_and(|again| again == line));
            assert_eq!(&Version::from_tag_text(version.canonical()), version);
            assert_eq!(&Version::from_pypi(version.canonical()), version);
        }
    }
    for (a, b) in versions.iter().zip(versions.iter().skip(1)) {
        assert_eq!((a.cmp(b), a == b), (b.cmp(a).reverse(), a.cmp(b) == Ordering::Equal), "{a} and {b}");
    }
    for c in versions.windows(3) {
        assert!(!(c[0] <= c[1] && c[1] <= c[2]) || c[0] <= c[2], "{c:?}");
    }
    versions.sort();
    assert!(versions.is_sorted());
}

/// Whatever notes say: they are shown as harmless HTML, cut where that was asked for, in a time that nobody notices; and
/// as plain text they are plain.
pub(crate) fn notes_hold(text: &str) {
    let begun = Instant::now();
    let tag = Place::tag("https://github.com/o/r", "v1");
    let (_, sentence) = notes::excerpt(text, &tag, 80);
    let each = [notes::render(text, &tag, 4_000), notes::render(text, &tag, 80)];
    assert_eq!(notes::render_twice(text, &tag, 4_000, 80), (each, sentence.clone()), "{text:?}");
    for (place, limit) in [(&tag, 4_000), (&tag, 80), (&Place::none(), 4_000)] {
        for rendered in [notes::render(text, place, limit), notes::excerpt(text, place, limit).0] {
            let html = rendered.html.as_str();
            assert_eq!(wrong_in_notes(html), [""; 0], "{html}");
            // An address becomes a word that can be longer, and so can the sign for a picture without an address.
            let length = scraper::Html::parse_fragment(html).root_element().text().flat_map(str::chars).count();
            assert!(length <= 3 * limit + 100, "{length} of {limit}: {html}");
            assert!(html.matches('<').count() <= 20 * limit + 100, "{limit}: {html}");
        }
    }
    let sentence = sentence.unwrap_or_default();
    assert!(sentence.chars().all(|c| is_shown(c) && c != '\n'), "{sentence:?}");
    assert!(notes::shorten(&sentence, 300).chars().count() <= 300);
    let legal = notes::xml_text(text);
    assert!(legal.chars().all(is_shown) && notes::xml_text(&legal) == legal);
    let without = notes::without_addresses(text);
    assert_eq!(notes::without_addresses(&without), without);
    let printed = notes::under(text, 2);
    assert!(printed.chars().all(|c| !c.is_control() || "\n\t".contains(c)), "{printed:?}");
    assert!(begun.elapsed() < Duration::from_secs(5), "{:?}", begun.elapsed());
}

/// Whatever stands in a history's file: it is read and written as the same, or said to be damaged.
pub(crate) fn histories_hold(bytes: &[u8], folder: &Path) {
    let catalog = "[site]\ntitle = \"T\"\nurl = \"https://example.org/\"\nauthority = \"example.org,2026\"\n\n\
                   [[project]]\nid = \"alpha\"\nname = \"Alpha\"\ngithub = { repo = \"example/alpha\" }\n";
    let catalog = Catalog::parse("projects.toml", catalog).unwrap_or_else(|problems| panic!("{problems:?}"));
    let [project] = &catalog.projects[..] else { panic!("one project") };
    let file = folder.join("data/projects/alpha.json");
    fs::create_dir_all(folder.join("data/projects")).unwrap();
    fs::write(&file, bytes).unwrap();
    let open = || Memory::open(folder, "example.org,2026", Recording::Live, "2026-06-10T03:17:00Z".parse().unwrap());
    let read = || Reader::open(folder, &catalog.projects).and_then(|(reader, _)| reader.history(project));
    let mut memory = match open() {
        Ok(memory) => memory,
        Err(error) => {
            assert!(error.to_string().contains("alpha.json"), "{error}");
            return;
        }
    };
    let history = read().unwrap();
    memory.save(project, &history).unwrap();
    assert_eq!(read().unwrap(), history);
    let written = fs::read(&file).unwrap();
    open().unwrap().save(project, &history).unwrap();
    assert_eq!(fs::read(&file).unwrap(), written);
}

#[cfg(test)]
mod tests {
    use proptest::{collection::vec, prelude::*, sample::select};

    use super::*;

    /// The files that the fuzzer begins with, and what it once found.
    fn corpus(target: &str) -> Vec<Vec<u8>> {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fuzz/corpus").join(target);
        let files = fs::read_dir(folder).unwrap().map(|file| fs::read(file.unwrap().path()).unwrap());
        files.collect()
    }

    #[test]
    fn what_the_fuzzer_begins_with_holds() {
        let folder = tempfile::tempdir().unwrap();
        for target in ["version", "notes", "history"] {
            let files = corpus(target);
            assert!(files.len() >= 8, "{target}");
            for bytes in files {
                match (target, std::str::from_utf8(&bytes)) {
                    ("version", Ok(text)) => versions_hold(text),
                    ("notes", Ok(text)) => notes_hold(text),
                    ("history", _) => histories_hold(&bytes, folder.path()),
                    _ => panic!("{target}: no text"),
                }
            }
        }
    }

    /// What notes are made of, whole and in pieces.
    const PIECES: [&str; 64] = [
        "a",
        " ",
        "\n",
        "\n\n",
        "    ",
        "- ",
        "1. ",
        "> ",
        "# ",
        "*",
        "**",
        "_",
        "~~",
        "`",
        "```\n",
        "[",
        "](",
        ")",
        "![",
        "[^1]",
        "[^1]: ",
        "|",
        "|-|\n",
        "<",
        ">",
        "<b>",
        "</b>",
        "<p ",
        "<img src=x ",
        "<a href=\"",
        "\"",
        "'",
        "&",
        "&#",
        ";",
        "&lt;",
        "<!--",
        "-->",
        "<![CDATA[",
        "]]>",
        "<script>",
        "<style>",
        "<svg>",
        "<math>",
        "<table>",
        "<td>",
        "<details>",
        "javascript:",
        "https://example.org/",
        "x@example.org",
        "#1",
        "@name",
        "o/r#2",
        ":bug:",
        "CVE-2026-1234",
        "\\",
        "\0",
        "\u{1b}",
        "\u{202e}",
        "====\n",
        ".. note:: ",
        "::\n\n  ",
        "`x <y>`_ ",
        ":role:`x`",
    ];

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(96))]

        #[test]
        fn any_notes_hold(pieces in vec(prop_oneof![9 => select(&PIECES[..]).prop_map(str::to_owned), 1 => "\\PC{0,9}"], 0..60)) {
            notes_hold(&pieces.concat());
        }

        #[test]
        fn any_tags_hold(text in "((v|Open-RV)?[0-9]{1,2}([._-][0-9a-z]{1,4}){0,4}\n|\\PC{0,12}\n){0,9}") {
            versions_hold(&text);
        }

        #[test]
        fn any_history_holds(file in select(corpus("history")), at in any::<prop::sample::Index>(), piece in select(vec![
            "", "\"", "{", "}", "null", "0", "-1", "1e99", "\\ud800", "\u{1b}", ",", "[[[[", "<<<<<<< HEAD\n",
        ]), gone in 0_usize..40) {
            let at = at.index(file.len());
            let rest = &file[(at + gone).min(file.len())..];
            let folder = tempfile::tempdir().unwrap();
            histories_hold(&[&file[..at], piece.as_bytes(), rest].concat(), folder.path());
        }
    }
}
