//! Consultations as programs and agents ask for them: those that run, and those that are over.

use std::collections::HashMap;

use super::Desk;
use crate::error::{Error, Result};
use crate::model::desk::{Consultation, Past, Rate};
use crate::model::{AccountId, Caller, ChatId, CompanyId, GroupId, Role, RoomId, Time};
use crate::port::PastQuery;

/// Of one room that are looked at.
const OF_ROOM: usize = 1_000;

/// A consultation, wherever it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum KnownConsultation {
    Running {
        consultation: Consultation,
        /// Its place in the queue, while it waits for an agent.
        position: Option<u32>,
    },
    Over(Past),
}

/// Which are wanted; what is not given fits everything.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ConsultationQuery {
    pub room: Option<RoomId>,
    pub agent: Option<AccountId>,
    pub group: Option<GroupId>,
    pub rate: Option<Rate>,
    /// It began, or when it is over ended, at or after.
    pub from: Option<Time>,
    /// The same, before.
    pub to: Option<Time>,
}

/// Every agent may know what its colleagues do, as in its lists.
impl Desk {
    /// Those that are not over and stand behind this one, first come first.
    pub async fn running(
        &self,
        caller: &Caller,
        query: &ConsultationQuery,
        after: Option<i64>,
        limit: usize,
    ) -> Result<Vec<KnownConsultation>> {
        caller.may_read(CONSULTATIONS, Role::Agent)?;
        let running = self.running_of(&caller.company, query, after, limit).await?;
        self.with_left(&caller.company, running).await
    }

    /// Those that are over and ended before this one, the latest first.
    pub async fn over(
        &self,
        caller: &Caller,
        query: &ConsultationQuery,
        after: Option<(Time, ChatId)>,
        limit: usize,
    ) -> Result<Vec<KnownConsultation>> {
        caller.may_read(CONSULTATIONS, Role::Agent)?;
        let over = self.over_of(&caller.company, query, after, limit).await?;
        self.with_left(&caller.company, over).await
    }

    pub async fn consultation(&self, caller: &Caller, chat: ChatId) -> Result<KnownConsultation> {
        caller.may_read(CONSULTATIONS, Role::Agent)?;
        let known = vec![self.known(&caller.company, chat).await?];
        let known = self.with_left(&caller.company, known).await?.pop();
        known.ok_or(Error::NotFound("consultation"))
    }
}

/// For whoever has asked already whether they may be seen.
impl Desk {
    /// Those that run, then those that are over; at most 1,000 of these.
    pub(super) async fn all_of(
        &self,
        company: &CompanyId,
        query: &ConsultationQuery,
    ) -> Result<Vec<KnownConsultation>> {
        let mut all = self.running_of(company, query, None, usize::MAX).await?;
        all.extend(self.over_of(company, query, None, OF_ROOM).await?);
        self.with_left(company, all).await
    }

    async fn with_left(
        &self,
        company: &CompanyId,
        mut all: Vec<KnownConsultation>,
    ) -> Result<Vec<KnownConsultation>> {
        let consultations = all.iter_mut().map(|known| match known {
            KnownConsultation::Running { consultation, .. } => consultation,
            KnownConsultation::Over(past) => &mut past.consultation,
        });
        self.read_left(company, consultations.map(|one| (one.chat, &mut one.left))).await?;
        Ok(all)
    }

    async fn running_of(
        &self,
        company: &CompanyId,
        query: &ConsultationQuery,
        after: Option<i64>,
        limit: usize,
    ) -> Result<Vec<KnownConsultation>> {
        let mut all = self.all_running(company).await?;
        all.retain(|(consultation, _)| {
            after.is_none_or(|after| consultation.order > after) && query.fits(consultation)
        });
        all.sort_by_key(|(consultation, _)| consultation.order);
        all.truncate(limit);
        let known = |(consultation, position)| KnownConsultation::Running { consultation, position };
        Ok(all.into_iter().map(known).collect())
    }

    async fn over_of(
        &self,
        company: &CompanyId,
        query: &ConsultationQuery,
        after: Option<(Time, ChatId)>,
        limit: usize,
    ) -> Result<Vec<KnownConsultation>> {
        let asked = PastQuery {
            room: query.room.clone(),
            agent: query.agent.clone(),
            group: query.group,
            rate: query.rate,
            from: query.from,
            to: query.to,
            after,
            ..PastQuery::of(company.clone(), if query.room.is_some() { OF_ROOM } else { limit })
        };
        let mut past = self.desks.past(asked).await?;
        if query.room.is_some() {
            // Those of a room come without regard to anything else.
            past.retain(|past| {
                let ended = query.from.is_none_or(|from| past.ended >= from)
                    && query.to.is_none_or(|to| past.ended < to)
                    && after.is_none_or(|after| (past.ended, past.consultation.chat) < after);
                ended && query.is_about(&past.consultation, past.agent.as_ref())
            });
            past.sort_by_key(|past| std::cmp::Reverse((past.ended, past.consultation.chat)));
            past.truncate(limit);
        }
        Ok(past.into_iter().map(KnownConsultation::Over).collect())
    }

    pub(super) async fn known(&self, company: &CompanyId, chat: ChatId) -> Result<KnownConsultation> {
        let running = self.all_running(company).await?;
        let running = running.into_iter().find(|(consultation, _)| consultation.chat == chat);
        if let Some((consultation, position)) = running {
            return Ok(KnownConsultation::Running { consultation, position });
        }
        let past = PastQuery { chat: Some(chat), ..PastQuery::of(company.clone(), 1) };
        let past = self.desks.past(past).await?.into_iter().next();
        past.map(KnownConsultation::Over).ok_or(Error::NotFound("consultation"))
    }

    async fn all_running(&self, company: &CompanyId) -> Result<Vec<(Consultation, Option<u32>)>> {
        let desk = self.look(company).await?;
        let places: HashMap<ChatId, u32> =
            desk.places().iter().map(|(waits, queued)| (waits.chat, queued.position)).collect();
        let position = |chat| places.get(&chat).copied();
        let all = desk.consultations.values();
        Ok(all.map(|consultation| (consultation.clone(), position(consultation.chat))).collect())
    }
}

impl ConsultationQuery {
    fn fits(&self, consultation: &Consultation) -> bool {
        self.from.is_none_or(|from| consultation.applied >= from)
            && self.to.is_none_or(|to| consultation.applied < to)
            && self.room.as_ref().is_none_or(|room| consultation.room == *room)
            && self.is_about(consultation, consultation.agent())
    }

    fn is_about(&self, consultation: &Consultation, agent: Option<&AccountId>) -> bool {
        self.agent.as_ref().is_none_or(|wanted| agent == Some(wanted))
            && self.group.is_none_or(|group| consultation.group == Some(group))
            && self
                .rate
                .is_none_or(|rate| consultation.rating.as_ref().is_some_and(|rating| rating.rate == rate))
    }
}

const CONSULTATIONS: &str = "consultations";
