//! What is asked by a form: a row an indicator, the quotas, and whatever else the form has. Only what differs from the scheme is a
//! change.

use rust_decimal::Decimal;

use super::{Cap, GradeChange, IndicatorChange, WhatIf};
use crate::exchange::{Fault, FaultCode};
use crate::policy::scheme::lets_base_be_typed;
use crate::scoring::scheme::{Family, Indicator, Mean, Missing, Population, Scheme, Standard};
use crate::web::form::{Reader, Sent};
use crate::web::serde_words;

/// Names of the fields of an indicator.
#[derive(Clone, Debug)]
pub struct Row {
    pub title: String,
    pub unit: String,
    pub weight: String,
    /// Where a base may be typed.
    pub base: Option<String>,
    /// Where an item has a cap.
    pub cap: Option<String>,
    pub missing: String,
    /// Code and words of what may stand in.
    pub stand_ins: Vec<(String, String)>,
}

/// The fields of a scheme, an indicator a row.
pub fn rows(scheme: &Scheme) -> Vec<Row> {
    let row = |indicator: &Indicator| {
        let of = |what: &str| format!("{what}.{}", indicator.indicator);
        let typed = matches!(indicator.standard(), Some(Standard::Fixed(_))) || lets_base_be_typed(scheme.category);
        Row {
            title: indicator.title.clone(),
            unit: indicator.unit.clone(),
            weight: of("weight"),
            base: (typed && indicator.standard().is_some()).then(|| of("base")),
            cap: matches!(indicator.family, Family::ToBase { .. }).then(|| of("cap")),
            missing: of("missing"),
            stand_ins: stand_ins(&indicator.missing),
        }
    };
    scheme.indicators.iter().map(row).collect()
}

/// Grades with a quota, and the names of their fields.
pub fn quotas(scheme: &Scheme) -> Vec<(String, String)> {
    let of = scheme.grades.iter().filter_map(|band| Some((band, band.quota.as_ref()?)));
    let label = |quota: &crate::scoring::scheme::Quota, grade: &str| {
        let cumulative = if quota.cumulative { "，累计" } else { "" };
        format!("{grade}档（{}{}{cumulative}，%）", quota.side, quota.operator)
    };
    of.map(|(band, quota)| (label(quota, &band.grade), quota_field(&band.grade))).collect()
}

fn quota_field(grade: &str) -> String {
    format!("quota.{grade}")
}

fn stand_ins(own: &Missing) -> Vec<(String, String)> {
    let mut all: Vec<(String, String)> = [
        (Missing::Zero, "记0分"),
        (Missing::Weight, "记满权重分"),
        (Missing::PeerAverage, "记同组平均分"),
        (Missing::NotScored, "不计分"),
    ]
    .into_iter()
    .map(|(missing, words)| (missing.code().to_owned(), words.to_owned()))
    .collect();
    if let Missing::Minus(points) = own {
        all.push((own.code().to_owned(), format!("扣{}分", points.normalize())));
    }
    all
}

fn plain(value: Decimal) -> String {
    value.normalize().to_string()
}

/// The form as the scheme stands.
pub fn sent_of(scheme: &Scheme) -> Sent {
    let mut sent = Sent::default();
    for (row, indicator) in rows(scheme).iter().zip(&scheme.indicators) {
        sent = sent.with(&row.weight, plain(indicator.weight)).with(&row.missing, indicator.missing.code());
        if let (Some(field), Some(Standard::Fixed(base))) = (&row.base, indicator.standard()) {
            sent = sent.with(field, plain(*base));
        }
        if let (Some(field), Family::ToBase { cap: Some(cap), .. }) = (&row.cap, &indicator.family) {
            sent = sent.with(field, plain(*cap));
        }
    }
    for band in &scheme.grades {
        if let Some(quota) = &band.quota {
            sent = sent.with(&quota_field(&band.grade), plain(quota.percent));
        }
    }
    if scheme.veto.fill_up {
        sent = sent.with("fill_up", "1");
    }
    let land = scheme.population.land_at_least_mu.map(plain).unwrap_or_default();
    let size = scheme.population.size.clone().unwrap_or_default();
    sent.with("land_at_least_mu", land).with("size", size)
}

/// # Errors
/// Every field that cannot be read.
pub fn read(sent: &Sent, scheme: &Scheme) -> Result<WhatIf, Vec<Fault>> {
    let mut reader = Reader::default();
    let rows = rows(scheme);
    let each = rows.iter().zip(&scheme.indicators);
    let indicators: Vec<IndicatorChange> =
        each.filter_map(|(row, own)| indicator(&mut reader, sent, row, own)).collect();
    let grades = scheme.grades.iter().filter_map(|band| {
        let (own, field) = (band.quota.as_ref()?.percent, quota_field(&band.grade));
        let percent = reader.needs_number(sent.field(&field, "比例"))?;
        (percent != own).then(|| GradeChange { grade: band.grade.clone(), percent })
    });
    let grades: Vec<GradeChange> = grades.collect();
    let fill_up = !sent.text("fill_up").is_empty();
    let what_if = WhatIf {
        scheme: whole(&mut reader, sent),
        indicators,
        grades,
        fill_up: (fill_up != scheme.veto.fill_up).then_some(fill_up),
        mean: reader.may::<Mean>(sent.field("mean", "平均值"), "表中所列的算法"),
        population: population(&mut reader, sent, &scheme.population),
        as_on_record: !sent.text("as_on_record").is_empty(),
    };
    let read = reader.finish(Some(what_if))?;
    if read == WhatIf::default() {
        return Err(vec![Fault::error(FaultCode::BadRequest, "没有改动任何一项，请先改动再推演")]);
    }
    Ok(read)
}

fn indicator(reader: &mut Reader, sent: &Sent, row: &Row, own: &Indicator) -> Option<IndicatorChange> {
    let mut change = IndicatorChange { indicator: own.indicator.clone(), ..IndicatorChange::default() };
    let unchanged = change.clone();
    let weight_label = format!("{}的权重", row.title);
    change.weight = reader.needs_number(sent.field(&row.weight, &weight_label)).filter(|weight| *weight != own.weight);
    if let Some(field) = &row.base {
        let label = format!("{}的基准值", row.title);
        let typed = reader.positive(sent.field(field, &label));
        change.base = typed.filter(|base| own.standard() != Some(&Standard::Fixed(*base)));
    }
    if let (Some(field), Family::ToBase { cap, .. }) = (&row.cap, &own.family) {
        let label = format!("{}的封顶倍数", row.title);
        let field = sent.field(field, &label);
        let (empty, typed) = (field.is_empty(), reader.positive(field));
        if typed != *cap && (empty || typed.is_some()) {
            change.cap = Some(typed.map_or(Cap::None, Cap::Times));
        }
    }
    let wanted = sent.text(&row.missing);
    change.missing = stand_in(wanted).filter(|wanted| *wanted != own.missing);
    (change != unchanged).then_some(change)
}

fn stand_in(code: &str) -> Option<Missing> {
    let all = [Missing::Zero, Missing::Weight, Missing::PeerAverage, Missing::NotScored];
    all.into_iter().find(|missing| missing.code() == code)
}

fn population(reader: &mut Reader, sent: &Sent, own: &Population) -> Option<Population> {
    let land = reader.positive(sent.field("land_at_least_mu", "用地起点"));
    let size = match sent.text("size") {
        "" => None,
        code => Some(code.to_owned()),
    };
    let wanted = Population { land_at_least_mu: land, size, ..own.clone() };
    (wanted != *own).then_some(wanted)
}

fn whole(reader: &mut Reader, sent: &Sent) -> Option<Scheme> {
    let field = sent.field("scheme_json", "整份方案");
    let read = serde_json::from_str(field.given()?);
    read.map_err(|error| {
        let said = serde_words::in_chinese(&error.to_string());
        reader.push(field.fault(FaultCode::ValueUnreadable, format!("整份方案无法读取：{said}")));
    })
    .ok()
}

#[cfg(test)]
mod tests {
    use rust_decimal_macros::dec;

    use super::*;
    use crate::evaluation::samples::scheme;

    fn changed(name: &str, text: &str) -> Sent {
        let fields = sent_of(&scheme()).fields().to_vec();
        let kept = fields.into_iter().filter(|(field, _)| field != name);
        kept.fold(Sent::default(), |sent, (field, text)| sent.with(&field, text)).with(name, text)
    }

    #[test]
    fn a_form_that_was_not_touched_asks_nothing() {
        let faults = read(&sent_of(&scheme()), &scheme()).unwrap_err();
        assert_eq!(faults.len(), 1);
        assert!(faults[0].message.contains("没有改动"));
    }

    #[test]
    fn each_field_is_a_change_of_its_own() {
        let one = |name: &str, text: &str| read(&changed(name, text), &scheme()).unwrap();
        let weight = one("weight.tax_per_mu", "35.0");
        assert_eq!(weight.indicators.len(), 1);
        assert_eq!(weight.indicators[0].weight, Some(dec!(35)));
        assert_eq!(one("cap.tax_per_mu", "").indicators[0].cap, Some(Cap::None));
        assert_eq!(one("cap.tax_per_mu", "2").indicators[0].cap, Some(Cap::Times(dec!(2))));
        assert_eq!(one("missing.tax_per_mu", "weight").indicators[0].missing, Some(Missing::Weight));
        assert_eq!(one("quota.A", "10").grades, [GradeChange { grade: "A".into(), percent: dec!(10) }]);
        assert_eq!(one("fill_up", "").fill_up, Some(false));
        assert_eq!(one("mean", "mean_of_yearly_ratios").mean, Some(Mean::YearlyRatios));
        assert_eq!(one("land_at_least_mu", "5").population.unwrap().land_at_least_mu, Some(dec!(5)));
        assert_eq!(one("size", "").population.unwrap().size, None);
        assert!(one("as_on_record", "1").as_on_record);
    }

    #[test]
    fn a_base_is_typed_only_where_the_law_lets_it() {
        assert!(rows(&scheme()).iter().all(|row| row.base.is_none()));
        let mut own = scheme();
        own.category = crate::scoring::scheme::Category::HighTech;
        assert!(rows(&own).iter().all(|row| row.base.is_some()));
    }

    #[test]
    fn everything_wrong_is_told_at_once_and_at_its_field() {
        let sent = changed("weight.tax_per_mu", "许多").with("mean", "guess").with("scheme_json", "{}");
        let faults = read(&sent, &scheme()).unwrap_err();
        let places: Vec<&str> = faults.iter().map(|fault| fault.place.as_str()).collect();
        assert_eq!(places, ["weight.tax_per_mu", "scheme_json", "mean"]);
    }

    #[test]
    fn a_whole_scheme_stands_in_the_place_of_the_runs() {
        let mut other = scheme();
        other.rounding = Some(2);
        let sent = sent_of(&scheme()).with("scheme_json", serde_json::to_string(&other).unwrap());
        let read = read(&sent, &scheme()).unwrap();
        assert_eq!(read, WhatIf { scheme: Some(other), ..WhatIf::default() });
    }
}
