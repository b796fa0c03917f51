//! Coming in: keys vouch for people, tokens become tickets, tickets open sockets.

use std::net::IpAddr;
use std::sync::Arc;

use crate::decide::{self, GrantRequest};
use crate::error::{Error, Result};
use crate::model::{
    AccountId, Agent, ApiKey, Atype, Caller, Company, CompanyId, KeyId, Name, Person, Realm, Scopes, Secret,
    Side, Statement,
};
use crate::port::{Adoption, Agents, Clock, Companies, Connected, Credentials, Doorkeeper, Entropy, Keys};

/// A key's last use is remembered as often as this.
const USE_NOTED_MS: i64 = 600_000;

pub struct Access {
    pub credentials: Arc<dyn Credentials>,
    pub companies: Arc<dyn Companies>,
    pub agents: Arc<dyn Agents>,
    pub keys: Arc<dyn Keys>,
    pub connected: Arc<dyn Connected>,
    pub doorkeeper: Arc<dyn Doorkeeper>,
    pub clock: Arc<dyn Clock>,
    pub entropy: Arc<dyn Entropy>,
    pub settings: Settings,
}

/// How long credentials last, in milliseconds.
#[derive(Debug, Clone, Copy)]
pub struct Settings {
    pub token_ms: i64,
    pub ticket_ms: i64,
}

/// Somebody who is logged in on the host site, as it tells us.
#[derive(Debug, Clone)]
pub struct NewPerson {
    pub side: Side,
    pub aid: AccountId,
    pub mid: Name,
    pub account: Name,
    pub nick: Name,
    pub company: Option<CompanyId>,
    pub attributes: Option<Box<str>>,
    /// Secret of the anonymous visitor that this person was until now.
    pub visitor: Option<Secret>,
}

/// A token and how long it can be exchanged for a ticket.
pub struct Granted {
    pub token: Secret,
    pub expires_in_ms: i64,
}

/// Somebody with a fresh ticket.
pub struct Admitted {
    pub ticket: Secret,
    pub person: Person,
}

impl Access {
    /// A one-time token for somebody who is logged in on the host site of this API key.
    pub async fn grant(&self, key: &Secret, new: NewPerson) -> Result<Granted> {
        let key = self.key(key).await?;
        if !key.scopes.may_write("tokens") {
            return Err(Error::Forbidden);
        }
        self.grant_as(&key.owner, new).await
    }

    /// The same for somebody who is known to speak for `owner` without showing a key.
    pub async fn grant_as(&self, owner: &Realm, new: NewPerson) -> Result<Granted> {
        let named = new.company.as_ref().or(match owner {
            Realm::Company(own) => Some(own),
            Realm::Platform => None,
        });
        let company = match named {
            Some(id) => self.companies.find(id).await?,
            None => None,
        };
        let request =
            GrantRequest { side: new.side, company_id: new.company.as_ref(), company: company.as_ref() };
        let realm = decide::grant(owner, &request)?;
        let person = Person {
            side: new.side,
            realm,
            aid: new.aid,
            mid: new.mid,
            account: new.account,
            nick: new.nick,
            attributes: new.attributes,
        };
        if person.side == Side::Agent {
            self.enter(&person).await?;
        }
        if let Some(secret) = new.visitor {
            self.adopt(&secret, &person).await?;
        }
        let token = Secret::new("nct_", &*self.entropy);
        let expires = self.clock.now() + self.settings.token_ms;
        self.credentials.add_token(token.hash(), person, expires).await?;
        Ok(Granted { token, expires_in_ms: self.settings.token_ms })
    }

    /// The ticket for a token; the token is used up.
    pub async fn redeem(&self, token: &Secret, ip: IpAddr) -> Result<Admitted> {
        let now = self.clock.now();
        let ticket = Secret::new("ncx_", &*self.entropy);
        let expires = now + self.settings.ticket_ms;
        let person = self.credentials.redeem_token(token.hash(), ticket.hash(), expires, now).await?;
        let person = person.ok_or(Error::BadToken)?;
        if let Err(barred) = self.lets_in(&person, ip).await {
            self.credentials.revoke_ticket(ticket.hash()).await?;
            return Err(barred);
        }
        Ok(Admitted { ticket, person })
    }

    /// A ticket for somebody who is logged in nowhere, where the company allows it: the same person
    /// as last time when the secret of last time comes with it (contract C5).
    pub async fn visit(
        &self,
        company: &CompanyId,
        secret: Option<Secret>,
        origin: Option<&str>,
        ip: IpAddr,
    ) -> Result<(Admitted, Secret)> {
        let company = self.companies.find(company).await?.ok_or(Error::Forbidden)?;
        if !company.anonymous || !company.admits_origin(origin) {
            return Err(Error::Forbidden);
        }
        let known = match &secret {
            Some(secret) => self.credentials.visitor(secret.hash()).await?,
            None => None,
        };
        let known = known.filter(|person| person.company() == Some(&company.id));
        let (person, secret) = match (known, secret) {
            (Some(person), Some(secret)) => (person, secret),
            _ => self.new_visitor(&company, ip).await?,
        };
        self.lets_in(&person, ip).await?;
        let ticket = self.admit(person.clone()).await?;
        Ok((Admitted { ticket, person }, secret))
    }

    /// A ticket for one of a company's own users, by what the company's site has signed. Whatever is wrong, the refusal is
    /// the same.
    pub async fn identify(
        &self,
        company: &CompanyId,
        statement: Statement<'_>,
        origin: Option<&str>,
        ip: IpAddr,
    ) -> Result<Admitted> {
        let company = self.companies.find(company).await?.ok_or(Error::Forbidden)?;
        if !company.admits_origin(origin) {
            return Err(Error::Forbidden);
        }
        let person = decide::identify(&company, statement, self.clock.now())?;
        self.lets_in(&person, ip).await?;
        let ticket = self.admit(person.clone()).await?;
        Ok(Admitted { ticket, person })
    }

    /// Whose ticket this is, if its company admits pages of this origin and hears whoever it is.
    pub async fn authenticate(&self, ticket: &Secret, origin: Option<&str>, ip: IpAddr) -> Result<Person> {
        let owner = self.credentials.ticket_owner(ticket.hash(), self.clock.now()).await?;
        let person = owner.ok_or(Error::BadTicket)?;
        if let (Some(company), Some(_)) = (person.company(), origin) {
            let company = self.companies.find(company).await?.ok_or(Error::Forbidden)?;
            if !company.admits_origin(origin) {
                return Err(Error::Forbidden);
            }
        }
        self.lets_in(&person, ip).await?;
        Ok(person)
    }

    /// Whose ticket this is, if it fits the page it came from.
    pub async fn authenticate_for(
        &self,
        ticket: &Secret,
        atype: Atype,
        origin: Option<&str>,
        ip: IpAddr,
    ) -> Result<Person> {
        let person = self.authenticate(ticket, origin, ip).await?;
        if person.side != atype.side() {
            return Err(Error::invalid("atype", "it does not fit the ticket's account"));
        }
        Ok(person)
    }

    /// A ticket without a token, for somebody the server itself vouches for.
    pub async fn admit(&self, person: Person) -> Result<Secret> {
        if person.side == Side::Agent {
            self.enter(&person).await?;
        }
        let ticket = Secret::new("ncx_", &*self.entropy);
        let expires = self.clock.now() + self.settings.ticket_ms;
        self.credentials.add_ticket(ticket.hash(), person, expires).await?;
        Ok(ticket)
    }

    /// Ends a ticket of somebody whom this API key vouches for, and that person's connections; those
    /// with another ticket come back by themselves.
    pub async fn revoke(&self, key: &Secret, ticket: &Secret) -> Result<()> {
        let key = self.key(key).await?;
        if !key.scopes.may_write("tokens") {
            return Err(Error::Forbidden);
        }
        let person = self.credentials.ticket_owner(ticket.hash(), self.clock.now()).await?;
        let person = person.ok_or(Error::Forbidden)?;
        let company = match person.company() {
            Some(company) => self.companies.find(company).await?,
            None => None,
        };
        if !decide::vouches(&key.owner, &person, company.as_ref()) {
            return Err(Error::Forbidden);
        }
        self.credentials.revoke_ticket(ticket.hash()).await?;
        self.connected.end_all(&person);
        Ok(())
    }

    /// Ends the ticket that somebody shows, and its owner's connections; those with another ticket come back by
    /// themselves.
    pub async fn sign_out(&self, ticket: &Secret, owner: &Person) -> Result<()> {
        self.credentials.revoke_ticket(ticket.hash()).await?;
        self.connected.end_all(owner);
        Ok(())
    }

    /// Forgets what has expired; for a job that runs now and then.
    pub async fn forget_expired(&self) -> Result<u64> {
        self.credentials.forget_expired(self.clock.now()).await
    }

    /// A new API key; shown once, stored as a hash.
    pub async fn new_key(&self, owner: Realm, name: Name, scopes: Scopes) -> Result<Secret> {
        if let Realm::Company(company) = &owner {
            self.companies.find(company).await?.ok_or(Error::NotFound("company"))?;
        }
        let secret = Secret::new("nck_", &*self.entropy);
        let hash = secret.hash();
        let now = self.clock.now();
        let line = match &owner {
            Realm::Company(company) => {
                let mut line =
                    Caller::operator(company.clone()).line(now, "key.create", KeyId::of(&hash).to_string());
                line.note = scopes.words().join(" ").into();
                Some(line)
            }
            Realm::Platform => None,
        };
        let key = ApiKey { id: KeyId::of(&hash), hash, owner, name, scopes, created: now, last_used: None };
        self.keys.add(key, line).await?;
        Ok(secret)
    }

    /// All keys of a company or of the platform, the newest first.
    pub async fn keys_of(&self, owner: &Realm) -> Result<Vec<ApiKey>> {
        self.keys.of(owner).await
    }

    /// Ends a key at once.
    pub async fn revoke_key(&self, owner: &Realm, id: KeyId) -> Result<()> {
        let now = self.clock.now();
        let line = match owner {
            Realm::Company(company) => {
                Some(Caller::operator(company.clone()).line(now, "key.revoke", id.to_string()))
            }
            Realm::Platform => None,
        };
        if self.keys.revoke(owner, id, line).await? { Ok(()) } else { Err(Error::NotFound("key")) }
    }

    /// The key that somebody shows; that it was used is remembered.
    pub async fn key(&self, secret: &Secret) -> Result<ApiKey> {
        let key = self.keys.find(secret.hash()).await?.ok_or(Error::BadKey)?;
        let now = self.clock.now();
        if key.last_used.is_none_or(|used| (now - used).abs() >= USE_NOTED_MS) {
            // A store that does not take this now is no reason to turn the caller away.
            let _ = self.keys.used(key.hash, now).await;
        }
        Ok(key)
    }

    /// An agent that its host site, or the server itself, vouches for; one that is not active any more stays out.
    async fn enter(&self, person: &Person) -> Result<()> {
        let company = person.company().ok_or(Error::Forbidden)?;
        let agent = Agent::seen(company.clone(), person, self.clock.now());
        if self.agents.enter(agent).await?.active { Ok(()) } else { Err(Error::Forbidden) }
    }

    /// Whether this company hears this person, who is let in already. A visitor of the platform is asked about with each
    /// company; everybody else was, when it came in.
    pub async fn hears(&self, company: &CompanyId, person: &Person, ip: IpAddr) -> Result<()> {
        let asked = person.side == Side::Visitor && person.realm == Realm::Platform;
        if asked && self.doorkeeper.bars(company, &person.aid, ip).await? {
            return Err(Error::Forbidden);
        }
        Ok(())
    }

    /// A company's own visitor, as far as the blacklist goes. Agents are never on it.
    async fn lets_in(&self, person: &Person, ip: IpAddr) -> Result<()> {
        match (person.side, person.company()) {
            (Side::Visitor, Some(company)) if self.doorkeeper.bars(company, &person.aid, ip).await? => {
                Err(Error::Forbidden)
            }
            _ => Ok(()),
        }
    }

    /// Nobody is made who could not come in.
    async fn new_visitor(&self, company: &Company, ip: IpAddr) -> Result<(Person, Secret)> {
        let mut random = [0; 16];
        self.entropy.fill(&mut random);
        let id = uuid::Builder::from_random_bytes(random).into_uuid();
        let aid = AccountId::parse(&format!("v-{id}"))?;
        let person = Person {
            side: Side::Visitor,
            realm: Realm::Company(company.id.clone()),
            mid: Name::parse("mid", aid.as_str())?,
            account: Name::default(),
            // The first letters of the id: two visitors stay apart in an agent's list.
            nick: Name::parse("nick", &format!("访客 {}", id.simple().to_string()[..4].to_uppercase()))?,
            aid,
            attributes: None,
        };
        self.lets_in(&person, ip).await?;
        let secret = Secret::new("ncv_", &*self.entropy);
        self.credentials.add_visitor(secret.hash(), person.clone()).await?;
        Ok((person, secret))
    }

    async fn adopt(&self, secret: &Secret, named: &Person) -> Result<()> {
        let company = match (named.side, &named.realm) {
            (Side::Visitor, Realm::Company(company)) => company,
            _ => return Err(Error::invalid("visitor", "only a company's own user can have been one")),
        };
        match self.credentials.adopt(secret.hash(), company, named.clone()).await? {
            Adoption::Done(former) => self.connected.end_all(&former),
            Adoption::Already => {}
            Adoption::Refused => return Err(Error::Forbidden),
        }
        Ok(())
    }
}
