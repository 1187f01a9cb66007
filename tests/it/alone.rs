//! A clone alone is enough: nothing in the repository names a place beside it.

use std::fs;
use std::path::{Path, PathBuf};

/// Made when building or running, and no part of the repository.
const NOT_OURS: [&str; 5] = [".git", "target", "node_modules", "dist", ".muheng"];

/// Names that an upload may carry; tests hold that they lead nowhere.
const NAMES_OF_UPLOADS: [&str; 5] =
    ["../../etc/passwd", "../../.bashrc", "../../地块/宗地", "../a.geojson", "../a.xml"];

/// Where people keep what no clone has.
const PRIVATE: [&str; 5] = ["/home/", "/root/", "/mnt/", "/srv/", "~/"];

const THIS_FILE: &str = "tests/it/alone.rs";

fn walk(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap().map(Result::unwrap) {
        if NOT_OURS.contains(&entry.file_name().to_str().unwrap()) {
            continue;
        }
        if entry.file_type().unwrap().is_dir() {
            walk(&entry.path(), found);
        } else {
            found.push(entry.path());
        }
    }
}

/// Whether a path on this line is looked up from the folder of the file; others are looked up from the repository.
fn is_relative_to_its_file(file: &str, line: &str) -> bool {
    match file.rsplit('.').next() {
        Some("ts" | "js" | "mjs" | "css" | "html" | "json" | "md") => true,
        Some("rs") => line.contains("include_str!") || line.contains("include_bytes!") || line.contains("#[path"),
        _ => false,
    }
}

/// Whether a path climbs above the repository from `depth` folders within it.
fn leaves(path: &str, mut depth: i32) -> bool {
    for step in path.split('/') {
        match step {
            "" | "." => {}
            ".." => depth -= 1,
            _ => depth += 1,
        }
        if depth < 0 {
            return true;
        }
    }
    false
}

/// The paths on a line of a file (named from the repository on) that lead out of the repository.
fn leading_out<'a>(file: &str, line: &'a str) -> Vec<&'a str> {
    let folders = file.matches('/').count() as i32;
    let depth = if is_relative_to_its_file(file, line) { folders } else { 0 };
    // Scripts go to the repository first, from wherever they were called.
    let line = if folders == 1 { line.strip_prefix("cd \"$(dirname \"$0\")/..\"").unwrap_or(line) } else { line };
    let words = line.split(|c: char| c.is_whitespace() || "\"'`()[]{}<>,;=|&$".contains(c));
    words
        .filter(|word| word.contains('/') && !NAMES_OF_UPLOADS.contains(word))
        .filter(|word| leaves(word, depth) || PRIVATE.iter().any(|place| word.starts_with(place)))
        .collect()
}

#[test]
fn nothing_is_looked_for_beside_the_repository() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut files = Vec::new();
    walk(root, &mut files);
    let mut faults = Vec::new();
    for path in &files {
        let file = path.strip_prefix(root).unwrap().to_str().unwrap();
        if fs::symlink_metadata(path).unwrap().is_symlink() {
            faults.push(format!("{file} is a symbolic link"));
        }
        let Ok(text) = fs::read_to_string(path) else { continue };
        if file != THIS_FILE {
            let found = |(place, line)| leading_out(file, line).into_iter().map(move |path| (place + 1, path));
            let found = text.lines().enumerate().flat_map(found);
            faults.extend(found.map(|(place, path)| format!("{file}:{place}: {path}")));
        }
    }
    assert!(files.len() > 1000 && files.iter().any(|file| file.ends_with("scripts/with-database")), "{}", files.len());
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

#[test]
fn what_leads_out_is_noticed() {
    let out = |file: &str, line: &str| !leading_out(file, line).is_empty();
    assert!(out("src/exchange/tests.rs", r#"root.join("../shared/examples")"#));
    assert!(out("tests/it/a.rs", r#"concat!(env!("CARGO_MANIFEST_DIR"), "/../shared/a.txt")"#));
    assert!(out("tests/it/a.rs", r#"root.join("tests/../../beside")"#));
    assert!(out("src/policy/a.rs", r#"include_str!("../../../beside.toml")"#));
    assert!(out("benches/import", "cat ../parcels.geojson"));
    assert!(out("benches/import", "cat ~/parcels.geojson"));
    assert!(out("Makefile", "cp ../a b"));
    assert!(out("assets/src/a.ts", r#"import { a } from "../../../a";"#));
    assert!(!out("src/policy/a.rs", r#"include_str!("../../policy/a.toml")"#));
    assert!(!out("assets/src/draw/a.ts", r#"import { a } from "../map/words";"#));
    assert!(!out("scripts/install", r#"cd "$(dirname "$0")/..""#));
    assert!(out("Makefile", r#"cd "$(dirname "$0")/..""#));
    assert!(!out("src/a.rs", "let all = &bytes[..4]; // tests/it, a/b"));
}
