//! A year of measures carried out in the invented district: lists handed over each quarter, reports with a few mistakes planted, the
//! reconciliation that finds them, and an audit of it. Everything is synthetic.

use chrono::NaiveDate;
use rust_decimal::Decimal;
use rust_decimal_macros::dec;
use uuid::Uuid;

use super::cases::people::{People, morning};
use super::register::day;
use crate::account::{self, Act};
use crate::allocation::audit::{self, Looked};
use crate::allocation::lists;
use crate::allocation::reports::{self, Reporter};
use crate::allocation::rules::NewReport;
use crate::allocation::steps::{self, Seen, Told};
use crate::allocation::store::audits::Drawing;
use crate::allocation::store::lines::{self, LineFilter, LineRow};
use crate::allocation::store::lists::{self as list_store, ListFilter, NewList};
use crate::allocation::store::{audits, findings};
use crate::allocation::{Quarter, reconciliation};
use crate::db::keyset::Position;
use crate::db::{PgPool, Scope};
use crate::entitlement::{Body, Outcome};

const YEAR: i32 = 2024;
/// Bodies whose lists the invented district hands over.
const BODIES: [Body; 3] = [Body::Power, Body::Tax, Body::Finance];

/// What a load has made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Counts {
    pub lists: usize,
    pub reports: usize,
    pub findings: usize,
}

/// Loads them into the demonstration district, whose results and measures must be there.
///
/// # Errors
/// When the database refuses, or a step that the plan takes is not allowed.
pub async fn load(pool: &PgPool, scope: &Scope) -> anyhow::Result<Counts> {
    let office = Office { pool, scope, people: People { accounts: account::store::list(pool, scope).await? } };
    let mut lists = 0;
    for number in 1..=4 {
        for body in BODIES {
            office.hand_over(body, number).await?;
            lists += 1;
        }
    }
    let reports = office.report().await?;
    let reconciliation = Uuid::now_v7();
    let act = office.act("evaluator", day(YEAR + 1, 1, 20))?;
    reconciliation::compute(&act, reconciliation, quarter(4)?, &|_, _| {}).await?;
    let findings = office.audit(reconciliation).await?;
    Ok(Counts { lists, reports, findings })
}

struct Office<'a> {
    pool: &'a PgPool,
    scope: &'a Scope,
    people: People,
}

fn quarter(number: u8) -> anyhow::Result<Quarter> {
    Quarter::of(YEAR, number).ok_or_else(|| anyhow::anyhow!("{YEAR} has no quarter {number}"))
}

/// In the middle month of a quarter.
fn middle(number: u8, of_month: u32) -> NaiveDate {
    day(YEAR, u32::from(number) * 3 - 1, of_month)
}

impl Office<'_> {
    fn act(&self, login: &str, on: NaiveDate) -> anyhow::Result<Act> {
        self.people.act(self.pool, self.scope, login, morning(on, 0))
    }

    async fn hand_over(&self, body: Body, number: u8) -> anyhow::Result<()> {
        let on = middle(number, 10);
        let act = self.act("evaluator", on)?;
        let document = format!("示例交办〔{YEAR}〕{number}号（虚构数据）");
        let (id, new) = (Uuid::now_v7(), NewList { body, quarter: quarter(number)?, on, document });
        lists::draw(&act, id, &new, &|_| {}).await?;
        // The last list of the tax department waits to be signed for.
        if (body, number) != (Body::Tax, 4) {
            let act = self.act("evaluator", middle(number, 12))?;
            lists::acknowledge(&act, id, (middle(number, 11), "示例经办人（虚构）")).await?;
        }
        Ok(())
    }

    async fn lines(&self, body: Body, outcome: Outcome) -> anyhow::Result<Vec<LineRow>> {
        let filter = ListFilter { body: Some(body), quarter: Some(quarter(4)?), ..ListFilter::default() };
        let handed = list_store::page(self.pool, self.scope, &filter, &Position::Start, 1).await?.rows.pop();
        let list = handed.ok_or_else(|| anyhow::anyhow!("the list of {body} was handed over"))?.kept.id;
        let filter = LineFilter { list, outcome: Some(outcome), subdistrict: None, uscc: None };
        Ok(lines::page(self.pool, self.scope, &filter, Position::Start, 500).await?.rows)
    }

    async fn enter(&self, login: &str, new: &NewReport) -> anyhow::Result<()> {
        let act = self.act(login, new.done_on.unwrap_or_else(|| middle(new.quarter.number(), 25)))?;
        reports::enter(&act, Reporter::Office, new).await?;
        Ok(())
    }

    /// Each quarter of those that are charged, and what became of the others; with the mistakes.
    async fn report(&self) -> anyhow::Result<usize> {
        let mut reports = Vec::new();
        let charged = self.lines(Body::Power, Outcome::Due).await?;
        for (at, line) in charged.iter().enumerate() {
            reports.extend(charges(at, line)?.into_iter().map(|new| ("evaluator", new)));
        }
        let relieved = self.lines(Body::Tax, Outcome::Due).await?;
        for (at, line) in relieved.iter().enumerate() {
            reports.push(("evaluator", relief(at, line)?));
        }
        // A surcharge on somebody who is not on the list, and an award to somebody in D.
        if let (Some(best), Some(line)) = (relieved.iter().find(|line| line.grade == "A"), charged.first()) {
            reports.push(("evaluator", said(best, &line.measure, 2, (Some(dec!(1000)), Some(dec!(50))))?));
        }
        let barred = self.lines(Body::Finance, Outcome::Barred).await?;
        if let Some(line) = barred.first() {
            reports.push(("evaluator", said(line, &line.measure, 3, (None, Some(dec!(200000))))?));
        }
        for (login, new) in &reports {
            self.enter(login, new).await?;
        }
        Ok(reports.len())
    }

    /// Half of the gaps are drawn; the first is opened as a finding and answered.
    async fn audit(&self, reconciliation: Uuid) -> anyhow::Result<usize> {
        let on = day(YEAR + 1, 2, 10);
        let act = self.act("auditor", on)?;
        let drawing = Drawing {
            reconciliation,
            seed: "示例种子：合成会议纪要〔2025〕3号".to_owned(),
            percent: Some(dec!(50)),
            body: None,
            only_gaps: true,
        };
        let number = audit::draw(&act, &drawing).await?;
        let drawn = audits::find(&mut *self.pool.acquire().await?, self.scope, number).await?;
        let drawn = drawn.ok_or_else(|| anyhow::anyhow!("the audit {number} was drawn"))?;
        let first = audits::drawn(self.pool, self.scope, &drawn, (Position::Start, 1)).await?.rows.pop();
        let Some(first) = first else { return Ok(0) };
        let words = format!("{}：请说明原因并整改（虚构数据）", first.line.finding);
        let opened = audit::look(&act, (number, &first.line.key()), &Looked::Finding { words }).await?;
        let opened = opened.ok_or_else(|| anyhow::anyhow!("a finding was opened"))?;
        let finding = findings::by_number(&mut *self.pool.acquire().await?, self.scope, opened).await?;
        let finding = finding.ok_or_else(|| anyhow::anyhow!("the finding {opened} is there"))?;
        let act = self.act("evaluator", day(YEAR + 1, 2, 24))?;
        let told = Told {
            words: "经核实属抄录错误，已更正并补办（虚构数据）。",
            document: Some("示例复函〔2025〕1号"),
        };
        steps::answer(&act, Reporter::Office, Seen { id: finding.id, version: finding.version }, told).await?;
        Ok(1)
    }
}

fn said(
    line: &LineRow,
    measure: &str,
    number: u8,
    (quantity, amount): (Option<Decimal>, Option<Decimal>),
) -> anyhow::Result<NewReport> {
    Ok(NewReport {
        quarter: quarter(number)?,
        uscc: line.uscc.parse()?,
        measure: measure.to_owned(),
        done: true,
        // Land in m² may be a fraction without an end.
        quantity: quantity.map(|figure| figure.round_dp(6)),
        amount,
        account: None,
        done_on: Some(middle(number, 20)),
        note: String::new(),
        document: format!("示例报送{number}（虚构数据）"),
    })
}

/// The charge of a year in four quarters. The first enterprises have a mistake each.
fn charges(at: usize, line: &LineRow) -> anyhow::Result<Vec<NewReport>> {
    let figure = |text: &Option<String>| text.as_deref().unwrap_or_default().parse::<Decimal>();
    let (base, rate) = (figure(&line.base)?, figure(&line.rate)?);
    let usual = (base / dec!(4)).floor();
    let mut reports = Vec::new();
    for number in 1..=4 {
        let quantity = if number == 4 { base - usual * dec!(3) } else { usual };
        let amount = (quantity * rate).round_dp(2);
        let mut new = said(line, &line.measure, number, (Some(quantity), Some(amount)))?;
        new.account = line.accounts.first().map(|account| account.parse()).transpose().map_err(anyhow::Error::msg)?;
        match (at, number) {
            (0, 2) => new.account = Some("DEMO-9999".parse().map_err(anyhow::Error::msg)?),
            (1, 4) => {
                new.quantity = Some((quantity / dec!(2)).floor());
                new.amount = Some(((quantity / dec!(2)).floor() * rate).round_dp(2));
            }
            (2, 3) => new.amount = Some(amount * dec!(2)),
            (3, 4) => continue,
            (4, _) => new = not_done(new),
            _ => {}
        }
        reports.push(new);
    }
    Ok(reports)
}

fn not_done(new: NewReport) -> NewReport {
    let note = "企业已停产报停，未计费（虚构数据）".to_owned();
    NewReport { done: false, quantity: None, amount: None, account: None, done_on: None, note, ..new }
}

/// What remains of the tax, once in the last quarter. The first of grade A had to pay the whole.
fn relief(at: usize, line: &LineRow) -> anyhow::Result<NewReport> {
    let base = line.base.as_deref().unwrap_or_default().parse::<Decimal>()?;
    let amount = if at == 0 { (base * dec!(10)).round_dp(2) } else { line.amount.unwrap_or_default() };
    said(line, &line.measure, 4, (Some(base), Some(amount)))
}
