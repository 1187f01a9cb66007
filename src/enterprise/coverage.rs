//! What the catalogue calls the rules of this room.

use crate::policy::rule::{DecidingDay, Rule};

pub const RULES: &[Rule] = &[Rule {
    name: "enterprise.vouching",
    title: "谁主管、谁统计、谁负责：数据由所属部门确认",
    articles: &[("xiacheng-2019", "二(一)1.3")],
    deciding_day: DecidingDay::AsOf,
    tests: &["enterprise::store::tests::a_figure_is_confirmed_by_its_own_department_once"],
}];
