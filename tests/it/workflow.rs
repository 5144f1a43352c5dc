//! What a run leaves in a GitHub workflow.

use crate::{run::*, world::*};

#[test]
fn a_step_has_a_summary_and_its_warnings_are_annotations() {
    let toy = Toy::new();
    toy.good_night(FIRST);
    toy.world().repository("example/alpha").releases.insert(0, Release::new("v1.2|<b>", "2026-06-10T12:00:00Z"));
    toy.world().repository("example/alpha").releases.insert(0, Release::new("v1.2.0", "2026-06-10T13:00:00Z"));
    toy.world().repository("example/alpha").releases.insert(0, Release::new("v9.0", "2027-06-10T13:00:00Z"));
    toy.world().fault("/simple/foxtrot-tools/", Fault::status(404));
    toy.world().quota = Some(865);
    let path = toy.path("summary.md");
    let path = path.to_str().unwrap();
    let ended = toy.at(SECOND).token().args(&["--step-summary", path]).run();
    assert_eq!(ended.code, 0, "{}", ended.stderr);
    let summary = toy.read("summary.md");
    let (facts, run) = summary.split_once("### The run").unwrap();
    insta::assert_snapshot!(facts.trim_end().to_owned() + "\n\n" + &ended.stdout);
    assert!(run.contains("| requests to GitHub |") && run.contains("| 10 | 2 |"), "{run}");
    assert_eq!(ended.says("::warning"), 0, "commands go to stdout alone");
    assert_eq!(toy.json("status.json")["news"][0], "Alpha 1.2.0");
    assert!(!summary.contains(TOKEN) && !ended.stdout.contains(TOKEN));
}

#[test]
fn a_summary_that_cannot_be_written_costs_no_site() {
    let toy = Toy::new();
    let ended = toy.at(FIRST).token().args(&["--step-summary", "no/such/folder.md"]).run();
    assert_eq!((ended.code, ended.says("warning: cannot write no/such/folder.md")), (0, 1), "{}", ended.stderr);
}
