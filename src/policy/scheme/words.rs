//! A scheme in words, for pages.

use rust_decimal::Decimal;

use super::fact::YearFact;
use crate::base::text::Seen;
use crate::codelist::Industry;
use crate::scoring::scheme::{
    Bonus, Family, FixedGrade, GradeBand, Indicator, Merge, Missing, Points, Population, Quotient, Scheme, Standard,
    Term,
};

/// One indicator, a cell each.
pub struct IndicatorInWords {
    pub title: String,
    pub name: String,
    pub unit: String,
    /// What is divided by what.
    pub formula: String,
    pub weight: String,
    pub direction: &'static str,
    /// How a value becomes points, with base and cap.
    pub family: String,
    pub base: String,
    pub missing: String,
    pub negative: &'static str,
    /// Rows of a table of points.
    pub table: Vec<String>,
}

/// The whole scheme, line by line.
pub struct SchemeInWords {
    pub population: Vec<String>,
    pub groups: Vec<String>,
    pub indicators: Vec<IndicatorInWords>,
    pub weight_sum: String,
    pub total: Vec<String>,
    pub grades: Vec<String>,
    pub veto: String,
    pub steps: String,
}

impl SchemeInWords {
    pub fn of(scheme: &Scheme) -> Self {
        let sum: Decimal = scheme.indicators.iter().map(|indicator| indicator.weight).sum();
        let steps: Vec<&str> = scheme.steps.iter().map(|step| step.label()).collect();
        SchemeInWords {
            population: population(&scheme.population),
            groups: groups(scheme),
            indicators: scheme.indicators.iter().map(indicator).collect(),
            weight_sum: number(sum),
            total: total(scheme),
            grades: scheme.grades.iter().map(grade).collect(),
            veto: veto(scheme),
            steps: steps.join(" → "),
        }
    }
}

fn number(value: Decimal) -> String {
    value.normalize().to_string()
}

fn industries(codes: &[String]) -> String {
    let named = |code: &String| match Industry::parse("2017", code) {
        Ok(industry) => format!("{code} {}", industry.name),
        Err(_) => code.clone(),
    };
    codes.iter().map(named).collect::<Vec<_>>().join("、")
}

fn population(population: &Population) -> Vec<String> {
    let size = match population.size.as_deref() {
        Some("above") => "规模以上",
        Some("below") => "规模以下",
        _ => "不分规模的",
    };
    let mut lines = vec![format!("对象：{size}{}", population.subject)];
    lines.push(match population.industries.is_empty() {
        true => "行业：各行业".to_owned(),
        false => format!("行业（GB/T 4754-2017）：{}", industries(&population.industries)),
    });
    if !population.except.is_empty() {
        lines.push(format!("不含：{}", industries(&population.except)));
    }
    lines.extend(population.list.iter().map(|list| format!("限于名单：{list}")));
    lines.extend(population.land_at_least_mu.iter().map(|land| format!("用地{}亩（含）以上", number(*land))));
    lines.push(format!("没有用地的企业：{}", population.tenants));
    match population.merge {
        Merge::None => {}
        Merge::Parcel => lines.push(format!("同一宗地上的多家企业：{}", population.merge)),
        Merge::Group => lines.push(format!("同一集团的多家企业：{}", population.merge)),
    }
    lines.extend(population.fixed.iter().map(fixed));
    lines
}

fn fixed(fixed: &FixedGrade) -> String {
    let list = fixed.list.iter().map(|list| format!("名单“{list}”中的"));
    let level = fixed.level_at_least.iter().map(|least| format!("{least}星（级）以上的"));
    let whom: String = list.chain(level).collect();
    format!("{whom}直接定为{}档，不参与排名，不占比例", fixed.grade)
}

fn groups(scheme: &Scheme) -> Vec<String> {
    let own = scheme.ranking.groups.iter().map(|group| format!("{}：{}", group.name, industries(&group.industries)));
    let others = match scheme.ranking.groups.is_empty() {
        true => format!("{}（不分组，一起排名）", scheme.ranking.others),
        false => format!("{}：其余", scheme.ranking.others),
    };
    own.chain([others]).collect()
}

fn term(term: &Term) -> String {
    let name = match YearFact::of_code(&term.fact) {
        Some(fact) => format!("{}（{}）", fact.label().split('（').next().unwrap_or_default(), fact.unit()),
        None => term.fact.clone(),
    };
    if term.factor == Decimal::ONE { name } else { format!("{name}×{}", number(term.factor)) }
}

fn formula(quotient: &Quotient) -> String {
    let side = |terms: &[Term]| terms.iter().map(term).collect::<Vec<_>>().join(" + ");
    format!("{} ÷ {}", side(&quotient.numerator), side(&quotient.denominator))
}

fn indicator(indicator: &Indicator) -> IndicatorInWords {
    IndicatorInWords {
        title: indicator.title.clone(),
        name: indicator.indicator.clone(),
        unit: indicator.unit.clone(),
        formula: formula(&indicator.value),
        weight: number(indicator.weight),
        direction: indicator.direction.label(),
        family: family(&indicator.family),
        base: indicator.standard().map_or_else(|| "不用基准值".to_owned(), base),
        missing: missing(&indicator.missing),
        negative: indicator.negative.label(),
        table: match &indicator.family {
            Family::Steps { table, .. } => table.iter().map(row).collect(),
            _ => Vec::new(),
        },
    }
}

fn base(standard: &Standard) -> String {
    match standard {
        Standard::Fixed(base) => format!("{}（直接填写）", number(*base)),
        Standard::Benchmark { mean, factor, years, revised_for } => format!(
            "近{years}年平均值（{mean}）的{}倍，每{years}年调整一次（{revised_for}、{}……年度）",
            number(*factor),
            revised_for.saturating_add(*years)
        ),
    }
}

fn family(family: &Family) -> String {
    match family {
        Family::ToBase { cap, .. } => {
            let cap = cap.map_or("不封顶".to_owned(), |cap| format!("至多为权重的{}倍", number(cap)));
            format!("与基准值之比×权重，{cap}，至少0分")
        }
        Family::MinMax => "极值法：权重×[20+80×(指标值－最小)÷(最大－最小)]÷100".to_owned(),
        Family::Rank => "名次法：权重×(家数－名次+1)÷家数".to_owned(),
        Family::TwoStage { second, second_direction } => {
            format!("两段名次：前一半按 {}（{second_direction}）再排", formula(second))
        }
        Family::Steps { of, .. } => format!("按{of}分段计分"),
    }
}

fn row(row: &Points) -> String {
    let lower = row.from.map(|end| format!("{}{}", if row.above { ">" } else { "≥" }, number(end)));
    let upper = row.to.map(|end| format!("{}{}", if row.through { "≤" } else { "<" }, number(end)));
    let ends: Vec<String> = lower.into_iter().chain(upper).collect();
    let range = if ends.is_empty() { "任何值".to_owned() } else { ends.join(" 且 ") };
    format!("{range}：{}分", number(row.points))
}

fn missing(missing: &Missing) -> String {
    match missing {
        Missing::Zero => "记0分".to_owned(),
        Missing::Weight => "记满权重分".to_owned(),
        Missing::PeerAverage => "记同组平均分".to_owned(),
        Missing::Minus(points) => format!("扣{}分", number(*points)),
        Missing::NotScored => "不计分，权重不另分配".to_owned(),
    }
}

fn total(scheme: &Scheme) -> Vec<String> {
    let mut lines = vec![format!("各项得分之和×调整系数（{}）＋加分－减分", number(scheme.coefficient))];
    let item = |kind: &str, item: &Bonus| {
        let cap = item.cap.map_or(String::new(), |cap| format!("，至多{}分", number(cap)));
        let evidence = if item.evidence.is_blank() { String::new() } else { format!("；凭{}", item.evidence) };
        format!("{kind}：{}，每次{}分{cap}{evidence}", item.title, number(item.points))
    };
    lines.extend(scheme.bonus.iter().map(|it| item("加分", it)));
    lines.extend(scheme.bonus_cap.iter().map(|cap| format!("加分合计至多{}分", number(*cap))));
    lines.extend(scheme.deduction.iter().map(|it| item("减分", it)));
    lines.extend(scheme.deduction_cap.iter().map(|cap| format!("减分合计至多{}分", number(*cap))));
    lines.push(match scheme.rounding {
        Some(places) => format!("得分四舍五入到{places}位小数后排名"),
        None => "得分不舍入，按精确值排名".to_owned(),
    });
    lines
}

fn grade(band: &GradeBand) -> String {
    let Some(quota) = &band.quota else { return format!("{}档：其余", band.grade) };
    let cumulative = if quota.cumulative { "，累计" } else { "" };
    let tie = match quota.operator {
        crate::scoring::scheme::Operator::AtMost => "取整舍去；末位同分的一并不列入",
        crate::scoring::scheme::Operator::AtLeast => "取整进一；末位同分的一并列入",
    };
    format!("{}档：{}{}参评数的{}%{cumulative}（{tie}）", band.grade, quota.side, quota.operator, number(quota.percent))
}

fn veto(scheme: &Scheme) -> String {
    let places = if scheme.veto.fill_up { "空出的名额依次递补" } else { "空出的名额不递补" };
    format!("被一票否决的不得列入{}档，改列{}档；{places}", scheme.veto.bars.join("、"), scheme.veto.becomes)
}
