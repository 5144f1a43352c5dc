//! What the index says of a package beside its versions: who owns it, and which vulnerabilities its newest version has.
//!
//! That is its own JSON API, and no standard: `ownership.organization` and `vulnerabilities` of `/pypi/NAME/json`.

use serde::Deserialize;
use serde_json::value::RawValue;

use super::{Pypi, is_name};
use crate::{
    collect::{Trouble, below, kept, to_seconds, web_address},
    model::{Advisory, Affected, Answer, Cve, Ghsa, Moment, Ownership, Package, normalized_package},
    version::Version,
};

impl Pypi<'_> {
    /// What the document of `package` says, in an answer without versions.
    ///
    /// # Errors
    /// When there is no usable document, though that costs no version.
    pub(super) async fn document(&self, package: &Package) -> Result<Answer, Trouble> {
        let address = below(&self.details.root, &format!("pypi/{}/json", normalized_package(&package.name)));
        let mut answer = Answer::default();
        match self.get(self.details, &address, "application/json").await {
            Ok(reply) => answer.take_document(&reply.body, package)?,
            // Not every index has such documents.
            Err(Trouble::NotFound) => {}
            Err(trouble) => return Err(trouble),
        }
        Ok(answer)
    }

    /// Says that there is no document.
    pub(super) fn no_document(&self, trouble: &Trouble) -> Answer {
        let warning = self.details.unread("its owner and vulnerabilities were", trouble);
        Answer { warnings: warning.into_iter().collect(), ..Answer::default() }
    }
}

impl Answer {
    fn take_document(&mut self, body: &[u8], package: &Package) -> Result<(), Trouble> {
        let document: Document<'_> = serde_json::from_slice(body).map_err(|error| Trouble::garbage(&error))?;
        self.ownership = document.ownership.and_then(WireOwnership::read);
        let Some(items) = document.vulnerabilities else { return Ok(()) };
        let mut read: Vec<(String, Advisory)> = Vec::new();
        for item in items {
            let wire = serde_json::from_str(item.get()).map_err(|error| error.to_string());
            match wire.and_then(|wire: Vulnerability| wire.read(package)) {
                Ok(vulnerability) => read.extend(vulnerability),
                Err(reason) => self.warnings.push(format!("a vulnerability cannot be read: {reason}")),
            }
        }
        // Several databases may have the same one: the first of them by its own id counts, however the index lists them.
        read.sort_by(|(id, a), (other, b)| (&a.ghsa, id).cmp(&(&b.ghsa, other)));
        read.dedup_by(|(_, a), (_, b)| a.ghsa == b.ghsa);
        self.advisories = Some(read.into_iter().map(|(_, advisory)| advisory).collect());
        Ok(())
    }
}

#[derive(Deserialize)]
#[serde(expecting = "the document of a package")]
struct Document<'a> {
    #[serde(borrow)]
    vulnerabilities: Option<Vec<&'a RawValue>>,
    ownership: Option<WireOwnership>,
}

#[derive(Deserialize)]
#[serde(expecting = "an owner")]
struct WireOwnership {
    organization: Option<String>,
}

impl WireOwnership {
    fn read(self) -> Option<Ownership> {
        let organisation = self.organization;
        organisation.as_deref().is_none_or(is_name).then_some(Ownership { organisation })
    }
}

#[derive(Deserialize)]
#[serde(expecting = "a vulnerability")]
struct Vulnerability {
    id: String,
    #[serde(default)]
    aliases: Vec<String>,
    summary: Option<String>,
    details: Option<String>,
    #[serde(default)]
    fixed_in: Vec<String>,
    link: Option<String>,
    withdrawn: Option<Moment>,
}

impl Vulnerability {
    /// Its own id and the advisory, where it has an id of GitHub's, by which everything here knows one, and where it is of
    /// a version that can be the project's own.
    fn read(self, package: &Package) -> Result<Option<(String, Advisory)>, String> {
        let names = || [&self.id].into_iter().chain(&self.aliases).cloned();
        let Some(ghsa) = names().filter_map(|name| Ghsa::try_from(name).ok()).min() else { return Ok(None) };
        let is_own = |version: &&String| package.is_own(&Version::from_pypi(version));
        let fixed: Vec<_> = self.fixed_in.iter().filter(is_own).map(String::as_str).collect();
        if fixed.is_empty() && !self.fixed_in.is_empty() {
            return Ok(None);
        }
        let link = self.link.unwrap_or_default();
        let url = web_address(&link).ok_or_else(|| format!("{ghsa} has no usable address: {link}"))?;
        let patched = kept(&fixed.join(", "));
        let affected = (!fixed.is_empty()).then(|| Affected { vulnerable: String::new(), patched });
        let summary = self.summary.filter(|summary| !summary.trim().is_empty()).or(self.details);
        let advisory = Advisory {
            cve: names().filter_map(|name| Cve::try_from(name).ok()).min(),
            severity: None,
            summary: kept(&summary.unwrap_or_default()),
            url: url.into(),
            published: None,
            withdrawn: self.withdrawn.map(to_seconds),
            affected: affected.into_iter().collect(),
            ghsa,
        };
        Ok(Some((self.id, advisory)))
    }
}
