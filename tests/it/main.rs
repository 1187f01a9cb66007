//! Tests against the running application: one binary, so that they link once.
#![allow(clippy::panic, clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod account;
mod admission;
mod alone;
mod architecture;
mod as_of;
mod binary;
mod browser;
mod choices;
mod clearing;
mod cluster;
mod commands;
mod contracts;
mod demonstration;
mod deny;
mod dependencies;
mod evaluation;
mod evaluation_browser;
mod evaluation_looking;
mod evaluation_subjects;
mod floors;
mod grant;
mod hand;
mod imports;
mod inspection;
mod leading_group;
mod lists;
#[path = "../made/mod.rs"]
mod made;
mod mail;
mod measures;
mod migrations;
mod offline;
mod paper;
mod planning;
mod plans;
mod problems;
mod registers;
mod remediation;
mod schemes;
mod standards;
mod support;
mod survey;
mod tables;
mod text_gate;
mod turns;
