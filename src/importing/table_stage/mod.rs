//! What the imports of tables share: the file into a staging table, the report out, one transaction around both.

mod close;
pub mod day;
mod intake;
mod look_back;
pub mod named;
mod tally;
#[cfg(test)]
pub mod testing;
#[cfg(test)]
mod tests;
pub mod uscc;

pub use super::report::Counts;
pub use close::close;
pub use intake::{Intake, RowReader, fill, read_options};
pub use look_back::{LookedBack, RecordsOf, look_back};
pub use tally::{counts, outcome};

use super::{ImportKind, Order, Report};
use crate::db::{PgConnection, Scope, layer};
use crate::exchange::{Fault, Unreadable};

/// The steps an import tells of.
pub const READ: &str = "读取";
pub const CHECK: &str = "核对";
pub const WRITE: &str = "写入";

/// Lets one import of a kind run at a time in a district, and no change by hand beside it. Kinds are called like the
/// layers they change.
pub async fn lock(connection: &mut PgConnection, scope: &Scope, kind: ImportKind) -> Result<(), sqlx::Error> {
    layer::take_turns(connection, scope, kind.code()).await
}

/// The place of a staging row, for a fault.
pub fn placed(fault: Fault, record: i64, line: i64) -> Fault {
    fault.at(u64::try_from(record).ok(), u64::try_from(line).ok())
}

/// What is said of a file that gives no records.
pub fn refused(unreadable: Unreadable) -> Report {
    match unreadable {
        Unreadable::Refused(fault) => Report { faults: vec![*fault], unreadable: true, ..Report::default() },
        Unreadable::Question(question) => Report { question: Some(*question), ..Report::default() },
    }
}

/// Why a row is in the register.
pub fn reason_new(order: &Order) -> String {
    format!("导入 {}", order.file_name)
}

pub fn reason_changed(order: &Order) -> String {
    format!("更正：重新导入 {}", order.file_name)
}
