//! One notice: while it waits as it would go out on a day, afterwards as it went out.

use askama::Template;
use axum::extract::{Path, Query, State};
use axum::response::{Html, Response};
use chrono::NaiveDate;
use serde::Deserialize;
use uuid::Uuid;

use super::badge;
use crate::account::{Access, Officer};
use crate::contract::asked::day_done;
use crate::print;
use crate::supervision::notice::outgoing::Outgoing;
use crate::supervision::notice::over::Over;
use crate::supervision::notice::store::{self, Notice, NoticeError};
use crate::supervision::notice::{DeliveryWay, NoticeState, NoticeStep, template};
use crate::web::form::{self, Sent, Shown};
use crate::web::list::given;
use crate::web::{self, AppState, Error, Shell};

#[derive(Template)]
#[template(path = "supervision/notice/one.html")]
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
    /// A step that was not taken, as it was typed.
    back: Shown,
}

impl OnePage {
    /// The form of a step: the one that came back, or an empty one for today.
    fn form(&self, step: NoticeStep) -> Shown {
        match self.back.is_part(step.code()) {
            true => self.back.clone(),
            false => Shown::from(Sent::default().with("on", self.today.to_string())).part(step.code()),
        }
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
        day_done(&self.on, state.clock.today(), "发送日期").map_err(Error::BadRequest)
    }
}

pub async fn show(
    State(state): State<AppState>,
    officer: Officer,
    Path(id): Path<Uuid>,
    Query(look): Query<Look>,
) -> web::Result<Html<String>> {
    Ok(Html(letter(&state, &officer, id, &look).await?.render()?))
}

/// The letter on A4, of the day it was sent.
pub async fn pdf(
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
        back: Shown::default(),
        draft,
        notice,
    })
}

/// The letter with a step that was not taken; of the day that was typed, where a letter can be of that day.
pub async fn again(state: &AppState, officer: &Officer, id: Uuid, back: Shown) -> web::Result<Response> {
    let look = Look { on: back.value("on").to_owned(), ..Look::default() };
    let page = match letter(state, officer, id, &look).await {
        Err(Error::BadRequest(_)) => letter(state, officer, id, &Look::default()).await?,
        other => other?,
    };
    form::page(back.status(), &OnePage { back, ..page })
}
