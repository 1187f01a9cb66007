//! What the catalogue calls the rules of this room.

use crate::policy::rule::{DecidingDay, Rule};

/// The sentences of 一(二) and 二(一) are carried out by the schemes, whose rules stand with the policy; what is added here is who
/// belongs and what a run does, and its tests are named there. Which events bar is said by the kinds of veto, held against each event.
pub const RULES: &[Rule] = &[
    Rule {
        name: "evaluation.coverage",
        title: "各年度参评的对象",
        articles: &[("xiacheng-2019", "一(二).1"), ("xiacheng-2019", "一(二).2")],
        deciding_day: DecidingDay::YearEnd,
        tests: &[
            "evaluation::covered::tests::each_year_covers_what_the_text_says_of_it",
            "evaluation::covered::tests::services_of_2018_bind_nobody",
            "evaluation::population::tests::industry_is_covered_from_five_mu_in_2018_and_three_in_2019_and_all_of_it_since",
        ],
    },
    Rule {
        name: "evaluation.vetoes",
        title: "一票否决的事由按发生之日有效的登记，在有效期间所及的各年度起作用",
        articles: &[("xiacheng-2019", "二(一)4.4")],
        deciding_day: DecidingDay::AsOf,
        tests: &[
            "policy::veto::tests::what_ships_names_every_event_of_the_article_and_holds_together",
            "policy::veto::tests::a_kind_counts_on_its_days_alone_and_what_is_refused_names_the_article",
            "evaluation::form::tests::a_veto_of_a_day_before_its_kind_or_of_tomorrow_is_refused_at_its_field",
        ],
    },
];
