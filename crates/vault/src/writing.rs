//! Writes that come at once, brought to disk together: one sync for all of them.
//!
//! Each write runs in the thread that asked for it, one after the other, in one transaction and behind a savepoint of
//! its own. Whoever finds nobody in line behind it commits for all; whoever leaves the transaction open has somebody
//! behind it who will. A write that comes alone is committed at once.
//!
//! Invariants
//! - Nobody is answered before the commit that holds its write has returned.
//! - A write that is refused is taken back alone.
//! - When the transaction as a whole fails, each write of it is done again in one of its own: one that does not fit on
//!   the disk takes no other with it, and each hears what concerns itself.

use crate::error::VaultError;
use crate::record::Writer;
use rusqlite::{Connection, TransactionBehavior};
use std::ops::Deref;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};

/// Writes that are committed together at most, so that the first of them waits for an end that comes.
const MOST_TOGETHER: usize = 256;

/// The one connection that writes, and those who wait for it.
pub(crate) struct Writing {
    turn: Mutex<Turn>,
    /// Those who wait for their turn.
    in_line: AtomicUsize,
}

struct Turn {
    connection: Connection,
    open: Option<Open>,
}

/// A transaction that is not committed yet.
struct Open {
    /// Writes that succeeded in it.
    writes: usize,
    fate: Arc<Fate>,
}

/// What becomes of a transaction: whether it is on disk.
#[derive(Default)]
struct Fate {
    durable: Mutex<Option<bool>>,
    decided: Condvar,
}

impl Fate {
    fn decide(&self, durable: bool) {
        *self.durable.lock().unwrap_or_else(PoisonError::into_inner) = Some(durable);
        self.decided.notify_all();
    }

    fn wait(&self) -> bool {
        let durable = self.durable.lock().unwrap_or_else(PoisonError::into_inner);
        let decided = self.decided.wait_while(durable, |durable| durable.is_none());
        decided.unwrap_or_else(PoisonError::into_inner).unwrap_or(false)
    }
}

impl Writing {
    pub(crate) const fn new(connection: Connection) -> Self {
        Self { turn: Mutex::new(Turn { connection, open: None }), in_line: AtomicUsize::new(0) }
    }

    /// Writes all or nothing; on disk when it answers. `write` is called again where what it did was lost with others.
    pub(crate) fn write<T>(
        &self,
        write: impl Fn(&Writer<'_>) -> Result<T, VaultError>,
    ) -> Result<T, VaultError> {
        let (answer, fate) = self.take_turn().join(&write)?;
        // Also a refusal waits: it may rest on what another has written just before.
        if fate.wait() { answer } else { self.take_turn().alone(&write) }
    }

    /// The connection for whoever needs it alone: nothing is open on it.
    pub(crate) fn alone(&self) -> OwnTurn<'_> {
        let mut turn = self.take_turn();
        turn.settle();
        turn
    }

    fn take_turn(&self) -> OwnTurn<'_> {
        self.in_line.fetch_add(1, Ordering::SeqCst);
        // A panic inside a write rolled it back.
        let turn = self.turn.lock().unwrap_or_else(PoisonError::into_inner);
        self.in_line.fetch_sub(1, Ordering::SeqCst);
        OwnTurn { turn, in_line: &self.in_line }
    }
}

/// A turn. When it ends, also by a panic, what is open is committed unless somebody is in line who will do it.
pub(crate) struct OwnTurn<'a> {
    turn: MutexGuard<'a, Turn>,
    in_line: &'a AtomicUsize,
}

impl OwnTurn<'_> {
    /// Writes into the transaction that is open, or begins one.
    fn join<T>(
        &mut self,
        write: &impl Fn(&Writer<'_>) -> Result<T, VaultError>,
    ) -> Result<(Result<T, VaultError>, Arc<Fate>), VaultError> {
        let Turn { connection, open } = &mut *self.turn;
        let open = match open {
            Some(open) => open,
            None => {
                connection.execute_batch("BEGIN IMMEDIATE")?;
                open.insert(Open { writes: 0, fate: Arc::default() })
            }
        };
        let fate = Arc::clone(&open.fate);
        let answer = within(connection, write);
        open.writes += usize::from(answer.is_ok());
        if connection.is_autocommit() {
            // The disk had no room, say: SQLite has taken back everything.
            self.turn.open = None;
            fate.decide(false);
        }
        Ok((answer, fate))
    }

    /// Writes in a transaction of its own.
    fn alone<T>(mut self, write: &impl Fn(&Writer<'_>) -> Result<T, VaultError>) -> Result<T, VaultError> {
        self.settle();
        let transaction = self.turn.connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
        let answer = write(&Writer::new(&transaction))?;
        transaction.commit()?;
        Ok(answer)
    }

    /// Ends the transaction that is open, and tells those who wait for it.
    fn settle(&mut self) {
        let Some(open) = self.turn.open.take() else { return };
        let connection = &self.turn.connection;
        // Where every write was refused there is nothing to keep, and nothing to sync.
        let end = if open.writes == 0 { "ROLLBACK" } else { "COMMIT" };
        let durable = connection.execute_batch(end).is_ok();
        if !connection.is_autocommit() {
            // What could not be committed must not be found by the next.
            let _ = connection.execute_batch("ROLLBACK");
        }
        open.fate.decide(durable);
    }
}

/// Runs a write behind a savepoint.
fn within<T>(
    connection: &mut Connection,
    write: &impl Fn(&Writer<'_>) -> Result<T, VaultError>,
) -> Result<T, VaultError> {
    let savepoint = connection.savepoint()?;
    // Taken back when this returns early.
    let answer = write(&Writer::new(&savepoint))?;
    savepoint.commit()?;
    Ok(answer)
}

impl Deref for OwnTurn<'_> {
    type Target = Connection;
    fn deref(&self) -> &Connection {
        &self.turn.connection
    }
}

impl Drop for OwnTurn<'_> {
    fn drop(&mut self) {
        let enough = self.turn.open.as_ref().is_some_and(|open| open.writes >= MOST_TOGETHER);
        if enough || self.in_line.load(Ordering::SeqCst) == 0 {
            self.settle();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Writing;
    use crate::error::VaultError;
    use crate::record::Writer;
    use rusqlite::Connection;
    use std::sync::atomic::{AtomicBool, Ordering};
    use tempfile::TempDir;

    type Write<'a> = dyn Fn(&Writer<'_>) -> Result<(), VaultError> + Sync + 'a;

    /// A database on which writes come at once, and somebody who looks at it from outside.
    struct Place {
        writing: Writing,
        folder: TempDir,
    }

    impl Place {
        /// `more` is SQL.
        fn new(more: &str) -> Self {
            let folder = TempDir::new().unwrap();
            let connection = Connection::open(folder.path().join("db")).unwrap();
            let tables = "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON;
                CREATE TABLE record (kind, id, revision DEFAULT 1, body, PRIMARY KEY (kind, id));";
            connection.execute_batch(&format!("{tables}{more}")).unwrap();
            Self { writing: Writing::new(connection), folder }
        }

        /// What is committed.
        fn seen(&self) -> Vec<String> {
            let outside = Connection::open(self.folder.path().join("db")).unwrap();
            let mut statement = outside.prepare("SELECT id FROM record ORDER BY id").unwrap();
            let ids = statement.query_map([], |row| row.get(0)).unwrap();
            ids.collect::<Result<_, _>>().unwrap()
        }

        /// Writes `first`, and these behind it: all are in line before the first is done. Answers what became of each
        /// of these; none is a panic.
        fn behind_the_first(&self, others: &[&Write<'_>]) -> Vec<Option<Result<(), VaultError>>> {
            let (waited, begun) = (AtomicBool::new(false), AtomicBool::new(false));
            std::thread::scope(|scope| {
                let first = scope.spawn(|| {
                    self.writing.write(|writer| {
                        begun.store(true, Ordering::SeqCst);
                        // Where it is done again, nobody is in line.
                        while !waited.load(Ordering::SeqCst)
                            && self.writing.in_line.load(Ordering::SeqCst) < others.len()
                        {
                            std::thread::yield_now();
                        }
                        waited.store(true, Ordering::SeqCst);
                        writer.put("a", "first", b"")
                    })
                });
                while !begun.load(Ordering::SeqCst) {
                    std::thread::yield_now();
                }
                let all: Vec<_> =
                    others.iter().map(|write| scope.spawn(|| self.writing.write(*write))).collect();
                assert_eq!(first.join().unwrap(), Ok(()), "the first is hurt by none");
                all.into_iter().map(|one| one.join().ok()).collect()
            })
        }
    }

    fn put(id: &str) -> impl Fn(&Writer<'_>) -> Result<(), VaultError> + Sync + '_ {
        move |writer| writer.put("a", id, b"")
    }

    #[test]
    fn writes_in_line_are_committed_together_and_seen_by_nobody_before() {
        let place = Place::new("");
        let unseen = |id: &'static str| {
            let place = &place;
            move |writer: &Writer<'_>| {
                assert_eq!(place.seen(), Vec::<String>::new(), "nothing is committed yet");
                writer.put("a", id, b"")
            }
        };
        let (second, third) = (unseen("second"), unseen("third"));
        assert_eq!(place.behind_the_first(&[&second, &third]), [Some(Ok(())), Some(Ok(()))]);
        assert_eq!(place.seen(), ["first", "second", "third"]);
    }

    #[test]
    fn whoever_is_answered_is_on_disk() {
        let place = Place::new("");
        std::thread::scope(|scope| {
            for thread in 0..4 {
                let place = &place;
                scope.spawn(move || {
                    for number in 0..20 {
                        let id = format!("{thread}/{number}");
                        place.writing.write(put(&id)).unwrap();
                        assert!(place.seen().contains(&id), "{id}");
                    }
                });
            }
        });
        assert_eq!(place.seen().len(), 80);
    }

    #[test]
    fn a_refused_write_and_one_that_panics_take_only_themselves_back() {
        let place = Place::new("");
        let refused = |writer: &Writer<'_>| {
            writer.put("a", "refused", b"")?;
            Err(VaultError::Conflict)
        };
        let panics = |writer: &Writer<'_>| {
            writer.put("a", "panics", b"")?;
            panic!("inside a write")
        };
        let good = put("good");
        let told = place.behind_the_first(&[&refused, &panics, &good]);
        assert_eq!(told, [Some(Err(VaultError::Conflict)), None, Some(Ok(()))]);
        assert_eq!(place.seen(), ["first", "good"]);
    }

    /// A write that is taken for good until the commit, and keeps the commit from happening.
    const NO_COMMIT: &str = "
        CREATE TABLE parent (id PRIMARY KEY);
        CREATE TABLE child (of REFERENCES parent (id) DEFERRABLE INITIALLY DEFERRED);
        CREATE TRIGGER spoil AFTER INSERT ON record WHEN new.id = 'bad' BEGIN INSERT INTO child VALUES (7); END;";
    /// A write upon which SQLite takes everything back, as it does when the disk is full.
    const NOTHING_LEFT: &str = "
        CREATE TRIGGER spoil AFTER INSERT ON record WHEN new.id = 'bad'
        BEGIN SELECT RAISE(ROLLBACK, 'no'); END;";

    #[test]
    fn a_transaction_that_fails_as_a_whole_is_done_again_one_by_one() {
        for spoiled in [NO_COMMIT, NOTHING_LEFT] {
            let place = Place::new(spoiled);
            let (bad, good) = (put("bad"), put("good"));
            let told = place.behind_the_first(&[&good, &bad, &good]);
            assert_eq!((&told[0], &told[2]), (&Some(Ok(())), &Some(Ok(()))), "{spoiled}");
            assert!(matches!(told[1], Some(Err(_))), "{spoiled}: {:?}", told[1]);
            assert_eq!(place.seen(), ["first", "good"], "{spoiled}");
            place.writing.write(put("next")).unwrap();
            assert_eq!(place.seen(), ["first", "good", "next"], "{spoiled}");
        }
    }

    #[test]
    fn a_refusal_that_rests_on_what_was_lost_is_judged_again() {
        let place = Place::new(NO_COMMIT);
        let (bad, both) = (put("bad"), |writer: &Writer<'_>| {
            let is_there = writer.get("a", "bad").is_ok_and(|found| found.is_some());
            if is_there { Err(VaultError::Conflict) } else { writer.put("a", "judged", b"") }
        });
        // Whether it comes before or behind the bad one, it is there in the end.
        let told = place.behind_the_first(&[&bad, &both]);
        assert_eq!(told[1], Some(Ok(())));
        assert_eq!(place.seen(), ["first", "judged"]);
    }

    #[test]
    fn whoever_needs_it_alone_finds_nothing_open() {
        let (place, begun) = (Place::new(""), AtomicBool::new(false));
        std::thread::scope(|scope| {
            let first = scope.spawn(|| {
                place.writing.write(|writer| {
                    begun.store(true, Ordering::SeqCst);
                    while place.writing.in_line.load(Ordering::SeqCst) == 0 {
                        std::thread::yield_now();
                    }
                    writer.put("a", "first", b"")
                })
            });
            while !begun.load(Ordering::SeqCst) {
                std::thread::yield_now();
            }
            let alone = place.writing.alone();
            assert!(alone.is_autocommit());
            assert_eq!(place.seen(), ["first"], "what was left open is committed");
            drop(alone);
            assert_eq!(first.join().unwrap(), Ok(()));
        });
    }
}
