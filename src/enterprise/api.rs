//! Enterprises, their returns and who uses what, for programs.

#![allow(unused_qualifications, reason = "the macro that documents a handler writes its parameters out in full")]

pub mod editing;

use axum::Json;
use axum::extract::{Path, Query, State};
use chrono::{Datelike, NaiveDate};
use serde::Deserialize;
use utoipa::IntoParams;

use super::list::ListParameters;
use super::rules::{ParcelUse, parcel_sum};
use super::store;
use super::view::{
    EnterpriseDetail, EnterpriseList, EnterpriseVersionView, EnterpriseView, FigureView, HoldingView, LandView,
    Occupancies, OccupancyView, Returns,
};
use crate::account::{Access, Officer, Routes};
use crate::base::text::Seen;
use crate::base::unit::SquareMetre;
use crate::db::keyset::Page;
use crate::db::{PgPool, Scope};
use crate::web::list::Parameters;
use crate::web::{self, AppState, Error, cursor, list};

pub fn routes() -> Routes {
    Routes::new()
        .get("/api/v1/enterprises", Access::ReadRegisters, list)
        .get("/api/v1/enterprises/{uscc}", Access::ReadRegisters, one)
        .get("/api/v1/enterprises/{uscc}/returns", Access::ReadRegisters, returns)
        .get("/api/v1/occupancies", Access::ReadRegisters, occupancies)
        .merge(editing::routes())
}

pub(super) fn not_found(uscc: &str) -> Error {
    Error::NotFound(format!("没有信用代码为 {uscc} 的企业"))
}

/// Enterprises on a day, page by page.
#[utoipa::path(
    get,
    path = "/api/v1/enterprises",
    tag = "enterprises",
    params(ListParameters),
    responses(
        (status = 200, description = "One page of the list", body = EnterpriseList),
        (status = 400, description = "A parameter cannot be read", body = web::error::Problem),
    )
)]
pub async fn list(
    State(state): State<AppState>,
    officer: Officer,
    Query(parameters): Query<ListParameters>,
) -> web::Result<Json<EnterpriseList>> {
    let query = parameters.query(state.clock.today())?;
    let (position, size) = (parameters.position()?, parameters.page_size()?);
    let page = store::page(&state.pool, &officer.scope, &query, &position, size).await?;
    Ok(Json(EnterpriseList {
        district: officer.scope.county().to_owned(),
        as_of: query.on,
        enterprises: page.rows.iter().map(EnterpriseView::from).collect(),
        next: page.next.as_ref().map(cursor::encode),
    }))
}

/// One enterprise: what it is and was, what it holds, its land in each year with returns.
#[utoipa::path(
    get,
    path = "/api/v1/enterprises/{uscc}",
    tag = "enterprises",
    params(("uscc" = String, Path, description = "Unified social credit code, 18 characters")),
    responses(
        (status = 200, description = "The enterprise", body = EnterpriseDetail),
        (status = 404, description = "Not on record, or not in your area", body = web::error::Problem),
    )
)]
pub async fn one(
    State(state): State<AppState>,
    officer: Officer,
    Path(uscc): Path<String>,
) -> web::Result<Json<EnterpriseDetail>> {
    let (pool, scope) = (&state.pool, &officer.scope);
    let versions = store::versions(pool, scope, &uscc).await?;
    if versions.is_empty() {
        return Err(not_found(&uscc));
    }
    let holdings = store::holdings(pool, scope, &uscc).await?;
    let mut years: Vec<i16> = store::figures(pool, scope, &uscc).await?.iter().map(|figure| figure.year).collect();
    years.dedup();
    let land = years.into_iter().map(i32::from).map(|year| LandView::new(year, &store::land_of(&holdings, year)));
    Ok(Json(EnterpriseDetail {
        versions: versions.iter().map(EnterpriseVersionView::from).collect(),
        holdings: holdings.iter().map(HoldingView::from).collect(),
        land: land.collect(),
    }))
}

#[derive(Clone, Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(default, deny_unknown_fields)]
pub struct ReturnParameters {
    /// Only this year.
    pub year: String,
    /// `1`: also figures that were superseded.
    pub history: String,
}

/// The figures of an enterprise's annual returns.
#[utoipa::path(
    get,
    path = "/api/v1/enterprises/{uscc}/returns",
    tag = "enterprises",
    params(("uscc" = String, Path, description = "Unified social credit code, 18 characters"), ReturnParameters),
    responses(
        (status = 200, description = "The figures; a missing one is no entry", body = Returns),
        (status = 404, description = "Not on record, or not in your area", body = web::error::Problem),
    )
)]
pub async fn returns(
    State(state): State<AppState>,
    officer: Officer,
    Path(uscc): Path<String>,
    Query(parameters): Query<ReturnParameters>,
) -> web::Result<Json<Returns>> {
    let year: Option<i16> = match parameters.year.seen() {
        "" => None,
        text => Some(text.parse().map_err(|_| Error::BadRequest("年度应为四位数字".into()))?),
    };
    if !store::is_visible(&state.pool, &officer.scope, &uscc).await? {
        return Err(not_found(&uscc));
    }
    let figures = store::figures(&state.pool, &officer.scope, &uscc).await?;
    let asked = figures.iter().filter(|figure| {
        year.is_none_or(|year| figure.year == year)
            && (figure.superseded_at.is_none() || !parameters.history.is_empty())
    });
    Ok(Json(Returns { figures: asked.map(FigureView::from).collect(), uscc }))
}

#[derive(Clone, Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(default, deny_unknown_fields)]
pub struct OccupancyParameters {
    /// Parcel code, 19 characters; all uses of land, page by page, when empty.
    pub parcel: String,
    /// What held on this day (YYYY-MM-DD); today when empty.
    pub as_of: String,
    /// `next` of the page before.
    pub after: String,
    /// Uses on a page, 1 to 500; 50 when empty.
    pub size_of_page: String,
}

/// Who uses land on a day: of one parcel with whether it fits, or of all.
#[utoipa::path(
    get,
    path = "/api/v1/occupancies",
    tag = "enterprises",
    params(OccupancyParameters),
    responses(
        (status = 200, description = "The uses of land", body = Occupancies),
        (status = 400, description = "A parameter cannot be read", body = web::error::Problem),
    )
)]
pub async fn occupancies(
    State(state): State<AppState>,
    officer: Officer,
    Query(parameters): Query<OccupancyParameters>,
) -> web::Result<Json<Occupancies>> {
    let as_of = match parameters.as_of.seen() {
        "" => state.clock.today(),
        day => day.parse().map_err(|_| Error::BadRequest("日期应写成 YYYY-MM-DD".into()))?,
    };
    let answer = match parameters.parcel.seen() {
        "" => all_uses(&state.pool, &officer.scope, &parameters, as_of).await?,
        parcel => uses_of(&state.pool, &officer.scope, parcel, as_of).await?,
    };
    Ok(Json(answer))
}

async fn all_uses(
    pool: &PgPool,
    scope: &Scope,
    parameters: &OccupancyParameters,
    as_of: NaiveDate,
) -> web::Result<Occupancies> {
    let (position, size) = (list::position(&parameters.after)?, list::page_size(&parameters.size_of_page)?);
    let uses = store::all_occupancies(pool, scope, as_of, position.key().copied().unwrap_or(0), size).await?;
    let Page { rows: uses, next, .. } = position.paginate(uses, size.into(), |last| last.id);
    Ok(Occupancies {
        parcel: None,
        as_of,
        occupancies: uses.iter().map(OccupancyView::from).collect(),
        check: None,
        next: next.as_ref().map(cursor::encode),
    })
}

async fn uses_of(pool: &PgPool, scope: &Scope, parcel: &str, as_of: NaiveDate) -> web::Result<Occupancies> {
    let uses = store::occupancies(pool, scope, parcel, Some(as_of)).await?;
    let area = store::parcel_area(pool, scope, parcel, as_of).await?;
    let parts: Vec<ParcelUse> = uses
        .iter()
        .map(|part| ParcelUse {
            kind: part.kind,
            land: part.land,
            lessor_registered: part.lessor_registered,
            floor_only: part.kind != super::OccupancyKind::Owned && part.land.is_none() && part.floor_area_m2.is_some(),
        })
        .collect();
    Ok(Occupancies {
        parcel: Some(parcel.to_owned()),
        as_of,
        occupancies: uses.iter().map(OccupancyView::from).collect(),
        check: Some(parcel_sum(area.map(SquareMetre), &parts).into()),
        next: None,
    })
}

/// The year whose returns are due: last year.
pub(super) fn last_year(state: &AppState) -> i32 {
    state.clock.today().year() - 1
}
