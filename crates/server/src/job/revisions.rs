//! Sees what another node, or the command line, has changed of what is kept in memory here.

use std::sync::Arc;
use std::time::Duration;

use nodechat_domain::Result;
use nodechat_domain::port::{Revision, Revisions};

/// How late a change may be noticed.
pub const LOOK: Duration = Duration::from_secs(2);

/// Whoever keeps something in memory.
pub trait Keeper: Send + Sync {
    /// This was changed.
    fn changed(&self, revision: &Revision);

    /// Anything may have been changed.
    fn unsure(&self);
}

pub struct Watch {
    revisions: Arc<dyn Revisions>,
    keepers: Vec<Arc<dyn Keeper>>,
    /// The last change that was seen; none before the first look.
    seen: Option<i64>,
}

impl Watch {
    pub fn new(revisions: Arc<dyn Revisions>, keepers: Vec<Arc<dyn Keeper>>) -> Self {
        Self { revisions, keepers, seen: None }
    }

    /// For as long as it is asked.
    pub async fn watch(mut self) {
        let mut looks = tokio::time::interval(LOOK);
        looks.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
        let mut was_seen = true;
        loop {
            looks.tick().await;
            let looked = self.look().await;
            if let (Err(error), true) = (&looked, was_seen) {
                tracing::warn!(%error, "what others have changed is not seen for a while");
            }
            was_seen = looked.is_ok();
        }
    }

    async fn look(&mut self) -> Result<()> {
        let Some(seen) = self.seen else {
            let latest = self.revisions.latest().await?;
            // What was read before this look may be older than what it has seen.
            self.keepers.iter().for_each(|keeper| keeper.unsure());
            self.seen = Some(latest);
            return Ok(());
        };
        for revision in self.revisions.changed(seen).await? {
            self.keepers.iter().for_each(|keeper| keeper.changed(&revision));
            self.seen = Some(revision.number);
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Mutex;

    use nodechat_domain::Error;
    use nodechat_domain::model::CompanyId;
    use nodechat_domain::port::Answer;

    use super::*;

    #[derive(Default)]
    struct Shelf {
        numbers: Mutex<Vec<i64>>,
        away: Mutex<bool>,
    }

    impl Revisions for Shelf {
        fn changed(&self, after: i64) -> Answer<'_, Vec<Revision>> {
            let revision = |number: &i64| Revision {
                company: CompanyId::parse(&format!("c{number}")).unwrap(),
                topic: "company".into(),
                number: *number,
            };
            let found =
                self.numbers.lock().unwrap().iter().filter(|number| **number > after).map(revision).collect();
            let away = *self.away.lock().unwrap();
            Box::pin(async move { if away { Err(Error::unavailable("away")) } else { Ok(found) } })
        }

        fn latest(&self) -> Answer<'_, i64> {
            let latest = self.numbers.lock().unwrap().iter().max().copied().unwrap_or(0);
            Box::pin(async move { Ok(latest) })
        }
    }

    #[derive(Default)]
    struct Told(Mutex<Vec<i64>>);

    impl Keeper for Told {
        fn changed(&self, revision: &Revision) {
            self.0.lock().unwrap().push(revision.number);
        }

        fn unsure(&self) {
            self.0.lock().unwrap().push(-1);
        }
    }

    #[tokio::test]
    async fn each_change_is_told_once_however_often_the_store_was_away() {
        let (shelf, told) = (Arc::new(Shelf::default()), Arc::new(Told::default()));
        let mut watch = Watch::new(shelf.clone(), vec![told.clone()]);
        shelf.numbers.lock().unwrap().push(3);
        watch.look().await.unwrap();
        shelf.numbers.lock().unwrap().extend([4, 7]);
        *shelf.away.lock().unwrap() = true;
        assert!(watch.look().await.is_err());
        *shelf.away.lock().unwrap() = false;
        watch.look().await.unwrap();
        watch.look().await.unwrap();
        shelf.numbers.lock().unwrap().push(8);
        watch.look().await.unwrap();
        assert_eq!(*told.0.lock().unwrap(), [-1, 4, 7, 8]);
    }
}
