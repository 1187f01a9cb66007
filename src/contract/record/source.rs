//! The case that a contract names as what it comes of.

use super::{Outcome, RecordError};
use crate::account::Act;
use crate::contract::fault;
use crate::contract::known::TermsVersion;
use crate::contract::terms::Terms;
use crate::db::PgConnection;
use crate::parcel::claims;

/// Terms name an admitted case, or one that is not of this register. What is on record of the contract already stays.
///
/// # Errors
/// The case is of this register and was not admitted.
pub async fn check(act: &Act, connection: &mut PgConnection, terms: &Terms, known: &[TermsVersion]) -> Outcome {
    let on_record = |case: &&String| known.iter().any(|version| version.terms.admission_case.as_ref() == Some(*case));
    let Some(case) = terms.admission_case.as_ref().filter(|case| !on_record(case)) else { return Ok(()) };
    let barred = claims::store::not_admitted(connection, &act.scope, std::slice::from_ref(case)).await?;
    if barred.is_empty() { Ok(()) } else { Err(RecordError::Faults(vec![fault::case_not_admitted(case)])) }
}
