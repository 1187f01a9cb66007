//! Measures that follow from a grade, 三 of the governing text: which ones ship, what a district publishes of its own, and which
//! stand. What a measure is, and what it comes to, is [`crate::entitlement`].

mod shipped;
mod wording;
mod words;

#[cfg(test)]
mod tests;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::Document;
use super::scheme::Origin;
use super::scheme::fact::YearFact;
use crate::entitlement::{self, Effect, Measure, MeasureFault};
use crate::exchange::Fault;
use crate::scoring::scheme::Adoption;

pub use words::MeasureInWords;

#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub enum MeasureError {
    #[error("the measures that ship cannot be read: {0}")]
    Json(String),
    #[error(transparent)]
    Unsound(#[from] MeasureFault),
    #[error("the measure {id} is laid on {fact}, which is no fact of a year")]
    NoSuchFact { id: String, fact: String },
    #[error("the id of the measure {0} is not of lower-case letters, digits, hyphens and one stroke")]
    Named(String),
    #[error("the measure {id} rests on {document}, which is not in force on any of its days")]
    GroundEnded { id: String, document: String },
}

/// The measures of one state of the catalogue.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Measures {
    pub shipped: Vec<Measure>,
    /// What the district published for itself.
    pub own: Vec<Measure>,
}

impl Measures {
    /// Those built into this program.
    ///
    /// # Errors
    /// A file that cannot be read, or a measure that is none.
    pub fn embedded() -> Result<Self, MeasureError> {
        let measures = Measures { shipped: shipped::read()?, own: Vec::new() };
        measures.hold_together()?;
        Ok(measures)
    }

    /// Own ones first.
    pub fn all(&self) -> impl Iterator<Item = (Origin, &Measure)> {
        let own = self.own.iter().map(|measure| (Origin::Own, measure));
        own.chain(self.shipped.iter().map(|measure| (Origin::Shipped, measure)))
    }

    /// By its name; the district's own before one that ships under the same name.
    pub fn named(&self, id: &str) -> Option<(Origin, &Measure)> {
        self.all().find(|(_, measure)| measure.id == id)
    }

    /// Those that can act, in the order of their names; an example never does.
    pub fn standing(&self) -> Vec<Measure> {
        let adopted = self.all().filter(|(_, measure)| measure.adoption == Adoption::Adopted);
        let mut standing: Vec<Measure> = adopted.map(|(_, measure)| measure.clone()).collect();
        standing.sort_by(|one, other| one.id.cmp(&other.id));
        standing
    }

    /// # Errors
    /// The first thing that keeps them from standing beside each other.
    pub fn hold_together(&self) -> Result<(), MeasureError> {
        match self.errors().into_iter().next() {
            Some(error) => Err(error),
            None => Ok(()),
        }
    }

    /// Everything that keeps them from standing beside each other. A name is used once, also of those that ship: what the
    /// governing text says a district does not take back.
    pub fn errors(&self) -> Vec<MeasureError> {
        let all: Vec<Measure> = self.shipped.iter().chain(&self.own).cloned().collect();
        let beside = entitlement::check(&all).into_iter().map(MeasureError::from);
        all.iter().filter_map(nameless).chain(beside).collect()
    }
}

/// What cannot be asked of the crate: the names that facts and measures have in this program.
fn nameless(measure: &Measure) -> Option<MeasureError> {
    let is_plain = |sign: char| sign.is_ascii_lowercase() || sign.is_ascii_digit() || matches!(sign, '-' | '/');
    let id = || measure.id.clone();
    if measure.id.is_empty() || measure.id.len() > 80 || !measure.id.chars().all(is_plain) {
        return Some(MeasureError::Named(id()));
    }
    let (fact, _) = measure.base()?;
    YearFact::of_code(fact).is_none().then(|| MeasureError::NoSuchFact { id: id(), fact: fact.to_owned() })
}

/// Whether the document that a measure rests on is in force on a day.
pub fn rests_on(documents: &[Document], measure: &Measure, day: NaiveDate) -> bool {
    ground(documents, measure).is_some_and(|document| document.valid.contains(day))
}

pub fn ground<'a>(documents: &'a [Document], measure: &Measure) -> Option<&'a Document> {
    documents.iter().find(|document| document.id == measure.document)
}

/// An adopted one whose ground is in force on none of its days would never act: nobody means to publish that.
pub fn ground_ended(documents: &[Document], measure: &Measure) -> Option<MeasureError> {
    let document = ground(documents, measure).filter(|_| measure.adoption == Adoption::Adopted)?;
    let ended = document.valid.until.is_some_and(|until| until <= measure.from);
    let before = measure.to.zip(document.valid.from).is_some_and(|(last, from)| last < from);
    let (id, document) = (measure.id.clone(), document.title.clone());
    (ended || before).then_some(MeasureError::GroundEnded { id, document })
}

/// The fact that a measure is laid on, with its unit.
pub fn fact(measure: &Measure) -> Option<YearFact> {
    measure.base().and_then(|(fact, _)| YearFact::of_code(fact))
}

/// In what a rate is said: yuan a unit, or percent.
pub fn rate_unit(measure: &Measure) -> Option<String> {
    let fact = fact(measure)?;
    Some(match measure.effect {
        Effect::Relief { .. } => "%".to_owned(),
        Effect::Charge { .. } | Effect::Support | Effect::Bar => format!("元/{}", fact.unit()),
    })
}

/// Everything that is wrong with the measures of a file beside each other, each with its number in it.
pub fn faults(measures: &[Measure]) -> Vec<Fault> {
    let alone = Measures { shipped: Vec::new(), own: measures.to_vec() };
    let place = |id: &str| measures.iter().position(|measure| measure.id == id).map(|at| at as u64 + 1);
    let errors = alone.errors().into_iter();
    errors.map(|error| wording::fault(&error).at(wording::subject(&error).and_then(place), None)).collect()
}

/// The words of an error for whoever publishes.
pub fn in_chinese(error: &MeasureError) -> String {
    wording::error(error)
}

/// What cannot be read as a measure, by its number in the file.
pub fn unreadable(record: u64, said: &str) -> Fault {
    wording::unreadable(record, said)
}
