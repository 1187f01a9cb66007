//! What the catalogue calls the rules of this room.

use crate::policy::rule::{DecidingDay, Rule};

pub const RULES: &[Rule] = &[
    Rule {
        name: "low_efficiency.tax_per_mu",
        title: "亩均税收低于1万元的低效企业",
        articles: &[("xiacheng-2019", "四(一)4.4")],
        deciding_day: DecidingDay::YearEnd,
        tests: &[
            "low_efficiency::rules::tests::at_below_and_above_the_line",
            "low_efficiency::rules::tests::on_the_line_counts_as_the_comparison_says",
            "low_efficiency::rules::tests::the_days_of_the_year_weigh_the_land",
            "low_efficiency::rules::tests::zero_negative_and_missing_tax",
            "low_efficiency::rules::tests::equals_plain_whole_number_arithmetic",
            "low_efficiency::rules::tests::as_many_mu_as_ten_thousand_yuan_are_on_the_line",
            "low_efficiency::rules::tests::land_in_mu_that_is_let_out_whole_leaves_none",
        ],
    },
    Rule {
        name: "low_efficiency.transition",
        title: "新设、新升规与重大项目建设期企业的过渡期",
        articles: &[("xiacheng-2019", "二(一)3.7")],
        deciding_day: DecidingDay::YearEnd,
        tests: &[
            "low_efficiency::rules::tests::a_transition_ends_with_its_anniversary",
            "low_efficiency::rules::tests::the_grounds_of_a_transition",
            "low_efficiency::rules::tests::a_major_project_has_three_years_from_its_start_at_most",
            "low_efficiency::rules::tests::a_transition_that_does_not_exempt_leaves_the_outcome_alone",
        ],
    },
];
