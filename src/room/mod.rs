//! What a room brings to the house, and what becomes of it all together. The application lists the rooms; nobody else has a list.
//!
//! A room's `room.rs` holds its one [`Room`], with what it does not bring left [`EMPTY`](Room::EMPTY).

mod contract_links;
mod desk_card;

use utoipa::openapi::OpenApi;

pub use contract_links::{ContractLinks, Link, SubjectLinks};
pub use desk_card::DeskCard;

use crate::account::{Routes, WorkItems};
use crate::jobs::{JobKind, Service};
use crate::policy::recheck::Check;
use crate::policy::rule::Rule;

/// Everything a room is asked for from outside.
#[derive(Clone, Copy)]
pub struct Room {
    /// Its folder.
    pub name: &'static str,
    /// Pages for people. Those that show what other rooms bring find it in the house.
    pub routes: fn(&House) -> Routes,
    /// Answers to programs.
    pub api: Option<Api>,
    /// What waits for a person here.
    pub work_items: &'static [WorkItems],
    /// What the desk shows of it, loaded after the page.
    pub desk_cards: &'static [DeskCard],
    /// What a contract's page shows of it.
    pub contract_links: &'static [ContractLinks],
    /// What the pages of an enterprise and of a parcel show of it, by the code of either.
    pub subject_links: &'static [SubjectLinks],
    /// Rules that carry out articles.
    pub rules: &'static [Rule],
    /// Checks that leave receipts.
    pub rechecks: &'static [Check],
    /// Long work that people ask for.
    pub jobs: &'static [JobKind],
    /// What goes on by itself while the server runs.
    pub services: &'static [Service],
    /// Registers whose revisions it raises, by the names in [`db::layer`](crate::db::layer).
    pub layers: &'static [&'static str],
}

impl Room {
    pub const EMPTY: Room = Room {
        name: "",
        routes: |_| Routes::new(),
        api: None,
        work_items: &[],
        desk_cards: &[],
        contract_links: &[],
        subject_links: &[],
        rules: &[],
        rechecks: &[],
        jobs: &[],
        services: &[],
        layers: &[],
    };
}

/// Routes under `/api/v1` and their part of the document; the two name the same.
#[derive(Clone, Copy)]
pub struct Api {
    pub routes: fn() -> Routes,
    pub document: fn() -> OpenApi,
}

/// All rooms together. Their order is that of the desk.
#[derive(Clone, Copy)]
pub struct House {
    pub rooms: &'static [Room],
}

impl House {
    pub fn routes(&self) -> Routes {
        self.rooms.iter().fold(Routes::new(), |routes, room| {
            let api = room.api.map_or_else(Routes::new, |api| (api.routes)());
            routes.merge((room.routes)(self)).merge(api)
        })
    }

    /// What `head` says, and every room's part.
    pub fn document(&self, head: OpenApi) -> OpenApi {
        let parts = self.rooms.iter().filter_map(|room| room.api);
        parts.fold(head, |document, api| document.merge_from((api.document)()))
    }

    pub fn work_items(&self) -> Vec<WorkItems> {
        self.all(|room| room.work_items)
    }

    pub fn desk_cards(&self) -> Vec<DeskCard> {
        self.all(|room| room.desk_cards)
    }

    pub fn contract_links(&self) -> Vec<ContractLinks> {
        self.all(|room| room.contract_links)
    }

    pub fn subject_links(&self) -> Vec<SubjectLinks> {
        self.all(|room| room.subject_links)
    }

    pub fn rules(&self) -> Vec<Rule> {
        self.all(|room| room.rules)
    }

    pub fn rechecks(&self) -> Vec<Check> {
        self.all(|room| room.rechecks)
    }

    pub fn jobs(&self) -> Vec<JobKind> {
        self.all(|room| room.jobs)
    }

    pub fn services(&self) -> Vec<Service> {
        self.all(|room| room.services)
    }

    pub fn layers(&self) -> Vec<&'static str> {
        self.all(|room| room.layers)
    }

    fn all<T: Copy + 'static>(&self, part: fn(&Room) -> &'static [T]) -> Vec<T> {
        self.rooms.iter().flat_map(part).copied().collect()
    }
}
