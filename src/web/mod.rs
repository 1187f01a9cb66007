//! What every page shares: the state, the shell, errors, the gate for text, assets, keyset cursors, downloads.

pub mod assets;
pub mod coding;
pub mod csrf;
pub mod cursor;
pub mod download;
pub mod entry;
pub mod error;
pub mod export;
mod fault;
mod field;
pub mod form;
pub mod headers;
pub mod list;
pub mod multipart;
pub mod received;
mod returned;
mod sent_file;
pub mod serde_words;
pub mod shell;
pub mod state;

pub use download::{download, download_named};
pub use error::{Error, Result};
pub use export::Export;
pub use multipart::{Multipart, MultipartFault};
pub use received::Received;
pub use shell::Shell;
pub use state::AppState;
