//! Figures as texts: exact as far as they end, quotients half away from zero to [`SHOWN_PLACES`].

use base::ratio::Ratio;
use base::unit::SHOWN_PLACES;

use crate::layout;
use crate::near::Near;
use crate::subject::Fact;

/// A quotient for the eye and for programs.
pub fn shown(ratio: &Ratio) -> String {
    ratio.shown(SHOWN_PLACES).map_or_else(|| ratio.to_string(), |decimal| decimal.to_string())
}

/// The same of a figure between bounds; where they leave it open, of the exact one.
pub fn told(near: Option<Near>, exact: impl FnOnce() -> Ratio) -> String {
    let rounded = near.and_then(|near| near.rounded(SHOWN_PLACES));
    rounded.map_or_else(|| shown(&exact()), |rounded| rounded.normalize().to_string())
}

/// A fact as it is printed.
pub fn fact(fact: Fact) -> String {
    told(layout::near(fact), || fact.exact())
}
