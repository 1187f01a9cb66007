//! Credit codes in a table. One whose check digit fails is kept as it is: whether it was issued like that is for the
//! register or a person to say.

use crate::base::code::{Uscc, UsccError};
use crate::exchange::{Fault, TableRow};
use crate::importing::table_wording as wording;

pub struct ReadUscc {
    pub code: String,
    pub check_digit_fails: bool,
}

pub fn read(row: &TableRow, key: &str, faults: &mut Vec<Fault>) -> Option<ReadUscc> {
    let text = row.text(key, faults)?;
    match text.parse::<Uscc>() {
        Ok(code) => Some(ReadUscc { code: code.into(), check_digit_fails: false }),
        Err(UsccError::CheckDigit { code, .. }) => Some(ReadUscc { code, check_digit_fails: true }),
        Err(UsccError::Length(text)) => {
            faults.push(wording::uscc_length(&text));
            None
        }
        Err(UsccError::Character { character, place }) => {
            faults.push(wording::uscc_character(&text, character, place));
            None
        }
    }
}
