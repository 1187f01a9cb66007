//! In which encoding is a text? Byte-order marks, then strict UTF-8, then GB18030; what decodes with errors is a question.

use std::fs::File;
use std::io::{self, Read};
use std::path::Path;

use encoding_rs::{Decoder, DecoderResult, Encoding, GB18030, UTF_8, UTF_16BE, UTF_16LE};

use super::fault::Unreadable;
use super::wording;

const CHUNK: usize = 64 * 1024;

/// What a name of an encoding comes to.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Label {
    Known(&'static Encoding),
    /// `OEM`, `ANSI`: whatever the writer's machine had, so the bytes must say.
    OfTheMachine,
    Unknown,
}

/// An encoding by the names that people use, found in .cpg files and on Windows.
pub fn by_label(label: &str) -> Option<&'static Encoding> {
    match label_of(label) {
        Label::Known(encoding) => Some(encoding),
        _ => None,
    }
}

/// `UTF-8`, `utf_8`, `65001`, `GBK`, `GB-2312`, `EUC-CN`, `CP936`, `ANSI 936`, `936 (ANSI/OEM - 简体中文 GBK)`, `LDID/77`, `Big-5`,
/// `ISO-8859-1`, `8859_1`, `windows-1251` … GBK and GB2312 are read as GB18030, which contains them.
pub fn label_of(label: &str) -> Label {
    let label = label.trim().trim_start_matches('\u{feff}').trim().to_ascii_lowercase();
    let short = label.split(['(', '（']).next().unwrap_or_default();
    let plain: String = short.chars().filter(char::is_ascii_alphanumeric).collect();
    if let Some(driver) = plain.strip_prefix("ldid").and_then(|number| number.parse::<u8>().ok()) {
        return by_language_driver(driver).map_or(Label::OfTheMachine, Label::Known);
    }
    let page = ["ansi", "oem", "cp", "windows", "ibm", "x", "ms", "codepage", "win", "dos"];
    let bare = page.iter().find_map(|prefix| plain.strip_prefix(prefix)).unwrap_or(&plain);
    let named = |name: &str| Encoding::for_label(name.as_bytes()).map_or(Label::Unknown, Label::Known);
    match bare {
        "" if !plain.is_empty() => Label::OfTheMachine,
        "system" | "default" | "acp" => Label::OfTheMachine,
        "936" | "gbk" | "gb2312" | "gb18030" | "54936" | "gb231280" | "euccn" | "cngb" | "chinese" | "20936"
        | "51936" | "hzgb2312" | "gb180302000" | "gb180302005" | "gb180302022" | "xgbk" => Label::Known(GB18030),
        "65001" | "utf8" | "utf8n" | "utf8bom" | "utf8sig" | "unicode11utf8" => Label::Known(UTF_8),
        "1200" | "utf16" | "utf16le" | "unicode" | "ucs2" => Label::Known(UTF_16LE),
        "1201" | "utf16be" => Label::Known(UTF_16BE),
        "950" | "big5" | "big5hkscs" | "10002" => named("big5"),
        "932" | "shiftjis" | "sjis" => named("shift_jis"),
        "949" | "euckr" | "51949" => named("euc-kr"),
        "1250" | "1251" | "1252" | "1253" | "1254" | "1255" | "1256" | "1257" | "1258" | "874" => {
            named(&format!("windows-{bare}"))
        }
        "437" | "850" | "latin1" | "usascii" | "ascii" | "28591" => named("windows-1252"),
        _ => match bare.strip_prefix("iso8859").or_else(|| bare.strip_prefix("8859")) {
            Some(part) => named(&format!("iso-8859-{part}")),
            None => named(label.trim()),
        },
    }
}

/// The byte of a .dbf that says what its texts are in.
pub fn by_language_driver(byte: u8) -> Option<&'static Encoding> {
    match byte {
        0x4D | 0x7A => Some(GB18030),
        0x4F | 0x78 => Encoding::for_label(b"big5"),
        _ => None,
    }
}

/// Whether Chinese can be written in it at all.
pub fn has_chinese(encoding: &'static Encoding) -> bool {
    encoding.decode_without_bom_handling(&encoding.encode("宗地").0).0 == "宗地"
        && !encoding.encode("宗地").2
        && !encoding.is_single_byte()
}

/// What the bytes of a text allow, found in one pass.
pub struct Scan {
    utf8: Strict,
    gb18030: Strict,
    ascii: bool,
    /// Characters of three bytes or more were seen as UTF-8: Chinese text, and hardly ever GBK by accident.
    wide: bool,
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
        Scan { utf8: Strict::new(UTF_8), gb18030: Strict::new(GB18030), ascii: true, wide: false }
    }
}

impl Scan {
    pub fn take(&mut self, bytes: &[u8]) {
        if !bytes.is_ascii() {
            self.ascii = false;
            self.wide |= bytes.iter().any(|byte| *byte >= 0xE3);
        }
        self.utf8.take(bytes, false);
        self.gb18030.take(bytes, false);
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

/// Whether the beginning of a file is no text, in whatever encoding: text has no control characters, and one that strayed
/// into a cell is that cell's fault.
pub fn is_binary(head: &[u8]) -> bool {
    let marked = Encoding::for_bom(head).is_some_and(|(encoding, _)| is_utf16(encoding));
    let is_control = |byte: &&u8| byte.is_ascii_control() && !matches!(byte, b'\t' | b'\n' | b'\r');
    !marked && head.iter().filter(is_control).count() * 20 > head.len()
}

/// Decodes a field of fixed width. Writers that cut at the width may leave half a character at the end of a value that
/// fills its field; that half is dropped.
pub fn decode_field(bytes: &[u8], fills: bool, encoding: &'static Encoding) -> Option<String> {
    let most = if fills { 3usize.min(bytes.len().saturating_sub(1)) } else { 0 };
    (0..=most).find_map(|cut| {
        let whole = &bytes[..bytes.len() - cut];
        encoding.decode_without_bom_handling_and_without_replacement(whole).map(|text| text.into_owned())
    })
}

/// Characters of three bytes and more and nothing malformed: Chinese as UTF-8, and hardly ever GBK by accident.
pub fn is_wide_utf8(bytes: &[u8]) -> bool {
    std::str::from_utf8(bytes).is_ok_and(|text| text.chars().filter(|c| c.len_utf8() > 2).count() > 1)
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

/// As [`of_file`], but a few bad bytes among many good characters do not stand in the way: who reads meets U+FFFD where they
/// stand and refuses what holds it.
pub fn of_most(path: &Path, named: Option<&str>) -> Result<&'static Encoding, Unreadable> {
    let problem = match of_file(path, named) {
        Err(problem) => problem,
        found => return found,
    };
    let possible = match named {
        Some(name) => vec![by_label(name).ok_or_else(|| wording::encoding_unknown(name))?],
        None => vec![UTF_8, GB18030],
    };
    let mut best: Option<(u64, u64, &'static Encoding)> = None;
    for encoding in possible {
        let (bad, good) = malformed(path, encoding).map_err(|e| wording::cannot_open(&e))?;
        if best.is_none_or(|(least, ..)| bad < least) {
            best = Some((bad, good, encoding));
        }
    }
    match best {
        Some((1.., good, encoding)) if best.is_some_and(|(bad, ..)| bad * 10 <= good) => Ok(encoding),
        _ => Err(problem),
    }
}

/// Malformed sequences, and characters beyond ASCII, when a file is read in an encoding.
fn malformed(path: &Path, encoding: &'static Encoding) -> io::Result<(u64, u64)> {
    let mut reader = Utf8Reader::new(File::open(path)?, encoding);
    let mut chunk = vec![0; CHUNK];
    let (mut bad, mut all) = (0, 0);
    loop {
        let length = reader.read(&mut chunk)?;
        if length == 0 {
            return Ok((bad, all - bad));
        }
        // The reader hands out whole characters.
        let text = String::from_utf8_lossy(&chunk[..length]);
        bad += text.chars().filter(|c| *c == char::REPLACEMENT_CHARACTER).count() as u64;
        all += text.chars().filter(|c| !c.is_ascii()).count() as u64;
    }
}

/// Whether a file is no UTF-8 but reads as GB18030 from end to end.
pub fn is_gb18030(path: &Path) -> Result<bool, Unreadable> {
    let mut file = File::open(path).map_err(|e| wording::cannot_open(&e))?;
    let mut chunk = vec![0; CHUNK];
    let mut scan = Scan::default();
    loop {
        match file.read(&mut chunk).map_err(|e| wording::cannot_open(&e))? {
            0 => return Ok(scan.verdict() == Verdict::Gb18030),
            length => scan.take(&chunk[..length]),
        }
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

/// Whether an encoding is one of the two that carry a byte-order mark of two bytes.
pub fn is_utf16(encoding: &'static Encoding) -> bool {
    encoding == UTF_16LE || encoding == UTF_16BE
}
