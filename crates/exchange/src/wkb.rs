//! Well-known binary, read against the bytes that are there: no count is believed before the bytes for it were seen.

use geo_types::{Coord, LineString, MultiPolygon, Polygon};

use super::fault::Fault;
use super::limits::Limits;
use super::wording;

const MAX_DEPTH: usize = 4;

/// Polygons, multipolygons and surfaces without arcs, ISO (1003, 2006 …) or extended (flag bits); heights and measures are
/// passed over.
pub fn read(bytes: &[u8], limits: &Limits, faults: &mut Vec<Fault>) -> Result<Option<MultiPolygon<f64>>, Fault> {
    let mut reader = Reader { bytes, limits, points: 0, rings: 0, faults };
    let mut polygons = Vec::new();
    reader.geometry(0, &mut polygons)?;
    Ok((!polygons.is_empty()).then(|| MultiPolygon::new(polygons)))
}

struct Reader<'b, 'f> {
    bytes: &'b [u8],
    limits: &'b Limits,
    points: usize,
    rings: usize,
    faults: &'f mut Vec<Fault>,
}

#[derive(Clone, Copy)]
struct Shape {
    little: bool,
    dimensions: usize,
}

impl Reader<'_, '_> {
    fn take(&mut self, length: usize) -> Result<&[u8], Fault> {
        if length > self.bytes.len() {
            return Err(wording::geometry_damaged("二进制图形比自述的短"));
        }
        let (taken, rest) = self.bytes.split_at(length);
        self.bytes = rest;
        Ok(taken)
    }

    fn u32(&mut self, little: bool) -> Result<u32, Fault> {
        let bytes: [u8; 4] = self.take(4)?.try_into().unwrap_or_default();
        Ok(if little { u32::from_le_bytes(bytes) } else { u32::from_be_bytes(bytes) })
    }

    fn f64(&mut self, little: bool) -> Result<f64, Fault> {
        let bytes: [u8; 8] = self.take(8)?.try_into().unwrap_or_default();
        Ok(if little { f64::from_le_bytes(bytes) } else { f64::from_be_bytes(bytes) })
    }

    /// A count of things that take at least `size` bytes each.
    fn count(&mut self, little: bool, size: usize) -> Result<usize, Fault> {
        let count = self.u32(little)? as usize;
        if count.saturating_mul(size) > self.bytes.len() {
            return Err(wording::geometry_damaged(format!("自述有 {count} 个成员，数据却不够")));
        }
        Ok(count)
    }

    /// Byte order, then the type with its dimensions.
    fn head(&mut self) -> Result<(u32, Shape), Fault> {
        let little = match self.take(1)?[0] {
            0 => false,
            1 => true,
            other => return Err(wording::geometry_damaged(format!("字节序标记 {other} 无效"))),
        };
        self.kind(little)
    }

    fn kind(&mut self, little: bool) -> Result<(u32, Shape), Fault> {
        let code = self.u32(little)?;
        if code & 0x2000_0000 != 0 {
            self.take(4)?;
        }
        let thousands = (code & 0x0FFF_FFFF) / 1000;
        let z = code & 0x8000_0000 != 0 || matches!(thousands, 1 | 3);
        let m = code & 0x4000_0000 != 0 || matches!(thousands, 2 | 3);
        Ok(((code & 0x0FFF_FFFF) % 1000, Shape { little, dimensions: 2 + usize::from(z) + usize::from(m) }))
    }

    fn geometry(&mut self, depth: usize, polygons: &mut Vec<Polygon<f64>>) -> Result<(), Fault> {
        let (kind, shape) = self.head()?;
        let little = shape.little;
        match kind {
            3 => self.polygon(shape, polygons),
            10 => self.curve_polygon(shape, polygons),
            6 | 7 | 12 if depth < MAX_DEPTH => {
                for _ in 0..self.count(little, 5)? {
                    self.geometry(depth + 1, polygons)?;
                }
                Ok(())
            }
            1 => Err(wording::wrong_type("点")),
            2 => Err(wording::wrong_type("线")),
            4 => Err(wording::wrong_type("多点")),
            5 => Err(wording::wrong_type("多线")),
            8 | 9 | 11 | 13 => Err(wording::wrong_type("曲线")),
            15 => Err(wording::surfaces("多面体表面（PolyhedralSurface）")),
            16 => Err(wording::surfaces("不规则三角网（TIN）")),
            17 => Err(wording::surfaces("三角面（Triangle）")),
            other => Err(wording::wrong_type(format!("第 {other} 类图形"))),
        }
    }

    fn polygon(&mut self, shape: Shape, polygons: &mut Vec<Polygon<f64>>) -> Result<(), Fault> {
        let count = self.count(shape.little, 4)?;
        self.rings += count;
        if self.rings > self.limits.rings_per_feature {
            return Err(wording::geometry_too_large(format!("有 {} 个环", self.rings)));
        }
        let mut rings = Vec::with_capacity(count);
        for _ in 0..count {
            rings.push(self.ring(shape, rings.len() + 1)?);
        }
        if !rings.is_empty() {
            let outline = rings.remove(0);
            polygons.push(Polygon::new(outline, rings));
        }
        Ok(())
    }

    /// A polygon whose rings are lines of their own kinds; straight ones are read as they are.
    fn curve_polygon(&mut self, shape: Shape, polygons: &mut Vec<Polygon<f64>>) -> Result<(), Fault> {
        let count = self.count(shape.little, 9)?;
        self.rings += count;
        if self.rings > self.limits.rings_per_feature {
            return Err(wording::geometry_too_large(format!("有 {} 个环", self.rings)));
        }
        let mut rings = Vec::with_capacity(count);
        for place in 1..=count {
            let ring = LineString::new(self.curve(0, place)?);
            self.remark_if_open(&ring, place);
            rings.push(ring);
        }
        if !rings.is_empty() {
            let outline = rings.remove(0);
            polygons.push(Polygon::new(outline, rings));
        }
        Ok(())
    }

    /// The points of a curve made of straight lines; where two of its lines meet their common point stands once.
    fn curve(&mut self, depth: usize, place: usize) -> Result<Vec<Coord<f64>>, Fault> {
        let (kind, shape) = self.head()?;
        match kind {
            2 => self.points(shape, place),
            8 => Err(wording::arcs()),
            9 if depth < MAX_DEPTH => {
                let mut coords: Vec<Coord<f64>> = Vec::new();
                for _ in 0..self.count(shape.little, 9)? {
                    let part = self.curve(depth + 1, place)?;
                    let joined = coords.last().is_some_and(|last| part.first() == Some(last));
                    coords.extend(part.into_iter().skip(usize::from(joined)));
                }
                Ok(coords)
            }
            other => Err(wording::geometry_damaged(format!("第 {place} 个环是第 {other} 类图形"))),
        }
    }

    fn ring(&mut self, shape: Shape, place: usize) -> Result<LineString<f64>, Fault> {
        let ring = LineString::new(self.points(shape, place)?);
        self.remark_if_open(&ring, place);
        Ok(ring)
    }

    fn remark_if_open(&mut self, ring: &LineString<f64>, place: usize) {
        if ring.0.len() > 2 && !ring.is_closed() {
            self.faults.push(wording::ring_not_closed(format!("第 {place} 个环")));
        }
    }

    fn points(&mut self, shape: Shape, place: usize) -> Result<Vec<Coord<f64>>, Fault> {
        let count = self.count(shape.little, 8 * shape.dimensions)?;
        self.points += count;
        if self.points > self.limits.points_per_feature {
            return Err(wording::geometry_too_large(format!("有 {} 个点", self.points)));
        }
        let mut coords = Vec::with_capacity(count);
        for _ in 0..count {
            let coord = Coord { x: self.f64(shape.little)?, y: self.f64(shape.little)? };
            self.take(8 * (shape.dimensions - 2))?;
            if !(coord.x.is_finite() && coord.y.is_finite()) {
                return Err(wording::not_finite(format!("第 {place} 个环第 {} 点", coords.len() + 1)));
            }
            coords.push(coord);
        }
        Ok(coords)
    }
}
