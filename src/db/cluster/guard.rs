//! The guard process: makes the cluster if need be, runs the server, starts it again when it dies, stops it after the last user.

use std::collections::VecDeque;
use std::fs::File;
use std::io;
use std::os::fd::AsFd;
use std::os::unix::fs::MetadataExt;
use std::path::Path;
use std::process::Child;
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context, bail, ensure};
use nix::sys::signal::kill;
use nix::sys::wait::{Id, WaitPidFlag, waitid};
use nix::unistd::Pid;

use super::leftovers;
use super::lock::{self, Kind};
use super::place::Place;
use super::programs::PostgresPrograms;
use super::server::{self, Answer};
use super::stage::{self, Stage};

/// A server that does not even refuse for so long will not answer any more.
const LONGEST_SILENCE: Duration = Duration::from_secs(60);
const BETWEEN_QUESTIONS: Duration = Duration::from_millis(25);
const BETWEEN_SIGNALS: Duration = Duration::from_secs(1);
/// A server that dies again and again has a reason that starting it does not mend.
const MOST_STARTS: usize = 5;
const STARTS_WITHIN: Duration = Duration::from_secs(300);

/// Runs until the last user is gone. Started by [`super::Cluster::open`], which hands over the guard's lock as standard input.
///
/// # Errors
/// What `initdb` or the server said; the one who started the guard shows it.
pub fn guard(home: &Path) -> anyhow::Result<()> {
    let place = Place::prepare(home)?;
    let standing = inherited_lock(&place)?;
    let (tell, hear) = channel();
    let users_lock = place.users_lock();
    let teller = tell.clone();
    thread::spawn(move || teller.send(Event::LastUserGone(lock::wait_for_ever(&users_lock, Kind::Exclusive))));
    let guard = Guard { programs: PostgresPrograms::find()?, place, standing, tell, hear };
    guard.run()
}

/// The lock that whoever started this process took for it.
fn inherited_lock(place: &Place) -> anyhow::Result<File> {
    let file = File::from(io::stdin().as_fd().try_clone_to_owned()?);
    let (given, wanted) = (file.metadata()?, place.guard_lock().metadata()?);
    ensure!(
        (given.dev(), given.ino()) == (wanted.dev(), wanted.ino()),
        "the guard is started by the other commands, never by hand"
    );
    Ok(file)
}

enum Event {
    /// With the lock on the users, so that nobody joins while the server stops.
    LastUserGone(anyhow::Result<File>),
    ServerEnded,
}

struct Guard {
    place: Place,
    programs: PostgresPrograms,
    /// Held for as long as this process lives; it says how far it is.
    standing: File,
    tell: Sender<Event>,
    hear: Receiver<Event>,
}

impl Guard {
    fn run(&self) -> anyhow::Result<()> {
        let mut starts = VecDeque::new();
        // Once, before anything ran: data that are gone later were lost, and nobody is to live on empty ones in their stead.
        server::make_data(&self.place, &self.programs)?;
        loop {
            too_often(&mut starts, Instant::now())?;
            self.is(Stage::Starting)?;
            leftovers::wait_until_gone(&self.place);
            let mut server = self.start()?;
            let nobody_joins = match self.until_ready(&mut server)? {
                Some(lock) => lock,
                None => {
                    self.is(Stage::Ready)?;
                    match self.hear.recv()? {
                        Event::LastUserGone(lock) => lock?,
                        Event::ServerEnded => {
                            eprintln!("the server ended by itself: {}; starting it again", server.wait()?);
                            continue;
                        }
                    }
                }
            };
            self.is(Stage::Stopping)?;
            self.stop(&mut server)?;
            drop(nobody_joins);
            return Ok(());
        }
    }

    fn is(&self, stage: Stage) -> anyhow::Result<()> {
        stage::write(&self.standing, stage).context("the lock of the guard cannot be written")
    }

    /// Started by this thread, on whose life the server's hangs.
    fn start(&self) -> anyhow::Result<Child> {
        server::turn_over_log(&self.place)?;
        let server = server::start(&self.place, &self.programs)?;
        let (tell, pid) = (self.tell.clone(), Pid::from_raw(server.id() as i32));
        thread::spawn(move || {
            // Not reaped here: until the guard has heard of it, its number cannot become another's.
            while waitid(Id::Pid(pid), WaitPidFlag::WEXITED | WaitPidFlag::WNOWAIT) == Err(nix::errno::Errno::EINTR) {}
            tell.send(Event::ServerEnded)
        });
        Ok(server)
    }

    /// The lock of the users when the last of them went meanwhile.
    fn until_ready(&self, server: &mut Child) -> anyhow::Result<Option<File>> {
        let mut heard = Instant::now();
        loop {
            match self.hear.recv_timeout(BETWEEN_QUESTIONS) {
                Ok(Event::LastUserGone(lock)) => return Ok(Some(lock?)),
                Ok(Event::ServerEnded) => bail!("the server ended before it was ready: {}", server.wait()?),
                Err(RecvTimeoutError::Timeout) => {}
                Err(RecvTimeoutError::Disconnected) => unreachable!("the guard keeps a sender"),
            }
            match server::ask(&self.place, &self.programs) {
                Answer::Welcome => return Ok(None),
                Answer::NotYet => {
                    heard = Instant::now();
                    self.is(Stage::Recovering)?;
                }
                Answer::Silence if heard.elapsed() > LONGEST_SILENCE => {
                    self.stop(server)?;
                    bail!("the server gave no answer for {} s", LONGEST_SILENCE.as_secs());
                }
                Answer::Silence => {}
            }
        }
    }

    /// Asks again and again: a signal may come before the server has its handlers.
    fn stop(&self, server: &mut Child) -> anyhow::Result<()> {
        let began = Instant::now();
        let pid = Pid::from_raw(server.id() as i32);
        loop {
            kill(pid, server::next_signal(began.elapsed()))?;
            match self.hear.recv_timeout(BETWEEN_SIGNALS) {
                Ok(Event::ServerEnded) => break,
                Ok(Event::LastUserGone(_)) | Err(RecvTimeoutError::Timeout) => {}
                Err(RecvTimeoutError::Disconnected) => unreachable!("the guard keeps a sender"),
            }
        }
        server.wait()?;
        Ok(())
    }
}

/// Notes a start at `now`.
fn too_often(starts: &mut VecDeque<Instant>, now: Instant) -> anyhow::Result<()> {
    while starts.front().is_some_and(|first| now.duration_since(*first) > STARTS_WITHIN) {
        starts.pop_front();
    }
    if starts.len() == MOST_STARTS {
        bail!("the server ended {MOST_STARTS} times within {} s; see its log", STARTS_WITHIN.as_secs());
    }
    starts.push_back(now);
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_server_that_keeps_dying_is_given_up_and_one_that_dies_now_and_then_is_not() {
        let (begin, mut starts) = (Instant::now(), VecDeque::new());
        for second in 0..MOST_STARTS as u64 {
            too_often(&mut starts, begin + Duration::from_secs(second)).unwrap();
        }
        assert!(too_often(&mut starts, begin + STARTS_WITHIN).is_err());
        assert!(too_often(&mut starts, begin + STARTS_WITHIN + Duration::from_millis(1)).is_ok());
    }
}
