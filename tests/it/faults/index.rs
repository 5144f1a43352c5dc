//! The Python index: a package's files, who published them, and its own document.

use super::{
    Expected::{Fresh, Stale, Told},
    *,
};
use crate::{reliability, wire::Manner};

fn files(place: &Place) -> String {
    format!("/simple/{}/", place.id)
}

fn publisher(place: &Place) -> String {
    format!("/integrity/{0}/2.0.0/{0}-2.0.0-py3-none-any.whl/provenance", place.id)
}

fn case(name: &'static str, fault: impl Into<Fault>, expected: Expected) -> Case {
    Case::at(files, name, fault, expected)
}

fn provenance(name: &'static str, fault: impl Into<Fault>, expected: Expected) -> Case {
    Case::at(publisher, name, fault, expected)
}

/// The right list with one file that is none.
fn with_a_bad_file(world: &mut World, place: &Place) {
    let files: Vec<_> = world.package(&place.id).files.iter().map(File::wire).collect();
    let files = serde_json::to_string(&files).unwrap().replacen('[', "[{\"filename\": 7}, ", 1);
    let list = format!(r#"{{"versions": ["1.0.0", "2.0.0"], "files": {files}}}"#);
    world.fault(&self::files(place), Fault::body(&list));
}

fn lists() -> Vec<Case> {
    let unreadable = Stale("the answer cannot be read: ", PROXY);
    let emptied = Stale("the list is empty, and was not before", REMOVE);
    let mut cases: Vec<_> = garbage().into_iter().map(|(name, answer)| case(name, answer, unreadable)).collect();
    let elsewhere = Case::made(
        "a redirect to another host, which gets no request",
        Stale("redirected to another host, ", LEADS),
        |world, place| {
            let to = format!("{}{}", place.elsewhere, files(place));
            world.fault(&files(place), Answer::new(301, "").header("location", &to).into());
        },
    );
    cases.extend([
        case("404", Fault::status(404), Stale("404 Not Found", CORRECT)),
        case("410", Fault::status(410), Stale("404 Not Found", CORRECT)),
        case("403", Fault::status(403), Stale("403 Forbidden", LOOK)),
        case("`{}`", Fault::body("{}"), unreadable),
        case("`[]`", Fault::body("[]"), unreadable),
        case("all values are `null`", Fault::body(r#"{"versions": null, "files": null}"#), unreadable),
        case("a key twice", Fault::body(r#"{"versions": [], "versions": [], "files": []}"#), unreadable),
        case("no versions and no files", Fault::body(r#"{"versions": [], "files": []}"#), emptied),
        case("versions without files", Fault::body(r#"{"versions": ["1.0.0", "2.0.0"], "files": []}"#), emptied),
        Case::made("one bad file in a good list", Told("a file cannot be read: "), with_a_bad_file),
        case(
            "more than 20 MB, without end",
            Answer::new(200, " ".repeat(1 << 20)).in_manner(Manner::Endless),
            Stale("the answer is larger than 20 MB", LARGE),
        ),
        case("a gzip bomb", bomb(), Stale("the answer is larger than 20 MB", LARGE)),
        case("100,000 arrays in one another", deep(), unreadable),
        elsewhere,
    ]);
    cases
}

fn publishers() -> Vec<Case> {
    let untold = "who published it was not read: ";
    let mut cases: Vec<_> = garbage()
        .into_iter()
        .map(|(name, answer)| (label(name), answer))
        .map(|(name, answer)| provenance(name, answer, Told(untold)))
        .collect();
    cases.extend([
        provenance("who published it: 404", Fault::status(404), Fresh),
        provenance("who published it: 403", Fault::status(403), Told(untold)),
        provenance("who published it: `{}`", Fault::body("{}"), Told(untold)),
        provenance(
            "who published it: a name with markup",
            Fault::body(r#"{"attestation_bundles": [{"publisher": {"kind": "GitHub", "repository": "<b>/x"}}]}"#),
            Told(untold),
        ),
    ]);
    cases
}

/// The same fault where it is asked who published a version.
fn label(name: &'static str) -> &'static str {
    Box::leak(format!("who published it: {name}").into_boxed_str())
}

fn passing() -> [Vec<Case>; 2] {
    [
        vec![
            case("500", Fault::status(500), Stale("500 Internal Server Error", WAIT)),
            case("500 once: asked again", Fault::status(500).once(), Fresh),
            case(
                "half of the list, then the end",
                Answer::new(200, "{   }").in_manner(Manner::Half),
                Stale("the connection broke: ", WAIT),
            ),
            case("the connection is reset", Answer::none(Manner::Reset), Stale("the connection broke: ", WAIT)),
        ],
        vec![provenance("who published it: 500", Fault::status(500), Told("who published it was not read: "))],
    ]
}

/// The document is asked for when a package is read for the first time.
fn documents() -> Vec<Row> {
    let untold = "its owner and vulnerabilities were not read: ";
    let mut faults: Vec<(&str, Fault, bool)> =
        garbage().into_iter().map(|(name, answer)| (name, answer.into(), true)).collect();
    faults.extend([
        ("404", Fault::status(404), false),
        ("`{}`", Fault::body("{}"), false),
        ("403", Fault::status(403), true),
        ("500", Fault::status(500), true),
    ]);
    let projects: Vec<_> =
        (0..faults.len()).map(|n| Kind::Package.project(&format!("p{n}"), &format!("P{n}"))).collect();
    let toy = Toy::with_projects(World::default(), &projects.iter().map(String::as_str).collect::<Vec<_>>());
    for (n, (_, fault, _)) in faults.iter().enumerate() {
        let id = format!("p{n}");
        found(&mut toy.world(), number(n), &id);
        renew(&mut toy.world(), number(n), &id);
        toy.world().fault(&format!("/pypi/{id}/json"), fault.clone());
    }
    let ended = night(&toy, SECOND, &["--strict"]);
    assert_eq!(ended.code, 0, "{}", ended.stderr);
    let row = |(n, (name, _, told)): (usize, (&str, Fault, bool))| {
        let (begin, title) = (format!("warning: p{n}: pypi:p{n}: "), format!("P{n} 2.0.0"));
        let lines: Vec<_> = ended.stderr.lines().filter_map(|line| line.strip_prefix(&begin)).collect();
        assert!(toy.titles(&format!("projects/p{n}")).contains(&title), "{name}");
        assert_eq!(lines.len(), usize::from(told), "{name}: {}", ended.stderr);
        assert!(lines.iter().all(|line| line.starts_with(untold)), "{name}: {lines:?}");
        let stays = if told { "fresh, but for that" } else { "fresh" };
        let told = lines.first().copied().unwrap_or("nothing");
        [format!("its owner and vulnerabilities: {name}"), told.to_owned(), "0".to_owned(), stays.to_owned()]
    };
    let rows = faults.into_iter().enumerate().map(row).collect();
    toy.world().faults.clear();
    assert_eq!(night(&toy, THIRD, &["--strict"]).says("not read"), 0);
    rows
}

#[test]
fn the_index_goes_wrong() {
    let mut worlds = vec![lists(), publishers()];
    worlds.extend(passing());
    let rows = [rows(Kind::Package, worlds), documents()].concat();
    reliability::section("The Python index", &rows);
}
