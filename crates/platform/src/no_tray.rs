//! Where this crate makes no tray: on Windows and macOS the window makes one, elsewhere there is none.

use async_trait::async_trait;
use attention::TrayView;
use attention::ports::{OnPress, Tray};

/// A tray that is never there.
pub struct StatusTray;

impl StatusTray {
    /// With a picture that nobody shows.
    pub fn new(_rgba: &[u8], _side: usize) -> Self {
        Self
    }
}

#[async_trait]
impl Tray for StatusTray {
    async fn is_there(&self) -> bool {
        false
    }

    async fn show(&self, _view: &TrayView, _pressed: OnPress) -> bool {
        false
    }

    async fn remove(&self) {}

    fn is_shown(&self) -> bool {
        false
    }
}
