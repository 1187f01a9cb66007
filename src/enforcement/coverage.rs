//! What the catalogue calls the rules of this room.

use crate::policy::rule::{DecidingDay, Rule};

pub const RULES: &[Rule] = &[Rule {
    name: "enforcement.joint",
    title: "联合执法：一次到场、各部门的问题当日移交本部门办理到底，涉及一票否决的建议登记",
    articles: &[("xiacheng-2019", "四(一)4.3")],
    deciding_day: DecidingDay::AsOf,
    tests: &[
        "enforcement::rules::tests::each_failed_question_is_a_finding_of_its_department",
        "enforcement::rules::tests::whoever_could_see_nothing_has_not_looked_and_found_nothing",
        "enforcement::rules::tests::the_same_day_is_no_day",
        "enforcement::case::tests::nothing_is_put_right_that_nobody_was_ordered_to_put_right",
        "enforcement::steps::tests::each_step_has_its_paper_its_day_and_its_amount",
        "enforcement::tests::what_a_visit_found_goes_to_each_department_and_to_its_end",
        "enforcement::tests::a_veto_is_proposed_by_one_and_entered_by_another",
    ],
}];
