//! A stand-in for GitHub's REST API and the Python index, on loopback: answers as the real ones do, from a [`World`]
//! that a test may change between two runs, and remembers every request.

use std::{
    sync::{Arc, Mutex, MutexGuard},
    time::Duration,
};

use serde_json::{Value, json};

use crate::{
    wire::{Answer, Request, Server},
    world::{Asked, File, Package, Repository, Tag, World, trouble},
};

/// The path of the API, as on GitHub Enterprise.
const API: &str = "/api/v3";
/// The path of the index.
const INDEX: &str = "/index";

impl World {
    fn answer(&mut self, request: &Request) -> Answer {
        let root = &request.root;
        let path = request.url.path();
        let github = path.starts_with(API);
        let below = path.strip_prefix(if github { API } else { INDEX }).unwrap_or(path).to_owned();
        let query = |key| request.url.query_pairs().find(|(name, _)| name == key).and_then(|(_, n)| n.parse().ok());
        let page = query("page").or(query("after")).unwrap_or(1);
        self.requests.push(Asked { path: below.clone(), github, authorized: request.authorized, page });
        let quota = self.quota.as_mut().filter(|_| github).map(|left| (*left == 0, *left = left.saturating_sub(1)).0);
        let everywhere = if github { &mut self.github_fault } else { &mut self.index_fault };
        let fault = self.faults.get_mut(&by_number(&self.repositories, &below)).or(everywhere.as_mut());
        let answer = match fault.and_then(|fault| fault.next(page)) {
            _ if quota == Some(true) => trouble(403).header("x-ratelimit-remaining", "0"),
            Some(answer) => answer,
            None if github => self.github(&below, page, query("per_page").unwrap_or(30), root),
            None => self.index(&below),
        };
        let jitter = self.jitter.as_mut().map_or(0, |state| {
            *state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            (*state >> 33) % 20
        });
        answer.after(self.pause + Duration::from_millis(jitter))
    }

    fn github(&self, path: &str, page: usize, per_page: usize, root: &str) -> Answer {
        let parts: Vec<&str> = path.split('/').skip(1).collect();
        let (repository, rest) = match parts[..] {
            ["repositories", id, ref rest @ ..] => (self.repositories.iter().find(|r| r.id.to_string() == id), rest),
            ["repos", owner, name, ref rest @ ..] => {
                let name = format!("{owner}/{name}");
                if let Some(id) = self.moved.get(&name) {
                    let rest = [&[id.to_string().as_str()], rest].concat().join("/");
                    let location = format!("{root}{API}/repositories/{rest}?per_page={per_page}");
                    return Answer::new(301, "").header("location", &location);
                }
                (self.repositories.iter().find(|r| r.name.eq_ignore_ascii_case(&name)), rest)
            }
            ["orgs" | "organizations", owner, "repos"] => return self.organisation(owner, page, per_page, root),
            _ => (None, &[][..]),
        };
        let Some(repository) = repository else { return trouble(404) };
        let name = &repository.name;
        let list: Vec<Value> = match rest {
            [] => return Answer::json(&repository.wire()),
            ["releases"] => repository.releases.iter().map(|release| release.wire(name)).collect(),
            ["tags"] => {
                let tag = |tag: &Tag| json!({"name": tag.name, "commit": {"sha": tag.commit}});
                repository.tags.iter().map(tag).collect()
            }
            ["security-advisories"] => repository.advisories.iter().map(|advisory| advisory.wire(name)).collect(),
            ["commits", sha] => match repository.tags.iter().find(|tag| tag.commit == *sha) {
                Some(Tag { date, .. }) => {
                    let page = format!("https://example.org/{name}/commit/{sha}");
                    return Answer::json(&json!({"html_url": page, "commit": {"committer": {"date": date}}}));
                }
                None => return trouble(404),
            },
            _ => return trouble(404),
        };
        let address = format!("{root}{API}/repositories/{}/{}?per_page={per_page}", repository.id, rest[0]);
        match rest {
            // A list without numbers: a cursor leads on, and none to the end.
            ["security-advisories"] => listed(&list, page, per_page, &|next, _| link(&address, "after", next, "next")),
            _ => numbered(&list, page, per_page, &address),
        }
    }

    /// The public repositories of an organisation; its list goes on under its number, which is its name here.
    fn organisation(&self, owner: &str, page: usize, per_page: usize, root: &str) -> Answer {
        let is_its = |name: &str| name.split('/').next().is_some_and(|own| own.eq_ignore_ascii_case(owner));
        let list: Vec<_> = self.repositories.iter().filter(|repository| is_its(&repository.name)).collect();
        if list.is_empty() || self.users.iter().any(|user| is_its(user)) {
            return trouble(404);
        }
        let list: Vec<_> = list.into_iter().map(Repository::wire).collect();
        let address = format!("{root}{API}/organizations/{owner}/repos?type=public&per_page={per_page}");
        numbered(&list, page, per_page, &address)
    }

    fn index(&self, path: &str) -> Answer {
        let parts: Vec<&str> = path.split('/').skip(1).collect();
        let package = |name: &str| self.packages.iter().find(|package| package.name == name);
        let found = match parts[..] {
            ["simple", name, ""] => package(name).map(simple),
            ["pypi", name, "json"] => package(name).map(document),
            ["integrity", name, version, file, "provenance"] => {
                let files = package(name).into_iter().flat_map(|package| &package.files);
                files.filter(|known| known.version == version && known.filename == file).find_map(provenance)
            }
            _ => None,
        };
        found.unwrap_or_else(|| trouble(404))
    }
}

/// Where a repository's lists are under its number: the same stands there as under its name.
fn by_number(repositories: &[Repository], path: &str) -> String {
    let named = |r: &Repository| Some((r.id, path.strip_prefix(&format!("/repos/{}/", r.name))?));
    let numbered = repositories.iter().find_map(named).map(|(id, list)| format!("/repositories/{id}/{list}"));
    numbered.unwrap_or_else(|| path.to_owned())
}

/// The list of a package's files.
fn simple(package: &Package) -> Answer {
    let mut versions: Vec<_> = package.files.iter().map(|file| &file.version).collect();
    versions.sort();
    versions.dedup();
    let files: Vec<_> = package.files.iter().map(File::wire).collect();
    let status = json!({"status": package.status.as_deref().unwrap_or("active")});
    let document = json!({
        "meta": {"api-version": "1.4"}, "name": package.name, "versions": versions, "files": files, "project-status": status,
    });
    Answer::json(&document)
}

/// What the index says of a package, with some of the many keys that nobody here reads.
fn document(package: &Package) -> Answer {
    Answer::json(&json!({
        "info": {"name": package.name, "author_email": "somebody@example.org"}, "last_serial": 1, "releases": {}, "urls": [],
        "ownership": {"roles": [{"role": "Owner", "user": "somebody"}], "organization": package.organisation},
        "vulnerabilities": package.vulnerabilities,
    }))
}

/// Where a file comes from.
fn provenance(file: &File) -> Option<Answer> {
    let bundle = json!({"publisher": file.publisher, "attestations": [{"version": 1, "envelope": {}}]});
    let document = json!({"version": 1, "attestation_bundles": [bundle]});
    (!file.publisher.is_null()).then(|| Answer::json(&document))
}

/// A page of a list that names the next page and the last.
fn numbered(list: &[Value], page: usize, per_page: usize, address: &str) -> Answer {
    let links =
        |next, last| format!("{}, {}", link(address, "page", next, "next"), link(address, "page", last, "last"));
    listed(list, page, per_page, &links)
}

/// A page of a list, with the links that are made of the numbers of the next page and the last where it goes on.
fn listed(list: &[Value], page: usize, per_page: usize, links: &dyn Fn(usize, usize) -> String) -> Answer {
    let pages: Vec<_> = list.chunks(per_page).collect();
    let answer = Answer::json(&json!(pages.get(page - 1).copied().unwrap_or_default()));
    if page >= pages.len() { answer } else { answer.header("link", &links(page + 1, pages.len())) }
}

fn link(address: &str, key: &str, page: usize, relation: &str) -> String {
    format!(r#"<{address}&{key}={page}>; rel="{relation}""#)
}

/// The running stand-in.
pub(crate) struct Upstream {
    world: Arc<Mutex<World>>,
    server: Server,
}

impl Upstream {
    pub(crate) fn start(world: World) -> Self {
        let world = Arc::new(Mutex::new(world));
        let answers = Arc::clone(&world);
        let server = Server::start(move |request| answers.lock().unwrap().answer(request));
        Self { world, server }
    }

    /// What it answers from, to be changed or looked at.
    pub(crate) fn world(&self) -> MutexGuard<'_, World> {
        self.world.lock().unwrap()
    }

    pub(crate) fn api(&self) -> String {
        self.server.uri() + API
    }

    pub(crate) fn index(&self) -> String {
        self.server.uri() + INDEX
    }
}
