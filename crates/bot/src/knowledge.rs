//! What a bot knows: the titles of its company's questions, ready to be found. Answers stay in the store.

use nodechat_domain::model::{BotRules, Name, Question, QuestionId};
use nodechat_words::questions::{Index, Phrase, Synonyms};

use crate::trial::{NEAR, Trial, Tried};

/// Of one company, as of one moment.
#[derive(Debug)]
pub struct Knowledge {
    pub rules: BotRules,
    titles: Box<[Name]>,
    /// In the order of the questions; the numbers of the index.
    items: Box<[Known]>,
    /// Those of the default questions.
    defaults: Box<[u32]>,
    index: Index,
}

#[derive(Debug)]
struct Known {
    id: QuestionId,
    title: Name,
    /// Number of the question whose title it stands under.
    question: u32,
}

/// Items under their title, as they are shown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Group {
    pub title: Name,
    pub items: Vec<Item>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Item {
    pub id: QuestionId,
    pub title: Name,
}

impl From<Question> for Group {
    fn from(Question { title, items, .. }: Question) -> Self {
        let items = items.into_iter().map(|item| Item { id: item.id, title: item.title });
        Self { title, items: items.collect() }
    }
}

impl Knowledge {
    /// Of those that are enabled. Takes some 10 µs for each item: for many of them, not on a thread that others wait
    /// for.
    pub fn new(questions: impl IntoIterator<Item = Question>, rules: BotRules) -> Self {
        let enabled = questions.into_iter().filter(|question| question.enabled);
        Self::of(enabled.map(|question| (question.default, Group::from(question))), rules)
    }

    /// Of these, each with whether everybody is shown it who comes.
    pub(crate) fn of(groups: impl IntoIterator<Item = (bool, Group)>, rules: BotRules) -> Self {
        let (mut titles, mut items, mut defaults) = (Vec::new(), Vec::new(), Vec::new());
        for (default, group) in groups {
            let number = titles.len() as u32;
            titles.push(group.title);
            for item in group.items {
                if default {
                    defaults.push(items.len() as u32);
                }
                items.push(Known { id: item.id, title: item.title, question: number });
            }
        }
        let groups: Vec<Vec<&str>> =
            rules.synonyms.iter().map(|group| group.iter().map(Name::as_str).collect()).collect();
        // The rules were checked when they were set. Should they not hold any more, questions are found all the same.
        let synonyms = Synonyms::new(&groups).unwrap_or_default();
        let phrases = items.iter().map(|item| Phrase {
            text: item.title.as_str(),
            heading: titles[item.question as usize].as_str(),
        });
        let index = Index::new(phrases, synonyms);
        Self { rules, titles: titles.into(), items: items.into(), defaults: defaults.into(), index }
    }

    /// Whether these groups of synonyms can be used; why not.
    pub fn check_synonyms(groups: &[Vec<Name>]) -> Result<(), nodechat_domain::Error> {
        use nodechat_words::questions::Refusal;
        let groups: Vec<Vec<&str>> =
            groups.iter().map(|group| group.iter().map(Name::as_str).collect()).collect();
        let why = match Synonyms::new(&groups) {
            Ok(_) => return Ok(()),
            Err(Refusal::Empty(word)) => format!("{word:?} has neither letter nor digit"),
            Err(Refusal::TooLong(_)) => "at most 64 characters each".to_owned(),
            Err(Refusal::Twice(word)) => format!("{word:?} is in two groups"),
            Err(Refusal::TooMany) => "at most 5,000 words".to_owned(),
        };
        Err(nodechat_domain::Error::invalid("synonyms", why))
    }

    /// What everybody is shown who comes.
    pub fn defaults(&self) -> Vec<Group> {
        self.grouped(self.defaults.iter().map(|number| *number as usize))
    }

    /// What `text` asks for, best first; items with the same title stand under it together.
    pub fn find(&self, text: &str) -> Vec<Group> {
        let threshold = self.rules.threshold as f32 / 1000.0;
        let found = self.index.find(text, self.rules.most as usize, threshold);
        self.grouped(found.into_iter().map(|found| found.number))
    }

    /// What it makes of `text`, and what it comes near to: each with its score.
    pub(crate) fn try_out(&self, text: &str) -> Trial {
        let (threshold, most) = (self.rules.threshold, self.rules.most as usize);
        let found = self.index.find(text, most + NEAR, 0.0);
        let tried = found.into_iter().enumerate().map(|(place, found)| {
            let Known { id, title, question } = &self.items[found.number];
            let score = (found.score * 1000.0) as u32;
            Tried {
                id: *id,
                question: self.titles[*question as usize].clone(),
                title: title.clone(),
                score,
                shown: place < most && found.score >= threshold as f32 / 1000.0,
                words: self.index.shared(title.as_str(), text),
            }
        });
        let (shown, near): (Vec<_>, Vec<_>) = tried.partition(|tried| tried.shown);
        let human = self.rules.asks_for_human(text);
        Trial { human, threshold, found: shown.into_iter().chain(near.into_iter().take(NEAR)).collect() }
    }

    fn grouped(&self, numbers: impl Iterator<Item = usize>) -> Vec<Group> {
        let mut groups: Vec<(u32, Group)> = Vec::new();
        for number in numbers {
            let Known { id, title, question } = &self.items[number];
            let item = Item { id: *id, title: title.clone() };
            match groups.iter_mut().find(|(known, _)| known == question) {
                Some((_, group)) => group.items.push(item),
                None => {
                    let title = self.titles[*question as usize].clone();
                    groups.push((*question, Group { title, items: vec![item] }));
                }
            }
        }
        groups.into_iter().map(|(_, group)| group).collect()
    }
}
