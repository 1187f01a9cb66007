//! `GET/POST /sign-in`, `POST /sign-out`.

use askama::Template;
use axum::extract::{Query, Request, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{Html, IntoResponse, Redirect, Response};
use axum::{Form, RequestExt};
use serde::Deserialize;
use serde_json::json;

use crate::account::attempt::{self, Attempt, Attempted};
use crate::account::audit::{self, Actor, Deed};
use crate::account::session::{self, Credential};
use crate::account::{Gate, Officer, gate, store};
use crate::base::text::Seen;
use crate::db::Scope;
use crate::permits::{self, Step, Who};
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

pub async fn show(
    State(state): State<AppState>,
    Query(next): Query<Next>,
    officer: Option<axum::Extension<Officer>>,
) -> Result<Response> {
    if officer.is_some() {
        return Ok(Redirect::to("/").into_response());
    }
    Ok(Html(page(&state, String::new(), next.next, None)?).into_response())
}

pub async fn sign_in(State(state): State<AppState>, gate: Gate, request: Request) -> Result<Response> {
    let origin = gate::origin(request.extensions(), request.headers());
    let Form(form): Form<SignInForm> =
        request.extract().await.map_err(|_| Error::BadRequest("登录表单不完整".into()))?;
    let scope = Scope::district(state.settings.district.clone());
    let login = form.login.seen().to_lowercase();
    let now = state.clock.now();
    let _heard = permits::turn_of(Step::Stranger, &Who::Origin(origin.clone())).await?;
    let found = store::find_login(&state.pool, &scope.district, &login).await?;
    let (account, stored) = found.map_or((None, None), |found| (Some(found.account), Some(found.password_hash)));
    let attempted = Attempted { login: login.clone(), origin: origin.clone(), password: form.password, stored };
    let outcome = attempt::check(&state.pool, &scope, attempted, now).await?;
    if outcome == Attempt::TooMany {
        let page = page(&state, login, form.next, Some(Attempt::refusal()))?;
        let later = [(header::RETRY_AFTER, attempt::WINDOW.num_seconds().to_string())];
        return Ok((StatusCode::TOO_MANY_REQUESTS, later, Html(page)).into_response());
    }
    let Some(account) = account.filter(|_| outcome == Attempt::Right) else {
        let fault = "登录名或密码不正确".to_owned();
        return Ok(
            (StatusCode::UNPROCESSABLE_ENTITY, Html(page(&state, login, form.next, Some(fault))?)).into_response()
        );
    };
    let secret = session::new_secret();
    let mut transaction = state.pool.begin().await?;
    store::start_session(&mut transaction, &scope, account, Credential::Session(secret.clone()).hash(), now).await?;
    let actor = Actor { account: Some(account), name: login.clone() };
    let deed =
        Deed { action: "session.start", subject_kind: "account", subject: &login, detail: json!({ "origin": origin }) };
    audit::record(&mut transaction, &scope, &actor, deed, now).await?;
    transaction.commit().await?;
    gate.forget_all();
    Ok(([(header::SET_COOKIE, session::cookie(&secret))], Redirect::to(local(&form.next))).into_response())
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

fn page(state: &AppState, login: String, next: String, fault: Option<String>) -> Result<String> {
    let shell = Shell {
        district_name: state.settings.district_name.clone(),
        synthetic: state.settings.synthetic,
        ..Shell::default()
    };
    Ok(SignInPage { shell: shell.titled("登录"), login, next, fault }.render()?)
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
