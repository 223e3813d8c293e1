//! Rules about the text of the tree that compilers and linters do not know.
//!
//! Each rule reads files and reports findings; none changes anything. A rule knows one matter, and its module shows
//! by test what it accepts and what it refuses. Exceptions are listed in `exceptions`, each with its reason, and one
//! that is no longer needed is a finding itself.

mod exceptions;
mod mask;
mod rust;
mod rust_source;
mod text;
mod tree;
mod web;

use std::fmt;
use std::path::Path;

use anyhow::Result;

/// One place that breaks a rule.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Finding {
    /// Path below the workspace root, with `/` between its parts.
    pub path: String,
    /// Line, from 1.
    pub line: usize,
    /// Name of the rule, as the list of exceptions writes it.
    pub rule: &'static str,
    /// What is wrong and what to do about it.
    pub message: String,
}

impl fmt::Display for Finding {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}:{}: {} [{}]", self.path, self.line, self.message, self.rule)
    }
}

/// A text file of the tree.
pub(crate) struct File {
    /// As in [`Finding::path`].
    pub path: String,
    pub text: String,
}

impl File {
    fn finding(&self, line: usize, rule: &'static str, message: impl Into<String>) -> Finding {
        Finding { path: self.path.clone(), line, rule, message: message.into() }
    }
}

/// Everything in the tree below `root` that breaks a rule, in the order of paths; none when all is well.
pub fn check(root: &Path) -> Result<Vec<Finding>> {
    let files = tree::read(root)?;
    Ok(check_files(&files))
}

fn check_files(files: &[File]) -> Vec<Finding> {
    let mut findings = rust::check(files);
    findings.extend(web::check(files));
    findings.extend(text::check(files));
    let mut findings = exceptions::apply(findings);
    findings.sort();
    findings
}
