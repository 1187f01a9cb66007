//! Which records cover the same ground as another, beyond what two surveys of one border differ by.

use chrono::NaiveDate;

use super::neighbours::{Neighbours, Piece};
use super::store::{self, Overlap, Pair};
use crate::db::{PgConnection, Scope};

/// [`crate::parcel::rules::OVERLAP_AREA`] and [`crate::parcel::rules::OVERLAP_SHARE`] as they are measured here: square metres, and per cent of the smaller
/// parcel. Common ground beyond either is reported.
const ABOVE_M2: f64 = 1.0;
const ABOVE_PERCENT: f64 = 0.1;

/// Pairs of records of the file, by their places in it. Those of one survey zone are found here, because the database takes
/// ten times as long to find that neighbours only share a border.
pub async fn in_file(connection: &mut PgConnection) -> Result<Vec<Pair>, sqlx::Error> {
    let mut pairs = Vec::new();
    let mut zones = 0;
    let mut here = None;
    let mut neighbours = Neighbours::default();
    store::for_each_from_west(connection, |zone, piece| {
        if here.replace(zone) != Some(zone) {
            zones += 1;
            neighbours = Neighbours::default();
        }
        neighbours.meet(piece, |a, b| pairs.extend(overlapping(a, b)));
    })
    .await?;
    if zones > 1 {
        pairs.extend(store::across_zones(connection, ABOVE_M2, ABOVE_PERCENT).await?);
    }
    pairs.sort_by_key(|pair| (pair.record, pair.other));
    Ok(pairs)
}

/// Records against the register of the day.
pub async fn against_register(
    connection: &mut PgConnection,
    scope: &Scope,
    as_of: NaiveDate,
) -> Result<Vec<Overlap>, sqlx::Error> {
    store::against_register(connection, scope, as_of, ABOVE_M2, ABOVE_PERCENT).await
}

fn overlapping(a: &Piece, b: &Piece) -> Option<Pair> {
    let smaller = a.plane_area.min(b.plane_area);
    let beyond = |area_m2: f64| area_m2 > ABOVE_M2 || 100.0 * area_m2 / smaller > ABOVE_PERCENT;
    if (a.unchanged && b.unchanged) || !beyond(a.ground.common_box(&b.ground)) {
        return None;
    }
    let area_m2 = a.ground.common_area(&b.ground);
    let (first, second) = if a.record < b.record { (a, b) } else { (b, a) };
    beyond(area_m2).then(|| Pair {
        record: second.record,
        line: second.line,
        other: first.record,
        other_code: first.code.clone(),
        area_m2,
        share: 100.0 * area_m2 / smaller,
    })
}

#[cfg(test)]
mod tests {
    use rust_decimal::Decimal;
    use rust_decimal::prelude::FromPrimitive;
    use rust_decimal_macros::dec;

    use super::*;
    use crate::parcel::rules;

    #[test]
    fn the_bounds_are_those_of_parcels_drawn_by_hand() {
        assert_eq!(Decimal::from_f64(ABOVE_M2), Some(rules::OVERLAP_AREA.0));
        assert_eq!(Decimal::from_f64(ABOVE_PERCENT), Some(rules::OVERLAP_SHARE * dec!(100)));
    }
}
