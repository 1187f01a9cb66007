//! The printed record (检查记录). It leaves the bureau, so it tells no place unless a reader who may see them asks.

use askama::Template;
use axum::extract::{Path, Query, State};
use axum::response::Html;
use chrono::NaiveDate;
use serde::Deserialize;
use uuid::Uuid;

use super::task::{NO_ACCURACY, Record, answer_badge, distance_text, place_text};
use crate::account::{Access, Officer, Routes};
use crate::base::clock::china_minute;
use crate::inspection::present::outcome_badge;
use crate::web::{self, AppState, Shell};

pub fn routes() -> Routes {
    Routes::new().get("/inspections/{id}/print", Access::ReadInspections, print)
}

#[derive(Deserialize)]
struct PrintParameters {
    #[serde(default)]
    places: String,
}

#[derive(Template)]
#[template(path = "inspection/print.html")]
struct PrintPage {
    shell: Shell,
    record: Record,
    may_see_places: bool,
    printed_on: NaiveDate,
}

async fn print(
    State(state): State<AppState>,
    officer: Officer,
    Path(id): Path<Uuid>,
    Query(parameters): Query<PrintParameters>,
) -> web::Result<Html<String>> {
    let mut record = Record::read(&state, &officer, id).await?;
    let may_see_places = record.places;
    record.places = may_see_places && parameters.places == "1";
    let shell = officer.shell(&state, "检查记录");
    Ok(Html(PrintPage { shell, record, may_see_places, printed_on: state.clock.today() }.render()?))
}
