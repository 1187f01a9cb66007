//! What pages and programs send alike: entering, lists, steps, tasks. Everything wrong is told at once, at its field.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::case;
use super::opening::{self, ListOrder, NewEntry, Opening};
use super::plan::{Milestone, Plan};
use super::steps::{self, Hearing, Seen, Told};
use super::store::files::{self, File};
use super::store::tasks::{Done, NewTask};
use super::wording;
use super::{Ground, State, Step, SubjectKind, TaskKind, Way, acceptance, tasks};
use crate::account::{Access, Department, Officer};
use crate::base::text::Seen as _;
use crate::exchange::Fault;
use crate::web::form::{Field, Reader, Sent, field};
use crate::web::{AppState, Error, Result};
use crate::workflow::Number;

const LISTED: &str = "表中所列的一项";

/// One to be entered.
#[derive(Clone, Debug, Default, Serialize, Deserialize, utoipa::ToSchema)]
#[schema(as = RemediationEntryForm)]
#[serde(default, deny_unknown_fields)]
pub struct EntryForm {
    /// `enterprise` (also without it) or `parcel`.
    pub subject_kind: String,
    /// Credit code or parcel code.
    pub subject: String,
    pub ground: String,
    /// Of the list or the official result.
    pub year: String,
    /// On which it stands, where the registers do not say it.
    pub document: String,
    /// What was found, in Chinese.
    pub words: String,
}

impl EntryForm {
    fn read(&self) -> std::result::Result<NewEntry, Vec<Fault>> {
        let mut reader = Reader::default();
        let kind = field!(self.subject_kind, "对象");
        let kind =
            if kind.is_empty() { Some(SubjectKind::Enterprise) } else { reader.needs::<SubjectKind>(kind, LISTED) };
        let subject = reader.text(field!(self.subject, "信用代码或宗地代码")).map(|text| text.to_uppercase());
        let ground = reader.needs::<Ground>(field!(self.ground, "事由"), LISTED);
        let year = field!(self.year, "所属年度");
        let year = if year.is_empty() { None } else { reader.needs_year(year) };
        let document = reader.may_text(field!(self.document, "依据文件"));
        let words = reader.may_text(field!(self.words, "事实"));
        let all = kind.zip(subject).zip(ground);
        let new = all.map(|((subject_kind, subject), ground)| NewEntry {
            subject_kind,
            subject,
            ground,
            year,
            document,
            words,
        });
        reader.finish(new)
    }
}

/// # Errors
/// The faults of the form, or what the registers refuse.
pub async fn enter(state: &AppState, officer: &Officer, form: &EntryForm) -> Result<Number> {
    let new = form.read().map_err(Error::Input)?;
    Ok(opening::open(&officer.act(state), &new, officer.department).await?)
}

/// Everybody of a list.
#[derive(Clone, Debug, Default, Serialize, Deserialize, utoipa::ToSchema)]
#[schema(as = RemediationListForm)]
#[serde(default, deny_unknown_fields)]
pub struct ListForm {
    /// `below_line`, or `grade_d` with a category.
    pub ground: String,
    pub year: String,
    /// Of the official result, such as `industry_above`.
    pub category: String,
    /// What the batch is called.
    pub name: String,
}

impl ListForm {
    fn read(&self) -> std::result::Result<ListOrder, Vec<Fault>> {
        let mut reader = Reader::default();
        let ground = reader.needs::<Ground>(field!(self.ground, "事由"), LISTED);
        let year = reader.needs_year(field!(self.year, "所属年度"));
        let category = reader.may_text(field!(self.category, "评价类别"));
        let name = reader.may_text(field!(self.name, "批次名称"));
        let order = ground.zip(year).map(|(ground, year)| ListOrder {
            ground,
            year,
            category,
            name: name.unwrap_or_else(|| format!("{year}年度{ground}")),
        });
        reader.finish(order)
    }
}

/// # Errors
/// The faults of the form, or a list that is not there.
pub async fn enter_all(state: &AppState, officer: &Officer, form: &ListForm) -> Result<Opening> {
    let order = form.read().map_err(Error::Input)?;
    Ok(opening::open_all(&officer.act(state), &order).await?)
}

/// A step of a file; which fields count depends on the step.
#[derive(Clone, Debug, Default, Serialize, Deserialize, utoipa::ToSchema)]
#[schema(as = RemediationStepForm)]
#[serde(default, deny_unknown_fields)]
pub struct StepForm {
    /// `verify`, `plan`, `notify`, `hear`, `start`, `suspend`, `resume`, `escalate`, `ask_acceptance`, `agree`, `return`,
    /// `strike_off`, `look_back` or `drop`.
    pub step: String,
    /// The version that was looked at.
    pub version: i32,
    /// The day it happened; today without it.
    pub on: String,
    /// What was found, said or decided, in Chinese.
    pub reason: String,
    pub document: String,
    /// Of `hear`: `heard` or `not_asked`.
    pub hearing: String,
    /// Of `escalate`: to whom.
    pub to: String,
    /// Of `plan` and `return`: until when.
    pub due: String,
    /// Of `ask_acceptance`: the full year that is to prove an upgrade; the last one without it.
    pub year: String,
    /// Of `plan`: `upgrade`, `close`, `take_back`, `move` or `merge`.
    pub way: String,
    /// Of `plan`, an upgrade: 元/亩.
    pub target: String,
    /// Of `plan`, an upgrade: the full year in which it is to be reached.
    pub target_year: String,
    /// Of `plan`: what is going to be done.
    pub measures: String,
    /// Of `plan`, land taken back: the number of the contract.
    pub contract: String,
    /// Of `plan`, a move: the code of the parcel.
    pub new_parcel: String,
    /// Of `plan`: nine digits.
    pub subdistrict: String,
    /// Of `plan`: the department in charge.
    pub lead: String,
    /// Of `plan`: those beside it.
    pub departments: Vec<String>,
    /// Of `plan`: one a line, a day and what is reached then.
    pub milestones: String,
    /// Of `strike_off`: land that became free, in mu.
    pub mu_freed: String,
}

impl StepForm {
    /// As a page sends it.
    ///
    /// # Errors
    /// The page sent no version.
    pub fn of(sent: &Sent) -> Result<Self> {
        let text = |name: &str| sent.typed(name).unwrap_or_default().to_owned();
        Ok(StepForm {
            step: text("step"),
            version: sent.version()?,
            on: text("on"),
            reason: text("reason"),
            document: text("document"),
            hearing: text("hearing"),
            to: text("to"),
            due: text("due"),
            year: text("year"),
            way: text("way"),
            target: text("target"),
            target_year: text("target_year"),
            measures: text("measures"),
            contract: text("contract"),
            new_parcel: text("new_parcel"),
            subdistrict: text("subdistrict"),
            lead: text("lead"),
            departments: sent.all("departments").map(str::to_owned).collect(),
            milestones: text("milestones"),
            mu_freed: text("mu_freed"),
        })
    }

    fn plan(&self) -> std::result::Result<Plan, Vec<Fault>> {
        let mut reader = Reader::default();
        let way = reader.needs::<Way>(field!(self.way, "整治方式"), LISTED);
        let target = reader.positive(field!(self.target, "亩均税收目标（元/亩）"));
        let target_year = field!(self.target_year, "验收年度");
        let target_year = if target_year.is_empty() { None } else { reader.needs_year(target_year) };
        let measures = reader.text(field!(self.measures, "整治措施"));
        let contract = reader.may_text(field!(self.contract, "出让合同编号"));
        let new_parcel = reader.may_text(field!(self.new_parcel, "迁入宗地代码"));
        let due = reader.needs_day(field!(self.due, "完成期限"));
        let subdistrict = reader.may_text(field!(self.subdistrict, "责任街道"));
        let lead = reader.needs::<Department>(field!(self.lead, "牵头部门"), LISTED);
        let departments: Option<Vec<Department>> = self
            .departments
            .iter()
            .filter(|code| !code.seen().is_empty())
            .map(|code| reader.needs::<Department>(Field::new("departments", "配合部门", code), LISTED))
            .collect();
        let milestones = reader.lines(field!(self.milestones, "节点"), milestone);
        let all = way.zip(measures).zip(due.zip(lead)).zip(departments.zip(milestones));
        let plan = all.map(|(((way, measures), (due, lead)), (departments, milestones))| Plan {
            way,
            target: target.filter(|_| way == Way::Upgrade),
            target_year: target_year.filter(|_| way == Way::Upgrade),
            measures,
            contract,
            new_parcel,
            due,
            subdistrict,
            lead,
            departments: departments.into_iter().filter(|department| *department != lead).collect(),
            milestones,
        });
        reader.finish(plan)
    }
}

/// `2027-03-31 设备到位`.
fn milestone(reader: &mut Reader, line: Field<'_>) -> Option<Milestone> {
    let text = line.given()?;
    let (day, what) = text.split_once(char::is_whitespace).unwrap_or((text, ""));
    match day.parse() {
        Ok(due) if !what.seen().is_empty() => Some(Milestone { due, what: what.seen().to_owned() }),
        _ => {
            reader.wrong(line, "“日期（YYYY-MM-DD） 内容”，一行一个");
            None
        }
    }
}

/// The file of a number.
///
/// # Errors
/// There is none in the scope.
pub async fn file_of(state: &AppState, officer: &Officer, number: &str) -> Result<File> {
    let missing = || Error::NotFound(case::TABLE.missing.into());
    let number: Number = number.parse().map_err(|()| missing())?;
    let mut connection = state.pool.acquire().await?;
    files::by_number(&mut connection, &officer.scope, number).await?.ok_or_else(missing)
}

/// Whether somebody may take a step of a file.
pub fn may(officer: &Officer, step: Step, state: State) -> bool {
    let struck_back = step == Step::Return && state == State::Accepted && officer.may(Access::StrikeOffRemediation);
    struck_back || officer.may(case::access(step))
}

/// Takes a step as it was sent.
///
/// # Errors
/// A role that may not, what cannot be read, or what the step refuses.
pub async fn take(state: &AppState, officer: &Officer, number: &str, form: &StepForm) -> Result<()> {
    let file = file_of(state, officer, number).await?;
    let mut reader = Reader::default();
    let step = reader.needs::<Step>(field!(form.step, "办理事项"), LISTED);
    let on = reader.day_done(field!(form.on, "日期"), state.clock.today());
    let (step, on) = reader.finish(step.zip(on)).map_err(Error::Input)?;
    if !may(officer, step, file.state) {
        return Err(Error::Forbidden);
    }
    let act = officer.act(state);
    let seen = Seen { file: file.id, version: form.version };
    let document = field!(form.document, "文号").given();
    let told = Told { on, words: form.reason.seen(), document };
    match step {
        Step::Verify => steps::verify(&act, seen, told).await?,
        Step::Plan => steps::plan(&act, seen, &form.plan().map_err(Error::Input)?).await?,
        Step::Notify => steps::notify(&act, seen, told).await?,
        Step::Hear => {
            let mut reader = Reader::default();
            let hearing = reader.needs::<Hearing>(field!(form.hearing, "听取意见"), LISTED);
            let hearing = reader.finish(hearing).map_err(Error::Input)?;
            steps::hear(&act, seen, hearing, told).await?;
        }
        Step::Start => steps::start(&act, seen, told).await?,
        Step::Suspend => steps::suspend(&act, seen, told).await?,
        Step::Resume => steps::resume(&act, seen, told).await?,
        Step::Escalate => steps::escalate(&act, seen, form.to.seen(), told).await?,
        Step::AskAcceptance => {
            let mut reader = Reader::default();
            let year = field!(form.year, "验收年度");
            let year = if year.is_empty() { Some(None) } else { reader.needs_year(year).map(Some) };
            acceptance::ask(&act, seen, reader.finish(year).map_err(Error::Input)?, told).await?;
        }
        Step::Agree => {
            acceptance::agree(&act, seen, officer.department, form.reason.seen()).await?;
        }
        Step::Return => {
            let mut reader = Reader::default();
            let due = reader.needs_day(field!(form.due, "重新整治的期限"));
            let due = reader.finish(due.map(Some)).map_err(Error::Input)?;
            acceptance::give_back(&act, seen, due, told).await?;
        }
        Step::StrikeOff => {
            let mut reader = Reader::default();
            let empty = Field::new("mu_freed", "", "");
            let freed = reader.land(empty, field!(form.mu_freed, "腾出土地（亩）"));
            let freed = reader.finish(Some(freed)).map_err(Error::Input)?;
            acceptance::strike_off(&act, seen, freed, told).await?;
        }
        Step::LookBack => acceptance::look_back(&act, seen, told).await?,
        Step::Drop => steps::drop_file(&act, seen, told).await?,
        Step::Open | Step::AddGround | Step::SetTask | Step::FinishTask | Step::Attach | Step::Accept => {
            return Err(Error::Input(vec![wording::wrong("step", format!("“{step}”不在此办理"))]));
        }
    }
    Ok(())
}

/// A task for a department.
#[derive(Clone, Debug, Default, Serialize, Deserialize, utoipa::ToSchema)]
#[schema(as = RemediationTaskForm)]
#[serde(default, deny_unknown_fields)]
pub struct TaskForm {
    /// `finding`, `order`, `fine`, `recheck` or `milestone`.
    pub kind: String,
    pub department: String,
    pub what: String,
    pub due: String,
}

/// # Errors
/// The faults of the form, or a file that is not being carried out.
pub async fn set_task(state: &AppState, officer: &Officer, number: &str, form: &TaskForm) -> Result<Uuid> {
    let file = file_of(state, officer, number).await?;
    let mut reader = Reader::default();
    let kind = reader.needs::<TaskKind>(field!(form.kind, "任务类型"), LISTED);
    let department = reader.needs::<Department>(field!(form.department, "承办部门"), LISTED);
    let what = reader.text(field!(form.what, "任务内容"));
    let due = reader.needs_day(field!(form.due, "期限"));
    let all = kind.zip(department).zip(what.zip(due));
    let new = all.map(|((kind, department), (what, due))| NewTask { kind, department, what, due });
    let new = reader.finish(new).map_err(Error::Input)?;
    Ok(tasks::set(&officer.act(state), file.id, &new).await?)
}

/// What became of a task.
#[derive(Clone, Debug, Default, Serialize, Deserialize, utoipa::ToSchema)]
#[schema(as = RemediationDoneForm)]
#[serde(default, deny_unknown_fields)]
pub struct DoneForm {
    /// Today without it.
    pub on: String,
    pub result: String,
    /// Of an order and of a fine.
    pub document: String,
    /// Of a fine: 元.
    pub amount: String,
}

impl DoneForm {
    fn read(&self, today: NaiveDate) -> std::result::Result<Done, Vec<Fault>> {
        let mut reader = Reader::default();
        let on = reader.day_done(field!(self.on, "办结日期"), today);
        let result = reader.text(field!(self.result, "办理结果"));
        let document = reader.may_text(field!(self.document, "文号"));
        let amount_yuan = reader.yuan(field!(self.amount, "罚款金额（元）")).map(|amount| amount.0);
        let done = on.zip(result).map(|(on, result)| Done { on, result, document, amount_yuan });
        reader.finish(done)
    }
}

/// # Errors
/// The faults of the form, another department's task, or one that is done.
pub async fn finish_task(
    state: &AppState,
    officer: &Officer,
    (number, task): (&str, Uuid),
    form: &DoneForm,
) -> Result<()> {
    let file = file_of(state, officer, number).await?;
    let done = form.read(state.clock.today()).map_err(Error::Input)?;
    Ok(tasks::finish(&officer.act(state), (file.id, task), officer.department, &done).await?)
}

/// A drawing.
#[derive(Clone, Debug, Default, Serialize, Deserialize, utoipa::ToSchema)]
#[schema(as = RemediationSampleForm)]
#[serde(default, deny_unknown_fields)]
pub struct SampleForm {
    /// Anything that nobody could choose for its outcome; the same seed draws the same.
    pub seed: String,
}
