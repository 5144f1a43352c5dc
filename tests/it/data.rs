//! The data is what its schemas say, and these are the ones that stand in `docs/schema/`.
//!
//! After a change of the data write them anew with `BLESS=1 cargo test --test it schemas`, and read the diff: keys are
//! only ever added, or `schema` grows.

use std::{fs, path::Path};

use aswf_release_feed::data::schemas;
use jsonschema::Validator;
use serde_json::Value;

use crate::run::{Ended, FIRST, SECOND, Toy, program};

fn folder(name: &str) -> std::path::PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(name)
}

#[test]
fn the_schemas_are_the_ones_of_the_documentation() {
    for (name, schema) in schemas() {
        let path = folder("docs/schema").join(format!("{name}.json"));
        let text = serde_json::to_string_pretty(&schema).unwrap() + "\n";
        if std::env::var_os("BLESS").is_some() {
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, text).unwrap();
        } else {
            let documented = fs::read_to_string(&path).unwrap();
            assert!(documented == text, "{name} changed: BLESS=1 cargo test --test it schemas");
        }
    }
}

fn validator(name: &str) -> Validator {
    let (_, schema) = schemas().into_iter().find(|(found, _)| *found == name).unwrap();
    jsonschema::validator_for(&schema).unwrap()
}

/// Says where a value is not as its schema says.
fn check(schema: &Validator, value: &Value, what: &str) {
    let errors: Vec<_> = schema.iter_errors(value).map(|e| format!("{what}: {}: {e}", e.instance_path())).collect();
    assert!(errors.is_empty(), "{errors:#?}");
}

fn check_files(schema: &str, folder: &Path) {
    let schema = validator(schema);
    let paths: Vec<_> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    assert!(!paths.is_empty());
    for path in paths {
        let value = serde_json::from_str(&fs::read_to_string(&path).unwrap()).unwrap();
        check(&schema, &value, &path.display().to_string());
    }
}

#[test]
fn the_carried_memory_is_as_its_schemas_say() {
    check_files("project", &folder("site/data/projects"));
    let sources = fs::read_to_string(folder("site/data/sources.json")).unwrap();
    check(&validator("sources"), &serde_json::from_str(&sources).unwrap(), "sources.json");
}

#[test]
fn what_a_run_writes_is_as_its_schemas_say() {
    let toy = Toy::new();
    toy.good_night(FIRST);
    toy.world().repository("example/Bravo").releases.retain(|release| release.tag != "v3.3.6");
    toy.world().repository("example/alpha").advisories[1].severity = Some("low".to_owned());
    toy.world().packages.clear();
    assert_eq!(toy.at(SECOND).token().run().code, 0);
    check_files("project", &toy.path("data/projects"));
    check_files("platform", &toy.path("data/platforms"));
    for (schema, file) in [("index", "data/index.json"), ("sources", "data/sources.json"), ("status", "status.json")] {
        check(&validator(schema), &toy.json(file), file);
    }
    let release = validator("release");
    for item in toy.json("feeds/all.json")["items"].as_array().unwrap() {
        check(&release, &item["_release"], "_release");
    }
}

#[test]
fn what_is_printed_for_programs_is_as_its_schemas_say() {
    let toy = Toy::new();
    toy.good_night(FIRST);
    toy.write("list", "alpha==1.0\nnumpy==1.0\n");
    for (schema, args) in
        [("index", &[][..]), ("platform", &["--platform", "y2026"]), ("against", &["--against", "list", "--quiet"])]
    {
        let mut command = program(&toy);
        command.args(["latest", "--json"]).args(args);
        let ended = Ended::of(command);
        check(&validator(schema), &serde_json::from_str(&ended.stdout).unwrap(), schema);
    }
}

#[test]
fn the_schemas_refuse_what_lacks_a_key_and_take_what_has_one_more() {
    let toy = Toy::new();
    toy.good_night(FIRST);
    let (schema, mut index) = (validator("index"), toy.json("data/index.json"));
    index["projects"][0]["more"] = true.into();
    assert!(schema.is_valid(&index));
    index["projects"][0].as_object_mut().unwrap().remove("latest");
    assert!(!schema.is_valid(&index));
    index["projects"][0]["latest"] = "1.1".into();
    assert!(!schema.is_valid(&index));
}
