//! Boxes packed into a tree once, so that those which meet a window are found without looking at the rest.

use super::extent::Extent;
use super::work::Work;

const FAN: usize = 16;

/// The lowest level holds the boxes themselves, every other one a box around each sixteen below.
#[derive(Debug)]
pub struct Boxes {
    items: Vec<usize>,
    levels: Vec<Vec<Extent>>,
}

impl Boxes {
    /// Boxes side by side come to stand side by side: in strips from west to east, each from south to north.
    pub fn of(boxes: &[Extent]) -> Self {
        let middle = |item: usize| {
            let each = &boxes[item];
            (each.min_x / 2.0 + each.max_x / 2.0, each.min_y / 2.0 + each.max_y / 2.0)
        };
        let mut items: Vec<usize> = (0..boxes.len()).collect();
        if boxes.len() > FAN {
            // Those of one column stand from south to north already, so that its strips do not mix.
            let west_then_south = |a: (f64, f64), b: (f64, f64)| a.0.total_cmp(&b.0).then_with(|| a.1.total_cmp(&b.1));
            items.sort_unstable_by(|a, b| west_then_south(middle(*a), middle(*b)));
            let packs = boxes.len().div_ceil(FAN);
            let strips = (packs as f64).sqrt().ceil() as usize;
            for strip in items.chunks_mut(packs.div_ceil(strips.max(1)) * FAN) {
                strip.sort_unstable_by(|a, b| middle(*a).1.total_cmp(&middle(*b).1));
            }
        }
        let mut levels = vec![items.iter().map(|item| boxes[*item]).collect::<Vec<Extent>>()];
        while let Some(top) = levels.last().filter(|top| top.len() > FAN) {
            let above = top.chunks(FAN).filter_map(|pack| pack.iter().copied().reduce(Extent::join)).collect();
            levels.push(above);
        }
        Boxes { items, levels }
    }

    /// Shows every box that meets the window, borders included, by its place in what the tree was made of.
    pub fn meeting(&self, window: &Extent, work: &mut Work, mut each: impl FnMut(usize)) {
        let top = self.levels.len() - 1;
        let mut open: Vec<(usize, usize, usize)> = vec![(top, 0, self.levels[top].len())];
        while let Some((level, from, until)) = open.pop() {
            work.add(until - from);
            for place in from..until {
                if !self.levels[level][place].meets(window) {
                    continue;
                }
                match level.checked_sub(1) {
                    Some(below) => {
                        open.push((below, place * FAN, ((place + 1) * FAN).min(self.levels[below].len())));
                    }
                    None => each(self.items[place]),
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn boxes() -> impl Strategy<Value = Extent> {
        (-50.0..50.0f64, -50.0..50.0f64, 0.0..9.0f64, 0.0..9.0f64).prop_map(|(x, y, width, height)| Extent {
            min_x: x,
            min_y: y,
            max_x: x + width,
            max_y: y + height,
        })
    }

    proptest! {
        #[test]
        fn every_box_that_meets_the_window_is_shown_once(all in prop::collection::vec(boxes(), 1..700), window in boxes()) {
            let mut found = Vec::new();
            Boxes::of(&all).meeting(&window, &mut Work::default(), |place| found.push(place));
            found.sort_unstable();
            let expected: Vec<usize> = (0..all.len()).filter(|place| all[*place].meets(&window)).collect();
            prop_assert_eq!(found, expected);
        }
    }

    #[test]
    fn a_row_of_many_boxes_is_not_walked() {
        let all: Vec<Extent> = (0..100_000)
            .map(|x| Extent { min_x: x.into(), min_y: 0.0, max_x: f64::from(x) + 0.5, max_y: 1.0 })
            .collect();
        let (tree, mut work, mut found) = (Boxes::of(&all), Work::default(), Vec::new());
        tree.meeting(&Extent::of_point(70_000.25, 0.5), &mut work, |place| found.push(place));
        assert_eq!(found, [70_000]);
        assert!(work.done() < 1_000, "{}", work.done());
    }
}
