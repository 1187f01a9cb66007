//! Turns: every costly step takes one before it begins and gives it back when its work has ended, whoever asked for it.
//!
//! There is one bound for everybody and one for each person, so that nobody fills the machine and nobody keeps the others out; the line of
//! those who wait is bounded as well. Who finds it full, or waits too long, is told to come again. The steps that take memory are bounded in
//! it too: what one takes, times as many as go on at once, is all they take.

use std::collections::HashMap;
use std::future::Future;
use std::sync::{Arc, LazyLock, Mutex, PoisonError};
use std::time::Duration;

use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use uuid::Uuid;

/// How long somebody waits for a turn.
const PATIENCE: Duration = Duration::from_secs(30);
/// Seconds after which it is worth coming again.
pub const RETRY_AFTER: u32 = 5;

/// A step that takes a turn.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// 19 MiB and some ten milliseconds; never behind longer steps.
    Password,
    /// Decoded up to 200 MB.
    Picture,
    /// A program of its own, up to a minute.
    Paper,
    /// Reading and measuring what somebody drew, pasted or sent.
    Shape,
    /// Reading a file that is shown before it is taken.
    Preview,
    /// A list as one file.
    Export,
    /// Scores, ranks and grades of a whole category, which lie in memory meanwhile.
    Evaluation,
    /// The body of a large request, which lies in memory while it arrives.
    Receiving,
    /// Somebody who is not known yet, from the first word to the last.
    Stranger,
}

/// Who asks; the bound for one person counts under it.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Who {
    Account(Uuid),
    /// Somebody who says to be the one of that login.
    Login(String),
    /// Somebody at that address.
    Origin(String),
    /// Nobody but this program: only the bound for all counts.
    Program,
}

tokio::task_local! {
    static WHO: Who;
}

/// Does everything in `work` on behalf of a person: the steps in it take that person's turns.
pub async fn on_behalf_of<T>(who: Who, work: impl Future<Output = T>) -> T {
    WHO.scope(who, work).await
}

fn current() -> Who {
    WHO.try_with(Who::clone).unwrap_or(Who::Program)
}

/// Why there is no turn.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refused {
    #[error("您有较多操作正在进行，请等它们完成后再试")]
    Person,
    #[error("系统正忙，请稍后重试")]
    Crowd,
}

/// Steps of a kind, side by side.
#[derive(Clone, Copy, Debug)]
struct Bounds {
    /// At once, of everybody.
    in_all: usize,
    /// Of these, for short steps only.
    for_short: usize,
    /// At once, of one person; the others of the same person wait.
    each: usize,
    /// In hand or waiting, of one person.
    line_of_each: usize,
    /// In hand or waiting, of everybody.
    line: usize,
}

struct Lane {
    bounds: Bounds,
    all: Arc<Semaphore>,
    long: Arc<Semaphore>,
    line: Mutex<HashMap<Who, Person>>,
}

struct Person {
    turns: Arc<Semaphore>,
    /// In hand or waiting.
    there: usize,
}

/// Steps that keep a processor: as many as there are, within reason, for each takes memory too, and one more for short ones.
static WORK: LazyLock<Lane> = LazyLock::new(|| {
    let processors = std::thread::available_parallelism().map_or(2, usize::from).clamp(2, 4);
    Lane::new(Bounds { in_all: processors + 1, for_short: 1, each: 1, line_of_each: 8, line: 64 })
});
static RECEIVING: LazyLock<Lane> =
    LazyLock::new(|| Lane::new(Bounds { in_all: 24, for_short: 0, each: 3, line_of_each: 8, line: 72 }));
/// A whole bureau may be behind one address.
static STRANGERS: LazyLock<Lane> =
    LazyLock::new(|| Lane::new(Bounds { in_all: 64, for_short: 0, each: 32, line_of_each: 32, line: 64 }));

impl Step {
    fn lane(self) -> &'static Lane {
        match self {
            Step::Receiving => &RECEIVING,
            Step::Stranger => &STRANGERS,
            _ => &WORK,
        }
    }

    fn is_short(self) -> bool {
        self == Step::Password
    }
}

/// Held while the step goes on.
#[must_use]
pub struct Turn<'a> {
    // In this order: what others wait for is given back before the place in the line.
    _all: OwnedSemaphorePermit,
    _long: Option<OwnedSemaphorePermit>,
    _own: OwnedSemaphorePermit,
    _place: Place<'a>,
}

/// Waits for a turn of the person the present work is done for.
///
/// # Errors
/// When the line is full or does not move.
pub async fn turn(step: Step) -> Result<Turn<'static>, Refused> {
    turn_of(step, &current()).await
}

/// As [`turn`], for somebody who is named.
///
/// # Errors
/// When the line is full or does not move.
pub async fn turn_of(step: Step, who: &Who) -> Result<Turn<'static>, Refused> {
    step.lane().turn(who, step.is_short(), PATIENCE).await
}

/// Bytes of a drawing with so many vertices that what is done with it counts as costly.
pub const CROWDED: usize = 32 << 10;

/// A turn for a drawing of so many bytes, when it is crowded.
///
/// # Errors
/// When the line is full or does not move.
pub async fn turn_if_crowded(bytes: usize) -> Result<Option<Turn<'static>>, Refused> {
    if bytes > CROWDED { turn(Step::Shape).await.map(Some) } else { Ok(None) }
}

/// Does work that keeps a processor or waits for the disk on a thread of its own. The turn ends with the work, also when nobody waits for
/// its outcome any more.
///
/// # Errors
/// When there is no turn.
pub async fn blocking<T: Send + 'static>(step: Step, work: impl FnOnce() -> T + Send + 'static) -> Result<T, Refused> {
    let turn = turn(step).await?;
    let done = tokio::task::spawn_blocking(move || {
        let outcome = work();
        drop(turn);
        outcome
    });
    match done.await {
        Ok(outcome) => Ok(outcome),
        Err(ended) if ended.is_panic() => std::panic::resume_unwind(ended.into_panic()),
        Err(_) => Err(Refused::Crowd),
    }
}

/// Does work of the async kind under a turn.
///
/// # Errors
/// When there is no turn.
pub async fn during<T>(step: Step, work: impl Future<Output = T>) -> Result<T, Refused> {
    let _turn = turn(step).await?;
    Ok(work.await)
}

impl Lane {
    fn new(bounds: Bounds) -> Self {
        Lane {
            bounds,
            all: Arc::new(Semaphore::new(bounds.in_all)),
            long: Arc::new(Semaphore::new(bounds.in_all - bounds.for_short)),
            line: Mutex::default(),
        }
    }

    async fn turn(&self, who: &Who, short: bool, patience: Duration) -> Result<Turn<'_>, Refused> {
        let (place, turns) = self.line_up(who)?;
        let waiting = async {
            let own = turns.acquire_owned().await;
            let long = if short { None } else { Some(Arc::clone(&self.long).acquire_owned().await) };
            (own, long.transpose(), Arc::clone(&self.all).acquire_owned().await)
        };
        match tokio::time::timeout(patience, waiting).await {
            Ok((Ok(own), Ok(long), Ok(all))) => Ok(Turn { _all: all, _long: long, _own: own, _place: place }),
            _ => Err(Refused::Crowd),
        }
    }

    fn line_up(&self, who: &Who) -> Result<(Place<'_>, Arc<Semaphore>), Refused> {
        let mut line = self.line.lock().unwrap_or_else(PoisonError::into_inner);
        let there: usize = line.values().map(|person| person.there).sum();
        let of_one = line.get(who).map_or(0, |person| person.there);
        let (each, line_of_each) = match who {
            Who::Program => (Semaphore::MAX_PERMITS, usize::MAX),
            _ => (self.bounds.each, self.bounds.line_of_each),
        };
        if of_one >= line_of_each {
            return Err(Refused::Person);
        }
        if there >= self.bounds.line {
            return Err(Refused::Crowd);
        }
        let fresh = || Person { turns: Arc::new(Semaphore::new(each)), there: 0 };
        let person = line.entry(who.clone()).or_insert_with(fresh);
        person.there += 1;
        Ok((Place { lane: self, who: who.clone() }, Arc::clone(&person.turns)))
    }
}

/// A place in the line, given up when dropped.
struct Place<'a> {
    lane: &'a Lane,
    who: Who,
}

impl Drop for Place<'_> {
    fn drop(&mut self) {
        let mut line = self.lane.line.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(person) = line.get_mut(&self.who) {
            person.there -= 1;
            if person.there == 0 {
                line.remove(&self.who);
            }
        }
    }
}

/// Large blocks of memory go back to the system when they are freed, instead of staying with the thread that had them: a turn that is over
/// has given back what it took.
pub fn give_memory_back() {
    #[cfg(all(target_os = "linux", target_env = "gnu"))]
    {
        const LARGE: i32 = 1024 * 1024;
        const KEPT: i32 = 16 * 1024 * 1024;
        #[allow(unsafe_code, reason = "two settings of the allocator, made before any thread is started")]
        // SAFETY: `mallopt` takes two numbers, and nobody allocates on another thread yet.
        unsafe {
            nix::libc::mallopt(nix::libc::M_MMAP_THRESHOLD, LARGE);
            nix::libc::mallopt(nix::libc::M_TRIM_THRESHOLD, KEPT);
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering};

    use super::*;

    const SMALL: Bounds = Bounds { in_all: 3, for_short: 1, each: 1, line_of_each: 2, line: 5 };
    const SOON: Duration = Duration::from_millis(50);

    fn who(name: &str) -> Who {
        Who::Login(name.to_owned())
    }

    #[tokio::test]
    async fn one_person_has_one_turn_at_a_time_and_a_short_line() {
        let lane = Lane::new(SMALL);
        let first = lane.turn(&who("a"), false, SOON).await.unwrap();
        let same = who("a");
        let waits = lane.turn(&same, false, SOON);
        let third = async { lane.turn(&same, false, SOON).await.err() };
        let (second, third) = tokio::join!(waits, third);
        assert_eq!(second.err(), Some(Refused::Crowd), "it waited in vain");
        assert_eq!(third, Some(Refused::Person), "no more may wait");
        drop(first);
        assert!(lane.turn(&who("a"), false, SOON).await.is_ok());
        assert!(lane.line.lock().unwrap().is_empty(), "who is gone is forgotten");
    }

    #[tokio::test]
    async fn all_together_are_bounded_and_a_short_step_passes_long_ones() {
        let lane = Lane::new(SMALL);
        let a = lane.turn(&who("a"), false, SOON).await.unwrap();
        let _b = lane.turn(&who("b"), false, SOON).await.unwrap();
        assert_eq!(lane.turn(&who("c"), false, SOON).await.err(), Some(Refused::Crowd));
        let short = lane.turn(&who("c"), true, SOON).await.unwrap();
        assert_eq!(lane.turn(&who("d"), true, SOON).await.err(), Some(Refused::Crowd));
        drop(short);
        drop(a);
        assert!(lane.turn(&who("c"), false, SOON).await.is_ok());
    }

    #[tokio::test]
    async fn the_line_of_everybody_is_bounded() {
        let lane = Lane::new(SMALL);
        let waiting = ["a", "b", "c", "d", "e"].map(|name| async move { who(name) });
        let mut kept = Vec::new();
        for name in waiting {
            kept.push(lane.line_up(&name.await).unwrap());
        }
        assert_eq!(lane.turn(&who("f"), true, SOON).await.err(), Some(Refused::Crowd));
        kept.pop();
        assert!(lane.turn(&who("f"), true, SOON).await.is_ok());
    }

    /// Whoever goes away leaves work behind that still takes its turn.
    #[tokio::test(flavor = "multi_thread")]
    async fn work_keeps_its_turn_when_nobody_waits_for_it() {
        static GOING_ON: AtomicUsize = AtomicUsize::new(0);
        let me = || Who::Account(Uuid::from_u128(7));
        let work = || {
            assert_eq!(GOING_ON.fetch_add(1, Ordering::SeqCst), 0, "one at a time");
            std::thread::sleep(Duration::from_millis(150));
            GOING_ON.fetch_sub(1, Ordering::SeqCst);
        };
        let gone = tokio::time::timeout(SOON, on_behalf_of(me(), blocking(Step::Shape, work))).await;
        assert!(gone.is_err(), "the asker went away");
        assert_eq!(on_behalf_of(me(), blocking(Step::Shape, work)).await, Ok(()));
    }
}
