//! People, what they may do, and the record of what they did.

pub mod access;
mod act;
mod anonymous;
mod attempt;
pub mod audit;
pub mod audit_entry;
pub mod audit_store;
pub mod deeds;
mod demonstration;
pub mod gate;
pub mod list;
mod officer;
pub mod pages;
pub mod password;
mod reader;
pub mod role;
mod routes;
mod session;
mod sign_in;
pub mod store;
pub mod work;

use chrono::{DateTime, Utc};
use uuid::Uuid;

pub use access::Access;
pub use act::Act;
pub use audit::{Actor, Deed};
pub use demonstration::{DEMONSTRATION_PASSWORD, create_demonstration_accounts, demonstration_accounts};
pub use gate::Gate;
pub use list::List;
pub use officer::Officer;
pub use reader::{Public, Reader};
pub use role::{Department, Role};
pub use routes::{RouteEntry, Routes, Verb};
pub use work::{WorkItem, WorkItems};

/// An account as the administrator sees it.
#[derive(Clone, Debug)]
pub struct Account {
    pub id: Uuid,
    pub login: String,
    pub name: String,
    pub roles: Vec<Role>,
    pub department: Option<Department>,
    pub subdistrict: Option<String>,
    pub active: bool,
    pub demonstration: bool,
    pub version: i32,
}

impl Account {
    pub fn actor(&self) -> Actor {
        Actor::person(self.id, &self.name, &self.login)
    }
}

#[derive(Clone, Debug)]
pub struct NewAccount {
    pub login: String,
    pub name: String,
    pub roles: Vec<Role>,
    pub department: Option<Department>,
    pub subdistrict: Option<String>,
    pub demonstration: bool,
}

/// A key for a program, acting with one role until it expires or is revoked.
#[derive(Clone, Debug)]
pub struct ApiToken {
    pub id: Uuid,
    pub name: String,
    pub role: Role,
    pub created_by: Uuid,
    pub created_at: DateTime<Utc>,
    pub expires_at: DateTime<Utc>,
    pub revoked_at: Option<DateTime<Utc>>,
}
