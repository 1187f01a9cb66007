//! The pages of admission cases.

mod acts;
mod attachments;
mod board;
mod consultations;
mod contract;
mod edit;
mod form;
mod lists;
mod lookup;
mod offers;
mod one;
mod opinion;
mod part;
mod what_if;
mod what_if_table;

use axum::response::{IntoResponse, Redirect, Response};
use uuid::Uuid;

use super::store::CaseError;
use crate::account::{Access, Routes};
use crate::web::Error;

/// A drawn or pasted shape with some hundred corners, or a file of shapes.
const LARGEST_FORM: usize = 8 * 1024 * 1024;
const LARGEST_ATTACHMENT: usize = crate::home::attachment::LARGEST + 64 * 1024;

pub fn routes() -> Routes {
    use Access::*;
    Routes::new()
        .list::<lists::CaseList>(ReadCases)
        .get("/admission/board", ReadCases, board::show)
        .get("/admission/map", ReadCases, lists::map)
        .get("/admission/cases/new", HandleCases, edit::blank)
        .upload("/admission/cases/new", HandleCases, LARGEST_FORM, edit::create)
        .upload("/admission/cases/check", HandleCases, LARGEST_FORM, edit::check)
        .get("/admission/industries", HandleCases, lookup::industries)
        .get("/admission/investor", HandleCases, lookup::investor)
        .get("/admission/cases/{id}", ReadCases, one::show)
        .get("/admission/cases/{id}/edit", HandleCases, edit::form)
        .upload("/admission/cases/{id}/edit", HandleCases, LARGEST_FORM, edit::save)
        .post("/admission/cases/{id}/handle", HandleCases, acts::handle)
        .post("/admission/cases/{id}/decide", DecideCases, acts::decide)
        .post("/admission/cases/{id}/opinions", GiveOpinions, acts::opine)
        .post("/admission/cases/{id}/set-aside/{hit}", ConfirmSetAside, acts::answer_set_aside)
        .upload("/admission/cases/{id}/attachments", HandleCases, LARGEST_ATTACHMENT, attachments::add)
        .get("/admission/cases/{id}/attachments/{file}", ReadCases, attachments::fetch)
        .post("/admission/cases/{id}/attachments/{file}/remove", HandleCases, attachments::remove)
        .get("/admission/cases/{id}/opinion", ReadCases, opinion::show)
        .get("/admission/cases/{id}/opinion.pdf", ReadCases, opinion::pdf)
        .get("/admission/offers", ReadCases, offers::list)
        .post("/admission/offers", ManageOffers, offers::open)
        .post("/admission/offers/{id}/close", ManageOffers, offers::close)
        .get("/admission/consultations", ReadCases, consultations::list)
        .post("/admission/consultations", ManageAccounts, consultations::change)
        .get("/admission/what-if", RunWhatIf, what_if::list)
        .post("/admission/what-if", RunWhatIf, what_if::ask)
        .upload("/admission/what-if/file", RunWhatIf, LARGEST_FORM, what_if_table::preview)
        .upload("/admission/what-if/table", RunWhatIf, LARGEST_FORM, what_if_table::ask)
        .get("/admission/what-if/{id}", RunWhatIf, what_if::show)
        .get("/admission/what-if/{id}/progress", RunWhatIf, what_if::progress)
        .get("/contracts/new", WriteContracts, contract::new_form)
        .post("/contracts/new", WriteContracts, contract::conclude)
        .get_open("/verify", opinion::verify_form)
        .get_open("/verify/{code}", opinion::verify)
}

impl From<CaseError> for Error {
    fn from(error: CaseError) -> Self {
        match error {
            CaseError::NotFound => Error::NotFound("没有这个案件".into()),
            CaseError::Case(refused) => refused.into(),
            CaseError::Refused(refusal) => Error::Conflict(refusal.to_string()),
            CaseError::Invalid(text) => Error::BadRequest(text),
            CaseError::Database(error) => error.into(),
            CaseError::Internal(error) => Error::Internal(error),
        }
    }
}

fn to_case(id: Uuid) -> Response {
    Redirect::to(&format!("/admission/cases/{id}")).into_response()
}
