//! Previews and commits of uploads, done as jobs.

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::draft::{JOB, folder};
use super::{Mode, Order, Progress, draft_store as store};
use crate::jobs::runner::Told;
use crate::jobs::{Context, Job, JobKind};

const APOLOGY: &str = "导入因系统内部错误中止，登记库未作任何改动。请稍后重试；如仍出现，请联系系统管理员。";

#[derive(Serialize, Deserialize)]
struct Payload {
    draft: Uuid,
    commit: bool,
}

impl Progress for Told {
    fn at(&self, step: &'static str, done: u64, total: Option<u64>) {
        self.tell(step, done, total);
    }
}

pub const KIND: JobKind =
    JobKind { name: JOB, apology: APOLOGY, carry_out: |context, job, told| Box::pin(carry_out(context, job, told)) };

/// Safe to repeat: what a commit that was cut off had taken is unchanged the second time.
async fn carry_out(context: Context, job: Job, told: Told) -> anyhow::Result<()> {
    let Context { pool, clock, scope, home } = &context;
    let Payload { draft, commit } = serde_json::from_value(job.payload)?;
    let Some(draft) = store::find(pool, scope, draft).await? else { return Ok(()) };
    if draft.committed {
        return Ok(());
    }
    let folder = folder(home, draft.id);
    let order = Order {
        kind: draft.kind,
        path: folder.join(&draft.stored_name),
        file_name: draft.file_name.clone(),
        options: draft.options.clone(),
        scope: draft.scope.clone(),
        actor: draft.actor.clone(),
    };
    let mode = if commit { Mode::Commit } else { Mode::Preview };
    let report = super::run(pool, &order, mode, clock.now(), &told).await?;
    let committed = commit && report.question.is_none() && !report.unreadable;
    store::keep_report(pool, scope, draft.id, &report.kept(), committed).await?;
    if committed {
        // The register has it all now; a folder that cannot be removed harms nobody.
        let _ = tokio::fs::remove_dir_all(folder).await;
    }
    Ok(())
}
