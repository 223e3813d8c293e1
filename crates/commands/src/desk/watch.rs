//! Looks whenever something may have changed, and has the tray and a notice say it.
//!
//! Works only while the person wants one of them. Decides nothing: what to say is decided in `attention`.

use super::{later, list, waiting};
use crate::Host;
use crate::dto::Settings;
use attention::menu::{can_pause, locked_tray, tray};
use attention::ports::{Going, OnPress};
use attention::{Circumstances, Herald, Language, NoticeLevel, Press, TrayView};
use connections::id::ConnectionKey;
use connections::{Attended, Connections};
use jiff::Timestamp;
use jiff::tz::TimeZone;
use std::future::Future;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::broadcast::error::RecvError;

/// Dates come near without anything happening; a sleeping machine makes timers late, so the clock is looked at often.
const LONGEST_SLEEP: Duration = Duration::from_secs(60);

/// What a watch remembers from look to look.
struct Watch {
    host: Host,
    herald: Herald,
    shown: Option<TrayView>,
    pressed: OnPress,
}

/// Watches until the program ends. A window that was left `hidden` at the start is shown when no tray leads to it.
pub async fn attend(host: Host, hidden: bool) {
    let mut phase = host.runtime.watch_phase();
    let mut events = host.runtime.subscribe();
    let pressed = presses(&host);
    let mut watch = Watch { host: host.clone(), herald: Herald::default(), shown: None, pressed };
    let mut hidden = hidden;
    loop {
        let pause = watch.look().await;
        if std::mem::take(&mut hidden) && !host.ports.desk.tray.is_shown() {
            host.open_window();
        }
        tokio::select! {
            () = host.wake.notified() => {}
            changed = phase.changed() => if changed.is_err() { return },
            event = events.recv() => match event {
                Ok(_) => while events.try_recv().is_ok() {},
                Err(RecvError::Lagged(_)) => {}
                Err(RecvError::Closed) => return,
            },
            () = sleep_or_forever(pause) => {}
        }
    }
}

async fn sleep_or_forever(pause: Option<Duration>) {
    match pause {
        Some(pause) => tokio::time::sleep(pause).await,
        None => std::future::pending().await,
    }
}

/// Carries out what is pressed, from whatever thread it comes.
fn presses(host: &Host) -> OnPress {
    let (host, executor) = (host.clone(), tokio::runtime::Handle::current());
    Arc::new(move |press| {
        let host = host.clone();
        executor.spawn(async move { host.press(press).await });
    })
}

impl Watch {
    /// Looks once. Answers how long to wait at most; none while nothing is wanted.
    async fn look(&mut self) -> Option<Duration> {
        let settings = self.host.ports.settings.load();
        let core = self.host.runtime.connections().ok();
        self.show_tray(&settings, core.as_ref()).await;
        let wanted = settings.tray || settings.notices != NoticeLevel::None;
        let again = match &core {
            Some(core) => self.tell(&settings, core.attended(), false).await,
            None => match self.host.runtime.attended_behind_the_lock() {
                Some(attended) => self.tell(&settings, attended, true).await,
                None => None,
            },
        };
        wanted.then(|| again.unwrap_or(LONGEST_SLEEP).min(LONGEST_SLEEP))
    }

    async fn show_tray(&mut self, settings: &Settings, core: Option<&Connections>) {
        let tray_port = &self.host.ports.desk.tray;
        if !settings.tray {
            if self.shown.take().is_some() {
                tray_port.remove().await;
            }
            return;
        }
        let language = self.host.spoken();
        let view = core.map_or_else(
            || locked_tray(language),
            |core| tray(&core.attended(), &list(core, &waiting(&self.host)), language),
        );
        let is_new = self.shown.as_ref() != Some(&view);
        if (is_new || !tray_port.is_shown()) && tray_port.is_there().await {
            let shown = tray_port.show(&view, Arc::clone(&self.pressed)).await;
            self.shown = shown.then_some(view);
        }
    }

    /// Shows a notice if one is due. Answers when more will be known.
    async fn tell(&mut self, settings: &Settings, attended: Vec<Attended>, locked: bool) -> Option<Duration> {
        let now = Timestamp::now();
        let desk = &self.host.ports.desk;
        let circumstances = Circumstances {
            now,
            zone: TimeZone::system(),
            level: settings.notices,
            // A lock screen that is looked at tells nothing.
            focused: desk.window.is_focused() && !locked,
            locked,
            language: self.host.spoken(),
        };
        let look = self.herald.look(&attended, &circumstances);
        if let Some(notice) = &look.notice {
            let taken =
                desk.notices.is_there().await && desk.notices.show(notice, Arc::clone(&self.pressed)).await;
            // What nobody showed was not told.
            if !taken {
                return None;
            }
        }
        for (key, memory) in look.remember {
            let told = match self.host.runtime.connections() {
                Ok(core) if !locked => core.remember_attention(&key, |before| *before = memory).await,
                _ => self.host.runtime.told_behind_the_lock(&key, memory).await,
            };
            if let Err(error) = told {
                tracing::warn!(%error, "what was told could not be written");
            }
        }
        let again = look.again_at?.duration_since(now);
        Duration::try_from(again).ok()
    }
}

impl Host {
    /// The language of what is shown outside the page.
    pub(crate) fn spoken(&self) -> Language {
        Language::of_tag(&self.language())
    }

    /// Shows the window, as a second start does.
    fn open_window(&self) {
        self.ports.desk.window.open(None);
    }

    /// Carries out what was pressed in the tray or on a notice.
    async fn press(&self, press: Press) {
        let window = &self.ports.desk.window;
        match press {
            Press::Open | Press::TrayGone => window.open(None),
            Press::Attention => window.open(Some(Going::Attention)),
            Press::Connect => window.open(Some(Going::Connect)),
            Press::Show(key) => window.open(Some(Going::Connection { key })),
            Press::Act(key) => window.open(Some(Going::Act { key })),
            Press::Later(keys) => self.for_each(keys, async |core, key| later(&core, &key).await).await,
            Press::PauseAll => {
                let keys = self.keys_where(can_pause);
                self.for_each(keys, async |core, key| core.pause(&key).await.map(drop)).await;
            }
            Press::ResumeAll => {
                let keys = self.keys_where(|one| one.view.paused);
                self.for_each(keys, async |core, key| core.resume(&key).await.map(drop)).await;
            }
            Press::Lock => self.runtime.lock(),
            Press::Quit => window.quit(),
        }
        self.wake.notify_one();
    }

    fn keys_where(&self, which: impl Fn(&connections::Attended) -> bool) -> Vec<ConnectionKey> {
        let all = self.runtime.connections().map(|core| core.attended()).unwrap_or_default();
        all.into_iter().filter(|one| which(one)).map(|one| one.view.key).collect()
    }

    async fn for_each<F>(&self, keys: Vec<ConnectionKey>, work: impl Fn(Connections, ConnectionKey) -> F)
    where
        F: Future<Output = Result<(), connections::error::CoreError>>,
    {
        for key in keys {
            let Ok(core) = self.runtime.connections() else { return };
            if let Err(error) = work(core, key).await {
                tracing::warn!(%error, "one connection did not follow");
            }
        }
    }
}
