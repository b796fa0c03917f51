//! Sees what another node, or the command line, has changed of what is kept in memory here.

use std::sync::Arc;
use std::time::Duration;

use nodechat_domain::Result;
use nodechat_domain::port::{Answer, Revision, Revisions};
use tokio::sync::Mutex;

/// How late a change may be noticed.
pub const LOOK: Duration = Duration::from_secs(2);

/// Whoever keeps something in memory.
pub trait Keeper: Send + Sync {
    /// This was changed. When it cannot be dealt with now, it is told again.
    fn changed<'a>(&'a self, revision: &'a Revision) -> Answer<'a, ()>;

    /// Anything may have been changed.
    fn unsure(&self);
}

pub struct Watch {
    revisions: Arc<dyn Revisions>,
    keepers: Vec<Arc<dyn Keeper>>,
    /// The last change that was seen; none before the first look.
    seen: Mutex<Option<i64>>,
}

impl Watch {
    pub fn new(revisions: Arc<dyn Revisions>, keepers: Vec<Arc<dyn Keeper>>) -> Self {
        Self { revisions, keepers, seen: Mutex::default() }
    }

    /// For as long as it is asked.
    pub async fn watch(self: Arc<Self>) {
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

    /// Looks once. Also for whoever has just changed something and wants it to hold here at once.
    pub async fn look(&self) -> Result<()> {
        // One look after the other: whoever comes second sees what has come meanwhile.
        let mut seen = self.seen.lock().await;
        let Some(last) = *seen else {
            let latest = self.revisions.latest().await?;
            // What was read before this look may be older than what it has seen.
            self.keepers.iter().for_each(|keeper| keeper.unsure());
            *seen = Some(latest);
            return Ok(());
        };
        for revision in self.revisions.changed(last).await? {
            for keeper in &self.keepers {
                keeper.changed(&revision).await?;
            }
            *seen = Some(revision.number);
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Mutex;

    use nodechat_domain::Error;
    use nodechat_domain::model::CompanyId;

    use super::{Answer, Arc, Keeper, Revision, Revisions, Watch};

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
        fn changed<'a>(&'a self, revision: &'a Revision) -> Answer<'a, ()> {
            self.0.lock().unwrap().push(revision.number);
            Box::pin(std::future::ready(Ok(())))
        }

        fn unsure(&self) {
            self.0.lock().unwrap().push(-1);
        }
    }

    #[tokio::test]
    async fn each_change_is_told_once_however_often_the_store_was_away() {
        let (shelf, told) = (Arc::new(Shelf::default()), Arc::new(Told::default()));
        let watch = Watch::new(shelf.clone(), vec![told.clone()]);
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
