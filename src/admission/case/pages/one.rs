//! One case: where it stands, what holds it up, what was found, who said what, and what may be done next.

use askama::Template;
use axum::extract::{Path, State};
use axum::response::Html;
use uuid::Uuid;

use super::edit::find;
use super::part;
use crate::account::{Access, Officer};
use crate::admission::Outcome as CheckOutcome;
use crate::admission::case::application::Application;
use crate::admission::case::document::{Commitment, area_text};
use crate::admission::case::rules::{self, Blocker, Docket, Move};
use crate::admission::case::store::attachments::Attachment;
use crate::admission::case::store::beside::{self, Against};
use crate::admission::case::store::decide::{Decision, Recommended};
use crate::admission::case::store::{self, attachments, checks, commitments, docket, set_aside};
use crate::admission::case::{
    Action, Case, Event, Opinion, Outcome, Recommends, SetAside, Stage, Stance, StoredCheck, check,
};
use crate::base::clock::china_minute;
use crate::codelist::Industry;
use crate::enterprise;
use crate::planning::{LayerKind, LayerResult};
use crate::policy::standard::LandKind;
use crate::policy::verdict::{Finding, Verdict};
use crate::print::Sketch;
use crate::web::{AppState, Result, Shell};

#[derive(Template)]
#[template(path = "admission/case/one.html")]
struct CasePage {
    shell: Shell,
    case: Case,
    application: Application,
    industry: String,
    land_kind: String,
    blockers: Vec<Blocker>,
    check: Option<StoredCheck>,
    outcome: Option<CheckOutcome>,
    table: String,
    earlier: Vec<StoredCheck>,
    overlaps: Vec<crate::admission::case::land::Overlap>,
    against: Against,
    /// The investor's code is in the register of enterprises.
    investor_known: bool,
    opinions: Vec<Opinion>,
    set_asides: Vec<SetAside>,
    attachments: Vec<Attachment>,
    events: Vec<Event>,
    recommended: Option<Recommended>,
    decision: Option<Decision>,
    commitments: Vec<Commitment>,
    sketch: Sketch,
    officer: Officer,
    docket: Docket,
    today: chrono::NaiveDate,
}

impl CasePage {
    fn may_handle(&self) -> bool {
        self.officer.may(Access::HandleCases)
    }

    /// The form of the grant contract, filled from this case by its number.
    fn contract_form(&self) -> Option<String> {
        let admitted = self.case.outcome == Some(Outcome::Admitted) && self.officer.may(Access::WriteContracts);
        self.case.number().filter(|_| admitted).map(|number| format!("/contracts/new?case={number}"))
    }

    /// Whether a ground is asked for, and may be given here.
    fn may_stand_beside(&self) -> bool {
        self.may_handle() && rules::may_stand_beside(self.case.stage) && self.against.blocking().next().is_some()
    }

    fn can(&self, action: Action) -> bool {
        rules::after(self.case.stage, action).is_ok()
    }

    /// Whether the page offers the recommendation; the rules decide again when it is made.
    fn can_recommend(&self, recommends: Recommends) -> bool {
        let wanted = Move::Recommend { recommends, reason: "?".into() };
        rules::decide(&self.docket, &wanted, self.officer.account).is_ok()
    }

    fn can_decide(&self, outcome: Outcome) -> bool {
        let wanted = Move::Decide { outcome, reason: "?".into() };
        self.officer.may(Access::DecideCases) && rules::decide(&self.docket, &wanted, self.officer.account).is_ok()
    }

    /// Why no decision is offered to somebody who otherwise decides.
    fn why_not_decide(&self) -> Option<String> {
        let wanted = Move::Decide { outcome: Outcome::Refused, reason: "?".into() };
        rules::decide(&self.docket, &wanted, self.officer.account).err().map(|refusal| refusal.to_string())
    }

    fn why_not_recommend(&self) -> Option<String> {
        let wanted = Move::Recommend { recommends: Recommends::Admit, reason: "?".into() };
        rules::decide(&self.docket, &wanted, self.officer.account).err().map(|refusal| refusal.to_string())
    }

    fn may_decide(&self) -> bool {
        self.case.stage == Stage::Recommended && self.officer.may(Access::DecideCases)
    }

    /// The opinion that this person's department has been asked for.
    fn asked_of_me(&self) -> Option<&Opinion> {
        let department = self.officer.department.filter(|_| self.officer.may(Access::GiveOpinions))?;
        let asked = self.opinions.iter().find(|opinion| opinion.department == department);
        asked.filter(|_| self.case.stage == Stage::Opinions)
    }

    fn stances(&self) -> &'static [Stance] {
        Stance::ALL
    }

    fn said(&self, opinion: &Opinion, stance: &Stance) -> bool {
        opinion.stance == Some(*stance)
    }

    fn is_late(&self, opinion: &Opinion) -> bool {
        opinion.stance.is_none() && opinion.due_on < self.today
    }

    fn may_recheck(&self) -> bool {
        self.may_handle() && rules::may_recheck(self.case.stage)
    }

    fn is_editable(&self) -> bool {
        self.may_handle() && rules::is_editable(self.case.stage)
    }

    fn may_attach(&self) -> bool {
        let open = !matches!(self.case.stage, Stage::Recommended | Stage::Decided | Stage::Notified | Stage::Withdrawn);
        self.may_handle() && open
    }

    /// Lines that wait for a person's judgement.
    fn to_judge(&self) -> Vec<&Finding> {
        let results = self.outcome.iter().flat_map(|outcome| &outcome.results);
        results.filter(|finding| finding.verdict == Verdict::NeedsJudgement).collect()
    }

    /// Layers that hit and that nobody has proposed to set aside.
    fn hits(&self) -> Vec<LayerKind> {
        let results = self.outcome.iter().flat_map(|outcome| &outcome.results);
        let failing = results.filter(|finding| finding.verdict == Verdict::Fail);
        let layers = failing.filter_map(|finding| LayerKind::parse(finding.rule.rsplit('/').next()?));
        let proposed = |layer: &LayerKind| self.set_asides.iter().any(|it| it.layer == layer.code() && !it.rejected);
        layers.filter(|layer| !proposed(layer)).collect()
    }

    fn may_confirm(&self, hit: &SetAside) -> bool {
        hit.confirmed_by.is_none()
            && !hit.rejected
            && hit.proposed_by != self.officer.account
            && self.officer.may(Access::ConfirmSetAside)
            && rules::may_recheck(self.case.stage)
    }
}

fn layer_name(code: &str) -> String {
    LayerKind::parse(code).map_or(code.to_owned(), |layer| layer.label().to_owned())
}

fn area(area: &rust_decimal::Decimal) -> String {
    area_text(*area)
}

pub async fn show(State(state): State<AppState>, officer: Officer, Path(id): Path<Uuid>) -> Result<Html<String>> {
    let (pool, scope) = (&state.pool, &officer.scope);
    let case = find(&state, &officer, id).await?;
    let application = store::cases::application(pool, scope, id).await?;
    let mut connection = pool.acquire().await?;
    let mut docket = docket::of(&mut connection, scope, id, case.stage, case.round).await?;
    let mut against = Against::default();
    if case.is_open() {
        against = beside::standing(pool, &mut connection, scope, id, state.clock.today()).await?;
        docket.standing = against.open();
    }
    drop(connection);
    docket.gaps = check::gaps_of(pool, scope, &case, &application, state.clock.today()).await?.len();
    let investors = enterprise::store::versions(pool, scope, &application.uscc).await?;
    let investor_known = investors.iter().any(|version| version.superseded_at.is_none());
    let mut checks = checks::of_case(pool, scope, id).await?;
    let current = checks.iter().position(|check| check.current).map(|place| checks.remove(place));
    let outcome = current.as_ref().map(StoredCheck::outcome).transpose()?;
    let results = outcome.as_ref().map_or(&[][..], |outcome| &outcome.results);
    let blockers = rules::blockers(&docket, &check::missing(results), &check::failing(results), state.clock.today());
    let spatial = match &current {
        Some(check) => part::spatial_of(&state, &officer, &check.receipt).await?,
        None => Vec::new(),
    };
    let overlaps = if case.is_open() { store::site::overlaps_of(pool, scope, id).await? } else { Vec::new() };
    let page = CasePage {
        shell: officer.shell(&state, format!("{} {}", case.number_or_draft(), case.project)),
        industry: Industry::parse("2017", &application.industry)
            .map_or(application.industry.clone(), |it| format!("{} {}", it.code, it.name)),
        land_kind: LandKind::parse(&application.land_kind).map_or("—".into(), |kind| kind.label().to_owned()),
        blockers,
        table: outcome.as_ref().map(|it| part::table(it, &spatial)).transpose()?.unwrap_or_default(),
        sketch: sketch(&state, &officer, id, &spatial).await?,
        check: current,
        outcome,
        earlier: checks,
        overlaps,
        against,
        investor_known,
        opinions: docket.opinions.clone(),
        set_asides: set_aside::of_case(pool, scope, id).await?,
        attachments: attachments::of_case(pool, scope, id).await?,
        events: store::events(pool, scope, id).await?,
        recommended: store::decide::recommendation(pool, scope, id).await?,
        decision: store::decide::find(pool, scope, id).await?,
        commitments: commitments::of_case(pool, scope, id).await?,
        today: state.clock.today(),
        application,
        docket,
        case,
        officer,
    };
    Ok(Html(page.render()?))
}

async fn sketch(state: &AppState, officer: &Officer, id: Uuid, spatial: &[LayerResult]) -> Result<Sketch> {
    let site = store::site::geojson_of(&state.pool, &officer.scope, id).await?;
    Ok(Sketch::of(part::around(state, officer, id, site, spatial).await?))
}
