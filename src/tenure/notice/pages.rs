//! The list of notices, and one of them as it is printed.

mod export;

use askama::Template;
use axum::Form;
use axum::extract::{Path, Query, State};
use axum::response::{Html, Redirect, Response};
use chrono::NaiveDate;
use serde::Deserialize;
use uuid::Uuid;

use super::outgoing::{Outgoing, Over};
use super::store::listing::{self, Wanted};
use super::store::runs::{self, Run};
use super::store::{self, Delivery, Notice, NoticeError};
use super::{DeliveryWay, NoticeKind, NoticeState, NoticeStep, template};
use crate::account::{Access, Officer, Routes};
use crate::base::clock::china_time;
use crate::print;
use crate::tenure::as_of::AsOf;
use crate::tenure::asked::given;
use crate::tenure::pages::segment;
use crate::tenure::record::Desk;
use crate::tenure::store as register;
use crate::web::list::{self, after, cut};
use crate::web::{self, AppState, Error, Shell};

const PAGE: usize = 50;

/// Due day and number of the last notice of a page.
pub type Cursor = (NaiveDate, Uuid);

pub fn routes() -> Routes {
    Routes::new()
        .get("/notices", Access::ReadRegisters, show_list)
        .get("/notices.csv", Access::ReadRegisters, export::export)
        .get("/notices.xlsx", Access::ReadRegisters, export::export)
        .post("/notices/prepare", Access::WriteContracts, prepare)
        .get("/notices/{id}", Access::ReadRegisters, show)
        .get("/notices/{id}/notice.pdf", Access::ReadRegisters, pdf)
        .post("/notices/{id}/step", Access::WriteContracts, step)
}

impl From<NoticeError> for Error {
    fn from(error: NoticeError) -> Self {
        let words = error.to_string();
        match error {
            NoticeError::NotFound => Error::NotFound(words),
            NoticeError::Stale(_) | NoticeError::Over(_) | NoticeError::Changed(_) => Error::Conflict(words),
            NoticeError::Missing(_) | NoticeError::Duty(_) => Error::BadRequest(words),
            NoticeError::Record(error) => error.into(),
            NoticeError::Store(error) => error.into(),
            NoticeError::Database(error) => error.into(),
            NoticeError::Other(error) => Error::Internal(error),
        }
    }
}

/// What the list is asked.
#[derive(Clone, Debug, Default, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(default, deny_unknown_fields)]
pub struct Asked {
    /// `prepared`, `sent`, `delivered` or `withdrawn`.
    pub state: String,
    /// `payment`, `start`, `completion`, `breach`, `idle_investigation` or `decision`.
    pub kind: String,
    /// One contract, by its number.
    pub contract: String,
    /// The day on whose evening in China the list is looked at (YYYY-MM-DD), not after today; today without it.
    pub as_of: String,
    /// `next` of the page before.
    pub after: String,
}

impl list::Asked for Asked {
    fn fields(&self) -> Vec<(&'static str, &str)> {
        vec![("state", &self.state), ("kind", &self.kind), ("contract", &self.contract), ("as_of", &self.as_of)]
    }
}

/// One page of notices and where the next begins.
pub async fn page(
    state: &AppState,
    officer: &Officer,
    asked: &Asked,
    as_of: AsOf,
) -> web::Result<(Vec<Notice>, Option<Cursor>)> {
    fetch(state, officer, asked, as_of, (after(&asked.after)?, PAGE)).await
}

/// So many notices after a cursor.
async fn fetch(
    state: &AppState,
    officer: &Officer,
    asked: &Asked,
    as_of: AsOf,
    (after, size): (Option<Cursor>, usize),
) -> web::Result<(Vec<Notice>, Option<Cursor>)> {
    let wanted = Wanted {
        state: given(&asked.state)
            .map(|text| NoticeState::parse(text).ok_or_else(|| Error::BadRequest("没有这种通知状态".into())))
            .transpose()?,
        kind: given(&asked.kind)
            .map(|text| NoticeKind::parse(text).ok_or_else(|| Error::BadRequest("没有这种通知".into())))
            .transpose()?,
        contract: given(&asked.contract),
        until: as_of.until,
        after,
        size: size as i64 + 1,
    };
    let notices = listing::list(&state.pool, &officer.scope, &wanted).await?;
    Ok(cut(notices, size, |last| (last.due, last.id)))
}

#[derive(Template)]
#[template(path = "tenure/notice/list.html")]
struct ListPage {
    shell: Shell,
    asked: Asked,
    as_of: AsOf,
    notices: Vec<Notice>,
    next: Option<Cursor>,
    may_write: bool,
    /// When notices were last prepared without being asked.
    last_run: Option<Run>,
}

impl ListPage {
    /// The address of the same list as a file, without its ending.
    fn file(&self) -> String {
        list::Asked::address(&self.asked, "after", "")
    }

    fn next(&self) -> Option<String> {
        list::Asked::next_page(&self.asked, self.next.as_ref())
    }

    /// The page of its contract on the same day.
    fn contract(&self, notice: &Notice) -> String {
        format!("/contracts/{}{}", segment(&notice.contract), list::address(&[("as_of", &self.asked.as_of)], "", ""))
    }

    fn states(&self) -> &'static [NoticeState] {
        NoticeState::ALL
    }

    fn kinds(&self) -> &'static [NoticeKind] {
        NoticeKind::ALL
    }
}

fn moment(at: &chrono::DateTime<chrono::Utc>) -> String {
    china_time(*at).format("%Y-%m-%d %H:%M").to_string()
}

pub fn badge(state: &NoticeState) -> &'static str {
    match state {
        NoticeState::Prepared => "bg-yellow-lt",
        NoticeState::Sent => "bg-blue-lt",
        NoticeState::Delivered => "bg-green-lt",
        NoticeState::Withdrawn => "bg-secondary-lt",
    }
}

async fn show_list(
    State(state): State<AppState>,
    officer: Officer,
    Query(asked): Query<Asked>,
) -> web::Result<Html<String>> {
    let as_of = AsOf::read(&asked.as_of, state.clock)?;
    let (notices, next) = page(&state, &officer, &asked, as_of).await?;
    let (shell, may_write) = (officer.shell(&state, "通知"), officer.may(Access::WriteContracts));
    let last_run = runs::last(&state.pool, &officer.scope).await?;
    Ok(Html(ListPage { shell, asked, as_of, notices, next, may_write, last_run }.render()?))
}

async fn prepare(State(state): State<AppState>, officer: Officer) -> web::Result<Redirect> {
    let (today, now) = (state.clock.today(), state.clock.now());
    store::prepare_all(&state.pool, &officer.scope, &officer.actor(), today, now).await?;
    Ok(Redirect::to("/notices?state=prepared"))
}

#[derive(Template)]
#[template(path = "tenure/notice/one.html")]
struct OnePage {
    shell: Shell,
    notice: Notice,
    title: &'static str,
    article: &'static str,
    issuer: String,
    today: NaiveDate,
    may_write: bool,
    /// Of a notice that waits: as it would go out on the day asked about, or why it is over.
    draft: Option<Result<Outgoing, Over>>,
    /// It would not say what was seen when it was to be sent.
    changed: bool,
}

impl OnePage {
    fn ways(&self) -> &'static [DeliveryWay] {
        DeliveryWay::ALL
    }

    fn may(&self, step: NoticeStep) -> bool {
        self.may_write && self.notice.state.after(step).is_some()
    }

    fn outgoing(&self) -> Option<&Outgoing> {
        self.draft.as_ref()?.as_ref().ok()
    }

    fn over(&self) -> Option<&Over> {
        self.draft.as_ref()?.as_ref().err()
    }

    fn paragraphs(&self) -> Vec<&str> {
        let text = self.outgoing().map_or(self.notice.text(), |outgoing| &outgoing.body);
        text.lines().filter(|line| !line.trim().is_empty()).collect()
    }

    /// To whom: the grantee of the day it goes out on.
    fn addressee(&self) -> &str {
        self.outgoing().map_or(&self.notice.addressee, |outgoing| &outgoing.addressee)
    }

    fn addressee_name(&self) -> &str {
        let same = self.addressee() == self.notice.addressee;
        self.notice.addressee_name.as_deref().filter(|_| same).unwrap_or_default()
    }
}

/// How a notice is looked at.
#[derive(Clone, Debug, Default, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(default, deny_unknown_fields)]
pub struct Look {
    /// The day on which it would go out (YYYY-MM-DD), not after today; today without it.
    pub on: String,
    /// Set when it was to be sent and does not say what was seen any more.
    #[param(ignore)]
    pub changed: String,
}

impl Look {
    fn on(&self, state: &AppState) -> web::Result<NaiveDate> {
        let today = state.clock.today();
        match given(&self.on).map(str::parse) {
            None => Ok(today),
            Some(Ok(day)) if day <= today => Ok(day),
            Some(Ok(_)) => Err(Error::BadRequest("发送日期不能晚于今天".into())),
            Some(Err(_)) => Err(Error::BadRequest("日期应写成 YYYY-MM-DD".into())),
        }
    }
}

async fn show(
    State(state): State<AppState>,
    officer: Officer,
    Path(id): Path<Uuid>,
    Query(look): Query<Look>,
) -> web::Result<Html<String>> {
    Ok(Html(letter(&state, &officer, id, &look).await?.render()?))
}

/// The letter on A4, of the day it was sent.
async fn pdf(
    State(state): State<AppState>,
    officer: Officer,
    Path(id): Path<Uuid>,
    Query(look): Query<Look>,
) -> web::Result<Response> {
    let page = letter(&state, &officer, id, &look).await?;
    let number = page.notice.number().unwrap_or_else(|| page.notice.contract.clone());
    print::answer(&page.render()?, &format!("{} {number}", page.title), page.notice.sent_on.unwrap_or(page.today)).await
}

/// A notice with what it would say on a day, while it waits.
pub async fn look_at(
    state: &AppState,
    officer: &Officer,
    id: Uuid,
    look: &Look,
) -> web::Result<(Notice, Option<Result<Outgoing, Over>>)> {
    let notice = store::find(&state.pool, &officer.scope, id).await?.ok_or(NoticeError::NotFound)?;
    if notice.state != NoticeState::Prepared {
        return Ok((notice, None));
    }
    let on = look.on(state)?;
    match store::draft(&state.pool, &officer.scope, &notice, on, state.clock.now()).await {
        Ok(draft) => Ok((notice, Some(Ok(draft.outgoing)))),
        Err(NoticeError::Over(over)) => Ok((notice, Some(Err(over)))),
        Err(error) => Err(error.into()),
    }
}

async fn letter(state: &AppState, officer: &Officer, id: Uuid, look: &Look) -> web::Result<OnePage> {
    let (notice, draft) = look_at(state, officer, id, look).await?;
    let template = template::of(notice.kind);
    Ok(OnePage {
        shell: officer.shell(state, format!("{} {}", notice.kind, notice.contract)),
        title: &template.title,
        article: &template.article,
        issuer: state.settings.district_name.clone(),
        today: state.clock.today(),
        may_write: officer.may(Access::WriteContracts),
        changed: given(&look.changed).is_some(),
        draft,
        notice,
    })
}

/// A step by form or program.
#[derive(Clone, Debug, Default, Deserialize, utoipa::ToSchema)]
#[serde(default)]
pub struct StepForm {
    /// The version that was looked at.
    pub version: i32,
    /// `send`, `deliver` or `withdraw`.
    pub step: String,
    /// Send and deliver: the day.
    pub on: String,
    /// Send: `in_person`, `registered_mail`, `electronic`, `left_at_place` or `public_notice`.
    pub way: String,
    /// Send: the `mark` of the text that was seen for that day. Another text is not sent.
    pub mark: String,
    /// Deliver: who signed, and what proves it.
    pub to: String,
    pub receipt: String,
    /// Withdraw: why.
    pub reason: String,
}

/// Takes a step for the page and for the API alike.
///
/// # Errors
/// Also when the text to be sent is another than the one that was seen.
pub async fn take(state: &AppState, officer: &Officer, id: Uuid, form: &StepForm) -> Result<Notice, StepError> {
    let notice = store::find(&state.pool, &officer.scope, id).await?.ok_or(NoticeError::NotFound)?;
    if notice.version != form.version {
        return Err(NoticeError::Stale(notice.state).into());
    }
    let today = state.clock.today();
    let day = || match given(&form.on) {
        None => Ok(today),
        Some(text) => text.parse().map_err(|_| Error::BadRequest("日期应写成 YYYY-MM-DD".into())),
    };
    let practice = register::practice_on(&state.pool, today).await?;
    let actor = officer.actor();
    let now = state.clock.now();
    let desk = Desk { pool: &state.pool, scope: &officer.scope, actor: &actor, now, practice: &practice };
    match NoticeStep::parse(&form.step).ok_or_else(|| Error::BadRequest("没有这种操作".into()))? {
        NoticeStep::Send => {
            let way = DeliveryWay::parse(&form.way).ok_or_else(|| Error::BadRequest("请选择送达方式".into()))?;
            let mark = given(&form.mark).ok_or(NoticeError::Missing("请先查看要发出的文本，再连同其标记发送"))?;
            let on: NaiveDate = day()?;
            if on > today {
                return Err(Error::BadRequest("发送日期不能晚于今天".into()).into());
            }
            let draft = store::draft(&state.pool, &officer.scope, &notice, on, now).await?;
            if draft.outgoing.mark != mark {
                return Err(NoticeError::Changed(on).into());
            }
            store::send(&desk, officer.account, &notice, way, &draft).await?;
        }
        NoticeStep::Deliver => {
            let on: NaiveDate = day()?;
            if on > today {
                return Err(Error::BadRequest("送达日期不能晚于今天".into()).into());
            }
            store::deliver(&desk, &notice, &Delivery { on, to: &form.to, receipt: &form.receipt }).await?;
        }
        NoticeStep::Withdraw => store::withdraw(&desk, &notice, &form.reason).await?,
    }
    Ok(store::find(&state.pool, &officer.scope, id).await?.ok_or(NoticeError::NotFound)?)
}

/// Why a step was not taken.
#[derive(Debug)]
pub enum StepError {
    Notice(NoticeError),
    Web(Error),
}

impl From<NoticeError> for StepError {
    fn from(error: NoticeError) -> Self {
        StepError::Notice(error)
    }
}

impl From<sqlx::Error> for StepError {
    fn from(error: sqlx::Error) -> Self {
        StepError::Notice(error.into())
    }
}

impl From<anyhow::Error> for StepError {
    fn from(error: anyhow::Error) -> Self {
        StepError::Notice(error.into())
    }
}

impl From<Error> for StepError {
    fn from(error: Error) -> Self {
        StepError::Web(error)
    }
}

impl From<StepError> for Error {
    fn from(error: StepError) -> Self {
        match error {
            StepError::Notice(error) => error.into(),
            StepError::Web(error) => error,
        }
    }
}

async fn step(
    State(state): State<AppState>,
    officer: Officer,
    Path(id): Path<Uuid>,
    Form(form): Form<StepForm>,
) -> web::Result<Redirect> {
    match take(&state, &officer, id, &form).await {
        Ok(_) => Ok(Redirect::to(&format!("/notices/{id}"))),
        // Shown again as it would go out now, to be sent once it was read.
        Err(StepError::Notice(NoticeError::Changed(on))) => {
            Ok(Redirect::to(&format!("/notices/{id}?on={on}&changed=1")))
        }
        Err(error) => Err(error.into()),
    }
}
