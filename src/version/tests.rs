//! Tests of versions: the zoo of real tags, and what holds of any text.

use std::hash::{BuildHasher, BuildHasherDefault, DefaultHasher};

use proptest::{collection::vec, prelude::*, sample::select};

use super::*;
use crate::catalog::Catalog;

/// The cells of the zoo's table, row by row.
fn zoo() -> impl Iterator<Item = [&'static str; 6]> {
    let rows = include_str!("tests/zoo.md").lines().filter(|line| line.starts_with("| ")).skip(1);
    rows.map(|row| {
        let cells: Vec<_> = row.trim_matches('|').split('|').map(|cell| cell.trim_matches(' ')).collect();
        cells.try_into().unwrap_or_else(|_| panic!("six cells are a row, not `{row}`"))
    })
}

/// What a tag of this project says, or a version on `PyPI`, in the words of the zoo.
fn reading(catalog: &Catalog, source: &str, tag: &str) -> [String; 3] {
    let number =
        |text: &str, version: Version| [text, version.canonical(), &version.stability().to_string()].map(str::to_owned);
    if source == "PyPI" {
        return number(tag, Version::from_pypi(tag));
    }
    let project = catalog.projects.iter().find(|project| project.id.as_str() == source);
    let Some(project) = project.filter(|project| project.github.is_some()) else {
        return ["no repository in projects.toml", "", ""].map(str::to_owned);
    };
    match project.version_text(tag) {
        Some(text) => number(&text, Version::from_tag_text(&text)),
        None => ["no version", "", ""].map(str::to_owned),
    }
}

#[test]
fn every_tag_of_the_zoo_is_read_as_it_says() {
    let catalog = Catalog::parse("projects.toml", include_str!("../../projects.toml")).unwrap();
    let wrong = zoo().filter_map(|[source, tag, text, canonical, stability, why]| {
        let read = reading(&catalog, source, &tag.replace(r"\u{a0}", "\u{a0}"));
        (read != [text, canonical, stability]).then(|| {
            format!("{source} {tag}: {text} {canonical} {stability} ({why})\n    is read as {}", read.join(" "))
        })
    });
    let wrong: Vec<_> = wrong.collect();
    assert!(wrong.is_empty(), "{} tags of the zoo are read otherwise:\n{}", wrong.len(), wrong.join("\n"));
}

#[test]
fn a_known_word_stands_before_a_version_in_any_case_and_with_any_separators() {
    let read = |tag: &str| version_text(tag, &["otio-aaf-adapter", "Open RV", "3d-tool", "paint", "Paint 2"]);
    let known =
        ["v", "version", "release", "otio-aaf-adapter", "otio_aaf_adapter", "Open RV", "Open-RV", "OpenRV", "3d-tool"];
    for separator in ["", "-", "_", ".", "/", " ", "._"] {
        for word in known.iter().flat_map(|word| [(*word).to_owned(), word.to_lowercase(), word.to_uppercase()]) {
            let tag = format!("{word}{separator}1_2");
            assert_eq!(read(&tag).as_deref(), Some("1.2"), "{tag}");
        }
        for word in ["x", "spi", "dev", "rv", "vv", "ver", "releases", "my-paint", "open_rv_x", "é"] {
            let tag = format!("{word}{separator}1_2");
            assert_eq!(read(&tag), None, "{tag}");
        }
    }
    assert_eq!(read("paint-2.1").as_deref(), Some("2.1"), "2 is of the version, not of the name");
    assert_eq!(read("-1.2"), None, "a separator is no word");
}

#[test]
fn a_text_that_hides_something_or_is_too_long_is_no_version() {
    let hidden =
        "\u{1}\u{7f}\u{9b}\u{ad}\u{200b}\u{200d}\u{200e}\u{2028}\u{202e}\u{2060}\u{2066}\u{feff}\u{e0041}\u{ffff}";
    let tags = hidden.chars().map(|c| format!("1.0{c}x"));
    for tag in tags.chain([format!("1.{}", "0".repeat(200))]) {
        assert_eq!(version_text(&tag, &[]), None, "{tag:?}");
    }
}

#[test]
fn versions_stand_in_the_order_in_which_they_were_released() {
    let histories: [&[&str]; 9] = [
        &["1.4.0rc1", "1.4.0", "1.4.0a", "1.4.0-OpenPBR", "1.4.1"],
        &["2.0.0.beta.2", "2.0.0", "2.0.0.GM", "2.0.1"],
        &["1.38.10-OpenPBR-rc1", "1.38.10-OpenPBR-rc2", "1.38.10", "1.38.10-OpenPBR", "1.39.0"],
        &["1.0_RC6", "1.0_RC9", "1.0", "1.0D1", "1.0D5", "1.1", "1.5", "1.5s", "1.5.1"],
        &["2.2.3.0-dev", "2.2.3.0-dev.1", "2.2.4.0-beta1", "2.2.6.0-RC1", "2.2.6.1", "2.2.10.0"],
        &["1.0.0-alpha.9", "1.0.0-alpha.13", "1.0.0-beta.2.0", "1.0.0-beta.2.2", "1.0.0-rc.1.0", "1.0.0"],
        &["1.0.0", "2.0.0-v2.1.0", "2.1.0-v2.2.0", "3.0.0"],
        &["2.0.0+2024.09.05", "2.0.0+2025.04.04"],
        &["ci-base/2018.8", "3.5.0.0", "3.6.0.1", "2026.29.1"],
    ];
    for history in histories {
        let versions: Vec<_> = history.iter().map(|text| Version::from_tag_text(text)).collect();
        assert!(versions.is_sorted_by(|a, b| a < b), "{history:?}: {versions:?}");
    }
}

#[test]
fn a_line_takes_what_begins_with_its_numbers() {
    let takes = |line: &str, text| line.parse::<Line>().unwrap().takes(&Version::from_pypi(text));
    assert!(takes("3.4", "3.4.15") && takes("13", "13.0.1") && takes("2.0", "2") && takes("3.4", "3.4.0rc1"));
    assert!(!takes("3.4", "3.40.0") && !takes("3.4", "3.3.9") && !takes("13", "1.3"));
    assert!("3.x".parse::<Line>().is_err() && "".parse::<Line>().is_err() && "03".parse::<Line>().is_err());
}

/// Any text, and often one that has much of a version.
fn text() -> impl Strategy<Value = String> {
    prop_oneof![
        "(?s:.*)",
        "[0-9a-zA-Z._+! -]{0,24}",
        "(v|Release-|paint_)?[0-9]{1,3}([._][0-9]{1,2}){0,3}([-._]?(RC|alpha|dev|b|pre|post|x)[-.]?[0-9]{0,2}(\\.[0-9])?){0,3}",
    ]
}

/// Versions of all three origins, so near each other that some are equal.
fn version() -> impl Strategy<Value = Version> {
    let near = "[01](\\.[01]){0,3}([-.]?(rc|a|dev|post|x)[-.]?[01]?(\\.[01])?){0,2}(\\+[a0.]{1,3})?";
    let origins: [fn(&str) -> Version; 3] = [Version::from_tag_text, Version::from_pypi, Version::from_canonical];
    (prop_oneof![near, "[01a.+]{0,4}"], select(origins.to_vec())).prop_map(|(text, read)| read(&text))
}

proptest! {
    #[test]
    fn nothing_panics(text in text(), line in "[0-9.]{0,4}|\\PC*") {
        let by_name = version_text(&text, &["paint", text.as_str()]);
        let by_pattern = TagPattern::new("(?<version>[0-9].*)?").unwrap().version_text(&text);
        let line: Option<Line> = line.parse().ok();
        let texts = [by_name, by_pattern, Some(text)];
        for version in texts.iter().flatten().flat_map(|text| [Version::from_tag_text(text), Version::from_pypi(text)]) {
            let _ = (version.stability(), line.as_ref().map(|line| line.takes(&version)));
        }
    }

    #[test]
    fn any_text_has_one_canonical_form_that_reads_back(text in text()) {
        for version in [Version::from_tag_text(&text), Version::from_pypi(&text)] {
            let again = Version::from_canonical(version.canonical());
            prop_assert_eq!(again.cmp(&version), Ordering::Equal);
            prop_assert_eq!(again.stability(), version.stability());
            prop_assert_eq!(again, version);
        }
    }

    #[test]
    fn a_canonical_form_says_the_same_as_a_tag_and_on_pypi(text in text()) {
        for version in [Version::from_tag_text(&text), Version::from_pypi(&text)].iter().filter(|v| v.number.is_some()) {
            prop_assert_eq!(&Version::from_tag_text(version.canonical()), version);
            prop_assert_eq!(&Version::from_pypi(version.canonical()), version);
        }
    }

    #[test]
    fn versions_are_equal_when_neither_is_above_the_other(a in version(), b in version()) {
        prop_assert_eq!(a.cmp(&b), b.cmp(&a).reverse());
        prop_assert_eq!(a == b, a.cmp(&b) == Ordering::Equal);
        prop_assert_eq!(a == b, a.canonical() == b.canonical());
        let hash = |version: &Version| BuildHasherDefault::<DefaultHasher>::default().hash_one(version);
        prop_assert!(a != b || hash(&a) == hash(&b));
    }

    #[test]
    fn what_is_above_the_above_is_above(a in version(), b in version(), c in version()) {
        prop_assert!(!(a <= b && b <= c) || a <= c, "{a} ≤ {b} ≤ {c}");
    }

    #[test]
    fn a_list_has_one_order(
        (mut versions, mut shuffled) in vec(version(), 0..12).prop_flat_map(|v| (Just(v.clone()), Just(v).prop_shuffle())),
    ) {
        versions.sort();
        shuffled.sort_unstable_by(|a, b| b.cmp(a));
        shuffled.reverse();
        prop_assert_eq!(versions, shuffled);
    }
}
