//! Commands over a real runtime, without a window.
