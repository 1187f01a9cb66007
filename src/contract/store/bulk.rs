//! Many contracts at once: new rows by COPY.

use std::fmt::Write;

use chrono::{DateTime, Utc};

use super::rows::EventColumns;
use super::write::Written;
use crate::contract::event::{NewEvent, ReviewOrigin};
use crate::contract::known::Paper;
use crate::contract::terms::Terms;
use crate::db::copy::CopyRows;
use crate::db::{PgConnection, Scope};

/// Rows gathered for one COPY of each table.
#[derive(Default)]
pub struct Batch {
    contracts: CopyRows,
    terms: CopyRows,
    events: CopyRows,
    new: Vec<String>,
    changed: Vec<String>,
    superseded: Vec<i64>,
}

impl Batch {
    pub fn contract(&mut self, scope: &Scope, number: &str, new: bool, written: Written<'_>) {
        if !new {
            self.changed.push(number.to_owned());
            return;
        }
        self.contracts.plain(scope.county()).text(number).plain(written.at.to_rfc3339()).text(written.by).end_row();
        self.new.push(number.to_owned());
    }

    pub fn terms(&mut self, scope: &Scope, number: &str, paper: &Paper, terms: &Terms, written: Written<'_>) {
        self.superseded.extend(written.corrects);
        let rates = &terms.rates;
        let commitments = serde_json::to_string(&terms.commitments).expect("commitments are plain data");
        let rows = &mut self.terms;
        rows.plain(scope.county()).text(number).plain(paper.role.code()).text(&paper.document);
        rows.plain(paper.signed_on).plain(paper.effective_on).plain(terms.kind.code());
        rows.text(&array(terms.parcels.iter().map(|code| format!("\"{}\"", code.replace(['"', '\\'], "")))));
        rows.plain(terms.granted_area).text(&terms.grantee).plain(terms.price);
        rows.plain(array(terms.instalments.iter().map(|part| part.due)));
        rows.plain(array(terms.instalments.iter().map(|part| part.amount)));
        rows.optional(terms.hand_over_on).optional(terms.start_on).optional(terms.completion_on);
        rows.optional(terms.production_on).optional(terms.output_review_on);
        rows.plain(terms.term_years).optional(terms.term_from);
        rows.optional(terms.construction_months).optional(terms.production_months).plain(terms.day_count.code());
        rows.optional(terms.planned_investment).optional(rates.late_payment).optional(rates.rescind_after_days);
        rows.optional(rates.late_start).optional(rates.late_completion).optional(rates.late_production);
        rows.optional(rates.late_hand_over).optional(rates.cap_percent);
        rows.plain(rates.investment_shortfall.code()).plain(rates.far_shortfall.code());
        rows.text(&commitments).optional_text(terms.admission_case.as_deref()).optional(written.corrects);
        rows.text(written.reason).text(written.source).plain(written.at.to_rfc3339()).text(written.by);
        rows.plain(terms.hand_over_after.code()).end_row();
    }

    /// A review among them is one of the time before the contract was kept here.
    pub fn event(&mut self, scope: &Scope, number: &str, event: &NewEvent, written: Written<'_>) {
        let columns = EventColumns::from(&event.happening);
        let rows = &mut self.events;
        rows.plain(scope.county()).text(number).plain(event.happening.kind().code()).plain(event.on);
        rows.optional(columns.until).optional_text(columns.duty.as_deref()).optional(columns.instalment);
        rows.optional(columns.amount).optional(columns.outcome.map(|it| it.code()));
        rows.optional(columns.cause.map(|it| it.code())).optional(columns.covers.map(|it| it.code()));
        rows.optional(columns.figure.map(|it| it.code())).optional(columns.value);
        rows.optional_text(event.document.as_deref()).text(&event.note).optional(written.corrects);
        rows.text(written.reason).text(written.source).plain(written.at.to_rfc3339()).text(written.by);
        let review = event.happening.kind().is_review().then_some(ReviewOrigin::Historic.code());
        rows.optional(review).optional(columns.reached_on).end_row();
    }

    /// Writes everything gathered. What is corrected is superseded first; every changed contract is one version further.
    pub async fn write(
        self,
        connection: &mut PgConnection,
        scope: &Scope,
        at: DateTime<Utc>,
    ) -> Result<(), sqlx::Error> {
        sqlx::query!(
            "UPDATE contract_terms SET superseded_at = $3 WHERE district = $1 AND id = ANY ($2) AND superseded_at IS NULL",
            scope.county(),
            &self.superseded,
            at
        )
        .execute(&mut *connection)
        .await?;
        sqlx::query!(
            "UPDATE contract SET version = version + 1 WHERE district = $1 AND number = ANY ($2)",
            scope.county(),
            &self.changed
        )
        .execute(&mut *connection)
        .await?;
        copy(connection, "COPY contract (district, number, created_at, created_by) FROM STDIN", self.contracts).await?;
        copy(connection, TERMS, self.terms).await?;
        copy(connection, EVENTS, self.events).await?;
        place_new(connection, scope, &self.new).await
    }
}

const TERMS: &str = "COPY contract_terms (district, contract, role, document, signed_on, effective_on, kind, parcels, \
    granted_area_mu, grantee, price_yuan, instalment_due, instalment_yuan, hand_over_on, start_on, completion_on, \
    production_on, output_review_on, term_years, term_from, construction_months, production_months, day_count, \
    planned_investment_yuan, late_payment_permille, rescind_after_days, late_start_permille, late_completion_permille, \
    late_production_permille, late_hand_over_permille, cap_percent, investment_shortfall, far_shortfall, commitments, \
    admission_case, corrects, reason, source, recorded_at, recorded_by, hand_over_after) FROM STDIN";

const EVENTS: &str = "COPY contract_event (district, contract, kind, happened_on, until, duty, instalment, amount_yuan, outcome, \
    cause, covers, figure, value, document, note, corrects, reason, source, recorded_at, recorded_by, review_origin, \
    reached_on) FROM STDIN";

async fn copy(connection: &mut PgConnection, statement: &'static str, rows: CopyRows) -> Result<(), sqlx::Error> {
    if !rows.is_empty() {
        crate::db::copy::copy_in(connection, statement, rows).await?;
    }
    Ok(())
}

/// A contract lies where its first parcel lies; one that is not registered yet, where its code says, in today's codes where
/// there is one answer.
async fn place_new(connection: &mut PgConnection, scope: &Scope, numbers: &[String]) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "UPDATE contract c SET subdistrict = coalesce(p.subdistrict, (
             SELECT max(s.new_code) FROM code_successor s WHERE s.kind = 'subdistrict' AND s.old_code = left(t.parcels[1], 9)
             HAVING count(*) = 1), left(t.parcels[1], 9))
         FROM contract_terms t LEFT JOIN LATERAL (
             SELECT coalesce(v.subdistrict, v.registered_subdistrict) AS subdistrict FROM parcel_version v
             WHERE v.district = t.district AND v.code = t.parcels[1] AND v.superseded_at IS NULL
             ORDER BY lower(v.valid) DESC LIMIT 1) p ON true
         WHERE c.district = $1 AND c.number = ANY ($2) AND t.district = c.district AND t.contract = c.number
           AND t.role = 'agreement' AND t.superseded_at IS NULL",
        scope.county(),
        numbers
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// As PostgreSQL writes an array of values that need no escaping.
fn array(values: impl Iterator<Item = impl std::fmt::Display>) -> String {
    let mut text = String::from("{");
    for (place, value) in values.enumerate() {
        let comma = if place > 0 { "," } else { "" };
        write!(text, "{comma}{value}").expect("writing to memory does not fail");
    }
    text.push('}');
    text
}
