use proptest::prelude::*;

use crate::frame::*;
use crate::made::parcels;
use crate::{Extent, FaultCode};

const HANGZHOU_DEGREES: (f64, f64) = (120.15, 30.27);
const HANGZHOU_ZONE: (f64, f64) = (40_514_000.0, 3_350_000.0);
const HANGZHOU_PLAIN: (f64, f64) = (514_000.0, 3_350_000.0);

fn extent((x, y): (f64, f64)) -> Extent {
    Extent::of_point(x, y)
}

fn decided(declared: Declared, place: (f64, f64), named: Option<i32>) -> FrameDecision {
    decide(&FrameEvidence { declared, extent: Some(extent(place)), named, purpose: Purpose::Parcels })
}

fn srid(decision: &FrameDecision) -> Option<i32> {
    if let FrameDecision::Decided { srid, .. } = decision { Some(*srid) } else { None }
}

fn refused(decision: &FrameDecision) -> Option<FaultCode> {
    if let FrameDecision::Refused { code, .. } = decision { Some(*code) } else { None }
}

fn prj(packaging: &str) -> String {
    parcels::packed(packaging).prj.unwrap()
}

#[test]
fn zones_and_their_numbers() {
    assert_eq!(zone_srid_for_longitude(120.15), 4528);
    assert_eq!(zone_srid_for_longitude(118.5001), 4528);
    assert_eq!(zone_srid_for_longitude(118.4999), 4527);
    assert_eq!((zone_of(4528), zone_of(4549), zone_of(4490)), (Some(40), Some(40), None));
    assert_eq!(
        (zone_of(4512), zone_of(4513), zone_of(4533), zone_of(4534), zone_of(4554), zone_of(4555)),
        (None, Some(25), Some(45), Some(25), Some(45), None)
    );
    assert_eq!((prefixed_srid(40), unprefixed_srid(40), prefixed_srid(24)), (Some(4528), Some(4549), None));
    assert_eq!((parse_srid("gcj02"), parse_srid("EPSG:4528"), parse_srid("x")), (Some(GCJ02), Some(4528), None));
}

#[test]
fn declarations_that_agree_are_decided() {
    assert_eq!(srid(&decided(Declared::epsg(4490), HANGZHOU_DEGREES, None)), Some(4490));
    assert_eq!(srid(&decided(Declared::epsg(4528), HANGZHOU_ZONE, None)), Some(4528));
    assert_eq!(srid(&decided(Declared::epsg(4549), HANGZHOU_PLAIN, None)), Some(4549));
    assert_eq!(srid(&decided(Declared::GeoJsonDefault, HANGZHOU_DEGREES, None)), Some(4326));
    assert_eq!(srid(&decided(Declared::Wkt { wkt: prj("utf8_cpg") }, HANGZHOU_ZONE, None)), Some(4528));
}

#[test]
fn declarations_that_contradict_the_coordinates_are_refused() {
    let code = |declared, place| refused(&decided(declared, place, None));
    assert_eq!(code(Declared::epsg(4528), HANGZHOU_PLAIN), Some(FaultCode::FrameZonePrefix));
    assert_eq!(code(Declared::epsg(4549), HANGZHOU_ZONE), Some(FaultCode::FrameZonePrefix));
    assert_eq!(code(Declared::epsg(4527), HANGZHOU_ZONE), Some(FaultCode::FrameContradicted));
    assert_eq!(code(Declared::epsg(4528), HANGZHOU_DEGREES), Some(FaultCode::FrameContradicted));
    assert_eq!(code(Declared::epsg(4490), HANGZHOU_ZONE), Some(FaultCode::FrameContradicted));
    assert_eq!(code(Declared::epsg(4490), (30.27, 120.15)), Some(FaultCode::AxesSwapped));
    assert_eq!(code(Declared::GeoJsonDefault, (30.27, 120.15)), Some(FaultCode::AxesSwapped));
    assert_eq!(code(Declared::epsg(4528), (3_350_000.0, 40_514_000.0)), Some(FaultCode::AxesSwapped));
    assert_eq!(code(Declared::epsg(4490), (10.0, 10.0)), Some(FaultCode::FrameOutOfRange));
    assert_eq!(code(Declared::epsg(3857), HANGZHOU_DEGREES), Some(FaultCode::FrameContradicted));
    assert_eq!(code(Declared::epsg(2383), HANGZHOU_PLAIN), Some(FaultCode::FrameUnsupported));
}

#[test]
fn what_is_missing_or_doubtful_is_a_question() {
    let asked = |declared, place| matches!(decided(declared, place, None), FrameDecision::Question(_));
    assert!(asked(Declared::Nothing, HANGZHOU_DEGREES));
    assert!(asked(Declared::Nothing, HANGZHOU_ZONE));
    assert!(asked(Declared::GeoJsonDefault, HANGZHOU_ZONE));
    assert!(asked(Declared::GeoJsonDefault, HANGZHOU_PLAIN));
    assert!(asked(Declared::Name("杭州坐标系".into()), HANGZHOU_PLAIN));
    assert!(asked(Declared::epsg(3857), (13_375_000.0, 3_540_000.0)));
    assert!(asked(Declared::Wkt { wkt: "nonsense".into() }, HANGZHOU_ZONE));
    let doubtful = prj("utf8_cpg").replace("D_China_2000", "D_Unknown");
    assert!(asked(Declared::Wkt { wkt: doubtful }, HANGZHOU_ZONE));
    let wgs = prj("utf8_cpg").replace("298.257222101", "298.257223563");
    assert!(asked(Declared::Wkt { wkt: wgs }, HANGZHOU_ZONE));
}

#[test]
fn definitions_are_read_by_their_parameters() {
    let code = |from: &str, to: &str| {
        let wkt = prj("no_zone_prefix").replace(from, to);
        refused(&decided(Declared::Wkt { wkt }, HANGZHOU_PLAIN, None))
    };
    assert_eq!(
        code("PARAMETER[\"Central_Meridian\",120.0]", "PARAMETER[\"Central_Meridian\",120.15]"),
        Some(FaultCode::FrameUnsupported)
    );
    assert_eq!(code("500000.0", "80000.0"), Some(FaultCode::FrameUnsupported));
    assert_eq!(code("\"Scale_Factor\",1.0", "\"Scale_Factor\",0.9996"), Some(FaultCode::FrameUnsupported));
    assert_eq!(code("6378137.0,298.257222101", "6378140.0,298.257"), Some(FaultCode::FrameUnsupported));
    assert_eq!(code("Gauss_Kruger", "Lambert_Conformal_Conic"), Some(FaultCode::FrameUnsupported));
    let renamed = prj("no_zone_prefix").replace("CGCS2000_3_Degree_GK_CM_120E", "whatever");
    assert_eq!(srid(&decided(Declared::Wkt { wkt: renamed }, HANGZHOU_PLAIN, None)), Some(4549));
}

#[test]
fn what_the_user_names_must_agree_too() {
    assert_eq!(srid(&decided(Declared::Nothing, HANGZHOU_PLAIN, Some(4549))), Some(4549));
    assert_eq!(refused(&decided(Declared::Nothing, HANGZHOU_PLAIN, Some(4528))), Some(FaultCode::FrameZonePrefix));
    assert_eq!(refused(&decided(Declared::epsg(4549), HANGZHOU_PLAIN, Some(4548))), Some(FaultCode::FrameContradicted));
    assert_eq!(srid(&decided(Declared::epsg(4549), HANGZHOU_ZONE, Some(4528))), Some(4528));
    assert_eq!(refused(&decided(Declared::Nothing, HANGZHOU_PLAIN, Some(32650))), Some(FaultCode::FrameUnsupported));
    for (named, place) in [(GCJ02, HANGZHOU_DEGREES), (WEB_MERCATOR, (13_375_000.0, 3_540_000.0))] {
        let decision = decided(Declared::GeoJsonDefault, place, Some(named));
        assert!(matches!(decision, FrameDecision::Decided { survey_truth: false, .. }), "{decision:?}");
    }
}

#[test]
fn one_straying_record_is_enough_to_refuse() {
    let mut seen = Some(extent(HANGZHOU_ZONE));
    Extent::stretch(&mut seen, extent(HANGZHOU_PLAIN));
    let evidence =
        FrameEvidence { declared: Declared::epsg(4528), extent: seen, named: None, purpose: Purpose::Parcels };
    assert!(refused(&decide(&evidence)).is_some());
}

proptest! {
    #[test]
    fn a_plane_frame_is_decided_only_when_the_coordinates_can_stand_in_it(
        srid in 4513i32..=4554, x in -1e6f64..5e7, y in -1e6f64..5e7, named: bool
    ) {
        let (declared, named) = if named { (Declared::Nothing, Some(srid)) } else { (Declared::epsg(srid), None) };
        if let FrameDecision::Decided { srid, .. } = decided(declared, (x, y), named) {
            let zone = f64::from(zone_of(srid).unwrap());
            let easting = if has_zone_prefix(srid) { x - zone * 1e6 } else { x };
            prop_assert!((180_000.0..=820_000.0).contains(&easting));
            prop_assert!((300_000.0..=6_000_000.0).contains(&y));
        }
    }

    #[test]
    fn degrees_are_never_taken_for_metres_nor_metres_for_degrees(
        zone in 25i32..=45, east in 200_000f64..800_000.0, north in 400_000f64..5_900_000.0
    ) {
        let prefixed = (f64::from(zone) * 1e6 + east, north);
        for geographic in [4490, 4326, GCJ02] {
            prop_assert!(srid(&decided(Declared::Nothing, prefixed, Some(geographic))).is_none());
            prop_assert!(srid(&decided(Declared::epsg(geographic), (east, north), None)).is_none());
        }
        let wrong = unprefixed_srid(zone).unwrap();
        prop_assert!(srid(&decided(Declared::epsg(wrong), prefixed, None)).is_none());
    }

    #[test]
    fn definitions_never_panic(text in ".{0,200}", cut in 0usize..430) {
        let _ = crate::wkt::parse(&text);
        let whole = prj("utf8_cpg");
        let _ = crate::wkt::parse(whole.get(..cut).unwrap_or(&whole));
    }
}

#[test]
fn outlines_may_come_in_web_mercator_unasked_but_never_as_survey_truth() {
    let evidence = FrameEvidence {
        declared: Declared::epsg(WEB_MERCATOR),
        extent: Some(extent((13_375_000.0, 3_540_000.0))),
        named: None,
        purpose: Purpose::Outlines,
    };
    assert!(matches!(decide(&evidence), FrameDecision::Decided { srid: 3857, survey_truth: false, .. }));
}
