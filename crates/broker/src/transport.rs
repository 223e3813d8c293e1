//! The way in: a Unix socket, or on Windows a named pipe, for this person only.

#[cfg(unix)]
mod unix;
#[cfg(windows)]
mod windows;

#[cfg(unix)]
pub(crate) use unix::{Listener, Stream, Watch, connect};
#[cfg(windows)]
pub(crate) use windows::{Listener, Stream, Watch, connect};

/// The name of the pipe for a profile: `docs/local-api.md` says how others find it, so it never changes.
#[cfg(any(windows, test))]
fn pipe_name(socket: &std::path::Path) -> String {
    use sha2::{Digest as _, Sha256};
    let digest = Sha256::digest(socket.to_string_lossy().as_bytes());
    let short: String = digest.iter().take(8).map(|byte| format!("{byte:02x}")).collect();
    format!(r"\\.\pipe\mooring-{short}")
}

#[cfg(test)]
mod tests {
    use super::pipe_name;
    use std::path::Path;

    #[test]
    fn the_name_of_the_pipe_is_the_one_that_others_compute() {
        let socket = Path::new(r"C:\Users\Ana\AppData\Roaming\app.mooring.desktop\mooring.sock");
        // printf %s 'C:\Users\Ana\AppData\Roaming\app.mooring.desktop\mooring.sock' | sha256sum | cut -c1-16
        assert_eq!(pipe_name(socket), r"\\.\pipe\mooring-82a498dd7d06a6a0");
    }
}
