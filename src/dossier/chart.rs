//! A small column chart, laid out here and drawn by its template.

use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;

use crate::base::unit::{Yuan, rounded};

pub const WIDTH: f64 = 480.0;
pub const HEIGHT: f64 = 212.0;
/// Where the columns stand.
pub const FLOOR: f64 = HEIGHT - BOTTOM;
/// Where the columns' part begins and ends; what the line is called stands right of it.
pub const LEFT: f64 = 8.0;
pub const EDGE: f64 = 404.0;
/// The title, and under it the figure over the highest column.
const TOP: f64 = 42.0;
const BOTTOM: f64 = 28.0;

/// One year.
#[derive(Clone, Debug, PartialEq)]
pub struct Column {
    pub year: i32,
    pub x: f64,
    pub y: f64,
    pub width: f64,
    pub height: f64,
    /// Where the figure is written.
    pub middle: f64,
    pub above: f64,
    pub label: String,
    pub low: bool,
}

#[derive(Clone, Debug, PartialEq)]
pub struct Chart {
    pub columns: Vec<Column>,
    pub line: Option<Mark>,
}

/// The line the figures are held against.
#[derive(Clone, Debug, PartialEq)]
pub struct Mark {
    pub y: f64,
    pub label: String,
}

/// Years in order with 元/亩 where it could be determined, against a line in 元/亩.
pub fn draw(years: &[(i32, Option<Decimal>)], line: Option<Decimal>) -> Chart {
    let highest = years.iter().filter_map(|(_, value)| *value).chain(line).max().unwrap_or_default();
    let height = |value: Decimal| {
        let share = value.checked_div(highest).and_then(|share| share.to_f64()).unwrap_or(0.0);
        round(share.clamp(0.0, 1.0) * (FLOOR - TOP))
    };
    let step = (EDGE - LEFT) / years.len().max(1) as f64;
    let width = (step * 0.5).min(64.0);
    let columns = years.iter().enumerate().map(|(place, (year, value))| {
        let height = value.map_or(0.0, height);
        let (x, y) = (LEFT + step * place as f64 + (step - width) / 2.0, FLOOR - height);
        Column {
            year: *year,
            x: round(x),
            y: round(y),
            middle: round(x + width / 2.0),
            above: round(y - 4.0),
            width: round(width),
            height,
            label: value.map_or("无法判定".into(), wan),
            low: value.zip(line).is_some_and(|(value, line)| value < line),
        }
    });
    let line = line.filter(|line| *line > Decimal::ZERO);
    let mark = |line| {
        let y = FLOOR - height(line);
        Mark { y: round(y), label: wan(line) }
    };
    Chart { columns: columns.collect(), line: line.map(mark) }
}

fn wan(value: Decimal) -> String {
    rounded(Yuan(value).to_wan(), 2)
}

fn round(value: f64) -> f64 {
    (value * 10.0).round() / 10.0
}

#[cfg(test)]
mod tests {
    use super::*;
    use rust_decimal_macros::dec;

    #[test]
    fn the_highest_fills_the_height_and_a_missing_year_stays_empty() {
        let chart = draw(&[(2022, Some(dec!(5000))), (2023, None), (2024, Some(dec!(20000)))], Some(dec!(10000)));
        assert_eq!(chart.columns[2].height, FLOOR - TOP);
        assert_eq!((chart.columns[1].height, chart.columns[1].label.as_str()), (0.0, "无法判定"));
        assert_eq!((chart.columns[0].label.as_str(), chart.columns[0].low), ("0.50", true));
        assert_eq!(chart.line.unwrap().y, (TOP + FLOOR) / 2.0);
        assert!(!chart.columns[2].low);
    }

    #[test]
    fn figures_keep_clear_of_the_title_and_columns_of_the_lines_name() {
        let chart =
            draw(&[(2022, Some(dec!(20000))), (2023, Some(dec!(100))), (2024, Some(dec!(20000)))], Some(dec!(10000)));
        let title_ends = 18.0;
        assert!(chart.columns.iter().all(|column| column.above - 12.0 >= title_ends));
        assert!(chart.columns.iter().all(|column| column.x >= LEFT && column.x + column.width <= EDGE));
        const { assert!(WIDTH - EDGE >= 70.0, "room for 标准 and a figure") };
    }

    #[test]
    fn nothing_to_draw_is_no_column() {
        assert!(draw(&[], None).columns.is_empty());
        assert_eq!(draw(&[(2024, Some(dec!(0)))], None).columns[0].height, 0.0);
    }
}
