//! `GET /planning`: every layer with its editions, and whether it may be relied on today.

use askama::Template;
use axum::extract::State;
use axum::response::Html;
use chrono::NaiveDate;
use rust_decimal::Decimal;

use super::{Edition, LayerKind, State as EditionState, store};
use crate::account::{Access, Officer, Routes};
use crate::base::unit::grouped;
use crate::web::{AppState, Result, Shell};

pub fn routes() -> Routes {
    Routes::new().get("/planning", Access::ReadRegisters, list)
}

#[derive(Template)]
#[template(path = "planning/list.html")]
struct ListPage {
    shell: Shell,
    editions: Vec<Edition>,
    today: NaiveDate,
    may_import: bool,
}

async fn list(State(state): State<AppState>, officer: Officer) -> Result<Html<String>> {
    let page = ListPage {
        shell: officer.shell(&state, "规划图层"),
        editions: store::editions(&state.pool, &officer.scope).await?,
        today: state.clock.today(),
        may_import: officer.may(Access::WriteParcels)
            && officer.may(Access::ImportFiles)
            && officer.scope.subdistrict.is_none(),
    };
    Ok(Html(page.render()?))
}

impl ListPage {
    fn layers(&self) -> &'static [LayerKind] {
        LayerKind::ALL
    }

    fn editions_of<'a>(&'a self, layer: &LayerKind) -> Vec<&'a Edition> {
        self.editions.iter().filter(|edition| edition.layer == *layer).collect()
    }

    /// Layers that no check can use today.
    fn unusable(&self) -> Vec<&'static str> {
        let usable = |layer: LayerKind| {
            self.editions.iter().any(|e| e.layer == layer && e.state_on(self.today) == EditionState::InForce)
        };
        LayerKind::ALL.iter().filter(|layer| !usable(**layer)).map(|layer| layer.label()).collect()
    }

    /// A day on which the edition can be seen: today if it may, else its first or its last.
    fn day_of(&self, edition: &Edition) -> NaiveDate {
        let last = edition.valid.until.and_then(|day| day.pred_opt());
        let first = edition.valid.from.unwrap_or(self.today);
        last.map_or(self.today, |last| last.min(self.today)).max(first)
    }
}

/// The last day is said as people say it: the day before the half-open end.
fn last_day(edition: &Edition) -> Option<NaiveDate> {
    edition.valid.until.and_then(|day| day.pred_opt())
}

fn square_kilometres(square_metres: &Decimal) -> String {
    grouped(*square_metres / Decimal::from(1_000_000), 4)
}

fn badge(state: EditionState) -> &'static str {
    match state {
        EditionState::InForce => "bg-green-lt",
        EditionState::Outdated => "bg-red-lt",
        EditionState::Coming => "bg-blue-lt",
        EditionState::Ended => "bg-secondary-lt",
    }
}
