//! Hours of waiting in no time: the clock of these tests stands still but for what is waited for.

use std::{
    convert::Infallible,
    future::{pending, ready},
};

use futures_util::{StreamExt, future::join_all, stream};
use http_body_util::{Full, StreamBody, combinators::BoxBody};

use super::*;

type Answer = Response<BoxBody<Bytes, Infallible>>;
type Answered = Result<Answer, std::io::Error>;

/// What a run is promised to end within.
const FIVE_MINUTES: Duration = Duration::from_mins(5);

fn host() -> Host {
    Host::new("https://api.example.org/".parse().unwrap(), usize::MAX, 64)
}

fn with_status(status: u16) -> Answer {
    Response::builder().status(status).body(Full::default().boxed()).unwrap()
}

fn cut_off() -> Answered {
    Err(std::io::Error::other("reset"))
}

fn down(trouble: Trouble) -> Trouble {
    Trouble::Down(Box::new(trouble))
}

/// What came of so many things that are asked for at once, and how long that took.
async fn ask<F: Future<Output = Answered>>(
    host: &Host,
    things: usize,
    send: impl Fn(usize) -> F,
) -> (Vec<Result<(), Trouble>>, Duration) {
    let (begun, limits) = (Instant::now(), Limits::new());
    let (limits, send) = (&limits, &send);
    let each = (0..things).map(async |thing| fetch(limits, host, &host.root, || send(thing)).await.map(|_| ()));
    (join_all(each).await, begun.elapsed())
}

#[tokio::test(start_paused = true)]
async fn a_server_that_never_answers_is_asked_a_few_times_and_the_run_ends_in_time() {
    let host = host();
    let (ended, took) = ask(&host, 1000, |_| pending()).await;
    assert!(ended.iter().all(|ended| *ended == Err(down(Trouble::Late))));
    assert_eq!((host.requests(), took.as_secs()), (PATIENCE, 91));
}

#[tokio::test(start_paused = true)]
async fn a_server_that_fails_at_everything_is_asked_a_few_times_over_a_while() {
    for (answer, trouble) in [
        (cut_off as fn() -> Answered, Trouble::CutOff("reset".to_owned())),
        (|| Ok(with_status(500)), Trouble::Status(StatusCode::INTERNAL_SERVER_ERROR)),
        (|| Ok(with_status(503)), Trouble::Status(StatusCode::SERVICE_UNAVAILABLE)),
    ] {
        let host = host();
        let (ended, took) = ask(&host, 1000, |_| ready(answer())).await;
        assert!(ended.iter().all(|ended| *ended == Err(down(trouble.clone()))));
        assert_eq!((host.requests(), took.as_millis()), (PATIENCE, 1000));
    }
}

#[tokio::test(start_paused = true)]
async fn a_server_that_falls_silent_in_the_middle_of_a_run_holds_it_up_no_longer() {
    let host = host();
    let silent = async |thing| if thing == 0 { Ok(with_status(200)) } else { pending().await };
    let (ended, took) = ask(&host, 1000, silent).await;
    assert_eq!(ended.iter().filter(|ended| ended.is_ok()).count(), 1);
    assert!(ended[1..].iter().all(|ended| *ended == Err(down(Trouble::Late))));
    assert!(host.requests() <= 1 + 64 + PATIENCE && took < FIVE_MINUTES, "{} in {took:?}", host.requests());
}

#[tokio::test(start_paused = true)]
async fn one_broken_connection_that_carried_everything_closes_nothing() {
    let host = host();
    let begun = Instant::now();
    let broken = async |_| {
        tokio::time::sleep(Duration::from_millis(100)).await;
        // The first ones are answered, and so trust begins; then all that is under way breaks.
        if (150..300).contains(&begun.elapsed().as_millis()) {
            cut_off()
        } else {
            Ok::<_, std::io::Error>(with_status(200))
        }
    };
    let (ended, _) = ask(&host, 60, broken).await;
    assert!(ended.iter().all(Result::is_ok), "{ended:?}");
    assert!(host.requests() > 60 + PATIENCE, "so many failed at once: {}", host.requests());
}

#[tokio::test(start_paused = true)]
async fn bad_sources_among_good_ones_close_nothing() {
    let host = host();
    let silent = async |thing| {
        if thing % 10 == 0 { pending().await } else { Ok(with_status(if thing % 2 == 0 { 200 } else { 404 })) }
    };
    let (ended, took) = ask(&host, 100, silent).await;
    let late = ended.iter().filter(|ended| **ended == Err(Trouble::Late)).count();
    let good = ended.iter().filter(|ended| ended.is_ok()).count();
    let missing = ended.iter().filter(|ended| **ended == Err(Trouble::NotFound)).count();
    assert_eq!((good, missing), (40, 50), "{late} late");
    assert!(took < FIVE_MINUTES, "{took:?}");
}

#[tokio::test(start_paused = true)]
async fn a_few_sources_that_fail_are_told_each_by_itself() {
    let host = host();
    let (ended, took) = ask(&host, 3, |_| pending()).await;
    assert_eq!(ended, vec![Err(Trouble::Late); 3]);
    assert_eq!((host.requests(), took.as_millis()), (9, 91_500));
}

#[tokio::test(start_paused = true)]
async fn a_body_that_trickles_for_ever_is_late() {
    let host = host();
    let drop_by_drop = || {
        let drops = stream::repeat(()).then(async |()| {
            tokio::time::sleep(Duration::from_secs(1)).await;
            Ok::<_, Infallible>(http_body::Frame::data(Bytes::from_static(b" ")))
        });
        ready(Ok::<_, std::io::Error>(Response::new(StreamBody::new(Box::pin(drops)))))
    };
    let limits = Limits::new();
    let ended = fetch(&limits, &host, &host.root, drop_by_drop).await;
    assert_eq!((ended.err(), host.requests()), (Some(Trouble::Late), 3));
}

#[tokio::test(start_paused = true)]
async fn all_answers_together_have_a_limit_too() {
    let (host, limits) = (host(), Limits::new());
    let piece = Bytes::from(vec![b' '; 1 << 20]);
    // How many megabytes of each are read.
    let pieces_of = Mutex::new(vec![0; 64]);
    let (read, piece) = (&pieces_of, &piece);
    let endless = async |thing: usize| {
        let pieces = stream::repeat(()).then(move |()| async move {
            tokio::time::sleep(Duration::from_millis(100)).await;
            read.lock().unwrap()[thing] += 1;
            let held: usize = read.lock().unwrap().iter().filter(|pieces| **pieces <= LARGEST_ANSWER >> 20).sum();
            assert!(held <= 64 * 2 + LARGE_AT_ONCE * (LARGEST_ANSWER >> 20), "{held} MB at once");
            Ok::<_, Infallible>(http_body::Frame::data(piece.clone()))
        });
        Ok::<_, std::io::Error>(Response::new(StreamBody::new(Box::pin(pieces))))
    };
    let (limits, host, endless) = (&limits, &host, &endless);
    let each = (0..64).map(async |thing| fetch(limits, host, &host.root, || endless(thing)).await.err());
    let ended = join_all(each).await;
    assert!(ended.iter().all(|ended| *ended == Some(Trouble::TooLarge)), "{ended:?}");
    assert!(read.lock().unwrap().iter().all(|pieces| *pieces == (LARGEST_ANSWER >> 20) + 1));
}

#[tokio::test(start_paused = true)]
async fn pauses_that_a_server_asks_for_end_with_the_run() {
    let host = host();
    let tired = |_| {
        let answer = Response::builder().status(503).header(RETRY_AFTER, 59).body(Full::default().boxed());
        ready(Ok(answer.unwrap()))
    };
    let (ended, took) = ask(&host, 1000, tired).await;
    assert!(ended.iter().all(Result::is_err));
    assert!(took < FIVE_MINUTES && host.requests() <= PATIENCE, "{} in {took:?}", host.requests());
}

#[tokio::test(start_paused = true)]
async fn after_the_runs_time_nothing_is_sent_and_what_is_under_way_ends() {
    let (host, limits) = (Host::new(host().root, usize::MAX, 2), Limits::new());
    let begun = Instant::now();
    let slowly = async || {
        assert!(begun.elapsed() < RUN, "it is asked too late");
        tokio::time::sleep(Duration::from_secs(29)).await;
        Ok::<_, std::io::Error>(with_status(200))
    };
    // A list of a hundred pages, one after the other, beside another.
    let list = async || {
        for page in 0..100 {
            if let Err(trouble) = fetch(&limits, &host, &host.root, slowly).await {
                return (page, trouble);
            }
        }
        unreachable!("that many take longer than a run")
    };
    let lists = tokio::join!(list(), list(), list());
    assert_eq!(begun.elapsed(), RUN);
    assert!([lists.0, lists.1, lists.2].iter().all(|(_, trouble)| *trouble == Trouble::OutOfTime));
    assert_eq!(host.requests(), 20);
}

#[tokio::test(start_paused = true)]
async fn two_servers_in_trouble_hold_up_neither_each_other_nor_a_third() {
    let (silent, broken, good) = (host(), host(), host());
    let limits = Limits::new();
    let begun = Instant::now();
    let many = async |host: &Host, answer: fn() -> Option<Answered>| {
        let send = async || match answer() {
            Some(answer) => answer,
            None => pending().await,
        };
        let each = (0..50).map(|_| fetch(&limits, host, &host.root, &send));
        let ended = join_all(each).await;
        (ended.iter().filter(|ended| ended.is_ok()).count(), begun.elapsed())
    };
    let (silent, broken, good) = tokio::join!(
        many(&silent, || None),
        many(&broken, || Some(cut_off())),
        many(&good, || Some(Ok(with_status(200))))
    );
    assert_eq!((silent.0, broken.0, good.0), (0, 0, 50));
    assert!(silent.1 < FIVE_MINUTES && good.1 < Duration::from_mins(1), "{silent:?} {broken:?} {good:?}");
}
