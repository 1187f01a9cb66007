//! What a parcel yielded in a year, from the lines of the enterprises on it; how a survey frame is called.
//!
//! The conventions are those of the map's colours: each enterprise's tax is spread over its land by mu × days, and the
//! parcel's tax per mu is the sum of the shares over the sum of the land. Missing is not zero.

use rust_decimal::Decimal;

use crate::base::period::length_of_year;
use crate::enterprise::land::{OnParcel, on_parcel};
use crate::low_efficiency::list::Entry;
use crate::low_efficiency::view::tax;

/// Tax per mu of a parcel in a year.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Yield {
    /// No enterprise was there.
    NoEnterprise,
    /// A figure of an enterprise that holds land there is missing, or none holds any.
    NotDeterminable,
    /// 元/亩, for the eye.
    TaxPerMu(Decimal),
}

/// `lines` are those of every enterprise that had a part in the parcel in the year; `unseen` tells that there were more
/// than the reader may see.
pub fn yield_of(code: &str, lines: &[&Entry], year: i32, unseen: bool) -> Yield {
    let mut present = unseen;
    let mut sums = (!unseen).then_some((Decimal::ZERO, Decimal::ZERO));
    for line in lines.iter().filter(|line| took_part(line)) {
        let Some(land) = on_parcel(&line.parts, code) else { continue };
        present = true;
        if land == OnParcel::FloorOnly {
            continue;
        }
        sums = sums
            .zip(share(line, land))
            .and_then(|((tax, area), (more, land))| Some((tax.checked_add(more)?, area.checked_add(land)?)));
    }
    match sums {
        _ if !present => Yield::NoEnterprise,
        Some((tax, area)) if area > Decimal::ZERO => {
            per_mu(tax, area, year).map_or(Yield::NotDeterminable, Yield::TaxPerMu)
        }
        _ => Yield::NotDeterminable,
    }
}

fn took_part(line: &Entry) -> bool {
    use crate::low_efficiency::Inapplicable::{LeftBefore, NotYetEstablished};
    !matches!(line.judgement.inapplicable, Some(LeftBefore | NotYetEstablished))
}

/// Tax and land of one enterprise on the parcel: 元, mu·days.
fn share(line: &Entry, land: OnParcel) -> Option<(Decimal, Decimal)> {
    let OnParcel::Land(land) = land else { return None };
    line.judgement.tax_per_mu?;
    let whole = line.facts.land.total();
    let part = if whole == land { tax(line)? } else { tax(line)?.checked_mul(land.checked_div(whole)?)? };
    Some((part, land))
}

fn per_mu(tax: Decimal, area: Decimal, year: i32) -> Option<Decimal> {
    tax.checked_mul(length_of_year(year).into())?.checked_div(area)
}

/// The survey frame by its EPSG code.
pub fn frame_name(srid: i32) -> String {
    match srid {
        4490 => "CGCS2000 经纬度（EPSG:4490）".to_owned(),
        4491..=4501 => format!("CGCS2000 6度带第{}带（EPSG:{srid}）", srid - 4491 + 13),
        4502..=4512 => format!("CGCS2000 6度带中央经线{}°（EPSG:{srid}）", (srid - 4502) * 6 + 75),
        4513..=4533 => format!("CGCS2000 3度带第{}带（EPSG:{srid}）", srid - 4513 + 25),
        4534..=4554 => format!("CGCS2000 3度带中央经线{}°（EPSG:{srid}）", (srid - 4534) * 3 + 75),
        3857 => "Web 墨卡托（EPSG:3857）".to_owned(),
        4326 => "WGS 84（EPSG:4326）".to_owned(),
        other => format!("EPSG:{other}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_frame_names_its_zone() {
        assert_eq!(frame_name(4528), "CGCS2000 3度带第40带（EPSG:4528）");
        assert_eq!(frame_name(4549), "CGCS2000 3度带中央经线120°（EPSG:4549）");
        assert_eq!(frame_name(4490), "CGCS2000 经纬度（EPSG:4490）");
        assert_eq!(frame_name(4498), "CGCS2000 6度带第20带（EPSG:4498）");
    }

    #[test]
    fn nobody_there_is_not_the_same_as_not_known() {
        assert_eq!(yield_of("330105001001GB00001", &[], 2024, false), Yield::NoEnterprise);
        assert_eq!(yield_of("330105001001GB00001", &[], 2024, true), Yield::NotDeterminable);
    }
}
