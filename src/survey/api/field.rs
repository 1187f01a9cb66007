//! What the phone takes along; what it brings back goes the way of every visit.

use axum::Json;
use axum::extract::State;
use chrono::NaiveDate;
use rust_decimal::Decimal;
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::account::{Access, Officer, Routes};
use crate::survey::store::parcels::{self, Entry, Filter, Stood};
use crate::survey::store::register::{self, UserOf};
use crate::survey::store::rounds;
use crate::survey::view::mu;
use crate::survey::{Licence, Standing, UseKind};
use crate::web::{self, AppState};

/// Parcels that a phone takes along at most.
const MOST: u16 = 300;

pub fn routes() -> Routes {
    Routes::new().get("/api/v1/survey/field", Access::WorkSurvey, pack)
}

/// A word of a closed list.
#[derive(Serialize, ToSchema)]
#[schema(as = SurveyTerm)]
pub struct Term {
    pub code: &'static str,
    pub label: &'static str,
}

/// Who is on record on a parcel.
#[derive(Serialize, ToSchema)]
#[schema(as = SurveyFieldUser)]
pub struct FieldUser {
    pub uscc: String,
    pub name: Option<String>,
    #[schema(value_type = Option<String>)]
    pub floor_area_m2: Option<Decimal>,
}

/// A parcel that waits.
#[derive(Serialize, ToSchema)]
#[schema(as = SurveyFieldParcel)]
pub struct FieldParcel {
    pub code: String,
    pub name: Option<String>,
    pub subdistrict: String,
    #[schema(value_type = Option<String>)]
    pub area_mu: Option<Decimal>,
    pub land_use: Option<String>,
    /// In Chinese.
    pub supply_status: String,
    pub version: i32,
    pub users: Vec<FieldUser>,
}

/// All that is needed where there is no connection.
#[derive(Serialize, ToSchema)]
#[schema(as = SurveyFieldPack)]
pub struct FieldPack {
    pub account: Uuid,
    pub person: String,
    pub today: NaiveDate,
    /// The round that goes on; null where none does.
    pub no: Option<String>,
    pub name: Option<String>,
    pub parcels: Vec<FieldParcel>,
    /// Parcels that wait and are not taken along.
    pub left_out: i64,
    pub standings: Vec<Term>,
    pub uses: Vec<Term>,
    pub licences: Vec<Term>,
}

/// Parcels of the round that goes on where nobody was yet, with who is on record, for the phone.
#[utoipa::path(
    get,
    path = "/api/v1/survey/field",
    tag = "survey",
    responses((status = 200, description = "What to take along", body = FieldPack))
)]
pub async fn pack(State(state): State<AppState>, officer: Officer) -> web::Result<Json<FieldPack>> {
    let (pool, scope, today) = (&state.pool, &officer.scope, state.clock.today());
    let round = rounds::open(pool, scope).await?;
    let (mut entries, mut waiting) = (Vec::new(), 0);
    if let Some(round) = &round {
        let filter = Filter { round: round.id, stood: Some(Stood::Awaiting), ..Filter::default() };
        entries = parcels::page(pool, scope, &filter, &crate::db::keyset::Position::Start, MOST).await?.rows;
        waiting = parcels::awaiting(pool, scope, round.id).await?;
    }
    let codes: Vec<String> = entries.iter().map(|entry| entry.code.clone()).collect();
    let users = register::users_of(pool, scope, &codes, today).await?;
    Ok(Json(FieldPack {
        account: officer.account,
        person: officer.name.clone(),
        today,
        no: round.as_ref().map(|round| round.number().to_string()),
        name: round.as_ref().map(|round| round.name.clone()),
        left_out: (waiting - entries.len() as i64).max(0),
        parcels: entries.into_iter().map(|entry| parcel(entry, &users)).collect(),
        standings: Standing::ALL.iter().map(|it| Term { code: it.code(), label: it.label() }).collect(),
        uses: UseKind::ALL.iter().map(|it| Term { code: it.code(), label: it.label() }).collect(),
        licences: Licence::ALL.iter().map(|it| Term { code: it.code(), label: it.label() }).collect(),
    }))
}

fn parcel(entry: Entry, users: &[UserOf]) -> FieldParcel {
    let own = users.iter().filter(|user| user.parcel == entry.code);
    let user = |user: &UserOf| FieldUser {
        uscc: user.uscc.clone(),
        name: user.name.clone(),
        floor_area_m2: user.floor_area_m2.map(|floor| floor.normalize()),
    };
    FieldParcel {
        users: own.map(user).collect(),
        code: entry.code,
        name: entry.name,
        subdistrict: entry.subdistrict,
        area_mu: entry.area_m2.map(mu),
        land_use: entry.land_use_code,
        supply_status: entry.supply_status.to_string(),
        version: entry.version,
    }
}
