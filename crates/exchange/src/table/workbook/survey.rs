//! What a sheet says of its cells as a whole: which are one, which rows and columns are not shown.

use std::io::BufRead;

use super::part::{Node, Xml};
use crate::fault::Fault;

/// Cells that are one; the first holds the value. Rows count from 1, columns from 0, both ends belong to it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Merge {
    pub first: (u64, usize),
    pub last: (u64, usize),
}

impl Merge {
    pub fn holds(&self, line: u64, place: usize) -> bool {
        (self.first.0..=self.last.0).contains(&line) && (self.first.1..=self.last.1).contains(&place)
    }

    pub fn is_down(&self) -> bool {
        self.last.0 > self.first.0
    }

    pub fn is_across(&self) -> bool {
        self.last.1 > self.first.1
    }
}

#[derive(Clone, Debug, Default)]
pub struct Survey {
    /// By their first rows.
    pub merges: Vec<Merge>,
    /// The rows with cells that are not shown.
    pub hidden_rows: Vec<u64>,
    /// First and last column of each stretch that is not shown, from 0.
    pub hidden_columns: Vec<(usize, usize)>,
}

pub fn survey<R: BufRead>(mut xml: Xml<R>) -> Result<Survey, Fault> {
    let mut found = Survey::default();
    let (mut row, mut hidden) = (0, false);
    while let Some(node) = xml.next()? {
        let Node::Start(start) = node else { continue };
        match start.name() {
            "row" => {
                row = start.attribute("r").and_then(|text| text.parse().ok()).unwrap_or(row + 1);
                hidden = start.says_yes("hidden");
            }
            "c" if hidden && found.hidden_rows.last() != Some(&row) => found.hidden_rows.push(row),
            "col" if start.says_yes("hidden") => {
                let bound = |name| start.attribute(name).and_then(|text| text.parse::<usize>().ok());
                if let (Some(first @ 1..), Some(last @ 1..)) = (bound("min"), bound("max")) {
                    found.hidden_columns.push((first - 1, last - 1));
                }
            }
            "mergeCell" => found.merges.extend(start.attribute("ref").as_deref().and_then(merge)),
            _ => {}
        }
    }
    found.merges.sort_by_key(|merge| merge.first);
    Ok(found)
}

/// `A1:B2`.
fn merge(text: &str) -> Option<Merge> {
    let (first, last) = text.split_once(':')?;
    Some(Merge { first: address(first)?, last: address(last)? })
}

/// `B3` as row 3 and column 1. The row is missing where only the column is meant.
pub fn address(text: &str) -> Option<(u64, usize)> {
    let text = text.replace('$', "");
    let letters = text.bytes().take_while(u8::is_ascii_alphabetic).count();
    if !(1..=3).contains(&letters) {
        return None;
    }
    let number = |place: usize, letter: u8| place * 26 + usize::from(letter.to_ascii_uppercase() - b'A') + 1;
    let column = text.bytes().take(letters).fold(0, number);
    Some((text[letters..].parse().ok()?, column - 1))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_read() {
        for (text, at) in [("A1", (1, 0)), ("Z9", (9, 25)), ("AA10", (10, 26)), ("$B$3", (3, 1)), ("XFD1", (1, 16_383))]
        {
            assert_eq!(address(text), Some(at), "{text}");
        }
        for text in ["", "1", "A", "ABCD1", "A-1"] {
            assert_eq!(address(text), None, "{text}");
        }
    }
}
