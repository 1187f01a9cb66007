//! Registers whose entries are kept on a document: never deleted, ended or withdrawn with a reason.
//!
//! [`store`] has what every such row has, [`dated`] ends one with days, [`list`] shows them and has the page for it.

pub mod dated;
pub mod list;
pub mod store;
