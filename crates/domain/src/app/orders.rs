//! Work orders: written down by visitors or for them, looked after by agents.

use std::sync::Arc;

use crate::decide;
use crate::error::{Error, Result};
use crate::limits;
use crate::model::{
    AccountId, Author, Body, Changed, Comment, CompanyId, Details, ImagePath, Message, Name, NamedOrderKind,
    Order, OrderChange, OrderId, OrderKind, OrderLine, OrderState, Person, Realm, RoomId, Side, Time,
    UploadKind, Words,
};
use crate::port::{
    Agents, Bell, Clock, Companies, Entropy, OrderCounts, OrderKinds, OrderQuery, Orders, Rooms, Uploads,
};

pub struct WorkOrders {
    pub orders: Arc<dyn Orders>,
    pub kinds: Arc<dyn OrderKinds>,
    pub companies: Arc<dyn Companies>,
    pub agents: Arc<dyn Agents>,
    pub rooms: Arc<dyn Rooms>,
    pub uploads: Arc<dyn Uploads>,
    pub clock: Arc<dyn Clock>,
    pub entropy: Arc<dyn Entropy>,
    /// Rung when something has changed: there may be somebody to tell.
    pub bell: Arc<dyn Bell>,
}

/// One to be made for a visitor, from nothing.
#[derive(Debug, Clone)]
pub struct NewOrder {
    pub company: CompanyId,
    pub submitter: AccountId,
    pub details: Details,
}

/// One to be made from what was said in a room; what is left out is taken from there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OrderFromRoom {
    pub room: RoomId,
    pub chat: Option<Box<str>>,
    pub title: Option<Name>,
    pub phone: Option<Name>,
    pub describe: Option<Words>,
    pub kind: Option<OrderKind>,
    pub discovered: Option<Time>,
    pub pictures: Option<Vec<ImagePath>>,
}

/// What is to be otherwise; what is left out stays.
#[derive(Debug, Clone, Default)]
pub struct OrderPatch {
    pub state: Option<OrderState>,
    /// `Some(None)` takes the owner away.
    pub owner: Option<Option<AccountId>>,
    pub title: Option<Name>,
    pub phone: Option<Name>,
    pub describe: Option<Words>,
    pub kind: Option<OrderKind>,
    pub discovered: Option<Option<Time>>,
    pub pictures: Option<Vec<ImagePath>>,
    pub comment: Option<Comment>,
}

/// How far back in a room is looked for what a work order is about.
const LOOK_BACK: usize = 50;
/// Characters of a title that nobody has written.
const TITLE_CHARS: usize = 40;

impl WorkOrders {
    /// The kinds that a company has named; no secret.
    pub async fn kinds(&self, company: &CompanyId) -> Result<Vec<NamedOrderKind>> {
        self.kinds.all(company).await
    }

    /// A visitor writes one down for itself, or an agent for a visitor of its company (contract B4).
    pub async fn add(&self, person: &Person, new: NewOrder) -> Result<Order> {
        self.must_concern(person, &new.company, &new.submitter).await?;
        let author = match person.side {
            Side::Visitor => Author::Visitor(person.aid.clone()),
            Side::Agent => Author::Agent(person.aid.clone()),
        };
        self.open(self.new_id(), author, new, None, None).await
    }

    /// The newest ones of a visitor, for itself or for an agent of the company (contract B4).
    pub async fn of_visitor(&self, person: &Person, query: OrderQuery) -> Result<Vec<Order>> {
        let submitter = query.submitter.clone().ok_or(Error::Missing("submitter"))?;
        self.must_concern(person, &query.company, &submitter).await?;
        self.orders.list(query).await
    }

    /// Makes one for somebody of the company. With the id of one that is there, that one is meant, and stays.
    pub async fn make(&self, id: OrderId, by: Author, new: NewOrder) -> Result<Order> {
        self.open(id, by, new, None, None).await
    }

    /// Makes one from a room of the company with one call: for its visitor, about what was said last.
    pub async fn make_from_room(
        &self,
        id: OrderId,
        company: &CompanyId,
        by: Author,
        wanted: OrderFromRoom,
    ) -> Result<Order> {
        if wanted.room.company() != company.as_str() {
            return Err(Error::Forbidden);
        }
        let view = self.rooms.view(&wanted.room, LOOK_BACK, None).await?.ok_or(Error::NotFound("room"))?;
        let said = |message: &&Message| message.sender.side == Side::Visitor;
        let said: Vec<&Message> = view.newest.iter().filter(said).collect();
        let describe = match wanted.describe {
            Some(words) => words,
            None => told_in(&said)?,
        };
        let title = match wanted.title {
            Some(title) => title,
            None => title_of(&describe)?,
        };
        let kind = match wanted.kind {
            Some(kind) => kind,
            None => self.usual_kind(company).await?,
        };
        let pictures = match wanted.pictures {
            Some(pictures) => pictures,
            None => self.shown_in(&said, company).await?,
        };
        let details = Details {
            title,
            phone: wanted.phone.unwrap_or_default(),
            describe,
            kind,
            discovered: wanted.discovered,
            pictures,
        };
        let submitter = AccountId::parse(wanted.room.aid())?;
        let new = NewOrder { company: company.clone(), submitter, details };
        self.open(id, by, new, Some(wanted.room), wanted.chat).await
    }

    pub async fn change(
        &self,
        company: &CompanyId,
        id: OrderId,
        by: Author,
        patch: OrderPatch,
    ) -> Result<Changed> {
        if let Some(kind) = &patch.kind {
            self.must_be_named(company, kind).await?;
        }
        if let Some(pictures) = &patch.pictures {
            self.must_be_uploaded(company, None, pictures).await?;
        }
        if let Some(Some(owner)) = &patch.owner {
            let agent = self.agents.find(company, owner).await?;
            if !agent.is_some_and(|agent| agent.active) {
                return Err(Error::invalid("owner", "there is no such agent"));
            }
        }
        let now = self.clock.now();
        let decide = Box::new(move |order: &Order| decide::order::change(order, &patch.on(order)?, &by, now));
        let changed = self.orders.change(company, id, decide).await?;
        let changed = changed.ok_or(Error::NotFound("work order"))?;
        if !changed.lines.is_empty() {
            self.bell.ring();
        }
        Ok(changed)
    }

    pub async fn find(&self, company: &CompanyId, id: OrderId) -> Result<Order> {
        self.orders.find(company, id).await?.ok_or(Error::NotFound("work order"))
    }

    pub async fn lines(
        &self,
        company: &CompanyId,
        id: OrderId,
        from: i64,
        limit: usize,
    ) -> Result<Vec<OrderLine>> {
        self.orders.lines(company, id, from, limit).await
    }

    pub async fn list(&self, query: OrderQuery) -> Result<Vec<Order>> {
        self.orders.list(query).await
    }

    pub async fn counts(&self, company: &CompanyId) -> Result<OrderCounts> {
        self.orders.counts(company).await
    }

    pub fn new_id(&self) -> OrderId {
        let mut random = [0; 10];
        self.entropy.fill(&mut random);
        OrderId::at(self.clock.now(), random)
    }

    async fn open(
        &self,
        id: OrderId,
        by: Author,
        new: NewOrder,
        room: Option<RoomId>,
        chat: Option<Box<str>>,
    ) -> Result<Order> {
        let details = new.details.checked()?;
        self.must_be_named(&new.company, &details.kind).await?;
        self.must_be_uploaded(&new.company, Some(&new.submitter), &details.pictures).await?;
        let now = self.clock.now();
        let order = Order {
            id,
            company: new.company,
            details,
            submitter: new.submitter,
            room,
            chat,
            state: OrderState::New,
            owner: None,
            feedback: "".into(),
            created: now,
            updated: now,
            lines: 0,
        };
        let opened = decide::order::open(order, by);
        let company = opened.order.company.clone();
        let kept = self.orders.add(opened).await?;
        self.bell.ring();
        match kept {
            Some(order) => Ok(order),
            None => self.find(&company, id).await,
        }
    }

    /// A visitor names itself, at a company where it may be; an agent anybody of its company.
    async fn must_concern(&self, person: &Person, company: &CompanyId, submitter: &AccountId) -> Result<()> {
        if person.side == Side::Visitor && *submitter != person.aid {
            return Err(Error::Forbidden);
        }
        let room = RoomId::between(submitter, company);
        let company = self.companies.find(company).await?;
        decide::may_enter(person, &room, company.as_ref())
    }

    /// A company that has named no kinds takes any.
    async fn must_be_named(&self, company: &CompanyId, kind: &OrderKind) -> Result<()> {
        let named = self.kinds.all(company).await?;
        if named.is_empty() || named.iter().any(|named| named.kind == *kind) {
            return Ok(());
        }
        Err(Error::invalid("businessType", "there is no such kind of work orders"))
    }

    async fn usual_kind(&self, company: &CompanyId) -> Result<OrderKind> {
        match self.kinds.all(company).await?.into_iter().next() {
            Some(named) => Ok(named.kind),
            None => OrderKind::parse("other"),
        }
    }

    /// Each is an image that was uploaded for the company, or by the platform's visitor whom it is about.
    async fn must_be_uploaded(
        &self,
        company: &CompanyId,
        submitter: Option<&AccountId>,
        pictures: &[ImagePath],
    ) -> Result<()> {
        for path in pictures {
            if !self.is_uploaded(company, submitter, path).await? {
                return Err(Error::invalid("pictures", "no such image was uploaded"));
            }
        }
        Ok(())
    }

    async fn is_uploaded(
        &self,
        company: &CompanyId,
        submitter: Option<&AccountId>,
        path: &ImagePath,
    ) -> Result<bool> {
        let Some(upload) = self.uploads.find(path.as_str()).await? else { return Ok(false) };
        let its_own = match &upload.realm {
            Realm::Company(owner) => owner == company,
            Realm::Platform => submitter == Some(&upload.by),
        };
        Ok(its_own && matches!(upload.kind, UploadKind::Image { .. }))
    }

    /// The last pictures that the visitor has shown.
    async fn shown_in(&self, said: &[&Message], company: &CompanyId) -> Result<Vec<ImagePath>> {
        let mut pictures = Vec::new();
        for message in said.iter().rev() {
            let Body::Image(path) = &message.body else { continue };
            if self.is_uploaded(company, Some(&message.sender.aid), path).await? {
                pictures.insert(0, path.clone());
            }
            if pictures.len() == limits::ORDER_PICTURES {
                break;
            }
        }
        Ok(pictures)
    }
}

impl OrderPatch {
    fn on(&self, order: &Order) -> Result<OrderChange> {
        let before = &order.details;
        let details = Details {
            title: self.title.clone().unwrap_or_else(|| before.title.clone()),
            phone: self.phone.clone().unwrap_or_else(|| before.phone.clone()),
            describe: self.describe.clone().unwrap_or_else(|| before.describe.clone()),
            kind: self.kind.clone().unwrap_or_else(|| before.kind.clone()),
            discovered: self.discovered.unwrap_or(before.discovered),
            pictures: self.pictures.clone().unwrap_or_else(|| before.pictures.clone()),
        };
        Ok(OrderChange {
            state: self.state,
            owner: self.owner.clone(),
            details: Some(details.checked()?),
            comment: self.comment.clone(),
        })
    }
}

/// What the visitor has written last, one message below the other.
fn told_in(said: &[&Message]) -> Result<Words> {
    let mut told = String::new();
    for message in said.iter().rev() {
        let Body::Text(text) = &message.body else { continue };
        let longer =
            if told.is_empty() { text.as_str().to_owned() } else { format!("{}\n{told}", text.as_str()) };
        if longer.chars().count() > limits::ORDER_TEXT_CHARS {
            break;
        }
        told = longer;
    }
    Words::parse("describe", &told)
}

fn title_of(describe: &Words) -> Result<Name> {
    let first = describe.as_str().lines().find(|line| !line.trim().is_empty()).unwrap_or_default();
    let plain: String = first.trim().chars().filter(|c| !c.is_control()).take(TITLE_CHARS).collect();
    Name::parse("title", &plain)
}
