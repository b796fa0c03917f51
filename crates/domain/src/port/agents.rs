//! Where agents and their groups are kept.

use super::Answer;
use crate::error::Result;
use crate::model::{
    AccountId, Agent, AuditLine, CompanyId, Group, GroupId, Login, Name, Password, PasswordHash, Role,
};

/// Nothing of one company is found with the name of another. An act and its line in the audit are written together.
pub trait Agents: Send + Sync {
    fn find(&self, company: &CompanyId, aid: &AccountId) -> Answer<'_, Option<Agent>>;

    /// Who logs in with this, and what the password is checked against.
    fn by_login(&self, company: &CompanyId, login: &Login) -> Answer<'_, Option<(Agent, PasswordHash)>>;

    /// Those that fit, by account id.
    fn page(&self, query: AgentQuery) -> Answer<'_, Vec<Agent>>;

    /// `Conflict` when the account id or the login is taken.
    fn add(&self, agent: Agent, password: Option<PasswordHash>, line: AuditLine) -> Answer<'_, ()>;

    /// Puts what `decide` makes of the agent in its place; as it is then. `decide` may be called more than once, and is
    /// told how many other active owners there are: no two of these acts in one company happen at once. `Conflict` when
    /// the login is taken, `NotFound` when there is no such agent. A password ends with its login.
    fn change(
        &self,
        company: &CompanyId,
        aid: &AccountId,
        decide: DecideAgent,
        line: AuditLine,
    ) -> Answer<'_, Agent>;

    /// Another password for an agent that has a login; whether there is one.
    fn set_password(
        &self,
        company: &CompanyId,
        aid: &AccountId,
        password: PasswordHash,
        line: AuditLine,
    ) -> Answer<'_, bool>;

    /// Enters somebody who comes with a token of the host site, or is called otherwise by now; as it is then. Role, cap,
    /// and whether it is active stay as they are, and one with an account of its own stays as it is.
    fn enter(&self, agent: Agent) -> Answer<'_, Agent>;
}

/// What becomes of an agent. The number: other active owners of its company.
pub type DecideAgent = Box<dyn FnMut(&Agent, u32) -> Result<Agent> + Send>;

#[derive(Debug, Clone)]
pub struct AgentQuery {
    pub company: CompanyId,
    pub role: Option<Role>,
    pub group: Option<GroupId>,
    pub active: Option<bool>,
    /// Those whose nick or login has this in it.
    pub text: Option<Box<str>>,
    /// Behind this one.
    pub after: Option<AccountId>,
    pub limit: usize,
}

impl AgentQuery {
    pub fn of(company: CompanyId, limit: usize) -> Self {
        Self { company, role: None, group: None, active: None, text: None, after: None, limit }
    }
}

/// The groups of a company are few, and are asked for and decided over together.
pub trait Groups: Send + Sync {
    /// All of a company, by name.
    fn all(&self, company: &CompanyId) -> Answer<'_, Vec<Group>>;

    /// Makes what `decide` says of the company's groups. No two of these acts in one company happen at once; `decide` may
    /// be called more than once. Members who are no agents of the company are refused as invalid.
    fn change(&self, company: &CompanyId, decide: DecideGroups, line: AuditLine) -> Answer<'_, ()>;

    /// The groups an agent is in, and how they are called.
    fn of(&self, company: &CompanyId, aid: &AccountId) -> Answer<'_, Vec<(GroupId, Name)>>;
}

pub type DecideGroups = Box<dyn FnMut(&[Group]) -> Result<GroupChange> + Send>;

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum GroupChange {
    /// New, or in the place of the one with its id.
    Put(Group),
    /// Those that named it as their fallback have none any more.
    Drop(GroupId),
    /// It is as it should be.
    Nothing,
}

/// Hashes passwords, slowly as they should be, and never so many at once that others have to wait.
pub trait Passwords: Send + Sync {
    fn hash(&self, password: crate::model::Password) -> Answer<'_, PasswordHash>;

    /// Whether it is the password. Without a hash, because nobody has that login, it takes as long and is not.
    fn verify(&self, password: Password, hash: Option<PasswordHash>) -> Answer<'_, bool>;
}
