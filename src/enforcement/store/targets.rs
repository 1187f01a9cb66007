//! Whom a campaign looks at.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use sqlx::types::Json;
use sqlx::{Postgres, QueryBuilder};
use uuid::Uuid;

use crate::account::{Act, Department};
use crate::base::code::Uscc;
use crate::db::count::{Total, total as count};
use crate::db::keyset::{self, Position};
use crate::db::{PgConnection, PgPool, Scope};
use crate::enforcement::TargetState;
use crate::enterprise::EnterpriseState;
use crate::inspection::TaskState;
use crate::workflow::{Number, Statement};

type Sql = QueryBuilder<Postgres>;

/// Who was there of each department, by its code.
pub type Present = BTreeMap<String, String>;

/// Somebody on the list of a campaign.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct Target {
    pub id: Uuid,
    pub campaign: Uuid,
    pub campaign_year: i16,
    pub campaign_serial: i32,
    pub uscc: String,
    pub name: String,
    pub parcel: String,
    pub subdistrict: String,
    /// The inspection by which they go.
    pub task: Uuid,
    pub task_state: TaskState,
    pub state: TargetState,
    pub visit: Option<Uuid>,
    pub visited_on: Option<NaiveDate>,
    pub handed_on: Option<NaiveDate>,
    pub handed_by_name: Option<String>,
    pub present: Option<Json<Present>>,
    unseen: Vec<String>,
    pub findings: i16,
    pub reason: Option<String>,
    pub version: i32,
}

impl Target {
    pub fn campaign_number(&self) -> Number {
        Number { year: self.campaign_year, serial: self.campaign_serial }
    }

    /// Departments that could not look.
    pub fn unseen(&self) -> Vec<Department> {
        self.unseen.iter().filter_map(|code| Department::parse(code)).collect()
    }

    /// How many findings were handed over; nothing where nobody has said what was found.
    pub fn found(&self) -> Option<i16> {
        self.visit.map(|_| self.findings)
    }

    /// Reported from the ground, and nobody has said what came of it.
    pub fn waits_for_handing_over(&self) -> bool {
        self.state == TargetState::Awaiting && self.task_state == TaskState::Reported
    }
}

const TARGETS: &str = "SELECT t.id, t.campaign, c.year AS campaign_year, c.serial AS campaign_serial, t.uscc, t.name, t.parcel, \
    t.subdistrict, t.task, k.state AS task_state, t.state, t.visit, t.visited_on, t.handed_on, t.handed_by_name, t.present, t.unseen, \
    t.findings, t.reason, t.version";

const FROM: &str = " FROM enforcement_target t \
    JOIN enforcement_campaign c ON c.district = t.district AND c.id = t.campaign \
    JOIN inspection_task k ON k.district = t.district AND k.id = t.task";

fn select(scope: &Scope) -> Sql {
    let mut sql = Sql::new(TARGETS);
    push_from(&mut sql, scope);
    sql
}

fn push_from(sql: &mut Sql, scope: &Scope) {
    sql.push(FROM);
    scope.push_where(sql, "t");
}

pub async fn find(connection: &mut PgConnection, scope: &Scope, id: Uuid) -> Result<Option<Target>, sqlx::Error> {
    let mut sql = select(scope);
    sql.push(" AND t.id = ").push_bind(id);
    sql.build_query_as().fetch_optional(connection).await
}

/// Somebody on the list of one campaign.
pub async fn of_campaign(
    connection: &mut PgConnection,
    scope: &Scope,
    (campaign, uscc): (Uuid, &str),
) -> Result<Option<Target>, sqlx::Error> {
    let mut sql = select(scope);
    sql.push(" AND t.campaign = ").push_bind(campaign).push(" AND t.uscc = ").push_bind(uscc.to_owned());
    sql.build_query_as().fetch_optional(connection).await
}

/// In which campaigns an enterprise, or whoever is on a parcel, was; the newest first.
pub async fn of_subject(pool: &PgPool, scope: &Scope, code: &str) -> Result<Vec<Target>, sqlx::Error> {
    let mut sql = select(scope);
    sql.push(if code.parse::<Uscc>().is_ok() { " AND t.uscc = " } else { " AND t.parcel = " });
    sql.push_bind(code.to_owned()).push(" ORDER BY c.year DESC, c.serial DESC");
    sql.build_query_as().fetch_all(pool).await
}

/// Which of them.
#[derive(Clone, Debug, Default)]
pub struct TargetFilter {
    pub campaign: Option<Number>,
    pub state: Option<TargetState>,
    /// Only those that wait for handing over.
    pub reported: bool,
    /// The whole credit code.
    pub uscc: Option<String>,
}

/// Of the campaign, year and serial number, then the credit code.
pub type TargetKey = (i16, i32, String);

/// The newest campaign first, in it by credit code.
pub async fn page(
    pool: &PgPool,
    scope: &Scope,
    filter: &TargetFilter,
    position: &Position<TargetKey>,
    size: u16,
) -> Result<keyset::Page<Target, TargetKey>, sqlx::Error> {
    let mut sql = select(scope);
    push_filter(&mut sql, filter);
    position.push_page(&mut sql, ["c.year", "c.serial", "t.uscc"], true, size);
    let rows: Vec<Target> = sql.build_query_as().fetch_all(pool).await?;
    Ok(position.paginate(rows, size.into(), |row| (row.campaign_year, row.campaign_serial, row.uscc.clone())))
}

pub async fn total(pool: &PgPool, scope: &Scope, filter: &TargetFilter) -> Result<Total, sqlx::Error> {
    count(pool, |sql| {
        sql.push("SELECT");
        push_from(sql, scope);
        push_filter(sql, filter);
    })
    .await
}

fn push_filter(sql: &mut Sql, filter: &TargetFilter) {
    if let Some(Number { year, serial }) = filter.campaign {
        sql.push(" AND c.year = ").push_bind(year).push(" AND c.serial = ").push_bind(serial);
    }
    if let Some(state) = filter.state {
        sql.push(" AND t.state = ").push_bind(state.code());
    }
    if filter.reported {
        sql.push(" AND t.state = 'awaiting' AND k.state = 'reported'");
    }
    if let Some(uscc) = &filter.uscc {
        sql.push(" AND t.uscc = ").push_bind(uscc.clone());
    }
}

/// Reported from the ground in any campaign, and not handed over.
pub async fn to_hand_over(pool: &PgPool, scope: &Scope) -> Result<i64, sqlx::Error> {
    let mut sql = Sql::new("SELECT count(*)");
    push_from(&mut sql, scope);
    sql.push(" AND t.state = 'awaiting' AND k.state = 'reported'");
    sql.build_query_scalar().fetch_one(pool).await
}

/// What the registers say of somebody who is to be looked at.
#[derive(Clone, Debug)]
pub struct Known {
    pub uscc: String,
    pub name: Option<String>,
    pub state: Option<EnterpriseState>,
    /// The largest part of its land on the day.
    pub parcel: Option<String>,
    pub subdistrict: Option<String>,
    /// On the list before.
    pub listed: bool,
}

/// Of some credit codes, each once, in the order of the codes.
pub async fn known(
    connection: &mut PgConnection,
    scope: &Scope,
    (campaign, codes): (Uuid, &[String]),
    on: NaiveDate,
) -> Result<Vec<Known>, sqlx::Error> {
    sqlx::query_as!(
        Known,
        r#"SELECT asked.uscc AS "uscc!", e.name AS "name?", e.state AS "state?: EnterpriseState", h.parcel AS "parcel?",
               h.subdistrict AS "subdistrict?",
               EXISTS (SELECT FROM enforcement_target t WHERE t.district = $1 AND t.campaign = $2 AND t.uscc = asked.uscc) AS "listed!"
           FROM (SELECT DISTINCT unnest($3::text[]) AS uscc) asked
           LEFT JOIN LATERAL (SELECT v.name, v.state FROM enterprise_version v WHERE v.district = $1 AND v.uscc = asked.uscc
               AND v.superseded_at IS NULL AND (lower_inf(v.valid) OR lower(v.valid) <= $4)
               ORDER BY lower(v.valid) DESC NULLS LAST LIMIT 1) e ON true
           LEFT JOIN LATERAL (SELECT p.code AS parcel, COALESCE(p.subdistrict, p.registered_subdistrict) AS subdistrict
               FROM holding o JOIN parcel_version p ON p.district = o.district AND p.code = o.parcel_code
                   AND p.superseded_at IS NULL AND p.valid @> $4::date
               WHERE o.district = $1 AND o.uscc = asked.uscc AND o.superseded_at IS NULL AND o.valid @> $4::date
                 AND o.side <> 'leased_out'
                 AND ($5::text IS NULL OR COALESCE(p.subdistrict, p.registered_subdistrict) = $5)
               ORDER BY o.area_mu DESC NULLS LAST, p.code LIMIT 1) h ON true
           ORDER BY asked.uscc"#,
        scope.county(),
        campaign,
        codes,
        on,
        scope.subdistrict_code()
    )
    .fetch_all(connection)
    .await
}

/// Several at once, one array a column.
#[derive(Clone, Debug, Default)]
pub struct NewTargets {
    pub ids: Vec<Uuid>,
    pub codes: Vec<String>,
    pub names: Vec<String>,
    pub parcels: Vec<String>,
    pub subdistricts: Vec<String>,
    pub tasks: Vec<Uuid>,
}

pub async fn insert(
    connection: &mut PgConnection,
    act: &Act,
    campaign: Uuid,
    new: &NewTargets,
) -> Result<u64, sqlx::Error> {
    let inserted = sqlx::query!(
        "INSERT INTO enforcement_target (district, id, campaign, uscc, name, parcel, subdistrict, task, state)
         SELECT $1, id, $2, uscc, name, parcel, subdistrict, task, 'awaiting'
         FROM unnest($3::uuid[], $4::text[], $5::text[], $6::text[], $7::text[], $8::uuid[])
             AS new (id, uscc, name, parcel, subdistrict, task)",
        act.scope.county(),
        campaign,
        &new.ids,
        &new.codes,
        &new.names,
        &new.parcels,
        &new.subdistricts,
        &new.tasks
    );
    Ok(inserted.execute(connection).await?.rows_affected())
}

/// What a result that is handed over leaves.
pub struct HandedOver<'a> {
    pub state: TargetState,
    pub visit: Uuid,
    pub visited_on: NaiveDate,
    pub present: &'a Present,
    pub unseen: &'a [Department],
    pub findings: i16,
    pub person: Uuid,
}

pub fn handed_over(act: &Act, id: Uuid, what: &HandedOver<'_>) -> Statement {
    let unseen: Vec<String> = what.unseen.iter().map(|department| department.code().to_owned()).collect();
    sqlx::query!(
        "UPDATE enforcement_target SET state = $3, visit = $4, visited_on = $5, handed_on = $6, handed_by = $7, handed_by_name = $8,
             present = $9, unseen = $10, findings = $11, version = version + 1
         WHERE district = $1 AND id = $2",
        act.scope.county(),
        id,
        what.state.code(),
        what.visit,
        what.visited_on,
        act.today(),
        what.person,
        act.actor.name,
        Json(what.present) as _,
        &unseen,
        what.findings
    )
}

pub fn dropped(act: &Act, id: Uuid, reason: &str) -> Statement {
    sqlx::query!(
        "UPDATE enforcement_target SET state = 'dropped', reason = $3, version = version + 1 WHERE district = $1 AND id = $2",
        act.scope.county(),
        id,
        reason
    )
}
