//! Campaigns of several departments.

use chrono::NaiveDate;
use serde::Serialize;
use sqlx::{Postgres, QueryBuilder};
use uuid::Uuid;

use crate::account::{Act, Department};
use crate::db::count::{Total, total as count};
use crate::db::keyset::{self, Position};
use crate::db::{PgConnection, PgPool, Scope};
use crate::enforcement::CampaignState;
use crate::workflow::{Number, Series, Statement};

type Sql = QueryBuilder<Postgres>;

pub const SERIES: Series = Series("enforcement_campaign_serial");

/// A campaign on record.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct Campaign {
    pub id: Uuid,
    pub year: i16,
    pub serial: i32,
    pub name: String,
    pub document: String,
    pub lead: Department,
    /// Codes of those that go together, the lead among them.
    departments: Vec<String>,
    /// Of the visits.
    pub due: NaiveDate,
    pub inspector: Uuid,
    pub inspector_name: Option<String>,
    pub state: CampaignState,
    pub opened_on: NaiveDate,
    pub opened_by_name: String,
    pub closed_on: Option<NaiveDate>,
    pub closed_by_name: Option<String>,
    pub closing_words: Option<String>,
    pub version: i32,
    /// On its list, and of these nobody has been to, or not said what came of it.
    pub targets: i64,
    pub awaiting: i64,
    pub findings: i64,
    /// Findings that are not at their end.
    pub unsettled: i64,
}

impl Campaign {
    pub fn number(&self) -> Number {
        Number { year: self.year, serial: self.serial }
    }

    pub fn departments(&self) -> Vec<Department> {
        self.departments.iter().filter_map(|code| Department::parse(code)).collect()
    }

    /// In Chinese.
    pub fn together(&self) -> String {
        self.departments().iter().map(|department| department.label()).collect::<Vec<_>>().join("、")
    }
}

const CAMPAIGNS: &str = "SELECT c.id, c.year, c.serial, c.name, c.document, c.lead, c.departments, c.due, c.inspector, \
    a.name AS inspector_name, c.state, c.opened_on, c.opened_by_name, c.closed_on, c.closed_by_name, c.closing_words, c.version, \
    t.targets, t.awaiting, f.findings, f.unsettled FROM enforcement_campaign c \
    LEFT JOIN account a ON a.district = c.district AND a.id = c.inspector \
    CROSS JOIN LATERAL (SELECT count(*) AS targets, count(*) FILTER (WHERE state = 'awaiting') AS awaiting \
        FROM enforcement_target t WHERE t.district = c.district AND t.campaign = c.id) t \
    CROSS JOIN LATERAL (SELECT count(*) AS findings, count(*) FILTER (WHERE closed_on IS NULL) AS unsettled \
        FROM enforcement_finding f WHERE f.district = c.district AND f.campaign = c.id) f \
    WHERE c.district = ";

fn select(scope: &Scope) -> Sql {
    let mut sql = Sql::new(CAMPAIGNS);
    sql.push_bind(scope.county().to_owned());
    sql
}

pub async fn find(connection: &mut PgConnection, scope: &Scope, id: Uuid) -> Result<Option<Campaign>, sqlx::Error> {
    let mut sql = select(scope);
    sql.push(" AND c.id = ").push_bind(id);
    sql.build_query_as().fetch_optional(connection).await
}

pub async fn by_number(
    connection: &mut PgConnection,
    scope: &Scope,
    number: Number,
) -> Result<Option<Campaign>, sqlx::Error> {
    let mut sql = select(scope);
    sql.push(" AND c.year = ").push_bind(number.year).push(" AND c.serial = ").push_bind(number.serial);
    sql.build_query_as().fetch_optional(connection).await
}

/// Year and serial number.
pub type CampaignKey = (i16, i32);

/// The newest first.
pub async fn page(
    pool: &PgPool,
    scope: &Scope,
    state: Option<CampaignState>,
    position: &Position<CampaignKey>,
    size: u16,
) -> Result<keyset::Page<Campaign, CampaignKey>, sqlx::Error> {
    let mut sql = select(scope);
    push_state(&mut sql, state);
    position.push_page(&mut sql, ["c.year", "c.serial"], true, size);
    let rows: Vec<Campaign> = sql.build_query_as().fetch_all(pool).await?;
    Ok(position.paginate(rows, size.into(), |row| (row.year, row.serial)))
}

pub async fn total(pool: &PgPool, scope: &Scope, state: Option<CampaignState>) -> Result<Total, sqlx::Error> {
    count(pool, |sql| {
        sql.push("SELECT FROM enforcement_campaign c WHERE c.district = ").push_bind(scope.county().to_owned());
        push_state(sql, state);
    })
    .await
}

fn push_state(sql: &mut Sql, state: Option<CampaignState>) {
    if let Some(state) = state {
        sql.push(" AND c.state = ").push_bind(state.code());
    }
}

/// A campaign as it is opened.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewCampaign {
    pub name: String,
    pub document: String,
    pub lead: Department,
    pub departments: Vec<Department>,
    pub due: NaiveDate,
    pub inspector: Uuid,
}

pub async fn insert(
    connection: &mut PgConnection,
    act: &Act,
    (id, number, person): (Uuid, Number, Uuid),
    new: &NewCampaign,
) -> Result<(), sqlx::Error> {
    let departments: Vec<String> = new.departments.iter().map(|department| department.code().to_owned()).collect();
    sqlx::query!(
        "INSERT INTO enforcement_campaign (district, id, year, serial, name, document, lead, departments, due, inspector, state,
             opened_on, opened_at, opened_by, opened_by_name)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, 'open', $11, $12, $13, $14)",
        act.scope.county(),
        id,
        number.year,
        number.serial,
        new.name,
        new.document,
        new.lead.code(),
        &departments,
        new.due,
        new.inspector,
        act.today(),
        act.now,
        person,
        act.actor.name
    )
    .execute(connection)
    .await?;
    Ok(())
}

pub fn close(act: &Act, id: Uuid, (person, words): (Uuid, &str)) -> Statement {
    sqlx::query!(
        "UPDATE enforcement_campaign SET state = 'closed', closed_on = $3, closed_at = $4, closed_by = $5, closed_by_name = $6,
             closing_words = $7, version = version + 1
         WHERE district = $1 AND id = $2",
        act.scope.county(),
        id,
        act.today(),
        act.now,
        person,
        act.actor.name,
        words
    )
}

/// How far one department is with its findings.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
#[schema(as = EnforcementProgress)]
pub struct Progress {
    pub department: Department,
    pub findings: i64,
    pub handed_over: i64,
    pub filed: i64,
    pub ordered: i64,
    pub rectified: i64,
    pub not_upheld: i64,
    pub late: i64,
    #[schema(value_type = String)]
    pub fine_yuan: rust_decimal::Decimal,
}

/// Of each department that has findings.
pub async fn progress(
    pool: &PgPool,
    scope: &Scope,
    campaign: Uuid,
    today: NaiveDate,
) -> Result<Vec<Progress>, sqlx::Error> {
    sqlx::query_as!(
        Progress,
        r#"SELECT department AS "department: Department", count(*) AS "findings!",
                  count(*) FILTER (WHERE state = 'handed_over') AS "handed_over!", count(*) FILTER (WHERE state = 'filed') AS "filed!",
                  count(*) FILTER (WHERE state = 'ordered') AS "ordered!", count(*) FILTER (WHERE state = 'rectified') AS "rectified!",
                  count(*) FILTER (WHERE state = 'not_upheld') AS "not_upheld!", count(*) FILTER (WHERE due < $4) AS "late!",
                  COALESCE(sum(fine_yuan), 0) AS "fine_yuan!"
           FROM enforcement_finding WHERE district = $1 AND campaign = $2 AND ($3::text IS NULL OR subdistrict = $3)
           GROUP BY department ORDER BY department"#,
        scope.county(),
        campaign,
        scope.subdistrict_code(),
        today
    )
    .fetch_all(pool)
    .await
}
