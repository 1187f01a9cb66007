//! One OpenAPI document of everything under `/api/v1`, and the page that shows it.

use std::sync::{Arc, OnceLock};

use axum::Json;
use axum::extract::Path;
use axum::http::header;
use axum::response::{IntoResponse, Redirect, Response};
use utoipa::OpenApi;
use utoipa_swagger_ui::Config;

use crate::account::{Access, Routes};
use crate::room::House;
use crate::web::{self, Error};

const ADDRESS: &str = "/api/v1/openapi.json";

#[derive(OpenApi)]
#[openapi(
    info(
        title = "亩衡 Muheng",
        description = "Registers of a district and what is derived from them. Areas, money and ratios are decimal strings; \
                       errors are application/problem+json; lists are paged by passing `next` as `after`."
    ),
    paths(document)
)]
struct Document;

/// The document's part about itself, with the head of the whole.
pub fn own() -> utoipa::openapi::OpenApi {
    Document::openapi()
}

/// The document of what all rooms answer to programs, and its viewer.
pub fn routes(house: &House) -> Routes {
    let house = *house;
    Routes::new()
        .get(ADDRESS, Access::SignedIn, move || async move { document(&house) })
        .get("/api/docs", Access::SignedIn, async || Redirect::to("/api/docs/index.html"))
        .get("/api/docs/{*file}", Access::SignedIn, page)
}

/// This document.
#[utoipa::path(
    get,
    path = "/api/v1/openapi.json",
    tag = "document",
    responses((status = 200, description = "OpenAPI 3.1", body = Object))
)]
fn document(house: &House) -> Json<utoipa::openapi::OpenApi> {
    static DOCUMENT: OnceLock<utoipa::openapi::OpenApi> = OnceLock::new();
    Json(DOCUMENT.get_or_init(|| house.document(own())).clone())
}

/// The vendored viewer. Its scripts and styles are files, so the strict policy of the other pages holds here too. One
/// `style` attribute inside its own drawings is refused by that policy, which the browser's console tells and nobody sees.
async fn page(Path(file): Path<String>) -> web::Result<Response> {
    let config = Config::from(ADDRESS).validator_url("none");
    let found = utoipa_swagger_ui::serve(&file, Arc::new(config)).map_err(|error| anyhow::anyhow!("{error}"))?;
    let found = found.ok_or_else(|| Error::NotFound("没有这个文件".into()))?;
    Ok(([(header::CONTENT_TYPE, found.content_type)], found.bytes.into_owned()).into_response())
}
