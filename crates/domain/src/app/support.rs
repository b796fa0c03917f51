//! What a company keeps for its agents, whom and what it does not want to hear.

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::Arc;

use crate::error::{Error, Result};
use crate::model::{
    AccountId, Actor, Agent, Ban, BanId, Banned, Caller, CannedId, CannedReply, CompanyId, Group, Name,
    NamedOrderKind, OrderKind, Person, Power, Realm, Role, RoomId, SensitiveWord, Shortcut, Template, Time,
    Users, Variable, Word,
};
use crate::port::{
    AgentQuery, Agents, Blacklist, CannedQuery, CannedReplies, Clock, Companies, Groups, OrderKinds, Rooms,
    SensitiveWords,
};

pub struct Support {
    pub replies: Arc<dyn CannedReplies>,
    pub kinds: Arc<dyn OrderKinds>,
    pub words: Arc<dyn SensitiveWords>,
    pub blacklist: Arc<dyn Blacklist>,
    pub agents: Arc<dyn Agents>,
    pub groups: Arc<dyn Groups>,
    pub companies: Arc<dyn Companies>,
    pub rooms: Arc<dyn Rooms>,
    pub clock: Arc<dyn Clock>,
}

/// What is said of a canned reply by whoever makes or changes it.
#[derive(Debug, Clone)]
pub struct ReplyText {
    pub shortcut: Shortcut,
    pub title: Name,
    pub text: Template,
}

/// Canned replies. Everybody's are made by supervisors, one's own by oneself; nobody sees another agent's.
impl Support {
    pub async fn list_replies(
        &self,
        caller: &Caller,
        text: Option<Box<str>>,
        after: Option<(Shortcut, CannedId)>,
        limit: usize,
    ) -> Result<Vec<CannedReply>> {
        caller.may_read(REPLIES, Role::Agent)?;
        let (company, reader) = (caller.company.clone(), agent(caller).cloned());
        self.replies.list(CannedQuery { company, reader, text, after, limit }).await
    }

    pub async fn reply(&self, caller: &Caller, id: CannedId) -> Result<CannedReply> {
        caller.may_read(REPLIES, Role::Agent)?;
        let found = self.replies.find(&caller.company, id).await?;
        let found = found.filter(|reply| reply.owner.is_none() || reply.owner.as_ref() == agent(caller));
        found.ok_or(Error::NotFound("canned reply"))
    }

    /// A new one, `personal` or everybody's. Made again with the same id and the same words, it is the one that is there.
    pub async fn new_reply(
        &self,
        caller: &Caller,
        id: CannedId,
        personal: bool,
        said: ReplyText,
    ) -> Result<CannedReply> {
        let owner = if personal { Some(agent(caller).ok_or(Error::Forbidden)?.clone()) } else { None };
        may_write_reply(caller, owner.as_ref())?;
        let reply = self.said(caller, id, owner, said);
        if let Some(known) = self.replies.find(&caller.company, id).await? {
            return same(CannedReply { updated: known.updated, ..reply }, known);
        }
        self.put(caller, reply).await
    }

    pub async fn change_reply(&self, caller: &Caller, id: CannedId, said: ReplyText) -> Result<CannedReply> {
        let known = self.reply(caller, id).await?;
        may_write_reply(caller, known.owner.as_ref())?;
        self.put(caller, self.said(caller, id, known.owner, said)).await
    }

    pub async fn drop_reply(&self, caller: &Caller, id: CannedId) -> Result<()> {
        let known = self.reply(caller, id).await?;
        may_write_reply(caller, known.owner.as_ref())?;
        let line = caller.line(self.clock.now(), "reply.delete", id.0.to_string());
        there(self.replies.remove(&caller.company, id, line).await?, "canned reply")
    }

    /// The reply as it would be said in this room, by the agent `nick`.
    pub async fn filled_reply(
        &self,
        caller: &Caller,
        id: CannedId,
        room: &RoomId,
        nick: &Name,
    ) -> Result<String> {
        let reply = self.reply(caller, id).await?;
        // The room of another company is none, as far as this caller can know.
        let known = room.company() == caller.company.as_str();
        let heads = if known { self.rooms.heads(std::slice::from_ref(room)).await? } else { Vec::new() };
        let head = heads.into_iter().next().ok_or(Error::NotFound("room"))?;
        let company = self.companies.find(&caller.company).await?.ok_or(Error::NotFound("company"))?;
        Ok(reply.text.fill(|variable| match variable {
            Variable::Visitor => head.visitor_nick.as_str(),
            Variable::Agent => nick.as_str(),
            Variable::Company => company.name.as_str(),
        }))
    }

    fn said(&self, caller: &Caller, id: CannedId, owner: Option<AccountId>, said: ReplyText) -> CannedReply {
        let ReplyText { shortcut, title, text } = said;
        let company = caller.company.clone();
        CannedReply { id, company, owner, shortcut, title, text, updated: self.clock.now() }
    }

    async fn put(&self, caller: &Caller, reply: CannedReply) -> Result<CannedReply> {
        let line = caller.line(reply.updated, "reply.put", reply.id.0.to_string());
        self.replies.put(reply.clone(), line).await?;
        Ok(reply)
    }
}

/// Groups, as visitors may ask for them.
impl Support {
    /// The groups of a company and who of them is active, both by name, for somebody who may consult it or works there.
    pub async fn groups_for(&self, person: &Person, company: &CompanyId) -> Result<Vec<(Group, Vec<Agent>)>> {
        let known = self.companies.find(company).await?;
        let consults = match (&person.realm, person.side) {
            (Realm::Company(own), _) => own == company,
            (Realm::Platform, _) => known.is_some_and(|company| company.users == Users::Platform),
        };
        if !consults {
            return Err(Error::Forbidden);
        }
        let groups = self.groups.all(company).await?;
        let mut active = HashMap::new();
        let mut query = AgentQuery { active: Some(true), ..AgentQuery::of(company.clone(), AGENTS_AT_ONCE) };
        while !groups.is_empty() {
            let page = self.agents.page(query.clone()).await?;
            let Some(last) = page.last() else { break };
            query.after = Some(last.aid.clone());
            active.extend(page.into_iter().map(|agent| (agent.aid.clone(), agent)));
        }
        let with_agents = |group: Group| {
            let mut agents: Vec<_> =
                group.members.iter().filter_map(|aid| active.get(aid).cloned()).collect();
            agents.sort_by(|one, other| one.nick.as_str().cmp(other.nick.as_str()));
            (group, agents)
        };
        Ok(groups.into_iter().map(with_agents).collect())
    }
}

/// Kinds of work orders.
impl Support {
    /// In the order in which they are shown.
    pub async fn list_kinds(&self, caller: &Caller) -> Result<Vec<NamedOrderKind>> {
        caller.may_read(KINDS, Role::Agent)?;
        self.kinds.all(&caller.company).await
    }

    /// The same for everybody who wants to make a work order.
    pub async fn kinds_of(&self, company: &CompanyId) -> Result<Vec<NamedOrderKind>> {
        self.kinds.all(company).await
    }

    pub async fn kind(&self, caller: &Caller, kind: &OrderKind) -> Result<NamedOrderKind> {
        let kinds = self.list_kinds(caller).await?;
        kinds.into_iter().find(|known| known.kind == *kind).ok_or(Error::NotFound("kind"))
    }

    /// Adds it, or puts it in the place of the one with its key.
    pub async fn put_kind(
        &self,
        caller: &Caller,
        kind: OrderKind,
        label: Name,
        place: i64,
    ) -> Result<NamedOrderKind> {
        caller.may_write(KINDS, Role::Admin)?;
        let line = caller.line(self.clock.now(), "kind.put", kind.as_str());
        let kind = NamedOrderKind { company: caller.company.clone(), kind, label, place };
        self.kinds.put(kind.clone(), line).await?;
        Ok(kind)
    }

    pub async fn drop_kind(&self, caller: &Caller, kind: &OrderKind) -> Result<()> {
        caller.may_write(KINDS, Role::Admin)?;
        let line = caller.line(self.clock.now(), "kind.delete", kind.as_str());
        there(self.kinds.remove(&caller.company, kind, line).await?, "kind")
    }
}

/// Words that are not wanted.
impl Support {
    pub async fn list_words(
        &self,
        caller: &Caller,
        after: Option<Word>,
        limit: usize,
    ) -> Result<Vec<SensitiveWord>> {
        caller.may_read(WORDS, Role::Supervisor)?;
        self.words.page(&caller.company, after, limit).await
    }

    pub async fn word(&self, caller: &Caller, word: &Word) -> Result<SensitiveWord> {
        caller.may_read(WORDS, Role::Supervisor)?;
        self.words.find(&caller.company, word).await?.ok_or(Error::NotFound("word"))
    }

    /// Adds words, or treats those that are there in the new way.
    pub async fn put_words(&self, caller: &Caller, words: Vec<SensitiveWord>) -> Result<()> {
        caller.may_write(WORDS, Role::Admin)?;
        // How many, not which: the audit is read by others than those who keep the list.
        let line = caller.line(self.clock.now(), "words.put", words.len().to_string());
        self.words.put(&caller.company, words, line).await
    }

    pub async fn drop_word(&self, caller: &Caller, word: &Word) -> Result<()> {
        caller.may_write(WORDS, Role::Admin)?;
        let line = caller.line(self.clock.now(), "words.delete", "1");
        there(self.words.remove(&caller.company, word, line).await?, "word")
    }
}

/// The blacklist.
impl Support {
    pub async fn list_bans(&self, caller: &Caller, after: Option<BanId>, limit: usize) -> Result<Vec<Ban>> {
        caller.may_read(BLACKLIST, Role::Agent)?;
        self.blacklist.page(&caller.company, after, limit).await
    }

    pub async fn ban(&self, caller: &Caller, id: BanId) -> Result<Ban> {
        caller.may_read(BLACKLIST, Role::Agent)?;
        self.blacklist.find(&caller.company, id).await?.ok_or(Error::NotFound("blacklist entry"))
    }

    /// Keeps somebody out from now on. Made again with the same id, it is the entry that is there.
    pub async fn add_ban(
        &self,
        caller: &Caller,
        id: BanId,
        whom: Banned,
        reason: Name,
        expires: Option<Time>,
    ) -> Result<Ban> {
        caller.may_write(BLACKLIST, Role::Supervisor)?;
        let now = self.clock.now();
        let ban = Ban { id, company: caller.company.clone(), whom, reason, since: now, expires };
        if let Some(known) = self.blacklist.find(&caller.company, id).await? {
            return same(Ban { since: known.since, ..ban }, known);
        }
        ends_later(expires, now)?;
        keeps_caller_in(&ban.whom, caller.address)?;
        let mut line = caller.line(now, "blacklist.add", id.0.to_string());
        line.note = whom_text(&ban.whom);
        self.blacklist.add(ban.clone(), line).await?;
        Ok(ban)
    }

    pub async fn change_ban(
        &self,
        caller: &Caller,
        id: BanId,
        reason: Name,
        expires: Option<Time>,
    ) -> Result<Ban> {
        caller.may_write(BLACKLIST, Role::Supervisor)?;
        let now = self.clock.now();
        let ban = Ban { reason, expires, ..self.ban(caller, id).await? };
        ends_later(expires, now)?;
        let line = caller.line(now, "blacklist.change", id.0.to_string());
        there(self.blacklist.change(ban.clone(), line).await?, "blacklist entry")?;
        Ok(ban)
    }

    pub async fn drop_ban(&self, caller: &Caller, id: BanId) -> Result<()> {
        caller.may_write(BLACKLIST, Role::Supervisor)?;
        let line = caller.line(self.clock.now(), "blacklist.delete", id.0.to_string());
        there(self.blacklist.remove(&caller.company, id, line).await?, "blacklist entry")
    }
}

/// Agents that are read at once.
const AGENTS_AT_ONCE: usize = 1_000;

const REPLIES: &str = "replies";
const KINDS: &str = "kinds";
const WORDS: &str = "words";
const BLACKLIST: &str = "blacklist";

fn agent(caller: &Caller) -> Option<&AccountId> {
    match &caller.actor {
        Actor::Agent(aid) => Some(aid),
        _ => None,
    }
}

fn may_write_reply(caller: &Caller, owner: Option<&AccountId>) -> Result<()> {
    match (owner, caller.power) {
        (Some(owner), _) if agent(caller) == Some(owner) => Ok(()),
        (Some(_), _) => Err(Error::Forbidden),
        (None, Power::Role(role)) if role < Role::Supervisor => Err(Error::Forbidden),
        (None, _) => caller.may_write(REPLIES, Role::Supervisor),
    }
}

fn ends_later(expires: Option<Time>, now: Time) -> Result<()> {
    if expires.is_some_and(|expires| expires <= now) {
        return Err(Error::invalid("expires", "a time to come, in milliseconds since 1970"));
    }
    Ok(())
}

/// A network with the caller in it is mostly a slip, and could be one's own whole office.
fn keeps_caller_in(whom: &Banned, address: Option<IpAddr>) -> Result<()> {
    match (whom, address) {
        (Banned::Network(network), Some(address)) if network.contains(address) => {
            Err(Error::invalid("ip", "you are in it yourself"))
        }
        _ => Ok(()),
    }
}

fn whom_text(whom: &Banned) -> Box<str> {
    match whom {
        Banned::Visitor(aid) => format!("visitor {aid}").into(),
        Banned::Network(network) => format!("ip {network}").into(),
    }
}

/// What was made under this id before, if it is the same.
fn same<T: PartialEq>(asked: T, known: T) -> Result<T> {
    if asked == known { Ok(known) } else { Err(Error::conflict("something else was made with this key")) }
}

fn there(was_there: bool, what: &'static str) -> Result<()> {
    if was_there { Ok(()) } else { Err(Error::NotFound(what)) }
}
