//! What the catalogue calls the rules of this room.

use crate::policy::rule::{DecidingDay, Rule};

/// The sentences of 一(二) and 二(一) are carried out by the schemes, whose rules stand with the policy; what is added here is who
/// belongs and what a run does, and its tests are named there. Which events bar is said by the kinds of veto, held against each event.
pub const RULES: &[Rule] = &[Rule {
    name: "evaluation.vetoes",
    title: "一票否决的事由按发生之日有效的登记，在有效期间所及的各年度起作用",
    articles: &[("xiacheng-2019", "二(一)4.4")],
    deciding_day: DecidingDay::AsOf,
    tests: &[
        "policy::veto::tests::what_ships_names_every_event_of_the_article_and_holds_together",
        "policy::veto::tests::a_kind_counts_on_its_days_alone_and_what_is_refused_names_the_article",
        "evaluation::form::tests::a_veto_of_a_day_before_its_kind_or_of_tomorrow_is_refused_at_its_field",
    ],
}];
