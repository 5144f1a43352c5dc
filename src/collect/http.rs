//! One HTTP client, one retry loop, and the limits that hold for every source.

use std::{
    error::Error,
    future::Future,
    sync::{
        Mutex, PoisonError,
        atomic::{AtomicBool, AtomicUsize, Ordering},
    },
    time::Duration,
};

use ::http::{HeaderMap, Response, StatusCode, header::RETRY_AFTER};
use bytes::Bytes;
use http_body_util::{BodyExt, LengthLimitError, Limited};
use tokio::{sync::Semaphore, time::Instant};
use url::Url;

use super::Trouble;

/// How long a connection may take.
const CONNECT: Duration = Duration::from_secs(10);
/// How long an answer may take, its body included.
const ANSWER: Duration = Duration::from_secs(30);
/// How long a run may ask.
const RUN: Duration = Duration::from_mins(5);
/// How often one thing is asked.
const TRIES: u32 = 3;
/// The pause before the second try; it doubles before the third.
const PAUSE: Duration = Duration::from_millis(500);
/// The longest pause that a server may ask for.
const LONGEST_PAUSE: Duration = Duration::from_mins(1);
/// The largest answer after decompression, in bytes.
const LARGEST_ANSWER: usize = 20 << 20;
/// How many redirects are followed, all of them within one origin.
const REDIRECTS: usize = 5;

/// The client that every request of a run goes through, octocrab's too.
///
/// # Errors
/// When TLS cannot be set up, for example where no CA certificates are installed.
pub(super) fn client(site: &Url) -> Result<reqwest::Client, reqwest::Error> {
    // A second installation in one process fails, and the first one serves.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let within_origin = reqwest::redirect::Policy::custom(|attempt| {
        let start = attempt.previous().first().map(Url::origin);
        if start.is_some_and(|start| start != attempt.url().origin()) {
            let host = attempt.url().host_str().unwrap_or_default().to_owned();
            attempt.error(format!("redirected to another host, {host}"))
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
        .build()
}

/// A whole answer.
pub(super) struct Reply {
    pub(super) headers: HeaderMap,
    pub(super) body: Bytes,
}

/// What all requests of a run share.
pub(super) struct Limits {
    at_once: Semaphore,
    deadline: Instant,
}

impl Limits {
    /// At most `jobs` requests at once, and none later than five minutes from now.
    pub(super) fn new(jobs: usize) -> Self {
        Self { at_once: Semaphore::new(jobs), deadline: Instant::now() + RUN }
    }
}

/// A server as a run knows it: how often it was asked, and whether it still is.
pub(super) struct Host {
    /// The root under which it is asked.
    pub(super) root: Url,
    requests: AtomicUsize,
    budget: usize,
    closed: Mutex<Option<Trouble>>,
    told: AtomicBool,
    quota_left: Mutex<Option<u64>>,
}

impl Host {
    /// A server that is asked at most `budget` times.
    pub(super) fn new(root: Url, budget: usize) -> Self {
        Self {
            root,
            requests: AtomicUsize::new(0),
            budget,
            closed: Mutex::new(None),
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

    fn close(&self, trouble: Trouble) {
        self.closed.lock().unwrap_or_else(PoisonError::into_inner).get_or_insert(trouble);
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

    /// Counts a request that is about to be sent, where one may be.
    fn admit(&self) -> Result<(), Trouble> {
        if let Some(trouble) = self.closed.lock().unwrap_or_else(PoisonError::into_inner).clone() {
            return Err(trouble);
        }
        let within_budget = |sent: usize| (sent < self.budget).then_some(sent + 1);
        match self.requests.fetch_update(Ordering::Relaxed, Ordering::Relaxed, within_budget) {
            Ok(_) => Ok(()),
            Err(_) => Err(Trouble::NeedsToken),
        }
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
        let tried = {
            let Ok(_permit) = limits.at_once.acquire().await else { return Err(Trouble::OutOfTime) };
            host.admit()?;
            let until = limits.deadline.min(Instant::now() + ANSWER);
            match tokio::time::timeout_at(until, answer(send())).await {
                Ok(tried) => tried,
                Err(_) if until == limits.deadline => Err(Failure::for_good(Trouble::OutOfTime)),
                Err(_) => Err(Failure::passing(Trouble::Late)),
            }
        };
        let failure = match tried {
            Ok(reply) => {
                tracing::debug!(%address, attempt, bytes = reply.body.len(), "answered");
                host.hear_quota(&reply.headers);
                return Ok(reply);
            }
            Err(failure) => failure,
        };
        tracing::debug!(%address, attempt, trouble = %failure.trouble, "not answered");
        if matches!(failure.trouble, Trouble::Unreachable(_)) {
            host.unsent();
        }
        let wait = failure.wait.unwrap_or(pause);
        let again =
            failure.retry && attempt < TRIES && wait <= LONGEST_PAUSE && Instant::now() + wait < limits.deadline;
        if !again {
            if failure.trouble.closes_host() {
                host.close(failure.trouble.clone());
            }
            return Err(failure.trouble);
        }
        tokio::time::sleep(wait).await;
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

async fn answer<F, B, E>(sent: F) -> Result<Reply, Failure>
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
    match Limited::new(body, LARGEST_ANSWER).collect().await {
        Ok(body) => Ok(Reply { headers: parts.headers, body: body.to_bytes() }),
        Err(error) if error.is::<LengthLimitError>() => Err(Failure::for_good(Trouble::TooLarge)),
        Err(error) => Err(Failure::passing(Trouble::CutOff(root_cause(error.as_ref())))),
    }
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
        Some(error) if error.is_connect() && error.is_timeout() => Failure::for_good(unreachable(error)),
        Some(error) if error.is_connect() => Failure::passing(unreachable(error)),
        Some(error) if error.is_timeout() => Failure::passing(Trouble::Late),
        _ => Failure::passing(Trouble::CutOff(root_cause(error))),
    }
}

fn unreachable(error: &reqwest::Error) -> Trouble {
    Trouble::Unreachable(root_cause(error))
}

fn root_cause(error: &(dyn Error + 'static)) -> String {
    chain(error).last().unwrap_or(error).to_string()
}

fn chain<'e>(error: &'e (dyn Error + 'static)) -> impl Iterator<Item = &'e (dyn Error + 'static)> {
    std::iter::successors(Some(error), |&error| error.source())
}
