//! Breach files and notices, each file brought to another step.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use rust_decimal::Decimal;
use uuid::Uuid;

use super::{Judged, Office, before};
use crate::account::Act;
use crate::contract::days::days_after;
use crate::contract::event::{Duty, DutyKind, EventKind};
use crate::demo::register::noon;
use crate::obligations::line::{Line, State};
use crate::supervision::breach::decision;
use crate::supervision::breach::step::{self, Asked};
use crate::supervision::breach::store as files;
use crate::supervision::breach::{BreachStep, Remedy};
use crate::supervision::notice::store::listing::Wanted;
use crate::supervision::notice::store::{self as notices, Delivery, Notice};
use crate::supervision::notice::{DeliveryWay, NoticeKind, NoticeState};

/// A duty that is late for so many days was late all the time that its file is about.
const LATE_FOR: i64 = 50;

pub struct Made {
    pub files: usize,
    pub notices: u64,
}

/// What happens to a file, so many days before the last day.
#[derive(Clone, Copy, Debug)]
enum What {
    Open,
    Send,
    Deliver,
    Step(BreachStep),
    /// Until so many days after the last day.
    Rectify(i64),
    Propose(Remedy),
}

use BreachStep as B;
use What::{Deliver, Open, Propose, Rectify, Send, Step};

/// Told and delivered in good time.
const TOLD: [(i64, What); 4] = [(44, Open), (42, Send), (39, Deliver), (38, Step(B::Notify))];

/// The courses of files on duties that are still late.
fn courses() -> Vec<Vec<(i64, What)>> {
    let told = |more: &[(i64, What)]| [&TOLD[..], more].concat();
    vec![
        vec![(1, Open)],
        vec![(6, Open), (2, Send)],
        vec![(12, Open), (10, Send), (9, Step(B::Notify)), (5, Deliver)],
        told(&[]),
        told(&[(20, Step(B::Answer))]),
        told(&[(26, Step(B::Answer)), (22, Rectify(30))]),
        told(&[(30, Step(B::Answer)), (28, Rectify(-8))]),
        told(&[(26, Step(B::Answer)), (12, Propose(Remedy::Penalty))]),
        told(&[(28, Step(B::Answer)), (19, Propose(Remedy::Penalty)), (15, Step(B::Return))]),
        told(&[(30, Step(B::Answer)), (21, Propose(Remedy::Penalty)), (9, Step(B::Decide))]),
        told(&[(32, Step(B::Answer)), (25, Propose(Remedy::Penalty)), (18, Step(B::Decide)), (6, Step(B::Pay))]),
    ]
}

/// What a file is about.
struct Subject {
    number: String,
    duty: Duty,
}

/// One thing to be done, in the order of days.
struct Scene {
    on: NaiveDate,
    /// The place of its file.
    file: usize,
    what: What,
}

struct Plan {
    subjects: Vec<Subject>,
    scenes: Vec<Scene>,
}

impl Plan {
    fn add(&mut self, number: &str, duty: Duty, course: impl IntoIterator<Item = (NaiveDate, What)>) {
        let file = self.subjects.len();
        self.subjects.push(Subject { number: number.to_owned(), duty });
        self.scenes.extend(course.into_iter().map(|(on, what)| Scene { on, file, what }));
    }
}

/// Brings reminders and files where they are to be.
pub async fn play(office: &Office<'_>, contracts: &BTreeMap<String, Judged>) -> anyhow::Result<Made> {
    let mut plan = Plan { subjects: Vec::new(), scenes: Vec::new() };
    still_late(contracts, &mut plan);
    over(contracts, &mut plan);
    plan.scenes.sort_by_key(|scene| (scene.on, scene.file));
    let notices = remind(office).await?;
    for scene in &plan.scenes {
        let subject = &plan.subjects[scene.file];
        take(office, subject, scene).await.map_err(|error| {
            anyhow::anyhow!("{} {} on {}: {:?}: {error:#}", subject.number, subject.duty, scene.on, scene.what)
        })?;
    }
    Ok(Made { files: plan.subjects.len(), notices })
}

fn dated(course: Vec<(i64, What)>) -> impl Iterator<Item = (NaiveDate, What)> {
    course.into_iter().map(|(days, what)| (before(days), what))
}

/// Files on what is late to this day, each in another state; and one on land that is to be taken back.
fn still_late(contracts: &BTreeMap<String, Judged>, plan: &mut Plan) {
    let works = [DutyKind::Payment, DutyKind::Start, DutyKind::Completion, DutyKind::Production];
    let late = |line: &&Line| {
        let owed = line.yuan().is_some_and(|money| !money.is_zero());
        works.contains(&line.duty.kind) && line.state == State::Overdue && line.days > LATE_FOR && owed
    };
    let open = contracts.values().filter(|it| !has(it, EventKind::Rescinded) && !has(it, EventKind::Terminated));
    let open = open.filter(|it| !has(it, EventKind::TakenBack));
    let idle = |it: &&Judged| it.lines.iter().any(|line| line.consequence.arithmetic.contains("无偿收回"));
    let (idle, others): (Vec<&Judged>, Vec<&Judged>) = open.partition(|it| idle(it));
    let mut subjects = others.iter().filter_map(|it| Some((&it.contract.number, it.lines.iter().find(late)?)));
    for course in courses() {
        let Some((number, line)) = subjects.next() else { break };
        plan.add(number, line.duty, dated(course));
    }
    let land = idle.iter().find_map(|it| {
        let start = |line: &&Line| line.duty.kind == DutyKind::Start && line.state == State::Overdue;
        Some((&it.contract.number, it.lines.iter().find(start)?))
    });
    if let Some((number, line)) = land {
        let back = [(31, Step(B::Answer)), (14, Propose(Remedy::TakingBack)), (5, Step(B::Decide))];
        plan.add(number, line.duty, dated([&TOLD[..], &back].concat()));
    }
}

/// Files on what is over: paid late, waived on paper, and owed under a contract that has ended.
fn over(contracts: &BTreeMap<String, Judged>, plan: &mut Plan) {
    let find = |wanted: &dyn Fn(&Line) -> bool, ended: bool| {
        let ends = |it: &&Judged| has(it, EventKind::Rescinded) == ended;
        let mut of = contracts.values().filter(ends);
        of.find_map(|it| Some((it.contract.number.clone(), it.lines.iter().find(|line| wanted(line))?.clone())))
    };
    let paid_late =
        |line: &Line| line.duty.kind == DutyKind::Payment && line.state == State::MetLate && line.days >= 40;
    if let Some((number, line)) = find(&paid_late, false) {
        let on = |days: i64, what| (days_after(line.due, days), what);
        let heal = on(line.days + 3, Step(B::Heal));
        plan.add(
            &number,
            line.duty,
            [on(10, Open), on(12, Send), on(15, Deliver), on(16, Step(B::Notify)), on(25, Step(B::Answer)), heal],
        );
    }
    let waived = |line: &Line| line.duty.kind == DutyKind::Start && line.state == State::Waived;
    if let Some((number, line)) = find(&waived, false) {
        let on = |days: i64, what| (days_after(line.due, days), what);
        plan.add(&number, line.duty, [on(20, Open), on(22, Send), on(82, Step(B::Drop))]);
    }
    let owed = |line: &Line| line.duty.kind == DutyKind::Payment && line.state == State::Overdue;
    if let Some((number, line)) = find(&owed, true) {
        let course = vec![(16, Open), (13, Send), (12, Step(B::Notify)), (8, Deliver)];
        plan.add(&number, line.duty, dated(course));
    }
}

fn has(judged: &Judged, kind: EventKind) -> bool {
    judged.contract.events.iter().any(|event| event.happening.kind() == kind)
}

async fn take(office: &Office<'_>, subject: &Subject, scene: &Scene) -> anyhow::Result<()> {
    let login = if matches!(scene.what, Step(B::Decide | B::Return)) { "approver" } else { "contract" };
    let at_work = office.at_work(login, scene.on)?;
    match scene.what {
        Open => {
            step::open(&at_work, &subject.number, subject.duty, scene.on).await?;
        }
        Send | Deliver => {
            let notice = step::notice_of(office.pool, office.scope, &file(office, subject).await?).await?;
            let notice = notice.ok_or_else(|| anyhow::anyhow!("it has no notice"))?;
            pass_on(office, &at_work, &notice, scene).await?;
        }
        Step(wanted) => {
            let amount = if wanted == B::Decide { owed(office, subject, scene.on).await? } else { None };
            step_on(office, &at_work, subject, Asked { amount, ..asked(wanted, scene.on) }).await?;
        }
        Rectify(days) => {
            let until = Some(before(-days));
            step_on(office, &at_work, subject, Asked { until, ..asked(B::Rectify, scene.on) }).await?;
        }
        Propose(remedy) => {
            let remedy = Some(remedy);
            step_on(office, &at_work, subject, Asked { remedy, ..asked(B::Propose, scene.on) }).await?;
        }
    }
    Ok(())
}

fn asked(step: BreachStep, on: NaiveDate) -> Asked {
    let reason = match step {
        B::Notify => "示例：告知书已发出，登记告知",
        B::Answer => "示例：受让人书面陈述资金周转困难",
        B::Rectify => "示例：责令限期履行",
        B::Propose => "示例：逾期属实，陈述理由不成立",
        B::Return => "示例：请补充受让人资产情况后再报",
        B::Decide => "示例：同意",
        B::Heal => "示例：核实已履行",
        B::Pay => "示例：违约金已入库",
        B::TakeBack => "示例：已收回",
        B::Drop => "示例：已依文件免除，撤案",
    };
    let document = (step == B::Pay).then(|| "缴款凭证（合成）".to_owned());
    Asked { step, version: 0, on, reason: reason.into(), until: None, remedy: None, amount: None, document }
}

/// What the approver sees on the day.
async fn owed(office: &Office<'_>, subject: &Subject, on: NaiveDate) -> anyhow::Result<Option<Decimal>> {
    let (_, lines) = step::checked(office.pool, office.scope, &subject.number, on, noon(on)).await?;
    let line = lines.iter().find(|line| line.duty == subject.duty);
    Ok(decision::owed(line).map(|(money, _)| money.0))
}

async fn step_on(office: &Office<'_>, at_work: &Act, subject: &Subject, asked: Asked) -> anyhow::Result<()> {
    let file = file(office, subject).await?;
    let asked = Asked { version: file.version, ..asked };
    step::take(at_work, &file, &asked).await?;
    Ok(())
}

/// The file of a duty.
async fn file(office: &Office<'_>, subject: &Subject) -> anyhow::Result<files::Breach> {
    let wanted = files::listing::Wanted { contract: Some(&subject.number), size: 20, ..Default::default() };
    let found = files::listing::list(office.pool, office.scope, &wanted).await?;
    let found = found.into_iter().find(|file| file.duty() == Some(subject.duty));
    found.ok_or_else(|| anyhow::anyhow!("there is no file yet"))
}

async fn pass_on(office: &Office<'_>, at_work: &Act, notice: &Notice, scene: &Scene) -> anyhow::Result<()> {
    if matches!(scene.what, Send) {
        let draft = notices::draft(office.pool, office.scope, notice, scene.on, at_work.now).await?;
        notices::send(at_work, notice, DeliveryWay::RegisteredMail, &draft).await?;
    } else {
        deliver(at_work, notice, scene.on).await?;
    }
    Ok(())
}

async fn deliver(at_work: &Act, notice: &Notice, on: NaiveDate) -> anyhow::Result<()> {
    let receipt = format!("示例邮件回执-{}", notice.number().unwrap_or_default());
    let delivery = Delivery { on, to: "示例签收人（虚构）", receipt: &receipt };
    Ok(notices::deliver(at_work, notice, &delivery).await?)
}

/// Reminders of a month before: sent and delivered, sent, withdrawn; the others still wait.
async fn remind(office: &Office<'_>) -> anyhow::Result<u64> {
    let prepared = office.prepare(before(60)).await?;
    let reminder =
        |notice: &Notice| matches!(notice.kind, NoticeKind::Payment | NoticeKind::Start | NoticeKind::Completion);
    let prepared_state = Some(NoticeState::Prepared);
    let wanted = Wanted { state: prepared_state, size: 1000, ..Wanted::default() };
    let mut reminders = notices::listing::list(office.pool, office.scope, &wanted).await?;
    // The others have had their day before they could go out.
    reminders.retain(|notice| reminder(notice) && notice.due >= before(58));
    reminders.sort_by(|a, b| (a.due, &a.contract, &a.duty).cmp(&(b.due, &b.contract, &b.duty)));
    reminders.truncate(5);
    for (place, notice) in reminders.iter().enumerate() {
        let on = before(58);
        let at_work = office.at_work("contract", on)?;
        if place + 1 == reminders.len() {
            notices::withdraw(&at_work, notice, "示例：受让人已来函说明，不再提醒").await?;
            continue;
        }
        let draft = notices::draft(office.pool, office.scope, notice, on, at_work.now).await?;
        notices::send(&at_work, notice, DeliveryWay::Electronic, &draft).await?;
        if place < 2 {
            let sent = find(office, notice.id).await?;
            deliver(&office.at_work("contract", before(56))?, &sent, before(56)).await?;
        }
    }
    Ok(prepared)
}

async fn find(office: &Office<'_>, id: Uuid) -> anyhow::Result<Notice> {
    let found = notices::find(office.pool, office.scope, id).await?;
    found.ok_or_else(|| anyhow::anyhow!("the notice {id} is gone"))
}
