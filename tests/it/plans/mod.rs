//! No page reads a whole register. Every page is asked of a large district, the database explains every statement as it was
//! executed, and a statement fails the test that walks a register from end to end, or reads far more of one than a page can show.

mod addresses;
mod allowed;
mod capture;

use std::collections::BTreeMap;

use muheng::account::Verb;
use muheng::db::PgPool;
use muheng::{app, demo, map};
use reqwest::Client;
use sqlx::postgres::{PgConnectOptions, PgPoolOptions};

use crate::support::{TestApp, now};
use addresses::{NOT_ASKED, PAGES};
use allowed::{ALLOWED, Allowed, SMALL};
use capture::{Capture, Scan, Worst, explained};

/// Rows of one register that a statement may look at, and no more than this part of them.
const MOST_ROWS: u64 = 2_000;
const LARGEST_PART: u64 = 4;
/// A register with fewer rows than this proves nothing.
const LARGE: i64 = 500;

#[sqlx::test(migrator = "muheng::db::MIGRATOR")]
async fn no_page_reads_a_whole_register(options: PgPoolOptions, database: PgConnectOptions) {
    let pool = PgPoolOptions::new().max_connections(6).connect_with(database.clone()).await.unwrap();
    let app = TestApp::start(pool.clone()).await;
    demo::cases::load(&pool, &app.scope).await.unwrap();
    demo::clearing::load(&pool, &app.scope).await.unwrap();
    sqlx::raw_sql(include_str!("enlarge.sql")).execute(&pool).await.unwrap();
    let sizes = sizes(&pool).await;
    let samples = samples(&pool).await;

    let capture = Capture::start();
    let explained = options.max_connections(8).connect_with(explained(database)).await.unwrap();
    let app = TestApp::serve(explained, app.scope.clone(), app.home).await;
    let mut seen = Seen { capture, sizes, worst: Worst::default(), statements: 0 };
    let everything = app.signed_in("contract").await;
    let samples: BTreeMap<String, String> =
        [samples, tiles(&app, &pool, &everything).await].into_iter().flatten().collect();
    let clerk = app.signed_in("changqing").await;
    seen.asked("/sign-in", false);
    map::warm::look(&app.pool, muheng::base::clock::Clock::Fixed(now()), &app.scope, &mut map::warm::Seen::default())
        .await
        .unwrap();
    seen.asked("the colours of the map", false);
    for (path, asked) in pages() {
        for values in asked {
            let address = address_of(path, values, &samples);
            for (client, whole) in [(&everything, true), (&clerk, false)] {
                let (status, next) = page(&app, client, &address).await;
                assert!(!whole || status == 200, "{address}: {status}");
                assert!(status < 500, "{address}: {status}");
                if let Some(next) = next {
                    assert!(page(&app, client, &next).await.0 == 200, "{next}");
                }
                seen.asked(&address, !whole);
            }
        }
    }
    seen.finish();
}

struct Seen {
    capture: Capture,
    sizes: BTreeMap<String, i64>,
    worst: Worst,
    statements: usize,
}

impl Seen {
    /// Looks through the statements since it was last told, asked by somebody limited to one sub-district or not.
    fn asked(&mut self, address: &str, clerk: bool) {
        let (scans, statements) = self.capture.scans();
        self.statements += statements;
        for scan in scans {
            if !self.is_fine(&scan) && !Self::is_allowed(&scan, clerk) {
                self.worst.add(scan, address);
            }
        }
    }

    fn is_fine(&self, scan: &Scan) -> bool {
        let size = self.sizes.get(&scan.table).copied().unwrap_or(0) as u64;
        let small = scan.table.starts_with("pg_") || SMALL.iter().any(|(table, _)| *table == scan.table);
        small || (!scan.node.starts_with("Seq Scan") && scan.rows <= MOST_ROWS.min(size / LARGEST_PART).max(1))
    }

    fn is_allowed(scan: &Scan, clerk: bool) -> bool {
        let says = |it: &Allowed| (clerk || !it.clerk) && it.says.iter().all(|part| scan.statement.contains(part));
        ALLOWED.iter().any(|it| says(it) && it.registers.contains(&scan.table.as_str()))
    }

    fn finish(self) {
        assert!(self.statements > 1_000, "only {} statements were explained", self.statements);
        let lines = self.worst.into_lines();
        assert!(lines.is_empty(), "{} statements read too much:\n\n{}", lines.len(), lines.join("\n\n"));
    }
}

/// Every page of the route table with what is asked of it.
fn pages() -> Vec<(&'static str, &'static [&'static str])> {
    let mut pages = Vec::new();
    for entry in app::route_table().into_iter().filter(|entry| entry.verb == Verb::Get) {
        match PAGES.iter().find(|(path, _)| *path == entry.path) {
            Some((path, asked)) => pages.push((*path, *asked)),
            None => {
                let left_out = NOT_ASKED
                    .iter()
                    .any(|(path, _)| *path == entry.path || (path.starts_with('.') && entry.path.ends_with(path)));
                assert!(left_out, "{} is not asked: give it an address in plans/addresses.rs", entry.path);
            }
        }
    }
    pages
}

fn address_of(path: &str, values: &str, samples: &BTreeMap<String, String>) -> String {
    let mut values = values.to_owned();
    for (name, value) in samples {
        values = values.replace(&format!("{{{name}}}"), value);
    }
    if values.starts_with('/') {
        return values;
    }
    let (values, query) = values.find('?').map_or((values.as_str(), ""), |at| values.split_at(at));
    let mut values = values.split('/');
    let segment =
        |part: &str| if part.starts_with('{') { values.next().unwrap_or_default().to_owned() } else { part.to_owned() };
    format!("{}{query}", path.split('/').map(segment).collect::<Vec<_>>().join("/"))
}

/// The status of a page, and the address of the next one.
async fn page(app: &TestApp, client: &Client, address: &str) -> (u16, Option<String>) {
    let (status, text) = app.page(client, address).await;
    let next = text.split("rel=\"next\" href=\"").nth(1).and_then(|rest| rest.split('"').next());
    (status, next.map(|next| next.replace("&#38;", "&").replace("&amp;", "&")))
}

/// A tile of each kind, at a place where parcels lie, under the addresses that the map gives out.
async fn tiles(app: &TestApp, pool: &PgPool, client: &Client) -> BTreeMap<String, String> {
    let sql = "SELECT floor((ST_X(c) + 180) / 360 * 2 ^ 14)::integer,
                   floor((1 - ln(tan(radians(ST_Y(c))) + 1 / cos(radians(ST_Y(c)))) / pi()) / 2 * 2 ^ 14)::integer
               FROM (SELECT ST_Centroid(geom) AS c FROM parcel_version WHERE superseded_at IS NULL ORDER BY id LIMIT 1) s";
    let (x, y): (i32, i32) = sqlx::query_as(sql).fetch_one(pool).await.unwrap();
    let (_, map) = app.page(client, "/map?year=2024").await;
    let tile = |kind: &str| {
        let start = map.find(&format!("/tiles/{kind}/")).unwrap_or_else(|| panic!("the map gives out no {kind}"));
        let address = map[start..].split('"').next().unwrap_or_default();
        address.replace("{z}", "14").replace("{x}", &x.to_string()).replace("{y}", &y.to_string())
    };
    [
        ("parcel_tile", "parcels"),
        ("contract_tile", "contracts"),
        ("planning_tile", "planning"),
        ("result_tile", "results"),
        ("survey_tile", "survey"),
        ("remediation_tile", "remediation"),
    ]
    .map(|(name, kind)| (name.to_owned(), tile(kind)))
    .into()
}

/// Rows of each table; those that are not small by nature are large here.
async fn sizes(pool: &PgPool) -> BTreeMap<String, i64> {
    let sql =
        "SELECT relname, reltuples::bigint FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace
               AND relname NOT LIKE 'staging%'";
    let sizes: Vec<(String, i64)> = sqlx::query_as(sql).fetch_all(pool).await.unwrap();
    for (table, rows) in &sizes {
        let small = SMALL.iter().any(|(name, _)| name == table);
        assert!(
            small || *rows >= LARGE,
            "{table} has {rows} rows: fill it in plans/enlarge.sql, or say in plans/allowed.rs why it is small"
        );
    }
    sizes.into_iter().collect()
}

/// Something of the district for each place of an address.
async fn samples(pool: &PgPool) -> BTreeMap<String, String> {
    const SAMPLES: &[(&str, &str)] = &[
        ("parcel", "SELECT o.parcel_code FROM occupancy o JOIN parcel_version p ON p.code = o.parcel_code AND upper_inf(p.valid) AND p.superseded_at IS NULL
            WHERE o.kind = 'owned' AND COALESCE(p.subdistrict, p.registered_subdistrict) = '330105014' ORDER BY 1 LIMIT 1"),
        ("uscc", "SELECT uscc FROM enterprise_version WHERE uscc LIKE '91330105DEM%' AND superseded_at IS NULL ORDER BY 1 LIMIT 1"),
        ("contract", "SELECT number FROM contract WHERE number NOT LIKE '%-%' ORDER BY number LIMIT 1"),
        ("certificate", "SELECT contract || '/' || id FROM staged_certificate WHERE superseded_at IS NULL AND id < 1000000 ORDER BY id LIMIT 1"),
        ("event", "SELECT contract || '/' || id FROM contract_event WHERE superseded_at IS NULL AND kind = 'paid' AND id < 1000000 ORDER BY id LIMIT 1"),
        ("terms", "SELECT contract || '/' || id FROM contract_terms WHERE superseded_at IS NULL AND id < 1000000 ORDER BY id LIMIT 1"),
        ("case", "SELECT id FROM admission_case WHERE stage = 'opinions' AND serial < 1000 LIMIT 1"),
        ("decided_case", "SELECT d.case_id FROM admission_decision d JOIN admission_case c ON c.id = d.case_id AND c.serial < 1000 LIMIT 1"),
        ("draft_case", "SELECT id FROM admission_case WHERE stage = 'draft' LIMIT 1"),
        ("case_number", "SELECT year || '-' || lpad(serial::text, 4, '0') FROM admission_case WHERE outcome = 'admitted' AND serial < 1000 LIMIT 1"),
        ("opinion_code", "SELECT d.code FROM admission_decision d JOIN admission_case c ON c.id = d.case_id AND c.serial < 1000 LIMIT 1"),
        ("what_if", "SELECT id FROM admission_what_if LIMIT 1"),
        ("breach", "SELECT id FROM contract_breach WHERE state = 'proposed' AND contract NOT LIKE '%-%' LIMIT 1"),
        ("review", "SELECT id FROM contract_review WHERE contract NOT LIKE '%-%' LIMIT 1"),
        ("notice", "SELECT id FROM contract_notice WHERE contract NOT LIKE '%-%' LIMIT 1"),
        ("inspection", "SELECT task FROM inspection_visit v JOIN inspection_task t ON t.id = v.task LIMIT 1"),
        ("photo", "SELECT id FROM inspection_photo LIMIT 1"),
        ("occupancy", "SELECT id FROM occupancy WHERE superseded_at IS NULL AND id < 1000000 ORDER BY id LIMIT 1"),
        ("draft", "SELECT id FROM import_draft WHERE NOT committed LIMIT 1"),
        ("import", "SELECT id FROM import_run LIMIT 1"),
        ("run", "SELECT run FROM evaluation_result ORDER BY run LIMIT 1"),
        ("pair", "SELECT 'from=' || min(run::text) || '&to=' || max(run::text) FROM evaluation_result"),
        ("ranked", "SELECT run || '/' || key FROM evaluation_result ORDER BY run, key LIMIT 1"),
        ("seat", "SELECT id FROM leading_group_member LIMIT 1"),
        ("resolution", "SELECT id FROM leading_group_resolution WHERE scan_sha256 IS NOT NULL LIMIT 1"),
        ("veto", "SELECT id FROM evaluation_veto LIMIT 1"),
        ("exemption", "SELECT id FROM evaluation_exemption LIMIT 1"),
        ("utility_account", "SELECT id FROM utility_account LIMIT 1"),
        ("list", "SELECT list FROM allocation_line LIMIT 1"),
        ("report", "SELECT id FROM allocation_report LIMIT 1"),
        ("reconciliation", "SELECT reconciliation FROM allocation_reconciled LIMIT 1"),
        ("audit", "SELECT a.year || '-' || a.serial FROM allocation_drawn d JOIN allocation_audit a ON a.id = d.audit LIMIT 1"),
        ("finding", "SELECT year || '-' || serial FROM allocation_finding LIMIT 1"),
        ("campaign", "SELECT year || '-' || serial FROM enforcement_campaign ORDER BY year DESC, serial DESC LIMIT 1"),
        ("visited", "SELECT c.year || '-' || c.serial || '/' || t.uscc FROM enforcement_target t JOIN enforcement_campaign c ON c.id = t.campaign
            WHERE t.state = 'handed_over' AND t.subdistrict = '330105014' ORDER BY c.year DESC, c.serial DESC, t.uscc LIMIT 1"),
        ("found", "SELECT year || '-' || serial FROM enforcement_finding WHERE subdistrict = '330105014' ORDER BY serial LIMIT 1"),
        ("claim", "SELECT id FROM evaluation_claim LIMIT 1"),
        ("coefficient", "SELECT id FROM evaluation_coefficient LIMIT 1"),
        ("change", "SELECT id FROM evaluation_change LIMIT 1"),
        ("platform", "SELECT id FROM platform LIMIT 1"),
        ("listed", "SELECT id FROM evaluation_list LIMIT 1"),
        ("remediation", "SELECT year || '-' || lpad(serial::text, 4, '0') FROM remediation_file ORDER BY serial LIMIT 1"),
        ("survey", "SELECT year || '-' || lpad(serial::text, 4, '0') FROM survey_round ORDER BY year DESC, serial DESC LIMIT 1"),
        ("surveyed", "SELECT r.year || '-' || lpad(r.serial::text, 4, '0') || '/' || s.code FROM survey_parcel s JOIN survey_round r ON r.id = s.round
            AND r.state = 'open' JOIN occupancy o ON o.parcel_code = s.code WHERE s.state = 'surveyed' AND s.subdistrict = '330105014' ORDER BY s.code LIMIT 1"),
        ("land_use", "SELECT land_use_scheme || ':' || land_use_code FROM parcel_version WHERE land_use_code IS NOT NULL GROUP BY 1 ORDER BY count(*) LIMIT 1"),
    ];
    let mut samples = BTreeMap::new();
    for (name, sql) in SAMPLES {
        let found: String = sqlx::query_scalar(sqlx::AssertSqlSafe(format!("SELECT it::text FROM ({sql}) AS s (it)")))
            .fetch_one(pool)
            .await
            .unwrap();
        samples.insert((*name).to_owned(), found);
    }
    samples
}
