//! What agents see of their company's rooms.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::Arc;

use super::Desk;
use crate::error::{Error, Result};
use crate::model::desk::{Consultation, Handed, Left, Past, Rate, State, Status};
use crate::model::{AccountId, ChatId, CompanyId, GroupId, Person, Realm, RoomHead, RoomId, Side, Tag, Time};
use crate::port::{Lists as Port, PastQuery, Rooms};

/// Rooms in a list that has no pages.
const ALL: usize = 500;
/// Consultations that are looked at for one page when most of them do not fit.
const LOOKED_AT: usize = 2_000;
const AT_ONCE: usize = 200;
/// Agents whose status is told.
const STAFF: usize = 5_000;

pub struct Lists {
    pub desk: Arc<Desk>,
    pub rooms: Arc<dyn Rooms>,
    pub lists: Arc<dyn Port>,
}

/// Which rooms are wanted. What is not given fits everything.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ListQuery {
    pub view: View,
    pub group: Option<GroupId>,
    pub agent: Option<AccountId>,
    /// The consultation began, or with `Closed` ended, at or after.
    pub from: Option<Time>,
    /// The same, before.
    pub to: Option<Time>,
    pub rate: Option<Rate>,
    /// Of visitors who have this tag.
    pub tag: Option<Tag>,
    /// A part of the visitor's nick or account id.
    pub search: Option<Box<str>>,
    /// Where the page before this one ended.
    pub cursor: Option<Box<str>>,
    pub limit: usize,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum View {
    /// What the asking agent serves or is offered.
    Mine,
    /// Who waits, in the order of the queue.
    Waiting,
    /// All rooms, those opened last first; with a filter on consultations those that are not over.
    #[default]
    All,
    /// Consultations that are over, the latest first.
    Closed,
}

/// One line of a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Listed {
    pub head: RoomHead,
    pub chat: Option<ListedChat>,
}

/// A consultation as lists show it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ListedChat {
    pub chat: ChatId,
    pub stage: Stage,
    /// Who serves or has served.
    pub agent: Option<AccountId>,
    pub group: Option<GroupId>,
    pub begun: Time,
    pub ended: Option<Time>,
    pub rate: Option<Rate>,
    pub vip: bool,
    /// What was written when nobody was there, and how to answer.
    pub left: Option<Left>,
    /// Who gives it, or gave it last, and what is said about it.
    pub handed: Option<Handed>,
    /// Its place in the queue.
    pub position: Option<u32>,
    /// A colleague offers it to the asking agent.
    pub offered: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stage {
    Waiting,
    Serving,
    Closed,
}

/// One page, and where the next one begins.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Page {
    pub rooms: Vec<Listed>,
    pub next: Option<String>,
}

impl Lists {
    /// Rooms of the company, those with the latest messages first.
    pub async fn all(&self, agent: &Person) -> Result<Vec<Listed>> {
        let (company, aid) = works_for(agent)?;
        let running = self.running(&company, &aid).await?;
        let rooms = self.lists.rooms(&company, None, None, None, ALL).await?;
        let mut all: Vec<_> = rooms.into_iter().map(|room| listed(room.head, &running)).collect();
        // Who waits or is served is never missing, however old its room is.
        let missing: Vec<RoomId> =
            running.keys().filter(|room| all.iter().all(|known| known.head.id != **room)).cloned().collect();
        let missing = self.rooms.heads(&missing).await?;
        all.extend(missing.into_iter().map(|head| listed(head, &running)));
        all.sort_by_key(|listed| std::cmp::Reverse(listed.head.last_time));
        self.add_left(&company, &mut all).await?;
        Ok(all)
    }

    /// How each agent of the caller's company is.
    pub async fn statuses(&self, agent: &Person) -> Result<Vec<(AccountId, Status)>> {
        let (company, _) = works_for(agent)?;
        let staff = self.lists.staff(&company, STAFF).await?;
        let mut statuses: BTreeMap<_, _> = staff.into_iter().map(|aid| (aid, Status::Offline)).collect();
        let here = self.desk.look(&company).await?.agents.into_values().filter(|agent| agent.is_here());
        statuses.extend(here.map(|agent| (agent.aid, agent.status)));
        Ok(statuses.into_iter().collect())
    }

    /// What the caller serves and is offered, in the order in which it was asked for.
    pub async fn own(&self, agent: &Person) -> Result<Vec<Listed>> {
        let own = ListQuery { view: View::Mine, limit: usize::MAX, ..ListQuery::default() };
        Ok(self.page(agent, own).await?.rooms)
    }

    /// Heads of the rooms in which something may be unread that concerns the caller: those it has entered, those in
    /// which somebody waits or is served, and the newest ones.
    pub async fn heads(&self, agent: &Person) -> Result<Vec<RoomHead>> {
        let (company, aid) = works_for(agent)?;
        let mut heads: BTreeMap<RoomId, RoomHead> = BTreeMap::new();
        heads.extend(self.all(agent).await?.into_iter().map(|listed| (listed.head.id.clone(), listed.head)));
        let entered = self.lists.entered(&company, &aid, ALL).await?;
        heads.extend(entered.into_iter().map(|head| (head.id.clone(), head)));
        Ok(heads.into_values().collect())
    }

    /// One page of the rooms that fit.
    pub async fn page(&self, agent: &Person, query: ListQuery) -> Result<Page> {
        let (company, aid) = works_for(agent)?;
        match query.view {
            View::Mine | View::Waiting => self.open(&company, &aid, &query).await,
            View::All if query.is_about_consultations() => self.open(&company, &aid, &query).await,
            View::All => self.rooms(&company, &aid, &query).await,
            View::Closed => self.closed(&company, &query).await,
        }
    }

    /// Those that are not over: they are few, and known together. The cursor is the order of the last one.
    async fn open(&self, company: &CompanyId, aid: &AccountId, query: &ListQuery) -> Result<Page> {
        let desk = self.desk.look(company).await?;
        let places: HashMap<ChatId, u32> =
            desk.places().iter().map(|(waits, queued)| (waits.chat, queued.position)).collect();
        let mut fitting: Vec<&Consultation> = match query.view {
            View::Waiting => desk.queue(),
            _ => {
                let mut all: Vec<_> = desk.consultations.values().collect();
                all.sort_by_key(|consultation| consultation.order);
                all
            }
        };
        fitting.retain(|consultation| {
            (query.view != View::Mine || consultation.seats().any(|seat| seat == aid))
                && query.fits(consultation)
        });
        if let Some(tag) = &query.tag {
            let tagged: HashSet<RoomId> = self.lists.tagged(company, tag).await?.into_iter().collect();
            fitting.retain(|consultation| tagged.contains(&consultation.room));
        }
        if let Some(after) = query.cursor.as_deref() {
            let after: i64 = after.parse().map_err(|_| bad_cursor())?;
            let passed = fitting.iter().position(|consultation| consultation.order == after);
            // Over by now: from the beginning, so that nobody is missed.
            fitting.drain(..passed.map_or(0, |at| at + 1));
        }
        let more = fitting.len() > query.limit;
        fitting.truncate(query.limit);
        let next = fitting.last().filter(|_| more).map(|last| last.order.to_string());
        let rooms = fitting.iter().map(|consultation| &consultation.room);
        let mut heads = self.heads_of(rooms).await?;
        let rooms = fitting.into_iter().filter_map(|consultation| {
            let head = heads.remove(&consultation.room)?;
            let chat = running(consultation, aid, places.get(&consultation.chat).copied());
            Some(Listed { head, chat: Some(chat) })
        });
        let mut rooms: Vec<Listed> = rooms.collect();
        self.add_left(company, &mut rooms).await?;
        Ok(Page { rooms, next })
    }

    /// All rooms. The cursor is the number of the last one.
    async fn rooms(&self, company: &CompanyId, aid: &AccountId, query: &ListQuery) -> Result<Page> {
        let before = query.cursor.as_deref().map(str::parse).transpose().map_err(|_| bad_cursor())?;
        let (search, tag) = (query.search.as_deref(), query.tag.as_ref());
        let mut found = self.lists.rooms(company, before, search, tag, query.limit.saturating_add(1)).await?;
        let more = found.len() > query.limit;
        found.truncate(query.limit);
        let next = found.last().filter(|_| more).map(|last| last.number.to_string());
        let running = self.running(company, aid).await?;
        let mut rooms: Vec<_> = found.into_iter().map(|room| listed(room.head, &running)).collect();
        self.add_left(company, &mut rooms).await?;
        Ok(Page { rooms, next })
    }

    /// What is over. The cursor is the end and the name of the last one.
    async fn closed(&self, company: &CompanyId, query: &ListQuery) -> Result<Page> {
        let mut after = query.cursor.as_deref().map(closed_cursor).transpose()?;
        let mut fitting: Vec<Past> = Vec::new();
        let (mut looked_at, mut more) = (0, true);
        while more && fitting.len() < query.limit && looked_at < LOOKED_AT {
            let past = PastQuery {
                agent: query.agent.clone(),
                group: query.group,
                rate: query.rate,
                tag: query.tag.clone(),
                from: query.from,
                to: query.to,
                after,
                ..PastQuery::of(company.clone(), AT_ONCE)
            };
            let some = self.desk.desks.past(past).await?;
            looked_at += some.len();
            more = some.len() == AT_ONCE;
            for past in some {
                if fitting.len() == query.limit {
                    more = true;
                    break;
                }
                after = Some((past.ended, past.consultation.chat));
                if query.names(&past.consultation) {
                    fitting.push(past);
                }
            }
        }
        let next = after.filter(|_| more).map(|(ended, chat)| format!("{ended}.{chat}"));
        let rooms = fitting.iter().map(|past| &past.consultation.room);
        let heads = self.heads_of(rooms).await?;
        let rooms = fitting.iter().filter_map(|past| {
            let head = heads.get(&past.consultation.room)?.clone();
            Some(Listed { head, chat: Some(over(past)) })
        });
        let mut rooms: Vec<Listed> = rooms.collect();
        self.add_left(company, &mut rooms).await?;
        Ok(Page { rooms, next })
    }

    async fn add_left(&self, company: &CompanyId, rooms: &mut [Listed]) -> Result<()> {
        let chats = rooms.iter_mut().filter_map(|listed| listed.chat.as_mut());
        self.desk.read_left(company, chats.map(|chat| (chat.chat, &mut chat.left))).await
    }

    async fn heads_of(&self, rooms: impl Iterator<Item = &RoomId>) -> Result<HashMap<RoomId, RoomHead>> {
        let rooms: Vec<RoomId> = rooms.cloned().collect();
        let heads = self.rooms.heads(&rooms).await?;
        Ok(heads.into_iter().map(|head| (head.id.clone(), head)).collect())
    }

    async fn running(&self, company: &CompanyId, aid: &AccountId) -> Result<HashMap<RoomId, ListedChat>> {
        let desk = self.desk.look(company).await?;
        let places: HashMap<ChatId, u32> =
            desk.places().iter().map(|(waits, queued)| (waits.chat, queued.position)).collect();
        let all = desk.consultations.values().map(|consultation| {
            let place = places.get(&consultation.chat).copied();
            (consultation.room.clone(), running(consultation, aid, place))
        });
        Ok(all.collect())
    }
}

impl ListQuery {
    fn is_about_consultations(&self) -> bool {
        self.group.is_some()
            || self.agent.is_some()
            || self.from.is_some()
            || self.to.is_some()
            || self.rate.is_some()
    }

    fn fits(&self, consultation: &Consultation) -> bool {
        self.group.is_none_or(|group| consultation.group == Some(group))
            && self.agent.as_ref().is_none_or(|agent| consultation.agent() == Some(agent))
            && self.from.is_none_or(|from| consultation.applied >= from)
            && self.to.is_none_or(|to| consultation.applied < to)
            && self
                .rate
                .is_none_or(|rate| consultation.rating.as_ref().is_some_and(|rating| rating.rate == rate))
            && self.names(consultation)
    }

    /// Whether what is searched for is in the visitor's nick or account.
    fn names(&self, consultation: &Consultation) -> bool {
        let Some(search) = self.search.as_deref() else { return true };
        let search = search.to_lowercase();
        let has = |text: &str| text.to_lowercase().contains(&search);
        has(consultation.topic.as_str()) || has(consultation.room.aid())
    }
}

fn listed(head: RoomHead, running: &HashMap<RoomId, ListedChat>) -> Listed {
    let chat = running.get(&head.id).cloned();
    Listed { head, chat }
}

fn running(consultation: &Consultation, asking: &AccountId, position: Option<u32>) -> ListedChat {
    let agent = consultation.agent().cloned();
    let serving = consultation.serving();
    let offer = serving.and_then(|serving| {
        let transfer = serving.transfer.as_ref()?;
        Some(Handed { by: serving.agent.clone(), note: transfer.note.clone() })
    });
    ListedChat {
        chat: consultation.chat,
        stage: match consultation.state {
            State::Waiting(_) => Stage::Waiting,
            State::Serving(_) => Stage::Serving,
        },
        offered: agent.as_ref() != Some(asking) && consultation.seats().any(|seat| seat == asking),
        agent,
        group: consultation.group,
        begun: consultation.applied,
        ended: None,
        rate: consultation.rating.as_ref().map(|rating| rating.rate),
        vip: consultation.vip,
        left: consultation.left.clone(),
        handed: offer.or(consultation.handed.clone()),
        position,
    }
}

fn over(past: &Past) -> ListedChat {
    let consultation = &past.consultation;
    ListedChat {
        chat: consultation.chat,
        stage: Stage::Closed,
        agent: past.agent.clone(),
        group: consultation.group,
        begun: consultation.applied,
        ended: Some(past.ended),
        rate: consultation.rating.as_ref().map(|rating| rating.rate),
        vip: consultation.vip,
        left: consultation.left.clone(),
        handed: None,
        position: None,
        offered: false,
    }
}

fn closed_cursor(text: &str) -> Result<(Time, ChatId)> {
    let (ended, chat) = text.split_once('.').ok_or_else(bad_cursor)?;
    Ok((ended.parse().map_err(|_| bad_cursor())?, ChatId::parse(chat).map_err(|_| bad_cursor())?))
}

fn bad_cursor() -> Error {
    Error::invalid("cursor", "it is what the page before gave as `next`")
}

fn works_for(person: &Person) -> Result<(CompanyId, AccountId)> {
    match (person.side, &person.realm) {
        (Side::Agent, Realm::Company(company)) => Ok((company.clone(), person.aid.clone())),
        _ => Err(Error::Forbidden),
    }
}
