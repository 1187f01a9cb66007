//! Why something is changed, and what it is changed from: on every form about a contract.

use crate::contract::record::{Base, Grounds};
use crate::web::form::{Field, Reader};

/// Why, and from what paper or place it is known.
pub fn grounds(reader: &mut Reader, reason: &str, source: &str) -> Option<Grounds> {
    let reason = reader.text(Field::new("reason", "原因或说明", reason));
    let source = reader.text(Field::new("source", "依据或来源", source));
    Some(Grounds { reason: reason?, source: source? })
}

/// The contract as the form had it.
pub fn base(reader: &mut Reader, number: &str, version: &str) -> Option<Base> {
    let version = reader.needs(Field::new("version", "记录版本", version), "数字，请刷新页面后重试")?;
    Some(Base { number: number.to_owned(), version })
}
