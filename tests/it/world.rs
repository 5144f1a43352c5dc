//! What there is to be found upstream, in a test's own words: a small world that a test may change between two runs.

use std::{collections::BTreeMap, time::Duration};

use serde::Deserialize;
use serde_json::{Value, json};

use crate::wire::Answer;

/// What there is to be found upstream.
#[derive(Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct World {
    pub(crate) repositories: Vec<Repository>,
    pub(crate) packages: Vec<Package>,
    /// Owners of repositories that are no organisations.
    #[serde(skip)]
    pub(crate) users: Vec<String>,
    /// Old names of repositories, which lead to their number.
    #[serde(skip)]
    pub(crate) moved: BTreeMap<String, u64>,
    /// What is answered at a path instead: below the API's root for `/repos/…`, below the index's for `/simple/…`.
    #[serde(skip)]
    pub(crate) faults: BTreeMap<String, Fault>,
    /// What GitHub answers to everything, …
    #[serde(skip)]
    pub(crate) github_fault: Option<Fault>,
    /// … and the index.
    #[serde(skip)]
    pub(crate) index_fault: Option<Fault>,
    /// So many more requests GitHub answers before the hour's quota is used up.
    #[serde(skip)]
    pub(crate) quota: Option<usize>,
    /// Every answer comes after this pause, …
    #[serde(skip)]
    pub(crate) pause: Duration,
    /// … and one that looks random; the first of those comes of this number.
    #[serde(skip)]
    pub(crate) jitter: Option<u64>,
    /// What was asked for.
    #[serde(skip)]
    pub(crate) requests: Vec<Asked>,
}

/// A repository on GitHub; its lists are in the order in which they are answered.
#[derive(Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct Repository {
    pub(crate) id: u64,
    pub(crate) name: String,
    pub(crate) releases: Vec<Release>,
    pub(crate) tags: Vec<Tag>,
    pub(crate) advisories: Vec<Advisory>,
    pub(crate) archived: bool,
    pub(crate) fork: bool,
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct Release {
    pub(crate) tag: String,
    pub(crate) published_at: Option<String>,
    /// The date of the commit: that of publication, where it is not given.
    pub(crate) created_at: Option<String>,
    pub(crate) prerelease: bool,
    pub(crate) draft: bool,
    pub(crate) body: Option<String>,
    /// Made of the repository's name and the tag, where it is not given.
    pub(crate) html_url: Option<String>,
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct Tag {
    pub(crate) name: String,
    pub(crate) commit: String,
    pub(crate) date: String,
}

/// A security advisory of a repository, published unless it says otherwise.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct Advisory {
    pub(crate) ghsa: String,
    pub(crate) cve: Option<String>,
    pub(crate) severity: Option<String>,
    pub(crate) summary: String,
    pub(crate) state: Option<String>,
    pub(crate) published_at: Option<String>,
    pub(crate) withdrawn_at: Option<String>,
    /// Made of the repository's name and the id, where it is not given.
    pub(crate) html_url: Option<String>,
    /// The vulnerable range and the patched versions.
    pub(crate) affected: Vec<[String; 2]>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct Package {
    pub(crate) name: String,
    pub(crate) files: Vec<File>,
    /// What the index says of the whole package: active, where it is not given.
    pub(crate) status: Option<String>,
    pub(crate) organisation: Option<String>,
    /// Those of its newest version, as the index has them.
    pub(crate) vulnerabilities: Vec<Value>,
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct File {
    pub(crate) version: String,
    pub(crate) filename: String,
    pub(crate) upload_time: String,
    /// `false`, `true` or the reason; `false` where it is not given.
    pub(crate) yanked: Value,
    /// The publisher of its provenance, as the index has it; without one it has no provenance.
    pub(crate) publisher: Value,
}

/// A request as it came.
#[derive(Debug, Clone)]
pub(crate) struct Asked {
    /// The path below the API's or the index's root, without the query.
    pub(crate) path: String,
    pub(crate) github: bool,
    pub(crate) authorized: bool,
    /// Which page of a list.
    pub(crate) page: usize,
}

/// Answers that take the place of the right ones, one after the other; the last one for ever, or as often as it is said.
#[derive(Debug, Clone, Default)]
pub(crate) struct Fault {
    answers: Vec<Answer>,
    asked: usize,
    heals: bool,
}

/// What a server answers that has a reason not to.
pub(crate) fn trouble(status: u16) -> Answer {
    Answer::new(status, json!({"message": "Trouble", "status": status.to_string()}).to_string())
}

impl Fault {
    pub(crate) fn status(status: u16) -> Self {
        trouble(status).into()
    }

    pub(crate) fn body(body: &str) -> Self {
        Answer::new(200, body).into()
    }

    pub(crate) fn header(self, name: &'static str, value: &str) -> Self {
        Self { answers: self.answers.into_iter().map(|answer| answer.header(name, value)).collect(), ..self }
    }

    /// And the next time so.
    pub(crate) fn then(mut self, answer: Answer) -> Self {
        self.answers.push(answer);
        self
    }

    /// And after that all is well.
    pub(crate) fn once(self) -> Self {
        Self { heals: true, ..self }
    }

    pub(crate) fn next(&mut self, page: usize) -> Option<Answer> {
        let again = if self.heals { None } else { self.answers.last() };
        self.asked += 1;
        self.answers.get(self.asked - 1).or(again).map(|answer| answer.clone().on_page(page))
    }
}

impl From<Answer> for Fault {
    fn from(answer: Answer) -> Self {
        Self { answers: vec![answer], ..Self::default() }
    }
}

impl Repository {
    pub(crate) fn new(id: u64, name: &str) -> Self {
        Self { id, name: name.to_owned(), ..Self::default() }
    }

    /// As the API has it, with some of the many keys that nobody here reads.
    pub(crate) fn wire(&self) -> Value {
        json!({
            "id": self.id, "node_id": "R_x", "full_name": self.name, "private": false, "description": null,
            "archived": self.archived, "fork": self.fork, "default_branch": "main",
        })
    }
}

impl Release {
    pub(crate) fn new(tag: &str, published_at: &str) -> Self {
        Self { tag: tag.to_owned(), published_at: Some(published_at.to_owned()), ..Self::default() }
    }

    pub(crate) fn notes(mut self, body: &str) -> Self {
        self.body = Some(body.to_owned());
        self
    }

    /// As the API has it, with some of the many keys that nobody here reads.
    pub(crate) fn wire(&self, repository: &str) -> Value {
        let page = || format!("https://example.org/{repository}/releases/tag/{}", self.tag);
        json!({
            "id": 1, "node_id": "RE_x", "name": null, "author": {"login": "someone", "id": 7}, "assets": [],
            "tag_name": self.tag, "target_commitish": "main", "created_at": self.created_at.as_ref().or(self.published_at.as_ref()),
            "html_url": self.html_url.clone().unwrap_or_else(page), "draft": self.draft,
            "prerelease": self.prerelease, "published_at": self.published_at, "body": self.body,
        })
    }
}

impl Advisory {
    /// With a severity and the versions that fix it.
    pub(crate) fn new(ghsa: &str, severity: &str, patched: &str, published_at: &str) -> Self {
        Self {
            ghsa: ghsa.to_owned(),
            severity: Some(severity.to_owned()),
            summary: format!("About {ghsa}"),
            published_at: Some(published_at.to_owned()),
            affected: vec![["< 9".to_owned(), patched.to_owned()]],
            ..Self::default()
        }
    }

    pub(crate) fn cve(mut self, number: &str) -> Self {
        self.cve = Some(number.to_owned());
        self
    }

    /// As the API has it, with some of the many keys that nobody here reads.
    pub(crate) fn wire(&self, repository: &str) -> Value {
        let page = || format!("https://example.org/{repository}/security/advisories/{}", self.ghsa);
        let range = |[vulnerable, patched]: &[String; 2]| {
            json!({
                "package": {"ecosystem": "other", "name": repository}, "vulnerable_functions": [],
                "vulnerable_version_range": vulnerable, "patched_versions": patched,
            })
        };
        json!({
            "ghsa_id": self.ghsa, "cve_id": self.cve, "summary": self.summary, "description": null, "author": null,
            "html_url": self.html_url.clone().unwrap_or_else(page), "severity": self.severity,
            "state": self.state.as_deref().unwrap_or("published"), "published_at": self.published_at,
            "withdrawn_at": self.withdrawn_at, "credits": [], "cwe_ids": null,
            "vulnerabilities": self.affected.iter().map(range).collect::<Vec<_>>(),
        })
    }
}

impl File {
    pub(crate) fn new(version: &str, filename: &str, upload_time: &str) -> Self {
        let [version, filename, upload_time] = [version, filename, upload_time].map(str::to_owned);
        Self { version, filename, upload_time, ..Self::default() }
    }

    /// With a provenance that names this repository on GitHub.
    pub(crate) fn published_from(mut self, repository: &str) -> Self {
        self.publisher =
            json!({"kind": "GitHub", "repository": repository, "workflow": "wheels.yml", "environment": null});
        self
    }

    pub(crate) fn wire(&self) -> Value {
        let yanked = if self.yanked.is_null() { json!(false) } else { self.yanked.clone() };
        let url = format!("https://files.example.org/{}", self.filename);
        let provenance = (!self.publisher.is_null()).then(|| format!("{url}/provenance"));
        json!({
            "filename": self.filename, "upload-time": self.upload_time, "yanked": yanked, "size": 1, "hashes": {},
            "url": url, "provenance": provenance,
        })
    }
}

impl World {
    /// The toy world of `tests/data/world.json`.
    pub(crate) fn toy() -> Self {
        serde_json::from_str(include_str!("../data/world.json")).unwrap()
    }

    pub(crate) fn repository(&mut self, name: &str) -> &mut Repository {
        self.repositories.iter_mut().find(|repository| repository.name == name).unwrap()
    }

    pub(crate) fn package(&mut self, name: &str) -> &mut Package {
        self.packages.iter_mut().find(|package| package.name == name).unwrap()
    }

    pub(crate) fn fault(&mut self, path: &str, fault: Fault) {
        self.faults.insert(path.to_owned(), fault);
    }

    /// How many requests GitHub and the index got.
    pub(crate) fn asked(&self) -> (usize, usize) {
        let github = self.requests.iter().filter(|asked| asked.github).count();
        (github, self.requests.len() - github)
    }
}
