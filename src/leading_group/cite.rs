//! A resolution is cited by its number, and must be on record, of that matter, and decided.

use chrono::NaiveDate;

use super::{Cited, Matter, store};
use crate::db::{PgConnection, Scope};

#[derive(Debug, thiserror::Error)]
pub enum CiteError {
    #[error("领导小组登记中没有文号为“{0}”的决议；请先登记决议，或核对文号")]
    NotOnRecord(String),
    #[error("文号为“{number}”的决议登记的事项是“{found}”，这里须引用“{asked}”的决议")]
    OtherMatter { number: String, found: Matter, asked: Matter },
    #[error("文号为“{number}”的决议于{decided_on}作出，尚未到该日")]
    NotYet { number: String, decided_on: NaiveDate },
    #[error(transparent)]
    Database(#[from] sqlx::Error),
}

/// The resolution of that number, for that matter.
///
/// # Errors
/// It is not on record or withdrawn, is about another matter, or lies ahead of `today`.
pub async fn cite(
    connection: &mut PgConnection,
    scope: &Scope,
    number: &str,
    asked: Matter,
    today: NaiveDate,
) -> Result<Cited, CiteError> {
    let found = store::resolutions::by_number(connection, scope, number).await?;
    let Some(found) = found else { return Err(CiteError::NotOnRecord(number.to_owned())) };
    let number = number.to_owned();
    if found.matter != asked {
        return Err(CiteError::OtherMatter { number, found: found.matter, asked });
    }
    if found.decided_on > today {
        return Err(CiteError::NotYet { number, decided_on: found.decided_on });
    }
    Ok(Cited { id: found.id, number })
}
