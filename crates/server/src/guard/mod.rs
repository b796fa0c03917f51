//! Whom companies do not want to hear and what they do not want to see, kept in memory so that no connection and no
//! message waits for the store.

mod at_hand;

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::Arc;

use nodechat_domain::decide::Found;
use nodechat_domain::model::{AccountId, Ban, Banned, CompanyId, Network, Text, Time, Treatment};
use nodechat_domain::port::{Answer, Blacklist, Clock, Doorkeeper, Revision, SensitiveWords, revised};
use nodechat_domain::{Error, Result};
use nodechat_words::unwanted::{self, Unwanted, Verdict};

use self::at_hand::AtHand;

pub struct Guard {
    blacklist: Arc<dyn Blacklist>,
    words: Arc<dyn SensitiveWords>,
    clock: Arc<dyn Clock>,
    barred: AtHand<Barred>,
    unwanted: AtHand<Unwanted>,
}

/// A blacklist as it is asked.
#[derive(Default)]
struct Barred {
    /// Until when.
    visitors: HashMap<AccountId, Option<Time>>,
    networks: Vec<(Network, Option<Time>)>,
}

impl Guard {
    pub fn new(blacklist: Arc<dyn Blacklist>, words: Arc<dyn SensitiveWords>, clock: Arc<dyn Clock>) -> Self {
        Self { blacklist, words, clock, barred: AtHand::default(), unwanted: AtHand::default() }
    }

    /// Lets go of what has been changed. What is asked for from now on is read anew.
    pub fn forget(&self, revision: &Revision) {
        match &*revision.topic {
            revised::BLACKLIST => self.barred.forget(&revision.company),
            revised::SENSITIVE_WORDS => self.unwanted.forget(&revision.company),
            _ => {}
        }
    }

    /// The same for everything.
    pub fn forget_all(&self) {
        self.barred.forget_all();
        self.unwanted.forget_all();
    }

    /// Whom this company keeps out, as of now.
    pub async fn judge(&self, company: &CompanyId) -> Result<impl Fn(&AccountId, IpAddr) -> bool + use<>> {
        let (barred, now) = (self.barred_by(company).await?, self.clock.now());
        Ok(move |aid: &AccountId, ip| barred.bars(aid, ip, now))
    }

    async fn barred_by(&self, company: &CompanyId) -> Result<Arc<Barred>> {
        let load = async {
            let bans = self.blacklist.of(company, self.clock.now()).await?;
            Ok(Barred::from(bans))
        };
        self.barred.get(company, load).await
    }

    async fn unwanted_by(&self, company: &CompanyId) -> Result<Arc<Unwanted>> {
        let load = async {
            let words = self.words.all(company).await?;
            let words = words.iter().map(|word| (word.word.as_str(), treatment(word.treatment)));
            // Each of them was tried when it was taken in.
            Unwanted::new(words)
                .map_err(|refusal| Error::internal(format!("words cannot be used: {refusal:?}")))
        };
        self.unwanted.get(company, load).await
    }
}

impl Doorkeeper for Guard {
    fn bars<'a>(&'a self, company: &'a CompanyId, aid: &'a AccountId, ip: IpAddr) -> Answer<'a, bool> {
        Box::pin(async move { Ok(self.barred_by(company).await?.bars(aid, ip, self.clock.now())) })
    }

    fn looks<'a>(&'a self, company: &'a CompanyId, text: &'a Text) -> Answer<'a, Found> {
        Box::pin(async move {
            Ok(match self.unwanted_by(company).await?.check(text.as_str()) {
                Verdict::Clean => Found::Nothing,
                // As many characters as before.
                Verdict::Masked(masked) => Found::ToMask(Text::parse(&masked)?),
                Verdict::Refused => Found::ToRefuse,
            })
        })
    }
}

/// For `nodechat-words`.
pub fn treatment(treatment: Treatment) -> unwanted::Treatment {
    match treatment {
        Treatment::Refuse => unwanted::Treatment::Refuse,
        Treatment::Mask => unwanted::Treatment::Mask,
    }
}

impl Barred {
    fn bars(&self, aid: &AccountId, ip: IpAddr, now: Time) -> bool {
        let counts = |expires: &Option<Time>| expires.is_none_or(|expires| now < expires);
        self.visitors.get(aid).is_some_and(counts)
            || self.networks.iter().any(|(network, expires)| counts(expires) && network.contains(ip))
    }
}

impl From<Vec<Ban>> for Barred {
    fn from(bans: Vec<Ban>) -> Self {
        let mut barred = Self::default();
        for ban in bans {
            match ban.whom {
                Banned::Visitor(aid) => {
                    barred.visitors.insert(aid, ban.expires);
                }
                Banned::Network(network) => barred.networks.push((network, ban.expires)),
            }
        }
        barred
    }
}
