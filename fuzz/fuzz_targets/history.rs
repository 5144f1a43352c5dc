//! The file of a history: any bytes.
#![no_main]
#![expect(dead_code, reason = "the properties of the other targets stand in the same file")]

#[path = "../../tests/it/harmless.rs"]
mod harmless;
#[path = "../../tests/it/properties.rs"]
mod properties;

use std::sync::LazyLock;

use tempfile::TempDir;

/// Where the file stands, again and again: in memory where `TMPDIR` says so.
static FOLDER: LazyLock<TempDir> = LazyLock::new(|| tempfile::tempdir().expect("a temporary folder"));

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| properties::histories_hold(bytes, FOLDER.path()));
