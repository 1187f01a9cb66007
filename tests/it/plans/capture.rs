//! What the server's statements did, told by the database itself: `auto_explain` sends the plan of every statement, those inside
//! functions included, as a notice to the connection that asked.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

use serde_json::Value;
use sqlx::postgres::PgConnectOptions;
use tracing::field::{Field, Visit};
use tracing::subscriber::DefaultGuard;
use tracing::{Event, Subscriber};
use tracing_subscriber::layer::{Context, Layer, SubscriberExt};

/// Connections whose every statement is explained as it was executed. `auto_explain` belongs to PostgreSQL's own contributions, and
/// loading it takes a superuser, which the tests' database user is.
pub fn explained(options: PgConnectOptions) -> PgConnectOptions {
    options.options([
        ("session_preload_libraries", "auto_explain"),
        ("auto_explain.log_min_duration", "0"),
        ("auto_explain.log_analyze", "on"),
        ("auto_explain.log_timing", "off"),
        ("auto_explain.log_nested_statements", "on"),
        ("auto_explain.log_format", "json"),
        ("auto_explain.log_level", "notice"),
        // As the server's own connections are set; and the tables are large enough to be told apart from a page, and still small enough for the planner to walk them where
        // an index would serve; it walks them now where none does.
        ("plan_cache_mode", "force_custom_plan"),
        ("enable_seqscan", "off"),
        ("random_page_cost", "1.1"),
    ])
}

/// How a statement read one table.
#[derive(Clone, Debug)]
pub struct Scan {
    pub statement: String,
    pub node: String,
    pub table: String,
    /// Rows looked at, those included that a filter put aside.
    pub rows: u64,
}

/// Collects the notices of this thread until it is dropped.
pub struct Capture {
    plans: Arc<Mutex<Vec<String>>>,
    _guard: DefaultGuard,
}

impl Capture {
    pub fn start() -> Self {
        let plans = Arc::new(Mutex::new(Vec::new()));
        let subscriber = tracing_subscriber::registry().with(Notices(Arc::clone(&plans)));
        Capture { plans, _guard: tracing::subscriber::set_default(subscriber) }
    }

    /// Every scan since it was last asked, and how many statements there were.
    pub fn scans(&self) -> (Vec<Scan>, usize) {
        let plans = std::mem::take(&mut *self.plans.lock().unwrap());
        let mut scans = Vec::new();
        for plan in &plans {
            let plan: Value = serde_json::from_str(plan).unwrap_or_else(|error| panic!("{error}\n{plan}"));
            let text = plan["Query Text"].as_str().expect("a plan has its statement");
            let statement = text.split_whitespace().collect::<Vec<_>>().join(" ");
            walk(&plan["Plan"], &statement, &mut scans);
        }
        (scans, plans.len())
    }
}

fn walk(node: &Value, statement: &str, scans: &mut Vec<Scan>) {
    let kind = node["Node Type"].as_str().unwrap_or_default();
    if let (true, Some(table)) = (kind.contains("Scan"), node["Relation Name"].as_str()) {
        let count = |name: &str| node[name].as_u64().unwrap_or(0);
        let looked_at = count("Actual Rows") + count("Rows Removed by Filter") + count("Rows Removed by Index Recheck");
        scans.push(Scan {
            statement: statement.to_owned(),
            node: [Some(kind), node["Index Name"].as_str()].into_iter().flatten().collect::<Vec<_>>().join(" "),
            table: table.to_owned(),
            rows: looked_at * count("Actual Loops"),
        });
    }
    for below in node["Plans"].as_array().into_iter().flatten() {
        walk(below, statement, scans);
    }
}

struct Notices(Arc<Mutex<Vec<String>>>);

impl<S: Subscriber> Layer<S> for Notices {
    fn on_event(&self, event: &Event<'_>, _: Context<'_, S>) {
        if event.metadata().target() != "sqlx::postgres::notice" {
            return;
        }
        let mut message = Message::default();
        event.record(&mut message);
        if let (true, Some(start)) = (message.0.starts_with("duration: "), message.0.find('{')) {
            self.0.lock().unwrap().push(message.0[start..].to_owned());
        }
    }
}

#[derive(Default)]
struct Message(String);

impl Visit for Message {
    fn record_str(&mut self, field: &Field, value: &str) {
        if field.name() == "message" {
            value.clone_into(&mut self.0);
        }
    }

    fn record_debug(&mut self, field: &Field, value: &dyn std::fmt::Debug) {
        if field.name() == "message" {
            self.0 = format!("{value:?}");
        }
    }
}

/// The worst scan of each statement and table, with the addresses that asked for it.
#[derive(Default)]
pub struct Worst(BTreeMap<(String, String), (Scan, Vec<String>)>);

impl Worst {
    pub fn add(&mut self, scan: Scan, address: &str) {
        let key = (scan.statement.clone(), scan.table.clone());
        let (worst, addresses) = self.0.entry(key).or_insert_with(|| (scan.clone(), Vec::new()));
        if scan.rows > worst.rows {
            *worst = scan;
        }
        if addresses.last().is_none_or(|last| last != address) {
            addresses.push(address.to_owned());
        }
    }

    pub fn into_lines(self) -> Vec<String> {
        let line = |(scan, addresses): (Scan, Vec<String>)| {
            let statement: String = scan.statement.chars().take(1_500).collect();
            format!(
                "{} of {}, {} rows, for {}:\n    {statement}",
                scan.node,
                scan.table,
                scan.rows,
                addresses.join(" ")
            )
        };
        self.0.into_values().map(line).collect()
    }
}
