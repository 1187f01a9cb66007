//! The register of platforms, with the form to enter one.

use askama::Template;
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use crate::account::list::{EntryBeside, FormBeside, Paths};
use crate::account::{Access, Act, List, Officer};
use crate::base::conversion::Dimension;
use crate::db::count::Total;
use crate::db::keyset::{Page, Position};
use crate::evaluation::registers::listed::{NewPlatform, PlatformCode, PlatformKind};
use crate::evaluation::registers::platforms::{self, PLATFORMS, PlatformError};
use crate::evaluation::store::registers::platforms::{self as store, PlatformFilter, PlatformKey, PlatformLine};
use crate::exchange::Fault;
use crate::kept::dated::Dated;
use crate::kept::list::{DatedList, KeptList, day_columns, last_columns, marked, read_days};
use crate::web::form::{Reader, Sent, Shown, refused_at};
use crate::web::list::{Cell, Column, Parameters, View, non_empty, read};
use crate::web::{self, AppState, Error, Shell};

/// Every field may be absent or empty, which is the same.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct ListParameters {
    pub kind: String,
    pub on: String,
    pub q: String,
    /// `1`: also those withdrawn.
    pub all: String,
    pub after: String,
    pub size_of_page: String,
}

impl Parameters for ListParameters {}

pub struct PlatformList {
    state: AppState,
    officer: Officer,
    filter: PlatformFilter,
}

#[derive(Template)]
#[template(path = "evaluation/platforms.html")]
struct PlatformsPage {
    shell: Shell,
    view: View,
    may_enter: bool,
    /// Names that enterprises give and no platform has.
    strangers: Vec<String>,
    /// Empty, or as it was typed when it was refused.
    form: Shown,
}

impl List for PlatformList {
    type Parameters = ListParameters;
    type Row = PlatformLine;
    type Key = PlatformKey;

    const PATHS: Paths = crate::list_paths!("/evaluation/platforms");
    const SHEET: &'static str = "产业平台";

    fn columns() -> Vec<Column<Self, PlatformLine>> {
        let mut columns = vec![
            Column::both(
                "编号",
                |_, line: &PlatformLine| Cell::text(&line.code),
                |_, line: &PlatformLine| line.code.as_str().into(),
            ),
            Column::both(
                "平台名称",
                |_, line: &PlatformLine| marked(Cell::text(&line.name), &line.kept),
                |_, line: &PlatformLine| line.name.as_str().into(),
            ),
            Column::both(
                "类型",
                |_, line: &PlatformLine| Cell::text(line.kind),
                |_, line: &PlatformLine| line.kind.label().into(),
            ),
            Column::both(
                "星（等）级",
                |_, line: &PlatformLine| Cell::or_missing(line.level),
                |_, line: &PlatformLine| line.level.map(i64::from).into(),
            )
            .number(),
            Column::both(
                "面积（亩）",
                |_, line: &PlatformLine| Cell::or_missing(line.area_mu.map(|area| area.normalize())),
                |_, line: &PlatformLine| line.area_mu.into(),
            )
            .number(),
            Column::both(
                "现有企业（家）",
                |_, line: &PlatformLine| Cell::text(line.enterprises),
                |_, line: &PlatformLine| line.enterprises.into(),
            )
            .number(),
        ];
        columns.extend(day_columns());
        columns.extend(last_columns());
        columns
    }

    async fn ask(state: &AppState, officer: Officer, parameters: &ListParameters) -> web::Result<Self> {
        let filter = PlatformFilter {
            kind: read(&parameters.kind, "没有这种平台类型")?,
            on: read(&parameters.on, "日期应写作2024-12-31")?,
            text: non_empty(&parameters.q).map(str::to_owned),
            all: non_empty(&parameters.all).is_some(),
        };
        Ok(PlatformList { state: state.clone(), officer, filter })
    }

    async fn page(&self, position: Position<PlatformKey>, size: u16) -> web::Result<Page<PlatformLine, PlatformKey>> {
        Ok(store::page(&self.state.pool, &self.officer.scope, &self.filter, &position, size).await?)
    }

    async fn total(&self) -> web::Result<Total> {
        Ok(store::total(&self.state.pool, &self.officer.scope, &self.filter).await?)
    }

    async fn render(&self, state: &AppState, view: View) -> web::Result<String> {
        self.render_with(state, view, Shown::default()).await
    }
}

/// Names without a platform that the page tells.
const STRANGERS_SHOWN: i64 = 20;

impl KeptList for PlatformList {
    const ENDING: &'static str = "终止或撤销";

    fn may_end(&self) -> bool {
        self.officer.may(Access::KeepEvaluationLists)
    }
}

impl DatedList for PlatformList {
    const REGISTER: Dated = PLATFORMS;
}

impl FormBeside for PlatformList {
    async fn render_with(&self, state: &AppState, view: View, form: Shown) -> web::Result<String> {
        let strangers = store::named_by_nobody(&self.state.pool, &self.officer.scope, STRANGERS_SHOWN).await?;
        let (shell, may_enter) = (self.officer.shell(state, "产业平台登记"), self.may_end());
        Ok(PlatformsPage { shell, view, may_enter, strangers, form }.render()?)
    }
}

impl EntryBeside for PlatformList {
    type New = NewPlatform;

    fn read_new(sent: &Sent, _: NaiveDate) -> Result<NewPlatform, Vec<Fault>> {
        let mut reader = Reader::default();
        let code =
            reader.needs::<PlatformCode>(sent.field("code", "编号"), "至多40位字母、数字、-和_，以字母或数字开头");
        let name = reader.text(sent.field("name", "平台名称"));
        let kind = reader.needs::<PlatformKind>(sent.field("kind", "类型"), "表中所列的类型");
        let level = reader.may_between(sent.field("level", "星（等）级"), (1, 5), "1至5的整数，未评定的留空");
        let area_mu = reader.measure(sent.field("area_mu", "面积"), (Dimension::Land, "亩"));
        let valid = read_days(&mut reader, sent);
        let document = reader.text(sent.field("document", "依据文件"));
        let all = code.zip(name).zip(kind.zip(valid)).zip(document);
        let new = all.map(|(((code, name), (kind, valid)), document)| NewPlatform {
            code,
            name,
            kind,
            level: level.and_then(|level| u8::try_from(level).ok()),
            area_mu,
            valid,
            document,
        });
        reader.finish(new)
    }

    async fn enter(act: &Act, new: &NewPlatform) -> web::Result<()> {
        platforms::enter(act, new).await?;
        Ok(())
    }
}

impl From<PlatformError> for Error {
    fn from(error: PlatformError) -> Self {
        match error {
            PlatformError::Database(error) => error.into(),
            PlatformError::Twice => refused_at("code", error),
        }
    }
}
