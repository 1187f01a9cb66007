//! What a room says about its rules: the catalogue names a rule, the room brings the function and the tests.

crate::terms! {
    /// Which day picks the parameters of a rule. A later change of a table does not reach what was decided by an earlier
    /// day.
    pub enum DecidingDay {
        Application = "application" => "申请之日",
        YearEnd = "year_end" => "所属年度12月31日",
        Contract = "contract" => "出让合同签订之日",
        Agreed = "agreed" => "约定之日",
        AsOf = "as_of" => "核查所指之日",
    }
}

/// One rule. Each room lists its own as `pub const RULES: &[Rule]`; the application gathers them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rule {
    /// As the articles of the catalogue name it: `low_efficiency.tax_per_mu`.
    pub name: &'static str,
    /// Chinese.
    pub title: &'static str,
    /// Document and key of every article, or part of one, that it carries out.
    pub articles: &'static [(&'static str, &'static str)],
    pub deciding_day: DecidingDay,
    /// Paths of the tests that prove it: `low_efficiency::rules::tests::zero_tax_is_a_figure`.
    pub tests: &'static [&'static str],
}
