//! A company's whole history: looked through, handed out, erased.

use std::sync::Arc;

use super::{Access, ConsultationQuery, Desk, KnownConsultation};
use crate::decide::admin as decide;
use crate::error::{Error, Result};
use crate::model::{
    AccountId, AgentsWords, Caller, ChatId, CompanyId, Erasure, Found, Name, Person, PlatformCaller, Realm,
    Role, RoomId, SearchQuery, Side, Time, Users,
};
use crate::port::{Audit, Clock, Erasures, ExportPage, ExportPlace, ExportQuery, Exports, Search};

pub struct Archive {
    pub access: Arc<Access>,
    pub search: Arc<dyn Search>,
    pub exports: Arc<dyn Exports>,
    pub desk: Arc<Desk>,
    pub erasures: Arc<dyn Erasures>,
    pub audit: Arc<dyn Audit>,
    pub clock: Arc<dyn Clock>,
}

/// What somebody wants to have as a document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ExportRequest {
    pub part: ExportPart,
    /// Sent at or after.
    pub from: Option<Time>,
    /// Sent before.
    pub to: Option<Time>,
    /// With agents' notes.
    pub notes: bool,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ExportPart {
    All,
    Room(RoomId),
    /// What was said in its room from its application to its end.
    Consultation(ChatId),
}

/// Looking.
impl Archive {
    /// Messages of the caller's company; every agent may look.
    pub async fn find(&self, caller: &Caller, query: SearchQuery) -> Result<Found> {
        caller.may_read("messages", Role::Agent)?;
        own(caller, &query.company)?;
        self.search.find(query).await
    }
}

/// Handing out.
impl Archive {
    /// What is to be read for this document. One consultation is for every agent, as its room is; a room or a period for
    /// supervisors. Notes are for agents, and for programs that may read consultations.
    pub async fn begin_export(&self, caller: &Caller, wanted: ExportRequest) -> Result<ExportQuery> {
        let least = match wanted.part {
            ExportPart::Consultation(_) => Role::Agent,
            ExportPart::All | ExportPart::Room(_) => Role::Supervisor,
        };
        caller.may_read("exports", least)?;
        if wanted.notes {
            caller.may_read("consultations", Role::Agent)?;
        }
        let query = ExportQuery {
            company: caller.company.clone(),
            room: None,
            from: wanted.from.unwrap_or(Time::MIN),
            to: wanted.to.unwrap_or(Time::MAX),
            notes: wanted.notes,
        };
        match wanted.part {
            ExportPart::All => Ok(query),
            ExportPart::Room(room) => Ok(ExportQuery { room: Some(room), ..query }),
            ExportPart::Consultation(chat) => {
                let (room, begin, end) = self.consultation(&caller.company, chat).await?;
                let (from, to) = (query.from.max(begin), query.to.min(end));
                Ok(ExportQuery { room: Some(room), from, to, ..query })
            }
        }
    }

    /// Whether the caller may have everything of one person.
    pub fn may_export_person(&self, caller: &Caller) -> Result<()> {
        caller.may_read("persons", Role::Admin)
    }

    /// What is to be read for everything that was said to and by this visitor; that it was asked for is written down.
    pub async fn begin_person_export(&self, caller: &Caller, aid: &AccountId) -> Result<ExportQuery> {
        self.may_export_person(caller)?;
        self.audit.note(caller.line(self.clock.now(), "person.export", aid.as_str())).await?;
        Ok(ExportQuery {
            company: caller.company.clone(),
            room: Some(RoomId::between(aid, &caller.company)),
            from: Time::MIN,
            to: Time::MAX,
            notes: false,
        })
    }

    /// The visitor's consultations, the one that runs first, then the latest.
    pub async fn consultations_of(&self, caller: &Caller, aid: &AccountId) -> Result<Vec<KnownConsultation>> {
        self.may_export_person(caller)?;
        let room = Some(RoomId::between(aid, &caller.company));
        self.desk.all_of(&caller.company, &ConsultationQuery { room, ..ConsultationQuery::default() }).await
    }

    /// The part of an export that begins at this place.
    pub async fn export(&self, wanted: &ExportQuery, at: ExportPlace) -> Result<ExportPage> {
        self.exports.page(wanted.clone(), at).await
    }

    /// Where a consultation is or was, from when, and until just before when.
    async fn consultation(&self, company: &CompanyId, chat: ChatId) -> Result<(RoomId, Time, Time)> {
        let (consultation, end) = match self.desk.known(company, chat).await? {
            KnownConsultation::Running { consultation, .. } => (consultation, Time::MAX),
            // The last word may have come in the moment of the end.
            KnownConsultation::Over(past) => (past.consultation, past.ended.saturating_add(1)),
        };
        Ok((consultation.room, consultation.applied, end))
    }
}

/// Erasing. A job does it, whatever happens to this server meanwhile; whoever is erased is sent away now.
impl Archive {
    /// Everything that this visitor said to the caller's company.
    pub async fn erase(&self, caller: &Caller, aid: AccountId) -> Result<Erasure> {
        caller.may_write("persons", Role::Admin)?;
        let line = caller.line(self.clock.now(), "person.erase", aid.as_str());
        let erasure = self.erasures.ask(aid.clone(), line).await?;
        let company = self.access.companies.find(&caller.company).await?;
        if company.is_some_and(|company| company.users == Users::Own) {
            self.send_away(Side::Visitor, Realm::Company(caller.company.clone()), aid).await?;
        }
        Ok(erasure)
    }

    /// An agent of the caller's company. The last owner stays.
    pub async fn erase_agent(&self, caller: &Caller, aid: AccountId, words: AgentsWords) -> Result<Erasure> {
        caller.may_write("persons", Role::Admin)?;
        let mut line = caller.line(self.clock.now(), "agent.erase", aid.as_str());
        if words == AgentsWords::Keep {
            line.note = "its words stay".into();
        }
        let who = caller.clone();
        let decide = Box::new(move |agent: &_, others| decide::erase_agent(&who, agent, others));
        let erasure = self.erasures.ask_of_agent(aid.clone(), words, decide, line).await?;
        self.send_away(Side::Agent, Realm::Company(caller.company.clone()), aid).await?;
        Ok(erasure)
    }

    /// A person of the platform, at every company.
    pub async fn erase_everywhere(&self, caller: &PlatformCaller, aid: AccountId) -> Result<Erasure> {
        caller.may_write("persons")?;
        let erasure = self.erasures.ask_everywhere(aid.clone(), caller, self.clock.now()).await?;
        self.send_away(Side::Visitor, Realm::Platform, aid).await?;
        Ok(erasure)
    }

    /// How far it is.
    pub async fn erasure(&self, caller: &Caller, number: i64) -> Result<Erasure> {
        caller.may_read("persons", Role::Admin)?;
        self.erasure_of(Realm::Company(caller.company.clone()), number).await
    }

    /// The same for what the platform has asked for.
    pub async fn erasure_everywhere(&self, caller: &PlatformCaller, number: i64) -> Result<Erasure> {
        caller.may_read("persons")?;
        self.erasure_of(Realm::Platform, number).await
    }

    async fn erasure_of(&self, realm: Realm, number: i64) -> Result<Erasure> {
        self.erasures.find(&realm, number).await?.ok_or(Error::NotFound("erasure"))
    }

    async fn send_away(&self, side: Side, realm: Realm, aid: AccountId) -> Result<()> {
        let (mid, account, nick) = (Name::default(), Name::default(), Name::default());
        let person = Person { side, realm, aid, mid, account, nick, attributes: None };
        self.access.credentials.revoke_person(&person).await?;
        self.access.connected.end_all(&person);
        Ok(())
    }
}

fn own(caller: &Caller, company: &CompanyId) -> Result<()> {
    if caller.company == *company { Ok(()) } else { Err(Error::Forbidden) }
}
