//! What the page of a contract, an enterprise or a parcel shows of a room above it: under one word, links with how each stands.

use futures_util::future::BoxFuture;

use crate::account::Officer;
use crate::web::{AppState, Result};

#[derive(Clone, Copy)]
pub struct ContractLinks {
    pub title: &'static str,
    /// Said where there is none.
    pub none: &'static str,
    /// Those of the contract with this number, for this reader.
    pub find: FindLinks,
}

/// The same of an enterprise by its credit code, and of a parcel by its code.
pub type SubjectLinks = ContractLinks;

pub type FindLinks = for<'a> fn(&'a AppState, &'a Officer, &'a str) -> BoxFuture<'a, Result<Vec<Link>>>;

/// One of them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Link {
    pub href: String,
    pub label: String,
    /// How it stands, beside the link.
    pub state: String,
}
