//! A measure as a person reads it.

use super::{fact, rate_unit};
use crate::entitlement::{BaseYear, Clock, Effect, Gap, Measure, Stacking};

/// Each part in Chinese.
pub struct MeasureInWords {
    pub grades: String,
    pub categories: String,
    /// What it does.
    pub effect: String,
    /// What it is laid on, of which year; none where it comes to no amount.
    pub base: Option<String>,
    /// How its rate moves; none where it has none.
    pub rates: Option<String>,
    pub stacking: String,
    pub conditions: Vec<String>,
    pub exemptions: String,
    pub days: String,
}

impl MeasureInWords {
    pub fn of(measure: &Measure) -> Self {
        let joined = |labels: Vec<&str>| if labels.is_empty() { "无".to_owned() } else { labels.join("、") };
        MeasureInWords {
            grades: measure.grades.join("、"),
            categories: joined(measure.categories.iter().map(|it| it.label()).collect()),
            effect: effect(&measure.effect),
            base: base(measure),
            rates: rates(measure),
            stacking: match &measure.stacking {
                Stacking::Added => "与其他措施叠加".to_owned(),
                Stacking::HighestOnly { group } => format!("同组（{group}）只执行最高的一项，相等的执行较早的"),
            },
            conditions: measure.conditions.iter().map(|it| it.question.clone()).collect(),
            exemptions: joined(measure.exemptions.iter().map(|it| it.label()).collect()),
            days: match measure.to {
                Some(last) => format!("{} 至 {last}（含）", measure.from),
                None => format!("{} 起", measure.from),
            },
        }
    }
}

fn effect(effect: &Effect) -> String {
    match effect {
        Effect::Charge { .. } => "加收：基数 × 标准".to_owned(),
        Effect::Relief { price, .. } => {
            format!("减免：应缴 = 基数 × {} 元 × (100% − 减免比例)", price.normalize())
        }
        Effect::Support => "支持，不计金额".to_owned(),
        Effect::Bar => "不予办理".to_owned(),
    }
}

fn base(measure: &Measure) -> Option<String> {
    let (_, year) = measure.base()?;
    let year = match year {
        BaseYear::Acting => "执行当年",
        BaseYear::Graded => "评价年度",
    };
    fact(measure).map(|fact| format!("{year}的{}（{}）", fact.label(), fact.unit()))
}

fn rates(measure: &Measure) -> Option<String> {
    let unit = rate_unit(measure)?;
    Some(match &measure.clock {
        Clock::Steady { rate } => rate.map(|rate| format!("{rate} {unit}"))?,
        Clock::Calendar { rates } => {
            let each: Vec<String> = rates.iter().map(|(year, rate)| format!("{year}年 {rate}")).collect();
            format!("按自然年度：{} {unit}；未列的年度不执行", each.join("，"))
        }
        Clock::Consecutive { steps, gap } => {
            let each: Vec<String> =
                steps.iter().zip(1..).map(|(rate, year)| format!("连续第{year}年 {rate}")).collect();
            let gap = match gap {
                Gap::Resets => "没有正式结果的年度使计数重新开始",
                Gap::PassedOver => "没有正式结果的年度不计入、不中断",
            };
            format!("{} {unit}，此后按最后一级；{gap}", each.join("，"))
        }
    })
}
