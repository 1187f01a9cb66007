//! What a measure came to, made again from its receipt.

use chrono::NaiveDate;

use super::judge;
use crate::policy::catalogue::Catalogue;
use crate::policy::recheck::Check;

pub const RECHECKS: &[Check] = &[Check { name: judge::CHECK, run: again, expand: None }];

fn again(catalogue: &Catalogue, day: NaiveDate, inputs: &str) -> anyhow::Result<String> {
    Ok(judge::again(catalogue, day, inputs)?)
}
