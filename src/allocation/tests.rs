use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use rust_decimal::Decimal;
use rust_decimal_macros::dec;
use uuid::Uuid;

use super::audit::{self, Looked};
use super::lists;
use super::reports::{self, Reporter};
use super::rules::{self, NewReport};
use super::steps::{self, Seen, Told};
use super::store::audits::Drawing;
use super::store::lists::NewList;
use super::store::reconciled::{self, ReconciledFilter, ReconciledRow};
use super::store::{audits, findings, lists as list_store, reconciliations};
use super::wording::AllocationError;
use super::{Quarter, State, reconciliation};
use crate::account::{Act, Actor, Department};
use crate::base::code::uscc_with_check_digit;
use crate::db::keyset::Position;
use crate::db::{PgPool, Scope};
use crate::entitlement::{Body, Finding, Measure, Turn};
use crate::policy;
use crate::policy::catalogue::Catalogue;
use crate::policy::receipt::Receipt;
use crate::policy::store::receipts;
use crate::workflow::sample;

const CHARGE: &str = "example/electricity-consecutive";
const BAR: &str = "xiacheng/d-no-fiscal-awards";

fn code(number: u32) -> String {
    uscc_with_check_digit(&format!("91330105MA{number:07}")).unwrap().to_string()
}

fn quarter(text: &str) -> Quarter {
    text.parse().unwrap()
}

/// A district with ten enterprises, and people.
struct Bureau {
    pool: PgPool,
    scope: Scope,
    receipt: String,
}

impl Bureau {
    async fn open(pool: &PgPool) -> Self {
        policy::store::load(pool).await.unwrap();
        crate::annual::testing::district(pool).await;
        let scope = Scope::district("330105".parse().unwrap());
        let bureau = Bureau { pool: pool.clone(), scope, receipt: String::new() };
        for number in 1..=10 {
            sqlx::query(
                "INSERT INTO enterprise_version (district, uscc, valid, name, sector, size_class, subdistrict, state, source, reason,
                     recorded_at, recorded_by, fingerprint)
                 VALUES ('330105', $1, '[2020-01-01,)', $2, 'industry', 'below', '330105012', 'operating', 'test', 'test', now(),
                     'test', '')",
            )
            .bind(code(number))
            .bind(format!("企业{number}"))
            .execute(pool)
            .await
            .unwrap();
        }
        let catalogue = policy::store::current(pool, &bureau.scope.district).await.unwrap();
        let results = serde_json::json!({ "verdict": "computed" });
        let receipt = Receipt::new("measures.due", day("2024-02-10"), &catalogue.sha256(), &"测试", &results).unwrap();
        receipts::save(&mut pool.acquire().await.unwrap(), &bureau.act("2024-02-10"), &receipt).await.unwrap();
        Bureau { receipt: receipt.id, ..bureau }
    }

    fn act(&self, on: &str) -> Act {
        self.act_as(Uuid::from_u128(1), on)
    }

    fn act_as(&self, account: Uuid, on: &str) -> Act {
        let actor = Actor { account: Some(account), name: "测试员".into() };
        let now: DateTime<Utc> = format!("{on}T04:00:00Z").parse().unwrap();
        Act { pool: self.pool.clone(), scope: self.scope.clone(), actor, now }
    }

    /// A list that was handed over, and its lines: of whom, and what is due in yuan.
    async fn handed_over(&self, body: Body, of: &str, lines: &[Handed<'_>]) {
        let quarter = quarter(of);
        let (id, on) = (Uuid::now_v7(), quarter.first_day().unwrap());
        let new = NewList { body, quarter, on, document: "合成交办1号".into() };
        let mut connection = self.pool.acquire().await.unwrap();
        list_store::insert(&mut connection, &self.act("2024-02-10"), id, &new).await.unwrap();
        for line in lines {
            sqlx::query(
                "INSERT INTO allocation_line (district, list, uscc, measure, name, subdistrict, title, article, grade, years, kind,
                     outcome, base, unit, rate, per_unit, amount, why, accounts, receipt)
                 VALUES ('330105', $1, $2, $3, $4, '330105012', '措施', '合成1号', 'D', 1, $5, $6, NULL, '千瓦时', '0.05', $7, $8, '',
                     $9, $10)",
            )
            .bind(id)
            .bind(code(line.number))
            .bind(line.measure)
            .bind(format!("企业{}", line.number))
            .bind(if line.amount.is_some() { "amount" } else { "bar" })
            .bind(if line.amount.is_some() { "due" } else { "barred" })
            .bind(line.amount.map(|_| dec!(0.05)))
            .bind(line.amount)
            .bind(line.amount.map(|_| vec![format!("HU-{}", line.number)]).unwrap_or_default())
            .bind(&self.receipt)
            .execute(&mut *connection)
            .await
            .unwrap();
        }
    }

    async fn report(&self, number: u32, measure: &str, of: &str, amount: Decimal) -> NewReport {
        let new = said(number, measure, of, amount);
        reports::enter(&self.act("2025-01-15"), Reporter::Office, &new).await.unwrap();
        new
    }

    async fn reconciled(&self, up_to: &str) -> (Uuid, BTreeMap<String, ReconciledRow>) {
        let id = Uuid::now_v7();
        reconciliation::compute(&self.act("2025-01-20"), id, quarter(up_to), &|_, _| {}).await.unwrap();
        let filter = ReconciledFilter::all(id);
        let page = reconciled::page(&self.pool, &self.scope, &filter, Position::Start, 500).await.unwrap();
        let rows = page.rows.into_iter();
        (id, rows.map(|row| (format!("{} {}", row.name.clone().unwrap_or_default(), row.measure), row)).collect())
    }
}

struct Handed<'a> {
    number: u32,
    measure: &'a str,
    amount: Option<Decimal>,
}

fn charged(number: u32) -> Handed<'static> {
    Handed { number, measure: CHARGE, amount: Some(dec!(50000)) }
}

fn barred(number: u32) -> Handed<'static> {
    Handed { number, measure: BAR, amount: None }
}

fn said(number: u32, measure: &str, of: &str, amount: Decimal) -> NewReport {
    let is_charge = measure == CHARGE;
    NewReport {
        quarter: quarter(of),
        uscc: code(number).parse().unwrap(),
        measure: measure.to_owned(),
        done: true,
        quantity: is_charge.then(|| amount / dec!(0.05)),
        amount: Some(amount),
        account: is_charge.then(|| format!("HU-{number}").parse().unwrap()),
        done_on: None,
        note: String::new(),
        document: "合成报送1号".into(),
    }
}

fn day(text: &str) -> chrono::NaiveDate {
    text.parse().unwrap()
}

const QUARTERS: [&str; 4] = ["2024-1", "2024-2", "2024-3", "2024-4"];

#[sqlx::test(migrator = "crate::db::MIGRATOR")]
async fn the_planted_mistakes_of_a_year_are_found_and_nothing_else(pool: PgPool) {
    let bureau = Bureau::open(&pool).await;
    for of in QUARTERS {
        let mut lines: Vec<Handed> = (1..=5).map(charged).collect();
        // The grade of 6 stopped acting after two quarters.
        lines.extend((of < "2024-3").then(|| charged(6)));
        bureau.handed_over(Body::Power, of, &lines).await;
        bureau.handed_over(Body::Finance, of, &[barred(7), barred(8)]).await;
    }
    for of in QUARTERS {
        for number in [1, 2, 4, 6] {
            if (number, of) == (2, "2024-4") || number == 4 && of == "2024-4" {
                continue;
            }
            bureau.report(number, CHARGE, of, dec!(12500)).await;
        }
    }
    let another_meter = NewReport { account: Some("HU-9".parse().unwrap()), ..said(5, CHARGE, "2024-4", dec!(50000)) };
    reports::enter(&bureau.act("2025-01-15"), Reporter::Office, &another_meter).await.unwrap();
    bureau.report(4, CHARGE, "2024-4", dec!(12500.01)).await;
    bureau.report(7, BAR, "2024-3", dec!(200000)).await;

    let (id, lines) = bureau.reconciled("2024-4").await;
    let found = |number: u32, measure: &str| {
        let row = &lines[&format!("企业{number} {measure}")];
        (row.finding, row.gap, row.turn)
    };
    let executing = Some(Turn::Executing);
    assert_eq!(lines.len(), 8, "every line, and nothing twice");
    assert_eq!(found(1, CHARGE), (Finding::Agrees, None, None));
    assert_eq!(found(2, CHARGE), (Finding::NotReported, Some(dec!(12500)), executing));
    assert_eq!(found(3, CHARGE), (Finding::NotReported, Some(dec!(50000)), executing));
    assert_eq!(found(4, CHARGE), (Finding::TooMuch, Some(dec!(0.01)), executing));
    assert_eq!(found(5, CHARGE), (Finding::WrongAccount, Some(dec!(50000)), executing));
    assert_eq!(found(6, CHARGE), (Finding::WithoutGround, Some(dec!(25000)), executing), "after its end");
    assert_eq!(found(7, BAR), (Finding::Against, Some(dec!(200000)), executing));
    assert_eq!(found(8, BAR), (Finding::Agrees, None, None));

    let kept = reconciliations::find(&mut pool.acquire().await.unwrap(), &bureau.scope, id).await.unwrap().unwrap();
    assert_eq!((kept.lines, kept.gaps), (8, 6));
    let (_, _, sums) = kept.totals.0.0.iter().find(|(body, ..)| *body == Body::Power).unwrap();
    assert_eq!(sums.due, dec!(300000));
    assert_eq!(sums.done, [dec!(50000), dec!(50000), dec!(50000), dec!(87500.01)]);
    let inputs = reconciliations::inputs(&pool, &bureau.scope, &kept.receipt).await.unwrap();
    let receipt: (String, String) = sqlx::query_as("SELECT inputs, results FROM receipt WHERE id = $1")
        .bind(&kept.receipt)
        .fetch_one(&pool)
        .await
        .unwrap();
    assert_eq!(reconciliation::again(&receipt.0, &inputs).unwrap(), receipt.1, "made again, the same bytes");
    assert!(reconciliation::again(&receipt.0, &inputs[1..]).is_err(), "a line is missing");
}

#[sqlx::test(migrator = "crate::db::MIGRATOR")]
async fn nothing_is_reported_before_its_list_and_what_is_wrong_is_said_at_its_field(pool: PgPool) {
    let bureau = Bureau::open(&pool).await;
    let act = bureau.act("2024-02-20");
    let first = said(1, CHARGE, "2024-1", dec!(12500));
    let refused = reports::enter(&act, Reporter::Office, &first).await.unwrap_err();
    assert!(matches!(refused, AllocationError::NoList(_, Body::Power)), "{refused}");
    bureau.handed_over(Body::Power, "2024-1", &[charged(1)]).await;
    let id = reports::enter(&act, Reporter::Office, &first).await.unwrap();
    let again = reports::enter(&act, Reporter::Office, &first).await.unwrap_err();
    assert!(matches!(again, AllocationError::ReportTwice), "{again}");
    let of_tax = Reporter::Of(Some(Department::Tax));
    let foreign = reports::enter(&act, of_tax, &said(2, CHARGE, "2024-1", dec!(1))).await.unwrap_err();
    assert!(matches!(foreign, AllocationError::OfAnother(Body::Power)), "{foreign}");
    let nobody = reports::enter(&act, Reporter::Of(None), &said(2, CHARGE, "2024-1", dec!(1))).await.unwrap_err();
    assert!(matches!(nobody, AllocationError::OfAnother(_)), "{nobody}");
    let unknown = reports::enter(&act, Reporter::Office, &said(99, CHARGE, "2024-1", dec!(1))).await.unwrap_err();
    assert!(matches!(unknown, AllocationError::NoSuchEnterprise(_)), "{unknown}");
    assert!(reports::withdraw(&act, of_tax, id, "误报").await.is_err());
    reports::withdraw(&act, Reporter::Office, id, "误报").await.unwrap();
    reports::enter(&act, Reporter::Office, &first).await.unwrap();
    // Something was reported by the list, so it stays.
    let list: Uuid = sqlx::query_scalar("SELECT id FROM allocation_list").fetch_one(&pool).await.unwrap();
    assert!(matches!(lists::withdraw(&act, list, "误交办").await, Err(AllocationError::ListInUse)));
}

#[test]
fn a_report_says_what_was_done_or_why_not() {
    let catalogue = Catalogue::embedded().unwrap();
    let measure = |id: &str| catalogue.measures.named(id).unwrap().1.clone();
    let (charge, bar): (Measure, Measure) = (measure(CHARGE), measure(BAR));
    let today = day("2024-08-15");
    let at = |new: &NewReport, measure: &Measure| -> Vec<String> {
        let faults = rules::faults(new, measure, today);
        faults.iter().map(|fault| fault.place.clone()).collect()
    };
    let sound = NewReport { done_on: Some(day("2024-08-15")), ..said(1, CHARGE, "2024-3", dec!(12500)) };
    assert_eq!(at(&sound, &charge), Vec::<String>::new());
    let cases = [
        (NewReport { amount: None, ..sound.clone() }, vec!["amount"]),
        (NewReport { amount: Some(dec!(-0.01)), ..sound.clone() }, vec!["amount"]),
        (NewReport { amount: Some(dec!(0.001)), ..sound.clone() }, vec!["amount"]),
        (NewReport { quantity: Some(dec!(1000000000001)), ..sound.clone() }, vec!["quantity"]),
        (NewReport { done_on: Some(day("2024-06-30")), ..sound.clone() }, vec!["done_on"]),
        (NewReport { done_on: Some(day("2024-08-16")), ..sound.clone() }, vec!["done_on"]),
        (NewReport { quarter: quarter("2024-4"), done_on: None, ..sound.clone() }, vec!["quarter"]),
        (NewReport { done: false, ..sound.clone() }, vec!["note", "quantity", "amount", "account", "done_on"]),
    ];
    for (new, expected) in cases {
        assert_eq!(at(&new, &charge), expected, "{new:?}");
    }
    let given = NewReport { account: Some("HU-1".parse().unwrap()), ..said(1, BAR, "2024-3", dec!(1)) };
    assert_eq!(at(&given, &bar), ["account"], "a finance department keeps no accounts");
    let zero = NewReport { amount: Some(dec!(0)), quantity: None, ..sound };
    assert_eq!(at(&zero, &charge), Vec::<String>::new(), "nothing to be paid is a report");
}

#[sqlx::test(migrator = "crate::db::MIGRATOR")]
async fn a_list_is_drawn_once_and_signed_for_once(pool: PgPool) {
    let bureau = Bureau::open(&pool).await;
    let act = bureau.act("2024-02-20");
    let new = NewList {
        body: Body::Power,
        quarter: quarter("2024-1"),
        on: day("2024-02-19"),
        document: "合成交办1号".into(),
    };
    let early = NewList { on: day("2023-12-31"), ..new.clone() };
    assert!(matches!(lists::guard(&act, &early).await, Err(AllocationError::DayOutside(..))));
    let late = NewList { on: day("2024-02-21"), ..new.clone() };
    assert!(matches!(lists::guard(&act, &late).await, Err(AllocationError::InFuture(_))));
    let id = Uuid::now_v7();
    lists::draw(&act, id, &new, &|_| {}).await.unwrap();
    assert!(matches!(lists::guard(&act, &new).await, Err(AllocationError::ListTwice(..))));
    let list = list_store::find(&mut pool.acquire().await.unwrap(), &bureau.scope, id).await.unwrap().unwrap();
    assert_eq!((list.lines, list.enterprises), (0, 0), "nobody has a grade");
    let signed = |on: &str| {
        let act = &act;
        let on = day(on);
        async move { lists::acknowledge(act, id, (on, "经办人")).await }
    };
    assert!(matches!(signed("2024-02-18").await, Err(AllocationError::AcknowledgedEarly(_))));
    assert!(matches!(signed("2024-02-21").await, Err(AllocationError::InFuture(_))));
    signed("2024-02-20").await.unwrap();
    assert!(matches!(signed("2024-02-20").await, Err(AllocationError::NoOpenList)));
    lists::withdraw(&act, id, "日期有误").await.unwrap();
    lists::guard(&act, &new).await.unwrap();
}

#[sqlx::test(migrator = "crate::db::MIGRATOR")]
async fn a_drawing_can_be_done_again_from_its_seed(pool: PgPool) {
    let bureau = Bureau::open(&pool).await;
    let lines: Vec<Handed> = (1..=10).map(charged).collect();
    bureau.handed_over(Body::Power, "2024-1", &lines).await;
    bureau.report(1, CHARGE, "2024-1", dec!(50000)).await;
    let (id, _) = bureau.reconciled("2024-1").await;
    let drawing = Drawing {
        reconciliation: id,
        seed: "合成纪要1号".into(),
        percent: Some(dec!(35)),
        body: None,
        only_gaps: true,
    };
    let act = bureau.act("2025-02-01");
    let number = audit::draw(&act, &drawing).await.unwrap();
    let audit = audits::find(&mut pool.acquire().await.unwrap(), &bureau.scope, number).await.unwrap().unwrap();
    assert_eq!((audit.among, audit.drawn), (9, 4), "a share is rounded up");
    let drawn = audits::drawn(&pool, &bureau.scope, &audit, (Position::Start, 500)).await.unwrap().rows;
    let drawn: Vec<String> = drawn.iter().map(|row| format!("{} {}", row.line.uscc, row.line.measure)).collect();
    let among: Vec<String> = (2..=10).map(|number| format!("{} {CHARGE}", code(number))).collect();
    assert_eq!(drawn, sample::drawn("合成纪要1号", &among, dec!(35)), "in SQL as by hand");
    for (wrong, percent) in [("", dec!(35)), ("x", dec!(0)), ("x", dec!(100.1))] {
        let drawing = Drawing { seed: wrong.into(), percent: Some(percent), ..drawing.clone() };
        assert!(matches!(audit::draw(&act, &drawing).await, Err(AllocationError::Faults(_))), "{wrong} {percent}");
    }
    let none = Drawing { body: Some(Body::Banks), ..drawing };
    assert!(matches!(audit::draw(&act, &none).await, Err(AllocationError::NothingToDraw)));
}

#[sqlx::test(migrator = "crate::db::MIGRATOR")]
async fn a_finding_goes_to_its_end_between_two_persons(pool: PgPool) {
    let bureau = Bureau::open(&pool).await;
    bureau.handed_over(Body::Power, "2024-1", &[charged(1), charged(2)]).await;
    let (id, lines) = bureau.reconciled("2024-1").await;
    let (auditor, answering) = (Uuid::from_u128(7), Uuid::from_u128(8));
    let act = bureau.act_as(auditor, "2025-02-01");
    let drawing =
        Drawing { reconciliation: id, seed: "1".into(), percent: Some(dec!(100)), body: None, only_gaps: false };
    let audit = audit::draw(&act, &drawing).await.unwrap();
    let keys: Vec<_> = lines.values().map(ReconciledRow::key).collect();
    assert_eq!(audit::look(&act, (audit, &keys[0]), &Looked::Sound).await.unwrap(), None);
    let twice = audit::look(&act, (audit, &keys[0]), &Looked::Sound).await;
    assert!(matches!(twice, Err(AllocationError::NotDrawn)));
    let silent = audit::look(&act, (audit, &keys[1]), &Looked::Finding { words: String::new() }).await;
    assert!(matches!(silent, Err(AllocationError::Faults(_))));
    let words = "未执行加价".to_owned();
    let number = audit::look(&act, (audit, &keys[1]), &Looked::Finding { words }).await.unwrap().unwrap();
    let finding = async || {
        let mut connection = pool.acquire().await.unwrap();
        findings::by_number(&mut connection, &bureau.scope, number).await.unwrap().unwrap()
    };
    let opened = finding().await;
    assert_eq!(
        (opened.state, opened.due, opened.finding),
        (State::Opened, Some(day("2025-03-03")), Finding::NotReported)
    );
    assert!(!opened.is_late(day("2025-03-03")) && opened.is_late(day("2025-03-04")));
    let seen = |of: &findings::Finding| Seen { id: of.id, version: of.version };
    let told = Told { words: "已补收", document: None };
    assert!(steps::rectify(&act, seen(&opened), Some(dec!(50000)), told).await.is_err(), "nobody answered");
    let other = bureau.act_as(answering, "2025-02-10");
    let foreign = steps::answer(&other, Reporter::Of(Some(Department::Tax)), seen(&opened), told).await;
    assert!(matches!(foreign, Err(AllocationError::OfAnother(Body::Power))));
    steps::answer(&other, Reporter::Office, seen(&opened), told).await.unwrap();
    let answered = finding().await;
    assert_eq!((answered.state, answered.answered_by), (State::Answered, Some(answering)));
    let stale = steps::give_back(&act, seen(&opened), told).await;
    assert!(matches!(stale, Err(AllocationError::Workflow(_))), "somebody was faster");
    steps::give_back(&act, seen(&answered), told).await.unwrap();
    assert_eq!(finding().await.state, State::Opened);
    steps::answer(&other, Reporter::Office, seen(&finding().await), told).await.unwrap();
    let last = finding().await;
    let same = steps::rectify(&other, seen(&last), None, told).await;
    assert!(matches!(same, Err(AllocationError::SamePerson(_))), "whoever answers does not close");
    let fraction = steps::rectify(&act, seen(&last), Some(dec!(0.001)), told).await;
    assert!(matches!(fraction, Err(AllocationError::Faults(_))));
    steps::rectify(&act, seen(&last), Some(dec!(50000)), told).await.unwrap();
    let closed = finding().await;
    assert_eq!((closed.state, closed.due, closed.rectified_yuan), (State::Rectified, None, Some(dec!(50000))));
    let timeline = findings::timeline(&mut pool.acquire().await.unwrap(), &bureau.scope, closed.id).await.unwrap();
    assert_eq!(timeline.len(), 5);
}
