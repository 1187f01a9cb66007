//! What every reader of shapes takes and gives: options in, record after record and a summary out.

use std::ops::ControlFlow;

use geo_types::MultiPolygon;
use serde_json::{Map, Value};

use super::extent::Extent;
use super::fault::Fault;
use super::frame::{Declared, Places};
use super::limits::Limits;
use super::option::Figures;
use super::table::figure::of_f64;
use super::wording;
use base::terms;
use base::text::{self, LINE, Seen};

terms! {
    pub enum Format {
        GeoJson = "geojson" => "GeoJSON",
        Shapefile = "shapefile" => "Shapefile",
        GeoPackage = "geopackage" => "GeoPackage",
        BoundaryText = "boundary_text" => "勘测定界界址点文本",
    }
}

/// What the user said about the file.
#[derive(Clone, Debug, Default)]
pub struct ReadOptions {
    /// A label such as `gbk` or `utf-8`; none lets the content decide.
    pub encoding: Option<String>,
    /// The layer of a GeoPackage, or the name of the .shp inside a zip (without ending).
    pub layer: Option<String>,
    /// Names of columns the import knows: what a .dbf cut off one of them is put back.
    pub names: Vec<&'static str>,
    /// Which figure counts where a cell of a workbook shows one and holds another.
    pub figures: Option<Figures>,
    pub limits: Limits,
}

/// One record. Coordinates are x = easting or longitude, y = northing or latitude, in the file's own frame.
#[derive(Clone, Debug)]
pub struct FeatureRecord {
    /// Counted from 1 in file order.
    pub record: u64,
    /// Where a text format has it.
    pub line: Option<u64>,
    pub attributes: Map<String, Value>,
    /// `Ok(None)`: the record has no shape. Rings are closed; validity is for [`super::validity`] to say.
    pub geometry: Result<Option<MultiPolygon<f64>>, Fault>,
    /// What else was noticed; these do not stop the record from being read.
    pub faults: Vec<Fault>,
}

impl FeatureRecord {
    /// An attribute as text; doubles at the digits they keep, null and what nobody sees as none.
    pub fn text(&self, key: &str) -> Option<String> {
        let text = match self.attributes.get(key)? {
            Value::String(text) => text.seen().to_owned(),
            Value::Number(number) if number.is_f64() => {
                let figure = number.as_f64().and_then(of_f64);
                figure.map_or_else(|| number.to_string(), |figure| figure.to_string())
            }
            Value::Number(number) => number.to_string(),
            Value::Bool(flag) => flag.to_string(),
            _ => return None,
        };
        (!text.is_empty()).then_some(text)
    }

    /// The first of these attributes that has a text, for people to read: what nobody sees is taken out wherever it stands,
    /// and that is said.
    pub fn name(&self, key: &str, faults: &mut Vec<Fault>) -> Option<String> {
        let name = self.text(key)?;
        let (kept, out): (Vec<char>, Vec<char>) = name.chars().partition(|c| !text::is_invisible(*c));
        if !out.is_empty() {
            faults.push(wording::attribute_invisible_removed(key, &out).at(Some(self.record), self.line));
        }
        Some(kept.into_iter().collect())
    }

    /// Takes from the ends of texts what nobody sees; said of the attributes that the import reads.
    pub(super) fn tidy(&mut self, read: &[&str]) {
        for (key, value) in &mut self.attributes {
            let Value::String(written) = value else { continue };
            let (kept, unseen) = text::trimmed(written);
            if unseen.is_empty() {
                continue;
            }
            if read.iter().any(|name| plain_key(key).eq_ignore_ascii_case(name)) {
                let fault = wording::attribute_invisible_removed(key, &unseen);
                self.faults.push(fault.at(Some(self.record), self.line));
            }
            *value = Value::String(kept.to_owned());
        }
    }

    /// What is wrong with the first attribute whose name or text cannot be kept.
    pub(super) fn stray_text(&self) -> Option<Fault> {
        self.attributes.iter().find_map(|(key, value)| {
            let written = value.as_str().unwrap_or_default();
            let wrong = text::unfit(key, LINE).or_else(|| text::unfit(written, usize::MAX))?;
            Some(wording::text_unfit(key, wrong))
        })
    }
}

/// The name of an attribute without what nobody sees and without a unit: `宗地面积（亩）` is 宗地面积.
pub fn plain_key(key: &str) -> String {
    let seen: String = key.chars().filter(|c| !text::is_invisible(*c)).collect();
    seen.split(['（', '(']).next().unwrap_or_default().trim().to_owned()
}

/// What was seen while reading; complete only when reading went to the end.
#[derive(Clone, Debug)]
pub struct ReadSummary {
    pub read: u64,
    pub declared: Declared,
    pub extent: Option<Extent>,
    /// The same record by record.
    pub places: Places,
    /// The encoding the text was read in; none where there is no text to decode.
    pub encoding: Option<&'static str>,
    /// Faults of the file that do not belong to one record.
    pub faults: Vec<Fault>,
    /// False when the sink stopped early.
    pub complete: bool,
}

pub(super) type Sink<'a> = dyn FnMut(FeatureRecord) -> ControlFlow<()> + 'a;
