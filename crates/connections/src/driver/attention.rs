//! Keeps what was said to the person about a connection, in the connection's own record.

use super::{Connections, connection_view, store_error, unknown_connection};
use crate::attention::AttentionMemory;
use crate::error::CoreError;
use crate::id::ConnectionKey;
use crate::ports::Change;
use crate::view::ConnectionView;

/// A connection, and what was said about it.
#[derive(Debug, Clone)]
pub struct Attended {
    /// As shown.
    pub view: ConnectionView,
    /// What was said.
    pub memory: AttentionMemory,
}

impl Connections {
    /// All connections with what was said about them, by key.
    pub fn attended(&self) -> Vec<Attended> {
        let state = self.state();
        let all = state.connections.values();
        all.map(|one| Attended { view: connection_view(&state, one), memory: one.attention.clone() })
            .collect()
    }

    /// Changes what is remembered; durable when it returns. A change that changes nothing writes nothing.
    ///
    /// # Errors
    /// Unknown connection, or a store that cannot be written; then nothing has changed.
    pub async fn remember_attention(
        &self,
        key: &ConnectionKey,
        change: impl FnOnce(&mut AttentionMemory) + Send,
    ) -> Result<(), CoreError> {
        let _turn = self.inner.writes.about(key).await;
        let mut connection = {
            let state = self.state();
            state.connections.get(key).cloned().ok_or_else(|| unknown_connection(key))?
        };
        let before = connection.attention.clone();
        change(&mut connection.attention);
        if connection.attention == before {
            return Ok(());
        }
        let write = vec![Change::PutConnection(Box::new(connection.clone()))];
        self.inner.ports.store.commit(write).await.map_err(store_error)?;
        self.publish(connection);
        Ok(())
    }
}
