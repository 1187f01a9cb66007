//! What frames are that cannot be read here: named, so that people see which of their settings is meant.

/// Old datums of China and what else its files are found in.
const KNOWN: [(std::ops::RangeInclusive<i32>, &str); 13] = [
    (2327..=2390, "西安 80"),
    (4610..=4610, "西安 80 经纬度"),
    (2401..=2442, "北京 54"),
    (21413..=21483, "北京 54"),
    (4214..=4214, "北京 54 经纬度"),
    (4491..=4512, "CGCS2000 6°分带"),
    (4479..=4480, "CGCS2000 三维坐标"),
    (4568..=4589, "新北京 54"),
    (4652..=4656, "新北京 54"),
    (4766..=4800, "新北京 54"),
    (4555..=4555, "新北京 54 经纬度"),
    (32601..=32660, "WGS 84 UTM（北半球）"),
    (32701..=32760, "WGS 84 UTM（南半球）"),
];

pub fn label(srid: i32) -> String {
    match KNOWN.iter().find(|(codes, _)| codes.contains(&srid)) {
        Some((_, name)) => format!("EPSG:{srid}（{name}）"),
        None => format!("EPSG:{srid}"),
    }
}
