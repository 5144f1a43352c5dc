//! Asks the sources, bounded and isolated; yields one project at a time, in a fixed order.

use std::{collections::BTreeMap, error::Error};

use ::http::{HeaderName, StatusCode, header::ACCEPT};
use chrono::{Datelike, NaiveDate, SubsecRound};
use futures_util::{Stream, StreamExt, stream};
use octocrab::Octocrab;
use url::Url;

pub mod github;
mod http;
pub mod pypi;

use self::{
    github::{Access, Github, Listed, Organisation, Tagging},
    http::{Host, Limits},
    pypi::{Presence, Pypi},
};
use crate::{
    model::{
        Answer, Channel, Extent, Grouping, Known, Listing, Moment, PackageStatus, Project, RepositoryName, Skipped,
        Source,
    },
    version::is_hidden,
};

/// How many requests GitHub gets without a token, which allows 60 an hour.
const ANONYMOUS_REQUESTS: usize = 50;

/// How much of an unreadable answer a message repeats, in characters.
const LONGEST_CAUSE: usize = 200;

/// Why a source said nothing that can be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Trouble {
    /// 404 or 410.
    #[error("404 Not Found")]
    NotFound,
    /// The repository with the remembered number is gone, and its name leads to one with this number.
    #[error("its name is another repository's now, number {0}, which is not believed")]
    TakenOver(u64),
    /// Another status than those with a meaning of their own.
    #[error("{0}")]
    Status(StatusCode),
    /// 401.
    #[error("401 Unauthorized: the token is refused")]
    TokenRefused,
    /// GitHub's hourly quota.
    #[error("the hour's quota of requests is used up")]
    QuotaUsedUp,
    /// 429, or 403 with a `retry-after`.
    #[error("it asks for fewer requests")]
    TooFast,
    /// What is not asked without a token. No failure: nothing becomes stale by it.
    #[error("not read without a token")]
    NeedsToken,
    /// No connection.
    #[error("no connection: {0}")]
    Unreachable(String),
    /// The connection broke, before the answer or within.
    #[error("the connection broke: {0}")]
    CutOff(String),
    /// No answer in time.
    #[error("no answer within 30 seconds")]
    Late,
    /// The run's own time was over.
    #[error("not asked to the end: the run's time is over")]
    OutOfTime,
    /// It and others at the host failed so, many times in a row.
    #[error("the server is down: {0}")]
    Down(Box<Trouble>),
    /// More than the limit.
    #[error("the answer is larger than 20 MB")]
    TooLarge,
    /// A redirect or a next page that is not followed.
    #[error("{0}")]
    Redirected(String),
    /// A list whose next page is the page itself.
    #[error("the list leads to itself")]
    Endless,
    /// An answer in another form than the API's.
    #[error("the answer cannot be read: {0}")]
    Garbage(String),
    /// An empty list from a source that had something.
    #[error("the list is empty, and was not before")]
    Emptied,
}

impl Trouble {
    /// The parser's word, of which a part may be the answer's own text.
    fn garbage(error: &dyn Error) -> Self {
        Self::Garbage(error.to_string().chars().filter(|c| !is_hidden(*c)).take(LONGEST_CAUSE).collect())
    }

    /// Whether it holds for everything at this host, so that nothing more is asked there in this run.
    #[must_use]
    pub fn closes_host(&self) -> bool {
        matches!(self, Self::TokenRefused | Self::QuotaUsedUp | Self::TooFast | Self::Unreachable(_) | Self::Down(_))
    }

    /// Whether it says something of the host rather than of the one source, so that it is told once.
    #[must_use]
    pub fn is_of_host(&self) -> bool {
        self.closes_host() || matches!(self, Self::NeedsToken)
    }

    /// Whether a server that is down answers so, and one in good order may do so now and then.
    #[must_use]
    pub fn may_be_of_host(&self) -> bool {
        matches!(self, Self::CutOff(_) | Self::Late) || matches!(self, Self::Status(status) if status.is_server_error())
    }

    /// Whether the next question would be waited for in vain as well.
    fn is_silence(&self) -> bool {
        self.is_of_host() || matches!(self, Self::Late | Self::OutOfTime)
    }

    /// What a person can do about it.
    #[must_use]
    pub fn advice(&self) -> &'static str {
        match self {
            Self::NotFound => "if it was renamed, moved or deleted, correct or remove it in the catalog",
            Self::TakenOver(_) => {
                "correct it in the catalog, or, if that is the project's too, delete its `id` in data/sources.json"
            }
            Self::Status(status) if status.is_server_error() => "nothing to do: it is asked again in the next run",
            Self::Status(_) => "open the address in a browser to see what it wants",
            Self::TokenRefused => "set GITHUB_TOKEN to a valid token, or unset it",
            Self::QuotaUsedUp => "set GITHUB_TOKEN, or wait an hour and run again",
            Self::TooFast => "run again later, or with a smaller --jobs",
            Self::NeedsToken => "set GITHUB_TOKEN to read it; any token will do, without scopes",
            Self::Unreachable(_) => "check the network, a proxy (HTTPS_PROXY) and that CA certificates are installed",
            Self::CutOff(_) | Self::Late | Self::OutOfTime | Self::Down(_) => {
                "nothing to do: it is asked again in the next run"
            }
            Self::TooLarge => "see what the address answers; it may be no list of releases",
            Self::Redirected(_) | Self::Endless => "see where the address leads, and correct it in the catalog",
            Self::Garbage(_) => "see what the address answers; a proxy may answer in its place",
            Self::Emptied => "if all was deleted on purpose, remove the source from the catalog",
        }
    }
}

/// Where and how to ask.
#[derive(Debug)]
pub struct Upstreams {
    /// The root of the GitHub REST API.
    pub github: Url,
    /// The root of the Python index.
    pub pypi: Url,
    /// The token for GitHub, sent to the API's origin alone.
    pub token: Option<Token>,
    /// How many requests run at once at a server.
    pub jobs: usize,
}

/// A secret that no log shows.
pub struct Token(String);

impl Token {
    /// Takes the secret.
    #[must_use]
    pub fn new(secret: String) -> Self {
        Self(secret)
    }
}

impl std::fmt::Debug for Token {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Token(…)")
    }
}

/// Why nobody could be asked at all.
#[derive(Debug, thiserror::Error)]
pub enum CollectError {
    /// No TLS, mostly for want of CA certificates.
    #[error("cannot set up HTTPS; are the CA certificates installed (`apt install ca-certificates`)?")]
    Tls(#[source] reqwest::Error),
    /// The address of the API is none that octocrab takes.
    #[error("`{0}` is no address of a GitHub API")]
    Api(String, #[source] Box<octocrab::Error>),
    /// The token is none that a request can carry.
    #[error("GITHUB_TOKEN has characters that no token has: set it anew")]
    BadToken,
    /// The token would travel in the clear.
    #[error("refusing to send GITHUB_TOKEN to {0} in the clear: use https, or unset it")]
    TokenInTheClear(String),
}

/// One project's turn: what was asked of its sources, and what became of it.
#[derive(Debug, Default)]
pub struct Turn {
    /// In the order of the project's sources.
    pub answers: Vec<(Source, Result<Answer, Trouble>)>,
}

impl Turn {
    /// Whether any source answered.
    #[must_use]
    pub fn answered(&self) -> bool {
        self.answers.iter().any(|(_, answer)| answer.is_ok())
    }

    /// Why those that did not could not be read.
    pub fn troubles(&self) -> impl Iterator<Item = &Trouble> {
        self.answers.iter().filter_map(|(_, answer)| answer.as_ref().err())
    }
}

/// What the asking of a run came to.
#[derive(Debug, Default)]
pub struct Asked {
    /// How many requests went to each channel's host.
    pub requests: BTreeMap<Channel, usize>,
    /// How many more GitHub allows in this hour, by its last word.
    pub quota_left: Option<u64>,
}

/// The sources of a run, ready to be asked.
pub struct Collector {
    client: reqwest::Client,
    octocrab: Octocrab,
    limits: Limits,
    github: Host,
    pypi: Host,
    /// The index once more, as it is asked for what no version waits for: that it refuses that closes nothing else.
    details: Host,
    access: Access,
    jobs: usize,
    today: NaiveDate,
}

impl Collector {
    /// Makes ready to ask `upstreams`, in the name of the site at `site`, on the UTC day `today`.
    ///
    /// # Errors
    /// When there is no TLS, or the token would travel in the clear.
    pub fn new(upstreams: Upstreams, site: &Url, today: NaiveDate) -> Result<Self, CollectError> {
        let (to_github, to_index) = http::clients(site, &upstreams).map_err(CollectError::Tls)?;
        let access = if upstreams.token.is_some() { Access::Token } else { Access::Anonymous };
        let budget = if access == Access::Token { usize::MAX } else { ANONYMOUS_REQUESTS };
        Ok(Self {
            octocrab: octocrab(to_github, &upstreams.github, upstreams.token)?,
            client: to_index,
            limits: Limits::new(),
            github: Host::new(upstreams.github, budget, upstreams.jobs),
            details: Host::new(upstreams.pypi.clone(), usize::MAX, upstreams.jobs),
            pypi: Host::new(upstreams.pypi, usize::MAX, upstreams.jobs),
            access,
            jobs: upstreams.jobs,
            today,
        })
    }

    /// The order in which projects have their turn: the catalog's, beginning elsewhere each day, so that a quota that
    /// runs out starves nobody for long; without a token, those that take many requests come last.
    #[must_use]
    pub fn order<'p>(&self, projects: &'p [Project]) -> Vec<&'p Project> {
        let mut order: Vec<_> = projects.iter().collect();
        if !order.is_empty() {
            let start = usize::try_from(self.today.num_days_from_ce()).unwrap_or(0) % order.len();
            order.rotate_left(start);
        }
        if self.access == Access::Anonymous {
            order.sort_by_key(|project| project.grouping() == Grouping::Daily);
        }
        order
    }

    /// Asks the sources of the given projects; answers come in the given order, whoever answers first.
    ///
    /// `known` tells what the memory has of a source. Each project waits for its own sources alone.
    pub fn turns<'a, T: 'a>(
        &'a self,
        projects: impl Iterator<Item = (&'a Project, Vec<(Source, Known)>, T)> + 'a,
    ) -> impl Stream<Item = (&'a Project, Turn, T)> + 'a {
        stream::iter(projects)
            .map(async |(project, known, carried)| (project, self.turn(project, known).await, carried))
            .buffered(self.jobs)
    }

    async fn turn(&self, project: &Project, known: Vec<(Source, Known)>) -> Turn {
        let asked = known.into_iter().map(async |(source, known)| {
            let answer = self.ask(project, &source, &known).await.and_then(|answer| not_emptied(answer, &known));
            (source, answer)
        });
        Turn { answers: futures_util::future::join_all(asked).await }
    }

    async fn ask(&self, project: &Project, source: &Source, known: &Known) -> Result<Answer, Trouble> {
        match source.channel {
            Channel::Github => {
                let repository = project.github.as_ref().ok_or(Trouble::NotFound)?;
                self.github().ask(project, repository, known, self.reads_whole(project)).await
            }
            Channel::Pypi => {
                let package = project.pypi.iter().find(|p| p.name == source.name).ok_or(Trouble::NotFound)?;
                self.index().ask(package, known, self.reads_whole(project)).await
            }
        }
    }

    fn github(&self) -> Github<'_> {
        let (octocrab, limits, host, access) = (&self.octocrab, &self.limits, &self.github, self.access);
        Github { octocrab, limits, host, access }
    }

    fn index(&self) -> Pypi<'_> {
        Pypi { client: &self.client, limits: &self.limits, host: &self.pypi, details: &self.details }
    }

    /// The public repositories of an organisation on GitHub.
    ///
    /// # Errors
    /// When there is no usable answer; [`Trouble::NotFound`] when the name is a user's.
    pub async fn organisation(&self, name: &str) -> Result<Organisation, Trouble> {
        self.github().organisation(name).await
    }

    /// The repository that a name leads to today, whatever it is called now.
    ///
    /// # Errors
    /// When there is no usable answer; [`Trouble::NotFound`] when there is no such repository, or not for everybody.
    pub async fn repository(&self, name: &RepositoryName) -> Result<Listed, Trouble> {
        self.github().repository(name).await
    }

    /// Whether a repository has any tag. Without a token that is not worth a request.
    ///
    /// # Errors
    /// When there is no usable answer.
    pub async fn tagging(&self, name: &RepositoryName) -> Result<Tagging, Trouble> {
        if self.is_anonymous() { Ok(Tagging::Unknown) } else { self.github().tagging(name).await }
    }

    /// Whether the Python index has a package of this name, whosever it is.
    ///
    /// # Errors
    /// When there is no usable answer.
    pub async fn package(&self, name: &str) -> Result<Presence, Trouble> {
        self.index().presence(name).await
    }

    /// Each project's lists are read whole once a week, on days spread over the projects.
    fn reads_whole(&self, project: &Project) -> bool {
        let spread: u32 = project.id.as_str().bytes().map(u32::from).sum();
        (self.today.num_days_from_ce().unsigned_abs() + spread).is_multiple_of(7)
    }

    /// Whether GitHub is asked without a token.
    #[must_use]
    pub fn is_anonymous(&self) -> bool {
        self.access == Access::Anonymous
    }

    /// Whether an answer ends where it does for want of a token.
    #[must_use]
    pub fn is_cut_short(&self, answer: &Answer) -> bool {
        self.access == Access::Anonymous && answer.extent != Extent::Whole
    }

    /// What the asking came to.
    #[must_use]
    pub fn asked(&self) -> Asked {
        let index = self.pypi.requests() + self.details.requests();
        let requests = [(Channel::Github, self.github.requests()), (Channel::Pypi, index)];
        Asked { requests: requests.into(), quota_left: self.github.quota_left() }
    }

    /// The address that a source is asked at, for messages.
    #[must_use]
    pub fn address(&self, project: &Project, source: &Source) -> Url {
        match source.channel {
            Channel::Github => {
                let listing = project.github.as_ref().map(|repository| repository.listing);
                let list = if listing == Some(Listing::Tags) { "tags" } else { "releases" };
                below(&self.github.root, &format!("repos/{}/{list}", source.name))
            }
            Channel::Pypi => match project.pypi.iter().find(|package| package.name == source.name) {
                Some(package) => pypi::simple(&self.pypi.root, &package.name),
                None => self.pypi.root.clone(),
            },
        }
    }
}

/// How much of a text from outside is kept, in characters.
const LONGEST_TEXT: usize = 300;

/// A text as it is kept: on one line, without what is hidden. One that is cut is no list of versions any more, for `…`
/// stands in none.
fn kept(text: &str) -> String {
    let line = text.split_whitespace().collect::<Vec<_>>().join(" ").replace(is_hidden, "");
    match line.char_indices().nth(LONGEST_TEXT) {
        Some((end, _)) => format!("{}…", &line[..end]),
        None => line,
    }
}

/// An address that a page may lead to.
fn web_address(text: &str) -> Option<Url> {
    Url::parse(text).ok().filter(|url| matches!(url.scheme(), "http" | "https"))
}

fn to_seconds(date: Moment) -> Moment {
    date.trunc_subsecs(0)
}

/// One empty answer proves nothing when the memory has something of the source, and one of which nothing can be read is
/// no answer.
fn not_emptied(answer: Answer, known: &Known) -> Result<Answer, Trouble> {
    let hidden = answer.status == PackageStatus::Quarantined;
    if !answer.sightings.is_empty() || hidden || known.tags.is_empty() {
        return Ok(answer);
    }
    Err(answer.skipped.into_iter().next().map_or(Trouble::Emptied, |Skipped { reason, .. }| Trouble::Garbage(reason)))
}

fn octocrab(client: reqwest::Client, root: &Url, token: Option<Token>) -> Result<Octocrab, CollectError> {
    let loopback = match root.host() {
        Some(url::Host::Domain(name)) => name == "localhost",
        Some(url::Host::Ipv4(address)) => address.is_loopback(),
        Some(url::Host::Ipv6(address)) => address.is_loopback(),
        None => false,
    };
    if token.is_some() && root.scheme() != "https" && !loopback {
        return Err(CollectError::TokenInTheClear(root.to_string()));
    }
    if token.as_ref().is_some_and(|token| !token.0.bytes().all(|byte| byte.is_ascii_graphic())) {
        return Err(CollectError::BadToken);
    }
    let build = || {
        let builder = Octocrab::builder()
            .base_uri(root.as_str())?
            .add_header(ACCEPT, "application/vnd.github+json".to_owned())
            .add_header(HeaderName::from_static("x-github-api-version"), "2022-11-28".to_owned());
        let builder = match token {
            Some(token) => builder.personal_token(token.0),
            None => builder,
        };
        builder.build_with_reqwest(client)
    };
    build().map_err(|error| CollectError::Api(root.to_string(), Box::new(error)))
}

/// The address `path` under `root`, whether or not `root` ends in a slash.
fn below(root: &Url, path: &str) -> Url {
    let mut address = root.clone();
    let joined = format!("{}/{path}", root.path().trim_end_matches('/'));
    address.set_path(&joined);
    address
}
