//! What the catalogue calls the rules of this room, and its check for running receipts again.

use chrono::NaiveDate;

use super::check::{CHECK, decide};
use super::{
    ARTICLE_CONFORMITY, ARTICLE_STANDARD, DOCUMENT, Facts, INDUSTRIAL_POLICY, SPATIAL_CONFORMITY, STANDARD_LAND,
    STANDARD_SET,
};
use crate::policy::catalogue::Catalogue;
use crate::policy::recheck::Check;
use crate::policy::rule::{DecidingDay, Rule};

pub const RULES: &[Rule] = &[
    Rule {
        name: SPATIAL_CONFORMITY,
        title: "项目用地符合各项规划",
        articles: &[(DOCUMENT, ARTICLE_CONFORMITY)],
        deciding_day: DecidingDay::Application,
        tests: &["admission::tests::policy::a_layer_that_was_not_checked_is_not_clear"],
    },
    Rule {
        name: INDUSTRIAL_POLICY,
        title: "项目符合产业政策",
        articles: &[(DOCUMENT, ARTICLE_CONFORMITY)],
        deciding_day: DecidingDay::Application,
        tests: &[
            "admission::tests::policy::what_is_prohibited_is_refused",
            "admission::tests::policy::what_the_wording_describes_is_for_a_person_to_say",
            "admission::tests::policy::without_a_directory_nothing_was_checked",
        ],
    },
    Rule {
        name: STANDARD_SET,
        title: "适用的“标准地”指标",
        articles: &[(DOCUMENT, ARTICLE_STANDARD)],
        deciding_day: DecidingDay::Application,
        tests: &[
            "admission::tests::choice::the_narrowest_industry_wins",
            "admission::tests::choice::the_narrower_zone_goes_first",
            "admission::tests::choice::the_day_of_application_picks_the_row",
            "admission::tests::choice::a_row_that_has_ended_is_asked_of_nobody",
            "admission::tests::choice::no_row_is_never_a_pass",
            "admission::tests::choice::another_edition_is_never_read_as_this_one",
            "admission::tests::choice::a_row_the_applicant_is_bound_to_overrides_the_search",
            "admission::tests::choice::only_an_adopted_row_that_is_in_force_and_offered_decides",
            "admission::tests::choice::what_nothing_on_record_bears_out_decides_nothing",
        ],
    },
    Rule {
        name: STANDARD_LAND,
        title: "投资、亩产、能耗、环境、建设五类标准",
        articles: &[(DOCUMENT, ARTICLE_STANDARD)],
        deciding_day: DecidingDay::Application,
        tests: &[
            "admission::tests::figures::a_project_exactly_on_every_line_conforms",
            "admission::tests::figures::one_step_beyond_each_line_fails",
            "admission::tests::figures::each_end_of_each_indicator_below_at_and_above_open_and_closed",
            "admission::tests::figures::open_and_closed_ends",
            "admission::tests::figures::storeys_above_eight_metres_count_twice",
            "admission::tests::figures::missing_is_never_zero",
            "admission::tests::properties::relaxing_a_threshold_never_turns_pass_into_fail",
            "admission::tests::properties::a_further_fact_never_makes_a_line_undecided",
        ],
    },
];

pub const RECHECK: Check = Check { name: CHECK, run: again, expand: None };

fn again(catalogue: &Catalogue, as_of: NaiveDate, inputs: &str) -> anyhow::Result<String> {
    let facts: Facts = serde_json::from_str(inputs)?;
    Ok(serde_json::to_string(&decide(&facts, catalogue, as_of))?)
}
