//! A reconciliation is made again from its receipt and the inputs that were kept with it.

use chrono::NaiveDate;
use futures_util::future::BoxFuture;

use super::reconciliation;
use super::store::reconciliations;
use crate::db::{PgPool, Scope};
use crate::policy::catalogue::Catalogue;
use crate::policy::hashed::Expanded;
use crate::policy::receipt::Receipt;
use crate::policy::recheck::Check;

pub const RECHECKS: &[Check] = &[Check { name: reconciliation::CHECK, run: again, expand: Some(expand) }];

fn expand<'a>(pool: &'a PgPool, scope: &'a Scope, receipt: &'a Receipt) -> BoxFuture<'a, anyhow::Result<String>> {
    Box::pin(async move {
        let lines = reconciliations::inputs(pool, scope, &receipt.id).await?;
        Ok(Expanded::text(&receipt.inputs, lines)?)
    })
}

fn again(_: &Catalogue, _: NaiveDate, expanded: &str) -> anyhow::Result<String> {
    let expanded: Expanded = serde_json::from_str(expanded)?;
    reconciliation::again(&expanded.inputs, &expanded.lines)
}
