//! A company's questions and the rules of its bot, as its people keep them.

use std::sync::Arc;

use super::Doer;
use crate::error::{Error, Result};
use crate::model::{BotRules, CompanyId, Name, Question, QuestionId, QuestionItem, Text};
use crate::port::{Clock, Entropy, Questions};

pub struct QuestionBook {
    pub questions: Arc<dyn Questions>,
    pub clock: Arc<dyn Clock>,
    pub entropy: Arc<dyn Entropy>,
}

/// A question as somebody writes it down.
#[derive(Debug, Clone)]
pub struct QuestionDraft {
    pub title: Name,
    pub items: Vec<ItemDraft>,
    pub default: bool,
    pub enabled: bool,
    pub rank: i64,
}

#[derive(Debug, Clone)]
pub struct ItemDraft {
    /// None for one that is new.
    pub id: Option<QuestionId>,
    pub title: Name,
    pub answer: Text,
}

impl QuestionBook {
    pub async fn page(
        &self,
        company: &CompanyId,
        after: Option<(i64, QuestionId)>,
        limit: usize,
    ) -> Result<Vec<Question>> {
        self.questions.page(company, after, limit).await
    }

    pub async fn all(&self, company: &CompanyId) -> Result<Vec<Question>> {
        self.questions.all(company).await
    }

    pub async fn find(&self, company: &CompanyId, id: QuestionId) -> Result<Question> {
        self.questions.find(company, id).await?.ok_or(Error::NotFound("question"))
    }

    /// Adds it under this id, or puts it in the place of what the same call has added before.
    pub async fn add(
        &self,
        doer: Doer,
        company: &CompanyId,
        id: QuestionId,
        draft: QuestionDraft,
    ) -> Result<Question> {
        self.put(doer, "question.add", company, id, draft).await
    }

    /// Writes it anew. An item keeps its id when the draft names it.
    pub async fn change(
        &self,
        doer: Doer,
        company: &CompanyId,
        id: QuestionId,
        draft: QuestionDraft,
    ) -> Result<Question> {
        self.find(company, id).await?;
        self.put(doer, "question.change", company, id, draft).await
    }

    /// These in the place of all there are; how many.
    pub async fn replace(
        &self,
        doer: Doer,
        company: &CompanyId,
        drafts: Vec<QuestionDraft>,
    ) -> Result<usize> {
        let questions = drafts.into_iter().map(|draft| self.made(self.new_id(), draft));
        let questions = questions.collect::<Result<Vec<_>>>()?;
        let count = questions.len();
        let line = doer.line(company, self.clock.now(), "question.replace", "");
        self.questions.replace(company, questions, line).await?;
        Ok(count)
    }

    pub async fn remove(&self, doer: Doer, company: &CompanyId, id: QuestionId) -> Result<()> {
        let line = doer.line(company, self.clock.now(), "question.remove", &id.to_string());
        if self.questions.remove(company, id, line).await? {
            Ok(())
        } else {
            Err(Error::NotFound("question"))
        }
    }

    pub async fn rules(&self, company: &CompanyId) -> Result<BotRules> {
        self.questions.rules(company).await
    }

    /// A language model keeps the key it has when none is given for it at the same address.
    pub async fn set_rules(&self, doer: Doer, company: &CompanyId, mut rules: BotRules) -> Result<BotRules> {
        if let Some(model) = rules.model.as_mut().filter(|model| model.key.is_none())
            && let Some(former) = self.questions.rules(company).await?.model
            && former.url == model.url
        {
            model.key = former.key;
        }
        let rules = rules.checked()?;
        let line = doer.line(company, self.clock.now(), "bot.change", "");
        self.questions.set_rules(company, rules.clone(), line).await?;
        Ok(rules)
    }

    async fn put(
        &self,
        doer: Doer,
        act: &'static str,
        company: &CompanyId,
        id: QuestionId,
        draft: QuestionDraft,
    ) -> Result<Question> {
        let question = self.made(id, draft)?;
        let line = doer.line(company, question.changed, act, &id.to_string());
        self.questions.put(company, question.clone(), line).await?;
        Ok(question)
    }

    fn made(&self, id: QuestionId, draft: QuestionDraft) -> Result<Question> {
        let QuestionDraft { title, items, default, enabled, rank } = draft;
        let item = |ItemDraft { id, title, answer }| QuestionItem {
            id: id.unwrap_or_else(|| self.new_id()),
            title,
            answer,
        };
        let items = items.into_iter().map(item).collect();
        Question { id, title, items, default, enabled, rank, changed: self.clock.now() }.checked()
    }

    fn new_id(&self) -> QuestionId {
        let mut random = [0; 10];
        self.entropy.fill(&mut random);
        QuestionId::at(self.clock.now(), random)
    }
}
