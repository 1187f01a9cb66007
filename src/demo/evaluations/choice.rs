//! Whom the invented findings of a year are about: told from how the year would come out without them, so that each shows what it
//! does.

use super::Office;
use crate::base::code::Uscc;
use crate::evaluation::commands;
use crate::evaluation::document::ResultDocument;
use crate::evaluation::run;
use crate::scoring::Scheme;

pub struct Chosen {
    /// Its place goes to the next.
    pub among_the_best: Uscc,
    pub in_the_middle: Uscc,
    /// The first below the best.
    pub just_missed: Uscc,
    pub lifted: Uscc,
    pub exempted: Uscc,
}

/// # Errors
/// The year cannot be computed, or ranks too few.
pub async fn choose(office: &Office<'_>, scheme: &Scheme, year: i32) -> anyhow::Result<Chosen> {
    let frozen = commands::freeze(office.pool, office.scope, scheme, year).await?;
    let computed = run::compute(&frozen, "")?;
    let results: Vec<&ResultDocument> = computed.lines.iter().map(|line| &line.result).collect();
    let of_grade = |grade: &str, at: usize| -> anyhow::Result<Uscc> {
        let found = results.iter().filter(|result| result.grade == grade).nth(at);
        let found = found.ok_or_else(|| anyhow::anyhow!("{year} has too few of grade {grade}"))?;
        Ok(found.subject.id.parse()?)
    };
    Ok(Chosen {
        among_the_best: of_grade("A", 4)?,
        in_the_middle: of_grade("B", 9)?,
        just_missed: of_grade("B", 0)?,
        lifted: of_grade("C", 4)?,
        exempted: of_grade("C", 8)?,
    })
}
