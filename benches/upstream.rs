//! GitHub and the Python index on loopback, for any number of synthetic projects: serves until it is killed.
//!
//! `upstream CATALOG PROJECTS MILLISECONDS` writes the catalog, prints the server's address, and answers each request
//! after so many milliseconds.

#![expect(clippy::unwrap_used, clippy::expect_used, reason = "whoever measures sees what went wrong")]

use std::{env, fs, thread, time::Duration};

mod synthetic;
#[expect(dead_code, reason = "it stands in for no server in trouble")]
#[path = "../tests/it/wire.rs"]
mod wire;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let arguments: Vec<String> = env::args().skip(1).collect();
    let [catalog, projects, milliseconds] = &arguments[..] else {
        return Err("usage: upstream CATALOG PROJECTS MILLISECONDS".into());
    };
    let latency = Duration::from_millis(milliseconds.parse()?);
    fs::write(catalog, synthetic::catalog(projects.parse()?))?;
    let server = wire::Server::start(move |request| synthetic::answer(request).after(latency));
    println!("{}", server.uri());
    loop {
        thread::park();
    }
}
