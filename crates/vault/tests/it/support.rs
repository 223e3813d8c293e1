//! A folder for one test, short words for what tests do with a vault, and copies of this program in other processes.

use secret::SecretString;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::Arc;
use tempfile::TempDir;
use vault::{Argon2Cost, CreateWith, UnlockWith, Vault, VaultError, Writer};

pub(crate) const PASSPHRASE: &str = "CANARY-passphrase of the test";

/// An empty folder that goes away with the test.
pub(crate) struct Place {
    _parent: TempDir,
    pub(crate) folder: PathBuf,
}

impl Place {
    pub(crate) fn new() -> Self {
        let parent = TempDir::new().unwrap();
        let folder = parent.path().join("profile");
        std::fs::create_dir(&folder).unwrap();
        Self { _parent: parent, folder }
    }

    pub(crate) fn file(&self, name: &str) -> PathBuf {
        self.folder.join(name)
    }
}

pub(crate) fn passphrase() -> SecretString {
    SecretString::from(PASSPHRASE)
}

pub(crate) fn create_with_passphrase(folder: &Path) -> Vault {
    Vault::create(folder, CreateWith::Passphrase(&passphrase(), Argon2Cost::danger_cheap())).unwrap()
}

pub(crate) fn open_with_passphrase(folder: &Path) -> Result<Vault, vault::OpenError> {
    Vault::open(folder, UnlockWith::Passphrase(&passphrase()))
}

/// The error of something that must fail; values of success have no debug form.
pub(crate) fn refused<T, E>(outcome: Result<T, E>, why: &str) -> E {
    match outcome {
        Ok(_) => panic!("must be refused: {why}"),
        Err(error) => error,
    }
}

pub(crate) fn put(vault: &Vault, kind: &str, id: &str, body: &[u8]) {
    vault.write(|writer| writer.put(kind, id, body)).unwrap();
}

/// Writes in line with others, and waits.
pub(crate) fn write_in_line<T: Send + 'static>(
    vault: &Arc<Vault>,
    write: impl Fn(&Writer<'_>) -> Result<T, VaultError> + Send + 'static,
) -> Result<T, VaultError> {
    let (tell, told) = std::sync::mpsc::channel();
    if vault.line_up(write, move |answer| drop(tell.send(answer))) {
        Vault::work_off(Arc::clone(vault));
    }
    told.recv().unwrap()
}

pub(crate) fn body(vault: &Vault, kind: &str, id: &str) -> Option<Vec<u8>> {
    vault.read(|reader| Ok(reader.get(kind, id)?.map(|record| record.body.expose().clone()))).unwrap()
}

pub(crate) fn hex(bytes: &[u8]) -> String {
    use std::fmt::Write;
    bytes.iter().fold(String::new(), |mut text, byte| {
        write!(text, "{byte:02x}").unwrap();
        text
    })
}

/// Ends a transaction from within.
pub(crate) fn stop<T>() -> Result<T, VaultError> {
    Err(VaultError::Corrupt("the test stopped here".to_owned()))
}

/// Copies the files as they lie: what a crash at this moment would leave behind.
pub(crate) fn crash_image(folder: &Path) -> Place {
    let image = Place::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let entry = entry.unwrap();
        // The shared memory file is rebuilt by whoever opens first; a crash of the machine does not keep it.
        if entry.file_type().unwrap().is_file() && !entry.file_name().to_string_lossy().ends_with("-shm") {
            std::fs::copy(entry.path(), image.folder.join(entry.file_name())).unwrap();
        }
    }
    image
}

const INSIDE: &str = "MOORING_TEST_INSIDE";
const FOLDER: &str = "MOORING_TEST_FOLDER";

/// The folder this copy of the program was given, if it was started by [`copy_of`] for `test`.
pub(crate) fn folder_of_copy(test: &str) -> Option<PathBuf> {
    std::env::var_os(INSIDE).filter(|inside| inside == test)?;
    std::env::var_os(FOLDER).map(PathBuf::from)
}

/// Another copy of this program, which runs only `test` (its full path) and finds `folder` there.
pub(crate) fn copy_of(test: &str, folder: &Path) -> Command {
    let mut command = Command::new(std::env::current_exe().unwrap());
    command.args([test, "--exact", "--nocapture", "--test-threads=1"]);
    prepare(&mut command, test, folder);
    command
}

/// The same, in a mount namespace of its own and after `mount`, a shell command that finds the folder in `$FOLDER`.
pub(crate) fn copy_with_mount(test: &str, folder: &Path, mount: &str) -> Command {
    let mut command = Command::new("unshare");
    let script = format!("{mount} || exit 70; exec \"$0\" \"$@\"");
    command.args(["--map-root-user", "--mount", "--", "sh", "-c", &script]);
    command.arg(std::env::current_exe().unwrap());
    command.args([test, "--exact", "--nocapture", "--test-threads=1"]);
    prepare(&mut command, test, folder);
    command.env("FOLDER", folder);
    command
}

fn prepare(command: &mut Command, test: &str, folder: &Path) {
    command.env(INSIDE, test).env(FOLDER, folder).stdin(Stdio::null());
}

/// Runs a copy to its end and gives what its body said with [`say`].
pub(crate) fn said_by(mut copy: Command) -> Vec<String> {
    let output = copy.output().unwrap();
    let text = String::from_utf8_lossy(&output.stdout);
    let said: Vec<String> = text.lines().filter_map(heard).map(str::to_owned).collect();
    assert!(
        output.status.success() && !said.is_empty(),
        "{} (where it is a mount that fails: these tests need `unshare` and user namespaces)\n{text}\n{}",
        output.status,
        String::from_utf8_lossy(&output.stderr),
    );
    said
}

/// Tells the process that started this copy.
pub(crate) fn say(line: &str) {
    use std::io::Write;
    let mut out = std::io::stdout().lock();
    writeln!(out, "\n{SAYS}{line}").unwrap();
    out.flush().unwrap();
}

const SAYS: &str = "the copy says: ";

/// What a line of output says, if it says something.
pub(crate) fn heard(line: &str) -> Option<&str> {
    line.strip_prefix(SAYS)
}
