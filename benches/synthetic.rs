//! Any number of projects that do not exist: their catalog, and what GitHub and the Python index say of them. All is made
//! of numbers when it is asked for, so that ten thousand projects take no more memory than one.

use std::fmt::Write;

use chrono::{DateTime, TimeDelta, Utc};
use serde_json::{Value, json};

use crate::wire::{Answer, Request};

/// How many releases each project has.
pub(crate) const RELEASES: usize = 30;
/// When all runs take place.
pub(crate) const NOW: &str = "2026-06-10T03:17:00Z";
/// Of so many projects one has a package, too.
const PACKAGED: usize = 3;

/// What `projects.toml` says of so many projects.
pub(crate) fn catalog(projects: usize) -> String {
    let site = "[site]\ntitle = \"Synthetic\"\nurl = \"https://example.org/\"\nauthority = \"example.org,2026\"\n";
    (0..projects).fold(site.to_owned(), |mut text, number| {
        let id = id(number);
        let github = format!("github = {{ repo = \"synthetic/{id}\" }}\n");
        let pypi = if number % PACKAGED == 0 { format!("pypi = [{{ name = \"{id}\" }}]\n") } else { String::new() };
        _ = write!(text, "\n[[project]]\nid = \"{id}\"\nname = \"{id}\"\n{github}{pypi}");
        text
    })
}

/// What both servers say to a request.
pub(crate) fn answer(request: &Request) -> Answer {
    let path: Vec<&str> = request.url.path().split('/').skip(1).collect();
    let found = match path[..] {
        ["repos", _, name] => project(name).map(|number| json!({"id": number + 1, "full_name": full_name(number)})),
        ["repos", _, name, list] => project(name).and_then(|number| repository(number, list)),
        ["repositories", id, list] => id.parse().ok().and_then(|id: usize| repository(id.checked_sub(1)?, list)),
        ["simple", name, ""] => project(name).map(package),
        ["pypi", name, "json"] => project(name).map(|_| json!({"ownership": {"roles": [], "organization": null}})),
        _ => None,
    };
    found.map_or_else(|| Answer::new(404, "{}"), |found| Answer::json(&found))
}

fn id(number: usize) -> String {
    format!("p{number:05}")
}

fn project(id: &str) -> Option<usize> {
    id.strip_prefix('p')?.parse().ok()
}

fn full_name(number: usize) -> String {
    format!("synthetic/{}", id(number))
}

fn repository(number: usize, list: &str) -> Option<Value> {
    match list {
        "releases" => Some((0..RELEASES).map(|age| release(number, age)).collect()),
        "security-advisories" => Some(json!([])),
        _ => None,
    }
}

/// Of the release before which so many came later.
pub(crate) fn version(age: usize) -> String {
    let minor = RELEASES - age;
    format!("{}.{}.{}", 1 + minor / 12, minor / 4 % 3, minor % 4)
}

/// The newest releases are of the last days, and no two of one second.
pub(crate) fn released(number: usize, age: usize) -> DateTime<Utc> {
    let now: DateTime<Utc> = NOW.parse().expect("a constant date");
    let seconds = i64::try_from(age * 1_700_000 + number % 10_000 * 170 + 60).expect("a few years");
    now - TimeDelta::seconds(seconds)
}

fn release(number: usize, age: usize) -> Value {
    let (version, date) = (version(age), released(number, age));
    let html_url = format!("https://example.org/{}/releases/tag/v{version}", full_name(number));
    json!({
        "id": number * RELEASES + age, "tag_name": format!("v{version}"), "name": format!("Release {version}"),
        "html_url": html_url, "draft": false, "prerelease": false, "created_at": date, "published_at": date,
        "body": notes(number, age), "author": {"login": "somebody", "id": 1}, "assets": [],
    })
}

/// Release notes as they are: a heading, a list of changes with people and numbers, a link, now and then a block of code.
pub(crate) fn notes(number: usize, age: usize) -> String {
    let version = version(age);
    let mut notes = format!("## Changes of {version}\n\nThis release fixes what was reported since the last one.\n\n");
    for change in 0..4 + (number + age) % 9 {
        let issue = number + age * 10 + change;
        let what =
            ["Read deep tiles", "Write *half* floats", "Do not divide by zero", "Build with `-Wall`"][change % 4];
        _ = writeln!(notes, "* {what} in module {change} by @somebody{change} in #{issue}");
    }
    if age.is_multiple_of(5) {
        _ = write!(notes, "\n```sh\npip install {}=={version}\n```\n", id(number));
    }
    notes + "\n**Full changelog**: https://example.org/compare\n"
}

fn package(number: usize) -> Value {
    let name = id(number);
    let versions: Vec<_> = (0..RELEASES).map(version).collect();
    let file = |age: usize, ending: &str| {
        let filename = format!("{name}-{}{ending}", version(age));
        let url = format!("https://example.org/{filename}");
        json!({"filename": filename, "url": url, "hashes": {}, "upload-time": released(number, age), "yanked": false})
    };
    let wheels = ["-cp311-cp311-manylinux_2_28_x86_64.whl", "-cp311-cp311-win_amd64.whl", ".tar.gz"];
    let files: Vec<_> = (0..RELEASES).flat_map(|age| wheels.map(|ending| file(age, ending))).collect();
    json!({"meta": {"api-version": "1.4"}, "name": name, "versions": versions, "files": files})
}
