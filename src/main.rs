//! Parses the arguments, builds, prints what went wrong, and exits with what it came to.

use std::{error::Error, process::ExitCode};

use aswf_release_feed::{
    BuildError, Outcome,
    cli::{Build, Cli, Command},
    report,
};
use clap::Parser;

/// The exit codes besides 0.
const NOTHING_WRITTEN: u8 = 1;
const USAGE: u8 = 2;
const NOT_REFRESHED: u8 = 3;

fn main() -> ExitCode {
    match Cli::parse().command() {
        Command::Check(places) => {
            report::listen(places.verbose);
            let wrong = aswf_release_feed::check(&places, chrono::Utc::now());
            wrong.into_iter().map(fail).last().unwrap_or(ExitCode::SUCCESS)
        }
        Command::Build(options) => {
            report::listen(options.places.verbose);
            run(&options).unwrap_or_else(fail)
        }
    }
}

fn run(options: &Build) -> Result<ExitCode, BuildError> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().map_err(BuildError::Runtime)?;
    let outcome = runtime.block_on(aswf_release_feed::build(options))?;
    let incomplete = options.strict && outcome == Outcome::Incomplete;
    Ok(if incomplete { ExitCode::from(NOT_REFRESHED) } else { ExitCode::SUCCESS })
}

fn fail(error: BuildError) -> ExitCode {
    let code = if matches!(error, BuildError::UnknownProject(_)) { USAGE } else { NOTHING_WRITTEN };
    match error {
        BuildError::Catalog(error) => eprintln!("{:?}", miette::Report::new(error)),
        error => {
            eprintln!("error: {error}");
            let causes = std::iter::successors(error.source(), |&cause| cause.source());
            causes.for_each(|cause| eprintln!("  because: {cause}"));
        }
    }
    ExitCode::from(code)
}
