//! What the catalogue calls the rules of this room.

use crate::policy::rule::{DecidingDay, Rule};

pub const RULES: &[Rule] = &[
    Rule {
        name: "remediation.entry",
        title: "列入整治的事由，连同核查收据在列入时固定，同一事由不重复列入",
        articles: &[
            ("xiacheng-2019", "四(一)4.1"),
            ("xiacheng-2019", "四(一)4.2"),
            ("xiacheng-2019", "四(一)4.3"),
            ("xiacheng-2019", "四(一)4.4"),
        ],
        deciding_day: DecidingDay::YearEnd,
        tests: &[
            "remediation::proof::tests::receipts_come_out_again_byte_for_byte",
            "remediation::opening::tests::the_same_ground_is_never_entered_twice",
            "remediation::opening::tests::another_ground_goes_into_the_file_that_is_open",
            "remediation::opening::tests::whoever_left_gets_none",
        ],
    },
    Rule {
        name: "remediation.acceptance",
        title: "整治的验收和销号：提升改造以完整年度、已确认的亩均税收，其他方式各以其材料",
        articles: &[("xiacheng-2019", "四(一)4.5")],
        deciding_day: DecidingDay::AsOf,
        tests: &[
            "remediation::proof::tests::at_just_below_and_just_above_the_line",
            "remediation::proof::tests::a_forecast_a_part_of_a_year_and_the_year_of_the_plan_prove_nothing",
            "remediation::proof::tests::nothing_is_proven_but_by_a_confirmed_full_year_on_or_above_the_line",
            "remediation::plan::tests::a_target_is_on_the_line_or_above_it",
            "remediation::rules::tests::every_single_paper_is_needed",
            "remediation::rules::tests::no_path_strikes_off_an_upgrade_without_a_full_year_figure",
            "workflow::sample::tests::the_same_seed_draws_the_same_whatever_the_order",
        ],
    },
];
