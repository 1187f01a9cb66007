//! What a program sends.

use axum::Json;
use axum::extract::rejection::JsonRejection;
use axum::extract::{FromRequest, Request};
use axum::http::StatusCode;
use serde::de::DeserializeOwned;

use super::serde_words::in_chinese;
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

/// Why it cannot be read, in Chinese.
pub fn unreadable(rejection: JsonRejection) -> Error {
    let what = match &rejection {
        _ if rejection.status() == StatusCode::PAYLOAD_TOO_LARGE => {
            return Error::TooLarge("请求内容超出限度".into());
        }
        JsonRejection::JsonDataError(error) => in_chinese(&error.body_text()),
        JsonRejection::JsonSyntaxError(_) => "不是 JSON，或没有写完".to_owned(),
        JsonRejection::MissingJsonContentType(_) => "请以 content-type: application/json 发送".to_owned(),
        _ => "传输中断，请重新发送".to_owned(),
    };
    Error::BadRequest(format!("请求内容无法读取：{what}"))
}
