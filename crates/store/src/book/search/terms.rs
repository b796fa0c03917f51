//! Terms as they stand in the index: those of the text and those of what is beside it, each with its company in front.

use nodechat_domain::model::{AccountId, Body, CompanyId, Kind, SearchQuery, Side};
use nodechat_words::history::{self, Wanted};
use sha2::{Digest, Sha256};

use crate::stored::{kind_number, side_number};

/// Conditions of one query at most.
const WANTED_MAX: usize = 24;

/// Letters and digits that stand for the company: as long for all, so that nothing can be taken for another's. Should two
/// ever share them, the row of each message still says whose it is.
pub struct Prefix(String);

impl Prefix {
    pub fn of(company: &CompanyId) -> Self {
        Self(short(company.as_str()))
    }

    /// All terms of a message, with a blank between them.
    pub fn line(&self, room: i64, sender: (Side, &AccountId), body: &Body) -> String {
        let mut line = format!("{} {} {}", self.room(room), self.sender(sender.0, sender.1), self.all());
        let mut add = |term: &str| {
            line.push(' ');
            line.push_str(term);
        };
        add(&self.kind(body.kind()));
        if let Some(text) = text_of(body) {
            history::each_term(text, |term| add(&self.word(term)));
        }
        line
    }

    /// What has to be in a message for it to be looked at.
    pub fn wanted(&self, query: &SearchQuery, room: Option<i64>) -> Vec<Wanted> {
        let mut wanted: Vec<Wanted> = history::wanted(&query.text, WANTED_MAX)
            .into_iter()
            .map(|one| match one {
                Wanted::Word(word) => Wanted::Word(self.word(&word)),
                Wanted::Beginning(start) => Wanted::Beginning(self.word(&start)),
            })
            .collect();
        wanted.extend(room.map(|room| Wanted::Word(self.room(room))));
        wanted.extend(query.sender.as_ref().map(|(side, aid)| Wanted::Word(self.sender(*side, aid))));
        wanted.extend(query.kind.map(|kind| Wanted::Word(self.kind(kind))));
        if wanted.is_empty() {
            wanted.push(Wanted::Word(self.all()));
        }
        wanted
    }

    fn word(&self, term: &str) -> String {
        format!("{}w{term}", self.0)
    }

    fn all(&self) -> String {
        format!("{}a", self.0)
    }

    fn room(&self, number: i64) -> String {
        format!("{}r{number}", self.0)
    }

    fn sender(&self, side: Side, aid: &AccountId) -> String {
        format!("{}p{}{}", self.0, side_number(side), short(aid.as_str()))
    }

    fn kind(&self, kind: Kind) -> String {
        format!("{}k{}", self.0, kind_number(kind))
    }
}

/// The words of a message that people look for.
pub fn text_of(body: &Body) -> Option<&str> {
    match body {
        Body::Text(text) => Some(text.as_str()),
        Body::File { name, .. } => Some(name),
        Body::Voice { text, .. } => Some(text),
        Body::Image(_) | Body::Video { .. } | Body::Custom(_) | Body::Recalled => None,
    }
}

/// As FTS5 reads it.
pub fn for_sqlite(wanted: &[Wanted]) -> String {
    let one = |wanted: &Wanted| match wanted {
        Wanted::Word(word) => format!("\"{word}\""),
        Wanted::Beginning(start) => format!("\"{start}\"*"),
    };
    wanted.iter().map(one).collect::<Vec<_>>().join(" AND ")
}

/// As a `tsquery` is written.
pub fn for_postgres(wanted: &[Wanted]) -> String {
    let one = |wanted: &Wanted| match wanted {
        Wanted::Word(word) => format!("'{word}'"),
        Wanted::Beginning(start) => format!("'{start}':*"),
    };
    wanted.iter().map(one).collect::<Vec<_>>().join(" & ")
}

fn short(text: &str) -> String {
    let hash = Sha256::digest(text.as_bytes());
    hash[..4].iter().map(|byte| format!("{byte:02x}")).collect()
}
