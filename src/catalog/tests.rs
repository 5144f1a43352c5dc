//! Tests of the catalog: what it takes, and how it says what is wrong.

use miette::{Diagnostic, GraphicalReportHandler, GraphicalTheme};

use super::*;
use crate::model::{Grouping, Listing, PrereleaseFlag};

/// What a terminal without colours and 100 columns wide shows.
fn printed(error: &dyn Diagnostic) -> String {
    let mut text = String::new();
    let handler = GraphicalReportHandler::new_themed(GraphicalTheme::unicode_nocolor()).with_width(100);
    handler.render_report(&mut text, error).unwrap();
    text
}

/// The report on a catalog that is wrong.
fn report(text: &str) -> String {
    printed(&Catalog::parse("projects.toml", text).unwrap_err())
}

const GOOD: &str = r#"
[site]
title = "Releases"
url = "https://example.org/releases"
authority = "example.org,2026"

[[stage]]
id = "grown"
name = "Grown up"

[[platform]]
id = "y26"
name = "Year 26"
status = "draft"
versions = { paint = "3.4" }
in_use = { brush = "1" }

[[feed]]
id = "y26-pre"
title = "Year 26"
platforms = ["y26"]
pre-releases = true

[[project]]
id = "paint"
name = "Paint"
stage = "grown"
homepage = "https://example.org/paint"
github = { repo = "Studio/paint-box", tags = '^P-(?<version>.+)$', from = "tags", group = "daily" }
pypi = [{ name = "Paint", since = "3.2.3" }, { name = "paint-more" }]
was = ["color"]
stability = "by-name"

[[project]]
id = "brush"
name = "The Brush"
part_of = "paint"
github = { repo = "Studio/hair" }

[[project]]
id = "gone"
name = "Gone"
ended = "2025-05-31"
"#;

fn slug(text: &str) -> Slug {
    text.parse().unwrap()
}

#[test]
fn a_good_catalog_is_read_whole() {
    let catalog = Catalog::parse("projects.toml", GOOD).unwrap();
    assert_eq!(catalog.site.url.as_str(), "https://example.org/releases/");
    assert_eq!((catalog.site.newest, catalog.site.days), (100, 30));
    assert_eq!(catalog.platforms[0].status, PlatformStatus::Draft);
    assert!(catalog.feeds[0].pre_releases && !catalog.feeds[0].security);

    let paint = catalog.project(&slug("paint")).unwrap();
    assert_eq!(catalog.stage_name(paint), Some("Grown up"));
    assert_eq!(paint.prerelease_flag, PrereleaseFlag::Ignored);
    assert_eq!(*paint.was, [slug("color")]);
    let github = paint.github.as_ref().unwrap();
    assert_eq!((github.listing, github.grouping), (Listing::Tags, Grouping::Daily));
    assert_eq!(paint.version_text("P-1_2").as_deref(), Some("1.2"));
    assert_eq!(paint.pypi[0].since, Some(Version::from_pypi("3.2.3")));

    let ids: Vec<_> = catalog.projects.iter().map(|project| project.id.as_str()).collect();
    assert_eq!(ids, ["paint", "brush", "gone"], "in the file's order");
    let gone = catalog.project(&slug("gone")).unwrap();
    assert_eq!((gone.ended.unwrap().to_string().as_str(), catalog.stage_name(gone)), ("2025-05-31", None));
}

#[test]
fn tags_are_read_by_the_id_the_name_and_the_name_of_the_repository() {
    let catalog = Catalog::parse("projects.toml", GOOD).unwrap();
    let brush = catalog.project(&slug("brush")).unwrap();
    for tag in ["v1.2", "brush-1.2", "The Brush 1.2", "HAIR_1_2"] {
        assert_eq!(brush.version_text(tag).as_deref(), Some("1.2"), "{tag}");
    }
    assert_eq!(brush.version_text("comb-1.2"), None);
}

#[test]
fn a_platform_takes_the_versions_of_its_lines_and_not_what_is_in_use_with_it() {
    let catalog = Catalog::parse("projects.toml", GOOD).unwrap();
    let count = |id, text| catalog.platforms_with(&slug(id), &Version::from_tag_text(text)).count();
    assert_eq!(
        [count("paint", "3.4.1"), count("paint", "3.5"), count("brush", "1.0"), count("gone", "3.4")],
        [1, 0, 0, 0]
    );
}

#[test]
fn all_that_is_wrong_is_told_with_its_place_and_what_to_do() {
    insta::assert_snapshot!(report(include_str!("tests/wrong.toml")));
}

#[test]
fn a_table_with_a_syntax_error_does_not_hide_what_is_wrong_in_others() {
    let text = GOOD
        .replace("name = \"Paint\"\nstage", "name = Paint box\nstage")
        .replace("part_of = \"paint\"", "part_of = \"paints\"");
    insta::assert_snapshot!(report(&text));
}

#[test]
fn an_empty_file_is_told_what_it_lacks() {
    insta::assert_snapshot!(report(""));
    assert!(report("project = []").contains("there is no [[project]]"));
}

#[test]
fn authorities_are_those_of_rfc_4151() {
    let parse = |authority| Catalog::parse("projects.toml", &GOOD.replace("example.org,2026", authority));
    for good in ["example.org,2026", "a-b.example.org,2026-05", "jo.e_x@example.org,2026-05-31", "localhost,1999"] {
        assert!(parse(good).is_ok(), "{good}");
    }
    for bad in [
        "example.org",
        "example.org,26",
        "example.org,2026-13",
        "example.org,2026-02-30",
        "-a.org,2026",
        "a..org,2026",
        "@example.org,2026",
        "example.org,2026-5-1",
        "https://example.org,2026",
        "a b@example.org,2026",
        "a,b,2026",
    ] {
        assert!(parse(bad).is_err(), "{bad}");
    }
}

#[test]
fn a_missing_file_is_named_with_the_way_out() {
    let error = Catalog::read(Path::new("no-such-folder/projects.toml")).unwrap_err();
    insta::assert_snapshot!(printed(&error));
}

#[test]
fn the_catalog_of_this_repository_is_right() {
    let catalog = Catalog::parse("projects.toml", include_str!("../../projects.toml"));
    let catalog = catalog.unwrap_or_else(|problems| panic!("{}", printed(&problems)));
    assert!(catalog.projects.iter().all(|project| catalog.stage_name(project).is_some()));
}

/// What is read of a file whole, with the places of all of it.
fn read_whole(text: &str) -> String {
    format!("{:?}", wire::Tables::whole(text, &mut Vec::new()))
}

#[test]
fn a_good_file_is_read_table_by_table_as_it_is_whole() {
    let own = include_str!("../../projects.toml");
    let with_strings = GOOD.replace("\"Releases\"", "\"\"\"\n[[project]]\n\"\"\"");
    for text in [GOOD, own, &GOOD.replace('\n', "\r\n"), &with_strings] {
        let tables = wire::Tables::one_by_one(text).expect("a good file");
        assert_eq!(format!("{tables:?}"), read_whole(text));
    }
}

#[test]
fn a_file_of_another_form_is_read_whole() {
    let (site, rest) = GOOD.trim_start().split_once("\n\n").unwrap();
    let files = [
        format!("{rest}\n{site}"),
        format!("{GOOD}\n[platform.in_use]\nbrush = \"2\""),
        format!("{GOOD}\n[[project.pypi]]\nname = \"paint\""),
        format!("{GOOD}\n[site]\ntitle = \"Again\""),
        format!("{GOOD}\n[[site]]\ntitle = \"Again\""),
        format!("{GOOD}\n[[projects]]\nid = \"paint\""),
        format!("{GOOD}\nwas = [\n[[\"a\"]]\n]"),
        format!("{GOOD}\nwas = [\n[[project]]\nid = \"b\"\nname = \"B\""),
        format!("{GOOD}\n[[project]\nid = \"b\"\n[[project]]\nid = \"c\""),
        format!("{GOOD}\nwas = ]\n[[project]]\nid = \"b\""),
        "project = [{ id = \"a\" }]".to_owned(),
        String::new(),
    ];
    for text in &files {
        assert!(wire::Tables::one_by_one(text).is_none(), "{text}");
    }
}
