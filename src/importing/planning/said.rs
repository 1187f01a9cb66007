//! What the user says of an edition beside its file.

use chrono::NaiveDate;
use sha2::{Digest, Sha256};

use crate::base::text::Seen;
use crate::exchange::fault::{Candidate, Question};
use crate::exchange::{Fault, FaultCode, FileOption};
use crate::importing::{ImportOptions, Report};
use crate::planning::{AllowedUses, Demand, LayerKind, uses};

const LONGEST_NAME: usize = 100;

#[derive(Debug)]
pub struct Said {
    pub layer: LayerKind,
    pub name: String,
    pub from: NaiveDate,
    pub demand: Demand,
    pub review_by: Option<NaiveDate>,
    pub allowed_uses: AllowedUses,
}

impl Said {
    /// # Errors
    /// A report with a question about the layer, or with what is missing.
    pub fn by(options: &ImportOptions) -> Result<Self, Box<Report>> {
        let Some(layer) = options.planning_layer else {
            return Err(Box::new(Report { question: Some(which_layer()), ..Report::default() }));
        };
        let demand = options.demand.unwrap_or(layer.usual_demand());
        let name = options.edition.as_deref().map(Seen::seen).filter(|name| !name.is_empty());
        let mut faults = Vec::new();
        if name.is_none() {
            let message = format!("没有版本名称。请填写{}，如 2023版。", FileOption::Edition.named());
            faults.push(Fault::error(FaultCode::ValueMissing, message));
        }
        if options.as_of.is_none() {
            let message = format!("没有生效日期。请以{}填写图层从哪一天起有效。", FileOption::AsOf.named());
            faults.push(Fault::error(FaultCode::ValueMissing, message));
        }
        if options.review_by.zip(options.as_of).is_some_and(|(review, from)| review < from) {
            faults.push(Fault::error(FaultCode::PeriodInvalid, "复核期限早于生效日期。请改正。"));
        }
        if demand == Demand::AllowedUses && uses::scheme_of(layer).is_none() {
            let message = format!("{layer}没有用途，不能要求“{demand}”。请改正。");
            faults.push(Fault::error(FaultCode::ValueUnknown, message));
        }
        match (name, options.as_of) {
            (Some(name), Some(from)) if faults.is_empty() => Ok(Said {
                layer,
                name: name.chars().take(LONGEST_NAME).collect(),
                from,
                demand,
                review_by: options.review_by,
                allowed_uses: uses::allowed_on(layer),
            }),
            _ => Err(Box::new(Report { unreadable: true, faults, ..Report::default() })),
        }
    }

    /// SHA-256 over everything that is recorded.
    pub fn fingerprint(&self, records: &[u8], srid: i32) -> [u8; 32] {
        let mut hash = Sha256::new();
        let uses = serde_json::to_string(&self.allowed_uses).expect("a map of texts is JSON");
        let review = self.review_by.map(|day| day.to_string()).unwrap_or_default();
        for text in [self.layer.code(), &self.name, self.demand.code(), &review, &uses, &srid.to_string()] {
            hash.update((text.len() as u64).to_be_bytes());
            hash.update(text);
        }
        hash.update(records);
        hash.finalize().into()
    }
}

fn which_layer() -> Question {
    Question {
        code: FaultCode::LayerUnknown,
        message: "文件是哪个规划图层？".into(),
        option: FileOption::PlanningLayer,
        candidates: LayerKind::ALL.iter().map(|layer| Candidate::new(layer.code(), layer.label())).collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn options() -> ImportOptions {
        ImportOptions {
            planning_layer: Some(LayerKind::EcologicalRedLine),
            edition: Some(" 2023版 ".into()),
            as_of: Some("2023-01-01".parse().unwrap()),
            ..ImportOptions::default()
        }
    }

    #[test]
    fn what_is_missing_is_named_or_asked() {
        let said = Said::by(&options()).unwrap();
        assert_eq!((said.name.as_str(), said.demand), ("2023版", Demand::Clear));
        let asked = Said::by(&ImportOptions { planning_layer: None, ..options() }).unwrap_err();
        assert_eq!(asked.question.unwrap().candidates.len(), 6);
        let missing = Said::by(&ImportOptions { edition: Some(" ".into()), as_of: None, ..options() }).unwrap_err();
        assert_eq!((missing.faults.len(), missing.unreadable), (2, true));
        let early = ImportOptions { review_by: Some("2022-12-31".parse().unwrap()), ..options() };
        assert_eq!(Said::by(&early).unwrap_err().faults[0].code, FaultCode::PeriodInvalid);
        let same_day = ImportOptions { review_by: Some("2023-01-01".parse().unwrap()), ..options() };
        assert!(Said::by(&same_day).is_ok());
        let uses = ImportOptions { demand: Some(Demand::AllowedUses), ..options() };
        assert_eq!(Said::by(&uses).unwrap_err().faults[0].code, FaultCode::ValueUnknown);
    }

    #[test]
    fn the_fingerprint_is_of_everything() {
        let mark = |options: &ImportOptions| Said::by(options).unwrap().fingerprint(b"records", 4490);
        let review = ImportOptions { review_by: Some("2030-01-01".parse().unwrap()), ..options() };
        assert_eq!(mark(&options()), mark(&options()));
        assert_ne!(mark(&options()), mark(&review));
        assert_ne!(mark(&options()), Said::by(&options()).unwrap().fingerprint(b"other", 4490));
    }
}
