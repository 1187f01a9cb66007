//! Records of a file as rows of `staging_outline`.

use chrono::NaiveDate;
use geo_types::Geometry;

use super::OutlineKind;
use crate::base::code::CountyCode;
use crate::codelist::CrossWalk;
use crate::db::copy::CopyRows;
use crate::db::geom::ewkb;
use crate::exchange::feature::plain_key;
use crate::exchange::{Fault, FaultCode, FeatureRecord, gcj02, validity, wording};
use crate::importing::feed::Rows;

pub const COPY: &str = "COPY staging_outline (record, line, kind, code, name, shape) FROM STDIN";

const KIND: &[&str] = &["类型", "kind"];
const CODE: &[&str] = &["代码", "区划代码", "XZQDM", "code", "adcode", "ad_code"];
/// The country before the county in the attribute `gb` of published maps.
const CHINA: &str = "156";
const NAME: &[&str] = &["名称", "XZQMC", "name"];

pub struct OutlineRows {
    district: CountyCode,
    as_of: NaiveDate,
    shifted: bool,
    pub faults: Vec<Fault>,
    /// Records with an error; they are not staged.
    pub refused: u64,
}

/// What an outline is of.
#[derive(Debug, PartialEq)]
struct Subject {
    kind: OutlineKind,
    code: String,
    name: String,
}

impl OutlineRows {
    pub fn new(district: CountyCode, as_of: NaiveDate, shifted: bool) -> Self {
        OutlineRows { district, as_of, shifted, faults: Vec::new(), refused: 0 }
    }

    fn subject(&self, record: &FeatureRecord, noticed: &mut Vec<Fault>) -> Result<Subject, Fault> {
        let code = first(record, CODE)
            .or_else(|| Some(first(record, &["gb"])?.strip_prefix(CHINA)?.to_owned()))
            .ok_or_else(|| Fault::error(FaultCode::CodeMissing, "界线没有代码。请补上“代码”一列。"))?;
        let code = township(code);
        let name = key_of(record, NAME)
            .and_then(|key| record.name(key, noticed))
            .ok_or_else(|| Fault::error(FaultCode::ValueMissing, "界线没有名称。请补上“名称”一列。"))?;
        let kind = match first(record, KIND).map(|text| (OutlineKind::parse(&text), text)) {
            Some((Some(kind), _)) => kind,
            Some((None, _)) | None => kind_by_code(&code).ok_or_else(|| {
                let message = format!(
                    "从代码“{}”看不出界线是区县（六位）还是街道（九位）。请补上“类型”一列。",
                    wording::short(&code)
                );
                Fault::error(FaultCode::ValueUnknown, message)
            })?,
        };
        self.check_code(kind, &code)?;
        Ok(Subject { kind, code, name })
    }

    fn check_code(&self, kind: OutlineKind, code: &str) -> Result<(), Fault> {
        let invalid = |length: &str| {
            let message = format!("“{}”不是{length}位的{kind}代码。请改正。", wording::short(code));
            Err(Fault::error(FaultCode::CodeInvalid, message))
        };
        match kind {
            OutlineKind::District if kind_by_code(code) != Some(kind) => return invalid("六"),
            OutlineKind::Subdistrict if kind_by_code(code) != Some(kind) => return invalid("九"),
            OutlineKind::Platform => return Ok(()),
            _ => {}
        }
        let county = &code[..6];
        let ours = county == self.district.as_str()
            || CrossWalk::embedded().resolve_county(county, self.as_of).code() == Some(self.district.as_str());
        if ours {
            return Ok(());
        }
        let message = format!("代码 {code} 不属于本区（{}）。请只导入本区的界线；外区的由该区导入。", self.district);
        Err(Fault::error(FaultCode::OutsideDistrict, message))
    }
}

impl Rows for OutlineRows {
    fn take(&mut self, record: FeatureRecord, rows: &mut CopyRows) {
        let (number, line) = (record.record, record.line);
        let mut said = Vec::new();
        let subject = self.subject(&record, &mut said);
        let examined =
            record.geometry.and_then(|shape| shape.ok_or_else(wording::geometry_empty)).and_then(validity::examine);
        let noticed = record.faults.into_iter().chain(said).chain(examined.iter().flat_map(|e| e.faults.clone()));
        self.faults.extend(noticed.map(|fault| fault.at(Some(number), line)));
        match (subject, examined) {
            (Ok(subject), Ok(examined)) => {
                let shape = if self.shifted { gcj02::shape_to_cgcs2000(&examined.shape) } else { examined.shape };
                rows.plain(number).optional(line).plain(subject.kind.code()).text(&subject.code).text(&subject.name);
                rows.geometry(&ewkb(&Geometry::MultiPolygon(shape), 0)).end_row();
            }
            (subject, examined) => {
                let errors = subject.err().into_iter().chain(examined.err());
                self.faults.extend(errors.map(|fault| fault.at(Some(number), line)));
                self.refused += 1;
            }
        }
    }

    fn names(&self) -> Vec<&'static str> {
        [KIND, CODE, NAME].concat()
    }

    fn faults(&self) -> &[Fault] {
        &self.faults
    }
}

/// Statistical codes of twelve digits end in zeros for a whole sub-district.
fn township(code: String) -> String {
    match code.strip_suffix("000") {
        Some(short) if code.len() == 12 => short.to_owned(),
        _ => code,
    }
}

fn kind_by_code(code: &str) -> Option<OutlineKind> {
    if !code.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    match code.len() {
        6 => Some(OutlineKind::District),
        9 => Some(OutlineKind::Subdistrict),
        _ => None,
    }
}

fn first(record: &FeatureRecord, names: &[&str]) -> Option<String> {
    record.text(key_of(record, names)?)
}

/// The first of these attributes that has a text, as the file writes it.
fn key_of<'r>(record: &'r FeatureRecord, names: &[&str]) -> Option<&'r str> {
    names.iter().find_map(|name| {
        let (key, _) = record.attributes.iter().find(|(key, _)| plain_key(key).eq_ignore_ascii_case(name))?;
        record.text(key).is_some().then_some(key.as_str())
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::{Value, json};

    fn subject(attributes: Value) -> Result<Subject, FaultCode> {
        let Value::Object(attributes) = attributes else { panic!("attributes are an object") };
        let record = FeatureRecord { record: 1, line: None, attributes, geometry: Ok(None), faults: Vec::new() };
        let rows = OutlineRows::new("330105".parse().unwrap(), "2024-01-01".parse().unwrap(), false);
        rows.subject(&record, &mut Vec::new()).map_err(|fault| fault.code)
    }

    #[test]
    fn the_kind_is_named_or_follows_from_the_length_of_the_code() {
        let kind = |attributes| subject(attributes).map(|subject| subject.kind);
        assert_eq!(kind(json!({"代码": "330105", "名称": "甲"})), Ok(OutlineKind::District));
        assert_eq!(kind(json!({"code": 330105001, "name": "乙"})), Ok(OutlineKind::Subdistrict));
        assert_eq!(kind(json!({"code": "330105001000", "name": "乙"})), Ok(OutlineKind::Subdistrict));
        assert_eq!(kind(json!({"code": "PT-1", "name": "丙", "类型": "平台"})), Ok(OutlineKind::Platform));
        assert_eq!(kind(json!({"code": "PT-1", "name": "丙"})), Err(FaultCode::ValueUnknown));
        assert_eq!(kind(json!({"code": "330106", "name": "丁"})), Err(FaultCode::OutsideDistrict));
        assert_eq!(kind(json!({"code": "330105", "name": "甲", "类型": "街道"})), Err(FaultCode::CodeInvalid));
        assert_eq!(kind(json!({"gb": "156330105", "name": "甲"})), Ok(OutlineKind::District));
        assert_eq!(kind(json!({"code": "330105"})), Err(FaultCode::ValueMissing));
    }
}
