//! Finds, among shapes that come from west to east, those whose boxes meet. Memory holds only the shapes that still reach
//! as far east as the one at hand, whatever the length of the file.

use std::collections::HashMap;
use std::sync::Arc;

use super::common_ground::Ground;

/// Metres from south to north in which shapes are looked for together.
const STRIP: f64 = 256.0;
/// A shape that lies in more strips than this is held against everything.
const STRIPS_AT_MOST: i64 = 64;
/// Shapes between two rounds of forgetting.
const ROUND: usize = 8192;

/// A record's shape on its way through.
#[derive(Debug)]
pub struct Piece {
    pub record: i64,
    pub line: Option<i64>,
    pub code: Option<String>,
    /// Square metres.
    pub plane_area: f64,
    /// As the register has it already.
    pub unchanged: bool,
    pub ground: Ground,
}

#[derive(Default)]
pub struct Neighbours {
    strips: HashMap<i64, Vec<Arc<Piece>>>,
    tall: Vec<Arc<Piece>>,
    since_forgetting: usize,
}

impl Neighbours {
    /// Takes the next piece to the east and shows it, once each, the earlier ones whose boxes meet its own.
    pub fn meet(&mut self, piece: Piece, mut each: impl FnMut(&Piece, &Piece)) {
        let piece = Arc::new(piece);
        let (west, south) = (piece.ground.bounds.min_x, piece.ground.bounds.min_y);
        self.forget(west);
        for other in self.tall.iter().filter(|other| side_by_side(other, &piece)) {
            each(other, &piece);
        }
        let strips = strips_of(&piece);
        let Some(strips) = strips else {
            for (strip, held) in &self.strips {
                let first = |other: &&Arc<Piece>| strips_of(other).is_some_and(|strips| strips.0 == *strip);
                for other in held.iter().filter(first).filter(|other| side_by_side(other, &piece)) {
                    each(other, &piece);
                }
            }
            self.tall.push(piece);
            return;
        };
        for strip in strips.0..=strips.1 {
            let held = self.strips.entry(strip).or_default();
            held.retain(|other| other.ground.bounds.max_x >= west);
            for other in held.iter().filter(|other| side_by_side(other, &piece)) {
                // Two that share several strips are shown in the one where their common part begins.
                if strip_of(south.max(other.ground.bounds.min_y)) == strip {
                    each(other, &piece);
                }
            }
            held.push(Arc::clone(&piece));
        }
    }

    /// Lets go of what ends before `west`, now and then everywhere.
    fn forget(&mut self, west: f64) {
        self.tall.retain(|other| other.ground.bounds.max_x >= west);
        self.since_forgetting += 1;
        if self.since_forgetting == ROUND {
            self.since_forgetting = 0;
            self.strips.retain(|_, held| {
                held.retain(|other| other.ground.bounds.max_x >= west);
                !held.is_empty()
            });
        }
    }
}

fn strip_of(y: f64) -> i64 {
    (y / STRIP).floor() as i64
}

/// The first and the last strip; `None` when they are too many.
fn strips_of(piece: &Piece) -> Option<(i64, i64)> {
    let (first, last) = (strip_of(piece.ground.bounds.min_y), strip_of(piece.ground.bounds.max_y));
    (last.saturating_sub(first) < STRIPS_AT_MOST).then_some((first, last))
}

fn side_by_side(a: &Piece, b: &Piece) -> bool {
    let (a, b) = (&a.ground.bounds, &b.ground.bounds);
    a.max_x >= b.min_x && a.min_y <= b.max_y && b.min_y <= a.max_y
}

#[cfg(test)]
mod tests {
    use super::*;
    use geo_types::{MultiPolygon, Rect};
    use proptest::prelude::*;

    fn piece(record: usize, (x, y, width, height): (f64, f64, f64, f64)) -> Piece {
        let shape: MultiPolygon<f64> = Rect::new((x, y), (x + width, y + height)).to_polygon().into();
        Piece {
            record: record as i64,
            line: None,
            code: None,
            plane_area: width * height,
            unchanged: false,
            ground: Ground::of(&shape).unwrap(),
        }
    }

    fn boxes() -> impl Strategy<Value = (f64, f64, f64, f64)> {
        // Some are taller than all the strips a shape may lie in.
        (0.0..5e3f64, -2e4..2e4f64, 1.0..2e3f64, prop_oneof![1.0..900.0f64, 1.0..4e4f64])
    }

    proptest! {
        #[test]
        fn every_pair_of_boxes_that_meet_is_shown_once(mut boxes in prop::collection::vec(boxes(), 0..60)) {
            boxes.sort_by(|a, b| a.0.total_cmp(&b.0));
            let mut expected = Vec::new();
            for (later, b) in boxes.iter().enumerate() {
                for (earlier, a) in boxes[..later].iter().enumerate() {
                    if a.0 + a.2 >= b.0 && a.1 <= b.1 + b.3 && b.1 <= a.1 + a.3 {
                        expected.push((earlier as i64, later as i64));
                    }
                }
            }
            let mut found = Vec::new();
            let mut neighbours = Neighbours::default();
            for (record, place) in boxes.iter().enumerate() {
                neighbours.meet(piece(record, *place), |a, b| found.push((a.record, b.record)));
            }
            found.sort_unstable();
            expected.sort_unstable();
            prop_assert_eq!(found, expected);
        }
    }
}
