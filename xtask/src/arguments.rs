//! The command line of `cargo xtask`.

use std::path::PathBuf;

use crate::bench;
use crate::delivery;
use crate::steps::{STEPS, Wanted};

/// What is printed when asked, or when the command line is wrong.
pub(crate) const USAGE: &str = "\
cargo xtask <command>

  run                build the app and open it; without a display, play the main journey into pictures
  test               check everything
      --only STEP    only this step or group of steps; may be given again
      --keep-going   go on after a step that failed
  gallery            take a picture of every screen and state, in both languages, colors and sizes
      --only PART    only of those with PART in their names
  bench              measure what is waited for, as released, and fail when a goal is missed; takes some minutes
      --rounds N     starts of each program; 9 when not given
      --only PARTS   some of: start scroll approve broker vault
  dist               build the packages that are handed out: deb and rpm, into target/dist
      --check        prove them: install, start, open a link, remove
      --no-build     take the programs as they were built before
      --bundles LIST other kinds, made by Tauri's bundler: appimage, nsis, msi, dmg
      --updates FOLDER --address URL
                     only the manifest of updates: of the signed files in FOLDER, which will be found below URL
  setup              install what the other commands need
  tidy               rules about the text of the tree, and about which crate depends on which
  codegen            write the interface's types from the Rust types";

/// A command with its options.
#[derive(Debug, PartialEq)]
pub(crate) enum Command {
    Help,
    Setup,
    Test(Wanted),
    Run,
    /// Which part of the scenes' names, when it is given.
    Gallery(Option<String>),
    Bench(bench::Wanted),
    Dist(delivery::Wanted),
    /// The inner half of a proof of `dist`, on a display of its own. Not for people.
    DistProbe {
        root: PathBuf,
        picture: PathBuf,
    },
    Codegen,
    Tidy,
}

/// The command that `arguments` ask for, or a sentence about what is wrong with them.
pub(crate) fn parse(arguments: impl IntoIterator<Item = String>) -> Result<Command, String> {
    let mut rest = arguments.into_iter();
    let Some(name) = rest.next() else { return Err("a command is missing".to_owned()) };
    let rest: Vec<String> = rest.collect();
    let command = match name.as_str() {
        "help" | "--help" | "-h" => Command::Help,
        "setup" => Command::Setup,
        "codegen" => Command::Codegen,
        "tidy" => Command::Tidy,
        "test" => return parse_test(rest).map(Command::Test),
        "bench" => return parse_bench(rest).map(Command::Bench),
        "run" => Command::Run,
        "gallery" => return parse_gallery(rest).map(Command::Gallery),
        "dist" => return parse_dist(rest).map(Command::Dist),
        "dist-probe" => {
            return match rest.as_slice() {
                [root, picture] => Ok(Command::DistProbe { root: root.into(), picture: picture.into() }),
                _ => Err("`dist-probe` needs a root and a picture".to_owned()),
            };
        }
        other => return Err(format!("`{other}` is no command")),
    };
    match rest.first() {
        Some(extra) => Err(format!("`{extra}` means nothing to `{name}`")),
        None => Ok(command),
    }
}

fn parse_test(options: Vec<String>) -> Result<Wanted, String> {
    let mut wanted = Wanted::default();
    let mut rest = options.into_iter();
    while let Some(option) = rest.next() {
        match option.split_once('=').unwrap_or((option.as_str(), "")) {
            ("--keep-going", "") => wanted.keep_going = true,
            ("--only", "") => wanted.only.push(step(rest.next())?),
            ("--only", name) => wanted.only.push(step(Some(name.to_owned()))?),
            _ => return Err(format!("`{option}` means nothing to `test`")),
        }
    }
    Ok(wanted)
}

fn parse_gallery(options: Vec<String>) -> Result<Option<String>, String> {
    let mut only = None;
    let mut rest = options.into_iter();
    while let Some(option) = rest.next() {
        let value = match option.split_once('=').unwrap_or((option.as_str(), "")) {
            ("--only", "") => rest.next(),
            ("--only", value) => Some(value.to_owned()),
            _ => return Err(format!("`{option}` means nothing to `gallery`")),
        };
        only = Some(value.ok_or("--only needs a part of a scene's name")?);
    }
    Ok(only)
}

fn parse_bench(options: Vec<String>) -> Result<bench::Wanted, String> {
    let mut wanted = bench::Wanted::default();
    let mut rest = options.into_iter();
    while let Some(option) = rest.next() {
        let (name, value) = match option.split_once('=') {
            Some((name, value)) => (name.to_owned(), Some(value.to_owned())),
            None => (option.clone(), None),
        };
        match name.as_str() {
            "--rounds" => {
                let number = value.or_else(|| rest.next()).and_then(|value| value.parse().ok());
                let number = number.filter(|number| *number > 0);
                wanted.rounds = Some(number.ok_or("--rounds needs a number above 0")?);
            }
            "--only" => {
                let parts = value.or_else(|| rest.next()).unwrap_or_default();
                wanted.only = parts.split(',').map(str::to_owned).collect();
                if wanted.only.iter().any(|part| !bench::PARTS.contains(&part.as_str())) {
                    return Err(format!("--only needs some of: {}", bench::PARTS.join(", ")));
                }
            }
            _ => return Err(format!("`{option}` means nothing to `bench`")),
        }
    }
    Ok(wanted)
}

fn parse_dist(options: Vec<String>) -> Result<delivery::Wanted, String> {
    let mut wanted = delivery::Wanted::default();
    let (mut updates, mut address) = (None, None);
    let mut rest = options.into_iter();
    while let Some(option) = rest.next() {
        match option.split_once('=').unwrap_or((option.as_str(), "")) {
            ("--check", "") => wanted.check = true,
            ("--no-build", "") => wanted.no_build = true,
            ("--bundles", "") => wanted.bundles = Some(kinds(rest.next())?),
            ("--bundles", list) => wanted.bundles = Some(kinds(Some(list.to_owned()))?),
            ("--updates", "") => updates = rest.next(),
            ("--address", "") => address = rest.next(),
            _ => return Err(format!("`{option}` means nothing to `dist`")),
        }
    }
    wanted.updates = match (updates, address) {
        (None, None) => None,
        (Some(folder), Some(address)) => Some(delivery::UpdatesAt { folder: folder.into(), address }),
        _ => return Err("--updates needs a folder, and --address the https address of its files".to_owned()),
    };
    if wanted.check && wanted.bundles.is_some() {
        return Err("--check proves deb and rpm, not bundles".to_owned());
    }
    Ok(wanted)
}

fn kinds(list: Option<String>) -> Result<String, String> {
    let known = delivery::BUNDLES.join(", ");
    let list = list.ok_or_else(|| format!("--bundles needs some of: {known}"))?;
    match list.split(',').find(|kind| !delivery::BUNDLES.contains(kind)) {
        Some(kind) => Err(format!("`{kind}` is no kind of bundle; there are {known}")),
        None => Ok(list),
    }
}

fn step(name: Option<String>) -> Result<String, String> {
    let names = || STEPS.iter().map(|step| step.name).collect::<Vec<_>>().join(", ");
    let name = name.ok_or_else(|| format!("--only needs a step: {}", names()))?;
    if STEPS.iter().any(|step| step.answers_to(&name)) {
        return Ok(name);
    }
    Err(format!("`{name}` is no step; there are {}", names()))
}

#[cfg(test)]
mod tests {
    use super::{Command, Wanted, delivery, parse};
    use crate::bench;

    fn parsed(line: &str) -> Result<Command, String> {
        parse(line.split_whitespace().map(str::to_owned))
    }

    #[test]
    fn commands_and_options_are_understood() {
        assert_eq!(parsed("setup"), Ok(Command::Setup));
        assert_eq!(parsed("run"), Ok(Command::Run));
        assert_eq!(parsed("gallery"), Ok(Command::Gallery(None)));
        for line in ["gallery --only settings", "gallery --only=settings"] {
            assert_eq!(parsed(line), Ok(Command::Gallery(Some("settings".to_owned()))));
        }
        let bench = |rounds, only: &[&str]| {
            let only = only.iter().map(|part| (*part).to_owned()).collect();
            Ok(Command::Bench(bench::Wanted { rounds, only }))
        };
        assert_eq!(parsed("bench"), bench(None, &[]));
        assert_eq!(parsed("bench --rounds 3"), bench(Some(3), &[]));
        assert_eq!(parsed("bench --rounds=3 --only broker"), bench(Some(3), &["broker"]));
        assert_eq!(parsed("bench --only=broker,vault"), bench(None, &["broker", "vault"]));
        let dist = |wanted| Ok(Command::Dist(wanted));
        let none = delivery::Wanted::default;
        assert_eq!(parsed("dist"), dist(none()));
        assert_eq!(
            parsed("dist --check --no-build"),
            dist(delivery::Wanted { check: true, no_build: true, ..none() })
        );
        let at = delivery::UpdatesAt { folder: "all".into(), address: "https://a.example".to_owned() };
        assert_eq!(
            parsed("dist --updates all --address https://a.example"),
            dist(delivery::Wanted { updates: Some(at), ..none() })
        );
        let bundles = Some("nsis,msi".to_owned());
        assert_eq!(parsed("dist --bundles nsis,msi"), dist(delivery::Wanted { bundles, ..none() }));
        let wanted = Wanted { only: vec!["fmt".to_owned(), "ui".to_owned()], keep_going: true };
        assert_eq!(parsed("test --only fmt --keep-going --only=ui"), Ok(Command::Test(wanted)));
    }

    #[test]
    fn what_workflows_and_papers_call_exists() {
        let root = xtask::workspace_root();
        let papers =
            ["README.md", "docs/packaging.md", ".github/workflows/ci.yml", ".github/workflows/release.yml"];
        let mut called = 0;
        for paper in papers {
            let text = std::fs::read_to_string(root.join(paper)).unwrap();
            for rest in text.split("cargo xtask ").skip(1) {
                let name: String =
                    rest.chars().take_while(|c| c.is_ascii_alphanumeric() || *c == '-').collect();
                let known = ["run", "test", "gallery", "bench", "dist", "setup", "tidy", "codegen"]
                    .contains(&name.as_str());
                assert!(known && parsed(&name).is_ok(), "{paper} calls `cargo xtask {name}`");
                called += 1;
            }
        }
        assert!(called > 10, "the papers were not read: {called}");
    }

    #[test]
    fn a_wrong_line_is_refused_with_its_reason() {
        assert_eq!(parsed(""), Err("a command is missing".to_owned()));
        assert_eq!(parsed("fly"), Err("`fly` is no command".to_owned()));
        assert_eq!(parsed("run --fast"), Err("`--fast` means nothing to `run`".to_owned()));
        assert_eq!(parsed("gallery --fast"), Err("`--fast` means nothing to `gallery`".to_owned()));
        assert_eq!(parsed("bench --fast"), Err("`--fast` means nothing to `bench`".to_owned()));
        assert_eq!(parsed("dist --fast"), Err("`--fast` means nothing to `dist`".to_owned()));
        assert!(parsed("dist --bundles zip").unwrap_err().starts_with("`zip` is no kind of bundle"));
        assert!(parsed("dist --bundles").unwrap_err().starts_with("--bundles needs some of: appimage, "));
        assert!(parsed("dist --updates all").unwrap_err().starts_with("--updates needs a folder"));
        assert!(parsed("dist --check --bundles=dmg").unwrap_err().starts_with("--check proves"));
        for line in ["bench --rounds", "bench --rounds 0", "bench --rounds many"] {
            assert_eq!(parsed(line), Err("--rounds needs a number above 0".to_owned()));
        }
        for line in ["bench --only", "bench --only speed", "bench --only broker,"] {
            assert!(parsed(line).unwrap_err().starts_with("--only needs some of: start, "), "{line}");
        }
        assert_eq!(parsed("test fmt"), Err("`fmt` means nothing to `test`".to_owned()));
        assert!(parsed("test --only").unwrap_err().starts_with("--only needs a step: fmt, "));
        assert!(parsed("test --only nothing").unwrap_err().starts_with("`nothing` is no step"));
    }
}
