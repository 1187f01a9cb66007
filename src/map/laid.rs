//! Colourings that come with tiles of their own, laid over plain parcels: where their tiles are, and their legends.

use chrono::NaiveDate;
use serde::Serialize;

use super::address::{Family, Revision};
use super::contract_states::tile_digest;
use super::yields::Rule;
use super::{
    contract_colours, contract_tile_store, remediation_colours, remediation_tile_store, remediation_tiles,
    result_colours, result_tile_store, result_tiles, survey_colours, survey_tile_store, survey_tiles,
};
use crate::account::Officer;
use crate::obligations::sweep::Question;
use crate::remediation::deadlines::Days;
use crate::survey::store::rounds;
use crate::web::{self, AppState};

/// Tiles, and the legend of each colouring that they carry.
#[derive(Debug, Serialize)]
pub struct Laid<L> {
    tiles: String,
    #[serde(flatten)]
    legends: L,
}

/// What the map is asked for: as of a day, with the figures of a year for the filters.
#[derive(Clone, Copy)]
pub struct Asked<'a> {
    pub state: &'a AppState,
    pub officer: &'a Officer,
    pub as_of: NaiveDate,
    pub rule: &'a Rule,
}

impl Asked<'_> {
    fn laid<L>(&self, family: Family, (registers, rule): (i64, String), legends: L) -> Laid<L> {
        let (revision, family) = (Revision { registers, rule }, family.code());
        let (year, as_of) = (self.rule.year, self.as_of);
        Laid { tiles: format!("/tiles/{family}/{revision}/{year}/{as_of}/{{z}}/{{x}}/{{y}}"), legends }
    }

    /// By their contracts.
    pub async fn contracts(&self) -> web::Result<Laid<contract_colours::Legends>> {
        let (pool, scope) = (&self.state.pool, &self.officer.scope);
        let question = Question::ask(pool, self.as_of, self.state.clock.now(), None).await?;
        let registers = contract_tile_store::tile_revision(pool, scope).await?;
        let digest = tile_digest(&question, self.rule);
        Ok(self.laid(Family::Contracts, (registers, digest), contract_colours::legends()))
    }

    /// By the official results of the year, where there are any.
    pub async fn results(&self) -> web::Result<Option<Laid<result_colours::Legends>>> {
        let (pool, scope) = (&self.state.pool, &self.officer.scope);
        let runs = result_tile_store::official(pool, scope, self.rule.year).await?;
        if runs.is_empty() {
            return Ok(None);
        }
        let registers = result_tile_store::revision(pool, scope).await?;
        let digest = result_tiles::tile_digest(&runs, self.rule);
        Ok(Some(self.laid(Family::Results, (registers, digest), result_colours::legends())))
    }

    /// Industrial land by its class in the newest survey, where there was one.
    pub async fn survey(&self) -> web::Result<Option<Laid<survey_colours::Legends>>> {
        let (pool, scope) = (&self.state.pool, &self.officer.scope);
        let Some(round) = rounds::newest(pool, scope).await? else { return Ok(None) };
        let registers = survey_tile_store::revision(pool, scope).await?;
        let digest = survey_tiles::tile_digest(round.id, self.rule);
        Ok(Some(self.laid(Family::Survey, (registers, digest), survey_colours::legends())))
    }

    /// By the files of remediation, where there are any.
    pub async fn remediation(&self) -> web::Result<Option<Laid<remediation_colours::Legends>>> {
        let (pool, scope) = (&self.state.pool, &self.officer.scope);
        if !remediation_tile_store::any(pool, scope).await? {
            return Ok(None);
        }
        let registers = remediation_tile_store::revision(pool, scope).await?;
        let digest = remediation_tiles::tile_digest(Days::on(pool, self.state.clock.today()).await?, self.rule);
        Ok(Some(self.laid(Family::Remediation, (registers, digest), remediation_colours::legends())))
    }
}
