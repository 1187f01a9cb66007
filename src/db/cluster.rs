//! The private cluster: a PostgreSQL server of our own under the home directory, on a unix socket only.
//!
//! Every process that uses it holds a shared lock on `users.lock`. The first one starts a *guard*, a process of this
//! same program that runs the server and waits for an exclusive lock on that file: the kernel grants it when the last
//! user is gone, however it went, and the guard then stops the server. So nothing is left behind by a `kill -9`, and
//! no user pulls the server away from under another.

use std::fs::{self, File, OpenOptions, Permissions};
use std::os::unix::fs::{MetadataExt, PermissionsExt, chown};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context, bail};
use nix::fcntl::{Flock, FlockArg};
use nix::sys::signal::{Signal, kill};
use nix::unistd::{Pid, Uid, User};
use sha2::{Digest, Sha256};
use sqlx::postgres::PgConnectOptions;

const DATABASE: &str = "muheng";
const STARTUP: Duration = Duration::from_secs(60);
const OLDEST_POSTGRES: u32 = 15;
/// `sun_path` holds 108 bytes, and the socket's own name takes 20 of them.
const LONGEST_SOCKET_DIRECTORY: usize = 85;

/// A running private cluster. Dropping the last one anywhere lets the guard stop the server.
pub struct Cluster {
    socket_directory: PathBuf,
    _in_use: Flock<File>,
}

impl Cluster {
    /// Joins the cluster of `home`, starting it first when nobody runs it.
    /// `program` is this program's own file, which runs the guard.
    ///
    /// # Errors
    /// One message saying what to install when PostgreSQL or PostGIS is missing; otherwise what the server said.
    pub fn open(home: &Path, program: &Path) -> anyhow::Result<Self> {
        let place = Place::prepare(home)?;
        let in_use = lock(&place.users_lock(), FlockArg::LockShared)?;
        let _starting = lock(&place.root.join("start.lock"), FlockArg::LockExclusive)?;
        if !place.answers() {
            start_guard(&place, home, program)?;
        }
        Ok(Cluster { socket_directory: place.socket_directory(), _in_use: in_use })
    }

    pub fn connect_options(&self) -> PgConnectOptions {
        PgConnectOptions::new_without_pgpass().socket(&self.socket_directory).username(DATABASE).database(DATABASE)
    }
}

/// What the guard process does: create the cluster if need be, run the server, stop it after the last user.
///
/// # Errors
/// What `initdb` or the server said; the one who started the guard shows it.
pub fn guard(home: &Path) -> anyhow::Result<()> {
    let place = Place::prepare(home)?;
    let mut server = start_server(&place)?;
    let _last_user_gone = lock(&place.users_lock(), FlockArg::LockExclusive)?;
    stop_server(&mut server)
}

/// Where the cluster's files are.
struct Place {
    root: PathBuf,
    account: Option<User>,
}

impl Place {
    fn prepare(home: &Path) -> anyhow::Result<Self> {
        fs::create_dir_all(home).with_context(|| format!("cannot create the data directory {}", home.display()))?;
        let home = home.canonicalize()?;
        let account = unprivileged_account()?;
        let root = match &account {
            Some(_) if !every_parent_is_searchable(&home) => Path::new("/var/lib/muheng").join(short_hash(&home)),
            _ => home.join("postgres"),
        };
        fs::create_dir_all(&root).with_context(|| format!("cannot create {}", root.display()))?;
        if let Some(user) = &account {
            chown(&root, Some(user.uid.as_raw()), Some(user.gid.as_raw()))?;
        }
        Ok(Place { root, account })
    }

    fn data(&self) -> PathBuf {
        self.root.join("data")
    }

    fn log(&self) -> PathBuf {
        self.root.join("server.log")
    }

    fn users_lock(&self) -> PathBuf {
        self.root.join("users.lock")
    }

    fn socket_directory(&self) -> PathBuf {
        if self.root.as_os_str().len() <= LONGEST_SOCKET_DIRECTORY {
            self.root.clone()
        } else {
            std::env::temp_dir().join(format!("muheng-{}", short_hash(&self.root)))
        }
    }

    fn answers(&self) -> bool {
        let Ok(programs) = PostgresPrograms::find() else { return false };
        Command::new(programs.file("pg_isready"))
            .args(["--quiet", "--timeout=2", "--host"])
            .arg(self.socket_directory())
            .status()
            .is_ok_and(|status| status.success())
    }

    /// A command that runs as the account that owns the cluster.
    fn command(&self, program: &Path) -> Command {
        let mut command = Command::new(program);
        command
            .env_remove("PGDATA")
            .env_remove("PGPORT")
            .env_remove("PGHOST")
            .env("LC_ALL", "C.UTF-8")
            .current_dir(&self.root);
        if let Some(user) = &self.account {
            command.uid(user.uid.as_raw()).gid(user.gid.as_raw()).env("HOME", &user.dir).env("USER", &user.name);
        }
        command
    }
}

fn lock(path: &Path, kind: FlockArg) -> anyhow::Result<Flock<File>> {
    let file = OpenOptions::new()
        .create(true)
        .truncate(false)
        .write(true)
        .open(path)
        .with_context(|| format!("cannot open {}", path.display()))?;
    Flock::lock(file, kind).map_err(|(_, errno)| anyhow::anyhow!("cannot lock {}: {errno}", path.display()))
}

/// PostgreSQL refuses to run as root, so root hands the server to an account without privileges.
fn unprivileged_account() -> anyhow::Result<Option<User>> {
    if !Uid::effective().is_root() {
        return Ok(None);
    }
    for name in ["postgres", "nobody"] {
        if let Some(user) = User::from_name(name)? {
            return Ok(Some(user));
        }
    }
    bail!("running as root needs an account “postgres” or “nobody” for the database server")
}

fn every_parent_is_searchable(path: &Path) -> bool {
    path.ancestors().all(|parent| fs::metadata(parent).is_ok_and(|meta| meta.mode() & 0o001 != 0))
}

fn short_hash(path: &Path) -> String {
    hex::encode(&Sha256::digest(path.as_os_str().as_encoded_bytes())[..6])
}

/// The directory of the newest PostgreSQL on this machine that PostGIS is installed for.
pub struct PostgresPrograms {
    directory: PathBuf,
}

impl PostgresPrograms {
    /// # Errors
    /// One message saying what to install.
    pub fn find() -> anyhow::Result<Self> {
        const INSTALL: &str = "install it with: apt-get install postgresql-15 postgresql-15-postgis-3";
        let mut versions = installed_versions();
        versions.sort_unstable();
        versions.retain(|version| *version >= OLDEST_POSTGRES);
        if versions.is_empty() {
            bail!("PostgreSQL {OLDEST_POSTGRES} or newer was not found on this machine; {INSTALL}");
        }
        let with_postgis =
            |version: &&u32| Path::new(&format!("/usr/share/postgresql/{version}/extension/postgis.control")).exists();
        match versions.iter().rev().find(with_postgis) {
            Some(version) => Ok(Self { directory: format!("/usr/lib/postgresql/{version}/bin").into() }),
            None => bail!("PostgreSQL was found but not PostGIS 3.3 or newer for it; {INSTALL}"),
        }
    }

    pub fn file(&self, name: &str) -> PathBuf {
        self.directory.join(name)
    }
}

fn installed_versions() -> Vec<u32> {
    let Ok(entries) = fs::read_dir("/usr/lib/postgresql") else { return Vec::new() };
    entries
        .flatten()
        .filter(|entry| entry.path().join("bin/postgres").exists())
        .filter_map(|entry| entry.file_name().to_str()?.parse().ok())
        .collect()
}

fn start_guard(place: &Place, home: &Path, program: &Path) -> anyhow::Result<()> {
    PostgresPrograms::find()?;
    let log = File::create(place.root.join("guard.log"))?;
    let mut guard = Command::new(program)
        .arg("cluster-guard")
        .env("MUHENG_HOME", home)
        .stdin(Stdio::null())
        .stdout(log.try_clone()?)
        .stderr(log)
        // Ctrl-C in the terminal is for the program, not for the database under it.
        .process_group(0)
        .spawn()
        .with_context(|| format!("cannot start {}", program.display()))?;
    let deadline = Instant::now() + STARTUP;
    while !place.answers() {
        if guard.try_wait()?.is_some() || Instant::now() > deadline {
            bail!(
                "the database server did not start:\n{}\n{}",
                tail(&place.root.join("guard.log")),
                tail(&place.log())
            );
        }
        thread::sleep(Duration::from_millis(20));
    }
    // Reaps the guard if it should end while we still run.
    thread::spawn(move || guard.wait());
    create_database(place)
}

fn tail(path: &Path) -> String {
    let text = fs::read_to_string(path).unwrap_or_default();
    let lines: Vec<&str> = text.lines().collect();
    lines[lines.len().saturating_sub(12)..].join("\n")
}

fn start_server(place: &Place) -> anyhow::Result<Child> {
    let programs = PostgresPrograms::find()?;
    if !place.data().join("PG_VERSION").exists() {
        create_cluster(place, &programs)?;
    }
    let sockets = place.socket_directory();
    fs::create_dir_all(&sockets)?;
    fs::set_permissions(&sockets, Permissions::from_mode(0o700))?;
    if let Some(user) = &place.account {
        chown(&sockets, Some(user.uid.as_raw()), Some(user.gid.as_raw()))?;
    }
    let log = OpenOptions::new().create(true).append(true).open(place.log())?;
    let mut command = place.command(&programs.file("postgres"));
    command
        .arg("-D")
        .arg(place.data())
        .arg("-k")
        .arg(&sockets)
        .stdin(Stdio::null())
        .stdout(log.try_clone()?)
        .stderr(log);
    die_with_parent(&mut command);
    command.spawn().context("cannot start postgres")
}

/// Asks the kernel to stop the server (fast shutdown) should the guard itself be killed.
fn die_with_parent(command: &mut Command) {
    let parent_died = || {
        nix::sys::prctl::set_pdeathsig(Signal::SIGINT).map_err(std::io::Error::from)?;
        Ok(())
    };
    #[allow(unsafe_code, reason = "one async-signal-safe system call between fork and exec")]
    unsafe {
        command.pre_exec(parent_died);
    }
}

fn create_cluster(place: &Place, programs: &PostgresPrograms) -> anyhow::Result<()> {
    let unfinished = place.root.join("data.new");
    if unfinished.exists() {
        fs::remove_dir_all(&unfinished)?;
    }
    let output = place
        .command(&programs.file("initdb"))
        .args(["--encoding=UTF8", "--locale=C.UTF-8", "--auth=trust", "--username", DATABASE, "--pgdata"])
        .arg(&unfinished)
        .output()
        .context("cannot run initdb")?;
    if !output.status.success() {
        bail!("initdb failed:\n{}", String::from_utf8_lossy(&output.stderr));
    }
    let settings = include_str!("postgresql.conf");
    let mut configuration = OpenOptions::new().append(true).open(unfinished.join("postgresql.conf"))?;
    std::io::Write::write_all(&mut configuration, settings.as_bytes())?;
    configuration.sync_all()?;
    fs::rename(&unfinished, place.data())?;
    Ok(())
}

fn create_database(place: &Place) -> anyhow::Result<()> {
    let programs = PostgresPrograms::find()?;
    let psql = |database: &str, statement: &str| -> anyhow::Result<String> {
        let output = place
            .command(&programs.file("psql"))
            .args([
                "--no-psqlrc",
                "--tuples-only",
                "--no-align",
                "--username",
                DATABASE,
                "--dbname",
                database,
                "--host",
            ])
            .arg(place.socket_directory())
            .args(["--command", statement])
            .output()?;
        if !output.status.success() {
            bail!("{}", String::from_utf8_lossy(&output.stderr));
        }
        Ok(String::from_utf8_lossy(&output.stdout).trim().to_owned())
    };
    if psql("postgres", "SELECT 1 FROM pg_database WHERE datname = 'muheng'")?.is_empty() {
        psql("postgres", "CREATE DATABASE muheng")?;
    }
    Ok(())
}

/// SIGINT is PostgreSQL's fast shutdown: sessions are ended, a checkpoint is written.
fn stop_server(server: &mut Child) -> anyhow::Result<()> {
    kill(Pid::from_raw(server.id() as i32), Signal::SIGINT)?;
    server.wait()?;
    Ok(())
}
