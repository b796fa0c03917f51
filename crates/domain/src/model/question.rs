//! A company's questions, and how its bot uses them.

use std::fmt;

use uuid::Uuid;

use super::{Name, Text, Time};
use crate::error::{Error, Result};
use crate::limits;

/// A version 7 uuid; of a question, or of one of its items.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct QuestionId(pub Uuid);

/// Something that people ask about, and what they ask of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Question {
    pub id: QuestionId,
    /// What its items stand under.
    pub title: Name,
    /// At least one, at most [`limits::QUESTION_ITEMS`], in the order in which they are shown.
    pub items: Vec<QuestionItem>,
    /// Whether it is shown to everybody who comes.
    pub default: bool,
    /// Whether it is shown and found at all.
    pub enabled: bool,
    /// Smaller ones come first; equal ones in the order of their making.
    pub rank: i64,
    pub changed: Time,
}

/// One question and its answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct QuestionItem {
    pub id: QuestionId,
    pub title: Name,
    pub answer: Text,
}

/// How a company's bot behaves.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BotRules {
    /// How alike text and question have to be, in thousandths.
    pub threshold: u32,
    /// Items that are found at most.
    pub most: u32,
    /// Groups of words that mean the same.
    pub synonyms: Vec<Vec<Name>>,
    /// Words by which a visitor asks for a human.
    pub human: Vec<Name>,
    /// What the button for a human says; empty when there is none.
    pub human_button: Name,
    /// What the visitor reads when nothing was found.
    pub nothing_found: Name,
    /// Who puts the answer into words; nobody unless the company has said so.
    pub model: Option<LanguageModel>,
}

/// A service of the OpenAI kind (`/chat/completions`) that answers from what was found.
#[derive(Clone, PartialEq, Eq)]
pub struct LanguageModel {
    pub enabled: bool,
    /// Up to and without `/chat/completions`.
    pub url: Box<str>,
    pub name: Name,
    /// Never shown again once it was given.
    pub key: Option<Box<str>>,
    /// Until the last word.
    pub timeout_ms: u32,
    /// What the company tells it about itself.
    pub prompt: Box<str>,
}

impl QuestionId {
    pub fn parse(field: &'static str, text: &str) -> Result<Self> {
        if text.is_empty() {
            return Err(Error::Missing(field));
        }
        Uuid::parse_str(text).map(Self).map_err(|_| Error::invalid(field, "it is not a uuid"))
    }

    pub fn at(time_ms: Time, random: [u8; 10]) -> Self {
        Self(uuid::Builder::from_unix_timestamp_millis(time_ms.max(0) as u64, &random).into_uuid())
    }
}

impl fmt::Display for QuestionId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl Question {
    /// Refuses what cannot be shown or found.
    pub fn checked(self) -> Result<Self> {
        titled("title", &self.title)?;
        match self.items.len() {
            0 => return Err(Error::Missing("items")),
            1..=limits::QUESTION_ITEMS => {}
            _ => return Err(Error::invalid("items", "at most 100")),
        }
        for item in &self.items {
            titled("items", &item.title)?;
        }
        let mut ids: Vec<QuestionId> = self.items.iter().map(|item| item.id).collect();
        ids.sort();
        if ids.windows(2).any(|pair| pair[0] == pair[1]) {
            return Err(Error::invalid("items", "an id stands twice"));
        }
        Ok(self)
    }
}

fn titled(field: &'static str, title: &Name) -> Result<()> {
    if title.as_str().trim().is_empty() { Err(Error::Missing(field)) } else { Ok(()) }
}

impl Default for BotRules {
    fn default() -> Self {
        let name = |text| Name::parse("human", text).expect("a short text");
        Self {
            threshold: 300,
            most: 5,
            synonyms: Vec::new(),
            human: ["人工", "转人工", "人工客服", "真人", "human", "agent", "talk to a human"]
                .map(name)
                .into(),
            human_button: Name::default(),
            nothing_found: Name::default(),
            model: None,
        }
    }
}

impl BotRules {
    /// Refuses what is out of range.
    pub fn checked(self) -> Result<Self> {
        if self.threshold > 1000 {
            return Err(Error::invalid("threshold", "from 0 to 1000"));
        }
        if !(1..=20).contains(&self.most) {
            return Err(Error::invalid("most", "from 1 to 20"));
        }
        if self.synonyms.len() > limits::SYNONYM_GROUPS {
            return Err(Error::invalid("synonyms", "at most 1,000 groups"));
        }
        if self.human.len() > limits::HUMAN_WORDS
            || self.human.iter().any(|word| word.as_str().trim().is_empty())
        {
            return Err(Error::invalid("human", "at most 50 words, none of them empty"));
        }
        if let Some(model) = &self.model {
            model.check()?;
        }
        Ok(self)
    }

    /// Whether `text` asks for a human: it is one of the words, or is short and holds one.
    pub fn asks_for_human(&self, text: &str) -> bool {
        let text = text.trim();
        if text.chars().nth(limits::HUMAN_TEXT_CHARS).is_some() {
            return false;
        }
        let text = text.to_lowercase();
        self.human.iter().any(|word| holds(&text, &word.as_str().trim().to_lowercase()))
    }
}

/// `agent` is not in `agents` or `reagent`; Chinese words have no such border.
fn holds(text: &str, word: &str) -> bool {
    let letter = |c: char| c.is_ascii_alphanumeric();
    text.match_indices(word).any(|(at, _)| {
        let (before, after) = (&text[..at], &text[at + word.len()..]);
        let cuts_before = before.ends_with(letter) && word.starts_with(letter);
        let cuts_after = after.starts_with(letter) && word.ends_with(letter);
        !cuts_before && !cuts_after
    })
}

impl LanguageModel {
    fn check(&self) -> Result<()> {
        let web = self.url.starts_with("https://") || self.url.starts_with("http://");
        let plain =
            self.url.bytes().all(|b| b.is_ascii_graphic()) && !self.url.contains(['#', '?', '@', '\\']);
        if !web || !plain || self.url.len() > limits::WEBHOOK_URL_BYTES {
            return Err(Error::invalid("url", "http:// or https://, without user, query or `#`"));
        }
        if self.name.as_str().is_empty() {
            return Err(Error::Missing("name"));
        }
        if self
            .key
            .as_deref()
            .is_some_and(|key| key.len() > 500 || !key.bytes().all(|b| b.is_ascii_graphic()))
        {
            return Err(Error::invalid("key", "at most 500 letters, digits and signs"));
        }
        if !(1_000..=120_000).contains(&self.timeout_ms) {
            return Err(Error::invalid("timeout_ms", "from 1000 to 120000"));
        }
        if self.prompt.chars().count() > limits::PROMPT_CHARS || self.prompt.contains('\0') {
            return Err(Error::invalid("prompt", "at most 4,000 characters without NUL"));
        }
        Ok(())
    }
}

impl fmt::Debug for LanguageModel {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("LanguageModel")
            .field("url", &self.url)
            .field("name", &self.name)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[rstest::rstest]
    #[case("转人工", true)]
    #[case(" 人工! ", true)]
    #[case("我要找人工客服", true)]
    #[case("Agent", true)]
    #[case("I want to talk to an agent please", true)]
    #[case("reagents", false)]
    #[case("怎么退款", false)]
    #[case("", false)]
    #[case("我昨天在你们店里买了一件人工皮革的外套，收到以后发现颜色和图片上差得很多，请问可以退货吗", false)]
    fn a_short_text_with_such_a_word_asks_for_a_human(#[case] text: &str, #[case] asks: bool) {
        assert_eq!(BotRules::default().asks_for_human(text), asks);
    }

    #[test]
    fn rules_have_their_ranges() {
        assert!(BotRules::default().checked().is_ok());
        assert!(BotRules { threshold: 1001, ..BotRules::default() }.checked().is_err());
        assert!(BotRules { most: 0, ..BotRules::default() }.checked().is_err());
        let model = |url: &str| LanguageModel {
            enabled: true,
            url: url.into(),
            name: Name::parse("name", "m").unwrap(),
            key: Some("sk-1".into()),
            timeout_ms: 10_000,
            prompt: "".into(),
        };
        let rules = |url| BotRules { model: Some(model(url)), ..BotRules::default() };
        assert!(rules("https://llm.example/v1").checked().is_ok());
        for bad in ["", "file:///etc", "https://a b", "https://me@x/", "https://x/?a", "https://x/#a"] {
            assert!(rules(bad).checked().is_err(), "{bad}");
        }
        assert!(!format!("{:?}", model("https://x")).contains("sk-1"));
    }
}
