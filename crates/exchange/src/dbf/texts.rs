//! In which encoding are the texts of a table? By what most of them can be; the others are named one by one.

use encoding_rs::{Encoding, GB18030, UTF_8};

use super::Dbf;
use crate::encoding::{self, Label, decode_field, is_wide_utf8};
use crate::fault::{Fault, Unreadable};
use crate::wording;

/// Texts beyond ASCII, and how many of them each encoding cannot have written.
#[derive(Clone, Copy, Debug, Default)]
struct Tally {
    texts: u64,
    not_utf8: u64,
    /// Not as UTF-8 by accident.
    wide: u64,
    not_gb18030: u64,
    /// Neither as one nor as the other.
    neither: u64,
    not_asked: u64,
}

pub fn encoding(dbf: &Dbf, named: Option<&str>, cpg: Option<&str>) -> Result<&'static Encoding, Unreadable> {
    let named = match named {
        Some(name) => Some(encoding::by_label(name).ok_or_else(|| wording::encoding_unknown(name))?),
        None => None,
    };
    let label = cpg.map(encoding::label_of).filter(|_| named.is_none());
    let declared = match label {
        Some(Label::Known(encoding)) => Some(encoding),
        Some(Label::OfTheMachine) | None => encoding::by_language_driver(dbf.language_driver),
        Some(Label::Unknown) => None,
    };
    let tally = tally(dbf, named.or(declared))?;
    if let Some(encoding) = named {
        // A few bad bytes cost their records alone.
        return match tally.not_asked * 2 > tally.texts {
            true => Err(wording::encoding_wrong(encoding.name(), " .dbf ").into()),
            false => Ok(encoding),
        };
    }
    if let (Some(Label::Unknown), Some(name), 1..) = (label, cpg, tally.texts) {
        return Err(wording::encoding_label_unknown(name).into());
    }
    tally.settle(declared).map_err(|why| wording::encoding_question(why).into())
}

fn tally(dbf: &Dbf, asked: Option<&'static Encoding>) -> Result<Tally, Fault> {
    let mut tally = Tally::default();
    let mut rows = dbf.raw_rows()?;
    for field in &dbf.fields {
        tally.take(&field.name, field.name.len() >= 10, asked);
    }
    for _ in 0..dbf.rows {
        rows.advance()?;
        for (text, fills) in rows.texts() {
            tally.take(text, fills, asked);
        }
    }
    Ok(tally)
}

impl Tally {
    fn take(&mut self, text: &[u8], fills: bool, asked: Option<&'static Encoding>) {
        if text.is_ascii() {
            return;
        }
        let cannot = |encoding| u64::from(decode_field(text, fills, encoding).is_none());
        self.texts += 1;
        self.not_utf8 += cannot(UTF_8);
        self.wide += u64::from(decode_field(text, fills, UTF_8).is_some_and(|text| is_wide_utf8(text.as_bytes())));
        self.not_gb18030 += cannot(GB18030);
        self.neither += cannot(UTF_8) * cannot(GB18030);
        self.not_asked += asked.map_or(0, cannot);
    }

    /// Whether so few texts are wrong that they can be named: at most a tenth, and never half of a handful.
    fn few(&self, wrong: u64) -> bool {
        wrong == 0 || wrong * 10 <= self.texts
    }

    /// The declaration and the bytes together; `Err` says why that leaves a doubt.
    fn settle(&self, declared: Option<&'static Encoding>) -> Result<&'static Encoding, String> {
        if self.texts == 0 {
            return Ok(declared.unwrap_or(UTF_8));
        }
        let mostly_utf8 = self.few(self.not_utf8) && self.wide * 2 > self.texts;
        let mostly_gb18030 = self.few(self.neither) && self.not_utf8 * 2 > self.texts;
        let found = match (mostly_utf8, mostly_gb18030) {
            (true, _) => Some(UTF_8),
            (false, true) => Some(GB18030),
            (false, false) if self.not_utf8 == 0 && self.not_gb18030 > 0 => Some(UTF_8),
            (false, false) if self.not_gb18030 == 0 && self.not_utf8 > 0 => Some(GB18030),
            _ => None,
        };
        match (declared, found) {
            (Some(declared), _) if !encoding::has_chinese(declared) => {
                Err(format!("文件声明为 {}，写不了汉字，内容却不是英文", declared.name()))
            }
            (Some(declared), Some(found)) if declared != found && (declared == UTF_8 || declared == GB18030) => {
                if self.not_asked * 2 > self.texts || found == UTF_8 {
                    return Err(format!("文件声明为 {}，内容却像 {}", declared.name(), found.name()));
                }
                Ok(declared)
            }
            (Some(_), _) if self.not_asked * 2 > self.texts => Err("按声明的编码解码有错".into()),
            (Some(declared), _) => Ok(declared),
            (None, Some(found)) => Ok(found),
            (None, None) if self.not_utf8 == 0 && self.not_gb18030 == 0 => {
                Err(".dbf 按 UTF-8 和 GB18030 都读得通".into())
            }
            (None, None) => Err(".dbf 既不是有效的 UTF-8，也不是有效的 GB18030".into()),
        }
    }
}

/// A text of a GBK table that is UTF-8: another program edited that row.
pub fn in_another(bytes: &[u8], encoding: &'static Encoding) -> Option<String> {
    let utf8 = encoding == GB18030 && is_wide_utf8(bytes);
    utf8.then(|| String::from_utf8_lossy(bytes).into_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn settled(texts: &[&[u8]], declared: Option<&'static Encoding>) -> Result<&'static Encoding, String> {
        let mut tally = Tally::default();
        texts.iter().for_each(|text| tally.take(text, false, declared));
        tally.settle(declared)
    }

    fn gbk(text: &str) -> Vec<u8> {
        GB18030.encode(text).0.into_owned()
    }

    #[test]
    fn one_bad_text_among_many_does_not_make_a_question() {
        let (good, mut bad) = (gbk("东新路地块"), gbk("石桥路地块"));
        bad.pop();
        let mut texts: Vec<&[u8]> = vec![good.as_slice(); 9];
        texts.push(&bad);
        assert_eq!(settled(&texts, None), Ok(GB18030));
        assert_eq!(settled(&texts, Some(GB18030)), Ok(GB18030));
        texts[0] = &bad;
        assert!(settled(&texts, None).is_err(), "two of ten are too many to be an accident");
        let utf8 = "东新路地块".as_bytes();
        let mut texts: Vec<&[u8]> = vec![utf8; 9];
        texts.push(b"\xE4\xB8 x");
        assert_eq!(settled(&texts, None), Ok(UTF_8));
    }

    #[test]
    fn a_declaration_that_most_texts_contradict_is_a_question() {
        let (gbk, utf8) = (gbk("东新路地块"), "东新路地块".as_bytes());
        assert!(settled(&[&gbk, &gbk], Some(UTF_8)).is_err());
        assert!(settled(&[utf8, utf8], Some(GB18030)).is_err());
        assert_eq!(settled(&[&gbk, &gbk, utf8], Some(GB18030)), Ok(GB18030));
        let latin = Encoding::for_label(b"windows-1252").unwrap();
        assert!(settled(&[&gbk], Some(latin)).unwrap_err().contains("写不了汉字"));
        assert_eq!(settled(&[b"plain"], Some(latin)), Ok(latin));
        let big5 = Encoding::for_label(b"big5").unwrap();
        assert_eq!(settled(&[&big5.encode("東新路").0], Some(big5)), Ok(big5));
    }

    #[test]
    fn utf8_in_a_gbk_table_is_seen() {
        assert_eq!(in_another("测试地块乙".as_bytes(), GB18030).as_deref(), Some("测试地块乙"));
        assert_eq!(in_another(&gbk("测试地块乙"), GB18030), None);
        assert_eq!(in_another("测试地块乙".as_bytes(), UTF_8), None);
    }
}
