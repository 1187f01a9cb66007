use chrono::{DateTime, Utc};

use super::{Mode, Order, Progress, Report};
use crate::db::PgPool;

pub async fn run(_: &PgPool, _: &Order, _: Mode, _: DateTime<Utc>, _: &dyn Progress) -> anyhow::Result<Report> {
    anyhow::bail!("not built yet")
}
