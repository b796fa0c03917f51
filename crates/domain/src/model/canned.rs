//! Canned replies: sentences that agents say often, found by a shortcut, with places for names.

use std::fmt::Write as _;

use uuid::Uuid;

use super::{AccountId, CompanyId, Name, Time, no_nul};
use crate::error::{Error, Result};
use crate::limits;

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CannedReply {
    pub id: CannedId,
    pub company: CompanyId,
    /// Whose it is; none: everybody's.
    pub owner: Option<AccountId>,
    pub shortcut: Shortcut,
    pub title: Name,
    pub text: Template,
    pub updated: Time,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct CannedId(pub Uuid);

/// What is typed to find it: 1 to 32 characters, none of them blank. The only one of its owner.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Shortcut(Box<str>);

/// 1 to 4,000 characters in which `{{visitor}}` and the other [`Variable`]s stand for names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Template(Box<str>);

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Variable {
    /// The nick of the visitor of the room.
    Visitor,
    /// The nick of the agent who speaks.
    Agent,
    /// The name of the company.
    Company,
}

impl CannedId {
    /// What is no uuid is the id of nothing.
    pub fn parse(text: &str) -> Result<Self> {
        Uuid::parse_str(text).map(Self).map_err(|_| Error::NotFound("canned reply"))
    }
}

impl Shortcut {
    pub fn parse(text: &str) -> Result<Self> {
        if text.is_empty() {
            return Err(Error::Missing("shortcut"));
        }
        let blank = |c: char| c.is_whitespace() || c.is_control();
        if text.chars().count() > limits::SHORTCUT_CHARS || text.chars().any(blank) {
            return Err(Error::invalid("shortcut", "at most 32 characters, none of them blank"));
        }
        Ok(Self(text.into()))
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl Variable {
    pub const ALL: [Variable; 3] = [Variable::Visitor, Variable::Agent, Variable::Company];

    pub fn name(self) -> &'static str {
        match self {
            Variable::Visitor => "visitor",
            Variable::Agent => "agent",
            Variable::Company => "company",
        }
    }
}

impl Template {
    pub fn parse(text: &str) -> Result<Self> {
        if text.is_empty() {
            return Err(Error::Missing("text"));
        }
        no_nul("text", text)?;
        if text.chars().count() > limits::CANNED_CHARS {
            return Err(Error::invalid("text", "at most 4,000 characters"));
        }
        let unknown = pieces(text).find_map(|piece| match piece {
            Piece::Place(name) if variable(name).is_none() => Some(name),
            _ => None,
        });
        if let Some(name) = unknown {
            let why = format!(
                "there is no {{{{{name}}}}}, only {{{{visitor}}}}, {{{{agent}}}} and {{{{company}}}}"
            );
            return Err(Error::invalid("text", why));
        }
        Ok(Self(text.into()))
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The sentence with every place filled.
    pub fn fill<'a>(&'a self, value: impl Fn(Variable) -> &'a str) -> String {
        let mut filled = String::with_capacity(self.0.len());
        for piece in pieces(&self.0) {
            let word = match piece {
                Piece::Words(words) => words,
                Piece::Place(name) => variable(name).map_or("", &value),
            };
            filled.write_str(word).expect("a string takes everything");
        }
        filled
    }
}

enum Piece<'a> {
    Words(&'a str),
    /// What stands between two pairs of braces, without blanks around it.
    Place(&'a str),
}

/// A text cut at its places. Braces that are not closed are words.
fn pieces(text: &str) -> impl Iterator<Item = Piece<'_>> {
    let mut rest = text;
    std::iter::from_fn(move || {
        if rest.is_empty() {
            return None;
        }
        let place = rest.find("{{").and_then(|from| Some((from, rest[from..].find("}}")? + from)));
        let Some((from, to)) = place else { return Some(Piece::Words(std::mem::take(&mut rest))) };
        if from > 0 {
            let words = &rest[..from];
            rest = &rest[from..];
            return Some(Piece::Words(words));
        }
        let name = rest[2..to].trim();
        rest = &rest[to + 2..];
        Some(Piece::Place(name))
    })
}

fn variable(name: &str) -> Option<Variable> {
    Variable::ALL.into_iter().find(|variable| variable.name() == name)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn filled(text: &str) -> Result<String, u16> {
        let template = Template::parse(text).map_err(|error| error.code() as u16)?;
        Ok(template.fill(|variable| match variable {
            Variable::Visitor => "安",
            Variable::Agent => "{{visitor}}",
            Variable::Company => "岭上",
        }))
    }

    #[rstest::rstest]
    #[case("您好，{{visitor}}！", Ok("您好，安！"))]
    #[case("{{ company }}{{visitor}}", Ok("岭上安"))]
    #[case(
        "what is filled in is not read again: {{agent}}",
        Ok("what is filled in is not read again: {{visitor}}")
    )]
    #[case("no place: {visitor} {{visitor", Ok("no place: {visitor} {{visitor"))]
    #[case("{{agnet}}", Err(4002))]
    #[case("{{}}", Err(4002))]
    #[case("", Err(4001))]
    #[case("a\0b", Err(4002))]
    fn places_are_filled_and_wrong_ones_are_noticed_at_once(
        #[case] text: &str,
        #[case] expected: Result<&str, u16>,
    ) {
        assert_eq!(filled(text), expected.map(str::to_owned));
    }

    #[test]
    fn a_shortcut_can_be_typed_in_one_go() {
        assert!(Shortcut::parse("你好").is_ok());
        for text in ["a b", "a\tb", "\u{3000}", &"a".repeat(33)] {
            assert_eq!(Shortcut::parse(text).unwrap_err().code() as u16, 4002, "{text:?}");
        }
        assert_eq!(Shortcut::parse("").unwrap_err().code() as u16, 4001);
    }
}
