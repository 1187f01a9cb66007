//! One OpenAPI document of everything under `/api/v1`, and the page that shows it.

use std::sync::{Arc, LazyLock};

use axum::Json;
use axum::extract::Path;
use axum::http::header;
use axum::response::{IntoResponse, Redirect, Response};
use utoipa::OpenApi;
use utoipa_swagger_ui::Config;

use crate::account::{Access, Routes};
use crate::web::{self, Error};
use crate::{
    admission, completeness, contract, enterprise, importing, inspection, low_efficiency, obligations, parcel,
    planning, review, supervision,
};

const ADDRESS: &str = "/api/v1/openapi.json";

#[derive(OpenApi)]
#[openapi(
    info(
        title = "亩衡 Muheng",
        description = "Registers of a district and what is derived from them. Areas, money and ratios are decimal strings; \
                       errors are application/problem+json; lists are paged by passing `next` as `after`."
    ),
    paths(
        document,
        admission::case::api::list,
        admission::case::api::create,
        admission::case::api::one,
        admission::case::api::handle,
        admission::case::api::opine,
        admission::case::api::decide,
        parcel::api::list,
        parcel::api::one,
        enterprise::api::list,
        enterprise::api::one,
        enterprise::api::returns,
        enterprise::api::occupancies,
        completeness::api::matrix,
        completeness::api::enterprises,
        enterprise::api::editing::create,
        enterprise::api::editing::change_from,
        enterprise::api::editing::correct,
        enterprise::api::editing::begin,
        enterprise::api::editing::end,
        enterprise::api::editing::change_area,
        enterprise::api::editing::correct_use,
        importing::api::list::list,
        importing::api::receive,
        importing::api::status,
        importing::api::discard,
        importing::api::answer,
        importing::api::commit,
        importing::api::report,
        inspection::api::list,
        inspection::api::one,
        inspection::api::create,
        inspection::api::field::pack,
        inspection::api::field::photo,
        inspection::api::field::visit,
        low_efficiency::api::list,
        admission::api::check,
        planning::api::layers,
        obligations::api::list,
        obligations::api::checks,
        obligations::api::one,
        contract::api::record_event,
        review::api::one,
        review::api::finish,
        supervision::notice::api::list,
        supervision::notice::api::one,
        supervision::notice::api::prepare,
        supervision::notice::api::step,
        supervision::breach::api::list,
        supervision::breach::api::open,
        supervision::breach::api::step,
    )
)]
pub struct Document;

pub fn routes() -> Routes {
    Routes::new()
        .get(ADDRESS, Access::SignedIn, document)
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
pub async fn document() -> Json<utoipa::openapi::OpenApi> {
    static DOCUMENT: LazyLock<utoipa::openapi::OpenApi> = LazyLock::new(Document::openapi);
    Json(DOCUMENT.clone())
}

/// The vendored viewer. Its scripts and styles are files, so the strict policy of the other pages holds here too. One
/// `style` attribute inside its own drawings is refused by that policy, which the browser's console tells and nobody sees.
async fn page(Path(file): Path<String>) -> web::Result<Response> {
    let config = Config::from(ADDRESS).validator_url("none");
    let found = utoipa_swagger_ui::serve(&file, Arc::new(config)).map_err(|error| anyhow::anyhow!("{error}"))?;
    let found = found.ok_or_else(|| Error::NotFound("没有这个文件".into()))?;
    Ok(([(header::CONTENT_TYPE, found.content_type)], found.bytes.into_owned()).into_response())
}
