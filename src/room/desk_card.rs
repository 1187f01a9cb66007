//! A card of the desk whose figures take a while: the desk shows its frame, and the room answers with what is in it.

use crate::account::Access;

#[derive(Clone, Copy, Debug)]
pub struct DeskCard {
    pub title: &'static str,
    /// Where more of it is, and the word on the button.
    pub more: (&'static str, &'static str),
    /// Answers with the card's body.
    pub address: &'static str,
    /// Shown until it does.
    pub meanwhile: &'static str,
    /// Two thirds of the desk instead of one.
    pub is_wide: bool,
    /// Whoever may ask the address.
    pub access: Access,
}
