//! What a breach costs, in yuan, with the arithmetic written out. Exact until the last step; rounded to the fen (0.01 元).

use rust_decimal::{Decimal, RoundingStrategy};
use rust_decimal_macros::dec;

use crate::base::ratio::Ratio;
use crate::base::unit::{Yuan, grouped};
use crate::policy::quantity::behind_figure;

/// An amount owed, or the reason why there is none, with how it was worked out.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Consequence {
    /// `None`: nothing is agreed, or the figures are too large to be worked out.
    pub yuan: Option<Yuan>,
    /// Empty when there is nothing to work out.
    pub arithmetic: String,
}

/// Days over which base and rate were the same.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Slice {
    pub base: Yuan,
    /// ‰ a day.
    pub permille: Decimal,
    pub days: i64,
}

const TOO_LARGE: &str = "数值超出可核算范围";
/// Decimals of an amount before it is rounded to the fen.
const MORE_THAN_FEN: u32 = 8;

/// Σ base × ‰ × days, at most the cap.
pub fn daily(slices: &[Slice], price: Yuan, cap_percent: Option<Decimal>) -> Consequence {
    if slices.is_empty() {
        return nothing(String::new());
    }
    let Some(total) = slices.iter().try_fold(Decimal::ZERO, |sum, slice| sum.checked_add(slice.amount()?)) else {
        return too_large();
    };
    let parts: Vec<String> = slices.iter().map(Slice::wording).collect();
    let sum = format!("{} = {}元", parts.join(" + "), money(total));
    capped(total, sum, price, cap_percent)
}

fn capped(total: Decimal, sum: String, price: Yuan, cap_percent: Option<Decimal>) -> Consequence {
    let Some(percent) = cap_percent else { return owed(total, sum) };
    let Some(cap) = price.0.checked_mul(percent).map(|product| product / dec!(100)) else { return too_large() };
    if total <= cap {
        return owed(total, sum);
    }
    let arithmetic = format!("{sum}；以总价{}元 × {}% = {}元为限", plain(price.0), percent.normalize(), money(cap));
    owed(cap, arithmetic)
}

/// Price × (promised − reached) ÷ promised, both in `unit`; nothing when what was promised was reached.
pub fn shortfall(price: Yuan, promised: &Ratio, reached: &Ratio, unit: &str, cap: Option<Decimal>) -> Consequence {
    if reached >= promised || promised.is_zero() || promised.is_negative() {
        return nothing(String::new());
    }
    let share = (promised.clone() - reached.clone()).over(promised);
    let Some(amount) = share.and_then(|share| (share * price.0).rounded(MORE_THAN_FEN)) else {
        return too_large();
    };
    let unit = behind_figure(unit);
    let sum =
        format!("{}元 × ({promised}{unit} − {reached}{unit}) ÷ {promised}{unit} = {}元", plain(price.0), money(amount));
    capped(amount, sum, price, cap)
}

/// A percentage of the price: the idle-land fee.
pub fn share_of_price(price: Yuan, percent: Decimal) -> Consequence {
    let Some(amount) = price.0.checked_mul(percent).map(|product| product / dec!(100)) else { return too_large() };
    let arithmetic = format!("{}元 × {}% = {}元", plain(price.0), percent.normalize(), money(amount));
    owed(amount, arithmetic)
}

/// No money is owed.
pub fn nothing(arithmetic: String) -> Consequence {
    Consequence { yuan: Some(Yuan(Decimal::new(0, 2))), arithmetic }
}

/// No amount follows, and why.
pub fn unknown(arithmetic: String) -> Consequence {
    Consequence { yuan: None, arithmetic }
}

/// Nothing is agreed for this breach.
pub fn not_agreed() -> Consequence {
    Consequence { yuan: None, arithmetic: "合同未约定违约金比例".to_owned() }
}

fn owed(amount: Decimal, arithmetic: String) -> Consequence {
    Consequence { yuan: Some(Yuan(to_fen(amount))), arithmetic }
}

fn too_large() -> Consequence {
    Consequence { yuan: None, arithmetic: TOO_LARGE.to_owned() }
}

fn to_fen(amount: Decimal) -> Decimal {
    let mut rounded = amount.round_dp_with_strategy(2, RoundingStrategy::MidpointAwayFromZero);
    rounded.rescale(2);
    rounded
}

fn money(amount: Decimal) -> String {
    grouped(amount, 2)
}

/// All its digits, no more.
fn plain(amount: Decimal) -> String {
    let amount = amount.normalize();
    grouped(amount, amount.scale())
}

impl Consequence {
    /// The figures are too large to be worked out.
    pub fn is_too_large(&self) -> bool {
        self.arithmetic.starts_with(TOO_LARGE)
    }
}

impl Slice {
    fn amount(&self) -> Option<Decimal> {
        let daily = self.base.0.checked_mul(self.permille)? / dec!(1000);
        daily.checked_mul(self.days.into())
    }

    fn wording(&self) -> String {
        format!("{}元 × {}‰ × {}日", plain(self.base.0), self.permille.normalize(), self.days)
    }
}

/// Adds days to a list of slices; joins them to the last when base and rate are the same.
pub fn add(slices: &mut Vec<Slice>, slice: Slice) {
    if slice.days <= 0 || slice.base <= Yuan::ZERO || slice.permille.is_zero() {
        return;
    }
    match slices.last_mut() {
        Some(last) if last.base == slice.base && last.permille == slice.permille => last.days += slice.days,
        _ => slices.push(slice),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn wan(text: &str) -> Yuan {
        Yuan::from_wan(text.parse().unwrap())
    }

    #[test]
    fn a_late_payment_of_thirty_days() {
        let slice = Slice { base: wan("14242"), permille: dec!(1), days: 30 };
        let owed = daily(&[slice], wan("14242"), None);
        assert_eq!(owed.yuan, Some(wan("427.26")));
        assert_eq!(owed.arithmetic, "142,420,000元 × 1‰ × 30日 = 4,272,600.00元");
    }

    #[test]
    fn a_shortfall_costs_its_share_of_the_price() {
        let shortfall = |promised: Decimal, reached: Decimal, unit| {
            shortfall(wan("685"), &promised.into(), &reached.into(), unit, None)
        };
        let owed = shortfall(dec!(357.14), dec!(300), "万元/亩");
        assert_eq!(crate::base::unit::rounded(owed.yuan.unwrap().to_wan(), 2), "109.60");
        assert_eq!(owed.arithmetic, "6,850,000元 × (357.14万元/亩 − 300万元/亩) ÷ 357.14万元/亩 = 1,095,953.97元");
        assert_eq!(shortfall(dec!(300), dec!(300), "").yuan, Some(Yuan::ZERO));
        for unit in ["1", "", " 1 "] {
            let ratio = shortfall(dec!(1.5), dec!(1.2), unit);
            assert_eq!(ratio.yuan, Some(wan("137")), "{unit}");
            assert_eq!(ratio.arithmetic, "6,850,000元 × (1.5 − 1.2) ÷ 1.5 = 1,370,000.00元", "{unit}");
        }
        let percent = shortfall(dec!(150), dec!(120), "%");
        assert_eq!(percent.arithmetic, "6,850,000元 × (150% − 120%) ÷ 150% = 1,370,000.00元");
        assert_eq!(shortfall(dec!(300), dec!(300.01), "").yuan, Some(Yuan::ZERO));
    }

    #[test]
    fn the_idle_land_fee() {
        let owed = share_of_price(wan("685"), dec!(20));
        assert_eq!(owed.yuan, Some(wan("137")));
        assert_eq!(owed.arithmetic, "6,850,000元 × 20% = 1,370,000.00元");
    }

    #[test]
    fn a_cap_holds_and_says_so() {
        let slice = |days| Slice { base: wan("100"), permille: dec!(1), days };
        assert_eq!(daily(&[slice(100)], wan("100"), Some(dec!(10))).yuan, Some(wan("10")), "exactly the cap");
        let over = daily(&[slice(101)], wan("100"), Some(dec!(10)));
        assert_eq!(over.yuan, Some(wan("10")));
        assert!(over.arithmetic.ends_with("以总价1,000,000元 × 10% = 100,000.00元为限"), "{}", over.arithmetic);
    }

    #[test]
    fn figures_out_of_range_are_no_amount() {
        let slice = Slice { base: Yuan(Decimal::MAX), permille: dec!(1000), days: 9 };
        assert_eq!(daily(&[slice], wan("1"), None).yuan, None);
        assert_eq!(shortfall(Yuan(Decimal::MAX), &dec!(2).into(), &dec!(0).into(), "", None).yuan, None);
    }
}
