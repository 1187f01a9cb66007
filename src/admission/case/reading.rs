//! Reading an application: what is typed becomes facts for the check, and whatever is missing or cannot be read is named.

use std::collections::BTreeMap;

use rust_decimal::Decimal;

use super::Sight;
use super::application::{Application, SiteKind};
use super::gap::Gap;
use super::land::Site;
use crate::admission::{Facts, Figure, Floor, IndustryCode, LandSource, fault};
use crate::base::bounds;
use crate::base::code::{Uscc, UsccError};
use crate::base::conversion::Dimension;
use crate::base::unit::grouped;
use crate::codelist::{Industry, IndustryError};
use crate::policy::indicator::Indicators;
use crate::policy::receipt::sha256;
use crate::policy::standard::LandKind;
use crate::policy::verdict::Aspect;

const SITE_AREA: &str = "site_area";

/// An application as the check takes it.
#[derive(Clone, Debug, Default)]
pub struct Reading {
    /// Without what planning layers answer and what people judged.
    pub facts: Facts,
    pub gaps: Vec<Gap>,
    pub notes: Vec<String>,
}

pub fn read(application: &Application, indicators: &Indicators, site: &Site, offered: &[String]) -> Reading {
    let mut reading = Reading::default();
    for (field, text, label) in [
        ("project", &application.project, "项目名称"),
        ("investor", &application.investor, "投资主体名称"),
        ("summary", &application.summary, "建设内容"),
    ] {
        if text.is_empty() {
            reading.gaps.push(Gap::new(field, "missing", format!("请填写{label}")));
        }
    }
    read_uscc(&application.uscc, &mut reading);
    read_industry(application, &mut reading);
    reading.facts.land_kind = LandKind::parse(&application.land_kind);
    if reading.facts.land_kind.is_none() {
        reading.gaps.push(Gap::new("land_kind", "missing", "请选择土地类型"));
    }
    let existing = application.site_kind() == Some(SiteKind::Parcel);
    reading.facts.land_source = Some(if existing { LandSource::Existing } else { LandSource::NewGrant });
    reading.facts.zone = Some(application.zone.clone()).filter(|zone| !zone.is_empty());
    if application.site_kind() == Some(SiteKind::Offer) {
        reading.facts.offered = offered.to_vec();
        reading.facts.bound_to = Some(application.set.clone()).filter(|set| !set.is_empty());
    }
    read_figures(application, indicators, site, &mut reading);
    read_floors(application, &mut reading);
    reading
}

fn read_uscc(text: &str, reading: &mut Reading) {
    if text.is_empty() {
        reading.notes.push("投资主体尚无统一社会信用代码；签订出让合同前须补填".into());
        return;
    }
    match text.parse::<Uscc>() {
        Ok(_) => {}
        Err(UsccError::CheckDigit { expected, .. }) => reading.notes.push(format!(
            "统一社会信用代码的校验位应为 {expected}；如证照确实如此（早期试点赋码），请在建设内容中说明"
        )),
        Err(UsccError::Length(_)) => {
            reading.gaps.push(Gap::new("uscc", "uscc_invalid", "统一社会信用代码应为 18 位"));
        }
        Err(UsccError::Character { character, place }) => {
            let message = format!("统一社会信用代码第 {place} 位不能是“{character}”");
            reading.gaps.push(Gap::new("uscc", "uscc_invalid", message));
        }
    }
}

fn read_industry(application: &Application, reading: &mut Reading) {
    if application.industry.is_empty() {
        reading.gaps.push(Gap::new("industry", "missing", "请选择国民经济行业"));
        return;
    }
    let edition = if application.edition.is_empty() { "2017" } else { application.edition.as_str() };
    match Industry::parse(edition, &application.industry) {
        Ok(found) => {
            let code = IndustryCode { code: found.code.to_owned(), edition: found.edition.code().to_owned() };
            reading.facts.industry = Some(code);
        }
        Err(IndustryError::EditionNotLoaded(edition, code)) => {
            let message = format!(
                "行业代码 {code} 按 {edition} 填写；2017 年版有 144 个小类代码改变了含义，请按 GB/T 4754-2017 重新选择"
            );
            reading.gaps.push(Gap::new("industry", "industry_edition", message));
        }
        Err(IndustryError::UnknownEdition(_)) => {
            reading.gaps.push(Gap::new("edition", "industry_edition", "没有这一版国民经济行业分类"));
        }
        Err(IndustryError::UnknownCode(edition, code)) => {
            let message = format!("{edition} 没有行业代码“{code}”");
            reading.gaps.push(Gap::new("industry", "industry_unknown", message));
        }
    }
}

fn read_figures(application: &Application, indicators: &Indicators, site: &Site, reading: &mut Reading) {
    for fact in &indicators.facts {
        let field = format!("figure.{}", fact.name);
        let Some(typed) = application.figures.get(&fact.name).filter(|typed| !typed.value.is_empty()) else { continue };
        let unit = if typed.unit.is_empty() { &fact.unit } else { &typed.unit };
        let known = fact.measure().is_ok_and(|measure| measure.scale(unit).is_some());
        match decimal(&typed.value) {
            _ if !known => {
                let message = format!("{}的单位“{unit}”无法识别", fact.label);
                reading.gaps.push(Gap::new(&field, "unit_unknown", message));
            }
            Some(value) if value.is_sign_negative() && !value.is_zero() => {
                let message = format!("{}不能为负数", fact.label);
                reading.gaps.push(Gap::new(&field, "negative", message));
            }
            Some(value) => {
                let figure = Figure { value, unit: unit.clone() };
                let bounds = fact.dimension.map(Dimension::bounds);
                match bounds.and_then(|bounds| fault::beyond(&fact.label, &figure, fact, &bounds)) {
                    Some(message) => reading.gaps.push(Gap::new(&field, "figure_out_of_range", message)),
                    None => {
                        reading.facts.figures.insert(fact.name.clone(), figure);
                    }
                }
            }
            None => {
                let message = format!("{}“{}”不是数字", fact.label, typed.value);
                reading.gaps.push(Gap::new(&field, "not_a_number", message));
            }
        }
    }
    // The land decides, not what somebody wrote about it.
    if let Some(area) = site.area_m2 {
        if let Some(declared) = declared_area(reading, indicators)
            && (declared - area).abs() > (area / Decimal::ONE_THOUSAND).max(Decimal::ONE)
        {
            let (declared, area) = (grouped(declared, 2), grouped(area, 2));
            reading.notes.push(format!("填报的用地面积 {declared} 平方米与图形面积 {area} 平方米不符，按图形面积核查"));
        }
        reading.facts.figures.insert(SITE_AREA.into(), Figure { value: area, unit: "平方米".into() });
    }
}

/// m².
fn declared_area(reading: &Reading, indicators: &Indicators) -> Option<Decimal> {
    let typed = reading.facts.figures.get(SITE_AREA)?;
    let scale = indicators.fact(SITE_AREA)?.measure().ok()?.scale(&typed.unit)?;
    (scale * typed.value).rounded(4)
}

fn read_floors(application: &Application, reading: &mut Reading) {
    for (place, floor) in application.floors.iter().enumerate() {
        let name = if floor.name.is_empty() { format!("第 {} 行楼层", place + 1) } else { floor.name.clone() };
        let area = decimal(&floor.area).filter(|area| *area > Decimal::ZERO && bounds::AREA.hold(*area));
        let height = if floor.height.is_empty() {
            Some(None)
        } else {
            decimal(&floor.height).filter(|height| *height <= fault::HIGHEST_STOREY).map(Some)
        };
        match (area, height) {
            (Some(area_m2), Some(height_m)) => {
                let label = Some(floor.name.clone()).filter(|name| !name.is_empty());
                reading.facts.floors.push(Floor { area_m2, height_m, count: 1, label });
            }
            (None, _) => {
                let message = format!("{name}的建筑面积应为正数，单位平方米，{}", bounds::AREA.wording());
                reading.gaps.push(Gap::new("floors", "floor_invalid", message));
            }
            (_, None) => {
                let message = format!("{name}的层高应为数字，单位米，不超过 {} 米", fault::HIGHEST_STOREY);
                reading.gaps.push(Gap::new("floors", "floor_invalid", message));
            }
        }
    }
}

/// A decimal as people type it: `1,234.5`, `１２` in full width, blanks between.
pub fn decimal(text: &str) -> Option<Decimal> {
    let narrow: String = text
        .chars()
        .filter_map(|c| match c {
            ',' | '，' | ' ' | '\u{3000}' => None,
            '０'..='９' => char::from_u32(c as u32 - '０' as u32 + '0' as u32),
            '．' => Some('.'),
            '－' => Some('-'),
            other => Some(other),
        })
        .collect();
    narrow.parse().ok()
}

/// The hash of each part of an application: an approval stays while what the department saw stays.
pub fn sights(
    application: &Application,
    reading: &Reading,
    indicators: &Indicators,
    site: &Site,
) -> BTreeMap<Sight, String> {
    let facts = &reading.facts;
    let of_aspect = |aspect: Aspect| {
        let names = indicators.indicators.iter().filter(|entry| entry.aspect == aspect).flat_map(|entry| entry.facts());
        let figures: BTreeMap<&String, Option<&Figure>> = names.map(|name| (name, facts.figures.get(name))).collect();
        serde_json::json!({ "figures": figures, "floors": (aspect == Aspect::Construction).then_some(&facts.floors) })
    };
    let shown = |sight: Sight| match sight {
        Sight::Project => {
            serde_json::json!([application.project, application.summary, application.investor, application.uscc])
        }
        Sight::Site => serde_json::json!([site.hash(), facts.land_kind, facts.zone, facts.bound_to]),
        Sight::Industry => serde_json::json!(facts.industry),
        Sight::Investment => of_aspect(Aspect::Investment),
        Sight::Output => of_aspect(Aspect::Output),
        Sight::Energy => of_aspect(Aspect::Energy),
        Sight::Environment => of_aspect(Aspect::Environment),
        Sight::Construction => of_aspect(Aspect::Construction),
    };
    Sight::ALL.iter().map(|sight| (*sight, sha256(&shown(*sight).to_string()))).collect()
}

/// What one department is shown, as one hash.
pub fn sight_of(sights: &BTreeMap<Sight, String>, seen: &[Sight]) -> String {
    let mut seen = seen.to_vec();
    seen.sort();
    let parts: Vec<String> =
        seen.iter().map(|sight| format!("{}={}", sight.code(), sights.get(sight).map_or("", |hash| hash))).collect();
    sha256(&parts.join("\n"))
}

#[cfg(test)]
mod tests;
