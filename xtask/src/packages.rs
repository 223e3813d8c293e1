//! The Debian packages that building and testing need, each with its reason. The only such list.

/// When a package is needed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Needed {
    /// To build the app and to open it.
    App,
    /// To test it, or to play the journey without a display.
    Tests,
}

/// What shows, on a system without `dpkg`, that the package's content is there.
#[derive(Clone, Copy)]
pub(crate) enum Proof {
    /// A program on `PATH`.
    Program(&'static str),
    /// A library that `pkg-config` knows.
    Library(&'static str),
    /// Nothing shows it; it is taken for granted.
    Nothing,
}

/// A Debian package.
pub(crate) struct Package {
    pub name: &'static str,
    pub needed: Needed,
    pub proof: Proof,
    pub reason: &'static str,
}

use Needed::{App, Tests};
use Proof::{Library, Nothing, Program};

const fn package(name: &'static str, needed: Needed, proof: Proof, reason: &'static str) -> Package {
    Package { name, needed, proof, reason }
}

/// Names are those of Debian 12; Ubuntu 22.04 and later have the same, except for `chromium`.
pub(crate) const PACKAGES: &[Package] = &[
    package("build-essential", App, Program("cc"), "SQLCipher and ring are compiled from C"),
    package("pkg-config", App, Program("pkg-config"), "finds the libraries below"),
    package("libssl-dev", App, Library("libcrypto"), "SQLCipher's cipher"),
    package(
        "libwebkit2gtk-4.1-dev",
        App,
        Library("webkit2gtk-4.1"),
        "the web view that Tauri draws windows with",
    ),
    package("librsvg2-common", App, Nothing, "GTK draws its symbolic icons with it"),
    package("xdg-utils", App, Program("xdg-open"), "opens the system browser"),
    package("desktop-file-utils", App, Program("update-desktop-database"), "registers the mooring: links"),
    package("libglib2.0-bin", Tests, Program("gio"), "opens a mooring: link as a desktop does"),
    package("webkit2gtk-driver", Tests, Program("WebKitWebDriver"), "drives the real window"),
    package("xvfb", Tests, Program("Xvfb"), "a display without a screen"),
    package("xauth", Tests, Program("xauth"), "lets only the test's programs onto that display"),
    package("openbox", Tests, Program("openbox"), "gives windows focus and size on that display"),
    package("xdotool", Tests, Program("xdotool"), "presses keys as a person does, from outside the app"),
    package("x11-utils", Tests, Program("xwininfo"), "tells which windows are on that display"),
    package("at-spi2-core", Tests, Nothing, "lets tests find the system's widgets as a screen reader does"),
    package("imagemagick", Tests, Program("import"), "takes the pictures of that display"),
    package("dbus", Tests, Program("dbus-run-session"), "a private session bus for each test"),
    package("dbus-x11", Tests, Program("dbus-launch"), "satisfies gnome-keyring without systemd"),
    package("gnome-keyring", Tests, Program("gnome-keyring-daemon"), "a real keychain on that bus"),
    package("ofx", Tests, Program("ofxdump"), "reads exported statements as GnuCash does"),
    package("python3-pip", Tests, Program("pip3"), "brings readers of exported statements"),
    package("chromium", Tests, Program("chromium"), "the system browser of the browser journey"),
    package("chromium-driver", Tests, Program("chromedriver"), "drives that browser"),
];

/// Those among `PACKAGES` that `needed` includes: tests need the app too.
pub(crate) fn for_need(needed: Needed) -> impl Iterator<Item = &'static Package> {
    PACKAGES.iter().filter(move |package| package.needed <= needed)
}

/// Which of `wanted` are missing, by what `dpkg-query` printed as lines of name and status.
pub(crate) fn missing<'list>(
    wanted: impl Iterator<Item = &'list Package>,
    dpkg: &str,
) -> Vec<&'list Package> {
    // The third letter would be an error flag; a good state is `ii`, wanted and installed.
    let installed: Vec<&str> = dpkg
        .lines()
        .filter_map(|line| line.split_once(' '))
        .filter(|(_, status)| status.trim() == "ii" || status.trim() == "hi")
        .map(|(name, _)| name)
        .collect();
    wanted.filter(|package| !installed.contains(&package.name)).collect()
}

#[cfg(test)]
mod tests {
    use super::{Needed, PACKAGES, for_need, missing};

    #[test]
    fn packages_are_named_once_and_say_why() {
        let mut names: Vec<_> = PACKAGES.iter().map(|package| package.name).collect();
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), PACKAGES.len());
        assert!(PACKAGES.iter().all(|package| package.reason.len() > 10));
    }

    #[test]
    fn tests_need_the_app_too() {
        assert_eq!(for_need(Needed::Tests).count(), PACKAGES.len());
        assert!(for_need(Needed::App).count() < PACKAGES.len());
        assert!(for_need(Needed::App).all(|package| package.needed == Needed::App));
    }

    #[test]
    fn a_removed_or_unknown_package_is_missing() {
        let all_but = |name: &str| {
            let lines = PACKAGES.iter().filter(|package| package.name != name);
            lines.map(|package| format!("{} ii \n", package.name)).collect::<Vec<_>>().concat()
        };
        let names = |dpkg: &str| {
            missing(for_need(Needed::Tests), dpkg).iter().map(|package| package.name).collect::<Vec<_>>()
        };
        assert!(names(&all_but("")).is_empty());
        assert_eq!(names(&all_but("xvfb")), ["xvfb"]);
        assert_eq!(names(&(all_but("xvfb") + "xvfb rc \n")), ["xvfb"], "removed, its settings remain");
        assert_eq!(names(&(all_but("xvfb") + "xvfb iU \n")), ["xvfb"], "unpacked, not set up");
        assert!(names(&(all_but("xvfb") + "xvfb hi \n")).is_empty(), "held back, but installed");
    }
}
