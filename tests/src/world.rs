//! One test's own computer: a display, a session bus, a keychain if wanted, and folders.

use crate::process::Process;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Duration;
use tempfile::TempDir;

/// A world that goes with its test.
pub struct World {
    _bus: Process,
    window_manager: Option<Process>,
    _display: Option<Process>,
    display_name: Option<String>,
    framebuffer: Option<TempDir>,
    bus_address: String,
    folder: TempDir,
    /// Further variables of the environment.
    variables: Vec<(String, PathBuf)>,
}

/// What a world has.
#[derive(Clone, Copy)]
pub struct Wants {
    /// A display of this size.
    pub display: Option<(u32, u32)>,
    /// A keychain that is unlocked.
    pub keychain: bool,
}

impl World {
    /// Makes a world.
    pub fn new(wants: Wants) -> Self {
        limit_this_program();
        let folder = tempfile::Builder::new().prefix("mooring-test-").tempdir().unwrap();
        for name in ["data", "config", "cache", "runtime", "home"] {
            std::fs::create_dir(folder.path().join(name)).unwrap();
        }
        close_to_others(&folder.path().join("runtime"));
        let framebuffer = wants.display.map(|_| in_memory());
        let display = wants.display.zip(framebuffer.as_ref());
        let display = display.map(|(size, framebuffer)| start_display(size, framebuffer.path()));
        let (display, display_name) =
            display.map_or((None, None), |(process, name)| (Some(process), Some(name)));
        let mut bus = Command::new("dbus-daemon");
        bus.args(["--session", "--nofork", "--nopidfile", "--print-address=1"]);
        set_folders(&mut bus, folder.path());
        if let Some(name) = &display_name {
            bus.env("DISPLAY", name);
        }
        let (bus, bus_address) =
            Process::start(bus, |line| line.starts_with("unix:").then(|| line.to_owned()));
        let mut world = Self {
            _bus: bus,
            window_manager: None,
            _display: display,
            display_name,
            framebuffer,
            bus_address,
            folder,
            variables: Vec::new(),
        };
        if world.display_name.is_some() {
            world.window_manager = Some(world.startwindow_manager());
        }
        if wants.keychain {
            world.unlock_keychain();
        }
        world
    }

    /// The profile folder of Mooring.
    pub fn profile(&self) -> PathBuf {
        self.folder.path().join("home").join("mooring")
    }

    /// The file that a person of this world chooses in every dialog for files.
    pub fn chosen_file(&self) -> PathBuf {
        chosen_in(self.folder.path())
    }

    /// From now on the app's clock is so many seconds ahead; the agent and the command line have the system's own.
    pub fn move_clock(&self, seconds: i64) {
        std::fs::write(clock_in(self.folder.path()), seconds.to_string()).unwrap();
    }

    /// The folder of everything.
    pub fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// The name of the display, where there is one.
    pub fn display(&self) -> Option<&str> {
        self.display_name.as_deref()
    }

    /// Where the session bus listens.
    pub fn bus(&self) -> &str {
        &self.bus_address
    }

    /// A command that lives in this world and in no other.
    pub fn command(&self, program: impl AsRef<std::ffi::OsStr>) -> Command {
        let mut command = Command::new(program);
        self.dress(&mut command);
        command
    }

    /// Sets a variable for all programs that are started in this world from now on.
    pub fn set(&mut self, name: &str, value: &Path) {
        self.variables.push((name.to_owned(), value.to_owned()));
    }

    /// Gives this world a browser that only notes where it is sent, in the file that is answered; see [`noted`].
    pub fn note_browser(&mut self) -> PathBuf {
        use std::os::unix::fs::PermissionsExt as _;
        let (script, note) = (self.folder().join("browser"), self.folder().join("sent-to"));
        std::fs::write(&script, format!("#!/bin/sh\nprintf %s \"$1\" > {}\n", note.display())).unwrap();
        std::fs::set_permissions(&script, std::fs::Permissions::from_mode(0o755)).unwrap();
        self.set("BROWSER", &script);
        note
    }

    /// The folder in which the display keeps its picture, in the file `Xvfb_screen0`.
    pub fn framebuffer(&self) -> Option<&Path> {
        self.framebuffer.as_ref().map(TempDir::path)
    }

    /// Takes a picture of the whole display.
    pub fn picture(&self, file: &Path) {
        let mut import = self.command("import");
        let done = import.args(["-window", "root"]).arg(file).status().expect("package imagemagick");
        assert!(done.success(), "the picture {} was not taken", file.display());
    }

    fn dress(&self, command: &mut Command) {
        set_folders(command, self.folder.path());
        command
            .env("MOORING_HOME", self.profile())
            .env("DBUS_SESSION_BUS_ADDRESS", &self.bus_address)
            .env("GDK_BACKEND", "x11")
            .env("LIBGL_ALWAYS_SOFTWARE", "1")
            .env("LANG", "en_US.UTF-8")
            .env("LC_ALL", "C.UTF-8")
            .env("RUST_BACKTRACE", "1")
            .env_remove("WAYLAND_DISPLAY");
        command.envs(self.variables.iter().map(|(name, value)| (name, value)));
        match &self.display_name {
            Some(name) => command.env("DISPLAY", name),
            None => command.env_remove("DISPLAY"),
        };
    }

    fn startwindow_manager(&self) -> Process {
        // It says nothing when it is ready; windows that come before it are managed when it is.
        let mut shell = self.command("sh");
        shell.args(["-c", "echo started; exec openbox --sm-disable"]);
        Process::start(shell, |line| (line == "started").then_some(())).0
    }

    /// Makes and unlocks the login keychain. It must be the first to ask for the keychain on this bus.
    fn unlock_keychain(&self) {
        let mut daemon = self.command("gnome-keyring-daemon");
        daemon.args(["--unlock", "--components=secrets"]);
        daemon.stdin(Stdio::piped()).stdout(Stdio::null()).stderr(Stdio::null());
        let mut child = daemon.spawn().expect("package gnome-keyring");
        child.stdin.take().unwrap().write_all(b"test").unwrap();
        assert!(child.wait().unwrap().success(), "the keychain did not unlock");
    }
}

/// How long a program of tests may run. Each wait has its own limit; this one is for what nobody thought of.
const LONGEST_PROGRAM: Duration = Duration::from_secs(15 * 60);

/// Ends this program when it runs for too long, so that whoever waits for its sum gets a failure and not silence.
fn limit_this_program() {
    static LIMIT: std::sync::Once = std::sync::Once::new();
    LIMIT.call_once(|| {
        std::thread::spawn(|| {
            std::thread::sleep(LONGEST_PROGRAM);
            // Not through the test harness, which keeps back what a test prints.
            let _ = writeln!(std::io::stderr(), "the tests ran for {LONGEST_PROGRAM:?} and were ended");
            std::process::exit(1);
        });
    });
}

fn set_folders(command: &mut Command, folder: &Path) {
    command
        .env("HOME", folder.join("home"))
        .env("XDG_DATA_HOME", folder.join("data"))
        .env("XDG_CONFIG_HOME", folder.join("config"))
        .env("XDG_CACHE_HOME", folder.join("cache"))
        .env("XDG_RUNTIME_DIR", folder.join("runtime"))
        .env("MOORING_FILE_DIALOG", chosen_in(folder))
        .env("MOORING_CLOCK_AHEAD", clock_in(folder));
}

/// Waits until a browser that notes was sent somewhere, and answers where.
pub async fn noted(note: &Path) -> String {
    let sent = crate::app::until("the browser", || async {
        Ok(std::fs::read_to_string(note).ok().filter(|text| !text.is_empty()))
    });
    sent.await.unwrap()
}

fn clock_in(folder: &Path) -> PathBuf {
    folder.join("clock-ahead")
}

fn chosen_in(folder: &Path) -> PathBuf {
    folder.join("home").join("mine.mooring-backup")
}

fn close_to_others(folder: &Path) {
    use std::os::unix::fs::PermissionsExt as _;
    std::fs::set_permissions(folder, std::fs::Permissions::from_mode(0o700)).unwrap();
}

/// A folder that is no disk's, where there is one: what is drawn need not be written.
fn in_memory() -> TempDir {
    let prefix = "mooring-display-";
    let folder = tempfile::Builder::new().prefix(prefix).tempdir_in("/dev/shm");
    folder.or_else(|_| tempfile::Builder::new().prefix(prefix).tempdir()).unwrap()
}

fn start_display((width, height): (u32, u32), framebuffer: &Path) -> (Process, String) {
    let mut server = Command::new("Xvfb");
    server.arg("-fbdir").arg(framebuffer);
    server.args(["-displayfd", "1", "-nolisten", "tcp", "-screen", "0", &format!("{width}x{height}x24")]);
    let (process, number) = Process::start(server, |line| line.parse::<u32>().ok());
    (process, format!(":{number}"))
}
