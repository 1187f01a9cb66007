//! The pages of measures: what is due on a day, asking before something is granted, and the measures themselves.

mod accounts;
mod ask;
mod catalogue;
mod due;

use accounts::AccountList;

use crate::account::list::enter;
use crate::account::{Access, Routes};
use crate::kept::list::end_routes;

pub fn routes() -> Routes {
    let routes = Routes::new().list::<due::DueList>(Access::ReadRegisters);
    end_routes::<AccountList>(routes, "/measures/accounts/{id}", Access::KeepAdjustments)
        .list::<AccountList>(Access::ReadRegisters)
        .post("/measures/accounts", Access::KeepAdjustments, enter::<AccountList>)
        .get("/measures/ask", Access::ReadRegisters, ask::show)
        .post("/measures/ask", Access::ReadRegisters, ask::keep)
        .get("/measures/catalogue", Access::ReadRegisters, catalogue::show)
        .get("/measures/catalogue.json", Access::ReadRegisters, catalogue::download)
}
