//! `GET/POST /sign-in`, `POST /sign-out`.

use askama::Template;
use axum::Form;
use axum::extract::rejection::FormRejection;
use axum::extract::{Query, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{Html, IntoResponse, Redirect, Response};
use serde::Deserialize;
use serde_json::json;

use crate::account::attempt::{self, Attempt};
use crate::account::audit::Deed;
use crate::account::gate::Origin;
use crate::account::sign_in::{Entered, Outcome};
use crate::account::{Gate, Officer, Public, session, store};
use crate::base::text::Seen;
use crate::web::{AppState, Error, Result, Shell};

#[derive(Template)]
#[template(path = "account/sign_in.html")]
struct SignInPage {
    shell: Shell,
    login: String,
    next: String,
    fault: Option<String>,
}

#[derive(Debug, Default, Deserialize)]
pub struct Next {
    #[serde(default)]
    next: String,
}

#[derive(Deserialize)]
pub struct SignInForm {
    login: String,
    password: String,
    #[serde(default)]
    next: String,
}

pub async fn show(public: Public, Query(next): Query<Next>) -> Result<Response> {
    if public.is_signed_in() {
        return Ok(Redirect::to("/").into_response());
    }
    Ok(Html(page(&public, String::new(), next.next, None)?).into_response())
}

pub async fn sign_in(
    public: Public,
    gate: Gate,
    Origin(origin): Origin,
    form: std::result::Result<Form<SignInForm>, FormRejection>,
) -> Result<Response> {
    let Form(form) = form.map_err(|_| Error::BadRequest("登录表单不完整".into()))?;
    let SignInForm { login, password, next } = form;
    let shown = login.seen().to_lowercase();
    match crate::account::sign_in::sign_in(&gate, Entered { login, password, origin }).await? {
        Outcome::SignedIn { secret } => {
            Ok(([(header::SET_COOKIE, session::cookie(&secret))], Redirect::to(local(&next))).into_response())
        }
        Outcome::TooMany => {
            let page = page(&public, shown, next, Some(Attempt::refusal()))?;
            let later = [(header::RETRY_AFTER, attempt::WINDOW.num_seconds().to_string())];
            Ok((StatusCode::TOO_MANY_REQUESTS, later, Html(page)).into_response())
        }
        Outcome::Wrong => {
            let page = page(&public, shown, next, Some("登录名或密码不正确".to_owned()))?;
            Ok((StatusCode::UNPROCESSABLE_ENTITY, Html(page)).into_response())
        }
    }
}

pub async fn sign_out(
    State(state): State<AppState>,
    gate: Gate,
    officer: Officer,
    headers: HeaderMap,
) -> Result<Response> {
    if let Some(credential) = session::credential(&headers) {
        let mut transaction = state.pool.begin().await?;
        store::end_session(&mut transaction, &officer.scope, credential.hash()).await?;
        let deed = Deed { action: "session.end", subject_kind: "account", subject: &officer.login, detail: json!({}) };
        officer.act(&state).record(&mut transaction, deed).await?;
        transaction.commit().await?;
    }
    gate.forget_all();
    Ok(([(header::SET_COOKIE, session::cookie(""))], Redirect::to("/sign-in")).into_response())
}

fn page(public: &Public, login: String, next: String, fault: Option<String>) -> Result<String> {
    Ok(SignInPage { shell: public.shell("登录"), login, next, fault }.render()?)
}

/// Only paths of our own: an address elsewhere in `next` would make the sign-in page a springboard.
fn local(next: &str) -> &str {
    let plain = !next.contains(|c: char| c.is_control() || c == '\\');
    if plain && next.starts_with('/') && !next.starts_with("//") { next } else { "/" }
}

#[cfg(test)]
mod tests {
    use super::local;

    #[test]
    fn after_signing_in_one_stays_here() {
        assert_eq!(local("/map?year=2024"), "/map?year=2024");
        assert_eq!(local("//evil.example"), "/");
        assert_eq!(local("/\\evil.example"), "/");
        assert_eq!(local("https://evil.example"), "/");
        assert_eq!(local("/\t/evil.example"), "/", "browsers drop the tab");
        assert_eq!(local(""), "/");
    }
}
