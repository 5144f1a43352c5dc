//! What a project says of its vulnerabilities: its security advisories.

use std::{cmp::Reverse, fmt};

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Cve, Ghsa, Moment, text};
use crate::version::{Line, Version, version_text};

/// A security advisory, as a repository publishes it, or what the Python index says of one
/// ([fields](https://docs.github.com/en/rest/security-advisories/repository-advisories#list-repository-security-advisories)).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Advisory {
    /// GitHub's id of it.
    pub ghsa: Ghsa,
    /// The vulnerability's number, where it has one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cve: Option<Cve>,
    /// How bad it is, where somebody has judged that.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub severity: Option<Severity>,
    /// What it is about, on one line.
    pub summary: String,
    /// Its page on GitHub, or the one that the index names.
    #[serde(deserialize_with = "text::address")]
    pub url: String,
    /// When it was published; the index does not say.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub published: Option<Moment>,
    /// When it was taken back.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub withdrawn: Option<Moment>,
    /// Which versions have the vulnerability, and which do not any more.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub affected: Vec<Affected>,
}

/// Versions that have a vulnerability, in upstream's own words: people write what they like.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Affected {
    /// Those that have it, such as `>= 3.4.0, < 3.4.10`.
    pub vulnerable: String,
    /// Those that fix it, such as `3.3.10, 3.4.10`.
    pub patched: String,
}

/// How bad a vulnerability is; what comes later is worse.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// A CVSS score below 4.
    Low,
    /// A score below 7.
    Medium,
    /// A score below 9.
    High,
    /// A score from 9 on.
    Critical,
}

impl Severity {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Low, Self::Medium, Self::High, Self::Critical];
}

impl fmt::Display for Severity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Low => "low",
            Self::Medium => "medium",
            Self::High => "high",
            Self::Critical => "critical",
        })
    }
}

impl Advisory {
    /// The name that people know it by: the CVE number, or GitHub's id where there is none.
    #[must_use]
    pub fn name(&self) -> String {
        self.cve.as_ref().map_or_else(|| self.ghsa.to_string(), Cve::to_string)
    }

    /// The place in a list for people: the worst first.
    #[must_use]
    pub fn rank(&self) -> (Reverse<Option<Severity>>, String) {
        (Reverse(self.severity), self.name())
    }

    /// The versions that fix it, as far as its texts are versions separated by commas, each with an optional `>=`: what
    /// any other text means is not guessed.
    #[must_use]
    pub fn fixed_in(&self) -> Vec<Version> {
        let mut versions: Vec<_> =
            self.affected.iter().filter_map(|affected| versions(&affected.patched)).flatten().collect();
        versions.sort_unstable();
        versions.dedup();
        versions
    }
}

/// What an advisory means for those who are on a line of versions.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Exposure {
    /// This version of the line fixes it, and the line has come so far.
    Fixed(Version),
    /// The line has it: its latest is below the fix, or there is none in the line.
    Open,
    /// The line does not have it.
    Clear,
    /// Its texts do not say.
    Unclear,
}

impl Advisory {
    /// What it means for `line`, which has come as far as `latest`. The fixes are believed before the affected versions,
    /// which people write for one line and mean for all.
    #[must_use]
    pub fn in_line(&self, line: &Line, latest: &Version) -> Exposure {
        let fixes = self.fixed_in();
        if let Some(fix) = fixes.iter().find(|fix| line.takes(fix)) {
            return if latest >= fix { Exposure::Fixed(fix.clone()) } else { Exposure::Open };
        }
        if fixes.last().is_some_and(|highest| latest > highest) {
            return Exposure::Clear;
        }
        let affected = self.affected.iter().map(|affected| is_in(latest, &affected.vulnerable));
        affected.fold(Exposure::Clear, |known, is_in| match (known, is_in) {
            (Exposure::Open, _) | (_, Some(true)) => Exposure::Open,
            (known, Some(false)) => known,
            (_, None) => Exposure::Unclear,
        })
    }
}

/// Whether a version is in a range such as `>= 3.4.0, < 3.4.10`; unknown where the text is anything else.
fn is_in(version: &Version, range: &str) -> Option<bool> {
    let fits = range.split(',').map(|bound| {
        let bound = bound.trim();
        let end = bound.find(|c| !"<>=".contains(c))?;
        let (operator, limit) = (&bound[..end], self::version(bound[end..].trim())?);
        match operator {
            "<" => Some(*version < limit),
            "<=" => Some(*version <= limit),
            ">" => Some(*version > limit),
            ">=" => Some(*version >= limit),
            "=" | "==" => Some(*version == limit),
            _ => None,
        }
    });
    fits.collect::<Option<Vec<_>>>().map(|fits| fits.into_iter().all(|fits| fits))
}

/// The versions of a list; none when anything in it is no version.
fn versions(list: &str) -> Option<Vec<Version>> {
    list.split(',').map(|item| version(item.trim().trim_start_matches(">=").trim_start())).collect()
}

/// The version that a text is.
fn version(text: &str) -> Option<Version> {
    let text = version_text(text, &[])?;
    // `3.4 and later` is a sentence, and `3.4.x` a line of versions.
    if text.contains(char::is_whitespace) || text.split('.').any(|part| part.eq_ignore_ascii_case("x")) {
        return None;
    }
    let version = Version::from_tag_text(&text);
    // What names no number stands below this, and every number above.
    (version >= Version::from_canonical("0.0.0.dev0")).then_some(version)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn advisory(patched: &[&str]) -> Advisory {
        let affected = |patched: &&str| Affected { vulnerable: "< 3.4".to_owned(), patched: (*patched).to_owned() };
        Advisory {
            ghsa: "GHSA-aaaa-bbbb-cccc".to_owned().try_into().unwrap(),
            cve: None,
            severity: None,
            summary: String::new(),
            url: String::new(),
            published: None,
            withdrawn: None,
            affected: patched.iter().map(affected).collect(),
        }
    }

    fn fixed_in(patched: &[&str]) -> Vec<String> {
        advisory(patched).fixed_in().iter().map(Version::to_string).collect()
    }

    #[test]
    fn what_is_a_list_of_versions_is_read_as_one() {
        assert_eq!(fixed_in(&["3.2.11, 3.3.13, 3.4.14"]), ["3.2.11", "3.3.13", "3.4.14"]);
        assert_eq!(fixed_in(&[">= 3.4.10"]), ["3.4.10"]);
        assert_eq!(fixed_in(&[">=v3.4.10 , >= 2.5.4.0"]), ["2.5.4", "3.4.10"]);
        assert_eq!(fixed_in(&["3.4.10", "3.3.5, 3.4.10", "none"]), ["3.3.5", "3.4.10"]);
        assert_eq!(fixed_in(&["v1.0.0-rc.2, 1.38.10-OpenPBR"]), ["1.0.0rc2", "1.38.10+openpbr"]);
    }

    #[test]
    fn what_any_other_text_means_is_not_guessed() {
        let texts = ["", "none yet", "main branch", "N/A", "> 3.4.9", "< 3.4", "~3.4", "3.4.x", "3.*", "3.4 and later"];
        let mixed = ["3.4.10, main", "3.4.10,", "3.4.10 3.3.5", "3.4.10…", "7a8b9c0d, x", "3.2 – 3.4"];
        for text in texts.into_iter().chain(mixed) {
            assert_eq!(fixed_in(&[text]), [""; 0], "{text}");
        }
    }

    fn in_line(vulnerable: &str, patched: &str, line: &str, latest: &str) -> Exposure {
        let affected = vec![Affected { vulnerable: vulnerable.to_owned(), patched: patched.to_owned() }];
        let advisory = Advisory { affected, ..advisory(&[]) };
        advisory.in_line(&line.parse().unwrap(), &Version::from_canonical(latest))
    }

    #[test]
    fn a_line_is_safe_when_it_has_come_as_far_as_its_fix() {
        let (range, fixes) = ("< 3.2.11", "3.2.11, 3.3.13, 3.4.14");
        assert_eq!(in_line(range, fixes, "3.3", "3.3.14"), Exposure::Fixed(Version::from_canonical("3.3.13")));
        assert_eq!(in_line(range, fixes, "3.3", "3.3.12"), Exposure::Open);
        assert_eq!(in_line(range, fixes, "3.1", "3.1.13"), Exposure::Open, "no fix in this line");
        assert_eq!(in_line(range, fixes, "3.5", "3.5.0"), Exposure::Clear, "above all fixes");
    }

    #[test]
    fn a_line_without_a_fix_goes_by_the_affected_versions() {
        assert_eq!(in_line(">= 3.4.0, < 3.4.10", "3.4.10", "3.3", "3.3.5"), Exposure::Clear);
        assert_eq!(in_line(">= 3.3.0, <= 3.4.9", "3.4.10", "3.3", "3.3.5"), Exposure::Open);
        assert_eq!(in_line("= 3.3.5", "", "3.3", "3.3.5"), Exposure::Open);
        for text in ["", "all", "3.3.x", "~> 3.3", "< main", "3.1.0 - 3.3.9"] {
            assert_eq!(in_line(text, "3.4.10", "3.3", "3.3.5"), Exposure::Unclear, "{text}");
        }
    }

    #[test]
    fn the_worst_stands_first_and_what_nobody_judged_last() {
        let of = |severity, cve: &str| {
            let cve = Some(cve.to_owned().try_into().unwrap());
            Advisory { cve, severity, ..advisory(&[]) }
        };
        let mut all = [
            of(None, "CVE-2026-0001"),
            of(Some(Severity::Low), "CVE-2026-0002"),
            of(Some(Severity::Critical), "CVE-2026-0004"),
            of(Some(Severity::Critical), "CVE-2026-0003"),
        ];
        all.sort_by_key(Advisory::rank);
        let names: Vec<_> = all.iter().map(|advisory| advisory.name()[9..].to_owned()).collect();
        assert_eq!(names, ["0003", "0004", "0002", "0001"]);
    }

    #[test]
    fn a_severity_is_written_as_it_is_read() {
        for severity in Severity::ALL {
            assert_eq!(serde_json::to_string(&severity).unwrap(), format!("\"{severity}\""));
        }
    }
}
