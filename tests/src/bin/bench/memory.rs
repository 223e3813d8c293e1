//! How much memory a program holds, with all processes that it started.
//!
//! Source: proc(5), `smaps_rollup`: the proportional set size counts a page that several processes share in equal
//! parts, so the sum over processes counts nothing twice.

use anyhow::{Context as _, Result};
use std::collections::BTreeMap;

/// Sum of the proportional set sizes of `root` and everything below it, in KiB.
pub(crate) fn held_kib(root: u32) -> Result<u64> {
    let mut sum = 0;
    for pid in family(root)? {
        // A process that ended between the two looks holds nothing.
        let Ok(text) = std::fs::read_to_string(format!("/proc/{pid}/smaps_rollup")) else { continue };
        sum += proportional_kib(&text).with_context(|| format!("process {pid} has no Pss"))?;
    }
    anyhow::ensure!(sum > 0, "no process of {root} could be read");
    Ok(sum)
}

/// `root` and all processes below it.
pub(crate) fn family(root: u32) -> Result<Vec<u32>> {
    let mut children: BTreeMap<u32, Vec<u32>> = BTreeMap::new();
    for entry in std::fs::read_dir("/proc")?.flatten() {
        let Some(pid) = entry.file_name().to_str().and_then(|name| name.parse().ok()) else { continue };
        let Ok(stat) = std::fs::read_to_string(entry.path().join("stat")) else { continue };
        if let Some(parent) = parent(&stat) {
            children.entry(parent).or_default().push(pid);
        }
    }
    let mut found = vec![root];
    let mut next = 0;
    while let Some(&pid) = found.get(next) {
        found.extend(children.get(&pid).into_iter().flatten());
        next += 1;
    }
    Ok(found)
}

/// The name in parentheses may hold spaces and parentheses of its own.
fn parent(stat: &str) -> Option<u32> {
    stat.rsplit_once(')')?.1.split_whitespace().nth(1)?.parse().ok()
}

fn proportional_kib(rollup: &str) -> Option<u64> {
    rollup.lines().find_map(|line| line.strip_prefix("Pss:"))?.split_whitespace().next()?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::{family, held_kib, parent, proportional_kib};

    #[test]
    fn the_parent_is_found_behind_any_name() {
        assert_eq!(parent("7 (a) b) S 42 7 7 0"), Some(42));
        assert_eq!(parent("nonsense"), None);
    }

    #[test]
    fn the_proportional_size_is_read_and_not_its_parts() {
        let text = "55 [rollup]\nRss:  900 kB\nPss_Dirty: 5 kB\nPss:   321 kB\n";
        assert_eq!(proportional_kib(text), Some(321));
        assert_eq!(proportional_kib("Rss: 9 kB"), None);
    }

    #[test]
    fn a_child_belongs_to_its_parents_family() {
        let mut child =
            std::process::Command::new("cat").stdin(std::process::Stdio::piped()).spawn().unwrap();
        let alone = child.id();
        assert!(family(std::process::id()).unwrap().contains(&alone));
        assert!(held_kib(std::process::id()).unwrap() > held_kib(alone).unwrap());
        child.kill().unwrap();
        child.wait().unwrap();
    }
}
