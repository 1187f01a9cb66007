//! Four invented parcels in 3° zone 40, and the ways they are packed as a shapefile.

use std::path::{Path, PathBuf};

use encoding_rs::{GBK, UTF_8};

use super::shapefile::{Field, Record, Shapefile, number, text};
use super::{Ring, moved, ring};

/// The ring of the first parcel, clockwise; its plane area is 31948.420086 m².
const OUTLINE: [(f64, f64); 8] = [
    (40_521_600.0, 3_357_200.0),
    (40_521_588.412, 3_357_341.270),
    (40_521_655.083, 3_357_362.794),
    (40_521_741.667, 3_357_355.318),
    (40_521_752.940, 3_357_301.526),
    (40_521_799.205, 3_357_296.871),
    (40_521_790.518, 3_357_188.064),
    (40_521_704.339, 3_357_171.902),
];

/// Counter-clockwise within the outline, 2824.4140625 m².
const HOLE: [(f64, f64); 5] = [
    (40_521_640.25, 3_357_240.5),
    (40_521_690.75, 3_357_238.125),
    (40_521_702.5, 3_357_281.375),
    (40_521_668.125, 3_357_298.75),
    (40_521_644.875, 3_357_284.25),
];

/// Its edges cross at 40521700, 3357300.
const BOW_TIE: [(f64, f64); 4] = [
    (40_521_600.0, 3_357_200.0),
    (40_521_800.0, 3_357_400.0),
    (40_521_800.0, 3_357_200.0),
    (40_521_600.0, 3_357_400.0),
];

pub const NAMES: [&str; 4] = ["样例地块甲", "有孔地块", "两部分地块（飞地）", "自交地块"];

/// The declared area of each, in square metres: true of the first alone.
pub const DECLARED: &str = "31948.42";

/// The code of a parcel of the demonstration's county, 330105.
pub fn code(serial: usize) -> String {
    format!("330105001001GB{serial:05}")
}

/// Plain; with a hole, on the first; in two parts; crossing itself.
fn shapes() -> [Vec<Ring>; 4] {
    let outline = ring(&OUTLINE);
    [
        vec![outline.clone()],
        vec![outline.clone(), ring(&HOLE)],
        vec![moved(&outline, (900.0, 0.0)), moved(&outline, (1800.0, 0.0))],
        vec![ring(&BOW_TIE)],
    ]
}

fn fields() -> Vec<Field> {
    vec![
        text("ZDDM", 19),
        text("BDCDYH", 28),
        text("QLRMC", 60),
        text("ZL", 80),
        text("DLBM", 6),
        number("ZDMJ", 15, 2),
        text("DKMC", 40),
    ]
}

fn records() -> Vec<Record> {
    let row = |(place, rings): (usize, Vec<Ring>)| {
        let code = code(place + 1);
        let unit = format!("{code}W00000000");
        let values = [&code, &unit, "样例精工有限公司", "样例市样例区样例路８８号", "0601", DECLARED, NAMES[place]];
        Record { values: values.map(str::to_owned).to_vec(), rings }
    };
    shapes().into_iter().enumerate().map(row).collect()
}

/// GBK told by the language-driver byte, zone number before the eastings, with index.
pub fn shapefile() -> Shapefile {
    Shapefile {
        fields: fields(),
        records: records(),
        encoding: GBK,
        language_driver: 0x4D,
        cpg: None,
        prj: Some(prj("Zone_40", 40_500_000.0)),
        heights: false,
        index: true,
    }
}

pub const PACKAGINGS: [&str; 7] =
    ["gbk_language_driver_byte", "gbk_cpg", "utf8_cpg", "no_zone_prefix", "no_prj", "polygon_z", "no_index"];

/// The same four parcels in the packaging of that name.
pub fn packed(packaging: &str) -> Shapefile {
    let it = shapefile();
    match packaging {
        "gbk_language_driver_byte" => it,
        "gbk_cpg" => Shapefile { language_driver: 0, cpg: Some("GBK".into()), ..it },
        "utf8_cpg" => Shapefile { language_driver: 0, encoding: UTF_8, cpg: Some("UTF-8".into()), ..it },
        "no_zone_prefix" => without_zone(it),
        "no_prj" => Shapefile { prj: None, ..it },
        "polygon_z" => Shapefile { heights: true, ..it },
        "no_index" => Shapefile { index: false, ..it },
        other => panic!("no packaging {other}"),
    }
}

/// Writes that packaging and gives the path of the .shp.
pub fn write(packaging: &str, folder: &Path) -> PathBuf {
    packed(packaging).write(folder, packaging)
}

fn without_zone(mut it: Shapefile) -> Shapefile {
    for ring in it.records.iter_mut().flat_map(|record| &mut record.rings) {
        *ring = moved(ring, (-40_000_000.0, 0.0));
    }
    it.prj = Some(prj("CM_120E", 500_000.0));
    it
}

/// CGCS2000 in three degrees around 120° east, in the spelling of ArcGIS.
pub fn prj(name: &str, false_easting: f64) -> String {
    format!(
        "PROJCS[\"CGCS2000_3_Degree_GK_{name}\",GEOGCS[\"GCS_China_Geodetic_Coordinate_System_2000\",\
         DATUM[\"D_China_2000\",SPHEROID[\"CGCS2000\",6378137.0,298.257222101]],PRIMEM[\"Greenwich\",0.0],\
         UNIT[\"Degree\",0.0174532925199433]],PROJECTION[\"Gauss_Kruger\"],\
         PARAMETER[\"False_Easting\",{false_easting:.1}],PARAMETER[\"False_Northing\",0.0],\
         PARAMETER[\"Central_Meridian\",120.0],PARAMETER[\"Scale_Factor\",1.0],\
         PARAMETER[\"Latitude_Of_Origin\",0.0],UNIT[\"Meter\",1.0]]"
    )
}
