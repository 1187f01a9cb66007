//! What an overlay means: facts in, answers out.

use chrono::NaiveDate;
use geo::BoundingRect;
use geo_types::MultiPolygon;
use rust_decimal::{Decimal, RoundingStrategy};
use rust_decimal_macros::dec;
use sha2::{Digest, Sha256};

use super::store::{NewArea, Overlaid, Row};
use super::{Answer, Asked, Demand, LayerKind, LayerResult, Piece, PieceNature, Tolerance};
use crate::base::period::Period;
use crate::exchange::validity;

/// Longitudes and latitudes that the survey zones of China cover, degrees.
const LONGITUDES: std::ops::RangeInclusive<f64> = 73.5..=136.5;
const LATITUDES: std::ops::RangeInclusive<f64> = 3.0..=54.0;

/// EPSG code of zone 0; zone 25 is 4513 and zone 45 is 4533.
const ZONE_ZERO: i32 = 4488;

/// What makes a site unfit to be measured, said to the officer.
pub fn site_fault(site: &MultiPolygon<f64>) -> Option<String> {
    let Some(bounds) = site.bounding_rect() else { return Some("用地没有图形".into()) };
    let (least, most) = (bounds.min(), bounds.max());
    let placed = LONGITUDES.contains(&least.x)
        && LONGITUDES.contains(&most.x)
        && LATITUDES.contains(&least.y)
        && LATITUDES.contains(&most.y);
    if !placed {
        return Some("用地坐标不在中国的 3° 分带之内，请核对坐标系".into());
    }
    validity::examine(site.clone()).err().map(|fault| fault.message)
}

/// EPSG code of the 3° zone about the middle of a site: the one its plane area is measured in.
pub fn survey_zone(site: &MultiPolygon<f64>) -> i32 {
    let middle = site.bounding_rect().map_or(120.0, |bounds| (bounds.min().x + bounds.max().x) / 2.0);
    ZONE_ZERO + ((middle / 3.0 + 0.5).floor() as i32).clamp(25, 45)
}

/// SHA-256 over areas that do not come from a file.
pub fn fingerprint_of(areas: &[NewArea]) -> [u8; 32] {
    let mut hash = Sha256::new();
    for area in areas {
        let (scheme, code) = area.use_of.as_ref().map_or(("", ""), |(scheme, code)| (*scheme, code.as_str()));
        for text in [area.name.as_deref().unwrap_or_default(), scheme, code] {
            hash.update((text.len() as u64).to_be_bytes());
            hash.update(text);
        }
        hash.update(area.shape.to_ewkb());
    }
    hash.finalize().into()
}

/// One answer for each layer, in the order of [`LayerKind::ALL`].
pub fn results(overlaid: Overlaid, asked: &Asked, as_of: NaiveDate) -> Vec<LayerResult> {
    let Overlaid { valid, site_m2, sliver_area, sliver_width, rows } = overlaid;
    if !valid || site_m2 <= Decimal::ZERO {
        return LayerKind::ALL.iter().map(|layer| failed(*layer, "用地图形投影后无效，不能量算")).collect();
    }
    let tolerance = sliver_area.zip(sliver_width).map(|(area_m2, width_m)| Tolerance { area_m2, width_m });
    let of_layer = |layer: LayerKind| rows.iter().filter(move |row| row.layer == layer);
    LayerKind::ALL
        .iter()
        .map(|layer| match of_layer(*layer).next() {
            None => not_in_force(*layer, site_m2, as_of),
            Some(head) => result(head, of_layer(*layer), site_m2, tolerance, asked, as_of),
        })
        .collect()
}

/// Nothing could be computed; `reason` says why.
pub fn failed(layer: LayerKind, reason: &str) -> LayerResult {
    LayerResult { answer: Answer::Failed, reason: Some(reason.to_owned()), ..blank(layer) }
}

fn blank(layer: LayerKind) -> LayerResult {
    LayerResult {
        layer,
        demand: layer.usual_demand(),
        answer: Answer::NotChecked,
        edition: None,
        edition_id: None,
        edition_valid: None,
        site_area_m2: None,
        tolerance: None,
        overlap_m2: hundredths(Decimal::ZERO),
        share_percent: hundredths(Decimal::ZERO),
        sliver_m2: hundredths(Decimal::ZERO),
        undetermined_m2: hundredths(Decimal::ZERO),
        pieces: Vec::new(),
        reason: None,
    }
}

fn not_in_force(layer: LayerKind, site_m2: Decimal, as_of: NaiveDate) -> LayerResult {
    let reason = format!("{as_of} 没有有效的{layer}图层");
    LayerResult { site_area_m2: Some(hundredths(site_m2)), reason: Some(reason), ..blank(layer) }
}

fn result<'a>(
    head: &Row,
    rows: impl Iterator<Item = &'a Row>,
    site_m2: Decimal,
    tolerance: Option<Tolerance>,
    asked: &Asked,
    as_of: NaiveDate,
) -> LayerResult {
    let named = LayerResult {
        demand: head.demand,
        edition: Some(head.name.clone()),
        edition_id: Some(head.edition),
        edition_valid: Some(Period::from(head.valid)),
        site_area_m2: Some(hundredths(site_m2)),
        tolerance,
        ..blank(head.layer)
    };
    let unchecked = |reason: String| LayerResult { reason: Some(reason), ..named.clone() };
    if let Some(day) = head.review_by.filter(|day| *day < as_of) {
        return unchecked(format!("图层版本“{}”应于 {day} 前复核，{as_of} 已经过期", head.name));
    }
    if head.failed {
        let reason = format!("图层版本“{}”在用地附近的图形无法叠加，请修正图层后重新核查", head.name);
        return LayerResult { answer: Answer::Failed, ..unchecked(reason) };
    }
    if tolerance.is_none() {
        return unchecked(format!("{as_of} 没有有效的边缘误差参数"));
    }
    let found = Found::of(rows, site_m2);
    let answer = match (found.conflict_m2, found.undetermined_m2) {
        (conflict, _) if conflict > Decimal::ZERO => Answer::Hit,
        (_, undetermined) if undetermined > Decimal::ZERO => Answer::NotChecked,
        _ => Answer::Clear,
    };
    LayerResult {
        answer,
        overlap_m2: hundredths(found.conflict_m2),
        share_percent: share(found.conflict_m2, site_m2),
        sliver_m2: hundredths(found.sliver_m2),
        undetermined_m2: hundredths(found.undetermined_m2),
        reason: (found.undetermined_m2 > Decimal::ZERO).then(|| undetermined(head, asked, found.undetermined_m2)),
        pieces: found.pieces,
        ..named
    }
}

fn undetermined(head: &Row, asked: &Asked, area: Decimal) -> String {
    let area = hundredths(area);
    if head.demand == Demand::AllowedUses && !head.says_uses {
        let wanted = asked.land_use.as_deref().unwrap_or(asked.land_kind.label());
        return format!("图层版本“{}”没有规定{wanted}可以布置在哪些用途上", head.name);
    }
    format!("用地有 {area} 平方米在图层中没有用途或用途过粗，无法判定")
}

/// Sums over connected parts; pieces in the order of the rows.
#[derive(Default)]
struct Found {
    conflict_m2: Decimal,
    undetermined_m2: Decimal,
    sliver_m2: Decimal,
    pieces: Vec<Piece>,
}

impl Found {
    fn of<'a>(rows: impl Iterator<Item = &'a Row>, site_m2: Decimal) -> Self {
        let mut found = Found::default();
        let mut last = None;
        for row in rows {
            let (Some(nature), Some(component), Some(part_m2), Some(counted), Some(piece_m2), Some(shape)) =
                (row.nature, row.component, row.component_m2, row.counted, row.piece_m2, &row.shape)
            else {
                continue;
            };
            // What rounds to nothing is the noise of computed points.
            if hundredths(part_m2).is_zero() {
                continue;
            }
            if last.replace((nature, component)) != Some((nature, component)) {
                let sum = match (counted, nature) {
                    (false, _) => &mut found.sliver_m2,
                    (true, PieceNature::Conflict) => &mut found.conflict_m2,
                    (true, PieceNature::Undetermined) => &mut found.undetermined_m2,
                };
                *sum += part_m2;
            }
            if hundredths(piece_m2).is_zero() {
                continue;
            }
            found.pieces.push(Piece {
                name: row.area_name.clone(),
                use_code: row.use_code.clone(),
                nature,
                area_m2: hundredths(piece_m2),
                share_percent: share(piece_m2, site_m2),
                counted,
                geometry: shape.clone(),
            });
        }
        found
    }
}

/// The one place where figures are rounded: two decimals, all of them written, so that a rerun gives the same bytes.
fn hundredths(value: Decimal) -> Decimal {
    let mut rounded = value.round_dp_with_strategy(2, RoundingStrategy::MidpointAwayFromZero);
    rounded.rescale(2);
    rounded
}

fn share(part: Decimal, whole: Decimal) -> Decimal {
    hundredths(part * dec!(100) / whole)
}
