//! What the phone takes along, and the photos that it brings back; a visit goes the way of every visit.

use axum::Json;
use axum::body::Bytes;
use axum::extract::rejection::BytesRejection;
use axum::extract::{Path, Query, State};
use chrono::{DateTime, NaiveDate, Utc};
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use crate::account::{Access, Officer, Routes};
use crate::inspection::arrival;
use crate::inspection::photo::{LARGEST_ORIGINAL, PhotoError};
use crate::inspection::store::{NewPhoto, PhotoOf};
use crate::inspection::view::PhotoKept;
use crate::survey::form::entry_of;
use crate::survey::store::parcels::{self, Entry, Filter, Stood};
use crate::survey::store::photos;
use crate::survey::store::register::{self, UserOf};
use crate::survey::store::rounds;
use crate::survey::view::mu;
use crate::survey::{Licence, Standing, UseKind};
use crate::web::error::Problem;
use crate::web::{self, AppState, Error};

/// Parcels that a phone takes along at most.
const MOST: u16 = 300;

pub fn routes() -> Routes {
    Routes::new().get("/api/v1/survey/field", Access::WorkSurvey, pack).upload(
        "/api/v1/survey/rounds/{no}/parcels/{code}/visits/{visit}/photos/{photo}",
        Access::WorkSurvey,
        LARGEST_ORIGINAL + 1,
        photo,
    )
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

/// When and where a photo was taken.
#[derive(Clone, Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct SurveyPhotoParameters {
    /// By the phone's clock.
    pub device_at: DateTime<Utc>,
    /// Where the phone was; both or none.
    pub longitude: Option<f64>,
    pub latitude: Option<f64>,
    /// Metres.
    pub accuracy_m: Option<f64>,
}

/// One photo of a visit, sent before it. The body is the JPEG as the camera made it. The number is made on the phone; the same photo
/// sent again changes nothing.
#[utoipa::path(
    post,
    path = "/api/v1/survey/rounds/{no}/parcels/{code}/visits/{visit}/photos/{photo}",
    tag = "survey",
    params(
        ("no" = String, Path, description = "The number of the round"),
        ("code" = String, Path, description = "The parcel"),
        ("visit" = Uuid, Path, description = "The visit, numbered on the phone"),
        ("photo" = Uuid, Path, description = "The photo, numbered on the phone"),
        SurveyPhotoParameters,
    ),
    request_body(content = Vec<u8>, content_type = "image/jpeg"),
    responses(
        (status = 200, description = "It is kept", body = PhotoKept),
        (status = 400, description = "It is not a JPEG, or damaged, or too large in pixels", body = Problem),
        (status = 404, description = "Not in this round, or not in the reader's scope", body = Problem),
        (status = 409, description = "The number stands for another photo, or the visit is on record", body = Problem),
        (status = 413, description = "Too many bytes, too many photos, or the storage is full", body = Problem),
    )
)]
pub async fn photo(
    State(state): State<AppState>,
    officer: Officer,
    Path((number, code, visit, id)): Path<(String, String, Uuid, Uuid)>,
    Query(at): Query<SurveyPhotoParameters>,
    body: Result<Bytes, BytesRejection>,
) -> web::Result<Json<PhotoKept>> {
    let body = body.map_err(|_| Error::from(PhotoError::TooManyBytes))?;
    let (_, entry) = entry_of(&state, &officer, &number, &code).await?;
    if photos::is_too_late(&state.pool, &officer.scope, (visit, id)).await? {
        return Err(Error::Conflict("该次核实已登记，不能再补照片".into()));
    }
    let position = arrival::position((at.longitude, at.latitude), at.accuracy_m)?;
    let of = PhotoOf::Surveyed(entry.id);
    let new = NewPhoto { id, of, visit, item: None, device_at: at.device_at, position };
    let already = arrival::take_in::<Entry>(&officer.act(&state), &state.settings.home, &new, body).await?;
    Ok(Json(PhotoKept { id, already }))
}
