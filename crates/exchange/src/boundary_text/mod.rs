//! Boundary-point text (勘测定界界址点文本), in the variants that survey teams really send.
//!
//! A head of `key=value` lines, then plots: a row ending in `@`, then one row for each point, X (north) before Y (east).

mod plot;
mod row;

use std::fs::File;
use std::io::{BufRead, BufReader, Read};
use std::path::{Path, PathBuf};

use encoding_rs::Encoding;

use super::encoding::{self, Utf8Reader};
use super::fault::Unreadable;
use super::feature::{ReadOptions, ReadSummary, Sink};
use super::frame::{BoundaryHeader, Declared, Places};
use super::limits::Limits;
use super::text::narrow;
use super::wording;
use plot::Plot;
use row::Row;

pub struct BoundaryText {
    path: PathBuf,
    encoding: &'static Encoding,
}

impl BoundaryText {
    /// None when the text is something else.
    pub fn recognise(path: &Path, head: &[u8], options: &ReadOptions) -> Result<Option<Self>, Unreadable> {
        if encoding::is_binary(head) {
            return Ok(None);
        }
        // In any of the encodings at hand a plot row ends in an @ after a comma, half or full width.
        let encoding = match encoding::of_most(path, options.encoding.as_deref()) {
            Ok(encoding) => encoding,
            Err(problem) if head.contains(&b'@') => return Err(problem),
            Err(_) => return Ok(None),
        };
        let text = encoding.decode(head).0;
        let ours = text.lines().any(|line| {
            let line = narrow(line);
            line.starts_with("[地块坐标]") || line.starts_with("[属性描述]") || matches!(row::read(&line), Row::Plot(_))
        });
        Ok(ours.then(|| BoundaryText { path: path.to_owned(), encoding }))
    }

    pub fn read(&mut self, limits: &Limits, sink: &mut Sink<'_>) -> Result<ReadSummary, Unreadable> {
        let file = File::open(&self.path).map_err(|e| wording::cannot_open(&e))?;
        let mut lines = BufReader::with_capacity(1 << 16, Utf8Reader::new(file, self.encoding));
        let mut state = Reading { header: BoundaryHeader::default(), plot: None, read: 0, line: 0, limits };
        let mut complete = true;
        while let Some(line) = next_line(&mut lines, state.line + 1, limits)? {
            state.line += 1;
            if state.take(&line, sink)?.is_break() {
                complete = false;
                break;
            }
        }
        if complete {
            complete = state.close_plot(sink).is_continue();
        }
        if state.read == 0 {
            return Err(wording::truncated("没有找到任何地块（以 @ 结尾的行）").into());
        }
        let encoding = Some(self.encoding.name());
        let declared = Declared::BoundaryHeader(state.header);
        Ok(ReadSummary {
            read: state.read,
            declared,
            extent: None,
            places: Places::default(),
            encoding,
            faults: Vec::new(),
            complete,
        })
    }
}

fn next_line(lines: &mut impl BufRead, number: u64, limits: &Limits) -> Result<Option<String>, Unreadable> {
    let mut bytes = Vec::new();
    let bound = limits.line_bytes as u64;
    let length = lines.take(bound + 1).read_until(b'\n', &mut bytes).map_err(|e| wording::cannot_open(&e))?;
    if length as u64 > bound {
        return Err(wording::too_large(format!("第 {number} 行"), format!("{bound} 字节"))
            .at(None, Some(number))
            .into());
    }
    Ok((length > 0).then(|| narrow(&String::from_utf8_lossy(&bytes))))
}

struct Reading<'l> {
    header: BoundaryHeader,
    plot: Option<Plot>,
    read: u64,
    line: u64,
    limits: &'l Limits,
}

impl Reading<'_> {
    fn take(&mut self, line: &str, sink: &mut Sink<'_>) -> Result<std::ops::ControlFlow<()>, Unreadable> {
        let go_on = Ok(std::ops::ControlFlow::Continue(()));
        match (row::read(line), &mut self.plot) {
            (Row::Blank | Row::Section, _) => go_on,
            (Row::Plot(fields), _) => {
                let flow = self.close_plot(sink);
                self.read += 1;
                let mut plot = Plot::new(self.read, self.line, fields);
                if line.contains(char::REPLACEMENT_CHARACTER) {
                    plot.undecodable(self.line, line);
                }
                self.plot = Some(plot);
                Ok(flow)
            }
            (_, Some(plot)) if line.contains(char::REPLACEMENT_CHARACTER) => {
                plot.undecodable(self.line, line);
                go_on
            }
            (Row::Setting(key, value), None) => {
                self.set(&key, &value);
                go_on
            }
            (Row::Point(point), Some(plot)) => {
                plot.add(point, self.line, self.limits);
                go_on
            }
            (_, Some(plot)) => {
                plot.unreadable(self.line, line);
                go_on
            }
            (_, None) => {
                let what = format!("第 {} 行在任何地块之前，既不是属性也不是坐标段", self.line);
                Err(wording::syntax(what).at(None, Some(self.line)).into())
            }
        }
    }

    fn close_plot(&mut self, sink: &mut Sink<'_>) -> std::ops::ControlFlow<()> {
        match self.plot.take() {
            Some(plot) => sink(plot.into_record()),
            None => std::ops::ControlFlow::Continue(()),
        }
    }

    /// Keys that say nothing about the frame (format version, producer, date …) are passed over.
    fn set(&mut self, key: &str, value: &str) {
        let text = (!value.is_empty()).then(|| value.to_owned());
        match key {
            "坐标系" | "坐标系统" | "坐标系名称" => self.header.datum = text,
            "几度分带" | "分带" => self.header.zone_width = whole(value),
            "带号" => self.header.zone = whole(value),
            "投影类型" | "投影方式" | "投影" => self.header.projection = text,
            "计量单位" | "单位" => self.header.unit = text,
            "中央子午线" | "中央经线" | "中央经度" => self.header.central_meridian = row::number(value),
            _ => {}
        }
    }
}

/// `3`, `3度`, `3°`, `38带`.
fn whole(value: &str) -> Option<i32> {
    value.trim_end_matches(['度', '°', '带', '分']).trim().parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::FaultCode;
    use crate::read_made::{asked, read_bytes};

    fn text(names: [&str; 2]) -> Vec<u8> {
        let plot = |name: &str, x: u32| {
            let rows = [(0, 0), (0, 50), (50, 50), (50, 0), (0, 0)];
            let rows = rows.map(|(north, east)| format!("J1,1,{},{}\n", 3_355_000 + north + x, 40_512_000 + east));
            format!("5,0.25,1,{name},面,,工业用地,,@\n{}", rows.concat())
        };
        let head = "[属性描述]\n坐标系=2000国家大地坐标系\n几度分带=3\n带号=40\n[地块坐标]\n";
        let whole = format!("{head}{}{}", plot(names[0], 0), plot(names[1], 100));
        encoding_rs::GB18030.encode(&whole).0.into_owned()
    }

    #[test]
    fn half_a_character_costs_its_plot_whatever_encoding_is_named() {
        let mut bytes = text(["东新路地块", "石桥路地块"]);
        let name = encoding_rs::GB18030.encode("石桥路").0.into_owned();
        let place = bytes.windows(6).position(|part| part == name.as_slice()).unwrap();
        bytes[place + 1] = b',';
        for named in [None, Some("gbk")] {
            let options = ReadOptions { encoding: named.map(str::to_owned), ..ReadOptions::default() };
            let (records, _) = read_bytes("a.txt", &bytes, &options).unwrap();
            assert!(records[0].geometry.is_ok(), "{:?}", records[0].geometry);
            let fault = records[1].geometry.clone().unwrap_err();
            assert_eq!((fault.code, fault.record, fault.line), (FaultCode::EncodingWrong, Some(2), Some(12)));
        }
        let mut torn = text(["东", "石"]);
        torn.iter_mut().filter(|byte| **byte >= 0x80).for_each(|byte| *byte = 0xFF);
        assert_eq!(asked(read_bytes("a.txt", &torn, &ReadOptions::default())).code, FaultCode::EncodingDoubtful);
    }
}
