//! Routes with what they ask for. A route cannot be added without naming its [`Access`].

use axum::Router;
use axum::extract::{DefaultBodyLimit, Request};
use axum::handler::Handler;
use axum::middleware::{self, Next};
use axum::routing::{MethodFilter, MethodRouter, on};

use super::access::Access;
use super::gate;
use crate::web::AppState;

/// One line of the snapshot that reviewers read.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct RouteEntry {
    pub path: &'static str,
    pub verb: Verb,
    pub access: Access,
}

/// The methods in use.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Verb {
    Get,
    Post,
    Delete,
}

/// A room's routes. Rooms build one; the app merges them.
#[derive(Default)]
pub struct Routes {
    router: Router<AppState>,
    table: Vec<RouteEntry>,
}

impl Routes {
    pub fn new() -> Self {
        Self::default()
    }

    pub fn get<H, T>(self, path: &'static str, access: Access, handler: H) -> Self
    where
        H: Handler<T, AppState>,
        T: 'static,
    {
        self.on(Verb::Get, path, access, on(MethodFilter::GET, handler))
    }

    pub fn post<H, T>(self, path: &'static str, access: Access, handler: H) -> Self
    where
        H: Handler<T, AppState>,
        T: 'static,
    {
        self.on(Verb::Post, path, access, on(MethodFilter::POST, handler))
    }

    pub fn delete<H, T>(self, path: &'static str, access: Access, handler: H) -> Self
    where
        H: Handler<T, AppState>,
        T: 'static,
    {
        self.on(Verb::Delete, path, access, on(MethodFilter::DELETE, handler))
    }

    /// A POST that takes a file of up to `bytes`.
    pub fn upload<H, T>(self, path: &'static str, access: Access, bytes: usize, handler: H) -> Self
    where
        H: Handler<T, AppState>,
        T: 'static,
    {
        self.on(Verb::Post, path, access, on(MethodFilter::POST, handler).layer(DefaultBodyLimit::max(bytes)))
    }

    pub fn merge(mut self, other: Routes) -> Self {
        self.router = self.router.merge(other.router);
        self.table.extend(other.table);
        self
    }

    pub fn into_parts(self) -> (Router<AppState>, Vec<RouteEntry>) {
        (self.router, self.table)
    }

    fn on(mut self, verb: Verb, path: &'static str, access: Access, handler: MethodRouter<AppState>) -> Self {
        let guarded =
            handler.layer(middleware::from_fn(move |request: Request, next: Next| gate::admit(access, request, next)));
        self.router = self.router.route(path, guarded);
        self.table.push(RouteEntry { path, verb, access });
        self
    }
}
