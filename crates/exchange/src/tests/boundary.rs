use encoding_rs::GB18030;
use rust_decimal::Decimal;
use rust_decimal_macros::dec;

use super::*;
use crate::area::plane_area_decimal;
use crate::frame::{self, Declared, FrameDecision, FrameEvidence, Purpose};
use crate::made::boundary as made;
use crate::validity::examine;
use crate::{FaultCode, Severity};

const HEAD: &str = "[属性描述]\n坐标系=2000国家大地坐标系\n几度分带=3\n投影类型=高斯克吕格\n计量单位=米\n带号=40\n精度=0.001\n转换参数=,,,,,,\n[地块坐标]\n";
const SQUARE: &str = "J1,1,3350000.000,40500000.000\nJ2,1,3350000.000,40500100.000\nJ3,1,3350100.000,40500100.000\nJ4,1,3350100.000,40500000.000\n";
const CLOSING: &str = "J1,1,3350000.000,40500000.000\n";

fn hectares(record: &FeatureRecord) -> Decimal {
    let shape = record.geometry.clone().unwrap().unwrap();
    plane_area_decimal(&shape, 6).unwrap() / dec!(10000)
}

fn one(text: &str) -> FeatureRecord {
    one_of_bytes(text.as_bytes())
}

fn one_of_bytes(bytes: &[u8]) -> FeatureRecord {
    let (mut records, _) = read_bytes("plots.txt", bytes).unwrap();
    assert_eq!(records.len(), 1);
    records.remove(0)
}

fn is_the_square(record: &FeatureRecord) {
    assert_eq!(hectares(record), dec!(1), "{record:?}");
    assert!(record.faults.is_empty(), "{:?}", record.faults);
}

#[test]
fn plane_areas_equal_the_declared_hectares() {
    for (name, declared) in made::NAMES.iter().zip([dec!(1.9716), dec!(1.2772)]) {
        let (records, summary) = read_bytes(name, made::plot(name).as_bytes()).unwrap();
        assert_eq!(records.len(), 1);
        assert_eq!(hectares(&records[0]).round_dp(4), declared);
        assert_eq!(records[0].text("official_area_m2").unwrap().parse::<Decimal>().unwrap(), declared * dec!(10000));
        assert!(records[0].faults.is_empty());
        let evidence = FrameEvidence {
            declared: summary.declared,
            extent: summary.extent,
            named: None,
            purpose: Purpose::Parcels,
        };
        assert!(matches!(frame::decide(&evidence), FrameDecision::Decided { srid: 4526, survey_truth: true, .. }));
    }
}

#[test]
fn a_second_column_of_part_numbers_makes_parts() {
    let (records, summary) = read_bytes("parts.txt", made::parts().as_bytes()).unwrap();
    let shape = records[0].geometry.clone().unwrap().unwrap();
    assert_eq!(shape.0.len(), 2);
    assert_eq!(plane_area_decimal(&shape, 2), Some(dec!(144)));
    assert_eq!(records[0].text("地块名称").as_deref(), Some("两部分的地块"));
    assert_eq!(records[0].faults[0].code, FaultCode::AreaUnitDoubtful);
    let evidence =
        FrameEvidence { declared: summary.declared, extent: summary.extent, named: None, purpose: Purpose::Parcels };
    assert!(matches!(frame::decide(&evidence), FrameDecision::Refused { code: FaultCode::FrameOutOfRange, .. }));
}

#[test]
fn every_encoding_and_line_end() {
    let text = format!("{HEAD}5,1.0000,1,甲地块,面,,工业,0601,@\n{SQUARE}{CLOSING}");
    let utf16 = |big: bool| {
        let units = "\u{feff}".encode_utf16().chain(text.encode_utf16());
        units.flat_map(|unit| if big { unit.to_be_bytes() } else { unit.to_le_bytes() }).collect::<Vec<u8>>()
    };
    let variants: Vec<Vec<u8>> = vec![
        text.clone().into_bytes(),
        format!("\u{feff}{text}").into_bytes(),
        utf16(false),
        utf16(true),
        GB18030.encode(&text).0.into_owned(),
        text.replace('\n', "\r\n").into_bytes(),
    ];
    for bytes in variants {
        let record = one_of_bytes(&bytes);
        is_the_square(&record);
        assert_eq!(record.text("地块名称").as_deref(), Some("甲地块"));
        assert_eq!(record.line, Some(10));
    }
}

#[test]
fn labels_brackets_commas_and_widths() {
    let plain = format!("{HEAD}5,1,1,甲,面,,,0601,@\n{SQUARE}{CLOSING}");
    is_the_square(&one(&plain.replace("J1,", "J01,").replace("J2,", "J02,")));
    is_the_square(&one(&plain.replace("J", "")));
    is_the_square(&one(&plain.replace(',', "，")));
    is_the_square(&one(&plain.replace('[', "【").replace(']', "】")));
    is_the_square(&one(&plain.replace("带号=40", "带号＝４０").replace("J3,1,3350100", "Ｊ３,１,３３５０１００")));
    is_the_square(&one(&plain.replace("J3,1,", "J3,,")));
    is_the_square(&one(&plain.replace("40500100.000\n", "40500100.000,5.2\n")));
}

#[test]
fn closing_points() {
    let row = |count: u32| format!("{HEAD}{count},1,1,甲,面,,,0601,@\n");
    is_the_square(&one(&format!("{}{SQUARE}{CLOSING}", row(5))));
    is_the_square(&one(&format!("{}{SQUARE}{}", row(5), CLOSING.replace("J1", "J5"))));
    is_the_square(&one(&format!("{}{SQUARE}", row(5))));
    is_the_square(&one(&format!("{}{SQUARE}", row(4))));
    is_the_square(&one(&format!("{}{SQUARE}{CLOSING}", row(4))));
}

#[test]
fn a_closing_label_at_another_place_is_refused_with_its_line() {
    let record = one(&format!("{HEAD}5,1,1,甲,面,,,,@\n{SQUARE}J1,1,3350000.000,40500000.500\n"));
    let fault = record.geometry.unwrap_err();
    assert_eq!((fault.code, fault.record, fault.line), (FaultCode::RingNotClosed, Some(1), Some(15)));
}

#[test]
fn declared_counts_that_are_wrong() {
    let with = |count: u32, rest: &str| one(&format!("{HEAD}{count},1,1,甲,面,,,,@\n{SQUARE}{rest}"));
    let complete = with(9, CLOSING);
    assert_eq!(hectares(&complete), dec!(1));
    assert_eq!(complete.faults[0].code, FaultCode::PointCountMismatch);
    assert_eq!(complete.faults[0].severity, Severity::Warning);
    let cut = with(9, "");
    assert_eq!(cut.geometry.unwrap_err().code, FaultCode::PointCountMismatch);
}

#[test]
fn header_rows_of_nine_to_fourteen_fields() {
    for more in 0..=5 {
        let fields = "x,".repeat(more);
        let record = one(&format!("{HEAD}5,1,1,甲,面,,工业,0601,{fields}@\n{SQUARE}{CLOSING}"));
        is_the_square(&record);
        assert_eq!(record.text("地类编码").as_deref(), Some("0601"));
        assert_eq!(record.attributes.len(), 8 + more + 2);
    }
}

#[test]
fn areas_empty_in_hectares_and_in_square_metres() {
    let with = |area: &str| one(&format!("{HEAD}5,{area},1,甲,面,,,,@\n{SQUARE}{CLOSING}"));
    let metres = |record: &FeatureRecord| record.text("official_area_m2").map(|t| t.parse::<Decimal>().unwrap());
    assert_eq!(metres(&with("")), None);
    assert_eq!(metres(&with("1.0000")), Some(dec!(10000)));
    assert_eq!(metres(&with("10000.00")), Some(dec!(10000)));
    assert_eq!(metres(&with("1.0000公顷")), Some(dec!(10000)));
    assert_eq!(metres(&with("9999.5平方米")), Some(dec!(9999.5)));
    let neither = with("15");
    assert_eq!(metres(&neither), Some(dec!(150000)));
    assert_eq!(neither.faults[0].code, FaultCode::AreaUnitDoubtful);
    let unreadable = with("约一公顷");
    assert_eq!((metres(&unreadable), unreadable.faults[0].code), (None, FaultCode::ValueUnreadable));
}

#[test]
fn holes_by_ring_number_by_order_and_by_part_times_hundred() {
    let hole = |group: u32| {
        format!(
            "J5,{group},3350010,40500010\nJ6,{group},3350010,40500020\nJ7,{group},3350020,40500020\nJ8,{group},3350020,40500010\nJ5,{group},3350010,40500010\n"
        )
    };
    for second in [2, 1] {
        let record = one(&format!("{HEAD}10,0.99,1,甲,面,,,,@\n{SQUARE}{CLOSING}{}", hole(second)));
        assert_eq!(hectares(&record), dec!(0.99), "second column {second}");
        assert_eq!(record.geometry.unwrap().unwrap().0.len(), 1);
    }
    let outline = format!("{SQUARE}{CLOSING}").replace(",1,", ",101,");
    let away = outline.replace(",101,", ",201,").replace("40500", "40510");
    let record = one(&format!("{HEAD}15,1.99,1,甲,面,,,,@\n{outline}{}{away}", hole(102)));
    assert_eq!(hectares(&record), dec!(1.99));
    let shape = record.geometry.unwrap().unwrap();
    assert_eq!((shape.0.len(), shape.0[0].interiors().len(), shape.0[1].interiors().len()), (2, 1, 0));
    assert!(examine(shape).is_ok());
}

#[test]
fn swapped_axes_are_turned_when_certain_and_refused_when_mixed() {
    let swapped = "J1,1,40500000,3350000\nJ2,1,40500100,3350000\nJ3,1,40500100,3350100\nJ4,1,40500000,3350100\nJ1,1,40500000,3350000\n";
    let record = one(&format!("{HEAD}5,1,1,甲,面,,,,@\n{swapped}"));
    assert_eq!(hectares(&record), dec!(1));
    assert_eq!((record.faults.len(), record.faults[0].code), (1, FaultCode::AxesSwapped));
    let without_zone = swapped.replace("40500", "500");
    assert_eq!(one(&format!("{HEAD}5,1,1,甲,面,,,,@\n{without_zone}")).faults[0].code, FaultCode::AxesSwapped);
    let mixed = SQUARE.replace("J2,1,3350000.000,40500100.000", "J2,1,40500100.000,3350000.000");
    let record = one(&format!("{HEAD}5,1,1,甲,面,,,,@\n{mixed}{CLOSING}"));
    assert_eq!(record.geometry.unwrap_err().code, FaultCode::AxesSwapped);
}

fn decision(text: &str) -> FrameDecision {
    let (_, summary) = read_bytes("plots.txt", text.as_bytes()).unwrap();
    assert!(matches!(summary.declared, Declared::BoundaryHeader(_)));
    frame::decide(&FrameEvidence {
        declared: summary.declared,
        extent: summary.extent,
        named: None,
        purpose: Purpose::Parcels,
    })
}

#[test]
fn the_zone_may_be_missing_or_stand_only_in_the_head() {
    let text = format!("{HEAD}5,1,1,甲,面,,,,@\n{SQUARE}{CLOSING}");
    assert!(matches!(decision(&text), FrameDecision::Decided { srid: 4528, .. }));
    let FrameDecision::Question(asked) = decision(&text.replace("带号=40\n", "")) else { panic!() };
    assert_eq!(asked.candidates[0].value, "4528");
    let short = text.replace("40500", "500");
    assert!(matches!(decision(&short), FrameDecision::Decided { srid: 4549, .. }));
    assert!(matches!(decision(&short.replace("带号=40\n", "带号=\n")), FrameDecision::Question(_)));
    assert!(matches!(
        decision(&text.replace("带号=40", "带号=39")),
        FrameDecision::Refused { code: FaultCode::FrameContradicted, .. }
    ));
    assert!(matches!(
        decision(&text.replace("2000国家大地坐标系", "1980西安坐标系")),
        FrameDecision::Refused { code: FaultCode::FrameUnsupported, .. }
    ));
    assert!(matches!(decision(&text.replace("几度分带=3", "几度分带=6")), FrameDecision::Refused { .. }));
}

#[test]
fn degrees_decimal_and_sexagesimal() {
    let points = "J1,1,30.27,120.15\nJ2,1,30.27,120.16\nJ3,1,30.28,120.16\nJ4,1,30.28,120.15\nJ1,1,30.27,120.15\n";
    let text = format!("{HEAD}5,106,1,甲,面,,,,@\n{points}").replace("计量单位=米", "计量单位=度");
    assert!(matches!(decision(&text), FrameDecision::Decided { srid: 4490, .. }));
    let record = one(&text);
    assert_eq!(record.geometry.unwrap().unwrap().0[0].exterior().0[0], geo_types::Coord { x: 120.15, y: 30.27 });
    let sexagesimal = text.replace("30.27,", "30°16′12″,");
    let shape = one(&sexagesimal).geometry.unwrap().unwrap();
    assert!((shape.0[0].exterior().0[0].y - 30.27).abs() < 1e-12);
}

#[test]
fn faulty_rows_name_their_line_and_leave_other_plots_alone() {
    let text = format!(
        "{HEAD}5,1,1,甲,面,,,,@\n{}{CLOSING}5,1,2,乙,面,,,,@\n{SQUARE}{CLOSING}",
        SQUARE.replace("40500100.000\nJ3", "4050O100.000\nJ3")
    );
    let (records, summary) = read_bytes("plots.txt", text.as_bytes()).unwrap();
    assert_eq!(summary.read, 2);
    let fault = records[0].geometry.clone().unwrap_err();
    assert_eq!((fault.code, fault.line, fault.record), (FaultCode::CoordinateUnreadable, Some(12), Some(1)));
    is_the_square(&records[1]);
}

#[test]
fn a_head_without_plots_is_refused() {
    assert_eq!(refusal(read_bytes("plots.txt", HEAD.as_bytes())).code, FaultCode::FileTruncated);
}
