//! Records of a file as rows of `staging_feature`: attributes taken, codes parsed, shapes examined.

use std::collections::HashMap;

use chrono::NaiveDate;
use geo_types::{Geometry, MultiPolygon};
use sha2::{Digest, Sha256};

use super::attributes::Said;
use crate::base::code::{CodeError, CountyCode, ParcelCode};
use crate::codelist::{CrossWalk, ParcelPlace, Resolution};
use crate::db::copy::CopyRows;
use crate::db::geom::ewkb;
use crate::exchange::{Fault, FaultCode, FeatureRecord, gcj02, validity, wording};
use crate::importing::feed::Rows;

pub const COPY: &str = "COPY staging_feature (record, line, given_code, code, name, shape, official_area_m2,
    land_use_scheme, land_use_code, supply_status, registered_subdistrict, fingerprint, shape_hash, rejected) FROM STDIN";

/// What reading noticed. Records whose shape could not be read are counted here and never staged.
pub struct ParcelRows {
    pub district: CountyCode,
    pub as_of: NaiveDate,
    /// Coordinates are in GCJ-02 and are brought back on the way.
    pub shifted: bool,
    pub faults: Vec<Fault>,
    pub without_shape: u64,
    pub without_supply_status: u64,
    places: HashMap<String, ParcelPlace>,
}

impl ParcelRows {
    pub fn new(district: CountyCode, as_of: NaiveDate, shifted: bool) -> Self {
        ParcelRows {
            district,
            as_of,
            shifted,
            faults: Vec::new(),
            without_shape: 0,
            without_supply_status: 0,
            places: HashMap::new(),
        }
    }

    /// The sub-district under which the code was registered, in today's codes where the crosswalk has one answer.
    fn place(&mut self, code: &ParcelCode) -> Result<String, Fault> {
        let as_of = self.as_of;
        let place = self
            .places
            .entry(code.registered_subdistrict().to_owned())
            .or_insert_with(|| CrossWalk::embedded().resolve_parcel(code, as_of));
        let district = self.district.as_str();
        let ours = match &place.county {
            Resolution::Current(county) | Resolution::Renumbered { to: county, .. } => county == district,
            Resolution::SplitInto(counties) => counties.iter().any(|county| county == district),
            Resolution::Unknown => false,
        };
        if !ours && code.county() != district {
            let message = format!(
                "宗地代码 {code} 属于 {}，既不是本区（{district}）也不是其沿革代码。请核对代码；外区的宗地由该区导入。",
                code.county()
            );
            return Err(Fault::error(FaultCode::OutsideDistrict, message));
        }
        Ok(place.subdistrict.code().unwrap_or(code.registered_subdistrict()).to_owned())
    }

    fn note(&mut self, fault: Fault, record: u64, line: Option<u64>) {
        self.faults.push(fault.at(Some(record), line));
    }
}

/// The building part of a real-estate unit that is land alone.
const LAND_ALONE: &str = "W00000000";

/// The parcel that a code names: 19 characters, or the 28 of a unit that is its land alone. The shape of any other unit is
/// that of a building.
fn parcel_code(text: &str) -> Result<ParcelCode, Fault> {
    match text.to_ascii_uppercase().parse() {
        Ok(code) => Ok(code),
        Err(CodeError::ParcelWithBuilding(unit)) if unit.ends_with(LAND_ALONE) => {
            unit[..19].parse().map_err(|_| no_parcel_code(text))
        }
        Err(CodeError::ParcelWithBuilding(unit)) => {
            let message = format!(
                "“{unit}”是房屋等定着物的不动产单元代码，其图形不是宗地的图形。请从宗地图层导出，或改为宗地代码（前 19 位）。"
            );
            Err(Fault::error(FaultCode::CodeInvalid, message))
        }
        Err(_) => Err(no_parcel_code(text)),
    }
}

fn no_parcel_code(text: &str) -> Fault {
    let given = wording::short(text);
    let message = format!(
        "“{given}”不是 19 位宗地代码（六位县级、六位地籍区与子区、两位特征码、五位顺序号）。请补上“宗地代码”。"
    );
    Fault::error(FaultCode::CodeInvalid, message)
}

impl Rows for ParcelRows {
    fn take(&mut self, record: FeatureRecord, rows: &mut CopyRows) {
        let (number, line) = (record.record, record.line);
        let said = Said::by(&record);
        for fault in record.faults {
            self.note(fault, number, line);
        }
        let examined =
            record.geometry.and_then(|shape| shape.ok_or_else(wording::geometry_empty)).and_then(validity::examine);
        let shape = match examined {
            Ok(examined) => {
                for fault in examined.faults {
                    self.note(fault, number, line);
                }
                if self.shifted { gcj02::shape_to_cgcs2000(&examined.shape) } else { examined.shape }
            }
            Err(fault) => {
                self.note(fault, number, line);
                self.without_shape += 1;
                return;
            }
        };
        let mut rejected = said.faults.iter().any(Fault::is_error);
        for fault in said.faults {
            self.note(fault, number, line);
        }
        let code = match said.given_code.as_deref().map(parcel_code) {
            Some(Ok(code)) => Some(code),
            Some(Err(fault)) => {
                self.note(fault, number, line);
                None
            }
            None => {
                let message = "没有宗地代码。请补上“宗地代码”（ZDDM）一列。";
                self.note(Fault::error(FaultCode::CodeMissing, message), number, line);
                None
            }
        };
        let registered = match code.as_ref().map(|code| self.place(code)) {
            Some(Ok(registered)) => Some(registered),
            Some(Err(fault)) => {
                self.note(fault, number, line);
                None
            }
            None => None,
        };
        rejected |= registered.is_none();
        self.without_supply_status += u64::from(said.supply_status.is_none() && !rejected);
        let place_hash = shape_hash(&shape);
        let bytes = ewkb(&Geometry::MultiPolygon(shape), 0);
        let supply = said.supply_status.map(|status| status.code());
        let official = said.official_area_m2.map(|area| area.to_string());
        let (scheme, land_use) = said.land_use.unzip();
        let code = code.as_ref().map(ParcelCode::as_str);
        let mark = fingerprint(&bytes, &[code, said.name.as_deref(), official.as_deref(), scheme, land_use, supply]);
        rows.plain(number)
            .optional(line)
            .optional_text(said.given_code.as_deref())
            .optional_text(code)
            .optional_text(said.name.as_deref())
            .geometry(&bytes)
            .optional(official)
            .optional_text(scheme)
            .optional_text(land_use)
            .optional_text(supply)
            .optional_text(registered.as_deref())
            .bytes(&mark)
            .bytes(&place_hash)
            .plain(rejected);
        rows.end_row();
    }

    fn names(&self) -> Vec<&'static str> {
        super::attributes::names()
    }

    fn faults(&self) -> &[Fault] {
        &self.faults
    }
}

/// SHA-256 over what is imported; the frame is added once it is known.
fn fingerprint(shape: &[u8], texts: &[Option<&str>]) -> [u8; 32] {
    let mut hash = Sha256::new();
    hash.update((shape.len() as u64).to_be_bytes());
    hash.update(shape);
    for text in texts {
        match text {
            Some(text) => {
                hash.update((text.len() as u64 + 1).to_be_bytes());
                hash.update(text.as_bytes());
            }
            None => hash.update(0u64.to_be_bytes()),
        }
    }
    hash.finalize().into()
}

/// The same for the same place, wherever its rings begin and in whatever order its parts stand.
pub fn shape_hash(shape: &MultiPolygon<f64>) -> [u8; 16] {
    let mut rings: Vec<Vec<[u64; 2]>> = Vec::new();
    for polygon in shape {
        for ring in std::iter::once(polygon.exterior()).chain(polygon.interiors()) {
            // Adding zero makes the two zeros one.
            let mut points: Vec<[u64; 2]> =
                ring.0.iter().skip(1).map(|c| [(c.x + 0.0).to_bits(), (c.y + 0.0).to_bits()]).collect();
            let first = (0..points.len()).min_by_key(|place| points[*place]).unwrap_or(0);
            points.rotate_left(first);
            rings.push(points);
        }
    }
    rings.sort_unstable();
    let mut hash = Sha256::new();
    for ring in &rings {
        hash.update((ring.len() as u64).to_be_bytes());
        for [x, y] in ring {
            hash.update(x.to_be_bytes());
            hash.update(y.to_be_bytes());
        }
    }
    let whole: [u8; 32] = hash.finalize().into();
    let mut half = [0; 16];
    half.copy_from_slice(&whole[..16]);
    half
}
