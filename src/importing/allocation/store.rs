//! The SQL of these tables: what they meet, writing.

pub mod accounts;
pub mod reports;

/// The table that the records of a file are read into.
pub const STAGING: &str = "staging_allocation";
pub const COPY: &str = "COPY staging_allocation (record, line, rejected, uscc, body, account, share, since, until, measure, year, \
    quarter, done, quantity, amount, done_on, note, document, key) FROM STDIN";
