//! A company's own administration, and what is kept in memory of it.

use std::sync::Arc;

use nodechat_domain::app::{Access, Admin, KnownCompanies, Platform, SetUp};
use nodechat_domain::port::{Answer, Clock, Desks, Entropy, Revision, revised};

use super::store::Store;
use crate::job::Keeper;
use crate::password::Argon2id;

/// `desks`: none for the command line, whose acts a server's next command at the desk finds.
pub fn build(
    store: &Store,
    access: Arc<Access>,
    desks: Option<Arc<dyn Desks>>,
    clock: Arc<dyn Clock>,
    entropy: Arc<dyn Entropy>,
) -> Admin {
    Admin {
        desks,
        access,
        companies: store.companies.clone(),
        agents: store.books.clone(),
        groups: store.books.clone(),
        keys: store.books.clone(),
        audit: store.books.clone(),
        passwords: Arc::new(Argon2id::new(entropy.clone())),
        clock,
        entropy,
    }
}

/// Its companies, read and changed where theirs are.
pub fn platform(store: &Store, admin: &Admin) -> Platform {
    Platform {
        founded: store.books.clone(),
        companies: admin.companies.clone(),
        agents: admin.agents.clone(),
        passwords: admin.passwords.clone(),
        clock: admin.clock.clone(),
    }
}

/// The first company, made where theirs are.
pub fn set_up(store: &Store, admin: &Admin) -> SetUp {
    SetUp {
        access: admin.access.clone(),
        set_ups: store.books.clone(),
        passwords: admin.passwords.clone(),
        clock: admin.clock.clone(),
        entropy: admin.entropy.clone(),
    }
}

impl Keeper for KnownCompanies {
    fn changed<'a>(&'a self, revision: &'a Revision) -> Answer<'a, ()> {
        if &*revision.topic == revised::COMPANY {
            self.forget(&revision.company);
        }
        Box::pin(std::future::ready(Ok(())))
    }

    fn unsure(&self) {
        self.forget_all();
    }
}
