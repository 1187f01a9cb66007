//! Registers beside the facts: vetoes, exemptions, claims of bonus and deduction, changes of grade.

pub mod changes;
pub mod entries;
pub mod lists;
pub mod platforms;

use std::collections::HashMap;

use chrono::NaiveDate;
use rust_decimal::Decimal;
use sqlx::PgConnection;
use sqlx::postgres::types::PgRange;

use crate::base::period::Period;
use crate::db::Scope;
use crate::evaluation::document::{ActingVeto, VetoEffect};
use crate::policy::veto::{self, VetoKind};
use crate::scoring::scheme::VetoRule;
use crate::scoring::subject::{Change, Claim};

/// Why an enterprise is not ranked on a day.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Exemption {
    pub exempt: bool,
    pub protected: bool,
}

pub async fn exemptions(
    connection: &mut PgConnection,
    scope: &Scope,
    day: NaiveDate,
) -> Result<HashMap<String, Exemption>, sqlx::Error> {
    let rows = sqlx::query!(
        r#"SELECT uscc, bool_or(kind = 'exempt') AS "exempt!", bool_or(kind = 'protection') AS "protected!"
           FROM evaluation_exemption WHERE district = $1 AND withdrawn_at IS NULL AND valid @> $2::date GROUP BY uscc"#,
        scope.county(),
        day
    )
    .fetch_all(connection)
    .await?;
    Ok(rows.into_iter().map(|row| (row.uscc, Exemption { exempt: row.exempt, protected: row.protected })).collect())
}

/// Vetoes that act in a year: their validity touches it. By enterprise, in the order of their day, with what each kind was on that
/// day and what the scheme makes of it.
pub async fn vetoes(
    connection: &mut PgConnection,
    scope: &Scope,
    year: i32,
    (kinds, rule): (&[VetoKind], &VetoRule),
) -> Result<HashMap<String, Vec<ActingVeto>>, sqlx::Error> {
    let rows = sqlx::query!(
        "SELECT uscc, kind, happened_on, valid FROM evaluation_veto
         WHERE district = $1 AND withdrawn_at IS NULL AND valid && $2 ORDER BY uscc, happened_on, kind, id",
        scope.county(),
        PgRange::from(Period::year(year))
    )
    .fetch_all(connection)
    .await?;
    let mut found: HashMap<String, Vec<ActingVeto>> = HashMap::new();
    for row in rows {
        let valid = Period::from(row.valid);
        let kind = veto::on(kinds, &row.kind, row.happened_on).ok();
        let veto = ActingVeto {
            from: valid.from.map(|day| day.to_string()).unwrap_or_default(),
            to: valid.until.and_then(|day| day.pred_opt()).map(|day| day.to_string()),
            title: kind.map(|kind| kind.title.clone()),
            article: kind.map(|kind| format!("{} {}", kind.document, kind.article)),
            effect: Some(VetoEffect::of(rule)),
            kind: row.kind,
        };
        found.entry(row.uscc).or_default().push(veto);
    }
    Ok(found)
}

/// What was proved towards bonus and deduction in a year.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Claims {
    pub bonus: Vec<Claim>,
    pub deduction: Vec<Claim>,
}

pub async fn claims(
    connection: &mut PgConnection,
    scope: &Scope,
    category: &str,
    year: i32,
) -> Result<HashMap<String, Claims>, sqlx::Error> {
    let rows = sqlx::query!(
        "SELECT uscc, side, item, times, document FROM evaluation_claim
         WHERE district = $1 AND withdrawn_at IS NULL AND year = $2 AND COALESCE(category, $3) = $3 ORDER BY uscc, item, id",
        scope.county(),
        year as i16,
        category
    )
    .fetch_all(connection)
    .await?;
    let mut found: HashMap<String, Claims> = HashMap::new();
    for row in rows {
        let claim = Claim { item: row.item, times: Decimal::normalize(&row.times), document: row.document };
        let of = found.entry(row.uscc).or_default();
        if row.side == "bonus" { of.bonus.push(claim) } else { of.deduction.push(claim) }
    }
    Ok(found)
}

/// Own correction coefficients of a category and year.
pub async fn coefficients(
    connection: &mut PgConnection,
    scope: &Scope,
    category: &str,
    year: i32,
) -> Result<HashMap<String, Decimal>, sqlx::Error> {
    let rows = sqlx::query!(
        "SELECT uscc, value FROM evaluation_coefficient
         WHERE district = $1 AND withdrawn_at IS NULL AND category = $2 AND year = $3",
        scope.county(),
        category,
        year as i16
    )
    .fetch_all(connection)
    .await?;
    Ok(rows.into_iter().map(|row| (row.uscc, Decimal::normalize(&row.value))).collect())
}

/// Changes of grade that a second person approved.
pub async fn changes(
    connection: &mut PgConnection,
    scope: &Scope,
    category: &str,
    year: i32,
) -> Result<HashMap<String, Change>, sqlx::Error> {
    let rows = sqlx::query!(
        "SELECT uscc, grade, document, why FROM evaluation_change
         WHERE district = $1 AND category = $2 AND year = $3 AND state = 'approved'",
        scope.county(),
        category,
        year as i16
    )
    .fetch_all(connection)
    .await?;
    let change = |grade, document, why| Change { grade, document, why };
    Ok(rows.into_iter().map(|row| (row.uscc, change(row.grade, row.document, row.why))).collect())
}
