//! Geometry on the wire: EWKB through geozero into `geo` types.

use geo_types::{Geometry, MultiPolygon};
use geozero::wkb::{FromWkb, WkbDialect, WkbWriter};
use geozero::{CoordDimensions, GeozeroGeometry};
use sqlx::encode::IsNull;
use sqlx::error::BoxDynError;
use sqlx::postgres::{PgArgumentBuffer, PgHasArrayType, PgTypeInfo, PgValueFormat, PgValueRef};
use sqlx::{Decode, Encode, Postgres, Type};

/// A geometry and the EPSG code of its coordinates, as PostGIS stores them.
#[derive(Clone, Debug, PartialEq)]
pub struct Geom {
    pub geometry: Geometry<f64>,
    pub srid: i32,
}

impl Geom {
    pub fn new(geometry: impl Into<Geometry<f64>>, srid: i32) -> Self {
        Geom { geometry: geometry.into(), srid }
    }

    /// `None` when it is neither a polygon nor a multi-polygon.
    pub fn into_multi_polygon(self) -> Option<MultiPolygon<f64>> {
        match self.geometry {
            Geometry::Polygon(polygon) => Some(MultiPolygon(vec![polygon])),
            Geometry::MultiPolygon(polygons) => Some(polygons),
            _ => None,
        }
    }

    /// EWKB, little-endian.
    pub fn to_ewkb(&self) -> Vec<u8> {
        ewkb(&self.geometry, self.srid)
    }
}

/// EWKB of anything geozero can walk. An `srid` of 0 means that the frame is not known yet.
pub fn ewkb(geometry: &Geometry<f64>, srid: i32) -> Vec<u8> {
    let mut bytes = Vec::new();
    let srid = (srid != 0).then_some(srid);
    let mut writer = WkbWriter::with_opts(&mut bytes, WkbDialect::Ewkb, CoordDimensions::xy(), srid, Vec::new());
    geometry.process_geom(&mut writer).expect("writing to memory does not fail");
    bytes
}

fn srid_of(bytes: &[u8]) -> i32 {
    const HAS_SRID: u32 = 0x2000_0000;
    let word = |at: usize| bytes.get(at..at + 4).map(|b| u32::from_le_bytes([b[0], b[1], b[2], b[3]]));
    match word(1) {
        Some(kind) if kind & HAS_SRID != 0 => word(5).unwrap_or(0) as i32,
        _ => 0,
    }
}

impl Type<Postgres> for Geom {
    fn type_info() -> PgTypeInfo {
        PgTypeInfo::with_name("geometry")
    }
}

impl PgHasArrayType for Geom {
    fn array_type_info() -> PgTypeInfo {
        PgTypeInfo::with_name("_geometry")
    }
}

impl<'q> Encode<'q, Postgres> for Geom {
    fn encode_by_ref(&self, buffer: &mut PgArgumentBuffer) -> Result<IsNull, BoxDynError> {
        buffer.extend_from_slice(&self.to_ewkb());
        Ok(IsNull::No)
    }
}

impl<'r> Decode<'r, Postgres> for Geom {
    fn decode(value: PgValueRef<'r>) -> Result<Self, BoxDynError> {
        let bytes = match value.format() {
            PgValueFormat::Binary => value.as_bytes()?.to_vec(),
            PgValueFormat::Text => hex::decode(value.as_str()?)?,
        };
        let srid = srid_of(&bytes);
        let geometry = Geometry::from_wkb(&mut bytes.as_slice(), WkbDialect::Ewkb)?;
        Ok(Geom { geometry, srid })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use geo_types::polygon;

    #[test]
    fn ewkb_keeps_the_frame() {
        let square = polygon![(x: 0.0, y: 0.0), (x: 1.0, y: 0.0), (x: 1.0, y: 1.0), (x: 0.0, y: 0.0)];
        let bytes = Geom::new(square.clone(), 4490).to_ewkb();
        assert_eq!(srid_of(&bytes), 4490);
        assert_eq!(Geometry::from_wkb(&mut bytes.as_slice(), WkbDialect::Ewkb).unwrap(), Geometry::Polygon(square));
    }
}
