//! `drift`: each way in which a catalog can fall behind, and that nothing is said where it has not.

use crate::{
    run::{Ended, FIRST, Toy, differing, program},
    world::{Fault, File, Package, Release, Repository, Tag, World},
};

/// The toy after a good night, so that nothing differs.
fn toy() -> Toy {
    let toy = Toy::new();
    toy.good_night(FIRST);
    toy.world().requests.clear();
    toy
}

fn drift(toy: &Toy, token: Option<&str>, args: &[&str]) -> Ended {
    let mut command = program(toy);
    command.args(["drift", "--github-api", &toy.upstream.api(), "--pypi", &toy.upstream.index()]).args(args);
    command.envs(token.map(|token| ("GITHUB_TOKEN", token)));
    Ended::of(command)
}

/// What is said, which must be no error.
fn said(toy: &Toy, args: &[&str]) -> String {
    let ended = drift(toy, Some("x"), args);
    assert_eq!((ended.code, ended.stderr.as_str()), (0, ""));
    ended.stdout
}

fn tagged(id: u64, name: &str) -> Repository {
    let [tag, commit, date] = ["v1", "c0ffee", "2026-01-01T00:00:00Z"].map(str::to_owned);
    Repository { tags: vec![Tag { name: tag, commit, date }], ..Repository::new(id, name) }
}

#[test]
fn where_nothing_differs_it_says_so_and_writes_nothing() {
    let toy = toy();
    let before = toy.tree();
    let ended = drift(&toy, Some("x"), &["--strict"]);
    assert_eq!((ended.code, ended.stdout.as_str(), ended.stderr.as_str()), (0, "Nothing differs.\n", ""));
    assert_eq!(differing(&before, &toy.tree()), [""; 0]);
}

#[test]
fn repositories_that_no_project_has_are_missing_but_for_forks_and_archived_ones() {
    let toy = toy();
    toy.world().repositories.extend([
        tagged(201, "example/golf"),
        Repository::new(202, "example/.github"),
        Repository { fork: true, ..tagged(203, "example/hotel") },
        Repository { archived: true, ..tagged(204, "example/india") },
        tagged(205, "elsewhere/juliett"),
    ]);
    let missing = "\
Repositories of the organisations that no project has:
  example/.github (no releases, no tags)
  example/golf
";
    assert_eq!(said(&toy, &[]), missing);
    assert_eq!(drift(&toy, Some("x"), &["--strict"]).code, 3);
    assert_eq!(said(&toy, &["--ignore", "Example/golf", "--ignore", "example/.github"]), "Nothing differs.\n");
    assert!(said(&toy, &["--org", "elsewhere"]).contains("elsewhere/juliett\n"));
}

#[test]
fn an_organisation_is_read_to_its_last_page_with_and_without_a_token() {
    let toy = toy();
    let many = (1000..1205).map(|number| tagged(number, &format!("example/r{number}")));
    toy.world().repositories.extend(many);
    for token in [Some("x"), None] {
        toy.world().requests.clear();
        let ended = drift(&toy, token, &[]);
        assert_eq!(ended.stdout.matches("  example/r1").count(), 205, "{}", ended.stderr);
        let pages: Vec<_> =
            toy.world().requests.iter().filter(|asked| asked.path.ends_with("/repos")).map(|a| a.page).collect();
        assert_eq!(pages, [1, 2, 3]);
    }
}

#[test]
fn the_other_repositories_of_a_person_are_not_missing() {
    let toy = toy();
    toy.world().repositories.push(tagged(201, "example/golf"));
    toy.world().users.push("example".to_owned());
    assert_eq!(said(&toy, &[]), "Nothing differs.\n");
    // Who names an organisation is told that it is none.
    assert_eq!(drift(&toy, Some("x"), &["--org", "example"]).says("warning: example was not compared: 404"), 1);
}

#[test]
fn renamed_archived_gone_and_taken_over_repositories_are_told() {
    let toy = toy();
    {
        let mut world = toy.world();
        world.repository("example/alpha").name = "example/alpha-one".to_owned();
        world.moved.insert("example/alpha".to_owned(), 101);
        world.repository("example/Bravo").archived = true;
        world.repository("example/charlie").id = 301;
        world.repositories.retain(|repository| repository.name != "example/delta");
    }
    let told = "\
Repositories with another name now:
  alpha: example/alpha is example/alpha-one now

Names that are another repository's now:
  charlie: example/charlie is number 301 now

Repositories that are archived:
  bravo: example/Bravo

Repositories that are gone, or not public:
  delta: example/delta
";
    assert_eq!(said(&toy, &[]), told);
    let catalog = include_str!("../data/projects.toml");
    let ended = ["alpha", "bravo", "charlie", "delta"].iter().fold(catalog.to_owned(), |text, id| {
        let id = format!("id = \"{id}\"\n");
        text.replace(&id, &format!("{id}ended = \"2026-06-01\"\n"))
    });
    toy.write_catalog(&ended);
    // The new name of one that has ended is a repository like any other.
    let said = said(&toy, &["--ignore", "example/alpha-one"]);
    assert_eq!(said, "Nothing differs.\n");
}

#[test]
fn a_move_that_the_memory_knows_is_told_when_nobody_answers() {
    let toy = toy();
    toy.world().repository("example/alpha").name = "example/alpha-one".to_owned();
    toy.world().moved.insert("example/alpha".to_owned(), 101);
    for release in &mut toy.world().repository("example/alpha-one").releases {
        release.html_url = Some(format!("https://example.org/example/alpha-one/releases/tag/{}", release.tag));
    }
    toy.good_night("2026-06-11T03:17:00Z");
    toy.world().fault("/orgs/example/repos", Fault::status(400));
    toy.world().fault("/repos/example/alpha", Fault::status(400));
    let ended = drift(&toy, Some("x"), &[]);
    assert!(ended.stdout.contains("alpha: example/alpha is example/alpha-one now"), "{}", ended.stdout);
}

#[test]
fn a_project_without_a_release_is_told() {
    let world = World { repositories: vec![Repository::new(1, "example/kilo")], ..World::default() };
    let toy = Toy::with_projects(world, &["id = \"kilo\"\nname = \"Kilo\"\ngithub = { repo = \"example/kilo\" }"]);
    assert_eq!(said(&toy, &[]), "Projects without a release in the memory:\n  kilo\n");
    let release = Release::new("v1.0", "2026-05-01T00:00:00Z");
    toy.world().repository("example/kilo").releases.push(release);
    toy.good_night(FIRST);
    assert_eq!(said(&toy, &[]), "Nothing differs.\n");
}

#[test]
fn a_package_under_a_projects_id_or_name_is_told_unless_it_is_listed() {
    let toy = toy();
    for name in ["bravo", "delta-images", "example", "alpha"] {
        let files = vec![File::new("1.0", &format!("{name}-1.0.tar.gz"), "2026-01-01T00:00:00Z")];
        toy.world().packages.push(Package { name: name.to_owned(), files, ..Package::default() });
    }
    let told = "\
Packages on PyPI under a project's id or name; they may be somebody else's:
  bravo: bravo
  delta: delta-images
";
    assert_eq!(said(&toy, &[]), told);
    assert_eq!(said(&toy, &["--ignore", "Bravo", "--ignore", "delta_images"]), "Nothing differs.\n");
}

const LANDSCAPE: &str = r#"
landscape:
  - category:
    name: Pictures
    subcategories:
      - subcategory:
        name: Own
        items:
          - item:
            name: Alpha
            homepage_url: https://alpha.example.org/
            project: Grown
            repo_url: https://github.com/example/alpha
            additional_repos:
              - repo_url: https://github.com/example/alpha-data.git
            twitter: null
            extra:
              accepted: '2021-03-08'
          - item:
            name: Bravo
            project: young
            repo_url: https://github.com/Example/bravo/
          - item:
            name: "Lima\u001b[31m"
            project: young
            repo_url: https://github.com/lima/lima
      - subcategory:
        name: Others
        items:
          - item:
            name: Charlie, in another place
            repo_url: https://github.com/example/charlie
          - item:
            name: Mike
            repo_url: https://github.com/mike/mike
          - item:
            name: November
            repo_url: https://github.com/example/november
          - item:
            name: Oscar
            project: young
            repo_url: https://git.example.org/oscar/oscar
"#;

#[test]
fn repositories_and_stages_are_compared_with_a_landscape() {
    let toy = toy();
    toy.write("landscape.yml", LANDSCAPE);
    let told = "\
Repositories of the landscape that no project has:
  example/alpha-data: Alpha, Grown
  example/november: November
  lima/lima: Lima\u{fffd}[31m, young

Stages that differ from the landscape's:
  bravo: grown here, young there
";
    assert_eq!(said(&toy, &["--landscape", "landscape.yml"]), told);
}

const YEAR: &str = r#"
year: 2026
status: final
last_updated: "2025-11-05"
linux:
  gcc:
    version: "14.2"
    min_max: true
components:
  alpha:
    version: "1"
  bravo:
    version: "3.5.x"
  fbx:
    version: "2020.2 - 2020.latest"
  python:
    version: ~
"#;

#[test]
fn a_platforms_lines_and_status_are_compared_with_its_file() {
    let toy = toy();
    toy.write("Y2026.yml", YEAR);
    let told = "\
Platforms with another status:
  y2026: final in Y2026.yml

Version lines of platforms that differ:
  y2026: versions.bravo is 3.4, and 3.5 in Y2026.yml
";
    assert_eq!(said(&toy, &["--platforms", "Y2026.yml"]), told);
    toy.write("Y2026.yml", &YEAR.replace("final", "draft").replace("3.5.x", "3.4.x").replace("alpha", "echo"));
    let told = "\
Version lines of platforms that differ:
  y2026: versions.alpha is 1, and none in Y2026.yml
  y2026: versions.echo is none, and 1 in Y2026.yml
";
    assert_eq!(said(&toy, &["--platforms", "Y2026.yml"]), told);
    toy.write("Y2027.yml", &YEAR.replace("2026", "2027"));
    assert!(
        said(&toy, &["--platforms", "Y2027.yml"]).contains("Platforms that the catalog has not:\n  2027 (Y2027.yml)")
    );
}

#[test]
fn a_component_may_be_another_project_of_its_family() {
    let toy = toy();
    // Foxtrot is a part of Alpha: the platform's component by this name is what the catalog has under the other.
    toy.write("Y2026.yml", &YEAR.replace("final", "draft").replace("3.5.x", "3.4.x").replace("alpha", "foxtrot"));
    assert_eq!(said(&toy, &["--platforms", "Y2026.yml"]), "Nothing differs.\n");
}

const IMAGES: &str = r#"
versions:
  "6":
    major_version: "6"
    package_versions:
      TOY_CLANG_VERSION: "20"
  "2025":
    package_versions:
      TOY_CHARLIE_VERSION: "0.8.1"
  "2026":
    parent_versions: ["6"]
    package_versions:
      TOY_BROTLI_VERSION: "system"
      TOY_BRAVO_VERSION: "3.3.1"
      TOY_CHARLIE_VERSION: "0.9.1"
      TOY_PGA_VERSION: "4.1"
  "2026-clang20":
    parent_versions: ["6", "2026"]
ci-packages:
  clang:
    - "6.1"
"#;

#[test]
fn what_is_in_use_is_compared_with_the_images_by_names_and_initials() {
    let toy = toy();
    toy.write("versions.yaml", IMAGES);
    // What the platform itself asks for need not be told, nor what was used before the catalog began to say so.
    assert_eq!(said(&toy, &["--platforms", "versions.yaml"]), "Nothing differs.\n");
    let catalog = include_str!("../data/projects.toml").replace("name = \"Echo\"", "name = \"PaintGramA\"");
    toy.write_catalog(&catalog.replace("charlie = \"0.9\"", "charlie = \"0.8\", delta = \"2\""));
    let told = "\
Version lines of platforms that differ:
  y2026: in_use.charlie is 0.8, and 0.9.1 in versions.yaml
  y2026: in_use.delta is 2, and none in versions.yaml
  y2026: in_use.echo is none, and 4.1 in versions.yaml
";
    assert_eq!(said(&toy, &["--platforms", "versions.yaml"]), told);
}

#[test]
fn a_file_that_cannot_be_used_is_told_with_its_place_and_nothing_is_asked() {
    let toy = toy();
    toy.write("a.yml", "year: 2026\ncomponents:\n  bravo: [\n");
    toy.write("b.yml", "years: 2026\n");
    toy.write("c.yml", "landscape:\n  - subcategories:\n      - items:\n          - name: [1]\n");
    for (args, words) in [
        (["--platforms", "a.yml"], "a.yml:3:"),
        (["--platforms", "b.yml"], "b.yml is no file of platforms"),
        (["--platforms", "no.yml"], "cannot read no.yml"),
        (["--landscape", "c.yml"], "c.yml:4:"),
        (["--landscape", "b.yml"], "missing field `landscape` at line 1"),
    ] {
        let ended = drift(&toy, Some("x"), &args);
        assert_eq!((ended.code, ended.stdout.as_str()), (1, ""), "{args:?}");
        assert!(ended.says(words) > 0, "{words}: {}", ended.stderr);
    }
    assert_eq!(drift(&toy, Some("x"), &["--org", "no/name"]).code, 2);
    assert_eq!(toy.world().asked(), (0, 0));
}

#[test]
fn what_could_not_be_asked_is_told_and_is_no_difference() {
    let toy = toy();
    toy.world().fault("/orgs/example/repos", Fault::status(400));
    toy.world().fault("/simple/bravo/", Fault::status(400));
    let ended = drift(&toy, Some("x"), &[]);
    assert_eq!((ended.code, ended.stdout.as_str()), (0, "Nothing differs in what could be compared.\n"));
    assert_eq!(ended.says("warning: example was not compared: 400 Bad Request; "), 1, "{}", ended.stderr);
    assert_eq!(ended.says("warning: the package bravo was not compared: "), 1);
    assert_eq!(drift(&toy, Some("x"), &["--strict", "-q"]).code, 3);
}

#[test]
fn a_bad_item_of_an_organisations_list_costs_that_item_alone() {
    let toy = toy();
    let list = r#"[{"id": 1, "full_name": "no name"}, null, {"id": 201, "full_name": "example/golf"}]"#;
    toy.world().fault("/orgs/example/repos", Fault::body(list));
    toy.world().repositories.push(tagged(201, "example/golf"));
    let ended = drift(&toy, Some("x"), &[]);
    assert_eq!(ended.says("a repository cannot be read"), 2, "{}", ended.stderr);
    assert!(ended.stdout.contains("  example/golf\n"));
}

#[test]
fn without_a_token_github_gets_fifty_requests_and_is_told_of_once() {
    let projects: Vec<_> =
        (0..60).map(|n| format!("id = \"p{n}\"\nname = \"P{n}\"\ngithub = {{ repo = \"owner{n}/p{n}\" }}")).collect();
    let repositories = (0..60).map(|n| tagged(n, &format!("owner{n}/p{n}"))).collect();
    let world = World { repositories, ..World::default() };
    let toy = Toy::with_projects(world, &projects.iter().map(String::as_str).collect::<Vec<_>>());
    let ended = drift(&toy, None, &[]);
    assert_eq!((ended.code, toy.world().asked().0), (0, 50));
    assert_eq!(ended.says("set GITHUB_TOKEN"), 1, "{}", ended.stderr);
    assert!(!ended.stdout.contains("gone"), "{}", ended.stdout);
}

#[test]
fn shells_get_their_completions() {
    let toy = Toy::new();
    for shell in ["bash", "zsh", "fish"] {
        let mut command = program(&toy);
        command.args(["completions", shell]);
        let ended = Ended::of(command);
        assert_eq!(ended.code, 0);
        assert!(ended.stdout.contains("github-api") && ended.stdout.contains("drift"), "{shell}");
    }
    assert!(!toy.path("").exists());
}
