//! Which attribute of a record says what. Names are matched without regard to case, brackets hold a unit.

use rust_decimal::Decimal;
use serde_json::Value;

use crate::base::conversion::{self, Dimension, Refused};
use crate::base::text::narrow;
use crate::codelist::{self, LAND_USE_PLANNING, LAND_USE_SURVEY};
use crate::exchange::feature::plain_key;
use crate::exchange::table::figure::without_noise;
use crate::exchange::wording::{figure_refused, short};
use crate::exchange::{Fault, FaultCode, FeatureRecord};
use crate::parcel::SupplyStatus;

const CODE: &[&str] = &["宗地代码", "ZDDM", "code", "parcel_code", "不动产单元号", "BDCDYH", "地块编号", "DKBH"];
/// The readers' own attribute comes first: it is in square metres whatever the file's unit is.
const AREA: &[&str] = &["official_area_m2", "宗地面积", "ZDMJ", "登记面积", "土地面积", "面积"];
const LAND_USE: &[&str] = &["土地用途", "DLBM", "地类编码", "land_use_code", "地块用途", "DKYT"];
const SCHEME: &[&str] = &["分类标准", "土地用途分类", "land_use_scheme", "scheme"];
const SUPPLY: &[&str] = &["供应状态", "supply_status"];
const NAME: &[&str] = &["地块名称", "DKMC", "宗地名称", "name", "坐落", "ZL"];
const LONGEST_NAME: usize = 200;

/// Every name a column may have.
pub fn names() -> Vec<&'static str> {
    [CODE, AREA, LAND_USE, SCHEME, SUPPLY, NAME].concat()
}

/// What a record says about a parcel; `faults` say what of it could not be taken.
#[derive(Debug, Default)]
pub struct Said {
    pub given_code: Option<String>,
    pub name: Option<String>,
    /// Square metres.
    pub official_area_m2: Option<Decimal>,
    /// Scheme and code.
    pub land_use: Option<(&'static str, &'static str)>,
    pub supply_status: Option<SupplyStatus>,
    pub faults: Vec<Fault>,
}

impl Said {
    pub fn by(record: &FeatureRecord) -> Self {
        let mut said = Said { given_code: first(record, CODE).map(|(_, text)| text), ..Said::default() };
        said.name = name(record, NAME, &mut said.faults).map(|name| name.chars().take(LONGEST_NAME).collect());
        said.take_area(record);
        said.take_land_use(record);
        said.take_supply_status(record);
        said
    }

    fn take_area(&mut self, record: &FeatureRecord) {
        let Some((key, text)) = first(record, AREA) else {
            self.warn(
                FaultCode::AreaMissing,
                "没有登记面积：在册宗地沿用原登记面积，新宗地按未填处理。请补上“宗地面积”。",
            );
            return;
        };
        let square_metres = match square_metres(&key, &text) {
            Some(Ok(square_metres)) => square_metres,
            Some(Err(Refused::Endless)) => {
                let message =
                    format!("“{key}”的“{text}”换算成平方米除不尽，登记面积按未填处理。请按登记簿补上平方米数。");
                self.warn(FaultCode::ValueUnreadable, message);
                return;
            }
            Some(Err(refused)) => {
                self.faults.push(figure_refused(&key, &text, refused));
                return;
            }
            None => {
                self.warn(FaultCode::ValueUnreadable, format!("“{key}”的“{text}”不是面积，按未填处理。请改正。"));
                return;
            }
        };
        if square_metres.is_sign_negative() && !square_metres.is_zero() {
            let message = format!("“{key}”为负（{text}）。请改正。");
            self.faults.push(Fault::error(FaultCode::FigureNegative, message));
        } else if square_metres.is_zero() {
            self.warn(FaultCode::AreaMissing, format!("“{key}”为零，按未填处理。请补上登记面积。"));
        } else {
            self.official_area_m2 = Some(square_metres);
        }
    }

    fn take_land_use(&mut self, record: &FeatureRecord) {
        let scheme = first(record, SCHEME).map(|(_, text)| text);
        let uses: Vec<String> = all(record, LAND_USE);
        let Some(shown) = uses.first() else { return };
        let found = uses.iter().map(|text| land_uses_of(text, scheme.as_deref())).find(|found| !found.is_empty());
        match found.as_deref() {
            Some([only]) => self.land_use = Some(*only),
            Some(several) => {
                let schemes: Vec<&str> = several.iter().map(|(scheme, _)| *scheme).collect();
                let schemes = schemes.join("、");
                let shown = short(shown);
                let message = format!("用途“{shown}”在{schemes}中都有而含义不同，未采用。请补上“分类标准”一列。");
                self.warn(FaultCode::LandUseUnknown, message);
            }
            None => {
                let message = format!("用途“{}”不在用地分类中，按未填处理。请核对。", short(shown));
                self.warn(FaultCode::LandUseUnknown, message);
            }
        }
    }

    fn take_supply_status(&mut self, record: &FeatureRecord) {
        let Some((key, text)) = first(record, SUPPLY) else { return };
        self.supply_status = SupplyStatus::parse(&text);
        if self.supply_status.is_none() {
            let known: Vec<&str> = SupplyStatus::ALL.iter().map(|status| status.label()).collect();
            let text = short(&text);
            let message = format!("“{key}”的“{text}”不是供应状态（{}），按未填处理。请改正。", known.join("、"));
            self.warn(FaultCode::ValueUnknown, message);
        }
    }

    fn warn(&mut self, code: FaultCode, message: impl Into<String>) {
        self.faults.push(Fault::warning(code, message));
    }
}

/// The first of `names` that has a value, with the name as the file writes it.
pub fn first(record: &FeatureRecord, names: &[&str]) -> Option<(String, String)> {
    names.iter().find_map(|name| value(record, name))
}

/// The same of a name, without what nobody sees.
pub fn name(record: &FeatureRecord, names: &[&str], faults: &mut Vec<Fault>) -> Option<String> {
    let (key, _) = first(record, names)?;
    record.name(&key, faults)
}

fn all(record: &FeatureRecord, names: &[&str]) -> Vec<String> {
    names.iter().filter_map(|name| value(record, name)).map(|(_, text)| text).collect()
}

fn value(record: &FeatureRecord, name: &str) -> Option<(String, String)> {
    record
        .attributes
        .iter()
        .filter(|(_, value)| !matches!(value, Value::Null))
        .filter(|(key, _)| plain_key(key).eq_ignore_ascii_case(name))
        .find_map(|(key, _)| Some((key.clone(), record.text(key)?)))
}

/// Nothing when it is no figure, or its unit none of an area.
fn square_metres(key: &str, text: &str) -> Option<Result<Decimal, Refused>> {
    let text = narrow(text);
    let figure: Decimal = text.replace(',', "").parse().or_else(|_| Decimal::from_scientific(&text)).ok()?;
    let key = narrow(key);
    let unit = key.split('(').nth(1).map_or("平方米", |unit| unit.trim_end_matches(')'));
    // Files of shapes are made of doubles, also where they write them as text.
    Some(conversion::find(Dimension::Area, unit)?.to_stored(without_noise(figure)))
}

/// Every value of the lists that a code or name can stand for, in the scheme that is named or else in any.
fn land_uses_of(text: &str, scheme: Option<&str>) -> Vec<(&'static str, &'static str)> {
    let scheme = scheme.and_then(scheme_of);
    codelist::land_uses()
        .iter()
        .filter(|row| scheme.is_none_or(|scheme| scheme == row.scheme))
        .filter(|row| row.code == text || row.name == text)
        .map(|row| (row.scheme.as_str(), row.code.as_str()))
        .collect()
}

fn scheme_of(text: &str) -> Option<&'static str> {
    if text.contains("21010") || text.contains("利用现状") {
        Some(LAND_USE_SURVEY)
    } else if text.contains("用地用海") || text.contains("234号") {
        Some(LAND_USE_PLANNING)
    } else {
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use rust_decimal_macros::dec;
    use serde_json::json;

    fn said(attributes: Value) -> Said {
        let Value::Object(attributes) = attributes else { panic!("attributes are an object") };
        Said::by(&FeatureRecord { record: 1, line: None, attributes, geometry: Ok(None), faults: Vec::new() })
    }

    fn codes(said: &Said) -> Vec<FaultCode> {
        said.faults.iter().map(|fault| fault.code).collect()
    }

    #[test]
    fn a_unit_in_brackets_is_honoured() {
        assert_eq!(said(json!({"宗地面积（亩）": "3"})).official_area_m2, Some(dec!(2000)));
        assert_eq!(said(json!({"zdmj": 29704.92})).official_area_m2, Some(dec!(29704.92)));
    }

    #[test]
    fn an_area_is_taken_as_it_is_or_not_at_all() {
        let endless = said(json!({"宗地面积（亩）": "10"}));
        assert_eq!((endless.official_area_m2, codes(&endless)), (None, vec![FaultCode::ValueUnreadable]));
        assert!(!endless.faults[0].is_error(), "the parcel is taken, its registered area stays as it is");
        assert_eq!(said(json!({"zdmj": "1000000000"})).official_area_m2, Some(dec!(1_000_000_000)));
        for beyond in ["1000000000.01", "1e15", "-1000000000000000", "1e26"] {
            let said = said(json!({"zdmj": beyond}));
            assert_eq!((said.official_area_m2, codes(&said)), (None, vec![FaultCode::FigureOutOfRange]), "{beyond}");
            assert!(said.faults[0].is_error());
        }
    }

    #[test]
    fn an_area_out_of_a_double_is_what_was_written() {
        for (written, area) in [
            (json!(812.2500000000001), dec!(812.25)),
            (json!("812.2500000000001"), dec!(812.25)),
            (json!("1.2100000000000002"), dec!(1.21)),
            (json!("８１２．２５\u{200b}"), dec!(812.25)),
            (json!(0.000000000001), dec!(0.000000000001)),
        ] {
            let said = said(json!({"宗地面积": written}));
            assert_eq!((said.official_area_m2, said.faults.len()), (Some(area), 0), "{written}");
        }
        assert_eq!(said(json!({"宗地面积(公顷)": "1.2100000000000002"})).official_area_m2, Some(dec!(12100)));
        let fine = said(json!({"zdmj": "0.0000000000001"}));
        assert_eq!((fine.official_area_m2, codes(&fine)), (None, vec![FaultCode::FigureOutOfRange]));
        assert!(fine.faults[0].message.contains("小数位数过多") && fine.faults[0].message.contains("12 位"));
        assert!(!fine.faults[0].message.contains("超出可信范围"), "{:?}", fine.faults);
    }

    #[test]
    fn what_nobody_sees_is_taken_out_of_names_and_named_where_it_cannot_be() {
        let seen = said(json!({"地块名称": "甲\u{200b}乙", "zdmj": 1, "供应状态\u{feff}": "已利用"}));
        assert_eq!((seen.name.as_deref(), codes(&seen)), (Some("甲乙"), vec![FaultCode::InvisibleCharacters]));
        assert!(seen.faults[0].message.contains("U+200B") && !seen.faults[0].is_error());
        assert!(seen.supply_status.is_some(), "an attribute is found by the name that people see");
        assert_eq!(said(json!({"宗地代码": "\u{200b}", "zdmj": 1})).given_code, None, "nothing is no code");
        let used = said(json!({"zdmj": 1, "DLBM": "06\u{200b}01"}));
        assert!(used.faults[0].message.contains("<U+200B>"), "{:?}", used.faults);
    }

    #[test]
    fn missing_is_never_zero() {
        let nothing = said(json!({"宗地面积": 0}));
        assert_eq!((nothing.official_area_m2, codes(&nothing)), (None, vec![FaultCode::AreaMissing]));
        let negative = said(json!({"宗地面积": -1}));
        assert_eq!((negative.official_area_m2, codes(&negative)), (None, vec![FaultCode::FigureNegative]));
        assert!(negative.faults[0].is_error());
    }

    #[test]
    fn a_land_use_in_two_schemes_is_not_guessed() {
        let doubtful = said(json!({"ZDMJ": 1, "DLBM": "0601"}));
        assert_eq!((doubtful.land_use, codes(&doubtful)), (None, vec![FaultCode::LandUseUnknown]));
        let named = said(json!({"ZDMJ": 1, "DLBM": "0601", "分类标准": "GB/T 21010-2017"}));
        assert_eq!((named.land_use, codes(&named)), (Some((LAND_USE_SURVEY, "0601")), vec![]));
        assert_eq!(said(json!({"ZDMJ": 1, "DLBM": "100101"})).land_use, Some((LAND_USE_PLANNING, "100101")));
    }
}
