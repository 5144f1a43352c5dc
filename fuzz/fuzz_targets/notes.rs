//! Release notes: any text.
#![no_main]
#![expect(dead_code, reason = "the properties of the other targets stand in the same file")]

#[path = "../../tests/it/harmless.rs"]
mod harmless;
#[path = "../../tests/it/properties.rs"]
mod properties;

libfuzzer_sys::fuzz_target!(|text: &str| properties::notes_hold(text));
