//! What people and programs send to enter something: texts, read all at once, with every fault at its field.

use chrono::NaiveDate;
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use super::entry::{
    COEFFICIENT_AT_MOST, ClaimSide, ExemptionKind, NewChange, NewClaim, NewCoefficient, NewExemption, NewVeto,
    TIMES_AT_MOST, fits, item_of,
};
use super::register::RegisterError;
use crate::account::Department;
use crate::base::bounds::YEARS;
use crate::base::code::Uscc;
use crate::base::period::Period;
use crate::exchange::{Fault, FaultCode};
use crate::policy::veto::{self, VetoKind};
use crate::scoring::Scheme;
use crate::scoring::scheme::Category;
use crate::web::form::{Field, Reader, field};

/// A veto. Every field may be absent or empty, which is the same.
#[derive(Clone, Debug, Default, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(default, deny_unknown_fields)]
#[schema(as = EvaluationVetoForm)]
pub struct VetoForm {
    /// Unified social credit code, 18 characters.
    pub uscc: String,
    /// Code of a kind that is in force on the day of the event.
    pub kind: String,
    pub happened_on: String,
    /// The first day that it bars; the day of the event where nothing is said.
    pub from: String,
    /// The last day that it bars; where nothing is said, as long as the kind lasts.
    pub to: String,
    /// `1`: without an end, whatever the kind says.
    pub endless: String,
    /// Who vouches for it; the department of the kind where nothing is said.
    pub department: String,
    pub document: String,
}

#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct ExemptionForm {
    pub uscc: String,
    pub kind: String,
    pub from: String,
    pub to: String,
    pub document: String,
}

/// What was proved towards an item of bonus or deduction. Every field may be absent or empty, which is the same.
#[derive(Clone, Debug, Default, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(default, deny_unknown_fields)]
#[schema(as = EvaluationClaimForm)]
pub struct ClaimForm {
    /// Unified social credit code, 18 characters.
    pub uscc: String,
    /// `industry_above` and so on.
    pub category: String,
    pub year: String,
    /// `bonus` or `deduction`; only needed of an item that is both.
    pub side: String,
    /// Code or name of an item of the scheme by which the category is evaluated in the year.
    pub item: String,
    /// How often; once where nothing is said.
    pub times: String,
    pub document: String,
}

#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct CoefficientForm {
    pub uscc: String,
    pub category: String,
    pub year: String,
    pub value: String,
    pub document: String,
}

#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct ChangeForm {
    pub uscc: String,
    pub category: String,
    pub year: String,
    pub grade: String,
    pub document: String,
    pub why: String,
}

fn uscc(reader: &mut Reader, text: &str) -> Option<Uscc> {
    reader.needs(Field::new("uscc", "统一社会信用代码", text), "18位信用代码")
}

fn document(reader: &mut Reader, text: &str) -> Option<String> {
    reader.text(Field::new("document", "依据文件", text))
}

fn category(reader: &mut Reader, text: &str) -> Option<Category> {
    reader.needs(Field::new("category", "类别", text), "表中所列的类别")
}

fn year(reader: &mut Reader, text: &str) -> Option<i32> {
    let bounds = (*YEARS.start() as u16, *YEARS.end() as u16);
    let expected = format!("{}年至{}年之间的四位年份", YEARS.start(), YEARS.end());
    let year = reader.needs_between(Field::new("year", "年度", text), bounds, &expected)?;
    Some(year.into())
}

fn number(reader: &mut Reader, field: Field<'_>, most: Decimal) -> Option<Decimal> {
    let number = reader.number(field)?;
    if !fits(number, most) {
        reader.wrong(field, &format!("大于零、不超过{most}的数，至多六位小数"));
        return None;
    }
    Some(number)
}

/// From the last day, which counts, to the first that does not.
fn period(reader: &mut Reader, from: Option<NaiveDate>, to: Field<'_>) -> Option<Period> {
    let last = reader.day(to);
    if from.zip(last).is_some_and(|(from, last)| last < from) {
        reader.push(to.fault(FaultCode::BadRequest, "有效至不能早于有效自"));
    }
    Some(Period { from: Some(from?), until: last.and_then(|last| last.succ_opt()) })
}

impl VetoForm {
    /// # Errors
    /// Everything that is wrong, each at its field.
    pub fn read(&self, kinds: &[VetoKind], today: NaiveDate) -> Result<NewVeto, Vec<Fault>> {
        let mut reader = Reader::default();
        let uscc = uscc(&mut reader, &self.uscc);
        let happened_on = field!(self.happened_on, "发生日期");
        let happened_on = match happened_on.is_empty() {
            true => reader.needs_day(happened_on),
            false => reader.day_done(happened_on, today),
        };
        let named = reader.text(field!(self.kind, "事由"));
        let kind = self.kind(&mut reader, kinds, named.as_deref(), happened_on);
        let from = field!(self.from, "有效自");
        let from = if from.is_empty() { happened_on } else { reader.day(from) };
        let valid = period(&mut reader, from, field!(self.to, "有效至"));
        let department = self.department(&mut reader, kind);
        let document = document(&mut reader, &self.document);
        let all = uscc.zip(kind).zip(happened_on.zip(valid)).zip(department.zip(document));
        let new = all.map(|(((uscc, kind), (happened_on, valid)), (department, document))| {
            let until = valid.until.or_else(|| kind.until(valid.from?).filter(|_| self.endless.is_empty()));
            let valid = Period { until, ..valid };
            NewVeto { uscc, kind: kind.code.clone(), happened_on, valid, department, document }
        });
        reader.finish(new)
    }

    /// Of a kind that is not known, nobody can say whether it has a department of its own.
    fn department(&self, reader: &mut Reader, kind: Option<&VetoKind>) -> Option<Department> {
        let stated = field!(self.department, "认定部门");
        match kind {
            Some(VetoKind { department: Some(own), .. }) if stated.is_empty() => Some(*own),
            Some(_) => reader.needs(stated, "表中所列的部门"),
            None => reader.may(stated, "表中所列的部门"),
        }
    }

    fn kind<'a>(
        &self,
        reader: &mut Reader,
        kinds: &'a [VetoKind],
        named: Option<&str>,
        happened_on: Option<NaiveDate>,
    ) -> Option<&'a VetoKind> {
        match veto::on(kinds, named?, happened_on?) {
            Ok(kind) => Some(kind),
            Err(not) => {
                reader.push(field!(self.kind, "事由").fault(FaultCode::BadRequest, not.in_words(kinds)));
                None
            }
        }
    }
}

impl ExemptionForm {
    /// # Errors
    /// Everything that is wrong, each at its field.
    pub fn read(&self) -> Result<NewExemption, Vec<Fault>> {
        let mut reader = Reader::default();
        let uscc = uscc(&mut reader, &self.uscc);
        let kind = reader.needs::<ExemptionKind>(field!(self.kind, "种类"), "免评或保护期");
        let from = reader.needs_day(field!(self.from, "有效自"));
        let to = field!(self.to, "有效至");
        if kind == Some(ExemptionKind::Protection) && to.is_empty() {
            reader.push(to.fault(FaultCode::ValueMissing, "保护期到期自动终止，请填写“有效至”"));
        }
        let valid = period(&mut reader, from, to);
        let document = document(&mut reader, &self.document);
        let all = uscc.zip(kind).zip(valid.zip(document));
        reader.finish(all.map(|((uscc, kind), (valid, document))| NewExemption { uscc, kind, valid, document }))
    }
}

/// A claim before it is held against the scheme.
pub struct Claimed {
    new: NewClaim,
    side: Option<ClaimSide>,
}

impl Claimed {
    pub fn of(&self) -> (Category, i32) {
        (self.new.category, self.new.year)
    }

    /// # Errors
    /// An item that the scheme does not have.
    pub fn under(self, scheme: &Scheme) -> Result<NewClaim, RegisterError> {
        let (side, item) = item_of(scheme, self.side, &self.new.item)?;
        Ok(NewClaim { side, item: item.item.clone(), ..self.new })
    }
}

impl ClaimForm {
    /// # Errors
    /// Everything that is wrong, each at its field.
    pub fn read(&self) -> Result<Claimed, Vec<Fault>> {
        let mut reader = Reader::default();
        let uscc = uscc(&mut reader, &self.uscc);
        let category = category(&mut reader, &self.category);
        let year = year(&mut reader, &self.year);
        let side = reader.may::<ClaimSide>(field!(self.side, "加分或减分"), "加分或减分");
        let item = reader.text(field!(self.item, "加减分项"));
        let times = field!(self.times, "次数");
        let times = if times.is_empty() { Some(Decimal::ONE) } else { number(&mut reader, times, TIMES_AT_MOST) };
        let document = document(&mut reader, &self.document);
        let all = uscc.zip(category).zip(year.zip(item)).zip(times.zip(document));
        let new = all.map(|(((uscc, category), (year, item)), (times, document))| Claimed {
            new: NewClaim { uscc, category, year, side: side.unwrap_or(ClaimSide::Bonus), item, times, document },
            side,
        });
        reader.finish(new)
    }
}

impl CoefficientForm {
    /// # Errors
    /// Everything that is wrong, each at its field.
    pub fn read(&self) -> Result<NewCoefficient, Vec<Fault>> {
        let mut reader = Reader::default();
        let uscc = uscc(&mut reader, &self.uscc);
        let category = category(&mut reader, &self.category);
        let year = year(&mut reader, &self.year);
        let value = field!(self.value, "修正系数");
        if value.is_empty() {
            reader.push(value.missing());
        }
        let value = number(&mut reader, value, COEFFICIENT_AT_MOST);
        let document = document(&mut reader, &self.document);
        let all = uscc.zip(category).zip(year).zip(value.zip(document));
        reader.finish(all.map(|(((uscc, category), year), (value, document))| NewCoefficient {
            uscc,
            category,
            year,
            value,
            document,
        }))
    }
}

impl ChangeForm {
    /// # Errors
    /// Everything that is wrong, each at its field.
    pub fn read(&self) -> Result<NewChange, Vec<Fault>> {
        let mut reader = Reader::default();
        let uscc = uscc(&mut reader, &self.uscc);
        let category = category(&mut reader, &self.category);
        let year = year(&mut reader, &self.year);
        let grade = reader.text(field!(self.grade, "调至"));
        let document = document(&mut reader, &self.document);
        let why = reader.text(field!(self.why, "理由"));
        let all = uscc.zip(category).zip(year.zip(grade)).zip(document.zip(why));
        reader.finish(all.map(|(((uscc, category), (year, grade)), (document, why))| NewChange {
            uscc,
            category,
            year,
            grade,
            document,
            why,
        }))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const OWN: &str = "91110000600037341L";

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn veto(happened_on: &str, from: &str, to: &str, endless: &str) -> Result<NewVeto, Vec<Fault>> {
        let texts = |text: &str| text.to_owned();
        let form = VetoForm {
            uscc: texts(OWN),
            kind: texts("tax_offence"),
            happened_on: texts(happened_on),
            from: texts(from),
            to: texts(to),
            endless: texts(endless),
            department: String::new(),
            document: texts("合成〔2024〕1号"),
        };
        form.read(&veto::embedded().unwrap(), day("2024-06-30"))
    }

    #[test]
    fn a_veto_bars_from_its_day_as_long_as_its_kind_lasts_unless_something_else_is_said() {
        let valid = |from, to, endless| veto("2023-03-05", from, to, endless).unwrap().valid;
        assert_eq!(valid("", "", ""), Period::between(day("2023-03-05"), day("2024-01-01")));
        assert_eq!(valid("2024-01-10", "", ""), Period::between(day("2024-01-10"), day("2025-01-01")));
        assert_eq!(valid("", "2024-03-04", ""), Period::between(day("2023-03-05"), day("2024-03-05")));
        assert_eq!(valid("", "", "1"), Period::since(day("2023-03-05")));
        assert_eq!(veto("2023-03-05", "", "", "").unwrap().department, Department::Tax, "who vouches as a rule");
    }

    #[test]
    fn a_veto_of_a_day_before_its_kind_or_of_tomorrow_is_refused_at_its_field() {
        assert!(veto("2019-01-01", "", "", "").is_ok() && veto("2024-06-30", "", "", "").is_ok());
        let early = veto("2018-12-31", "", "", "").unwrap_err();
        assert!(early.len() == 1 && early[0].message.contains("二(一)4"), "{early:?}");
        assert_eq!(early[0].place, "kind");
        let late = veto("2024-07-01", "", "", "").unwrap_err();
        assert_eq!(late[0].place, "happened_on");
        let turned = veto("2023-03-05", "2023-03-05", "2023-03-04", "").unwrap_err();
        assert_eq!(turned[0].place, "to");
    }

    #[test]
    fn everything_wrong_with_a_form_is_told_at_once() {
        let fields = |faults: Vec<Fault>| faults.into_iter().map(|fault| fault.place).collect::<Vec<_>>();
        assert_eq!(fields(ExemptionForm::default().read().unwrap_err()), ["uscc", "kind", "from", "document"]);
        let needed = fields(CoefficientForm::default().read().unwrap_err());
        assert_eq!(needed, ["uscc", "category", "year", "value", "document"]);
        let Err(claim) = ClaimForm { times: "0".to_owned(), ..ClaimForm::default() }.read() else { panic!() };
        assert_eq!(fields(claim), ["uscc", "category", "year", "item", "times", "document"]);
        let needed = fields(ChangeForm::default().read().unwrap_err());
        assert_eq!(needed, ["uscc", "category", "year", "grade", "document", "why"]);
    }

    #[test]
    fn protection_has_an_end_and_whoever_is_exempt_need_not() {
        let form = |kind: &str, to: &str| ExemptionForm {
            uscc: OWN.to_owned(),
            kind: kind.to_owned(),
            from: "2023-01-01".to_owned(),
            to: to.to_owned(),
            document: "合成〔2023〕1号".to_owned(),
        };
        assert_eq!(form("exempt", "").read().unwrap().valid.until, None);
        assert_eq!(form("protection", "2023-12-31").read().unwrap().valid.until, Some(day("2024-01-01")));
        assert_eq!(form("protection", "").read().unwrap_err()[0].place, "to");
    }
}
