//! 数据齐全: the matrix of a year, and the enterprises behind each of its counts.

use askama::Template;
use axum::Extension;
use axum::extract::{Query, State};
use axum::response::{Html, Response};

use super::asked::{self, Behind};
use super::parameters::NONE;
use super::store;
use super::{Cell, Counted, Kind, Line, ListParameters, MatrixParameters};
use crate::account::{Access, Department, Officer, Routes};
use crate::annual::deciding_day;
use crate::base::clock::china_minute;
use crate::base::unit::grouped;
use crate::codelist::{self, Choice};
use crate::db::keyset::Position;
use crate::enterprise::Indicator;
use crate::exchange::sheet::Value;
use crate::permits::{self, Step};
use crate::web::export::FileLines;
use crate::web::list::{EXPORT_PAGE, Parameters};
use crate::web::{self, AppState, Export, Shell};

const MATRIX_HEADERS: [&str; 11] =
    ["年度", "责任部门", "指标", "单位", "街道代码", "街道", "应报", "缺报", "已申报", "已确认", "存疑"];
const LIST_HEADERS: [&str; 13] = [
    "年度",
    "统一社会信用代码",
    "企业名称",
    "街道代码",
    "街道",
    "类别",
    "规模",
    "指标",
    "数值",
    "上年",
    "单位",
    "状态",
    "存疑原因",
];

pub fn routes() -> Routes {
    Routes::new()
        .get("/returns/completeness", Access::ReadRegisters, show)
        .get("/returns/completeness.csv", Access::ReadRegisters, export)
        .get("/returns/completeness.xlsx", Access::ReadRegisters, export)
        .get("/returns/completeness/enterprises", Access::ReadRegisters, list)
        .get("/returns/completeness/enterprises.csv", Access::ReadRegisters, export_list)
        .get("/returns/completeness/enterprises.xlsx", Access::ReadRegisters, export_list)
}

/// The cells of one indicator: all together, then each sub-district.
struct IndicatorRow {
    indicator: Indicator,
    together: Cell,
    cells: Vec<Cell>,
}

/// What one department vouches for.
struct DepartmentRows {
    department: Department,
    rows: Vec<IndicatorRow>,
}

#[derive(Template)]
#[template(path = "completeness/matrix.html")]
struct MatrixPage<'a> {
    shell: Shell,
    parameters: &'a MatrixParameters,
    year: i32,
    years: &'a [i32],
    subdistricts: &'a [Choice],
    /// The sub-districts that occur, in the order of the columns.
    columns: Vec<Option<String>>,
    departments: Vec<DepartmentRows>,
    /// Until when the counts hold, where the registers have changed since.
    outdated: Option<String>,
}

impl MatrixPage<'_> {
    fn all_departments(&self) -> Vec<Department> {
        departments()
    }

    fn kinds(&self) -> &'static [Kind] {
        Kind::ALL
    }

    fn place(&self, code: &Option<String>) -> String {
        name_of(self.subdistricts, code.as_deref())
    }

    /// The address of the enterprises behind a count; of all sub-districts for the sum over them.
    fn behind(&self, cell: &Cell, kind: &Kind, together: bool) -> String {
        let place =
            if together { self.parameters.subdistrict.as_str() } else { cell.subdistrict.as_deref().unwrap_or(NONE) };
        let list = ListParameters {
            year: self.year.to_string(),
            indicator: cell.indicator.code().into(),
            kind: kind.code().into(),
            subdistrict: place.to_owned(),
            ..ListParameters::default()
        };
        format!("/returns/completeness/enterprises{}", list.address(&[]))
    }
}

/// Those that vouch for a figure, in the order of the figures.
fn departments() -> Vec<Department> {
    let mut departments: Vec<Department> = Indicator::ALL.iter().map(|indicator| indicator.department()).collect();
    departments.sort();
    departments.dedup();
    departments
}

fn name_of(subdistricts: &[Choice], code: Option<&str>) -> String {
    match code {
        None => "未登记街道".into(),
        Some(code) => subdistricts
            .iter()
            .find(|place| place.stands_for(code))
            .map_or(code, |place| place.name.as_str())
            .to_owned(),
    }
}

fn badge(kind: &Kind) -> &'static str {
    match kind {
        Kind::Missing => "bg-red-lt",
        Kind::Reported => "bg-yellow-lt",
        Kind::Confirmed => "bg-green-lt",
        Kind::Doubtful => "bg-orange-lt",
    }
}

fn rows_of(cells: &[Cell]) -> Vec<DepartmentRows> {
    let of = |department: Department| {
        let indicators = Indicator::ALL.iter().filter(|indicator| indicator.department() == department);
        let rows: Vec<IndicatorRow> = indicators.filter_map(|indicator| row_of(cells, *indicator)).collect();
        (!rows.is_empty()).then_some(DepartmentRows { department, rows })
    };
    departments().into_iter().filter_map(of).collect()
}

fn row_of(cells: &[Cell], indicator: Indicator) -> Option<IndicatorRow> {
    let cells: Vec<Cell> = cells.iter().filter(|cell| cell.indicator == indicator).cloned().collect();
    let together = cells.iter().skip(1).fold(cells.first()?.clone(), Cell::and);
    Some(IndicatorRow { indicator, together, cells })
}

pub async fn show(
    State(state): State<AppState>,
    officer: Officer,
    Extension(counted): Extension<Counted>,
    Query(parameters): Query<MatrixParameters>,
) -> web::Result<Html<String>> {
    let found = asked::matrix(&state, &officer, &counted, &parameters).await?;
    let subdistricts = codelist::subdistricts(&state.pool, &officer.scope, deciding_day(found.year)).await?;
    let mut columns: Vec<Option<String>> = found.cells.iter().map(|cell| cell.subdistrict.clone()).collect();
    columns.sort_by_key(|code| (code.is_none(), code.clone()));
    columns.dedup();
    let page = MatrixPage {
        shell: officer.shell(&state, format!("{}年年度数据齐全情况", found.year)),
        parameters: &parameters,
        year: found.year,
        years: &found.years,
        subdistricts: &subdistricts,
        columns,
        departments: rows_of(&found.cells),
        outdated: found.is_outdated.then(|| china_minute(&found.counted_at)),
    };
    Ok(Html(page.render()?))
}

pub async fn export(
    State(state): State<AppState>,
    officer: Officer,
    Extension(counted): Extension<Counted>,
    Query(parameters): Query<MatrixParameters>,
    file: Export,
) -> web::Result<Response> {
    let found = asked::matrix(&state, &officer, &counted, &parameters).await?;
    let subdistricts = codelist::subdistricts(&state.pool, &officer.scope, deciding_day(found.year)).await?;
    let year = found.year;
    let rows: Vec<Vec<Value>> = found.cells.iter().map(|cell| matrix_cells(year, cell, &subdistricts)).collect();
    sent(file, &format!("returns-completeness-{year}"), "数据齐全情况", (&MATRIX_HEADERS, rows)).await
}

#[derive(Template)]
#[template(path = "completeness/list.html")]
struct ListPage<'a> {
    shell: Shell,
    parameters: &'a ListParameters,
    year: i32,
    indicator: Indicator,
    kind: Kind,
    subdistricts: &'a [Choice],
    lines: &'a [Line],
    previous: Option<String>,
    next: Option<String>,
}

impl ListPage<'_> {
    fn indicators(&self) -> &'static [Indicator] {
        Indicator::ALL
    }

    fn kinds(&self) -> &'static [Kind] {
        Kind::ALL
    }

    fn place(&self, line: &Line) -> String {
        name_of(self.subdistricts, line.subdistrict.as_deref())
    }

    fn none(&self) -> &'static str {
        NONE
    }
}

fn figure(value: &Option<rust_decimal::Decimal>) -> String {
    value.map_or("—".into(), |value| grouped(value, value.normalize().scale().min(4)))
}

fn doubts(line: &Line) -> String {
    line.doubts.iter().map(|doubt| doubt.label()).collect::<Vec<_>>().join("；")
}

pub async fn list(
    State(state): State<AppState>,
    officer: Officer,
    Extension(counted): Extension<Counted>,
    Query(parameters): Query<ListParameters>,
) -> web::Result<Html<String>> {
    let (pool, scope) = (&state.pool, &officer.scope);
    let behind = asked::behind(&state, &officer, &counted, &parameters).await?;
    let (position, size) = (parameters.position::<String>()?, parameters.page_size()?);
    let held = (&behind.rule, behind.matrix.peers.as_slice());
    let found = store::enterprises(pool, scope, &behind.sought, held, (&position, size)).await?;
    let sought = &behind.sought;
    let page = ListPage {
        shell: officer.shell(&state, format!("{}年{}：{}", sought.year, sought.indicator, sought.kind)),
        parameters: &parameters,
        year: sought.year,
        indicator: sought.indicator,
        kind: sought.kind,
        subdistricts: &codelist::subdistricts(pool, scope, deciding_day(sought.year)).await?,
        lines: &found.rows,
        previous: found.previous.map(|key| parameters.page_before(&key)),
        next: found.next.map(|key| parameters.page_after(&key)),
    };
    Ok(Html(page.render()?))
}

pub async fn export_list(
    State(state): State<AppState>,
    officer: Officer,
    Extension(counted): Extension<Counted>,
    Query(parameters): Query<ListParameters>,
    file: Export,
) -> web::Result<Response> {
    let behind = &asked::behind(&state, &officer, &counted, &parameters).await?;
    let (pool, scope) = (&state.pool, &officer.scope);
    let subdistricts = codelist::subdistricts(pool, scope, deciding_day(behind.sought.year)).await?;
    let held = (&behind.rule, behind.matrix.peers.as_slice());
    let mut lines = FileLines::begin(file, "企业", &LIST_HEADERS)?;
    let mut position = Position::Start;
    loop {
        let found = store::enterprises(pool, scope, &behind.sought, held, (&position, EXPORT_PAGE)).await?;
        for line in &found.rows {
            lines.add(&list_cells(behind, line, &subdistricts))?;
        }
        match found.next {
            Some(next) => position = Position::After(next),
            None => break,
        }
    }
    let stem =
        format!("returns-{}-{}-{}", behind.sought.year, behind.sought.indicator.code(), behind.sought.kind.code());
    file.send(&stem, permits::blocking(Step::Export, move || lines.finish()).await??)
}

async fn sent(
    file: Export,
    stem: &str,
    title: &'static str,
    (headers, rows): (&'static [&'static str], Vec<Vec<Value>>),
) -> web::Result<Response> {
    let written = permits::blocking(Step::Export, move || {
        let mut lines = FileLines::begin(file, title, headers)?;
        rows.iter().try_for_each(|row| lines.add(row))?;
        lines.finish()
    });
    file.send(stem, written.await??)
}

fn matrix_cells(year: i32, cell: &Cell, subdistricts: &[Choice]) -> Vec<Value> {
    vec![
        i64::from(year).into(),
        cell.indicator.department().label().into(),
        cell.indicator.label().into(),
        cell.indicator.unit().into(),
        cell.subdistrict.clone().into(),
        name_of(subdistricts, cell.subdistrict.as_deref()).into(),
        cell.asked.into(),
        cell.missing.into(),
        cell.reported.into(),
        cell.confirmed.into(),
        cell.doubtful.into(),
    ]
}

fn list_cells(behind: &Behind, line: &Line, subdistricts: &[Choice]) -> Vec<Value> {
    vec![
        i64::from(behind.sought.year).into(),
        line.uscc.as_str().into(),
        line.name.as_str().into(),
        line.subdistrict.clone().into(),
        name_of(subdistricts, line.subdistrict.as_deref()).into(),
        line.sector.label().into(),
        line.size_class.label().into(),
        behind.sought.indicator.label().into(),
        line.value.into(),
        line.last_year.into(),
        behind.sought.indicator.unit().into(),
        line.state.map_or(Kind::Missing.label(), |state| state.label()).into(),
        doubts(line).into(),
    ]
}
