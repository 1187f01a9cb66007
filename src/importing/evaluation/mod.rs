//! Departments' lists for the yearly evaluation from tables: vetoes, who is left out for a while, what was proved towards bonus and
//! deduction, own coefficients. A row on record already is left as it is; what a row would change is withdrawn by a person first.

mod claims;
mod coefficients;
mod exemptions;
mod row;
mod store;
#[cfg(test)]
mod tests;
mod vetoes;
mod wording;

use chrono::{DateTime, Utc};

use super::table_stage::{self as stage, Intake, RowReader, fill};
use super::{ImportKind, Mode, Order, Progress, Report};
use crate::base::clock::china_day;
use crate::db::{PgConnection, PgPool};
use crate::evaluation::commands::schemes;
use crate::evaluation::register::{Register, veto_kinds};
use crate::exchange::{Fault, TableSpec, Unreadable};

/// The columns of a list.
pub fn spec(register: Register) -> &'static TableSpec {
    match register {
        Register::Vetoes => &vetoes::SPEC,
        Register::Exemptions => &exemptions::SPEC,
        Register::Claims => &claims::SPEC,
        Register::Coefficients => &coefficients::SPEC,
    }
}

/// Which register a list is for.
pub fn register_of(kind: ImportKind) -> Option<Register> {
    match kind {
        ImportKind::Vetoes => Some(Register::Vetoes),
        ImportKind::Exemptions => Some(Register::Exemptions),
        ImportKind::Claims => Some(Register::Claims),
        ImportKind::Coefficients => Some(Register::Coefficients),
        _ => None,
    }
}

/// Imports one list in one transaction.
///
/// # Errors
/// When the database fails or the file vanishes; what is wrong with the file is in the report.
pub async fn run(
    pool: &PgPool,
    (order, register): (&Order, Register),
    mode: Mode,
    now: DateTime<Utc>,
    progress: &dyn Progress,
) -> anyhow::Result<Report> {
    let known = Known::read(pool, (order, register), now).await?;
    let mut transaction = pool.begin().await?;
    stage::lock(&mut transaction, &order.scope, order.kind).await?;
    store::open_stage(&mut transaction).await?;
    let mut intake = match known.fill(&mut transaction, order, progress).await? {
        Ok(intake) => intake,
        Err(unreadable) => return Ok(stage::refused(unreadable)),
    };
    progress.at(stage::CHECK, 0, Some(intake.read));
    intake.faults.extend(check(&mut transaction, order, register).await?);
    progress.at(stage::WRITE, 0, Some(intake.read));
    let counts = store::apply(&mut transaction, (order, register), now).await?;
    progress.at(stage::WRITE, intake.read, Some(intake.read));
    let outcome = store::outcome(&mut transaction).await?;
    let looked_back = stage::look_back(order, &[spec(register)], outcome).await?;
    stage::close(transaction, order, mode, now, intake, counts, looked_back).await
}

/// What the rows are held against, as it is published.
enum Known {
    Vetoes(vetoes::Reader),
    Exemptions(exemptions::Reader),
    Claims(claims::Reader),
    Coefficients(coefficients::Reader),
}

impl Known {
    async fn read(pool: &PgPool, (order, register): (&Order, Register), now: DateTime<Utc>) -> anyhow::Result<Self> {
        Ok(match register {
            Register::Vetoes => {
                let kinds = veto_kinds(pool, &order.scope).await?;
                Known::Vetoes(vetoes::Reader { kinds, today: china_day(now) })
            }
            Register::Exemptions => Known::Exemptions(exemptions::Reader),
            Register::Claims => {
                let schemes = schemes(pool, &order.scope.district).await?;
                Known::Claims(claims::Reader { schemes, year: order.options.year })
            }
            Register::Coefficients => {
                let schemes = schemes(pool, &order.scope.district).await?;
                Known::Coefficients(coefficients::Reader { schemes, year: order.options.year })
            }
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
        }
    }
}

/// Marks what the register does not take, and says why.
async fn check(connection: &mut PgConnection, order: &Order, register: Register) -> Result<Vec<Fault>, sqlx::Error> {
    sqlx::raw_sql("ANALYZE staging_evaluation").execute(&mut *connection).await?;
    let mut faults = store::refuse_unknown_enterprises(connection, order).await?;
    if let Some(own) = order.scope.subdistrict_code() {
        faults.extend(store::refuse_outside(connection, order, own).await?);
    }
    faults.extend(store::refuse_duplicates(connection).await?);
    faults.extend(store::compare_with_register(connection, order, register).await?);
    Ok(faults)
}
