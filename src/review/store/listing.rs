//! Reviews in lists, and the open ones that wait for somebody.

use chrono::{DateTime, NaiveDate, Utc};
use uuid::Uuid;

use crate::account::Department;
use crate::contract::event::ReviewOutcome;
use crate::db::{PgPool, Scope};
use crate::review::waiting::Open;
use crate::review::{ReviewKind, ReviewState};

/// A review in a line.
#[derive(Clone, Debug)]
pub struct Entry {
    pub id: Uuid,
    pub contract: String,
    pub kind: ReviewKind,
    pub state: ReviewState,
    pub outcome: Option<ReviewOutcome>,
    pub reviewed_on: Option<NaiveDate>,
    pub opened_at: DateTime<Utc>,
    pub opened_by: String,
    /// Departments whose opinion stands.
    pub said: Vec<String>,
}

impl Entry {
    /// When it is open.
    pub fn as_open(&self) -> Option<Open> {
        let said = self.said.iter().filter_map(|code| Department::parse(code)).collect();
        let open = Open { id: self.id, kind: self.kind, opened_at: self.opened_at, said };
        (self.state == ReviewState::Open).then_some(open)
    }
}

/// What is asked of the list.
#[derive(Clone, Debug, Default)]
pub struct Wanted<'a> {
    pub state: Option<ReviewState>,
    pub kind: Option<ReviewKind>,
    pub contract: Option<&'a str>,
    /// As it stood at this moment; as it stands when there is none.
    pub until: Option<DateTime<Utc>>,
    /// Only these.
    pub among: Option<Vec<Uuid>>,
    /// The last of the page before.
    pub after: Option<(DateTime<Utc>, Uuid)>,
    pub size: i64,
}

/// Newest first.
pub async fn list(pool: &PgPool, scope: &Scope, wanted: &Wanted<'_>) -> Result<Vec<Entry>, sqlx::Error> {
    let (at, id) = wanted.after.unzip();
    sqlx::query_as!(
        Entry,
        r#"SELECT r.id, r.contract, r.kind AS "kind: _", CASE WHEN r.closed_at > $10 THEN 'open' ELSE r.state END AS "state!: _",
                  CASE WHEN r.closed_at > $10 THEN NULL ELSE r.outcome END AS "outcome: _",
                  CASE WHEN r.closed_at > $10 THEN NULL ELSE r.reviewed_on END AS reviewed_on, r.opened_at, r.opened_by,
                  ARRAY(SELECT o.department FROM contract_review_opinion o
                      WHERE o.district = r.district AND o.review = r.id AND ($10::timestamptz IS NULL OR o.given_at <= $10)
                        AND (o.superseded_at IS NULL OR o.superseded_at > $10) ORDER BY 1) AS "said!"
           FROM contract_review r JOIN contract c ON c.district = r.district AND c.number = r.contract
           WHERE r.district = $1 AND ($2::text IS NULL OR c.subdistrict = $2)
             AND ($3::text IS NULL OR CASE WHEN r.closed_at > $10 THEN 'open' ELSE r.state END = $3)
             AND ($10::timestamptz IS NULL OR r.opened_at <= $10)
             AND ($4::text IS NULL OR r.kind = $4) AND ($5::text IS NULL OR r.contract = $5)
             AND ($6::uuid[] IS NULL OR r.id = ANY ($6)) AND ($7::timestamptz IS NULL OR (r.opened_at, r.id) < ($7, $8::uuid))
           ORDER BY r.opened_at DESC, r.id DESC LIMIT $9"#,
        scope.county(),
        scope.subdistrict_code(),
        wanted.state.map(ReviewState::code),
        wanted.kind.map(ReviewKind::code),
        wanted.contract,
        wanted.among.as_deref(),
        at,
        id,
        wanted.size,
        wanted.until
    )
    .fetch_all(pool)
    .await
}

/// Reviews that are open, or were at a moment, in the order of the list; of what is wanted, `among` and `state` are not asked.
pub async fn open(pool: &PgPool, scope: &Scope, wanted: &Wanted<'_>) -> Result<Vec<Open>, sqlx::Error> {
    let (at, id) = wanted.after.unzip();
    let rows = sqlx::query!(
        r#"SELECT r.id, r.kind AS "kind: ReviewKind", r.opened_at,
                  ARRAY(SELECT o.department FROM contract_review_opinion o
                      WHERE o.district = r.district AND o.review = r.id AND ($4::timestamptz IS NULL OR o.given_at <= $4)
                        AND (o.superseded_at IS NULL OR o.superseded_at > $4)) AS "said!: Vec<String>"
           FROM contract_review r JOIN contract c ON c.district = r.district AND c.number = r.contract
           WHERE r.district = $1 AND (r.state = 'open' OR r.closed_at > $4) AND ($4::timestamptz IS NULL OR r.opened_at <= $4)
             AND ($2::text IS NULL OR c.subdistrict = $2)
             AND ($5::text IS NULL OR r.kind = $5) AND ($6::text IS NULL OR r.contract = $6)
             AND ($7::timestamptz IS NULL OR (r.opened_at, r.id) < ($7, $8::uuid))
           ORDER BY r.opened_at DESC, r.id DESC LIMIT $3"#,
        scope.county(),
        scope.subdistrict_code(),
        wanted.size,
        wanted.until,
        wanted.kind.map(ReviewKind::code),
        wanted.contract,
        at,
        id
    )
    .fetch_all(pool)
    .await?;
    let said = |codes: &[String]| codes.iter().filter_map(|code| Department::parse(code)).collect();
    let open = rows.into_iter().map(|row| Open {
        id: row.id,
        kind: row.kind,
        opened_at: row.opened_at,
        said: said(&row.said),
    });
    Ok(open.collect())
}
