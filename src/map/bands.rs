//! Bands of tax per mu, by which the map colours parcels.

use rust_decimal::Decimal;
use rust_decimal_macros::dec;
use serde::Serialize;

use crate::base::unit::Yuan;

/// 元/亩. The lowest edge of all is the floor in force, which stands before these.
const EDGES: [Decimal; 4] = [dec!(50000), dec!(100000), dec!(200000), dec!(500000)];

/// From the lowest up; they stay apart for colour-blind readers and in grey.
const COLOURS: [&str; 6] = ["#a63603", "#e6862b", "#f6d9a8", "#a6cbe3", "#4a90c2", "#14508c"];

/// An enterprise holds land there and a figure of it is missing or cannot be right.
pub const NOT_DETERMINABLE: i16 = -1;
/// No enterprise was there in the year.
pub const NO_ENTERPRISE: i16 = -2;

/// A colour of the legend.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Band {
    pub key: i16,
    pub label: String,
    pub color: &'static str,
}

/// Edges between the bands in 元/亩, ascending. A figure on an edge belongs to the band above it.
pub fn edges(floor: Decimal) -> Vec<Decimal> {
    std::iter::once(floor).chain(EDGES.into_iter().filter(|edge| *edge > floor)).collect()
}

/// The bands between these edges, lowest first, then the two that have no figure.
pub fn legend(edges: &[Decimal]) -> Vec<Band> {
    let text = |edge: Decimal| Yuan(edge).to_wan().normalize().to_string();
    let label = |place: usize| match (place.checked_sub(1).map(|below| edges[below]), edges.get(place)) {
        (None, Some(above)) => format!("低于{}万元/亩", text(*above)),
        (Some(below), Some(above)) => format!("{}–{}万元/亩", text(below), text(*above)),
        (Some(below), None) => format!("{}万元/亩及以上", text(below)),
        (None, None) => "不分档".to_owned(),
    };
    let known = (0..=edges.len()).map(|place| Band { key: place as i16, label: label(place), color: COLOURS[place] });
    let unknown = [(NOT_DETERMINABLE, "无法判定", "#9aa1ad"), (NO_ENTERPRISE, "无企业", "#ffffff")];
    known.chain(unknown.map(|(key, label, color)| Band { key, label: label.to_owned(), color })).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_floor_in_force_is_the_lowest_edge() {
        assert_eq!(edges(dec!(10000)), [dec!(10000), dec!(50000), dec!(100000), dec!(200000), dec!(500000)]);
        assert_eq!(edges(dec!(50000)), [dec!(50000), dec!(100000), dec!(200000), dec!(500000)]);
        assert_eq!(edges(dec!(600000)), [dec!(600000)]);
    }

    #[test]
    fn every_band_says_its_unit() {
        let legend = legend(&edges(dec!(12500)));
        let labels: Vec<&str> = legend.iter().map(|band| band.label.as_str()).collect();
        assert_eq!(labels[0], "低于1.25万元/亩");
        assert_eq!(labels[1], "1.25–5万元/亩");
        assert_eq!(labels[5], "50万元/亩及以上");
        assert_eq!(legend.iter().map(|band| band.key).collect::<Vec<_>>(), [0, 1, 2, 3, 4, 5, -1, -2]);
    }
}
