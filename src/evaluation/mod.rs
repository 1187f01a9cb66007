//! Evaluation: every enterprise of a category weighed once a year by the land it uses. 二(一) of the governing text.
//!
//! [`population`] says who is ranked and who is left out, [`annual::fact`](crate::annual::fact) what is known of them, the crate `scoring` what a scheme makes
//! of that; [`run`] puts them together, and [`document`] prints every step of it.

pub mod acting;
pub mod api;
pub mod case;
pub mod commands;
mod coverage;
pub mod covered;
pub mod document;
pub mod job;
pub mod looking;
pub mod merge;
pub mod order;
pub mod ordered;
pub mod pages;
pub mod population;
pub mod portions;
pub mod present;
pub mod recheck;
pub mod registers;
mod room;
pub mod run;
#[cfg(test)]
mod samples;
pub mod store;
pub mod table;
pub mod tenants;
pub mod wording;

pub use coverage::RULES;
pub use room::ROOM;

crate::terms! {
    /// Why somebody of the category is not ranked; each is listed and counted apart.
    #[schema(as = EvaluationLeftOut)]
    pub enum LeftOut {
        Exempt = "exempt" => "免评",
        Protection = "protection" => "保护期",
        /// 二(一)3: new, newly above-size, major project under construction.
        Transition = "transition" => "过渡期",
        /// It holds floor area and no land.
        Tenant = "tenant" => "无自有用地，按建筑面积列示",
        /// No figure that the scheme asks for is on record.
        NoRecord = "no_record" => "数据缺失",
        /// Land of the year is zero or less.
        ZeroDenominator = "zero_denominator" => "用地为零",
        /// 一(二): below the land from which enterprises were evaluated in that year, or land not on record.
        NotCovered = "not_covered" => "不在当年评价范围",
        /// A tenant that would take the grade of the owner of its parcel, and the parcel has none on 31 December.
        OwnerUnknown = "owner_unknown" => "承租企业，宗地没有登记土地使用权人",
        /// More than one, of whom none is taken by guess.
        SeveralOwners = "several_owners" => "承租企业，所在宗地有多个土地使用权人",
        /// The owner is left out, or its result is not official yet.
        OwnerNotGraded = "owner_not_graded" => "承租企业，土地使用权人没有评级",
    }
}

crate::terms! {
    #[schema(as = EvaluationRunState)]
    pub enum RunState {
        Computed = "computed" => "已核算",
        Proposed = "proposed" => "待签发",
        Official = "official" => "正式结果",
        Superseded = "superseded" => "已被替代",
        Withdrawn = "withdrawn" => "已撤回",
    }
}
