//! The clerk's forms on a contract: its terms and its certificates.

mod certificate_form;
mod terms_form;

use crate::account::Routes;

pub fn routes() -> Routes {
    Routes::new().merge(certificate_form::routes()).merge(terms_form::routes())
}
