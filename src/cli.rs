//! The command line, parsed straight into the types of the domain.

use std::{ffi::OsStr, path::PathBuf, str::FromStr};

use clap::{Arg, ArgAction, Args, CommandFactory, Parser, Subcommand, builder::TypedValueParser, error::ErrorKind};
use clap_complete::Shell;
use url::Url;

use crate::{
    changes::Span,
    collect::{Token, Upstreams, github, pypi},
    history::Recording,
    latest::Form,
    model::{Moment, RepositoryName, Roots, Slug},
};

/// One feed of the releases of many projects: asks GitHub and PyPI, and writes a static site.
#[derive(Debug, Parser)]
#[command(
    version,
    args_conflicts_with_subcommands = true,
    after_help = "\
Exit codes: 0 the site is written (stale sources are warnings); 1 nothing was written, or not to the end; 2 wrong
usage; 3 written, but --strict and a source could not be read.
Environment: GITHUB_TOKEN is sent to the GitHub API's host alone; NO_COLOR is obeyed."
)]
pub struct Cli {
    /// What to do; `build` when nothing is said.
    #[command(subcommand)]
    command: Option<Command>,
    #[command(flatten)]
    build: Build,
}

impl Cli {
    /// What to do.
    #[must_use]
    pub fn command(self) -> Command {
        self.command.unwrap_or(Command::Build(Box::new(self.build)))
    }

    /// What `shell` needs to complete the options.
    #[must_use]
    pub fn completions(shell: Shell) -> Vec<u8> {
        let mut script = Vec::new();
        clap_complete::generate(shell, &mut <Self as CommandFactory>::command(), env!("CARGO_PKG_NAME"), &mut script);
        script
    }
}

/// What the program can do.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Ask the sources, and write the site.
    Build(Box<Build>),
    /// Say what is wrong with the catalog and the memory, without asking anybody.
    Check(Places),
    /// Say where the catalog differs from the organisations' repositories, the Python index and other files.
    Drift(Box<Drift>),
    /// Print the newest versions, from the memory alone.
    Latest(Latest),
    /// Print a project's release notes between two versions or dates, from the memory alone.
    Notes(Notes),
    /// Print what a shell needs to complete this program's options.
    Completions {
        /// The shell.
        shell: Shell,
    },
}

/// Where the inputs and outputs are.
#[derive(Debug, Args)]
pub struct Places {
    /// The catalog.
    #[arg(long, value_name = "FILE", default_value = "projects.toml")]
    pub config: PathBuf,
    /// Where the site and its memory stand.
    #[arg(long, value_name = "DIR", default_value = "site")]
    pub site: PathBuf,
    /// Print errors alone.
    #[arg(short, long)]
    pub quiet: bool,
    /// Print every request; twice for more.
    #[arg(short, long, action = ArgAction::Count)]
    pub verbose: u8,
}

/// Where everything stands, when no option says otherwise: the site at the catalog's `url`.
#[must_use]
pub fn roots(catalog: &Url) -> Roots {
    Roots::new(catalog.clone(), Address(None).or(pypi::ROOT))
}

/// How to build the site.
#[derive(Debug, Args)]
pub struct Build {
    #[command(flatten)]
    #[expect(missing_docs, reason = "a doc comment would take the place of the command's own help")]
    pub places: Places,
    /// Where the site is served, over the catalog's `url`.
    #[arg(long, env = "SITE_URL", hide_env_values = true, value_parser = AddressParser)]
    url: Option<Address>,
    /// Ask nobody; build from the memory.
    #[arg(long)]
    pub offline: bool,
    /// Exit with 3 when a source could not be read.
    #[arg(long)]
    pub strict: bool,
    /// Ask only this project's sources; publish all. May be given several times.
    #[arg(long, value_name = "ID")]
    pub only: Vec<Slug>,
    #[command(flatten)]
    #[expect(missing_docs, reason = "a doc comment would take the place of the command's own help")]
    pub asking: Asking,
    /// Where a GitHub workflow wants a summary of the step: then warnings are annotations, too.
    #[arg(long, value_name = "FILE", env = "GITHUB_STEP_SUMMARY", hide = true)]
    pub step_summary: Option<PathBuf>,
    /// The run's clock, for tests and replays.
    #[arg(long, value_name = "RFC3339", hide = true)]
    now: Option<Moment>,
    /// Record a seed: facts that each source has yet to confirm.
    #[arg(long, hide = true)]
    seed: bool,
}

impl Build {
    /// The run's clock, in whole seconds.
    #[must_use]
    pub fn now(&self) -> Moment {
        chrono::SubsecRound::trunc_subsecs(self.now.unwrap_or_else(chrono::Utc::now), 0)
    }

    /// Where everything stands: the site at `--url`, else at the catalog's `url`.
    #[must_use]
    pub fn roots(&self, catalog: &Url) -> Roots {
        let site = self.url.as_ref().and_then(|address| address.0.as_ref()).unwrap_or(catalog);
        Roots::new(site.clone(), self.asking.pypi.or(pypi::ROOT))
    }

    /// As what the run records.
    #[must_use]
    pub fn record(&self) -> Recording {
        if self.seed { Recording::Seed } else { Recording::Live }
    }
}

/// Whom to ask, and how.
#[derive(Debug, Args)]
pub struct Asking {
    /// How many requests run at once at a server; GitHub takes no more than 100.
    #[arg(long, value_name = "N", default_value_t = 96, value_parser = clap::value_parser!(u16).range(1..=1000))]
    jobs: u16,
    /// The GitHub REST API, with its path.
    #[arg(long, value_name = "URL", env = "GITHUB_API_URL", hide_env_values = true, default_value = github::ROOT)]
    #[arg(value_parser = AddressParser)]
    github_api: Address,
    /// The Python index's root.
    #[arg(long, value_name = "URL", env = "PYPI_URL", hide_env_values = true, default_value = pypi::ROOT)]
    #[arg(value_parser = AddressParser)]
    pypi: Address,
}

impl Asking {
    /// Whom to ask; the token is taken from the environment, where no process list shows it.
    #[must_use]
    pub fn upstreams(&self) -> Upstreams {
        // What is no text is no token either, and told so.
        let token = std::env::var_os("GITHUB_TOKEN").map(|secret| secret.to_string_lossy().into_owned());
        let token = token.filter(|secret| !secret.trim().is_empty());
        Upstreams {
            github: self.github_api.or(github::ROOT),
            pypi: self.pypi.or(pypi::ROOT),
            token: token.map(|secret| Token::new(secret.trim().to_owned())),
            jobs: self.jobs.into(),
        }
    }
}

/// What to compare the catalog with.
#[derive(Debug, Args)]
#[command(after_help = "\
Prints what differs, a line each, to the standard output.
Exit codes: 0 it was compared; 1 a file cannot be used; 2 wrong usage; 3 --strict and something differs, or could not be
compared.")]
pub struct Drift {
    #[command(flatten)]
    #[expect(missing_docs, reason = "a doc comment would take the place of the command's own help")]
    pub places: Places,
    /// Compare with this organisation's repositories instead of those of the catalog's owners. May be given several times.
    #[arg(long = "org", value_name = "NAME", value_parser = organisation)]
    pub organisations: Vec<String>,
    /// Compare with a landscape.yml, as the CNCF's landscapes have it.
    #[arg(long, value_name = "FILE")]
    pub landscape: Option<PathBuf>,
    /// Compare the platforms with a year's own file, or a versions.yaml of the images of all years. May be given several
    /// times.
    #[arg(long, value_name = "FILE")]
    pub platforms: Vec<PathBuf>,
    /// Say nothing of this repository (`owner/name`) or package. May be given several times.
    #[arg(long, value_name = "NAME")]
    pub ignore: Vec<String>,
    /// Exit with 3 when something differs, or could not be compared.
    #[arg(long)]
    pub strict: bool,
    #[command(flatten)]
    #[expect(missing_docs, reason = "a doc comment would take the place of the command's own help")]
    pub asking: Asking,
}

/// Which newest versions to print.
#[derive(Debug, Args)]
#[command(after_help = "\
Prints a line a project: the latest final version, its date, what is newer as a pre-release, and how far GitHub and PyPI
are. With --platform, a line for what the platform asks for, and then for what is used with it: the newest version in its
line, how many final versions of the project are higher, and the vulnerabilities that it has, as far as that is known.
With --against, a line for each version in the file that is a project's: the newest in its line, how many versions of the
line are higher, the newest of all, and the vulnerabilities that the version in the file has.
Nobody is asked, and nothing is written.
Exit codes: 0 it is printed; 1 the catalog or the memory cannot be used; 2 wrong usage, or there is no such project.")]
pub struct Latest {
    /// Only these projects, by id or name.
    #[arg(value_name = "ID")]
    pub ids: Vec<String>,
    /// What is newest in the lines of this platform.
    #[arg(long, value_name = "ID")]
    pub platform: Option<String>,
    /// How far behind the versions in this file are: a `pip list`, or a versions.yaml of images, of which --platform chooses
    /// a year; `-` is the standard input.
    #[arg(long, value_name = "FILE")]
    pub against: Option<PathBuf>,
    /// Print the same as JSON.
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    #[expect(missing_docs, reason = "a doc comment would take the place of the command's own help")]
    pub places: Places,
}

impl Latest {
    /// For whom to print.
    #[must_use]
    pub fn form(&self) -> Form {
        if self.json { Form::Json } else { Form::Table }
    }
}

/// Which release notes to print.
#[derive(Debug, Args)]
#[command(after_help = "\
Prints Markdown, the newest release first. FROM..TO are versions, as the project writes them or not, or dates such as
2026-08-21; either can be left out. The version FROM is not printed, the version TO is, and so are both days.
Pre-releases are left out but for the one that TO names. Nobody is asked, and nothing is written.
Exit codes: 0 it is printed; 1 the catalog or the memory cannot be used; 2 wrong usage, or no such project or version.")]
pub struct Notes {
    /// The project, by id or name.
    #[arg(value_name = "ID")]
    pub id: String,
    /// From where to where.
    #[arg(value_name = "FROM..TO")]
    pub span: Span,
    /// Print those of pre-releases too.
    #[arg(long)]
    pub pre_releases: bool,
    #[command(flatten)]
    #[expect(missing_docs, reason = "a doc comment would take the place of the command's own help")]
    pub places: Places,
}

/// A name that can own repositories.
fn organisation(text: &str) -> Result<String, String> {
    let as_owner = format!("{text}/name").parse().map(|name: RepositoryName| name.owner().to_owned());
    as_owner.map_err(|_| "write its name as in its address on GitHub".to_owned())
}

/// An address that may be unset: a workflow has no other way to leave an environment variable out than empty.
#[derive(Debug, Clone)]
struct Address(Option<Url>);

impl FromStr for Address {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        if text.is_empty() {
            return Ok(Self(None));
        }
        match Url::parse(text) {
            Ok(url) if !matches!(url.scheme(), "http" | "https") => {
                Err("write one that begins with https://".to_owned())
            }
            Ok(url) if !url.username().is_empty() || url.password().is_some() => {
                Err("write it without a user name and a password, which it would not keep secret".to_owned())
            }
            Ok(url) if url.query().is_some() || url.fragment().is_some() => Err("write it without ? and #".to_owned()),
            Ok(url) => Ok(Self(Some(url))),
            Err(error) => Err(format!("{error}: write an address that begins with https://")),
        }
    }
}

/// Reads an [`Address`], and says what is wrong with one without repeating it: a password may stand in it.
#[derive(Clone)]
struct AddressParser;

impl TypedValueParser for AddressParser {
    type Value = Address;

    fn parse_ref(&self, command: &clap::Command, arg: Option<&Arg>, value: &OsStr) -> Result<Address, clap::Error> {
        let address = value.to_str().ok_or("it is no text".to_owned()).and_then(str::parse);
        address.map_err(|problem| {
            let name = arg.map(ToString::to_string).unwrap_or_default();
            command.clone().error(ErrorKind::ValueValidation, format!("invalid value for '{name}': {problem}"))
        })
    }
}

impl Address {
    /// The address, or `default`, which is a constant of this program.
    fn or(&self, default: &str) -> Url {
        #[expect(clippy::expect_used, reason = "the defaults are constants, and every run without options parses them")]
        self.0.clone().unwrap_or_else(|| Url::parse(default).expect("a constant address"))
    }
}
