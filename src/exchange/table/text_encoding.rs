//! In which encoding a table of text is read, where a row or two are in another than the rest.

use std::path::Path;

use encoding_rs::{Encoding, GB18030, UTF_8};

use crate::exchange::encoding::{by_label, is_utf16, of_file};
use crate::exchange::fault::{FaultCode, Unreadable};
use crate::exchange::wording;

/// A row or two in another encoding do not make the file unreadable: they are refused where they stand.
const ROWS_ASTRAY: usize = 10;

/// The encoding of a table of text: the one named; the one of the whole; or, where none fits the whole, the one that fits
/// nine rows of ten. What does not fit it is for the reader of rows to refuse.
///
/// # Errors
/// When the encoding is not known or has to be asked for.
pub fn of_table(path: &Path, named: Option<&str>) -> Result<&'static Encoding, Unreadable> {
    let whole = of_file(path, named);
    let (refused, question) = match &whole {
        Ok(_) => return whole,
        Err(Unreadable::Refused(fault)) => (fault.code == FaultCode::EncodingWrong, false),
        Err(Unreadable::Question(_)) => (false, true),
    };
    let wanted = named.and_then(by_label);
    if (refused && wanted.is_none() && named.is_some()) || !(refused || question) {
        return whole;
    }
    let bytes = std::fs::read(path).map_err(|e| wording::cannot_open(&e))?;
    let marked = Encoding::for_bom(&bytes);
    let text = &bytes[marked.map_or(0, |(_, length)| length)..];
    let lines = text.split(|byte| *byte == b'\n').filter(|line| !line.is_empty()).count();
    let astray = |encoding: &'static Encoding| {
        let bad = |line: &&[u8]| encoding.decode_without_bom_handling_and_without_replacement(line).is_none();
        text.split(|byte| *byte == b'\n').filter(bad).count()
    };
    let candidates: Vec<&'static Encoding> = match (wanted, marked) {
        (Some(wanted), _) => vec![wanted],
        (None, Some((marked, _))) if is_utf16(marked) => vec![marked],
        // A mark that a program put before a text which it left as it was.
        (None, _) => vec![UTF_8, GB18030],
    };
    if candidates.iter().any(|encoding| is_utf16(encoding)) {
        return whole;
    }
    let allowed = if wanted.is_some() { lines / 2 } else { lines / ROWS_ASTRAY };
    let best = candidates.into_iter().map(|encoding| (astray(encoding), encoding)).min_by_key(|(count, _)| *count);
    match best {
        Some((0, encoding)) if marked.is_some() || wanted.is_some() => Ok(encoding),
        // The whole fits, and what was asked was which of two.
        Some((0, _)) => whole,
        Some((count, encoding)) if count <= allowed => Ok(encoding),
        _ => whole,
    }
}

/// How many bytes at the beginning of a text are a mark of another encoding than the one it is read in, and no text.
pub fn foreign_mark(head: &[u8], encoding: &'static Encoding) -> usize {
    Encoding::for_bom(head).filter(|(marked, _)| *marked != encoding).map_or(0, |(_, length)| length)
}
