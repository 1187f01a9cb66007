//! `deny.toml` holds for what is built: licences, sources, versions. Its own tool takes minutes to build and is asked where it is
//! installed; this reads the same file each time.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;
use std::process::Command;

use serde_json::Value;

fn toml_file(name: &str) -> toml::Table {
    fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(name)).unwrap().parse().unwrap()
}

fn texts(list: &toml::Value) -> BTreeSet<String> {
    list.as_array().unwrap().iter().map(|it| it.as_str().unwrap().to_owned()).collect()
}

/// The packages that are built on this machine, as cargo knows them without asking anybody.
fn packages(denied: &toml::Table) -> Vec<Value> {
    let here = |target: &&String| target.starts_with(std::env::consts::ARCH);
    let targets = texts(&denied["graph"]["targets"]);
    let target = targets.iter().find(here).expect("deny.toml names the target of this machine");
    let output = Command::new(env!("CARGO"))
        .args(["metadata", "--format-version", "1", "--offline", "--locked", "--filter-platform", target])
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let metadata: Value = serde_json::from_slice(&output.stdout).unwrap();
    metadata["packages"].as_array().unwrap().clone()
}

/// Whether a licence expression can be kept with those that are allowed: `OR` offers, `AND` asks for both, and an old `/` is an `OR`.
fn is_satisfied(expression: &str, allowed: &BTreeSet<String>) -> bool {
    let spaced = expression.replace('(', " ( ").replace(')', " ) ").replace('/', " OR ").replace(" WITH ", "_WITH_");
    let words: Vec<&str> = spaced.split_whitespace().collect();
    let mut rest = words.as_slice();
    let satisfied = any_of(&mut rest, allowed);
    satisfied && rest.is_empty()
}

fn any_of(rest: &mut &[&str], allowed: &BTreeSet<String>) -> bool {
    let mut satisfied = all_of(rest, allowed);
    while let [first, others @ ..] = *rest
        && *first == "OR"
    {
        *rest = others;
        satisfied |= all_of(rest, allowed);
    }
    satisfied
}

fn all_of(rest: &mut &[&str], allowed: &BTreeSet<String>) -> bool {
    let mut satisfied = one(rest, allowed);
    while let [first, others @ ..] = *rest
        && *first == "AND"
    {
        *rest = others;
        satisfied &= one(rest, allowed);
    }
    satisfied
}

fn one(rest: &mut &[&str], allowed: &BTreeSet<String>) -> bool {
    let Some((first, others)) = rest.split_first() else { return false };
    *rest = others;
    if *first != "(" {
        return allowed.contains(&first.replace("_WITH_", " WITH "));
    }
    let satisfied = any_of(rest, allowed);
    match rest.split_first() {
        Some((&")", others)) => *rest = others,
        _ => return false,
    }
    satisfied
}

#[test]
fn every_licence_is_allowed_and_every_exception_needed() {
    let denied = toml_file("deny.toml");
    let licences = &denied["licenses"];
    let allowed = texts(&licences["allow"]);
    let exceptions: BTreeMap<&str, BTreeSet<String>> = licences["exceptions"]
        .as_array()
        .unwrap()
        .iter()
        .map(|it| (it["name"].as_str().unwrap(), texts(&it["allow"])))
        .collect();
    let packages = packages(&denied);
    assert!(packages.len() > 100, "{} packages", packages.len());
    let refused: BTreeMap<&str, &str> = packages
        .iter()
        .map(|package| (package["name"].as_str().unwrap(), package["license"].as_str().unwrap_or("none")))
        .filter(|(_, licence)| !is_satisfied(licence, &allowed))
        .collect();
    for (name, licence) in &refused {
        let also = exceptions.get(name).unwrap_or_else(|| panic!("{name} is under {licence}"));
        assert!(is_satisfied(licence, &(&allowed | also)), "{name} is under {licence}");
    }
    let needed: Vec<&&str> = refused.keys().collect();
    assert_eq!(needed, exceptions.keys().collect::<Vec<_>>(), "an exception nobody needs goes");
}

#[test]
fn everything_comes_of_an_allowed_registry() {
    let (denied, lock) = (toml_file("deny.toml"), toml_file("Cargo.lock"));
    let sources = &denied["sources"];
    assert_eq!((sources["unknown-registry"].as_str(), sources["unknown-git"].as_str()), (Some("deny"), Some("deny")));
    let allowed: BTreeSet<String> =
        texts(&sources["allow-registry"]).into_iter().map(|index| format!("registry+{index}")).collect();
    let manifests = ["muheng", "muheng-base", "muheng-entitlement", "muheng-exchange", "muheng-scoring"];
    for package in lock["package"].as_array().unwrap() {
        let name = package["name"].as_str().unwrap();
        match package.get("source").and_then(toml::Value::as_str) {
            Some(source) => assert!(allowed.contains(source), "{name} comes from {source}"),
            None => assert!(manifests.contains(&name), "{name} comes from somewhere beside the registry"),
        }
    }
}

#[test]
fn what_goes_from_hand_to_hand_is_there_once() {
    let (denied, lock) = (toml_file("deny.toml"), toml_file("Cargo.lock"));
    let mut versions: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for package in lock["package"].as_array().unwrap() {
        versions.entry(package["name"].as_str().unwrap()).or_default().insert(package["version"].as_str().unwrap());
    }
    for ban in denied["bans"]["deny"].as_array().unwrap() {
        let name = ban["name"].as_str().unwrap();
        assert_eq!(ban["deny-multiple-versions"].as_bool(), Some(true), "{name}: only this kind of ban is read here");
        let found = versions.get(name).unwrap_or_else(|| panic!("{name} is used no more"));
        assert_eq!(found.len(), 1, "{name} in {found:?}");
    }
}

#[test]
fn no_dependency_takes_any_version() {
    let denied = toml_file("deny.toml");
    assert_eq!(denied["bans"]["wildcards"].as_str(), Some("deny"));
    let own = packages(&denied).into_iter().filter(|package| package["source"].is_null());
    for package in own {
        for dependency in package["dependencies"].as_array().unwrap() {
            let of_registry = !dependency["source"].is_null();
            assert!(!of_registry || dependency["req"] != "*", "{} of {}", dependency["name"], package["name"]);
        }
    }
}

#[test]
fn a_licence_expression_is_read_as_it_is_meant() {
    let allowed: BTreeSet<String> = ["MIT", "Zlib", "Apache-2.0 WITH LLVM-exception"].map(str::to_owned).into();
    for kept in ["MIT", "MIT OR GPL-3.0", "GPL-3.0/MIT", "(GPL-3.0 OR MIT) AND Zlib", "Apache-2.0 WITH LLVM-exception"]
    {
        assert!(is_satisfied(kept, &allowed), "{kept}");
    }
    for refused in ["GPL-3.0", "MIT AND GPL-3.0", "(MIT OR Zlib) AND GPL-3.0", "Apache-2.0", "", "(MIT", "MIT Zlib"] {
        assert!(!is_satisfied(refused, &allowed), "{refused}");
    }
    assert!(is_satisfied("MIT OR Zlib AND GPL-3.0", &allowed), "AND binds closer");
}
