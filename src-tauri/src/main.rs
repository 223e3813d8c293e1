//! The program: prepares the process and starts the window, or the core without one.
#![cfg_attr(not(debug_assertions), windows_subsystem = "windows")]

use std::process::ExitCode;

fn main() -> ExitCode {
    if agent::is_asked(std::env::args_os()) {
        return agent::main();
    }
    #[cfg(target_os = "linux")]
    calm_webkit();
    mooring_desktop::run();
    ExitCode::SUCCESS
}

/// WebKitGTK's DMABUF renderer leaves a blank window on some NVIDIA and Wayland machines, the most reported failure
/// of its kind; without it the picture is the same. Whoever sets the variable keeps it.
#[cfg(target_os = "linux")]
fn calm_webkit() {
    const VARIABLE: &str = "WEBKIT_DISABLE_DMABUF_RENDERER";
    if std::env::var_os(VARIABLE).is_none() {
        // SAFETY: nothing has started a thread so far, so nobody reads the environment at the same time.
        #[expect(unsafe_code, reason = "the variable must be set before GTK reads it")]
        unsafe {
            std::env::set_var(VARIABLE, "1");
        }
    }
}
