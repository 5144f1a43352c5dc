//! What a seed tells: nothing.

use serde_json::json;

use super::*;

#[test]
fn the_first_nights_of_a_seed_tell_nothing_even_when_a_source_is_down() {
    let mut replay = Replay::of(world(), &[ALPHA]);
    for n in 1..=5 {
        replay.tag(&format!("v1.{n}"), &format!("2026-05-{:02}T10:00:00Z", 10 + n));
        replay.upload(&format!("1.{n}"), &format!("2026-05-{:02}T12:00:00Z", 10 + n));
    }
    replay.flag("v1.4", true);
    assert_eq!(replay.toy.at("2026-05-20T03:17:00Z").token().args(&["--seed"]).run().code, 0);
    let (seeded, _) = replay.look("2026-05-20T03:17:00Z");
    assert_eq!(seeded.len(), 6);
    // Since then one was yanked, one deleted, one flag turned; and GitHub is down for two nights.
    replay.yank("1.1", &json!(true));
    replay.flag("v1.2", true);
    replay.untag("v1.3");
    replay.world().package("alpha").files.retain(|file| file.version != "1.3");
    replay.world().fault("/repos/example/alpha", Fault::status(500));
    replay.quiet_night(&june(1));
    replay.quiet_night(&june(2));
    replay.world().faults.clear();
    let (new, gone) = replay.any_night(&june(3));
    assert!(new.is_empty(), "{new:?}");
    assert_eq!(gone, [format!("alpha/1.3.0: {EVERYWHERE}")]);
    for day in 4..8 {
        replay.quiet_night(&june(day));
    }
}

#[test]
fn a_seed_of_which_one_item_cannot_be_read_is_confirmed_but_for_that() {
    let mut replay = Replay::of(world(), &[ALPHA]);
    replay.tag("v1.1", "2026-05-10T10:00:00Z");
    replay.tag("v1.2", "2026-05-11T10:00:00Z");
    assert_eq!(replay.toy.at("2026-05-20T03:17:00Z").token().args(&["--seed"]).run().code, 0);
    replay.look("2026-05-20T03:17:00Z");
    replay.untag("v1.1");
    replay.world().repository("example/alpha").releases[0].published_at = None;
    let (new, gone) = replay.any_night(&june(1));
    assert_eq!((new, gone), (vec![], vec![format!("alpha/1.1.0: {EVERYWHERE}")]));
    replay.world().repository("example/alpha").releases[0].published_at = Some("2026-05-11T10:00:00Z".to_owned());
    for day in 2..8 {
        replay.quiet_night(&june(day));
    }
}

#[test]
fn what_turned_since_a_seed_is_no_event_while_only_a_part_of_it_is_read() {
    let mut replay = Replay::of(world(), &[ALPHA.split("\npypi").next().unwrap()]);
    for n in 1..=150 {
        replay.tag(&format!("v2.{n}"), &format!("2026-05-02T{:02}:{:02}:00Z", n / 60, n % 60));
    }
    replay.flag("v2.150", true);
    assert_eq!(replay.toy.at("2026-05-20T03:17:00Z").token().args(&["--seed"]).run().code, 0);
    replay.look("2026-05-20T03:17:00Z");
    replay.flag("v2.150", false);
    for day in 1..4 {
        let now = june(day);
        assert_eq!(replay.toy.at(&now).run().code, 0);
        assert_eq!(replay.look(&now), (vec![], vec![]));
    }
}

#[test]
fn what_comes_after_the_states_of_sources_were_lost_is_news_all_the_same() {
    let mut replay = alpha();
    std::fs::remove_file(replay.toy.path("data/sources.json")).unwrap();
    replay.tag("v1.1", "2026-06-01T20:00:00Z");
    replay.yank("1.0", &json!(true));
    let told = replay.night(&june(2));
    assert_eq!(told, [format!("alpha/1.0.0/yanked/2026-06-02: {EVERYWHERE}"), format!("alpha/1.1.0: {EVERYWHERE}")]);
    assert_eq!(replay.toy.entries("feed")[0][2], june(2));
}
