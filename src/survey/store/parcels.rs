//! Parcels of a round, one by one and as the ledger.

use chrono::NaiveDate;
use rust_decimal::Decimal;
use sqlx::{Postgres, QueryBuilder};
use uuid::Uuid;

use crate::account::Act;
use crate::account::work::MAX_COUNTED;
use crate::db::count::{Total, total as count};
use crate::db::keyset::{self, Position, Reading};
use crate::db::like::literal;
use crate::db::{PgConnection, PgPool, Scope};
use crate::parcel::SupplyStatus;
use crate::survey::rules::Ground;
use crate::survey::{Class, ListedBy, ParcelState};
use crate::workflow::Statement;

type Sql = QueryBuilder<Postgres>;

/// A parcel of a round: what was frozen, and what the visit that counts came to.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct Entry {
    pub id: Uuid,
    pub round: Uuid,
    pub code: String,
    pub name: Option<String>,
    /// m², as registered on the day of the opening.
    pub area_m2: Option<Decimal>,
    pub land_use_scheme: Option<String>,
    pub land_use_code: Option<String>,
    pub supply_status: SupplyStatus,
    pub subdistrict: String,
    pub listed_by: ListedBy,
    pub state: ParcelState,
    pub visited_on: Option<NaiveDate>,
    pub class: Option<Class>,
    pub ground: Option<Ground>,
    pub version: i32,
}

const COLUMNS: &str = "s.id, s.round, s.code, s.name, s.area_m2, s.land_use_scheme, s.land_use_code, s.supply_status, s.subdistrict, \
     s.listed_by, s.state, s.visited_on, s.class, s.ground, s.version";

fn push_from(sql: &mut Sql, scope: &Scope) {
    sql.push(" FROM survey_parcel s");
    scope.push_where(sql, "s");
}

fn select(scope: &Scope) -> Sql {
    let mut sql = Sql::new("SELECT ");
    sql.push(COLUMNS);
    push_from(&mut sql, scope);
    sql
}

pub async fn find(connection: &mut PgConnection, scope: &Scope, id: Uuid) -> Result<Option<Entry>, sqlx::Error> {
    let mut sql = select(scope);
    sql.push(" AND s.id = ").push_bind(id);
    sql.build_query_as().fetch_optional(connection).await
}

pub async fn by_code(pool: &PgPool, scope: &Scope, round: Uuid, code: &str) -> Result<Option<Entry>, sqlx::Error> {
    let mut sql = select(scope);
    sql.push(" AND s.round = ").push_bind(round).push(" AND s.code = ").push_bind(code.to_owned());
    sql.build_query_as().fetch_optional(pool).await
}

/// In which rounds a parcel is, the newest first: year, serial, state and class in each.
pub async fn rounds_of(
    pool: &PgPool,
    scope: &Scope,
    code: &str,
) -> Result<Vec<(i16, i32, ParcelState, Option<Class>)>, sqlx::Error> {
    let rows = sqlx::query!(
        r#"SELECT r.year, r.serial, s.state AS "state: ParcelState", s.class AS "class: Class"
           FROM survey_parcel s JOIN survey_round r ON r.district = s.district AND r.id = s.round
           WHERE s.district = $1 AND s.code = $2 AND ($3::text IS NULL OR s.subdistrict = $3)
           ORDER BY r.year DESC, r.serial DESC"#,
        scope.county(),
        code,
        scope.subdistrict_code()
    );
    let rows = rows.fetch_all(pool).await?.into_iter();
    Ok(rows.map(|row| (row.year, row.serial, row.state, row.class)).collect())
}

/// Parcels of a round where nobody was, as far as a desk counts.
pub async fn awaiting(pool: &PgPool, scope: &Scope, round: Uuid) -> Result<i64, sqlx::Error> {
    sqlx::query_scalar!(
        r#"SELECT count(*) AS "count!" FROM (
             SELECT FROM survey_parcel WHERE district = $1 AND round = $2 AND state = 'awaiting'
               AND ($3::text IS NULL OR subdistrict = $3) LIMIT $4) AS waiting"#,
        scope.county(),
        round,
        scope.subdistrict_code(),
        MAX_COUNTED + 1
    )
    .fetch_one(pool)
    .await
}

/// The visit that counts from now on.
pub fn visited(act: &Act, entry: Uuid, visit: Uuid, on: NaiveDate, outcome: Option<(Class, Ground)>) -> Statement {
    sqlx::query!(
        "UPDATE survey_parcel SET state = 'surveyed', visit = $3, visited_on = $4, class = $5, ground = $6, version = version + 1
         WHERE district = $1 AND id = $2",
        act.scope.county(),
        entry,
        visit,
        on,
        outcome.map(|(class, _)| class.code()),
        outcome.map(|(_, ground)| ground.code())
    )
}

/// An earlier visit that came in later: kept, and counts for nothing.
pub fn touched(act: &Act, entry: Uuid) -> Statement {
    sqlx::query!(
        "UPDATE survey_parcel SET version = version + 1 WHERE district = $1 AND id = $2",
        act.scope.county(),
        entry
    )
}

crate::terms! {
    /// How a parcel stands in a round.
    #[schema(as = SurveyStood)]
    pub enum Stood {
        ApprovedNotSupplied = "approved_not_supplied" => "批而未供",
        SuppliedNotUsed = "supplied_not_used" => "供而未用",
        Idle = "idle" => "闲置",
        LowEfficiency = "low_efficiency" => "低效",
        ChangedUse = "changed_use" => "改变用途",
        InUse = "in_use" => "在用",
        NotDeterminable = "not_determinable" => "无法分类",
        Awaiting = "awaiting" => "待核实",
    }
}

impl Stood {
    pub fn of(state: ParcelState, class: Option<Class>) -> Self {
        match (state, class) {
            (ParcelState::Awaiting, _) => Stood::Awaiting,
            (ParcelState::Surveyed, None) => Stood::NotDeterminable,
            (_, Some(Class::ApprovedNotSupplied)) => Stood::ApprovedNotSupplied,
            (_, Some(Class::SuppliedNotUsed)) => Stood::SuppliedNotUsed,
            (_, Some(Class::Idle)) => Stood::Idle,
            (_, Some(Class::LowEfficiency)) => Stood::LowEfficiency,
            (_, Some(Class::ChangedUse)) => Stood::ChangedUse,
            (_, Some(Class::InUse)) => Stood::InUse,
        }
    }
}

/// Which parcels of a round.
#[derive(Clone, Debug, Default)]
pub struct Filter {
    pub round: Uuid,
    pub stood: Option<Stood>,
    pub subdistrict: Option<String>,
    /// The beginning of a code.
    pub code: Option<String>,
}

/// In the order of their codes.
pub async fn page(
    pool: &PgPool,
    scope: &Scope,
    filter: &Filter,
    position: &Position<String>,
    size: u16,
) -> Result<keyset::Page<Entry, String>, sqlx::Error> {
    let mut sql = Sql::new("SELECT ");
    sql.push(COLUMNS);
    push_found(&mut sql, scope, filter);
    let Reading { beyond, direction } = order(filter, position);
    if let Some(code) = position.key() {
        sql.push(" AND s.code").push(beyond).push_bind(code.clone());
    }
    sql.push(" ORDER BY s.code").push(direction).push(" LIMIT ").push_bind(i64::from(size) + 1);
    let rows: Vec<Entry> = sql.build_query_as().fetch_all(pool).await?;
    Ok(position.paginate(rows, size.into(), |entry| entry.code.clone()))
}

/// Codes that begin alike are met by the index of beginnings, in its plain order; digits and capital letters stand alike in both.
fn order(filter: &Filter, position: &Position<String>) -> Reading {
    match (&filter.code, position.is_back()) {
        (None, _) => position.reading(false),
        (Some(_), false) => Reading { beyond: " ~>~ ", direction: " USING ~<~" },
        (Some(_), true) => Reading { beyond: " ~<~ ", direction: " USING ~>~" },
    }
}

pub async fn total(pool: &PgPool, scope: &Scope, filter: &Filter) -> Result<Total, sqlx::Error> {
    count(pool, |sql| {
        sql.push("SELECT");
        push_found(sql, scope, filter);
    })
    .await
}

fn push_found(sql: &mut Sql, scope: &Scope, filter: &Filter) {
    push_from(sql, scope);
    sql.push(" AND s.round = ").push_bind(filter.round);
    match filter.stood {
        None => {}
        Some(Stood::Awaiting) => {
            sql.push(" AND s.state = 'awaiting' AND s.class IS NULL");
        }
        Some(Stood::NotDeterminable) => {
            sql.push(" AND s.state = 'surveyed' AND s.class IS NULL");
        }
        Some(stood) => {
            sql.push(" AND s.state = 'surveyed' AND s.class = ").push_bind(stood.code());
        }
    }
    if let Some(subdistrict) = &filter.subdistrict {
        sql.push(" AND s.subdistrict = ").push_bind(subdistrict.clone());
    }
    if let Some(code) = &filter.code {
        sql.push(" AND s.code LIKE ").push_bind(format!("{}%", literal(code)));
    }
}
