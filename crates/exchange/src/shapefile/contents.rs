//! The shapes of a .shp one by one: where the index says, else one after the other. Either way each must carry its number.

use std::fs::File;
use std::io::{BufReader, Read, Seek, SeekFrom};
use std::path::Path;

use super::{HEAD, be_u32};
use crate::fault::Fault;
use crate::limits::Limits;
use crate::wording;

pub struct Contents {
    shapes: BufReader<File>,
    index: Option<BufReader<File>>,
    size: u64,
    position: u64,
    /// Some writers count from 0.
    first: Option<u32>,
}

impl Contents {
    pub fn open(path: &Path, index: Option<&Path>, size: u64) -> Result<Self, Fault> {
        let at_records = |path: &Path| -> std::io::Result<BufReader<File>> {
            let mut input = BufReader::with_capacity(1 << 16, File::open(path)?);
            input.seek(SeekFrom::Start(HEAD))?;
            Ok(input)
        };
        let shapes = at_records(path).map_err(|e| wording::cannot_open(&e))?;
        let index = index.map(at_records).transpose().map_err(|e| wording::cannot_open(&e))?;
        Ok(Contents { shapes, index, size, position: HEAD, first: None })
    }

    pub fn at_end(&self) -> bool {
        self.position >= self.size
    }

    /// The content of the shape with this number, counted from 1.
    pub fn next(&mut self, record: u64, limits: &Limits) -> Result<Vec<u8>, Fault> {
        let indexed = self.seek(record)?;
        let cut = || wording::truncated(format!(".shp 在第 {record} 个图形处中断"));
        let mut head = [0; 8];
        self.shapes.read_exact(&mut head).map_err(|_| cut())?;
        let length = 2 * u64::from(be_u32(&head[4..]));
        self.position += 8 + length;
        if self.position > self.size {
            return Err(wording::inconsistent(format!(".shp 第 {record} 个图形自述 {length} 字节，超出文件末尾")));
        }
        if let Some(stated) = indexed.filter(|stated| *stated != length) {
            let what = format!(".shx 说第 {record} 个图形有 {stated} 字节，.shp 里却是 {length} 字节");
            return Err(wording::index_differs(what));
        }
        self.check_number(record, be_u32(&head[..4]))?;
        if length > limits.feature_bytes as u64 {
            return Err(wording::too_large(format!("第 {record} 个图形"), format!("{} 字节", limits.feature_bytes)));
        }
        let mut content = vec![0; length as usize];
        self.shapes.read_exact(&mut content).map_err(|_| cut())?;
        Ok(content)
    }

    /// Goes where the index says, and answers the length it says.
    fn seek(&mut self, record: u64) -> Result<Option<u64>, Fault> {
        let Some(index) = &mut self.index else { return Ok(None) };
        let mut entry = [0; 8];
        index.read_exact(&mut entry).map_err(|_| wording::truncated(format!(".shx 在第 {record} 条处中断")))?;
        let (offset, length) = (2 * u64::from(be_u32(&entry[..4])), 2 * u64::from(be_u32(&entry[4..])));
        if offset < HEAD || offset + 8 > self.size {
            let what = format!(".shx 说第 {record} 个图形在第 {offset} 字节，.shp 只有 {} 字节", self.size);
            return Err(wording::index_differs(what));
        }
        let distance = offset as i64 - self.position as i64;
        self.shapes.seek_relative(distance).map_err(|e| wording::cannot_open(&e))?;
        self.position = offset;
        Ok(Some(length))
    }

    fn check_number(&mut self, record: u64, number: u32) -> Result<(), Fault> {
        let first = *self.first.get_or_insert(number);
        if first <= 1 && u64::from(number) + 1 == record + u64::from(first) {
            return Ok(());
        }
        // Writers that number nothing leave it to the index.
        if first == 0 && number == 0 && self.index.is_some() {
            return Ok(());
        }
        let place = if self.index.is_some() { ".shx 所指" } else { "没有 .shx，.shp 里" };
        Err(wording::index_differs(format!("{place}第 {record} 个图形的编号是 {number}")))
    }
}
