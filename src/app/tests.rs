use std::collections::BTreeSet;
use std::fmt::Write;

use utoipa::OpenApi;

use super::*;
use crate::account::{Role, Verb};

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
    for (path, item) in openapi::Document::openapi().paths.paths {
        let verbs = [(item.get, Verb::Get), (item.post, Verb::Post), (item.delete, Verb::Delete)];
        documented.extend(verbs.into_iter().filter(|(it, _)| it.is_some()).map(|(_, verb)| (path.clone(), verb)));
    }
    assert_eq!(routes, documented);
}
