//! Human consultations: asking for an agent, being one, and what is due by itself.

use std::collections::BTreeSet;
use std::sync::Arc;

use crate::decide;
use crate::error::{Error, Result};
use crate::model::desk::{
    self, About, Command, Consultation, DeskAnswer, Happening, Left, Placement, Queued, Rate, RateWay,
    Standing, Status, Wish,
};
use crate::model::{AccountId, ChatId, CompanyId, GroupId, MessageId, Person, Realm, RoomId, Side, Time};
use crate::port::{Clock, Companies, Desks, Entropy};

pub struct Desk {
    pub desks: Arc<dyn Desks>,
    pub companies: Arc<dyn Companies>,
    pub clock: Arc<dyn Clock>,
    pub entropy: Arc<dyn Entropy>,
}

/// A room in which a consultation runs, and where it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    pub room: RoomId,
    pub chat: ChatId,
    pub standing: Standing,
}

/// What an agent's list shows of a room that it serves, or that is offered to it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Served {
    pub consultation: Consultation,
    /// It is another's and waits for this agent's word.
    pub offered: bool,
}

/// For visitors. Each is about the caller's own room, which it must have entered.
impl Desk {
    /// Asks for an agent. Asking again while a consultation runs tells how it stands.
    pub async fn apply(&self, visitor: &Person, room: &RoomId, wish: Wish) -> Result<Placement> {
        let company = self.visits(visitor, room).await?;
        let command = Command::Apply { room: room.clone(), chat: self.new_chat(), wish };
        match self.route(&company, command).await? {
            DeskAnswer::Placed(placement) => Ok(placement),
            other => Err(wrong_answer(&other)),
        }
    }

    /// Leaves a message for when somebody is there; it has the name of a consultation. Whoever calls says it in the room,
    /// see [`LeftMessages`](super::LeftMessages).
    pub(super) async fn leave_message(
        &self,
        visitor: &Person,
        room: &RoomId,
        message: MessageId,
        left: Left,
    ) -> Result<ChatId> {
        let company = self.visits(visitor, room).await?;
        let command = Command::LeaveMessage { room: room.clone(), chat: self.new_chat(), message, left };
        match self.route(&company, command).await? {
            DeskAnswer::Chat(chat) => Ok(chat),
            other => Err(wrong_answer(&other)),
        }
    }

    /// Says how it was. While it runs, or at any time after. The last word counts.
    pub async fn rate(
        &self,
        visitor: &Person,
        room: &RoomId,
        chat: ChatId,
        rate: Rate,
        way: RateWay,
    ) -> Result<()> {
        let company = self.visits(visitor, room).await?;
        self.route(&company, Command::Rate { about: this(room, chat), rate, way }).await.map(drop)
    }

    /// Goes on with what ended a while ago, with the same agent if possible.
    pub async fn reopen(&self, visitor: &Person, room: &RoomId, chat: ChatId) -> Result<Placement> {
        let company = self.visits(visitor, room).await?;
        match self.route(&company, Command::Reopen { about: this(room, chat) }).await? {
            DeskAnswer::Placed(placement) => Ok(placement),
            other => Err(wrong_answer(&other)),
        }
    }
}

/// For agents. Each is about the caller's own company; from a visitor it is not allowed.
impl Desk {
    /// Says that the caller will answer what it was given.
    pub async fn accept(&self, agent: &Person, room: &RoomId, chat: ChatId) -> Result<()> {
        let (company, aid) = works_in(agent, room)?;
        self.route(&company, Command::Accept { agent: aid, about: this(room, chat) }).await.map(drop)
    }

    /// Takes somebody who waits; of several who try one gets it, the others hear whose it is (`Conflict`).
    pub async fn serve(&self, agent: &Person, room: &RoomId, chat: ChatId) -> Result<()> {
        let (company, aid) = works_in(agent, room)?;
        self.route(&company, Command::Serve { agent: aid, about: this(room, chat) }).await.map(drop)
    }

    /// Offers what runs in the room to a colleague.
    pub async fn transfer(&self, agent: &Person, room: &RoomId, to: AccountId, note: Box<str>) -> Result<()> {
        let (company, aid) = works_in(agent, room)?;
        let about = About { room: room.clone(), chat: None };
        self.route(&company, Command::Transfer { agent: aid, about, to, note }).await.map(drop)
    }

    /// Gives what runs in the room to whoever of a group is free, or will be; the caller is rid of it at once.
    pub async fn transfer_to_group(
        &self,
        agent: &Person,
        room: &RoomId,
        group: GroupId,
        note: Box<str>,
    ) -> Result<()> {
        let (company, aid) = works_in(agent, room)?;
        let about = About { room: room.clone(), chat: None };
        self.route(&company, Command::TransferToGroup { agent: aid, about, group, note }).await.map(drop)
    }

    pub async fn accept_transfer(&self, agent: &Person, room: &RoomId, chat: ChatId) -> Result<()> {
        let (company, aid) = works_in(agent, room)?;
        self.route(&company, Command::AcceptTransfer { agent: aid, about: this(room, chat) }).await.map(drop)
    }

    pub async fn reject_transfer(&self, agent: &Person, room: &RoomId, chat: ChatId) -> Result<()> {
        let (company, aid) = works_in(agent, room)?;
        self.route(&company, Command::RejectTransfer { agent: aid, about: this(room, chat) }).await.map(drop)
    }

    /// Takes what a colleague serves; supervisors only.
    pub async fn take_over(&self, supervisor: &Person, room: &RoomId, chat: ChatId) -> Result<()> {
        let (company, aid) = works_in(supervisor, room)?;
        self.route(&company, Command::TakeOver { agent: aid, about: this(room, chat) }).await.map(drop)
    }

    /// The agent has said something while this consultation ran: just now, or, `late`, a while ago. Told for each first
    /// answer; more often does no harm.
    pub async fn answered(
        &self,
        agent: &Person,
        room: &RoomId,
        chat: ChatId,
        said: Time,
        late: bool,
    ) -> Result<()> {
        let (company, aid) = works_in(agent, room)?;
        let about = this(room, chat);
        self.route(&company, Command::Answered { agent: aid, about, said, late }).await.map(drop)
    }

    pub async fn set_status(&self, agent: &Person, status: Status) -> Result<()> {
        let (company, aid) = works_for(agent)?;
        self.route(&company, Command::SetStatus { agent: aid, status }).await.map(drop)
    }

    /// Notes down how many wait, as the caller's page has counted.
    pub async fn set_wait_count(&self, agent: &Person, count: u32) -> Result<()> {
        let (company, aid) = works_for(agent)?;
        self.route(&company, Command::SetWaitCount { agent: aid, count }).await.map(drop)
    }

    /// Takes the room off the caller's list; what it serves there ends.
    pub async fn remove(&self, agent: &Person, room: &RoomId) -> Result<()> {
        let (company, aid) = works_in(agent, room)?;
        self.route(&company, Command::Remove { agent: aid, room: room.clone() }).await.map(drop)
    }
}

/// For both sides.
impl Desk {
    /// Ends a consultation: the visitor its own, an agent what it serves, a supervisor any.
    pub async fn end(&self, person: &Person, room: &RoomId, chat: ChatId) -> Result<()> {
        let (company, agent) = match person.side {
            Side::Visitor => (self.visits(person, room).await?, None),
            Side::Agent => {
                let (company, aid) = works_in(person, room)?;
                (company, Some(aid))
            }
        };
        self.route(&company, Command::End { about: this(room, chat), agent }).await.map(drop)
    }

    /// What runs in this room now, for whoever may enter it.
    pub async fn place(&self, person: &Person, room: &RoomId) -> Result<Option<Place>> {
        let company = self.visits(person, room).await?;
        let desk = self.desks.look(&company, self.clock.now()).await?;
        Ok(desk.in_room(room).map(|running| Place {
            room: room.clone(),
            chat: running.chat,
            standing: desk.standing(running),
        }))
    }
}

/// For the server itself.
impl Desk {
    /// An agent's first socket at this node. Commands take effect in the order in which they are started.
    pub async fn came(&self, agent: &Person, node: &str) -> Result<()> {
        let (company, _) = works_for(agent)?;
        self.route(&company, Command::Came { agent: Box::new(agent.clone()), node: node.into() })
            .await
            .map(drop)
    }

    /// An agent's last socket at this node has gone.
    pub async fn went(&self, agent: &Person, node: &str) -> Result<()> {
        let (company, aid) = works_for(agent)?;
        self.route(&company, Command::Went { agent: aid, node: node.into() }).await.map(drop)
    }

    /// This run of a node is over, for every company.
    pub async fn node_gone(&self, node: &str) -> Result<()> {
        self.nodes_gone(|present| present == node).await
    }

    /// Every run of a node that is none of these is over: what a node says when it starts.
    pub async fn only_nodes(&self, alive: &[Box<str>]) -> Result<()> {
        self.nodes_gone(|present| alive.iter().all(|node| **node != *present)).await
    }

    /// Something that the desk does not own has changed, such as a cap, a role or a group.
    pub async fn look_again(&self, company: &CompanyId) -> Result<()> {
        self.route(company, Command::Look).await.map(drop)
    }

    /// Does what is due now at all desks; when something is due next.
    pub async fn tick(&self) -> Result<Option<Time>> {
        for company in self.desks.due(self.clock.now()).await? {
            self.route(&company, Command::Tick).await?;
        }
        self.desks.next_due().await
    }

    /// Forgets what happened more than a day ago; for a job that runs now and then.
    pub async fn forget_happenings(&self) -> Result<u64> {
        const DAY_MS: i64 = 24 * 60 * 60 * 1_000;
        self.desks.forget_happenings(self.clock.now() - DAY_MS).await
    }

    /// The whole desk, for lists and boards.
    pub async fn look(&self, company: &CompanyId) -> Result<desk::Desk> {
        self.desks.look(company, self.clock.now()).await
    }

    /// What an agent serves and what it is offered, the oldest first.
    pub async fn own(&self, agent: &Person) -> Result<Vec<Served>> {
        let (company, aid) = works_for(agent)?;
        let desk = self.look(&company).await?;
        let mut own: Vec<_> = desk
            .consultations
            .into_values()
            .filter(|consultation| consultation.seats().any(|seat| *seat == aid))
            .map(|consultation| Served { offered: consultation.agent() != Some(&aid), consultation })
            .collect();
        own.sort_by_key(|served| served.consultation.order);
        Ok(own)
    }

    /// The places of all who wait.
    pub async fn positions(&self, company: &CompanyId) -> Result<Vec<(RoomId, ChatId, Queued)>> {
        let desk = self.look(company).await?;
        Ok(desk
            .places()
            .into_iter()
            .map(|(waits, queued)| (waits.room.clone(), waits.chat, queued))
            .collect())
    }

    /// What happened after the happening of this number.
    pub async fn happenings(&self, company: &CompanyId, after: i64, limit: usize) -> Result<Vec<Happening>> {
        self.desks.happenings(company, after, limit).await
    }
}

impl Desk {
    async fn route(&self, company: &CompanyId, command: Command) -> Result<DeskAnswer> {
        self.desks.route(company, command, self.clock.now()).await
    }

    async fn nodes_gone(&self, is_gone: impl Fn(&str) -> bool) -> Result<()> {
        let presences: BTreeSet<_> = self.desks.presences().await?.into_iter().collect();
        for (company, node) in presences.into_iter().filter(|(_, node)| is_gone(node)) {
            self.route(&company, Command::NodeGone { node }).await?;
        }
        Ok(())
    }

    /// The company of a room that this person may enter.
    async fn visits(&self, person: &Person, room: &RoomId) -> Result<CompanyId> {
        let company = self.companies.find(&CompanyId::parse(room.company())?).await?;
        decide::may_enter(person, room, company.as_ref())?;
        company.map(|company| company.id).ok_or(Error::Forbidden)
    }

    fn new_chat(&self) -> ChatId {
        let mut random = [0; 10];
        self.entropy.fill(&mut random);
        ChatId::at(self.clock.now(), random)
    }
}

/// The company and the name of an agent.
fn works_for(person: &Person) -> Result<(CompanyId, AccountId)> {
    match (person.side, &person.realm) {
        (Side::Agent, Realm::Company(company)) => Ok((company.clone(), person.aid.clone())),
        _ => Err(Error::Forbidden),
    }
}

/// The same, if this is a room of that company.
fn works_in(person: &Person, room: &RoomId) -> Result<(CompanyId, AccountId)> {
    works_for(person)
        .and_then(|works| if works.0.as_str() == room.company() { Ok(works) } else { Err(Error::Forbidden) })
}

fn this(room: &RoomId, chat: ChatId) -> About {
    About { room: room.clone(), chat: Some(chat) }
}

fn wrong_answer(answer: &DeskAnswer) -> Error {
    Error::internal(format!("the desk answered {answer:?} to another question"))
}
