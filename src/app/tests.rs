use std::collections::BTreeSet;
use std::fmt::Write;

use super::*;
use crate::account::{Access, Role, Verb};

/// Role × route × method, to be read by a person whenever it changes.
#[test]
fn who_may_do_what_where() {
    let mut table = String::new();
    for entry in route_table() {
        let roles: Vec<&str> = Role::ALL.iter().filter(|role| role.may(entry.access)).map(|role| role.code()).collect();
        let who = match entry.access {
            Access::Public => "anybody".to_owned(),
            _ if roles.len() == Role::ALL.len() => "every role".to_owned(),
            _ => roles.join(" "),
        };
        let verb = format!("{:?}", entry.verb).to_uppercase();
        writeln!(table, "{verb:<6} {:<48} {:<17} {who}", entry.path, entry.access.code()).unwrap();
    }
    insta::assert_snapshot!(table);
}

/// Folders of `src`, as far as there is such a file in them.
fn folders_with(file: &str) -> BTreeSet<String> {
    let sources = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let folders = std::fs::read_dir(sources).unwrap().map(|entry| entry.unwrap().path());
    let holding = folders.filter(|folder| folder.join(file).exists());
    holding.map(|folder| folder.file_name().unwrap().to_str().unwrap().to_owned()).collect()
}

#[test]
fn no_room_is_left_out_of_the_house() {
    let listed: BTreeSet<String> = HOUSE.rooms.iter().map(|room| room.name.to_owned()).collect();
    assert_eq!(listed.len(), HOUSE.rooms.len(), "each once");
    let bringing = folders_with("room.rs");
    assert!(bringing.len() > 10, "{bringing:?}");
    let written_here = ["account", "leading_group", "policy", "app"].map(str::to_owned).into();
    assert_eq!(listed, &bringing | &written_here, "a folder's room.rs and the list of src/app/rooms.rs");
    let answering: BTreeSet<String> =
        ["pages", "pages.rs", "api", "api.rs"].into_iter().flat_map(folders_with).collect();
    assert!(answering.is_subset(&listed), "rooms with pages or answers to programs, {answering:?}");
}

#[test]
fn each_register_is_of_one_room() {
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("src/db/layer.rs");
    let text = std::fs::read_to_string(path).unwrap();
    let mut named: Vec<&str> = text.split("pub const ").skip(1).filter_map(|rest| rest.split('"').nth(1)).collect();
    let mut kept = HOUSE.layers();
    named.sort_unstable();
    kept.sort_unstable();
    assert!(named.len() > 5);
    assert_eq!(kept, named);
}

#[test]
fn no_two_kinds_of_jobs_have_one_name() {
    let names: BTreeSet<&str> = HOUSE.jobs().iter().map(|kind| kind.name).collect();
    assert_eq!(names.len(), HOUSE.jobs().len());
}

#[test]
fn a_card_of_the_desk_is_shown_to_whoever_may_ask_for_it() {
    let table = route_table();
    assert!(!HOUSE.desk_cards().is_empty());
    for card in HOUSE.desk_cards() {
        let route = table.iter().find(|entry| entry.path == card.address).unwrap();
        assert_eq!(route.access, card.access, "{}", card.address);
    }
}

#[test]
fn no_route_is_listed_twice() {
    let table = route_table();
    let distinct: BTreeSet<_> = table.iter().map(|entry| (entry.path, entry.verb)).collect();
    assert_eq!(distinct.len(), table.len());
}

#[test]
fn the_document_has_every_route_of_the_api_and_no_other() {
    let routes: BTreeSet<(String, Verb)> = route_table()
        .into_iter()
        .filter(|entry| entry.path.starts_with("/api/v1/"))
        .map(|entry| (entry.path.to_owned(), entry.verb))
        .collect();
    let mut documented = BTreeSet::new();
    for (path, item) in HOUSE.document(openapi::own()).paths.paths {
        let verbs = [(item.get, Verb::Get), (item.post, Verb::Post), (item.delete, Verb::Delete)];
        documented.extend(verbs.into_iter().filter(|(it, _)| it.is_some()).map(|(_, verb)| (path.clone(), verb)));
    }
    assert_eq!(routes, documented);
}

/// What programs rely on, to be read by a person whenever it changes.
#[test]
fn the_document_is_as_it_was_read() {
    insta::assert_snapshot!(serde_json::to_string_pretty(&HOUSE.document(openapi::own())).unwrap());
}

/// Every type that can stand in the document: the name it stands there by, and the codes of an enum of terms.
fn types_of_the_source() -> Vec<(String, Option<BTreeSet<String>>)> {
    let mut found = Vec::new();
    let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut folders = vec![root.join("src"), root.join("crates")];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            match path.extension().and_then(|ending| ending.to_str()) {
                None if path.is_dir() => folders.push(path),
                Some("rs") if !path.ends_with("base/src/term.rs") => {
                    let text = std::fs::read_to_string(&path).unwrap();
                    found.extend(terms_of(&text));
                    found.extend(documented_types_of(&text));
                }
                _ => {}
            }
        }
    }
    assert!(found.len() > 150, "{} types are found", found.len());
    found
}

/// `#[schema(as = Name)]` among the attributes of a type, else its own name.
fn shown_name(attributes: &str, name: &str) -> String {
    let shown = attributes.split("schema(as = ").nth(1).and_then(|rest| rest.split([')', ',']).next());
    shown.unwrap_or(name).to_owned()
}

fn word_after<'t>(text: &'t str, keyword: &str) -> Option<&'t str> {
    let rest = text.split(keyword).nth(1)?.trim_start();
    rest.split(|c: char| !c.is_alphanumeric() && c != '_').next().filter(|word| !word.is_empty())
}

/// The enums of every `terms! { … }`.
fn terms_of(text: &str) -> Vec<(String, Option<BTreeSet<String>>)> {
    let blocks = text.split("terms! {").skip(1).map(|rest| rest.split("\n}\n").next().unwrap_or(rest));
    let of_block = |block: &str| {
        let (attributes, body) = block.split_once("enum ")?;
        let name = body.split([' ', '{']).next()?;
        let codes = body.lines().filter_map(|line| line.split(" = \"").nth(1)?.split('"').next().map(str::to_owned));
        Some((shown_name(attributes, name), Some(codes.collect())))
    };
    blocks.filter_map(of_block).collect()
}

/// Types that derive the schema themselves.
fn documented_types_of(text: &str) -> Vec<(String, Option<BTreeSet<String>>)> {
    let derived = text
        .split("#[derive(")
        .skip(1)
        .filter(|rest| rest.split(")]").next().is_some_and(|derives| derives.contains("ToSchema")));
    let of_type = |rest: &str| {
        let head = rest.split(['{', ';']).next()?;
        let name = word_after(head, "struct ").or_else(|| word_after(head, "enum "))?;
        Some((shown_name(head, name), None))
    };
    derived.filter_map(of_type).collect()
}

#[test]
fn no_two_types_of_the_document_have_one_name() {
    let document = HOUSE.document(openapi::own());
    let shown = &document.components.as_ref().unwrap().schemas;
    let mut times: std::collections::BTreeMap<String, usize> = Default::default();
    for (name, _) in types_of_the_source() {
        *times.entry(name).or_default() += 1;
    }
    let twice: Vec<_> = times.iter().filter(|(name, times)| **times > 1 && shown.contains_key(*name)).collect();
    assert!(twice.is_empty(), "give each its own by #[schema(as = …)]: {twice:?}");
    for own in ["NoticeStepForm", "BreachStepForm"] {
        assert!(shown.contains_key(own), "{own}");
    }
}

#[test]
fn every_enumeration_of_the_document_lists_the_codes_that_are_spoken() {
    let document = serde_json::to_value(HOUSE.document(openapi::own())).unwrap();
    let terms: std::collections::BTreeMap<String, BTreeSet<String>> =
        types_of_the_source().into_iter().filter_map(|(name, codes)| Some((name, codes?))).collect();
    let mut held = 0;
    for (name, schema) in document["components"]["schemas"].as_object().unwrap() {
        let Some(listed) = schema["enum"].as_array() else { continue };
        let listed: BTreeSet<String> = listed.iter().filter_map(|code| code.as_str().map(str::to_owned)).collect();
        match terms.get(name) {
            Some(codes) => {
                assert_eq!(&listed, codes, "{name}");
                held += 1;
            }
            None => assert!(listed.iter().all(|code| is_code(code)), "{name}: {listed:?}"),
        }
    }
    assert!(held > 30, "only {held} enumerations were held against their terms");
    within(&document, &mut |listed| {
        assert!(listed.iter().filter_map(serde_json::Value::as_str).all(is_code), "{listed:?}");
    });
}

/// Not the name of a variant.
fn is_code(code: &str) -> bool {
    !code.is_empty() && !code.chars().any(|c| c.is_ascii_uppercase() || c.is_whitespace())
}

/// Every `enum` anywhere in the document.
fn within(value: &serde_json::Value, look: &mut dyn FnMut(&[serde_json::Value])) {
    match value {
        serde_json::Value::Array(items) => items.iter().for_each(|item| within(item, look)),
        serde_json::Value::Object(fields) => {
            if let Some(serde_json::Value::Array(listed)) = fields.get("enum") {
                look(listed);
            }
            fields.values().for_each(|field| within(field, look));
        }
        _ => {}
    }
}
