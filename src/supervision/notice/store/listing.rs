//! Notices in lists, today and as they stood on a past day.

use chrono::{DateTime, NaiveDate, Utc};
use uuid::Uuid;

use super::Notice;
use crate::base::clock::china_day;
use crate::db::{PgPool, Scope};
use crate::supervision::notice::{NoticeKind, NoticeState};

/// What is asked of the list.
#[derive(Clone, Debug, Default)]
pub struct Wanted<'a> {
    pub state: Option<NoticeState>,
    pub kind: Option<NoticeKind>,
    pub contract: Option<&'a str>,
    /// As it stood at this moment; as it stands when there is none.
    pub until: Option<DateTime<Utc>>,
    /// The last notice of the page before.
    pub after: Option<(NaiveDate, Uuid)>,
    pub size: i64,
}

/// Newest due day first.
pub async fn list(pool: &PgPool, scope: &Scope, wanted: &Wanted<'_>) -> Result<Vec<Notice>, sqlx::Error> {
    let (due, id) = wanted.after.unzip();
    let notices = sqlx::query_as!(
        Notice,
        r#"SELECT n.id, n.contract, n.kind AS "kind: _", n.duty, n.due, n.addressee,
                  (SELECT e.name FROM enterprise_version e WHERE e.district = n.district AND e.uscc = n.addressee
                   AND e.superseded_at IS NULL AND ($10::date IS NULL OR lower(e.valid) <= $10)
                   ORDER BY lower(e.valid) DESC LIMIT 1) AS addressee_name,
                  contract_notice_state_at(n, $9) AS "state!: _", n.year, n.serial, n.body, n.template, n.sent_body,
                  n.sent_template, n.version,
                  n.prepared_at, n.prepared_by, n.sent_on, n.sent_by, n.delivery_way AS "delivery_way: _", n.delivered_on,
                  n.delivered_to, n.delivery_receipt, n.withdrawn_reason
           FROM contract_notice n JOIN contract c ON c.district = n.district AND c.number = n.contract
           WHERE n.district = $1 AND ($2::text IS NULL OR c.subdistrict = $2)
             AND ($3::text IS NULL OR contract_notice_state_at(n, $9) = $3)
             AND ($4::text IS NULL OR n.kind = $4) AND ($5::text IS NULL OR n.contract = $5)
             AND ($6::date IS NULL OR (n.due, n.id) < ($6, $7::uuid)) AND ($9::timestamptz IS NULL OR n.prepared_at <= $9)
           ORDER BY n.due DESC, n.id DESC LIMIT $8"#,
        scope.county(),
        scope.subdistrict_code(),
        wanted.state.map(NoticeState::code),
        wanted.kind.map(NoticeKind::code),
        wanted.contract,
        due,
        id,
        wanted.size,
        wanted.until,
        wanted.until.map(china_day)
    )
    .fetch_all(pool)
    .await?;
    Ok(match wanted.until {
        Some(_) => notices.into_iter().map(Notice::without_what_came_later).collect(),
        None => notices,
    })
}
