//! From rows and what is on record to what will be written. Pure: the file's contracts one at a time, each row either
//! new, unchanged or refused with its reason.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, NaiveDate, Utc};

use super::rows::{EventRow, Numbered, PartRow, Placed, Rows, TermsRow};
use super::{terms, wording};
use crate::contract::event::{Event, ReviewOrigin};
use crate::contract::fault::{Place, case_not_admitted};
use crate::contract::known::{Contract, TermsRole, TermsVersion};
use crate::contract::practice::Practice;
use crate::contract::terms::{Commitment, Terms};
use crate::contract::validate;
use crate::exchange::Fault;
use crate::obligations::overpaid;

/// A contract that is on record, and the day it was entered.
#[derive(Clone, Debug)]
pub struct OnRecord {
    pub contract: Contract,
    pub entered_on: NaiveDate,
}

/// What the registers say of what a file names.
#[derive(Clone, Debug, Default)]
pub struct Known {
    /// By number.
    pub contracts: BTreeMap<String, OnRecord>,
    /// Cases of this register that were not admitted.
    pub not_admitted: BTreeSet<String>,
}

/// What is to be written for one contract.
#[derive(Clone, Debug)]
pub struct Change {
    pub number: String,
    /// The contract is not on record yet.
    pub new: bool,
    pub terms: Vec<TermsChange>,
    pub events: Vec<EventRow>,
    /// Why it may stand beside what else holds its land.
    pub beside: Option<String>,
    /// The records it is made of, with their lines.
    pub places: Vec<(u64, u64)>,
}

#[derive(Clone, Debug)]
pub struct TermsChange {
    /// The row on record that this one takes the place of.
    pub corrects: Option<i64>,
    pub version: TermsVersion,
}

/// What became of the records of a file.
#[derive(Clone, Debug, Default)]
pub struct Plan {
    pub changes: Vec<Change>,
    pub faults: Vec<Fault>,
    pub accepted: u64,
    pub rejected: u64,
    pub unchanged: u64,
}

/// The rows of one contract.
#[derive(Default)]
struct Group {
    terms: Vec<Placed<TermsRow>>,
    instalments: Vec<Placed<PartRow<Numbered>>>,
    commitments: Vec<Placed<PartRow<Commitment>>>,
    events: Vec<Placed<EventRow>>,
    /// Rows of the tables of terms that could not be read: without them the contract would be half.
    broken: bool,
}

/// One version of the terms as the file leaves it, with the records it is made of.
pub(super) struct Draft {
    pub version: TermsVersion,
    pub corrects: Option<i64>,
    pub unchanged: bool,
    pub records: Vec<u64>,
    /// The record that faults of this version are told at.
    pub place: Option<(u64, u64)>,
}

/// # Arguments
/// `known`: what is on record now. `now`: when the new rows will have been recorded.
pub fn plan(rows: Rows, known: &Known, practice: &Practice, now: DateTime<Utc>) -> Plan {
    let mut plan = Plan { rejected: rows.refused.len() as u64, ..Plan::default() };
    for (number, group) in grouped(rows) {
        let nothing = Contract::new(number.clone(), Vec::new(), Vec::new(), Vec::new());
        let on_record = known.contracts.get(&number);
        let planner = Planner {
            number: &number,
            known: on_record.map_or(&nothing, |it| &it.contract),
            entered_on: on_record.map(|it| it.entered_on),
            not_admitted: &known.not_admitted,
            practice,
            now,
        };
        planner.add(group, &mut plan);
    }
    plan
}

fn grouped(rows: Rows) -> BTreeMap<String, Group> {
    let mut groups: BTreeMap<String, Group> = BTreeMap::new();
    for it in rows.terms {
        groups.entry(it.row.number.clone()).or_default().terms.push(it);
    }
    for it in rows.instalments {
        groups.entry(it.row.number.clone()).or_default().instalments.push(it);
    }
    for it in rows.commitments {
        groups.entry(it.row.number.clone()).or_default().commitments.push(it);
    }
    for it in rows.events {
        groups.entry(it.row.number.clone()).or_default().events.push(it);
    }
    for refused in rows.refused.into_iter().filter(|refused| refused.of_terms) {
        if let Some(group) = refused.number.and_then(|number| groups.get_mut(&number)) {
            group.broken = true;
        }
    }
    groups
}

struct Planner<'a> {
    number: &'a str,
    known: &'a Contract,
    /// The day it was entered; none while it is not on record.
    entered_on: Option<NaiveDate>,
    not_admitted: &'a BTreeSet<String>,
    practice: &'a Practice,
    now: DateTime<Utc>,
}

impl Planner<'_> {
    fn is_new(&self) -> bool {
        self.entered_on.is_none()
    }

    /// A review of a time when the contract was kept here already: it is concluded here, not carried in.
    fn belongs_here(&self, row: &EventRow) -> bool {
        row.happening.kind().is_review() && self.entered_on.is_some_and(|entered| row.on >= entered)
    }

    fn add(&self, group: Group, plan: &mut Plan) {
        if group.broken {
            return self.refuse_all(&group, wording::contract_refused(self.number), plan);
        }
        if self.is_new() && !group.terms.iter().any(|it| it.row.role == TermsRole::Agreement) {
            return self.refuse_all(&group, wording::contract_unknown(self.number), plan);
        }
        let drafts = match self.drafts(&group) {
            Ok(drafts) => drafts,
            Err(faults) => {
                plan.faults.extend(faults);
                return self.refuse_all(&group, wording::contract_refused(self.number), plan);
            }
        };
        self.settle(&group, drafts, plan);
    }

    /// The versions that the file states, in the order of their days.
    fn drafts(&self, group: &Group) -> Result<Vec<Draft>, Vec<Fault>> {
        let mut faults = Vec::new();
        let mut standing: Vec<TermsVersion> = self.known.versions.clone();
        let mut drafts: Vec<Draft> = Vec::new();
        let mut rows: Vec<&Placed<TermsRow>> = group.terms.iter().collect();
        rows.sort_by_key(|it| (it.row.role == TermsRole::Supplement, it.row.effective_on, it.record));
        for it in rows {
            let same = |draft: &&Draft| same_paper(&draft.version, &it.row);
            if let Some(first) = drafts.iter().find(same).and_then(|draft| draft.place) {
                faults.push(it.fault(wording::twice(self.number, &it.row.document, first.0)));
                continue;
            }
            let on_record = self.known.versions.iter().find(|version| same_paper(version, &it.row));
            let before = standing.iter().rfind(|version| version.effective_on < it.row.effective_on);
            let base = match it.row.role {
                TermsRole::Agreement => on_record,
                TermsRole::Supplement => on_record.or(before),
            };
            match terms::complete(self.number, &it.row.stated, base.map(|version| &version.terms)) {
                Ok(terms) => {
                    faults.extend(self.barred(&terms).map(|fault| it.fault(fault)));
                    let version = self.version(it, terms);
                    standing.retain(|other| !same_paper(other, &it.row));
                    standing.push(version.clone());
                    standing.sort_by_key(|version| version.effective_on);
                    drafts.push(Draft {
                        version,
                        corrects: on_record.map(|version| version.id),
                        unchanged: false,
                        records: vec![it.record],
                        place: Some((it.record, it.line)),
                    });
                }
                Err(found) => faults.extend(found.into_iter().map(|fault| it.fault(fault))),
            }
        }
        self.with_parts(group, &mut drafts, &mut faults);
        for draft in &mut drafts {
            if draft.version.terms.instalments.is_empty() {
                let fault = wording::instalments_missing(self.number);
                faults.push(fault.at(draft.place.map(|place| place.0), draft.place.map(|place| place.1)));
            }
            let on_record = self.known.versions.iter().find(|version| Some(version.id) == draft.corrects);
            draft.unchanged = on_record.is_some_and(|version| says_the_same(version, &draft.version));
        }
        if faults.iter().any(Fault::is_error) { Err(faults) } else { Ok(drafts) }
    }

    /// A case that was not admitted, unless the contract on record names it already.
    fn barred(&self, terms: &Terms) -> Option<Fault> {
        let case = terms.admission_case.as_ref().filter(|case| self.not_admitted.contains(*case))?;
        let on_record = self.known.versions.iter().any(|version| version.terms.admission_case.as_ref() == Some(case));
        (!on_record).then(|| case_not_admitted(case))
    }

    fn version(&self, it: &Placed<TermsRow>, terms: Terms) -> TermsVersion {
        TermsVersion {
            // Until it is written a row goes by the number of its record.
            id: -(it.record as i64),
            role: it.row.role,
            document: it.row.document.clone(),
            signed_on: it.row.signed_on,
            effective_on: it.row.effective_on,
            terms,
            recorded_at: self.now,
            superseded_at: None,
        }
    }

    /// Instalments and commitments to the version they belong to; one on record is corrected by them.
    fn with_parts(&self, group: &Group, drafts: &mut Vec<Draft>, faults: &mut Vec<Fault>) {
        for (document, parts) in by_document(&group.instalments) {
            let Some(draft) = self.draft_of(document, parts[0], drafts, faults) else { continue };
            let mut numbered: Vec<Numbered> = parts.iter().map(|it| it.row.part).collect();
            numbered.sort_by_key(|part| part.ordinal);
            if numbered.iter().zip(1..).any(|(part, ordinal)| part.ordinal != ordinal) {
                faults.push(parts[0].fault(wording::ordinals(self.number)));
            }
            draft.version.terms.instalments = numbered.into_iter().map(|part| part.instalment).collect();
            draft.records.extend(parts.iter().map(|it| it.record));
        }
        for (document, parts) in by_document(&group.commitments) {
            let Some(draft) = self.draft_of(document, parts[0], drafts, faults) else { continue };
            draft.version.terms.commitments = parts.iter().map(|it| it.row.part.clone()).collect();
            draft.records.extend(parts.iter().map(|it| it.record));
        }
    }

    fn draft_of<'d, T>(
        &self,
        document: Option<&str>,
        first: &Placed<PartRow<T>>,
        drafts: &'d mut Vec<Draft>,
        faults: &mut Vec<Fault>,
    ) -> Option<&'d mut Draft> {
        let meant = |version: &TermsVersion| match document {
            None => version.role == TermsRole::Agreement,
            Some(name) => version.document == name,
        };
        if let Some(place) = drafts.iter().position(|draft| meant(&draft.version)) {
            return drafts.get_mut(place);
        }
        let Some(version) = self.known.versions.iter().find(|version| meant(version)) else {
            faults.push(first.fault(wording::document_unknown(self.number, document.unwrap_or(self.number))));
            return None;
        };
        drafts.push(Draft {
            version: TermsVersion { id: -(first.record as i64), recorded_at: self.now, ..version.clone() },
            corrects: Some(version.id),
            unchanged: false,
            records: Vec::new(),
            place: Some((first.record, first.line)),
        });
        drafts.last_mut()
    }

    /// Holds the contract as it would be against the rules; rows whose event does not fit are refused one by one.
    fn settle(&self, group: &Group, drafts: Vec<Draft>, plan: &mut Plan) {
        let known_event = |row: &EventRow| {
            self.known
                .events
                .iter()
                .any(|event| (event.on, &event.happening, &event.document) == (row.on, &row.happening, &row.document))
        };
        let mut said = Vec::new();
        let (mut unchanged, mut fresh): (Vec<&Placed<EventRow>>, Vec<&Placed<EventRow>>) = (Vec::new(), Vec::new());
        for it in &group.events {
            let same = (it.row.on, &it.row.happening, &it.row.document);
            if known_event(&it.row) || said.contains(&same) {
                unchanged.push(it);
            } else {
                said.push(same);
                fresh.push(it);
            }
        }
        let changed = drafts.iter().any(|draft| !draft.unchanged);
        let mut refused = BTreeSet::new();
        for it in fresh.iter().filter(|it| self.belongs_here(&it.row)) {
            refused.insert(it.record);
            plan.faults.push(it.fault(wording::review_elsewhere(self.number, it.row.happening.kind(), it.row.on)));
        }
        loop {
            let after = self.after(&drafts, fresh.iter().filter(|it| !refused.contains(&it.record)));
            let errors = validate::new_errors(self.known, &after, self.practice);
            let of_events: Vec<_> =
                errors.iter().filter_map(|fault| Some((self.event_at(Place::of(fault), &fresh)?, fault))).collect();
            if of_events.len() < errors.len() {
                let others = errors.iter().filter(|fault| self.event_at(Place::of(fault), &fresh).is_none());
                plan.faults.extend(others.map(|fault| self.told(fault, &drafts, group)));
                return self.refuse_all(group, wording::contract_refused(self.number), plan);
            }
            if errors.is_empty() {
                let warnings = overpaid::every_fault(&after, self.practice);
                let ours = warnings.iter().filter(|fault| !fault.is_error() && self.is_ours(Place::of(fault), changed));
                plan.faults.extend(ours.map(|fault| self.told(fault, &drafts, group)));
                break;
            }
            for (it, fault) in of_events {
                refused.insert(it.record);
                plan.faults.push(it.fault(fault.clone()));
            }
        }
        let records = |unchanged: bool| {
            drafts.iter().filter(move |draft| draft.unchanged == unchanged).map(|draft| draft.records.len() as u64)
        };
        plan.unchanged += records(true).sum::<u64>() + unchanged.len() as u64;
        plan.accepted += records(false).sum::<u64>() + (fresh.len() - refused.len()) as u64;
        plan.rejected += refused.len() as u64;
        let written = drafts.iter().filter(|draft| !draft.unchanged).flat_map(|draft| &draft.records).copied();
        let happened = fresh.iter().map(|it| it.record).filter(|record| !refused.contains(record));
        let written: BTreeSet<u64> = written.chain(happened).collect();
        let change = Change {
            number: self.number.to_owned(),
            new: self.is_new(),
            beside: group.terms.iter().find_map(|it| it.row.stated.beside.clone()),
            places: group.places().filter(|(record, _)| written.contains(record)).collect(),
            terms: drafts
                .into_iter()
                .filter(|draft| !draft.unchanged)
                .map(|draft| TermsChange { corrects: draft.corrects, version: draft.version })
                .collect(),
            events: fresh.into_iter().filter(|it| !refused.contains(&it.record)).map(|it| it.row.clone()).collect(),
        };
        if !change.terms.is_empty() || !change.events.is_empty() {
            plan.changes.push(change);
        }
    }

    /// The contract as it would stand.
    fn after<'r>(&self, drafts: &[Draft], events: impl Iterator<Item = &'r &'r Placed<EventRow>>) -> Contract {
        let replaced = |version: &&TermsVersion| !drafts.iter().any(|draft| draft.corrects == Some(version.id));
        let mut versions: Vec<TermsVersion> = self.known.versions.iter().filter(replaced).cloned().collect();
        // What says the same keeps its number, so that its old faults stay its own.
        versions.extend(drafts.iter().map(|draft| match draft.corrects {
            Some(id) if draft.unchanged => TermsVersion { id, ..draft.version.clone() },
            _ => draft.version.clone(),
        }));
        let added = events.map(|it| Event {
            id: -(it.record as i64),
            on: it.row.on,
            happening: it.row.happening.clone(),
            document: it.row.document.clone(),
            review: it.row.happening.kind().is_review().then_some(ReviewOrigin::Historic),
            recorded_at: self.now,
            superseded_at: None,
        });
        let events = self.known.events.iter().cloned().chain(added).collect();
        Contract::new(self.number, versions, events, self.known.certificates.clone())
    }

    fn event_at<'r>(&self, place: Place, fresh: &[&'r Placed<EventRow>]) -> Option<&'r Placed<EventRow>> {
        let Place::Event(id) = place else { return None };
        fresh.iter().copied().find(|it| -(it.record as i64) == id)
    }

    fn is_ours(&self, place: Place, changed: bool) -> bool {
        match place {
            Place::Event(id) | Place::Terms(id) => id < 0,
            Place::Contract => changed,
            Place::Certificate(_) => false,
        }
    }

    /// A fault of the rules at the place where the file says it.
    fn told(&self, fault: &Fault, drafts: &[Draft], group: &Group) -> Fault {
        let place = match Place::of(fault) {
            Place::Terms(id) => drafts.iter().find(|draft| draft.version.id == id).and_then(|draft| draft.place),
            Place::Event(id) => group.events.iter().find(|it| -(it.record as i64) == id).map(|it| (it.record, it.line)),
            Place::Contract | Place::Certificate(_) => None,
        };
        let place = place.or_else(|| group.places().next());
        fault.clone().at(place.map(|it| it.0), place.map(|it| it.1))
    }

    /// Nothing of this contract is taken; every row says so that has no fault of its own.
    fn refuse_all(&self, group: &Group, why: Fault, plan: &mut Plan) {
        for (record, line) in group.places() {
            plan.rejected += 1;
            if !plan.faults.iter().any(|fault| fault.record == Some(record) && fault.is_error()) {
                plan.faults.push(why.clone().at(Some(record), Some(line)));
            }
        }
    }
}

impl Plan {
    /// Leaves contracts out after all, with everything the file says of them.
    pub fn refuse(&mut self, refused: &BTreeMap<String, Vec<String>>) {
        let (out, kept): (Vec<Change>, Vec<Change>) =
            std::mem::take(&mut self.changes).into_iter().partition(|change| refused.contains_key(&change.number));
        self.changes = kept;
        for change in out {
            let records = change.places.len() as u64;
            self.accepted -= records;
            self.rejected += records;
            let against = refused.get(&change.number).map(|others| others.join("；")).unwrap_or_default();
            for (place, (record, line)) in change.places.iter().enumerate() {
                let fault = match place {
                    0 => wording::land_taken(&change.number, &against),
                    _ => wording::contract_refused(&change.number),
                };
                self.faults.push(fault.at(Some(*record), Some(*line)));
            }
        }
    }
}

impl Group {
    fn places(&self) -> impl Iterator<Item = (u64, u64)> {
        let terms = self.terms.iter().map(|it| (it.record, it.line));
        let instalments = self.instalments.iter().map(|it| (it.record, it.line));
        let commitments = self.commitments.iter().map(|it| (it.record, it.line));
        let events = self.events.iter().map(|it| (it.record, it.line));
        terms.chain(instalments).chain(commitments).chain(events)
    }
}

/// There is one agreement; supplements are told apart by the day from which they hold.
fn same_paper(version: &TermsVersion, row: &TermsRow) -> bool {
    version.role == row.role && (row.role == TermsRole::Agreement || version.effective_on == row.effective_on)
}

fn says_the_same(one: &TermsVersion, other: &TermsVersion) -> bool {
    (one.role, &one.document, one.signed_on, one.effective_on, &one.terms)
        == (other.role, &other.document, other.signed_on, other.effective_on, &other.terms)
}

fn by_document<T>(rows: &[Placed<PartRow<T>>]) -> BTreeMap<Option<&str>, Vec<&Placed<PartRow<T>>>> {
    let mut parts: BTreeMap<Option<&str>, Vec<&Placed<PartRow<T>>>> = BTreeMap::new();
    for it in rows {
        parts.entry(it.row.document.as_deref()).or_default().push(it);
    }
    parts
}
