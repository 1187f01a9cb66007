//! Schemes and subjects for the tests.

use rust_decimal::Decimal;
use rust_decimal_macros::dec;

use crate::scheme::{
    Adoption, Binding, Category, Direction, Family, GradeBand, Grouping, Indicator, Merge, Missing, Negative, Operator,
    Population, Quota, Quotient, Scheme, Side, Standard, Step, SubjectKind, Tenants, Term, VetoRule,
};
use crate::subject::{Facts, Subject};

pub fn term(fact: &str) -> Term {
    Term { fact: fact.to_owned(), factor: Decimal::ONE }
}

pub fn quotient(numerator: &str, denominator: &str) -> Quotient {
    Quotient { numerator: vec![term(numerator)], denominator: vec![term(denominator)] }
}

/// Measured against a fixed base, `name` ÷ `one`.
pub fn to_base(name: &str, base: Decimal, weight: Decimal, cap: Option<Decimal>) -> Indicator {
    Indicator {
        indicator: name.to_owned(),
        title: name.to_owned(),
        unit: String::new(),
        value: quotient(name, "one"),
        direction: Direction::Up,
        weight,
        family: Family::ToBase { standard: Standard::Fixed(base), cap },
        missing: Missing::Zero,
        negative: Negative::Zero,
    }
}

pub fn band(grade: &str, quota: Option<(Side, Operator, Decimal, bool)>) -> GradeBand {
    let quota = quota.map(|(side, operator, percent, cumulative)| Quota { side, operator, percent, cumulative });
    GradeBand { grade: grade.to_owned(), quota }
}

/// A at most 20 %, B to 75 %, D at most 5 %, C the rest.
pub fn grades() -> Vec<GradeBand> {
    vec![
        band("A", Some((Side::Top, Operator::AtMost, dec!(20), false))),
        band("B", Some((Side::Top, Operator::AtMost, dec!(75), true))),
        band("C", None),
        band("D", Some((Side::Bottom, Operator::AtMost, dec!(5), false))),
    ]
}

pub fn scheme(indicators: Vec<Indicator>) -> Scheme {
    Scheme {
        id: "sample".to_owned(),
        title: "合成样本".to_owned(),
        category: Category::IndustryAbove,
        from_year: 2022,
        to_year: None,
        binding: Binding::Binding,
        adoption: Adoption::Adopted,
        document: "sample".to_owned(),
        article: "二(一)3".to_owned(),
        source: "synthetic".to_owned(),
        departure: None,
        population: Population {
            subject: SubjectKind::Enterprise,
            industries: Vec::new(),
            except: Vec::new(),
            size: None,
            list: None,
            land_at_least_mu: None,
            tenants: Tenants::Apart,
            merge: Merge::None,
            fixed: Vec::new(),
        },
        ranking: Grouping { groups: Vec::new(), others: "全部".to_owned() },
        indicators,
        coefficient: Decimal::ONE,
        bonus: Vec::new(),
        bonus_cap: None,
        deduction: Vec::new(),
        deduction_cap: None,
        rounding: None,
        grades: grades(),
        veto: VetoRule { bars: vec!["A".to_owned(), "B".to_owned()], becomes: "C".to_owned(), fill_up: true },
        steps: vec![Step::Bonus, Step::Deduction, Step::Ranking, Step::Veto, Step::Manual],
    }
}

pub fn facts(of: &[(&str, Decimal)]) -> Facts {
    let one = ("one", Decimal::ONE);
    of.iter().chain([&one]).map(|(name, amount)| ((*name).to_owned(), (*amount).into())).collect()
}

pub fn subject(key: &str, of: &[(&str, Decimal)]) -> Subject {
    Subject { key: key.to_owned(), group: "全部".to_owned(), facts: facts(of), ..Subject::default() }
}
