//! How a tile is packed for the way to its reader.

use std::io::Write;

use axum::http::HeaderMap;
use bytes::Bytes;
use flate2::Compression;
use flate2::write::GzEncoder;

use crate::web::coding;

/// A tile of a town's middle is packed in 0.15 ms instead of gzip's 0.6 ms, and comes out smaller.
const ZSTD_LEVEL: i32 = 1;
/// A tile is a twentieth larger than the best level makes it, in half the time.
const GZIP_LEVEL: Compression = Compression::new(2);

/// A content coding of HTTP, the best first. Browsers take the first over HTTPS and from their own machine only.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Coding {
    Zstd,
    Gzip,
    Plain,
}

impl Coding {
    /// The best one that the reader takes.
    pub fn taken(headers: &HeaderMap) -> Self {
        [Coding::Zstd, Coding::Gzip]
            .into_iter()
            .find(|coding| coding.name().is_some_and(|name| coding::takes(headers, name)))
            .unwrap_or(Coding::Plain)
    }

    /// What `content-encoding` says; nothing of a plain one.
    pub fn name(self) -> Option<&'static str> {
        match self {
            Coding::Zstd => Some("zstd"),
            Coding::Gzip => Some("gzip"),
            Coding::Plain => None,
        }
    }

    /// The same bytes for the same tile: no time and no name go into a header. An empty tile stays empty.
    pub fn pack(self, tile: Vec<u8>) -> std::io::Result<Bytes> {
        if tile.is_empty() {
            return Ok(Bytes::new());
        }
        let packed = match self {
            Coding::Zstd => zstd::bulk::compress(&tile, ZSTD_LEVEL)?,
            Coding::Gzip => {
                let mut encoder = GzEncoder::new(Vec::with_capacity(tile.len() / 2), GZIP_LEVEL);
                encoder.write_all(&tile)?;
                encoder.finish()?
            }
            Coding::Plain => tile,
        };
        Ok(packed.into())
    }
}

#[cfg(test)]
mod tests {
    use std::io::Read;

    use axum::http::{HeaderValue, header};
    use flate2::read::GzDecoder;

    use super::*;

    fn taken(accepted: &'static str) -> Coding {
        Coding::taken(&HeaderMap::from_iter([(header::ACCEPT_ENCODING, HeaderValue::from_static(accepted))]))
    }

    #[test]
    fn the_best_coding_that_a_reader_takes() {
        assert_eq!(taken("gzip, deflate, br, zstd"), Coding::Zstd);
        assert_eq!(taken("gzip, deflate"), Coding::Gzip);
        assert_eq!(taken("ZSTD;q=0.1, gzip;q=1.0"), Coding::Zstd);
        assert_eq!(taken("zstd;q=0, gzip;q=0.5"), Coding::Gzip);
        assert_eq!(taken("zstd;q=0.000, gzip; q=0"), Coding::Plain);
        assert_eq!(taken("*"), Coding::Gzip);
        assert_eq!(taken("br"), Coding::Plain);
        assert_eq!(taken(""), Coding::Plain);
        assert_eq!(Coding::taken(&HeaderMap::new()), Coding::Plain);
    }

    #[test]
    fn what_is_packed_comes_back_and_is_packed_alike_each_time() {
        let tile: Vec<u8> = (0..20_000_u32).flat_map(|n| (n % 251).to_le_bytes()).collect();
        let pack = |coding: Coding| coding.pack(tile.clone()).unwrap();
        for coding in [Coding::Zstd, Coding::Gzip, Coding::Plain] {
            assert_eq!(pack(coding), pack(coding));
            assert!(coding.pack(Vec::new()).unwrap().is_empty());
        }
        let mut unpacked = Vec::new();
        GzDecoder::new(&*pack(Coding::Gzip)).read_to_end(&mut unpacked).unwrap();
        assert_eq!(unpacked, tile);
        assert_eq!(zstd::decode_all(&*pack(Coding::Zstd)).unwrap(), tile);
        assert_eq!(pack(Coding::Plain), tile);
    }
}
