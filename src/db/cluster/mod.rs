//! The private cluster: a PostgreSQL server of our own under the home directory, on a unix socket only.
//!
//! Every process that uses it holds a shared lock on `users.lock`. The first one starts a *guard*, a process of this
//! same program that runs the server, starts it again when it dies, and waits for an exclusive lock on that file: the kernel
//! grants it when the last user is gone, however it went, and the guard then stops the server. So nothing is left behind by a
//! `kill -9`, and no user pulls the server away from under another.
//!
//! The guard in turn holds `guard.lock` for as long as it lives, and writes there how far it is. Whoever gets that lock knows that no
//! guard is there, and starts one: users on their way in, and a long-lived one ([`Cluster::watch`]) as soon as its guard is gone.

mod guard;
mod leftovers;
mod lock;
mod place;
mod process;
mod programs;
mod server;
mod stage;

use std::fs::{self, File};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context, bail};
use sqlx::postgres::PgConnectOptions;

pub use guard::guard;
use lock::Kind;
use place::Place;
use programs::PostgresPrograms;
use stage::Stage;

/// The one database of a cluster, and the role that owns it.
const DATABASE: &str = "muheng";
/// Longer than a guard takes to stop a server, the hard way included.
const STOPPING: Duration = Duration::from_secs(120);
/// Longer than making a cluster takes, and waiting for what is left of the last server.
const STARTING: Duration = Duration::from_secs(240);
/// Recovering takes what it takes; after so long one is told.
const UNNOTICED: Duration = Duration::from_secs(3);
const BETWEEN_LOOKS: Duration = Duration::from_millis(15);

/// A running private cluster. The last one to go anywhere lets the guard stop the server.
pub struct Cluster {
    place: Place,
    _in_use: File,
}

impl Cluster {
    /// Joins the cluster of `home`, starting it first when nobody runs it.
    /// `program` is this program's own file, which runs the guard.
    ///
    /// # Errors
    /// One message saying what to install when PostgreSQL or PostGIS is missing; who holds a lock for too long; a home whose
    /// database lies elsewhere; otherwise what the server said.
    pub fn open(home: &Path, program: &Path) -> anyhow::Result<Self> {
        let place = Place::prepare(home)?;
        let in_use = lock::wait(&place.users_lock(), Kind::Shared, STOPPING)?;
        until_ready(&place, program)?;
        Ok(Cluster { place, _in_use: in_use })
    }

    pub fn connect_options(&self) -> PgConnectOptions {
        PgConnectOptions::new_without_pgpass()
            .socket(self.place.socket_directory())
            .username(DATABASE)
            .database(DATABASE)
    }

    /// The directory that holds the database.
    pub fn root(&self) -> &Path {
        self.place.root()
    }

    /// Starts another guard whenever the one there is gone. Returns when that cannot be done, with the reason; blocks its thread.
    pub fn watch(&self, program: &Path) -> anyhow::Error {
        loop {
            match lock::wait_for_ever(&self.place.guard_lock(), Kind::Shared) {
                // What the one who is gone wrote last is not true any more.
                Ok(free) => drop(stage::write(&free, Stage::Starting)),
                Err(error) => return error,
            }
            tracing::warn!("the guard of the database is gone; starting another");
            if let Err(error) = until_ready(&self.place, program) {
                return error;
            }
            tracing::info!("the database is running again");
        }
    }
}

/// Waits for the server, starting a guard when there is none.
fn until_ready(place: &Place, program: &Path) -> anyhow::Result<()> {
    let mut started: Option<Child> = None;
    let (mut looked, mut recovering, mut told) = (Instant::now(), None::<Instant>, false);
    loop {
        if let Some(free) = lock::attempt(&place.guard_lock(), Kind::Exclusive)? {
            if let Some(mut ended) = started.take() {
                let _ = ended.wait();
                bail!(
                    "the database server did not start:\n{}\n{}",
                    tail(&place.guard_log()),
                    tail(&place.server_log())
                );
            }
            started = Some(start_guard(place, free, program)?);
        }
        match stage::read(&place.guard_lock()) {
            Some(Stage::Ready) => break,
            Some(Stage::Recovering) => {
                looked = Instant::now();
                let since = *recovering.get_or_insert(looked);
                if !told && since.elapsed() > UNNOTICED {
                    tracing::warn!("the database is recovering from an abrupt end; this may take some minutes");
                    told = true;
                }
            }
            _ if looked.elapsed() > STARTING => bail!(
                "the database server of {} is not ready after {} s; {}",
                place.root().display(),
                STARTING.as_secs(),
                lock::told_by(&place.guard_lock())
            ),
            _ => {}
        }
        thread::sleep(BETWEEN_LOOKS);
    }
    if let Some(mut guard) = started {
        // Reaps the guard if it should end while we still run.
        thread::spawn(move || guard.wait());
    }
    Ok(())
}

/// The guard takes the lock over as its standard input, so that there is no moment without a holder.
fn start_guard(place: &Place, free: File, program: &Path) -> anyhow::Result<Child> {
    PostgresPrograms::find()?;
    stage::write(&free, Stage::Starting)?;
    let log = File::create(place.guard_log())?;
    let mut command = Command::new(program);
    command.arg("cluster-guard").env("MUHENG_HOME", place.home()).stdout(log.try_clone()?).stderr(log);
    // Ctrl-C in the terminal is for the program, not for the database under it.
    std::os::unix::process::CommandExt::process_group(&mut command, 0);
    process::fresh_signals(&mut command);
    command.stdin(Stdio::from(free));
    command.spawn().with_context(|| format!("cannot start {}", program.display()))
}

fn tail(path: &Path) -> String {
    let text = fs::read_to_string(path).unwrap_or_default();
    let lines: Vec<&str> = text.lines().collect();
    lines[lines.len().saturating_sub(12)..].join("\n")
}
