//! Receiving a file with its options.

use std::path::Path;

use askama::Template;
use axum::extract::multipart::{Field, MultipartError};
use axum::extract::{Multipart, Query, State};
use axum::response::{Html, IntoResponse, Redirect, Response};
use serde::Deserialize;
use tokio::io::AsyncWriteExt;
use uuid::Uuid;

use crate::account::{Access, Officer};
use crate::exchange::frame;
use crate::importing::draft::{self, Draft};
use crate::importing::{ImportKind, ImportOptions, Mode, draft_store as store};
use crate::jobs;
use crate::planning::{Demand, LayerKind};
use crate::web::{AppState, Error, Result, Shell};

const LONGEST_NAME: usize = 100;
const LONGEST_ANSWER: usize = 1000;
/// A shapefile and its siblings, with room.
const MOST_FILES: usize = 20;

#[derive(Template)]
#[template(path = "importing/new.html")]
struct NewPage {
    shell: Shell,
    kinds: &'static [ImportKind],
    chosen: Option<ImportKind>,
    layers: &'static [LayerKind],
    demands: &'static [Demand],
}

#[derive(Default, Deserialize)]
#[serde(default)]
pub struct NewParameters {
    kind: String,
}

pub async fn form(
    State(state): State<AppState>,
    officer: Officer,
    Query(parameters): Query<NewParameters>,
) -> Result<Html<String>> {
    let page = NewPage {
        shell: officer.shell(&state, "新建导入"),
        kinds: ImportKind::ALL,
        chosen: ImportKind::parse(&parameters.kind),
        layers: LayerKind::ALL,
        demands: Demand::ALL,
    };
    Ok(Html(page.render()?))
}

/// Keeps the files, queues the preview and leads to its page.
pub async fn receive(State(state): State<AppState>, officer: Officer, multipart: Multipart) -> Result<Response> {
    let id = Uuid::now_v7();
    let folder = draft::folder(&state.settings.home, id);
    tokio::fs::create_dir_all(&folder).await.map_err(anyhow::Error::from)?;
    let kept = keep(&state, &officer, id, &folder, multipart).await;
    if kept.is_err() {
        let _ = tokio::fs::remove_dir_all(&folder).await;
    }
    kept
}

async fn keep(
    state: &AppState,
    officer: &Officer,
    id: Uuid,
    folder: &Path,
    mut multipart: Multipart,
) -> Result<Response> {
    let mut answers: Vec<(String, String)> = Vec::new();
    let mut files: Vec<String> = Vec::new();
    while let Some(field) = multipart.next_field().await.map_err(cut_short)? {
        let Some(name) = field.name().map(str::to_owned) else { continue };
        if name == "file" {
            files.extend(keep_file(folder, field).await?);
            if files.len() > MOST_FILES {
                return Err(Error::BadRequest(format!("一次最多上传 {MOST_FILES} 个文件，请打成一个 zip")));
            }
        } else {
            answers.push((name, field.text().await.map_err(cut_short)?.chars().take(LONGEST_ANSWER).collect()));
        }
    }
    let opened = files.iter().find(|name| name.to_lowercase().ends_with(".shp")).or(files.first());
    let Some(opened) = opened.cloned() else { return Err(Error::BadRequest("请选择要导入的文件".into())) };
    let kind = answer(&answers, "kind").and_then(ImportKind::parse);
    let kind = kind.ok_or_else(|| Error::BadRequest("请选择导入的内容".into()))?;
    allow(officer, kind)?;
    let now = state.clock.now();
    let draft = Draft {
        id,
        kind,
        file_name: opened.clone(),
        stored_name: opened,
        options: options(&answers)?,
        report: None,
        committed: false,
        actor: officer.actor(),
        scope: officer.scope.clone(),
        created_at: now,
    };
    let mut transaction = state.pool.begin().await?;
    store::create(&mut transaction, &officer.scope, &draft).await?;
    let payload = draft::job_payload(id, Mode::Preview);
    jobs::store::enqueue(&mut transaction, &officer.scope, &draft.actor, draft::JOB, &payload, now).await?;
    transaction.commit().await?;
    Ok(Redirect::to(&format!("/imports/drafts/{id}")).into_response())
}

/// What a file may change, its bringer may change by hand. Shapes are the whole district's: a clerk of one sub-district
/// brings tables only.
pub fn allow(officer: &Officer, kind: ImportKind) -> Result<()> {
    let allowed = match kind {
        ImportKind::Parcels | ImportKind::Outlines | ImportKind::Planning => {
            officer.may(Access::WriteParcels) && officer.scope.subdistrict.is_none()
        }
        ImportKind::Enterprises | ImportKind::Occupancies | ImportKind::Returns => {
            officer.may(Access::WriteEnterprises)
        }
    };
    if allowed { Ok(()) } else { Err(Error::Forbidden) }
}

/// Options as the forms of upload and question send them; blank is not named.
pub fn options(answers: &[(String, String)]) -> Result<ImportOptions> {
    let text = |name| answer(answers, name).map(str::to_owned);
    let wrong = |what: &str| Error::BadRequest(format!("{what}无效，请改正后重新提交"));
    let srid =
        answer(answers, "srid").map(|text| frame::parse_srid(text).ok_or_else(|| wrong("坐标系"))).transpose()?;
    let as_of = answer(answers, "as_of").map(|text| text.parse().map_err(|_| wrong("生效日期"))).transpose()?;
    let year = answer(answers, "year").map(|text| text.parse().map_err(|_| wrong("年度"))).transpose()?;
    let planning_layer = answer(answers, "planning_layer")
        .map(|text| LayerKind::parse(text).ok_or_else(|| wrong("规划图层")))
        .transpose()?;
    let review_by = answer(answers, "review_by").map(|text| text.parse().map_err(|_| wrong("复核期限"))).transpose()?;
    let demand =
        answer(answers, "demand").map(|text| Demand::parse(text).ok_or_else(|| wrong("图层要求"))).transpose()?;
    Ok(ImportOptions {
        planning_layer,
        edition: text("edition"),
        review_by,
        demand,
        srid,
        encoding: text("encoding"),
        layer: text("layer"),
        as_of,
        year,
        accept_warnings: answer(answers, "accept_warnings").is_some(),
    })
}

fn answer<'a>(answers: &'a [(String, String)], name: &str) -> Option<&'a str> {
    // The last counts: the answer to a question stands after the options before it.
    let (_, value) = answers.iter().rev().find(|(key, value)| key == name && !value.trim().is_empty())?;
    Some(value.trim())
}

async fn keep_file(folder: &Path, mut field: Field<'_>) -> Result<Option<String>> {
    let Some(name) = field.file_name().and_then(plain_name) else { return Ok(None) };
    let mut file = tokio::fs::File::create(folder.join(&name)).await.map_err(anyhow::Error::from)?;
    while let Some(chunk) = field.chunk().await.map_err(cut_short)? {
        file.write_all(&chunk).await.map_err(anyhow::Error::from)?;
    }
    file.flush().await.map_err(anyhow::Error::from)?;
    Ok(Some(name))
}

/// The last part of a path in characters that are harmless in a file name; siblings keep their common stem.
fn plain_name(name: &str) -> Option<String> {
    let last = name.rsplit(['/', '\\']).next()?;
    let harmless = |c: char| if c.is_alphanumeric() || matches!(c, '.' | '-' | '_' | '（' | '）') { c } else { '_' };
    let plain: String = last.chars().map(harmless).collect();
    let plain = plain.trim_start_matches('.');
    let length = plain.chars().count();
    let tail: String = plain.chars().skip(length.saturating_sub(LONGEST_NAME)).collect();
    (!tail.is_empty()).then_some(tail)
}

fn cut_short(error: MultipartError) -> Error {
    if error.status() == axum::http::StatusCode::PAYLOAD_TOO_LARGE {
        Error::TooLarge("文件超出上传限度（1 GiB）。请拆分，或由管理员用命令行导入".into())
    } else {
        Error::BadRequest("上传中断或格式不完整，请重新上传".into())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_never_leaves_its_folder() {
        assert_eq!(plain_name("../../etc/passwd").as_deref(), Some("passwd"));
        assert_eq!(plain_name("C:\\图\\宗地 一.shp").as_deref(), Some("宗地_一.shp"));
        assert_eq!(plain_name(".."), None);
        assert_eq!(plain_name("..\u{0}x").as_deref(), Some("_x"));
    }

    #[test]
    fn the_last_answer_counts_and_blank_is_none() {
        let answers = [("srid", "4490"), ("srid", "gcj02"), ("year", " ")].map(|(k, v)| (k.to_owned(), v.to_owned()));
        let options = options(&answers).unwrap();
        assert_eq!((options.srid, options.year), (Some(frame::GCJ02), None));
    }
}
