//! The whole of a contract's terms as somebody types them: money in 万元, rates in ‰ a day, lists line by line.

use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use super::grounds::grounds;
use crate::base::unit::Yuan;
use crate::contract::fault::Fault;
use crate::contract::known::{Paper, TermsRole, TermsVersion};
use crate::contract::record::Grounds;
use crate::contract::terms::{Commitment, ContractKind, Instalment, Rates, Terms};
use crate::policy::indicator::Indicators;
use crate::web::form::{Field, Reader, field};
use crate::web::list::given;

/// Every field is text; an empty one states nothing.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct TermsForm {
    pub number: String,
    pub document: String,
    pub signed_on: String,
    pub effective_on: String,
    pub kind: String,
    /// Parcel codes, one a line.
    pub parcels: String,
    /// Square metres, or mu where that is what was agreed.
    pub granted_area: String,
    pub granted_area_mu: String,
    pub grantee: String,
    /// 万元.
    pub price: String,
    /// `2024-03-01 342.5` a line, in 万元.
    pub instalments: String,
    pub hand_over_on: String,
    /// The condition of the hand-over; without it, that of contracts which say nothing.
    pub hand_over_after: String,
    pub start_on: String,
    pub completion_on: String,
    pub production_on: String,
    pub output_review_on: String,
    pub term_years: String,
    pub term_from: String,
    pub construction_months: String,
    pub production_months: String,
    pub day_count: String,
    /// 万元.
    pub planned_investment: String,
    pub late_payment: String,
    pub rescind_after_days: String,
    pub late_start: String,
    pub late_completion: String,
    pub late_production: String,
    pub late_hand_over: String,
    pub cap_percent: String,
    pub investment_shortfall: String,
    pub far_shortfall: String,
    /// `floor_area_ratio [1.5,2.5] 1` a line: indicator, interval, unit.
    pub commitments: String,
    pub admission_case: String,
    /// Why it may stand beside what else holds the land.
    pub beside: String,
    pub reason: String,
    pub source: String,
    pub version: String,
}

impl TermsForm {
    /// What is on record, to be changed.
    pub fn of(number: &str, recorded: &TermsVersion, version: i32) -> Self {
        let terms = &recorded.terms;
        let day = |day: Option<chrono::NaiveDate>| day.map(|day| day.to_string()).unwrap_or_default();
        let plain = |number: Option<Decimal>| number.map(|number| number.normalize().to_string()).unwrap_or_default();
        let whole = |number: Option<u16>| number.map(|number| number.to_string()).unwrap_or_default();
        let wan = |money: Yuan| money.to_wan().normalize().to_string();
        let exact = terms.granted_area.exact_square_metres();
        let instalment = |part: &Instalment| format!("{} {}", part.due, wan(part.amount));
        TermsForm {
            number: number.to_owned(),
            document: recorded.document.clone(),
            signed_on: recorded.signed_on.to_string(),
            effective_on: recorded.effective_on.to_string(),
            kind: terms.kind.code().into(),
            parcels: terms.parcels.join("\n"),
            granted_area: exact.map_or(String::new(), |area| area.to_string()),
            granted_area_mu: if exact.is_some() { String::new() } else { terms.granted_area.0.normalize().to_string() },
            grantee: terms.grantee.clone(),
            price: wan(terms.price),
            instalments: terms.instalments.iter().map(instalment).collect::<Vec<_>>().join("\n"),
            hand_over_on: day(terms.hand_over_on),
            hand_over_after: terms.hand_over_after.code().into(),
            start_on: day(terms.start_on),
            completion_on: day(terms.completion_on),
            production_on: day(terms.production_on),
            output_review_on: day(terms.output_review_on),
            term_years: terms.term_years.to_string(),
            term_from: day(terms.term_from),
            construction_months: whole(terms.construction_months),
            production_months: whole(terms.production_months),
            day_count: terms.day_count.code().into(),
            planned_investment: terms.planned_investment.map(wan).unwrap_or_default(),
            late_payment: plain(terms.rates.late_payment),
            rescind_after_days: whole(terms.rates.rescind_after_days),
            late_start: plain(terms.rates.late_start),
            late_completion: plain(terms.rates.late_completion),
            late_production: plain(terms.rates.late_production),
            late_hand_over: plain(terms.rates.late_hand_over),
            cap_percent: plain(terms.rates.cap_percent),
            investment_shortfall: terms.rates.investment_shortfall.code().into(),
            far_shortfall: terms.rates.far_shortfall.code().into(),
            commitments: terms.commitments.iter().map(commitment_line).collect::<Vec<_>>().join("\n"),
            admission_case: terms.admission_case.clone().unwrap_or_default(),
            version: version.to_string(),
            ..TermsForm::default()
        }
    }

    /// The paper and the terms it leaves in force.
    ///
    /// # Errors
    /// Everything that is missing or cannot be read.
    pub fn read(&self, role: TermsRole) -> Result<(Paper, Terms), Vec<Fault>> {
        let mut reader = Reader::default();
        let paper = self.paper(role, &mut reader);
        let terms = self.terms(&mut reader);
        reader.finish(paper.zip(terms))
    }

    /// Why it is recorded, and from what.
    pub fn grounds(&self, reader: &mut Reader) -> Option<Grounds> {
        grounds(reader, &self.reason, &self.source)
    }

    /// Why it may stand beside what else holds the land.
    pub fn beside(&self) -> Option<&str> {
        given(&self.beside)
    }

    fn paper(&self, role: TermsRole, reader: &mut Reader) -> Option<Paper> {
        let document = reader.text(field!(self.document, "文件名称"));
        let signed_on = reader.needs_day(field!(self.signed_on, "签订日期"));
        let effective_on = match role {
            TermsRole::Agreement => signed_on,
            TermsRole::Supplement => reader.needs_day(field!(self.effective_on, "生效日期")),
        };
        Some(Paper { role, document: document?, signed_on: signed_on?, effective_on: effective_on? })
    }

    fn terms(&self, reader: &mut Reader) -> Option<Terms> {
        let kind = reader.needs(field!(self.kind, "供地方式"), "列出的方式");
        let code = |_: &mut Reader, line: Field<'_>| line.given().map(str::to_uppercase);
        let parcels = reader.needs_lines(field!(self.parcels, "宗地代码"), code);
        let (metres, mu) = (field!(self.granted_area, "出让面积"), field!(self.granted_area_mu, "出让面积"));
        let granted_area = reader.needs_land(metres, mu);
        let grantee = reader.text(field!(self.grantee, "受让人信用代码")).map(|code| code.to_uppercase());
        let price = reader.needs_wan(field!(self.price, "合同总价（万元）"));
        let instalments = reader.needs_lines(field!(self.instalments, "分期价款"), instalment);
        let commitments = reader.lines(field!(self.commitments, "承诺指标"), commitment);
        let hand_over_on = reader.day(field!(self.hand_over_on, "约定交地日期"));
        let start_on = reader.day(field!(self.start_on, "约定开工日期"));
        let completion_on = reader.day(field!(self.completion_on, "约定竣工日期"));
        let production_on = reader.day(field!(self.production_on, "约定投产日期"));
        let output_review_on = reader.day(field!(self.output_review_on, "约定达产复核日期"));
        let term_from = reader.day(field!(self.term_from, "年期起算日"));
        let term_years = reader.needs_between(field!(self.term_years, "使用年期（年）"), (1, 70), "1至70的整数");
        let construction_months = months(reader, field!(self.construction_months, "建设期（月）"));
        let production_months = months(reader, field!(self.production_months, "投产期（月）"));
        let day_count = reader.needs(field!(self.day_count, "期限计算"), "列出的方式");
        let planned_investment = reader.wan(field!(self.planned_investment, "计划总投资（万元）"));
        let hand_over_after = reader.may(field!(self.hand_over_after, "交地条件"), "列出的条件");
        let rates = self.rates(reader);
        if kind == Some(ContractKind::Staged) && (construction_months.is_none() || production_months.is_none()) {
            let what = "建设期（月）与投产期（月）：分阶段年期出让须约定";
            reader.push(Field::new("construction_months", what, "").missing());
        }
        Some(Terms {
            kind: kind?,
            parcels: parcels?,
            granted_area: granted_area?,
            grantee: grantee?,
            price: price?,
            instalments: instalments?,
            hand_over_on,
            hand_over_after: hand_over_after.unwrap_or_default(),
            start_on,
            completion_on,
            production_on,
            output_review_on,
            term_years: term_years?,
            term_from,
            construction_months,
            production_months,
            day_count: day_count?,
            planned_investment,
            rates: rates?,
            commitments: commitments?,
            admission_case: given(&self.admission_case).map(str::to_owned),
        })
    }

    fn rates(&self, reader: &mut Reader) -> Option<Rates> {
        let investment = reader.needs(field!(self.investment_shortfall, "投资不足的后果"), "列出的方式");
        let far = reader.needs(field!(self.far_shortfall, "容积率不足的后果"), "列出的方式");
        Some(Rates {
            late_payment: reader.number(field!(self.late_payment, "逾期缴款（‰/日）")),
            rescind_after_days: reader.may(field!(self.rescind_after_days, "解除权（日）"), "整日数"),
            late_start: reader.number(field!(self.late_start, "逾期开工（‰/日）")),
            late_completion: reader.number(field!(self.late_completion, "逾期竣工（‰/日）")),
            late_production: reader.number(field!(self.late_production, "逾期投产（‰/日）")),
            late_hand_over: reader.number(field!(self.late_hand_over, "逾期交地（‰/日）")),
            cap_percent: reader.number(field!(self.cap_percent, "单项上限（%）")).filter(|cap| !cap.is_zero()),
            investment_shortfall: investment?,
            far_shortfall: far?,
        })
    }
}

/// None were agreed where it says zero.
fn months(reader: &mut Reader, field: Field<'_>) -> Option<u16> {
    reader.may(field, "大于零的整月数").filter(|months| *months > 0)
}

/// `floor_area_ratio [1.5,2.5] 1`.
pub fn commitment_line(it: &Commitment) -> String {
    format!("{} {} {}", it.indicator, it.required, it.unit).trim().to_owned()
}

/// `2024-03-01 342.5`: the day and 万元.
fn instalment(reader: &mut Reader, line: Field<'_>) -> Option<Instalment> {
    let mut parts = line.given()?.split_whitespace();
    let due = reader.needs_day(line.part("分期价款的应缴日期", parts.next().unwrap_or_default()));
    let amount = line.part("分期价款的金额（万元），写成“2024-03-01 342.5”", parts.next().unwrap_or_default());
    let amount = reader.needs_wan(amount);
    Some(Instalment { due: due?, amount: amount? })
}

/// `floor_area_ratio [1.5,2.5] 1`: name or code, an exact interval, the unit.
fn commitment(reader: &mut Reader, line: Field<'_>) -> Option<Commitment> {
    let mut parts = line.given()?.split_whitespace();
    let (indicator, required) = (parts.next().unwrap_or_default(), parts.next().unwrap_or_default());
    let required = line.part("承诺指标的范围", required);
    let required = reader.needs(required, "如 [1.5,2.5]、[240000/599,) 或 (,0.52] 的区间")?;
    let indicator = Indicators::built_in().promised_name(indicator).unwrap_or(indicator);
    Some(Commitment { indicator: indicator.into(), required, unit: parts.collect::<Vec<_>>().join(" ") })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::contract::sample;

    #[test]
    fn terms_on_record_are_read_back_as_they_were() {
        let recorded = sample::agreement(sample::terms());
        let (paper, terms) = TermsForm::of("C1", &recorded, 1).read(TermsRole::Agreement).unwrap();
        assert_eq!(paper.document, recorded.document);
        assert_eq!(terms.instalments, recorded.terms.instalments);
        assert_eq!(terms.rates, recorded.terms.rates);
        assert_eq!(terms, recorded.terms);
    }

    #[test]
    fn a_promise_that_no_decimal_writes_goes_through_the_form_exactly() {
        let mut recorded = sample::agreement(sample::terms());
        let required = "[240000/599,)".parse().unwrap();
        let promised = Commitment { indicator: "investment_intensity".into(), required, unit: "万元/亩".into() };
        recorded.terms.commitments = vec![promised];
        let mut form = TermsForm::of("C1", &recorded, 1);
        assert_eq!(form.commitments, "investment_intensity [240000/599,) 万元/亩");
        assert_eq!(form.read(TermsRole::Agreement).unwrap().1, recorded.terms);
        form.commitments = "固定资产投资强度 [240000/599,) 万元/亩".into();
        assert_eq!(form.read(TermsRole::Agreement).unwrap().1, recorded.terms, "by its Chinese name as well");
    }

    #[test]
    fn everything_that_is_missing_is_told_at_once() {
        let faults = TermsForm::default().read(TermsRole::Supplement).unwrap_err();
        assert!(faults.len() >= 10, "{faults:?}");
        let mut form = TermsForm::of("C1", &sample::agreement(sample::terms()), 1);
        form.instalments = "2022-02-10".into();
        form.term_years = "71".into();
        assert_eq!(form.read(TermsRole::Agreement).unwrap_err().len(), 2);
    }
}
