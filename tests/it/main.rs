//! Tests against the running application: one binary, so that they link once.

mod account;
mod admission;
mod binary;
mod browser;
mod planning;
mod support;
