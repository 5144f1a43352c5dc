//! The command line, the catalog and the memory, when they are wrong: nothing is asked, nothing is written.

use std::fs::{self, File};

use crate::run::{Ended, FIRST, SECOND, Toy, differing, program};

fn check(toy: &Toy) -> Ended {
    let mut command = program(toy);
    command.arg("check");
    Ended::of(command)
}

#[test]
fn a_wrong_catalog_is_told_whole_with_lines_and_carets() {
    let toy = Toy::new();
    let catalog = include_str!("../data/projects.toml");
    let wrong = catalog.replace("stage = \"young\"", "stage = \"old\"").replace("homepage =", "hompage =");
    toy.write_catalog(&wrong);
    for ended in [toy.at(FIRST).token().run(), check(&toy)] {
        assert_eq!(ended.code, 1);
        assert_eq!(ended.says("there is no stage `old`"), 2, "{}", ended.stderr);
        assert_eq!(ended.says("unknown key `hompage`"), 1, "{}", ended.stderr);
        let line = 1 + wrong.lines().position(|line| line.starts_with("hompage")).unwrap();
        assert!(ended.says(&format!("{line} │")) + ended.says(&format!("{line} |")) >= 1, "{}", ended.stderr);
    }
    assert_eq!(toy.world().asked(), (0, 0));
    assert!(!toy.path("").exists());
}

#[test]
fn no_catalog_at_all_names_the_file_and_the_way_out() {
    let toy = Toy::new();
    let ended = toy.at(FIRST).args(&["--config", "elsewhere.toml"]).run();
    assert_eq!(ended.code, 1);
    assert_eq!(ended.says("elsewhere.toml"), 1, "{}", ended.stderr);
    assert!(!toy.path("").exists());
}

#[test]
fn check_is_content_with_a_good_catalog_and_memory() {
    let toy = Toy::new();
    assert_eq!(check(&toy).code, 0);
    toy.good_night(FIRST);
    let before = (toy.tree(), toy.world().asked());
    let ended = check(&toy);
    assert_eq!((ended.code, ended.says("6 projects")), (0, 1), "{}", ended.stderr);
    assert_eq!(before, (toy.tree(), toy.world().asked()));
    fs::write(toy.path("data/projects/bravo.json"), "{").unwrap();
    assert_eq!(check(&toy).code, 1);
}

#[test]
fn an_unknown_project_or_option_is_a_matter_of_usage() {
    let toy = Toy::new();
    let ended = toy.at(FIRST).args(&["--only", "zulu"]).run();
    assert_eq!((ended.code, ended.says("there is no project `zulu`")), (2, 1), "{}", ended.stderr);
    for args in [&["--only", "No Slug"][..], &["--jobs", "0"], &["--url", "ftp://example.org/"], &["--frobnicate"]] {
        assert_eq!(toy.at(FIRST).args(args).run().code, 2, "{args:?}");
    }
    assert_eq!(toy.world().asked(), (0, 0));
    assert!(!toy.path("").exists());
}

/// A file of the memory holds this: nothing is asked, no byte changes, and the message says all of `words`.
fn stops_the_run(file: &str, damaged: impl Fn(String) -> String, words: &[&str]) {
    let toy = Toy::new();
    toy.good_night(FIRST);
    fs::write(toy.path(file), damaged(toy.read(file))).unwrap();
    let (before, asked) = (toy.tree(), toy.world().asked());
    let ended = toy.at(SECOND).token().run();
    assert_eq!(ended.code, 1);
    for word in words.iter().chain(&[file]) {
        assert!(ended.says(word) > 0, "{word}: {}", ended.stderr);
    }
    assert_eq!(differing(&before, &toy.tree()), [""; 0]);
    assert_eq!(toy.world().asked(), asked);
}

#[test]
fn a_damaged_history_stops_the_run_with_its_line_and_the_way_back() {
    let words = ["line ", "git restore site/data/projects/bravo.json"];
    stops_the_run("data/projects/bravo.json", |text| text.replacen("\"released\"", "\"relaesed\"", 1), &words);
    stops_the_run("data/projects/bravo.json", |text| text[..text.len() / 2].to_owned(), &words);
    stops_the_run("data/projects/bravo.json", |_| String::new(), &words);
}

#[test]
fn damaged_states_of_sources_stop_the_run() {
    stops_the_run(
        "data/sources.json",
        |text| text.replace("\"ok\"", "\"fine\""),
        &["git restore site/data/sources.json"],
    );
}

#[test]
fn a_memory_of_a_later_program_stops_the_run() {
    let newer = |text: String| text.replacen("\"schema\": 1", "\"schema\": 2", 1);
    stops_the_run("data/projects/alpha.json", newer, &["has the form 2", "newer"]);
    stops_the_run("data/sources.json", newer, &["has the form 2", "newer"]);
}

#[test]
fn another_projects_history_stops_the_run() {
    stops_the_run("data/projects/alpha.json", |text| text.replacen("\"alpha\"", "\"zulu\"", 1), &["`zulu`"]);
}

#[test]
fn a_second_run_at_the_same_time_says_so() {
    let toy = Toy::new();
    toy.good_night(FIRST);
    let (before, asked) = (toy.tree(), toy.world().asked());
    let lock = File::open(toy.path(".lock")).unwrap();
    lock.lock().unwrap();
    let ended = toy.at(SECOND).token().run();
    assert_eq!((ended.code, ended.says("another run is writing site")), (1, 1), "{}", ended.stderr);
    assert_eq!(differing(&before, &toy.tree()), [""; 0]);
    assert_eq!(toy.world().asked(), asked);
    lock.unlock().unwrap();
    toy.good_night(SECOND);
}

#[test]
fn what_a_killed_run_left_is_healed_by_the_next() {
    let toy = Toy::new();
    toy.good_night(FIRST);
    let before = toy.tree();
    fs::write(toy.path("data/projects/.unfinished-x"), "{").unwrap();
    fs::write(toy.path("projects/alpha.rss"), "<rss").unwrap();
    fs::remove_file(toy.path("feed.json")).unwrap();
    fs::write(toy.path("status.json"), "{").unwrap();
    toy.good_night(FIRST);
    assert_eq!(differing(&before, &toy.tree()), ["status.json"]);
}

#[test]
fn quiet_prints_errors_alone() {
    let toy = Toy::new();
    let ended = toy.at(FIRST).token().args(&["-q"]).run();
    assert_eq!((ended.code, ended.stdout.as_str(), ended.stderr.as_str()), (0, "", ""));
}

#[test]
fn the_environment_says_where_the_site_is_served_and_an_option_goes_over_it() {
    let toy = Toy::new();
    toy.good_night(FIRST);
    assert_eq!(toy.json("feed.json")["feed_url"], "https://example.org/releases/feed.json");
    let mut command = program(&toy);
    command.args(["--offline", "--now", FIRST]).env("SITE_URL", "https://mirror.example.org/a");
    assert_eq!(Ended::of(command).code, 0);
    assert_eq!(toy.json("feed.json")["feed_url"], "https://mirror.example.org/a/feed.json");
    let mut command = program(&toy);
    command.args(["--offline", "--now", FIRST, "--url", "https://example.org/b/"]);
    command.env("SITE_URL", "https://mirror.example.org/a");
    assert_eq!(Ended::of(command).code, 0);
    assert_eq!(toy.json("feed.json")["feed_url"], "https://example.org/b/feed.json");
}

#[test]
fn a_disk_that_takes_nothing_is_told_with_the_path() {
    let toy = Toy::new();
    let ended = toy.at(FIRST).token().site("projects.toml").run();
    assert_eq!((ended.code, ended.says("projects.toml")), (1, 1), "{}", ended.stderr);
    assert_eq!(toy.world().asked(), (0, 0));
}

#[test]
fn a_token_that_no_request_can_carry_is_told_and_not_shown() {
    let toy = Toy::new();
    let mut command = program(&toy);
    command
        .args(["--github-api", &toy.upstream.api(), "--pypi", &toy.upstream.index()])
        .env("GITHUB_TOKEN", "se\ncret");
    let ended = Ended::of(command);
    assert_eq!((ended.code, ended.says("GITHUB_TOKEN has characters that no token has")), (1, 1), "{}", ended.stderr);
    assert_eq!(ended.says("cret"), 0);
}

#[test]
fn an_empty_address_in_the_environment_is_none_and_one_with_a_query_is_refused() {
    let toy = Toy::new();
    let run = |url: &str| {
        let mut command = program(&toy);
        command.args(["--now", FIRST, "--github-api", &toy.upstream.api(), "--pypi", &toy.upstream.index()]);
        Ended::of({
            command.env("SITE_URL", url);
            command
        })
    };
    assert_eq!(run("").code, 0);
    assert!(toy.read("feed.atom").contains("https://example.org/releases/feed.atom"));
    assert_eq!(run("https://example.org/?x").code, 2);
}
