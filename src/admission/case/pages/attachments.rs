//! Attachments in and out. They are only ever handed out as downloads.

use axum::extract::{Path, State};
use axum::http::header;
use axum::response::{IntoResponse, Response};
use uuid::Uuid;

use super::edit::find;
use super::form::Form;
use super::to_case;
use crate::account::Officer;
use crate::admission::case::attachment;
use crate::admission::case::store::attachments;
use crate::base::text::Seen;
use crate::web::{AppState, Error, Multipart, Result};

const LONGEST_NAME: usize = 120;

pub async fn add(
    State(state): State<AppState>,
    officer: Officer,
    Path(id): Path<Uuid>,
    multipart: Multipart,
) -> Result<Response> {
    let form = Form::of_multipart(multipart).await?;
    find(&state, &officer, id).await?;
    let name = plain_name(&form.file_name);
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

/// The last part of a path, without what headers and file systems mind.
fn plain_name(name: &str) -> String {
    let last = name.rsplit(['/', '\\']).next().unwrap_or_default();
    let plain: String = last.chars().filter(|c| !c.is_control() && !matches!(c, '"' | '<' | '>' | '|' | ':')).collect();
    plain.seen().trim_start_matches('.').chars().take(LONGEST_NAME).collect()
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
    let encoded: String = form_urlencoded::byte_serialize(found.name.as_bytes()).collect();
    let disposition = format!("attachment; filename=\"attachment\"; filename*=UTF-8''{}", encoded.replace('+', "%20"));
    let headers = [
        (header::CONTENT_TYPE, found.media_type),
        (header::CONTENT_DISPOSITION, disposition),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff".to_owned()),
    ];
    Ok((headers, bytes).into_response())
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_only_a_name() {
        assert_eq!(plain_name("C:\\图\\批文.pdf"), "批文.pdf");
        assert_eq!(plain_name("../../.bashrc"), "bashrc");
        assert_eq!(plain_name("a\"\r\nb.pdf"), "ab.pdf");
    }
}
