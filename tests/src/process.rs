//! Processes that end with the test.

use std::io::{BufRead as _, BufReader, Read};
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, Mutex};

/// A child that is killed when it is dropped; what it says is kept.
pub struct Process {
    child: Child,
    output: Arc<Mutex<String>>,
}

impl Process {
    /// Starts it and waits for the first line of its standard output for which `ready` answers something.
    pub fn start<T>(mut command: Command, ready: impl Fn(&str) -> Option<T>) -> (Self, T) {
        let name = command.get_program().display().to_string();
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child =
            command.spawn().unwrap_or_else(|error| panic!("{name}: {error}; `cargo xtask setup` brings it"));
        let output = Arc::new(Mutex::new(String::new()));
        keep(child.stderr.take().unwrap(), Arc::clone(&output));
        let mut lines = BufReader::new(child.stdout.take().unwrap());
        let found = loop {
            let mut line = String::new();
            let read = lines.read_line(&mut line).unwrap_or(0);
            if read == 0 {
                let said = output.lock().unwrap().clone();
                panic!("{name} ended before it was ready: {said}");
            }
            output.lock().unwrap().push_str(&line);
            if let Some(found) = ready(line.trim()) {
                break found;
            }
        };
        keep(lines, Arc::clone(&output));
        (Self { child, output }, found)
    }

    /// Its process number.
    pub fn pid(&self) -> u32 {
        self.child.id()
    }

    /// Everything that it has said so far.
    pub fn output(&self) -> String {
        self.output.lock().unwrap().clone()
    }

    /// Ends it without a chance to tidy up.
    pub fn kill(mut self) {
        self.end();
    }

    fn end(&mut self) {
        // One that has ended by itself is as good.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        self.end();
    }
}

fn keep(mut from: impl Read + Send + 'static, to: Arc<Mutex<String>>) {
    std::thread::spawn(move || {
        let mut chunk = [0_u8; 4096];
        while let Ok(read) = from.read(&mut chunk) {
            if read == 0 {
                return;
            }
            to.lock().unwrap().push_str(&String::from_utf8_lossy(&chunk[..read]));
        }
    });
}
