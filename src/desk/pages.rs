//! `GET /`: the first page after signing in.

use askama::Template;
use axum::extract::State;
use axum::response::Html;

use super::{MOST_COUNTED, Waiting, store};
use crate::account::{Access, Officer, Role, Routes};
use crate::admission::case::store::listing as cases;
use crate::contract::as_of::AsOf;
use crate::low_efficiency::list::ListQuery;
use crate::low_efficiency::{self, Outcome};
use crate::obligations::summary::{Suspicion, summarize};
use crate::obligations::sweep::Question;
use crate::review::pages::list as reviews;
use crate::review::store::panels;
use crate::review::waiting::WaitsFor;
use crate::supervision::breach::{self, blockers::Turn};
use crate::web::{AppState, Result, Shell};
use crate::{annual, contract, inspection};

pub fn routes() -> Routes {
    Routes::new()
        .get("/", Access::SignedIn, show)
        .get("/desk/low-efficiency", Access::ReadRegisters, low_efficiency)
        .get("/desk/contracts", Access::ReadRegisters, contracts)
}

#[derive(Template)]
#[template(path = "desk/desk.html")]
struct DeskPage {
    shell: Shell,
    officer: Officer,
    waiting: Vec<Waiting>,
    may_read: bool,
    may_import: bool,
}

/// What the contracts ask for today.
#[derive(Default, Template)]
#[template(path = "desk/contracts.html")]
struct ContractCounts {
    contracts: usize,
    overdue: usize,
    due_soon: usize,
    idle: usize,
    lapsing: usize,
    to_do: usize,
}

#[derive(Template)]
#[template(path = "desk/low_efficiency.html")]
struct LowEfficiencyCounts {
    year: Option<i32>,
    counts: Vec<(Outcome, i64)>,
}

async fn show(State(state): State<AppState>, officer: Officer) -> Result<Html<String>> {
    let waiting = waiting_for(&state, &officer).await?;
    let (may_read, may_import) = (officer.may(Access::ReadRegisters), officer.may(Access::ImportFiles));
    let page = DeskPage { shell: officer.shell(&state, "工作台"), officer, waiting, may_read, may_import };
    Ok(Html(page.render()?))
}

async fn waiting_for(state: &AppState, officer: &Officer) -> Result<Vec<Waiting>> {
    let mut waiting = Vec::new();
    if let Some(department) = officer.department.filter(|_| officer.may(Access::ConfirmFigures)) {
        waiting.push(Waiting {
            title: "待确认的年度数据",
            count: store::unconfirmed_figures(&state.pool, &officer.scope, department).await?,
            unit: "项",
            href: "/enterprises".into(),
            explanation: "谁主管、谁统计、谁负责：本部门的数据申报后须由本部门确认（二（一）1）。",
        });
    }
    waiting.extend(admission_cases(state, officer).await?);
    waiting.extend(grants(state, officer).await?);
    if officer.may(Access::ApprovePolicy) {
        waiting.push(Waiting {
            title: "待批准的政策与指标",
            count: store::policy_to_approve(&state.pool, &officer.scope, officer.account).await?,
            unit: "件",
            href: "/policy/submissions?state=submitted".into(),
            explanation: "他人提交、须由另一人批准的政策文件、标准地指标和产业目录。",
        });
    }
    if officer.may(Access::ImportFiles) {
        waiting.push(Waiting {
            title: "未完成的导入",
            count: store::open_imports(&state.pool, &officer.scope, officer.account).await?,
            unit: "个",
            href: "/imports".into(),
            explanation: "已上传、尚未提交的文件；有疑问的文件须先回答坐标系或编码。",
        });
    }
    if officer.may(Access::DoInspections) {
        let today = state.clock.today();
        let (due, overdue) =
            inspection::store::counts_for(&state.pool, &officer.scope, officer.account, today, MOST_COUNTED + 1)
                .await?;
        waiting.push(Waiting {
            title: "我的检查任务",
            count: due,
            unit: "项",
            href: "/inspections/field".into(),
            explanation: "等待您到现场检查的任务；手机页面在没有网络时也能填写。",
        });
        if overdue > 0 {
            waiting.push(Waiting {
                title: "其中已逾期",
                count: overdue,
                unit: "项",
                href: "/inspections?mine=1&state=overdue".into(),
                explanation: "已过期限，还没有报送结果。",
            });
        }
    }
    if officer.may(Access::AssignInspections) {
        waiting.push(Waiting {
            title: "待办结的检查",
            count: store::reported_inspections(&state.pool, &officer.scope).await?,
            unit: "项",
            href: "/inspections?state=reported".into(),
            explanation: "已报结果，等待办结或要求复查。",
        });
    }
    if officer.roles.iter().any(|role| matches!(role, Role::Inspector | Role::SubdistrictClerk)) {
        waiting.push(Waiting {
            title: "闲置与低效利用宗地",
            count: store::parcels_to_look_at(&state.pool, &officer.scope).await?,
            unit: "宗",
            href: "/map?theme=supply".into(),
            explanation: "供应状态为闲置或低效利用的宗地（四（一）1）。",
        });
    }
    Ok(waiting)
}

/// Loaded after the page, because it judges every contract of the district.
async fn contracts(State(state): State<AppState>, officer: Officer) -> Result<Html<String>> {
    let question = Question::ask(&state.pool, state.clock.today(), state.clock.now(), None).await?;
    let mut counts = ContractCounts::default();
    let mut batches = contract::store::stream(state.pool.clone(), officer.scope.clone(), question.known_at);
    while let Some(batch) = batches.recv().await {
        for contract in batch? {
            let lines = question.answer(&contract).lines;
            let Some(summary) = summarize(&contract, question.as_of, &lines) else { continue };
            counts.contracts += 1;
            counts.overdue += usize::from(summary.overdue > 0);
            counts.due_soon += usize::from(summary.due_soon > 0);
            counts.idle += usize::from(summary.idle == Suspicion::Suspected);
            counts.lapsing += usize::from(summary.lapsing);
            counts.to_do += usize::from(summary.to_do > 0);
        }
    }
    Ok(Html(counts.render()?))
}

/// Cases of admission that wait for this person.
async fn admission_cases(state: &AppState, officer: &Officer) -> Result<Vec<Waiting>> {
    let department = officer.department.filter(|_| officer.may(Access::GiveOpinions));
    let most = MOST_COUNTED + 1;
    let counts = cases::waiting(&state.pool, &officer.scope, officer.account, department, most).await?;
    let heap =
        |title, count, href: &str, explanation| Waiting { title, count, unit: "件", href: href.into(), explanation };
    let mut waiting = Vec::new();
    if officer.may(Access::HandleCases) {
        let explanation = "待受理、待征求意见、待提出建议、待送达，以及退回补正的准入案件（四（一）2）。";
        waiting.push(heap("待办理的准入案件", counts.handling, "/admission/board", explanation));
    }
    if officer.may(Access::DecideCases) {
        let explanation = "承办人已提出审查建议、须由另一人决定的准入案件。";
        waiting.push(heap("待决定的准入案件", counts.deciding, "/admission/cases?stage=recommended", explanation));
    }
    if department.is_some() {
        let explanation = "征求本部门意见、尚未答复的准入案件。";
        waiting.push(heap("待答复的准入意见", counts.opinions, "/admission/cases?stage=opinions", explanation));
    }
    Ok(waiting)
}

/// What waits for this person under grant contracts: notices, reviews, breach files.
async fn grants(state: &AppState, officer: &Officer) -> Result<Vec<Waiting>> {
    let heap = |title, count: usize, unit, href: &str, explanation| {
        let count = i64::try_from(count).unwrap_or(i64::MAX);
        Waiting { title, count, unit, href: href.into(), explanation }
    };
    let mut waiting = Vec::new();
    let (writes, reader) = (officer.may(Access::WriteContracts), reviews::department_of(officer));
    if writes {
        waiting.push(Waiting {
            title: "待发送的通知",
            count: store::notices_to_send(&state.pool, &officer.scope).await?,
            unit: "份",
            href: "/notices?state=prepared".into(),
            explanation: "按核查拟好的提醒、告知和决定，由人核对后发送（四（一）4）。",
        });
    }
    if writes || reader.is_some() {
        let panels = panels::panels(&state.pool, &officer.scope).await?;
        let count = |waits| reviews::count_waiting(state, officer, &panels, waits, MOST_COUNTED + 1);
        if reader.is_some() {
            let explanation = "竣工综合复核验收、达产复核中本部门负责、尚未出具意见的（四（一）3）。";
            let mine = count(WaitsFor::MyOpinion).await?;
            waiting.push(heap("待出具的复核意见", mine, "次", "/reviews?waiting=mine", explanation));
        }
        if writes {
            let explanation = "各部门意见齐备、待作出结论的竣工综合复核验收和达产复核（四（一）3）。";
            let ready = count(WaitsFor::Conclusion).await?;
            waiting.push(heap("待作结论的复核", ready, "次", "/reviews?waiting=conclusion", explanation));
        }
    }
    let today = AsOf::today(state.clock);
    let due = |turn| breach::pages::list::count_due(state, officer, turn, today, MOST_COUNTED + 1);
    if writes {
        let files = due(Turn::Clerk).await?;
        let explanation = "告知、听取意见、整改期满后的处理、登记缴纳：今天轮到经办人办理的违约案卷（四（一）4）。";
        waiting.push(heap("待办理的违约案卷", files, "件", "/breaches?turn=clerk", explanation));
    }
    if officer.may(Access::DecideBreaches) {
        let files = due(Turn::Approver).await?;
        let explanation = "已提出处理意见、须由另一人审批的违约案卷（四（一）4）。";
        waiting.push(heap("待审批的违约案卷", files, "件", "/breaches?turn=approver", explanation));
    }
    Ok(waiting)
}

/// Loaded after the page, because it judges every enterprise of the district.
async fn low_efficiency(State(state): State<AppState>, officer: Officer) -> Result<Html<String>> {
    let year = annual::store::years(&state.pool, &officer.scope).await?.first().copied();
    let counts = match year {
        None => Vec::new(),
        Some(year) => {
            let line = low_efficiency::store::line_of(&state.pool, year).await?;
            let counts =
                low_efficiency::store::counts(&state.pool, &officer.scope, &ListQuery::of_year(year), &line).await?;
            Outcome::ALL.iter().map(|outcome| (*outcome, counts.of(*outcome))).collect()
        }
    };
    Ok(Html(LowEfficiencyCounts { year, counts }.render()?))
}
