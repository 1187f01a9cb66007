//! What is logged, to standard error: one line an event.

use std::fmt::{self, Debug, Write};
use std::io::IsTerminal;

use sha2::{Digest, Sha256};
use tracing::field::{Field, Visit};
use tracing_subscriber::EnvFilter;
use tracing_subscriber::field::RecordFields;
use tracing_subscriber::fmt::FormatFields;
use tracing_subscriber::fmt::format::Writer;

/// By `MUHENG_LOG`; with colours on a terminal only.
pub fn begin() {
    let told = std::env::var("MUHENG_LOG").unwrap_or_default();
    let filter = EnvFilter::try_new(if told.is_empty() { "info,sqlx=warn" } else { &told });
    let whole =
        ["sqlx=debug", "sqlx=trace", "sqlx::query=debug", "sqlx::query=trace"].iter().any(|it| told.contains(it));
    tracing_subscriber::fmt()
        .with_env_filter(filter.unwrap_or_else(|_| "info,sqlx=warn".into()))
        .with_writer(std::io::stderr)
        .with_ansi(std::io::stderr().is_terminal())
        .fmt_fields(Fields { whole })
        .init();
}

/// A statement is told by its name: a whole one fills a screen, and may hold what is nobody's business.
struct Fields {
    /// Somebody asked for statements by the setting.
    whole: bool,
}

impl<'writer> FormatFields<'writer> for Fields {
    fn format_fields<R: RecordFields>(&self, writer: Writer<'writer>, fields: R) -> fmt::Result {
        let mut line = Line { writer, whole: self.whole, begun: false, summary: String::new(), outcome: Ok(()) };
        fields.record(&mut line);
        line.outcome
    }
}

struct Line<'writer> {
    writer: Writer<'writer>,
    whole: bool,
    begun: bool,
    /// The first words of a statement, which is all of a short one.
    summary: String,
    outcome: fmt::Result,
}

impl Line<'_> {
    fn add(&mut self, field: &Field, value: fmt::Arguments<'_>) {
        if self.outcome.is_ok() {
            let apart = if self.begun { " " } else { "" };
            self.begun = true;
            self.outcome = match field.name() {
                "message" => write!(self.writer, "{apart}{value}"),
                name => write!(self.writer, "{apart}{}={value}", name.trim_start_matches("r#")),
            };
        }
    }
}

impl Visit for Line<'_> {
    fn record_debug(&mut self, field: &Field, value: &dyn Debug) {
        // The same figure in another unit.
        if !matches!(field.name(), "elapsed_secs" | "slow_threshold") || self.whole {
            self.add(field, format_args!("{value:?}"));
        }
    }

    fn record_f64(&mut self, field: &Field, value: f64) {
        self.record_debug(field, &value);
    }

    fn record_str(&mut self, field: &Field, value: &str) {
        match field.name() {
            _ if self.whole => self.add(field, format_args!("{value:?}")),
            "summary" => self.summary = value.to_owned(),
            "db.statement" => {
                let statement = if value.trim().is_empty() { &self.summary } else { value };
                let name = name_of(statement);
                self.add(field, format_args!("{name:?}"));
            }
            _ => self.add(field, format_args!("{value:?}")),
        }
    }
}

/// Its verb, the first tables in it, and eight digits that only this statement has: `SELECT parcel_version,occupancy #1f3a9c02`.
fn name_of(statement: &str) -> String {
    const MOST_TABLES: usize = 3;
    let told: Vec<&str> = statement.lines().map(|line| line.split("--").next().unwrap_or_default()).collect();
    let told = told.join(" ");
    let words: Vec<&str> = told
        .split(|character: char| character.is_whitespace() || "(),;".contains(character))
        .filter(|word| !word.is_empty())
        .collect();
    let is = |word: &str, named: &[&str]| named.iter().any(|it| word.eq_ignore_ascii_case(it));
    let own: Vec<&str> = words.windows(2).filter(|pair| is(pair[1], &["AS"])).map(|pair| pair[0]).collect();
    let mut tables: Vec<&str> = Vec::new();
    for pair in words.windows(2) {
        let (before, named) = (pair[0], pair[1]);
        let table = is(before, &["FROM", "JOIN", "INTO", "UPDATE", "TABLE", "COPY"])
            && named.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || "_.".contains(c))
            && !own.contains(&named);
        if table && !tables.contains(&named) && tables.len() < MOST_TABLES {
            tables.push(named);
        }
    }
    let verb = words.iter().find(|word| is(word, &["SELECT", "INSERT", "UPDATE", "DELETE", "COPY", "CREATE", "ALTER"]));
    let mark = Sha256::digest(words.join(" "));
    let mut name = verb.or(words.first()).map_or("?".to_owned(), |verb| verb.to_uppercase());
    if !tables.is_empty() {
        let _ = write!(name, " {}", tables.join(","));
    }
    let _ = write!(name, " #{}", hex::encode(&mark[..4]));
    name
}

#[cfg(test)]
mod tests {
    use std::io;
    use std::sync::{Arc, Mutex};

    use super::*;

    #[test]
    fn a_statement_is_told_by_verb_tables_and_a_mark() {
        let name = name_of(
            "-- all\nWITH facts AS (SELECT * FROM enterprise_version e JOIN occupancy o ON true)\nSELECT 1 FROM facts",
        );
        assert!(name.starts_with("SELECT enterprise_version,occupancy #"), "{name}");
        assert_eq!(name.len(), "SELECT enterprise_version,occupancy #".len() + 8);
        assert_ne!(name_of("SELECT 1 FROM a"), name_of("SELECT 2 FROM a"));
        assert_eq!(name_of("SELECT 1\n  FROM a"), name_of("SELECT 1 FROM a"), "blanks are no difference");
        assert!(name_of("UPDATE job SET state = 'x'").starts_with("UPDATE job #"));
        assert!(name_of("").starts_with("? #"));
    }

    #[derive(Clone, Default)]
    struct Written(Arc<Mutex<Vec<u8>>>);

    impl io::Write for Written {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            self.0.lock().unwrap().extend(bytes);
            Ok(bytes.len())
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    fn logged(whole: bool, event: impl FnOnce()) -> String {
        let (written, sink) = (Written::default(), Written::default());
        let target = written.clone();
        drop(sink);
        let subscriber = tracing_subscriber::fmt()
            .with_writer(move || target.clone())
            .with_ansi(false)
            .fmt_fields(Fields { whole })
            .finish();
        tracing::subscriber::with_default(subscriber, event);
        String::from_utf8(written.0.lock().unwrap().clone()).unwrap()
    }

    /// As the database driver tells it.
    fn slow() {
        let elapsed = std::time::Duration::from_millis(1500);
        let statement = format!("\n\nSELECT secret FROM parcel_version WHERE {}\n", "code = $1 AND ".repeat(500));
        tracing::event!(
            target: "sqlx::query",
            tracing::Level::WARN,
            summary = "SELECT secret FROM parcel_version …",
            db.statement = statement,
            rows_affected = 0,
            ?elapsed,
            elapsed_secs = elapsed.as_secs_f64(),
            slow_threshold = ?elapsed,
            "slow statement: execution time exceeded alert threshold"
        );
    }

    #[test]
    fn a_slow_statement_is_one_short_line() {
        let line = logged(false, slow);
        assert_eq!(line.lines().count(), 1, "{line}");
        assert!(line.len() < 250 && !line.contains("secret"), "{line}");
        assert!(line.contains("db.statement=\"SELECT parcel_version #") && line.contains("elapsed=1.5s"), "{line}");
        assert!(logged(true, slow).contains("secret"), "whoever asks for statements gets them");
    }

    #[test]
    fn other_events_are_told_as_they_are() {
        let line = logged(false, || tracing::info!(address = %"127.0.0.1:1", name = "a b", count = 3, "serving"));
        assert!(line.trim_end().ends_with("serving address=127.0.0.1:1 name=\"a b\" count=3"), "{line}");
        assert!(!line.contains('\u{1b}'));
    }
}
