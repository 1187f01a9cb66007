//! The rooms of the house: the one list of them.

use super::{openapi, retention};
use crate::account;
use crate::leading_group;
use crate::policy;
use crate::room::{House, Room};
use crate::web::assets;
use crate::{
    admission, allocation, completeness, contract, desk, dossier, enforcement, enterprise, evaluation, importing,
    inspection, low_efficiency, map, measures, obligations, parcel, planning, remediation, review, supervision, survey,
};

pub static HOUSE: House = House { rooms: &ROOMS };

/// In the order in which the desk shows what they count.
const ROOMS: [Room; 25] = [
    ACCOUNT,
    desk::ROOM,
    enterprise::ROOM,
    completeness::ROOM,
    admission::ROOM,
    supervision::ROOM,
    remediation::ROOM,
    enforcement::ROOM,
    allocation::ROOM,
    survey::ROOM,
    review::ROOM,
    POLICY,
    LEADING_GROUP,
    importing::ROOM,
    inspection::ROOM,
    parcel::ROOM,
    low_efficiency::ROOM,
    evaluation::ROOM,
    measures::ROOM,
    obligations::ROOM,
    contract::ROOM,
    planning::ROOM,
    map::ROOM,
    dossier::ROOM,
    APP,
];

// Three stand below what a room is; what they bring is written down for them here.
const ACCOUNT: Room = Room { name: "account", routes: |_| account::pages::routes(), ..Room::EMPTY };

const LEADING_GROUP: Room = Room { name: "leading_group", routes: |_| leading_group::pages::routes(), ..Room::EMPTY };

const POLICY: Room = Room {
    name: "policy",
    routes: |house| policy::pages::routes(house.rules()),
    work_items: &[|state, officer| Box::pin(policy::work::to_approve(state, officer))],
    rules: policy::scheme::RULES,
    ..Room::EMPTY
};

/// What is nobody else's: the browser part, the document of the API, and what is kept for a time only.
const APP: Room = Room {
    name: "app",
    routes: |house| openapi::routes(house).get_open("/assets/{*file}", assets::serve),
    services: &[|context| Box::pin(retention::keep(context))],
    ..Room::EMPTY
};
