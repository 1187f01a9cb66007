//! What an address says of the list of a day, and of one enterprise: the same words for page, file and program.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use utoipa::IntoParams;

use super::list::Filter;
use super::reading::questions;
use crate::entitlement::{Answers, Measure};
use crate::web::list::{Parameters, non_empty, read};
use crate::web::{Error, Result};

/// Every field may be absent or empty, which is the same.
#[derive(Clone, Debug, Default, Serialize, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(default, deny_unknown_fields)]
pub struct ListParameters {
    /// The day (YYYY-MM-DD); today without it.
    pub on: String,
    /// Code of an executing body.
    pub executing: String,
    /// Id of a measure.
    pub measure: String,
    /// A grade, as `D`.
    pub grade: String,
    /// `due`, `allowed`, `barred`, `exempt` or `not_determinable`.
    pub outcome: String,
    /// Sub-district code, nine digits.
    pub subdistrict: String,
    /// Part of the name or of the credit code.
    pub q: String,
    /// `next` of the page before.
    pub after: String,
    /// Lines a page, 1 to 500.
    pub size_of_page: String,
}

impl Parameters for ListParameters {}

impl ListParameters {
    /// # Errors
    /// When it is no day.
    pub fn day(&self, today: NaiveDate) -> Result<NaiveDate> {
        day(&self.on, today)
    }

    /// # Errors
    /// The first field that cannot be read.
    pub fn filter(&self) -> Result<Filter> {
        let text = |text: &str| non_empty(text).map(str::to_owned);
        Ok(Filter {
            executing: read(&self.executing, "没有这种执行单位")?,
            measure: text(&self.measure),
            grade: text(&self.grade),
            outcome: read(&self.outcome, "没有这种结论")?,
            subdistrict: text(&self.subdistrict),
            text: text(&self.q),
        })
    }
}

/// # Errors
/// When it is no day.
pub fn day(text: &str, today: NaiveDate) -> Result<NaiveDate> {
    Ok(read(text, "日期应写成 YYYY-MM-DD")?.unwrap_or(today))
}

/// Whatever stands in an address besides the day: answers by the key of the question. `yes`, `no`, or empty for a question that is
/// open.
///
/// # Errors
/// A question that no measure of the day asks, or an answer that is neither.
pub fn answers(asked: &BTreeMap<String, String>, measures: &[Measure]) -> Result<Answers> {
    let known = questions(measures);
    let mut answers = Answers::new();
    for (key, answer) in asked.iter().filter_map(|(key, answer)| Some((key, non_empty(answer)?))) {
        if known.iter().all(|question| question.key != *key) {
            let keys: Vec<&str> = known.iter().map(|question| question.key.as_str()).collect();
            return Err(Error::BadRequest(format!("当日没有措施询问“{key}”；可答的事项：{}", keys.join("、"))));
        }
        let yes = match answer {
            "yes" | "true" | "是" => true,
            "no" | "false" | "否" => false,
            _ => return Err(Error::BadRequest(format!("“{key}”应答 yes 或 no"))),
        };
        answers.insert(key.clone(), yes);
    }
    Ok(answers)
}
