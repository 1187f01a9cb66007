//! Text as people type it, of any width, with characters nobody sees and guards that programs put around it; and what it may
//! be to be kept: no characters that only steer machines, and no longer than its place is meant for.

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
    /// A character that turns the direction of what follows, and its place, counted from 1.
    Turning(char, usize),
    /// Something was sent, and nobody sees it.
    Unseen(char),
    /// Longer than so many characters.
    TooLong(usize),
}

impl Unfit {
    /// Stable.
    pub fn code(self) -> &'static str {
        match self {
            Unfit::Control(..) => "text_control_character",
            Unfit::Turning(..) => "text_direction_character",
            Unfit::Unseen(_) => "text_invisible",
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
            Unfit::Turning(character, place) => write!(
                f,
                "第 {place} 个字符改变文字的方向（U+{:04X}），使人读到的与所存的不同，请删去",
                u32::from(*character)
            ),
            Unfit::Unseen(character) => {
                write!(f, "只有看不见的字符（U+{:04X}），等于没有填写，请填写文字或留空", u32::from(*character))
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

/// The same of a name, a code or another text of one line, in which nothing may turn the direction of reading either.
pub fn unfit_line(text: &str, most: usize) -> Option<Unfit> {
    let turning = || text.chars().zip(1..).find(|(character, _)| turns_direction(*character));
    unfit(text, most).or_else(|| turning().map(|(character, place)| Unfit::Turning(character, place)))
}

/// Overrides, embeddings and isolates: what stands between them is shown in another order than it is kept in.
pub fn turns_direction(character: char) -> bool {
    matches!(character, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

/// A text as people see it. White space and characters nobody sees are no part of it at its ends, and alone they are nothing:
/// the one meaning of an empty text, wherever one is asked for.
pub trait Seen {
    /// Without white space and unseen characters at its ends.
    fn seen(&self) -> &str;

    fn is_blank(&self) -> bool {
        self.seen().is_empty()
    }
}

impl Seen for str {
    fn seen(&self) -> &str {
        trimmed(self).0
    }
}

/// What somebody sent that nobody sees: not empty, and not white space alone.
pub fn unseen_alone(text: &str) -> Option<Unfit> {
    let unseen = text.chars().find(|character| is_invisible(*character))?;
    text.is_blank().then_some(Unfit::Unseen(unseen))
}

/// Full-width letters, digits and signs to half width; brackets of every kind to `[` `]`; what cannot be seen is left out.
pub fn narrow(line: &str) -> String {
    let one = |c: char| match c {
        '\u{3000}' | '\u{a0}' => ' ',
        '【' | '〔' | '［' => '[',
        '】' | '〕' | '］' => ']',
        '\u{ff01}'..='\u{ff5e}' => char::from_u32(c as u32 - 0xFEE0).unwrap_or(c),
        other => other,
    };
    line.chars().filter(|c| !is_invisible(*c)).map(one).collect::<String>().trim().to_owned()
}

/// Shows nothing and is neither space nor a character that steers machines: marks of direction, joiners, soft
/// hyphens, byte-order marks, tags, fillers.
pub fn is_invisible(c: char) -> bool {
    matches!(c,
        '\u{ad}' | '\u{115f}' | '\u{1160}' | '\u{3164}' | '\u{ffa0}' | '\u{2800}' | '\u{34f}' | '\u{61c}' | '\u{180e}' | '\u{feff}' | '\u{2028}' | '\u{2029}'
        | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}'
        | '\u{fe00}'..='\u{fe0f}' | '\u{fff9}'..='\u{fffb}' | '\u{1d173}'..='\u{1d17a}' | '\u{e0000}'..='\u{e007f}')
}

/// A text without spaces and unseen characters at its ends, and the unseen ones that stood there.
pub fn trimmed(text: &str) -> (&str, Vec<char>) {
    let kept = text.trim_matches(|c: char| c.is_whitespace() || is_invisible(c));
    let start = kept.as_ptr() as usize - text.as_ptr() as usize;
    let ends = text[..start].chars().chain(text[start + kept.len()..].chars());
    (kept, ends.filter(|c| is_invisible(*c)).collect())
}

/// Characters by their numbers, each once, for a message: `U+200B`.
pub fn named(characters: &[char]) -> String {
    let mut names: Vec<String> = characters.iter().map(|c| format!("U+{:04X}", u32::from(*c))).collect();
    names.sort_unstable();
    names.dedup();
    names.join("、")
}

/// Takes off what programs put around long numbers so that a spreadsheet leaves them alone: `="…"`, a leading apostrophe or
/// backquote, tabs.
pub fn unguarded(text: &str) -> &str {
    let bare = text.trim_matches(['\t', '\u{1f}']);
    let quoted = bare.trim().strip_prefix("=\"").and_then(|rest| rest.strip_suffix('"'));
    if let Some(inside) = quoted.filter(|inside| !inside.contains('"')) {
        return inside;
    }
    bare.strip_prefix(['\'', '`']).unwrap_or(bare)
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
    fn what_nobody_sees_is_empty() {
        let unseen = [
            '\u{ad}', '\u{200b}', '\u{200f}', '\u{202a}', '\u{202e}', '\u{2060}', '\u{2064}', '\u{feff}', '\u{115f}',
            '\u{3164}',
        ];
        for character in unseen {
            let text = format!(" {character}\u{3000}{character}\n");
            assert!(text.is_blank(), "{character:?}");
            assert_eq!(unseen_alone(&text), Some(Unfit::Unseen(character)));
            let around = format!("{character}二期{character}用地{character} ");
            assert_eq!(around.seen(), format!("二期{character}用地"));
            assert_eq!(unseen_alone(&around), None);
        }
        for text in ["", " ", "\u{3000}\n\t", "\u{a0}"] {
            assert!(text.is_blank() && unseen_alone(text).is_none(), "{text:?}");
        }
        assert!(!"。".is_blank() && !"\0".is_blank());
    }

    #[test]
    fn a_line_is_read_in_the_order_it_is_kept_in() {
        for turning in ['\u{202a}', '\u{202e}', '\u{2066}', '\u{2069}'] {
            let text = format!("甲{turning}乙");
            assert_eq!(unfit_line(&text, LINE), Some(Unfit::Turning(turning, 2)));
            assert_eq!(unfit(&text, PROSE), None, "a text of several lines");
        }
        for beside in ['\u{2029}', '\u{202f}', '\u{2065}', '\u{206a}', '\u{200e}'] {
            assert_eq!(unfit_line(&format!("甲{beside}乙"), LINE), None, "{beside:?}");
        }
        assert_eq!(unfit_line("甲\0\u{202e}", LINE), Some(Unfit::Control('\0', 2)), "the worse is told first");
    }

    #[test]
    fn a_length_counts_characters() {
        assert_eq!(unfit(&"亩".repeat(LINE), LINE), None);
        assert_eq!(unfit(&"亩".repeat(LINE + 1), LINE), Some(Unfit::TooLong(LINE)));
        assert_eq!(unfit(&"m".repeat(LINE + 1), LINE), Some(Unfit::TooLong(LINE)));
    }
    #[test]
    fn guards_come_off_and_what_they_guard_stays() {
        for text in ["=\"0123\"", "'0123", "`0123", "\t0123\t", "\u{1f}0123", "0123"] {
            assert_eq!(unguarded(text), "0123", "{text}");
        }
        assert_eq!(unguarded("=\"a\"&\"b\""), "=\"a\"&\"b\"", "a formula is no guard");
        assert_eq!(unguarded("it's"), "it's");
        assert_eq!(unguarded(""), "");
        assert_eq!(unguarded("'"), "");
    }

    #[test]
    fn unseen_characters_at_the_ends_are_taken_off_and_named() {
        let (text, seen) = trimmed("\u{200b}\u{3000}甲\u{200b}乙\u{feff} ");
        assert_eq!((text, seen.as_slice()), ("甲\u{200b}乙", ['\u{200b}', '\u{feff}'].as_slice()));
        assert_eq!(named(&seen), "U+200B、U+FEFF");
        assert_eq!(trimmed("  甲 "), ("甲", vec![]));
        assert_eq!(trimmed("\u{200b}"), ("", vec!['\u{200b}']));
        assert_eq!(trimmed("甲\0"), ("甲\0", vec![]), "what steers machines is refused, not cleaned");
    }

    #[test]
    fn narrow_leaves_out_what_nobody_sees_and_keeps_what_is_refused() {
        assert_eq!(narrow("\u{feff}１２\u{200b}３　"), "123");
        assert_eq!(narrow("1\u{1}2"), "1\u{1}2");
    }
}
