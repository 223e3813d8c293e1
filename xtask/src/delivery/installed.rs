//! The installed app, as a desktop starts it: by its entry, through a link, in a person's empty home.

use std::fs;
use std::io::{BufRead as _, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, bail};

use super::stage::APP_ID;
use super::{empty_folder, make_folder};
use crate::shell::{ask, command, run, say};

/// What the proof needs.
pub(super) const TOOLS: [&str; 9] = [
    "fakeroot",
    "dbus-run-session",
    "xvfb-run",
    "openbox",
    "xdotool",
    "import",
    "gio",
    "xdg-mime",
    "update-desktop-database",
];
/// An answer that nobody waits for: the app opens and takes it for nothing.
const LINK: &str = "mooring://oauth/callback?code=none&state=none";
/// Seconds that the window may take on a busy machine.
const OPENING: &str = "120";

/// As long, for the page in it.
const DRAWING: Duration = Duration::from_secs(120);
/// Letters alone have more, with their soft edges.
const FEWEST_COLORS: u32 = 40;

/// Starts the app that is installed below `root` through a link, and leaves a picture of it.
pub(super) fn prove(root: &Path, picture: &Path) -> Result<()> {
    // What the trigger of the package `desktop-file-utils` does.
    run(command("update-desktop-database").arg(root.join("usr/share/applications")))?;
    let home = root.with_extension("home");
    empty_folder(&home)?;
    let mut probe = command("dbus-run-session");
    probe.args(["--", "xvfb-run", "--auto-servernum", "--server-args=-screen 0 1280x900x24"]);
    probe.arg(std::env::current_exe().context("this program has no name")?);
    probe.arg("dist-probe").arg(root).arg(picture);
    person(&mut probe, &home)?;
    let folders = format!("{}:/usr/local/share:/usr/share", root.join("usr/share").display());
    let path = std::env::var("PATH").unwrap_or_default();
    probe.env("XDG_DATA_DIRS", folders).env("PATH", format!("{}:{path}", root.join("usr/bin").display()));
    run(&mut probe)?;
    let handler = home.join(".local/share/applications");
    if handler.exists() {
        bail!("the app wrote a desktop entry of its own, though it is installed: {}", handler.display());
    }
    fs::remove_dir_all(&home).with_context(|| format!("{} cannot be removed", home.display()))
}

/// A home without anything in it, and nothing of the person who runs this.
fn person(probe: &mut Command, home: &Path) -> Result<()> {
    let runtime = home.join("runtime");
    make_folder(&runtime)?;
    run(command("chmod").arg("700").arg(&runtime))?;
    for name in ["MOORING_HOME", "DISPLAY", "WAYLAND_DISPLAY", "DBUS_SESSION_BUS_ADDRESS"] {
        probe.env_remove(name);
    }
    for name in ["XDG_DATA_HOME", "XDG_CONFIG_HOME", "XDG_CACHE_HOME"] {
        probe.env_remove(name);
    }
    probe.env("HOME", home).env("XDG_RUNTIME_DIR", runtime);
    // Neither a desktop's own way to open links nor a sandboxed portal.
    probe.env("XDG_CURRENT_DESKTOP", "X-Generic").env("GTK_USE_PORTAL", "0").env("LC_ALL", "C.UTF-8");
    Ok(())
}

/// The inner half: runs on a display and a session bus of its own.
pub(crate) fn probe(root: &Path, picture: &Path) -> Result<()> {
    let handler = ask(command("xdg-mime").args(["query", "default", "x-scheme-handler/mooring"]));
    if handler.as_deref() != Some(&format!("{APP_ID}.desktop")) {
        bail!("links of ours would be opened by {handler:?}");
    }
    let mut windows = command("openbox").spawn().context("`openbox` could not be started")?;
    let proof = serves_without_window(root).and_then(|()| opens_once(root, picture));
    windows.kill().context("`openbox` could not be ended")?;
    windows.wait().context("`openbox` could not be waited for")?;
    proof
}

/// The installed command line hands `agent` over to the installed app, which then needs no display.
fn serves_without_window(root: &Path) -> Result<()> {
    let home = root.with_extension("agent");
    empty_folder(&home)?;
    let passphrase = home.join("passphrase");
    fs::write(&passphrase, "a passphrase of this proof alone").context("a file cannot be written")?;
    let mooring = |arguments: &[&str]| {
        let mut command = command(root.join("usr/bin/mooring"));
        command.args(arguments).env("MOORING_HOME", home.join("profile")).env_remove("DISPLAY");
        command
    };
    let mut start = mooring(&["agent", "--sandbox", "--passphrase-file"]);
    let mut agent = start.arg(&passphrase).stdout(Stdio::piped()).spawn().context("no agent")?;
    let mut line = String::new();
    let told = agent.stdout.take().map(|out| BufReader::new(out).read_line(&mut line));
    let listed = ask(mooring(&["config", "list"]).stdin(Stdio::null()));
    agent.kill().context("the agent could not be ended")?;
    agent.wait().context("the agent could not be waited for")?;
    match (told, listed) {
        (Some(Ok(_)), Some(listed)) if line == "ready\n" && listed.contains("practice-bank") => {}
        (_, listed) => bail!("the installed agent said {line:?}, and then listed {listed:?}"),
    }
    fs::remove_dir_all(&home).with_context(|| format!("{} cannot be removed", home.display()))
}

fn opens_once(root: &Path, picture: &Path) -> Result<()> {
    let program =
        fs::canonicalize(root.join("usr/bin/mooring-desktop")).context("the app is not installed")?;
    run(command("gio").args(["open", LINK]))?;
    let mut wait = command("timeout");
    wait.args([OPENING, "xdotool", "search", "--sync", "--onlyvisible", "--name", "^Mooring$"]);
    let found = ask(&mut wait).context("no window came")?;
    let window = found.lines().next().context("no window came")?;
    drawn(window, picture)?;
    let first = processes(&program)?;
    let [pid] = first.as_slice() else {
        bail!("{} processes of the installed app instead of one", first.len())
    };
    let line = fs::read(format!("/proc/{pid}/cmdline")).context("the app is gone")?;
    if !String::from_utf8_lossy(&line).contains(LINK) {
        bail!("the link did not reach the app");
    }
    // The second link goes to the app that is open, and the program that brought it ends.
    run(command("timeout").arg("60").arg(&program).arg(LINK)).context("a second start did not end")?;
    if processes(&program)? != first {
        bail!("the app was started twice");
    }
    say(&format!("dist: {LINK} opened {}; a picture of it is in {}", program.display(), picture.display()));
    run(command("kill").arg(pid.to_string()))?;
    // Waits for a process that is no child.
    run(command("timeout").args(["30", "tail", &format!("--pid={pid}"), "-f", "/dev/null"]))
        .context("it did not end")
}

/// Waits until the window shows a page: an empty one has a single color.
fn drawn(window: &str, picture: &Path) -> Result<()> {
    let started = Instant::now();
    loop {
        run(command("import").args(["-window", window]).arg(picture))?;
        let colors = ask(command("identify").args(["-format", "%k"]).arg(picture));
        if colors.and_then(|number| number.parse::<u32>().ok()).is_some_and(|number| number >= FEWEST_COLORS)
        {
            return Ok(());
        }
        if started.elapsed() > DRAWING {
            bail!("the window stayed empty; see {}", picture.display());
        }
    }
}

/// Processes that run `program`.
fn processes(program: &Path) -> Result<Vec<u32>> {
    let entries = fs::read_dir("/proc").context("/proc cannot be listed")?;
    let numbers = entries.filter_map(|entry| entry.ok()?.file_name().to_str()?.parse::<u32>().ok());
    let runs =
        |pid: &u32| fs::read_link(PathBuf::from(format!("/proc/{pid}/exe"))).is_ok_and(|exe| exe == program);
    Ok(numbers.filter(runs).collect())
}
