//! Names of columns: a .dbf keeps ten bytes of each, which is three Chinese characters as UTF-8 and five as GBK.

use std::collections::HashMap;

use encoding_rs::Encoding;

use super::field::Field;
use crate::encoding::decode_field;
use crate::fault::Fault;
use crate::wording;

/// So long a name, in bytes, may have been cut before its next character.
const MAY_BE_CUT: usize = 8;

pub enum Name {
    Taken(String),
    /// Two columns of one name, a unit that was cut off, a type that is not read.
    Left,
}

/// The name of each column and what is to be said of them. A name that was cut is completed when `known` has one ending.
pub fn settle(fields: &[Field], encoding: &'static Encoding, known: &[&str]) -> (Vec<Name>, Vec<Fault>) {
    let mut faults = Vec::new();
    let read: Vec<String> = fields.iter().map(|field| text_of(&field.name, encoding)).collect();
    let completed: Vec<Completed> =
        fields.iter().zip(&read).map(|(field, name)| complete(name, field.name.len(), known)).collect();
    let mut counts: HashMap<&str, usize> = HashMap::new();
    for name in completed.iter().filter_map(Completed::name) {
        *counts.entry(name).or_default() += 1;
    }
    let names = fields.iter().zip(&read).zip(&completed).map(|((field, written), completed)| match completed {
        _ if field.name.starts_with(b"_NullFlags") => Name::Left,
        Completed::UnitCut => {
            faults.push(wording::unit_cut(written));
            Name::Left
        }
        Completed::As(name) if counts[name.as_str()] > 1 => {
            faults.push(wording::columns_of_one_name(name, counts[name.as_str()]));
            Name::Left
        }
        Completed::As(name) if !field.is_taken() => {
            faults.push(wording::field_type(name, char::from(field.kind)));
            Name::Left
        }
        Completed::As(name) => {
            if name != written {
                faults.push(wording::name_completed(written, name));
            }
            Name::Taken(name.clone())
        }
    });
    let names = names.collect();
    faults.dedup();
    (names, faults)
}

fn text_of(name: &[u8], encoding: &'static Encoding) -> String {
    let name = name.trim_ascii();
    let text = decode_field(name, true, encoding).or_else(|| decode_field(name, true, encoding_rs::GB18030));
    text.unwrap_or_else(|| encoding.decode_without_bom_handling(name).0.into_owned())
}

#[derive(Debug, PartialEq)]
enum Completed {
    As(String),
    UnitCut,
}

impl Completed {
    fn name(&self) -> Option<&str> {
        if let Completed::As(name) = self { Some(name) } else { None }
    }
}

/// By the names an import knows: of several that begin alike the shortest, when all others are longer forms of it.
fn complete(written: &str, bytes: usize, known: &[&str]) -> Completed {
    let as_written = || Completed::As(written.to_owned());
    if bytes < MAY_BE_CUT || written.is_ascii() || known.iter().any(|name| name.eq_ignore_ascii_case(written)) {
        return as_written();
    }
    if let Some(inside) = written.find(['（', '(']) {
        let closed = written.ends_with(['）', ')']);
        return if closed || inside == 0 { as_written() } else { Completed::UnitCut };
    }
    let mut longer: Vec<&str> = known.iter().copied().filter(|name| name.starts_with(written)).collect();
    longer.sort_by_key(|name| name.len());
    match longer.first() {
        Some(shortest) if longer.iter().all(|name| name.starts_with(shortest)) => Completed::As((*shortest).to_owned()),
        _ => as_written(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::FaultCode;
    use encoding_rs::{GB18030, UTF_8};

    const KNOWN: [&str; 6] = ["宗地代码", "宗地面积", "土地用途", "土地用途分类", "不动产单元号", "ZDMJ"];

    fn settled(names: &[&[u8]], encoding: &'static Encoding) -> (Vec<Option<String>>, Vec<FaultCode>) {
        let fields: Vec<Field> = names
            .iter()
            .map(|name| Field { name: name[..name.len().min(10)].to_vec(), kind: b'C', length: 9 })
            .collect();
        let (names, faults) = settle(&fields, encoding, &KNOWN);
        let names = names.into_iter().map(|name| if let Name::Taken(name) = name { Some(name) } else { None });
        (names.collect(), faults.iter().map(|fault| fault.code).collect())
    }

    fn one(name: &str, encoding: &'static Encoding) -> (Option<String>, Vec<FaultCode>) {
        let (mut names, faults) = settled(&[&encoding.encode(name).0], encoding);
        (names.remove(0), faults)
    }

    #[test]
    fn cut_names_are_completed_and_said() {
        for name in ["宗地代码", "宗地面积", "土地用途"] {
            assert_eq!(one(name, UTF_8), (Some(name.to_owned()), vec![FaultCode::NameCut]));
        }
        assert_eq!(one("不动产单元号", GB18030), (Some("不动产单元号".into()), vec![FaultCode::NameCut]));
        assert_eq!(one("宗地代", UTF_8).0.as_deref(), Some("宗地代码"), "cut between characters");
        assert_eq!(one("宗地图幅", UTF_8), (Some("宗地图".into()), vec![]), "nothing known begins so");
        assert_eq!(one("宗地", UTF_8), (Some("宗地".into()), vec![]), "short enough to be whole");
        assert_eq!(one("宗地面积", GB18030), (Some("宗地面积".into()), vec![]), "eight bytes fit");
    }

    #[test]
    fn a_unit_that_was_cut_is_not_guessed() {
        assert_eq!(one("面积（亩）", UTF_8), (None, vec![FaultCode::NameCut]));
        assert_eq!(one("宗地面积（亩）", GB18030), (None, vec![FaultCode::NameCut]));
        assert_eq!(one("面积（亩）", GB18030), (Some("面积（亩）".into()), vec![]));
    }

    #[test]
    fn columns_of_one_name_are_both_left() {
        let (names, faults) = settled(&[b"ZDMJ", b"DKMC", b"ZDMJ"], UTF_8);
        assert_eq!(names, [None, Some("DKMC".into()), None]);
        assert_eq!(faults[0], FaultCode::ColumnDuplicate);
        let cut = ["宗地代码".as_bytes(), "宗地代号".as_bytes()];
        assert_eq!(settled(&cut, UTF_8).0, [None, None], "they were two names once");
    }
}
