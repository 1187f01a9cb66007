use super::*;
use crate::read_made::{self as made, Shapefile, asked, polygon, refused, square};
use crate::{FaultCode, Unreadable};

fn parts(stem: &str, west: f64) -> Vec<(String, Vec<u8>)> {
    let dbf = made::dbf(3, 0x4D, &[(b"ZDDM", b'C', 19)], &[vec![b"330105001001GB00001".to_vec()]]);
    let made = Shapefile::of(&[polygon(&[square(west, 3_355_500.0, 100.0)])], &dbf);
    let read = |ending: &&str| (format!("{stem}.{ending}"), std::fs::read(made.part(ending)).unwrap());
    ["shp", "shx", "dbf", "prj"].iter().map(read).collect()
}

fn archive(entries: &[(String, Vec<u8>)]) -> Vec<u8> {
    made::zip(&entries.iter().map(|(name, bytes)| (name.as_str(), bytes.as_slice())).collect::<Vec<_>>())
}

fn read(bytes: &[u8], layer: Option<&str>) -> made::Read {
    made::read_bytes("a.zip", bytes, &ReadOptions { layer: layer.map(str::to_owned), ..ReadOptions::default() })
}

fn west(read: made::Read) -> f64 {
    read.unwrap().1.extent.unwrap().min_x
}

#[test]
fn two_years_of_one_name_are_told_apart_by_their_folders() {
    let both = archive(&[parts("2023/宗地", 512_000.0), parts("2024/宗地", 514_000.0)].concat());
    let names = |question: crate::Question| question.candidates.into_iter().map(|c| c.value).collect::<Vec<_>>();
    assert_eq!(names(asked(read(&both, None))), ["2023/宗地", "2024/宗地"]);
    assert_eq!(names(asked(read(&both, Some("宗地")))), ["2023/宗地", "2024/宗地"], "the bare name is no answer");
    assert_eq!(west(read(&both, Some("2023/宗地"))), 512_000.0);
    assert_eq!(west(read(&both, Some("2024/宗地"))), 514_000.0);
    let apart = archive(&[parts("x/甲", 512_000.0), parts("y/乙", 514_000.0)].concat());
    assert_eq!(names(asked(read(&apart, None))), ["甲", "乙"], "no folder where none is needed");
    assert_eq!(west(read(&apart, Some("乙"))), 514_000.0);
}

#[test]
fn what_a_mac_adds_is_passed_over_wherever_it_lies() {
    for beside in ["交付/._宗地", "__MACOSX/交付/._宗地", "交付/__MACOSX/宗地"] {
        let hidden = ["shp", "dbf"].map(|ending| (format!("{beside}.{ending}"), vec![0; 64]));
        let bytes = archive(&[parts("交付/宗地", 512_000.0), hidden.to_vec()].concat());
        assert_eq!(read(&bytes, None).unwrap().0.len(), 1, "{beside}");
    }
}

#[test]
fn archives_of_something_else_are_named() {
    let told = |name: &str| refused(read(&made::zip(&[(name, b"x")]), None)).message;
    assert!(told("宗地.gdb/a00000001.gdbtable").contains("文件地理数据库"));
    assert!(told("doc.kml").contains("KMZ"));
    assert!(told("宗地.zip").contains("压缩包里的压缩包"));
    assert!(told("图/总图.dwg").contains("AutoCAD"));
    assert_eq!(refused(read(&made::zip(&[("说明.doc", b"x")]), None)).code, FaultCode::LayerUnknown);
    let both = [parts("宗地", 512_000.0), vec![("总图.dwg".to_owned(), b"x".to_vec())]].concat();
    assert!(read(&archive(&both), None).is_ok(), "a drawing beside the layer does no harm");
}

/// The fields of an entry's heads that say how it is packed, in the local and in the central one.
fn with_method(mut bytes: Vec<u8>, method: u8, flags: u8) -> Vec<u8> {
    let heads = [(b"PK\x03\x04", 6), (b"PK\x01\x02", 8)];
    for at in 0..bytes.len() - 4 {
        for (mark, flag) in heads {
            if bytes[at..].starts_with(mark) {
                bytes[at + flag] |= flags;
                bytes[at + flag + 2] = method;
            }
        }
    }
    bytes
}

#[test]
fn passwords_and_other_ways_of_packing_are_named() {
    let bytes = archive(&parts("宗地", 512_000.0));
    for (method, name) in [(12, "BZip2"), (14, "LZMA"), (9, "Deflate64"), (98, "PPMd")] {
        let fault = refused(read(&with_method(bytes.clone(), method, 0), None));
        assert!(fault.message.contains(name) && fault.message.contains("Deflate（标准）"), "{}", fault.message);
    }
    let Err(Unreadable::Refused(fault)) = read(&with_method(bytes, 8, 1), None) else { panic!("a password") };
    assert!(fault.message.contains("密码"), "{}", fault.message);
}
