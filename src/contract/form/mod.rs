//! Forms on contracts, read in one place for pages and programs; where they lead, and what of a refusal is told on them.

pub mod event;
pub mod grounds;
pub mod named;
pub mod reply;
pub mod terms;
pub mod terms_page;
