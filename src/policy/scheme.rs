//! Schemes of evaluation as the law bounds them: 一(二), 二(一)2–4 of the governing text. What a scheme is, and what follows from
//! it, is [`crate::scoring`]; here is what may stand in one, which ones ship, and which one holds.

mod bounds;
mod coverage;
pub mod fact;
mod ground;
mod law;
pub mod lead;
mod shipped;
mod wording;
mod words;

#[cfg(test)]
pub mod tests;

use serde::{Deserialize, Serialize};

use crate::exchange::{Fault, FaultCode};
use crate::policy::{Parameter, ParameterError};
use crate::scoring::scheme::{self, Adoption, Category, Scheme, SchemeFault};

pub use bounds::Bounds;
pub use coverage::RULES;
pub use law::{breaches, lets_base_be_typed};
pub use words::SchemeInWords;

/// What breaks a bound of the law.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Breach {
    pub code: FaultCode,
    /// Of `xiacheng-2019`.
    pub article: &'static str,
    /// The scheme's name.
    pub scheme: String,
    /// The indicator or the grade that it is about; none when it is about the whole.
    pub of: Option<String>,
    pub actual: String,
    pub required: String,
    /// Chinese: which scheme, which indicator, what it has, what is asked and by which article.
    pub message: String,
}

#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub enum SchemeError {
    #[error("a scheme that ships cannot be read: {0}")]
    Json(String),
    #[error("the scheme {0} stands twice")]
    Twice(String),
    #[error("the scheme {id}: {fault}")]
    Unsound { id: String, fault: SchemeFault },
    #[error("the scheme {id}: {fault}")]
    Ground { id: String, fault: String },
    #[error("the adopted schemes {one} and {other} hold for the same category in one year")]
    Overlap { one: String, other: String },
    #[error("the scheme {id} breaks {article}: {message}")]
    Law { id: String, article: &'static str, message: String },
    #[error(transparent)]
    Parameter(#[from] ParameterError),
}

/// Who says that a scheme holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Origin {
    /// Published by the district.
    Own,
    /// Brought by the program; it holds until the district publishes one of its own.
    Shipped,
}

/// The schemes of one state of the catalogue.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Schemes {
    pub shipped: Vec<Scheme>,
    /// What the district published for itself.
    pub own: Vec<Scheme>,
}

impl Schemes {
    /// Those built into this program.
    ///
    /// # Errors
    /// A file that cannot be read, or a scheme that is none.
    pub fn embedded() -> Result<Self, SchemeError> {
        let shipped = shipped::read()?;
        hold_together(&shipped)?;
        Ok(Schemes { shipped, own: Vec::new() })
    }

    /// Own ones first.
    pub fn all(&self) -> impl Iterator<Item = (Origin, &Scheme)> {
        let own = self.own.iter().map(|scheme| (Origin::Own, scheme));
        own.chain(self.shipped.iter().map(|scheme| (Origin::Shipped, scheme)))
    }

    /// By its name; the district's own before one that ships under the same name.
    pub fn named(&self, id: &str) -> Option<(Origin, &Scheme)> {
        self.all().find(|(_, scheme)| scheme.id == id)
    }

    /// The scheme by which a category is evaluated in a year: the district's own, else the one that ships. An example never.
    pub fn holding(&self, category: Category, year: i32) -> Option<(Origin, &Scheme)> {
        self.all().find(|(_, it)| it.category == category && it.adoption == Adoption::Adopted && it.holds_for(year))
    }

    /// As [`holding`](Self::holding), or else an example that fits: the one of the category itself, which bears its name, before
    /// those of other places.
    pub fn holding_or_example(&self, category: Category, year: i32) -> Option<(Origin, &Scheme)> {
        let own_example = format!("example/{}", category.code().replace('_', "-"));
        let fits = |it: &Scheme| it.category == category && it.holds_for(year);
        self.holding(category, year)
            .or_else(|| self.named(&own_example).filter(|(_, it)| fits(it)))
            .or_else(|| self.all().find(|(_, it)| fits(it)))
    }

    /// By its name, where it evaluates the year, or by a category: the one that holds, else an example.
    pub fn meant(&self, named: &str, year: i32) -> Option<(Origin, &Scheme)> {
        match Category::ALL.iter().find(|category| category.code() == named) {
            Some(category) => self.holding_or_example(*category, year),
            None => self.named(named).filter(|(_, scheme)| scheme.holds_for(year)),
        }
    }
}

/// # Errors
/// A name that stands twice, a scheme that is none, or two adopted ones for one category in one year.
pub fn hold_together(schemes: &[Scheme]) -> Result<(), SchemeError> {
    for (place, scheme) in schemes.iter().enumerate() {
        is_sound(scheme)?;
        for other in &schemes[..place] {
            if other.id == scheme.id {
                return Err(SchemeError::Twice(scheme.id.clone()));
            }
            if in_the_way(scheme, other) {
                return Err(SchemeError::Overlap { one: other.id.clone(), other: scheme.id.clone() });
            }
        }
    }
    Ok(())
}

/// Two that are adopted for one category and share a year.
pub fn in_the_way(one: &Scheme, other: &Scheme) -> bool {
    let adopted = [one, other].iter().all(|it| it.adoption == Adoption::Adopted);
    let ends_before = |one: &Scheme, other: &Scheme| one.to_year.is_some_and(|last| last < other.from_year);
    adopted && one.category == other.category && !ends_before(one, other) && !ends_before(other, one)
}

fn is_sound(scheme: &Scheme) -> Result<(), SchemeError> {
    let id = || scheme.id.clone();
    if let Some(fault) = scheme::check(scheme).into_iter().next() {
        return Err(SchemeError::Unsound { id: id(), fault });
    }
    match ground::faults(scheme).into_iter().next() {
        Some((_, fault)) => Err(SchemeError::Ground { id: id(), fault }),
        None => Ok(()),
    }
}

/// Everything that is wrong with a scheme, worded for whoever brings it: what makes it none, what it names that is not there,
/// and what breaks the law. Of an example the last is only told.
pub fn faults(scheme: &Scheme, parameters: &[Parameter]) -> Vec<Fault> {
    let sound = scheme::check(scheme).into_iter().map(|fault| {
        Fault::error(FaultCode::SchemeUnsound, format!("方案“{}”：{}", scheme.id, wording::unsound(&fault)))
    });
    let ground = ground::faults(scheme).into_iter();
    let ground = ground.map(|(code, fault)| Fault::error(code, format!("方案“{}”：{fault}", scheme.id)));
    let mut faults: Vec<Fault> = sound.chain(ground).collect();
    match broken(scheme, parameters) {
        Ok(broken) if scheme.adoption == Adoption::Adopted => {
            faults.extend(broken.into_iter().map(|breach| Fault::error(breach.code, breach.message)));
        }
        Ok(broken) => faults.extend(broken.into_iter().map(|breach| {
            Fault::warning(breach.code, format!("{}本方案为示例，不作为评价依据，仅提示。", breach.message))
        })),
        Err(error) => faults.push(wording::no_bounds(scheme, &error)),
    }
    faults
}

/// What a scheme breaks in any of its years. The bounds are those of 31 December of each year; they are asked again where one
/// of them changes.
///
/// # Errors
/// When no bounds were published for a year of the scheme.
pub fn broken(scheme: &Scheme, parameters: &[Parameter]) -> Result<Vec<Breach>, ParameterError> {
    let mut broken: Vec<Breach> = Vec::new();
    for year in bounds::years_to_ask(scheme, parameters) {
        for breach in breaches(scheme, &Bounds::of_year(year, parameters)?) {
            if !broken
                .iter()
                .any(|told| (told.code, &told.of, told.article) == (breach.code, &breach.of, breach.article))
            {
                broken.push(breach);
            }
        }
    }
    Ok(broken)
}

/// # Errors
/// The first thing an adopted scheme breaks.
pub fn obeys(scheme: &Scheme, parameters: &[Parameter]) -> Result<(), SchemeError> {
    if scheme.adoption == Adoption::Example {
        return Ok(());
    }
    match broken(scheme, parameters)?.into_iter().next() {
        None => Ok(()),
        Some(Breach { article, message, .. }) => Err(SchemeError::Law { id: scheme.id.clone(), article, message }),
    }
}

/// The words of an error for whoever publishes.
pub fn in_chinese(error: &SchemeError) -> String {
    wording::error(error)
}

/// What cannot be read as a scheme, by its number in the file.
pub fn unreadable(record: u64, said: &str) -> Fault {
    wording::unreadable(record, said)
}
