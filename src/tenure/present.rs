//! Where a contract is shown, and in which colours.

use super::stage::Stage;

/// The address of a contract's page; a number may hold any character.
pub fn address_of(number: &str) -> String {
    format!("/contracts/{}", segment(number))
}

/// One part of a path.
pub fn segment(text: &str) -> String {
    form_urlencoded::byte_serialize(text.as_bytes()).collect::<String>().replace('+', "%20")
}

/// The colours of the stages, on the timeline and on the map.
pub fn stage_colour(stage: Stage) -> &'static str {
    match stage {
        Stage::Granted => "#d8c9a0",
        Stage::HandedOver => "#e6b35c",
        Stage::Construction => "#7fb8da",
        Stage::Completed => "#4a90c2",
        Stage::Production => "#7cc3a0",
        Stage::OutputPassed => "#3f9c74",
        Stage::Remaining => "#23684b",
        Stage::Expired => "#8a8f99",
        Stage::Terminated => "#6b5b73",
        Stage::TakenBack => "#3d3d3d",
    }
}
