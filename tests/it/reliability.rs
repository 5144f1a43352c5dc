//! `docs/reliability.md`: what was tried and what came of it, as the tests saw it.
//!
//! A test hands the rows of its section to [`section`], which compares them with the file. After a change that is meant to
//! show, write them anew with `BLESS=1 cargo test --test it`, and read `git diff docs` before you commit it.

use std::{fs, path::PathBuf, sync::Mutex};

/// The sections in their order, each with what there is to know of it.
const SECTIONS: [(&str, &str); 7] = [
    ("GitHub's lists of releases", "The list of one project goes wrong; all others answer."),
    ("Tags and their commits", "The same for a repository that is read by its tags."),
    ("Security advisories", "They are asked for after the releases, which are published whatever becomes of them."),
    ("The Python index", "A package's files, then who published them, then its owner and vulnerabilities."),
    ("A whole server", "GitHub, or the index, fails at everything; the other is read."),
    ("What looks like a fault", "What upstreams do every day, and what readers are told of it."),
    ("Secrets", "A token that is none, and passwords in addresses: refused before anybody is asked."),
];

const INTRODUCTION: &str = "\
# What was tried, and what came of it

Written by the tests (`tests/it/faults`), so each row is a run of the program that went so. In each, another project has
something new that night, and it is published; the night after, all is well again, and all that was missed is there. Every
run is made with `-vv`, and the token is in nothing that it prints or writes, and goes to nobody but the API.

*Told* is what the run prints, with what to do. *Exit* is the exit code, and behind the stroke that with `--strict`. *As it
was* means that the project's memory, pages and feeds are the same bytes but for the words *stale since* on its page;
*fresh*, that what is new is published.
";

/// A row: the fault, what is told, the exit code, and what stays.
pub(crate) type Row = [String; 4];

/// One test after the other looks at the file.
static FILE: Mutex<()> = Mutex::new(());

/// Compares the rows of a section with the file, or writes them.
pub(crate) fn section(title: &str, rows: &[Row]) {
    let _one = FILE.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
    let (_, about) = SECTIONS.iter().find(|(known, _)| *known == title).unwrap();
    let cell = |text: &String| steady(text).replace('|', "\\|").replace('<', "\\<");
    let lines = rows.iter().map(|row| format!("| {} |\n", row.iter().map(cell).collect::<Vec<_>>().join(" | ")));
    let table = format!("| fault | told | exit | what stays |\n|---|---|---|---|\n{}", lines.collect::<String>());
    let section = format!("\n## {title}\n\n{about}\n\n{table}");
    let file = fs::read_to_string(path()).unwrap_or_default();
    let found = sections(&file).into_iter().find(|(known, _)| known == title).map(|(_, text)| text);
    if std::env::var_os("BLESS").is_some() {
        let others = sections(&file).into_iter().filter(|(known, _)| known != title);
        let mut all: Vec<_> = others.chain([(title.to_owned(), section)]).collect();
        let place = |title: &str| SECTIONS.iter().position(|(known, _)| *known == title);
        all.retain(|(title, _)| place(title).is_some());
        all.sort_by_key(|(title, _)| place(title));
        let text: String = all.into_iter().map(|(_, text)| text).collect();
        fs::write(path(), INTRODUCTION.to_owned() + &text).unwrap();
        return;
    }
    let bless = "after a change that is meant to show: BLESS=1 cargo test --test it";
    assert_eq!(found.unwrap_or_default(), section, "docs/reliability.md, {title}: {bless}");
}

/// The text without what each system says in its own words of a connection.
fn steady(text: &str) -> String {
    for words in ["the connection broke", "no connection"] {
        if let Some((before, after)) = text.split_once(&format!("{words}: ")) {
            let advice = after.split_once("; ").map(|(_, advice)| format!("; {advice}")).unwrap_or_default();
            return format!("{before}{words}{advice}");
        }
    }
    text.to_owned()
}

fn path() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("docs/reliability.md")
}

/// The sections of the file, each by its title.
fn sections(file: &str) -> Vec<(String, String)> {
    let parts = file.split("\n## ").skip(1);
    parts.map(|part| (part.lines().next().unwrap_or_default().to_owned(), format!("\n## {part}"))).collect()
}

#[test]
fn the_page_has_its_introduction_and_each_section_once_in_order() {
    let _one = FILE.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
    if std::env::var_os("BLESS").is_some() {
        return;
    }
    let file = fs::read_to_string(path()).unwrap();
    let titles: Vec<_> = sections(&file).into_iter().map(|(title, _)| title).collect();
    assert!(file.starts_with(INTRODUCTION), "BLESS=1 cargo test --test it");
    assert_eq!(titles, SECTIONS.map(|(title, _)| title));
}
