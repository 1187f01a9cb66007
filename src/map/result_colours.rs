//! How enterprises were graded, and the colours that say so.

use rust_decimal::Decimal;
use rust_decimal_macros::dec;
use serde::Serialize;

use super::contract_colours::Class;

/// Grades as the map tells them apart, also in grey.
const GRADES: [Class; 4] = [
    Class { key: "A", label: "A档", color: "#14508c" },
    Class { key: "B", label: "B档", color: "#6aa7d4" },
    Class { key: "C", label: "C档", color: "#f0c674" },
    Class { key: "D", label: "D档", color: "#b3471b" },
];

/// Scores from an edge up. The lowest has none below it.
const SCORES: [(Decimal, Class); 5] = [
    (dec!(-1000000), Class { key: "0", label: "40分以下", color: "#a63603" }),
    (dec!(40), Class { key: "40", label: "40–60分", color: "#e6862b" }),
    (dec!(60), Class { key: "60", label: "60–80分", color: "#f6d9a8" }),
    (dec!(80), Class { key: "80", label: "80–100分", color: "#a6cbe3" }),
    (dec!(100), Class { key: "100", label: "100分及以上", color: "#14508c" }),
];

/// The legends of the two colourings.
#[derive(Debug, Serialize)]
pub struct Legends {
    pub grade: Vec<Class>,
    pub score: Vec<Class>,
}

pub fn legends() -> Legends {
    Legends { grade: GRADES.to_vec(), score: SCORES.iter().map(|(_, class)| class.clone()).collect() }
}

/// The lower ends of the classes of scores, with their keys.
pub fn score_edges() -> (Vec<Decimal>, Vec<String>) {
    SCORES.iter().map(|(from, class)| (*from, class.key.to_owned())).unzip()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn edges_rise_and_each_has_its_colour() {
        let (edges, keys) = score_edges();
        assert!(edges.is_sorted() && keys.len() == legends().score.len());
        let colours: std::collections::BTreeSet<&str> = SCORES.iter().map(|(_, class)| class.color).collect();
        assert_eq!(colours.len(), SCORES.len());
    }
}
