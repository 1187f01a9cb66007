//! The schemes that come with the program, each a file in the form that can be submitted. Those of the governing text hold
//! until a district publishes its own; the others are examples.

use super::SchemeError;
use crate::scoring::Scheme;

const FILES: [&str; 10] = [
    include_str!("../../../policy/schemes/industry-above.json"),
    include_str!("../../../policy/schemes/industry-below.json"),
    include_str!("../../../policy/schemes/services-above.json"),
    include_str!("../../../policy/schemes/example-platform.json"),
    include_str!("../../../policy/schemes/example-high-tech.json"),
    include_str!("../../../policy/schemes/example-low-efficiency-land.json"),
    include_str!("../../../policy/schemes/example-huangyan-2022-above.json"),
    include_str!("../../../policy/schemes/example-huangyan-2022-below.json"),
    include_str!("../../../policy/schemes/example-min-max.json"),
    include_str!("../../../policy/schemes/example-hangzhou-park-card.json"),
];

pub fn read() -> Result<Vec<Scheme>, SchemeError> {
    FILES.iter().map(|text| serde_json::from_str(text).map_err(|error| SchemeError::Json(error.to_string()))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_file_is_written_as_the_program_prints_it() {
        for (text, scheme) in FILES.iter().zip(read().unwrap()) {
            assert_eq!(*text, serde_json::to_string_pretty(&scheme).unwrap() + "\n", "{}", scheme.id);
        }
    }
}
