//! The phone's page of the survey: a shell that the service worker keeps, filled from what the phone took along.

use askama::Template;
use axum::extract::{Path, State};
use axum::http::HeaderMap;
use axum::response::{Html, Response};

use crate::account::{Access, Officer, Routes};
use crate::web::{self, AppState, Shell, assets};

pub fn routes() -> Routes {
    Routes::new()
        .get("/survey/field", Access::WorkSurvey, show)
        // Served from here so that it may look after this page and no other room's.
        .get_open("/survey/worker.js", worker)
}

/// It names nobody, because it stays on the phone.
#[derive(Template)]
#[template(path = "survey/field.html")]
struct FieldPage {
    shell: Shell,
}

async fn show(State(state): State<AppState>, officer: Officer) -> web::Result<Html<String>> {
    let shell = officer.shell(&state, "摸底调查");
    let nameless = Shell { person: String::new(), roles: String::new(), navigation: Vec::new(), ..shell };
    Ok(Html(FieldPage { shell: nameless }.render()?))
}

async fn worker(headers: HeaderMap) -> Response {
    assets::serve(Path("field-worker.js".into()), headers).await
}
