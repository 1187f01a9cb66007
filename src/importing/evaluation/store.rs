//! The SQL of these lists: what is on record already, writing.

pub mod dated;

use chrono::{DateTime, Utc};

use super::{Target, wording};
use crate::db::PgConnection;
use crate::evaluation::registers::Register;
use crate::exchange::Fault;
use crate::importing::Order;
use crate::importing::table_stage::{Counts, counts, placed};

/// The table that the records of a file are read into.
pub const STAGING: &str = "staging_evaluation";
pub const COPY: &str = "COPY staging_evaluation (record, line, rejected, uscc, category, year, kind, side, amount, \
    happened_on, since, until, department, document, name, level, key) FROM STDIN";

/// A row that is on record.
struct OnRecord {
    record: i64,
    line: i64,
    unchanged: bool,
    document: String,
}

/// Finds what is on record already: left as it is where the row says the same, refused where it says something else.
pub async fn compare_with_register(
    connection: &mut PgConnection,
    order: &Order,
    register: Register,
) -> Result<Vec<Fault>, sqlx::Error> {
    let district = order.scope.county();
    let found: Vec<OnRecord> = match register {
        Register::Vetoes => {
            sqlx::query_as!(
                OnRecord,
                r#"UPDATE staging_evaluation s SET
                     unchanged = v.valid = daterange(s.since, s.until) AND v.department = s.department,
                     rejected = NOT (v.valid = daterange(s.since, s.until) AND v.department = s.department)
                   FROM evaluation_veto v
                   WHERE v.district = $1 AND v.withdrawn_at IS NULL AND NOT s.rejected AND v.uscc = s.uscc
                     AND v.kind = s.kind AND v.happened_on = s.happened_on AND v.document = s.document
                   RETURNING s.record, s.line, s.unchanged, v.document"#,
                district
            )
            .fetch_all(connection)
            .await?
        }
        Register::Exemptions => {
            sqlx::query_as!(
                OnRecord,
                r#"UPDATE staging_evaluation s SET unchanged = true FROM evaluation_exemption v
                   WHERE v.district = $1 AND v.withdrawn_at IS NULL AND NOT s.rejected AND v.uscc = s.uscc
                     AND v.kind = s.kind AND v.valid = daterange(s.since, s.until) AND v.document = s.document
                   RETURNING s.record, s.line, s.unchanged, v.document"#,
                district
            )
            .fetch_all(connection)
            .await?
        }
        Register::Claims => {
            sqlx::query_as!(
                OnRecord,
                r#"UPDATE staging_evaluation s SET unchanged = v.times = s.amount, rejected = v.times <> s.amount
                   FROM evaluation_claim v
                   WHERE v.district = $1 AND v.withdrawn_at IS NULL AND NOT s.rejected AND v.uscc = s.uscc
                     AND v.category = s.category AND v.year = s.year AND v.side = s.side AND v.item = s.kind
                     AND v.document = s.document
                   RETURNING s.record, s.line, s.unchanged, v.document"#,
                district
            )
            .fetch_all(connection)
            .await?
        }
        Register::Coefficients => {
            sqlx::query_as!(
                OnRecord,
                r#"UPDATE staging_evaluation s SET
                     unchanged = v.value = s.amount AND v.document = s.document,
                     rejected = NOT (v.value = s.amount AND v.document = s.document)
                   FROM evaluation_coefficient v
                   WHERE v.district = $1 AND v.withdrawn_at IS NULL AND NOT s.rejected AND v.uscc = s.uscc
                     AND v.category = s.category AND v.year = s.year
                   RETURNING s.record, s.line, s.unchanged, v.document"#,
                district
            )
            .fetch_all(connection)
            .await?
        }
    };
    let otherwise = found.iter().filter(|row| !row.unchanged);
    let fault = |row: &OnRecord| wording::on_record_otherwise(register.label(), &row.document);
    Ok(otherwise.map(|row| placed(fault(row), row.record, row.line)).collect())
}

pub async fn apply(
    connection: &mut PgConnection,
    (order, target): (&Order, Target),
    now: DateTime<Utc>,
) -> Result<Counts, sqlx::Error> {
    match target {
        Target::Entries(register) => insert(connection, (order, register), now).await?,
        Target::Platforms => dated::insert_platforms(connection, order, now).await?,
        Target::Members => dated::insert_members(connection, order, now).await?,
    }
    counts(connection, STAGING).await
}

async fn insert(
    connection: &mut PgConnection,
    (order, register): (&Order, Register),
    now: DateTime<Utc>,
) -> Result<(), sqlx::Error> {
    let (district, by) = (order.scope.county(), &order.actor.name);
    let insert = match register {
        Register::Vetoes => sqlx::query!(
            "INSERT INTO evaluation_veto (district, id, uscc, kind, happened_on, valid, department, document, recorded_at, recorded_by)
             SELECT $1, gen_random_uuid(), uscc, kind, happened_on, daterange(since, until), department, document, $2, $3
             FROM staging_evaluation WHERE NOT rejected AND NOT unchanged ORDER BY record",
            district as _,
            now,
            by
        ),
        Register::Exemptions => sqlx::query!(
            "INSERT INTO evaluation_exemption (district, id, uscc, kind, valid, document, recorded_at, recorded_by)
             SELECT $1, gen_random_uuid(), uscc, kind, daterange(since, until), document, $2, $3
             FROM staging_evaluation WHERE NOT rejected AND NOT unchanged ORDER BY record",
            district as _,
            now,
            by
        ),
        Register::Claims => sqlx::query!(
            "INSERT INTO evaluation_claim (district, id, uscc, category, year, side, item, times, document, recorded_at, recorded_by)
             SELECT $1, gen_random_uuid(), uscc, category, year, side, kind, amount, document, $2, $3
             FROM staging_evaluation WHERE NOT rejected AND NOT unchanged ORDER BY record",
            district as _,
            now,
            by
        ),
        Register::Coefficients => sqlx::query!(
            "INSERT INTO evaluation_coefficient (district, id, uscc, category, year, value, document, recorded_at, recorded_by)
             SELECT $1, gen_random_uuid(), uscc, category, year, amount, document, $2, $3
             FROM staging_evaluation WHERE NOT rejected AND NOT unchanged ORDER BY record",
            district as _,
            now,
            by
        ),
    };
    insert.execute(connection).await?;
    Ok(())
}
