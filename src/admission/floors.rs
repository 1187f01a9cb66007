//! Floor area from the list of storeys: a storey higher than the line counts twice.

use chrono::NaiveDate;
use rust_decimal::Decimal;

use super::Floor;
use super::gap::Gap;
use crate::base::ratio::Ratio;
use crate::policy::catalogue::Catalogue;

/// The height above which a storey counts twice, m. A storey exactly that high is not above.
pub const COUNTED_TWICE_ABOVE: &str = "storey_height_counted_twice_above";

/// m².
pub struct FloorArea {
    pub total: Result<Ratio, Gap>,
    pub counted: Result<Ratio, Gap>,
}

pub fn area(floors: &[Floor], catalogue: &Catalogue, as_of: NaiveDate) -> FloorArea {
    let line = catalogue.parameters_on(as_of).decimal(COUNTED_TWICE_ABOVE);
    let line = line.map_err(|_| Gap(format!("层高加倍计算的规定高度（{as_of} 无有效参数）")));
    FloorArea {
        total: sum(floors, |_| Ok(1)),
        counted: line.and_then(|line| sum(floors, |floor| times_counted(floor, line))),
    }
}

fn times_counted(floor: &Floor, line: Decimal) -> Result<u8, Gap> {
    match floor.height_m {
        Some(height) if height > line => Ok(2),
        Some(height) if height > Decimal::ZERO => Ok(1),
        Some(_) => Err(Gap("楼层清单中的层高（须大于零）".into())),
        None => Err(Gap("楼层清单中的层高".into())),
    }
}

fn sum(floors: &[Floor], times: impl Fn(&Floor) -> Result<u8, Gap>) -> Result<Ratio, Gap> {
    let each = floors.iter().map(|floor| {
        if floor.area_m2 <= Decimal::ZERO || floor.count == 0 {
            return Err(Gap("楼层清单中的建筑面积和层数（须大于零）".into()));
        }
        let storeys = Decimal::from(floor.count) * Decimal::from(times(floor)?);
        Ok(Ratio::from(floor.area_m2) * storeys)
    });
    each.sum()
}

#[cfg(test)]
mod tests {
    use rust_decimal_macros::dec;

    use super::*;

    fn floor(height: Option<Decimal>) -> Floor {
        Floor { area_m2: dec!(1000.5), height_m: height, count: 2, label: None }
    }

    fn counted(height: Option<Decimal>, as_of: &str) -> Result<Ratio, Gap> {
        area(&[floor(height)], &Catalogue::embedded().unwrap(), as_of.parse().unwrap()).counted
    }

    #[test]
    fn only_above_eight_metres_counts_twice() {
        for (height, square_metres) in [(dec!(7.99), 2001), (dec!(8.00), 2001), (dec!(8.01), 4002)] {
            assert_eq!(counted(Some(height), "2024-01-01"), Ok(Decimal::from(square_metres).into()), "{height} m");
        }
    }

    #[test]
    fn a_storey_without_height_counts_for_the_total_only() {
        assert!(counted(None, "2024-01-01").is_err());
        assert!(counted(Some(dec!(4)), "2018-12-31").is_err(), "no line was in force");
        let area = area(&[floor(None)], &Catalogue::embedded().unwrap(), "2024-01-01".parse().unwrap());
        assert_eq!(area.total, Ok(dec!(2001).into()));
    }
}
