//! Lists for whoever carries measures out: drawn on a day, frozen, taken by somebody who signs for them.

use chrono::NaiveDate;
use rust_decimal::Decimal;
use serde_json::json;
use uuid::Uuid;

use super::store::lines;
use super::store::lists::{self as store, NewList, Sums};
use super::wording::AllocationError;
use crate::account::Act;
use crate::account::audit::Deed;
use crate::db::copy::CopyRows;
use crate::db::statistics;
use crate::measures::list::{Filter, Row};
use crate::measures::reading::Reading;
use crate::measures::walk::Walk;

const SUBJECT_KIND: &str = "allocation_list";

/// What can be seen before anything is drawn.
///
/// # Errors
/// A day outside of the quarter or after today, or a list that stands.
pub async fn guard(act: &Act, new: &NewList) -> Result<(), AllocationError> {
    if !new.quarter.contains(new.on) {
        return Err(AllocationError::DayOutside(new.quarter, new.on));
    }
    if new.on > act.today() {
        return Err(AllocationError::InFuture(new.on));
    }
    match store::stands(&mut *act.pool.acquire().await?, &act.scope, new.body, new.quarter).await? {
        true => Err(AllocationError::ListTwice(new.quarter, new.body)),
        false => Ok(()),
    }
}

/// Draws a list under a number of its own. It is there whole or not at all; the receipts that its lines name are kept before it.
///
/// # Errors
/// As [`guard`], or when no parameters were in force on the day.
pub async fn draw(
    act: &Act,
    id: Uuid,
    new: &NewList,
    tell: &(dyn Fn(u64) + Send + Sync),
) -> Result<(), AllocationError> {
    guard(act, new).await?;
    let reading = Reading::of(&act.pool, &act.scope, new.on).await?;
    let filter = Filter { executing: Some(new.body), ..Filter::default() };
    let mut walking = act.pool.acquire().await?;
    let mut transaction = act.begin().await?;
    store::insert(&mut transaction, act, id, new).await.map_err(|error| taken(error, new))?;
    let mut walk = Walk::new(act, &reading, &filter);
    let (mut sums, mut last) = (Sums::default(), String::new());
    let mut copy = transaction.copy_in_raw(lines::COPY).await?;
    while let Some(rows) = walk.next(&mut walking).await? {
        let mut copied = CopyRows::new();
        for row in &rows {
            lines::push(&mut copied, act.scope.county(), id, row);
            add(&mut sums, &mut last, row);
        }
        copy.send(copied.take()).await?;
        tell(u64::try_from(sums.enterprises).unwrap_or_default());
    }
    copy.finish().await?;
    store::set_sums(&mut transaction, &act.scope, id, &sums).await?;
    statistics::refresh(&mut transaction).await?;
    let detail = json!({ "list": id, "body": new.body.code(), "on": new.on, "lines": sums.lines, "due": sums.due_yuan,
        "document": new.document });
    let subject = new.quarter.to_string();
    let deed = Deed { action: "allocation.hand_over", subject_kind: SUBJECT_KIND, subject: &subject, detail };
    act.record(&mut transaction, deed).await?;
    Ok(transaction.commit().await?)
}

/// Lines come enterprise by enterprise.
fn add(sums: &mut Sums, last: &mut String, row: &Row) {
    if *last != row.subject.uscc {
        sums.enterprises += 1;
        last.clone_from(&row.subject.uscc);
    }
    sums.lines += 1;
    sums.due_yuan += row.line.amount.as_deref().and_then(|amount| amount.parse::<Decimal>().ok()).unwrap_or_default();
}

/// Somebody was faster.
fn taken(error: sqlx::Error, new: &NewList) -> AllocationError {
    let is_twice = matches!(&error, sqlx::Error::Database(error) if error.constraint() == Some("allocation_list_once"));
    if is_twice { AllocationError::ListTwice(new.quarter, new.body) } else { error.into() }
}

/// Whoever takes a list signs for it.
///
/// # Errors
/// A day before it was handed over or after today; a list that was taken or withdrawn.
pub async fn acknowledge(act: &Act, id: Uuid, (on, by): (NaiveDate, &str)) -> Result<(), AllocationError> {
    if on > act.today() {
        return Err(AllocationError::InFuture(on));
    }
    let mut transaction = act.begin().await?;
    let list = store::find(&mut transaction, &act.scope, id).await?.ok_or(AllocationError::NoOpenList)?;
    if on < list.drawn_on {
        return Err(AllocationError::AcknowledgedEarly(on));
    }
    if !store::acknowledge(&mut transaction, act, id, (on, by)).await? {
        return Err(AllocationError::NoOpenList);
    }
    let subject = format!("{}-{}", list.year, list.quarter);
    let detail = json!({ "list": id, "body": list.body.code(), "on": on, "by": by });
    let deed = Deed { action: "allocation.acknowledge", subject_kind: SUBJECT_KIND, subject: &subject, detail };
    act.record(&mut transaction, deed).await?;
    Ok(transaction.commit().await?)
}

/// What was handed over in error stays on record with the reason.
///
/// # Errors
/// Something was reported by it, or it was withdrawn before.
pub async fn withdraw(act: &Act, id: Uuid, reason: &str) -> Result<(), AllocationError> {
    let mut transaction = act.begin().await?;
    if !store::withdraw(&mut transaction, act, id, reason).await? {
        return Err(AllocationError::ListInUse);
    }
    let subject = id.to_string();
    let detail = json!({ "list": id, "reason": reason });
    let deed = Deed { action: "allocation.list_withdrawn", subject_kind: SUBJECT_KIND, subject: &subject, detail };
    act.record(&mut transaction, deed).await?;
    Ok(transaction.commit().await?)
}
