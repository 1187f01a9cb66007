//! The figures of the annual returns, and their keeping by the departments that vouch for them.

use chrono::{DateTime, Utc};
use rust_decimal::Decimal;
use serde_json::json;

use super::one::is_visible;
use crate::account::audit::Deed;
use crate::account::{Act, Department};
use crate::base::text::Seen;
use crate::db::versioned::Versioned;
use crate::db::{PgConnection, PgPool, Scope, layer};
use crate::enterprise::{FigureState, Indicator};

const FIGURES: Versioned = Versioned("return_figure");

/// One figure of an annual return, with both its times.
#[derive(Clone, Debug)]
pub struct Figure {
    pub id: i64,
    pub year: i16,
    pub indicator: Indicator,
    pub value: Decimal,
    pub department: Department,
    pub state: FigureState,
    pub confirmed_by: Option<String>,
    pub confirmed_at: Option<DateTime<Utc>>,
    pub source: String,
    pub reason: String,
    pub recorded_at: DateTime<Utc>,
    pub recorded_by: String,
    pub superseded_at: Option<DateTime<Utc>>,
}

#[derive(Debug, thiserror::Error)]
pub enum FigureError {
    #[error("no such figure")]
    NotFound,
    #[error("the figure belongs to another department")]
    OtherDepartment(Department),
    #[error("the figure was changed by {by}")]
    Stale { by: String, at: DateTime<Utc>, reason: String },
    #[error("the figure is confirmed already")]
    Confirmed,
    #[error("{0} may not be negative")]
    Negative(Indicator),
    #[error("{0} cannot be that large")]
    TooLarge(Indicator),
    #[error("a correction needs a reason")]
    NoReason,
    #[error(transparent)]
    Database(#[from] sqlx::Error),
}

/// Every figure ever recorded, what was superseded included: by year, indicator, then newest first.
pub async fn figures(pool: &PgPool, scope: &Scope, uscc: &str) -> Result<Vec<Figure>, sqlx::Error> {
    if !is_visible(pool, scope, uscc).await? {
        return Ok(Vec::new());
    }
    sqlx::query_as!(
        Figure,
        r#"SELECT id, year, indicator AS "indicator: _", value, department AS "department: _", state AS "state: _",
                  confirmed_by, confirmed_at, source, reason, recorded_at, recorded_by, superseded_at
           FROM return_figure WHERE district = $1 AND uscc = $2
           ORDER BY year DESC, indicator, superseded_at IS NOT NULL, recorded_at DESC, id DESC"#,
        scope.county(),
        uscc
    )
    .fetch_all(pool)
    .await
}

/// The steward of the responsible department vouches for a figure as it was reported.
///
/// # Errors
/// When it is another department's, was confirmed already, or was changed since `id` was read.
pub async fn confirm_figure(act: &Act, own: Department, (uscc, id): (&str, i64)) -> Result<(), FigureError> {
    let mut transaction = act.begin().await?;
    let figure = take_figure(&act.pool, &mut transaction, &act.scope, own, (uscc, id), act.now).await?;
    if figure.state == FigureState::Confirmed {
        return Err(FigureError::Confirmed);
    }
    let reason = "部门确认";
    let confirmed = Written { value: figure.value, confirmed: true, source: &figure.source, reason };
    put_figure(&mut transaction, act, id, &confirmed).await?;
    let detail = json!({ "year": figure.year, "indicator": figure.indicator, "value": figure.value.to_string() });
    seal(&mut transaction, act, "figure.confirm", uscc, detail).await?;
    transaction.commit().await?;
    Ok(())
}

/// The steward puts a figure right; it stands as reported until it is confirmed anew.
///
/// # Errors
/// As for [`confirm_figure`]; also without a reason, below zero where that cannot be, or beyond what the figure may be.
pub async fn correct_figure(
    act: &Act,
    own: Department,
    (uscc, id): (&str, i64),
    (value, reason): (Decimal, &str),
) -> Result<(), FigureError> {
    if reason.is_blank() {
        return Err(FigureError::NoReason);
    }
    let mut transaction = act.begin().await?;
    let figure = take_figure(&act.pool, &mut transaction, &act.scope, own, (uscc, id), act.now).await?;
    if value < Decimal::ZERO && !figure.indicator.may_be_negative() {
        return Err(FigureError::Negative(figure.indicator));
    }
    if !figure.indicator.dimension().bounds().hold(value) {
        return Err(FigureError::TooLarge(figure.indicator));
    }
    let corrected = Written { value, confirmed: false, source: &figure.source, reason: reason.seen() };
    put_figure(&mut transaction, act, id, &corrected).await?;
    let detail = json!({
        "year": figure.year, "indicator": figure.indicator, "from": figure.value.to_string(), "to": value.to_string(),
        "reason": reason.seen(),
    });
    seal(&mut transaction, act, "figure.correct", uscc, detail).await?;
    transaction.commit().await?;
    Ok(())
}

/// Ends the row somebody decided on; refuses when it is another department's or no longer the last word.
async fn take_figure(
    pool: &PgPool,
    connection: &mut PgConnection,
    scope: &Scope,
    own: Department,
    (uscc, id): (&str, i64),
    now: DateTime<Utc>,
) -> Result<Figure, FigureError> {
    let all = figures(pool, scope, uscc).await?;
    let figure = all.iter().find(|figure| figure.id == id).cloned().ok_or(FigureError::NotFound)?;
    if figure.department != own {
        return Err(FigureError::OtherDepartment(figure.department));
    }
    if FIGURES.end(connection, scope, id, now).await? == 1 {
        return Ok(figure);
    }
    let last = all.into_iter().find(|other| (other.year, other.indicator) == (figure.year, figure.indicator));
    let last = last.unwrap_or(figure);
    Err(FigureError::Stale { by: last.recorded_by, at: last.recorded_at, reason: last.reason })
}

struct Written<'a> {
    value: Decimal,
    confirmed: bool,
    source: &'a str,
    reason: &'a str,
}

async fn put_figure(
    connection: &mut PgConnection,
    act: &Act,
    id: i64,
    written: &Written<'_>,
) -> Result<(), sqlx::Error> {
    let put = sqlx::query!(
        "INSERT INTO return_figure (district, year, indicator, uscc, value, department, state, confirmed_by, confirmed_at,
             source, reason, recorded_at, recorded_by)
         SELECT district, year, indicator, uscc, $3, department, $4, $5, $6, $7, $8, $9, $10
         FROM return_figure WHERE district = $1 AND id = $2",
        act.scope.county(),
        id,
        written.value,
        if written.confirmed { FigureState::Confirmed } else { FigureState::Reported } as _,
        written.confirmed.then_some(act.actor.name.as_str()),
        written.confirmed.then_some(act.now),
        written.source,
        written.reason,
        act.now,
        act.actor.name
    )
    .execute(connection)
    .await?;
    if put.rows_affected() == 1 { Ok(()) } else { Err(sqlx::Error::RowNotFound) }
}

async fn seal(
    connection: &mut PgConnection,
    act: &Act,
    action: &str,
    uscc: &str,
    detail: serde_json::Value,
) -> Result<(), sqlx::Error> {
    layer::raise(connection, &act.scope, layer::RETURNS).await?;
    let deed = Deed { action, subject_kind: "enterprise", subject: uscc, detail };
    act.record(connection, deed).await
}
