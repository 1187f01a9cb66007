//! Rows for `COPY … FROM STDIN`, in PostgreSQL's text format.

use std::fmt::{Display, Write};

use chrono::NaiveDate;

use super::PgConnection;
use crate::base::period::Period;

/// A buffer of rows. Fields are separated by tabs, rows end with a line feed, and `\N` is null.
#[derive(Default)]
pub struct CopyRows {
    buffer: String,
    row_has_fields: bool,
}

impl CopyRows {
    pub fn new() -> Self {
        Self::default()
    }

    pub fn text(&mut self, value: &str) -> &mut Self {
        self.separate();
        for character in value.chars() {
            match character {
                '\\' => self.buffer.push_str("\\\\"),
                '\t' => self.buffer.push_str("\\t"),
                '\n' => self.buffer.push_str("\\n"),
                '\r' => self.buffer.push_str("\\r"),
                // PostgreSQL's text cannot hold it and nobody types it.
                '\0' => {}
                other => self.buffer.push(other),
            }
        }
        self
    }

    /// For values whose text holds nothing that needs escaping: numbers, dates, codes, hexadecimal.
    pub fn plain(&mut self, value: impl Display) -> &mut Self {
        self.separate();
        write!(self.buffer, "{value}").expect("writing to memory does not fail");
        self
    }

    pub fn null(&mut self) -> &mut Self {
        self.separate();
        self.buffer.push_str("\\N");
        self
    }

    pub fn optional_text(&mut self, value: Option<&str>) -> &mut Self {
        match value {
            Some(text) => self.text(text),
            None => self.null(),
        }
    }

    pub fn optional(&mut self, value: Option<impl Display>) -> &mut Self {
        match value {
            Some(value) => self.plain(value),
            None => self.null(),
        }
    }

    /// `bytea` or `geometry` as hexadecimal digits.
    pub fn hex(&mut self, prefix: &str, bytes: &[u8]) -> &mut Self {
        self.separate();
        self.buffer.push_str(prefix);
        const DIGITS: &[u8; 16] = b"0123456789abcdef";
        self.buffer.reserve(bytes.len() * 2);
        for byte in bytes {
            self.buffer.push(DIGITS[usize::from(byte >> 4)] as char);
            self.buffer.push(DIGITS[usize::from(byte & 15)] as char);
        }
        self
    }

    pub fn geometry(&mut self, ewkb: &[u8]) -> &mut Self {
        self.hex("", ewkb)
    }

    pub fn bytes(&mut self, bytes: &[u8]) -> &mut Self {
        self.hex("\\\\x", bytes)
    }

    /// A `daterange`.
    pub fn period(&mut self, valid: Period) -> &mut Self {
        let text = |day: Option<NaiveDate>| day.map(|day| day.to_string()).unwrap_or_default();
        self.plain(format_args!("[{},{})", text(valid.from), text(valid.until)))
    }

    pub fn end_row(&mut self) {
        self.buffer.push('\n');
        self.row_has_fields = false;
    }

    pub fn len(&self) -> usize {
        self.buffer.len()
    }

    pub fn is_empty(&self) -> bool {
        self.buffer.is_empty()
    }

    /// Hands over what was gathered and starts anew.
    pub fn take(&mut self) -> Vec<u8> {
        std::mem::take(&mut self.buffer).into_bytes()
    }

    fn separate(&mut self) {
        if self.row_has_fields {
            self.buffer.push('\t');
        }
        self.row_has_fields = true;
    }
}

/// Sends gathered rows with one `COPY … FROM STDIN` statement; says how many arrived.
pub async fn copy_in(
    connection: &mut PgConnection,
    statement: &'static str,
    mut rows: CopyRows,
) -> Result<u64, sqlx::Error> {
    let mut copy = connection.copy_in_raw(statement).await?;
    copy.send(rows.take()).await?;
    copy.finish().await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_rows_and_escapes() {
        let mut rows = CopyRows::new();
        rows.text("a\tb\\c").null().plain(1.5).end_row();
        rows.bytes(&[0xab, 1]).optional(None::<i32>).end_row();
        assert_eq!(String::from_utf8(rows.take()).unwrap(), "a\\tb\\\\c\t\\N\t1.5\n\\\\xab01\t\\N\n");
    }
}
