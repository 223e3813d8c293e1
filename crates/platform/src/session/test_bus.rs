//! A bus of one test's own.
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test that panics says so")]

use std::io::{BufRead as _, BufReader};
use std::process::{Child, Command, Stdio};
use zbus::blocking::Connection;
use zbus::blocking::connection::Builder;

/// A bus that ends with the test.
pub(super) struct Bus(Child, String);

impl Bus {
    pub(super) fn start() -> Self {
        let mut daemon = Command::new("dbus-daemon");
        daemon.args(["--session", "--nofork", "--nopidfile", "--print-address=1"]);
        let mut child = daemon.stdout(Stdio::piped()).spawn().expect("package dbus");
        let mut address = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut address).unwrap();
        Self(child, address.trim().to_owned())
    }

    /// Somebody on the bus, for instance us.
    pub(super) fn connect(&self) -> Connection {
        self.builder().build().unwrap()
    }

    /// For whoever serves something.
    pub(super) fn builder(&self) -> Builder<'_> {
        Builder::address(self.1.as_str()).unwrap()
    }
}

impl Drop for Bus {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}
