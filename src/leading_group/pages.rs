//! The pages of the leading group: seats, meetings, resolutions.

mod meetings;
mod members;
mod resolutions;

use crate::account::{Access, Routes};
use crate::exchange::FaultCode;
use crate::home::attachment;
use crate::leading_group::RegisterError;
use crate::web::{Error, form};

/// The scan, and what is typed beside it.
const LARGEST_UPLOAD: usize = attachment::LARGEST + 64 * 1024;

pub fn routes() -> Routes {
    Routes::new()
        .list::<members::MemberList>(Access::ReadRegisters)
        .post("/leading-group", Access::KeepLeadingGroup, members::appoint)
        .get("/leading-group/members/{id}", Access::KeepLeadingGroup, members::leaving)
        .post("/leading-group/members/{id}", Access::KeepLeadingGroup, members::release)
        .list::<meetings::MeetingList>(Access::ReadRegisters)
        .post("/leading-group/meetings", Access::KeepLeadingGroup, meetings::enter)
        .list::<resolutions::ResolutionList>(Access::ReadRegisters)
        .upload("/leading-group/resolutions", Access::KeepLeadingGroup, LARGEST_UPLOAD, resolutions::enter)
        .get("/leading-group/resolutions/{id}", Access::KeepLeadingGroup, resolutions::withdrawal)
        .post("/leading-group/resolutions/{id}", Access::KeepLeadingGroup, resolutions::withdraw)
        .get("/leading-group/resolutions/{id}/scan", Access::ReadRegisters, resolutions::scan)
}

impl From<RegisterError> for Error {
    fn from(error: RegisterError) -> Self {
        let at = |field: &'static str| {
            let field = form::Field::new(field, "", "");
            Error::Input(vec![field.fault(FaultCode::BadRequest, error.to_string())])
        };
        match error {
            RegisterError::Database(error) => error.into(),
            RegisterError::NoSeat | RegisterError::NoResolution => Error::NotFound(error.to_string()),
            RegisterError::SecondLeader => at("post"),
            RegisterError::SecondSeat => at("name"),
            RegisterError::BeforeStart => at("last_day"),
            RegisterError::MeetingTwice(_) | RegisterError::ResolutionTwice(_) => at("number"),
            RegisterError::NoMeeting(_) => at("meeting"),
            RegisterError::NoReason => at("reason"),
        }
    }
}
