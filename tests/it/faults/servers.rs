//! A whole server in trouble: it is told once, asked a few times, and the other one is read.

use std::{
    net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream},
    time::Duration,
};

use super::*;
use crate::{
    reliability,
    wire::{Manner, NOWHERE},
    world::trouble,
};

/// More than `PATIENCE`, so that a server in doubt is given up.
const PROJECTS: usize = 14;
/// After how many failures in a row a server is asked no more, as `src/collect/http.rs` has it, …
const PATIENCE: usize = 12;
/// … and how many more may be under way by then.
const UNDER_WAY: usize = 3;

/// What the stand-in does, and the address that is asked in its place, where it is another.
type Fails = dyn Fn(&Toy) -> Option<String> + Send;

/// A server that fails, so that this is told.
struct Case {
    name: &'static str,
    kind: Kind,
    fails: Box<Fails>,
    cause: &'static str,
    advice: &'static str,
}

impl Case {
    /// GitHub answers everything so.
    fn github(name: &'static str, fault: impl Into<Fault>, cause: &'static str, advice: &'static str) -> Self {
        Self::everywhere(name, Kind::Releases, fault.into(), cause, advice)
    }

    /// The index does.
    fn index(name: &'static str, fault: impl Into<Fault>, cause: &'static str, advice: &'static str) -> Self {
        Self::everywhere(name, Kind::Package, fault.into(), cause, advice)
    }

    fn everywhere(name: &'static str, kind: Kind, fault: Fault, cause: &'static str, advice: &'static str) -> Self {
        let fails = move |toy: &Toy| {
            let mut world = toy.world();
            let everywhere = if kind == Kind::Package { &mut world.index_fault } else { &mut world.github_fault };
            *everywhere = Some(fault.clone());
            None
        };
        Self { name, kind, fails: Box::new(fails), cause, advice }
    }

    /// Another address is asked in its place.
    fn instead(
        name: &'static str,
        kind: Kind,
        address: impl Fn() -> String + Send + 'static,
        advice: &'static str,
    ) -> Self {
        Self { name, kind, fails: Box::new(move |_| Some(address())), cause: "no connection: ", advice }
    }

    fn toy(&self) -> Toy {
        let other = if self.kind == Kind::Package { Kind::Releases } else { Kind::Package };
        let mut world = World::default();
        found(&mut world, 999, "healthy");
        let mut projects = vec![other.project("healthy", "Healthy")];
        for n in 0..PROJECTS {
            found(&mut world, number(n), &format!("p{n}"));
            projects.push(self.kind.project(&format!("p{n}"), &format!("P{n}")));
        }
        Toy::with_projects(world, &projects.iter().map(String::as_str).collect::<Vec<_>>())
    }

    fn row(self) -> Row {
        let (toy, name) = (self.toy(), self.name);
        assert_eq!(night(&toy, FIRST, &[]).code, 0);
        let before = toy.tree();
        toy.world().requests.clear();
        renew(&mut toy.world(), 999, "healthy");
        (0..PROJECTS).for_each(|n| renew(&mut toy.world(), number(n), &format!("p{n}")));
        let (api, index) = (toy.upstream.api(), toy.upstream.index());
        let instead = (self.fails)(&toy);
        let [api, index] = match (&instead, self.kind) {
            (Some(address), Kind::Package) => [&api, address],
            (Some(address), _) => [address, &index],
            (None, _) => [&api, &index],
        };
        let ended = secretive(&toy, toy.at(SECOND).token().args(&["-vv"]).asking(api, index).run());
        assert_eq!(ended.code, 0, "{name}: {}", ended.stderr);
        let asked = if self.kind == Kind::Package { toy.world().asked().1 } else { toy.world().asked().0 };
        // Before the first answer all lists are under way: two of each project on GitHub, one on the index, where one night
        // in a while a package is read whole, in three tries.
        let lists = if self.kind == Kind::Package { PROJECTS + 3 } else { 2 * PROJECTS };
        assert!(asked <= lists + PATIENCE + UNDER_WAY, "{name}: {asked} requests");
        let told = self.look(&toy, &ended, &before, if self.kind == Kind::Package { index } else { api });
        self.heal(&toy);
        [name.to_owned(), told, "0 / 3".to_owned(), "as it was".to_owned()]
    }

    fn look(&self, toy: &Toy, ended: &Ended, before: &Tree, address: &str) -> String {
        let (name, after) = (self.name, toy.tree());
        let is_of_releases =
            |line: &&str| line.starts_with("warning: ") && !line.contains("its security advisories were");
        let warnings: Vec<_> = ended.stderr.lines().filter(is_of_releases).collect();
        let host = address.strip_prefix("http://").unwrap().split('/').next().unwrap();
        let stale: Vec<_> = (0..PROJECTS).map(|n| format!("p{n}")).filter(|id| self.is_stale(toy, id)).collect();
        let [begin, end] =
            [format!("warning: {host}: "), format!("; {} sources not read, and shown as remembered", stale.len())];
        assert_eq!(warnings.len(), 1, "{name}: {}", ended.stderr);
        let cause = warnings[0].strip_prefix(&begin).and_then(|rest| rest.strip_suffix(&end));
        let cause = cause.unwrap_or_else(|| panic!("{name}: {warnings:?}"));
        assert!(cause.starts_with(self.cause), "{name}: {cause}");
        assert!(ended.stderr.contains(&format!("{}\n  {}\n", warnings[0], self.advice)), "{name}: {}", ended.stderr);
        for id in &stale {
            assert_eq!(differing(&of(before, id), &of(&after, id)), [""; 0], "{name}");
        }
        assert!(stale.len() * 2 > PROJECTS, "{name}: {stale:?}");
        assert!(toy.titles("feed").contains(&"Healthy 2.0.0".to_owned()), "{name}");
        format!("once: {cause}; {}", self.advice)
    }

    fn is_stale(&self, toy: &Toy, id: &str) -> bool {
        toy.source(id, &self.kind.source(id))["state"] == "stale"
    }

    fn heal(&self, toy: &Toy) {
        let mut world = toy.world();
        (world.github_fault, world.index_fault, world.quota) = (None, None, None);
        world.faults.clear();
        drop(world);
        assert_eq!(night(toy, THIRD, &["--strict"]).code, 0, "{}", self.name);
        assert!((0..PROJECTS).all(|n| toy.titles(&format!("projects/p{n}")).contains(&format!("P{n} 2.0.0"))));
    }
}

/// An address at which connections are never made: as many as there may be wait for one who takes them.
fn crowded() -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = SocketAddr::from((Ipv4Addr::LOCALHOST, listener.local_addr().unwrap().port()));
    let second = Duration::from_secs(1);
    let mut waiting = Vec::new();
    while let Ok(stream) = TcpStream::connect_timeout(&address, second) {
        waiting.push(stream);
    }
    // They wait as long as the tests run.
    std::mem::forget((listener, waiting));
    format!("http://{address}")
}

fn cases() -> Vec<Case> {
    let down = "the server is down: ";
    let network = "check the network, a proxy (HTTPS_PROXY) and that CA certificates are installed";
    let fewer = ("it asks for fewer requests", "run again later, or with a smaller --jobs");
    let hour = |status| Fault::status(status).header("retry-after", "3600");
    let mut silent = Fault::from(Answer::none(Manner::Closed));
    for n in 1..PATIENCE {
        silent = silent.then(Answer::none(if n < PATIENCE - 4 { Manner::Closed } else { Manner::Silent }));
    }
    let mut sooner = Case::github("503 to everything, to one project sooner", Fault::status(503), down, WAIT);
    sooner.fails = Box::new(|toy| {
        let mut world = toy.world();
        world.github_fault = Some(trouble(503).after(Duration::from_secs(3)).into());
        world.fault(&format!("/repositories/{}/releases", number(0)), Fault::status(503));
        None
    });
    let quota = Case {
        name: "the hour's quota ends in the middle",
        kind: Kind::Releases,
        fails: Box::new(|toy| {
            toy.world().quota = Some(PROJECTS / 2 - 1);
            None
        }),
        cause: "the hour's quota of requests is used up",
        advice: "set GITHUB_TOKEN, or wait an hour and run again",
    };
    vec![
        Case::instead("nobody listens", Kind::Releases, || NOWHERE[0].to_owned(), network),
        Case::instead("connections are never made", Kind::Releases, crowded, network),
        Case::github("every connection closes unanswered", Answer::none(Manner::Closed), down, WAIT),
        Case::github("every connection is reset", Answer::none(Manner::Reset), down, WAIT),
        Case::github("500 to everything", Fault::status(500), down, WAIT),
        Case::github("503 to everything", Fault::status(503), down, WAIT),
        sooner,
        Case::github("no answer to anything", silent, down, WAIT),
        Case::github(
            "401: the token is refused",
            Fault::status(401),
            "401 Unauthorized: the token is refused",
            "set GITHUB_TOKEN to a valid token, or unset it",
        ),
        Case::github("429 without `retry-after`", Fault::status(429), fewer.0, fewer.1),
        Case::github("429 with a `retry-after` of an hour", hour(429), fewer.0, fewer.1),
        Case::github("403 with a `retry-after` of an hour", hour(403), fewer.0, fewer.1),
        quota,
        Case::index("the index: every connection is reset", Answer::none(Manner::Reset), down, WAIT),
        Case::index("the index: 502 to everything", Fault::status(502), down, WAIT),
        Case::index("the index: 429 with a `retry-after` of an hour", hour(429), fewer.0, fewer.1),
    ]
}

#[test]
fn a_whole_server_is_in_trouble() {
    let rows: Vec<_> = std::thread::scope(|scope| {
        let running: Vec<_> = cases().into_iter().map(|case| scope.spawn(|| case.row())).collect();
        running.into_iter().map(|case| case.join().unwrap()).collect()
    });
    reliability::section("A whole server", &rows);
}
