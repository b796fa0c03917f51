//! Says in their rooms what visitors have left, where whoever was about to was cut off, on whichever node.

use std::sync::Arc;
use std::time::Duration;

use nodechat_domain::app::LeftMessages;

/// How often is looked. What is looked for is in an index of its own, which is empty but for a moment.
const LOOK: Duration = Duration::from_secs(2);

/// Until it is dropped.
pub async fn say_rest(left: Arc<LeftMessages>) {
    super::every(LOOK, move || {
        let left = left.clone();
        async move {
            match left.say_rest().await {
                Ok(0) => {}
                Ok(count) => tracing::info!(count, "messages that were left are said in their rooms"),
                Err(error) => tracing::warn!(%error, "messages that were left were not said in their rooms"),
            }
        }
    })
    .await;
}
