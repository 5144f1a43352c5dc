//! The repositories of an organisation, and what a repository is today
//! ([list](https://docs.github.com/en/rest/repos/repos#list-organization-repositories),
//! [one](https://docs.github.com/en/rest/repos/repos#get-a-repository),
//! [tags](https://docs.github.com/en/rest/repos/repos#list-repository-tags)).

use serde::Deserialize;
use serde_json::value::RawValue;

use super::{Github, parse};
use crate::{
    collect::{Trouble, below},
    model::{Extent, RepositoryName},
};

/// A repository as GitHub knows it today.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Listed {
    /// GitHub's number, which stays when the name does not.
    pub number: u64,
    /// Its name today.
    pub name: RepositoryName,
    /// Whether anything still happens in it.
    pub life: Life,
    /// Whether it is a copy.
    pub origin: Origin,
}

/// Whether anything can still happen in a repository.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Life {
    /// It takes changes.
    Active,
    /// Its owner has closed it: it can only be read.
    Archived,
}

/// Where a repository comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Origin {
    /// It began here.
    Own,
    /// It is a copy of another.
    Fork,
}

/// Whether a repository has anything that could be followed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Tagging {
    /// It has a tag.
    Tagged,
    /// It has none, and so no release either.
    Untagged,
    /// Nobody was asked.
    Unknown,
}

/// What an organisation said of its repositories.
#[derive(Debug, Default)]
pub struct Organisation {
    /// Its public repositories.
    pub repositories: Vec<Listed>,
    /// What of the list could not be read, in words.
    pub gaps: Vec<String>,
}

impl Github<'_> {
    /// The public repositories of an organisation, all pages of them, with or without a token.
    ///
    /// # Errors
    /// When there is no usable answer; [`Trouble::NotFound`] when the name is a user's.
    pub(in crate::collect) async fn organisation(&self, name: &str) -> Result<Organisation, Trouble> {
        let mut list = below(&self.host.root, &format!("orgs/{name}/repos"));
        list.query_pairs_mut().append_pair("type", "public");
        let mut organisation = Organisation::default();
        let extent = self.pages(&list, |items| {
            for item in items {
                organisation.take(item);
            }
            true
        });
        if extent.await? != Extent::Whole {
            organisation.gaps.push("the list of its repositories has no end".to_owned());
        }
        Ok(organisation)
    }

    /// The repository that a name leads to today, whatever it is called now.
    ///
    /// # Errors
    /// When there is no usable answer; [`Trouble::NotFound`] when there is no such repository, or not for everybody.
    pub(in crate::collect) async fn repository(&self, name: &RepositoryName) -> Result<Listed, Trouble> {
        let reply = self.get(&below(&self.host.root, &format!("repos/{name}"))).await?;
        parse::<WireRepository>(&reply)?.read().map_err(Trouble::Garbage)
    }

    /// Whether a repository has any tag.
    ///
    /// # Errors
    /// When there is no usable answer.
    pub(in crate::collect) async fn tagging(&self, name: &RepositoryName) -> Result<Tagging, Trouble> {
        let mut list = below(&self.host.root, &format!("repos/{name}/tags"));
        list.query_pairs_mut().append_pair("per_page", "1");
        let reply = self.get(&list).await?;
        let tags: Vec<&RawValue> = parse(&reply)?;
        Ok(if tags.is_empty() { Tagging::Untagged } else { Tagging::Tagged })
    }
}

impl Organisation {
    fn take(&mut self, item: &RawValue) {
        let wire: Result<WireRepository, _> = serde_json::from_str(item.get());
        match wire.map_err(|error| error.to_string()).and_then(WireRepository::read) {
            Ok(repository) => self.repositories.push(repository),
            Err(reason) => self.gaps.push(format!("a repository cannot be read: {reason}")),
        }
    }
}

#[derive(Deserialize)]
#[serde(expecting = "a repository")]
struct WireRepository {
    id: u64,
    full_name: String,
    archived: Option<bool>,
    fork: Option<bool>,
}

impl WireRepository {
    fn read(self) -> Result<Listed, String> {
        let name: RepositoryName = self.full_name.parse().map_err(|error| format!("{error}"))?;
        let life = if self.archived == Some(true) { Life::Archived } else { Life::Active };
        let origin = if self.fork == Some(true) { Origin::Fork } else { Origin::Own };
        Ok(Listed { number: self.id, name, life, origin })
    }
}
