//! The floors that ARCHITECTURE.md draws hold for the code: a file names only what lies below its room or to the left of it,
//! stores and programs' answers know nothing of pages, and no two files need each other.

mod circles;
mod source;

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;
use std::sync::LazyLock;

use source::{Name, Program};

/// Where a room stands: the floor from below, and the place on it from the left.
type Place = (usize, usize);

/// The drawing under "Floors": the top floor first, rooms parted by `·`, what is in brackets is for people.
fn floors(architecture: &str) -> BTreeMap<String, Place> {
    let drawing = architecture.split("## Floors").nth(1).and_then(|after| after.split("```").nth(1)).unwrap();
    let floors: Vec<&str> = drawing.trim().lines().rev().collect();
    let rooms = floors.iter().enumerate().flat_map(|(floor, line)| {
        let rooms = without_brackets(line).split('·').map(|room| room.trim().to_owned()).collect::<Vec<_>>();
        rooms.into_iter().enumerate().map(move |(place, room)| (room, (floor, place)))
    });
    let mut places = BTreeMap::new();
    for (room, place) in rooms {
        assert!(places.insert(room.clone(), place).is_none(), "{room} stands twice");
    }
    places
}

fn without_brackets(line: &str) -> String {
    let mut depth = 0;
    let outside = line.chars().filter(|c| {
        match c {
            '(' => depth += 1,
            ')' => depth -= 1,
            _ => return depth == 0,
        }
        false
    });
    outside.collect()
}

static PROGRAM: LazyLock<Program> = LazyLock::new(|| Program::read(Path::new(env!("CARGO_MANIFEST_DIR"))));

#[test]
fn a_room_names_only_what_lies_below_it_or_to_its_left() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let floors = floors(&fs::read_to_string(root.join("ARCHITECTURE.md")).unwrap());
    let rooms: BTreeSet<&str> =
        PROGRAM.modules.keys().filter(|name| name.len() == 1).map(|name| name[0].as_str()).collect();
    let drawn: BTreeSet<&str> = floors.keys().map(String::as_str).collect();
    assert_eq!(rooms, drawn, "the rooms of src/lib.rs and those of the drawing");
    let mut faults = BTreeSet::new();
    for (own, module) in PROGRAM.modules.iter().filter(|(own, _)| !own.is_empty()) {
        for name in module.names.iter().filter(|name| !name.is_empty() && name[0] != own[0]) {
            let Some(there) = floors.get(&name[0]) else { continue };
            let here = floors[&own[0]];
            let is_below = there.0 < here.0 || (there.0 == here.0 && there.1 < here.1);
            if !is_below {
                faults.insert(format!("{} names {}", own.join("::"), name.join("::")));
            }
        }
    }
    assert!(faults.is_empty(), "{faults:#?}");
}

/// Programs' answers that still read their requests with what was written for pages.
const API_BY_PAGES: [&str; 4] =
    ["importing::api::list", "review::api", "supervision::breach::api", "supervision::notice::api"];

fn is_layer(name: &[String], layer: &str) -> bool {
    name.iter().any(|part| part == layer || part.ends_with(&format!("_{layer}")))
}

/// The modules of which `is_wrong` says so of something they name.
fn modules_that(is_wrong: impl Fn(&Name, &Name) -> bool) -> BTreeSet<String> {
    let wrong = PROGRAM.modules.iter().filter(|(own, module)| module.names.iter().any(|name| is_wrong(own, name)));
    wrong.map(|(own, _)| own.join("::")).collect()
}

#[test]
fn stores_know_no_pages() {
    let faults = modules_that(|own, name| is_layer(own, "store") && is_layer(name, "pages"));
    assert!(faults.is_empty(), "{faults:#?}");
}

#[test]
fn answers_to_programs_know_no_pages() {
    let faults = modules_that(|own, name| is_layer(own, "api") && is_layer(name, "pages"));
    assert_eq!(faults, API_BY_PAGES.iter().map(|it| (*it).to_owned()).collect());
}

/// The application folds rooms; it names pages only of the two that stand below what a room is.
#[test]
fn pages_are_their_room_s_own() {
    let folds = |own: &Name, room: &str| {
        own.join("::") == "app::rooms" && ["account", "leading_group", "policy"].contains(&room)
    };
    let faults = modules_that(|own, name| {
        let Some((room, home)) = name.first().zip(PROGRAM.home(name)) else { return false };
        !own.is_empty() && *room != own[0] && !folds(own, room) && is_layer(&home, "pages")
    });
    assert!(faults.is_empty(), "{faults:#?}");
}

#[test]
fn only_the_gate_opens_a_route_to_all() {
    let faults = modules_that(|own, name| {
        own.first().is_some_and(|room| room != "account") && name.ends_with(&["Access".into(), "Public".into()])
    });
    assert!(faults.is_empty(), "Routes::get_open looks at what its handler takes: {faults:#?}");
}

#[test]
fn no_handler_makes_itself_a_scope() {
    let answers = |own: &Name| own[0] == "web" || is_layer(own, "pages") || is_layer(own, "api");
    let faults = modules_that(|own, name| {
        !own.is_empty() && answers(own) && name.ends_with(&["Scope".into(), "district".into()])
    });
    assert!(faults.is_empty(), "a scope comes of an officer: {faults:#?}");
}

#[test]
fn no_two_files_need_each_other() {
    let circles = circles::of(&PROGRAM.needs());
    let told: Vec<String> = circles.iter().map(|circle| circles::told(&PROGRAM, circle)).collect();
    assert!(told.is_empty(), "{}", told.join("\n"));
}

#[test]
fn the_drawing_is_read_as_it_is_meant() {
    let text = "## Floors\n\nwords\n\n```\nb (the second; see a) · c\na (with\u{ff0c}commas)\n```\n";
    let expected = [("a".to_owned(), (0, 0)), ("b".to_owned(), (1, 0)), ("c".to_owned(), (1, 1))];
    assert_eq!(floors(text), expected.into_iter().collect());
}
