//! All bots of a server: which companies have one, and what each knows while it is asked.

use std::collections::HashMap;
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, PoisonError, RwLock};
use std::time::Duration;

use nodechat_domain::app::{AskCommand, Bot};
use nodechat_domain::model::{CompanyId, Message, MessageId, Name, Person, RoomId};
use nodechat_domain::port::{Companies, Questions, Revisions, revised};
use nodechat_domain::{Error, Result};
use tokio::sync::OnceCell;

use crate::answering::{Answering, Listeners, Question};
use crate::knowledge::{Group, Knowledge};

/// What a bot knows is forgotten when it was not asked for so many looks at what has changed.
const IDLE_LOOKS: i64 = 300;

pub struct Bots {
    pub(crate) ports: Ports,
    /// By id of the company, for those who have questions. Nothing is awaited under this lock.
    known: RwLock<HashMap<Box<str>, Arc<Entry>>>,
    /// Number of the last revision that was looked at.
    seen: AtomicI64,
    /// How often was looked for changes.
    looks: AtomicI64,
    answering: Arc<Answering>,
}

pub struct Ports {
    pub questions: Arc<dyn Questions>,
    pub revisions: Arc<dyn Revisions>,
    pub companies: Arc<dyn Companies>,
    pub bot: Arc<Bot>,
}

#[derive(Debug, Clone, Copy)]
pub struct Options {
    /// Language models that answer at the same time, at most.
    pub answers_at_once: usize,
    /// Whether language models may be at addresses that are not of the public internet.
    pub private_addresses: bool,
}

/// A change makes a new one: whoever still reads for the old one cannot put it in the place of the new.
#[derive(Default)]
struct Entry {
    knowledge: OnceCell<Arc<Knowledge>>,
    /// [`Bots::looks`] when it was last asked.
    asked: AtomicI64,
}

/// What the bot has to say to a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Reply {
    /// Questions that are meant; and the id of the message in which a language model will answer.
    Found(Vec<Group>, Option<MessageId>),
    /// Nothing was found; what the company wants to be said then, possibly nothing.
    Empty(Name),
    /// The text asks for a human.
    Human,
}

impl Bots {
    pub fn new(ports: Ports, listeners: Arc<dyn Listeners>, options: Options) -> Self {
        let answering = Answering::new(ports.bot.clone(), ports.questions.clone(), listeners, options);
        Self {
            ports,
            known: RwLock::default(),
            seen: AtomicI64::new(0),
            looks: AtomicI64::new(0),
            answering: Arc::new(answering),
        }
    }

    /// Learns which companies have a bot.
    pub async fn start(&self) -> Result<()> {
        // In this order: what changes in between is looked at again.
        self.seen.store(self.ports.revisions.latest().await?, Ordering::Relaxed);
        for company in self.ports.questions.companies().await? {
            self.anew(&company);
        }
        Ok(())
    }

    /// Whether this company has a bot.
    pub fn serves(&self, company: &str) -> bool {
        self.known.read().unwrap_or_else(PoisonError::into_inner).contains_key(company)
    }

    /// What a company's bot knows; none where there is no bot.
    pub async fn knowledge(&self, company: &str) -> Result<Option<Arc<Knowledge>>> {
        let entry = self.known.read().unwrap_or_else(PoisonError::into_inner).get(company).cloned();
        let Some(entry) = entry else { return Ok(None) };
        entry.asked.store(self.looks.load(Ordering::Relaxed), Ordering::Relaxed);
        let company = CompanyId::parse(company)?;
        entry.knowledge.get_or_try_init(|| self.learn(&company)).await.cloned().map(Some)
    }

    /// What the bot says to something that a visitor has said in this room; none when the company has no bot.
    /// `anew`: not for the first time, and nobody answers twice.
    pub async fn reply(&self, room: &RoomId, text: &str, anew: bool) -> Result<Option<Reply>> {
        let Some(knowledge) = self.knowledge(room.company()).await? else { return Ok(None) };
        if knowledge.rules.asks_for_human(text) {
            return Ok(Some(Reply::Human));
        }
        let groups = knowledge.find(text);
        if groups.is_empty() {
            return Ok(Some(Reply::Empty(knowledge.rules.nothing_found.clone())));
        }
        let model = knowledge.rules.model.as_ref().filter(|model| model.enabled && !anew);
        let Some(model) = model else { return Ok(Some(Reply::Found(groups, None))) };
        let company = self.ports.companies.find(&CompanyId::parse(room.company())?).await?;
        let company = company.ok_or(Error::Forbidden)?;
        let question = Question {
            company,
            room: room.clone(),
            text: text.into(),
            found: groups.iter().flat_map(|group| group.items.iter().map(|item| item.id)).collect(),
        };
        let answer = self.answering.begin(model.clone(), question);
        Ok(Some(Reply::Found(groups, answer)))
    }

    /// For a message that is shown and not kept.
    pub fn new_id(&self) -> MessageId {
        self.ports.bot.new_id()
    }

    /// Asks one of the questions; the answer is in the history.
    pub async fn ask(&self, person: &Person, command: AskCommand) -> Result<Message> {
        self.ports.bot.ask(person, command).await
    }

    /// Looks for what has changed, on whichever node; and forgets what nobody asks for.
    pub async fn look(&self) -> Result<()> {
        let look = self.looks.fetch_add(1, Ordering::Relaxed) + 1;
        let seen = self.seen.load(Ordering::Relaxed);
        let revisions = self.ports.revisions.changed(seen).await?;
        for revision in revisions {
            if &*revision.topic == revised::QUESTIONS {
                self.changed(&revision.company).await?;
            }
            self.seen.fetch_max(revision.number, Ordering::Relaxed);
        }
        self.forget_idle(look);
        Ok(())
    }

    /// Something of this company's bot is not as it was.
    pub async fn changed(&self, company: &CompanyId) -> Result<()> {
        if self.ports.questions.has_any(company).await? {
            self.anew(company);
        } else {
            self.known.write().unwrap_or_else(PoisonError::into_inner).remove(company.as_str());
        }
        Ok(())
    }

    /// Ends the answers that are under way.
    pub async fn stop(&self) {
        self.answering.stop().await;
    }

    /// [`Bots::look`] every `period`, for ever.
    pub async fn watch(self: Arc<Self>, period: Duration) {
        let mut ticks = tokio::time::interval(period);
        ticks.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
        loop {
            ticks.tick().await;
            if let Err(error) = self.look().await {
                tracing::warn!(%error, "changes of questions were not looked for");
            }
        }
    }

    fn anew(&self, company: &CompanyId) {
        let entry = Arc::new(Entry::default());
        entry.asked.store(self.looks.load(Ordering::Relaxed), Ordering::Relaxed);
        self.known.write().unwrap_or_else(PoisonError::into_inner).insert(company.as_str().into(), entry);
    }

    async fn learn(&self, company: &CompanyId) -> Result<Arc<Knowledge>> {
        let rules = self.ports.questions.rules(company).await?;
        let questions = self.ports.questions.all(company).await?;
        let made = tokio::task::spawn_blocking(move || Knowledge::new(questions, rules)).await;
        made.map(Arc::new).map_err(Error::internal)
    }

    fn forget_idle(&self, look: i64) {
        let mut known = self.known.write().unwrap_or_else(PoisonError::into_inner);
        for entry in known.values_mut() {
            let idle = look - entry.asked.load(Ordering::Relaxed) > IDLE_LOOKS;
            if idle && entry.knowledge.initialized() {
                *entry = Arc::default();
            }
        }
    }
}
