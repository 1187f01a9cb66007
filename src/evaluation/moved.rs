//! How somebody stands after, beside before.

crate::terms! {
    /// How somebody stands after, beside before.
    #[schema(as = EvaluationMove)]
    pub enum Move {
        Up = "up" => "升档",
        Down = "down" => "降档",
        Same = "same" => "未变",
        /// Not ranked before.
        Entered = "entered" => "新参评",
        /// Not ranked after.
        Left = "left" => "不再参评",
    }
}

/// Positions of grades, from the best; none of whoever is not ranked. A grade that a scheme does not have counts as its worst.
pub fn moved(before: Option<usize>, after: Option<usize>) -> Move {
    match (before, after) {
        (Some(before), Some(after)) if after < before => Move::Up,
        (Some(before), Some(after)) if after > before => Move::Down,
        (None, Some(_)) => Move::Entered,
        (Some(_), None) => Move::Left,
        _ => Move::Same,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_move_is_told_by_places_from_the_best() {
        let cases = [
            (Some(1), Some(0), Move::Up),
            (Some(0), Some(1), Move::Down),
            (Some(2), Some(2), Move::Same),
            (None, Some(3), Move::Entered),
            (Some(3), None, Move::Left),
            (None, None, Move::Same),
        ];
        for (before, after, how) in cases {
            assert_eq!(moved(before, after), how);
        }
    }
}
