//! In which encoding is a text? Byte-order marks, then strict UTF-8, then GB18030; what decodes with errors is a question.

use std::fs::File;
use std::io::{self, Read};
use std::path::Path;

use encoding_rs::{Decoder, DecoderResult, Encoding, GB18030, UTF_8, UTF_16BE, UTF_16LE};

use super::fault::{FaultCode, Unreadable};
use super::wording;

const CHUNK: usize = 64 * 1024;

/// An encoding by the names that people use, found in .cpg files and on Windows. GBK and GB2312 are read as GB18030, which contains them.
pub fn by_label(label: &str) -> Option<&'static Encoding> {
    let label = label.trim().trim_start_matches('\u{feff}').to_ascii_lowercase();
    let label = ["ansi ", "oem ", "cp", "windows-"].iter().find_map(|p| label.strip_prefix(p)).unwrap_or(&label).trim();
    match label {
        "936" | "gbk" | "gb2312" | "gb18030" | "54936" | "ms936" | "gb_2312-80" => Some(GB18030),
        "65001" | "utf8" | "utf-8" => Some(UTF_8),
        "1252" => Encoding::for_label(b"windows-1252"),
        "950" | "big5" => Encoding::for_label(b"big5"),
        other => Encoding::for_label(other.as_bytes()),
    }
}

/// What the bytes of a text allow, found in one pass.
pub struct Scan {
    utf8: Strict,
    gb18030: Strict,
    ascii: bool,
    /// Characters of three bytes or more were seen as UTF-8: Chinese text, and hardly ever GBK by accident.
    wide: bool,
    nul: bool,
}

/// A decoder that remembers whether anything was malformed.
struct Strict {
    decoder: Decoder,
    valid: bool,
}

impl Strict {
    fn new(encoding: &'static Encoding) -> Self {
        Strict { decoder: encoding.new_decoder_without_bom_handling(), valid: true }
    }

    fn take(&mut self, bytes: &[u8], last: bool) {
        let mut scratch = [0u8; 4096];
        let mut rest = bytes;
        while self.valid {
            let (result, read, _) = self.decoder.decode_to_utf8_without_replacement(rest, &mut scratch, last);
            rest = &rest[read..];
            match result {
                DecoderResult::InputEmpty => return,
                DecoderResult::OutputFull => {}
                DecoderResult::Malformed(..) => self.valid = false,
            }
        }
    }
}

/// What a scan comes to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    Ascii,
    Utf8,
    Gb18030,
    /// Valid in both, and nothing speaks for either.
    Either,
    Neither,
}

impl Default for Scan {
    fn default() -> Self {
        Scan { utf8: Strict::new(UTF_8), gb18030: Strict::new(GB18030), ascii: true, wide: false, nul: false }
    }
}

impl Scan {
    pub fn take(&mut self, bytes: &[u8]) {
        self.nul |= bytes.contains(&0);
        if !bytes.is_ascii() {
            self.ascii = false;
            self.wide |= bytes.iter().any(|byte| *byte >= 0xE3);
        }
        self.utf8.take(bytes, false);
        self.gb18030.take(bytes, false);
    }

    /// A piece that stands alone, such as a table field: nothing carries over into the next.
    pub fn take_alone(&mut self, bytes: &[u8]) {
        if bytes.is_ascii() {
            return;
        }
        self.ascii = false;
        self.wide |= bytes.iter().any(|byte| *byte >= 0xE3);
        self.utf8.valid &= decode_field(bytes, UTF_8).is_some();
        self.gb18030.valid &= decode_field(bytes, GB18030).is_some();
    }

    pub fn has_nul(&self) -> bool {
        self.nul
    }

    pub fn verdict(mut self) -> Verdict {
        self.utf8.take(&[], true);
        self.gb18030.take(&[], true);
        match (self.ascii, self.utf8.valid, self.gb18030.valid) {
            (true, ..) => Verdict::Ascii,
            (_, true, _) if self.wide => Verdict::Utf8,
            (_, true, true) => Verdict::Either,
            (_, true, false) => Verdict::Utf8,
            (_, false, true) => Verdict::Gb18030,
            (_, false, false) => Verdict::Neither,
        }
    }
}

/// Decodes a field of fixed width. Writers that cut at the width may leave half a character at its end; that half is dropped.
pub fn decode_field(bytes: &[u8], encoding: &'static Encoding) -> Option<String> {
    (0..=3usize.min(bytes.len())).find_map(|cut| {
        let whole = &bytes[..bytes.len() - cut];
        encoding.decode_without_bom_handling_and_without_replacement(whole).map(|text| text.into_owned())
    })
}

/// The encoding of a text file: what was named, if the text keeps to it; else what the bytes say.
pub fn of_file(path: &Path, named: Option<&str>) -> Result<&'static Encoding, Unreadable> {
    let mut file = File::open(path).map_err(|e| wording::cannot_open(&e))?;
    let mut chunk = vec![0; CHUNK];
    let mut scan = Scan::default();
    let mut wanted = match named {
        Some(name) => Some((name, by_label(name).ok_or_else(|| wording::encoding_unknown(name))?)),
        None => None,
    };
    let mut strict = wanted.map(|(_, encoding)| Strict::new(encoding));
    let mut first = true;
    loop {
        let length = file.read(&mut chunk).map_err(|e| wording::cannot_open(&e))?;
        let bytes = &chunk[..length];
        if std::mem::take(&mut first)
            && let Some((marked, _)) = Encoding::for_bom(bytes)
        {
            // A mark is no guess; a name that differs from it gives way only to a check of the whole text.
            wanted = Some(("BOM", marked));
            strict = Some(Strict::new(marked));
        }
        scan.take(bytes);
        if let Some(strict) = &mut strict {
            strict.take(bytes, length == 0);
        }
        if length == 0 {
            break;
        }
    }
    if let (Some((name, encoding)), Some(strict)) = (wanted, strict) {
        return if strict.valid { Ok(encoding) } else { Err(wording::encoding_wrong(name, "文件").into()) };
    }
    match scan.verdict() {
        Verdict::Ascii | Verdict::Utf8 => Ok(UTF_8),
        Verdict::Gb18030 => Ok(GB18030),
        Verdict::Either => Err(wording::encoding_question("文件按 UTF-8 和 GB18030 都读得通").into()),
        Verdict::Neither => Err(wording::encoding_question("文件既不是有效的 UTF-8，也不是有效的 GB18030").into()),
    }
}

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

/// Reads a file in any encoding as UTF-8, its byte-order mark removed.
pub struct Utf8Reader<R> {
    input: R,
    decoder: Decoder,
    raw: Vec<u8>,
    from: usize,
    until: usize,
    at_end: bool,
    done: bool,
}

impl<R: Read> Utf8Reader<R> {
    pub fn new(input: R, encoding: &'static Encoding) -> Self {
        let decoder = encoding.new_decoder_with_bom_removal();
        Utf8Reader { input, decoder, raw: vec![0; CHUNK], from: 0, until: 0, at_end: false, done: false }
    }
}

impl<R: Read> Read for Utf8Reader<R> {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        if out.len() < 16 {
            // One character must fit; nobody reads in such drops but generic adapters, and they cope with an error.
            return Err(io::Error::new(io::ErrorKind::InvalidInput, "buffer too small"));
        }
        while !self.done {
            if self.from == self.until && !self.at_end {
                self.until = self.input.read(&mut self.raw)?;
                self.from = 0;
                self.at_end = self.until == 0;
            }
            let (result, read, written, _) =
                self.decoder.decode_to_utf8(&self.raw[self.from..self.until], out, self.at_end);
            self.from += read;
            self.done = self.at_end && result == encoding_rs::CoderResult::InputEmpty;
            if written > 0 {
                return Ok(written);
            }
        }
        Ok(0)
    }
}

/// How many bytes at the beginning of a text are a mark of another encoding than the one it is read in, and no text.
pub fn foreign_mark(head: &[u8], encoding: &'static Encoding) -> usize {
    Encoding::for_bom(head).filter(|(marked, _)| *marked != encoding).map_or(0, |(_, length)| length)
}

/// Whether an encoding is one of the two that carry a byte-order mark of two bytes.
pub fn is_utf16(encoding: &'static Encoding) -> bool {
    encoding == UTF_16LE || encoding == UTF_16BE
}
