//! Text as people type it: of any width.

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
