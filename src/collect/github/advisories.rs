//! The security advisories that a repository publishes
//! ([list](https://docs.github.com/en/rest/security-advisories/repository-advisories#list-repository-security-advisories)).

use serde::Deserialize;
use url::Url;

use super::{Access, Github};
use crate::{
    collect::{Trouble, below, kept, to_seconds, web_address},
    model::{Advisory, Affected, Moment, NotAGhsa, Severity},
};

/// How many ranges of versions are kept of an advisory.
const RANGES: usize = 100;

/// What came of asking for the advisories of a repository.
#[derive(Default)]
pub(super) struct Advisories {
    /// All of them, when they could be read.
    pub(super) list: Option<Vec<Advisory>>,
    /// What a person should know of that.
    pub(super) warnings: Vec<String>,
}

impl Github<'_> {
    /// Reads all advisories of the repository at `base`. That they cannot be read costs no release.
    pub(super) async fn advisories(&self, base: &Url) -> Advisories {
        if self.access == Access::Anonymous {
            return Advisories::default();
        }
        let (mut advisories, mut bad) = (Vec::new(), Vec::new());
        let list = below(base, "security-advisories");
        let read = self.pages(&list, |items| {
            for item in items {
                match serde_json::from_str(item.get()).map_err(|error| error.to_string()).and_then(WireAdvisory::read) {
                    Ok(advisory) => advisories.extend(advisory),
                    Err(reason) => bad.push(format!("an advisory cannot be read: {reason}")),
                }
            }
            true
        });
        match read.await {
            Ok(_) => Advisories { list: Some(advisories), warnings: bad },
            // Not every server has such lists.
            Err(Trouble::NotFound) => Advisories::default(),
            Err(trouble) => {
                let warning = self.host.unread("its security advisories were", &trouble);
                Advisories { list: None, warnings: warning.into_iter().collect() }
            }
        }
    }
}

#[derive(Deserialize)]
#[serde(expecting = "an advisory")]
struct WireAdvisory {
    ghsa_id: String,
    cve_id: Option<String>,
    html_url: String,
    summary: Option<String>,
    severity: Option<String>,
    state: Option<String>,
    published_at: Option<Moment>,
    withdrawn_at: Option<Moment>,
    vulnerabilities: Option<Vec<WireVulnerability>>,
}

#[derive(Deserialize)]
#[serde(expecting = "a range of versions")]
struct WireVulnerability {
    vulnerable_version_range: Option<String>,
    patched_versions: Option<String>,
}

impl WireAdvisory {
    /// The advisory, where it is a public one: whoever may see drafts gets them too.
    fn read(self) -> Result<Option<Advisory>, String> {
        let is_public = match self.state.as_deref() {
            None | Some("published") => true,
            Some("withdrawn") => self.withdrawn_at.is_some(),
            Some(_) => false,
        };
        let Some(published) = self.published_at.filter(|_| is_public) else { return Ok(None) };
        let url = web_address(&self.html_url)
            .ok_or_else(|| format!("{} has no usable address: {}", self.ghsa_id, self.html_url))?;
        Ok(Some(Advisory {
            ghsa: self.ghsa_id.try_into().map_err(|error: NotAGhsa| error.to_string())?,
            cve: self.cve_id.and_then(|number| number.try_into().ok()),
            severity: self.severity.and_then(|word| Severity::ALL.into_iter().find(|s| s.to_string() == word)),
            summary: kept(&self.summary.unwrap_or_default()),
            url: url.into(),
            published: Some(to_seconds(published)),
            withdrawn: self.withdrawn_at.map(to_seconds),
            affected: self.vulnerabilities.into_iter().flatten().take(RANGES).map(WireVulnerability::read).collect(),
        }))
    }
}

impl WireVulnerability {
    fn read(self) -> Affected {
        let kept = |text: Option<String>| kept(&text.unwrap_or_default());
        Affected { vulnerable: kept(self.vulnerable_version_range), patched: kept(self.patched_versions) }
    }
}
