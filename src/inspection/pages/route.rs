//! The day's tasks on the map, in an order one can walk.

use askama::Template;
use axum::extract::State;
use axum::response::Html;
use serde_json::json;

use crate::account::{Access, Officer, Routes};
use crate::inspection::store;
use crate::web::{self, AppState, Shell};

pub fn routes() -> Routes {
    Routes::new().get("/inspections/route", Access::DoInspections, show)
}

#[derive(Template)]
#[template(path = "inspection/route.html")]
struct RoutePage {
    shell: Shell,
    tasks: Vec<store::FieldTask>,
    data: String,
}

async fn show(State(state): State<AppState>, officer: Officer) -> web::Result<Html<String>> {
    let tasks = store::pack(&state.pool, &officer.scope, officer.account).await?;
    let today = state.clock.today();
    let stops: Vec<_> = tasks
        .iter()
        .map(|task| {
            json!({ "id": task.id, "parcel": task.parcel_code, "name": task.parcel_name, "due": task.due,
                "overdue": task.state.overdue(task.due, today).is_some(), "geometry": task.geometry,
                "longitude": task.longitude, "latitude": task.latitude })
        })
        .collect();
    // So that no text can end the element it stands in.
    let data = json!(stops).to_string().replace('<', "\\u003c");
    Ok(Html(RoutePage { shell: officer.shell(&state, "巡查路线"), tasks, data }.render()?))
}
