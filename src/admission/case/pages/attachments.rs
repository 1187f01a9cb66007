//! Attachments in and out. They are only ever handed out as downloads.

use axum::extract::{Path, State};
use axum::response::Response;
use uuid::Uuid;

use super::edit::find;
use super::form::Form;
use super::to_case;
use crate::account::Officer;
use crate::admission::case::store::attachments;
use crate::home::attachment;
use crate::web::{AppState, Error, Multipart, Result, download_named};

pub async fn add(
    State(state): State<AppState>,
    officer: Officer,
    Path(id): Path<Uuid>,
    multipart: Multipart,
) -> Result<Response> {
    let form = Form::of_multipart(multipart).await?;
    find(&state, &officer, id).await?;
    let name = attachment::plain_name(&form.file_name);
    if name.is_empty() {
        return Err(Error::BadRequest("请选择文件".into()));
    }
    if let Some(refusal) = attachment::refusal(&name, &form.file) {
        return Err(Error::BadRequest(format!("{refusal}。其他内容没有改动。")));
    }
    let kind = attachment::media_type(&form.file).ok_or_else(|| Error::BadRequest("不支持这种文件".into()))?;
    let length = form.file.len();
    let hash = attachment::keep(&state.settings.home, form.file.clone()).await.map_err(anyhow::Error::from)?;
    let act = officer.act(&state);
    attachments::add(&act, id, form.version()?, &name, kind, length, &hash).await?;
    Ok(to_case(id))
}

pub async fn fetch(
    State(state): State<AppState>,
    officer: Officer,
    Path((id, file)): Path<(Uuid, Uuid)>,
) -> Result<Response> {
    find(&state, &officer, id).await?;
    let listed = attachments::of_case(&state.pool, &officer.scope, id).await?;
    let found =
        listed.into_iter().find(|each| each.id == file).ok_or_else(|| Error::NotFound("没有这个附件".into()))?;
    let bytes = attachment::fetch(&state.settings.home, &found.sha256).await.map_err(anyhow::Error::from)?;
    Ok(download_named("attachment", &found.name, found.media_type, bytes))
}

pub async fn remove(
    State(state): State<AppState>,
    officer: Officer,
    Path((id, file)): Path<(Uuid, Uuid)>,
    axum::extract::RawForm(body): axum::extract::RawForm,
) -> Result<Response> {
    let form = Form::parse(&body);
    let act = officer.act(&state);
    attachments::remove(&act, id, form.version()?, file).await?;
    Ok(to_case(id))
}
