//! What pages and programs send alike. Everything wrong is told at once, at its field.

use chrono::NaiveDate;
use uuid::Uuid;

use super::Step;
use super::steps::Told;
use super::store::campaigns::NewCampaign;
use super::store::targets::Present;
use super::store::vetoes::NewProposal;
use super::wording::present_field;
use crate::account::Department;
use crate::base::code::Uscc;
use crate::exchange::{Fault, FaultCode};
use crate::web::form::{Field, Reader, Sent};

const LISTED: &str = "表中所列的一项";

/// A campaign to be opened.
///
/// # Errors
/// Every fault at its field.
pub fn campaign(sent: &Sent) -> Result<NewCampaign, Vec<Fault>> {
    let mut reader = Reader::default();
    let name = reader.text(sent.field("name", "名称"));
    let document = reader.text(sent.field("document", "行动方案文号"));
    let lead = reader.needs::<Department>(sent.field("lead", "牵头部门"), LISTED);
    let due = reader.needs_day(sent.field("due", "检查期限"));
    let inspector = reader.needs::<Uuid>(sent.field("inspector", "现场记录人"), LISTED);
    let mut departments: Vec<Department> = sent.all("departments").filter_map(Department::parse).collect();
    departments.sort_by_key(|it| Department::ALL.iter().position(|all| all == it));
    departments.dedup();
    let all = name.zip(document).zip(lead).zip(due).zip(inspector);
    let new = all.map(|((((name, document), lead), due), inspector)| NewCampaign {
        name,
        document,
        lead,
        departments,
        due,
        inspector,
    });
    reader.finish(new)
}

/// Who is to be listed: credit codes, one a line, or everybody below the line of a year.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ToList {
    pub codes: Vec<String>,
    pub list_year: Option<i32>,
}

/// # Errors
/// A line that is no credit code.
pub fn to_list(sent: &Sent) -> Result<ToList, Vec<Fault>> {
    let mut reader = Reader::default();
    let codes = reader.lines(sent.field("codes", "信用代码"), uscc);
    let year = sent.field("list_year", "清单年度");
    let list_year = if year.is_empty() { None } else { reader.needs_year(year) };
    reader.finish(codes.map(|codes| ToList { codes, list_year }))
}

/// The code stands first; a name behind it is for the eye.
fn uscc(reader: &mut Reader, line: Field<'_>) -> Option<String> {
    let text = line.given()?;
    let code = text.split(|c: char| c.is_whitespace() || matches!(c, ',' | '，' | '、')).next().unwrap_or_default();
    match code.to_uppercase().parse::<Uscc>() {
        Ok(code) => Some(code.as_str().to_owned()),
        Err(_) => {
            reader.push(line.fault(FaultCode::UsccInvalid, format!("统一社会信用代码“{code}”有误，请核对")));
            None
        }
    }
}

/// Who was there of each department.
pub fn present(sent: &Sent, departments: &[Department]) -> Present {
    let name = |it: &Department| (it.code().to_owned(), sent.text(&present_field(*it)).to_owned());
    departments.iter().map(name).filter(|(_, people)| !people.is_empty()).collect()
}

/// # Errors
/// Every fault at its field.
pub fn told(sent: &Sent, step: Step, today: NaiveDate) -> Result<Told, Vec<Fault>> {
    let mut reader = Reader::default();
    let on = reader.day_done(sent.field("on", "办理日期"), today);
    let due = reader.day(sent.field("due", "整改期限"));
    let fine_yuan = reader.number(sent.field("fine", "罚款金额（元）"));
    let document = reader.may_text(sent.field("document", "文号"));
    let words = sent.text("words").to_owned();
    reader.finish(on.map(|on| Told { step, on, words, document, due, fine_yuan }))
}

/// # Errors
/// Every fault at its field.
pub fn proposal(sent: &Sent) -> Result<NewProposal, Vec<Fault>> {
    let mut reader = Reader::default();
    let kind = reader.text(sent.field("kind", "否决事由"));
    let happened_on = reader.needs_day(sent.field("happened_on", "发生日期"));
    let document = reader.text(sent.field("document", "认定文件"));
    let words = reader.text(sent.field("words", "理由"));
    let all = kind.zip(happened_on).zip(document).zip(words);
    let new = all.map(|(((kind, happened_on), document), words)| NewProposal { kind, happened_on, document, words });
    reader.finish(new)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn everything_wrong_with_a_campaign_is_told_at_once_and_at_its_field() {
        let faults = campaign(&Sent::default().with("due", "x").with("lead", "nobody")).unwrap_err();
        let mut places: Vec<&str> = faults.iter().map(|fault| fault.place.as_str()).collect();
        places.sort_unstable();
        assert_eq!(places, ["document", "due", "inspector", "lead", "name"]);
    }

    #[test]
    fn departments_are_taken_once_and_in_one_order() {
        let sent = Sent::default()
            .with("name", "合成行动")
            .with("document", "示例1号")
            .with("lead", "tax")
            .with("due", "2026-12-01")
            .with("inspector", Uuid::nil().to_string())
            .with("departments", "safety")
            .with("departments", "tax")
            .with("departments", "safety");
        assert_eq!(campaign(&sent).unwrap().departments, [Department::Tax, Department::Safety]);
    }

    #[test]
    fn codes_stand_one_a_line_with_or_without_a_name() {
        let code = crate::base::code::uscc_with_check_digit("91330105MA2XXXXX0").unwrap();
        let read = to_list(
            &Sent::default().with("codes", format!("{} 合成甲公司\n\n{}", code.as_str(), code.as_str().to_lowercase())),
        );
        assert_eq!(read.unwrap().codes, [code.as_str(), code.as_str()]);
        let faults = to_list(&Sent::default().with("codes", "合成甲公司")).unwrap_err();
        assert_eq!((faults[0].place.as_str(), faults[0].code), ("codes", FaultCode::UsccInvalid));
        assert_eq!(to_list(&Sent::default().with("list_year", "2024")).unwrap().list_year, Some(2024));
    }
}
