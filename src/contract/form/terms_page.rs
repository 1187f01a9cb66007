//! The form for terms, as whoever offers it shows it: a new contract, a supplement, a correction.

use askama::Template;
use axum::response::Response;
use uuid::Uuid;

use super::terms::TermsForm;
use crate::account::Officer;
use crate::contract::fault::Fault;
use crate::contract::known::{TermsRole, TermsVersion};
use crate::contract::present::address_of;
use crate::contract::terms::{ContractKind, DayCount, HandOverAfter, Shortfall};
use crate::contract::validate;
use crate::web::form::{self, Shown};
use crate::web::{self, AppState, Shell};

/// What the form is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Purpose {
    New,
    Supplement,
    Correct(i64, TermsRole),
}

impl Purpose {
    fn title(self) -> &'static str {
        match self {
            Purpose::New => "登记合同",
            Purpose::Supplement => "登记补充协议",
            Purpose::Correct(..) => "更正合同内容",
        }
    }

    pub fn role(self) -> TermsRole {
        match self {
            Purpose::New => TermsRole::Agreement,
            Purpose::Supplement => TermsRole::Supplement,
            Purpose::Correct(_, role) => role,
        }
    }
}

/// The admitted case that a form was filled from.
#[derive(Clone, Debug)]
pub struct FromCase {
    pub id: Uuid,
    pub number: String,
    pub project: String,
    pub investor: String,
    /// What the case does not say and a contract needs.
    pub open: Vec<&'static str>,
    /// The investor has a code that the register of enterprises does not know.
    pub unknown_grantee: bool,
}

#[derive(Template)]
#[template(path = "contract/terms.html")]
struct TermsPage {
    shell: Shell,
    action: String,
    back: String,
    purpose: Purpose,
    form: Shown,
    /// What is doubtful and does not keep it from being recorded.
    warnings: Vec<String>,
    /// The admitted case that a new contract is filled from.
    case: Option<FromCase>,
}

impl TermsPage {
    fn is_new(&self) -> bool {
        self.purpose == Purpose::New
    }

    fn is_supplement(&self) -> bool {
        self.purpose.role() == TermsRole::Supplement
    }

    fn is_correction(&self) -> bool {
        matches!(self.purpose, Purpose::Correct(..))
    }
}

/// The form with what was typed; 422 when it comes back with faults.
pub fn page(
    state: &AppState,
    officer: &Officer,
    number: &str,
    purpose: Purpose,
    (terms, faults): (&TermsForm, Vec<Fault>),
    case: Option<FromCase>,
) -> web::Result<Response> {
    let (action, back) = match purpose {
        Purpose::New => ("/contracts/new".to_owned(), "/contracts".to_owned()),
        Purpose::Supplement => (format!("{}/supplement", address_of(number)), address_of(number)),
        Purpose::Correct(id, _) => (format!("{}/terms/{id}/correct", address_of(number)), address_of(number)),
    };
    let title = if number.is_empty() { purpose.title().to_owned() } else { format!("{}：{number}", purpose.title()) };
    let warnings = doubts(terms, purpose.role(), state);
    let (shell, form) = (officer.shell(state, title), Shown::of(terms).with_faults(faults));
    form::page(form.status(), &TermsPage { shell, action, back, purpose, form, warnings, case })
}

/// What is doubtful about terms that can be read, such as a rate in % where ‰ is meant.
fn doubts(form: &TermsForm, role: TermsRole, state: &AppState) -> Vec<String> {
    let Ok((paper, terms)) = form.read(role) else { return Vec::new() };
    let version = TermsVersion {
        id: 0,
        role,
        document: paper.document,
        signed_on: paper.signed_on,
        effective_on: paper.effective_on,
        terms,
        recorded_at: state.clock.now(),
        superseded_at: None,
    };
    let faults = validate::of_terms(&version).into_iter().filter(|fault| !fault.is_error());
    faults.map(|fault| fault.message).collect()
}
