//! Parts that are larger than their whole: a building coefficient above 100 % is no figure to judge but one to put right.

use chrono::NaiveDate;

use super::Facts;
use super::known::Known;
use crate::base::ratio::Ratio;
use crate::exchange::{Fault, FaultCode};
use crate::policy::catalogue::Catalogue;

pub const CODE: FaultCode = FaultCode::ShareAboveWhole;

/// A share whose part exceeds its whole.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Impossible {
    /// The declared fact to look at first.
    pub fact: String,
    /// Chinese: what is wrong and what to do.
    pub message: String,
}

impl Impossible {
    pub fn fault(self) -> Fault {
        Fault::error(CODE, self.message).at_field(format!("/figures/{}/value", self.fact))
    }
}

/// In the order of the catalogue. What is not known is for the check to name.
pub fn impossible(facts: &Facts, catalogue: &Catalogue, as_of: NaiveDate) -> Vec<Impossible> {
    let known = Known::read(facts, catalogue, as_of);
    let shares = catalogue.indicators.indicators.iter().filter(|indicator| indicator.share);
    let beyond = shares.filter_map(|indicator| {
        let (part, whole) = (known.sum(&indicator.numerator).ok()?, known.sum(&indicator.denominator).ok()?);
        let fact = indicator.numerator.first()?.clone();
        (part > whole && !whole.is_negative())
            .then(|| Impossible { fact, message: message(&indicator.label, &part, &whole) })
    });
    beyond.collect()
}

fn message(label: &str, part: &Ratio, whole: &Ratio) -> String {
    let percent = part.over(whole).and_then(|share| (share * rust_decimal::Decimal::ONE_HUNDRED).rounded_up(2));
    let shown = percent.map_or_else(|| "超过100".to_owned(), |percent| percent.normalize().to_string());
    format!("{label}为 {shown}%，部分不能大于整体。请核对填报的数值和单位。")
}

#[cfg(test)]
mod tests {
    use rust_decimal::Decimal;
    use rust_decimal_macros::dec;

    use super::*;
    use crate::admission::Figure;

    fn found(figures: &[(&str, Decimal, &str)]) -> Vec<String> {
        let figure = |(name, value, unit): &(&str, Decimal, &str)| {
            ((*name).to_owned(), Figure { value: *value, unit: (*unit).to_owned() })
        };
        let facts = Facts { figures: figures.iter().map(figure).collect(), ..Facts::default() };
        let catalogue = Catalogue::embedded().unwrap();
        impossible(&facts, &catalogue, "2024-01-01".parse().unwrap()).into_iter().map(|it| it.fact).collect()
    }

    #[test]
    fn a_part_may_be_the_whole_and_no_more() {
        for part in ["built_area", "office_land_area", "green_area"] {
            let of_ten_mu = |value, unit| found(&[("site_area", dec!(10), "亩"), (part, value, unit)]);
            assert_eq!(of_ten_mu(dec!(10), "亩"), [] as [String; 0]);
            assert_eq!(of_ten_mu(dec!(6666.66), "平方米"), [] as [String; 0]);
            assert_eq!(of_ten_mu(dec!(6666.67), "平方米"), [part]);
            assert_eq!(of_ten_mu(dec!(0), "平方米"), [] as [String; 0]);
        }
        let offices = |value| found(&[("floor_area", dec!(100), "平方米"), ("office_floor_area", value, "平方米")]);
        assert_eq!((offices(dec!(100)).len(), offices(dec!(100.01)).len()), (0, 1));
        let research = |value| found(&[("annual_revenue", dec!(1), "万元"), ("annual_rd", value, "元")]);
        assert_eq!((research(dec!(10000)).len(), research(dec!(10000.01)).len()), (0, 1));
    }

    #[test]
    fn what_is_missing_or_no_share_is_left_alone() {
        assert_eq!(found(&[("built_area", dec!(10000), "平方米")]), [] as [String; 0]);
        let dense = [("site_area", dec!(1000), "平方米"), ("counted_floor_area", dec!(5000), "平方米")];
        assert_eq!(found(&dense), [] as [String; 0], "a floor area ratio is no share");
    }

    #[test]
    fn the_message_never_rounds_to_the_whole() {
        let ratio = |value| Ratio::from(value);
        assert!(message("绿地率", &ratio(dec!(1000.00001)), &ratio(dec!(1000))).contains("100.01%"));
        assert!(message("绿地率", &ratio(dec!(1)), &ratio(dec!(0))).contains("超过100%"));
    }
}
