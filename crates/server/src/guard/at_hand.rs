//! Something of each company that is read from the store when it is first needed, and kept until it is changed.

use std::collections::HashMap;
use std::future::Future;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, RwLock};

use nodechat_domain::Result;
use nodechat_domain::model::CompanyId;

/// Companies that are kept at most. One more, and all are read anew when they are needed: memory stays bounded where
/// somebody has very many companies.
const COMPANIES: usize = 10_000;

pub struct AtHand<T> {
    kept: RwLock<HashMap<CompanyId, Arc<T>>>,
    /// How often something was let go: what was being read meanwhile may be of before, and is not kept.
    forgotten: AtomicU64,
}

impl<T> AtHand<T> {
    pub async fn get(&self, company: &CompanyId, load: impl Future<Output = Result<T>>) -> Result<Arc<T>> {
        if let Some(known) = self.kept.read().expect(UNPOISONED).get(company) {
            return Ok(known.clone());
        }
        let before = self.forgotten.load(Ordering::SeqCst);
        let loaded = Arc::new(load.await?);
        let mut kept = self.kept.write().expect(UNPOISONED);
        if self.forgotten.load(Ordering::SeqCst) == before {
            if kept.len() >= COMPANIES {
                kept.clear();
            }
            kept.insert(company.clone(), loaded.clone());
        }
        Ok(loaded)
    }

    pub fn forget(&self, company: &CompanyId) {
        let mut kept = self.kept.write().expect(UNPOISONED);
        self.forgotten.fetch_add(1, Ordering::SeqCst);
        kept.remove(company);
    }

    pub fn forget_all(&self) {
        let mut kept = self.kept.write().expect(UNPOISONED);
        self.forgotten.fetch_add(1, Ordering::SeqCst);
        kept.clear();
    }
}

const UNPOISONED: &str = "no holder of this lock can panic";

impl<T> Default for AtHand<T> {
    fn default() -> Self {
        Self { kept: RwLock::default(), forgotten: AtomicU64::new(0) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn what_was_read_before_a_change_is_not_kept() {
        let at_hand = AtHand::<u32>::default();
        let company = CompanyId::parse("c1").unwrap();
        let changed_meanwhile = async {
            at_hand.forget(&company);
            Ok(1)
        };
        assert_eq!(*at_hand.get(&company, changed_meanwhile).await.unwrap(), 1);
        assert_eq!(*at_hand.get(&company, async { Ok(2) }).await.unwrap(), 2);
        assert_eq!(*at_hand.get(&company, async { Ok(3) }).await.unwrap(), 2);
        at_hand.forget(&company);
        assert_eq!(*at_hand.get(&company, async { Ok(4) }).await.unwrap(), 4);
    }
}
