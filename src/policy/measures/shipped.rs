//! The measures that come with the program, in files of the form that can be submitted. Those of the governing text are adopted;
//! the numbers of other places are examples.

use super::MeasureError;
use crate::entitlement::Measure;

const FILES: [&str; 4] = [
    include_str!("../../../policy/measures/credit.json"),
    include_str!("../../../policy/measures/fiscal.json"),
    include_str!("../../../policy/measures/example-electricity.json"),
    include_str!("../../../policy/measures/example-land-use-tax.json"),
];

pub fn read() -> Result<Vec<Measure>, MeasureError> {
    let mut measures = Vec::new();
    for text in FILES {
        let file: Vec<Measure> = serde_json::from_str(text).map_err(|error| MeasureError::Json(error.to_string()))?;
        measures.extend(file);
    }
    Ok(measures)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_file_is_written_as_the_program_prints_it() {
        for text in FILES {
            let measures: Vec<Measure> = serde_json::from_str(text).unwrap();
            assert_eq!(text, serde_json::to_string_pretty(&measures).unwrap() + "\n", "{}", measures[0].id);
        }
    }
}
