//! What a bot makes of a text, for those who write its questions: with scores, with what only comes near, and with a
//! question as it is being written.

use nodechat_domain::model::{CompanyId, Name, QuestionId};
use nodechat_domain::{Error, Result};

use crate::bots::Bots;
use crate::knowledge::{Group, Knowledge};

/// So many that are not shown are told at most.
pub(crate) const NEAR: usize = 3;

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Trial {
    /// Whether the text asks for a human.
    pub human: bool,
    /// From this score on a question is shown; in thousandths.
    pub threshold: u32,
    /// The best first; those that are not shown at the end.
    pub found: Vec<Tried>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tried {
    /// Nil where it is not saved yet.
    pub id: QuestionId,
    /// What it stands under.
    pub question: Name,
    pub title: Name,
    /// How alike it is to the text, in thousandths.
    pub score: u32,
    /// Whether a visitor would be shown it.
    pub shown: bool,
    /// What both say, as it stands in the title, folded.
    pub words: Vec<String>,
}

/// A question as it is being written.
#[derive(Debug)]
pub struct Draft {
    /// In whose place it is; none for one that is new.
    pub of: Option<QuestionId>,
    pub enabled: bool,
    pub group: Group,
}

impl Bots {
    /// What this company's bot makes of `text`.
    pub async fn try_out(&self, company: &CompanyId, text: &str) -> Result<Trial> {
        match self.knowledge(company.as_str()).await? {
            Some(knowledge) => Ok(knowledge.try_out(text)),
            // Without questions there is no bot, and the rules are those of one that finds nothing.
            None => {
                let rules = self.ports.questions.rules(company).await?;
                Ok(Trial { human: false, threshold: rules.threshold, found: Vec::new() })
            }
        }
    }

    /// What it would make of `text` if the draft were saved.
    pub async fn try_draft(&self, company: &CompanyId, text: &str, draft: Draft) -> Result<Trial> {
        let rules = self.ports.questions.rules(company).await?;
        let saved = self.ports.questions.all(company).await?;
        let text = text.to_owned();
        let tried = tokio::task::spawn_blocking(move || {
            let mut draft = Some(draft);
            let of = draft.as_ref().and_then(|draft| draft.of);
            let mut groups: Vec<(bool, Group)> = Vec::new();
            for question in saved {
                if Some(question.id) == of {
                    groups.extend(draft.take().and_then(Draft::enabled));
                } else if question.enabled {
                    groups.push((question.default, question.into()));
                }
            }
            groups.extend(draft.and_then(Draft::enabled));
            Knowledge::of(groups, rules).try_out(&text)
        });
        tried.await.map_err(Error::internal)
    }
}

impl Draft {
    fn enabled(self) -> Option<(bool, Group)> {
        self.enabled.then_some((false, self.group))
    }
}
