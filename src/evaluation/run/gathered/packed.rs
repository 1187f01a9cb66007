//! Records one after the other in blocks of bytes: numbers as short as they are, names of facts and labels by their number.

use crate::scoring::subject::{Fact, Facts};
use rust_decimal::Decimal;

/// Bytes of a block; none grows, so that nothing is copied and nothing taken that is not used.
const BLOCK: usize = 1 << 20;

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Record {
    pub key: String,
    /// Its ranking group, or the reason it is left out.
    pub label: String,
    pub name: String,
    pub subdistrict: Option<String>,
    pub industry: Option<String>,
    pub facts: Facts,
}

#[derive(Default)]
pub struct Packed {
    blocks: Vec<Vec<u8>>,
    /// Block and byte in it, of each record.
    places: Vec<u64>,
    /// Names of facts, and labels; few.
    names: Vec<String>,
    labels: Vec<String>,
}

impl Packed {
    pub fn len(&self) -> usize {
        self.places.len()
    }

    /// Says where it was put.
    pub fn push(&mut self, record: &Record) -> u64 {
        let mut bytes = Vec::with_capacity(192);
        put(&mut bytes, numbered(&mut self.labels, &record.label) as u128);
        put(&mut bytes, record.facts.len() as u128);
        for (name, fact) in &record.facts {
            put(&mut bytes, numbered(&mut self.names, name) as u128);
            let mantissa = fact.amount.mantissa();
            put(&mut bytes, mantissa.unsigned_abs());
            // A decimal's zero may have a sign, which is not printed and kept all the same.
            put(&mut bytes, u128::from(fact.amount.scale()) << 1 | u128::from(fact.amount.is_sign_negative()));
            put(&mut bytes, fact.over.into());
        }
        for text in [Some(&record.key), Some(&record.name), record.subdistrict.as_ref(), record.industry.as_ref()] {
            // One more than its length; nothing for none.
            put(&mut bytes, text.map_or(0, |text| text.len() as u128 + 1));
            bytes.extend_from_slice(text.map_or(b"".as_slice(), |text| text.as_bytes()));
        }
        if self.blocks.last().is_none_or(|block| block.len() + bytes.len() > BLOCK) {
            self.blocks.push(Vec::with_capacity(BLOCK.max(bytes.len())));
        }
        let block = self.blocks.len() - 1;
        let place = (block as u64) << 32 | self.blocks[block].len() as u64;
        self.blocks[block].extend_from_slice(&bytes);
        self.places.push(place);
        place
    }

    /// By key.
    pub fn sort(&mut self) {
        let mut places = std::mem::take(&mut self.places);
        let key = |place: &u64| self.key_at(*place);
        if !places.is_sorted_by(|one, other| key(one) <= key(other)) {
            places.sort_by(|one, other| key(one).cmp(key(other)));
        }
        self.places = places;
    }

    pub fn place(&self, at: u32) -> u64 {
        self.places[at as usize]
    }

    pub fn label(&self, at: u32) -> &str {
        let mut reader = self.reader(self.place(at));
        &self.labels[reader.number() as usize]
    }

    pub fn labelled(&self, label: &str) -> usize {
        (0..self.len() as u32).filter(|at| self.label(*at) == label).count()
    }

    /// Names of facts by the numbers that [`Packed::each_fact`] tells.
    pub fn names(&self) -> &[String] {
        &self.names
    }

    pub fn each_fact(&self, at: u32, take: impl FnMut(usize, Fact)) {
        let mut reader = self.reader(self.place(at));
        reader.number();
        self.facts(&mut reader, take);
    }

    fn facts(&self, reader: &mut Reader<'_>, mut take: impl FnMut(usize, Fact)) {
        for _ in 0..reader.number() {
            let name = reader.number() as usize;
            let size = reader.number() as i128;
            let scale = reader.number();
            let mut amount = Decimal::from_i128_with_scale(size, (scale >> 1) as u32);
            amount.set_sign_negative(scale & 1 == 1);
            take(name, Fact { amount, over: reader.number() as u32 });
        }
    }

    pub fn record(&self, at: u32) -> Record {
        let mut reader = self.reader(self.place(at));
        let label = self.labels[reader.number() as usize].clone();
        let mut facts = Facts::new();
        self.facts(&mut reader, |name, fact| {
            facts.insert(self.names[name].clone(), fact);
        });
        let mut text = || reader.text().map(str::to_owned);
        let (key, name) = (text().unwrap_or_default(), text().unwrap_or_default());
        Record { key, label, name, subdistrict: text(), industry: text(), facts }
    }

    fn key_at(&self, place: u64) -> &str {
        let mut reader = self.reader(place);
        reader.number();
        for _ in 0..reader.number() {
            (0..4).for_each(|_| _ = reader.number());
        }
        reader.text().unwrap_or_default()
    }

    fn reader(&self, place: u64) -> Reader<'_> {
        Reader(&self.blocks[(place >> 32) as usize][(place & u64::from(u32::MAX)) as usize..])
    }
}

/// The number of a text among those met so far.
fn numbered(known: &mut Vec<String>, text: &str) -> usize {
    match known.iter().position(|other| other == text) {
        Some(number) => number,
        None => {
            known.push(text.to_owned());
            known.len() - 1
        }
    }
}

/// Seven bits a byte, the lowest first; the last byte has no eighth bit.
fn put(bytes: &mut Vec<u8>, mut number: u128) {
    while number > 127 {
        bytes.push(number as u8 | 128);
        number >>= 7;
    }
    bytes.push(number as u8);
}

struct Reader<'a>(&'a [u8]);

impl<'a> Reader<'a> {
    fn number(&mut self) -> u128 {
        let (mut number, mut shift) = (0, 0);
        while let Some((byte, rest)) = self.0.split_first() {
            self.0 = rest;
            number |= u128::from(byte & 127) << shift;
            if byte & 128 == 0 {
                break;
            }
            shift += 7;
        }
        number
    }

    fn text(&mut self) -> Option<&'a str> {
        let length = self.number().checked_sub(1)? as usize;
        let (text, rest) = self.0.split_at_checked(length)?;
        self.0 = rest;
        std::str::from_utf8(text).ok()
    }
}
