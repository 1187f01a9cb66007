//! A row of the agreement table completed to whole terms.

use super::rows::Stated;
use super::spec::AGREEMENTS;
use super::wording;
use crate::contract::terms::{ContractKind, DayCount, Instalment, Rates, Shortfall, Terms};
use crate::exchange::Fault;

/// What the row leaves open is taken from `base`: the version on record, or the one a supplement follows.
///
/// # Errors
/// Every term that neither the row nor `base` says and no contract can be without.
pub fn complete(number: &str, row: &Stated, base: Option<&Terms>) -> Result<Terms, Vec<Fault>> {
    let mut faults = Vec::new();
    let mut missing = |key: &str| {
        let column = AGREEMENTS.columns.iter().find(|column| column.key == key);
        faults.push(wording::term_missing(column.map_or(key, |column| column.title()), number));
    };
    let parcels = row.parcels.clone().or_else(|| base.map(|it| it.parcels.clone()));
    let granted_area = row.granted_area.or(base.map(|it| it.granted_area));
    let grantee = row.grantee.clone().or_else(|| base.map(|it| it.grantee.clone()));
    let price = row.price.or(base.map(|it| it.price));
    let term_years = row.term_years.or(base.map(|it| it.term_years));
    if parcels.is_none() {
        missing("parcels");
    }
    if granted_area.is_none() {
        missing("granted_area");
    }
    if grantee.is_none() {
        missing("grantee");
    }
    if price.is_none() {
        missing("price");
    }
    if term_years.is_none() {
        missing("term_years");
    }
    let (Some(parcels), Some(granted_area), Some(grantee), Some(price), Some(term_years)) =
        (parcels, granted_area, grantee, price, term_years)
    else {
        return Err(faults);
    };
    let kind = row.kind.or(base.map(|it| it.kind)).unwrap_or(ContractKind::Grant);
    let construction_months = row.construction_months.or(base.and_then(|it| it.construction_months));
    let production_months = row.production_months.or(base.and_then(|it| it.production_months));
    if kind == ContractKind::Staged && construction_months.is_none() {
        missing("construction_months");
    }
    if kind == ContractKind::Staged && production_months.is_none() {
        missing("production_months");
    }
    if !faults.is_empty() {
        return Err(faults);
    }
    let one_piece = row.paid_by.map(|due| vec![Instalment { due, amount: price }]);
    Ok(Terms {
        kind,
        parcels,
        granted_area,
        grantee,
        price,
        instalments: one_piece.or_else(|| base.map(|it| it.instalments.clone())).unwrap_or_default(),
        hand_over_on: row.hand_over_on.or(base.and_then(|it| it.hand_over_on)),
        hand_over_after: row.hand_over_after.or(base.map(|it| it.hand_over_after)).unwrap_or_default(),
        start_on: row.start_on.or(base.and_then(|it| it.start_on)),
        completion_on: row.completion_on.or(base.and_then(|it| it.completion_on)),
        production_on: row.production_on.or(base.and_then(|it| it.production_on)),
        output_review_on: row.output_review_on.or(base.and_then(|it| it.output_review_on)),
        term_years,
        term_from: row.term_from.or(base.and_then(|it| it.term_from)),
        construction_months,
        production_months,
        day_count: row.day_count.or(base.map(|it| it.day_count)).unwrap_or(DayCount::Calendar),
        planned_investment: row.planned_investment.or(base.and_then(|it| it.planned_investment)),
        rates: rates(row, base.map(|it| &it.rates)),
        commitments: base.map(|it| it.commitments.clone()).unwrap_or_default(),
        admission_case: row.admission_case.clone().or_else(|| base.and_then(|it| it.admission_case.clone())),
    })
}

fn rates(row: &Stated, base: Option<&Rates>) -> Rates {
    Rates {
        late_payment: row.late_payment.or(base.and_then(|it| it.late_payment)),
        rescind_after_days: row.rescind_after_days.or(base.and_then(|it| it.rescind_after_days)),
        late_start: row.late_start.or(base.and_then(|it| it.late_start)),
        late_completion: row.late_completion.or(base.and_then(|it| it.late_completion)),
        late_production: row.late_production.or(base.and_then(|it| it.late_production)),
        late_hand_over: row.late_hand_over.or(base.and_then(|it| it.late_hand_over)),
        cap_percent: row.cap_percent.or(base.and_then(|it| it.cap_percent)),
        investment_shortfall: row
            .investment_shortfall
            .or(base.map(|it| it.investment_shortfall))
            .unwrap_or(Shortfall::Nothing),
        far_shortfall: row.far_shortfall.or(base.map(|it| it.far_shortfall)).unwrap_or(Shortfall::Nothing),
    }
}
