//! Says what is missing on this computer, explains it, and says what to do.

use crate::exit::{self, Failure};
use crate::show;
use ::doctor::{Check, CheckCode, CheckOf, Plan, look};
use clap::Args;
use serde::Serialize;
use std::path::Path;

#[derive(Args)]
pub(crate) struct DoctorOptions {
    /// The port of the HTTP interface to look at; without it, the one that is served, else 3004.
    #[arg(long)]
    port: Option<u16>,
}

/// One thing that was looked at, in words.
#[derive(Serialize)]
struct Line {
    name: &'static str,
    ok: bool,
    code: CheckCode,
    /// What was found.
    what: String,
    /// What to do, where something is wrong.
    advice: Option<String>,
}

impl Line {
    fn of(check: &Check) -> Self {
        let advice = (!check.ok).then(|| advice(check));
        Self { name: name(check.of), ok: check.ok, code: check.code, what: what(check), advice }
    }
}

/// Looks at everything; ends with 69 when something is missing.
pub(crate) async fn run(options: DoctorOptions, json: bool) -> Result<(), Failure> {
    let folder = platform::profile::folder().ok();
    let port =
        options.port.or_else(|| served_port(folder.as_deref()?)).unwrap_or(broker::settings::USUAL_PORT);
    let plan = Plan { folder, keychain: true, port: Some(port), serves_port: false };
    let lines: Vec<Line> = look(&plan).await.iter().map(Line::of).collect();
    if json {
        show::json(&lines)?;
    } else {
        for line in &lines {
            let sign = if line.ok { "ok     " } else { "missing" };
            show::line(&format!("{sign}  {}: {}", line.name, line.what))?;
            if let Some(advice) = &line.advice {
                show::line(&format!("         -> {advice}"))?;
            }
        }
    }
    let missing = lines.iter().filter(|line| !line.ok).count();
    if missing == 0 {
        Ok(())
    } else {
        Err(Failure::new(exit::UNAVAILABLE, format!("{missing} of the above need care")))
    }
}

/// The port that this profile's HTTP interface was last served at, as its file tells.
fn served_port(folder: &Path) -> Option<u16> {
    let told: serde_json::Value =
        serde_json::from_slice(&std::fs::read(folder.join("agent.json")).ok()?).ok()?;
    u16::try_from(told.get("port")?.as_u64()?).ok()
}

const fn name(of: CheckOf) -> &'static str {
    match of {
        CheckOf::Folder => "profile folder",
        CheckOf::Owner => "app or agent",
        CheckOf::Keychain => "system keychain",
        CheckOf::Loopback => "return from the browser",
        CheckOf::Port => "port of the HTTP interface",
        CheckOf::Clock => "clock",
        CheckOf::Links => "mooring:// links",
    }
}

fn what(check: &Check) -> String {
    let get = |name: &str| check.param(name);
    let (path, pid, error) = (get("path"), get("pid"), get("error"));
    let port = || format!("127.0.0.1:{}", get("port"));
    match check.code {
        CheckCode::FolderOk => path.to_owned(),
        CheckCode::FolderLater => format!("{path} is made at the first start"),
        CheckCode::FolderUnknown => "the system names no folder for it".to_owned(),
        CheckCode::FolderUnreadable => format!("{path}: {error}"),
        CheckCode::FolderIsFile => format!("{path} is no folder"),
        CheckCode::FolderForeign => format!("{path} belongs to user {}", get("user")),
        CheckCode::FolderOpen => format!("{path} is open to others (mode {})", get("mode")),
        CheckCode::FolderReadOnly => format!("{path} cannot be written"),
        CheckCode::OwnerOk => format!("version {}, process {pid}", get("version")),
        CheckCode::OwnerOther => "answers in words of another version".to_owned(),
        CheckCode::OwnerDeaf => format!("process {pid} has the vault open and does not answer"),
        CheckCode::OwnerStale => "not running; its socket is left over from a crash".to_owned(),
        CheckCode::OwnerNone => "not running".to_owned(),
        CheckCode::OwnerFailed => error.to_owned(),
        CheckCode::KeychainOk => "answers".to_owned(),
        CheckCode::KeychainNoService => "no keychain service answers".to_owned(),
        CheckCode::KeychainLocked => "is locked".to_owned(),
        CheckCode::KeychainDenied => "refuses access".to_owned(),
        CheckCode::KeychainTimeout => "did not answer in time".to_owned(),
        CheckCode::KeychainOther => "could not be asked".to_owned(),
        CheckCode::LoopbackOk => "127.0.0.1 can be listened on".to_owned(),
        CheckCode::LoopbackBad => format!("127.0.0.1 cannot be listened on: {error}"),
        CheckCode::PortBad => format!("{} cannot be listened on: {error}", port()),
        CheckCode::PortFree => format!("{} is free", port()),
        CheckCode::PortOurs => format!("{} is served by Mooring (process {pid})", port()),
        CheckCode::PortTakenBy => format!("{} is taken by {} (process {pid})", port(), get("name")),
        CheckCode::PortTaken => format!("{} is taken by another program", port()),
        CheckCode::PortShadowed => {
            format!("[::1]:{} belongs to {} (process {pid})", get("port"), get("name"))
        }
        CheckCode::ClockOk => get("now").to_owned(),
        CheckCode::ClockBehind => {
            let (now, hours, written) = (get("now"), get("hours"), get("written"));
            format!("says {now}, but something was written {hours} hours later, at {written}")
        }
        CheckCode::ClockImpossible => format!("says {}, which cannot be", get("now")),
        CheckCode::LinksOk => get("handler").to_owned(),
        CheckCode::LinksNobody => "nobody opens them".to_owned(),
        CheckCode::LinksGone => format!("{} opens them, and is not there any more", get("handler")),
        CheckCode::LinksDead => {
            format!("{} starts {}, which is not there any more", get("handler"), get("program"))
        }
        CheckCode::LinksUnknown => "xdg-mime is missing".to_owned(),
    }
}

/// What to do about what is wrong.
fn advice(check: &Check) -> String {
    const START: &str = "open the app, or start the agent: mooring agent";
    let path = check.param("path");
    match check.code {
        CheckCode::FolderUnknown => "set MOORING_HOME to a folder of your own".to_owned(),
        CheckCode::FolderUnreadable => "make the folder readable for you".to_owned(),
        CheckCode::FolderIsFile => "move that file away, or set MOORING_HOME".to_owned(),
        CheckCode::FolderForeign => format!("make it yours: sudo chown -R \"$USER\" '{path}'"),
        CheckCode::FolderOpen => format!("close it: chmod 700 '{path}'; starting Mooring does it too"),
        CheckCode::FolderReadOnly => format!("make it writable: chmod 700 '{path}'"),
        CheckCode::OwnerOther => "use the command line of the same version".to_owned(),
        CheckCode::OwnerDeaf => {
            let pid = check.param("pid");
            format!("its vault may be locked in the window; else end it (kill {pid}) and start Mooring again")
        }
        CheckCode::OwnerStale => format!("{START}, which replaces it"),
        CheckCode::OwnerNone => START.to_owned(),
        CheckCode::OwnerFailed => "end Mooring and start it again".to_owned(),
        CheckCode::LoopbackBad => {
            "see whether the loopback interface is up and a firewall or sandbox forbids listening".to_owned()
        }
        CheckCode::PortShadowed => {
            "programs that ask `localhost` may get that one: have them ask 127.0.0.1, or choose another port"
                .to_owned()
        }
        CheckCode::LinksUnknown => "install the package xdg-utils".to_owned(),
        _ => match check.of {
            CheckOf::Keychain => {
                "unlock or install a keychain (gnome-keyring, KeePassXC), or let a passphrase \
                                  protect the vault: mooring agent --passphrase-file FILE"
                    .to_owned()
            }
            CheckOf::Port => {
                "choose another port: mooring agent --http 127.0.0.1:PORT, or in Settings".to_owned()
            }
            CheckOf::Clock => "set date and time, best by the network (timedatectl set-ntp true)".to_owned(),
            _ => "start the app once, or install its package again".to_owned(),
        },
    }
}
