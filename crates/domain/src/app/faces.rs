//! Faces: what anybody may see of a company before a word is said, and on which pages it was shown.

use std::collections::HashMap;
use std::sync::{Arc, Mutex};

use crate::error::{Error, Result};
use crate::model::{Caller, Company, CompanyId, Origin, Role, Site, Time};
use crate::port::{Clock, Companies, Sites};

/// A page is remembered as often as this, however many people look at it.
const SEEN_MS: Time = 60_000;
/// Pages that were remembered lately and are known here.
const KNOWN: usize = 10_000;

pub struct Faces {
    companies: Arc<dyn Companies>,
    sites: Arc<dyn Sites>,
    clock: Arc<dyn Clock>,
    /// When each was remembered last.
    seen: Mutex<HashMap<(CompanyId, Origin), Time>>,
}

/// A company, and whether it is within its business hours.
pub struct Face {
    pub company: Company,
    pub open: bool,
}

impl Faces {
    pub fn new(companies: Arc<dyn Companies>, sites: Arc<dyn Sites>, clock: Arc<dyn Clock>) -> Self {
        Self { companies, sites, clock, seen: Mutex::default() }
    }

    /// Shown to whoever asks, on a page of the origin `on`, if that is told. A company that is not there is refused as it is
    /// to an anonymous visitor.
    pub async fn face(&self, company: &CompanyId, on: Option<Origin>) -> Result<Face> {
        let company = self.companies.find(company).await?.ok_or(Error::Forbidden)?;
        let now = self.clock.now();
        if let Some(origin) = on.filter(|origin| self.is_news(&company.id, origin, now)) {
            // A store that does not take this now is no reason to show nothing; the next minute tells it again.
            let _ = self.sites.saw(&company.id, &origin, now).await;
        }
        let open = company.settings.open_at(now);
        Ok(Face { company, open })
    }

    /// The pages on which the caller's company was shown, whichever was there last first.
    pub async fn sites(&self, caller: &Caller) -> Result<Vec<Site>> {
        caller.may_read("company", Role::Admin)?;
        self.sites.of(&caller.company).await
    }

    fn is_news(&self, company: &CompanyId, origin: &Origin, now: Time) -> bool {
        let mut seen = self.seen.lock().expect("no holder of this lock can panic");
        if seen.len() >= KNOWN {
            seen.clear();
        }
        let key = (company.clone(), origin.clone());
        let is_news = seen.get(&key).is_none_or(|before| (now - before).abs() >= SEEN_MS);
        if is_news {
            seen.insert(key, now);
        }
        is_news
    }
}

#[cfg(test)]
mod tests {
    use std::future::{Future, ready};
    use std::pin::pin;
    use std::sync::atomic::{AtomicI64, Ordering};
    use std::task::{Context, Poll, Waker};

    use super::*;
    use crate::model::{AuditLine, Name};
    use crate::port::{Answer, DecideCompany};

    struct Shop;

    impl Companies for Shop {
        fn find(&self, id: &CompanyId) -> Answer<'_, Option<Company>> {
            Box::pin(ready(Ok(Some(Company::new(id.clone(), Name::default())))))
        }

        fn add(&self, _: Company, _: Time) -> Answer<'_, ()> {
            unreachable!("nobody makes a company here")
        }

        fn change(&self, _: &CompanyId, _: DecideCompany, _: AuditLine) -> Answer<'_, Company> {
            unreachable!("nobody changes a company here")
        }

        fn all(&self) -> Answer<'_, Vec<Company>> {
            unreachable!("nobody asks for all here")
        }
    }

    #[derive(Default)]
    struct Written(Mutex<Vec<(Origin, Time)>>);

    impl Sites for Written {
        fn saw(&self, _: &CompanyId, origin: &Origin, now: Time) -> Answer<'_, ()> {
            self.0.lock().unwrap().push((origin.clone(), now));
            Box::pin(ready(Err(Error::unavailable("the disk is full"))))
        }

        fn of(&self, _: &CompanyId) -> Answer<'_, Vec<Site>> {
            unreachable!("nobody asks here")
        }
    }

    #[derive(Default)]
    struct Hands(AtomicI64);

    impl Clock for Hands {
        fn now(&self) -> Time {
            self.0.load(Ordering::Relaxed)
        }
    }

    fn done<T>(future: impl Future<Output = T>) -> T {
        match pin!(future).poll(&mut Context::from_waker(Waker::noop())) {
            Poll::Ready(value) => value,
            Poll::Pending => unreachable!("everything is at hand here"),
        }
    }

    #[test]
    fn a_page_is_written_down_once_a_minute_and_a_store_in_trouble_hides_no_face() {
        let (written, clock) = (Arc::new(Written::default()), Arc::new(Hands::default()));
        let faces = Faces::new(Arc::new(Shop), written.clone(), clock.clone());
        let look = |now, on: Option<&str>| {
            clock.0.store(now, Ordering::Relaxed);
            let company = CompanyId::parse("c1").unwrap();
            assert!(done(faces.face(&company, on.and_then(Origin::parse))).unwrap().open);
        };
        for (now, on) in [(0, "a"), (1, "a"), (2, "b"), (59_999, "a"), (60_000, "a"), (60_001, "a")] {
            look(now, Some(&format!("https://{on}.example")));
        }
        look(70_000, None);
        look(70_000, Some("null"));
        let written = written.0.lock().unwrap();
        let written: Vec<_> = written.iter().map(|(origin, time)| (origin.as_str(), *time)).collect();
        assert_eq!(
            written,
            [("https://a.example", 0), ("https://b.example", 2), ("https://a.example", 60_000)]
        );
    }
}
