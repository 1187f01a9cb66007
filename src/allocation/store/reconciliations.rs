//! Reconciliations: the lists of a year beside what was reported of it, read side by side and written by COPY.

use chrono::{DateTime, Utc};
use futures_util::Stream;
use rust_decimal::Decimal;
use sqlx::types::Json;
use sqlx::{PgConnection, Postgres, QueryBuilder};
use uuid::Uuid;

use crate::account::Act;
use crate::allocation::Quarter;
use crate::allocation::totals::Totals;
use crate::db::copy::CopyRows;
use crate::db::count::{Total, total as count};
use crate::db::keyset::{self, Position};
use crate::db::{PgPool, Scope};
use crate::entitlement::{Body, Done, Kind, Outcome, Reconciled};

/// One measure of one enterprise: what the newest list says of it that names it, and every report of the year.
#[derive(Debug)]
pub struct Beside {
    pub uscc: String,
    pub measure: String,
    pub body: Body,
    pub name: Option<String>,
    pub subdistrict: Option<String>,
    pub title: Option<String>,
    pub grade: Option<String>,
    pub kind: Option<Kind>,
    pub outcome: Option<Outcome>,
    pub per_unit: Option<Decimal>,
    pub amount: Option<Decimal>,
    pub why: Option<String>,
    pub receipt: Option<String>,
    pub done: Json<Vec<Done>>,
}

/// A line with what became of it.
pub struct Line {
    pub of: Beside,
    /// Of the measure.
    pub title: String,
    /// As hashed.
    pub input: String,
    pub found: Reconciled,
}

/// Ids of the lists of the year up to the quarter.
pub async fn lists(connection: &mut PgConnection, scope: &Scope, up_to: Quarter) -> Result<Vec<Uuid>, sqlx::Error> {
    sqlx::query_scalar!(
        "SELECT id FROM allocation_list WHERE district = $1 AND year = $2 AND quarter <= $3 AND withdrawn_at IS NULL ORDER BY id",
        scope.county(),
        up_to.year(),
        i16::from(up_to.number())
    )
    .fetch_all(connection)
    .await
}

/// How many lines there will be at most, for the way there.
pub async fn lines_of(connection: &mut PgConnection, scope: &Scope, lists: &[Uuid]) -> Result<i64, sqlx::Error> {
    sqlx::query_scalar!(
        r#"SELECT COALESCE(sum(lines), 0)::bigint AS "lines!" FROM allocation_list WHERE district = $1 AND id = ANY($2)"#,
        scope.county(),
        lists
    )
    .fetch_one(connection)
    .await
}

/// In the order of credit codes and measures.
pub fn beside<'c>(
    connection: &'c mut PgConnection,
    scope: &'c Scope,
    up_to: Quarter,
    lists: &'c [Uuid],
) -> impl Stream<Item = Result<Beside, sqlx::Error>> + 'c {
    sqlx::query_as!(
        Beside,
        r#"WITH list AS (
               SELECT id, body, quarter FROM allocation_list WHERE district = $1 AND id = ANY($4)
           ), entitled AS (
               SELECT DISTINCT ON (l.uscc, l.measure) l.uscc, l.measure, h.body, l.name, l.subdistrict, l.title, l.grade, l.kind,
                   l.outcome, l.per_unit, l.amount, l.why, l.receipt
               FROM list h JOIN allocation_line l ON l.district = $1 AND l.list = h.id
               ORDER BY l.uscc, l.measure, h.quarter DESC
           ), reported AS (
               SELECT r.uscc, r.measure, min(r.body) AS body, json_agg(json_build_object('quarter', r.quarter, 'done', r.done,
                   'quantity', r.quantity::text, 'amount', r.amount::text, 'is_listed', own.uscc IS NOT NULL,
                   'foreign_account', CASE WHEN NOT r.account = ANY(own.accounts) THEN r.account END, 'note', r.note)
                   ORDER BY r.quarter, r.account, r.id) AS done
               FROM allocation_report r
                   LEFT JOIN list h ON h.body = r.body AND h.quarter = r.quarter
                   LEFT JOIN allocation_line own ON own.district = $1 AND own.list = h.id AND own.uscc = r.uscc AND own.measure = r.measure
               WHERE r.district = $1 AND r.year = $2 AND r.quarter <= $3 AND r.withdrawn_at IS NULL GROUP BY r.uscc, r.measure
           )
           SELECT COALESCE(e.uscc, r.uscc) AS "uscc!", COALESCE(e.measure, r.measure) AS "measure!",
               COALESCE(e.body, r.body) AS "body!: Body", COALESCE(e.name, v.name) AS name,
               COALESCE(e.subdistrict, v.subdistrict) AS subdistrict, e.title AS "title?", e.grade AS "grade?",
               e.kind AS "kind?: Kind", e.outcome AS "outcome?: Outcome", e.per_unit AS "per_unit?", e.amount AS "amount?",
               e.why AS "why?", e.receipt AS "receipt?", COALESCE(r.done, '[]') AS "done!: Json<Vec<Done>>"
           FROM entitled e FULL JOIN reported r USING (uscc, measure)
               LEFT JOIN LATERAL (SELECT v.name, v.subdistrict FROM enterprise_version v WHERE e.uscc IS NULL AND v.district = $1
                   AND v.uscc = r.uscc AND v.superseded_at IS NULL ORDER BY lower(v.valid) DESC NULLS LAST LIMIT 1) v ON true
           ORDER BY 1, 2"#,
        scope.county(),
        up_to.year(),
        i16::from(up_to.number()),
        lists
    )
    .fetch(connection)
}

pub const COPY: &str = "COPY allocation_reconciled (district, reconciliation, uscc, measure, body, name, subdistrict, title, grade, due, \
    done, finding, gap, turn, why, receipt, input) FROM STDIN";

pub fn push(rows: &mut CopyRows, county: &str, reconciliation: Uuid, line: &Line) {
    let (of, found) = (&line.of, &line.found);
    rows.text(county).plain(reconciliation).text(&of.uscc).text(&of.measure).plain(of.body.code());
    rows.optional_text(of.name.as_deref()).optional_text(of.subdistrict.as_deref()).text(&line.title);
    rows.optional_text(of.grade.as_deref()).optional(found.due).optional(found.done).plain(found.finding.code());
    rows.optional(found.gap).optional(found.turn.map(|turn| turn.code())).text(&found.why);
    rows.optional_text(of.receipt.as_deref()).text(&line.input).end_row();
}

/// A reconciliation without its lines.
pub struct NewReconciliation<'a> {
    pub id: Uuid,
    pub up_to: Quarter,
    pub totals: &'a Totals,
    pub receipt: &'a str,
}

pub async fn insert(connection: &mut PgConnection, act: &Act, new: &NewReconciliation<'_>) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "INSERT INTO allocation_reconciliation (district, id, year, quarter, lines, gaps, totals, receipt, computed_at, computed_by)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
        act.scope.county(),
        new.id,
        new.up_to.year(),
        i16::from(new.up_to.number()),
        new.totals.lines(),
        new.totals.gaps(),
        Json(new.totals) as _,
        new.receipt,
        act.now,
        act.actor.name
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// A reconciliation on record.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct ReconciliationRow {
    pub id: Uuid,
    pub year: i16,
    pub quarter: i16,
    pub lines: i32,
    pub gaps: i32,
    pub totals: Json<Totals>,
    pub receipt: String,
    pub computed_at: DateTime<Utc>,
    pub computed_by: String,
}

impl ReconciliationRow {
    pub fn up_to(&self) -> Option<Quarter> {
        Quarter::of(self.year.into(), u8::try_from(self.quarter).ok()?)
    }

    pub fn label(&self) -> String {
        self.up_to().map(Quarter::label).unwrap_or_default()
    }
}

const COLUMNS: &str = "t.id, t.year, t.quarter, t.lines, t.gaps, t.totals, t.receipt, t.computed_at, t.computed_by";

pub async fn find(
    connection: &mut PgConnection,
    scope: &Scope,
    id: Uuid,
) -> Result<Option<ReconciliationRow>, sqlx::Error> {
    let mut sql = QueryBuilder::<Postgres>::new("SELECT ");
    sql.push(COLUMNS).push(" FROM allocation_reconciliation t WHERE t.district = ");
    sql.push_bind(scope.county().to_owned()).push(" AND t.id = ").push_bind(id);
    sql.build_query_as().fetch_optional(connection).await
}

/// When it was computed, and its number.
pub type ReconciliationKey = (DateTime<Utc>, Uuid);

/// The newest first.
pub async fn page(
    pool: &PgPool,
    scope: &Scope,
    position: &Position<ReconciliationKey>,
    size: u16,
) -> Result<keyset::Page<ReconciliationRow, ReconciliationKey>, sqlx::Error> {
    let mut sql = QueryBuilder::<Postgres>::new("SELECT ");
    sql.push(COLUMNS).push(" FROM allocation_reconciliation t WHERE t.district = ");
    sql.push_bind(scope.county().to_owned());
    position.push_page(&mut sql, ["t.computed_at", "t.id"], true, size);
    let rows: Vec<ReconciliationRow> = sql.build_query_as().fetch_all(pool).await?;
    Ok(position.paginate(rows, size.into(), |row| (row.computed_at, row.id)))
}

pub async fn total(pool: &PgPool, scope: &Scope) -> Result<Total, sqlx::Error> {
    count(pool, |sql| {
        sql.push("SELECT FROM allocation_reconciliation t WHERE t.district = ").push_bind(scope.county().to_owned());
    })
    .await
}

/// The newest of all.
pub async fn newest(connection: &mut PgConnection, scope: &Scope) -> Result<Option<Uuid>, sqlx::Error> {
    sqlx::query_scalar!(
        "SELECT id FROM allocation_reconciliation WHERE district = $1 ORDER BY computed_at DESC, id DESC LIMIT 1",
        scope.county()
    )
    .fetch_optional(connection)
    .await
}

/// What the receipt was made of, line by line in the order of the lines.
pub async fn inputs(pool: &PgPool, scope: &Scope, receipt: &str) -> Result<Vec<String>, sqlx::Error> {
    sqlx::query_scalar!(
        r#"SELECT l.input FROM allocation_reconciled l WHERE l.district = $1 AND l.reconciliation = (
               SELECT r.id FROM allocation_reconciliation r WHERE r.district = $1 AND r.receipt = $2
               ORDER BY r.computed_at LIMIT 1)
           ORDER BY l.uscc, l.measure"#,
        scope.county(),
        receipt
    )
    .fetch_all(pool)
    .await
}
