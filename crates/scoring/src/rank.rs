//! Places 1, 2, 2, 4.

use base::ratio::Ratio;

use crate::scheme::Direction;

/// The place of each value among those that are there, the best first; equal values share a place.
pub fn places(values: &[Option<Ratio>], direction: Direction) -> Vec<Option<usize>> {
    let mut order: Vec<usize> = (0..values.len()).filter(|at| values[*at].is_some()).collect();
    order.sort_by(|one, other| match direction {
        Direction::Up => values[*other].cmp(&values[*one]),
        Direction::Down => values[*one].cmp(&values[*other]),
    });
    let mut places = vec![None; values.len()];
    let mut place = 0;
    for (number, at) in order.iter().enumerate() {
        if number == 0 || values[*at] != values[order[number - 1]] {
            place = number + 1;
        }
        places[*at] = Some(place);
    }
    places
}

#[cfg(test)]
mod tests {
    use rust_decimal_macros::dec;

    use super::*;

    #[test]
    fn equal_values_share_a_place_and_the_next_is_passed_over() {
        let values = [Some(dec!(3)), None, Some(dec!(5)), Some(dec!(3.0)), Some(dec!(1))].map(|it| it.map(Ratio::from));
        assert_eq!(places(&values, Direction::Up), [Some(2), None, Some(1), Some(2), Some(4)]);
        assert_eq!(places(&values, Direction::Down), [Some(2), None, Some(4), Some(2), Some(1)]);
        assert_eq!(places(&[], Direction::Up), []);
    }
}
