//! GitHub's REST API: the releases or tags of a repository into sightings, and its security advisories.
//!
//! Follows [releases](https://docs.github.com/en/rest/releases/releases),
//! [tags](https://docs.github.com/en/rest/repos/repos#list-repository-tags),
//! [commits](https://docs.github.com/en/rest/commits/commits) and
//! [pagination](https://docs.github.com/en/rest/using-the-rest-api/using-pagination-in-the-rest-api).

use std::{pin::pin, sync::LazyLock};

use ::http::{HeaderMap, StatusCode, header::LINK};
use futures_util::{StreamExt, stream};
use octocrab::Octocrab;
use regex::Regex;
use serde::Deserialize;
use serde_json::value::RawValue;
use url::Url;

mod advisories;
mod organisation;

pub use self::organisation::{Life, Listed, Organisation, Origin, Tagging};
use super::{
    Trouble,
    http::{self, Host, Limits, Reply},
    to_seconds, web_address,
};
use crate::model::{
    Answer, Extent, Identity, Known, Listing, Moment, Project, Repository, RepositoryName, Sighting, Skipped, State,
};

/// The API that is asked when no other is named.
pub const ROOT: &str = "https://api.github.com/";

/// How many items a page is asked for: the most that GitHub gives.
const PAGE: usize = 100;
/// How many pages of a list are read.
const PAGES: usize = 100;
/// How many commits of one repository are asked for at once.
const COMMITS_AT_ONCE: usize = 16;

/// How much GitHub may be asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Access {
    /// With a token: lists to their end, commits, advisories, and the numbers of repositories.
    Token,
    /// Without: one page a list.
    Anonymous,
}

/// GitHub as a run asks it.
pub(super) struct Github<'a> {
    pub(super) octocrab: &'a Octocrab,
    pub(super) limits: &'a Limits,
    pub(super) host: &'a Host,
    pub(super) access: Access,
}

impl Github<'_> {
    /// Asks for the releases of `repository`, or for its tags where it never releases, and at once for its advisories and,
    /// where that is not known, its number.
    ///
    /// `project` reads the tags. The list is read on while a page holds anything that is not `known`, and to its end when
    /// `whole`.
    ///
    /// # Errors
    /// When there is no usable answer.
    pub(super) async fn ask(
        &self,
        project: &Project,
        repository: &Repository,
        known: &Known,
        whole: bool,
    ) -> Result<Answer, Trouble> {
        let base = &self.base(repository, known);
        let list = async {
            match repository.listing {
                Listing::Releases => self.releases(base, known, whole).await,
                Listing::Tags if self.access == Access::Anonymous => Err(Trouble::NeedsToken),
                Listing::Tags => self.tags(base, project, known).await,
            }
        };
        let (identity, listed, advisories) =
            tokio::join!(self.identify(repository, known), list, self.advisories(base));
        let identity = identity?;
        let mut answer = match (listed, known.id) {
            (Err(Trouble::NotFound), Some(id)) => return Err(self.gone(repository, id).await),
            (listed, _) => listed?,
        };
        answer.advisories = advisories.list;
        answer.warnings.extend(advisories.warnings);
        let moved = answer.repository.take().map(|seen| seen.name);
        answer.repository = match (identity, moved) {
            (Some(identity), moved) => Some(Identity { name: moved.unwrap_or(identity.name), ..identity }),
            (None, moved) => moved.map(|name| Identity { id: known.id, name }),
        };
        Ok(answer)
    }

    /// The address of the repository: by number as soon as that is known, so that a name taken over cannot fool us.
    fn base(&self, repository: &Repository, known: &Known) -> Url {
        let path = known.id.map_or_else(|| format!("repos/{}/", repository.name), |id| format!("repositories/{id}/"));
        super::below(&self.host.root, &path)
    }

    /// What the repository is called and which number it has, where the number is not known. Without a token that is not
    /// worth a request.
    async fn identify(&self, repository: &Repository, known: &Known) -> Result<Option<Identity>, Trouble> {
        if known.id.is_some() || self.access == Access::Anonymous {
            return Ok(None);
        }
        let WireRepository { id, full_name } = self.behind_name(repository).await?;
        Ok(Some(Identity { id: Some(id), name: full_name }))
    }

    async fn behind_name(&self, repository: &Repository) -> Result<WireRepository, Trouble> {
        parse(&self.get(&super::below(&self.host.root, &format!("repos/{}", repository.name))).await?)
    }

    /// Why the repository with this number is not found: its name may be another's by now.
    async fn gone(&self, repository: &Repository, number: u64) -> Trouble {
        match self.behind_name(repository).await {
            Ok(other) if other.id != number => Trouble::TakenOver(other.id),
            _ => Trouble::NotFound,
        }
    }

    /// The releases: in the order of their commits, so that a page on which nothing is new or missing ends the reading.
    async fn releases(&self, base: &Url, known: &Known, whole: bool) -> Result<Answer, Trouble> {
        let mut answer = Answer::default();
        let whole = whole || known.is_nothing();
        answer.extent = self
            .pages(&super::below(base, "releases"), |items| {
                let before = answer.sightings.len();
                for item in items {
                    answer.take_release(item.get());
                }
                let is_new = |sighting: &Sighting| !known.has(&sighting.tag);
                let more =
                    whole || answer.sightings[before..].iter().any(is_new) || known.misses_above(&answer.sightings);
                more && self.access == Access::Token
            })
            .await?;
        Ok(answer)
    }

    /// All tags, since their order is by name; each new one that names a version with the date of its commit.
    async fn tags(&self, base: &Url, project: &Project, known: &Known) -> Result<Answer, Trouble> {
        let (mut answer, mut tags) = (Answer::default(), Vec::<WireTag>::new());
        answer.extent = self
            .pages(&super::below(base, "tags"), |items| {
                for item in items {
                    match serde_json::from_str(item.get()) {
                        Ok(tag) => tags.push(tag),
                        Err(error) => answer.skip(None, format!("a tag cannot be read: {error}")),
                    }
                }
                true
            })
            .await?;
        let dated = stream::iter(tags).map(async |tag| (tag.name.clone(), self.tag(base, project, known, tag).await));
        let mut dated = pin!(dated.buffered(COMMITS_AT_ONCE));
        while let Some((tag, sighting)) = dated.next().await {
            match sighting {
                Ok(sighting) => answer.sightings.push(sighting),
                Err(trouble) if trouble.is_of_host() => return Err(trouble),
                Err(trouble) => {
                    let reason = format!("the tag {tag} waits, for its commit was not read: {trouble}");
                    answer.skip(Some(tag), reason);
                }
            }
        }
        Ok(answer)
    }

    async fn tag(&self, base: &Url, project: &Project, known: &Known, tag: WireTag) -> Result<Sighting, Trouble> {
        let (state, notes) = (State::Present, String::new());
        let (released, url, committed, commit) = (None, None, None, Some(tag.commit.sha));
        let mut sighting = Sighting {
            tag: tag.name,
            released,
            url,
            prerelease: false,
            state,
            notes,
            committed,
            commit,
            provenance: None,
        };
        let dated = known.has(&sighting.tag) || project.version_text(&sighting.tag).is_none();
        if let (false, Some(sha)) = (dated, &sighting.commit) {
            let commit: WireCommit = parse(&self.get(&super::below(base, &format!("commits/{sha}"))).await?)?;
            let date = to_seconds(commit.commit.committer.date);
            // A tag can be put on an old commit: it was not there when the source answered last.
            sighting.released = Some(known.last_answer.map_or(date, |seen| seen.max(date)));
            sighting.url = commit.html_url.and_then(|url| page_of_tag(&url, &sighting.tag));
        }
        Ok(sighting)
    }

    /// Reads a list page by page, as long as `take`, which gets a page's items, asks for more.
    async fn pages(&self, list: &Url, mut take: impl FnMut(Vec<&RawValue>) -> bool) -> Result<Extent, Trouble> {
        let mut next = list.clone();
        next.query_pairs_mut().append_pair("per_page", &PAGE.to_string());
        for page in 1..=PAGES {
            let reply = match self.get(&next).await {
                // GitHub ends long lists so.
                Err(Trouble::Status(StatusCode::UNPROCESSABLE_ENTITY)) if page > 1 => return Ok(Extent::Part),
                reply => reply?,
            };
            let read_on = take(parse(&reply)?);
            match self.next_page(&reply.headers)? {
                None => return Ok(Extent::Whole),
                Some(_) if !read_on => return Ok(Extent::Part),
                Some(address) if address == next => return Err(Trouble::Endless),
                Some(address) => next = address,
            }
        }
        Ok(Extent::Part)
    }

    /// Where a list goes on ([RFC 8288](https://www.rfc-editor.org/rfc/rfc8288)).
    fn next_page(&self, headers: &HeaderMap) -> Result<Option<Url>, Trouble> {
        #[expect(clippy::expect_used, reason = "a constant pattern that every test of a list reaches")]
        static NEXT: LazyLock<Regex> =
            LazyLock::new(|| Regex::new(r#"<([^<>]+)>\s*;[^,<>]*\brel="?next\b"#).expect("a constant pattern"));
        let link = headers.get(LINK).and_then(|value| value.to_str().ok()).unwrap_or_default();
        let Some(found) = NEXT.captures(link) else { return Ok(None) };
        let address = self.host.root.join(&found[1]).map_err(|error| Trouble::garbage(&error))?;
        // The token goes nowhere else, whatever a list says.
        if address.origin() == self.host.root.origin() {
            Ok(Some(address))
        } else {
            Err(Trouble::Redirected(format!("the list goes on at another host, {}", http::origin(&address))))
        }
    }

    async fn get(&self, address: &Url) -> Result<Reply, Trouble> {
        http::fetch(self.limits, self.host, address, || self.octocrab._get(address.as_str())).await
    }
}

impl Answer {
    fn take_release(&mut self, item: &str) {
        match serde_json::from_str(item) {
            Ok(WireRelease { draft: Some(true), .. }) => {}
            Ok(wire) => match wire.into_sighting(&mut self.repository) {
                Ok(sighting) => self.sightings.push(sighting),
                Err((tag, reason)) => self.skip(Some(tag), reason),
            },
            Err(error) => self.skip(None, format!("a release cannot be read: {error}")),
        }
    }

    fn skip(&mut self, tag: Option<String>, reason: String) {
        self.skipped.push(Skipped { tag, reason });
    }
}

#[derive(Deserialize)]
#[serde(expecting = "a repository")]
struct WireRepository {
    id: u64,
    full_name: RepositoryName,
}

#[derive(Deserialize)]
#[serde(expecting = "a release")]
struct WireRelease {
    tag_name: String,
    html_url: String,
    draft: Option<bool>,
    prerelease: Option<bool>,
    /// The date of the commit, in spite of its name.
    created_at: Option<Moment>,
    published_at: Option<Moment>,
    body: Option<String>,
}

impl WireRelease {
    /// The sighting, and by the way the repository's name as the release's address has it.
    /// Else its tag and what is wrong with it.
    fn into_sighting(self, repository: &mut Option<Identity>) -> Result<Sighting, (String, String)> {
        let tag = self.tag_name;
        let Some(url) = web_address(&self.html_url) else {
            let reason = format!("the release {tag} has no usable address: {}", self.html_url);
            return Err((tag, reason));
        };
        let Some(released) = self.published_at else {
            let reason = format!("the release {tag} has no date");
            return Err((tag, reason));
        };
        let mut path = url.path_segments().into_iter().flatten();
        if let (Some(owner), Some(name)) = (path.next(), path.next())
            && let Ok(name) = format!("{owner}/{name}").parse()
        {
            repository.get_or_insert(Identity { id: None, name });
        }
        Ok(Sighting {
            tag,
            released: Some(to_seconds(released)),
            url: Some(url.into()),
            prerelease: self.prerelease.unwrap_or(false),
            state: State::Present,
            notes: self.body.unwrap_or_default(),
            committed: self.created_at.map(to_seconds),
            commit: None,
            provenance: None,
        })
    }
}

#[derive(Deserialize)]
#[serde(expecting = "a tag")]
struct WireTag {
    name: String,
    commit: WireSha,
}

#[derive(Deserialize)]
#[serde(expecting = "a commit")]
struct WireSha {
    sha: String,
}

#[derive(Deserialize)]
#[serde(expecting = "a commit")]
struct WireCommit {
    html_url: Option<String>,
    commit: WireCommitDetail,
}

#[derive(Deserialize)]
#[serde(expecting = "a commit")]
struct WireCommitDetail {
    committer: WireSignature,
}

#[derive(Deserialize)]
#[serde(expecting = "a signature")]
struct WireSignature {
    date: Moment,
}

/// The page of a tag, beside that of its commit: the API names none.
fn page_of_tag(commit: &str, tag: &str) -> Option<String> {
    let (repository, _) = commit.split_once("/commit/")?;
    let mut page = Url::parse(repository).ok()?;
    page.path_segments_mut().ok()?.extend(["releases", "tag", tag]);
    Some(page.into())
}

fn parse<'a, T: Deserialize<'a>>(reply: &'a Reply) -> Result<T, Trouble> {
    serde_json::from_slice(&reply.body).map_err(|error| Trouble::garbage(&error))
}
