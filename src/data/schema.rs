//! What the files of the data are made of, as [JSON Schemas](https://json-schema.org/draft/2020-12): they stand in
//! `docs/schema/`.

use std::borrow::Cow;

use schemars::{
    JsonSchema, Schema, SchemaGenerator, generate::SchemaSettings, json_schema, transform::RecursiveTransform,
};
use serde_json::Value;

use super::{Index, Platform};
use crate::{
    history::{OnDisk, Sources},
    latest::Comparison,
    model::{Cve, Facts, Ghsa, RepositoryName, Slug},
    report::Status,
    version::{Line, Version},
};

/// The schemas by the names of their files: of each file of the data, of `_release` in JSON feeds, and of what the
/// command line prints for a list of versions.
#[must_use]
pub fn schemas() -> Vec<(&'static str, Value)> {
    vec![
        ("project", of::<OnDisk<'_>>()),
        ("index", of::<Index<'_>>()),
        ("platform", of::<Platform<'_>>()),
        ("sources", of::<Sources>()),
        ("status", of::<Status<'_>>()),
        ("release", of::<Facts>()),
        ("against", of::<Comparison<'_>>()),
    ]
}

/// As it is written: what this program refuses to read may be written by the next one.
fn of<T: JsonSchema>() -> Value {
    let open = |schema: &mut Schema| {
        if schema.get("properties").is_some() {
            schema.remove("additionalProperties");
        }
    };
    let settings = SchemaSettings::draft2020_12().for_serialize().with_transform(RecursiveTransform(open));
    settings.into_generator().into_root_schema_for::<T>().to_value()
}

/// Gives types that are written as texts the schema of such a text.
macro_rules! texts {
    ($($type:ident: $pattern:literal, $is:literal;)*) => {$(
        impl JsonSchema for $type {
            fn schema_name() -> Cow<'static, str> {
                stringify!($type).into()
            }

            fn json_schema(_: &mut SchemaGenerator) -> Schema {
                json_schema!({ "type": "string", "pattern": $pattern, "description": $is })
            }
        }
    )*};
}

texts! {
    Slug: r"^[a-z0-9][a-z0-9.]*(-[a-z0-9.]+)*$", "The permanent name of a project, stage, platform or feed.";
    RepositoryName: r"^[A-Za-z0-9._-]+/[A-Za-z0-9._-]+$", "`owner/name` of a repository.";
    Version: r"^.+$", "A version in its canonical form: PEP 440's normal form with three numbers or more, or the text itself.";
    Line: r"^[0-9]+(\.[0-9]+)*$", "The first numbers of versions.";
    Cve: r"^CVE-[0-9]{4}-[0-9]{4,19}$", "The number of a vulnerability that everybody uses.";
    Ghsa: r"^GHSA(-[0-9a-z]{4}){3}$", "The permanent id of an advisory on GitHub.";
}
