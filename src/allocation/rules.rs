//! Who reports for a body, and what a report must say. Pure.

use chrono::NaiveDate;
use rust_decimal::Decimal;
use rust_decimal_macros::dec;

use super::Quarter;
use super::wording::{missing, wrong};
use crate::account::Department;
use crate::base::code::Uscc;
use crate::entitlement::{Body, Kind, Measure};
use crate::exchange::Fault;
use crate::measures::utility::{Customer, Utility};

/// The department whose own people report what a body did; the office reports for utilities, banks and others outside.
pub fn department(body: Body) -> Option<Department> {
    match body {
        Body::Tax => Some(Department::Tax),
        Body::Land => Some(Department::Land),
        Body::Environment => Some(Department::Environment),
        Body::Economy => Some(Department::EconomyAndTourism),
        Body::Power | Body::Water | Body::Gas | Body::Sewage | Body::Banks | Body::RatingAgencies | Body::Finance => {
            None
        }
    }
}

/// Bodies that a department reports for.
pub fn bodies_of(department_asked: Department) -> Vec<Body> {
    Body::ALL.iter().copied().filter(|body| department(*body) == Some(department_asked)).collect()
}

/// What was done about one measure of one enterprise in a quarter, as it is entered.
#[derive(Clone, Debug)]
pub struct NewReport {
    pub quarter: Quarter,
    pub uscc: Uscc,
    /// Its id.
    pub measure: String,
    pub done: bool,
    /// In the unit of the measure's base.
    pub quantity: Option<Decimal>,
    /// yuan to the fen.
    pub amount: Option<Decimal>,
    pub account: Option<Customer>,
    pub done_on: Option<NaiveDate>,
    /// Why not, where nothing was done.
    pub note: String,
    pub document: String,
}

/// Most yuan of a report, and most units of a base.
const MAX: Decimal = dec!(1_000_000_000_000);

/// Everything that is wrong with a report of a measure, at its field.
pub fn faults(new: &NewReport, measure: &Measure, today: NaiveDate) -> Vec<Fault> {
    let found = if new.done { of_what_was_done(new, measure, today) } else { of_what_was_not(new) };
    let ahead = new.quarter.first_day().filter(|first| *first > today);
    let ahead = ahead.map(|first| wrong("quarter", format!("{}自{first}起，还没有开始", new.quarter.label())));
    found.into_iter().chain(ahead).collect()
}

fn of_what_was_done(new: &NewReport, measure: &Measure, today: NaiveDate) -> Vec<Fault> {
    let mut faults = Vec::new();
    if measure.kind() == Kind::Amount && new.amount.is_none() {
        faults.push(missing("amount", "这项措施按金额执行，请填写金额（元），没有收付的填0"));
    }
    let figures = [("amount", "金额", new.amount, 2), ("quantity", "数量", new.quantity, 6)];
    faults.extend(figures.into_iter().filter_map(|(field, label, figure, places)| {
        let figure = figure?;
        let is_sound = !figure.is_sign_negative() && figure <= MAX && figure.normalize().scale() <= places;
        (!is_sound).then(|| wrong(field, format!("{label}应在0至1万亿之间，至多{places}位小数")))
    }));
    if new.account.is_some() && Utility::of(measure.executing).is_none() {
        faults.push(wrong("account", format!("{}没有户号，请留空", measure.executing)));
    }
    if let Some(day) = new.done_on {
        if !new.quarter.contains(day) {
            faults.push(wrong("done_on", format!("{day}不在{}之内", new.quarter.label())));
        } else if day > today {
            faults.push(wrong("done_on", "执行日期不能晚于今天"));
        }
    }
    faults
}

fn of_what_was_not(new: &NewReport) -> Vec<Fault> {
    let mut faults = Vec::new();
    if new.note.is_empty() {
        faults.push(missing("note", "没有执行的，请说明原因"));
    }
    let stated = [
        ("quantity", new.quantity.is_some()),
        ("amount", new.amount.is_some()),
        ("account", new.account.is_some()),
        ("done_on", new.done_on.is_some()),
    ];
    faults.extend(
        stated.into_iter().filter(|(_, is_stated)| *is_stated).map(|(field, _)| wrong(field, "没有执行的，不填此项")),
    );
    faults
}
