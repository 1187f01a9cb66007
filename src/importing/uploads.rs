//! Uploads as people and programs handle them: received, looked at again under other options, committed, given up. Pages
//! and API call the same.

mod together;

use std::path::Path;

use sha2::{Digest, Sha256};
use tokio::io::AsyncWriteExt;
use uuid::Uuid;

use super::draft::{self, Draft};
use super::{ImportKind, ImportOptions, Mode, draft_store as store};
use crate::account::{Access, Department, Officer};
use crate::allocation::asked::reporter;
use crate::base::text::Seen;
use crate::db::PgConnection;
use crate::exchange::frame;
use crate::exchange::table::Figures;
use crate::home;
use crate::jobs::{self, JobStatus};
use crate::planning::{Demand, LayerKind};
use crate::web::multipart::Field;
use crate::web::{AppState, Error, Multipart, MultipartFault, Result};

/// All files of one upload together, in bytes.
pub const LARGEST: usize = 1 << 30;
/// Bytes of a stored name before its ending, and of the ending.
const LONGEST_STEM: usize = 120;
const LONGEST_ENDING: usize = 24;
const LONGEST_ANSWER: usize = 1000;
/// A shapefile and its siblings, with room.
const MOST_FILES: usize = 20;

/// Keeps the files and queues the preview.
///
/// # Errors
/// When nothing usable was sent, or the officer may not change what it holds.
pub async fn receive(state: &AppState, officer: &Officer, multipart: Multipart) -> Result<Uuid> {
    let id = Uuid::now_v7();
    let folder = draft::folder(&state.settings.home, id);
    let made = folder.clone();
    tokio::task::spawn_blocking(move || home::make_folder(&made))
        .await
        .map_err(anyhow::Error::from)?
        .map_err(anyhow::Error::from)?;
    let kept = keep(state, officer, id, &folder, multipart).await;
    if kept.is_err() {
        let _ = tokio::fs::remove_dir_all(&folder).await;
    }
    kept
}

async fn keep(state: &AppState, officer: &Officer, id: Uuid, folder: &Path, mut multipart: Multipart) -> Result<Uuid> {
    let mut answers: Vec<(String, String)> = Vec::new();
    let mut files: Vec<Kept> = Vec::new();
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
    let written = folder.to_owned();
    let flushed = tokio::task::spawn_blocking(move || home::sync_folder(&written));
    flushed.await.map_err(anyhow::Error::from)?.map_err(anyhow::Error::from)?;
    let given: Vec<String> = files.iter().map(|file| file.given.clone()).collect();
    let opened = together::main_of(&given).map_err(Error::BadRequest)?;
    let stored = files.iter().find(|file| file.given == opened).map_or(String::new(), |file| file.stored.clone());
    let kind = answer(&answers, "kind").and_then(ImportKind::parse);
    let kind = kind.ok_or_else(|| Error::BadRequest("请选择导入的内容".into()))?;
    allow(officer, kind)?;
    let act = officer.act(state);
    let draft = Draft {
        id,
        kind,
        file_name: opened.to_owned(),
        stored_name: stored,
        options: options(&answers, officer)?,
        report: None,
        committed: false,
        actor: act.actor.clone(),
        scope: act.scope.clone(),
        created_at: act.now,
    };
    let mut transaction = act.begin().await?;
    store::create(&mut transaction, &act.scope, &draft).await?;
    let payload = draft::job_payload(id, Mode::Preview);
    jobs::store::enqueue(&mut transaction, &act, draft::JOB, &payload).await?;
    transaction.commit().await?;
    Ok(id)
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
        ImportKind::Vetoes => officer.may(Access::KeepVetoes),
        ImportKind::Exemptions | ImportKind::Claims | ImportKind::Coefficients => officer.may(Access::KeepAdjustments),
        ImportKind::Platforms | ImportKind::Members => {
            officer.may(Access::KeepEvaluationLists) && officer.scope.subdistrict.is_none()
        }
        ImportKind::Accounts => officer.may(Access::KeepAdjustments),
        ImportKind::Reports => officer.may(Access::ReportAllocation),
        ImportKind::Contracts => officer.may(Access::WriteContracts) && officer.scope.subdistrict.is_none(),
    };
    if allowed { Ok(()) } else { Err(Error::Forbidden) }
}

/// Options as the forms of upload and question send them; blank is not named.
pub fn options(answers: &[(String, String)], officer: &Officer) -> Result<ImportOptions> {
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
    let figures =
        answer(answers, "figures").map(|text| Figures::parse(text).ok_or_else(|| wrong("取哪个数"))).transpose()?;
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
        figures,
        accept_warnings: answer(answers, "accept_warnings").is_some(),
        confirm: answer(answers, "confirm_figures").map(|_| steward_of(officer)).transpose()?,
        reporter: reporter(officer),
    })
}

/// The department whose figures the officer may confirm by a file.
pub fn confirms_for(officer: &Officer) -> Option<Department> {
    officer.department.filter(|_| officer.may(Access::ConfirmFigures) && officer.scope.subdistrict.is_none())
}

fn steward_of(officer: &Officer) -> Result<Department> {
    confirms_for(officer)
        .ok_or_else(|| Error::BadRequest("只有主管部门的数据管理员能确认数据，请去掉“确认本部门数据”".into()))
}

fn answer<'a>(answers: &'a [(String, String)], name: &str) -> Option<&'a str> {
    // The last counts: the answer to a question stands after the options before it.
    let (_, value) = answers.iter().rev().find(|(key, value)| key == name && !value.is_blank())?;
    Some(value.seen())
}

/// A file of an upload.
struct Kept {
    /// What it is called by whoever sent it.
    given: String,
    /// What it is called in the folder.
    stored: String,
}

async fn keep_file(folder: &Path, mut field: Field<'_>) -> Result<Option<Kept>> {
    let Some(given) = field.file_name().as_deref().and_then(last_part).map(str::to_owned) else { return Ok(None) };
    let stored = stored_name(&given);
    let mut file = tokio::fs::File::create(folder.join(&stored)).await.map_err(anyhow::Error::from)?;
    while let Some(chunk) = field.chunk().await.map_err(cut_short)? {
        file.write_all(&chunk).await.map_err(anyhow::Error::from)?;
    }
    // Flushed before the row that names it is written.
    file.sync_all().await.map_err(anyhow::Error::from)?;
    Ok(Some(Kept { given, stored }))
}

/// What a file is called, without the folders it came from.
fn last_part(name: &str) -> Option<&str> {
    let last = name.rsplit(['/', '\\']).next()?.trim_start_matches('.').seen();
    (!last.is_empty()).then_some(last)
}

/// A name of harmless characters and at most [`LONGEST_STEM`] + [`LONGEST_ENDING`] bytes and a few; a file system allows 255.
/// Siblings keep their common stem, also where it is cut: two that differ further on are told apart by their hash.
fn stored_name(given: &str) -> String {
    let harmless = |c: char| if c.is_alphanumeric() || matches!(c, '.' | '-' | '_' | '（' | '）') { c } else { '_' };
    let plain: String = given.chars().map(harmless).collect();
    let (stem, ending) = plain.split_at(stem_of(&plain));
    let ending = within(ending, LONGEST_ENDING);
    if stem.len() <= LONGEST_STEM {
        return format!("{stem}{ending}");
    }
    let hash = hex::encode(&Sha256::digest(stem.as_bytes())[..4]);
    format!("{}-{hash}{ending}", within(stem, LONGEST_STEM))
}

/// Where the ending begins: `.shp`, `.gpkg-wal`, but `.shp.xml` whole.
fn stem_of(name: &str) -> usize {
    let dot = |text: &str| text.rfind('.').filter(|place| *place > 0);
    let last = dot(name).unwrap_or(name.len());
    let described = name[last..].eq_ignore_ascii_case(".xml").then(|| dot(&name[..last])).flatten();
    described.filter(|place| name[*place..last].len() <= ".gpkg".len()).unwrap_or(last)
}

/// As much of the beginning as so many bytes hold.
fn within(text: &str, bytes: usize) -> &str {
    &text[..text.floor_char_boundary(bytes)]
}

fn cut_short(fault: MultipartFault) -> Error {
    fault.told("文件超出上传限度（1 GiB）。请拆分，或由管理员用命令行导入", "上传中断或格式不完整，请重新上传")
}

/// Reads the file again under other options.
pub async fn look_again(state: &AppState, officer: &Officer, id: Uuid, options: &ImportOptions) -> Result<()> {
    let draft = idle(state, officer, id).await?;
    let mut transaction = state.pool.begin().await?;
    store::set_options(&mut transaction, &officer.scope, draft.id, options).await?;
    queue(state, officer, &mut transaction, id, Mode::Preview).await?;
    transaction.commit().await?;
    Ok(())
}

/// Queues the commit of what was previewed.
pub async fn commit(state: &AppState, officer: &Officer, id: Uuid) -> Result<()> {
    idle(state, officer, id).await?;
    let mut transaction = state.pool.begin().await?;
    queue(state, officer, &mut transaction, id, Mode::Commit).await?;
    transaction.commit().await?;
    Ok(())
}

/// Forgets the upload and its files; the register never saw it.
pub async fn discard(state: &AppState, officer: &Officer, id: Uuid) -> Result<()> {
    idle(state, officer, id).await?;
    let mut transaction = state.pool.begin().await?;
    if !store::discard(&mut transaction, &officer.scope, id).await? {
        return Err(Error::Conflict("此次上传已经导入，不能再放弃".into()));
    }
    transaction.commit().await?;
    // Nothing names the folder any more; one that cannot be removed harms nobody.
    let _ = tokio::fs::remove_dir_all(draft::folder(&state.settings.home, id)).await;
    Ok(())
}

async fn queue(state: &AppState, officer: &Officer, connection: &mut PgConnection, id: Uuid, mode: Mode) -> Result<()> {
    let payload = draft::job_payload(id, mode);
    jobs::store::enqueue(connection, &officer.act(state), draft::JOB, &payload).await?;
    Ok(())
}

pub async fn find(state: &AppState, officer: &Officer, id: Uuid) -> Result<Draft> {
    let found = store::find(&state.pool, &officer.scope, id).await?;
    // An upload is its maker's until it is committed: what it does is done in that name.
    let draft = found
        .filter(|draft| draft.actor.account == Some(officer.account))
        .ok_or_else(|| Error::NotFound("没有这次上传".into()))?;
    allow(officer, draft.kind)?;
    Ok(draft)
}

/// A draft with nothing going on, that is not yet taken.
async fn idle(state: &AppState, officer: &Officer, id: Uuid) -> Result<Draft> {
    let draft = find(state, officer, id).await?;
    if draft.committed {
        return Err(Error::Conflict("此文件已经导入".into()));
    }
    match status(state, officer, id).await? {
        Some(job) if !job.is_over() => Err(Error::Conflict("此文件正在处理，请等它结束".into())),
        _ => Ok(draft),
    }
}

pub async fn status(state: &AppState, officer: &Officer, id: Uuid) -> Result<Option<JobStatus>> {
    Ok(jobs::store::newest_about(&state.pool, &officer.scope, draft::JOB, &draft::about(id)).await?)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::account::Role;
    use crate::db::Scope;

    #[test]
    fn a_name_never_leaves_its_folder() {
        let stored = |name: &str| last_part(name).map(stored_name);
        assert_eq!(stored("../../etc/passwd").as_deref(), Some("passwd"));
        assert_eq!(stored("C:\\图\\宗地 一.shp").as_deref(), Some("宗地_一.shp"));
        assert_eq!(last_part("C:\\图\\宗地 一.shp"), Some("宗地 一.shp"), "people read it as they wrote it");
        assert_eq!(stored(".."), None);
        assert_eq!(stored("..\u{0}x").as_deref(), Some("_x"));
    }

    #[test]
    fn a_name_of_any_length_is_kept_under_one_that_a_file_system_takes() {
        let folder = tempfile::tempdir().unwrap();
        let kept = |name: &str| {
            let stored = stored_name(last_part(name).unwrap());
            assert!(stored.len() <= 160, "{stored}");
            std::fs::write(folder.path().join(&stored), "1").unwrap();
            stored
        };
        let long = |characters: usize, ending: &str| "亩".repeat(characters) + ending;
        for (name, ending) in [(long(83, ".csv"), ".csv"), (long(84, ".csv"), ".csv"), (long(496, ".csv"), ".csv")] {
            assert!(kept(&name).ends_with(ending), "{name}");
        }
        assert_eq!(kept(&("亩".repeat(40) + ".csv")), "亩".repeat(40) + ".csv", "120 bytes stay as they are");
        assert_ne!(kept(&("亩".repeat(41) + ".csv")), "亩".repeat(41) + ".csv");
        assert!(kept(&("a.".to_owned() + &"x".repeat(400))).starts_with("a.xxx"));
        assert!(kept(&("a".repeat(300))).starts_with("aaa"), "no ending at all");
        // Siblings keep one stem, and two long names are never one.
        let stem = |ending: &str| kept(&long(150, ending)).strip_suffix(ending).unwrap().to_owned();
        let stems = [".shp", ".DBF", ".prj", ".shp.xml", ".gpkg-wal"].map(stem);
        assert!(stems.iter().all(|it| *it == stems[0]), "{stems:?}");
        assert_ne!(kept(&long(150, "甲.csv")), kept(&long(150, "乙.csv")));
        assert_eq!(stored_name("宗地2024.01.shp"), "宗地2024.01.shp");
    }

    fn clerk() -> Officer {
        Officer {
            account: Uuid::nil(),
            login: "clerk".into(),
            name: "甲".into(),
            roles: vec![Role::DataSteward],
            department: Some(Department::Tax),
            scope: Scope::district("330105".parse().unwrap()),
            must_change_password: false,
            by_token: false,
        }
    }

    #[test]
    fn a_file_confirms_for_its_bringers_department_and_only_when_asked() {
        let asked = [("confirm_figures".to_owned(), "1".to_owned())];
        assert_eq!(options(&[], &clerk()).unwrap().confirm, None);
        assert_eq!(options(&asked, &clerk()).unwrap().confirm, Some(Department::Tax));
        let of_a_subdistrict =
            Scope { subdistrict: Some("330105014".parse().unwrap()), ..Scope::district("330105".parse().unwrap()) };
        for other in [
            Officer { department: None, ..clerk() },
            Officer { roles: vec![Role::Administrator], ..clerk() },
            Officer { scope: of_a_subdistrict, ..clerk() },
        ] {
            assert!(options(&asked, &other).is_err(), "{other:?}");
        }
    }

    #[test]
    fn the_last_answer_counts_and_blank_is_none() {
        let answers = [("srid", "4490"), ("srid", "gcj02"), ("year", " ")].map(|(k, v)| (k.to_owned(), v.to_owned()));
        let options = options(&answers, &clerk()).unwrap();
        assert_eq!((options.srid, options.year), (Some(frame::GCJ02), None));
    }
}
