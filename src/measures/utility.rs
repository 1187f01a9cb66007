//! What an account with power, water or gas is, and what the shares of a meter come to.

use chrono::NaiveDate;
use rust_decimal::Decimal;

use crate::base::code::Uscc;
use crate::base::period::Period;
use crate::entitlement::Body;

crate::terms! {
    /// Who keeps accounts.
    #[schema(as = UtilityBody)]
    pub enum Utility {
        Power = "power" => "供电企业",
        Water = "water" => "供水企业",
        Gas = "gas" => "燃气企业",
    }
}

impl Utility {
    pub fn of(body: Body) -> Option<Self> {
        match body {
            Body::Power => Some(Utility::Power),
            Body::Water => Some(Utility::Water),
            Body::Gas => Some(Utility::Gas),
            _ => None,
        }
    }

    pub fn body(self) -> Body {
        match self {
            Utility::Power => Body::Power,
            Utility::Water => Body::Water,
            Utility::Gas => Body::Gas,
        }
    }
}

/// The number of a customer: letters, digits and hyphens.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Customer(String);

impl Customer {
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl std::str::FromStr for Customer {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let sound = text.len() <= 40
            && text.starts_with(|it: char| it.is_ascii_alphanumeric())
            && text.bytes().all(|it| it.is_ascii_alphanumeric() || it == b'-');
        if sound { Ok(Customer(text.to_owned())) } else { Err(format!("“{text}” is no number of a customer")) }
    }
}

/// As it is entered.
#[derive(Clone, Debug)]
pub struct NewAccount {
    pub utility: Utility,
    pub customer: Customer,
    pub uscc: Uscc,
    /// Percent, of a meter that several share.
    pub share: Option<Decimal>,
    pub valid: Period,
    pub document: String,
}

/// An account on a day.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OnDay {
    pub utility: Utility,
    pub customer: String,
    pub share: Option<Decimal>,
}

/// A share of a meter, and when.
#[derive(Clone, Debug)]
pub struct Shared {
    pub share: Decimal,
    pub valid: Period,
}

/// The first day on which shares come to more than the whole; none when they never do.
pub fn too_much(new: &Shared, others: &[Shared]) -> Option<NaiveDate> {
    let starts = others.iter().filter_map(|other| other.valid.from).chain(new.valid.from);
    let mut days: Vec<NaiveDate> = starts.filter(|day| new.valid.contains(*day)).collect();
    days.sort_unstable();
    let on = |day: NaiveDate| {
        let of_others: Decimal = others.iter().filter(|it| it.valid.contains(day)).map(|it| it.share).sum();
        of_others + new.share
    };
    days.into_iter().find(|day| on(*day) > Decimal::ONE_HUNDRED)
}

#[cfg(test)]
mod tests {
    use rust_decimal_macros::dec;

    use super::*;

    fn shared(share: Decimal, from: &str, until: Option<&str>) -> Shared {
        let day = |text: &str| text.parse::<NaiveDate>().unwrap();
        Shared { share, valid: Period { from: Some(day(from)), until: until.map(day) } }
    }

    #[test]
    fn shares_of_a_meter_come_to_the_whole_and_no_more_on_any_day() {
        let others = [shared(dec!(60), "2024-01-01", Some("2024-07-01")), shared(dec!(70), "2024-07-01", None)];
        assert_eq!(too_much(&shared(dec!(40), "2024-01-01", Some("2024-07-01")), &others), None, "one hundred");
        assert_eq!(too_much(&shared(dec!(30), "2024-01-01", None), &others), None);
        let first = too_much(&shared(dec!(40), "2024-01-01", None), &others);
        assert_eq!(first, "2024-07-01".parse().ok(), "the day on which the other grows");
        let small = too_much(&shared(dec!(40.000001), "2024-03-01", Some("2024-04-01")), &others);
        assert_eq!(small, "2024-03-01".parse().ok());
        assert_eq!(too_much(&shared(dec!(99), "2023-01-01", Some("2024-01-01")), &others), None, "before both");
    }

    #[test]
    fn a_number_of_a_customer_is_letters_digits_and_hyphens() {
        for (text, sound) in
            [("3301-0042", true), ("A1", true), ("", false), ("-1", false), ("户1", false), ("1 2", false)]
        {
            assert_eq!(text.parse::<Customer>().is_ok(), sound, "{text}");
        }
    }
}
