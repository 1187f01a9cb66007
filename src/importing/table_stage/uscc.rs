//! Credit codes in a table. One whose check digit fails is kept as it is: whether it was issued like that is for the
//! register or a person to say.

use crate::base::code::{Uscc, UsccError};
use crate::exchange::{Fault, TableRow};
use crate::importing::table_wording as wording;

/// What the column of the code is called by the offices that send tables; the first stands in our templates.
pub const TITLES: &[&str] = &[
    "统一社会信用代码",
    "信用代码",
    "社会信用代码",
    "统一信用代码",
    "企业统一社会信用代码",
    "纳税人识别号",
    "纳税人统一社会信用代码",
    "企业信用代码",
    "USCC",
];

/// The same for the name beside it.
pub const NAME_TITLES: &[&str] = &["企业名称", "单位名称", "企业", "单位详细名称", "纳税人名称", "公司名称", "Name"];

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
