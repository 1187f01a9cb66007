//! Which sentences of the governing text the rules of schemes carry out, and what proves them.

use crate::policy::rule::{DecidingDay, Rule};

pub const RULES: &[Rule] = &[
    Rule {
        name: "scheme.lead",
        title: "各类综合评价由牵头部门制定方案、核算并报请",
        articles: &[("xiacheng-2019", "二(一)1.1"), ("xiacheng-2019", "二(一)1.2")],
        deciding_day: DecidingDay::AsOf,
        tests: &["policy::scheme::lead::tests::each_category_has_the_lead_that_the_text_names"],
    },
    // The room stands below what a rule is.
    Rule {
        name: "leading_group.register",
        title: "领导小组的成员、会议与决议；放宽方案须引用决议",
        articles: &[("xiacheng-2019", "五(一)")],
        deciding_day: DecidingDay::AsOf,
        tests: &[
            "leading_group::tests::there_is_one_leader_at_a_time_and_a_seat_ends_with_its_last_day",
            "leading_group::tests::a_resolution_is_cited_for_its_matter_from_its_day_and_until_it_is_withdrawn",
            "policy::store::submissions::tests::a_departure_cites_a_resolution_that_is_on_record",
        ],
    },
    Rule {
        name: "scheme.bonus",
        title: "综合评价的加分与减分",
        articles: &[("xiacheng-2019", "二(一)3.6")],
        deciding_day: DecidingDay::YearEnd,
        tests: &[
            "scoring::compute::tests::the_bonus_is_not_multiplied",
            "scoring::compute::tests::bonus_and_deduction_are_capped_each_and_together",
        ],
    },
    Rule {
        name: "scheme.coverage",
        title: "综合评价方案的覆盖范围",
        articles: &[("xiacheng-2019", "一(二).3"), ("xiacheng-2019", "一(二).4"), ("xiacheng-2019", "一(二).5")],
        deciding_day: DecidingDay::YearEnd,
        tests: &[
            "policy::scheme::tests::industry_of_three_mu_in_2019_and_all_of_it_from_2020",
            "policy::scheme::tests::services_leave_out_what_the_text_leaves_out",
            "evaluation::covered::tests::each_year_covers_what_the_text_says_of_it",
            "evaluation::population::tests::industry_is_covered_from_five_mu_in_2018_and_three_in_2019_and_all_of_it_since",
            "evaluation::population::tests::services_leave_out_trade_hotels_banks_and_development_in_every_edition",
            "it::evaluation_subjects::four_stars_are_an_a_outside_the_quota_and_2019_has_key_platforms_alone",
        ],
    },
    Rule {
        name: "scheme.indicators",
        title: "综合评价的指标",
        articles: &[("xiacheng-2019", "二(一)2.1"), ("xiacheng-2019", "二(一)2.2"), ("xiacheng-2019", "二(一)2.3")],
        deciding_day: DecidingDay::YearEnd,
        tests: &[
            "policy::scheme::tests::exactly_the_six_indicators_and_each_means_what_it_says",
            "policy::scheme::tests::below_size_goes_by_tax_and_services_by_tax_and_revenue",
        ],
    },
    Rule {
        name: "scheme.benchmark",
        title: "基准值按近3年平均值的1.5倍，每3年调整",
        articles: &[("xiacheng-2019", "二(一)2.4"), ("xiacheng-2019", "二(一)2.5")],
        deciding_day: DecidingDay::YearEnd,
        tests: &[
            "policy::scheme::tests::a_benchmark_is_the_mean_of_three_years_times_one_and_a_half",
            "scoring::benchmark::tests::a_base_is_revised_every_third_year_and_never_rests_on_the_scored_year",
        ],
    },
    Rule {
        name: "scheme.weights",
        title: "规上工业指标权重的上下限",
        articles: &[("xiacheng-2019", "二(一)3.2"), ("xiacheng-2019", "二(一)3.3"), ("xiacheng-2019", "二(一)3.4")],
        deciding_day: DecidingDay::YearEnd,
        tests: &[
            "policy::scheme::tests::weights_at_just_below_and_just_above_each_bound",
            "policy::scheme::tests::weights_of_other_places_are_refused",
            "policy::scheme::tests::a_document_lifts_only_what_the_text_calls_general",
            "policy::store::submissions::tests::the_database_knows_the_bounds_of_schemes",
        ],
    },
    Rule {
        name: "scheme.grades",
        title: "工业企业分为A、B、C、D四档",
        articles: &[("xiacheng-2019", "二(一)4.1")],
        deciding_day: DecidingDay::YearEnd,
        tests: &["policy::scheme::tests::industry_has_four_grades"],
    },
    Rule {
        name: "scheme.quotas",
        title: "A档与D档的比例",
        articles: &[("xiacheng-2019", "二(一)4.2")],
        deciding_day: DecidingDay::YearEnd,
        tests: &[
            "policy::scheme::tests::quotas_at_just_below_and_just_above_each_bound",
            "scoring::cuts::tests::at_most_rounds_down_so_below_twenty_there_is_no_d_and_below_five_no_a",
            "scoring::cuts::tests::a_tie_at_a_cut_never_passes_a_quota_of_at_most",
        ],
    },
    Rule {
        name: "scheme.veto",
        title: "一票否决的企业不得列入A档和B档",
        articles: &[("xiacheng-2019", "二(一)4.4")],
        deciding_day: DecidingDay::YearEnd,
        tests: &[
            "policy::scheme::tests::a_veto_bars_a_and_b_whatever_a_document_says",
            "scoring::compute::tests::the_vetoed_are_never_a_or_b_and_their_places_go_on",
        ],
    },
];
