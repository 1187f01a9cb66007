//! Evidence: kept by its hash like every attachment. What proves one case proves no other.

use std::path::Path;

use chrono::NaiveDate;
use serde_json::json;
use uuid::Uuid;

use super::steps::{Told, guard_day, take};
use super::store::evidence::{self as store, NewEvidence};
use super::store::files::File;
use super::store::{row, tasks};
use super::wording::{self, RemediationError};
use super::{EvidenceKind, Step};
use crate::account::{Act, Department};
use crate::home::attachment;
use crate::workflow;

/// One as somebody sends it.
#[derive(Clone, Debug)]
pub struct Paper {
    pub kind: EvidenceKind,
    pub task: Option<Uuid>,
    pub taken_on: NaiveDate,
    pub words: String,
    pub name: String,
    pub content: Vec<u8>,
}

/// # Errors
/// A content that is no paper or picture, one that another case has, or a task of another case.
pub async fn attach(
    act: &Act,
    home: &Path,
    file: Uuid,
    department: Option<Department>,
    paper: Paper,
) -> Result<Uuid, RemediationError> {
    let name = attachment::plain_name(&paper.name);
    let kind = match (attachment::refusal(&name, &paper.content), attachment::media_type(&paper.content)) {
        (Some(refusal), _) => return Err(wording::wrong("file", refusal).into()),
        (None, None) => return Err(wording::wrong("file", "不支持这种文件").into()),
        (None, Some(kind)) => kind,
    };
    let bytes = i64::try_from(paper.content.len()).map_err(anyhow::Error::from)?;
    let sha256 = attachment::keep(home, paper.content).await.map_err(anyhow::Error::from)?;
    let mut transaction = act.begin().await?;
    let held = workflow::hold_for::<File>(&mut transaction, &act.scope, file, Step::Attach).await?;
    if paper.taken_on > act.today() {
        return Err(wording::wrong("taken_on", "形成日期不能晚于今天").into());
    }
    // A photo of before may be older than the file; everything else is made on the way.
    if paper.kind != EvidenceKind::PhotoBefore && paper.kind != EvidenceKind::Other {
        guard_day(&held, paper.taken_on, act.today())?;
    }
    if let Some(task) = paper.task {
        let all = tasks::of_file(&mut transaction, &act.scope, file).await?;
        all.iter().find(|known| known.id == task).ok_or_else(wording::no_such_task)?;
    }
    let (id, name) = (Uuid::now_v7(), if name.is_empty() { paper.kind.label().to_owned() } else { name });
    let new = NewEvidence {
        kind: paper.kind,
        task: paper.task,
        taken_on: paper.taken_on,
        words: paper.words,
        name,
        media_type: kind.name.to_owned(),
        bytes,
        sha256,
        department,
    };
    if !store::insert(&mut transaction, act, (file, id), &new).await? {
        return Err(match store::holder(&mut transaction, &act.scope, &sha256).await? {
            Some((other, number)) if other != file => wording::evidence_elsewhere(number).into(),
            _ => wording::evidence_twice().into(),
        });
    }
    let detail = json!({ "evidence": id, "kind": new.kind.code(), "sha256": hex::encode(sha256), "task": new.task });
    let words = format!("{}：{}", new.kind, new.name);
    let told = Told { on: act.today(), words: &words, document: None };
    take(&mut transaction, act, &held, (Step::Attach, row::touch(act, file)), (told, detail)).await?;
    transaction.commit().await?;
    Ok(id)
}
