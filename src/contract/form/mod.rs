//! What the forms on contracts share: what was typed, read in one place for pages and programs; who acts; how a refusal is
//! told.

pub mod event_typed;
pub mod named;
pub mod recording;
pub mod reply;
pub mod terms_page;
pub mod terms_typed;
pub mod typed;
