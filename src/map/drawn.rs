//! Tiles that rest on figures which are worked out when they are first asked for.

use super::address::TileAddress;
use super::answer::{Drawing, failed};
use super::tile_cache::Unkept;

/// A tile and the state it was read in.
#[derive(Debug)]
pub struct Drawn {
    pub revision: i64,
    /// `None` while the figures of that state are not worked out.
    pub tile: Option<Vec<u8>>,
}

impl Drawn {
    /// How it compares with its address. `rule` is the one that holds now.
    pub fn compared(self, address: &TileAddress, rule: &str) -> Drawing {
        Drawing {
            tile: self.tile.unwrap_or_default(),
            asked: address.revision.registers.cmp(&self.revision),
            same_rule: address.revision.rule == rule,
        }
    }
}

/// Draws, and works out what is missing. Twice at most is something missing: once before it was worked out, once more when
/// a change came between.
pub async fn drawn<Draw, WorkOut, E>(
    address: &TileAddress,
    draw: impl Fn() -> Draw,
    work_out: impl Fn() -> WorkOut,
) -> Result<Drawn, Unkept>
where
    Draw: Future<Output = Result<Drawn, sqlx::Error>>,
    WorkOut: Future<Output = Result<(), E>>,
    E: Into<anyhow::Error>,
{
    for _ in 0..3 {
        let drawn = draw().await.map_err(failed)?;
        if drawn.tile.is_some() || address.revision.registers > drawn.revision {
            return Ok(drawn);
        }
        work_out().await.map_err(failed)?;
    }
    Err(Unkept::Failed(anyhow::anyhow!("the registers change faster than a tile is drawn")))
}
