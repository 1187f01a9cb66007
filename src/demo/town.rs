//! The ground plan of an invented town: a district of eight sub-districts along a canal, streets, blocks and lots.

use std::f64::consts::{FRAC_PI_2, TAU};

use rust_decimal::Decimal;

use super::cell::{Cell, Point, distance, weld};
use super::quarter::QUARTERS;
use super::random::Dice;
use super::shape::{Ring, Shape, place};

/// How a lot came to its form.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    Plain,
    LShaped,
    Courtyard,
    TwoParts,
    /// One of three strips, the middle of which changes hands.
    Strip(u8),
}

pub struct Lot {
    pub pieces: Vec<Ring>,
    /// Index into [`QUARTERS`].
    pub quarter: usize,
    pub block: usize,
    /// Index into [`super::quarter::PLATFORMS`].
    pub platform: Option<usize>,
    pub form: Form,
}

impl Lot {
    pub fn shape(&self) -> Shape {
        Shape::of(&self.pieces)
    }
}

pub struct Town {
    pub district: Shape,
    /// In the order of [`QUARTERS`].
    pub quarters: Vec<Shape>,
    /// In the order of [`super::quarter::PLATFORMS`].
    pub platforms: Vec<Shape>,
    pub lots: Vec<Lot>,
}

const OUTLINE_STEP: f64 = 60.0;
const LOT_STEP: f64 = 115.0;
const SMALLEST_LOT: f64 = 850.0;
const LARGEST_LOT: f64 = 90_000.0;

/// Half widths of what separates: the canal with its banks, main, middle and small streets.
const CANAL: f64 = 42.0;
const MAIN: f64 = 19.0;
const MIDDLE: f64 = 11.0;
const SMALL: f64 = 6.5;

/// Draws the town; the same dice give the same town.
pub fn draw(dice: &mut Dice) -> Town {
    let cells = quarters();
    let rings: Vec<Ring> = weld(&cells).iter().map(|ring| place(ring, OUTLINE_STEP)).collect();
    let mut plan = Plan { dice, lots: Vec::new(), block: 0, parks: Vec::new() };
    for (index, cell) in cells.iter().enumerate() {
        plan.fill(index, cell);
    }
    let Plan { mut lots, parks, .. } = plan;
    join_two_across_a_street(&mut lots);
    Town {
        district: Shape::of(&rings),
        quarters: rings.iter().map(|ring| Shape::of(std::slice::from_ref(ring))).collect(),
        platforms: parks.iter().map(outline).collect(),
        lots,
    }
}

fn outline(cell: &Cell) -> Shape {
    let ring: Vec<Point> = cell.0.iter().map(|corner| corner.at).collect();
    Shape::of(&[place(&ring, OUTLINE_STEP)])
}

/// Cuts the district: first along the canal, then along the main streets.
fn quarters() -> Vec<Cell> {
    let around = (0..40).map(|i| {
        let angle = TAU * f64::from(i) / 40.0;
        let rounded = |value: f64| value.signum() * value.abs().powf(0.74);
        (1_850.0 * rounded(angle.cos()), 2_900.0 * rounded(angle.sin()))
    });
    let district = Cell::new(around, 9.0);
    let cut = |cell: &Cell, through: Point, degrees: f64, margin: f64| {
        cell.cut(through, degrees.to_radians(), margin).expect("the cuts of the plan lie inside the district")
    };
    let (west, east) = cut(&district, (-420.0, 0.0), 84.0, CANAL);
    let (north_west, tianshui) = cut(&west, (-900.0, -1_050.0), 7.0, MAIN);
    let (dongxin, chaohui) = cut(&north_west, (-900.0, 650.0), -11.0, MAIN);
    let (north_east, south_east) = cut(&east, (700.0, -620.0), -6.0, MAIN);
    let (shiqiao, wenhui) = cut(&north_east, (700.0, 830.0), 9.0, MAIN);
    let (wulin, far_east) = cut(&south_east, (420.0, -1_500.0), 79.0, MAIN);
    let (chaoming, changqing) = cut(&far_east, (1_000.0, -1_480.0), 12.0, MAIN);
    vec![tianshui, chaohui, dongxin, wulin, changqing, chaoming, wenhui, shiqiao]
}

struct Plan<'a> {
    dice: &'a mut Dice,
    lots: Vec<Lot>,
    block: usize,
    parks: Vec<Cell>,
}

impl Plan<'_> {
    fn fill(&mut self, quarter: usize, cell: &Cell) {
        let mut blocks = Vec::new();
        self.blocks(cell.clone(), quarter, 0, None, &mut blocks);
        for (block, platform) in blocks {
            let Some(block) = block.between_streets() else { continue };
            if platform.is_none() && self.dice.chance(0.08) {
                continue;
            }
            let block = self.with_cut_corners(block);
            // A wedge between three streets is a patch of green.
            if block.0.len() < 4 {
                continue;
            }
            self.lots_of(block, quarter, platform);
            self.block += 1;
        }
    }

    /// Streets are laid by cutting across the longer side again and again, never quite in the middle nor quite square.
    fn blocks(
        &mut self,
        cell: Cell,
        quarter: usize,
        depth: usize,
        platform: Option<usize>,
        out: &mut Vec<(Cell, Option<usize>)>,
    ) {
        let limit = QUARTERS[quarter].block_m2 * self.dice.between(0.8, 1.7);
        let (angle, length, width) = cell.extent();
        if cell.area() < limit && length < 3.2 * width {
            out.push((cell, platform));
            return;
        }
        let margin = [MIDDLE + 3.0, MIDDLE][..].get(depth).copied().unwrap_or(SMALL);
        let slant = self.dice.between(-0.16, 0.16);
        let shift = self.dice.between(-0.13, 0.13) * length;
        let centre = cell.centre();
        let through = (centre.0 + shift * angle.cos(), centre.1 + shift * angle.sin());
        let Some((left, right)) = cell.cut(through, angle + FRAC_PI_2 + slant, margin) else {
            out.push((cell, platform));
            return;
        };
        for part in [left, right] {
            let platform = platform.or_else(|| self.open_platform(&part, quarter, depth));
            self.blocks(part, quarter, depth + 1, platform, out);
        }
    }

    /// The first piece of the right size in 东新 and in 石桥 becomes an industrial platform.
    fn open_platform(&mut self, cell: &Cell, quarter: usize, depth: usize) -> Option<usize> {
        let index = [2, 7].iter().position(|&home| home == quarter)?;
        let free = self.parks.len() == index;
        (depth == 1 && free).then(|| {
            self.parks.push(cell.clone());
            index
        })
    }

    fn with_cut_corners(&mut self, block: Cell) -> Cell {
        let mut block = block;
        for place in (0..block.0.len()).rev() {
            if block.angle_at(place) < 2.2 && self.dice.chance(0.7) {
                block = block.without_corner(place, self.dice.between(5.0, 13.0));
            }
        }
        block
    }

    fn lots_of(&mut self, block: Cell, quarter: usize, platform: Option<usize>) {
        let mut cells = Vec::new();
        let grain = 1.45 * QUARTERS[quarter].lot_m2 * (0.55 * self.dice.normal()).exp();
        self.divide(block, grain, &mut cells);
        let mut parts: Vec<(Cell, usize)> = Vec::new();
        let mut forms = Vec::new();
        for cell in cells {
            let form = self.form_for(&cell, &forms);
            let first = forms.len();
            for (part, lot) in shaped(&cell, form) {
                parts.push((part, first + lot));
            }
            let lots = parts.last().map_or(first, |(_, lot)| lot + 1);
            forms.extend((first..lots).map(|lot| match form {
                Form::Strip(_) => Form::Strip((lot - first) as u8),
                _ if lot == first => form,
                _ => Form::Plain,
            }));
        }
        let (cells, homes): (Vec<Cell>, Vec<usize>) = parts.into_iter().unzip();
        let rings: Vec<Ring> = weld(&cells).iter().map(|ring| place(ring, LOT_STEP)).collect();
        for (lot, form) in forms.into_iter().enumerate() {
            let pieces = rings.iter().zip(&homes).filter(|(_, home)| **home == lot).map(|(ring, _)| ring.clone());
            self.lots.push(Lot { pieces: pieces.collect(), quarter, block: self.block, platform, form });
        }
    }

    /// Lots keep a side to a street: a cut that would leave one landlocked is turned, or not made.
    fn divide(&mut self, cell: Cell, grain: f64, out: &mut Vec<Cell>) {
        let (angle, length, _) = cell.extent();
        // Now and then a corner is cut up for shops.
        let grain = if self.dice.chance(0.012) { grain * 0.07 } else { grain };
        let limit = (grain * self.dice.between(0.6, 2.2)).min(LARGEST_LOT);
        if cell.area() > limit {
            for turn in [FRAC_PI_2, 0.0] {
                let shift = self.dice.between(-0.17, 0.17) * length * turn / FRAC_PI_2;
                let centre = cell.centre();
                let through = (centre.0 + shift * angle.cos(), centre.1 + shift * angle.sin());
                let slant = self.dice.between(-0.09, 0.09);
                let halves = cell.cut(through, angle + turn + slant, 0.0);
                if let Some((left, right)) = halves.filter(|(left, right)| usable(left) && usable(right)) {
                    self.divide(left, grain, out);
                    self.divide(right, grain, out);
                    return;
                }
            }
        }
        out.push(cell);
    }

    fn form_for(&mut self, cell: &Cell, in_block: &[Form]) -> Form {
        let (_, length, width) = cell.extent();
        let area = cell.area();
        let square = length < 1.7 * width && cell.0.len() <= 6;
        let missing = |wanted: fn(&Form) -> bool| !self.lots.iter().map(|lot| &lot.form).chain(in_block).any(wanted);
        if square && area > 26_000.0 && missing(|form| *form == Form::Courtyard) {
            Form::Courtyard
        } else if square && area > 22_000.0 && missing(|form| matches!(form, Form::Strip(_))) {
            Form::Strip(0)
        } else if square && area > 6_500.0 && self.dice.chance(0.11) {
            Form::LShaped
        } else {
            Form::Plain
        }
    }
}

fn usable(cell: &Cell) -> bool {
    let (_, length, width) = cell.extent();
    cell.0.len() > 3 && cell.area() > SMALLEST_LOT && cell.frontage() > 18.0 && length < 4.5 * width
}

/// The parts of a cell and which of its lots each belongs to.
fn shaped(cell: &Cell, form: Form) -> Vec<(Cell, usize)> {
    let (angle, length, width) = cell.extent();
    let at = |along: f64, across: f64| {
        let (x, y) = (along * length, across * width);
        let centre = cell.centre();
        (centre.0 + x * angle.cos() - y * angle.sin(), centre.1 + x * angle.sin() + y * angle.cos())
    };
    let across = |cell: &Cell, along: f64| cell.cut(at(along, 0.0), angle + FRAC_PI_2, 0.0);
    let lengthwise = |cell: &Cell, across: f64| cell.cut(at(0.0, across), angle, 0.0);
    let parts = match form {
        Form::LShaped => lengthwise(cell, 0.04).and_then(|(upper, lower)| {
            let (left, right) = across(&upper, 0.02)?;
            Some(vec![(lower, 0), (left, 0), (right, 1)])
        }),
        Form::Courtyard => across(cell, -0.17).and_then(|(west, rest)| {
            let (middle, east) = across(&rest, 0.17)?;
            let (north, rest) = lengthwise(&middle, 0.17)?;
            let (yard, south) = lengthwise(&rest, -0.17)?;
            drop(yard);
            Some(vec![(west, 0), (east, 0), (north, 0), (south, 0)])
        }),
        Form::Strip(_) => across(cell, -0.1).and_then(|(first, rest)| {
            let (middle, last) = across(&rest, 0.06)?;
            Some(vec![(first, 0), (middle, 1), (last, 2)])
        }),
        Form::Plain | Form::TwoParts => None,
    };
    let parts = parts.filter(|parts| parts.iter().all(|(part, _)| part.0.len() > 3));
    parts.unwrap_or_else(|| vec![(cell.clone(), 0)])
}

/// One lot of the north takes in another one across the street: a parcel of two parts.
fn join_two_across_a_street(lots: &mut Vec<Lot>) {
    let small = |lot: &Lot| lot.shape().area() < Decimal::from(50_000);
    let plain = |lot: &Lot| {
        let industrial = QUARTERS[lot.quarter].industry > 0.5 && lot.platform.is_none();
        industrial && lot.form == Form::Plain && small(lot)
    };
    let Some(first) = lots.iter().position(plain) else { return };
    let place = lots[first].shape().middle();
    let others = (0..lots.len()).filter(|&i| plain(&lots[i]) && lots[i].block != lots[first].block);
    let away = |i: &usize| distance(lots[*i].shape().middle(), place);
    let Some(second) = others.min_by(|a, b| away(a).total_cmp(&away(b))) else { return };
    let joined = lots.remove(second);
    lots[first].pieces.extend(joined.pieces);
    lots[first].form = Form::TwoParts;
}
