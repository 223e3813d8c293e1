//! Files that only their owner can read, and folders whose changes are on disk.

use std::fs::{File, OpenOptions};
use std::io;
use std::path::Path;

/// Every file that a vault may consist of.
const FILES: &[&str] = &["vault.db", "vault.db-wal", "vault.db-shm", "vault.keys", "vault.lock"];

/// An empty file for writing.
pub(crate) fn private_file(path: &Path) -> io::Result<File> {
    private(OpenOptions::new().write(true).create(true).truncate(true)).open(path)
}

/// The options with the mode 0600 for a file that they make.
pub(crate) fn private(options: &mut OpenOptions) -> &mut OpenOptions {
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(options, 0o600);
    options
}

/// Takes from others what they may do with the vault's files, if a copy or a backup program gave it to them.
///
/// SQLite makes its journal with the mode of the database. On Windows the folder's list of permissions decides.
pub(crate) fn close_to_others(folder: &Path) {
    #[cfg(unix)]
    for name in FILES {
        use std::os::unix::fs::PermissionsExt as _;
        // Not every file is there, and a system without modes is no reason to refuse the person their vault.
        let _ = std::fs::set_permissions(folder.join(name), std::fs::Permissions::from_mode(0o600));
    }
    #[cfg(not(unix))]
    let _ = (folder, FILES);
}

/// A rename is on disk when its folder is.
pub(crate) fn sync_folder(folder: &Path) -> io::Result<()> {
    if cfg!(unix) { File::open(folder)?.sync_all() } else { Ok(()) }
}
