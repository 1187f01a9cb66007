//! One enterprise: names over time, what it holds, its returns, and the steward's confirmations.

use askama::Template;
use axum::extract::{Path, RawForm, State};
use axum::response::{Html, Redirect};
use futures_util::future::try_join_all;
use rust_decimal::Decimal;

use super::{area, badge, metres};
use crate::account::{Access, Department, Officer};
use crate::base::clock::china_minute;
use crate::base::ratio::Ratio;
use crate::base::text::Seen;
use crate::base::unit::{Mu, grouped, square_metres_of};
use crate::enterprise::api::{last_year, not_found};
use crate::enterprise::land::LandDays;
use crate::enterprise::store::{self, Figure, FigureError, Holding, Version};
use crate::enterprise::{FigureState, HoldingSide, Indicator};
use crate::room::{Link, SubjectLinks};
use crate::web::{self, AppState, Error, Shell};

#[derive(Template)]
#[template(path = "enterprise/one.html")]
struct OnePage {
    shell: Shell,
    /// What holds now, or last held.
    current: Version,
    versions: Vec<Version>,
    holdings: Vec<Holding>,
    years: Vec<Year>,
    /// The department whose figures the reader may confirm.
    own: Option<Department>,
    corrected: Vec<Figure>,
    may_write: bool,
    /// What other rooms have of it.
    links: Vec<(SubjectLinks, Vec<Link>)>,
}

/// The returns of one year: a cell for each indicator, missing ones empty.
struct Year {
    year: i32,
    cells: Vec<(Indicator, Option<Figure>)>,
    land: LandDays,
}

impl Year {
    fn days_of(&self, holding: &Holding) -> i64 {
        holding.valid.days_in_year(self.year)
    }

    fn land_text(&self) -> String {
        self.land.average(self.year).map_or("无法核算".into(), |land| {
            let text = |area: &Ratio, places| area.rounded(places).map_or("—".into(), |area| grouped(area, places));
            format!("{} 平方米，合 {} 亩", text(&square_metres_of(&land), 2), text(&land, 4))
        })
    }
}

impl OnePage {
    fn may_keep(&self, figure: &Figure) -> bool {
        self.own == Some(figure.department)
    }

    fn may_confirm(&self, figure: &Figure) -> bool {
        self.may_keep(figure) && figure.state == FigureState::Reported
    }

    fn newest_year(&self) -> Option<i32> {
        self.years.first().map(|year| year.year)
    }
}

pub async fn show(
    State(state): State<AppState>,
    officer: Officer,
    Path(uscc): Path<String>,
    kinds: Vec<SubjectLinks>,
) -> web::Result<Html<String>> {
    let (pool, scope) = (&state.pool, &officer.scope);
    let versions = store::versions(pool, scope, &uscc).await?;
    let today = state.clock.today();
    let known = || versions.iter().filter(|version| version.superseded_at.is_none());
    let current = known().find(|version| version.valid.contains(today)).or_else(|| known().next());
    let current = current.cloned().ok_or_else(|| not_found(&uscc))?;
    let holdings = store::holdings(pool, scope, &uscc).await?;
    let figures = store::figures(pool, scope, &uscc).await?;
    let (figures, corrected): (Vec<_>, Vec<_>) = figures.into_iter().partition(|figure| figure.superseded_at.is_none());
    let years = years_of(&figures, &holdings, last_year(&state));
    let own = officer.department.filter(|_| officer.may(Access::ConfirmFigures));
    let may_write = officer.may(Access::WriteEnterprises);
    let shell = officer.shell(&state, current.name.clone());
    let links = try_join_all(kinds.iter().map(|kind| (kind.find)(&state, &officer, &uscc))).await?;
    let links = kinds.into_iter().zip(links).collect();
    Ok(Html(OnePage { shell, current, versions, holdings, years, own, corrected, may_write, links }.render()?))
}

/// The years with figures, newest first; the year that is due when there are none.
fn years_of(figures: &[Figure], holdings: &[Holding], due: i32) -> Vec<Year> {
    let mut years: Vec<i32> = figures.iter().map(|figure| i32::from(figure.year)).collect();
    years.dedup();
    if years.is_empty() {
        years.push(due);
    }
    let cell = |year: i32, indicator: Indicator| {
        figures.iter().find(|figure| i32::from(figure.year) == year && figure.indicator == indicator).cloned()
    };
    let of_year = |year: i32| Year {
        year,
        cells: Indicator::ALL.iter().map(|indicator| (*indicator, cell(year, *indicator))).collect(),
        land: store::land_of(holdings, year),
    };
    years.into_iter().map(of_year).collect()
}

fn steward(officer: &Officer) -> web::Result<Department> {
    officer.department.ok_or_else(|| Error::BadRequest("您的账号没有所属部门，不能确认数据。请联系系统管理员".into()))
}

pub async fn confirm(
    State(state): State<AppState>,
    officer: Officer,
    Path((uscc, id)): Path<(String, i64)>,
) -> web::Result<Redirect> {
    let own = steward(&officer)?;
    store::confirm_figure(&officer.act(&state), own, (&uscc, id)).await?;
    Ok(Redirect::to(&format!("/enterprises/{uscc}#returns")))
}

pub async fn correct(
    State(state): State<AppState>,
    officer: Officer,
    Path((uscc, id)): Path<(String, i64)>,
    RawForm(body): RawForm,
) -> web::Result<Redirect> {
    let own = steward(&officer)?;
    let field = |name: &str| {
        form_urlencoded::parse(&body)
            .find(|(field, _)| field == name)
            .map_or(String::new(), |(_, value)| value.seen().to_owned())
    };
    let value: Decimal = field("value")
        .replace([',', '，'], "")
        .parse()
        .map_err(|_| Error::BadRequest("更正后的数值应为数字".into()))?;
    let change = (value, field("reason"));
    store::correct_figure(&officer.act(&state), own, (&uscc, id), (change.0, &change.1)).await?;
    Ok(Redirect::to(&format!("/enterprises/{uscc}#returns")))
}

impl From<FigureError> for Error {
    fn from(error: FigureError) -> Self {
        match error {
            FigureError::NotFound => Error::NotFound("没有这项数据".into()),
            FigureError::OtherDepartment(department) => {
                Error::BadRequest(format!("这项数据由{department}负责，只能由该部门的数据管理员确认或更正"))
            }
            FigureError::Stale { by, at, reason } => {
                let at = china_minute(&at);
                Error::Conflict(format!("这项数据已由{by}于 {at} 更新（{reason}），请返回查看后再办理"))
            }
            FigureError::Confirmed => Error::Conflict("这项数据已经确认".into()),
            FigureError::Negative(indicator) => Error::BadRequest(format!("{indicator}不能为负数")),
            FigureError::TooLarge(indicator) => {
                let bounds = indicator.dimension().bounds().wording();
                Error::BadRequest(format!("{indicator}超出可信范围，应{bounds}。请核对数值和单位"))
            }
            FigureError::NoReason => Error::BadRequest("请填写更正原因".into()),
            FigureError::Database(error) => error.into(),
        }
    }
}

fn number(value: &Decimal) -> String {
    let value = value.normalize();
    grouped(value, value.scale().max(if value.scale() > 0 { 2 } else { 0 }))
}

fn mu(land: &Option<Mu>) -> String {
    land.map_or("—".into(), |land| grouped(land.0, land.0.normalize().scale().max(4)))
}

fn sign(side: &HoldingSide) -> &'static str {
    if *side == HoldingSide::LeasedOut { "−" } else { "" }
}
