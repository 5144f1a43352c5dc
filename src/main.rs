//! Parses the arguments, builds, prints what went wrong, and exits with what it came to.

use std::{
    error::Error,
    io::{self, Write},
    process::ExitCode,
};

use aswf_release_feed::{
    BuildError, Outcome,
    cli::{Build, Cli, Command, Drift},
    report,
};
use clap::Parser;
use mimalloc::MiMalloc;

// Notes are rendered in several threads, and each is thousands of small strings: the system's takes a third longer.
#[global_allocator]
static ALLOCATOR: MiMalloc = MiMalloc;

/// The exit codes besides 0.
const NOTHING_WRITTEN: u8 = 1;
const USAGE: u8 = 2;
const STRICT: u8 = 3;

fn main() -> ExitCode {
    match Cli::parse().command() {
        Command::Check(places) => {
            report::listen(places.verbose);
            let wrong = aswf_release_feed::check(&places, chrono::Utc::now());
            wrong.into_iter().map(fail).last().unwrap_or(ExitCode::SUCCESS)
        }
        Command::Build(options) => run(&options).unwrap_or_else(fail),
        Command::Drift(options) => compare(&options).unwrap_or_else(fail),
        Command::Latest(options) => show(aswf_release_feed::latest(&options)),
        Command::Notes(options) => show(aswf_release_feed::notes(&options)),
        Command::Completions { shell } => show(Ok(Cli::completions(shell))),
    }
}

fn run(options: &Build) -> Result<ExitCode, BuildError> {
    report::listen(options.places.verbose);
    let outcome = aswf_release_feed::build(options)?;
    let incomplete = options.strict && outcome == Outcome::Incomplete;
    Ok(if incomplete { ExitCode::from(STRICT) } else { ExitCode::SUCCESS })
}

fn compare(options: &Drift) -> Result<ExitCode, BuildError> {
    report::listen(options.places.verbose);
    let differences = aswf_release_feed::drift(options, chrono::Utc::now())?;
    if !options.places.quiet {
        differences.gaps().iter().for_each(|gap| eprintln!("warning: {gap}"));
    }
    let differs = options.strict && !differences.is_none();
    let code = if differs { ExitCode::from(STRICT) } else { ExitCode::SUCCESS };
    Ok(print(differences.to_string().as_bytes(), code))
}

fn show(said: Result<Vec<u8>, BuildError>) -> ExitCode {
    said.map_or_else(fail, |text| print(&text, ExitCode::SUCCESS))
}

/// Prints to the standard output, and exits with `code`; whoever reads it may stop before the end.
fn print(text: &[u8], code: ExitCode) -> ExitCode {
    match io::stdout().write_all(text) {
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => {
            eprintln!("error: cannot print: {error}");
            ExitCode::from(NOTHING_WRITTEN)
        }
        _ => code,
    }
}

fn fail(error: BuildError) -> ExitCode {
    let code = if matches!(error, BuildError::Unknown(_)) { USAGE } else { NOTHING_WRITTEN };
    match error {
        BuildError::Catalog(error) => eprintln!("{:?}", miette::Report::new(error)),
        error => {
            eprintln!("error: {}", report::printable_lines(&error.to_string()));
            let causes = std::iter::successors(error.source(), |&cause| cause.source());
            causes.for_each(|cause| eprintln!("  because: {}", report::printable_lines(&cause.to_string())));
        }
    }
    ExitCode::from(code)
}
