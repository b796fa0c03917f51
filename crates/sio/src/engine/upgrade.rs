//! From polling to WebSocket (protocol 4, "Upgrade"): probe, then the session's task takes the connection over.

use std::sync::Arc;

use super::link::Link;
use crate::config::Config;
use crate::ws::{Accepted, Message, WebSocket};

/// Owns the new connection until its client says `upgrade`. If that does not come, polling goes on.
pub(super) async fn run(link: Arc<Link>, accepted: Accepted, config: Arc<Config>) {
    let attempt = Attempt(&link);
    let probed =
        tokio::time::timeout(config.upgrade_timeout, probe(&link, accepted, config.max_payload)).await;
    match probed {
        Ok(Some(websocket)) => {
            // The session may have ended meanwhile; then dropping the connection is all that is left to do.
            let _ = link.upgrade(websocket.into_parts());
            std::mem::forget(attempt);
        }
        Ok(None) | Err(_) => drop(attempt),
    }
}

/// The WebSocket, once its client has sent `2probe` and `5`.
async fn probe(link: &Link, accepted: Accepted, max_payload: usize) -> Option<WebSocket> {
    let mut websocket = accepted.into_websocket(max_payload).await.ok()?;
    loop {
        match websocket.recv().await.ok()?? {
            Message::Text(text) if text == "2probe" => {
                websocket.send(&Message::Text("3probe".into())).await.ok()?;
                link.probed();
            }
            Message::Text(text) if text == "5" => return Some(websocket),
            _ => {
                websocket.close(Some(1002), "a probe was expected").await;
                return None;
            }
        }
    }
}

struct Attempt<'a>(&'a Link);

impl Drop for Attempt<'_> {
    fn drop(&mut self) {
        self.0.abandon_upgrade();
    }
}
