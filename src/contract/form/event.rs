//! An event as somebody types it.

use serde::{Deserialize, Serialize};

use super::grounds::{base, grounds};
use crate::account::Officer;
use crate::base::text::Seen;
use crate::contract::event::{Cause, Covers, Duty, Event, EventKind, Figure, Happening, NewEvent};
use crate::contract::fault::{Fault, FaultCode};
use crate::contract::record::{self, Base, Grounds, RecordError, review_elsewhere};
use crate::web::AppState;
use crate::web::form::{Reader, field};

/// Every field is text; an empty one states nothing.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(default)]
#[schema(as = EventTyped)]
pub struct EventForm {
    pub kind: String,
    pub on: String,
    pub document: String,
    pub note: String,
    pub until: String,
    pub duty: String,
    pub instalment: String,
    /// 元.
    pub amount: String,
    pub cause: String,
    pub covers: String,
    pub figure: String,
    pub value: String,
    /// Of the value; the usual one without it.
    pub unit: String,
    /// When a verified figure was reached.
    pub reached_on: String,
    pub reason: String,
    pub source: String,
    pub version: String,
}

/// A field of the form that only some kinds of events need.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Field {
    Until,
    Duty,
    Instalment,
    Amount,
    /// The fee for idle land; may be left out.
    Fee,
    Standstill,
    Figure,
}

/// What an event of a kind says besides its day and paper.
pub fn fields(kind: EventKind) -> &'static [Field] {
    use EventKind as K;
    match kind {
        K::Paid => &[Field::Instalment, Field::Amount],
        K::Suspended => &[Field::Standstill, Field::Until],
        K::Extended => &[Field::Duty, Field::Until],
        K::Waived | K::Notified => &[Field::Duty],
        K::PenaltyPaid => &[Field::Duty, Field::Amount],
        K::Measured => &[Field::Figure],
        K::IdleConfirmed => &[Field::Fee],
        _ => &[],
    }
}

impl EventForm {
    /// What the form is about; a review has pages of its own.
    pub fn event_kind(&self) -> Option<EventKind> {
        EventKind::parse(&self.kind).filter(|kind| !kind.is_review())
    }

    /// What is on record, to be put right.
    pub fn of(event: &Event, version: i32) -> Self {
        let mut form = EventForm {
            kind: event.happening.kind().code().into(),
            on: event.on.to_string(),
            document: event.document.clone().unwrap_or_default(),
            version: version.to_string(),
            ..EventForm::default()
        };
        match &event.happening {
            Happening::Paid { instalment, amount } => {
                form.instalment = instalment.to_string();
                form.amount = amount.0.normalize().to_string();
            }
            Happening::Suspended { until, cause, covers } => {
                form.until = until.map(|day| day.to_string()).unwrap_or_default();
                (form.cause, form.covers) = (cause.code().into(), covers.code().into());
            }
            Happening::Extended { duty, until } => {
                (form.duty, form.until) = (duty.to_string(), until.to_string());
            }
            Happening::Waived { duty } | Happening::Notified { duty } => form.duty = duty.to_string(),
            Happening::PenaltyPaid { duty, amount } => {
                form.duty = duty.to_string();
                form.amount = amount.0.normalize().to_string();
            }
            Happening::Measured { figure, value, reached_on } => {
                form.figure = figure.code().into();
                form.value = value.normalize().to_string();
                form.reached_on = reached_on.map(|day| day.to_string()).unwrap_or_default();
            }
            Happening::IdleConfirmed { fee } => {
                form.amount = fee.map(|fee| fee.0.normalize().to_string()).unwrap_or_default();
            }
            _ => {}
        }
        form
    }

    fn with_grounds(&self, number: &str) -> Result<(NewEvent, Grounds, Base), Vec<Fault>> {
        let mut reader = Reader::default();
        let event = reader.take(self.read());
        let (grounds, base) =
            (grounds(&mut reader, &self.reason, &self.source), base(&mut reader, number, &self.version));
        reader.finish((|| Some((event?, grounds?, base?)))())
    }

    /// # Errors
    /// Everything that is missing or cannot be read.
    pub fn read(&self) -> Result<NewEvent, Vec<Fault>> {
        let mut reader = Reader::default();
        let kind = reader.needs(field!(self.kind, "事件"), "列出的事件");
        let on = reader.needs_day(field!(self.on, "发生日期"));
        let happening = kind.and_then(|kind| self.happening(kind, &mut reader));
        let paper = field!(self.document, "依据文件");
        let needs_paper = kind.is_some_and(EventKind::needs_document);
        let document = if needs_paper { reader.text(paper) } else { reader.may_text(paper) };
        let note = self.note.seen().to_owned();
        reader.finish(on.zip(happening).map(|(on, happening)| NewEvent { on, happening, document, note }))
    }

    fn happening(&self, kind: EventKind, reader: &mut Reader) -> Option<Happening> {
        use EventKind as K;
        let amount = field!(self.amount, "金额（元）");
        Some(match kind {
            K::HandedOver => Happening::HandedOver,
            K::Started => Happening::Started,
            K::CompletionDeclared => Happening::CompletionDeclared,
            K::ProductionStarted => Happening::ProductionStarted,
            K::Resumed => Happening::Resumed,
            K::InvestigationOpened => Happening::InvestigationOpened,
            K::InvestigationAnswered => Happening::InvestigationAnswered,
            K::IdleConfirmed => {
                Happening::IdleConfirmed { fee: reader.yuan(field!(self.amount, "闲置费（元）")) }
            }
            K::IdleSettled => Happening::IdleSettled,
            K::Rescinded => Happening::Rescinded,
            K::Terminated => Happening::Terminated,
            K::TakenBack => Happening::TakenBack,
            K::Paid => {
                let instalment = reader.needs(field!(self.instalment, "期次"), "从1起的期次");
                let amount = reader.needs_yuan(amount);
                Happening::Paid { instalment: instalment?, amount: amount? }
            }
            K::CompletionReviewed | K::OutputReviewed => {
                reader.push(review_elsewhere(kind));
                return None;
            }
            K::Suspended => {
                let until = reader.day(field!(self.until, "恢复计算日期"));
                let cause: Option<Cause> = reader.needs(field!(self.cause, "原因类别"), "列出的原因");
                let covers: Option<Covers> = reader.needs(field!(self.covers, "涉及期限"), "列出的期限");
                Happening::Suspended { until, cause: cause?, covers: covers? }
            }
            K::Extended => {
                let (duty, until) = (self.duty(reader), reader.needs_day(field!(self.until, "延期至")));
                Happening::Extended { duty: duty?, until: until? }
            }
            K::Waived => Happening::Waived { duty: self.duty(reader)? },
            K::Notified => Happening::Notified { duty: self.duty(reader)? },
            K::PenaltyPaid => {
                let (duty, amount) = (self.duty(reader), reader.needs_yuan(amount));
                Happening::PenaltyPaid { duty: duty?, amount: amount? }
            }
            K::Measured => {
                let figure: Option<Figure> = reader.needs(field!(self.figure, "核实的数据"), "列出的数据");
                let value = reader.needs_number(field!(self.value, "数值"));
                let reached_on = reader.day(field!(self.reached_on, "达到日期"));
                let (figure, value) = (figure?, value?);
                let stored = figure.stored(value, &self.unit);
                if stored.is_none() {
                    let message = figure.not_its_unit(&self.unit);
                    reader.push(field!(self.unit, "计量单位").fault(FaultCode::UnitUnknown, message));
                }
                Happening::Measured { figure, value: stored?, reached_on }
            }
        })
    }

    fn duty(&self, reader: &mut Reader) -> Option<Duty> {
        reader.needs(field!(self.duty, "涉及事项"), "列出的事项")
    }
}

/// Records an event, or corrects one, for the page and for programs; what is wrong with the form and with what it says is told
/// together.
///
/// # Errors
/// Faults, and what the register refuses.
pub async fn write(
    state: &AppState,
    officer: &Officer,
    number: &str,
    corrects: Option<i64>,
    form: &EventForm,
) -> Result<Option<i64>, RecordError> {
    let (event, grounds, base) = form.with_grounds(number).map_err(RecordError::Faults)?;
    let act = officer.act(state);
    match corrects {
        None => record::event(&act, &base, &event, &grounds).await.map(Some),
        Some(id) => record::correct_event(&act, &base, id, Some(&event), &grounds).await,
    }
}

/// It did not happen, or not to this contract.
///
/// # Errors
/// As for [`write()`].
pub async fn withdraw(
    state: &AppState,
    officer: &Officer,
    number: &str,
    id: i64,
    form: &EventForm,
) -> Result<Option<i64>, RecordError> {
    let mut reader = Reader::default();
    let (why, from) = (grounds(&mut reader, &form.reason, &form.source), base(&mut reader, number, &form.version));
    let (why, from) = reader.finish(why.zip(from)).map_err(RecordError::Faults)?;
    record::correct_event(&officer.act(state), &from, id, None, &why).await
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::contract::sample::{contract, day, paid};

    #[test]
    fn what_is_on_record_is_read_back_as_it_was() {
        let duty: Duty = "payment_2".parse().unwrap();
        let measured =
            |reached_on| Happening::Measured { figure: Figure::Invested, value: "12.5".parse().unwrap(), reached_on };
        let happened = vec![
            ("2022-02-10", paid(1, 3_425_000)),
            ("2022-03-01", Happening::HandedOver),
            ("2022-04-01", Happening::Extended { duty, until: day("2023-01-31") }),
            ("2022-05-01", Happening::Suspended { until: None, cause: Cause::Grantee, covers: Covers::All }),
            ("2022-06-01", measured(None)),
            ("2022-06-02", measured(Some(day("2022-05-20")))),
            ("2023-10-01", Happening::IdleConfirmed { fee: Some(crate::base::unit::Yuan(1_370_000.into())) }),
            ("2023-10-02", Happening::IdleConfirmed { fee: None }),
        ];
        for event in contract(happened).events {
            let read = EventForm::of(&event, 1).read().unwrap();
            assert_eq!((read.on, read.happening), (event.on, event.happening));
        }
    }

    #[test]
    fn every_kind_is_read_or_says_what_it_lacks() {
        for kind in EventKind::ALL {
            let bare = EventForm { kind: kind.code().into(), on: "2024-01-01".into(), ..EventForm::default() };
            let outcome = bare.read();
            let needs_more = !fields(*kind).is_empty() || kind.needs_document() || kind.is_review();
            assert_eq!(outcome.is_err(), needs_more, "{kind}");
        }
        let review = EventForm { kind: "output_reviewed".into(), on: "2024-01-01".into(), ..EventForm::default() };
        assert_eq!(review.read().unwrap_err()[0].code, FaultCode::ReviewElsewhere);
        let nothing = EventForm::default().read().unwrap_err();
        assert_eq!(nothing.len(), 2, "kind and day are both told");
    }
}
