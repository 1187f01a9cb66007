//! What a program sends.

use axum::Json;
use axum::extract::rejection::JsonRejection;
use axum::extract::{FromRequest, Request};
use axum::http::StatusCode;
use serde::de::DeserializeOwned;

use super::{Error, Result};

/// The JSON of a request, or a problem document that says why it cannot be read.
pub struct Received<T>(pub T);

impl<S: Send + Sync, T: DeserializeOwned> FromRequest<S> for Received<T> {
    type Rejection = Error;

    async fn from_request(request: Request, state: &S) -> Result<Self> {
        let Json(value) = Json::from_request(request, state).await.map_err(unreadable)?;
        Ok(Received(value))
    }
}

fn unreadable(rejection: JsonRejection) -> Error {
    match rejection.status() {
        StatusCode::PAYLOAD_TOO_LARGE => Error::TooLarge("请求内容超出限度".into()),
        _ => Error::BadRequest(format!("请求内容无法读取：{}", rejection.body_text())),
    }
}
