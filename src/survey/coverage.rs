//! What the catalogue calls the rules of this room.

use crate::policy::rule::{DecidingDay, Rule};

pub const RULES: &[Rule] = &[
    Rule {
        name: "survey.round",
        title: "工业用地摸底调查：列入全部在册工业用地，逐宗核实，分类面积合计与台账一致，结束后固定并可与下次比较",
        articles: &[("xiacheng-2019", "四(一)1.1"), ("xiacheng-2019", "四(一)1.2"), ("xiacheng-2019", "四(一)1.4")],
        deciding_day: DecidingDay::AsOf,
        tests: &[
            "survey::uses::tests::industrial_land_is_what_the_code_list_calls_so_and_what_may_be_it",
            "survey::rounds::tests::a_round_holds_all_industrial_land_and_its_sums_equal_the_register",
            "survey::rounds::tests::what_is_closed_stays_and_is_held_against_the_next",
        ],
    },
    Rule {
        name: "survey.class",
        title: "批而未供、供而未用、闲置、低效、改变用途、在用的分类，每宗只归一类，资料不全的不归类",
        articles: &[("xiacheng-2019", "四(一)1.3")],
        deciding_day: DecidingDay::AsOf,
        tests: &[
            "survey::rules::tests::each_parcel_has_exactly_one_class_or_what_is_missing",
            "survey::rules::tests::nothing_is_classed_before_somebody_was_there",
            "survey::rules::tests::approved_land_is_not_supplied_until_a_contract_holds_it",
            "survey::rules::tests::what_was_confirmed_as_idle_stays_so_whatever_is_found",
            "survey::rules::tests::bare_land_under_a_contract_is_idle_when_its_year_is_full_and_not_before",
            "survey::rules::tests::buildings_that_nobody_uses_are_no_idle_land",
            "survey::rules::tests::without_a_contract_the_register_decides_as_far_as_the_ground_agrees",
            "survey::rules::tests::another_use_than_the_registered_one_is_changed_before_it_is_low",
            "survey::rules::tests::at_just_below_and_just_above_the_share",
            "survey::rules::tests::whoever_is_not_known_counts_for_neither_side",
            "survey::proof::tests::a_receipt_comes_out_again_byte_for_byte",
        ],
    },
    Rule {
        name: "survey.differences",
        title: "台账与现场的差异作为建议，由核实人以外的人采纳入册或说明理由不采纳",
        articles: &[("xiacheng-2019", "四(一)1.2")],
        deciding_day: DecidingDay::AsOf,
        tests: &[
            "survey::rounds::tests::a_difference_goes_into_the_register_by_another_person_and_not_twice",
            "survey::rounds::tests::a_register_that_moved_on_takes_nothing_over",
        ],
    },
];
