//! Signing in and out, one's own account, the administrator's accounts, the audit log.

mod accounts;
mod audit;
mod own;
mod sign_in;

use super::access::Access;
use super::routes::Routes;

pub fn routes() -> Routes {
    Routes::new()
        .get_open("/sign-in", sign_in::show)
        .post_open("/sign-in", sign_in::sign_in)
        .post("/sign-out", Access::SignedIn, sign_in::sign_out)
        .get("/account", Access::SignedIn, own::show)
        .post("/account/password", Access::SignedIn, own::change_password)
        .post("/account/tokens", Access::SignedIn, own::add_token)
        .post("/account/tokens/{id}/revoke", Access::SignedIn, own::revoke_token)
        .get("/accounts", Access::ManageAccounts, accounts::list)
        .post("/accounts", Access::ManageAccounts, accounts::create)
        .post("/accounts/{id}", Access::ManageAccounts, accounts::change)
        .get("/audit", Access::ReadAudit, audit::show)
}
