//! What is missing, and what is gone.

use super::*;

#[test]
fn a_release_that_is_missing_for_one_or_two_nights_was_never_gone() {
    for nights in [1, 2] {
        let mut replay = alpha();
        replay.tag("v1.1", "2026-06-01T20:00:00Z");
        replay.night(&june(2));
        let release = replay.untag("v1.1");
        for night in 0..nights {
            replay.quiet_night(&june(3 + night));
        }
        replay.world().repository("example/alpha").releases.push(release);
        replay.quiet_night(&june(3 + nights));
        assert!(!replay.toy.read("data/projects/alpha.json").contains("absent"));
    }
}

#[test]
fn a_release_that_is_missing_on_three_days_is_withdrawn_and_told_when_it_returns() {
    let mut replay = alpha();
    replay.tag("v1.1", "2026-06-01T20:00:00Z");
    replay.night(&june(2));
    let release = replay.untag("v1.1");
    // Three runs in ten minutes are one day, …
    for minute in ["17", "22", "27"] {
        replay.quiet_night(&format!("2026-06-03T03:{minute}:00Z"));
    }
    // … a night on which the list cannot be read is none, …
    replay.world().fault("/repositories/101/releases", Fault::status(502));
    replay.quiet_night(&june(4));
    replay.world().faults.clear();
    // … and a failing page of another source is no matter.
    replay.quiet_night(&june(5));
    assert_eq!(replay.night(&june(6)), [format!("alpha/1.1.0/withdrawn/2026-06-06: {EVERYWHERE}")]);
    assert_eq!(replay.title("feed", 0), "Alpha 1.1 withdrawn from GitHub");
    let page = replay.toy.read("projects/alpha.html");
    assert!(page.contains("withdrawn</span>") && !page.contains("releases/tag/v1.1"), "{page}");
    assert_eq!(replay.toy.json("data/index.json")["projects"][0]["latest"]["text"], "1.0");
    replay.quiet_night(&june(7));
    replay.world().repository("example/alpha").releases.insert(0, release);
    assert_eq!(replay.night(&june(8)), [format!("alpha/1.1.0/restored/2026-06-08: {EVERYWHERE}")]);
    assert_eq!(replay.title("feed", 0), "Alpha 1.1 restored on GitHub");
    replay.quiet_night(&june(9));
}

#[test]
fn a_release_that_is_seen_between_two_absences_begins_anew() {
    let mut replay = alpha();
    replay.tag("v1.1", "2026-06-01T20:00:00Z");
    replay.night(&june(2));
    for day in [3, 6, 9] {
        let release = replay.untag("v1.1");
        replay.quiet_night(&june(day));
        replay.quiet_night(&june(day + 1));
        replay.world().repository("example/alpha").releases.insert(0, release);
        replay.quiet_night(&june(day + 2));
    }
}

#[test]
fn one_of_two_channels_that_loses_a_release_is_told_with_its_name() {
    let mut replay = alpha();
    replay.upload("1.1", "2026-06-01T20:00:00Z");
    replay.tag("v1.1", "2026-06-01T20:00:00Z");
    replay.night(&june(2));
    replay.world().package("alpha").files.retain(|file| file.version != "1.1");
    replay.quiet_night(&june(3));
    replay.quiet_night(&june(4));
    assert_eq!(replay.night(&june(5)), [format!("alpha/1.1.0/withdrawn/2026-06-05: {EVERYWHERE}")]);
    assert_eq!(replay.title("feed", 0), "Alpha 1.1 withdrawn from PyPI");
    let states: Vec<_> = replay.toy.json("feed.json")["items"][1]["_release"]["channels"].as_array().unwrap().clone();
    let states: Vec<_> = states.iter().map(|channel| channel["state"].as_str().unwrap().to_owned()).collect();
    assert_eq!(states, ["present", "withdrawn"]);
    assert!(!replay.toy.read("projects/alpha.html").contains("withdrawn</span>"), "it can still be had");
}

#[test]
fn what_one_channel_withdraws_leads_to_the_other() {
    let mut replay = alpha();
    replay.tag("v1.1", "2026-06-01T20:00:00Z");
    replay.upload("1.1", "2026-06-01T20:00:00Z");
    replay.night(&june(2));
    replay.untag("v1.1");
    let told: Vec<_> = (3..=6).flat_map(|day| replay.night(&june(day))).collect();
    assert_eq!(told, [format!("alpha/1.1.0/withdrawn/2026-06-05: {EVERYWHERE}")]);
    let latest = replay.toy.json("data/index.json")["projects"][0]["latest"].clone();
    assert_eq!(latest["url"], format!("{}/project/alpha/1.1/", replay.toy.upstream.index()));
}

#[test]
fn an_item_that_cannot_be_read_hides_no_withdrawal_of_another() {
    let mut replay = alpha();
    replay.tag("v1.1", "2026-06-01T20:00:00Z");
    replay.tag("v1.2", "2026-06-01T21:00:00Z");
    replay.night(&june(2));
    replay.world().repository("example/alpha").releases[0].published_at = None;
    replay.untag("v1.1");
    let told: Vec<_> = (3..=9).flat_map(|day| replay.night(&june(day))).collect();
    assert_eq!(told, [format!("alpha/1.1.0/withdrawn/2026-06-05: {EVERYWHERE}")], "and 1.2 may well be there");
}

#[test]
fn one_of_two_tags_of_a_release_can_go_without_a_word() {
    let mut replay = alpha();
    replay.tag("v1.1", "2026-06-01T20:00:00Z");
    replay.tag("v1.1.0", "2026-06-01T21:00:00Z");
    replay.night(&june(2));
    replay.untag("v1.1.0");
    for day in 3..8 {
        replay.quiet_night(&june(day));
    }
    assert!(!replay.toy.read("projects/alpha.html").contains("releases/tag/v1.1.0"));
}

#[test]
fn what_an_answer_does_not_cover_is_not_missing() {
    let mut replay = alpha();
    for n in 1..=150 {
        replay.tag(&format!("v2.{n}"), &format!("2026-05-02T{:02}:{:02}:00Z", n / 60, n % 60));
    }
    replay.any_night("2026-06-01T04:17:00Z");
    // What is missing on the page that is read every night is looked for on all of them, …
    replay.untag("v2.140");
    assert_eq!([2, 3].map(|day| replay.any_night(&june(day)).0), [[""; 0]; 2]);
    assert_eq!(replay.any_night(&june(4)).0, [format!("alpha/2.140.0/withdrawn/2026-06-04: {EVERYWHERE}")]);
    // … and what is missing on the others is seen when they are read, once a week.
    replay.untag("v2.10");
    let told: Vec<_> = (5..=25).flat_map(|day| replay.any_night(&june(day)).0).collect();
    let [only] = &told[..] else { panic!("{told:?}") };
    let day: u32 = only.trim_end_matches(&format!(": {EVERYWHERE}")).rsplit_once('-').unwrap().1.parse().unwrap();
    assert!(only.starts_with("alpha/2.10.0/withdrawn/2026-06-") && day > 5 + 14, "{told:?}");
}

#[test]
fn a_tag_that_moves_down_a_long_list_is_not_missing() {
    let mut replay = alpha();
    for n in 1..=150 {
        replay.tag(&format!("v2.{n}"), &format!("2026-05-02T{:02}:{:02}:00Z", n / 60, n % 60));
    }
    replay.any_night("2026-06-01T04:17:00Z");
    let release = Release { created_at: Some("2020-01-01T00:00:00Z".to_owned()), ..replay.untag("v2.140") };
    replay.world().repository("example/alpha").releases.push(release);
    for day in 2..20 {
        replay.quiet_night(&june(day));
    }
}
