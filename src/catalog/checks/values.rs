//! Checks of one value by itself.

use std::str::FromStr;

use chrono::NaiveDate;
use toml::Spanned;
use url::Url;

use super::{Checker, text};
use crate::{
    catalog::{Color, problem::Problem, wire::Text},
    version::{BadTagPattern, TagPattern, Version, is_hidden},
};

impl Checker<'_> {
    /// A name or title is not empty.
    pub(super) fn filled(&mut self, value: &Text) -> Option<String> {
        if text(value).trim().is_empty() {
            self.note(value.span(), "this is empty", "write what people call it");
            return None;
        }
        if text(value).contains(is_hidden) {
            self.note(value.span(), "this has a character that no reader shows", "write it without control characters");
            return None;
        }
        Some(value.get_ref().clone())
    }

    /// A number is not below `least` and fits.
    pub(super) fn number<T: TryFrom<i64>>(
        &mut self,
        value: Option<&Spanned<i64>>,
        least: i64,
        default: T,
    ) -> Option<T> {
        let Some(value) = value else { return Some(default) };
        let number = Some(*value.get_ref()).filter(|&number| number >= least);
        let number = number.and_then(|number| number.try_into().ok());
        if number.is_none() {
            let message = format!("`{}` is not possible here", value.get_ref());
            self.note(value.span(), message, format!("write a whole number, {least} or more"));
        }
        number
    }

    /// An address is one of the web.
    pub(super) fn web_address(&mut self, value: &Text) -> Option<Url> {
        let url = Url::parse(text(value)).ok().filter(|url| matches!(url.scheme(), "http" | "https"));
        if url.is_none() {
            let message = format!("`{}` is no address of the web", text(value));
            self.note(value.span(), message, "write it in full, as https://example.org/");
        }
        url
    }

    /// The site's address is a folder: it ends in `/` and has neither query nor fragment.
    pub(super) fn site_url(&mut self, value: &Text) -> Option<Url> {
        let mut url = self.web_address(value)?;
        if url.query().is_some() || url.fragment().is_some() {
            self.note(value.span(), "the site's address has a query or a fragment", "remove all from `?` or `#` on");
            return None;
        }
        if !url.path().ends_with('/') {
            url.set_path(&format!("{}/", url.path()));
        }
        Some(url)
    }

    /// An authority is a host or e-mail address of which one disposed on a day.
    pub(super) fn authority(&mut self, value: &Text) -> Option<String> {
        let is_one = text(value).split_once(',').is_some_and(|(name, day)| is_authority_name(name) && is_day(day));
        if !is_one {
            let message = format!("`{}` is no tagging authority", text(value));
            let advice = "write a host or e-mail address that was yours on a day, and the day: `example.org,2026` or \
                          `example.org,2026-05-01`";
            self.note(value.span(), message, advice);
        }
        is_one.then(|| value.get_ref().clone())
    }

    /// The pattern of `tags` is a regular expression with a group `version`.
    pub(super) fn tag_pattern(&mut self, pattern: &Text) -> Option<TagPattern> {
        let problem = match TagPattern::new(text(pattern)) {
            Ok(pattern) => return Some(pattern),
            Err(BadTagPattern::Syntax(error)) => {
                // It draws the pattern and a caret of its own; the reason is in its last line.
                let error = error.to_string();
                let reason = error.lines().last().unwrap_or_default().trim_start_matches("error: ").to_owned();
                Problem::new(pattern.span(), "this is no regular expression", reason)
            }
            Err(error @ BadTagPattern::NoVersionGroup) => Problem::of(pattern.span(), &error.to_string()),
        };
        self.problems.push(problem);
        None
    }

    /// A package's name begins and ends with a letter or digit, with single words between
    /// ([names](https://packaging.python.org/en/latest/specifications/name-normalization/)).
    pub(super) fn package_name(&mut self, value: &Text) -> Option<String> {
        let name = text(value);
        let is_edge = |c: Option<char>| c.is_some_and(|c| c.is_ascii_alphanumeric());
        let is_inside = name.chars().all(|c| c.is_ascii_alphanumeric() || "-_.".contains(c));
        let is_name = is_inside && is_edge(name.chars().next()) && is_edge(name.chars().last());
        if !is_name {
            let advice = "write it as `pip install` takes it: letters, digits, `-`, `_` and `.`";
            self.note(value.span(), format!("`{name}` is no package"), advice);
        }
        is_name.then(|| name.to_owned())
    }

    /// `since` is a version of PEP 440: every other text would stand below all of them.
    pub(super) fn since(&mut self, value: &Text) -> Option<Version> {
        if pep440_rs::Version::from_str(text(value)).is_err() {
            let message = format!("`{}` is no version", text(value));
            self.note(value.span(), message, "write it as the package index does, such as `3.2.3`");
            return None;
        }
        Some(Version::from_pypi(text(value)))
    }

    /// A colour is `#` and six hexadecimal digits.
    pub(super) fn color(&mut self, value: &Text) -> Option<Color> {
        let digits = text(value).strip_prefix('#').unwrap_or_default();
        if digits.len() != 6 || !digits.bytes().all(|digit| digit.is_ascii_hexdigit()) {
            self.note(value.span(), format!("`{}` is no colour", text(value)), "write it as `#0b57a8`");
            return None;
        }
        Some(Color(format!("#{}", digits.to_ascii_lowercase())))
    }

    /// A date is one of the calendar.
    pub(super) fn date(&mut self, value: &Text) -> Option<NaiveDate> {
        let date = strict_date(text(value));
        if date.is_none() {
            self.note(value.span(), format!("`{}` is no date", text(value)), "write it as `2026-05-31`");
        }
        date
    }
}

/// The date that is written exactly so.
fn strict_date(text: &str) -> Option<NaiveDate> {
    text.parse().ok().filter(|date: &NaiveDate| date.to_string() == text)
}

/// `2026`, `2026-05` or `2026-05-31`.
fn is_day(text: &str) -> bool {
    let day = match text.len() {
        4 => format!("{text}-01-01"),
        7 => format!("{text}-01"),
        _ => text.to_owned(),
    };
    strict_date(&day).is_some()
}

/// A host's name, or an e-mail address.
fn is_authority_name(name: &str) -> bool {
    let is_user =
        |user: &str| !user.is_empty() && user.bytes().all(|b| b.is_ascii_alphanumeric() || b"-._".contains(&b));
    let is_label = |label: &str| {
        let is_word = !label.is_empty() && label.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-');
        is_word && !label.starts_with('-') && !label.ends_with('-')
    };
    match name.split_once('@') {
        Some((user, host)) => is_user(user) && host.split('.').all(is_label),
        None => name.split('.').all(is_label),
    }
}
