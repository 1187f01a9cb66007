//! Text as people type it: of any width, with characters nobody sees, with guards that programs put around it.

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

/// Takes no room on paper and is no space: marks of direction, joiners, soft hyphens, byte-order marks, control characters.
pub fn is_invisible(c: char) -> bool {
    match c {
        '\t' | '\n' | '\r' => false,
        '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{180e}' | '\u{feff}' | '\u{2028}' | '\u{2029}' => true,
        '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}' => true,
        '\u{fe00}'..='\u{fe0f}' | '\u{fff9}'..='\u{fffb}' => true,
        other => other.is_control(),
    }
}

/// A text without spaces and unseen characters at its ends, and the unseen ones that stood there.
pub fn trimmed(text: &str) -> (&str, Vec<char>) {
    let kept = text.trim_matches(|c: char| c.is_whitespace() || is_invisible(c));
    let start = kept.as_ptr() as usize - text.as_ptr() as usize;
    let ends = text[..start].chars().chain(text[start + kept.len()..].chars());
    (kept, ends.filter(|c| is_invisible(*c)).collect())
}

/// Unseen characters named, for a message: `U+200B`.
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
    }
}
