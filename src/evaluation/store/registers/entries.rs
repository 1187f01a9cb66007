//! The SQL of the registers of what is entered of an enterprise: vetoes, exemptions, claims, coefficients.

use chrono::{DateTime, NaiveDate, Utc};
use rust_decimal::Decimal;
use sqlx::postgres::PgRow;
use sqlx::postgres::types::PgRange;
use sqlx::{FromRow, PgConnection, Postgres, QueryBuilder};
use uuid::Uuid;

use crate::account::{Act, Department};
use crate::db::count::{Total, total as count};
use crate::db::keyset::{self, Position};
use crate::db::{PgPool, Scope};
use crate::evaluation::registers::entry::{
    ClaimSide, ExemptionKind, NewClaim, NewCoefficient, NewExemption, NewVeto, Register,
};
use crate::kept::store::{Days, HasDays, IsKept, KEPT, Kept};

pub type Sql = QueryBuilder<Postgres>;

/// Whether it was new; so with the others.
pub async fn insert_veto(
    connection: &mut PgConnection,
    act: &Act,
    id: Uuid,
    new: &NewVeto,
) -> Result<bool, sqlx::Error> {
    let done = sqlx::query!(
        "INSERT INTO evaluation_veto (district, id, uscc, kind, happened_on, valid, department, document, recorded_at, recorded_by)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
         ON CONFLICT (district, uscc, kind, happened_on, document) WHERE withdrawn_at IS NULL DO NOTHING",
        act.scope.county(),
        id,
        new.uscc.as_str(),
        new.kind,
        new.happened_on,
        PgRange::from(new.valid),
        new.department.code(),
        new.document,
        act.now,
        act.actor.name
    )
    .execute(connection)
    .await?;
    Ok(done.rows_affected() == 1)
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

/// What is entered of an enterprise.
#[derive(Clone, Debug, FromRow)]
pub struct Entry {
    #[sqlx(flatten)]
    pub kept: Kept,
    pub uscc: String,
    /// By its latest version; none of somebody who is not on record any more.
    pub name: Option<String>,
}

impl<L: Line> IsKept for L {
    fn kept(&self) -> &Kept {
        &self.entry().kept
    }
}

/// A row of one of the registers.
pub trait Line: for<'r> FromRow<'r, PgRow> + Send + Sync + Unpin + 'static {
    const REGISTER: Register;
    /// Beside those of [`Entry`].
    const COLUMNS: &'static str;
    /// What tells its kinds apart, where there are some.
    const KIND: Option<&'static str> = None;

    fn entry(&self) -> &Entry;

    /// That it counts in a year.
    fn push_year(sql: &mut Sql, year: i32);
}

#[derive(Clone, Debug, FromRow)]
pub struct VetoLine {
    #[sqlx(flatten)]
    pub entry: Entry,
    #[sqlx(flatten)]
    pub days: Days,
    /// A code of the kinds in the catalogue.
    pub kind: String,
    pub happened_on: NaiveDate,
    pub department: Department,
}

impl Line for VetoLine {
    const REGISTER: Register = Register::Vetoes;
    const COLUMNS: &'static str =
        "lower(t.valid) AS \"from\", (upper(t.valid) - 1) AS \"to\", t.kind, t.happened_on, t.department";
    const KIND: Option<&'static str> = Some("t.kind");

    fn entry(&self) -> &Entry {
        &self.entry
    }

    /// It acts in every year that its days touch.
    fn push_year(sql: &mut Sql, year: i32) {
        sql.push(" AND t.valid && daterange(make_date(").push_bind(year).push(", 1, 1), make_date(");
        sql.push_bind(year + 1).push(", 1, 1))");
    }
}

impl HasDays for VetoLine {
    fn days(&self) -> &Days {
        &self.days
    }
}

#[derive(Clone, Debug, FromRow)]
pub struct ExemptionLine {
    #[sqlx(flatten)]
    pub entry: Entry,
    #[sqlx(flatten)]
    pub days: Days,
    pub kind: ExemptionKind,
}

impl Line for ExemptionLine {
    const REGISTER: Register = Register::Exemptions;
    const COLUMNS: &'static str = "lower(t.valid) AS \"from\", (upper(t.valid) - 1) AS \"to\", t.kind";
    const KIND: Option<&'static str> = Some("t.kind");

    fn entry(&self) -> &Entry {
        &self.entry
    }

    /// The day that decides is 31 December.
    fn push_year(sql: &mut Sql, year: i32) {
        sql.push(" AND t.valid @> make_date(").push_bind(year).push(", 12, 31)");
    }
}

impl HasDays for ExemptionLine {
    fn days(&self) -> &Days {
        &self.days
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
    const REGISTER: Register = Register::Claims;
    const KIND: Option<&'static str> = Some("t.side");
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
    const REGISTER: Register = Register::Coefficients;
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
    /// A code of its kinds.
    pub kind: Option<String>,
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
    let mut sql = Sql::new("SELECT t.uscc, ");
    sql.push(KEPT).push(", ").push(L::COLUMNS).push(", ").push(NAME);
    push_found::<L>(&mut sql, scope, filter);
    position.push_page(&mut sql, ["t.recorded_at", "t.id"], true, size);
    let rows: Vec<L> = sql.build_query_as().fetch_all(pool).await?;
    Ok(position.paginate(rows, size.into(), |line| (line.kept().recorded_at, line.kept().id)))
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
    sql.push(" FROM ").push(L::REGISTER.table());
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
    if let Some((column, kind)) = L::KIND.zip(filter.kind.as_ref()) {
        sql.push(format_args!(" AND {column} = ")).push_bind(kind.clone());
    }
    if !filter.all {
        sql.push(" AND t.withdrawn_at IS NULL");
    }
}
