//! Text as people type it, of any width, and what it may be to be kept: no characters that only steer machines, and no
//! longer than its place is meant for.

use std::fmt;

/// Characters of a line: names, codes, numbers, days.
pub const LINE: usize = 500;
/// Characters of a text of several lines: reasons, remarks.
pub const PROSE: usize = 4000;

/// What is wrong with a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unfit {
    /// The character and its place, counted from 1.
    Control(char, usize),
    /// Longer than so many characters.
    TooLong(usize),
}

impl Unfit {
    /// Stable.
    pub fn code(self) -> &'static str {
        match self {
            Unfit::Control(..) => "text_control_character",
            Unfit::TooLong(_) => "text_too_long",
        }
    }
}

impl fmt::Display for Unfit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Unfit::Control(character, place) => {
                write!(f, "第 {place} 个字符是控制字符（U+{:04X}），请删去", u32::from(*character))
            }
            Unfit::TooLong(most) => write!(f, "超过 {most} 个字符，请缩短"),
        }
    }
}

/// Tabs and ends of lines are writing; the other control characters are not, and a database keeps no NUL.
pub fn is_stray(character: char) -> bool {
    character.is_control() && !matches!(character, '\t' | '\n' | '\r')
}

/// The first thing wrong with a text of at most `most` characters.
pub fn unfit(text: &str, most: usize) -> Option<Unfit> {
    let stray = text.chars().enumerate().find(|(_, character)| is_stray(*character));
    match stray {
        Some((place, character)) => Some(Unfit::Control(character, place + 1)),
        // A character has a byte at least.
        None => (text.len() > most && text.chars().count() > most).then_some(Unfit::TooLong(most)),
    }
}

/// Full-width letters, digits and signs to half width; brackets of every kind to `[` `]`.
pub fn narrow(line: &str) -> String {
    let one = |c: char| match c {
        '\u{3000}' | '\u{a0}' => ' ',
        '【' | '〔' | '［' => '[',
        '】' | '〕' | '］' => ']',
        '\u{ff01}'..='\u{ff5e}' => char::from_u32(c as u32 - 0xFEE0).unwrap_or(c),
        other => other,
    };
    line.trim_start_matches('\u{feff}').chars().map(one).collect::<String>().trim().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_passes_and_what_steers_machines_does_not() {
        for text in ["", "亩均论英雄", "一\r\n二\t三", "\u{200b}\u{feff}"] {
            assert_eq!(unfit(text, LINE), None, "{text:?}");
        }
        assert_eq!(unfit("甲\0乙", LINE), Some(Unfit::Control('\0', 2)));
        for stray in ['\u{1}', '\u{8}', '\u{b}', '\u{1b}', '\u{7f}', '\u{85}', '\u{9f}'] {
            assert_eq!(unfit(&format!("ab{stray}"), LINE), Some(Unfit::Control(stray, 3)));
        }
        assert_eq!(unfit("\0", LINE).unwrap().to_string(), "第 1 个字符是控制字符（U+0000），请删去");
    }

    #[test]
    fn a_length_counts_characters() {
        assert_eq!(unfit(&"亩".repeat(LINE), LINE), None);
        assert_eq!(unfit(&"亩".repeat(LINE + 1), LINE), Some(Unfit::TooLong(LINE)));
        assert_eq!(unfit(&"m".repeat(LINE + 1), LINE), Some(Unfit::TooLong(LINE)));
    }
}
