//! Companies kept in memory, because every entry, message and call asks for one. What another node or the command line
//! changes is noticed by [`Revisions`](crate::port::Revisions): whoever looks at those tells this.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard};

use crate::model::{AuditLine, Company, CompanyId, Time};
use crate::port::{Answer, Companies, DecideCompany};

/// Companies that are kept at most. With more than that, those that nobody has asked for lately are read again.
const KEPT: usize = 20_000;

pub struct KnownCompanies {
    store: Arc<dyn Companies>,
    known: Mutex<Known>,
}

#[derive(Default)]
struct Known {
    companies: HashMap<CompanyId, Company>,
    /// How often something was forgotten: what was read before the last time may be out of date.
    forgotten: u64,
}

impl KnownCompanies {
    pub fn over(store: Arc<dyn Companies>) -> Self {
        Self { store, known: Mutex::default() }
    }

    /// It was changed: whoever asks from now on gets it as it is.
    pub fn forget(&self, company: &CompanyId) {
        let mut known = self.known();
        known.companies.remove(company);
        known.forgotten += 1;
    }

    /// Anything may have changed.
    pub fn forget_all(&self) {
        let mut known = self.known();
        known.companies.clear();
        known.forgotten += 1;
    }

    fn known(&self) -> MutexGuard<'_, Known> {
        self.known.lock().expect("no holder of this lock can panic")
    }
}

impl Companies for KnownCompanies {
    fn find(&self, id: &CompanyId) -> Answer<'_, Option<Company>> {
        let (found, forgotten) = {
            let known = self.known();
            (known.companies.get(id).cloned(), known.forgotten)
        };
        if found.is_some() {
            return Box::pin(std::future::ready(Ok(found)));
        }
        let reading = self.store.find(id);
        Box::pin(async move {
            let found = reading.await?;
            let mut known = self.known();
            if let Some(company) = found.as_ref().filter(|_| known.forgotten == forgotten) {
                if known.companies.len() >= KEPT {
                    known.companies.clear();
                }
                known.companies.insert(company.id.clone(), company.clone());
            }
            drop(known);
            Ok(found)
        })
    }

    fn add(&self, company: Company, now: Time) -> Answer<'_, ()> {
        self.store.add(company, now)
    }

    fn change(&self, id: &CompanyId, decide: DecideCompany, line: AuditLine) -> Answer<'_, Company> {
        let (id, changing) = (id.clone(), self.store.change(id, decide, line));
        Box::pin(async move {
            let changed = changing.await;
            // Also when it is not sure whether it has happened.
            self.forget(&id);
            changed
        })
    }

    fn all(&self) -> Answer<'_, Vec<Company>> {
        self.store.all()
    }
}

#[cfg(test)]
mod tests {
    use std::future::Future;
    use std::pin::pin;
    use std::sync::atomic::{AtomicU64, Ordering};
    use std::task::{Context, Poll, Waker};

    use super::*;
    use crate::model::Name;

    /// A company whose name says how often it was read; each reading waits until it is asked a second time.
    #[derive(Default)]
    struct Shelf(AtomicU64);

    impl Companies for Shelf {
        fn find(&self, id: &CompanyId) -> Answer<'_, Option<Company>> {
            let name = format!("{}", self.0.fetch_add(1, Ordering::SeqCst));
            let company = Company::new(id.clone(), Name::parse("name", &name).unwrap());
            let mut asked = false;
            Box::pin(async move {
                std::future::poll_fn(|_| {
                    if std::mem::replace(&mut asked, true) { Poll::Ready(()) } else { Poll::Pending }
                })
                .await;
                Ok(Some(company))
            })
        }

        fn add(&self, _: Company, _: Time) -> Answer<'_, ()> {
            unreachable!("no case adds one")
        }

        fn change(&self, id: &CompanyId, _: DecideCompany, _: AuditLine) -> Answer<'_, Company> {
            let company = Company::new(id.clone(), Name::default());
            Box::pin(async { Ok(company) })
        }

        fn all(&self) -> Answer<'_, Vec<Company>> {
            unreachable!("no case asks for all")
        }
    }

    fn answer<T>(future: impl Future<Output = T>) -> T {
        let (mut future, mut context) = (pin!(future), Context::from_waker(Waker::noop()));
        loop {
            if let Poll::Ready(answer) = future.as_mut().poll(&mut context) {
                return answer;
            }
        }
    }

    fn name(known: &KnownCompanies, id: &CompanyId) -> String {
        answer(known.find(id)).unwrap().unwrap().name.to_string()
    }

    #[test]
    fn a_company_is_read_once_until_it_changes() {
        let known = KnownCompanies::over(Arc::new(Shelf::default()));
        let (one, other) = (CompanyId::parse("c1").unwrap(), CompanyId::parse("c2").unwrap());
        assert_eq!([name(&known, &one), name(&known, &one), name(&known, &other)], ["0", "0", "1"]);
        known.forget(&one);
        assert_eq!([name(&known, &one), name(&known, &other)], ["2", "1"]);
        let line = crate::model::Caller::operator(one.clone()).line(1, "company.change", "c1");
        answer(known.change(&one, Box::new(|before| Ok(before.clone())), line)).unwrap();
        assert_eq!([name(&known, &one), name(&known, &other)], ["3", "1"]);
        known.forget_all();
        assert_eq!([name(&known, &one), name(&known, &other)], ["4", "5"]);
    }

    #[test]
    fn what_was_read_before_a_change_is_not_kept_after_it() {
        let known = KnownCompanies::over(Arc::new(Shelf::default()));
        let id = CompanyId::parse("c1").unwrap();
        let (mut reading, mut context) = (pin!(known.find(&id)), Context::from_waker(Waker::noop()));
        assert!(reading.as_mut().poll(&mut context).is_pending());
        known.forget(&id);
        let Poll::Ready(Ok(Some(old))) = reading.as_mut().poll(&mut context) else { panic!("it is read") };
        assert_eq!(old.name.as_str(), "0");
        assert_eq!(name(&known, &id), "1");
    }
}
