//! A project's list of releases on GitHub.

use super::{
    Expected::{Fresh, Stale, Told},
    *,
};
use crate::{reliability, wire::Manner};

fn list(place: &Place) -> String {
    format!("/repositories/{}/releases", place.number)
}

fn case(name: &'static str, fault: impl Into<Fault>, expected: Expected) -> Case {
    Case::at(list, name, fault, expected)
}

/// The list with another page, or a redirect, to an address made of where it is given.
fn leading(name: &'static str, to: fn(&Place) -> String, header: &'static str, expected: Expected) -> Case {
    Case::made(name, expected, move |world, place| {
        let value = if header == "link" { format!("<{}>; rel=\"next\"", to(place)) } else { to(place) };
        let answer = Answer::new(if header == "link" { 200 } else { 301 }, RELEASE).header(header, &value);
        world.fault(&list(place), answer.into());
    })
}

/// A page of one release.
const RELEASE: &str = r#"[{"tag_name": "v2.0.0", "html_url": "https://example.org/v2.0.0",
    "published_at": "2026-06-10T12:00:00Z"}]"#;
const UNREADABLE: &str = "the answer cannot be read: ";
const NOTHING_READ: Expected = Stale("the answer cannot be read: a release cannot be read: ", PROXY);
const EMPTIED: Expected = Stale("the list is empty, and was not before", REMOVE);
const CUT_OFF: Expected = Stale("the connection broke: ", WAIT);
const TOO_LARGE: Expected = Stale("the answer is larger than 20 MB", LARGE);

fn refusals() -> Vec<Case> {
    let ended = Case::made("the list ends in 422 (GitHub ends long lists so)", Fresh, |world, place| {
        let link = format!("<{}{}/2>; rel=\"next\"", place.api, list(place));
        world.fault(&list(place), Answer::new(200, RELEASE).header("link", &link).into());
        world.fault(&format!("{}/2", list(place)), Fault::status(422));
    });
    let taken = Case::made(
        "404, and another repository has its name",
        Stale(
            "its name is another repository's now, number 7, which is not believed",
            "correct it in the catalog, or, if that is the project's too, delete its `id` in data/sources.json",
        ),
        |world, place| {
            world.fault(&list(place), Fault::status(404));
            let other = format!(r#"{{"id": 7, "full_name": "faults/{}"}}"#, place.id);
            world.fault(&format!("/repos/faults/{}", place.id), Fault::body(&other));
        },
    );
    vec![
        case("404", Fault::status(404), Stale("404 Not Found", CORRECT)),
        case("410", Fault::status(410), Stale("404 Not Found", CORRECT)),
        taken,
        case("403 without a reason", Fault::status(403), Stale("403 Forbidden", LOOK)),
        case("451", Fault::status(451), Stale("451 Unavailable For Legal Reasons", LOOK)),
        case("422 at once", Fault::status(422), Stale("422 Unprocessable Entity", LOOK)),
        case("304 out of the blue", Answer::new(304, ""), Stale("304 Not Modified", LOOK)),
        ended,
    ]
}

fn contents() -> Vec<Case> {
    let named = |names: &str| RELEASE.replace("\"tag_name\": \"v2.0.0\"", names);
    let bad = RELEASE.replace("[{", r#"[{"tag_name": "v3", "html_url": 7}, {"#);
    let mut cases: Vec<_> =
        garbage().into_iter().map(|(name, answer)| case(name, answer, Stale(UNREADABLE, PROXY))).collect();
    cases.extend([
        case("`{}`", Fault::body("{}"), Stale(UNREADABLE, PROXY)),
        case(
            "200 with an error as JSON",
            Fault::body(r#"{"message": "Server Error", "status": "500"}"#),
            Stale(UNREADABLE, PROXY),
        ),
        case("`[]`", Fault::body("[]"), EMPTIED),
        case("all releases are `null`", Fault::body("[null, null]"), NOTHING_READ),
        case(
            "all values are `null`",
            Fault::body(r#"[{"tag_name": null, "html_url": null, "published_at": null}]"#),
            NOTHING_READ,
        ),
        case("one bad release in a good list", Fault::body(&bad), Told("a release cannot be read: ")),
        case(
            "a key twice in a release",
            Fault::body(&named(r#""tag_name": "v2.0.0", "tag_name": "v2.0.0""#)),
            NOTHING_READ,
        ),
        case(
            "a length of half the list",
            Answer::new(200, RELEASE).in_manner(Manner::Overlong),
            Stale(UNREADABLE, PROXY),
        ),
        case(
            "more than 20 MB, without end",
            Answer::new(200, " ".repeat(1 << 20)).in_manner(Manner::Endless),
            TOO_LARGE,
        ),
        case(
            "a good list, filled up to 25 MB",
            Answer::new(200, RELEASE.replace('[', &format!("[{}", " ".repeat(25 << 20)))),
            TOO_LARGE,
        ),
        case("a gzip bomb", bomb(), TOO_LARGE),
        case("100,000 arrays in one another", deep(), NOTHING_READ),
    ]);
    cases
}

fn directions() -> Vec<Case> {
    let elsewhere = |place: &Place| format!("{}{}", place.elsewhere, list(place));
    let other_scheme = |place: &Place| format!("{}{}", place.api.replace("http://", "https://"), list(place));
    let endless = Case::made("a list of 200 pages: it is read to the hundredth", Fresh, |world, place| {
        let link = format!("<{}{}?page={{next}}>; rel=\"next\"", place.api, list(place));
        world.fault(&list(place), Answer::new(200, RELEASE).header("link", &link).into());
    });
    let other_list = "the list goes on at another host, ";
    let redirected = "redirected to another host, ";
    vec![
        endless,
        leading(
            "a list whose next page is itself",
            |place| format!("{}{}?per_page=100", place.api, list(place)),
            "link",
            Stale("the list leads to itself", LEADS),
        ),
        leading("a next page at another host", elsewhere, "link", Stale(other_list, LEADS)),
        leading("a next page of another scheme", other_scheme, "link", Stale(other_list, LEADS)),
        leading("a next page that is a script", |_| "javascript:alert(1)".to_owned(), "link", Stale(other_list, LEADS)),
        leading("a next page that is no address", |_| "http://[".to_owned(), "link", Stale(UNREADABLE, PROXY)),
        leading("a redirect to another host, which gets no request", elsewhere, "location", Stale(redirected, LEADS)),
        leading("a redirect to another scheme", other_scheme, "location", Stale(redirected, LEADS)),
        leading(
            "a redirect to itself",
            |place| format!("{}{}", place.api, list(place)),
            "location",
            Stale("redirected too often", LEADS),
        ),
        leading(
            "a redirect to no address",
            |_| "http://[".to_owned(),
            "location",
            Stale("301 Moved Permanently", LOOK),
        ),
        case("a redirect to nowhere", Answer::new(302, ""), Stale("302 Found", LOOK)),
    ]
}

fn passing() -> [Vec<Case>; 5] {
    let tired = |seconds: &str| Fault::status(429).header("retry-after", seconds);
    let in_manner = |manner| Answer::new(200, RELEASE).in_manner(manner);
    let after_two_breaks =
        |last: Answer| Fault::from(Answer::none(Manner::Reset)).then(Answer::none(Manner::Reset)).then(last);
    let late = Stale("no answer within 30 seconds", WAIT);
    [
        vec![
            case("500 once: asked again", Fault::status(500).once(), Fresh),
            case("500", Fault::status(500), Stale("500 Internal Server Error", WAIT)),
            case("502", Fault::status(502), Stale("502 Bad Gateway", WAIT)),
            case("429 with `retry-after`: asked again then", tired("1").once(), Fresh),
        ],
        vec![
            case("503", Fault::status(503), Stale("503 Service Unavailable", WAIT)),
            case(
                "503 with a `retry-after` of an hour",
                Fault::status(503).header("retry-after", "3600"),
                Stale("503 Service Unavailable", WAIT),
            ),
            case("half of the list, then the end", in_manner(Manner::Half), CUT_OFF),
            case(
                "403 with `retry-after`: asked again then",
                Fault::status(403).header("retry-after", "1").once(),
                Fresh,
            ),
        ],
        vec![
            case("the connection closes unanswered", Answer::none(Manner::Closed), CUT_OFF),
            case("the connection is reset", Answer::none(Manner::Reset), CUT_OFF),
            case(
                "what comes is no HTTP",
                Answer::new(200, "\x16\x03\x01 hello\r\n\r\n").in_manner(Manner::Bare),
                CUT_OFF,
            ),
        ],
        vec![
            case("slow: no headers, three times", after_two_breaks(Answer::none(Manner::Silent)), late),
            case(
                "slow: a body that trickles, three times",
                after_two_breaks(Answer::new(200, " ").in_manner(Manner::Trickling)),
                late,
            ),
            case("slow: no headers, once: asked again", Fault::from(Answer::none(Manner::Silent)).once(), Fresh),
        ],
        vec![
            case(
                "bytes that are no gzip, called so",
                Answer::new(200, "[]").header("content-encoding", "gzip"),
                CUT_OFF,
            ),
            case("a megabyte of headers", Answer::new(200, RELEASE).header("x-large", &"x".repeat(1 << 20)), CUT_OFF),
        ],
    ]
}

#[test]
fn a_list_of_releases_goes_wrong() {
    let mut worlds = vec![refusals(), contents(), directions()];
    worlds.extend(passing());
    reliability::section("GitHub's lists of releases", &rows(Kind::Releases, worlds));
}
