//! Departments' lists for the yearly evaluation from tables: vetoes, who is left out for a while, what was proved towards bonus and
//! deduction, own coefficients, platforms, members of dated lists. A row on record already is left as it is; what a row would change is withdrawn by a person first.

mod claims;
mod coefficients;
mod exemptions;
mod members;
mod platforms;
pub(in crate::importing) mod row;
mod store;
#[cfg(test)]
mod tests;
mod vetoes;
mod wording;

use chrono::{DateTime, Utc};

use super::table_stage::{self as stage, Intake, RowReader, fill, named};
use super::{ImportKind, Mode, Order, Progress, Report};
use crate::base::clock::china_day;
use crate::db::{PgConnection, PgPool};
use crate::evaluation::commands::schemes;
use crate::evaluation::registers::{Register, veto_kinds};
use crate::exchange::{Fault, TableSpec, Unreadable};

/// What a list is taken into.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Target {
    Entries(Register),
    Platforms,
    Members,
}

impl Target {
    pub fn of(kind: ImportKind) -> Option<Self> {
        Some(match kind {
            ImportKind::Vetoes => Target::Entries(Register::Vetoes),
            ImportKind::Exemptions => Target::Entries(Register::Exemptions),
            ImportKind::Claims => Target::Entries(Register::Claims),
            ImportKind::Coefficients => Target::Entries(Register::Coefficients),
            ImportKind::Platforms => Target::Platforms,
            ImportKind::Members => Target::Members,
            _ => return None,
        })
    }

    /// The columns of the list.
    pub fn spec(self) -> &'static TableSpec {
        match self {
            Target::Entries(Register::Vetoes) => &vetoes::SPEC,
            Target::Entries(Register::Exemptions) => &exemptions::SPEC,
            Target::Entries(Register::Claims) => &claims::SPEC,
            Target::Entries(Register::Coefficients) => &coefficients::SPEC,
            Target::Platforms => &platforms::SPEC,
            Target::Members => &members::SPEC,
        }
    }

    /// Whom its rows are of.
    fn subject(self) -> &'static str {
        match self {
            Target::Entries(_) => "企业",
            Target::Platforms => "平台",
            Target::Members => "对象",
        }
    }
}

/// Imports one list in one transaction.
///
/// # Errors
/// When the database fails or the file vanishes; what is wrong with the file is in the report.
pub async fn run(
    pool: &PgPool,
    (order, target): (&Order, Target),
    mode: Mode,
    now: DateTime<Utc>,
    progress: &dyn Progress,
) -> anyhow::Result<Report> {
    let known = Known::read(pool, (order, target), now).await?;
    let mut transaction = pool.begin().await?;
    stage::lock(&mut transaction, &order.scope, order.kind).await?;
    named::open(&mut transaction, store::STAGING).await?;
    let mut intake = match known.fill(&mut transaction, order, progress).await? {
        Ok(intake) => intake,
        Err(unreadable) => return Ok(stage::refused(unreadable)),
    };
    progress.at(stage::CHECK, 0, Some(intake.read));
    intake.faults.extend(check(&mut transaction, order, target).await?);
    progress.at(stage::WRITE, 0, Some(intake.read));
    let counts = store::apply(&mut transaction, (order, target), now).await?;
    progress.at(stage::WRITE, intake.read, Some(intake.read));
    let outcome = stage::outcome(&mut transaction, store::STAGING).await?;
    let looked_back = stage::look_back(order, &[target.spec()], outcome).await?;
    stage::close(transaction, order, mode, now, intake, counts, looked_back).await
}

/// What the rows are held against, as it is published.
enum Known {
    Vetoes(vetoes::Reader),
    Exemptions(exemptions::Reader),
    Claims(claims::Reader),
    Coefficients(coefficients::Reader),
    /// Platforms and lists are held against nothing that is published.
    Platforms,
    Members,
}

impl Known {
    async fn read(pool: &PgPool, (order, target): (&Order, Target), now: DateTime<Utc>) -> anyhow::Result<Self> {
        Ok(match target {
            Target::Entries(Register::Vetoes) => {
                let kinds = veto_kinds(pool, &order.scope).await?;
                Known::Vetoes(vetoes::Reader { kinds, today: china_day(now) })
            }
            Target::Entries(Register::Exemptions) => Known::Exemptions(exemptions::Reader),
            Target::Entries(Register::Claims) => {
                let schemes = schemes(pool, &order.scope.district).await?;
                Known::Claims(claims::Reader { schemes, year: order.options.year })
            }
            Target::Entries(Register::Coefficients) => {
                let schemes = schemes(pool, &order.scope.district).await?;
                Known::Coefficients(coefficients::Reader { schemes, year: order.options.year })
            }
            Target::Platforms => Known::Platforms,
            Target::Members => Known::Members,
        })
    }

    async fn fill(
        self,
        connection: &mut PgConnection,
        order: &Order,
        progress: &dyn Progress,
    ) -> anyhow::Result<Result<Intake, Unreadable>> {
        async fn with<R: RowReader>(
            connection: &mut PgConnection,
            order: &Order,
            (spec, reader): (&'static TableSpec, R),
            progress: &dyn Progress,
        ) -> anyhow::Result<Result<Intake, Unreadable>> {
            fill(connection, order, spec, store::COPY, reader, progress).await
        }
        match self {
            Known::Vetoes(reader) => with(connection, order, (&vetoes::SPEC, reader), progress).await,
            Known::Exemptions(reader) => with(connection, order, (&exemptions::SPEC, reader), progress).await,
            Known::Claims(reader) => with(connection, order, (&claims::SPEC, reader), progress).await,
            Known::Coefficients(reader) => with(connection, order, (&coefficients::SPEC, reader), progress).await,
            Known::Platforms => with(connection, order, (&platforms::SPEC, platforms::Reader), progress).await,
            Known::Members => with(connection, order, (&members::SPEC, members::Reader), progress).await,
        }
    }
}

/// Marks what the register does not take, and says why.
async fn check(connection: &mut PgConnection, order: &Order, target: Target) -> Result<Vec<Fault>, sqlx::Error> {
    sqlx::raw_sql("ANALYZE staging_evaluation").execute(&mut *connection).await?;
    let mut faults = match target {
        Target::Entries(_) => named::refuse_unknown_enterprises(connection, order, store::STAGING).await?,
        Target::Members => store::dated::refuse_unknown(connection, order).await?,
        Target::Platforms => Vec::new(),
    };
    if let Some(own) = order.scope.subdistrict_code() {
        faults.extend(named::refuse_outside(connection, order, (store::STAGING, own)).await?);
    }
    faults.extend(named::refuse_duplicates(connection, (store::STAGING, target.subject())).await?);
    faults.extend(match target {
        Target::Entries(register) => store::compare_with_register(connection, order, register).await?,
        Target::Platforms => store::dated::compare_platforms(connection, order).await?,
        Target::Members => store::dated::compare_members(connection, order).await?,
    });
    Ok(faults)
}
