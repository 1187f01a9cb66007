//! What people type, as patterns for `LIKE` in which it stands for itself.

/// The text with everything `LIKE` finds special taken literally.
pub fn literal(text: &str) -> String {
    text.replace('\\', "\\\\").replace('%', "\\%").replace('_', "\\_")
}

/// Anything that contains the text.
pub fn containing(text: &str) -> String {
    format!("%{}%", literal(text))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wildcards_stand_for_themselves() {
        assert_eq!(containing(r"50%_a\b"), r"%50\%\_a\\b%");
        assert_eq!(literal("330105"), "330105");
    }
}
