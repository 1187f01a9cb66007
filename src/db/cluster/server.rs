//! The server: made, started, asked how it is, stopped.

use std::fs::{self, File, OpenOptions, Permissions};
use std::io::Write;
use std::os::unix::fs::{OpenOptionsExt, PermissionsExt};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use anyhow::{Context, bail};
use nix::sys::signal::Signal;
use uuid::Uuid;

use super::DATABASE;
use super::place::Place;
use super::process::{die_with_parent, fresh_signals};
use super::programs::PostgresPrograms;
use crate::home;

/// A fast shutdown writes what is in memory to the disk, which may take this long.
const POLITELY: Duration = Duration::from_secs(60);
/// An immediate shutdown costs a recovery, and no data.
const FIRMLY: Duration = Duration::from_secs(20);

/// What a server that is to stop is sent by now: fast shutdown, immediate shutdown, the end.
pub fn next_signal(waited: Duration) -> Signal {
    if waited < POLITELY {
        Signal::SIGINT
    } else if waited < POLITELY + FIRMLY {
        Signal::SIGQUIT
    } else {
        Signal::SIGKILL
    }
}

/// What a server says when asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Answer {
    Welcome,
    /// It is there and lets nobody in yet: it is starting, or recovering.
    NotYet,
    Silence,
}

pub fn ask(place: &Place, programs: &PostgresPrograms) -> Answer {
    let mut command = Command::new(programs.file("pg_isready"));
    command.args(["--quiet", "--timeout=2", "--dbname=postgres", "--username", DATABASE, "--host"]);
    fresh_signals(&mut command);
    match command.arg(place.socket_directory()).stdin(Stdio::null()).status().ok().and_then(|status| status.code()) {
        Some(0) => Answer::Welcome,
        Some(1) => Answer::NotYet,
        _ => Answer::Silence,
    }
}

/// Makes the data of a home that has none yet.
///
/// # Errors
/// What `initdb` said.
pub fn make_data(place: &Place, programs: &PostgresPrograms) -> anyhow::Result<()> {
    if place.holds_data() { Ok(()) } else { create(place, programs) }
}

/// Starts the server on its data, which have to be there.
///
/// # Errors
/// The data are gone, or why the program does not start. What the server itself says is in its log.
pub fn start(place: &Place, programs: &PostgresPrograms) -> anyhow::Result<Child> {
    if !place.holds_data() {
        bail!(place.lost());
    }
    place.remember().context("the place of the database could not be written into the home")?;
    let sockets = place.socket_directory();
    home::make_folder(&sockets)?;
    fs::set_permissions(&sockets, Permissions::from_mode(0o700))?;
    place.give(&sockets)?;
    let log = OpenOptions::new().create(true).append(true).mode(0o600).open(place.server_log())?;
    let mut command = place.command(&programs.file("postgres"));
    command.arg("-D").arg(place.data()).arg("-k").arg(&sockets).arg("-c").arg(format!("cluster_name={}", place.mark()));
    // After an abrupt end one call for the whole file system, instead of opening each file of the data.
    command.args(["-c", "recovery_init_sync_method=syncfs"]);
    command.stdin(Stdio::null()).stdout(log.try_clone()?).stderr(log);
    die_with_parent(&mut command, Signal::SIGINT);
    command.spawn().context("cannot start postgres")
}

/// Makes the data beside their place and moves them there when all is done, the database in them included.
fn create(place: &Place, programs: &PostgresPrograms) -> anyhow::Result<()> {
    remove_unfinished(place);
    // Of its own name: one that a killed guard left may still be written to.
    let unfinished = place.root().join(format!("data.new-{}", Uuid::new_v4()));
    let mut initdb = place.command(&programs.file("initdb"));
    initdb
        .args(["--encoding=UTF8", "--locale=C.UTF-8", "--auth=trust", "--username", DATABASE, "--pgdata"])
        .arg(&unfinished)
        .stdin(Stdio::null());
    run(initdb, "initdb", None)?;
    let mut configuration = OpenOptions::new().append(true).open(unfinished.join("postgresql.conf"))?;
    configuration.write_all(include_str!("../postgresql.conf").as_bytes())?;
    configuration.sync_all()?;
    let mut single = place.command(&programs.file("postgres"));
    single.arg("--single").arg("-D").arg(&unfinished).arg("postgres");
    run(single, "postgres --single", Some(&format!("CREATE DATABASE {DATABASE}\n")))?;
    fs::rename(&unfinished, place.data())?;
    home::sync_folder(place.root())?;
    Ok(())
}

/// What cannot be removed now is removed the next time.
fn remove_unfinished(place: &Place) {
    for entry in fs::read_dir(place.root()).into_iter().flatten().flatten() {
        if entry.file_name().to_string_lossy().starts_with("data.new") {
            let _ = fs::remove_dir_all(entry.path());
        }
    }
}

fn run(mut command: Command, name: &str, input: Option<&str>) -> anyhow::Result<()> {
    die_with_parent(&mut command, Signal::SIGKILL);
    command.stdin(Stdio::piped()).stdout(Stdio::null()).stderr(Stdio::piped());
    let mut child = command.spawn().with_context(|| format!("cannot run {name}"))?;
    if let (Some(mut pipe), Some(input)) = (child.stdin.take(), input) {
        pipe.write_all(input.as_bytes()).with_context(|| format!("{name} does not listen"))?;
    }
    let output = child.wait_with_output()?;
    let said = String::from_utf8_lossy(&output.stderr);
    // In single-user mode a statement that fails is told and does not end the program.
    if !output.status.success() || said.lines().any(|line| line.contains("ERROR:")) {
        bail!("{name} failed:\n{said}");
    }
    Ok(())
}

/// Keeps the log from growing for ever: what is too long is put aside when the server starts, and the one before it goes.
pub fn turn_over_log(place: &Place) -> std::io::Result<()> {
    const LONGEST: u64 = 16 * 1024 * 1024;
    let log = place.server_log();
    if File::open(&log).and_then(|file| file.metadata()).is_ok_and(|found| found.len() > LONGEST) {
        fs::rename(&log, place.root().join("server.log.1"))?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_server_is_asked_before_it_is_told_and_told_before_it_is_ended() {
        let after = |seconds: u64| next_signal(Duration::from_secs(seconds));
        assert_eq!([after(0), after(59)], [Signal::SIGINT; 2]);
        assert_eq!([after(60), after(79)], [Signal::SIGQUIT; 2]);
        assert_eq!(after(80), Signal::SIGKILL);
    }
}
