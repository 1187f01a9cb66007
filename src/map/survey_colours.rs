//! How parcels stood in the newest survey of industrial land, and the colours that say so, told apart also in grey.

use serde::Serialize;

use super::contract_colours::Class;
use crate::survey::store::parcels::Stood;

/// The legend of the colouring.
#[derive(Debug, Serialize)]
pub struct Legends {
    pub surveyed: Vec<Class>,
}

fn color(stood: Stood) -> &'static str {
    match stood {
        Stood::ApprovedNotSupplied => "#9ecae9",
        Stood::SuppliedNotUsed => "#4e79a7",
        Stood::Idle => "#a6301e",
        Stood::LowEfficiency => "#e6862b",
        Stood::ChangedUse => "#7b4fa3",
        Stood::InUse => "#59a14f",
        Stood::NotDeterminable => "#f1ce63",
        Stood::Awaiting => "#c5cad3",
    }
}

pub fn legends() -> Legends {
    let class = |stood: &Stood| Class { key: stood.code(), label: stood.label(), color: color(*stood) };
    Legends { surveyed: Stood::ALL.iter().map(class).collect() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_class_has_a_colour_of_its_own() {
        let colours: std::collections::BTreeSet<&str> = legends().surveyed.iter().map(|class| class.color).collect();
        assert_eq!(colours.len(), Stood::ALL.len());
    }
}
