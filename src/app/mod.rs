//! The whole web application: every room's routes behind one gate.

mod openapi;
pub mod retention;
mod rooms;
mod rules;

pub use rooms::HOUSE;
pub use rules::{check_coverage, checks, rules};

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::middleware;
use tower_http::catch_panic::CatchPanicLayer;

use crate::account::{Gate, RouteEntry, Routes};
use crate::jobs::{self, Context};
use crate::web::{self, AppState, Error, Shell, csrf, headers};
use crate::{completeness, map};

/// A form is small; uploads say their own bound.
const LARGEST_FORM: usize = 256 * 1024;

pub fn routes() -> Routes {
    HOUSE.routes()
}

/// Everything that goes on outside of requests, each on a task of its own, until the program ends.
pub fn work(context: &Context) {
    for kind in HOUSE.jobs() {
        tokio::spawn(jobs::runner::work(context.clone(), kind));
    }
    for service in HOUSE.services() {
        tokio::spawn(service(context.clone()));
    }
}

/// Who may do what where, for the reviewed snapshot.
pub fn route_table() -> Vec<RouteEntry> {
    let (_, mut table) = routes().into_parts();
    table.sort();
    table
}

pub fn router(state: AppState) -> Router {
    let shell = Shell {
        district_name: state.settings.district_name.clone(),
        synthetic: state.settings.synthetic,
        ..Shell::default()
    };
    let gate = Gate::new(state.pool.clone(), state.clock, state.settings.district.clone(), shell);
    let policy = headers::content_security_policy(state.settings.basemap.as_deref());
    let (router, _) = routes().into_parts();
    router
        .fallback(async || Error::NotFound("没有这个页面".into()))
        .layer(DefaultBodyLimit::max(LARGEST_FORM))
        .layer(middleware::from_fn(csrf::refuse_cross_site))
        .layer(axum::Extension(gate))
        .layer(axum::Extension(map::MapCache::default()))
        .layer(axum::Extension(completeness::Counted::default()))
        .layer(middleware::from_fn(web::entry::address))
        .layer(CatchPanicLayer::custom(web::error::panicked))
        .layer(middleware::from_fn(web::error::problems_as_pages))
        .layer(middleware::map_response(move |response| {
            let policy = policy.clone();
            async move { headers::harden(response, &policy) }
        }))
        .with_state(state)
}

#[cfg(test)]
mod tests;
