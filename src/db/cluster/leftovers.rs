//! What is left of a server that ended abruptly: backends that have not noticed yet, or a postmaster that is still stopping. They hold
//! the memory a new server would share, so it waits for them, and ends those that take too long.

use std::fs;
use std::path::Path;
use std::thread;
use std::time::{Duration, Instant};

use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;

use super::place::Place;
use super::process;
use super::server::next_signal;

/// A backend notices within moments that its postmaster is gone, unless it is in the middle of a long step.
const NOTICING: Duration = Duration::from_secs(2);
const ASKING: Duration = Duration::from_secs(20);
const BETWEEN_LOOKS: Duration = Duration::from_millis(50);
const BETWEEN_SIGNALS: Duration = Duration::from_secs(1);
/// A private server keeps the usual number of its socket.
const SOCKET_LOCK: &str = ".s.PGSQL.5432.lock";

/// Returns when no process of an earlier server of this place is there, nor its word that it is.
pub fn wait_until_gone(place: &Place) {
    wait_for_processes(place);
    forget_postmaster(place);
}

/// PostgreSQL does not start while a process of the number in `postmaster.pid`, or in the lock beside its socket, is there: one that has
/// ended and that nobody waited for, or another that has the number after the machine was started anew. Whoever holds the guard's lock
/// has seen that no server is left.
fn forget_postmaster(place: &Place) {
    let is_server = |pid| process::command_line(pid).is_some_and(|line| program(&line) == Some("postgres"));
    let words = [place.data().join("postmaster.pid"), place.socket_directory().join(SOCKET_LOCK)];
    for word in words.iter().filter(|word| first_number(word).is_some_and(|pid| !is_server(pid))) {
        let _ = fs::remove_file(word);
    }
}

fn wait_for_processes(place: &Place) {
    let began = Instant::now();
    let mut signalled = None::<Instant>;
    loop {
        let left = find(place);
        if left.is_empty() {
            return;
        }
        if signalled.is_none_or(|at| at.elapsed() >= BETWEEN_SIGNALS)
            && let Some((whom, signal)) = due(&left, postmaster(place), began.elapsed())
        {
            eprintln!("ending what is left of the last server with {signal}: {whom:?}");
            for pid in whom {
                let _ = kill(Pid::from_raw(pid), signal);
            }
            signalled = Some(Instant::now());
        }
        thread::sleep(BETWEEN_LOOKS);
    }
}

/// Whom to send what by now. A postmaster that is still there ends its own backends.
fn due(left: &[i32], postmaster: Option<i32>, waited: Duration) -> Option<(Vec<i32>, Signal)> {
    match postmaster.filter(|pid| left.contains(pid)) {
        Some(pid) => Some((vec![pid], next_signal(waited))),
        None if waited < NOTICING => None,
        None if waited < NOTICING + ASKING => Some((left.to_vec(), Signal::SIGTERM)),
        None => Some((left.to_vec(), Signal::SIGKILL)),
    }
}

/// PostgreSQL's own processes that carry the mark of this place, or are started on its data.
fn find(place: &Place) -> Vec<i32> {
    let (mark, data) = (place.mark(), format!("-D {} ", place.data().display()));
    let is_server = |line: &str| program(line) == Some("postgres") && (line.contains(&mark) || line.contains(&data));
    process::command_lines().filter(|(_, line)| is_server(line)).map(|(pid, _)| pid).collect()
}

/// The name of the program in a command line; PostgreSQL's children write `postgres: what they do` there.
fn program(line: &str) -> Option<&str> {
    line.split([' ', ':']).next()?.rsplit('/').next()
}

fn postmaster(place: &Place) -> Option<i32> {
    first_number(&place.data().join("postmaster.pid"))
}

fn first_number(file: &Path) -> Option<i32> {
    fs::read_to_string(file).ok()?.lines().next()?.trim().parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn backends_are_left_a_moment_then_asked_then_ended() {
        let left = [11, 12];
        let whole = left.to_vec();
        let after = |seconds: f64| due(&left, None, Duration::from_secs_f64(seconds));
        assert_eq!(after(1.9), None);
        assert_eq!(after(2.0), Some((whole.clone(), Signal::SIGTERM)));
        assert_eq!(after(21.9), Some((whole.clone(), Signal::SIGTERM)));
        assert_eq!(after(22.0), Some((whole, Signal::SIGKILL)));
    }

    #[test]
    fn a_server_is_known_by_its_command_line() {
        assert_eq!(program("/usr/lib/postgresql/15/bin/postgres -D /x/data -k /x"), Some("postgres"));
        assert_eq!(program("postgres: muheng-0123: checkpointer"), Some("postgres"));
        assert_eq!(program("grep postgres"), Some("grep"));
    }

    #[test]
    fn a_postmaster_is_asked_to_stop_and_its_backends_are_left_to_it() {
        assert_eq!(due(&[11, 12], Some(11), Duration::ZERO), Some((vec![11], Signal::SIGINT)));
        assert_eq!(due(&[12], Some(11), Duration::ZERO), None, "its number is of a process that is gone");
    }
}
