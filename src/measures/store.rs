//! What measures rest on beside the grades, of some enterprises at once.

pub mod accounts;
pub mod exemptions;
pub mod facts;
