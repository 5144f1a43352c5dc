//! The command line and the catalog, when they are wrong: nothing is asked, nothing is written.

use std::fs;

use crate::run::{Ended, FIRST, Toy, program};

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
