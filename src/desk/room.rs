//! What the room brings to the house.

use super::pages;
use crate::room::Room;

pub const ROOM: Room = Room { name: "desk", routes: pages::routes, ..Room::EMPTY };
