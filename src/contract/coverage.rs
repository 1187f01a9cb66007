//! What the catalogue calls the rules of this room.

use crate::policy::rule::{DecidingDay, Rule};

const GOVERNING: &str = "xiacheng-2019";

pub const RULES: &[Rule] = &[Rule {
    name: "tenure.stages",
    title: "建设期、投产期、剩余年限使用期与分阶段权证",
    articles: &[(GOVERNING, "四(一)3")],
    deciding_day: DecidingDay::Agreed,
    tests: &[
        "contract::stage::tests::a_life_from_day_to_day",
        "contract::stage::tests::no_move_skips_a_stage",
        "contract::store::tests::stages_are_converted_one_after_the_other",
        "contract::store::tests::two_certificates_are_never_valid_at_once",
        "contract::validate::tests::certificates_out_of_order",
    ],
}];
