//! What pages and programs send alike: a round, its closing, a visit, a decision. Everything wrong is told at once, at its field.

use chrono::{Datelike, NaiveDate};
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::case::PARCEL;
use super::differences::{self, Decision};
use super::rounds;
use super::store::parcels::{self, Entry};
use super::store::rounds::{NewRound, Round};
use super::store::visits::{NewUser, NewVisit};
use super::visits::{self, Received};
use super::{Licence, Standing, UseKind, differences as settling, visits as visiting};
use crate::account::Officer;
use crate::base::code::Uscc;
use crate::base::text::Seen;
use crate::exchange::{Fault, FaultCode};
use crate::web::form::{Field, Reader, Sent, field};
use crate::web::{AppState, Error, Result};
use crate::workflow::Number;

const LISTED: &str = "表中所列的一项";

/// A round to be opened.
#[derive(Clone, Debug, Default, Serialize, Deserialize, utoipa::ToSchema)]
#[schema(as = SurveyRoundForm)]
#[serde(default, deny_unknown_fields)]
pub struct RoundForm {
    pub name: String,
    /// Nine digits; the whole district without it.
    pub subdistrict: String,
    /// Of the low-efficiency list that counts; the year before without it.
    pub list_year: String,
    /// By whose register the parcels are frozen; today without it.
    pub on: String,
}

impl RoundForm {
    fn read(&self, today: NaiveDate) -> std::result::Result<NewRound, Vec<Fault>> {
        let mut reader = Reader::default();
        let name = reader.text(field!(self.name, "名称"));
        let subdistrict = reader.may_text(field!(self.subdistrict, "街道"));
        let year = field!(self.list_year, "低效清单年度");
        let year = if year.is_empty() { Some(today.year() - 1) } else { reader.needs_year(year) };
        let on = reader.day_done(field!(self.on, "基准日期"), today);
        let all = name.zip(year).zip(on);
        reader.finish(all.map(|((name, list_year), on)| NewRound { name, subdistrict, list_year, on }))
    }
}

/// # Errors
/// The faults of the form, or what the round refuses.
pub async fn open(state: &AppState, officer: &Officer, form: &RoundForm) -> Result<Number> {
    let new = form.read(state.clock.today()).map_err(Error::Input)?;
    Ok(rounds::open(&officer.act(state), &new).await?)
}

/// A round to be closed.
#[derive(Clone, Debug, Default, Serialize, Deserialize, utoipa::ToSchema)]
#[schema(as = SurveyCloseForm)]
#[serde(default, deny_unknown_fields)]
pub struct CloseForm {
    /// The version that was looked at.
    pub version: i32,
    /// Compulsory where parcels wait.
    pub words: String,
}

/// # Errors
/// No such round, or what the closing refuses.
pub async fn close(state: &AppState, officer: &Officer, number: &str, form: &CloseForm) -> Result<()> {
    let act = officer.act(state);
    let round = rounds::of_number(&act, number).await?;
    Ok(rounds::close(&act, (round.id, form.version), form.words.seen()).await?)
}

/// What was found on a parcel.
#[derive(Clone, Debug, Default, Serialize, Deserialize, utoipa::ToSchema)]
#[schema(as = SurveyVisitForm)]
#[serde(default, deny_unknown_fields)]
pub struct VisitForm {
    /// A UUID made by whoever sends it; the same visit sent again changes nothing.
    pub visit: String,
    /// The version of the parcel that was looked at.
    pub version: i32,
    /// Today without it.
    pub visited_on: String,
    /// `vacant`, `building`, `standing_empty` or `used`.
    pub standing: String,
    /// What the land is used for, compulsory where it is used.
    pub used_for: String,
    /// The land use as `scheme:code`, where it can be named.
    pub land_use: String,
    pub buildings: String,
    /// m².
    pub floor_area: String,
    /// `shown`, `not_shown` or `none`.
    pub licence: String,
    pub licence_words: String,
    /// Who uses it, one a line: credit code, name, floor area in m².
    pub users: String,
    pub note: String,
}

impl VisitForm {
    /// # Errors
    /// The page sent no version.
    pub fn of(sent: &Sent) -> Result<Self> {
        let text = |name: &str| sent.typed(name).unwrap_or_default().to_owned();
        Ok(VisitForm {
            visit: text("visit"),
            version: sent.version()?,
            visited_on: text("visited_on"),
            standing: text("standing"),
            used_for: text("used_for"),
            land_use: text("land_use"),
            buildings: text("buildings"),
            floor_area: text("floor_area"),
            licence: text("licence"),
            licence_words: text("licence_words"),
            users: text("users"),
            note: text("note"),
        })
    }

    fn read(&self, today: NaiveDate) -> std::result::Result<NewVisit, Vec<Fault>> {
        let mut reader = Reader::default();
        let id = reader.needs::<Uuid>(field!(self.visit, "登记编号"), "页面给出的编号，请刷新页面");
        let visited_on = reader.day_done(field!(self.visited_on, "核实日期"), today);
        let standing = reader.needs::<Standing>(field!(self.standing, "利用现状"), LISTED);
        let used_for = field!(self.used_for, "现场用途");
        if standing == Some(Standing::Used) && used_for.is_empty() {
            reader.push(used_for.missing());
        }
        let used_for = reader.may::<UseKind>(used_for, LISTED);
        let land_use = field!(self.land_use, "现场用途代码");
        let read_use = land_use.given().and_then(|text| text.rsplit_once(':'));
        if !land_use.is_empty() && read_use.is_none() {
            reader.wrong(land_use, "“分类标准:代码”");
        }
        let buildings = reader.may_between(field!(self.buildings, "建筑物（幢）"), (0, 9999), "0至9999的整数");
        let floor_area_m2 = reader.positive(field!(self.floor_area, "建筑面积（平方米）"));
        let licence = reader.may::<Licence>(field!(self.licence, "证照"), LISTED);
        let licence_words = reader.may_text(field!(self.licence_words, "证照说明"));
        let note = reader.may_text(field!(self.note, "备注"));
        let users = reader.lines(field!(self.users, "实际使用人"), user);
        let all = id.zip(visited_on).zip(standing).zip(users);
        let new = all.map(|(((id, visited_on), standing), users)| NewVisit {
            id,
            visited_on,
            standing,
            used_for,
            land_use: read_use.map(|(scheme, code)| (scheme.to_owned(), code.to_owned())),
            buildings: buildings.map(|number| number as i16),
            floor_area_m2,
            licence,
            licence_words,
            note,
            users,
        });
        reader.finish(new)
    }
}

/// `91330105… 某某公司 1200`: each may be left out but one of code and name.
fn user(reader: &mut Reader, line: Field<'_>) -> Option<NewUser> {
    let mut words: Vec<&str> =
        line.given()?.split(|c: char| c.is_whitespace() || matches!(c, ',' | '，' | '、' | '\t')).collect();
    words.retain(|word| !word.is_empty());
    let floor: Option<Decimal> = words.last().and_then(|word| word.trim_end_matches("平方米").parse().ok());
    if floor.is_some() {
        words.pop();
    }
    let code = words.iter().position(|word| word.len() == 18 && word.chars().all(|c| c.is_ascii_alphanumeric()));
    let code = code.map(|place| words.remove(place).to_uppercase());
    if let Some(code) = code.as_ref().filter(|code| code.parse::<Uscc>().is_err()) {
        reader.push(line.fault(FaultCode::UsccInvalid, format!("统一社会信用代码“{code}”有误，请核对")));
        return None;
    }
    let name = words.join(" ");
    if code.is_none() && name.is_empty() || floor.is_some_and(|floor| floor <= Decimal::ZERO) {
        reader.wrong(line, "“信用代码 名称 建筑面积（平方米）”，一行一家，代码和面积可以不填");
        return None;
    }
    Some(NewUser { uscc: code, name: Some(name).filter(|name| !name.is_empty()), floor_area_m2: floor })
}

/// A parcel of a round.
///
/// # Errors
/// There is none in the scope.
pub async fn entry_of(state: &AppState, officer: &Officer, number: &str, code: &str) -> Result<(Round, Entry)> {
    let round = rounds::of_number(&officer.act(state), number).await?;
    let entry = parcels::by_code(&state.pool, &officer.scope, round.id, &code.to_uppercase()).await?;
    Ok((round, entry.ok_or_else(|| Error::NotFound(PARCEL.missing.into()))?))
}

/// # Errors
/// The faults of the form, or what the round refuses.
pub async fn visit(
    state: &AppState,
    officer: &Officer,
    (number, code): (&str, &str),
    form: &VisitForm,
) -> Result<Received> {
    let (_, entry) = entry_of(state, officer, number, code).await?;
    let new = form.read(state.clock.today()).map_err(Error::Input)?;
    let known = |land_use: &(String, String)| {
        crate::codelist::land_uses().iter().any(|row| row.scheme == land_use.0 && row.code == land_use.1)
    };
    if new.land_use.as_ref().is_some_and(|land_use| !known(land_use)) {
        let fault = Field::new("land_use", "", "").fault(FaultCode::LandUseUnknown, "没有这样的土地用途代码，请核对");
        return Err(Error::Input(vec![fault]));
    }
    let seen = visiting::Seen { entry: entry.id, version: form.version };
    Ok(visits::record(&officer.act(state), seen, &new).await?)
}

crate::terms! {
    #[schema(as = SurveyDecisionKind)]
    pub enum DecisionKind {
        TakeOver = "take_over" => "采纳",
        Refuse = "refuse" => "不采纳",
    }
}

/// What becomes of a difference.
#[derive(Clone, Debug, Default, Serialize, Deserialize, utoipa::ToSchema)]
#[schema(as = SurveyDecisionForm)]
#[serde(default, deny_unknown_fields)]
pub struct DecisionForm {
    /// `take_over` or `refuse`.
    pub decision: String,
    /// The version of the difference that was looked at.
    pub version: i32,
    pub reason: String,
    /// `1`: what the register warns of is right all the same.
    pub confirm: String,
}

impl DecisionForm {
    /// # Errors
    /// The page sent no version.
    pub fn of(sent: &Sent) -> Result<Self> {
        let text = |name: &str| sent.typed(name).unwrap_or_default().to_owned();
        let (decision, reason, confirm) = (text("decision"), text("reason"), text("confirm"));
        Ok(DecisionForm { decision, version: sent.version()?, reason, confirm })
    }
}

/// # Errors
/// The faults of the form, or what the register refuses.
pub async fn decide(state: &AppState, officer: &Officer, difference: Uuid, form: &DecisionForm) -> Result<()> {
    let mut reader = Reader::default();
    let kind = reader.needs::<DecisionKind>(field!(form.decision, "处理"), LISTED);
    let kind = reader.finish(kind).map_err(Error::Input)?;
    let act = officer.act(state);
    let seen = settling::Seen { difference, version: form.version };
    let reason = form.reason.seen();
    match kind {
        DecisionKind::TakeOver => {
            differences::take_over(&act, seen, Decision { reason, vouched: !form.confirm.is_empty() }).await?;
        }
        DecisionKind::Refuse => differences::refuse(&act, seen, reason).await?,
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn users(text: &str) -> std::result::Result<Vec<NewUser>, Vec<Fault>> {
        let mut reader = Reader::default();
        let read = reader.lines(Field::new("users", "实际使用人", text), user);
        reader.finish(read)
    }

    #[test]
    fn a_user_is_a_code_a_name_and_a_floor_area_in_any_combination_that_names_somebody() {
        let code = crate::base::code::uscc_with_check_digit("91330105MA2XXXXX0").unwrap();
        let code = code.as_str();
        let read = users(&format!("{code} 合成甲公司 1200\n合成乙 作坊\n{code}，35.5平方米")).unwrap();
        assert_eq!(
            read[0],
            NewUser { uscc: Some(code.into()), name: Some("合成甲公司".into()), floor_area_m2: Some(1200.into()) }
        );
        assert_eq!(read[1], NewUser { uscc: None, name: Some("合成乙 作坊".into()), floor_area_m2: None });
        assert_eq!((read[2].name.as_ref(), read[2].floor_area_m2), (None, Some(Decimal::new(355, 1))));
        assert!(users("1200").is_err(), "nobody is named");
        assert!(users("合成甲公司 -3").is_err());
        assert!(users("IIIIIIIIIIIIIIIIII 合成甲公司").is_err(), "no code like that was ever issued");
    }

    #[test]
    fn everything_wrong_with_a_visit_is_told_at_once_and_at_its_field() {
        let form =
            VisitForm { standing: "used".into(), buildings: "x".into(), floor_area: "-1".into(), ..Default::default() };
        let faults = form.read("2026-11-23".parse().unwrap()).unwrap_err();
        let mut places: Vec<&str> = faults.iter().map(|fault| fault.place.as_str()).collect();
        places.sort_unstable();
        assert_eq!(places, ["buildings", "floor_area", "used_for", "visit"]);
    }
}
