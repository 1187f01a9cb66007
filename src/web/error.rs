//! What can go wrong with a request, said once: a problem document for programs, a page for people.

use askama::Template;
use axum::Json;
use axum::extract::Request;
use axum::http::{HeaderValue, StatusCode, header};
use axum::middleware::Next;
use axum::response::{Html, IntoResponse, Response};
use serde::Serialize;

use super::fault::InputFault;
use super::returned::Returned;
use super::serde_words::in_chinese;
use super::shell::Shell;
use crate::exchange::Fault;
use crate::permits::{self, Refused};

/// Bytes of what the framework says when it refuses.
const LONGEST_REFUSAL: usize = 16 * 1024;

pub type Result<T, E = Error> = std::result::Result<T, E>;

#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The form or address holds something that cannot be used; the text says what and what to do.
    #[error("{0}")]
    BadRequest(String),
    #[error("请先登录")]
    NotSignedIn,
    #[error("您的角色无权进行此操作。如确有需要，请联系系统管理员。")]
    Forbidden,
    #[error("{0}")]
    NotFound(String),
    /// Somebody else changed it in the meantime; the text says who and what.
    #[error("{0}")]
    Conflict(String),
    /// What was sent cannot be used; every fault says where and why.
    #[error("{}", .0.iter().map(|fault| fault.message.trim_end_matches('。')).collect::<Vec<_>>().join("；"))]
    Input(Vec<Fault>),
    #[error("{0}")]
    TooMany(String),
    #[error("{0}")]
    TooLarge(String),
    /// The address does not take this method, or the request is not what the address reads.
    #[error("{1}")]
    Refused(StatusCode, String),
    /// Something of the machine that the answer needs is missing or busy; the text says what and what to do.
    #[error("{reason}")]
    Unavailable { code: &'static str, reason: String },
    #[error("系统内部错误，已记录。请稍后重试；如仍出现，请把下面的编号告诉系统管理员。")]
    Internal(#[from] anyhow::Error),
}

impl From<sqlx::Error> for Error {
    fn from(error: sqlx::Error) -> Self {
        Error::Internal(error.into())
    }
}

impl From<askama::Error> for Error {
    fn from(error: askama::Error) -> Self {
        Error::Internal(error.into())
    }
}

impl Error {
    fn status(&self) -> StatusCode {
        match self {
            Error::BadRequest(_) => StatusCode::BAD_REQUEST,
            Error::NotSignedIn => StatusCode::UNAUTHORIZED,
            Error::Forbidden => StatusCode::FORBIDDEN,
            Error::NotFound(_) => StatusCode::NOT_FOUND,
            Error::Conflict(_) => StatusCode::CONFLICT,
            Error::Input(_) => StatusCode::UNPROCESSABLE_ENTITY,
            Error::TooMany(_) => StatusCode::TOO_MANY_REQUESTS,
            Error::TooLarge(_) => StatusCode::PAYLOAD_TOO_LARGE,
            Error::Refused(status, _) => *status,
            Error::Unavailable { .. } => StatusCode::SERVICE_UNAVAILABLE,
            Error::Internal(_) => StatusCode::INTERNAL_SERVER_ERROR,
        }
    }

    fn code(&self) -> &'static str {
        match self {
            Error::BadRequest(_) => "bad_request",
            Error::NotSignedIn => "not_signed_in",
            Error::Forbidden => "forbidden",
            Error::NotFound(_) => "not_found",
            Error::Conflict(_) => "conflict",
            Error::Input(faults) => faults.first().map_or("input", |fault| fault.code.code()),
            Error::TooMany(_) => "too_many",
            Error::TooLarge(_) => "too_large",
            Error::Refused(StatusCode::METHOD_NOT_ALLOWED, _) => "method_not_allowed",
            Error::Refused(StatusCode::UNSUPPORTED_MEDIA_TYPE, _) => "unsupported_media_type",
            Error::Refused(StatusCode::URI_TOO_LONG, _) => "address_too_long",
            Error::Refused(..) => "bad_request",
            Error::Unavailable { code, .. } => code,
            Error::Internal(_) => "internal",
        }
    }
}

/// RFC 9457. `code` is stable; `detail` is for people.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
pub struct Problem {
    pub title: String,
    pub status: u16,
    pub code: &'static str,
    pub detail: String,
    /// Where in what was sent, as a JSON pointer where there is one; of the first fault.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub place: Option<String>,
    /// Everything that is wrong with what was sent.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub faults: Vec<InputFault>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub incident: Option<String>,
}

impl Error {
    /// The document a program is sent.
    pub fn problem(&self) -> Problem {
        let status = self.status();
        let faults: Vec<InputFault> = match self {
            Error::Input(faults) => faults.iter().map(InputFault::from).collect(),
            _ => Vec::new(),
        };
        Problem {
            title: status.canonical_reason().unwrap_or("error").to_owned(),
            status: status.as_u16(),
            code: self.code(),
            detail: self.to_string(),
            place: faults.first().map(|fault| fault.place.clone()).filter(|place| !place.is_empty()),
            faults,
            incident: None,
        }
    }
}

/// A step that got no turn: come again.
impl From<Refused> for Error {
    fn from(refused: Refused) -> Self {
        match refused {
            Refused::Person => Error::TooMany(refused.to_string()),
            Refused::Crowd => Error::Unavailable { code: "busy", reason: refused.to_string() },
        }
    }
}

/// The database is starting again, or nobody more gets in: nothing is wrong with the request, nor with the program.
fn is_away(error: &sqlx::Error) -> bool {
    match error {
        sqlx::Error::PoolTimedOut | sqlx::Error::Io(_) => true,
        sqlx::Error::Database(said) => {
            matches!(said.code().as_deref(), Some("57P01" | "57P02" | "57P03" | "53300"))
        }
        _ => false,
    }
}

impl Error {
    /// What an internal error really is, where its cause says so.
    fn seen_through(self) -> Self {
        let Error::Internal(cause) = self else { return self };
        if let Some(refused) = cause.chain().find_map(|each| each.downcast_ref::<Refused>()) {
            return (*refused).into();
        }
        if cause.chain().filter_map(|each| each.downcast_ref()).any(is_away) {
            tracing::warn!(cause = format!("{cause:#}"), "the database did not answer a request");
            let reason = "数据库暂时没有应答，可能正在重新启动。请稍后重试。".to_owned();
            return Error::Unavailable { code: "database_away", reason };
        }
        Error::Internal(cause)
    }
}

impl IntoResponse for Error {
    fn into_response(self) -> Response {
        self.seen_through().told()
    }
}

impl Error {
    fn told(self) -> Response {
        let status = self.status();
        let incident = matches!(self, Error::Internal(_)).then(|| uuid::Uuid::new_v4().to_string());
        if let (Error::Internal(cause), Some(incident)) = (&self, &incident) {
            tracing::error!(incident, cause = format!("{cause:#}"), "request failed");
        }
        let problem = Problem { incident, ..self.problem() };
        let mut response = (status, Json(&problem)).into_response();
        response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static("application/problem+json"));
        if matches!(status, StatusCode::TOO_MANY_REQUESTS | StatusCode::SERVICE_UNAVAILABLE) {
            response.headers_mut().insert(header::RETRY_AFTER, permits::RETRY_AFTER.into());
        }
        response.extensions_mut().insert(problem);
        response
    }
}

#[derive(Template)]
#[template(path = "web/problem.html")]
struct ProblemPage {
    shell: Shell,
    problem: Problem,
    returned: Option<Returned>,
}

/// What the framework refuses in a few plain words of its own, said as everything else is.
async fn in_our_words(response: Response) -> Response {
    let status = response.status();
    let kind = response.headers().get(header::CONTENT_TYPE).map_or(&b""[..], HeaderValue::as_bytes);
    let bare = kind.is_empty() || kind.starts_with(b"text/plain");
    let refused = status.is_client_error() && response.extensions().get::<Problem>().is_none();
    if !refused || !bare {
        return response;
    }
    let (parts, body) = response.into_parts();
    let words = axum::body::to_bytes(body, LONGEST_REFUSAL).await.unwrap_or_default();
    let words = String::from_utf8_lossy(&words);
    let mut told = match status {
        StatusCode::METHOD_NOT_ALLOWED => Error::Refused(status, "此地址不接受这种请求方法".into()),
        StatusCode::PAYLOAD_TOO_LARGE => Error::TooLarge("请求内容超出限度".into()),
        StatusCode::NOT_FOUND => Error::NotFound("没有这个页面".into()),
        StatusCode::UNSUPPORTED_MEDIA_TYPE => {
            Error::Refused(status, "请求无法读取：内容的类型（content-type）不是此地址所读的".into())
        }
        _ => Error::Refused(status, format!("请求无法读取：{}", in_chinese(&words))),
    }
    .into_response();
    if let Some(allowed) = parts.headers.get(header::ALLOW) {
        told.headers_mut().insert(header::ALLOW, allowed.clone());
    }
    if let Some(shell) = parts.extensions.get::<Shell>() {
        told.extensions_mut().insert(shell.clone());
    }
    told
}

/// A panic is a fault of ours like any other: logged under a number, told without its cause.
pub fn panicked(cause: Box<dyn std::any::Any + Send>) -> Response {
    let words = cause.downcast_ref::<String>().map(String::as_str).or(cause.downcast_ref::<&str>().copied());
    Error::Internal(anyhow::anyhow!("panic: {}", words.unwrap_or("without words"))).into_response()
}

/// Turns problems into pages wherever a person is looking: everywhere but under `/api/v1` and `/ogc`.
pub async fn problems_as_pages(request: Request, next: Next) -> Response {
    let path = request.uri().path().to_owned();
    let method = request.method().clone();
    let for_a_fragment = request.headers().contains_key("hx-request");
    let response = in_our_words(next.run(request).await).await;
    let Some(problem) = response.extensions().get::<Problem>().cloned() else { return response };
    if path.starts_with("/api/v1/") || path.starts_with("/ogc/") {
        return response;
    }
    if problem.code == "not_signed_in" && method == axum::http::Method::GET && !for_a_fragment {
        let after = if path == "/" { String::new() } else { format!("?next={path}") };
        return axum::response::Redirect::to(&format!("/sign-in{after}")).into_response();
    }
    let shell = response.extensions().get::<Shell>().cloned().unwrap_or_else(Shell::bare);
    let status = response.status();
    let returned = response.extensions().get::<Returned>().cloned();
    let page = ProblemPage { shell: shell.titled("无法完成操作"), problem, returned };
    let Ok(html) = page.render() else { return response };
    let mut told = (status, Html(html)).into_response();
    for kept in [header::ALLOW, header::RETRY_AFTER] {
        if let Some(value) = response.headers().get(&kept) {
            told.headers_mut().insert(kept, value.clone());
        }
    }
    told
}
