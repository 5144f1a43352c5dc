//! One HTTP client, one retry loop, and the limits that hold for every source.

use std::{
    error::Error,
    future::Future,
    pin::pin,
    sync::{
        Mutex, PoisonError,
        atomic::{AtomicBool, AtomicUsize, Ordering},
    },
    time::Duration,
};

use ::http::{HeaderMap, Response, StatusCode, header::RETRY_AFTER};
use bytes::{Bytes, BytesMut};
use http_body_util::{BodyExt, LengthLimitError, Limited};
use tokio::{
    sync::{Semaphore, SemaphorePermit, watch},
    time::Instant,
};
use url::Url;

use super::{Trouble, Upstreams};

#[cfg(test)]
mod tests;

/// How long a connection may take.
const CONNECT: Duration = Duration::from_secs(10);
/// How long an answer may take, its body included.
const ANSWER: Duration = Duration::from_secs(30);
/// How long a run may ask: what is left of five minutes is for writing.
const RUN: Duration = Duration::from_secs(270);
/// How often one thing is asked.
const TRIES: u32 = 3;
/// The pause before the second try; it doubles before the third.
const PAUSE: Duration = Duration::from_millis(500);
/// The longest pause that a server may ask for.
const LONGEST_PAUSE: Duration = Duration::from_mins(1);
/// How many requests a server in doubt gets at once: one that failed to answer when asked last, or has yet to answer for
/// the first time and may do so on one connection for all.
const PROBES: usize = 4;
/// After how many failures in a row a server in doubt is asked no more.
const PATIENCE: usize = 12;
/// The largest answer after decompression, in bytes.
const LARGEST_ANSWER: usize = 20 << 20;
/// Which answers are large, in bytes, …
const LARGE: usize = 1 << 20;
/// … and how many of them are read at once, whatever `--jobs` says: so all of them together have a limit, too.
const LARGE_AT_ONCE: usize = 8;
/// How many redirects are followed, all of them within one origin.
const REDIRECTS: usize = 5;

/// The clients for GitHub, which octocrab has, and for the index: where both are asked by HTTPS, the same.
///
/// # Errors
/// When there is no TLS.
pub(super) fn clients(site: &Url, upstreams: &Upstreams) -> reqwest::Result<(reqwest::Client, reqwest::Client)> {
    let is_plain = |root: &Url| root.scheme() == "http";
    // To read the system's certificates takes longer than all else that is done before the first request.
    let client_for = |root| if is_plain(root) { client(site).tls_certs_only([]) } else { client(site) };
    let to_index = client_for(&upstreams.pypi).build()?;
    let to_github = match (is_plain(&upstreams.github), is_plain(&upstreams.pypi)) {
        // Plain HTTP takes a token within this machine alone, and a proxy may be another.
        (true, _) => client_for(&upstreams.github).no_proxy().build()?,
        (false, false) => to_index.clone(),
        (false, true) => client_for(&upstreams.github).build()?,
    };
    Ok((to_github, to_index))
}

/// What both have in common; the token is octocrab's alone.
fn client(site: &Url) -> reqwest::ClientBuilder {
    // A second installation in one process fails, and the first one serves.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let within_origin = reqwest::redirect::Policy::custom(|attempt| {
        let start = attempt.previous().first().map(Url::origin);
        if start.is_some_and(|start| start != attempt.url().origin()) {
            let to = origin(attempt.url());
            attempt.error(format!("redirected to another host, {to}"))
        } else if attempt.previous().len() > REDIRECTS {
            attempt.error("redirected too often")
        } else {
            attempt.follow()
        }
    });
    reqwest::Client::builder()
        .user_agent(concat!(env!("CARGO_PKG_NAME"), "/", env!("CARGO_PKG_VERSION")).to_owned() + &format!(" (+{site})"))
        .connect_timeout(CONNECT)
        .redirect(within_origin)
}

/// Scheme, host and port of an address, for messages: the rest is a stranger's, and may be long or a secret.
pub(super) fn origin(address: &Url) -> String {
    match address.origin() {
        origin if origin.is_tuple() => origin.ascii_serialization(),
        _ => format!("{}:", address.scheme()),
    }
}

/// A whole answer.
pub(super) struct Reply {
    pub(super) headers: HeaderMap,
    pub(super) body: Bytes,
}

/// What all requests of a run share.
pub(super) struct Limits {
    large_at_once: Semaphore,
    deadline: Instant,
}

impl Limits {
    /// A few large answers at once, and no request after the run's time.
    pub(super) fn new() -> Self {
        Self { large_at_once: Semaphore::new(LARGE_AT_ONCE), deadline: Instant::now() + RUN }
    }

    /// Waits until `host` may be asked.
    async fn enter<'a>(&'a self, host: &'a Host) -> Result<Entry<'a>, Trouble> {
        // Whoever comes first has a part in the budget, however the waiting ends.
        host.count()?;
        let entered = async {
            loop {
                let probe = host.turn().await;
                let Ok(place) = host.at_once.acquire().await else { return Err(Trouble::OutOfTime) };
                host.is_open()?;
                if Instant::now() >= self.deadline {
                    return Err(Trouble::OutOfTime);
                }
                if probe.is_some() || !host.is_doubted() {
                    return Ok(Entry { place, probe });
                }
            }
        };
        entered.await.inspect_err(|_| host.unsent())
    }
}

/// A request that may be sent: its place among those that run at once, and among those while the server is in doubt.
struct Entry<'a> {
    place: SemaphorePermit<'a>,
    probe: Option<SemaphorePermit<'a>>,
}

/// What a run thinks of a server.
#[derive(Debug)]
enum Standing {
    /// It answers, as far as is known.
    Trusted,
    /// It has yet to answer, or did not when asked last; then it failed so often in a row.
    Doubted(usize),
    /// It is asked no more, for this.
    Closed(Trouble),
}

/// A server as a run knows it: how often it was asked, and whether it still is.
pub(super) struct Host {
    /// The root under which it is asked.
    pub(super) root: Url,
    requests: AtomicUsize,
    budget: usize,
    at_once: Semaphore,
    standing: watch::Sender<Standing>,
    probes: Semaphore,
    told: AtomicBool,
    quota_left: Mutex<Option<u64>>,
}

impl Host {
    /// A server that is asked at most `budget` times, and for at most so many things at once.
    pub(super) fn new(root: Url, budget: usize, at_once: usize) -> Self {
        // Without TLS there is no HTTP/2, and so no connection that all others could share.
        let standing = if root.scheme() == "https" { Standing::Doubted(0) } else { Standing::Trusted };
        Self {
            root,
            requests: AtomicUsize::new(0),
            budget,
            at_once: Semaphore::new(at_once),
            standing: watch::Sender::new(standing),
            probes: Semaphore::new(PROBES),
            told: AtomicBool::new(false),
            quota_left: Mutex::new(None),
        }
    }

    /// How many requests were sent to it.
    pub(super) fn requests(&self) -> usize {
        self.requests.load(Ordering::Relaxed)
    }

    /// How many more requests it allows in this hour: the least that it has said.
    pub(super) fn quota_left(&self) -> Option<u64> {
        *self.quota_left.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn hear_quota(&self, headers: &HeaderMap) {
        if let Some(left) = number(headers, "x-ratelimit-remaining") {
            let mut known = self.quota_left.lock().unwrap_or_else(PoisonError::into_inner);
            *known = Some(known.map_or(left, |known| known.min(left)));
        }
    }

    /// Waits for its turn: there is one at once while it answers, and where it is closed; while it is in doubt it has a
    /// few, and whoever holds one is its probe.
    async fn turn(&self) -> Option<SemaphorePermit<'_>> {
        let mut standing = self.standing.subscribe();
        tokio::select! {
            biased;
            _ = standing.wait_for(|standing| !matches!(standing, Standing::Doubted(_))) => None,
            probe = self.probes.acquire() => probe.ok(),
        }
    }

    fn is_doubted(&self) -> bool {
        matches!(*self.standing.borrow(), Standing::Doubted(_))
    }

    /// It answered, though not always as one would wish.
    fn trust(&self) {
        self.standing.send_if_modified(|standing| {
            let is_doubted = matches!(standing, Standing::Doubted(_));
            if is_doubted {
                *standing = Standing::Trusted;
            }
            is_doubted
        });
    }

    /// It did not. Of what was under way when the doubt began nothing is counted: one broken connection may have carried
    /// all of it.
    fn doubt(&self, trouble: &Trouble, is_probe: bool) {
        self.standing.send_modify(|standing| match standing {
            Standing::Trusted => *standing = Standing::Doubted(0),
            Standing::Doubted(failures) if is_probe => {
                *failures += 1;
                if *failures >= PATIENCE {
                    let down = || Trouble::Down(Box::new(trouble.clone()));
                    *standing = Standing::Closed(if trouble.closes_host() { trouble.clone() } else { down() });
                }
            }
            Standing::Doubted(_) | Standing::Closed(_) => {}
        });
    }

    fn close(&self, trouble: &Trouble) {
        self.standing.send_if_modified(|standing| {
            let is_open = !matches!(standing, Standing::Closed(_));
            if is_open {
                *standing = Standing::Closed(trouble.clone());
            }
            is_open
        });
    }

    /// Waits so long, but for nothing once it is closed.
    async fn pause(&self, wait: Duration) {
        let mut standing = self.standing.subscribe();
        tokio::select! {
            () = tokio::time::sleep(wait) => {}
            _ = standing.wait_for(|standing| matches!(standing, Standing::Closed(_))) => {}
        }
    }

    /// What a person should know of something that was not read there, and that costs no release; what holds for
    /// everything there is said once.
    pub(super) fn unread(&self, subject: &str, trouble: &Trouble) -> Option<String> {
        let is_told = trouble.is_of_host() && self.told.swap(true, Ordering::Relaxed);
        (!is_told).then(|| format!("{subject} not read: {trouble}; {}", trouble.advice()))
    }

    /// Takes back a request that never reached the server.
    fn unsent(&self) {
        self.requests.fetch_sub(1, Ordering::Relaxed);
    }

    fn is_open(&self) -> Result<(), Trouble> {
        match &*self.standing.borrow() {
            Standing::Closed(trouble) => Err(trouble.clone()),
            Standing::Trusted | Standing::Doubted(_) => Ok(()),
        }
    }

    /// Counts a request that is to be sent, where one may be.
    fn count(&self) -> Result<(), Trouble> {
        self.is_open()?;
        let within_budget = |sent: usize| (sent < self.budget).then_some(sent + 1);
        let counted = self.requests.fetch_update(Ordering::Relaxed, Ordering::Relaxed, within_budget);
        counted.map(|_| ()).map_err(|_| Trouble::NeedsToken)
    }
}

/// Asks `host` for `address` by `send` until it answers well, three times at the most.
///
/// # Errors
/// The last trouble, when no try went well; at once when another try would not help.
pub(super) async fn fetch<S, F, B, E>(limits: &Limits, host: &Host, address: &Url, send: S) -> Result<Reply, Trouble>
where
    S: Fn() -> F,
    F: Future<Output = Result<Response<B>, E>>,
    E: Into<Box<dyn Error + Send + Sync>>,
    B: http_body::Body<Data = Bytes>,
    B::Error: Into<Box<dyn Error + Send + Sync>>,
{
    let mut pause = PAUSE;
    for attempt in 1.. {
        let Entry { place, probe } = limits.enter(host).await?;
        let until = limits.deadline.min(Instant::now() + ANSWER);
        let tried = match tokio::time::timeout_at(until, answer(limits, send())).await {
            Ok(tried) => tried,
            Err(_) if until == limits.deadline => Err(Failure::for_good(Trouble::OutOfTime)),
            Err(_) => Err(Failure::passing(Trouble::Late)),
        };
        drop(place);
        let failure = match tried {
            Ok(reply) => {
                tracing::debug!(%address, attempt, bytes = reply.body.len(), "answered");
                host.hear_quota(&reply.headers);
                host.trust();
                return Ok(reply);
            }
            Err(failure) => failure,
        };
        tracing::debug!(%address, attempt, trouble = %failure.trouble, "not answered");
        if matches!(failure.trouble, Trouble::Unreachable(_)) {
            host.unsent();
        }
        if failure.retry {
            host.doubt(&failure.trouble, probe.is_some());
        } else if failure.trouble != Trouble::OutOfTime {
            host.trust();
        }
        let wait = failure.wait.unwrap_or(pause);
        let again =
            failure.retry && attempt < TRIES && wait <= LONGEST_PAUSE && Instant::now() + wait < limits.deadline;
        if !again {
            if failure.trouble.closes_host() {
                host.close(&failure.trouble);
            }
            return Err(failure.trouble);
        }
        // Whoever is a probe stays one, so that a server in doubt has a pause from all.
        host.pause(wait).await;
        pause *= 2;
    }
    unreachable!("the loop ends by its returns")
}

/// A try that went wrong, and whether another is worth it.
struct Failure {
    trouble: Trouble,
    retry: bool,
    wait: Option<Duration>,
}

impl Failure {
    fn for_good(trouble: Trouble) -> Self {
        Self { trouble, retry: false, wait: None }
    }

    fn passing(trouble: Trouble) -> Self {
        Self { trouble, retry: true, wait: None }
    }
}

async fn answer<F, B, E>(limits: &Limits, sent: F) -> Result<Reply, Failure>
where
    F: Future<Output = Result<Response<B>, E>>,
    E: Into<Box<dyn Error + Send + Sync>>,
    B: http_body::Body<Data = Bytes>,
    B::Error: Into<Box<dyn Error + Send + Sync>>,
{
    let response = sent.await.map_err(|error| unanswered(error.into().as_ref()))?;
    let (parts, body) = response.into_parts();
    if !parts.status.is_success() {
        return Err(refused(parts.status, &parts.headers));
    }
    match whole(limits, body).await {
        Ok(body) => Ok(Reply { headers: parts.headers, body }),
        Err(error) if error.is::<LengthLimitError>() => Err(Failure::for_good(Trouble::TooLarge)),
        Err(error) => Err(Failure::passing(Trouble::CutOff(root_cause(error.as_ref())))),
    }
}

/// A body to its end, which waits for others where it is large.
async fn whole<B>(limits: &Limits, body: B) -> Result<Bytes, Box<dyn Error + Send + Sync>>
where
    B: http_body::Body<Data = Bytes>,
    B::Error: Into<Box<dyn Error + Send + Sync>>,
{
    let mut body = pin!(Limited::new(body, LARGEST_ANSWER));
    let (mut whole, mut place) = (BytesMut::new(), None);
    while let Some(frame) = body.frame().await {
        whole.extend_from_slice(&frame?.into_data().unwrap_or_default());
        if place.is_none() && whole.len() > LARGE {
            place = limits.large_at_once.acquire().await.ok();
        }
    }
    Ok(whole.freeze())
}

/// What an answer other than a good one means
/// ([GitHub's rate limits](https://docs.github.com/en/rest/using-the-rest-api/rate-limits-for-the-rest-api)).
fn refused(status: StatusCode, headers: &HeaderMap) -> Failure {
    let wait = number(headers, RETRY_AFTER.as_str()).map(Duration::from_secs);
    let limited = matches!(status, StatusCode::FORBIDDEN | StatusCode::TOO_MANY_REQUESTS);
    let too_long = wait.is_some_and(|wait| wait > LONGEST_PAUSE);
    match status {
        _ if limited && (wait.is_none() || too_long) && number(headers, "x-ratelimit-remaining") == Some(0) => {
            Failure::for_good(Trouble::QuotaUsedUp)
        }
        _ if limited && too_long => Failure::for_good(Trouble::TooFast),
        StatusCode::UNAUTHORIZED => Failure::for_good(Trouble::TokenRefused),
        StatusCode::NOT_FOUND | StatusCode::GONE => Failure::for_good(Trouble::NotFound),
        StatusCode::TOO_MANY_REQUESTS => Failure { trouble: Trouble::TooFast, retry: true, wait },
        StatusCode::FORBIDDEN if wait.is_some() => Failure { trouble: Trouble::TooFast, retry: true, wait },
        _ if status.is_server_error() => Failure { trouble: Trouble::Status(status), retry: true, wait },
        _ => Failure::for_good(Trouble::Status(status)),
    }
}

fn number(headers: &HeaderMap, name: &str) -> Option<u64> {
    headers.get(name).and_then(|value| value.to_str().ok()?.trim().parse().ok())
}

/// What it means that no answer came: octocrab wraps reqwest's error, which wraps hyper's.
fn unanswered(error: &(dyn Error + 'static)) -> Failure {
    let reqwest = chain(error).find_map(|error| error.downcast_ref::<reqwest::Error>());
    match reqwest {
        Some(error) if error.is_redirect() => Failure::for_good(Trouble::Redirected(root_cause(error))),
        // Ten seconds without a connection were patience enough.
        Some(error) if error.is_connect() && error.is_timeout() => {
            Failure::for_good(Trouble::Unreachable(format!("none within {} seconds", CONNECT.as_secs())))
        }
        Some(error) if error.is_connect() => Failure::passing(Trouble::Unreachable(root_cause(error))),
        Some(error) if error.is_timeout() => Failure::passing(Trouble::Late),
        _ => Failure::passing(Trouble::CutOff(root_cause(error))),
    }
}

fn root_cause(error: &(dyn Error + 'static)) -> String {
    chain(error).last().unwrap_or(error).to_string()
}

fn chain<'e>(error: &'e (dyn Error + 'static)) -> impl Iterator<Item = &'e (dyn Error + 'static)> {
    std::iter::successors(Some(error), |&error| error.source())
}
