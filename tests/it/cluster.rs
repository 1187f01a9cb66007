//! The private database as it is treated in life: its starter, its guard and its server killed, its home moved.

use std::fs;
use std::io::{Read, Write};
use std::net::TcpStream;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};

use crate::binary::{muheng, reachable_home, run, servers_of, wait_until};

/// As `nohup … &` in a script leaves it: SIGINT is ignored, by everything that is started below as well.
fn deaf_to_interrupts(home: &Path, arguments: &[&str]) -> Command {
    let program = muheng(home);
    let mut command = Command::new("sh");
    command.args(["-c", "trap '' INT; exec \"$0\" \"$@\""]).arg(program.get_program()).args(arguments).env_clear();
    for (name, value) in program.get_envs() {
        command.env(name, value.unwrap_or_default());
    }
    command
}

/// With a bound, so that a hang fails the test instead of the machine's patience.
fn run_within(home: &Path, arguments: &[&str], patience: Duration) -> Output {
    let mut child = muheng(home).args(arguments).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let deadline = Instant::now() + patience;
    while child.try_wait().unwrap().is_none() {
        if Instant::now() > deadline {
            child.kill().unwrap();
            panic!("{arguments:?} hung: {}", String::from_utf8_lossy(&child.wait_with_output().unwrap().stderr));
        }
        sleep(Duration::from_millis(20));
    }
    child.wait_with_output().unwrap()
}

fn succeeds(home: &Path, arguments: &[&str]) {
    let output = run_within(home, arguments, Duration::from_secs(100));
    assert!(output.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
}

fn kill(pid: i32) {
    let _ = nix_kill(pid);
}

fn nix_kill(pid: i32) -> std::io::Result<std::process::ExitStatus> {
    Command::new("kill").args(["-9", &pid.to_string()]).stderr(Stdio::null()).status()
}

fn postmaster(home: &Path) -> Option<i32> {
    fs::read_to_string(home.join("postgres/data/postmaster.pid")).ok()?.lines().next()?.trim().parse().ok()
}

fn guard(home: &Path) -> Option<i32> {
    fs::read_dir("/proc").unwrap().flatten().find_map(|entry| {
        let pid = entry.file_name().to_str()?.parse().ok()?;
        let line = fs::read(entry.path().join("cmdline")).ok()?;
        let environment = fs::read(entry.path().join("environ")).ok()?;
        let (line, environment) = (String::from_utf8_lossy(&line), String::from_utf8_lossy(&environment));
        let ours = environment.split('\0').any(|pair| pair.strip_prefix("MUHENG_HOME=").map(Path::new) == Some(home));
        (ours && line.contains("cluster-guard")).then_some(pid)
    })
}

struct Serving {
    child: Child,
    address: String,
    home: PathBuf,
}

impl Serving {
    fn start(home: &Path) -> Self {
        let (out, log) = (home.join("serve.out"), home.join("serve.log"));
        let (output, errors) = (fs::File::create(&out).unwrap(), fs::File::create(log).unwrap());
        let child = muheng(home).arg("serve").stdout(output).stderr(errors).spawn().unwrap();
        wait_until("serving", || fs::read_to_string(&out).unwrap().contains("http://"));
        let text = fs::read_to_string(&out).unwrap();
        let address = text.split("http://").nth(1).unwrap().split('/').next().unwrap().to_owned();
        Serving { child, address, home: home.to_owned() }
    }

    /// The status of a page whose gate asks the database who this is.
    fn status(&self) -> Option<u16> {
        let mut stream = TcpStream::connect(&self.address).ok()?;
        stream.set_read_timeout(Some(Duration::from_secs(15))).ok()?;
        stream.write_all(b"GET /map HTTP/1.0\r\nhost: here\r\ncookie: muheng_session=nobody\r\n\r\n").ok()?;
        let mut answer = String::new();
        stream.read_to_string(&mut answer).ok()?;
        answer.split(' ').nth(1)?.parse().ok()
    }

    fn log(&self) -> String {
        fs::read_to_string(self.home.join("serve.log")).unwrap()
    }

    /// After something was killed: pages answer again, and other commands work beside them.
    fn recovers(&mut self, before: Option<i32>) {
        wait_until("another server", || postmaster(&self.home).is_some_and(|pid| Some(pid) != before));
        wait_until("answering again", || self.status().is_some_and(|status| status < 500));
        assert!(self.child.try_wait().unwrap().is_none(), "{}", self.log());
        succeeds(&self.home, &["audit", "verify"]);
    }
}

impl Drop for Serving {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

#[test]
fn a_starter_killed_at_any_moment_leaves_a_home_that_starts_again() {
    let home = reachable_home();
    succeeds(home.path(), &["migrate"]);
    for patience in [5, 25, 45, 70, 110, 170, 260] {
        wait_until("stopping the database", || servers_of(home.path()) == 0);
        let mut starter = deaf_to_interrupts(home.path(), &["audit", "verify"])
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        sleep(Duration::from_millis(patience));
        starter.kill().unwrap();
        starter.wait().unwrap();
        succeeds(home.path(), &["audit", "verify"]);
    }
    wait_until("stopping the database", || servers_of(home.path()) == 0 && guard(home.path()).is_none());
}

#[test]
fn a_new_home_whose_first_start_is_killed_is_made_by_the_next() {
    for patience in [80, 700, 1500] {
        let home = reachable_home();
        let mut starter =
            deaf_to_interrupts(home.path(), &["migrate"]).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
        sleep(Duration::from_millis(patience));
        starter.kill().unwrap();
        starter.wait().unwrap();
        succeeds(home.path(), &["migrate"]);
        wait_until("stopping the database", || servers_of(home.path()) == 0);
    }
}

#[test]
fn a_server_outlives_the_end_of_its_postmaster_of_its_guard_and_of_both() {
    let home = reachable_home();
    let mut serving = Serving::start(home.path());
    assert!(serving.status().unwrap() < 500);

    let before = postmaster(home.path());
    kill(before.unwrap());
    serving.recovers(before);

    let before = postmaster(home.path());
    kill(guard(home.path()).unwrap());
    serving.recovers(before);

    let before = postmaster(home.path());
    kill(guard(home.path()).unwrap());
    kill(before.unwrap());
    serving.recovers(before);

    drop(serving);
    wait_until("stopping the database", || servers_of(home.path()) == 0 && guard(home.path()).is_none());
}

#[test]
fn a_command_starts_at_once_after_guard_and_server_died() {
    let home = reachable_home();
    let serving = Serving::start(home.path());
    let server = postmaster(home.path()).unwrap();
    drop(serving);
    // Whoever is left is killed in the middle of stopping.
    for pid in [guard(home.path()), Some(server)].into_iter().flatten() {
        kill(pid);
    }
    let began = Instant::now();
    succeeds(home.path(), &["audit", "verify"]);
    assert!(began.elapsed() < Duration::from_secs(30), "{:?}", began.elapsed());
}

#[test]
fn a_server_that_cannot_be_started_again_ends_the_program() {
    let home = reachable_home();
    let serving = Serving::start(home.path());
    let data = home.path().join("postgres/data");
    fs::rename(data.join("PG_VERSION"), data.join("PG_VERSION.away")).unwrap();
    kill(postmaster(home.path()).unwrap());
    ends_without_its_database(serving);
}

#[test]
fn data_that_vanish_while_the_server_runs_are_not_replaced_by_empty_ones() {
    let home = reachable_home();
    let serving = Serving::start(home.path());
    let (data, away) = (home.path().join("postgres/data"), home.path().join("postgres/away"));
    let postmaster = postmaster(home.path()).unwrap();
    fs::rename(&data, &away).unwrap();
    kill(postmaster);
    ends_without_its_database(serving);
    assert!(!data.exists(), "none is made");
    let output = run(home.path(), &["migrate"]);
    assert_eq!(output.status.code(), Some(1), "nor by the next command");
    assert!(!data.exists());
    fs::rename(&away, &data).unwrap();
    succeeds(home.path(), &["audit", "verify"]);
}

fn ends_without_its_database(mut serving: Serving) {
    let deadline = Instant::now() + Duration::from_secs(90);
    let status = loop {
        if let Some(status) = serving.child.try_wait().unwrap() {
            break status;
        }
        assert!(Instant::now() < deadline, "it serves on without a database: {}", serving.log());
        sleep(Duration::from_millis(100));
    };
    assert_eq!(status.code(), Some(1));
    assert!(serving.log().contains("the database is gone, and so the server ends"), "{}", serving.log());
}

#[test]
fn a_moved_home_keeps_its_database_and_a_lost_one_is_not_replaced_by_an_empty_one() {
    let folder = reachable_home();
    let (old, new) = (folder.path().join("old"), folder.path().join("new"));
    succeeds(&old, &["demo", "load"]);
    wait_until("stopping the database", || servers_of(&old) == 0 && guard(&old).is_none());
    assert_eq!(fs::read_to_string(old.join("database.place")).unwrap(), "postgres\n");
    fs::rename(&old, &new).unwrap();
    let output = run(&new, &["doctor"]);
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(text.contains(&format!("the database lies in {}", new.join("postgres").display())), "{text}");
    let accounts = format!("{} active accounts", muheng::account::demonstration_accounts().count());
    assert!(text.contains(&accounts), "the same data: {text}");
    wait_until("stopping the database", || servers_of(&new) == 0 && guard(&new).is_none());

    fs::rename(new.join("postgres"), folder.path().join("elsewhere")).unwrap();
    let output = run(&new, &["migrate"]);
    assert_eq!(output.status.code(), Some(1));
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(said.contains("it is not there") && said.contains("database.place"), "{said}");
    assert!(!new.join("postgres/data").exists(), "and none is made");
}

#[test]
fn everything_in_a_home_is_closed_to_others() {
    let home = reachable_home();
    let photos = home.path().join("inspection/photos/ab");
    fs::create_dir_all(&photos).unwrap();
    fs::write(photos.join("abcd.jpg"), b"picture").unwrap();
    for path in [home.path(), &home.path().join("inspection"), &photos, &photos.join("abcd.jpg")] {
        fs::set_permissions(path, fs::Permissions::from_mode(0o755)).unwrap();
    }
    succeeds(home.path(), &["migrate"]);
    let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
    assert_eq!(mode(home.path()) & 0o067, 0, "the account of the server passes through, nobody reads");
    assert_eq!((mode(&photos), mode(&photos.join("abcd.jpg")) & 0o077), (0o700, 0));
    for name in ["postgres", "postgres/data", "postgres/guard.lock", "postgres/server.log", "database.place"] {
        assert_eq!(mode(&home.path().join(name)) & 0o077, 0, "{name}");
    }
    let text = String::from_utf8_lossy(&run(home.path(), &["doctor"]).stdout).into_owned();
    assert!(text.contains("ok     nobody else may read what lies in"), "{text}");

    fs::set_permissions(home.path().join("database.place"), fs::Permissions::from_mode(0o644)).unwrap();
    let text = String::from_utf8_lossy(&run(home.path(), &["doctor"]).stdout).into_owned();
    assert!(text.contains("WRONG  1 files or directories can be read") && text.contains("database.place"), "{text}");
}

#[test]
fn a_command_that_stops_the_database_ends_without_a_word_of_it() {
    let home = reachable_home();
    let first = run(home.path(), &["migrate"]);
    let said = String::from_utf8_lossy(&first.stderr).into_owned();
    assert!(!said.contains('\u{1b}'), "no colours where there is no terminal: {said}");
    assert!(said.lines().all(|line| line.len() < 400), "no whole statements: {said}");
    for arguments in [&["audit", "verify"][..], &["policy", "coverage"], &["low-efficiency", "--year", "2024"]] {
        wait_until("stopping the database", || servers_of(home.path()) == 0);
        let output = run(home.path(), arguments);
        assert_eq!(String::from_utf8_lossy(&output.stderr), "", "{arguments:?}");
    }
    wait_until("stopping the database", || servers_of(home.path()) == 0);
    let log = fs::read_to_string(home.path().join("postgres/server.log")).unwrap();
    let errors: Vec<&str> =
        log.lines().filter(|line| line.contains("ERROR") || line.contains("does not exist")).collect();
    assert!(errors.is_empty(), "{errors:?}");
}
