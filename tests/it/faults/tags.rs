//! A project's list of tags, and the commits that have their dates.

use super::{
    Expected::{Stale, Told},
    *,
};
use crate::{reliability, wire::Manner};

fn list(place: &Place) -> String {
    format!("/repositories/{}/tags", place.number)
}

/// That of the release before the newest, which is new that night too.
fn older(place: &Place) -> String {
    format!("/repositories/{}/commits/{}", place.number, commit(place.number, "v1.9.0"))
}

/// One more new tag, whose commit cannot be had.
fn dateless(name: &'static str, fault: impl Into<Fault>) -> Case {
    let fault = fault.into();
    Case::made(name, Told("the tag v1.9.0 waits, for its commit was not read: "), move |world, place| {
        let tags = &mut world.repository(&format!("faults/{}", place.id)).tags;
        tags.push(tag(place.number, "v1.9.0", "2026-06-10T11:00:00Z"));
        world.fault(&older(place), fault.clone());
    })
}

fn case(name: &'static str, fault: impl Into<Fault>, expected: Expected) -> Case {
    Case::at(list, name, fault, expected)
}

#[test]
fn a_list_of_tags_or_a_commit_goes_wrong() {
    let unreadable = Stale("the answer cannot be read: ", PROXY);
    let mut good: Vec<_> = garbage().into_iter().map(|(name, answer)| case(name, answer, unreadable)).collect();
    good.extend([
        case("404", Fault::status(404), Stale("404 Not Found", CORRECT)),
        case("`[]`", Fault::body("[]"), Stale("the list is empty, and was not before", REMOVE)),
        case(
            "all tags are `null`",
            Fault::body("[null]"),
            Stale("the answer cannot be read: a tag cannot be read: ", PROXY),
        ),
        case(
            "100,000 arrays in one another",
            deep(),
            Stale("the answer cannot be read: a tag cannot be read: ", PROXY),
        ),
        Case::made("one bad tag in a good list", Told("a tag cannot be read: "), |world, place| {
            let sha = commit(place.number, "v2.0.0");
            let list_of = format!(r#"[7, {{"name": "v2.0.0", "commit": {{"sha": "{sha}"}}}}]"#);
            world.fault(&list(place), Fault::body(&list_of));
        }),
        dateless("a commit: 404", Fault::status(404)),
        dateless("a commit: `{}`", Fault::body("{}")),
        dateless("a commit: no date", Fault::body(r#"{"commit": {"committer": {"date": null}}}"#)),
        dateless("a commit: an HTML page", Fault::body("<html>")),
        dateless("a commit: without end", Answer::new(200, " ".repeat(1 << 20)).in_manner(Manner::Endless)),
    ]);
    let passing = vec![
        case("500", Fault::status(500), Stale("500 Internal Server Error", WAIT)),
        case(
            "half of the list, then the end",
            Answer::new(200, "[  ]").in_manner(Manner::Half),
            Stale("the connection broke: ", WAIT),
        ),
        dateless("a commit: 500", Fault::status(500)),
    ];
    reliability::section("Tags and their commits", &rows(Kind::Tags, vec![good, passing]));
}
