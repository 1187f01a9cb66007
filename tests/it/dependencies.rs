//! Each crate names in its manifest what its sources use, and nothing else.

use std::fs;
use std::path::Path;

/// Where the sources of a crate stand, and whether its tests are among them.
const CRATES: [(&str, &[&str], &[&str]); 4] = [
    ("", &["src", "build.rs"], &["src", "tests", "benches"]),
    ("crates/base", &["src"], &["src"]),
    ("crates/exchange", &["src"], &["src"]),
    ("crates/scoring", &["src"], &["src"]),
];

/// What a dependency is called in the sources.
fn name_in_sources(key: &str) -> String {
    match key {
        "kamadak-exif" => "exif".to_owned(),
        key => key.replace('-', "_"),
    }
}

fn texts(place: &Path, found: &mut String) {
    if place.is_dir() {
        fs::read_dir(place).unwrap().for_each(|entry| texts(&entry.unwrap().path(), found));
    } else if place.extension().is_some_and(|ending| ending == "rs") {
        found.push_str(&fs::read_to_string(place).unwrap());
    }
}

/// Whether a crate is named in a path (`name::`), brought in (`use name`) or handed on (`pub use name;`).
fn is_used(name: &str, text: &str) -> bool {
    let begins_a_word = |at: usize| !text[..at].ends_with(|c: char| c.is_alphanumeric() || c == '_');
    let ends_the_name = |at: usize| {
        let rest = &text[at + name.len()..];
        rest.starts_with("::") || (rest.starts_with(';') && text[..at].ends_with("use "))
    };
    text.match_indices(name).any(|(at, _)| begins_a_word(at) && ends_the_name(at))
}

fn unused(folder: &str, section: &str, places: &[&str]) -> Vec<String> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join(folder);
    let manifest: toml::Table = fs::read_to_string(root.join("Cargo.toml")).unwrap().parse().unwrap();
    let mut text = String::new();
    places.iter().for_each(|place| texts(&root.join(place), &mut text));
    let named = manifest.get(section).and_then(toml::Value::as_table).map(|it| it.keys().cloned().collect());
    let named: Vec<String> = named.unwrap_or_default();
    let missing = |key: &String| !is_used(&name_in_sources(key), &text);
    named.into_iter().filter(missing).map(|key| format!("{folder}: {section}: {key}")).collect()
}

#[test]
fn every_dependency_is_used() {
    let mut found = Vec::new();
    for (folder, sources, with_tests) in CRATES {
        found.extend(unused(folder, "dependencies", sources));
        found.extend(unused(folder, "dev-dependencies", with_tests));
    }
    assert!(found.is_empty(), "{found:#?}");
}

#[test]
fn a_name_within_another_is_none() {
    assert!(is_used("geo", "use geo::Area;"));
    assert!(is_used("exchange", "pub use exchange;"));
    assert!(!is_used("geo", "use geojson::Value; mygeo::x"));
    assert!(!is_used("csv", "let csv = 1;"));
}
