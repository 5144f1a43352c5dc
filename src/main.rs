//! Parses the arguments, builds, prints what went wrong, and exits with what it came to.

use std::{error::Error, process::ExitCode};

use aswf_release_feed::{
    BuildError, Outcome,
    catalog::CatalogError,
    cli::{Build, Cli, Command, Places},
};
use clap::Parser;
use tracing_subscriber::{filter::Targets, layer::SubscriberExt, util::SubscriberInitExt};

/// The exit codes besides 0.
const NOTHING_WRITTEN: u8 = 1;
const USAGE: u8 = 2;
const NOT_REFRESHED: u8 = 3;

fn main() -> ExitCode {
    match Cli::parse().command() {
        Command::Check(places) => {
            log(&places);
            exit(aswf_release_feed::check(&places, chrono::Utc::now()).map(|()| ExitCode::SUCCESS))
        }
        Command::Build(options) => {
            log(&options.places);
            exit(run(&options))
        }
    }
}

fn run(options: &Build) -> Result<ExitCode, BuildError> {
    let outcome = match tokio::runtime::Builder::new_current_thread().enable_all().build() {
        Ok(runtime) => runtime.block_on(aswf_release_feed::build(options))?,
        Err(error) => return Err(BuildError::Runtime(error)),
    };
    let incomplete = options.strict && outcome == Outcome::Incomplete;
    Ok(if incomplete { ExitCode::from(NOT_REFRESHED) } else { ExitCode::SUCCESS })
}

/// Our own words alone: what libraries log of a request may hold more than a log should.
fn log(places: &Places) {
    let level = match places.verbose {
        0 => tracing::Level::WARN,
        1 => tracing::Level::DEBUG,
        _ => tracing::Level::TRACE,
    };
    let words = tracing_subscriber::fmt::layer().with_writer(std::io::stderr).without_time().with_ansi(false);
    tracing_subscriber::registry().with(words).with(Targets::new().with_target("aswf_release_feed", level)).init();
}

fn exit(result: Result<ExitCode, BuildError>) -> ExitCode {
    let error = match result {
        Ok(code) => return code,
        Err(BuildError::Catalog(CatalogError::Wrong(problems))) => {
            eprintln!("{:?}", miette::Report::new(problems));
            return ExitCode::from(NOTHING_WRITTEN);
        }
        Err(error) => error,
    };
    eprintln!("error: {error}");
    let causes = std::iter::successors(error.source(), |&cause| cause.source());
    causes.for_each(|cause| eprintln!("  because: {cause}"));
    ExitCode::from(if matches!(error, BuildError::UnknownProject(_)) { USAGE } else { NOTHING_WRITTEN })
}
