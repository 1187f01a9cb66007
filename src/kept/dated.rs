//! Entries with days are ended, or withdrawn from the beginning; what was entered stays on record with the reason.

use chrono::NaiveDate;
use serde_json::json;
use uuid::Uuid;

use super::store::DatedTable;
use crate::account::Act;
use crate::account::audit::Deed;
use crate::base::period::Period;

/// A register of entries with days.
#[derive(Clone, Copy, Debug)]
pub struct Dated {
    pub table: DatedTable,
    /// What the audit log calls the end of an entry, and what it is about.
    pub action: &'static str,
    pub subject_kind: &'static str,
}

#[derive(Debug, thiserror::Error)]
pub enum EndError {
    #[error("没有这条登记，或已撤销")]
    NotFound,
    #[error("终止日期须在原起始日期之后、原终止日期之前")]
    Outside,
    #[error(transparent)]
    Database(#[from] sqlx::Error),
}

/// Withdraws an entry from the beginning; or, with a last day, ends it there: it then stands as one that ends.
///
/// # Errors
/// A day outside its days, or somebody withdrew it before.
pub async fn end(act: &Act, of: &Dated, id: Uuid, (last, reason): (Option<NaiveDate>, &str)) -> Result<(), EndError> {
    let mut transaction = act.begin().await?;
    let (subject, valid) = of.table.withdraw(&mut transaction, act, id, reason).await?.ok_or(EndError::NotFound)?;
    if let Some(last) = last {
        let shorter = ended(valid, last).ok_or(EndError::Outside)?;
        of.table.again(&mut transaction, act, id, shorter).await?;
    }
    let detail = json!({ "entry": id, "until": last, "reason": reason });
    let deed = Deed { action: of.action, subject_kind: of.subject_kind, subject: &subject, detail };
    act.record(&mut transaction, deed).await?;
    Ok(transaction.commit().await?)
}

/// A period that ends with a day within it, sooner than before.
fn ended(valid: Period, last: NaiveDate) -> Option<Period> {
    let until = last.succ_opt()?;
    let within = valid.from.is_none_or(|from| from < until) && valid.until.is_none_or(|end| until < end);
    within.then_some(Period { until: Some(until), ..valid })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_entry_ends_within_its_days_and_sooner_than_before() {
        let day = |text: &str| text.parse::<NaiveDate>().unwrap();
        let open = Period::since(day("2020-01-01"));
        assert_eq!(ended(open, day("2019-12-31")), None);
        assert_eq!(ended(open, day("2020-01-01")), Some(Period::between(day("2020-01-01"), day("2020-01-02"))));
        let closed = Period::between(day("2020-01-01"), day("2021-01-01"));
        assert_eq!(ended(closed, day("2020-12-31")), None, "it ends then already");
        assert_eq!(ended(closed, day("2020-12-30")).unwrap().until, Some(day("2020-12-31")));
    }
}
