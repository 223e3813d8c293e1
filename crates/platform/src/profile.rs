//! The profile folder: where everything of one person lives on this computer.

use std::io;
use std::path::{Path, PathBuf};

/// The name of Mooring's desktop entry, icon and data folder: by it a desktop knows whose window or notice it sees.
pub(crate) const APP_ID: &str = "app.mooring.desktop";

/// Overrides the folder; tests and portable installations use it.
pub const HOME_VARIABLE: &str = "MOORING_HOME";

/// The profile folder: `MOORING_HOME`, else the platform's data folder.
///
/// # Errors
/// When the platform names no data folder.
pub fn folder() -> io::Result<PathBuf> {
    if let Some(home) = std::env::var_os(HOME_VARIABLE).filter(|home| !home.is_empty()) {
        return std::path::absolute(PathBuf::from(home));
    }
    let data = dirs::data_dir().ok_or_else(|| io::Error::new(io::ErrorKind::NotFound, "no data folder"))?;
    Ok(data.join(APP_ID))
}

/// Makes the folder if it is missing, for the owner only.
///
/// # Errors
/// When it can be neither made nor closed to others.
pub fn prepare(folder: &Path) -> io::Result<()> {
    std::fs::create_dir_all(folder)?;
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        std::fs::set_permissions(folder, std::fs::Permissions::from_mode(0o700))?;
    }
    Ok(())
}

/// The socket (or, on Windows, the pipe) of the program that owns the vault.
pub fn socket(folder: &Path) -> PathBuf {
    folder.join("mooring.sock")
}
