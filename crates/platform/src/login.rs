//! Starting with the person's session.
//!
//! On Linux a file of the XDG autostart specification, written here: the usual library neither quotes the program's
//! path nor looks at `XDG_CONFIG_HOME`. Elsewhere that library.
//!
//! Invariant: whether it is on is what the system has, and nowhere else.

use attention::ports::StartAtLogin;
use std::path::PathBuf;

/// Says to the program that it was started by a login.
pub const BY_LOGIN: &str = "--background";

/// Starting with the session, for this program.
pub struct LoginItem {
    program: Option<PathBuf>,
}

impl LoginItem {
    /// For the program that runs; for an AppImage that is the image and not what is unpacked.
    pub fn of_this_program() -> Self {
        let image = std::env::var_os("APPIMAGE").map(PathBuf::from);
        Self { program: image.or_else(|| std::env::current_exe().ok()) }
    }
}

#[cfg(target_os = "linux")]
mod system {
    use super::{BY_LOGIN, LoginItem, PathBuf, StartAtLogin};

    impl StartAtLogin for LoginItem {
        fn is_on(&self) -> Option<bool> {
            Some(file()?.exists())
        }

        fn set(&self, on: bool) -> bool {
            let (Some(file), Some(program)) = (file(), &self.program) else { return false };
            if !on {
                return !file.exists() || std::fs::remove_file(file).is_ok();
            }
            let Some(entry) = program.to_str().map(entry) else { return false };
            let folder = file.parent().map(std::fs::create_dir_all);
            matches!(folder, Some(Ok(()))) && std::fs::write(file, entry).is_ok()
        }
    }

    /// A Flatpak's folders are its own: what is written there starts nothing.
    const FLATPAK: &str = "/.flatpak-info";

    fn file() -> Option<PathBuf> {
        if std::path::Path::new(FLATPAK).exists() {
            return None;
        }
        Some(dirs::config_dir()?.join("autostart").join(format!("{}.desktop", crate::profile::APP_ID)))
    }

    fn entry(program: &str) -> String {
        format!(
            "[Desktop Entry]\nType=Application\nName=Mooring\nExec={} {BY_LOGIN}\nTerminal=false\nX-GNOME-Autostart-enabled=true\n",
            quoted(program),
        )
    }

    /// An argument as the Desktop Entry Specification quotes it, then as its values escape a backslash.
    fn quoted(argument: &str) -> String {
        let mut text = String::from("\"");
        for one in argument.chars() {
            match one {
                '"' | '`' | '$' | '\\' => text.extend(['\\', one]),
                '%' => text.push_str("%%"),
                _ => text.push(one),
            }
        }
        text.push('"');
        text.replace('\\', "\\\\")
    }

    #[cfg(test)]
    mod tests {
        use super::{entry, quoted};

        #[test]
        fn paths_are_quoted_as_the_specification_says() {
            assert_eq!(quoted("/opt/mooring/app"), "\"/opt/mooring/app\"");
            assert_eq!(quoted("/home/a b/app"), "\"/home/a b/app\"");
            assert_eq!(quoted("/x/100%"), "\"/x/100%%\"");
            assert_eq!(quoted("/x/$y"), "\"/x/\\\\$y\"");
        }

        #[test]
        fn the_entry_starts_the_program_in_the_background() {
            let entry = entry("/opt/app");
            assert!(entry.lines().any(|line| line == "Exec=\"/opt/app\" --background"), "{entry}");
        }
    }
}

#[cfg(any(windows, target_os = "macos"))]
mod system {
    use super::{BY_LOGIN, LoginItem, StartAtLogin};

    impl LoginItem {
        fn entry(&self) -> Option<auto_launch::AutoLaunch> {
            let program = self.program.as_ref()?.to_str()?;
            let mut builder = auto_launch::AutoLaunchBuilder::new();
            builder.set_app_name("Mooring").set_app_path(program).set_args(&[BY_LOGIN]);
            builder.build().ok()
        }
    }

    impl StartAtLogin for LoginItem {
        fn is_on(&self) -> Option<bool> {
            self.entry()?.is_enabled().ok()
        }

        fn set(&self, on: bool) -> bool {
            let Some(entry) = self.entry() else { return false };
            if on { entry.enable().is_ok() } else { entry.disable().is_ok() }
        }
    }
}

#[cfg(not(any(target_os = "linux", windows, target_os = "macos")))]
impl StartAtLogin for LoginItem {
    fn is_on(&self) -> Option<bool> {
        None
    }

    fn set(&self, _on: bool) -> bool {
        false
    }
}
