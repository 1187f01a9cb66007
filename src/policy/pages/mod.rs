//! The pages of policy: the texts, the rules beside their articles, and what officers bring.

mod rules;
mod schemes;
mod submission;
mod submissions;
mod template;
mod text;

#[cfg(test)]
mod tests;

use crate::account::{Access, Routes};
use crate::base::period::Period;
use crate::policy::rule::Rule;
use crate::scoring::Scheme;

/// A table of one district is small; a text too.
const LARGEST_UPLOAD: usize = 8 * 1024 * 1024;

/// The rules are handed in by whoever knows all rooms.
pub fn routes(rules: Vec<Rule>) -> Routes {
    Routes::new()
        .get("/policy", Access::SignedIn, text::show)
        .get("/policy/rules", Access::SignedIn, move |state, officer, query| {
            rules::show(state, officer, query, rules.clone())
        })
        .get("/policy/schemes", Access::SignedIn, schemes::show_list)
        .get("/policy/scheme", Access::SignedIn, schemes::show)
        .get("/policy/scheme.json", Access::SignedIn, schemes::download)
        .list_page::<submissions::SubmissionList>(Access::SignedIn)
        .upload("/policy/submissions", Access::SubmitPolicy, LARGEST_UPLOAD, submissions::receive)
        .get("/policy/submissions/{id}", Access::SignedIn, submission::show)
        .post("/policy/submissions/{id}/submit", Access::SubmitPolicy, submission::submit)
        .post("/policy/submissions/{id}/withdraw", Access::SubmitPolicy, submission::withdraw)
        .post("/policy/submissions/{id}/publish", Access::ApprovePolicy, submission::publish)
        .post("/policy/submissions/{id}/reject", Access::ApprovePolicy, submission::reject)
        .get("/policy/templates/{kind}", Access::SignedIn, template::workbook)
}

/// The years that a scheme evaluates.
fn years_text(scheme: &Scheme) -> String {
    match scheme.to_year {
        Some(last) if last == scheme.from_year => format!("{last} 年度"),
        Some(last) => format!("{} 至 {last} 年度", scheme.from_year),
        None => format!("{} 年度起", scheme.from_year),
    }
}

/// The last day is said as people say it: the day before the half-open end.
fn period_text(period: &Period) -> String {
    let from = period.from.map_or("—".to_owned(), |day| format!("{day} 起"));
    match period.until.and_then(|day| day.pred_opt()) {
        Some(last) => format!("{from}，至 {last}"),
        None => from,
    }
}
