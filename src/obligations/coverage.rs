//! What the catalogue calls the rules of this room.

use crate::policy::rule::{DecidingDay, Rule};

const GOVERNING: &str = "xiacheng-2019";
const IDLE_LAND_ORDER: &str = "order-53-2012";

pub const RULES: &[Rule] = &[
    Rule {
        name: "tenure.breach",
        title: "出让合同各项义务的期限、逾期与违约金",
        articles: &[(GOVERNING, "四(一)4.2")],
        deciding_day: DecidingDay::Agreed,
        tests: &[
            "obligations::check::tests::before_on_and_after_each_deadline",
            "obligations::check::tests::a_payment_thirty_days_late_and_the_right_to_rescind",
            "obligations::check::tests::shortfalls_of_investment_and_floor_area",
            "obligations::check::tests::leap_days_and_year_ends",
            "obligations::check::tests::golden_timelines",
            "obligations::check::tests::reckoned::land_given_on_the_day_as_reckoned_moves_nothing",
            "obligations::check::tests::reckoned::a_price_never_paid_makes_no_grantor_late_and_moves_no_day",
            "obligations::check::tests::reckoned::an_extension_costs_what_the_same_supplement_costs",
            "obligations::check::tests::reckoned::investment_counts_from_the_day_it_was_reached",
            "obligations::check::tests::reckoned::penalties_are_booked_against_their_duty",
            "obligations::consequence::tests::a_late_payment_of_thirty_days",
            "contract::validate::tests::an_extension_is_at_most_one_year",
        ],
    },
    Rule {
        name: "tenure.idle_land",
        title: "闲置土地的认定与处置",
        articles: &[(IDLE_LAND_ORDER, "第二条"), (IDLE_LAND_ORDER, "第八条"), (IDLE_LAND_ORDER, "第十四条")],
        deciding_day: DecidingDay::AsOf,
        tests: &[
            "obligations::check::tests::idle::one_year_past_the_agreed_start_to_the_day",
            "obligations::check::tests::idle::two_years_to_the_day",
            "obligations::check::tests::idle::a_leap_day_is_full_on_the_last_of_february",
            "obligations::check::tests::idle::the_government_s_days_do_not_count",
            "obligations::check::tests::idle::stopped_for_a_year_with_little_built_or_invested",
            "obligations::check::tests::idle_findings::a_finding_stays_whatever_happens",
            "obligations::check::tests::idle_findings::neither_fee_nor_taking_back_for_land_that_was_started_and_stopped",
            "obligations::consequence::tests::the_idle_land_fee",
        ],
    },
    Rule {
        name: "tenure.idle_investigation",
        title: "闲置土地的调查与答复期限",
        articles: &[(IDLE_LAND_ORDER, "第五条")],
        deciding_day: DecidingDay::AsOf,
        tests: &[
            "obligations::check::tests::idle::investigation_and_answer_have_thirty_days_each",
            "contract::days::tests::thirty_days_set_by_law_end_on_a_working_day",
        ],
    },
];
