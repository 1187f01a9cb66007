//! How a process of the cluster is started: with signals as at the beginning of the world, and never outliving its guard.

use std::os::unix::process::CommandExt;
use std::process::Command;

use nix::errno::Errno;
use nix::sys::signal::SigmaskHow;
use nix::sys::signal::{SaFlags, SigAction, SigHandler, SigSet, Signal, sigaction, sigprocmask};
use nix::unistd::getppid;

const RESET: [Signal; 6] =
    [Signal::SIGINT, Signal::SIGTERM, Signal::SIGQUIT, Signal::SIGHUP, Signal::SIGPIPE, Signal::SIGCHLD];

/// A signal that is ignored stays ignored across `exec`, as after `nohup … &`: without this a request to stop that comes before the
/// program has set its own handlers would vanish.
pub fn fresh_signals(command: &mut Command) {
    before_exec(command, reset);
}

/// Besides fresh signals: the kernel sends `signal` when the thread that starts it, the guard's only one that does, is gone.
pub fn die_with_parent(command: &mut Command, signal: Signal) {
    let parent = nix::unistd::getpid();
    before_exec(command, move || {
        reset()?;
        nix::sys::prctl::set_pdeathsig(signal)?;
        // It may have gone before the kernel was asked.
        if getppid() == parent { Ok(()) } else { Err(Errno::ESRCH) }
    });
}

fn reset() -> Result<(), Errno> {
    let default = SigAction::new(SigHandler::SigDfl, SaFlags::empty(), SigSet::empty());
    for signal in RESET {
        #[allow(unsafe_code, reason = "the default action runs no code of ours")]
        // SAFETY: no handler is set.
        unsafe {
            sigaction(signal, &default)?;
        }
    }
    sigprocmask(SigmaskHow::SIG_SETMASK, Some(&SigSet::empty()), None)
}

fn before_exec(command: &mut Command, prepare: impl Fn() -> Result<(), Errno> + Send + Sync + 'static) {
    #[allow(unsafe_code, reason = "async-signal-safe system calls between fork and exec, nothing is allocated")]
    // SAFETY: all that is handed in calls signal functions only, and allocates nothing.
    unsafe {
        command.pre_exec(move || prepare().map_err(std::io::Error::from));
    }
}

/// The command lines of all processes that may be seen.
pub fn command_lines() -> impl Iterator<Item = (i32, String)> {
    let entries = std::fs::read_dir("/proc").into_iter().flatten().flatten();
    entries.filter_map(|entry| {
        let pid = entry.file_name().to_str()?.parse().ok()?;
        command_line(pid).map(|line| (pid, line))
    })
}

/// None for a process that is gone, or has ended and was not waited for yet.
pub fn command_line(pid: i32) -> Option<String> {
    let line = std::fs::read(format!("/proc/{pid}/cmdline")).ok()?;
    let line = String::from_utf8_lossy(&line).replace('\0', " ");
    let line = line.trim();
    (!line.is_empty()).then(|| line.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What `nohup … &` in a script leaves to its child.
    #[test]
    fn a_process_is_started_with_its_signals_fresh() {
        let ignored = |line: &str| {
            let script = "trap '' INT QUIT TERM HUP; exec env grep SigIgn /proc/self/status";
            let mut command = Command::new("sh");
            command.args(["-c", if line.is_empty() { script } else { line }]);
            command
        };
        let plain = String::from_utf8(ignored("").output().unwrap().stdout).unwrap();
        // INT, QUIT, TERM and HUP are bits 1, 2, 14 and 0.
        assert!(mask(&plain) & 0x4007 == 0x4007, "{plain}");

        let mut fresh = Command::new("grep");
        fresh.args(["SigIgn", "/proc/self/status"]);
        before_exec(&mut fresh, || {
            for signal in RESET {
                let ignore = SigAction::new(SigHandler::SigIgn, SaFlags::empty(), SigSet::empty());
                #[allow(unsafe_code, reason = "ignoring runs no code of ours")]
                // SAFETY: no handler is set.
                unsafe {
                    sigaction(signal, &ignore)?;
                }
            }
            Ok(())
        });
        fresh_signals(&mut fresh);
        let text = String::from_utf8(fresh.output().unwrap().stdout).unwrap();
        assert_eq!(mask(&text) & 0x1_5007, 0, "{text}");
    }

    fn mask(line: &str) -> u64 {
        u64::from_str_radix(line.split_whitespace().nth(1).unwrap(), 16).unwrap()
    }
}
