//! Whether a scheme keeps within the law. Pure: a scheme and the bounds of a year in, what is broken out.

mod coverage;
mod grades;
mod indicators;
mod weights;

use rust_decimal::Decimal;

use super::{Bounds, Breach};
use crate::base::text::Seen;
use crate::exchange::FaultCode;
use crate::scoring::scheme::{Category, Scheme};

/// Everything that is broken, in the order of the articles. Of an example it is as true as of an adopted scheme; who asks
/// decides what follows.
pub fn breaches(scheme: &Scheme, bounds: &Bounds) -> Vec<Breach> {
    let mut broken = coverage::breaches(scheme, bounds);
    broken.extend(indicators::breaches(scheme, bounds));
    broken.extend(weights::breaches(scheme, bounds));
    broken.extend(grades::breaches(scheme, bounds));
    broken
}

fn is_industry(category: Category) -> bool {
    matches!(category, Category::IndustryAbove | Category::IndustryBelow)
}

/// Whether the text itself says by what and against which base the category is evaluated.
fn is_ruled(category: Category) -> bool {
    is_industry(category) || category == Category::ServicesAbove
}

/// Whether a base may be typed: where the text leaves the scheme to a department.
pub fn lets_base_be_typed(category: Category) -> bool {
    !is_ruled(category)
}

/// A document of the leading group stands for what departs from 一般 and 原则上.
fn departs(scheme: &Scheme) -> bool {
    scheme.departure.as_deref().is_some_and(|document| !document.is_blank())
}

/// What is broken, said in one sentence.
struct Broken<'a> {
    code: FaultCode,
    article: &'static str,
    of: Option<&'a str>,
    /// What it is about, in Chinese: 指标“亩均税收”的权重.
    subject: String,
    actual: String,
    required: String,
    /// 一般 or 原则上: a document lifts it.
    may_depart: bool,
}

impl Broken<'_> {
    fn of_scheme(self, scheme: &Scheme) -> Breach {
        let departure = match self.may_depart {
            true => "；经领导小组同意放宽的，须在 departure 中写明文件",
            false => "",
        };
        let message = format!(
            "方案“{}”（{}）：{}为{}，依据{}应{}{departure}。",
            scheme.title, scheme.id, self.subject, self.actual, self.article, self.required
        );
        Breach {
            code: self.code,
            article: self.article,
            scheme: scheme.id.clone(),
            of: self.of.map(str::to_owned),
            actual: self.actual,
            required: self.required,
            message,
        }
    }
}

fn percent(value: Decimal) -> String {
    format!("{}%", value.normalize())
}
