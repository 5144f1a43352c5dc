//! Who published the versions of a package: the provenance of their files
//! ([PEP 740](https://peps.python.org/pep-0740/#provenance-objects)), from the index's Integrity API.

use std::pin::pin;

use futures_util::{StreamExt, stream};
use serde::Deserialize;
use url::Url;

use super::{Attested, Pypi, is_name};
use crate::{
    collect::{Trouble, below},
    model::{Answer, Known, Package, Provenance, Sighting, normalized_package},
    version::{Version, is_version_text},
};

/// How many versions of one package are asked for at once.
const AT_ONCE: usize = 8;

impl Pypi<'_> {
    /// Finds out who published the versions of which that is not `known`, each by the file that has a provenance. That it
    /// cannot be read costs nothing: it is asked for again in the next run.
    ///
    /// A provenance that was looked for in vain, or came with a later file, is looked for again when all is read `whole`.
    /// Whoever keeps silent on one is not waited for on the others.
    pub(super) async fn provenance(
        &self,
        package: &Package,
        known: &Known,
        whole: bool,
        files: &Attested,
        answer: &mut Answer,
    ) {
        let is_unknown = |sighting: &Sighting| match known.provenance.get(&sighting.tag) {
            None => true,
            Some(Provenance::None) => whole,
            Some(Provenance::Github(_) | Provenance::Other(_)) => false,
        };
        let is_own = |tag: &str| is_version_text(tag) && package.is_own(&Version::from_pypi(tag));
        let due = answer.sightings.iter_mut().filter(|sighting| is_unknown(sighting) && is_own(&sighting.tag));
        let due = due.filter_map(|sighting| Some((files.get(&sighting.tag)?, sighting)));
        let asked = stream::iter(due)
            .map(async |(file, sighting)| (self.publisher(&package.name, &sighting.tag, file).await, sighting));
        let mut asked = pin!(asked.buffered(AT_ONCE));
        let (mut missed, mut goes_on) = (None, true);
        while goes_on && let Some((publisher, sighting)) = asked.next().await {
            match publisher {
                Ok(publisher) => sighting.provenance = Some(publisher),
                Err(trouble) => {
                    goes_on = !trouble.is_silence();
                    missed.get_or_insert(trouble);
                }
            }
        }
        answer.warnings.extend(missed.and_then(|trouble| self.details.unread("who published it was", &trouble)));
    }

    async fn publisher(&self, name: &str, version: &str, file: &str) -> Result<Provenance, Trouble> {
        let address = address(&self.details.root, &[&normalized_package(name), version, file, "provenance"]);
        match self.get(self.details, &address, "application/vnd.pypi.integrity.v1+json").await {
            Ok(reply) => read(&reply.body),
            Err(Trouble::NotFound) => Ok(Provenance::None),
            Err(trouble) => Err(trouble),
        }
    }
}

/// The address of a provenance: names of files are a stranger's, and no part of one leads elsewhere.
fn address(root: &Url, parts: &[&str]) -> Url {
    let mut address = below(root, "integrity");
    if let Ok(mut path) = address.path_segments_mut() {
        path.extend(parts);
    }
    address
}

#[derive(Deserialize)]
#[serde(expecting = "a provenance")]
struct Document {
    attestation_bundles: Vec<Bundle>,
}

#[derive(Deserialize)]
#[serde(expecting = "a bundle of attestations")]
struct Bundle {
    publisher: Publisher,
}

#[derive(Deserialize)]
#[serde(expecting = "a publisher")]
struct Publisher {
    kind: String,
    repository: Option<String>,
}

/// The first publisher that it names: the index knows one for each file.
fn read(body: &[u8]) -> Result<Provenance, Trouble> {
    let document: Document = serde_json::from_slice(body).map_err(|error| Trouble::garbage(&error))?;
    match document.attestation_bundles.into_iter().next() {
        None => Ok(Provenance::None),
        Some(bundle) => bundle.publisher.read(),
    }
}

impl Publisher {
    fn read(self) -> Result<Provenance, Trouble> {
        let Self { kind, repository } = self;
        let is_on_github = kind == "GitHub";
        let provenance = match repository {
            Some(repository) if is_on_github => repository.parse().ok().map(Provenance::Github),
            Some(repository) if is_name(&repository) => Some(Provenance::Other(format!("{kind} {repository}"))),
            None if !is_on_github => Some(Provenance::Other(kind.clone())),
            _ => None,
        };
        let nameless = || Trouble::Garbage("it names no publisher that there can be".to_owned());
        provenance.filter(|_| is_name(&kind)).ok_or_else(nameless)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_name_of_a_file_leads_nowhere_else() {
        let root = "https://example.org/index/".parse().unwrap();
        let of = |file| address(&root, &["a", "1.0+x", file, "provenance"]).to_string();
        assert_eq!(of("a-1.0.tar.gz"), "https://example.org/index/integrity/a/1.0+x/a-1.0.tar.gz/provenance");
        for file in ["../../x", "..", "x?y#z", "%2e%2e/x", "\\..\\x"] {
            let address = of(file);
            assert!(address.starts_with("https://example.org/index/integrity/a/1.0+x/"), "{address}");
            assert!(address.ends_with("provenance") && address.matches('/').count() <= 8, "{address}");
        }
    }

    #[test]
    fn a_publisher_is_a_repository_on_github_or_what_the_index_calls_it() {
        let of = |publisher: &str| {
            read(format!(r#"{{"version": 1, "attestation_bundles": [{{"publisher": {publisher}}}]}}"#).as_bytes())
        };
        let github = r#"{"kind": "GitHub", "repository": "example/alpha", "workflow": "x.yml"}"#;
        assert_eq!(of(github), Ok(Provenance::Github("example/alpha".parse().unwrap())));
        let gitlab = r#"{"kind": "GitLab", "repository": "group/sub/project", "environment": null}"#;
        assert_eq!(of(gitlab), Ok(Provenance::Other("GitLab group/sub/project".to_owned())));
        assert_eq!(of(r#"{"kind": "Google", "email": "x@example.org"}"#), Ok(Provenance::Other("Google".to_owned())));
        assert_eq!(read(br#"{"attestation_bundles": []}"#), Ok(Provenance::None));
        for bad in [
            "null",
            r#"{"repository": "example/alpha"}"#,
            r#"{"kind": "GitHub"}"#,
            r#"{"kind": "GitHub", "repository": "<script>/x"}"#,
            r#"{"kind": "GitLab", "repository": "a b"}"#,
            r#"{"kind": "\u001b[31m", "repository": "a/b"}"#,
            r#"{"kind": "", "repository": "a/b"}"#,
        ] {
            assert!(matches!(of(bad), Err(Trouble::Garbage(_))), "{bad}");
        }
    }
}
