//! A contract entered by hand, filled from an admitted case when one is named.

use axum::extract::{Query, State};
use axum::response::Response;
use serde::Deserialize;

use crate::account::Officer;
use crate::admission::case::from_case;
use crate::contract::form::reply::{Typed, done, read, settled};
use crate::contract::form::terms_page::{Purpose, page};
use crate::contract::form::terms_typed::TermsTyped;
use crate::contract::form::typed::Reader;
use crate::contract::known::TermsRole;
use crate::contract::record;
use crate::contract::terms::{ContractKind, DayCount, Shortfall};
use crate::web::list::given;
use crate::web::{self, AppState};

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct NewParameters {
    /// The number of the admitted case whose land, investor and promises fill the form.
    case: String,
}

pub async fn new_form(
    State(state): State<AppState>,
    officer: Officer,
    Query(parameters): Query<NewParameters>,
) -> web::Result<Response> {
    let typed = TermsTyped {
        signed_on: state.clock.today().to_string(),
        kind: ContractKind::Staged.code().into(),
        day_count: DayCount::Calendar.code().into(),
        investment_shortfall: Shortfall::Nothing.code().into(),
        far_shortfall: Shortfall::Nothing.code().into(),
        document: "国有建设用地使用权出让合同".into(),
        ..TermsTyped::default()
    };
    let (typed, case) = match given(&parameters.case) {
        Some(number) => {
            let (typed, case) = from_case::fill(&state, &officer, number, typed).await?;
            (typed, Some(case))
        }
        None => (typed, None),
    };
    page(&state, &officer, "", Purpose::New, typed, Vec::new(), case)
}

pub async fn conclude(
    State(state): State<AppState>,
    officer: Officer,
    typed: Typed<TermsTyped>,
) -> web::Result<Response> {
    let typed = read(typed)?;
    let mut reader = Reader::default();
    let (number, grounds) = (reader.text(&typed.number, "合同编号"), reader.grounds(&typed.reason, &typed.source));
    let faults = match (typed.read(TermsRole::Agreement), reader.settle(number.zip(grounds))) {
        (Ok((paper, terms)), Ok((number, grounds))) => {
            let act = officer.act(&state);
            let concluded = record::conclude(&act, &number, &paper, &terms, &grounds, given(&typed.beside)).await;
            let faults = settled(concluded)?;
            if faults.is_empty() {
                return Ok(done(&number, "concluded"));
            }
            faults
        }
        (terms, rest) => [terms.err().unwrap_or_default(), rest.err().unwrap_or_default()].concat(),
    };
    page(&state, &officer, "", Purpose::New, typed, faults, None)
}
