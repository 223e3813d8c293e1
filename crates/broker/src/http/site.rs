//! What all requests share.

use super::{Limits, Options};
use crate::caller::{Access, Caller};
use crate::compat::Openers;
use crate::gate::{Gate, Outcome};
use connections::error::CoreError;
use connections::{ConnectionKey, Connections};
use secret::SecretString;
use std::sync::Arc;
use tokio::sync::Semaphore;

/// Programs that may listen to events at once; each keeps a socket for as long as it likes.
const MOST_LISTENERS: usize = 32;

pub(crate) struct Site {
    pub(crate) core: Connections,
    pub(crate) gate: Arc<dyn Gate>,
    pub(crate) secret: SecretString,
    pub(crate) publishable_key: String,
    pub(crate) port: u16,
    pub(crate) limits: Limits,
    /// Pages that wait for an authorization.
    pub(crate) openers: Openers,
    pub(crate) room_to_listen: Arc<Semaphore>,
    origins: Vec<String>,
    hosts: [String; 3],
}

impl Site {
    pub(crate) fn new(options: Options, port: u16) -> Self {
        Self {
            core: options.core,
            gate: options.gate,
            secret: options.secret,
            publishable_key: options.publishable_key,
            port,
            limits: options.limits,
            openers: Openers::default(),
            room_to_listen: Arc::new(Semaphore::new(MOST_LISTENERS)),
            origins: options.allowed_origins,
            hosts: ["127.0.0.1", "localhost", "[::1]"].map(|host| format!("{host}:{port}")),
        }
    }

    /// Whether `host` is a name of this listener.
    pub(crate) fn is_own_host(&self, host: &str) -> bool {
        self.hosts.iter().any(|own| own.eq_ignore_ascii_case(host))
    }

    /// Whether pages of `origin` may ask.
    pub(crate) fn allows(&self, origin: &str) -> bool {
        self.origins.iter().any(|allowed| allowed == origin)
    }

    /// Does `work` if the gate admits `caller`, and has it written down either way.
    pub(crate) async fn admitted<T: Send>(
        &self,
        caller: &Caller,
        access: Access,
        connection: Option<&ConnectionKey>,
        work: impl Future<Output = Result<T, CoreError>> + Send,
    ) -> Result<T, CoreError> {
        let result = match self.gate.admit(caller, access, connection).await {
            Ok(()) => work.await,
            // Whoever reads the refusal has to know whom to allow.
            Err(refused) => Err(refused.with("callerId", caller.id.as_str())),
        };
        self.gate.record(caller, access, connection, &Outcome::of(&result)).await;
        result
    }
}
