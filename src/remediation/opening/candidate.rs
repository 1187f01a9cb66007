//! Somebody to be entered, with everything that is frozen of why.

use chrono::NaiveDate;

use crate::base::code::CountyCode;
use crate::db::PgPool;
use crate::enterprise::EnterpriseState;
use crate::policy;
use crate::policy::receipt::Receipt;
use crate::remediation::proof::{self, EntryInputs, Found, LineOf};
use crate::remediation::wording::RemediationError;
use crate::remediation::{Ground, SubjectKind};

/// Whom a file is about, as the registers have them.
#[derive(Clone, Debug)]
pub struct Named {
    pub kind: SubjectKind,
    pub subject: String,
    pub name: String,
    pub subdistrict: Option<String>,
    /// In the words of the register, where it is no more.
    pub left: Option<EnterpriseState>,
}

/// What a ground rests on, in a receipt and in words, and the line where it is held against one.
#[derive(Clone, Debug)]
pub struct Borne {
    pub ground: Ground,
    /// Of the list or the result.
    pub year: Option<i32>,
    /// Where the registers do not say it.
    pub document: Option<String>,
    pub found: Found,
    pub words: String,
    pub line: Option<LineOf>,
}

#[derive(Clone, Debug)]
pub struct Candidate {
    pub named: Named,
    pub ground: Ground,
    pub year: Option<i32>,
    pub document: Option<String>,
    pub words: String,
    pub receipt: Receipt,
}

/// Makes candidates of one day, by one catalogue.
pub struct Candidates {
    catalogue: String,
    today: NaiveDate,
}

impl Candidates {
    /// # Errors
    /// When the database does not answer.
    pub async fn of(pool: &PgPool, district: &CountyCode, today: NaiveDate) -> Result<Self, RemediationError> {
        Ok(Candidates { catalogue: policy::store::current(pool, district).await?.sha256(), today })
    }

    /// # Errors
    /// When a figure is held against a line that was not in force.
    pub fn candidate(&self, named: Named, borne: Borne) -> anyhow::Result<Candidate> {
        let Borne { ground, year, document, found, words, line } = borne;
        let inputs = EntryInputs { ground, subject_kind: named.kind, subject: named.subject.clone(), found };
        let receipt = proof::entry_receipt(&self.catalogue, self.today, &inputs, line)?;
        Ok(Candidate { named, ground, year, document, words, receipt })
    }
}
