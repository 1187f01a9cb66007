//! Where the cluster of a home lies, and that it is the one of that home.
//!
//! As a rule in the home. Run by root, the server has an account of its own, which must be able to reach its files; in a home under a
//! directory that account cannot enter, the cluster lies under `/var/lib/muheng` instead. Where it is stands in the home
//! (`database.place`), and whose it is stands beside it when it lies outside (`home`): a home that was moved is told from a new one,
//! and nobody is shown an empty database in place of the one they had.

use std::fs::{self, Permissions};
use std::os::unix::fs::{MetadataExt, PermissionsExt, chown};
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, bail};
use nix::unistd::{Uid, User};
use sha2::{Digest, Sha256};

use crate::home;

const OUTSIDE: &str = "/var/lib/muheng";
/// Beside a cluster outside of its home: the home it belongs to.
const OWNER: &str = "home";
/// `sun_path` holds 108 bytes, and the socket's own name takes 20 of them.
const LONGEST_SOCKET_DIRECTORY: usize = 85;

/// Where the cluster's files are.
pub struct Place {
    home: PathBuf,
    root: PathBuf,
    account: Option<User>,
}

impl Place {
    /// # Errors
    /// When the database of the home is known to lie somewhere it is not, or cannot be reached, with what to do.
    pub fn prepare(home: &Path) -> anyhow::Result<Self> {
        let unusable = || format!("cannot use the data directory {}", home.display());
        home::make_home(home).with_context(unusable)?;
        let home = home.canonicalize().with_context(unusable)?;
        let account = unprivileged_account()?;
        home::close(&home, account.as_ref().map(|user| user.gid.as_raw())).with_context(unusable)?;
        let root = Candidates::of(&home, account.as_ref(), Path::new(OUTSIDE)).choose()?;
        let place = Place { home, root, account };
        place.make_root().with_context(|| format!("cannot use {}", place.root.display()))?;
        Ok(place)
    }

    fn make_root(&self) -> std::io::Result<()> {
        if let Some(above) = self.root.parent().filter(|above| !above.is_dir()) {
            fs::create_dir_all(above)?;
            // Shared by all homes of the machine; each cluster in it is closed.
            fs::set_permissions(above, Permissions::from_mode(0o755))?;
        }
        home::make_folder(&self.root)?;
        fs::set_permissions(&self.root, Permissions::from_mode(0o700))?;
        for name in ["users.lock", "guard.lock", "guard.log", "server.log", "start.lock"] {
            let file = self.root.join(name);
            if fs::metadata(&file).is_ok_and(|found| found.mode() & 0o077 != 0) {
                fs::set_permissions(file, Permissions::from_mode(0o600))?;
            }
        }
        self.give(&self.root)
    }

    /// Hands a directory to the account of the server.
    pub fn give(&self, path: &Path) -> std::io::Result<()> {
        match &self.account {
            Some(user) => chown(path, Some(user.uid.as_raw()), Some(user.gid.as_raw())),
            None => Ok(()),
        }
    }

    /// Writes down where the cluster of this home is, once there is one.
    pub fn remember(&self) -> std::io::Result<()> {
        let inside = self.root.strip_prefix(&self.home).ok();
        let word = inside.unwrap_or(&self.root).as_os_str().as_encoded_bytes();
        let note = self.home.join(home::PLACE);
        if fs::read(&note).ok().as_deref().map(<[u8]>::trim_ascii_end) != Some(word) {
            home::put(&note, &[word, b"\n"].concat())?;
        }
        if inside.is_none() && !self.root.join(OWNER).exists() {
            home::put(&self.root.join(OWNER), &[self.home.as_os_str().as_encoded_bytes(), b"\n"].concat())?;
        }
        Ok(())
    }

    pub fn home(&self) -> &Path {
        &self.home
    }

    pub fn root(&self) -> &Path {
        &self.root
    }

    pub fn data(&self) -> PathBuf {
        self.root.join("data")
    }

    /// Whether there is a cluster here.
    pub fn holds_data(&self) -> bool {
        holds_cluster(&self.root)
    }

    /// That it is gone, and what to do.
    pub fn lost(&self) -> String {
        lost(&self.home.join(home::PLACE), &self.root)
    }

    pub fn server_log(&self) -> PathBuf {
        self.root.join("server.log")
    }

    pub fn guard_log(&self) -> PathBuf {
        self.root.join("guard.log")
    }

    pub fn users_lock(&self) -> PathBuf {
        self.root.join("users.lock")
    }

    pub fn guard_lock(&self) -> PathBuf {
        self.root.join("guard.lock")
    }

    /// Part of the command line of every process of the server, so that they can be found among all.
    pub fn mark(&self) -> String {
        format!("muheng-{}", short_hash(&self.root))
    }

    pub fn socket_directory(&self) -> PathBuf {
        if self.root.as_os_str().len() <= LONGEST_SOCKET_DIRECTORY {
            self.root.clone()
        } else {
            std::env::temp_dir().join(self.mark())
        }
    }

    /// A command that runs as the account that owns the cluster.
    pub fn command(&self, program: &Path) -> Command {
        use std::os::unix::process::CommandExt;
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

/// What speaks for one place or another.
struct Candidates<'a> {
    home: &'a Path,
    inside: PathBuf,
    outside: PathBuf,
    /// Whether the account of the server gets to the home.
    reachable: bool,
    /// What stands in the home.
    noted: Option<PathBuf>,
}

impl<'a> Candidates<'a> {
    fn of(home: &'a Path, account: Option<&User>, outside: &Path) -> Self {
        let noted = fs::read_to_string(home.join(home::PLACE)).ok();
        Candidates {
            home,
            inside: home.join(home::DATABASE),
            outside: outside.join(short_hash(home)),
            reachable: account.is_none_or(|user| can_reach(user, home)),
            noted: noted.map(|text| home.join(text.trim_end())),
        }
    }

    fn choose(self) -> anyhow::Result<PathBuf> {
        let root = match &self.noted {
            Some(noted) => self.confirmed(noted)?,
            None => self.found()?,
        };
        if root.starts_with(self.home) && !self.reachable {
            bail!(
                "the database of this home lies in {}, which the account of the database server cannot reach; let others pass through \
                 every directory above {} (chmod o+x), or move the home to where they may, such as /var/lib",
                root.display(),
                self.home.display()
            );
        }
        Ok(root)
    }

    fn confirmed(&self, noted: &Path) -> anyhow::Result<PathBuf> {
        let note = self.home.join(home::PLACE);
        if !holds_cluster(noted) {
            bail!(lost(&note, noted));
        }
        match owner(noted) {
            Some(other) if !noted.starts_with(self.home) && other != self.home => bail!(
                "the database in {} belongs to the home {}, and this one is {}. If the home was moved, write its new path into {}; if it is \
                 a copy, remove {} from it so that it begins with a database of its own",
                noted.display(),
                other.display(),
                self.home.display(),
                noted.join(OWNER).display(),
                note.display()
            ),
            _ => Ok(noted.to_owned()),
        }
    }

    /// Nothing is noted: a new home, or one of an older program.
    fn found(&self) -> anyhow::Result<PathBuf> {
        match (holds_cluster(&self.inside), holds_cluster(&self.outside)) {
            (true, true) => bail!(
                "there are two databases for the home {}: {} and {}. Write the path of the right one into {}",
                self.home.display(),
                self.inside.display(),
                self.outside.display(),
                self.home.join(home::PLACE).display()
            ),
            (true, false) => Ok(self.inside.clone()),
            // The program that wrote down the owner wrote down the place as well: this is not the home that it was.
            (false, true) if owner(&self.outside).is_some() => bail!(
                "{} holds a database of an earlier home at {}. To take it up again, write that path into {}; to begin anew, remove it",
                self.outside.display(),
                self.home.display(),
                self.home.join(home::PLACE).display()
            ),
            (false, true) => Ok(self.outside.clone()),
            (false, false) if self.reachable => Ok(self.inside.clone()),
            (false, false) => Ok(self.outside.clone()),
        }
    }
}

fn lost(note: &Path, root: &Path) -> String {
    format!(
        "{} says that the database of this home lies in {}, but it is not there; bring it back from where it was moved or from a \
         backup. Only if the home is to begin anew with an empty database, remove {}",
        note.display(),
        root.display(),
        note.display()
    )
}

fn holds_cluster(root: &Path) -> bool {
    root.join("data/PG_VERSION").exists()
}

fn owner(root: &Path) -> Option<PathBuf> {
    fs::read_to_string(root.join(OWNER)).ok().map(|text| PathBuf::from(text.trim_end()))
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

/// Whether every directory on the way down to `path`, itself included, lets the account through.
fn can_reach(user: &User, path: &Path) -> bool {
    let lets_through = |meta: fs::Metadata| {
        let (mine, ours) = (meta.uid() == user.uid.as_raw(), meta.gid() == user.gid.as_raw());
        let right = if mine {
            0o100
        } else if ours {
            0o010
        } else {
            0o001
        };
        meta.mode() & right != 0
    };
    path.ancestors().all(|each| fs::metadata(each).is_ok_and(lets_through))
}

fn short_hash(path: &Path) -> String {
    hex::encode(&Sha256::digest(path.as_os_str().as_encoded_bytes())[..6])
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Case {
        folder: tempfile::TempDir,
    }

    impl Case {
        fn new() -> Self {
            let case = Case { folder: tempfile::tempdir().unwrap() };
            fs::create_dir(case.home()).unwrap();
            case
        }

        fn home(&self) -> PathBuf {
            self.folder.path().join("home")
        }

        fn outside(&self) -> PathBuf {
            self.folder.path().join("outside")
        }

        fn inside(&self) -> PathBuf {
            self.home().join(home::DATABASE)
        }

        fn hashed(&self) -> PathBuf {
            self.outside().join(short_hash(&self.home()))
        }

        fn note(&self, text: &str) {
            fs::write(self.home().join(home::PLACE), text).unwrap();
        }

        fn choose(&self, reachable: bool) -> Result<PathBuf, String> {
            let (home, outside) = (self.home(), self.outside());
            let candidates = Candidates { reachable, ..Candidates::of(&home, None, &outside) };
            candidates.choose().map_err(|error| error.to_string())
        }
    }

    fn cluster_in(root: &Path) {
        fs::create_dir_all(root.join("data")).unwrap();
        fs::write(root.join("data/PG_VERSION"), "15\n").unwrap();
    }

    #[test]
    fn a_new_home_has_its_database_inside_unless_the_server_cannot_get_there() {
        let case = Case::new();
        assert_eq!(case.choose(true), Ok(case.inside()));
        assert_eq!(case.choose(false), Ok(case.hashed()));
    }

    #[test]
    fn a_database_that_is_there_is_taken_and_never_passed_over_for_an_empty_one() {
        let case = Case::new();
        cluster_in(&case.hashed());
        assert_eq!(case.choose(true), Ok(case.hashed()), "the parents became searchable");
        let case = Case::new();
        cluster_in(&case.inside());
        assert!(case.choose(false).unwrap_err().contains("chmod o+x"), "the parents are searchable no more");
        cluster_in(&case.hashed());
        assert!(case.choose(true).unwrap_err().contains("two databases"));
        case.note("postgres\n");
        assert_eq!(case.choose(true), Ok(case.inside()));
    }

    #[test]
    fn a_note_that_leads_nowhere_is_refused() {
        let case = Case::new();
        case.note("postgres\n");
        let refusal = case.choose(true).unwrap_err();
        assert!(refusal.contains("it is not there") && refusal.contains("database.place"), "{refusal}");
        cluster_in(&case.inside());
        assert_eq!(case.choose(true), Ok(case.inside()));
    }

    #[test]
    fn a_moved_or_copied_home_is_told_from_its_own() {
        let case = Case::new();
        let root = case.outside().join("0123456789ab");
        cluster_in(&root);
        fs::write(root.join(OWNER), "/old/home\n").unwrap();
        case.note(root.to_str().unwrap());
        let refusal = case.choose(false).unwrap_err();
        assert!(refusal.contains("/old/home") && refusal.contains(root.join(OWNER).to_str().unwrap()), "{refusal}");
        fs::write(root.join(OWNER), case.home().as_os_str().as_encoded_bytes()).unwrap();
        assert_eq!(case.choose(false), Ok(root.clone()));
        assert_eq!(case.choose(true), Ok(root), "also when the home itself could be reached");
    }

    #[test]
    fn a_home_made_anew_at_an_old_path_does_not_open_the_old_database() {
        let case = Case::new();
        cluster_in(&case.hashed());
        fs::write(case.hashed().join(OWNER), case.home().as_os_str().as_encoded_bytes()).unwrap();
        assert!(case.choose(false).unwrap_err().contains("earlier home"));
    }
}
