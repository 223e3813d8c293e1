//! Where a rule does not hold, and why.

use super::Finding;

struct Exception {
    path: &'static str,
    rule: &'static str,
    reason: &'static str,
}

const EXCEPTIONS: &[Exception] = &[
    Exception {
        path: "crates/commands/src/names.rs",
        rule: "header",
        reason: "it is included into a build script too, where the compiler refuses an inner doc comment",
    },
    Exception {
        path: "crates/connections/tests/it/world.rs",
        rule: "sleep",
        reason: "it implements the clock's port, whose operation has that name, with a clock moved by hand",
    },
    Exception {
        path: "crates/broker/tests/gate/place.rs",
        rule: "sleep",
        reason: "it implements the clock's port, whose operation has that name, on a runtime whose time is paused",
    },
    Exception {
        path: "crates/runtime/tests/it/home.rs",
        rule: "sleep",
        reason: "it implements the clock's port, whose operation has that name, with a clock moved by hand",
    },
    Exception {
        path: "tests/src/app.rs",
        rule: "sleep",
        reason: "`until` asks a program in another process again and again, and an app that is driven for too long is \
                 ended",
    },
    Exception {
        path: "tests/src/world.rs",
        rule: "sleep",
        reason: "it ends a program of tests that runs for too long",
    },
    Exception {
        path: "tests/src/bin/bench/contender.rs",
        rule: "sleep",
        reason: "it is no test: it looks at a clock and a picture in turn, and leaves the processor to what it measures",
    },
];

/// What remains of `findings` without the excepted ones, plus a finding for each exception that nothing needs.
pub(super) fn apply(findings: Vec<Finding>) -> Vec<Finding> {
    apply_list(findings, EXCEPTIONS)
}

fn apply_list(findings: Vec<Finding>, exceptions: &[Exception]) -> Vec<Finding> {
    let excepts = |exception: &Exception, finding: &Finding| {
        exception.path == finding.path && exception.rule == finding.rule
    };
    let stale: Vec<Finding> = exceptions
        .iter()
        .filter(|exception| !findings.iter().any(|finding| excepts(exception, finding)))
        .map(|exception| Finding {
            path: exception.path.to_owned(),
            line: 1,
            rule: "exceptions",
            message: format!(
                "the exception from `{}` (\"{}\") is no longer needed: remove it from xtask/src/tidy/exceptions.rs",
                exception.rule, exception.reason
            ),
        })
        .collect();
    let mut kept: Vec<Finding> = findings
        .into_iter()
        .filter(|finding| !exceptions.iter().any(|exception| excepts(exception, finding)))
        .collect();
    kept.extend(stale);
    kept
}

#[cfg(test)]
mod tests {
    use super::{EXCEPTIONS, Exception, Finding, apply_list};

    const LISTED: &[Exception] = &[Exception { path: "a.rs", rule: "header", reason: "it is included" }];

    fn finding(path: &str, rule: &'static str) -> Finding {
        Finding { path: path.to_owned(), line: 7, rule, message: String::new() }
    }

    #[test]
    fn a_listed_place_is_excepted_from_that_rule_only() {
        let findings = vec![finding("a.rs", "header"), finding("a.rs", "tags"), finding("b.rs", "header")];
        let kept = apply_list(findings, LISTED);
        assert_eq!(kept, [finding("a.rs", "tags"), finding("b.rs", "header")]);
    }

    #[test]
    fn an_exception_that_nothing_needs_is_found() {
        let kept = apply_list(vec![finding("b.rs", "header")], LISTED);
        assert_eq!(kept.len(), 2);
        assert!(kept.iter().any(|one| one.path == "a.rs" && one.rule == "exceptions"), "{kept:?}");
    }

    #[test]
    fn every_exception_says_why() {
        assert!(EXCEPTIONS.iter().all(|one| one.reason.len() > 20));
    }
}
