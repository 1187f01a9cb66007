//! Cuts a text into features by following strings and brackets, byte by byte.

use std::ops::ControlFlow;

use serde::Deserialize;
use serde::de::IgnoredAny;
use serde_json::Value;

use super::shape::said;
use super::{BOM, Output, RECORD_SEPARATOR};
use crate::fault::Unreadable;
use crate::limits::Limits;
use crate::wording;

/// Where the scanner stands relative to the `features` array.
#[derive(Clone, Copy, PartialEq)]
enum Place {
    Shell,
    Features,
    Feature,
    /// Something among the features that is no object.
    Oddity,
}

/// What came last among the features, and so what may come next.
#[derive(Clone, Copy, PartialEq)]
enum Last {
    Opening,
    Item,
    Comma,
}

/// Follows strings and brackets byte by byte. Everything outside `features` is kept as the shell.
pub struct Scanner<'l> {
    limits: &'l Limits,
    place: Place,
    last: Last,
    /// A `features` array was met in the object at hand.
    had_features: bool,
    shell: Vec<u8>,
    feature: Vec<u8>,
    /// Open brackets within the shell, or within the feature.
    depth: usize,
    in_string: bool,
    escaped: bool,
    /// Where the last string of the shell's first level began and ended.
    last_string: (usize, usize),
    after_colon: bool,
    line: u64,
    feature_line: u64,
    started: bool,
    bom_left: &'static [u8],
}

impl<'l> Scanner<'l> {
    pub fn new(limits: &'l Limits) -> Self {
        Scanner {
            limits,
            place: Place::Shell,
            last: Last::Opening,
            had_features: false,
            shell: Vec::new(),
            feature: Vec::new(),
            depth: 0,
            in_string: false,
            escaped: false,
            last_string: (0, 0),
            after_colon: false,
            line: 1,
            feature_line: 1,
            started: false,
            bom_left: BOM,
        }
    }

    pub fn take(&mut self, byte: u8, output: &mut Output<'_, '_, '_>) -> Result<ControlFlow<()>, Unreadable> {
        if byte == b'\n' {
            self.line += 1;
        }
        match self.place {
            Place::Shell => self.take_shell(byte, output),
            Place::Features => self.take_between(byte).map(ControlFlow::Continue),
            Place::Feature => self.take_feature(byte, output),
            Place::Oddity => self.take_oddity(byte, output),
        }
    }

    fn take_shell(&mut self, byte: u8, output: &mut Output<'_, '_, '_>) -> Result<ControlFlow<()>, Unreadable> {
        if self.depth == 0 {
            return self.take_outside(byte);
        }
        if self.shell.len() >= self.limits.feature_bytes {
            return Err(self.too_large());
        }
        self.shell.push(byte);
        if self.skip_string(byte) {
            if !self.in_string && self.depth == 1 {
                self.last_string.1 = self.shell.len();
            }
            return Ok(ControlFlow::Continue(()));
        }
        match byte {
            b'"' => self.open_string(),
            b':' => self.after_colon = true,
            b',' => self.after_colon = false,
            b'[' if self.depth == 1 && self.after_colon && self.key_is_features() => {
                self.shell.push(b']');
                self.place = Place::Features;
                self.last = Last::Opening;
                self.had_features = true;
            }
            b'{' | b'[' => self.depth += 1,
            b'}' | b']' => {
                self.depth -= 1;
                if self.depth == 0 {
                    return self.close_shell(output);
                }
            }
            _ => {}
        }
        Ok(ControlFlow::Continue(()))
    }

    fn take_outside(&mut self, byte: u8) -> Result<ControlFlow<()>, Unreadable> {
        if !self.started && self.bom_left.first() == Some(&byte) {
            self.bom_left = &self.bom_left[1..];
            return Ok(ControlFlow::Continue(()));
        }
        match byte {
            b'{' => {
                self.started = true;
                self.depth = 1;
                self.shell.clear();
                self.shell.push(byte);
                self.last_string = (0, 0);
                self.after_colon = false;
                self.had_features = false;
                self.feature_line = self.line;
                Ok(ControlFlow::Continue(()))
            }
            _ if byte.is_ascii_whitespace() || byte == RECORD_SEPARATOR => Ok(ControlFlow::Continue(())),
            b'[' if !self.started => Err(wording::wrong_kind(
                "JSON 数组，不是 GeoJSON",
                "请导出为 FeatureCollection（要素写在 features 里）。",
            )
            .into()),
            0xEF if self.started => Err(wording::second_mark(self.line).into()),
            _ => Err(wording::syntax(format!("第 {} 行有多余的内容", self.line)).at(None, Some(self.line)).into()),
        }
    }

    fn open_string(&mut self) {
        self.in_string = true;
        if self.depth == 1 && !self.after_colon {
            self.last_string = (self.shell.len(), self.shell.len());
        }
    }

    /// True while the byte belongs to a string that was open before it.
    fn skip_string(&mut self, byte: u8) -> bool {
        if !self.in_string {
            return false;
        }
        if self.escaped {
            self.escaped = false;
        } else if byte == b'\\' {
            self.escaped = true;
        } else if byte == b'"' {
            self.in_string = false;
        }
        true
    }

    fn key_is_features(&self) -> bool {
        let (from, until) = self.last_string;
        let key = from.checked_sub(1).and_then(|from| self.shell.get(from..until));
        key.is_some_and(|key| serde_json::from_slice::<String>(key).is_ok_and(|key| key == "features"))
    }

    fn take_between(&mut self, byte: u8) -> Result<(), Unreadable> {
        let wrong = |what| Err(wording::between_features(what, self.line).into());
        match byte {
            _ if byte.is_ascii_whitespace() => {}
            b']' if self.last == Last::Comma => return wrong("最后有多余的逗号"),
            b']' => {
                self.place = Place::Shell;
                self.after_colon = false;
            }
            b',' if self.last == Last::Opening => return wrong("最前有多余的逗号"),
            b',' if self.last == Last::Comma => return wrong("有两个逗号"),
            b',' => self.last = Last::Comma,
            _ if self.last == Last::Item => return wrong("缺少逗号"),
            _ => {
                self.last = Last::Item;
                self.place = if byte == b'{' { Place::Feature } else { Place::Oddity };
                self.depth = usize::from(matches!(byte, b'{' | b'['));
                self.in_string = byte == b'"';
                self.feature.clear();
                self.feature.push(byte);
                self.feature_line = self.line;
            }
        }
        Ok(())
    }

    fn take_oddity(&mut self, byte: u8, output: &mut Output<'_, '_, '_>) -> Result<ControlFlow<()>, Unreadable> {
        if !self.in_string && self.depth == 0 && matches!(byte, b',' | b']') {
            self.place = Place::Features;
            self.depth = 1;
            let flow = output.emit_oddity(&self.feature, self.feature_line)?;
            self.take_between(byte)?;
            return Ok(flow);
        }
        if self.feature.len() >= self.limits.feature_bytes {
            return Err(self.too_large());
        }
        self.feature.push(byte);
        if !self.skip_string(byte) {
            match byte {
                b'"' => self.in_string = true,
                b'{' | b'[' => self.depth += 1,
                b'}' | b']' => self.depth = self.depth.saturating_sub(1),
                _ => {}
            }
        }
        Ok(ControlFlow::Continue(()))
    }

    fn take_feature(&mut self, byte: u8, output: &mut Output<'_, '_, '_>) -> Result<ControlFlow<()>, Unreadable> {
        if self.feature.len() >= self.limits.feature_bytes {
            return Err(self.too_large());
        }
        self.feature.push(byte);
        if self.skip_string(byte) {
            return Ok(ControlFlow::Continue(()));
        }
        match byte {
            b'"' => self.in_string = true,
            b'{' | b'[' => self.depth += 1,
            b'}' | b']' => {
                self.depth -= 1;
                if self.depth == 0 {
                    self.place = Place::Features;
                    self.depth = 1;
                    return Ok(output.emit(&self.feature, self.feature_line));
                }
            }
            _ => {}
        }
        Ok(ControlFlow::Continue(()))
    }

    /// A whole top-level object has been seen: the rest of a collection, a feature, or a bare geometry.
    fn close_shell(&mut self, output: &mut Output<'_, '_, '_>) -> Result<ControlFlow<()>, Unreadable> {
        let shell: Shell = serde_json::from_slice(&self.shell).map_err(|e| wording::syntax(said(&e)))?;
        if let Some(crs) = shell.crs.filter(|crs| !crs.is_null()) {
            output.crs = Some(crs);
        }
        match shell.kind.as_deref() {
            Some("FeatureCollection") => Ok(ControlFlow::Continue(())),
            Some("Feature") if self.had_features => {
                Err(wording::syntax("类型写的是 Feature，却有 features 数组").into())
            }
            Some("Feature") => Ok(output.emit(&self.shell, self.feature_line)),
            Some("Topology") => Err(wording::wrong_kind("TopoJSON", "请导出为 GeoJSON。").into()),
            Some(kind) if is_geometry(kind) => Ok(output.emit_geometry(&self.shell, self.feature_line)),
            _ => Err(wording::wrong_kind("普通 JSON，不是 GeoJSON", "请导出为 FeatureCollection。").into()),
        }
    }

    fn too_large(&self) -> Unreadable {
        let what = format!("第 {} 行起的一个要素", self.feature_line);
        wording::too_large(what, format!("{} 字节", self.limits.feature_bytes)).at(None, Some(self.feature_line)).into()
    }

    pub fn finish(&self, output: &Output<'_, '_, '_>) -> Result<(), Unreadable> {
        if !self.started {
            return Err(wording::empty_file().into());
        }
        if self.depth > 0 || self.place != Place::Shell {
            let what = format!("读到第 {} 个要素之后，在第 {} 行中断", output.read, self.line);
            return Err(wording::truncated(what).at(None, Some(self.line)).into());
        }
        Ok(())
    }
}

#[derive(Deserialize)]
struct Shell {
    #[serde(rename = "type")]
    kind: Option<String>,
    crs: Option<Value>,
    /// Named so that a second one is noticed.
    #[serde(rename = "features")]
    _features: Option<IgnoredAny>,
}

fn is_geometry(kind: &str) -> bool {
    kind.starts_with("Multi") || matches!(kind, "Point" | "LineString" | "Polygon" | "GeometryCollection")
}
