//! The files of `migrations/` and the table of its README.

use std::fs;
use std::path::Path;

fn folder() -> std::path::PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("migrations")
}

/// Names of the files, in their order.
fn files() -> Vec<String> {
    let entries = fs::read_dir(folder()).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap());
    let mut names: Vec<String> = entries.filter(|name| name.ends_with(".sql")).collect();
    names.sort();
    names
}

/// What the rows of the table name in their first cell, in their order.
fn named(readme: &str) -> Vec<String> {
    readme
        .lines()
        .filter_map(|line| line.strip_prefix("| `")?.split_once('`'))
        .map(|(name, _)| name.to_owned())
        .collect()
}

#[test]
fn the_readme_names_each_file_once_in_its_order() {
    assert_eq!(named(&fs::read_to_string(folder().join("README.md")).unwrap()), files());
}

#[test]
fn numbers_follow_one_another() {
    let files = files();
    assert!(files.len() >= 14, "{files:?}");
    for (place, name) in files.iter().enumerate() {
        assert!(name.starts_with(&format!("{:04}_", place + 1)), "{name} is not the file after {place}");
    }
}

/// Statements sent together are a transaction again, in which no index can be built beside those who write.
#[test]
fn a_file_without_a_transaction_is_one_statement() {
    for name in files() {
        let text = fs::read_to_string(folder().join(&name)).unwrap();
        let is_concurrent = text.lines().any(|line| !line.starts_with("--") && line.contains("CONCURRENTLY"));
        assert_eq!(
            text.starts_with("-- no-transaction\n"),
            is_concurrent,
            "{name}: `-- no-transaction` and CONCURRENTLY go together"
        );
        assert!(!is_concurrent || text.matches(';').count() == 1, "{name} holds more than one statement");
    }
}
