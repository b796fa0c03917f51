//! What a message is found by, as it stands in the lists of a part: the words of its text, and what is beside it.

use nodechat_domain::model::{AccountId, Body, Kind, SearchQuery, Side};
use nodechat_words::history;
use sha2::{Digest, Sha256};

use crate::stored::{kind_number, side_number};

/// Words of one query that are looked up; whether a message has the others as well is seen when it is read.
const WORDS_MAX: usize = 8;

/// Calls `take` for everything by which this message is found, with repetitions.
pub fn each_word(room: i64, sender: (Side, &AccountId), body: &Body, mut take: impl FnMut(&str)) {
    take(&of_room(room));
    take(&of_sender(sender.0, sender.1));
    take(&of_kind(body.kind()));
    if let Some(text) = text_of(body) {
        let mut word = String::new();
        history::each_key(text, |key| {
            word.clear();
            word.push('w');
            word.push_str(key);
            take(&word);
        });
    }
}

/// In which lists a message has to be for it to be looked at, what is likely to be rare before the rest. Empty: any
/// message.
pub fn wanted(query: &SearchQuery, room: Option<i64>) -> Vec<String> {
    let mut wanted = Vec::new();
    wanted.extend(room.map(of_room));
    wanted.extend(query.sender.as_ref().map(|(side, aid)| of_sender(*side, aid)));
    let mut words: Vec<String> =
        history::wanted(&query.text, WORDS_MAX).iter().map(|one| format!("w{}", one.key())).collect();
    words.sort_by_key(|word| std::cmp::Reverse(word.len()));
    wanted.extend(words);
    wanted.extend(query.kind.map(of_kind));
    wanted
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

fn of_room(number: i64) -> String {
    format!("r{number}")
}

/// Short for everybody; should two share it, the message itself says who it was.
fn of_sender(side: Side, aid: &AccountId) -> String {
    let hash = Sha256::digest(aid.as_str().as_bytes());
    let short: String = hash[..6].iter().map(|byte| format!("{byte:02x}")).collect();
    format!("p{}{short}", side_number(side))
}

fn of_kind(kind: Kind) -> String {
    format!("k{}", kind_number(kind))
}
