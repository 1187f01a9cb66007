//! The dated lists that name their members, with the form to enter some.

use askama::Template;
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use crate::account::list::{EntryBeside, FormBeside, Paths};
use crate::account::{Access, Act, List, Officer};
use crate::db::count::Total;
use crate::db::keyset::{Page, Position};
use crate::evaluation::covered::{KEY_PLATFORM, PILOT};
use crate::evaluation::present::subject_page;
use crate::evaluation::registers::listed::{GROUP_PREFIX, ListCode, NewMembers};
use crate::evaluation::registers::lists::{self, LISTS, ListError};
use crate::evaluation::store::registers::lists::{self as store, ListFilter, ListKey, ListLine};
use crate::exchange::{Fault, FaultCode};
use crate::kept::dated::Dated;
use crate::kept::list::{DatedList, KeptList, day_columns, last_columns, marked, read_days};
use crate::scoring::scheme::SubjectKind;
use crate::web::form::{Reader, Sent, Shown, refused_at};
use crate::web::list::{Cell, Column, Parameters, View, non_empty, read};
use crate::web::{self, AppState, Error, Shell};

/// Every field may be absent or empty, which is the same.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct ListParameters {
    pub list: String,
    pub kind: String,
    pub on: String,
    pub q: String,
    /// `1`: also those withdrawn.
    pub all: String,
    pub after: String,
    pub size_of_page: String,
}

impl Parameters for ListParameters {}

pub struct MemberList {
    state: AppState,
    officer: Officer,
    filter: ListFilter,
}

#[derive(Template)]
#[template(path = "evaluation/lists.html")]
struct ListsPage {
    shell: Shell,
    view: View,
    may_enter: bool,
    /// Empty, or as it was typed when it was refused.
    form: Shown,
}

impl List for MemberList {
    type Parameters = ListParameters;
    type Row = ListLine;
    type Key = ListKey;

    const PATHS: Paths = crate::list_paths!("/evaluation/lists");
    const SHEET: &'static str = "评价名单";

    fn columns() -> Vec<Column<Self, ListLine>> {
        let mut columns = vec![
            Column::both(
                "名单",
                |_, line: &ListLine| Cell::text(&line.list),
                |_, line: &ListLine| line.list.as_str().into(),
            ),
            Column::both(
                "对象",
                |_, line: &ListLine| {
                    let name = line.name.as_deref().unwrap_or(&line.subject);
                    let page = subject_page(line.subject_kind.code(), &line.subject);
                    marked(Cell::link(page, name).note(&line.subject), &line.kept)
                },
                |_, line: &ListLine| line.name.clone().into(),
            ),
            Column::file("代码", |_, line: &ListLine| line.subject.as_str().into()),
            Column::both(
                "类别",
                |_, line: &ListLine| Cell::text(line.subject_kind),
                |_, line: &ListLine| line.subject_kind.label().into(),
            ),
        ];
        columns.extend(day_columns());
        columns.extend(last_columns());
        columns
    }

    async fn ask(state: &AppState, officer: Officer, parameters: &ListParameters) -> web::Result<Self> {
        let filter = ListFilter {
            list: non_empty(&parameters.list).map(str::to_owned),
            kind: read(&parameters.kind, "没有这种对象")?,
            subject: non_empty(&parameters.q).map(str::to_owned),
            on: read(&parameters.on, "日期应写作2024-12-31")?,
            all: non_empty(&parameters.all).is_some(),
        };
        Ok(MemberList { state: state.clone(), officer, filter })
    }

    async fn page(&self, position: Position<ListKey>, size: u16) -> web::Result<Page<ListLine, ListKey>> {
        Ok(store::page(&self.state.pool, &self.officer.scope, &self.filter, &position, size).await?)
    }

    async fn total(&self) -> web::Result<Total> {
        Ok(store::total(&self.state.pool, &self.officer.scope, &self.filter).await?)
    }

    async fn render(&self, state: &AppState, view: View) -> web::Result<String> {
        self.render_with(state, view, Shown::default()).await
    }
}

impl KeptList for MemberList {
    const ENDING: &'static str = "终止或撤销";

    fn may_end(&self) -> bool {
        self.officer.may(Access::KeepEvaluationLists)
    }
}

impl DatedList for MemberList {
    const REGISTER: Dated = LISTS;
}

impl FormBeside for MemberList {
    async fn render_with(&self, state: &AppState, view: View, form: Shown) -> web::Result<String> {
        let (shell, may_enter) = (self.officer.shell(state, "评价名单"), self.may_end());
        Ok(ListsPage { shell, view, may_enter, form }.render()?)
    }
}

/// Members entered at once are so many at most.
const MOST: usize = 2_000;

impl EntryBeside for MemberList {
    type New = NewMembers;

    fn read_new(sent: &Sent, _: NaiveDate) -> Result<NewMembers, Vec<Fault>> {
        let mut reader = Reader::default();
        let list = reader.needs::<ListCode>(sent.field("list", "名单编号"), "至多40位小写字母、数字和_");
        let kind = reader.needs::<SubjectKind>(sent.field("kind", "对象"), "企业、平台或宗地");
        let field = sent.field("subjects", "对象代码");
        let subjects = reader.needs_lines(field, |reader, line| reader.text(line));
        if subjects.as_ref().is_some_and(|subjects| subjects.len() > MOST) {
            reader.push(field.fault(FaultCode::BadRequest, format!("一次至多登记{MOST}个对象")));
        }
        let valid = read_days(&mut reader, sent);
        let document = reader.text(sent.field("document", "依据文件"));
        let all = list.zip(kind).zip(subjects.zip(valid)).zip(document);
        let new = all.map(|(((list, kind), (mut subjects, valid)), document)| {
            subjects.sort();
            subjects.dedup();
            NewMembers { list, kind, subjects, valid, document }
        });
        reader.finish(new)
    }

    async fn enter(act: &Act, new: &NewMembers) -> web::Result<()> {
        lists::enter(act, new).await?;
        Ok(())
    }
}

impl From<ListError> for Error {
    fn from(error: ListError) -> Self {
        match error {
            ListError::Database(error) => error.into(),
            ListError::Own(_) => refused_at("list", error),
            ListError::Unknown(_) | ListError::Twice(_) => refused_at("subjects", error),
        }
    }
}
