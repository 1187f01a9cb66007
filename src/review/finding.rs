//! A line of a review before anything is known of it.

use super::{ARTICLE, DOCUMENT, ReviewKind};
use crate::policy::verdict::{Aspect, Finding, Verdict};

pub(super) fn finding(kind: ReviewKind, name: &str, indicator: &str, aspect: Aspect) -> Finding {
    Finding {
        rule: format!("{}/{name}", kind.check()),
        indicator: indicator.to_owned(),
        kind: aspect,
        verdict: Verdict::NotDeterminable,
        required: None,
        actual: None,
        unit: String::new(),
        margin: None,
        document: DOCUMENT.into(),
        article: ARTICLE.into(),
        parameter_period: None,
        missing: Vec::new(),
        remedies: Vec::new(),
        explanation: String::new(),
    }
}
