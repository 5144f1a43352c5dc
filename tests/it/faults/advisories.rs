//! A repository's list of security advisories.

use super::{
    Expected::{Fresh, Told},
    *,
};
use crate::{reliability, wire::Manner, world::Advisory};

fn case(name: &'static str, fault: impl Into<Fault>, expected: Expected) -> Case {
    Case::at(|place| format!("/repositories/{}/security-advisories", place.number), name, fault, expected)
}

#[test]
fn a_list_of_advisories_goes_wrong_and_the_releases_are_read() {
    let untold = "its security advisories were not read: ";
    let mut cases: Vec<_> = garbage().into_iter().map(|(name, answer)| case(name, answer, Told(untold))).collect();
    cases.extend([
        case("404: the server has no such lists", Fault::status(404), Fresh),
        case("403", Fault::status(403), Told(untold)),
        case("`{}`", Fault::body("{}"), Told(untold)),
        case("`[]`: none is forgotten", Fault::body("[]"), Fresh),
        case("100,000 arrays in one another", deep(), Told("an advisory cannot be read: ")),
        case("one bad advisory", Fault::body(r#"[{"ghsa_id": "<script>"}]"#), Told("an advisory cannot be read: ")),
        case("without end", Answer::new(200, " ".repeat(1 << 20)).in_manner(Manner::Endless), Told(untold)),
        Case::made("a next page at another host", Told(untold), |world, place| {
            let link = format!("<{}/x>; rel=\"next\"", place.elsewhere);
            let path = format!("/repositories/{}/security-advisories", place.number);
            world.fault(&path, Fault::body("[]").header("link", &link));
        }),
    ]);
    let passing = vec![
        case("500", Fault::status(500), Told(untold)),
        case("500 once: asked again", Fault::status(500).once(), Fresh),
        case("the connection is reset", Answer::none(Manner::Reset), Told(untold)),
    ];
    reliability::section("Security advisories", &rows(Kind::Releases, vec![cases, passing]));
}

#[test]
fn a_known_advisory_outlives_a_list_that_cannot_be_read() {
    for fault in [Fault::status(403), Fault::body("<html>"), Fault::body("[]"), Fault::body("[null]")] {
        let toy = Toy::new();
        let advisory = Advisory::new("GHSA-2222-3333-4444", "high", "1.1", "2026-06-01T12:00:00Z");
        toy.world().repository("example/Bravo").advisories.push(advisory);
        night(&toy, FIRST, &[]);
        let before = of(&toy.tree(), "bravo");
        toy.world().fault("/repositories/102/security-advisories", fault);
        night(&toy, SECOND, &[]);
        assert!(toy.read("data/projects/bravo.json").contains("GHSA-2222-3333-4444"));
        assert_eq!(differing(&before, &of(&toy.tree(), "bravo")), [""; 0]);
    }
}
