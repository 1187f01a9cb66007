//! The form of a new contract filled from an admitted case: its land, its investor, and what the project promised.

use uuid::Uuid;

use crate::account::Officer;
use crate::admission::case::store::{cases, commitments, decide};
use crate::admission::case::{Outcome, parse_number, promise};
use crate::contract::form::terms::{self, TermsForm};
use crate::contract::form::terms_page::FromCase;
use crate::contract::store::listing;
use crate::db::{PgPool, Scope};
use crate::web::{self, AppState, Error};

/// Fills in what an admitted case fixes; the rest of the form stays as it was.
///
/// # Errors
/// There is no such case in the reader's scope, or it was not admitted.
pub async fn fill(
    state: &AppState,
    officer: &Officer,
    number: &str,
    typed: TermsForm,
) -> web::Result<(TermsForm, FromCase)> {
    let (pool, scope) = (&state.pool, &officer.scope);
    let unknown = || Error::NotFound(format!("没有编号为“{number}”的准入案件"));
    let id = cases::find_number(pool, scope, number).await?.ok_or_else(unknown)?;
    let case = cases::find(pool, scope, id).await?.ok_or_else(unknown)?;
    if case.outcome != Some(Outcome::Admitted) {
        return Err(Error::Conflict(format!("准入案件 {number} 没有准予准入的决定，不能据此登记出让合同")));
    }
    let decided = decide::find(pool, scope, id).await?.ok_or_else(unknown)?.content;
    let application = cases::application(pool, scope, id).await?;
    let promises = commitments::of_case(pool, scope, id).await?;
    let promises = promises.iter().filter_map(promise::taken_over).chain(promise::whole_investment(&application));
    let lines: Vec<String> = promises.map(|it| terms::commitment_line(&it)).collect();
    let typed = TermsForm {
        parcels: decided.parcel.unwrap_or_default(),
        granted_area: decided.site_area_m2.map(|area| area.normalize().to_string()).unwrap_or_default(),
        grantee: decided.uscc.unwrap_or_default(),
        planned_investment: promise::planned_wan(&application)
            .map(|money| money.normalize().to_string())
            .unwrap_or_default(),
        commitments: lines.join("\n"),
        admission_case: decided.number.clone(),
        source: format!("准入意见书 {}", decided.number),
        ..typed
    };
    let open = [("宗地代码", &typed.parcels), ("受让人信用代码", &typed.grantee), ("出让面积", &typed.granted_area)];
    let open = open.into_iter().filter(|(_, text)| text.is_empty()).map(|(what, _)| what).collect();
    let known = listing::names(pool, scope, std::slice::from_ref(&typed.grantee), state.clock.today()).await?;
    let unknown_grantee = !typed.grantee.is_empty() && known.is_empty();
    let from = FromCase {
        unknown_grantee,
        id,
        number: decided.number,
        project: decided.project,
        investor: decided.investor,
        open,
    };
    Ok((typed, from))
}

/// The page of the case that a contract names, when it is one of this register.
pub async fn case_of(pool: &PgPool, scope: &Scope, number: Option<&str>) -> Result<Option<Uuid>, sqlx::Error> {
    match number.filter(|number| parse_number(number).is_some()) {
        Some(number) => cases::find_number(pool, scope, number).await,
        None => Ok(None),
    }
}
