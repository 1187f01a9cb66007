//! In which encoding a table of text is read, where a row or two are in another than the rest.

use std::fs::File;
use std::io::{self, BufRead, BufReader, Read, Seek, SeekFrom};
use std::path::Path;

use encoding_rs::{Encoding, GB18030, UTF_8};

use crate::encoding::{by_label, is_utf16, of_file};
use crate::fault::{FaultCode, Unreadable};
use crate::wording;

/// A row or two in another encoding do not make the file unreadable: they are refused where they stand.
const ROWS_ASTRAY: u64 = 10;
/// Bytes of a line that are looked at together; one that is longer counts as several.
const LINE: u64 = 8 << 20;

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
    let mut head = [0; 3];
    let length = File::open(path).and_then(|mut file| file.read(&mut head)).map_err(|e| wording::cannot_open(&e))?;
    let marked = Encoding::for_bom(&head[..length]);
    let candidates: Vec<&'static Encoding> = match (wanted, marked) {
        (Some(wanted), _) => vec![wanted],
        (None, Some((marked, _))) if is_utf16(marked) => vec![marked],
        // A mark that a program put before a text which it left as it was.
        (None, _) => vec![UTF_8, GB18030],
    };
    if candidates.iter().any(|encoding| is_utf16(encoding)) {
        return whole;
    }
    let skip = marked.map_or(0, |(_, length)| length);
    let (lines, astray) = count_astray(path, skip, &candidates).map_err(|e| wording::cannot_open(&e))?;
    let allowed = if wanted.is_some() { lines / 2 } else { lines / ROWS_ASTRAY };
    let best = astray.into_iter().zip(candidates).min_by_key(|(count, _)| *count);
    match best {
        Some((0, encoding)) if marked.is_some() || wanted.is_some() => Ok(encoding),
        // The whole fits, and what was asked was which of two.
        Some((0, _)) => whole,
        Some((count, encoding)) if count <= allowed => Ok(encoding),
        _ => whole,
    }
}

/// How many lines there are, and how many of them do not fit each of the encodings.
fn count_astray(path: &Path, skip: usize, encodings: &[&'static Encoding]) -> io::Result<(u64, Vec<u64>)> {
    let mut file = File::open(path)?;
    file.seek(SeekFrom::Start(skip as u64))?;
    let mut file = BufReader::new(file);
    let (mut lines, mut astray, mut line) = (0, vec![0; encodings.len()], Vec::new());
    loop {
        line.clear();
        if file.by_ref().take(LINE).read_until(b'\n', &mut line)? == 0 {
            return Ok((lines, astray));
        }
        lines += u64::from(line != b"\n" && line != b"\r\n");
        for (count, encoding) in astray.iter_mut().zip(encodings) {
            *count += u64::from(encoding.decode_without_bom_handling_and_without_replacement(&line).is_none());
        }
    }
}

/// How many bytes at the beginning of a text are a mark of another encoding than the one it is read in, and no text.
pub fn foreign_mark(head: &[u8], encoding: &'static Encoding) -> usize {
    Encoding::for_bom(head).filter(|(marked, _)| *marked != encoding).map_or(0, |(_, length)| length)
}
