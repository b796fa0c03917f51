//! Answers that are being given: asked for, told piece by piece, kept as one message at the end.

use std::collections::HashSet;
use std::sync::{Arc, Mutex, PoisonError};

use nodechat_domain::app::Bot;
use nodechat_domain::model::{Company, LanguageModel, MessageId, QuestionId, RoomId, Text};
use nodechat_domain::port::Questions;
use tokio::sync::Semaphore;
use tokio::task::JoinSet;

use crate::Options;
use crate::model::{Caller, Prompt};

/// Those who are in a room and see an answer grow. What they miss of it is in the message at the end.
pub trait Listeners: Send + Sync {
    fn told(&self, room: &RoomId, piece: &Piece<'_>);
}

/// A part of an answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Piece<'a> {
    /// More of it.
    More(MessageId, &'a str),
    /// That was all; the message with this id is on disk.
    Done(MessageId),
    /// There will be no more, and nothing of it is kept: what was found is the answer.
    Failed(MessageId),
}

/// What somebody has asked, and which questions were found for it.
pub struct Question {
    pub company: Company,
    pub room: RoomId,
    pub text: Box<str>,
    pub found: Vec<QuestionId>,
}

pub struct Answering {
    bot: Arc<Bot>,
    questions: Arc<dyn Questions>,
    listeners: Arc<dyn Listeners>,
    caller: Caller,
    free: Arc<Semaphore>,
    /// Rooms in which an answer is under way: one at a time, so that nobody can occupy them all.
    rooms: Mutex<HashSet<RoomId>>,
    /// None when stopped.
    running: Mutex<Option<JoinSet<()>>>,
}

impl Answering {
    pub fn new(
        bot: Arc<Bot>,
        questions: Arc<dyn Questions>,
        listeners: Arc<dyn Listeners>,
        options: Options,
    ) -> Self {
        Self {
            bot,
            questions,
            listeners,
            caller: Caller::new(options.private_addresses),
            free: Arc::new(Semaphore::new(options.answers_at_once)),
            rooms: Mutex::default(),
            running: Mutex::new(Some(JoinSet::new())),
        }
    }

    /// Begins an answer; the id of the message that it will be. None when too many are under way, or one in this room.
    pub fn begin(self: &Arc<Self>, model: LanguageModel, question: Question) -> Option<MessageId> {
        let permit = self.free.clone().try_acquire_owned().ok()?;
        let turn = Turn::take(self, &question.room)?;
        let id = self.bot.new_id();
        let answering = self.clone();
        let mut running = self.running.lock().unwrap_or_else(PoisonError::into_inner);
        let running = running.as_mut()?;
        // Those that have ended are not kept; their failures were logged where they happened.
        while running.try_join_next().is_some() {}
        running.spawn(async move {
            answering.answer(&model, question, id).await;
            drop((permit, turn));
        });
        Some(id)
    }

    pub async fn stop(&self) {
        let running = self.running.lock().unwrap_or_else(PoisonError::into_inner).take();
        if let Some(mut running) = running {
            running.shutdown().await;
        }
    }

    async fn answer(&self, model: &LanguageModel, question: Question, id: MessageId) {
        let room = &question.room;
        let piece = match self.told_and_kept(model, &question, id).await {
            Ok(()) => Piece::Done(id),
            Err(why) => {
                tracing::warn!(company = %question.company.id, why, "a language model has not answered");
                Piece::Failed(id)
            }
        };
        self.listeners.told(room, &piece);
    }

    async fn told_and_kept(
        &self,
        model: &LanguageModel,
        question: &Question,
        id: MessageId,
    ) -> Result<(), String> {
        let found = self.questions.items(&question.company.id, &question.found).await;
        let found = found.map_err(|error| error.to_string())?;
        let prompt = Prompt { company: &model.prompt, found: &found, asked: &question.text };
        let tell = |piece: &str| self.listeners.told(&question.room, &Piece::More(id, piece));
        let answer = self.caller.answer(model, &prompt, tell).await.map_err(|failure| failure.to_string())?;
        let text = Text::parse(&answer).map_err(|error| error.to_string())?;
        let said = self.bot.say(&question.company, &question.room, id, text).await;
        said.map_err(|error| error.to_string())
    }
}

/// A room's turn, until it is dropped: also when the answer is cut off.
struct Turn {
    answering: Arc<Answering>,
    room: RoomId,
}

impl Turn {
    fn take(answering: &Arc<Answering>, room: &RoomId) -> Option<Self> {
        let free = answering.rooms.lock().unwrap_or_else(PoisonError::into_inner).insert(room.clone());
        free.then(|| Self { answering: answering.clone(), room: room.clone() })
    }
}

impl Drop for Turn {
    fn drop(&mut self) {
        self.answering.rooms.lock().unwrap_or_else(PoisonError::into_inner).remove(&self.room);
    }
}
