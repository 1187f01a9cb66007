//! What the bureau does about contracts that are due or broken: notices and breach files. Article 四(一)4.

pub mod breach;
pub mod notice;
mod room;
mod work;

pub use room::ROOM;
