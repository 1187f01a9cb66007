//! Breach files in lists with their notices, today and as they stood on a past day.

use std::collections::BTreeMap;

use chrono::{DateTime, NaiveDate, Utc};
use uuid::Uuid;

use super::Breach;
use crate::db::{PgPool, Scope};
use crate::supervision::breach::BreachState;
use crate::supervision::breach::blockers::NoticeStanding;
use crate::supervision::notice::NoticeState;

/// What is asked of the list.
#[derive(Clone, Debug, Default)]
pub struct Wanted<'a> {
    pub state: Option<BreachState>,
    /// Only what is not closed.
    pub open: bool,
    pub contract: Option<&'a str>,
    /// As it stood at this moment; as it stands when there is none.
    pub until: Option<DateTime<Utc>>,
    /// Only these.
    pub among: Option<Vec<Uuid>>,
    pub after: Option<(NaiveDate, Uuid)>,
    pub size: i64,
}

/// An open file, as far as it decides whose step is due.
#[derive(Clone, Debug)]
pub struct Open {
    pub id: Uuid,
    pub due: NaiveDate,
    pub state: BreachState,
    pub rectify_until: Option<NaiveDate>,
    pub proposed_by: Option<Uuid>,
    pub notice: Option<NoticeStanding>,
}

/// Files that are open, or were at a moment, with their notices, in the order of the list; of what is wanted, `among` is not
/// asked.
pub async fn open_files(pool: &PgPool, scope: &Scope, wanted: &Wanted<'_>) -> Result<Vec<Open>, sqlx::Error> {
    let (due, id) = wanted.after.unzip();
    let rows = sqlx::query!(
        r#"SELECT b.id AS "id!", b.due AS "due!", b.state AS "state!: BreachState", b.rectify_until, b.proposed_by,
                  contract_notice_state_at(n, $4) AS "notice?: NoticeState",
                  CASE WHEN n.delivered_at > $4 THEN NULL ELSE n.delivered_on END AS "delivered_on?"
           FROM contract_breach_at($1, $4) b JOIN contract c ON c.district = b.district AND c.number = b.contract
           LEFT JOIN contract_notice n ON n.district = b.district AND n.contract = b.contract AND n.duty = b.duty
               AND n.due = b.due AND n.kind = 'breach' AND ($4::timestamptz IS NULL OR n.prepared_at <= $4)
           WHERE b.is_open AND ($2::text IS NULL OR c.subdistrict = $2)
             AND ($5::date IS NULL OR (b.due, b.id) > ($5, $6::uuid))
             AND ($7::text IS NULL OR b.state = $7) AND ($8::text IS NULL OR b.contract COLLATE "C" = $8)
           ORDER BY b.due, b.id LIMIT $3"#,
        scope.county(),
        scope.subdistrict_code(),
        wanted.size,
        wanted.until,
        due,
        id,
        wanted.state.map(BreachState::code),
        wanted.contract
    )
    .fetch_all(pool)
    .await?;
    let open = rows.into_iter().map(|row| Open {
        id: row.id,
        due: row.due,
        state: row.state,
        rectify_until: row.rectify_until,
        proposed_by: row.proposed_by,
        notice: row.notice.map(|state| NoticeStanding { state, delivered_on: row.delivered_on }),
    });
    Ok(open.collect())
}

pub async fn list(pool: &PgPool, scope: &Scope, wanted: &Wanted<'_>) -> Result<Vec<Breach>, sqlx::Error> {
    let (due, id) = wanted.after.unzip();
    sqlx::query_as!(
        Breach,
        r#"SELECT b.id AS "id!", b.contract AS "contract!", b.duty AS "duty!", b.due AS "due!", b.state AS "state!: _",
                  b.remedy AS "remedy: _", b.amount_yuan, b.arithmetic, b.notice, b.rectify_until, b.proposed_by, b.proposed_by_name,
                  b.decided_by_name, b.version AS "version!", b.opened_at AS "opened_at!", b.opened_by AS "opened_by!"
           FROM contract_breach_at($1, $10) b JOIN contract c ON c.district = b.district AND c.number = b.contract
           WHERE ($2::text IS NULL OR c.subdistrict = $2) AND ($3::text IS NULL OR b.state = $3)
             AND (NOT $4 OR b.is_open) AND ($5::text IS NULL OR b.contract COLLATE "C" = $5)
             AND ($6::date IS NULL OR (b.due, b.id) > ($6, $7::uuid)) AND ($9::uuid[] IS NULL OR b.id = ANY ($9))
           ORDER BY b.due, b.id LIMIT $8"#,
        scope.county(),
        scope.subdistrict_code(),
        wanted.state.map(BreachState::code),
        wanted.open,
        wanted.contract,
        due,
        id,
        wanted.size,
        wanted.among.as_deref(),
        wanted.until
    )
    .fetch_all(pool)
    .await
}

/// A duty of a contract on its due day, as files and notices name it.
pub type About = (String, String, NaiveDate);

/// How the breach notices of some contracts stand, or stood at a moment.
pub async fn standings(
    pool: &PgPool,
    scope: &Scope,
    contracts: &[String],
    until: Option<DateTime<Utc>>,
) -> Result<BTreeMap<About, NoticeStanding>, sqlx::Error> {
    let rows = sqlx::query!(
        r#"SELECT contract, duty, due,
                  contract_notice_state_at(n, $3) AS "state!: NoticeState",
                  CASE WHEN delivered_at > $3 THEN NULL ELSE delivered_on END AS delivered_on
           FROM contract_notice n
           WHERE district = $1 AND contract = ANY ($2) AND kind = 'breach' AND ($3::timestamptz IS NULL OR prepared_at <= $3)"#,
        scope.county(),
        contracts,
        until
    );
    let standing = |state, delivered_on| NoticeStanding { state, delivered_on };
    let rows = rows.fetch_all(pool).await?.into_iter();
    Ok(rows.map(|row| ((row.contract, row.duty, row.due), standing(row.state, row.delivered_on))).collect())
}
