//! The pages of the leading group: seats, meetings, resolutions.

mod meetings;
mod members;
mod resolutions;

use crate::account::list::enter;
use crate::account::{Access, Routes};
use crate::home::attachment;
use crate::leading_group::GroupError;
use crate::web::Error;
use crate::web::form::refused_at;

/// The scan, and what is typed beside it.
const LARGEST_UPLOAD: usize = attachment::LARGEST + 64 * 1024;

pub fn routes() -> Routes {
    Routes::new()
        .list::<members::MemberList>(Access::ReadRegisters)
        .post("/leading-group", Access::KeepLeadingGroup, enter::<members::MemberList>)
        .get("/leading-group/members/{id}", Access::KeepLeadingGroup, members::leaving)
        .post("/leading-group/members/{id}", Access::KeepLeadingGroup, members::release)
        .list::<meetings::MeetingList>(Access::ReadRegisters)
        .post("/leading-group/meetings", Access::KeepLeadingGroup, enter::<meetings::MeetingList>)
        .list::<resolutions::ResolutionList>(Access::ReadRegisters)
        .upload("/leading-group/resolutions", Access::KeepLeadingGroup, LARGEST_UPLOAD, resolutions::enter)
        .get("/leading-group/resolutions/{id}", Access::KeepLeadingGroup, resolutions::withdrawal)
        .post("/leading-group/resolutions/{id}", Access::KeepLeadingGroup, resolutions::withdraw)
        .get("/leading-group/resolutions/{id}/scan", Access::ReadRegisters, resolutions::scan)
}

impl From<GroupError> for Error {
    fn from(error: GroupError) -> Self {
        match error {
            GroupError::Database(error) => error.into(),
            GroupError::NoSeat | GroupError::NoResolution => Error::NotFound(error.to_string()),
            GroupError::SecondLeader => refused_at("post", error),
            GroupError::SecondSeat => refused_at("name", error),
            GroupError::BeforeStart => refused_at("last_day", error),
            GroupError::MeetingTwice(_) | GroupError::ResolutionTwice(_) => refused_at("number", error),
            GroupError::NoMeeting(_) => refused_at("meeting", error),
            GroupError::NoReason => refused_at("reason", error),
        }
    }
}
