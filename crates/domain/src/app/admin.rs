//! A company's own administration: its settings, the people who work for it, their groups, its keys, and the audit.

use std::sync::Arc;

use super::access::{Access, Admitted};
use crate::decide::admin as decide;
use crate::error::{Error, Result};
use crate::model::desk::Command;
use crate::model::{
    AccountId, Actor, Agent, ApiKey, AuditEntry, Caller, Company, CompanyId, Group, GroupId, KeyId, Login,
    Name, Password, Person, Power, Realm, Role, Scopes, Secret, Side, Time, Users,
};
use crate::port::{
    AgentQuery, Agents, Audit, AuditQuery, Clock, Companies, Desks, Entropy, GroupChange, Groups, Keys,
    Passwords,
};

pub struct Admin {
    pub access: Arc<Access>,
    pub companies: Arc<dyn Companies>,
    pub agents: Arc<dyn Agents>,
    pub groups: Arc<dyn Groups>,
    pub keys: Arc<dyn Keys>,
    pub audit: Arc<dyn Audit>,
    pub passwords: Arc<dyn Passwords>,
    /// Who waits may be served when a cap is raised or somebody joins a group; none where nobody is served.
    pub desks: Option<Arc<dyn Desks>>,
    pub clock: Arc<dyn Clock>,
    pub entropy: Arc<dyn Entropy>,
}

/// An agent with an account of its own, to be made.
#[derive(Debug, Clone)]
pub struct NewAgent {
    /// Made by whoever asks, so that asking twice makes one.
    pub aid: AccountId,
    pub nick: Name,
    pub role: Role,
    pub cap: Option<u32>,
    pub login: Login,
    pub password: Password,
}

/// Who calls.
impl Admin {
    /// What an agent with a ticket may do. One that has no account here yet is entered.
    pub async fn agent_calls(&self, person: &Person) -> Result<Caller> {
        let company = person.company().filter(|_| person.side == Side::Agent).ok_or(Error::Forbidden)?;
        let agent = match self.agents.find(company, &person.aid).await? {
            Some(agent) => agent,
            None => self.agents.enter(Agent::seen(company.clone(), person, self.clock.now())).await?,
        };
        if !agent.active {
            return Err(Error::Forbidden);
        }
        Ok(Caller {
            company: company.clone(),
            actor: Actor::Agent(agent.aid),
            address: None,
            power: Power::Role(agent.role),
        })
    }

    /// What a program with a key may do. The platform's key has to name a company, and it must be one whose users are
    /// the platform's; a company's key cannot name another one.
    pub async fn key_calls(&self, key: &ApiKey, named: Option<&CompanyId>) -> Result<Caller> {
        let begin = key.id.to_string().into();
        let (company, actor) = match &key.owner {
            Realm::Company(own) if named.is_some_and(|named| named != own) => return Err(Error::Forbidden),
            Realm::Company(own) => (own.clone(), Actor::Key(begin)),
            Realm::Platform => {
                let named = named.ok_or(Error::Missing("companyid"))?;
                let company = self.companies.find(named).await?;
                let company = company.filter(|company| company.users == Users::Platform);
                (company.ok_or(Error::Forbidden)?.id, Actor::Platform(begin))
            }
        };
        Ok(Caller { company, actor, address: None, power: Power::Scopes(key.scopes) })
    }

    /// Somebody with an account of its own comes in. Whatever is wrong, the refusal is the same and takes as long.
    pub async fn log_in(
        &self,
        company: &CompanyId,
        login: &str,
        password: &str,
    ) -> Result<(Admitted, Agent)> {
        let login = Login::parse(login).ok();
        let account = async || match &login {
            Some(login) => self.agents.by_login(company, login).await,
            None => Ok(None),
        };
        let (agent, hash) = account().await?.unzip();
        let is_right = self.passwords.verify(Password::presented(password), hash.clone()).await?;
        let agent = agent.filter(|agent| is_right && agent.active).ok_or(Error::BadLogin)?;
        let person = agent.person();
        let ticket = self.access.admit(person.clone()).await?;
        // Another password ends the tickets that are there, and this one was not there yet while the old one was proved.
        let still = account().await?.filter(|(agent, _)| agent.active).map(|(_, hash)| hash);
        if still != hash {
            self.access.credentials.revoke_ticket(ticket.hash()).await?;
            return Err(Error::BadLogin);
        }
        Ok((Admitted { ticket, person }, agent))
    }
}

/// The company and its settings.
impl Admin {
    pub async fn company(&self, caller: &Caller) -> Result<Company> {
        caller.may_read("company", Role::Agent)?;
        self.companies.find(&caller.company).await?.ok_or(Error::NotFound("company"))
    }

    /// Lets `change` work on the company. It may be called more than once.
    pub async fn change_company(
        &self,
        caller: &Caller,
        mut change: impl FnMut(&mut Company) -> Result<()> + Send + 'static,
    ) -> Result<Company> {
        caller.may_write("company", Role::Admin)?;
        let decide = move |before: &Company| {
            let mut after = before.clone();
            change(&mut after)?;
            after.check()?;
            Ok(after)
        };
        let line = caller.line(self.clock.now(), "company.change", caller.company.as_str());
        let company = self.companies.change(&caller.company, Box::new(decide), line).await?;
        self.look_at_desk(&caller.company).await;
        Ok(company)
    }

    /// Another secret with which the company's site signs who its users are; shown this once. What was signed with the
    /// former one opens nothing any more.
    pub async fn renew_identity(&self, caller: &Caller) -> Result<Secret> {
        let secret = Secret::new("nci_", &*self.entropy);
        self.put_identity(caller, "identity.renew", Some(secret.clone())).await?;
        Ok(secret)
    }

    /// From now on the company's site signs nothing. `NotFound` when it has not before.
    pub async fn drop_identity(&self, caller: &Caller) -> Result<()> {
        self.put_identity(caller, "identity.remove", None).await
    }

    async fn put_identity(&self, caller: &Caller, act: &'static str, secret: Option<Secret>) -> Result<()> {
        decide::put_identity(caller)?;
        let decide = move |before: &Company| decide::with_identity(before, secret.clone());
        let line = caller.line(self.clock.now(), act, caller.company.as_str());
        self.companies.change(&caller.company, Box::new(decide), line).await.map(drop)
    }

    /// Gives whoever waits a seat that there is now. What was decided stands, whatever becomes of this.
    async fn look_at_desk(&self, company: &CompanyId) {
        if let Some(desks) = &self.desks {
            // The next command does the same.
            let _ = desks.route(company, Command::Look, self.clock.now()).await;
        }
    }
}

/// Agents.
impl Admin {
    /// Every agent may know its colleagues. The query's company is the caller's.
    pub async fn list_agents(&self, caller: &Caller, query: AgentQuery) -> Result<Vec<Agent>> {
        caller.may_read("agents", Role::Agent)?;
        self.agents.page(AgentQuery { company: caller.company.clone(), ..query }).await
    }

    pub async fn agent(&self, caller: &Caller, aid: &AccountId) -> Result<Agent> {
        caller.may_read("agents", Role::Agent)?;
        self.agents.find(&caller.company, aid).await?.ok_or(Error::NotFound("agent"))
    }

    /// The groups an agent is in.
    pub async fn groups_of(&self, caller: &Caller, aid: &AccountId) -> Result<Vec<(GroupId, Name)>> {
        caller.may_read("groups", Role::Agent)?;
        self.groups.of(&caller.company, aid).await
    }

    pub async fn new_agent(&self, caller: &Caller, new: NewAgent) -> Result<Agent> {
        let now = self.clock.now();
        let (agent, password) = account(caller.company.clone(), new, now)?;
        decide::add_agent(caller, &agent)?;
        let password = self.passwords.hash(password).await?;
        let mut line = caller.line(now, "agent.create", agent.aid.as_str());
        line.note = agent.role.name().into();
        self.agents.add(agent.clone(), Some(password), line).await?;
        Ok(agent)
    }

    /// An account id for a new agent.
    pub fn new_aid(&self) -> Result<AccountId> {
        AccountId::parse(&format!("a-{}", self.new_group_id().0))
    }

    /// Lets `change` work on an agent. It may be called more than once. One that is not active any more is sent away.
    pub async fn change_agent(
        &self,
        caller: &Caller,
        aid: &AccountId,
        mut change: impl FnMut(&mut Agent) -> Result<()> + Send + 'static,
    ) -> Result<Agent> {
        // Whoever may see its colleagues may ask; what exactly may be changed is decided over the agent as it is.
        caller.may_read("agents", Role::Agent)?;
        let who = caller.clone();
        let decide = move |before: &Agent, other_owners: u32| {
            let mut after = before.clone();
            change(&mut after)?;
            decide::change_agent(&who, before, &after, other_owners)?;
            Ok(after)
        };
        let line = caller.line(self.clock.now(), "agent.change", aid.as_str());
        let agent = self.agents.change(&caller.company, aid, Box::new(decide), line).await?;
        if !agent.active {
            self.send_away(&agent).await?;
        }
        self.look_at_desk(&caller.company).await;
        Ok(agent)
    }

    /// Another password for the caller itself, who knows the old one, or for somebody whom it administers. Whoever was
    /// logged in as this agent logs in again.
    pub async fn set_password(
        &self,
        caller: &Caller,
        aid: &AccountId,
        old: Option<Password>,
        new: Password,
    ) -> Result<()> {
        let agent = self.agents.find(&caller.company, aid).await?.ok_or(Error::NotFound("agent"))?;
        if let Some(old) = old.filter(|_| decide::is(caller, aid)) {
            self.prove(&agent, old, &new).await?;
        } else {
            decide::reset_password(caller, &agent)?;
        }
        self.put_password(caller, &agent, new).await?;
        self.send_away(&agent).await
    }

    /// Another password for the agent who calls and knows the old one. The ticket it calls with stays; whoever else was
    /// logged in as this agent logs in again.
    pub async fn set_own_password(
        &self,
        caller: &Caller,
        ticket: &Secret,
        old: Password,
        new: Password,
    ) -> Result<()> {
        let Actor::Agent(aid) = &caller.actor else { return Err(Error::Forbidden) };
        let agent = self.agents.find(&caller.company, aid).await?.ok_or(Error::NotFound("agent"))?;
        self.prove(&agent, old, &new).await?;
        self.put_password(caller, &agent, new).await?;
        let person = agent.person();
        self.access.credentials.revoke_others(&person, ticket.hash()).await?;
        // Those with the ticket that stays come back by themselves.
        self.access.connected.end_all(&person);
        Ok(())
    }

    /// Whether it is the agent's password; `NotFound` for one that comes by tokens. A call that is made again, because
    /// it ended between the new password and the end of the tickets, finds the new one in place.
    async fn prove(&self, agent: &Agent, old: Password, new: &Password) -> Result<()> {
        let login = agent.login.as_ref().ok_or(Error::NotFound("password"))?;
        let hash = self.agents.by_login(&agent.company, login).await?.map(|(_, hash)| hash);
        let is_right = self.passwords.verify(old, hash.clone()).await?
            || self.passwords.verify(new.clone(), hash).await?;
        if is_right { Ok(()) } else { Err(Error::BadLogin) }
    }

    async fn put_password(&self, caller: &Caller, agent: &Agent, new: Password) -> Result<()> {
        let hash = self.passwords.hash(new).await?;
        let line = caller.line(self.clock.now(), "agent.password", agent.aid.as_str());
        if !self.agents.set_password(&agent.company, &agent.aid, hash, line).await? {
            return Err(Error::conflict("this agent has no account of its own here"));
        }
        Ok(())
    }

    async fn send_away(&self, agent: &Agent) -> Result<()> {
        let person = agent.person();
        self.access.credentials.revoke_person(&person).await?;
        self.access.connected.end_all(&person);
        Ok(())
    }
}

/// Groups.
impl Admin {
    /// All groups, by name.
    pub async fn list_groups(&self, caller: &Caller) -> Result<Vec<Group>> {
        caller.may_read("groups", Role::Agent)?;
        self.groups.all(&caller.company).await
    }

    pub async fn group(&self, caller: &Caller, id: GroupId) -> Result<Group> {
        let groups = self.list_groups(caller).await?;
        groups.into_iter().find(|group| group.id == id).ok_or(Error::NotFound("group"))
    }

    pub fn new_group_id(&self) -> GroupId {
        let mut random = [0; 10];
        self.entropy.fill(&mut random);
        let time = self.clock.now().unsigned_abs();
        GroupId(uuid::Builder::from_unix_timestamp_millis(time, &random).into_uuid())
    }

    /// Adds a group, or puts it in the place of the one with its id.
    pub async fn put_group(&self, caller: &Caller, group: Group) -> Result<Group> {
        caller.may_write("groups", Role::Admin)?;
        let group = Group { company: caller.company.clone(), ..group };
        let put = group.clone();
        let decide = Box::new(move |groups: &[Group]| decide::put_group(groups, put.clone()));
        let line = caller.line(self.clock.now(), "group.put", group.id.to_string());
        self.groups.change(&caller.company, decide, line).await?;
        self.look_at_desk(&caller.company).await;
        Ok(group)
    }

    /// Lets `change` work on a group. It may be called more than once.
    pub async fn change_group(
        &self,
        caller: &Caller,
        id: GroupId,
        mut change: impl FnMut(&mut Group) -> Result<()> + Send + 'static,
    ) -> Result<Group> {
        caller.may_write("groups", Role::Admin)?;
        let decide = move |groups: &[Group]| {
            let before = groups.iter().find(|group| group.id == id).ok_or(Error::NotFound("group"))?;
            let mut after = before.clone();
            change(&mut after)?;
            let same =
                (&before.company, before.id, before.created) == (&after.company, after.id, after.created);
            if !same {
                return Err(Error::internal("a change of a group made another one of it"));
            }
            decide::put_group(groups, after)
        };
        let line = caller.line(self.clock.now(), "group.put", id.to_string());
        self.groups.change(&caller.company, Box::new(decide), line).await?;
        self.look_at_desk(&caller.company).await;
        let groups = self.groups.all(&caller.company).await?;
        groups.into_iter().find(|group| group.id == id).ok_or(Error::NotFound("group"))
    }

    pub async fn drop_group(&self, caller: &Caller, id: GroupId) -> Result<()> {
        caller.may_write("groups", Role::Admin)?;
        let decide = move |groups: &[Group]| -> Result<GroupChange> { decide::drop_group(groups, id) };
        let line = caller.line(self.clock.now(), "group.delete", id.to_string());
        self.groups.change(&caller.company, Box::new(decide), line).await?;
        self.look_at_desk(&caller.company).await;
        Ok(())
    }
}

/// API keys.
impl Admin {
    /// Keys of the company, the newest first.
    pub async fn list_keys(&self, caller: &Caller) -> Result<Vec<ApiKey>> {
        caller.may_read("keys", Role::Admin)?;
        self.keys.of(&Realm::Company(caller.company.clone())).await
    }

    /// A new key of the company; the secret is shown this once.
    pub async fn new_key(&self, caller: &Caller, name: Name, scopes: Scopes) -> Result<(ApiKey, Secret)> {
        decide::add_key(caller, scopes)?;
        let now = self.clock.now();
        let secret = Secret::new("nck_", &*self.entropy);
        let hash = secret.hash();
        let owner = Realm::Company(caller.company.clone());
        let id = KeyId::of(&hash);
        let key = ApiKey { id, hash, owner, name, scopes, created: now, last_used: None };
        let mut line = caller.line(now, "key.create", id.to_string());
        line.note = scopes.words().join(" ").into();
        self.keys.add(key.clone(), Some(line)).await?;
        Ok((key, secret))
    }

    pub async fn revoke_key(&self, caller: &Caller, id: KeyId) -> Result<()> {
        caller.may_write("keys", Role::Admin)?;
        let line = caller.line(self.clock.now(), "key.revoke", id.to_string());
        let owner = Realm::Company(caller.company.clone());
        if self.keys.revoke(&owner, id, Some(line)).await? { Ok(()) } else { Err(Error::NotFound("key")) }
    }
}

/// The audit.
impl Admin {
    /// Lines of the caller's company, the latest first.
    pub async fn read_audit(&self, caller: &Caller, query: AuditQuery) -> Result<Vec<AuditEntry>> {
        caller.may_read("audit", Role::Admin)?;
        self.audit.page(AuditQuery { company: caller.company.clone(), ..query }).await
    }
}

/// The agent, and what it logs in with.
pub(super) fn account(company: CompanyId, new: NewAgent, now: Time) -> Result<(Agent, Password)> {
    let agent = Agent {
        company,
        mid: Name::default(),
        account: Name::parse("login", new.login.as_str())?,
        nick: new.nick,
        role: new.role,
        cap: new.cap,
        login: Some(new.login),
        active: true,
        created: now,
        aid: new.aid,
    };
    Ok((agent, new.password))
}
