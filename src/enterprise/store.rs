//! Enterprises as they are on record: a list, one with its names, holdings and returns, and the keeping of its figures.
//!
//! A sub-district clerk sees the enterprises registered in the sub-district and those that hold land lying in it.

pub mod land;
pub mod writing;

use chrono::{DateTime, NaiveDate, Utc};
use rust_decimal::Decimal;
use serde_json::json;
use sqlx::{Postgres, QueryBuilder};

use super::list::{Cursor, ListQuery, Row, SortKey};
use super::{EnterpriseState, FigureState, HoldingSide, Indicator, OccupancyKind, Sector, SizeClass};
use crate::account::Department;
use crate::account::audit::{self, Actor, Deed};
use crate::base::period::Period;
use crate::db::like::containing;
use crate::db::{PgConnection, PgPool, Scope, layer};

#[derive(Clone, Debug)]
pub struct Page {
    pub rows: Vec<Row>,
    /// `None` on the last page.
    pub next: Option<Cursor>,
}

/// One version on record, with both its times.
#[derive(Clone, Debug)]
pub struct Version {
    pub id: i64,
    pub uscc: String,
    pub uscc_confirmed_by: Option<String>,
    pub valid: Period,
    pub name: String,
    pub industry_edition: Option<String>,
    pub industry_code: Option<String>,
    pub industry_name: Option<String>,
    pub sector: Sector,
    pub size_class: SizeClass,
    pub high_tech: Option<bool>,
    pub platform: Option<String>,
    pub subdistrict: Option<String>,
    pub subdistrict_name: Option<String>,
    pub state: EnterpriseState,
    pub established_on: Option<NaiveDate>,
    pub above_size_since: Option<NaiveDate>,
    pub project_until: Option<NaiveDate>,
    pub source: String,
    pub reason: String,
    pub recorded_at: DateTime<Utc>,
    pub recorded_by: String,
    pub superseded_at: Option<DateTime<Utc>>,
}

/// One side of an occupancy, seen from the enterprise.
#[derive(Clone, Debug)]
pub struct Holding {
    /// The occupancy it is a side of.
    pub occupancy: i64,
    pub side: HoldingSide,
    pub parcel: Option<String>,
    /// m², positive on every side; missing when not on record.
    pub area_m2: Option<Decimal>,
    pub floor_area_m2: Option<Decimal>,
    pub floor_only: bool,
    pub valid: Period,
    /// The other enterprise of a lease.
    pub counterpart: Option<String>,
    pub counterpart_name: Option<String>,
    pub source: String,
}

/// One figure of an annual return, with both its times.
#[derive(Clone, Debug)]
pub struct Figure {
    pub id: i64,
    pub year: i16,
    pub indicator: Indicator,
    pub value: Decimal,
    pub department: Department,
    pub state: FigureState,
    pub confirmed_by: Option<String>,
    pub confirmed_at: Option<DateTime<Utc>>,
    pub source: String,
    pub reason: String,
    pub recorded_at: DateTime<Utc>,
    pub recorded_by: String,
    pub superseded_at: Option<DateTime<Utc>>,
}

/// Who uses a parcel.
#[derive(Clone, Debug)]
pub struct Occupancy {
    pub id: i64,
    pub parcel: Option<String>,
    pub kind: OccupancyKind,
    pub occupant: Option<String>,
    pub occupant_name: Option<String>,
    pub lessor: Option<String>,
    pub lessor_name: Option<String>,
    pub area_m2: Option<Decimal>,
    pub floor_area_m2: Option<Decimal>,
    pub valid: Period,
    pub source: String,
    /// The lessor's land is in the register, so this lease counts no land anew.
    pub lessor_registered: bool,
}

#[derive(Clone, Debug)]
pub struct Choice {
    pub code: String,
    pub name: String,
}

#[derive(Debug, thiserror::Error)]
pub enum FigureError {
    #[error("no such figure")]
    NotFound,
    #[error("the figure belongs to another department")]
    OtherDepartment(Department),
    #[error("the figure was changed by {by}")]
    Stale { by: String, at: DateTime<Utc>, reason: String },
    #[error("the figure is confirmed already")]
    Confirmed,
    #[error("{0} may not be negative")]
    Negative(Indicator),
    #[error("a correction needs a reason")]
    NoReason,
    #[error(transparent)]
    Database(#[from] sqlx::Error),
}

type Sql = QueryBuilder<Postgres>;

pub async fn page(
    pool: &PgPool,
    scope: &Scope,
    query: &ListQuery,
    after: Option<&Cursor>,
    size: u16,
) -> Result<Page, sqlx::Error> {
    let mut sql = Sql::new(
        "SELECT e.uscc, e.name, e.industry_edition, e.industry_code, i.name AS industry_name, e.sector, e.size_class,
                e.high_tech, e.platform, e.subdistrict, e.state, e.established_on, e.above_size_since, e.project_until,
                (SELECT s.name FROM subdistrict s WHERE s.code = e.subdistrict ORDER BY lower(s.valid) DESC LIMIT 1) AS subdistrict_name, ",
    );
    push_former_name(&mut sql, scope, query);
    sql.push(" AS former_name FROM (SELECT DISTINCT ON (v.uscc) v.* FROM enterprise_version v WHERE v.superseded_at IS NULL AND v.district = ");
    sql.push_bind(scope.county().to_owned()).push(" AND lower(v.valid) <= ").push_bind(query.on);
    sql.push(" ORDER BY v.uscc, lower(v.valid) DESC) e");
    sql.push(" LEFT JOIN industry i ON i.edition = e.industry_edition AND i.code = e.industry_code WHERE true");
    push_filter(&mut sql, scope, query);
    push_order(&mut sql, query, after);
    sql.push(" LIMIT ").push_bind(i64::from(size) + 1);
    let mut rows: Vec<Row> = sql.build_query_as().fetch_all(pool).await?;
    let more = rows.len() > usize::from(size);
    rows.truncate(size.into());
    let next = rows.last().filter(|_| more).map(|row| Cursor { name: row.name.clone(), uscc: row.uscc.clone() });
    Ok(Page { rows, next })
}

fn push_former_name(sql: &mut Sql, scope: &Scope, query: &ListQuery) {
    let Some(text) = &query.filter.text else {
        sql.push("NULL::text");
        return;
    };
    sql.push("(SELECT f.name FROM enterprise_version f WHERE f.superseded_at IS NULL AND f.district = ");
    sql.push_bind(scope.county().to_owned());
    sql.push(" AND f.uscc = e.uscc AND f.name <> e.name AND lower(f.valid) <= ").push_bind(query.on);
    sql.push(" AND f.name ILIKE ").push_bind(containing(text)).push(" ORDER BY lower(f.valid) DESC LIMIT 1)");
}

fn push_filter(sql: &mut Sql, scope: &Scope, query: &ListQuery) {
    let filter = &query.filter;
    if let Some(code) = scope.subdistrict_code() {
        push_seen_from(sql, scope, code, query.on);
    }
    if let Some(code) = &filter.subdistrict {
        sql.push(" AND e.subdistrict = ").push_bind(code.clone());
    }
    if let Some(sector) = filter.sector {
        sql.push(" AND e.sector = ").push_bind(sector.code());
    }
    if let Some(size) = filter.size {
        sql.push(" AND e.size_class = ").push_bind(size.code());
    }
    if let Some(state) = filter.state {
        sql.push(" AND e.state = ").push_bind(state.code());
    }
    match filter.industry.as_deref() {
        Some(section) if section.starts_with(|c: char| c.is_ascii_alphabetic()) => {
            sql.push(" AND i.section = ").push_bind(section.to_owned());
        }
        Some(digits) => {
            sql.push(" AND e.industry_code LIKE ").push_bind(format!("{digits}%"));
        }
        None => {}
    }
    if let Some(text) = &filter.text {
        sql.push(" AND (e.uscc LIKE ").push_bind(containing(&text.to_uppercase()));
        sql.push(
            " OR e.uscc IN (SELECT f.uscc FROM enterprise_version f WHERE f.superseded_at IS NULL AND f.district = ",
        );
        sql.push_bind(scope.county().to_owned()).push(" AND lower(f.valid) <= ").push_bind(query.on);
        sql.push(" AND f.name ILIKE ").push_bind(containing(text)).push("))");
    }
}

fn push_seen_from(sql: &mut Sql, scope: &Scope, code: &str, on: NaiveDate) {
    sql.push(" AND (e.subdistrict = ").push_bind(code.to_owned());
    sql.push(" OR e.uscc IN (SELECT h.uscc FROM holding h JOIN parcel_version p ON p.district = h.district AND p.code = h.parcel_code");
    sql.push(" AND p.superseded_at IS NULL WHERE h.superseded_at IS NULL AND h.district = ");
    sql.push_bind(scope.county().to_owned())
        .push(" AND h.valid @> ")
        .push_bind(on)
        .push("::date AND p.valid @> ")
        .push_bind(on);
    sql.push("::date AND COALESCE(p.subdistrict, p.registered_subdistrict) = ").push_bind(code.to_owned()).push("))");
}

fn push_order(sql: &mut Sql, query: &ListQuery, after: Option<&Cursor>) {
    let (beyond, direction) = if query.descending { (" < ", " DESC") } else { (" > ", " ASC") };
    if let Some(after) = after {
        match query.sort {
            SortKey::Uscc => sql.push(" AND e.uscc").push(beyond).push_bind(after.uscc.clone()),
            SortKey::Name => {
                sql.push(" AND (e.name, e.uscc)").push(beyond).push("(").push_bind(after.name.clone());
                sql.push(", ").push_bind(after.uscc.clone()).push(")")
            }
        };
    }
    sql.push(" ORDER BY ");
    if query.sort == SortKey::Name {
        sql.push("e.name").push(direction).push(", ");
    }
    sql.push("e.uscc").push(direction);
}

/// Whether the scope may see the enterprise at all.
pub async fn is_visible(pool: &PgPool, scope: &Scope, uscc: &str) -> Result<bool, sqlx::Error> {
    sqlx::query_scalar!(
        r#"SELECT EXISTS (SELECT FROM enterprise_version e WHERE e.district = $1 AND e.uscc = $2 AND e.superseded_at IS NULL
               AND ($3::text IS NULL OR (upper_inf(e.valid) AND e.subdistrict = $3) OR EXISTS (
                   SELECT FROM holding h JOIN parcel_version p ON p.district = h.district AND p.code = h.parcel_code
                       AND p.superseded_at IS NULL
                   WHERE h.district = $1 AND h.uscc = $2 AND h.superseded_at IS NULL AND upper_inf(h.valid) AND upper_inf(p.valid)
                       AND COALESCE(p.subdistrict, p.registered_subdistrict) = $3))) AS "seen!""#,
        scope.county(),
        uscc,
        scope.subdistrict_code()
    )
    .fetch_one(pool)
    .await
}

/// Everything recorded about an enterprise, newest first; nothing when the scope may not see it.
pub async fn versions(pool: &PgPool, scope: &Scope, uscc: &str) -> Result<Vec<Version>, sqlx::Error> {
    if !is_visible(pool, scope, uscc).await? {
        return Ok(Vec::new());
    }
    sqlx::query_as!(
        Version,
        r#"SELECT v.id, v.uscc, v.uscc_confirmed_by, v.valid, v.name, v.industry_edition, v.industry_code,
                  (SELECT i.name FROM industry i WHERE i.edition = v.industry_edition
                      AND i.code = v.industry_code) AS industry_name, v.sector AS "sector: _", v.size_class AS "size_class: _", v.high_tech,
                  v.platform, v.subdistrict, (SELECT s.name FROM subdistrict s WHERE s.code = v.subdistrict
                      ORDER BY lower(s.valid) DESC LIMIT 1) AS subdistrict_name,
                  v.state AS "state: _", v.established_on, v.above_size_since, v.project_until, v.source, v.reason,
                  v.recorded_at, v.recorded_by, v.superseded_at
           FROM enterprise_version v
           WHERE v.district = $1 AND v.uscc = $2
           ORDER BY v.superseded_at IS NOT NULL, lower(v.valid) DESC, v.recorded_at DESC"#,
        scope.county(),
        uscc
    )
    .fetch_all(pool)
    .await
}

/// What it holds and gives, the latest first.
pub async fn holdings(pool: &PgPool, scope: &Scope, uscc: &str) -> Result<Vec<Holding>, sqlx::Error> {
    if !is_visible(pool, scope, uscc).await? {
        return Ok(Vec::new());
    }
    sqlx::query_as!(
        Holding,
        r#"SELECT o.id AS occupancy, h.side AS "side!: HoldingSide", h.parcel_code AS parcel, abs(h.area_m2) AS area_m2, h.floor_area_m2,
                  h.floor_only AS "floor_only!", h.valid AS "valid!", o.source,
                  CASE h.side WHEN 'leased_out' THEN o.occupant ELSE o.lessor END AS counterpart,
                  (SELECT v.name FROM enterprise_version v WHERE v.district = $1 AND v.superseded_at IS NULL
                     AND v.uscc = CASE h.side WHEN 'leased_out' THEN o.occupant ELSE o.lessor END
                   ORDER BY lower(v.valid) DESC LIMIT 1) AS counterpart_name
           FROM holding h JOIN occupancy o ON o.district = $1 AND o.id = h.occupancy
           WHERE h.district = $1 AND h.uscc = $2 AND h.superseded_at IS NULL
           ORDER BY lower(h.valid) DESC, h.parcel_code, h.side"#,
        scope.county(),
        uscc
    )
    .fetch_all(pool)
    .await
}

/// Every figure ever recorded, what was superseded included: by year, indicator, then newest first.
pub async fn figures(pool: &PgPool, scope: &Scope, uscc: &str) -> Result<Vec<Figure>, sqlx::Error> {
    if !is_visible(pool, scope, uscc).await? {
        return Ok(Vec::new());
    }
    sqlx::query_as!(
        Figure,
        r#"SELECT id, year, indicator AS "indicator: _", value, department AS "department: _", state AS "state: _",
                  confirmed_by, confirmed_at, source, reason, recorded_at, recorded_by, superseded_at
           FROM return_figure WHERE district = $1 AND uscc = $2
           ORDER BY year DESC, indicator, superseded_at IS NOT NULL, recorded_at DESC, id DESC"#,
        scope.county(),
        uscc
    )
    .fetch_all(pool)
    .await
}

/// Who uses a parcel, on a day when one is given. Only parcels the scope may see.
pub async fn occupancies(
    pool: &PgPool,
    scope: &Scope,
    parcel: &str,
    on: Option<NaiveDate>,
) -> Result<Vec<Occupancy>, sqlx::Error> {
    sqlx::query_as!(
        Occupancy,
        r#"SELECT o.id, o.parcel_code AS parcel, o.kind AS "kind: _", o.occupant, o.lessor, o.area_m2, o.floor_area_m2, o.valid,
                  o.source,
                  (SELECT v.name FROM enterprise_version v WHERE v.district = $1 AND v.superseded_at IS NULL
                     AND v.uscc = o.occupant ORDER BY lower(v.valid) DESC LIMIT 1) AS occupant_name,
                  (SELECT v.name FROM enterprise_version v WHERE v.district = $1 AND v.superseded_at IS NULL
                     AND v.uscc = o.lessor ORDER BY lower(v.valid) DESC LIMIT 1) AS lessor_name,
                  EXISTS (SELECT FROM enterprise_version v WHERE v.district = $1 AND v.superseded_at IS NULL
                     AND v.uscc = o.lessor) AS "lessor_registered!"
           FROM occupancy o WHERE o.district = $1 AND o.parcel_code = $2 AND o.superseded_at IS NULL
             AND ($3::date IS NULL OR o.valid @> $3)
             AND EXISTS (SELECT FROM parcel_version p WHERE p.district = $1 AND p.code = $2 AND p.superseded_at IS NULL
                         AND ($4::text IS NULL OR COALESCE(p.subdistrict, p.registered_subdistrict) = $4))
           ORDER BY lower(o.valid), o.id"#,
        scope.county(),
        parcel,
        on,
        scope.subdistrict_code()
    )
    .fetch_all(pool)
    .await
}

/// The registered area of a parcel on a day, m².
pub async fn parcel_area(
    pool: &PgPool,
    scope: &Scope,
    parcel: &str,
    on: NaiveDate,
) -> Result<Option<Decimal>, sqlx::Error> {
    let area = sqlx::query_scalar!(
        "SELECT official_area_m2 FROM parcel_version WHERE district = $1 AND code = $2 AND valid @> $3::date AND superseded_at IS NULL
           AND ($4::text IS NULL OR COALESCE(subdistrict, registered_subdistrict) = $4)",
        scope.county(),
        parcel,
        on,
        scope.subdistrict_code()
    )
    .fetch_optional(pool)
    .await?;
    Ok(area.flatten())
}

pub async fn subdistricts(pool: &PgPool, scope: &Scope, on: NaiveDate) -> Result<Vec<Choice>, sqlx::Error> {
    sqlx::query_as!(
        Choice,
        "SELECT code, name FROM subdistrict WHERE left(code, 6) = $1 AND valid @> $2::date
         AND ($3::text IS NULL OR code = $3) ORDER BY code",
        scope.county(),
        on,
        scope.subdistrict_code()
    )
    .fetch_all(pool)
    .await
}

/// Sections and divisions of GB/T 4754 that occur in the register.
pub async fn industries(pool: &PgPool, scope: &Scope) -> Result<Vec<Choice>, sqlx::Error> {
    sqlx::query_as!(
        Choice,
        r#"SELECT DISTINCT ON (i.code) i.code, i.code || ' ' || i.name AS "name!" FROM industry i
           WHERE i.level <= 2 AND EXISTS (SELECT FROM enterprise_version v JOIN industry c
               ON c.edition = v.industry_edition AND c.code = v.industry_code
               WHERE v.district = $1 AND v.superseded_at IS NULL
                 AND (CASE i.level WHEN 1 THEN c.section = i.code ELSE left(c.code, 2) = i.code END))
           ORDER BY i.code, i.edition DESC"#,
        scope.county()
    )
    .fetch_all(pool)
    .await
}

/// The steward of the responsible department vouches for a figure as it was reported.
///
/// # Errors
/// When it is another department's, was confirmed already, or was changed since `id` was read.
pub async fn confirm_figure(
    pool: &PgPool,
    scope: &Scope,
    actor: &Actor,
    own: Department,
    (uscc, id): (&str, i64),
    now: DateTime<Utc>,
) -> Result<(), FigureError> {
    let mut transaction = pool.begin().await?;
    let figure = take_figure(pool, &mut transaction, scope, own, (uscc, id), now).await?;
    if figure.state == FigureState::Confirmed {
        return Err(FigureError::Confirmed);
    }
    let reason = "部门确认";
    let confirmed = Written { value: figure.value, confirmed: true, source: &figure.source, reason };
    put_figure(&mut transaction, scope, actor, id, &confirmed, now).await?;
    let detail = json!({ "year": figure.year, "indicator": figure.indicator, "value": figure.value.to_string() });
    seal(&mut transaction, scope, actor, "figure.confirm", uscc, detail, now).await?;
    transaction.commit().await?;
    Ok(())
}

/// The steward puts a figure right; it stands as reported until it is confirmed anew.
///
/// # Errors
/// As for [`confirm_figure`]; also without a reason, or below zero where that cannot be.
pub async fn correct_figure(
    pool: &PgPool,
    scope: &Scope,
    actor: &Actor,
    own: Department,
    (uscc, id): (&str, i64),
    (value, reason): (Decimal, &str),
    now: DateTime<Utc>,
) -> Result<(), FigureError> {
    if reason.trim().is_empty() {
        return Err(FigureError::NoReason);
    }
    let mut transaction = pool.begin().await?;
    let figure = take_figure(pool, &mut transaction, scope, own, (uscc, id), now).await?;
    if value < Decimal::ZERO && !figure.indicator.may_be_negative() {
        return Err(FigureError::Negative(figure.indicator));
    }
    let corrected = Written { value, confirmed: false, source: &figure.source, reason: reason.trim() };
    put_figure(&mut transaction, scope, actor, id, &corrected, now).await?;
    let detail = json!({
        "year": figure.year, "indicator": figure.indicator, "from": figure.value.to_string(), "to": value.to_string(),
        "reason": reason.trim(),
    });
    seal(&mut transaction, scope, actor, "figure.correct", uscc, detail, now).await?;
    transaction.commit().await?;
    Ok(())
}

/// Ends the row somebody decided on; refuses when it is another department's or no longer the last word.
async fn take_figure(
    pool: &PgPool,
    connection: &mut PgConnection,
    scope: &Scope,
    own: Department,
    (uscc, id): (&str, i64),
    now: DateTime<Utc>,
) -> Result<Figure, FigureError> {
    let all = figures(pool, scope, uscc).await?;
    let figure = all.iter().find(|figure| figure.id == id).cloned().ok_or(FigureError::NotFound)?;
    if figure.department != own {
        return Err(FigureError::OtherDepartment(figure.department));
    }
    let ended = sqlx::query!(
        "UPDATE return_figure SET superseded_at = $3 WHERE district = $1 AND id = $2 AND superseded_at IS NULL",
        scope.county(),
        id,
        now
    )
    .execute(connection)
    .await?;
    if ended.rows_affected() == 1 {
        return Ok(figure);
    }
    let last = all.into_iter().find(|other| (other.year, other.indicator) == (figure.year, figure.indicator));
    let last = last.unwrap_or(figure);
    Err(FigureError::Stale { by: last.recorded_by, at: last.recorded_at, reason: last.reason })
}

struct Written<'a> {
    value: Decimal,
    confirmed: bool,
    source: &'a str,
    reason: &'a str,
}

async fn put_figure(
    connection: &mut PgConnection,
    scope: &Scope,
    actor: &Actor,
    id: i64,
    written: &Written<'_>,
    now: DateTime<Utc>,
) -> Result<(), sqlx::Error> {
    let put = sqlx::query!(
        "INSERT INTO return_figure (district, year, indicator, uscc, value, department, state, confirmed_by, confirmed_at,
             source, reason, recorded_at, recorded_by)
         SELECT district, year, indicator, uscc, $3, department, $4, $5, $6, $7, $8, $9, $10
         FROM return_figure WHERE district = $1 AND id = $2",
        scope.county(),
        id,
        written.value,
        if written.confirmed { FigureState::Confirmed } else { FigureState::Reported } as _,
        written.confirmed.then_some(actor.name.as_str()),
        written.confirmed.then_some(now),
        written.source,
        written.reason,
        now,
        actor.name
    )
    .execute(connection)
    .await?;
    if put.rows_affected() == 1 { Ok(()) } else { Err(sqlx::Error::RowNotFound) }
}

async fn seal(
    connection: &mut PgConnection,
    scope: &Scope,
    actor: &Actor,
    action: &str,
    uscc: &str,
    detail: serde_json::Value,
    now: DateTime<Utc>,
) -> Result<(), sqlx::Error> {
    layer::raise(connection, scope, layer::RETURNS).await?;
    let deed = Deed { action, subject_kind: "enterprise", subject: uscc, detail };
    audit::record(connection, scope, actor, deed, now).await
}

#[cfg(test)]
mod tests;
