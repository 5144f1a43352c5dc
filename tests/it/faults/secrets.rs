//! The token, and passwords in addresses: nobody is asked with what is none, and nothing repeats it.

use std::{
    ffi::{OsStr, OsString},
    os::unix::ffi::OsStringExt,
};

use super::*;
use crate::{
    reliability,
    run::program,
    wire::{Manner, Server},
};

/// What must appear nowhere, in each of these.
const SECRET: &str = "s3cret-of-nobody";

/// A run with these variables and options beside the stand-in's addresses.
fn run(toy: &Toy, variables: &[(&str, &OsStr)], args: &[&str]) -> Ended {
    let mut command = program(toy);
    command.args(["--now", FIRST, "-vv"]).args(args);
    command.env("GITHUB_API_URL", toy.upstream.api()).env("PYPI_URL", toy.upstream.index());
    command.envs(variables.iter().copied());
    let ended = Ended::of(command);
    assert!(!ended.stderr.contains(SECRET) && !ended.stdout.contains(SECRET), "{}", ended.stderr);
    assert!(toy.tree().values().all(|bytes| !String::from_utf8_lossy(bytes).contains(SECRET)));
    secretive(toy, ended)
}

/// A row of a run that is refused before anybody is asked.
fn refused(name: &str, variables: &[(&str, &OsStr)], args: &[&str], code: i32, cause: &str) -> Row {
    let toy = Toy::new();
    let ended = run(&toy, variables, args);
    assert_eq!((ended.code, ended.says(cause)), (code, 1), "{name}: {}", ended.stderr);
    assert_eq!((toy.world().asked(), toy.tree().len()), ((0, 0), 0), "{name}");
    let told = ended.stderr.lines().next().unwrap().trim_start_matches("error: ");
    [name.to_owned(), told.to_owned(), code.to_string(), "everything: nothing is written".to_owned()]
}

#[test]
fn what_is_no_secret_is_refused_and_not_repeated() {
    let token = |text: &str| OsString::from(format!("{SECRET}{text}{SECRET}"));
    let not_text = OsString::from_vec([SECRET.as_bytes(), b"\xff"].concat());
    let tokens = [
        ("a token with a line end in it", token("\n")),
        ("a token with a space in it", token(" ")),
        ("a token with other letters than ASCII has", token("é")),
        ("a token that is no text", not_text),
    ];
    let cause = "GITHUB_TOKEN has characters that no token has: set it anew";
    let mut rows: Vec<_> =
        tokens.iter().map(|(name, token)| refused(name, &[("GITHUB_TOKEN", token)], &[], 1, cause)).collect();
    let clear = ["--github-api", "http://api.example.org/"];
    let good = token("");
    rows.push(refused("a token, and an API at plain HTTP", &[("GITHUB_TOKEN", &good)], &clear, 1, "in the clear"));
    let address = format!("https://somebody:{SECRET}@api.example.org/");
    for (option, variable) in [("--github-api", "GITHUB_API_URL"), ("--pypi", "PYPI_URL"), ("--url", "SITE_URL")] {
        let cause = "write it without a user name and a password";
        rows.push(refused(&format!("a password in `{option}`"), &[], &[option, &address], 2, cause));
        refused(variable, &[(variable, OsStr::new(&address))], &[], 2, cause);
        let mistyped = address.replace("https://", "https//");
        refused(option, &[], &[option, &mistyped], 2, "write an address that begins with https://");
    }
    reliability::section("Secrets", &rows);
}

#[test]
fn a_token_may_have_the_line_end_of_the_file_that_it_came_from() {
    let toy = Toy::new();
    let ended = run(&toy, &[("GITHUB_TOKEN", OsStr::new(&format!(" {SECRET}\r\n")))], &[]);
    assert_eq!(ended.code, 0, "{}", ended.stderr);
    assert!(toy.world().requests.iter().any(|asked| asked.authorized));
}

#[test]
fn a_proxys_password_is_not_told_and_the_token_does_not_reach_it_in_the_clear() {
    let toy = Toy::new();
    let proxy = Server::start(|request| {
        assert!(!request.authorized);
        Answer::none(Manner::Closed)
    });
    let address = proxy.uri().replace("http://", &format!("http://somebody:{SECRET}@"));
    let variables = ["HTTP_PROXY", "HTTPS_PROXY", "http_proxy", "https_proxy"].map(|name| (name, OsStr::new(&address)));
    let token = ("GITHUB_TOKEN", OsStr::new(TOKEN));
    let there = ["--github-api", "https://api.example.org/", "--pypi", "https://index.example.org/"];
    let ended = run(&toy, &[&variables[..], &[token]].concat(), &there);
    assert_eq!((ended.code, ended.says("nothing to publish")), (1, 1), "{}", ended.stderr);
    let ended = run(&toy, &[&variables[..], &[token]].concat(), &["--strict"]);
    assert_eq!(ended.code, 3, "the index is asked through it, and the API on this machine is not: {}", ended.stderr);
    assert!(toy.world().asked().0 > 0 && toy.world().asked().1 == 0);
}
