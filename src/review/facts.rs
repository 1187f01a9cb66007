//! What a form says about what was built.

use chrono::NaiveDate;

use super::{AsBuilt, ReviewKind};
use crate::admission::shares::{self, Impossible};
use crate::admission::{Facts, Figure, Floor, fault};
use crate::base::conversion::Dimension;
use crate::base::unit::Mu;
use crate::exchange::{Fault, FaultCode};
use crate::policy::catalogue::Catalogue;
use crate::web::form::{Field, Reader, Sent};

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
/// Everything that cannot be read.
pub fn read_form(sent: &Sent, catalogue: &Catalogue) -> Result<AsBuilt, Vec<Fault>> {
    let (mut reader, mut as_built) = (Reader::default(), AsBuilt::default());
    for (name, text) in sent.fields() {
        match name.split('.').collect::<Vec<_>>()[..] {
            ["figure", fact] => {
                let figure = figure(&mut reader, (name, text), fact, catalogue);
                as_built.figures.extend(figure.map(|figure| (fact.to_owned(), figure)));
            }
            ["year", year, fact] => {
                let year = reader.needs(Field::new(name, "年度", year), "四位的年度");
                let figure = figure(&mut reader, (name, text), fact, catalogue);
                if let Some((year, figure)) = year.zip(figure) {
                    as_built.years.entry(year).or_default().insert(fact.to_owned(), figure);
                }
            }
            ["occupied_area"] => {
                let field = Field::new(name, "实际用地面积", text);
                as_built.occupied_area_m2 = reader.measure(field, (Dimension::Area, "平方米"));
            }
            ["floors"] => as_built.floors = floors(&mut reader, Field::new(name, "楼层清单", text)),
            _ => {}
        }
    }
    reader.finish(Some(as_built))
}

fn figure(reader: &mut Reader, (name, text): (&str, &str), fact: &str, catalogue: &Catalogue) -> Option<Figure> {
    let given = Field::new(name, fact, text);
    given.given()?;
    let Some(fact) = catalogue.indicators.fact(fact) else {
        reader.push(given.fault(FaultCode::UnknownFigure, format!("没有名为“{fact}”的指标")));
        return None;
    };
    let field = Field::new(name, &fact.label, text);
    let figure = Figure { value: reader.number(field)?, unit: fact.unit.clone() };
    let bounds = fact.dimension.map(Dimension::bounds);
    match bounds.and_then(|bounds| fault::beyond(&fact.label, &figure, fact, &bounds)) {
        Some(beyond) => {
            reader.push(field.fault(FaultCode::FigureOutOfRange, beyond));
            None
        }
        None => Some(figure),
    }
}

/// Parts that are larger than their whole, on the land that was granted.
///
/// # Errors
/// Each at the field to look at first.
pub fn refuse_impossible(
    as_built: &AsBuilt,
    granted: Mu,
    catalogue: &Catalogue,
    on: NaiveDate,
) -> Result<(), Vec<Fault>> {
    let mut figures = as_built.figures.clone();
    figures.insert("site_area".into(), Figure { value: granted.0, unit: "亩".into() });
    let facts = Facts { figures, floors: as_built.floors.clone(), ..Facts::default() };
    let at_field = |it: Impossible| Fault::error(shares::CODE, it.message).at_field(format!("figure.{}", it.fact));
    let found: Vec<Fault> = shares::impossible(&facts, catalogue, on).into_iter().map(at_field).collect();
    if found.is_empty() { Ok(()) } else { Err(found) }
}

/// One storey a line: area in m², height in m, how many alike.
fn floors(reader: &mut Reader, list: Field<'_>) -> Vec<Floor> {
    let floor = |(number, line): (usize, Field<'_>)| {
        let place = format!("楼层清单第{number}行");
        let (area, height, count) = (format!("{place}面积"), format!("{place}层高"), format!("{place}层数"));
        let text = line.given().unwrap_or_default();
        let mut parts = text.split([' ', '\t', ',', '，', ';']).filter(|part| !part.is_empty());
        let mut part = |label| line.part(label, parts.next().unwrap_or_default());
        let (area, height, count) = (part(&area), part(&height), part(&count));
        let area_m2 = reader.measure(area, (Dimension::Area, "平方米"));
        let known = height.given().is_some_and(|height| height != UNKNOWN_HEIGHT);
        let height_m = if known { reader.positive(height) } else { None };
        let alike = reader.may_between(count, (1, u16::MAX), "正整数").map_or(1, u32::from);
        area_m2.map(|area_m2| Floor { area_m2, height_m, count: alike, label: None })
    };
    list.lines().filter_map(floor).collect()
}

/// The list of storeys as it is typed.
pub fn floors_text(floors: &[Floor]) -> String {
    let line = |floor: &Floor| {
        let height = floor.height_m.map_or(UNKNOWN_HEIGHT.to_owned(), |height| height.normalize().to_string());
        format!("{} {height} {}", floor.area_m2.normalize(), floor.count)
    };
    floors.iter().map(line).collect::<Vec<_>>().join("\n")
}
