//! The SQL of the registers of exemptions, claims and coefficients, and what they share with the vetoes.

use chrono::{DateTime, NaiveDate, Utc};
use rust_decimal::Decimal;
use sqlx::postgres::PgRow;
use sqlx::postgres::types::PgRange;
use sqlx::{FromRow, PgConnection, Postgres, QueryBuilder};
use uuid::Uuid;

use crate::account::Act;
use crate::db::count::{Total, total as count};
use crate::db::keyset::{self, Position};
use crate::db::{PgPool, Scope};
use crate::evaluation::entry::{ClaimSide, ExemptionKind, NewClaim, NewCoefficient, NewExemption};

pub type Sql = QueryBuilder<Postgres>;

crate::terms! {
    /// Registers whose rows are withdrawn with a reason.
    #[schema(as = EvaluationRegister)]
    pub enum Register {
        Vetoes = "vetoes" => "否决",
        Exemptions = "exemptions" => "免评或保护期",
        Claims = "claims" => "加减分",
        Coefficients = "coefficients" => "修正系数",
    }
}

pub async fn insert_exemption(
    connection: &mut PgConnection,
    act: &Act,
    id: Uuid,
    new: &NewExemption,
) -> Result<bool, sqlx::Error> {
    let done = sqlx::query!(
        "INSERT INTO evaluation_exemption (district, id, uscc, kind, valid, document, recorded_at, recorded_by)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT DO NOTHING",
        act.scope.county(),
        id,
        new.uscc.as_str(),
        new.kind.code(),
        PgRange::from(new.valid),
        new.document,
        act.now,
        act.actor.name
    )
    .execute(connection)
    .await?;
    Ok(done.rows_affected() == 1)
}

pub async fn insert_claim(
    connection: &mut PgConnection,
    act: &Act,
    id: Uuid,
    new: &NewClaim,
) -> Result<bool, sqlx::Error> {
    let done = sqlx::query!(
        "INSERT INTO evaluation_claim (district, id, uscc, category, year, side, item, times, document, recorded_at, recorded_by)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11) ON CONFLICT DO NOTHING",
        act.scope.county(),
        id,
        new.uscc.as_str(),
        new.category.code(),
        new.year as i16,
        new.side.code(),
        new.item,
        new.times,
        new.document,
        act.now,
        act.actor.name
    )
    .execute(connection)
    .await?;
    Ok(done.rows_affected() == 1)
}

pub async fn insert_coefficient(
    connection: &mut PgConnection,
    act: &Act,
    id: Uuid,
    new: &NewCoefficient,
) -> Result<bool, sqlx::Error> {
    let done = sqlx::query!(
        "INSERT INTO evaluation_coefficient (district, id, category, year, uscc, value, document, recorded_at, recorded_by)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) ON CONFLICT DO NOTHING",
        act.scope.county(),
        id,
        new.category.code(),
        new.year as i16,
        new.uscc.as_str(),
        new.value,
        new.document,
        act.now,
        act.actor.name
    )
    .execute(connection)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// Whose it was; `None` when it is not on record, or withdrawn already.
pub async fn withdraw(
    connection: &mut PgConnection,
    act: &Act,
    register: Register,
    id: Uuid,
    reason: &str,
) -> Result<Option<String>, sqlx::Error> {
    let (district, by) = (act.scope.county(), &act.actor.name);
    match register {
        Register::Vetoes => super::vetoes::withdraw(connection, act, id, reason).await,
        Register::Exemptions => {
            sqlx::query_scalar!(
                "UPDATE evaluation_exemption SET withdrawn_at = $3, withdrawn_by = $4, withdrawn_reason = $5
                 WHERE district = $1 AND id = $2 AND withdrawn_at IS NULL RETURNING uscc",
                district,
                id,
                act.now,
                by,
                reason
            )
            .fetch_optional(connection)
            .await
        }
        Register::Claims => {
            sqlx::query_scalar!(
                "UPDATE evaluation_claim SET withdrawn_at = $3, withdrawn_by = $4, withdrawn_reason = $5
                 WHERE district = $1 AND id = $2 AND withdrawn_at IS NULL RETURNING uscc",
                district,
                id,
                act.now,
                by,
                reason
            )
            .fetch_optional(connection)
            .await
        }
        Register::Coefficients => {
            sqlx::query_scalar!(
                "UPDATE evaluation_coefficient SET withdrawn_at = $3, withdrawn_by = $4, withdrawn_reason = $5
                 WHERE district = $1 AND id = $2 AND withdrawn_at IS NULL RETURNING uscc",
                district,
                id,
                act.now,
                by,
                reason
            )
            .fetch_optional(connection)
            .await
        }
    }
}

/// What every entry has.
#[derive(Clone, Debug, FromRow)]
pub struct Entry {
    pub id: Uuid,
    pub uscc: String,
    /// By its latest version; none of somebody who is not on record any more.
    pub name: Option<String>,
    pub document: String,
    pub recorded_at: DateTime<Utc>,
    pub recorded_by: String,
    pub withdrawn_by: Option<String>,
    pub withdrawn_reason: Option<String>,
}

/// A row of one of the registers.
pub trait Line: for<'r> FromRow<'r, PgRow> + Send + Sync + Unpin + 'static {
    const TABLE: &'static str;
    /// Beside those of [`Entry`].
    const COLUMNS: &'static str;

    fn entry(&self) -> &Entry;

    /// That it counts in a year.
    fn push_year(sql: &mut Sql, year: i32);
}

#[derive(Clone, Debug, FromRow)]
pub struct ExemptionLine {
    #[sqlx(flatten)]
    pub entry: Entry,
    pub kind: ExemptionKind,
    pub from: NaiveDate,
    /// The last day.
    pub to: Option<NaiveDate>,
}

impl Line for ExemptionLine {
    const TABLE: &'static str = "evaluation_exemption";
    const COLUMNS: &'static str = "t.kind, lower(t.valid) AS \"from\", (upper(t.valid) - 1) AS \"to\"";

    fn entry(&self) -> &Entry {
        &self.entry
    }

    /// The day that decides is 31 December.
    fn push_year(sql: &mut Sql, year: i32) {
        sql.push(" AND t.valid @> make_date(").push_bind(year).push(", 12, 31)");
    }
}

#[derive(Clone, Debug, FromRow)]
pub struct ClaimLine {
    #[sqlx(flatten)]
    pub entry: Entry,
    pub category: Option<String>,
    pub year: i16,
    pub side: ClaimSide,
    pub item: String,
    pub times: Decimal,
}

impl Line for ClaimLine {
    const TABLE: &'static str = "evaluation_claim";
    const COLUMNS: &'static str = "t.category, t.year, t.side, t.item, t.times";

    fn entry(&self) -> &Entry {
        &self.entry
    }

    fn push_year(sql: &mut Sql, year: i32) {
        sql.push(" AND t.year = ").push_bind(year as i16);
    }
}

#[derive(Clone, Debug, FromRow)]
pub struct CoefficientLine {
    #[sqlx(flatten)]
    pub entry: Entry,
    pub category: String,
    pub year: i16,
    pub value: Decimal,
}

impl Line for CoefficientLine {
    const TABLE: &'static str = "evaluation_coefficient";
    const COLUMNS: &'static str = "t.category, t.year, t.value";

    fn entry(&self) -> &Entry {
        &self.entry
    }

    fn push_year(sql: &mut Sql, year: i32) {
        sql.push(" AND t.year = ").push_bind(year as i16);
    }
}

/// Which entries; what a register has no column for is never asked.
#[derive(Clone, Debug, Default)]
pub struct EntryFilter {
    pub uscc: Option<String>,
    pub year: Option<i32>,
    pub category: Option<String>,
    pub kind: Option<ExemptionKind>,
    pub side: Option<ClaimSide>,
    /// Also those withdrawn.
    pub all: bool,
}

/// When it was entered, and its number.
pub type EntryKey = (DateTime<Utc>, Uuid);

/// The newest first.
pub async fn page<L: Line>(
    pool: &PgPool,
    scope: &Scope,
    filter: &EntryFilter,
    position: &Position<EntryKey>,
    size: u16,
) -> Result<keyset::Page<L, EntryKey>, sqlx::Error> {
    let mut sql =
        Sql::new("SELECT t.id, t.uscc, t.document, t.recorded_at, t.recorded_by, t.withdrawn_by, t.withdrawn_reason, ");
    sql.push(L::COLUMNS).push(", ").push(NAME);
    push_found::<L>(&mut sql, scope, filter);
    let reading = position.reading(true);
    if let Some((at, id)) = position.key() {
        sql.push(" AND (t.recorded_at, t.id)").push(reading.beyond).push("(");
        sql.push_bind(*at).push(", ").push_bind(*id).push(")");
    }
    sql.push(" ORDER BY t.recorded_at").push(reading.direction).push(", t.id").push(reading.direction);
    sql.push(" LIMIT ").push_bind(i64::from(size) + 1);
    let rows: Vec<L> = sql.build_query_as().fetch_all(pool).await?;
    Ok(position.paginate(rows, size.into(), |line| (line.entry().recorded_at, line.entry().id)))
}

pub async fn total<L: Line>(pool: &PgPool, scope: &Scope, filter: &EntryFilter) -> Result<Total, sqlx::Error> {
    count(pool, |sql| {
        sql.push("SELECT");
        push_found::<L>(sql, scope, filter);
    })
    .await
}

/// The name of the enterprise of a row `t`, by its latest version.
pub const NAME: &str = "(SELECT v.name FROM enterprise_version v WHERE v.district = t.district AND v.uscc = t.uscc
    AND v.superseded_at IS NULL ORDER BY lower(v.valid) DESC NULLS LAST LIMIT 1) AS name";

/// A clerk of one sub-district sees the rows `t` of the enterprises that are registered there.
pub fn push_scope(sql: &mut Sql, scope: &Scope) {
    sql.push(" t WHERE t.district = ").push_bind(scope.county().to_owned());
    if let Some(code) = scope.subdistrict_code() {
        sql.push(" AND EXISTS (SELECT FROM enterprise_version v WHERE v.district = t.district AND v.uscc = t.uscc");
        sql.push(" AND v.superseded_at IS NULL AND v.subdistrict = ").push_bind(code.to_owned()).push(")");
    }
}

fn push_found<L: Line>(sql: &mut Sql, scope: &Scope, filter: &EntryFilter) {
    sql.push(" FROM ").push(L::TABLE);
    push_scope(sql, scope);
    if let Some(uscc) = &filter.uscc {
        sql.push(" AND t.uscc = ").push_bind(uscc.clone());
    }
    if let Some(year) = filter.year {
        L::push_year(sql, year);
    }
    if let Some(category) = &filter.category {
        sql.push(" AND t.category = ").push_bind(category.clone());
    }
    if let Some(kind) = filter.kind {
        sql.push(" AND t.kind = ").push_bind(kind.code());
    }
    if let Some(side) = filter.side {
        sql.push(" AND t.side = ").push_bind(side.code());
    }
    if !filter.all {
        sql.push(" AND t.withdrawn_at IS NULL");
    }
}
