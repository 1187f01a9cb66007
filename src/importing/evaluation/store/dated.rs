//! The SQL of platforms and members of lists by file: what overlaps in the file or on record, writing.

use chrono::{DateTime, Utc};

use crate::db::PgConnection;
use crate::exchange::Fault;
use crate::importing::Order;
use crate::importing::evaluation::wording;
use crate::importing::table_stage::placed;
use crate::scoring::scheme::SubjectKind;

/// Members must be on record, each among its own kind.
pub async fn refuse_unknown(connection: &mut PgConnection, order: &Order) -> Result<Vec<Fault>, sqlx::Error> {
    let rows = sqlx::query!(
        r#"UPDATE staging_evaluation s SET rejected = true WHERE NOT rejected AND NOT CASE side
               WHEN 'enterprise' THEN EXISTS (SELECT FROM enterprise_version v
                   WHERE v.district = $1 AND v.uscc = s.uscc AND v.superseded_at IS NULL)
               WHEN 'platform' THEN EXISTS (SELECT FROM platform p
                   WHERE p.district = $1 AND p.code = s.uscc AND p.withdrawn_at IS NULL)
               ELSE EXISTS (SELECT FROM parcel_version v
                   WHERE v.district = $1 AND v.code = s.uscc AND v.superseded_at IS NULL) END
           RETURNING record, line, uscc AS "code!", side AS "kind!: SubjectKind""#,
        order.scope.county()
    )
    .fetch_all(connection)
    .await?;
    Ok(rows.iter().map(|row| placed(wording::subject_unknown(row.kind, &row.code), row.record, row.line)).collect())
}

/// What a row of a file meets.
struct Met {
    record: i64,
    line: i64,
    code: String,
    /// Of what is on record; none where it is another row.
    document: Option<String>,
}

impl Met {
    fn fault(&self) -> Fault {
        let fault = match &self.document {
            Some(document) => wording::days_on_record(&self.code, document),
            None => wording::days_overlap(&self.code),
        };
        placed(fault, self.record, self.line)
    }
}

fn faults(met: &[Met]) -> Vec<Fault> {
    met.iter().map(Met::fault).collect()
}

/// Of rows of one platform, or of one name, whose days overlap none is taken; then what is on record is left as it is where a row
/// says the same, and the row refused where it says something else.
pub async fn compare_platforms(connection: &mut PgConnection, order: &Order) -> Result<Vec<Fault>, sqlx::Error> {
    let among = sqlx::query_as!(
        Met,
        r#"WITH beside AS (
               SELECT record,
                   GREATEST(max(COALESCE(until, 'infinity')) OVER before, max(COALESCE(until, 'infinity')) OVER named) > since
                     OR LEAST(min(since) OVER after, min(since) OVER named_after) < COALESCE(until, 'infinity') AS overlaps
               FROM staging_evaluation WHERE NOT rejected
               WINDOW before AS (PARTITION BY uscc ORDER BY since, record ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING),
                   after AS (PARTITION BY uscc ORDER BY since, record ROWS BETWEEN 1 FOLLOWING AND UNBOUNDED FOLLOWING),
                   named AS (PARTITION BY name ORDER BY since, record ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING),
                   named_after AS (PARTITION BY name ORDER BY since, record ROWS BETWEEN 1 FOLLOWING AND UNBOUNDED FOLLOWING)
           )
           UPDATE staging_evaluation s SET rejected = true FROM beside b WHERE b.record = s.record AND b.overlaps
           RETURNING s.record, s.line, s.uscc AS "code!", NULL::text AS document"#
    )
    .fetch_all(&mut *connection)
    .await?;
    let on_record = sqlx::query_as!(
        Met,
        r#"WITH met AS (
               SELECT s.record, min(p.document) AS document,
                   bool_and((p.code, p.name, p.kind, p.level, p.area_mu, p.valid, p.document) IS NOT DISTINCT FROM
                       (s.uscc, s.name, s.kind, s.level, s.amount, daterange(s.since, s.until), s.document)) AS same
               FROM staging_evaluation s JOIN platform p ON p.district = $1 AND p.withdrawn_at IS NULL
                    AND (p.code = s.uscc OR p.name = s.name) AND p.valid && daterange(s.since, s.until)
               WHERE NOT s.rejected GROUP BY s.record
           ), marked AS (
               UPDATE staging_evaluation s SET unchanged = m.same, rejected = NOT m.same FROM met m WHERE m.record = s.record
               RETURNING s.record, s.line, s.uscc, m.document, m.same
           )
           SELECT record AS "record!", line AS "line!", uscc AS "code!", document FROM marked WHERE NOT same"#,
        order.scope.county()
    )
    .fetch_all(connection)
    .await?;
    Ok([faults(&among), faults(&on_record)].concat())
}

/// As [`compare_platforms`], of one member of one list.
pub async fn compare_members(connection: &mut PgConnection, order: &Order) -> Result<Vec<Fault>, sqlx::Error> {
    let among = sqlx::query_as!(
        Met,
        r#"WITH beside AS (
               SELECT record, max(COALESCE(until, 'infinity')) OVER before > since
                     OR min(since) OVER after < COALESCE(until, 'infinity') AS overlaps
               FROM staging_evaluation WHERE NOT rejected
               WINDOW before AS (PARTITION BY kind, side, uscc ORDER BY since, record
                       ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING),
                   after AS (PARTITION BY kind, side, uscc ORDER BY since, record
                       ROWS BETWEEN 1 FOLLOWING AND UNBOUNDED FOLLOWING)
           )
           UPDATE staging_evaluation s SET rejected = true FROM beside b WHERE b.record = s.record AND b.overlaps
           RETURNING s.record, s.line, s.uscc AS "code!", NULL::text AS document"#
    )
    .fetch_all(&mut *connection)
    .await?;
    let on_record = sqlx::query_as!(
        Met,
        r#"WITH met AS (
               SELECT s.record, min(l.document) AS document,
                   bool_and(l.valid = daterange(s.since, s.until) AND l.document = s.document) AS same
               FROM staging_evaluation s JOIN evaluation_list l ON l.district = $1 AND l.withdrawn_at IS NULL AND l.list = s.kind
                    AND l.subject_kind = s.side AND l.subject = s.uscc AND l.valid && daterange(s.since, s.until)
               WHERE NOT s.rejected GROUP BY s.record
           ), marked AS (
               UPDATE staging_evaluation s SET unchanged = m.same, rejected = NOT m.same FROM met m WHERE m.record = s.record
               RETURNING s.record, s.line, s.uscc, m.document, m.same
           )
           SELECT record AS "record!", line AS "line!", uscc AS "code!", document FROM marked WHERE NOT same"#,
        order.scope.county()
    )
    .fetch_all(connection)
    .await?;
    Ok([faults(&among), faults(&on_record)].concat())
}

pub async fn insert_platforms(
    connection: &mut PgConnection,
    order: &Order,
    now: DateTime<Utc>,
) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "INSERT INTO platform (district, id, code, name, kind, level, area_mu, valid, document, recorded_at, recorded_by)
         SELECT $1, gen_random_uuid(), uscc, name, kind, level, amount, daterange(since, until), document, $2, $3
         FROM staging_evaluation WHERE NOT rejected AND NOT unchanged ORDER BY record",
        order.scope.county() as _,
        now,
        order.actor.name
    )
    .execute(connection)
    .await?;
    Ok(())
}

pub async fn insert_members(
    connection: &mut PgConnection,
    order: &Order,
    now: DateTime<Utc>,
) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "INSERT INTO evaluation_list (district, id, list, subject_kind, subject, valid, document, recorded_at, recorded_by)
         SELECT $1, gen_random_uuid(), kind, side, uscc, daterange(since, until), document, $2, $3
         FROM staging_evaluation WHERE NOT rejected AND NOT unchanged ORDER BY record",
        order.scope.county() as _,
        now,
        order.actor.name
    )
    .execute(connection)
    .await?;
    Ok(())
}
