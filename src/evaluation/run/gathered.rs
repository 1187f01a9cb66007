//! Enterprises of a year that are judged each alone, packed: what a run takes of a million enterprises lies in memory at some hundred bytes each, and is unpacked
//! again, one by one, when it is ranked and when it is printed.

mod packed;

use std::collections::HashMap;

use rust_decimal::Decimal;

use super::{Input, LeftOut};
use crate::evaluation::document::ActingVeto;
use crate::evaluation::population::Member;
use crate::scoring::layout::{Row, names};
use crate::scoring::made::Made;
use crate::scoring::many::{Beside, Roll};
use crate::scoring::scheme::{Scheme, SubjectKind};
use crate::scoring::subject::{Change, Claim, Facts, Subject};
use packed::{Packed, Record};

/// What few have: claims, vetoes, a coefficient or grade of their own.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Rare {
    coefficient: Option<Decimal>,
    bonus: Vec<Claim>,
    deduction: Vec<Claim>,
    vetoed: bool,
    fixed: Option<String>,
    change: Option<Change>,
    vetoes: Vec<ActingVeto>,
}

/// Who is ranked, and who is left out, each in the order of the keys once it is [sorted](Gathered::sort).
pub struct Gathered {
    names: Vec<String>,
    /// Where a fact of a record stands in a row, by its number.
    places: Vec<Option<usize>>,
    ranked: Packed,
    rare: HashMap<u64, Rare>,
    left_out: Packed,
}

impl Gathered {
    pub fn new(scheme: &Scheme) -> Self {
        Gathered {
            names: names(scheme),
            places: Vec::new(),
            ranked: Packed::default(),
            rare: HashMap::new(),
            left_out: Packed::default(),
        }
    }

    pub fn rank(&mut self, input: Input) {
        let Input { subject, name, subdistrict, industry, vetoes } = input;
        // Who is made of others, or takes the grade of another, is not judged alone and never comes here.
        let Subject { key, group, facts, coefficient, bonus, deduction, vetoed, fixed, change, .. } = subject;
        let rare = Rare { coefficient, bonus, deduction, vetoed, fixed, change, vetoes };
        let label = group;
        let place = self.ranked.push(&Record { key, label, name, subdistrict, industry, facts });
        if rare != Rare::default() {
            self.rare.insert(place, rare);
        }
    }

    pub fn leave_out(&mut self, member: Member, why: LeftOut) {
        let Member { uscc, name, subdistrict, facts, .. } = member;
        let label = why.code().to_owned();
        self.left_out.push(&Record { key: uscc, label, name, subdistrict, industry: None, facts });
    }

    /// To be called when all are in.
    pub fn sort(&mut self) {
        self.ranked.sort();
        self.left_out.sort();
        let place = |name: &String| self.names.iter().position(|known| known == name);
        self.places = self.ranked.names().iter().map(place).collect();
    }

    pub fn input(&self, at: u32) -> Input {
        let record = self.ranked.record(at);
        let rare = self.rare.get(&self.ranked.place(at)).cloned().unwrap_or_default();
        let Rare { coefficient, bonus, deduction, vetoed, fixed, change, vetoes } = rare;
        let Record { key, label: group, name, subdistrict, industry, facts } = record;
        let alone = Subject::default();
        let subject = Subject { key, group, facts, coefficient, bonus, deduction, vetoed, fixed, change, ..alone };
        Input { subject, name, subdistrict, industry, vetoes }
    }

    pub fn left_out_count(&self) -> usize {
        self.left_out.len()
    }

    /// How many for each reason, in the order of the reasons.
    pub fn reasons(&self) -> Vec<(LeftOut, usize)> {
        let count = |why: &LeftOut| self.left_out.labelled(why.code());
        LeftOut::ALL.iter().map(|why| (*why, count(why))).filter(|(_, count)| *count > 0).collect()
    }

    /// One who is left out, by position: as much of a member as is printed.
    pub fn one_left_out(&self, at: u32) -> (LeftOutMember, LeftOut) {
        let Record { key, label, name, subdistrict, facts, .. } = self.left_out.record(at);
        let why = LeftOut::parse(&label).unwrap_or(LeftOut::NoRecord);
        let (kind, made) = (SubjectKind::Enterprise, None);
        (LeftOutMember { kind, uscc: key, name, subdistrict, facts, made }, why)
    }
}

/// As much of one who is left out as is printed.
pub struct LeftOutMember {
    pub kind: SubjectKind,
    pub uscc: String,
    pub name: String,
    pub subdistrict: Option<String>,
    pub facts: Facts,
    pub made: Option<Made>,
}

impl From<&Member> for LeftOutMember {
    fn from(member: &Member) -> Self {
        LeftOutMember {
            kind: member.kind,
            uscc: member.uscc.clone(),
            name: member.name.clone(),
            subdistrict: member.subdistrict.clone(),
            facts: member.facts.clone(),
            made: member.made.clone(),
        }
    }
}

impl Roll for Gathered {
    fn len(&self) -> usize {
        self.ranked.len()
    }

    fn group(&self, at: u32) -> &str {
        self.ranked.label(at)
    }

    fn facts(&self, at: u32, row: &mut Row) {
        row.clear();
        row.resize(self.names.len(), None);
        self.ranked.each_fact(at, |name, fact| {
            if let Some(place) = self.places[name] {
                row[place] = Some(fact);
            }
        });
    }

    fn beside(&self, at: u32) -> Beside<'_> {
        if self.rare.is_empty() {
            return Beside::default();
        }
        let Some(rare) = self.rare.get(&self.ranked.place(at)) else { return Beside::default() };
        Beside {
            coefficient: rare.coefficient,
            bonus: &rare.bonus,
            deduction: &rare.deduction,
            vetoed: rare.vetoed,
            fixed: rare.fixed.as_deref(),
            change: rare.change.as_ref(),
        }
    }
}

#[cfg(test)]
mod tests;
