//! Well-known binary, little-endian.

use super::Ring;

pub fn polygon(rings: &[Ring]) -> Vec<u8> {
    let mut bytes = head(3, rings.len());
    rings.iter().for_each(|ring| bytes.extend(counted(ring)));
    bytes
}

/// A polygon for each part, its outer ring first.
pub fn multi_polygon(parts: &[Vec<Ring>]) -> Vec<u8> {
    let mut bytes = head(6, parts.len());
    parts.iter().for_each(|rings| bytes.extend(polygon(rings)));
    bytes
}

pub fn line(points: &[(f64, f64)]) -> Vec<u8> {
    let mut bytes = vec![1];
    bytes.extend(2u32.to_le_bytes());
    bytes.extend(counted(points));
    bytes
}

fn head(kind: u32, count: usize) -> Vec<u8> {
    let mut bytes = vec![1];
    bytes.extend(kind.to_le_bytes());
    bytes.extend((count as u32).to_le_bytes());
    bytes
}

fn counted(points: &[(f64, f64)]) -> Vec<u8> {
    let mut bytes = (points.len() as u32).to_le_bytes().to_vec();
    bytes.extend(points.iter().flat_map(|(x, y)| [x.to_le_bytes(), y.to_le_bytes()]).flatten());
    bytes
}
