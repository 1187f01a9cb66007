//! A column, said once: its heading with the unit, the cell for the eye, the value for files, the key it is sorted by.

use std::fmt::Display;

use crate::exchange::sheet::Value;

/// A column of a list `L` of rows `R`. Pages and files show their columns in the order in which these are declared.
pub struct Column<L, R> {
    pub heading: &'static str,
    /// The key in addresses; empty where the list is not sorted by it.
    pub sort: &'static str,
    /// Stands at the right on a wide page.
    pub number: bool,
    pub eye: Option<fn(&L, &R) -> Cell>,
    pub file: Option<fn(&L, &R) -> Value>,
    /// Whether the page has the column for whoever asks.
    pub when: fn(&L) -> bool,
}

impl<L, R> Column<L, R> {
    /// On the page and in files under one heading.
    pub fn both(heading: &'static str, eye: fn(&L, &R) -> Cell, file: fn(&L, &R) -> Value) -> Self {
        Column { heading, sort: "", number: false, eye: Some(eye), file: Some(file), when: |_| true }
    }

    pub fn page(heading: &'static str, eye: fn(&L, &R) -> Cell) -> Self {
        Column { heading, sort: "", number: false, eye: Some(eye), file: None, when: |_| true }
    }

    pub fn file(heading: &'static str, file: fn(&L, &R) -> Value) -> Self {
        Column { heading, sort: "", number: false, eye: None, file: Some(file), when: |_| true }
    }

    pub fn sorted(self, sort: &'static str) -> Self {
        Column { sort, ..self }
    }

    pub fn number(self) -> Self {
        Column { number: true, ..self }
    }

    /// On the page only for some.
    pub fn when(self, when: fn(&L) -> bool) -> Self {
        Column { when, ..self }
    }
}

/// A piece of a cell.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Piece {
    pub text: String,
    pub href: Option<String>,
    /// Of the style sheet.
    pub class: &'static str,
    /// A word in a colour, which is the class.
    pub badge: bool,
    /// Stands on a line of its own.
    pub below: bool,
}

/// What the eye sees of a row in one column.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Cell(pub Vec<Piece>);

/// Missing is a dash, never zero.
const MISSING: &str = "—";

impl Cell {
    pub fn text(text: impl Display) -> Self {
        Cell::default().and("", text)
    }

    pub fn or_missing(text: Option<impl Display>) -> Self {
        text.map_or_else(|| Cell::text(MISSING), Cell::text)
    }

    /// Each on a line of its own.
    pub fn lines(lines: &[String]) -> Self {
        if lines.is_empty() {
            return Cell::text(MISSING);
        }
        let line = |text: &String| Piece { text: text.clone(), below: true, ..Piece::default() };
        Cell(lines.iter().map(line).collect())
    }

    pub fn link(href: impl Into<String>, text: impl Display) -> Self {
        Cell::default().linked("", href, text)
    }

    /// A code, in letters of one width, that leads to what it names.
    pub fn code(href: impl Into<String>, text: impl Display) -> Self {
        Cell::default().linked("mh-code", href, text)
    }

    pub fn badge(class: &'static str, text: impl Display) -> Self {
        Cell::default().and_badge(class, text)
    }

    /// More in the same line.
    pub fn and(self, class: &'static str, text: impl Display) -> Self {
        self.with(Piece { text: text.to_string(), class, ..Piece::default() })
    }

    /// `class` is the colour; the word stands in it.
    pub fn and_badge(self, class: &'static str, text: impl Display) -> Self {
        self.with(Piece { text: text.to_string(), class, badge: true, ..Piece::default() })
    }

    pub fn linked(self, class: &'static str, href: impl Into<String>, text: impl Display) -> Self {
        self.with(Piece { text: text.to_string(), href: Some(href.into()), class, ..Piece::default() })
    }

    /// A small line below.
    pub fn note(self, text: impl Display) -> Self {
        self.with(Piece { text: text.to_string(), class: "text-secondary small", below: true, ..Piece::default() })
    }

    pub fn note_of(self, text: Option<impl Display>) -> Self {
        match text {
            Some(text) => self.note(text),
            None => self,
        }
    }

    /// A small line below that somebody should see to.
    pub fn warning(self, text: impl Display) -> Self {
        self.with(Piece { text: text.to_string(), class: "small text-orange", below: true, ..Piece::default() })
    }

    pub fn with(mut self, piece: Piece) -> Self {
        self.0.push(piece);
        self
    }
}
