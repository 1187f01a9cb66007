//! What is ordered of a run, and the scheme that is meant by it.

use serde::{Deserialize, Serialize};

use crate::policy::scheme::Schemes;
use crate::scoring::Scheme;
use crate::scoring::scheme::Category;

/// What is to be computed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = EvaluationOrder)]
pub struct Order {
    pub year: i32,
    pub category: Category,
    /// A scheme by its id, instead of the one in force.
    #[serde(default)]
    pub scheme: Option<String>,
    /// Shown, and binds nobody.
    #[serde(default)]
    pub trial: bool,
}

/// The scheme that is meant.
pub fn find_scheme<'a>(schemes: &'a Schemes, order: &Order) -> Option<&'a Scheme> {
    let named = order.scheme.as_deref().unwrap_or(order.category.code());
    schemes.meant(named, order.year).map(|(_, found)| found).filter(|found| found.category == order.category)
}

pub fn no_scheme(order: &Order) -> String {
    format!("没有适用于{}年{}的评价方案", order.year, order.category.label())
}
