//! The SQL of the enterprise import. Two times: what is replaced is superseded, never changed; a version that a new one
//! follows comes back with its end.

use chrono::{DateTime, NaiveDate, Utc};

use crate::db::{PgConnection, Scope};
use crate::enterprise::rules::project_fault;
use crate::exchange::Fault;
use crate::importing::Order;
use crate::importing::table_stage::{Counts, counts, placed, reason_changed, reason_new};
use crate::importing::table_wording as wording;

/// The table that the records of a file are read into.
pub const STAGING: &str = "staging_enterprise";
pub const COPY: &str = "COPY staging_enterprise (record, line, rejected, uscc, check_digit_fails, name, \
    industry_edition, industry_code, sector, size_class, high_tech, platform, subdistrict, state, established_on, \
    above_size_since, project_since, project_until, since) FROM STDIN";

/// Code and name of the district's sub-districts on a day.
pub async fn subdistricts(
    connection: &mut PgConnection,
    scope: &Scope,
    day: NaiveDate,
) -> Result<Vec<(String, String)>, sqlx::Error> {
    let rows = sqlx::query!(
        "SELECT code, name FROM subdistrict WHERE starts_with(code, $1) AND valid @> $2::date ORDER BY code",
        scope.county(),
        day
    )
    .fetch_all(connection)
    .await?;
    Ok(rows.into_iter().map(|row| (row.code, row.name)).collect())
}

/// Finds the version each row follows and takes from it what the row leaves open.
pub async fn complete_from_register(
    connection: &mut PgConnection,
    order: &Order,
    today: NaiveDate,
) -> Result<(), sqlx::Error> {
    sqlx::raw_sql("ANALYZE staging_enterprise").execute(&mut *connection).await?;
    sqlx::query!(
        "UPDATE staging_enterprise s SET
             nearest = n.id, covering = CASE WHEN n.covers THEN n.id END,
             since = coalesce(s.since, $2),
             uscc_confirmed_by = n.uscc_confirmed_by,
             industry_edition = CASE WHEN s.industry_code IS NULL THEN n.industry_edition ELSE s.industry_edition END,
             industry_code = coalesce(s.industry_code, n.industry_code),
             sector = coalesce(s.sector, n.sector),
             size_class = coalesce(s.size_class, n.size_class),
             high_tech = coalesce(s.high_tech, n.high_tech),
             platform = coalesce(s.platform, n.platform),
             subdistrict = coalesce(s.subdistrict, n.subdistrict),
             state = coalesce(s.state, n.state),
             established_on = coalesce(s.established_on, n.established_on),
             above_size_since = coalesce(s.above_size_since, n.above_size_since),
             project_since = coalesce(s.project_since, n.project_since),
             project_until = coalesce(s.project_until, n.project_until)
         FROM (SELECT DISTINCT ON (t.record) t.record, v.*, v.valid @> coalesce(t.since, $2) AS covers
               FROM staging_enterprise t
               JOIN enterprise_version v ON v.district = $1 AND v.uscc = t.uscc AND v.superseded_at IS NULL
               WHERE NOT t.rejected
               ORDER BY t.record,
                   coalesce(lower(v.valid), '-infinity') <= coalesce(t.since, $2) DESC,
                   CASE WHEN coalesce(lower(v.valid), '-infinity') <= coalesce(t.since, $2)
                        THEN coalesce(lower(v.valid), '-infinity') END DESC,
                   lower(v.valid)) n
         WHERE n.record = s.record",
        order.scope.county(),
        today
    )
    .execute(&mut *connection)
    .await?;
    // An enterprise that nobody knew, without a day: it holds since it was established.
    sqlx::query!(
        "UPDATE staging_enterprise SET since = coalesce(since, established_on, $1), state = coalesce(state, 'operating')
         WHERE nearest IS NULL AND NOT rejected",
        today
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// Marks what the register does not take, and says why.
pub async fn check(connection: &mut PgConnection, order: &Order) -> Result<Vec<Fault>, sqlx::Error> {
    let mut faults = refuse_duplicates(connection).await?;
    faults.extend(refuse_unknown_industries(connection).await?);
    faults.extend(refuse_missing(connection).await?);
    faults.extend(refuse_projects(connection).await?);
    faults.extend(settle_check_digits(connection, order).await?);
    if let Some(own) = order.scope.subdistrict_code() {
        faults.extend(refuse_outside(connection, order, own).await?);
    }
    Ok(faults)
}

/// Of rows that say the same the first is taken; of rows that differ none.
async fn refuse_duplicates(connection: &mut PgConnection) -> Result<Vec<Fault>, sqlx::Error> {
    let rows = sqlx::query!(
        r#"WITH several AS (
               SELECT uscc FROM staging_enterprise WHERE NOT rejected GROUP BY uscc HAVING count(*) > 1
           ), told AS (
               SELECT t.uscc, array_agg(t.record ORDER BY t.record) AS records,
                      count(DISTINCT to_jsonb(t) - '{record,line}'::text[]) > 1 AS differ
               FROM staging_enterprise t JOIN several USING (uscc) WHERE NOT t.rejected GROUP BY t.uscc
           )
           UPDATE staging_enterprise s SET rejected = true FROM told
           WHERE s.uscc = told.uscc AND NOT s.rejected AND (told.differ OR s.record > told.records[1])
           RETURNING s.record, s.line, s.uscc AS "uscc!", told.records AS "records!", told.differ AS "differ!""#
    )
    .fetch_all(connection)
    .await?;
    let fault =
        |uscc: &str, records: &[i64], differ| wording::told_again(format_args!("企业 {uscc} "), records, differ);
    Ok(rows.iter().map(|row| placed(fault(&row.uscc, &row.records, row.differ), row.record, row.line)).collect())
}

async fn refuse_unknown_industries(connection: &mut PgConnection) -> Result<Vec<Fault>, sqlx::Error> {
    let rows = sqlx::query!(
        r#"UPDATE staging_enterprise s SET rejected = true
           WHERE NOT rejected AND industry_code IS NOT NULL
             AND NOT EXISTS (SELECT FROM industry i WHERE (i.edition, i.code) = (s.industry_edition, s.industry_code))
           RETURNING record, line, industry_edition AS "edition!", industry_code AS "code!",
               EXISTS (SELECT FROM industry i WHERE i.edition = s.industry_edition) AS "loaded!""#
    )
    .fetch_all(connection)
    .await?;
    let fault = |edition: &str, code: &str, loaded| match loaded {
        true => wording::industry_unknown(&format!("GB/T 4754-{edition}"), code),
        false => wording::edition_not_loaded(edition, code),
    };
    Ok(rows.iter().map(|row| placed(fault(&row.edition, &row.code, row.loaded), row.record, row.line)).collect())
}

/// What the register cannot do without, and what neither the row nor an earlier version says.
async fn refuse_missing(connection: &mut PgConnection) -> Result<Vec<Fault>, sqlx::Error> {
    let rows = sqlx::query!(
        r#"UPDATE staging_enterprise SET rejected = true
           WHERE NOT rejected AND (size_class IS NULL OR sector IS NULL)
           RETURNING record, line, size_class IS NULL AS "size_class!", sector IS NULL AS "sector!""#
    )
    .fetch_all(connection)
    .await?;
    let size_class = || wording::value_missing("规模", "新企业须写明规上或规下");
    let sector = || wording::value_missing("行业门类", "也无法由行业代码推定");
    Ok(rows
        .into_iter()
        .flat_map(|row| {
            let found = [row.size_class.then(size_class), row.sector.then(sector)];
            found.into_iter().flatten().map(move |fault| placed(fault, row.record, row.line))
        })
        .collect())
}

/// A construction period whose start stands alone or after its end, with what the register knows of it.
async fn refuse_projects(connection: &mut PgConnection) -> Result<Vec<Fault>, sqlx::Error> {
    let rows = sqlx::query!(
        r#"UPDATE staging_enterprise SET rejected = true
           WHERE NOT rejected AND project_since IS NOT NULL AND (project_until IS NULL OR project_until < project_since)
           RETURNING record, line, project_since, project_until"#
    )
    .fetch_all(connection)
    .await?;
    let found = rows
        .iter()
        .filter_map(|row| Some(placed(project_fault(row.project_since, row.project_until)?, row.record, row.line)));
    Ok(found.collect())
}

/// A code whose check digit fails is taken when somebody confirmed it before, or does so with this order.
async fn settle_check_digits(connection: &mut PgConnection, order: &Order) -> Result<Vec<Fault>, sqlx::Error> {
    let accepts = order.options.accept_warnings;
    let rows = sqlx::query!(
        r#"UPDATE staging_enterprise SET rejected = NOT $1, uscc_confirmed_by = CASE WHEN $1 THEN $2 END
           WHERE NOT rejected AND check_digit_fails AND uscc_confirmed_by IS NULL
           RETURNING record, line, uscc AS "uscc!""#,
        accepts,
        order.actor.name
    )
    .fetch_all(connection)
    .await?;
    let fault = |uscc: &str| match accepts {
        true => wording::uscc_check_digit_confirmed(uscc, &order.actor.name),
        false => wording::uscc_check_digit(uscc),
    };
    Ok(rows.iter().map(|row| placed(fault(&row.uscc), row.record, row.line)).collect())
}

/// A clerk of one sub-district neither takes an enterprise from another nor gives one away.
async fn refuse_outside(connection: &mut PgConnection, order: &Order, own: &str) -> Result<Vec<Fault>, sqlx::Error> {
    let rows = sqlx::query!(
        r#"UPDATE staging_enterprise s SET rejected = true
           FROM (SELECT t.record, v.subdistrict AS registered FROM staging_enterprise t
                 LEFT JOIN enterprise_version v ON v.district = $1 AND v.id = t.nearest WHERE NOT t.rejected) n
           WHERE n.record = s.record
             AND (s.subdistrict IS DISTINCT FROM $2 OR s.nearest IS NOT NULL AND n.registered IS DISTINCT FROM $2)
           RETURNING s.record, s.line, s.uscc AS "uscc!",
               CASE WHEN s.subdistrict IS DISTINCT FROM $2 THEN s.subdistrict ELSE n.registered END AS lies"#,
        order.scope.county(),
        own
    )
    .fetch_all(connection)
    .await?;
    let fault = |uscc: &str, lies: Option<&str>| wording::enterprise_outside(uscc, lies, own);
    Ok(rows.iter().map(|row| placed(fault(&row.uscc, row.lies.as_deref()), row.record, row.line)).collect())
}

pub async fn apply(connection: &mut PgConnection, order: &Order, now: DateTime<Utc>) -> Result<Counts, sqlx::Error> {
    mark_unchanged(connection, order).await?;
    set_ends(connection, order).await?;
    supersede(connection, order, now).await?;
    bring_back_with_end(connection, order, now).await?;
    insert(connection, order, now).await?;
    counts(connection, STAGING).await
}

async fn mark_unchanged(connection: &mut PgConnection, order: &Order) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "UPDATE staging_enterprise s SET unchanged = true FROM enterprise_version v
         WHERE v.district = $1 AND v.id = s.covering AND NOT s.rejected
           AND (v.name, v.industry_edition, v.industry_code, v.sector, v.size_class, v.high_tech, v.platform,
                v.subdistrict, v.state, v.established_on, v.above_size_since, v.project_since, v.project_until, v.uscc_confirmed_by)
               IS NOT DISTINCT FROM
               (s.name, s.industry_edition, s.industry_code, s.sector, s.size_class, s.high_tech, s.platform,
                s.subdistrict, s.state, s.established_on, s.above_size_since, s.project_since, s.project_until, s.uscc_confirmed_by)",
        order.scope.county()
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// A new version lasts as long as the one it replaces, or until the next begins.
async fn set_ends(connection: &mut PgConnection, order: &Order) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "UPDATE staging_enterprise s SET until = n.until
         FROM (SELECT t.record, CASE WHEN t.covering IS NULL THEN min(lower(v.valid)) FILTER (WHERE lower(v.valid) > t.since)
                                     ELSE min(upper(v.valid)) FILTER (WHERE v.id = t.covering) END AS until
               FROM staging_enterprise t
               JOIN enterprise_version v ON v.district = $1 AND v.uscc = t.uscc AND v.superseded_at IS NULL
               WHERE NOT t.rejected AND NOT t.unchanged GROUP BY t.record, t.covering, t.since) n
         WHERE n.record = s.record",
        order.scope.county()
    )
    .execute(connection)
    .await?;
    Ok(())
}

async fn supersede(connection: &mut PgConnection, order: &Order, now: DateTime<Utc>) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "UPDATE enterprise_version v SET superseded_at = $2 FROM staging_enterprise s
         WHERE v.district = $1 AND v.id = s.covering AND v.superseded_at IS NULL AND NOT s.rejected AND NOT s.unchanged",
        order.scope.county(),
        now
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// What held until the day before still did.
async fn bring_back_with_end(
    connection: &mut PgConnection,
    order: &Order,
    now: DateTime<Utc>,
) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "INSERT INTO enterprise_version (district, uscc, uscc_confirmed_by, valid, name, industry_edition, industry_code,
             sector, size_class, high_tech, platform, subdistrict, state, established_on, above_size_since, project_since,
             project_until, source, reason, recorded_at, recorded_by, fingerprint)
         SELECT v.district, v.uscc, v.uscc_confirmed_by, daterange(lower(v.valid), s.since), v.name, v.industry_edition,
             v.industry_code, v.sector, v.size_class, v.high_tech, v.platform, v.subdistrict, v.state, v.established_on,
             v.above_size_since, v.project_since, v.project_until, v.source, $3 || '，自 ' || s.since || ' 起变更', $2, $4, v.fingerprint
         FROM staging_enterprise s JOIN enterprise_version v ON v.district = $1 AND v.id = s.covering
         WHERE NOT s.rejected AND NOT s.unchanged AND lower(v.valid) IS DISTINCT FROM s.since",
        order.scope.county(),
        now,
        reason_new(order),
        order.actor.name
    )
    .execute(connection)
    .await?;
    Ok(())
}

async fn insert(connection: &mut PgConnection, order: &Order, now: DateTime<Utc>) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "INSERT INTO enterprise_version (district, uscc, uscc_confirmed_by, valid, name, industry_edition, industry_code,
             sector, size_class, high_tech, platform, subdistrict, state, established_on, above_size_since, project_since,
             project_until, source, reason, recorded_at, recorded_by, fingerprint)
         SELECT $1, s.uscc, s.uscc_confirmed_by, daterange(s.since, s.until), s.name, s.industry_edition, s.industry_code,
             s.sector, s.size_class, s.high_tech, s.platform, s.subdistrict, s.state, s.established_on,
             s.above_size_since, s.project_since, s.project_until,
             $3, CASE WHEN lower(v.valid) = s.since THEN $5 ELSE $4 END, $2, $6,
             sha256(convert_to(jsonb_build_array(s.uscc, s.name, s.industry_edition, s.industry_code, s.sector,
                 s.size_class, s.high_tech, s.platform, s.subdistrict, s.state, s.established_on, s.above_size_since,
                 s.project_since, s.project_until)::text, 'UTF8'))
         FROM staging_enterprise s LEFT JOIN enterprise_version v ON v.district = $1 AND v.id = s.covering
         WHERE NOT s.rejected AND NOT s.unchanged ORDER BY s.record",
        order.scope.county() as _,
        now,
        order.file_name,
        reason_new(order),
        reason_changed(order),
        order.actor.name
    )
    .execute(connection)
    .await?;
    Ok(())
}
