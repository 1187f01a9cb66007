//! A contract entered by hand, filled from an admitted case when one is named.

use axum::extract::{Query, State};
use axum::response::Response;
use serde::Deserialize;

use crate::account::Officer;
use crate::admission::case::from_case;
use crate::base::text::Seen;
use crate::contract::form::reply::{done, faults_of};
use crate::contract::form::terms::TermsForm;
use crate::contract::form::terms_page::{Purpose, page};
use crate::contract::known::TermsRole;
use crate::contract::record::{self, RecordError};
use crate::contract::terms::{ContractKind, DayCount, Shortfall};
use crate::web::form::{Posted, Reader, field};
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
    let form = TermsForm {
        signed_on: state.clock.today().to_string(),
        kind: ContractKind::Staged.code().into(),
        day_count: DayCount::Calendar.code().into(),
        investment_shortfall: Shortfall::Nothing.code().into(),
        far_shortfall: Shortfall::Nothing.code().into(),
        document: "国有建设用地使用权出让合同".into(),
        ..TermsForm::default()
    };
    let (form, case) = match given(&parameters.case) {
        Some(number) => {
            let (form, case) = from_case::fill(&state, &officer, number, form).await?;
            (form, Some(case))
        }
        None => (form, None),
    };
    page(&state, &officer, "", Purpose::New, (&form, Vec::new()), case)
}

pub async fn conclude(
    State(state): State<AppState>,
    officer: Officer,
    Posted(form): Posted<TermsForm>,
) -> web::Result<Response> {
    let faults = faults_of(write(&state, &officer, &form).await)?;
    if faults.is_empty() {
        return Ok(done(form.number.seen(), "concluded"));
    }
    page(&state, &officer, "", Purpose::New, (&form, faults), None)
}

async fn write(state: &AppState, officer: &Officer, form: &TermsForm) -> Result<(), RecordError> {
    let mut reader = Reader::default();
    let number = reader.text(field!(form.number, "合同编号"));
    let (terms, grounds) = (reader.take(form.read(TermsRole::Agreement)), form.grounds(&mut reader));
    let read = reader.finish((|| Some((number?, terms?, grounds?)))());
    let (number, (paper, terms), grounds) = read.map_err(RecordError::Faults)?;
    record::conclude(&officer.act(state), &number, &paper, &terms, &grounds, form.beside()).await?;
    Ok(())
}
