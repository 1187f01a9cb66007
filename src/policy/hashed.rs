//! Many texts by one hash, for receipts of what is too much to be kept within them.

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

/// Hash of many texts, each ended by a line feed, and how many they are.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct HashedLines {
    count: usize,
    sha256: String,
}

impl HashedLines {
    pub fn of<'a>(texts: impl Iterator<Item = &'a str>) -> HashedLines {
        let mut hash = LinesHash::default();
        texts.for_each(|text| hash.add(text));
        hash.lines()
    }
}

/// Texts are added as they are made, so that nobody has to hold them all.
#[derive(Default)]
pub struct LinesHash {
    count: usize,
    state: Sha256,
}

impl LinesHash {
    pub fn add(&mut self, text: &str) {
        self.state.update(text);
        self.state.update("\n");
        self.count += 1;
    }

    pub fn lines(self) -> HashedLines {
        let digest = self.state.finalize();
        HashedLines { count: self.count, sha256: digest.iter().map(|byte| format!("{byte:02x}")).collect() }
    }
}

/// The inputs of a receipt with the lines that it names by their hash, as a check takes them to be run again.
#[derive(Serialize, Deserialize)]
pub struct Expanded {
    pub inputs: String,
    pub lines: Vec<String>,
}

impl Expanded {
    /// # Errors
    /// When it cannot be written as JSON.
    pub fn text(inputs: &str, lines: Vec<String>) -> Result<String, serde_json::Error> {
        serde_json::to_string(&Expanded { inputs: inputs.to_owned(), lines })
    }
}
