//! Whose a package is: who published a version of it, and what that says of it as a project's own.

use std::fmt;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Channel, RepositoryName};

/// Who published a version of a package, by the provenance of its files ([PEP 740](https://peps.python.org/pep-0740/)).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Provenance {
    /// Nobody says: none of its files has a provenance.
    None,
    /// A workflow of a repository on GitHub.
    Github(RepositoryName),
    /// Another publisher, by its kind and its own name where it has one, such as `GitLab group/project`.
    Other(String),
}

impl Provenance {
    /// The publisher's name.
    #[must_use]
    pub fn publisher(&self) -> Option<String> {
        match self {
            Self::None => None,
            Self::Github(repository) => Some(repository.to_string()),
            Self::Other(publisher) => Some(publisher.clone()),
        }
    }

    /// What it says to a project whose repository has or had these names. Without any there is nothing to compare a
    /// publisher with.
    #[must_use]
    pub fn verify(&self, names: &[String]) -> Option<Verification> {
        let is_one_of_them =
            |publisher: &RepositoryName| names.iter().any(|name| Channel::Github.is_same(name, &publisher.to_string()));
        match self {
            Self::None => Some(Verification::Unverified),
            Self::Github(_) | Self::Other(_) if names.is_empty() => None,
            Self::Github(publisher) if is_one_of_them(publisher) => Some(Verification::Verified),
            Self::Github(_) | Self::Other(_) => Some(Verification::Foreign),
        }
    }
}

/// Whether a version of a package is known to come from its project.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Verification {
    /// The project's own repository published it.
    Verified,
    /// Nobody says who published it.
    Unverified,
    /// Somebody else published it.
    Foreign,
}

impl fmt::Display for Verification {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Verified => "verified",
            Self::Unverified => "unverified",
            Self::Foreign => "foreign",
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_version_is_its_projects_own_under_any_name_of_the_repository() {
        let names = ["elsewhere/alpha".to_owned(), "example/alpha".to_owned()];
        let verify = |provenance: Provenance| provenance.verify(&names).map(|verdict| verdict.to_string());
        let github = |name: &str| verify(Provenance::Github(name.parse().unwrap()));
        assert_eq!(github("Example/Alpha").as_deref(), Some("verified"));
        assert_eq!(github("elsewhere/alpha").as_deref(), Some("verified"));
        assert_eq!(github("example/alpha2").as_deref(), Some("foreign"));
        assert_eq!(verify(Provenance::Other("GitLab example/alpha".to_owned())).as_deref(), Some("foreign"));
        assert_eq!(verify(Provenance::None).as_deref(), Some("unverified"));
    }

    #[test]
    fn without_a_repository_to_compare_it_with_a_publisher_says_nothing() {
        assert_eq!(Provenance::Github("example/alpha".parse().unwrap()).verify(&[]), None);
        assert_eq!(Provenance::None.verify(&[]), Some(Verification::Unverified));
    }

    #[test]
    fn what_is_remembered_of_a_publisher_is_read_as_it_was_written() {
        for (provenance, text) in [
            (Provenance::None, r#""none""#),
            (Provenance::Github("example/alpha".parse().unwrap()), r#"{"github":"example/alpha"}"#),
            (Provenance::Other("GitLab group/project".to_owned()), r#"{"other":"GitLab group/project"}"#),
        ] {
            assert_eq!(serde_json::to_string(&provenance).unwrap(), text);
            assert_eq!(serde_json::from_str::<Provenance>(text).unwrap(), provenance);
        }
        assert!(serde_json::from_str::<Provenance>(r#"{"github":"<script>"}"#).is_err());
    }
}
