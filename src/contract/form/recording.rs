//! An event recorded from a form, for pages and programs alike.

use super::event_typed::EventTyped;
use super::typed::Reader;
use crate::account::Officer;
use crate::contract::record::{self, RecordError};
use crate::web::{self, AppState};

/// Records or corrects, for the page and for programs; what is wrong with the form and with what it says is told together.
pub async fn written(
    state: &AppState,
    officer: &Officer,
    number: &str,
    corrects: Option<i64>,
    typed: &EventTyped,
) -> web::Result<Result<Option<i64>, RecordError>> {
    let mut reader = Reader::default();
    let (grounds, base) = (reader.grounds(&typed.reason, &typed.source), reader.base(number, &typed.version));
    let (event, grounds) = (typed.read(), reader.settle(grounds.zip(base)));
    let (event, (grounds, base)) = match (event, grounds) {
        (Ok(event), Ok(grounds)) => (event, grounds),
        (event, grounds) => {
            let faults = [event.err().unwrap_or_default(), grounds.err().unwrap_or_default()].concat();
            return Ok(Err(RecordError::Faults(faults)));
        }
    };
    let act = officer.act(state);
    Ok(match corrects {
        None => record::event(&act, &base, &event, &grounds).await.map(Some),
        Some(id) => record::correct_event(&act, &base, id, Some(&event), &grounds).await,
    })
}
