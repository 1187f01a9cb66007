//! Tenants below designated size that hold floor area and no land, where the scheme gives them the grade of the owner of the
//! parcel they occupy: they are not ranked and take no place. Who cannot be told whose grade to take is left out, with the reason.

use std::collections::{BTreeSet, HashMap};

use super::LeftOut;
use super::document::Input;
use super::population::{Member, is_of_category};
use crate::enterprise::SizeClass;
use crate::scoring::Scheme;
use crate::scoring::follow::{Elsewhere, Follow, FollowReason};
use crate::scoring::scheme::Tenants;

/// Owners of the parcels that each tenant occupies on 31 December.
pub type Owners = HashMap<String, BTreeSet<String>>;
/// Grades of owners in official runs of other categories of the year.
pub type Grades = HashMap<String, Elsewhere>;

/// Who is not judged alone. Those with a reason of their own to be left out stay with the others, as do those above size.
pub fn apart(scheme: &Scheme, everybody: Vec<Member>) -> (Vec<Member>, Vec<Member>) {
    everybody.into_iter().partition(|member| is_tenant(scheme, member))
}

fn is_tenant(scheme: &Scheme, member: &Member) -> bool {
    let follows = scheme.population.tenants == Tenants::OwnersGrade;
    let left_out = member.exempt || member.protected || member.in_transition;
    follows && member.floor_only && member.size == SizeClass::Below && !left_out && is_of_category(scheme, member)
}

/// The inputs of the tenants, each with whose grade it takes; and who of them is left out.
pub fn settle(
    scheme: &Scheme,
    tenants: Vec<Member>,
    judged: &[Input],
    (owners, elsewhere): (&Owners, &Grades),
    input: impl Fn(Member) -> Input,
) -> (Vec<Input>, Vec<(Member, LeftOut)>) {
    let judged: BTreeSet<&str> = judged.iter().map(|input| input.subject.key.as_str()).collect();
    let (mut following, mut left_out) = (Vec::new(), Vec::new());
    for tenant in tenants {
        match whom(scheme, owners.get(&tenant.uscc), &judged, elsewhere) {
            Ok(follow) => {
                let mut input = input(tenant);
                input.subject.follows = Some(follow);
                following.push(input);
            }
            Err(why) => left_out.push((tenant, why)),
        }
    }
    (following, left_out)
}

fn whom(
    scheme: &Scheme,
    owners: Option<&BTreeSet<String>>,
    judged: &BTreeSet<&str>,
    elsewhere: &Grades,
) -> Result<Follow, LeftOut> {
    let mut owners = owners.into_iter().flatten();
    let owner = owners.next().ok_or(LeftOut::OwnerUnknown)?;
    if owners.next().is_some() {
        return Err(LeftOut::SeveralOwners);
    }
    let known = |it: &&Elsewhere| scheme.grades.iter().any(|band| band.grade == it.grade);
    let from = match judged.contains(owner.as_str()) {
        true => None,
        false => Some(elsewhere.get(owner).filter(known).cloned().ok_or(LeftOut::OwnerNotGraded)?),
    };
    Ok(Follow { key: owner.clone(), reason: FollowReason::Owner, elsewhere: from })
}

#[cfg(test)]
mod tests {
    use rust_decimal_macros::dec;

    use super::*;
    use crate::evaluation::samples::{member, scheme};
    use crate::scoring::subject::Subject;

    fn following() -> Scheme {
        let mut scheme = scheme();
        scheme.population.size = None;
        scheme.population.tenants = Tenants::OwnersGrade;
        scheme
    }

    fn tenant(uscc: &str) -> Member {
        Member { floor_only: true, size: SizeClass::Below, ..member(uscc, 2022, None, Some(dec!(1))) }
    }

    fn input(member: Member) -> Input {
        Input {
            subject: Subject { key: member.uscc, group: "其他".into(), facts: member.facts, ..Subject::default() },
            name: member.name,
            subdistrict: None,
            industry: None,
            vetoes: Vec::new(),
        }
    }

    fn outcome(owners: &[&str], elsewhere: &Grades) -> Result<Follow, LeftOut> {
        let judged = [input(member("owner", 2022, Some(dec!(1)), Some(dec!(1))))];
        let owners: Owners = [("t".to_owned(), owners.iter().map(|it| (*it).to_owned()).collect())].into();
        let (mut inputs, left) = settle(&following(), vec![tenant("t")], &judged, (&owners, elsewhere), input);
        match inputs.pop() {
            Some(input) => Ok(input.subject.follows.unwrap()),
            None => Err(left[0].1),
        }
    }

    #[test]
    fn only_tenants_below_size_without_land_and_only_where_the_scheme_says_so() {
        let everybody = || {
            let above = Member { size: SizeClass::Above, ..tenant("above") };
            let exempt = Member { exempt: true, ..tenant("exempt") };
            vec![tenant("t"), above, exempt, member("owner", 2022, Some(dec!(1)), None)]
        };
        let names = |members: Vec<Member>| members.into_iter().map(|it| it.uscc).collect::<Vec<_>>();
        assert_eq!(names(apart(&following(), everybody()).0), ["t"]);
        let mut alone = following();
        alone.population.tenants = Tenants::Apart;
        assert!(apart(&alone, everybody()).0.is_empty());
    }

    #[test]
    fn the_one_owner_is_followed_and_none_is_guessed() {
        let nobody = Grades::new();
        assert_eq!(outcome(&["owner"], &nobody).unwrap().key, "owner");
        assert_eq!(outcome(&[], &nobody), Err(LeftOut::OwnerUnknown));
        assert_eq!(outcome(&["other", "owner"], &nobody), Err(LeftOut::SeveralOwners));
        assert_eq!(outcome(&["other"], &nobody), Err(LeftOut::OwnerNotGraded));
    }

    #[test]
    fn an_owner_of_another_category_counts_by_its_official_grade() {
        let grade = |grade: &str| -> Grades {
            let it = Elsewhere { grade: grade.into(), category: "industry_above".into(), run: "r".into() };
            [("other".to_owned(), it)].into()
        };
        assert_eq!(outcome(&["other"], &grade("B")).unwrap().elsewhere.unwrap().grade, "B");
        assert_eq!(outcome(&["other"], &grade("一等")), Err(LeftOut::OwnerNotGraded), "no grade of this scheme");
    }
}
