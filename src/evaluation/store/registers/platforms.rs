//! The SQL of the register of platforms.

use chrono::NaiveDate;
use rust_decimal::Decimal;
use sqlx::postgres::types::PgRange;
use sqlx::{PgConnection, Postgres, QueryBuilder};
use uuid::Uuid;

use crate::account::Act;
use crate::db::count::{Total, total as count};
use crate::db::distinct::Distinct;
use crate::db::keyset::{self, Position};
use crate::db::like::containing;
use crate::db::{PgPool, Scope};
use crate::evaluation::registers::listed::{NewPlatform, PlatformKind};
use crate::kept::store::{DAYS, DatedTable, Days, HasDays, IsKept, KEPT, Kept};

type Sql = QueryBuilder<Postgres>;

pub const TABLE: DatedTable =
    DatedTable { name: "platform", named: "code, valid", said: "code, name, kind, level, area_mu" };

pub async fn insert(connection: &mut PgConnection, act: &Act, id: Uuid, new: &NewPlatform) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "INSERT INTO platform (district, id, code, name, kind, level, area_mu, valid, document, recorded_at, recorded_by)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)",
        act.scope.county(),
        id,
        new.code.as_str(),
        new.name,
        new.kind.code(),
        new.level.map(i16::from),
        new.area_mu,
        PgRange::from(new.valid),
        new.document,
        act.now,
        act.actor.name
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// A platform as a line.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct PlatformLine {
    #[sqlx(flatten)]
    pub kept: Kept,
    #[sqlx(flatten)]
    pub days: Days,
    pub code: String,
    pub name: String,
    pub kind: PlatformKind,
    pub level: Option<i16>,
    pub area_mu: Option<Decimal>,
    /// How many enterprises of the register name it now.
    pub enterprises: i64,
}

impl IsKept for PlatformLine {
    fn kept(&self) -> &Kept {
        &self.kept
    }
}

impl HasDays for PlatformLine {
    fn days(&self) -> &Days {
        &self.days
    }
}

/// Which of them.
#[derive(Clone, Debug, Default)]
pub struct PlatformFilter {
    pub kind: Option<PlatformKind>,
    /// In force on this day.
    pub on: Option<NaiveDate>,
    /// Part of the name or the code.
    pub text: Option<String>,
    /// Also those withdrawn.
    pub all: bool,
}

/// Its code and its number.
pub type PlatformKey = (String, Uuid);

/// In the order of the codes.
pub async fn page(
    pool: &PgPool,
    scope: &Scope,
    filter: &PlatformFilter,
    position: &Position<PlatformKey>,
    size: u16,
) -> Result<keyset::Page<PlatformLine, PlatformKey>, sqlx::Error> {
    let mut sql = Sql::new("SELECT ");
    sql.push(KEPT).push(", ").push(DAYS).push(
        ", t.code, t.name, t.kind, t.level, t.area_mu,
                (SELECT count(*) FROM enterprise_version v WHERE v.district = t.district AND v.superseded_at IS NULL
                 AND v.platform IN (t.code, t.name) AND upper_inf(v.valid)) AS enterprises",
    );
    push_found(&mut sql, scope, filter);
    position.push_page(&mut sql, ["t.code", "t.id"], false, size);
    let rows: Vec<PlatformLine> = sql.build_query_as().fetch_all(pool).await?;
    Ok(position.paginate(rows, size.into(), |line| (line.code.clone(), line.kept.id)))
}

pub async fn total(pool: &PgPool, scope: &Scope, filter: &PlatformFilter) -> Result<Total, sqlx::Error> {
    count(pool, |sql| {
        sql.push("SELECT");
        push_found(sql, scope, filter);
    })
    .await
}

/// Names of platforms as enterprises give them now or gave them once, read from the index.
const NAMED: Distinct = Distinct {
    table: "enterprise_version",
    on_record: "superseded_at IS NULL AND platform IS NOT NULL",
    columns: &[("platform", "named")],
};

/// What enterprises name as their platform and no platform is called, so many at most: they are counted nowhere.
pub async fn named_by_nobody(pool: &PgPool, scope: &Scope, most: i64) -> Result<Vec<String>, sqlx::Error> {
    let mut sql = Sql::new("");
    NAMED.push(&mut sql, |sql| {
        sql.push(" AND district = ").push_bind(scope.county().to_owned());
    });
    sql.push(" SELECT named FROM occurring WHERE btrim(named) <> '' AND NOT EXISTS (SELECT FROM platform p WHERE p.district = ");
    sql.push_bind(scope.county().to_owned())
        .push(" AND p.withdrawn_at IS NULL AND btrim(named) IN (p.code, p.name)) LIMIT ");
    sql.push_bind(most);
    sql.build_query_scalar().fetch_all(pool).await
}

fn push_found(sql: &mut Sql, scope: &Scope, filter: &PlatformFilter) {
    sql.push(" FROM platform t WHERE t.district = ").push_bind(scope.county().to_owned());
    if let Some(kind) = filter.kind {
        sql.push(" AND t.kind = ").push_bind(kind.code());
    }
    if let Some(on) = filter.on {
        sql.push(" AND t.valid @> ").push_bind(on).push("::date");
    }
    if let Some(text) = &filter.text {
        sql.push(" AND (t.name ILIKE ").push_bind(containing(text)).push(" OR t.code ILIKE ");
        sql.push_bind(containing(text)).push(")");
    }
    if !filter.all {
        sql.push(" AND t.withdrawn_at IS NULL");
    }
}
