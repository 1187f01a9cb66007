//! Since when whom: the years in which the coverage grew, 一(二) of the governing text. Industry goes by its land
//! ([`Coverage`](super::population::Coverage)); the other categories by the year and, at first, by lists.

use crate::scoring::scheme::{Binding, Category, Scheme};

/// Platforms and high-tech enterprises with which the evaluation began in 2018 (确定部分产业平台、高新技术企业).
pub const PILOT: &str = "pilot";
/// 重点产业平台 of 2019.
pub const KEY_PLATFORM: &str = "key_platform";

/// Who of a category is evaluated in a year.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Covered {
    Nobody,
    /// Whoever stands on this dated list.
    Listed(&'static str),
    All,
}

/// 一(二). What the text says of a year holds until it says more.
pub fn covered(category: Category, year: i32) -> Covered {
    match (category, year) {
        (Category::IndustryAbove | Category::IndustryBelow, _) => Covered::All,
        (Category::ServicesAbove, 2018..) => Covered::All,
        (Category::Platform | Category::HighTech, ..2018) => Covered::Nobody,
        (Category::Platform | Category::HighTech, 2018) => Covered::Listed(PILOT),
        (Category::Platform, 2019) => Covered::Listed(KEY_PLATFORM),
        (Category::LowEfficiencyLand, 2019..) => Covered::All,
        (Category::Platform | Category::HighTech, 2019..) => Covered::All,
        (Category::ServicesAbove | Category::LowEfficiencyLand, _) => Covered::Nobody,
    }
}

impl Covered {
    /// Whether one who stands on the lists that `is_on` knows is evaluated.
    pub fn holds(self, is_on: impl Fn(&str) -> bool) -> bool {
        match self {
            Covered::Nobody => false,
            Covered::Listed(list) => is_on(list),
            Covered::All => true,
        }
    }

    /// The list that has to be read.
    pub fn list(self) -> Option<&'static str> {
        match self {
            Covered::Listed(list) => Some(list),
            Covered::Nobody | Covered::All => None,
        }
    }
}

/// Services were explored in 2018 (启动探索): what comes of it binds nobody.
pub fn is_exploration(scheme: &Scheme, year: i32) -> bool {
    scheme.binding == Binding::Trial || (scheme.category == Category::ServicesAbove && year <= 2018)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_year_covers_what_the_text_says_of_it() {
        use Category::*;
        use Covered::*;
        let years = |category| [2017, 2018, 2019, 2020, 2024].map(|year| covered(category, year));
        assert_eq!(years(IndustryAbove), [All; 5], "by land");
        assert_eq!(years(IndustryBelow), [All; 5], "by land");
        assert_eq!(years(ServicesAbove), [Nobody, All, All, All, All]);
        assert_eq!(years(Platform), [Nobody, Listed(PILOT), Listed(KEY_PLATFORM), All, All]);
        assert_eq!(years(HighTech), [Nobody, Listed(PILOT), All, All, All]);
        assert_eq!(years(LowEfficiencyLand), [Nobody, Nobody, All, All, All]);
    }

    #[test]
    fn services_of_2018_bind_nobody() {
        let mut scheme = crate::evaluation::samples::scheme();
        assert!(!is_exploration(&scheme, 2018), "industry was evaluated in 2018");
        scheme.category = Category::ServicesAbove;
        assert!(is_exploration(&scheme, 2018) && !is_exploration(&scheme, 2019));
    }
}
