//! What a form says about what was built.

use chrono::NaiveDate;
use rust_decimal::Decimal;

use super::{AsBuilt, ReviewKind};
use crate::admission::{Facts, Figure, Floor, fault, shares};
use crate::base::bounds::AREA;
use crate::base::conversion::Dimension;
use crate::base::unit::Mu;
use crate::policy::catalogue::Catalogue;

/// One figure to be filled in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FigureForm {
    /// The name of the field.
    pub field: String,
    pub label: String,
    pub unit: String,
    pub value: String,
}

/// The figures that the promises of this review are decided on.
const BUILT: [&str; 8] = [
    "fixed_investment",
    "investment_without_land",
    "built_area",
    "office_land_area",
    "office_floor_area",
    "green_area",
    "floor_area",
    "counted_floor_area",
];
/// What no annual return holds.
const YEARLY: [&str; 1] = ["annual_output"];

/// How a storey is written whose height nobody knows.
const UNKNOWN_HEIGHT: &str = "—";

/// The fields of a review, filled with what is on record.
pub fn fields(kind: ReviewKind, as_built: &AsBuilt, years: &[i32], catalogue: &Catalogue) -> Vec<FigureForm> {
    let fact = |name: &str| catalogue.indicators.fact(name);
    let form = |field: String, label: String, figure: Option<&Figure>, unit: &str| FigureForm {
        field,
        label,
        unit: figure.map_or(unit, |figure| figure.unit.as_str()).to_owned(),
        value: figure.map(|figure| figure.value.normalize().to_string()).unwrap_or_default(),
    };
    match kind {
        ReviewKind::Completion => BUILT
            .iter()
            .filter_map(|name| {
                let fact = fact(name)?;
                Some(form(format!("figure.{name}"), fact.label.clone(), as_built.figures.get(*name), &fact.unit))
            })
            .collect(),
        ReviewKind::Output => years
            .iter()
            .flat_map(|year| YEARLY.iter().map(move |name| (*year, *name)))
            .filter_map(|(year, name)| {
                let fact = fact(name)?;
                let figure = as_built.years.get(&year).and_then(|figures| figures.get(name));
                Some(form(format!("year.{year}.{name}"), format!("{year}年{}", fact.label), figure, &fact.unit))
            })
            .collect(),
    }
}

/// Reads what was sent. Empty fields are missing figures.
///
/// # Errors
/// The sentence for the reader.
pub fn read_form(sent: &[(String, String)], catalogue: &Catalogue) -> Result<AsBuilt, String> {
    let mut as_built = AsBuilt::default();
    for (field, text) in sent.iter().map(|(field, text)| (field.as_str(), text.trim())).filter(|it| !it.1.is_empty()) {
        match field.split('.').collect::<Vec<_>>()[..] {
            ["figure", name] => {
                as_built.figures.insert(name.to_owned(), figure(name, text, catalogue)?);
            }
            ["year", year, name] => {
                let year = year.parse().map_err(|_| format!("“{year}”不是年度"))?;
                as_built.years.entry(year).or_default().insert(name.to_owned(), figure(name, text, catalogue)?);
            }
            ["occupied_area"] => as_built.occupied_area_m2 = Some(area("实际用地面积", text)?),
            ["floors"] => as_built.floors = floors(text)?,
            _ => {}
        }
    }
    Ok(as_built)
}

fn figure(name: &str, text: &str, catalogue: &Catalogue) -> Result<Figure, String> {
    let fact = catalogue.indicators.fact(name).ok_or_else(|| format!("没有名为“{name}”的指标"))?;
    let figure = Figure { value: number(&fact.label, text)?, unit: fact.unit.clone() };
    let bounds = fact.dimension.map(Dimension::bounds);
    match bounds.and_then(|bounds| fault::beyond(&fact.label, &figure, fact, &bounds)) {
        Some(beyond) => Err(beyond),
        None => Ok(figure),
    }
}

fn number(label: &str, text: &str) -> Result<Decimal, String> {
    let value: Decimal = text.replace([',', '，'], "").parse().map_err(|_| format!("{label}“{text}”不是数字"))?;
    if value < Decimal::ZERO { Err(format!("{label}不能为负数")) } else { Ok(value) }
}

/// More than nothing.
fn positive(label: &str, text: &str) -> Result<Decimal, String> {
    let value = number(label, text)?;
    if value.is_zero() { Err(format!("{label}应大于零；没有数据的不填")) } else { Ok(value) }
}

/// An area in m² within what an area may be.
fn area(label: &str, text: &str) -> Result<Decimal, String> {
    let area = positive(label, text)?;
    let beyond = || format!("{label}“{text}”超出可信范围，应{}。请核对数值和单位", AREA.wording());
    if AREA.hold(area) { Ok(area) } else { Err(beyond()) }
}

/// Parts that are larger than their whole, on the land that was granted, as one sentence.
///
/// # Errors
/// The sentence for the reader.
pub fn refuse_impossible(as_built: &AsBuilt, granted: Mu, catalogue: &Catalogue, on: NaiveDate) -> Result<(), String> {
    let mut figures = as_built.figures.clone();
    figures.insert("site_area".into(), Figure { value: granted.0, unit: "亩".into() });
    let facts = Facts { figures, floors: as_built.floors.clone(), ..Facts::default() };
    let found: Vec<String> = shares::impossible(&facts, catalogue, on).into_iter().map(|it| it.message).collect();
    if found.is_empty() { Ok(()) } else { Err(found.concat()) }
}

/// One storey a line: area in m², height in m, how many alike.
fn floors(text: &str) -> Result<Vec<Floor>, String> {
    let lines = text.lines().map(str::trim).enumerate().filter(|(_, line)| !line.is_empty());
    let floor = |(index, line): (usize, &str)| {
        let place = format!("楼层清单第{}行", index + 1);
        let parts: Vec<&str> = line.split([' ', '\t', ',', '，', ';']).filter(|part| !part.is_empty()).collect();
        let (area, rest) = parts.split_first().ok_or_else(|| format!("{place}为空"))?;
        let height = rest.first().filter(|height| **height != UNKNOWN_HEIGHT);
        let height = height.map(|height| positive(&format!("{place}层高"), height)).transpose()?;
        let count = match rest.get(1) {
            Some(count) => count
                .parse()
                .ok()
                .filter(|count| *count > 0)
                .ok_or_else(|| format!("{place}的层数“{count}”不是正整数"))?,
            None => 1,
        };
        Ok(Floor { area_m2: self::area(&format!("{place}面积"), area)?, height_m: height, count, label: None })
    };
    lines.map(floor).collect()
}

/// The list of storeys as it is typed.
pub fn floors_text(floors: &[Floor]) -> String {
    let line = |floor: &Floor| {
        let height = floor.height_m.map_or(UNKNOWN_HEIGHT.to_owned(), |height| height.normalize().to_string());
        format!("{} {height} {}", floor.area_m2.normalize(), floor.count)
    };
    floors.iter().map(line).collect::<Vec<_>>().join("\n")
}
