//! The built program as its users start it: its own home, its own cluster, killed in the middle.

use std::fs;
use std::path::Path;
use std::process::{Child, Command, Output, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};

use crate::made::{boundary, parcels};

pub fn muheng(home: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_muheng"));
    command
        .env_clear()
        .env("PATH", std::env::var("PATH").unwrap())
        .env("MUHENG_HOME", home)
        .env("MUHENG_LISTEN", "127.0.0.1:0");
    command
}

pub fn run(home: &Path, arguments: &[&str]) -> Output {
    muheng(home).args(arguments).output().unwrap()
}

/// Processes whose command line names this home's database directory.
pub fn servers_of(home: &Path) -> usize {
    let wanted = home.join("postgres/data");
    let wanted = wanted.to_str().unwrap();
    fs::read_dir("/proc")
        .unwrap()
        .flatten()
        .filter_map(|entry| fs::read(entry.path().join("cmdline")).ok())
        .filter(|line| String::from_utf8_lossy(line).contains(wanted))
        .count()
}

pub fn wait_until(what: &str, condition: impl Fn() -> bool) {
    let deadline = Instant::now() + Duration::from_secs(180);
    while !condition() {
        assert!(Instant::now() < deadline, "{what} did not happen");
        sleep(Duration::from_millis(50));
    }
}

fn serving(home: &Path) -> Child {
    let output = fs::File::create(home.join("serve.out")).unwrap();
    let child = muheng(home).args(["serve", "--demonstration"]).stdout(output).stderr(Stdio::null()).spawn().unwrap();
    wait_until("serving", || fs::read_to_string(home.join("serve.out")).unwrap().contains("http://"));
    child
}

/// A home that PostgreSQL's account can reach also when the tests run as root.
pub fn reachable_home() -> tempfile::TempDir {
    use std::os::unix::fs::PermissionsExt;
    let home = tempfile::Builder::new().prefix("muheng-home").tempdir_in("/tmp").unwrap();
    fs::set_permissions(home.path(), fs::Permissions::from_mode(0o755)).unwrap();
    home
}

#[test]
fn a_command_starts_what_it_needs_and_stops_it() {
    let home = reachable_home();
    let output = run(home.path(), &["migrate"]);
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    wait_until("stopping the database", || servers_of(home.path()) == 0);
    let output = run(home.path(), &["audit", "verify"]);
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
}

#[test]
fn a_killed_server_leaves_no_orphan_and_a_database_that_starts_again() {
    let home = reachable_home();
    let mut server = serving(home.path());
    // A second command joins the running cluster and leaves it alone.
    assert!(run(home.path(), &["audit", "verify"]).status.success());
    assert!(servers_of(home.path()) > 0);
    server.kill().unwrap();
    server.wait().unwrap();
    wait_until("stopping the database", || servers_of(home.path()) == 0);

    let output = run(home.path(), &["low-efficiency", "--year", "2024", "--format", "json"]);
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    assert!(String::from_utf8_lossy(&output.stdout).contains("91330"));
    wait_until("stopping the database", || servers_of(home.path()) == 0);
}

#[test]
fn the_doctor_names_what_is_missing_and_changes_nothing() {
    let home = reachable_home();
    for _ in 0..2 {
        let output = run(home.path(), &["doctor"]);
        assert_eq!(output.status.code(), Some(1));
        let text = String::from_utf8_lossy(&output.stdout);
        assert!(text.contains("migrations are not applied; run muheng migrate"), "{text}");
    }
    assert!(run(home.path(), &["migrate"]).status.success());
    let output = run(home.path(), &["doctor"]);
    let text = String::from_utf8_lossy(&output.stdout);
    assert_eq!(output.status.code(), Some(0), "{text}");
    assert!(text.contains("ok     every migration is applied"), "{text}");
}

#[test]
fn the_doctor_names_the_demonstration_passwords() {
    let home = reachable_home();
    assert!(run(home.path(), &["demo", "load"]).status.success());
    let output = run(home.path(), &["doctor"]);
    assert_eq!(output.status.code(), Some(1));
    let text = String::from_utf8_lossy(&output.stdout);
    let accounts = muheng::account::demonstration_accounts().count();
    let told = format!("WRONG  {accounts} active accounts still have the published demonstration password");
    assert!(text.contains(&told), "{text}");
    assert!(text.contains("ok     the audit log is intact ("), "{text}");
}

#[test]
fn a_setting_nobody_knows_is_refused() {
    let home = reachable_home();
    let output = muheng(home.path()).env("MUHENG_LISTN", "x").arg("migrate").output().unwrap();
    assert_eq!(output.status.code(), Some(1));
    assert!(String::from_utf8_lossy(&output.stderr).contains("unknown setting MUHENG_LISTN"));
}

fn import_parcels(home: &Path, file: &str, more: &[&str]) -> (Option<i32>, serde_json::Value) {
    let report = home.join("report.json");
    let mut arguments = vec!["import", "parcels", file, "--report", report.to_str().unwrap()];
    arguments.extend(more);
    let output = run(home, &arguments);
    let text = fs::read_to_string(&report)
        .unwrap_or_else(|_| panic!("no report: {}", String::from_utf8_lossy(&output.stderr)));
    fs::remove_file(&report).unwrap();
    (output.status.code(), serde_json::from_str(&text).unwrap())
}

/// Files as people send them, through the command as they would type it.
#[test]
fn the_import_command_says_by_its_status_how_it_went() {
    let home = reachable_home();
    let text = home.path().join("plot_a.txt");
    fs::write(&text, boundary::plot("plot_a.txt")).unwrap();
    let packed = |packaging| parcels::write(packaging, home.path()).to_str().unwrap().to_owned();
    let (status, report) = import_parcels(home.path(), text.to_str().unwrap(), &["--dry-run"]);
    assert_eq!(status, Some(2), "its plot number is not a parcel code");
    let area: f64 = report["parcels"][0]["plane_area_m2"].as_str().unwrap().parse().unwrap();
    assert_eq!(format!("{:.4}", area / 10_000.0), boundary::HECTARES[0]);

    let (status, report) = import_parcels(home.path(), &packed("gbk_language_driver_byte"), &[]);
    assert_eq!(status, Some(2));
    assert_eq!((&report["read"], &report["accepted"], &report["rejected"]), (&4.into(), &3.into(), &1.into()));
    let (_, again) = import_parcels(home.path(), &packed("utf8_cpg"), &[]);
    assert_eq!(
        (&again["accepted"], &again["unchanged"]),
        (&0.into(), &3.into()),
        "the same records in another packaging"
    );

    let (status, report) = import_parcels(home.path(), &packed("no_prj"), &[]);
    assert_eq!(status, Some(4));
    assert_eq!(report["question"]["option"], "srid");

    let broken = home.path().join("broken.geojson");
    fs::write(&broken, r#"{"type":"FeatureCollection","features":[{"type":"Feat"#).unwrap();
    let (status, report) = import_parcels(home.path(), broken.to_str().unwrap(), &[]);
    assert_eq!((status, &report["accepted"]), (Some(3), &0.into()));
}

#[test]
fn an_import_killed_in_the_middle_leaves_the_old_state() {
    let home = reachable_home();
    let file = home.path().join("many.geojson");
    let file = file.to_str().unwrap();
    assert!(run(home.path(), &["demo", "scale", "--parcels", "10000", "--geojson", file]).status.success());
    assert!(run(home.path(), &["migrate"]).status.success());
    for patience in [300, 900, 1800] {
        let mut import = muheng(home.path())
            .args(["import", "parcels", file, "--district", "330199"])
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        sleep(Duration::from_millis(patience));
        import.kill().unwrap();
        import.wait().unwrap();
    }
    let (_, report) = import_parcels(home.path(), file, &["--district", "330199"]);
    let (accepted, unchanged) = (report["accepted"].as_u64().unwrap(), report["unchanged"].as_u64().unwrap());
    assert_eq!(accepted + unchanged, 10_000);
    assert!(accepted == 0 || unchanged == 0, "all or nothing was there: {accepted} new, {unchanged} known");
    wait_until("stopping the database", || servers_of(home.path()) == 0);
}
