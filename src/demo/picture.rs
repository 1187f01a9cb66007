//! Pictures of building sites, drawn by rule: nobody shall take them for photographs, so each says 合成 (synthetic).

use image::codecs::jpeg::JpegEncoder;
use image::{ImageError, Rgb, RgbImage};

use super::random::Dice;

const WIDTH: u32 = 640;
const HEIGHT: u32 = 480;
const GROUND: u32 = 340;
/// How much a dot of the label is enlarged.
const DOT: u32 = 3;

const LABEL: [[&str; 16]; 2] = [
    [
        ".......##.......",
        "......####......",
        ".....##..##.....",
        "....##....##....",
        "...##......##...",
        ".###........###.",
        "##...######...##",
        "................",
        "................",
        "..############..",
        "..##........##..",
        "..##........##..",
        "..##........##..",
        "..##........##..",
        "..############..",
        "..##........##..",
    ],
    [
        ".........##.##..",
        ".........##..##.",
        ".........##.....",
        ".##############.",
        ".##......##.....",
        ".##......##..##.",
        ".##......##..##.",
        ".########.#.##..",
        ".##...##.##.##..",
        ".##...##.##.#...",
        ".##...##..###...",
        ".##...##..##..#.",
        ".##.###...###.#.",
        ".##..##..##.###.",
        "##......##...##.",
        "##.....##.....#.",
    ],
];

/// A JPEG of 640 × 480. `built` says how much stands, from 0 to 1.
pub fn site(dice: &mut Dice, built: f64) -> Result<Vec<u8>, ImageError> {
    let mut picture = RgbImage::from_fn(WIDTH, HEIGHT, |_, y| if y < GROUND { sky(y) } else { Rgb([168, 146, 112]) });
    for block in 0..4 {
        let left = 40 + block * 150 + dice.below(30) as u32;
        let height = (dice.between(60.0, 220.0) * built) as u32;
        building(&mut picture, left, height, dice);
    }
    fill(&mut picture, (0, GROUND - 18), (WIDTH, 18), Rgb([70, 110, 150]));
    label(&mut picture);
    let mut bytes = Vec::new();
    picture.write_with_encoder(JpegEncoder::new_with_quality(&mut bytes, 80))?;
    Ok(bytes)
}

fn sky(y: u32) -> Rgb<u8> {
    let pale = (y * 60 / GROUND) as u8;
    Rgb([150 + pale, 185 + pale, 220])
}

fn building(picture: &mut RgbImage, left: u32, height: u32, dice: &mut Dice) {
    let grey = 150 + dice.below(60) as u8;
    fill(picture, (left, GROUND - height), (110, height), Rgb([grey, grey, grey - 10]));
    for storey in 0..height / 34 {
        for window in 0..4 {
            let corner = (left + 10 + window * 25, GROUND - height + 8 + storey * 34);
            fill(picture, corner, (14, 16), Rgb([60, 80, 100]));
        }
    }
}

fn label(picture: &mut RgbImage) {
    let (left, top) = (WIDTH - 2 * 17 * DOT - 12, HEIGHT - 16 * DOT - 16);
    fill(picture, (left - 8, top - 8), (2 * 17 * DOT + 14, 16 * DOT + 16), Rgb([20, 20, 20]));
    for (place, glyph) in (0..).zip(LABEL) {
        for (y, row) in (0..).zip(glyph) {
            for (x, _) in (0..).zip(row.bytes()).filter(|(_, dot)| *dot == b'#') {
                let corner = (left + (place * 17 + x) * DOT, top + y * DOT);
                fill(picture, corner, (DOT, DOT), Rgb([255, 255, 255]));
            }
        }
    }
}

fn fill(picture: &mut RgbImage, (left, top): (u32, u32), (width, height): (u32, u32), colour: Rgb<u8>) {
    for y in top..(top + height).min(HEIGHT) {
        for x in left..(left + width).min(WIDTH) {
            picture.put_pixel(x, y, colour);
        }
    }
}
