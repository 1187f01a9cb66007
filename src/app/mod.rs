//! The whole web application: every room's routes behind one gate.

mod openapi;
pub mod retention;
mod rules;

pub use rules::{check_coverage, checks, rules};

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::middleware;
use tower_http::catch_panic::CatchPanicLayer;

use crate::account::{self, Access, Gate, RouteEntry, Routes};
use crate::web::{self, AppState, Error, Shell, csrf, headers};
use crate::{
    admission, completeness, contract, desk, dossier, enterprise, importing, inspection, low_efficiency, map,
    obligations, parcel, planning, policy, review, supervision,
};

/// A form is small; uploads say their own bound.
const LARGEST_FORM: usize = 256 * 1024;

pub fn routes() -> Routes {
    Routes::new()
        .merge(account::pages::routes())
        .merge(desk::pages::routes())
        .merge(policy::pages::routes(rules()))
        .merge(parcel::pages::routes())
        .merge(parcel::api::routes())
        .merge(enterprise::pages::routes())
        .merge(enterprise::api::routes())
        .merge(completeness::pages::routes())
        .merge(completeness::api::routes())
        .merge(admission::case::pages::routes())
        .merge(admission::case::api::routes())
        .merge(openapi::routes())
        .merge(importing::pages::routes())
        .merge(importing::api::routes())
        .merge(inspection::routes())
        .merge(low_efficiency::pages::routes())
        .merge(low_efficiency::api::routes())
        .merge(obligations::api::routes())
        .merge(contract::api::routes())
        .merge(review::pages::routes())
        .merge(review::api::routes())
        .merge(supervision::notice::pages::routes())
        .merge(supervision::notice::api::routes())
        .merge(supervision::breach::pages::routes())
        .merge(supervision::breach::api::routes())
        .merge(obligations::pages::routes())
        .merge(contract::pages::routes())
        .merge(admission::api::routes())
        .merge(map::routes())
        .merge(planning::pages::routes())
        .merge(planning::api::routes())
        .merge(dossier::routes())
        .get("/assets/{*file}", Access::Public, web::assets::serve)
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
