//! Tests of versions: the zoo of real tags, and what holds of any text.

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
    let Some(repository) = project.and_then(|project| project.github.as_ref()) else {
        return ["no repository in projects.toml", "", ""].map(str::to_owned);
    };
    match repository.scheme.version_text(tag) {
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
fn a_text_that_hides_something_or_is_too_long_is_no_version() {
    let scheme = TagScheme::by_name([]);
    for tag in ["1.0\u{202e}", "1.0\u{1}x", &format!("1.{}", "0".repeat(200))] {
        assert_eq!(scheme.version_text(tag), None, "{tag:?}");
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

proptest::proptest! {
    #[test]
    fn any_text_has_one_canonical_form_that_reads_back(text in "\\PC*|[0-9a-zA-Z._+! -]{0,24}") {
        for version in [Version::from_tag_text(&text), Version::from_pypi(&text)] {
            let again = Version::from_canonical(version.canonical());
            proptest::prop_assert_eq!(again.cmp(&version), Ordering::Equal);
            proptest::prop_assert_eq!(again, version);
        }
    }

    #[test]
    fn versions_are_equal_when_neither_is_above_the_other(
        a in "[0-9]{1,2}(\\.[0-9]{1,2}){0,3}(-?(rc|a|dev|beta|post|x)[0-9.]{0,3})?(\\+[a-z0-9.]{1,4})?",
        b in "[0-9]{1,2}(\\.[0-9]{1,2}){0,3}(-?(rc|a|dev|beta|post|x)[0-9.]{0,3})?(\\+[a-z0-9.]{1,4})?",
    ) {
        let (a, b) = (Version::from_tag_text(&a), Version::from_tag_text(&b));
        proptest::prop_assert_eq!(a == b, a.cmp(&b) == Ordering::Equal);
        proptest::prop_assert_eq!(a.cmp(&b), b.cmp(&a).reverse());
    }
}
