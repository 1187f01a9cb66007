//! Routes with what they ask for. A route cannot be added without naming its [`Access`].

use axum::Router;
use axum::extract::{DefaultBodyLimit, Request};
use axum::handler::Handler;
use axum::middleware::{self, Next};
use axum::response::{IntoResponse, Response};
use axum::routing::{MethodFilter, MethodRouter, on};

use super::access::Access;
use super::anonymous::AllAnonymous;
use super::gate;
use crate::permits::{self, Step};
use crate::web::{AppState, Error, entry};

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
        self.on(Verb::Get, path, access, None, on(MethodFilter::GET, handler))
    }

    /// Open to all, signed in or not: the handler takes [`Public`](super::Public) or nobody, and nothing that holds a scope.
    pub fn get_open<H, T>(self, path: &'static str, handler: H) -> Self
    where
        H: Handler<T, AppState>,
        T: AllAnonymous + 'static,
    {
        self.on(Verb::Get, path, Access::Public, None, on(MethodFilter::GET, handler))
    }

    /// As [`get_open`](Self::get_open).
    pub fn post_open<H, T>(self, path: &'static str, handler: H) -> Self
    where
        H: Handler<T, AppState>,
        T: AllAnonymous + 'static,
    {
        self.on(Verb::Post, path, Access::Public, None, on(MethodFilter::POST, handler))
    }

    pub fn post<H, T>(self, path: &'static str, access: Access, handler: H) -> Self
    where
        H: Handler<T, AppState>,
        T: 'static,
    {
        self.on(Verb::Post, path, access, None, on(MethodFilter::POST, handler))
    }

    pub fn delete<H, T>(self, path: &'static str, access: Access, handler: H) -> Self
    where
        H: Handler<T, AppState>,
        T: 'static,
    {
        self.on(Verb::Delete, path, access, None, on(MethodFilter::DELETE, handler))
    }

    /// A POST that takes a file of up to `bytes`.
    pub fn upload<H, T>(self, path: &'static str, access: Access, bytes: usize, handler: H) -> Self
    where
        H: Handler<T, AppState>,
        T: 'static,
    {
        self.on(Verb::Post, path, access, Some(bytes), on(MethodFilter::POST, handler))
    }

    pub fn merge(mut self, other: Routes) -> Self {
        self.router = self.router.merge(other.router);
        self.table.extend(other.table);
        self
    }

    pub fn into_parts(self) -> (Router<AppState>, Vec<RouteEntry>) {
        (self.router, self.table)
    }

    /// What a request meets, from the outside in: who it is, its share of what arrives at once, the bound of its body, the gate for
    /// text, the handler.
    fn on(
        mut self,
        verb: Verb,
        path: &'static str,
        access: Access,
        upload: Option<usize>,
        handler: MethodRouter<AppState>,
    ) -> Self {
        let mut guarded = handler.layer(middleware::from_fn(entry::body));
        if let Some(bytes) = upload {
            guarded = guarded.layer(DefaultBodyLimit::max(bytes)).layer(middleware::from_fn(receiving));
        }
        let guarded =
            guarded.layer(middleware::from_fn(move |request: Request, next: Next| gate::admit(access, request, next)));
        self.router = self.router.route(path, guarded);
        self.table.push(RouteEntry { path, verb, access });
        self
    }
}

/// Large bodies lie in memory while they arrive: only so many at once.
async fn receiving(request: Request, next: Next) -> Response {
    match permits::during(Step::Receiving, next.run(request)).await {
        Ok(response) => response,
        Err(refused) => Error::from(refused).into_response(),
    }
}
