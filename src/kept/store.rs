//! What the rows of every such register have, and how one is ended or withdrawn.

use chrono::{DateTime, NaiveDate, Utc};
use sqlx::postgres::types::PgRange;
use sqlx::{FromRow, PgConnection, Postgres, QueryBuilder};
use uuid::Uuid;

use crate::account::Act;
use crate::base::period::Period;
use crate::db::withdrawal::{Withdrawable, Withdrawal};

/// An entry on a document: by whom, and whether it stands.
#[derive(Clone, Debug, FromRow)]
pub struct Kept {
    pub id: Uuid,
    pub document: String,
    pub recorded_at: DateTime<Utc>,
    pub recorded_by: String,
    pub withdrawn_by: Option<String>,
    pub withdrawn_reason: Option<String>,
}

/// The columns of [`Kept`] of a row `t`.
pub const KEPT: &str = "t.id, t.document, t.recorded_at, t.recorded_by, t.withdrawn_by, t.withdrawn_reason";

/// When it holds.
#[derive(Clone, Debug, FromRow)]
pub struct Days {
    pub from: NaiveDate,
    /// The last day.
    pub to: Option<NaiveDate>,
}

/// The columns of [`Days`] of a row `t`.
pub const DAYS: &str = "lower(t.valid) AS \"from\", (upper(t.valid) - 1) AS \"to\"";

pub trait IsKept {
    fn kept(&self) -> &Kept;
}

pub trait HasDays {
    fn days(&self) -> &Days;
}

/// Withdraws a row; the text of one of its columns, or `None` when it is not on record, or withdrawn already.
pub async fn withdraw(
    connection: &mut PgConnection,
    act: &Act,
    (table, column): (Withdrawable, &'static str),
    id: Uuid,
    reason: &str,
) -> Result<Option<String>, sqlx::Error> {
    let withdrawal = Withdrawal { by: &act.actor.name, at: act.now, reason };
    let row: Option<(String,)> = table.withdraw(connection, &act.scope, id, withdrawal, column).await?;
    Ok(row.map(|(text,)| text))
}

/// A table of entries with days.
#[derive(Clone, Copy, Debug)]
pub struct DatedTable {
    pub name: &'static str,
    /// What an entry is about, and its days, for the audit log and for ending it.
    pub named: &'static str,
    /// What an entry says beside its days and its document.
    pub said: &'static str,
}

impl DatedTable {
    /// What it was about, and its days; `None` when it is not on record, or withdrawn already.
    pub async fn withdraw(
        &self,
        connection: &mut PgConnection,
        act: &Act,
        id: Uuid,
        reason: &str,
    ) -> Result<Option<(String, Period)>, sqlx::Error> {
        let withdrawal = Withdrawal { by: &act.actor.name, at: act.now, reason };
        let row: Option<(String, PgRange<NaiveDate>)> =
            Withdrawable(self.name).withdraw(connection, &act.scope, id, withdrawal, self.named).await?;
        Ok(row.map(|(named, valid)| (named, valid.into())))
    }

    /// Enters one that was withdrawn again, with other days.
    pub async fn again(
        &self,
        connection: &mut PgConnection,
        act: &Act,
        id: Uuid,
        valid: Period,
    ) -> Result<(), sqlx::Error> {
        let (name, said) = (self.name, self.said);
        let mut sql = QueryBuilder::<Postgres>::new("INSERT INTO ");
        sql.push(format_args!(
            "{name} (district, id, {said}, document, valid, recorded_at, recorded_by) SELECT district, "
        ));
        sql.push_bind(Uuid::now_v7()).push(format_args!(", {said}, document, ")).push_bind(PgRange::from(valid));
        sql.push(", ").push_bind(act.now).push(", ").push_bind(act.actor.name.clone());
        sql.push(format_args!(" FROM {name} WHERE district = ")).push_bind(act.scope.county().to_owned());
        sql.push(" AND id = ").push_bind(id);
        sql.build().execute(connection).await?;
        Ok(())
    }
}
