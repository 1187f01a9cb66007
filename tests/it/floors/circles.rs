//! Modules that need each other, directly or by way of others (Kosaraju's two walks).

use std::collections::{BTreeMap, BTreeSet};

use super::source::{Name, Program};

type Needs<'a> = BTreeMap<&'a Name, BTreeSet<Name>>;

pub fn of(needs: &Needs<'_>) -> Vec<BTreeSet<Name>> {
    let mut order = Vec::new();
    let mut seen = BTreeSet::new();
    for module in needs.keys() {
        walk(needs, module, &mut seen, &mut order);
    }
    let owned: BTreeMap<&Name, BTreeSet<Name>> = turned(needs);
    let (mut seen, mut circles) = (BTreeSet::new(), Vec::new());
    for module in order.iter().rev() {
        let mut circle = Vec::new();
        walk(&owned, module, &mut seen, &mut circle);
        if circle.len() > 1 {
            circles.push(circle.into_iter().collect());
        }
    }
    circles
}

fn walk(needs: &Needs<'_>, module: &Name, seen: &mut BTreeSet<Name>, left: &mut Vec<Name>) {
    if !seen.insert(module.clone()) {
        return;
    }
    for next in needs.get(module).into_iter().flatten() {
        walk(needs, next, seen, left);
    }
    left.push(module.clone());
}

/// Who is needed by whom.
fn turned<'a>(needs: &Needs<'a>) -> Needs<'a> {
    let mut turned: Needs<'a> = needs.keys().map(|module| (*module, BTreeSet::new())).collect();
    for (module, needed) in needs {
        for other in needed {
            if let Some(users) = turned.get_mut(other) {
                users.insert((*module).clone());
            }
        }
    }
    turned
}

/// A circle in words: who names what of whom.
pub fn told(program: &Program, circle: &BTreeSet<Name>) -> String {
    let mut lines = vec![format!("a circle of {}:", circle.len())];
    for own in circle {
        for name in &program.modules[own].names {
            if let Some(home) = program.home(name).filter(|home| home != own && circle.contains(home)) {
                lines.push(format!("  {} names {} of {}", own.join("::"), name.join("::"), home.join("::")));
            }
        }
    }
    lines.join("\n")
}

#[test]
fn a_circle_is_found_and_a_chain_is_none() {
    let name = |text: &str| vec![text.to_owned()];
    let (a, b, c) = (name("a"), name("b"), name("c"));
    let needs: Needs<'_> =
        [(&a, [b.clone()].into()), (&b, [c.clone()].into()), (&c, BTreeSet::new())].into_iter().collect();
    assert!(of(&needs).is_empty());
    let needs: Needs<'_> =
        [(&a, [b.clone()].into()), (&b, [c.clone()].into()), (&c, [a.clone()].into())].into_iter().collect();
    assert_eq!(of(&needs), [[a.clone(), b.clone(), c.clone()].into_iter().collect()]);
}
