use exif::experimental::Writer;
use exif::{Field, Rational};
use image::{Rgb, RgbImage};
use proptest::prelude::*;

use super::*;

/// A plain picture: left half red, right half blue.
pub(crate) fn plain(width: u32, height: u32) -> Vec<u8> {
    let red_then_blue = |x, _| if x < width / 2 { Rgb([220, 20, 20]) } else { Rgb([20, 20, 220]) };
    let mut bytes = Vec::new();
    let picture = RgbImage::from_fn(width, height, red_then_blue);
    picture.write_with_encoder(JpegEncoder::new_with_quality(&mut bytes, 90)).unwrap();
    bytes
}

fn rational(values: &[(u32, u32)]) -> Value {
    Value::Rational(values.iter().map(|(num, denom)| Rational { num: *num, denom: *denom }).collect())
}

/// The picture with place, time and orientation, as a phone's camera writes it.
pub(crate) fn with_exif(picture: &[u8], orientation: u16) -> Vec<u8> {
    let fields = [
        (Tag::Orientation, Value::Short(vec![orientation])),
        (Tag::DateTimeOriginal, Value::Ascii(vec![b"2026:11:23 10:20:30".to_vec()])),
        (Tag::GPSLatitudeRef, Value::Ascii(vec![b"N".to_vec()])),
        (Tag::GPSLatitude, rational(&[(30, 1), (19, 1), (1234, 100)])),
        (Tag::GPSLongitudeRef, Value::Ascii(vec![b"E".to_vec()])),
        (Tag::GPSLongitude, rational(&[(120, 1), (9, 1), (3000, 100)])),
    ];
    let fields: Vec<Field> =
        fields.into_iter().map(|(tag, value)| Field { tag, ifd_num: In::PRIMARY, value }).collect();
    let mut writer = Writer::new();
    fields.iter().for_each(|field| writer.push_field(field));
    let mut tiff = Cursor::new(Vec::new());
    writer.write(&mut tiff, false).unwrap();
    let tiff = tiff.into_inner();
    let length = u16::try_from(tiff.len() + 8).unwrap().to_be_bytes();
    [&picture[..2], &[0xff, 0xe1], &length, b"Exif\0\0", &tiff, &picture[2..]].concat()
}

fn contains(bytes: &[u8], what: &[u8]) -> bool {
    bytes.windows(what.len()).any(|window| window == what)
}

#[test]
fn place_and_time_are_read_and_then_gone() {
    let original = with_exif(&plain(64, 32), 1);
    assert!(contains(&original, b"Exif"));
    let kept = shrink(&original).unwrap();
    let place = kept.taken.place.unwrap();
    assert!((place.latitude - (30.0 + 19.0 / 60.0 + 12.34 / 3600.0)).abs() < 1e-9);
    assert!((place.longitude - (120.0 + 9.5 / 60.0)).abs() < 1e-9);
    assert_eq!(kept.taken.at.unwrap().to_string(), "2026-11-23 10:20:30");
    assert!(!contains(&kept.bytes, b"Exif") && !contains(&kept.bytes, b"2026:11:23"));
    assert!(!contains(&kept.bytes, &[0xff, 0xe1]), "no APP1 segment is left");
    assert_eq!(shrink(&kept.bytes).unwrap().taken, Taken::default());
}

#[test]
fn a_picture_taken_sideways_stands_upright() {
    let turned = shrink(&with_exif(&plain(64, 32), 6)).unwrap();
    assert_eq!((turned.width, turned.height), (32, 64));
    let pixels = image::load_from_memory(&turned.bytes).unwrap().to_rgb8();
    assert!(pixels.get_pixel(16, 8)[0] > 180, "what was left is on top");
    assert!(pixels.get_pixel(16, 56)[2] > 180);
}

#[test]
fn a_large_picture_is_made_smaller_and_keeps_its_shape() {
    let kept = shrink(&plain(LONGEST_SIDE * 2, LONGEST_SIDE)).unwrap();
    assert_eq!((kept.width, kept.height), (LONGEST_SIDE, LONGEST_SIDE / 2));
    assert!(kept.bytes.len() <= LARGEST_STORED);
    let exact = shrink(&plain(LONGEST_SIDE, 16)).unwrap();
    assert_eq!(exact.width, LONGEST_SIDE);
}

#[test]
fn what_lies_about_its_kind_is_refused() {
    let code = |bytes: &[u8]| shrink(bytes).unwrap_err().code();
    assert_eq!(code(b"\x89PNG\r\n\x1a\n"), "photo_type");
    assert_eq!(code(b"GIF89a"), "photo_type");
    assert_eq!(code(b"<html>"), "photo_type");
    assert_eq!(code(b"\0\0\0\x18ftypheic"), "photo_type");
    assert_eq!(code(b""), "photo_type");
    assert_eq!(code(b"\xff\xd8\xff\xe0 and then nothing of a picture"), "photo_damaged");
    let whole = plain(64, 64);
    assert_eq!(code(&whole[..40]), "photo_damaged");
}

#[test]
fn a_bomb_is_refused_by_its_header() {
    let mut bomb = plain(16, 16);
    let frame = bomb.windows(2).position(|pair| pair == [0xff, 0xc0]).unwrap();
    bomb[frame + 5..frame + 9].copy_from_slice(&[0x3f, 0xff, 0x3f, 0xff]);
    assert_eq!(shrink(&bomb).unwrap_err().code(), "photo_pixels");
    bomb[frame + 5..frame + 9].copy_from_slice(&[0xff, 0xff, 0x00, 0x10]);
    assert_eq!(shrink(&bomb).unwrap_err().code(), "photo_pixels");
    let mut heavy = plain(16, 16);
    heavy.resize(LARGEST_ORIGINAL + 1, 0);
    assert_eq!(shrink(&heavy).unwrap_err().code(), "photo_bytes");
}

#[test]
fn what_stands_after_the_end_is_not_kept() {
    let mut carrier = plain(32, 32);
    carrier.extend_from_slice(b"<script>alert(1)</script>");
    assert!(!contains(&shrink(&carrier).unwrap().bytes, b"script"));
}

proptest! {
    #[test]
    fn no_bytes_bring_it_down(bytes in proptest::collection::vec(any::<u8>(), 0..400), place in 2usize..300) {
        let _ = shrink(&bytes);
        let mut broken = with_exif(&plain(16, 16), 3);
        let place = place.min(broken.len() - 1);
        for (offset, byte) in bytes.iter().take(8).enumerate() {
            if let Some(spot) = broken.get_mut(place + offset) {
                *spot = *byte;
            }
        }
        let _ = shrink(&broken);
    }
}
