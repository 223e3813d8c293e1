//! One program in a world of its own, and one start of it, measured.
//!
//! *Painted* is what a person would say: the display shows what it still shows when nothing changes any more. The
//! picture at rest is learned once per program; a start is over at the first moment the display shows it. The same
//! holds for both programs, and neither takes part in it.

use crate::memory::{family, held_kib};
use crate::screen::{Picture, Screen};
use crate::yardstick;
use anyhow::{Context as _, Result, bail};
use std::fmt;
use std::path::{Path, PathBuf};
use std::process::{Child, Stdio};
use std::time::{Duration, Instant};
use tests::world::{Wants, World};

/// Room for the whole window and its frame.
const DISPLAY: (u32, u32) = (1280, 900);
/// Between two looks at the display. A look costs about a millisecond.
const LOOK: Duration = Duration::from_millis(4);
/// Memory is read this long after the picture stands, when programs have done what they put off.
const REST: Duration = Duration::from_secs(3);
/// Nothing may take longer.
const PATIENCE: Duration = Duration::from_secs(60);
/// Pixels that may differ from the picture at rest: a line that tells the time, not a row of a list.
const SAME: f64 = 0.002;
/// A window that fills most of the display must have come before a picture counts as learned.
const SOMETHING: f64 = 0.3;

/// A program that is measured.
pub(crate) struct Contender {
    /// What to call it.
    pub(crate) name: String,
    /// How many connections its vault holds.
    pub(crate) connections: Option<usize>,
    /// What its picture at rest is called.
    picture: String,
    /// What was measured.
    pub(crate) runs: Vec<Run>,
    program: PathBuf,
    world: World,
    at_rest: Option<Picture>,
}

/// One start.
#[derive(Clone, Copy)]
pub(crate) struct Run {
    /// From the start of the process to the painted picture, in milliseconds.
    pub(crate) painted_ms: f64,
    /// Held by all its processes at rest, in MiB.
    pub(crate) memory_mib: f64,
}

impl fmt::Display for Run {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{:.0} ms, {:.0} MiB", self.painted_ms, self.memory_mib)
    }
}

impl Contender {
    /// The yardstick.
    pub(crate) fn empty_window(program: &Path) -> Result<Self> {
        Self::new("empty window".to_owned(), "empty".to_owned(), program, None)
    }

    /// Mooring, with this many connections in a vault that the keychain opens: all direct ones, or of all sources.
    pub(crate) fn mooring(program: &Path, connections: usize, mixed: bool) -> Result<Self> {
        let sources = if mixed { " of all sources" } else { "" };
        let picture = format!("mooring-{connections}{}", if mixed { "-mixed" } else { "" });
        let name = format!("Mooring, {connections} connections{sources}");
        let new = Self::new(name, picture, program, Some(connections))?;
        let count = connections.to_string();
        let fill: &[&str] = if mixed { &["fill-mixed", &count] } else { &["fill", &count, "0"] };
        yardstick::run(&new.world, fill)?;
        Ok(new)
    }

    fn new(name: String, picture: String, program: &Path, connections: Option<usize>) -> Result<Self> {
        let program = std::path::absolute(program)?;
        anyhow::ensure!(program.is_file(), "{} is not built", program.display());
        // A keychain for all, though only one needs it: whatever runs beside a program runs beside each.
        let world = World::new(Wants { display: Some(DISPLAY), keychain: true });
        Ok(Self { name, connections, picture, runs: Vec::new(), program, world, at_rest: None })
    }

    /// Starts it once without measuring: its files are read from disk, and its picture at rest is kept, also as a file
    /// for whoever wants to see what was waited for.
    pub(crate) fn learn(&mut self, out: &Path) -> Result<()> {
        let screen = self.screen()?;
        let before = screen.picture()?;
        let mut running = Running::start(self)?;
        let mut last = screen.picture()?;
        let mut since = Instant::now();
        let started = Instant::now();
        while since.elapsed() < REST || last.difference(&before) < SOMETHING {
            running.must_run(&self.name, started)?;
            std::thread::sleep(LOOK);
            let now = screen.picture()?;
            if now != last {
                (last, since) = (now, Instant::now());
            }
        }
        std::fs::create_dir_all(out)?;
        self.world.picture(&out.join(format!("{}.png", self.picture)));
        self.at_rest = Some(last);
        running.end(&screen, &before)
    }

    /// Starts it, measures, ends it.
    pub(crate) fn start(&mut self) -> Result<Run> {
        let at_rest = self.at_rest.as_ref().context("its picture at rest is not known")?;
        let screen = self.screen()?;
        let before = screen.picture()?;
        let started = Instant::now();
        let mut running = Running::start(self)?;
        while screen.picture()?.difference(at_rest) > SAME {
            running.must_run(&self.name, started)?;
            std::thread::sleep(LOOK);
        }
        let painted = started.elapsed();
        std::thread::sleep(REST);
        running.must_run(&self.name, started)?;
        #[expect(clippy::cast_precision_loss, reason = "some hundred thousand KiB")]
        let memory_mib = held_kib(running.child.id())? as f64 / 1024.0;
        running.end(&screen, &before)?;
        Ok(Run { painted_ms: painted.as_secs_f64() * 1_000.0, memory_mib })
    }

    fn screen(&self) -> Result<Screen> {
        Screen::open(self.world.framebuffer().context("a contender has a display")?)
    }
}

/// A started program, ended when dropped.
struct Running {
    child: Child,
}

impl Running {
    fn start(contender: &Contender) -> Result<Self> {
        let mut command = contender.world.command(&contender.program);
        // The app sets this itself, for pictures on more machines; the empty window draws the same way then.
        command.env("WEBKIT_DISABLE_DMABUF_RENDERER", "1");
        command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
        let child =
            command.spawn().with_context(|| format!("{} does not start", contender.program.display()))?;
        Ok(Self { child })
    }

    fn must_run(&mut self, name: &str, started: Instant) -> Result<()> {
        if let Some(status) = self.child.try_wait()? {
            bail!("{name} ended by itself ({status})");
        }
        if started.elapsed() > PATIENCE {
            bail!("{name} never showed its picture");
        }
        Ok(())
    }

    /// Ends it and waits until all its processes and its window are gone.
    fn end(mut self, screen: &Screen, before: &Picture) -> Result<()> {
        let family = family(self.child.id())?;
        self.child.kill()?;
        self.child.wait()?;
        let asked = Instant::now();
        let lives = |pid: &u32| Path::new("/proc").join(pid.to_string()).exists();
        while family.iter().any(lives) || screen.picture()?.difference(before) > SAME {
            if asked.elapsed() > PATIENCE {
                bail!("a process or a window outlived its program");
            }
            std::thread::sleep(LOOK);
        }
        Ok(())
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        // One that was ended above is as good.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
