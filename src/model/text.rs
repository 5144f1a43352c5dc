//! Texts that are checked where they are read, so that what is wrong is said with the text's own place.

use std::fmt;

use chrono::{Datelike, Timelike};
use serde::{
    Deserialize, Deserializer,
    de::{Error, Visitor},
};
use url::Url;

use super::Moment;

/// A text of which `parse` makes a value, or says why it is none.
struct Checked<F>(F);

impl<T, F: Fn(&str) -> Result<T, String>> Visitor<'_> for Checked<F> {
    type Value = T;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a text")
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<T, E> {
        (self.0)(text).map_err(E::custom)
    }
}

/// For `deserialize_with`: an address that a browser may be led to.
pub(super) fn address<'de, D: Deserializer<'de>>(deserializer: D) -> Result<String, D::Error> {
    deserializer.deserialize_str(Checked(|text: &str| {
        let is_web = Url::parse(text).is_ok_and(|url| matches!(url.scheme(), "http" | "https"));
        if is_web { Ok(text.to_owned()) } else { Err(format!("{text:?} is no address of a page: write https://…")) }
    }))
}

/// For `deserialize_with`: an [`address`], where there is one.
pub(super) fn some_address<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<String>, D::Error> {
    #[derive(Deserialize)]
    struct Address(#[serde(deserialize_with = "address")] String);
    Option::deserialize(deserializer).map(|address: Option<Address>| address.map(|address| address.0))
}

/// For `deserialize_with`: a second that every feed can name.
pub(super) fn second<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Moment, D::Error> {
    deserializer.deserialize_str(Checked(|text: &str| {
        let moment: Option<Moment> = text.parse().ok();
        let moment = moment.filter(|moment| moment.nanosecond() == 0 && (1970..=9999).contains(&moment.year()));
        moment.ok_or_else(|| format!("{text:?} is no date in whole seconds: write 2026-06-10T03:17:00Z"))
    }))
}

/// For `deserialize_with`: a moment in a year of four digits, for the formats of feeds have no other.
pub(super) fn moment<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Moment, D::Error> {
    deserializer.deserialize_str(Checked(|text: &str| {
        let moment: Option<Moment> = text.parse().ok();
        let moment = moment.filter(|moment| (0..=9999).contains(&moment.year()));
        moment.ok_or_else(|| format!("no feed can have the date {text:?}: write 2026-06-10T03:17:00Z"))
    }))
}
