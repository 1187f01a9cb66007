//! One's own account: password and API tokens.

use askama::Template;
use axum::extract::{Path, Request, State};
use axum::http::{StatusCode, header};
use axum::response::{Html, IntoResponse, Redirect, Response};
use axum::{Form, RequestExt};
use chrono::Duration;
use serde::Deserialize;
use serde_json::json;
use uuid::Uuid;

use crate::account::attempt::{self, Attempt, Attempted};
use crate::account::audit::Deed;
use crate::account::session::{self, Credential};
use crate::account::{ApiToken, Gate, Officer, Role, gate, password, store};
use crate::base::text::Seen;
use crate::web::{AppState, Error, Result, Shell};

const LONGEST_TOKEN_DAYS: i64 = 366;

#[derive(Template)]
#[template(path = "account/own.html")]
struct OwnPage {
    shell: Shell,
    officer: Officer,
    tokens: Vec<ApiToken>,
    new_token: Option<String>,
    fault: Option<String>,
    shortest: usize,
}

pub async fn show(State(state): State<AppState>, officer: Officer) -> Result<Response> {
    page(&state, officer, None, None, None).await
}

#[derive(Deserialize)]
pub struct PasswordForm {
    current: String,
    new: String,
    again: String,
}

pub async fn change_password(
    State(state): State<AppState>,
    gate: Gate,
    officer: Officer,
    request: Request,
) -> Result<Response> {
    by_browser(&officer)?;
    let origin = gate::origin(request.extensions(), request.headers());
    let Form(form): Form<PasswordForm> = request.extract().await.map_err(|_| Error::BadRequest("表单不完整".into()))?;
    let stored = store::password_hash(&state.pool, &officer.scope, officer.account).await?;
    let attempted = Attempted { login: officer.login.clone(), origin, password: form.current, stored: Some(stored) };
    let outcome = attempt::check(&state.pool, &officer.scope, attempted, state.clock.now()).await?;
    let fault = match outcome {
        Attempt::TooMany => {
            let page = page(&state, officer, None, Some(Attempt::refusal()), None).await?;
            let later = [(header::RETRY_AFTER, attempt::WINDOW.num_seconds().to_string())];
            return Ok((StatusCode::TOO_MANY_REQUESTS, later, page).into_response());
        }
        Attempt::Wrong => Some("当前密码不正确".to_owned()),
        Attempt::Right if form.new != form.again => Some("两次输入的新密码不一致".to_owned()),
        Attempt::Right => password::check_strength(&form.new, &officer.login).err(),
    };
    if fault.is_some() {
        let page = page(&state, officer, None, fault, None).await?;
        return Ok((StatusCode::UNPROCESSABLE_ENTITY, page).into_response());
    }
    let hash = password::hash(form.new).await?;
    let act = officer.act(&state);
    let mut transaction = act.begin().await?;
    store::set_password(&mut transaction, &officer.scope, officer.account, &hash, false).await?;
    store::end_sessions_of(&mut transaction, &officer.scope, officer.account).await?;
    store::revoke_tokens_of(&mut transaction, &officer.scope, officer.account, act.now).await?;
    let deed = Deed { action: "account.password", subject_kind: "account", subject: &officer.login, detail: json!({}) };
    act.record(&mut transaction, deed).await?;
    transaction.commit().await?;
    gate.forget_all();
    Ok(Redirect::to("/sign-in").into_response())
}

#[derive(Deserialize)]
pub struct TokenForm {
    name: String,
    role: Role,
    days: i64,
}

pub async fn add_token(
    State(state): State<AppState>,
    officer: Officer,
    Form(form): Form<TokenForm>,
) -> Result<Response> {
    by_browser(&officer)?;
    if !officer.roles.contains(&form.role) {
        return Err(Error::BadRequest("令牌的角色只能取自您自己的角色".into()));
    }
    if !(1..=LONGEST_TOKEN_DAYS).contains(&form.days) || form.name.is_blank() {
        return Err(Error::BadRequest(format!("请填写令牌用途，有效期为 1 至 {LONGEST_TOKEN_DAYS} 天")));
    }
    let act = officer.act(&state);
    let secret = session::new_secret();
    let token = ApiToken {
        id: Uuid::now_v7(),
        name: form.name.seen().to_owned(),
        role: form.role,
        created_by: officer.account,
        created_at: act.now,
        expires_at: act.now + Duration::days(form.days),
        revoked_at: None,
    };
    let mut transaction = act.begin().await?;
    store::add_token(&mut transaction, &officer.scope, &token, Credential::Token(secret.clone()).hash()).await?;
    let detail = json!({ "name": token.name, "role": token.role, "expires_at": token.expires_at });
    let deed = Deed { action: "token.create", subject_kind: "api_token", subject: &token.id.to_string(), detail };
    act.record(&mut transaction, deed).await?;
    transaction.commit().await?;
    page(&state, officer, Some(secret), None, Some("令牌已创建")).await
}

pub async fn revoke_token(
    State(state): State<AppState>,
    gate: Gate,
    officer: Officer,
    Path(id): Path<Uuid>,
) -> Result<Redirect> {
    let act = officer.act(&state);
    let mut transaction = act.begin().await?;
    if !store::revoke_token(&mut transaction, &officer.scope, officer.account, id, act.now).await? {
        return Err(Error::NotFound("没有这个令牌，或它已被撤销".into()));
    }
    let deed = Deed { action: "token.revoke", subject_kind: "api_token", subject: &id.to_string(), detail: json!({}) };
    act.record(&mut transaction, deed).await?;
    transaction.commit().await?;
    gate.forget_all();
    Ok(Redirect::to("/account"))
}

/// A token must not make its own successor.
fn by_browser(officer: &Officer) -> Result<()> {
    if officer.by_token { Err(Error::Forbidden) } else { Ok(()) }
}

async fn page(
    state: &AppState,
    officer: Officer,
    new_token: Option<String>,
    fault: Option<String>,
    notice: Option<&str>,
) -> Result<Response> {
    let tokens = store::tokens_of(&state.pool, &officer.scope, officer.account).await?;
    let mut shell = officer.shell(state, "我的账号");
    if let Some(notice) = notice {
        shell = shell.noticing(notice);
    }
    let page = OwnPage { shell, officer, tokens, new_token, fault, shortest: password::SHORTEST };
    Ok(Html(page.render()?).into_response())
}
