//! What does not hold together within one version of the terms.

use chrono::{Datelike, NaiveDate};
use rust_decimal::Decimal;
use rust_decimal_macros::dec;

use crate::base::bounds::{LAND, MONEY};
use crate::base::code::{ParcelCode, Uscc, UsccError};
use crate::base::unit::Yuan;
use crate::contract::fault::{Fault, FaultCode, Place, error, warning};
use crate::contract::known::TermsVersion;
use crate::contract::terms::{ContractKind, Terms};
use crate::policy::indicator::Indicators;
use crate::policy::quantity::QuantityError;

/// From here on a daily rate in ‰ is probably a percentage: 10‰ is 1 % a day.
const DOUBTFUL_FROM: Decimal = dec!(10);
/// Up to here it is probably a share: 0.001 for 1‰, 0.01 for 1 %.
const DOUBTFUL_TO: Decimal = dec!(0.01);

pub fn check(version: &TermsVersion) -> Vec<Fault> {
    let place = Place::Terms(version.id);
    let terms = &version.terms;
    let mut faults = Vec::new();
    faults.extend(codes(terms, place));
    faults.extend(instalments(terms, place));
    faults.extend(dates(terms, version.signed_on, place));
    faults.extend(rates(terms, place));
    faults.extend(lengths(terms, place));
    faults.extend(commitments(terms, place));
    faults
}

/// A promise has to be one that can be held against what is measured: of a known indicator, in a unit that measures it.
fn commitments(terms: &Terms, place: Place) -> Vec<Fault> {
    let mut faults = Vec::new();
    for (index, promise) in terms.commitments.iter().enumerate() {
        let name = &promise.indicator;
        let known = Indicators::built_in().promised_name(name) == Some(name);
        let unknown = || QuantityError::Indicator(name.clone());
        let readable = known.then_some(()).ok_or_else(unknown);
        if let Err(reason) = readable.and_then(|()| Indicators::built_in().reading(name, &promise.unit)) {
            let code = match reason {
                QuantityError::Indicator(_) => FaultCode::IndicatorUnknown,
                QuantityError::Unit { .. } | QuantityError::Zero(_) => FaultCode::UnitUnknown,
            };
            faults.push(error(code, place, format!("承诺指标：{reason}；请改正后登记")));
        }
        if terms.commitments[..index].iter().any(|other| other.indicator == promise.indicator) {
            let label = Indicators::built_in().promised_label(&promise.indicator);
            let message = format!("承诺指标“{label}”列了两次；一项指标只承诺一个区间");
            faults.push(error(FaultCode::DuplicateRecord, place, message));
        }
    }
    faults
}

fn codes(terms: &Terms, place: Place) -> Vec<Fault> {
    let mut faults = Vec::new();
    for (index, code) in terms.parcels.iter().enumerate() {
        if code.parse::<ParcelCode>().is_err() {
            let message = format!("宗地代码“{code}”不是19位宗地代码");
            faults.push(error(FaultCode::ParcelCodeInvalid, place, message));
        } else if terms.parcels[..index].contains(code) {
            faults.push(error(FaultCode::ParcelTwice, place, format!("宗地 {code} 列了两次")));
        }
    }
    if terms.parcels.is_empty() {
        faults.push(error(FaultCode::ParcelCodeInvalid, place, "合同没有宗地"));
    }
    match terms.grantee.parse::<Uscc>() {
        Ok(code) if code.as_str() == terms.grantee => {}
        Err(UsccError::CheckDigit { code, .. }) if code == terms.grantee => {
            let message = format!("受让人信用代码 {} 的校验位不符，请核对", terms.grantee);
            faults.push(warning(FaultCode::GranteeDoubtful, place, message));
        }
        _ => {
            let message = format!("受让人信用代码“{}”无效", terms.grantee);
            faults.push(error(FaultCode::GranteeInvalid, place, message));
        }
    }
    faults
}

fn instalments(terms: &Terms, place: Place) -> Vec<Fault> {
    let mut faults = Vec::new();
    if terms.instalments.iter().any(|part| part.amount <= Yuan::ZERO) {
        faults.push(error(FaultCode::InstalmentAmount, place, "每期价款都应大于零"));
    }
    let amounts = terms.instalments.iter().map(|part| part.amount).chain([terms.price]).chain(terms.planned_investment);
    if let Some(amount) = amounts.into_iter().find(|amount| !MONEY.hold(amount.0)) {
        faults.push(error(
            FaultCode::FigureOutOfRange,
            place,
            format!("金额 {amount}元 超出可信范围，应{}，请核对数值和单位", MONEY.wording()),
        ));
        return faults;
    }
    if !LAND.hold(terms.granted_area.0) {
        let message = format!("出让面积 {} 亩超出可信范围，应{}，请核对数值和单位", terms.granted_area, LAND.wording());
        faults.push(error(FaultCode::FigureOutOfRange, place, message));
    }
    if terms.price <= Yuan::ZERO || terms.granted_area.0 <= Decimal::ZERO {
        faults.push(error(FaultCode::FigureOutOfRange, place, "总价和出让面积都应大于零"));
    }
    let sum: Yuan = terms.instalments.iter().map(|part| part.amount).sum();
    if sum != terms.price {
        let message = format!("分期价款之和 {sum}元 与总价 {}元 相差 {}元", terms.price, terms.price - sum);
        faults.push(error(FaultCode::InstalmentsSum, place, message));
    }
    faults
}

fn dates(terms: &Terms, signed_on: NaiveDate, place: Place) -> Vec<Fault> {
    let agreed = [
        ("交地", terms.hand_over_on),
        ("开工", terms.start_on),
        ("竣工", terms.completion_on),
        ("投产", terms.production_on),
        ("达产复核", terms.output_review_on),
    ];
    let agreed: Vec<(&str, NaiveDate)> = agreed.into_iter().filter_map(|(name, day)| Some((name, day?))).collect();
    let mut faults = Vec::new();
    for pair in agreed.windows(2) {
        let [(earlier, before), (later, after)] = pair else { continue };
        if after < before {
            let message = format!("约定{later}日期 {after} 早于约定{earlier}日期 {before}");
            faults.push(error(FaultCode::DatesOrder, place, message));
        }
    }
    let parts = terms.instalments.iter().map(|part| ("缴款", part.due));
    if let Some((name, day)) = agreed.into_iter().chain(parts).find(|(_, day)| *day < signed_on) {
        let message = format!("约定{name}日期 {day} 早于签订日 {signed_on}，请核对");
        faults.push(warning(FaultCode::DateBeforeContract, place, message));
    }
    if let Some(day) = terms.term_from.filter(|day| (day.month(), day.day()) == (2, 29)) {
        let message = format!("使用年期自 {day} 起算：届满年份没有2月29日的，以2月28日为届满日（不含）");
        faults.push(warning(FaultCode::LeapDay, place, message));
    }
    faults
}

fn rates(terms: &Terms, place: Place) -> Vec<Fault> {
    let rates = &terms.rates;
    let stated = [
        ("逾期缴款", rates.late_payment),
        ("逾期开工", rates.late_start),
        ("逾期竣工", rates.late_completion),
        ("逾期投产", rates.late_production),
        ("逾期交地", rates.late_hand_over),
    ];
    let doubtful = |(name, rate): (&str, Option<Decimal>)| {
        let rate = rate.filter(|rate| *rate >= DOUBTFUL_FROM || (*rate > Decimal::ZERO && *rate <= DOUBTFUL_TO))?;
        let percent = (rate / dec!(10)).normalize();
        let message = format!("{name}违约金每日 {rate}‰，即每日 {percent}%；请核对合同写的是‰还是%");
        Some(warning(FaultCode::RateDoubtful, place, message))
    };
    let mut faults: Vec<Fault> = stated.into_iter().filter_map(doubtful).collect();
    let negative = |rate: Option<Decimal>| rate.is_some_and(|rate| rate < Decimal::ZERO);
    if let Some((name, _)) = stated.into_iter().find(|(_, rate)| negative(*rate)) {
        faults.push(error(FaultCode::RateInvalid, place, format!("{name}违约金比例是负数")));
    }
    if rates.cap_percent.is_some_and(|percent| percent <= Decimal::ZERO) {
        faults.push(error(FaultCode::RateInvalid, place, "违约金上限应大于零"));
    }
    faults
}

fn lengths(terms: &Terms, place: Place) -> Vec<Fault> {
    let mut faults = Vec::new();
    if !(1..=70).contains(&terms.term_years) {
        let message = format!("使用年期{}年不在1至70年之间", terms.term_years);
        faults.push(error(FaultCode::TermYears, place, message));
    }
    let Some((construction, production)) = terms.construction_months.zip(terms.production_months) else {
        if terms.kind == ContractKind::Staged {
            faults.push(error(FaultCode::StageLengths, place, "分阶段年期出让合同应载明建设期和投产期的长度"));
        }
        return faults;
    };
    let (stages, whole) = (u32::from(construction) + u32::from(production), u32::from(terms.term_years) * 12);
    if construction == 0 || production == 0 {
        faults.push(error(FaultCode::StageLengths, place, "建设期和投产期的长度应大于零"));
    }
    if stages >= whole {
        let message =
            format!("建设期{construction}个月与投产期{production}个月之和不少于使用年期{whole}个月，没有剩余年限");
        faults.push(error(FaultCode::StageLengths, place, message));
    }
    faults
}
