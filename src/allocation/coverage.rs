//! What the catalogue calls the rules of this room.

use crate::policy::rule::{DecidingDay, Rule};

pub const RULES: &[Rule] = &[Rule {
    name: "allocation.audit",
    title: "差别化资源配置的审计监督：应执行与已执行逐条核对，按种子抽查，问题办理到底",
    articles: &[("xiacheng-2019", "五(二).3")],
    deciding_day: DecidingDay::AsOf,
    tests: &[
        "allocation::tests::the_planted_mistakes_of_a_year_are_found_and_nothing_else",
        "allocation::tests::a_drawing_can_be_done_again_from_its_seed",
        "allocation::tests::a_finding_goes_to_its_end_between_two_persons",
    ],
}];
