//! Records of a file as rows of `staging_planning_feature`.

use geo_types::Geometry;
use sha2::{Digest, Sha256};

use crate::codelist::{self, LAND_USE_PLANNING};
use crate::db::copy::CopyRows;
use crate::db::geom::ewkb;
use crate::exchange::{Fault, FaultCode, FeatureRecord, validity, wording};
use crate::importing::feed::Rows;
use crate::importing::parcels::attributes::{self, first};
use crate::planning::uses::{CONTROL_UNIT_SCHEME, CONTROL_UNITS};

pub const COPY: &str =
    "COPY staging_planning_feature (record, line, name, use_scheme, use_code, shape, fingerprint, rejected)
    FROM STDIN";

const NAME: &[&str] = &["名称", "name", "地块名称", "DKMC", "地块编号", "DKBH", "管控单元名称", "GKDYMC", "HXMC", "MC"];
const PLANNED_USE: &[&str] =
    &["用地用海分类代码", "YDYHFLDM", "用地代码", "YDDM", "规划用途", "GHYT", "use_code", "用地性质", "YDXZ", "用途"];
const UNIT_CLASS: &[&str] = &["管控单元分类", "GKDYFL", "单元分类", "use_code", "类别", "class"];
const LONGEST_NAME: usize = 200;

/// What reading noticed. Records whose shape could not be read are counted here and never staged.
pub struct PlanningRows {
    /// In which scheme the layer writes its uses.
    scheme: Option<&'static str>,
    pub faults: Vec<Fault>,
    pub without_shape: u64,
}

impl PlanningRows {
    pub fn new(scheme: Option<&'static str>) -> Self {
        PlanningRows { scheme, faults: Vec::new(), without_shape: 0 }
    }

    /// The use a record states, or why it could not be taken. Nothing when the layer has no uses.
    fn use_of(&self, record: &FeatureRecord) -> Result<Option<&'static str>, Fault> {
        let Some(scheme) = self.scheme else { return Ok(None) };
        let names = if scheme == CONTROL_UNIT_SCHEME { UNIT_CLASS } else { PLANNED_USE };
        let Some((key, text)) = first(record, names) else {
            let message = "没有规划用途，按用途不明登记。请补上用途代码一列。";
            return Err(Fault::warning(FaultCode::ValueMissing, message));
        };
        let found = if scheme == CONTROL_UNIT_SCHEME { unit_class(&text) } else { planned_use(&text) };
        found.map(Some).ok_or_else(|| {
            let text = wording::short(&text);
            let message = format!("“{key}”的“{text}”不在{scheme}之中，按用途不明登记。请核对。");
            Fault::warning(FaultCode::LandUseUnknown, message)
        })
    }
}

fn unit_class(text: &str) -> Option<&'static str> {
    CONTROL_UNITS.into_iter().find(|class| text.starts_with(class))
}

/// By code or by name.
fn planned_use(text: &str) -> Option<&'static str> {
    let planned = codelist::land_uses().iter().filter(|row| row.scheme == LAND_USE_PLANNING);
    let found = planned.clone().find(|row| row.code == text).or_else(|| planned.clone().find(|row| row.name == text));
    found.map(|row| row.code.as_str())
}

impl Rows for PlanningRows {
    fn take(&mut self, record: FeatureRecord, rows: &mut CopyRows) {
        let (number, line) = (record.record, record.line);
        let use_code = self.use_of(&record);
        let mut noticed = Vec::new();
        let name = attributes::name(&record, NAME, &mut noticed);
        let name = name.map(|name| name.chars().take(LONGEST_NAME).collect::<String>());
        let examined =
            record.geometry.and_then(|shape| shape.ok_or_else(wording::geometry_empty)).and_then(validity::examine);
        let noticed = record.faults.into_iter().chain(noticed).chain(use_code.as_ref().err().cloned());
        let noticed = noticed.chain(examined.iter().flat_map(|examined| examined.faults.clone()));
        self.faults.extend(noticed.map(|fault| fault.at(Some(number), line)));
        match examined {
            Ok(examined) => {
                let use_code = use_code.ok().flatten();
                let bytes = ewkb(&Geometry::MultiPolygon(examined.shape), 0);
                rows.plain(number).optional(line).optional_text(name.as_deref());
                rows.optional_text(self.scheme.filter(|_| use_code.is_some())).optional_text(use_code);
                rows.geometry(&bytes).bytes(&fingerprint(&bytes, &[name.as_deref(), use_code])).plain(false).end_row();
            }
            Err(fault) => {
                self.faults.push(fault.at(Some(number), line));
                self.without_shape += 1;
            }
        }
    }

    fn names(&self) -> Vec<&'static str> {
        [NAME, PLANNED_USE, UNIT_CLASS].concat()
    }

    fn faults(&self) -> &[Fault] {
        &self.faults
    }
}

fn fingerprint(shape: &[u8], texts: &[Option<&str>]) -> [u8; 32] {
    let mut hash = Sha256::new();
    hash.update((shape.len() as u64).to_be_bytes());
    hash.update(shape);
    for text in texts {
        hash.update(text.map_or(0, |text| text.len() as u64 + 1).to_be_bytes());
        hash.update(text.unwrap_or_default());
    }
    hash.finalize().into()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::{Value, json};

    fn use_of(scheme: Option<&'static str>, attributes: Value) -> Result<Option<&'static str>, FaultCode> {
        let Value::Object(attributes) = attributes else { panic!("attributes are an object") };
        let record = FeatureRecord { record: 1, line: None, attributes, geometry: Ok(None), faults: Vec::new() };
        PlanningRows::new(scheme).use_of(&record).map_err(|fault| fault.code)
    }

    #[test]
    fn a_use_is_read_by_code_or_name_and_never_guessed() {
        let plan = Some(LAND_USE_PLANNING);
        assert_eq!(use_of(plan, json!({"YDYHFLDM": "100102"})), Ok(Some("100102")));
        assert_eq!(use_of(plan, json!({"用地性质": "二类工业用地"})), Ok(Some("100102")));
        assert_eq!(use_of(plan, json!({"用地性质": "M2"})), Err(FaultCode::LandUseUnknown));
        assert_eq!(use_of(plan, json!({"用地性质": null})), Err(FaultCode::ValueMissing));
        let units = Some(CONTROL_UNIT_SCHEME);
        assert_eq!(use_of(units, json!({"管控单元分类": "优先保护单元"})), Ok(Some("优先保护")));
        assert_eq!(use_of(units, json!({"管控单元分类": "其他"})), Err(FaultCode::LandUseUnknown));
        assert_eq!(use_of(None, json!({"YDDM": "100102"})), Ok(None));
    }
}
