//! The Python index: the Simple API's JSON document of a package into sightings.
//!
//! The document is specified in [PEP 691](https://peps.python.org/pep-0691/),
//! [PEP 700](https://peps.python.org/pep-0700/) (`versions`, `upload-time`),
//! [PEP 592](https://peps.python.org/pep-0592/) (`yanked`), [PEP 740](https://peps.python.org/pep-0740/) (`provenance`)
//! and [PEP 792](https://peps.python.org/pep-0792/) (`project-status`).

use std::collections::{HashMap, HashSet};

use ::http::header::ACCEPT;
use serde::{Deserialize, Deserializer, de::IgnoredAny};
use serde_json::value::RawValue;
use url::Url;

mod document;
mod provenance;

use super::{
    Trouble,
    http::{self, Host, Limits, Reply},
    to_seconds,
};
use crate::{
    model::{
        Answer, Extent, Known, Moment, Package, PackageStatus, Provenance, Sighting, Skipped, State, normalized_package,
    },
    version::{Version, is_hidden},
};

/// The endings of the files that the index takes, or once took.
const ENDINGS: [&str; 11] =
    [".tar.gz", ".tar.bz2", ".tgz", ".zip", ".whl", ".egg", ".exe", ".msi", ".rpm", ".deb", ".dmg"];
/// How much of a yank's reason is kept, in characters.
const REASON: usize = 300;
/// How many places in a file's name are tried.
const PLACES: usize = 32;

/// The index that is read and linked to when no other is named.
pub const ROOT: &str = "https://pypi.org/";

/// How long the name of a publisher or an organisation may be.
const LONGEST_NAME: usize = 200;

/// Whether the index has a package of this name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Presence {
    /// It has.
    Taken,
    /// It has not.
    Free,
}

/// The index as a run asks it.
pub(super) struct Pypi<'a> {
    pub(super) client: &'a reqwest::Client,
    pub(super) limits: &'a Limits,
    pub(super) host: &'a Host,
    /// The same, for what no version waits for.
    pub(super) details: &'a Host,
}

impl Pypi<'_> {
    /// Asks for all versions of `package`, and who published those of which that is not `known`; who owns it and what
    /// vulnerabilities it has when everything is read `whole`, and for the first time.
    ///
    /// # Errors
    /// When there is no usable answer: of the versions alone.
    pub(super) async fn ask(&self, package: &Package, known: &Known, whole: bool) -> Result<Answer, Trouble> {
        let details =
            async { if whole || known.is_nothing() { self.document(package).await } else { Ok(Answer::default()) } };
        let (listed, details) = tokio::join!(self.simple(&package.name), details);
        let (mut answer, files) = read(&listed?.body, &normalized_package(&package.name))?;
        // Whoever keeps silent on one is not waited for on the others.
        if !details.as_ref().is_err_and(Trouble::is_silence) {
            self.provenance(package, known, whole, &files, &mut answer).await;
        }
        let details = details.unwrap_or_else(|trouble| self.no_document(&trouble));
        answer.warnings.extend(details.warnings);
        Ok(Answer { ownership: details.ownership, advisories: details.advisories, ..answer })
    }

    /// Asks whether there is a package of this name, whosever it is.
    ///
    /// # Errors
    /// When there is no usable answer.
    pub(super) async fn presence(&self, name: &str) -> Result<Presence, Trouble> {
        match self.simple(name).await {
            Ok(_) => Ok(Presence::Taken),
            Err(Trouble::NotFound) => Ok(Presence::Free),
            Err(trouble) => Err(trouble),
        }
    }

    async fn simple(&self, name: &str) -> Result<Reply, Trouble> {
        self.get(self.host, &simple(&self.host.root, name), "application/vnd.pypi.simple.v1+json").await
    }

    async fn get(&self, host: &Host, address: &Url, form: &'static str) -> Result<Reply, Trouble> {
        let send = || async {
            let request = self.client.get(address.clone()).header(ACCEPT, form);
            request.send().await.map(::http::Response::from)
        };
        http::fetch(self.limits, host, address, send).await
    }
}

/// The address of the list of a package's files.
pub(super) fn simple(root: &Url, name: &str) -> Url {
    super::below(root, &format!("simple/{}/", normalized_package(name)))
}

/// Whether a text can be the name of a publisher or an organisation, with its groups: nothing else is made of it.
fn is_name(text: &str) -> bool {
    let is_part =
        |part: &str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_alphanumeric() || b"-_.".contains(&b));
    text.len() <= LONGEST_NAME && text.split('/').all(is_part)
}

#[derive(Deserialize)]
#[serde(expecting = "the list of a package")]
struct Document<'a> {
    #[serde(borrow)]
    versions: Vec<&'a RawValue>,
    #[serde(borrow)]
    files: Vec<&'a RawValue>,
    #[serde(rename = "project-status")]
    status: Option<WireStatus>,
}

#[derive(Deserialize)]
#[serde(expecting = "the status of a package")]
struct WireStatus {
    status: Option<String>,
}

impl WireStatus {
    fn read(self) -> PackageStatus {
        match self.status.as_deref() {
            Some("archived") => PackageStatus::Archived,
            Some("quarantined") => PackageStatus::Quarantined,
            // Active, deprecated, and what the index may say one day: its releases go on.
            _ => PackageStatus::Active,
        }
    }
}

#[derive(Deserialize)]
#[serde(expecting = "a file")]
#[serde(rename_all = "kebab-case")]
struct File {
    filename: String,
    upload_time: Moment,
    #[serde(default)]
    yanked: Option<YankedFile>,
    #[serde(default)]
    provenance: Attestation,
}

/// Whether a file has a provenance: the key holds its address, or null.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
enum Attestation {
    /// The index does not say.
    #[default]
    Untold,
    /// It has none.
    Missing,
    /// It has one.
    There,
}

impl<'de> Deserialize<'de> for Attestation {
    fn deserialize<D: Deserializer<'de>>(value: D) -> Result<Self, D::Error> {
        Ok(Option::<IgnoredAny>::deserialize(value)?.map_or(Self::Missing, |_| Self::There))
    }
}

#[derive(Deserialize)]
#[serde(untagged)]
enum YankedFile {
    Flag(bool),
    Reason(String),
}

/// What is known of one version while its files are read.
#[derive(Default)]
struct Uploads {
    first: Option<Moment>,
    available: bool,
    reason: String,
    /// Whether the index says nothing of the provenance of any of its files.
    untold: bool,
    /// The first by name of its files that have one.
    attested: Option<String>,
}

/// A file of each version that has one with a provenance.
type Attested = HashMap<String, String>;

impl Uploads {
    fn add(&mut self, file: File) {
        let time = to_seconds(file.upload_time);
        self.first = Some(self.first.map_or(time, |first| first.min(time)));
        match file.yanked {
            None | Some(YankedFile::Flag(false)) => self.available = true,
            Some(YankedFile::Reason(reason)) if self.reason.is_empty() => self.reason = one_line(&reason),
            Some(YankedFile::Flag(true) | YankedFile::Reason(_)) => {}
        }
        self.untold |= file.provenance == Attestation::Untold;
        if file.provenance == Attestation::There && self.attested.as_ref().is_none_or(|first| file.filename < *first) {
            self.attested = Some(file.filename);
        }
    }

    /// The sighting, and a file by which to ask who published it.
    fn into_sighting(self, tag: String) -> Option<(Sighting, Option<String>)> {
        // A version whose files are all gone has no date, and nothing to be had.
        let released = Some(self.first?);
        let state = if self.available { State::Present } else { State::Yanked(self.reason) };
        let (url, notes, committed, commit) = (None, String::new(), None, None);
        let provenance = (self.attested.is_none() && !self.untold).then_some(Provenance::None);
        let sighting = Sighting { tag, released, url, prerelease: false, state, notes, committed, commit, provenance };
        Some((sighting, self.attested))
    }
}

/// A reason as people read it: short, and nothing in it hidden.
fn one_line(reason: &str) -> String {
    let words: Vec<_> = reason.split_whitespace().collect();
    words.join(" ").chars().filter(|c| !is_hidden(*c)).take(REASON).collect()
}

fn read(body: &[u8], package: &str) -> Result<(Answer, Attested), Trouble> {
    let document: Document<'_> = serde_json::from_slice(body).map_err(|error| Trouble::garbage(&error))?;
    let mut skipped = Vec::new();
    let mut uploads: HashMap<Version, Uploads> = HashMap::new();
    let mut versions: Vec<(String, Version)> = Vec::new();
    for item in document.versions {
        match serde_json::from_str::<String>(item.get()) {
            Ok(text) => versions.push((text.clone(), Version::from_pypi(&text))),
            Err(error) => skipped.push(Skipped { tag: None, reason: format!("a version cannot be read: {error}") }),
        }
    }
    let known: HashSet<Version> = versions.iter().map(|(_, version)| version.clone()).collect();
    for file in document.files {
        match serde_json::from_str::<File>(file.get()) {
            Ok(file) => {
                if let Some(version) = version_of(&file.filename, package, &known) {
                    uploads.entry(version).or_default().add(file);
                } else {
                    let reason = format!("the file {} belongs to none of the versions", file.filename);
                    skipped.push(Skipped { tag: Some(file.filename), reason });
                }
            }
            Err(error) => skipped.push(Skipped { tag: None, reason: format!("a file cannot be read: {error}") }),
        }
    }
    let status = document.status.map(WireStatus::read).unwrap_or_default();
    // What a quarantine hides is not gone.
    let extent = if status == PackageStatus::Quarantined { Extent::Part } else { Extent::Whole };
    let mut attested = Attested::new();
    let of_version = |(text, version): (String, Version)| {
        let (sighting, file) = uploads.remove(&version)?.into_sighting(text)?;
        attested.extend(file.map(|file| (sighting.tag.clone(), file)));
        Some(sighting)
    };
    let sightings = versions.into_iter().filter_map(of_version).collect();
    Ok((Answer { sightings, extent, status, skipped, ..Answer::default() }, attested))
}

/// The one of `versions` that a file of `package` is of: read from its name, as the index itself does.
///
/// Source archives are `NAME-VERSION.tar.gz`, wheels and eggs `NAME-VERSION-….whl`; an old version can have hyphens in
/// it, so each place where it could end is tried, the last one first.
fn version_of(filename: &str, package: &str, versions: &HashSet<Version>) -> Option<Version> {
    let stem = ENDINGS.iter().find_map(|ending| filename.strip_suffix(ending)).unwrap_or(filename);
    let hyphens = stem.match_indices('-').map(|(at, _)| at);
    let name = hyphens.clone().take(PLACES).find(|&at| normalized_package(&stem[..at]) == package)?;
    let ends = hyphens.chain(stem.match_indices('.').map(|(at, _)| at)).filter(|&end| end > name);
    let mut ends: Vec<usize> = ends.chain([stem.len()]).collect();
    ends.sort_unstable();
    ends.into_iter().rev().take(PLACES).find_map(|end| {
        let version = Version::from_pypi(stem.get(name + 1..end)?);
        versions.contains(&version).then_some(version)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sighted(files: &str, versions: &str) -> Answer {
        read(format!(r#"{{"versions": {versions}, "files": {files}}}"#).as_bytes(), "a").unwrap().0
    }

    #[test]
    fn a_version_has_the_date_of_its_earliest_file() {
        let answer = sighted(
            r#"[{"filename": "a-1.0-cp312-none-any.whl", "upload-time": "2026-03-02T00:00:00.5Z", "yanked": false},
                {"filename": "a-1.0.tar.gz", "upload-time": "2026-03-01T10:00:00.25Z"}]"#,
            r#"["1.0"]"#,
        );
        assert_eq!(answer.sightings[0].released, Some("2026-03-01T10:00:00Z".parse().unwrap()));
        assert_eq!(answer.sightings.len(), 1);
    }

    #[test]
    fn a_version_is_yanked_when_all_its_files_are() {
        let file = |kind, yanked| {
            format!(r#"{{"filename": "a-1.0{kind}", "upload-time": "2026-03-02T00:00:00Z", "yanked": {yanked}}}"#)
        };
        let state = |a, b| {
            let files = format!("[{}, {}]", file(".tar.gz", a), file("-py3-none-any.whl", b));
            sighted(&files, r#"["1.0"]"#).sightings.remove(0).state
        };
        assert_eq!(state("\"broken\"", "true"), State::Yanked("broken".to_owned()));
        assert_eq!(state("\"broken\"", "false"), State::Present);
    }

    #[test]
    fn a_bad_file_or_version_is_skipped_and_told_and_the_others_are_kept() {
        let answer = sighted(
            r#"[{"filename": "a-1.0.tar.gz", "upload-time": "2026-03-02T00:00:00Z"}, {"filename": 7}, null,
                {"filename": "a-9.tar.gz", "upload-time": "2026-03-02T00:00:00Z"}]"#,
            r#"["1.0", "2.0", "\ud800", null]"#,
        );
        assert_eq!((answer.sightings.len(), answer.skipped.len()), (1, 5));
    }

    #[test]
    fn a_files_version_is_found_whatever_its_name() {
        let versions = ["1.0.2", "1.0b1", "2.0+x.1", "3"].map(Version::from_pypi).into();
        let of = |name: &str, package| version_of(name, package, &versions).map(|version| version.to_string());
        for (name, package, version) in [
            ("OpenEXR-1.0.2.tar.gz", "openexr", "1.0.2"),
            ("otio-aaf-adapter-1.0.2.zip", "otio-aaf-adapter", "1.0.2"),
            ("a-1.0.2-1-cp39-cp39-win_amd64.whl", "a", "1.0.2"),
            ("a-1.0.2.win32-py2.7.exe", "a", "1.0.2"),
            ("a-1.0-beta-1.tar.gz", "a", "1.0.0b1"),
            ("a_b-2.0+x.1-py3-none-any.whl", "a-b", "2.0.0+x.1"),
            ("open-3-d-1.0.2.tar.gz", "open-3-d", "1.0.2"),
        ] {
            assert_eq!(of(name, package).as_deref(), Some(version), "{name}");
        }
        assert_eq!(of("a-4.tar.gz", "a"), None);
        for flood in
            ["a-".repeat(100_000), "a-1".to_owned() + &"-1".repeat(100_000), "a-1+".to_owned() + &"a.".repeat(100_000)]
        {
            assert_eq!(of(&flood, "a"), None);
        }
    }
}
