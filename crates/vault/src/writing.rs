//! Writes that come at once, brought to disk together: one sync for all of them.
//!
//! Writes stand in a line. One thread works it off: it takes all that wait, performs them in one transaction, commits,
//! and tells each what became of it; what came meanwhile is next.
//!
//! Invariants
//! - Nobody is told before the commit that holds its write has returned.
//! - A write that is refused is taken back alone: when one of them is refused, or the transaction fails as a whole, each
//!   is done again in one of its own. One that does not fit on the disk takes no other with it, and each hears what
//!   concerns itself.

use crate::error::VaultError;
use crate::record::Writer;
use rusqlite::{Connection, TransactionBehavior};
use std::sync::{Mutex, MutexGuard, PoisonError};

/// Writes that are committed together at most, so that the first of them waits for an end that comes.
const MOST_TOGETHER: usize = 256;
/// Statements that are kept compiled: those of the records.
const STATEMENTS: usize = 32;

/// The one connection that writes, and what waits for it.
pub(crate) struct Writing {
    connection: Mutex<Connection>,
    line: Mutex<Line>,
}

#[derive(Default)]
struct Line {
    waiting: Vec<Box<dyn Waiting>>,
    somebody_works: bool,
}

/// A write in line.
trait Waiting: Send {
    /// Performs it, once more if it was performed before; answers whether it succeeded.
    fn perform(&mut self, writer: &Writer<'_>) -> bool;
    /// What it did is not there.
    fn failed(&mut self, error: VaultError);
    /// Tells what became of it.
    fn tell(self: Box<Self>);
}

struct Job<T, W, D> {
    write: W,
    done: D,
    answer: Result<T, VaultError>,
}

impl<T, W, D> Waiting for Job<T, W, D>
where
    T: Send,
    W: Fn(&Writer<'_>) -> Result<T, VaultError> + Send,
    D: FnOnce(Result<T, VaultError>) + Send,
{
    fn perform(&mut self, writer: &Writer<'_>) -> bool {
        self.answer = (self.write)(writer);
        self.answer.is_ok()
    }

    fn failed(&mut self, error: VaultError) {
        self.answer = Err(error);
    }

    fn tell(self: Box<Self>) {
        (self.done)(self.answer);
    }
}

/// Writes whose commit has returned, and who have not been told yet.
#[must_use]
pub(crate) struct Done {
    told: Vec<Box<dyn Waiting>>,
    /// Whether the line is empty and nobody works on it any more.
    pub(crate) is_last: bool,
}

impl Done {
    pub(crate) fn tell(self) {
        self.told.into_iter().for_each(Waiting::tell);
    }
}

impl Writing {
    pub(crate) fn new(connection: Connection) -> Self {
        connection.set_prepared_statement_cache_capacity(STATEMENTS);
        Self { connection: Mutex::new(connection), line: Mutex::default() }
    }

    /// The connection, with nothing open on it.
    pub(crate) fn alone(&self) -> MutexGuard<'_, Connection> {
        // A panic inside a transaction rolled it back.
        self.connection.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Puts a write in line; answers whether somebody is needed to work it off.
    pub(crate) fn line_up<T: Send + 'static>(
        &self,
        write: impl Fn(&Writer<'_>) -> Result<T, VaultError> + Send + 'static,
        done: impl FnOnce(Result<T, VaultError>) + Send + 'static,
    ) -> bool {
        let unperformed = Err(VaultError::Failed("the write was not performed".to_owned()));
        let mut line = self.line();
        line.waiting.push(Box::new(Job { write, done, answer: unperformed }));
        !std::mem::replace(&mut line.somebody_works, true)
    }

    /// Performs what waits now. Only for whoever works the line off.
    pub(crate) fn perform_next(&self) -> Done {
        let released = Released(self);
        let mut writes = {
            let mut line = self.line();
            let count = line.waiting.len().min(MOST_TOGETHER);
            line.waiting.drain(..count).collect::<Vec<_>>()
        };
        {
            let mut connection = self.alone();
            if writes.len() < 2 || !together(&mut connection, &mut writes) {
                for write in &mut writes {
                    by_itself(&mut connection, write.as_mut());
                }
            }
        }
        std::mem::forget(released);
        let mut line = self.line();
        let is_last = line.waiting.is_empty();
        line.somebody_works = !is_last;
        Done { told: writes, is_last }
    }

    fn line(&self) -> MutexGuard<'_, Line> {
        self.line.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Whoever works the line off and panics lets go of it, and of those who wait: they hear that their write is gone
/// by never being told.
struct Released<'a>(&'a Writing);

impl Drop for Released<'_> {
    fn drop(&mut self) {
        let left = std::mem::take(&mut *self.0.line());
        drop(left);
    }
}

/// Whether all of them succeeded and are on disk. Where one is refused nothing is: a savepoint around each would part
/// them, but costs more than the writes themselves, and what is refused is rare.
fn together(connection: &mut Connection, writes: &mut [Box<dyn Waiting>]) -> bool {
    let Ok(transaction) = connection.transaction_with_behavior(TransactionBehavior::Immediate) else {
        return false;
    };
    for write in writes {
        // The disk had no room, say: SQLite has taken back everything.
        if !write.perform(&Writer::new(&transaction)) || transaction.is_autocommit() {
            return false;
        }
    }
    transaction.commit().is_ok()
}

/// Performs a write in a transaction of its own.
fn by_itself(connection: &mut Connection, write: &mut dyn Waiting) {
    let transaction = match connection.transaction_with_behavior(TransactionBehavior::Immediate) {
        Ok(transaction) => transaction,
        Err(error) => return write.failed(error.into()),
    };
    if write.perform(&Writer::new(&transaction))
        && let Err(error) = transaction.commit()
    {
        write.failed(error.into());
    }
}

#[cfg(test)]
mod tests {
    use super::Writing;
    use crate::error::VaultError;
    use crate::record::Writer;
    use rusqlite::Connection;
    use std::sync::mpsc::{Receiver, channel};
    use tempfile::TempDir;

    type Told = Receiver<Result<(), VaultError>>;

    /// A database on which writes come at once, and somebody who looks at it from outside.
    struct Place {
        writing: Writing,
        folder: TempDir,
    }

    /// What is committed in a database.
    fn seen(folder: &std::path::Path) -> Vec<String> {
        let outside = Connection::open(folder.join("db")).unwrap();
        let mut statement = outside.prepare("SELECT id FROM record ORDER BY id").unwrap();
        let ids = statement.query_map([], |row| row.get(0)).unwrap();
        ids.collect::<Result<_, _>>().unwrap()
    }

    impl Place {
        /// `more` is SQL.
        fn new(more: &str) -> Self {
            let folder = TempDir::new().unwrap();
            crate::open::set_up();
            let connection = Connection::open(folder.path().join("db")).unwrap();
            let tables = "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON;
                CREATE TABLE record (kind, id, revision DEFAULT 1, body, PRIMARY KEY (kind, id));";
            connection.execute_batch(&format!("{tables}{more}")).unwrap();
            Self { writing: Writing::new(connection), folder }
        }

        fn seen(&self) -> Vec<String> {
            seen(self.folder.path())
        }

        /// Puts a write in line; it is told at a moment when what it wrote is committed.
        fn line_up(
            &self,
            write: impl Fn(&Writer<'_>) -> Result<(), VaultError> + Send + 'static,
        ) -> (bool, Told) {
            let (tell, told) = channel();
            let needed = self.writing.line_up(write, move |answer| tell.send(answer).unwrap());
            (needed, told)
        }

        fn put(&self, id: &'static str) -> Told {
            self.line_up(move |writer| writer.put("a", id, b"")).1
        }

        fn work_off(&self) {
            while !self.told_next() {}
        }

        fn told_next(&self) -> bool {
            let done = self.writing.perform_next();
            let is_last = done.is_last;
            done.tell();
            is_last
        }
    }

    #[test]
    fn writes_in_line_are_committed_together_and_seen_by_nobody_before() {
        let place = Place::new("");
        let unseen = |id: &'static str| {
            let folder = place.folder.path().to_owned();
            move |writer: &Writer<'_>| {
                assert_eq!(seen(&folder), Vec::<String>::new(), "nothing is committed yet");
                writer.put("a", id, b"")
            }
        };
        let (needed, one) = place.line_up(unseen("one"));
        assert!(needed, "nobody works yet");
        let (needed, two) = place.line_up(unseen("two"));
        assert!(!needed, "whoever was needed comes");
        let done = place.writing.perform_next();
        assert!(done.is_last);
        assert_eq!(place.seen(), ["one", "two"]);
        assert!(one.try_recv().is_err() && two.try_recv().is_err(), "nobody was told before that");
        done.tell();
        assert_eq!((one.try_recv().unwrap(), two.try_recv().unwrap()), (Ok(()), Ok(())));
        assert!(place.line_up(|writer| writer.put("a", "three", b"")).0, "somebody is needed again");
    }

    #[test]
    fn what_comes_in_the_middle_is_next() {
        let place = std::sync::Arc::new(Place::new(""));
        let (tell, told) = channel();
        let late = std::sync::Arc::downgrade(&place);
        let (_, first) = place.line_up(move |writer| {
            if let Some(place) = late.upgrade() {
                let (needed, second) = place.line_up(|writer| writer.put("a", "second", b""));
                assert!(!needed, "somebody works");
                tell.send(second).unwrap();
            }
            writer.put("a", "first", b"")
        });
        assert!(!place.told_next(), "one more waits");
        assert_eq!((first.recv().unwrap(), place.seen()), (Ok(()), vec!["first".to_owned()]));
        assert!(place.told_next());
        assert_eq!(told.recv().unwrap().recv().unwrap(), Ok(()));
    }

    #[test]
    fn a_refused_write_takes_only_itself_back() {
        let place = Place::new("");
        let good = place.put("good");
        let (_, refused) = place.line_up(|writer| {
            writer.put("a", "refused", b"")?;
            Err(VaultError::Conflict)
        });
        let better = place.put("later");
        place.work_off();
        let told = [good, refused, better].map(|one| one.recv().unwrap());
        assert_eq!(told, [Ok(()), Err(VaultError::Conflict), Ok(())]);
        assert_eq!(place.seen(), ["good", "later"]);
    }

    #[test]
    fn a_panic_loses_what_waits_and_not_the_file() {
        let place = Place::new("");
        let good = place.put("good");
        let (_, panics) = place.line_up(|_| panic!("inside a write"));
        let worked = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| place.work_off()));
        assert!(worked.is_err());
        assert!(good.recv().is_err() && panics.recv().is_err(), "neither is told that it is on disk");
        assert_eq!(place.seen(), Vec::<String>::new(), "and neither is");
        let next = place.put("next");
        place.work_off();
        assert_eq!(next.recv().unwrap(), Ok(()));
        assert_eq!(place.seen(), ["next"]);
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
            let told = [place.put("good"), place.put("bad"), place.put("later")];
            place.work_off();
            let [good, bad, later] = told.map(|one| one.recv().unwrap());
            assert_eq!((good, later), (Ok(()), Ok(())), "{spoiled}");
            assert!(bad.is_err(), "{spoiled}");
            assert_eq!(place.seen(), ["good", "later"], "{spoiled}");
        }
    }

    #[test]
    fn a_refusal_that_rests_on_what_was_lost_is_judged_again() {
        let place = Place::new(NO_COMMIT);
        let bad = place.put("bad");
        let (_, judged) = place.line_up(|writer| {
            let is_there = writer.get("a", "bad").is_ok_and(|found| found.is_some());
            if is_there { Err(VaultError::Conflict) } else { writer.put("a", "judged", b"") }
        });
        place.work_off();
        assert!(bad.recv().unwrap().is_err());
        assert_eq!(judged.recv().unwrap(), Ok(()), "what it was refused for never was on disk");
        assert_eq!(place.seen(), ["judged"]);
    }

    #[test]
    fn more_than_fit_together_are_told_all_the_same() {
        let place = Place::new("");
        let told: Vec<Told> = (0..super::MOST_TOGETHER + 10)
            .map(|number| place.line_up(move |writer| writer.put("a", &number.to_string(), b"")).1)
            .collect();
        place.work_off();
        assert!(told.iter().all(|one| one.try_recv() == Ok(Ok(()))));
        assert_eq!(place.seen().len(), told.len());
    }
}
