//! What the catalogue calls the rules of this room.

use crate::policy::rule::{DecidingDay, Rule};

pub const RULES: &[Rule] = &[
    Rule {
        name: "measures.ground",
        title: "措施按所依据文件的有效期执行，依据废止后不再执行",
        articles: &[("xiacheng-2019", "三(一)")],
        deciding_day: DecidingDay::AsOf,
        tests: &[
            "policy::measures::tests::a_ground_ends_on_the_day_its_document_says",
            "measures::tests::a_repealed_ground_never_acts_whatever_the_district_adopted",
        ],
    },
    Rule {
        name: "measures.due",
        title: "综合评价结果与信贷、财政政策挂钩：某年度的档次在次年执行，办前可查，凭据可复核",
        articles: &[("xiacheng-2019", "三(二).1"), ("xiacheng-2019", "三(三).1")],
        deciding_day: DecidingDay::AsOf,
        tests: &[
            "evaluation::acting::tests::the_grade_of_a_year_acts_from_the_first_day_of_the_next_to_its_last",
            "measures::tests::an_answer_is_made_again_from_its_receipt",
        ],
    },
    Rule {
        name: "measures.credit_support",
        title: "A、B档企业的信用评级与五类信贷支持",
        articles: &[("xiacheng-2019", "三(二).2"), ("xiacheng-2019", "三(二).3")],
        deciding_day: DecidingDay::AsOf,
        tests: &["measures::tests::the_principles_of_the_text_act_on_a_b_and_d_and_not_on_c"],
    },
    Rule {
        name: "measures.no_expansion_loans",
        title: "D档企业单纯扩大产能的项目贷款；用途须核实，不作推定",
        articles: &[("xiacheng-2019", "三(二).4")],
        deciding_day: DecidingDay::AsOf,
        tests: &["measures::tests::what_a_loan_is_for_is_asked_and_never_guessed"],
    },
    Rule {
        name: "measures.fiscal",
        title: "A、B档企业鼓励申报财政扶持，D档企业不支持财政性奖励",
        articles: &[("xiacheng-2019", "三(三).2"), ("xiacheng-2019", "三(三).3")],
        deciding_day: DecidingDay::AsOf,
        tests: &["measures::tests::the_principles_of_the_text_act_on_a_b_and_d_and_not_on_c"],
    },
];
