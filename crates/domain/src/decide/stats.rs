//! What a happening adds to a company's numbers. From the happening alone: nothing is looked up, nothing is counted twice.

use jiff::Timestamp;
use jiff::tz::TimeZone;

use crate::model::desk::{Happening, What};
use crate::model::{AccountId, ChatId, Day, Figures, GroupId, Time};

/// Something to be added to the row of a group and an agent, on the day of the happening.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Increment {
    pub group: Option<GroupId>,
    pub agent: Option<AccountId>,
    pub figures: Figures,
}

/// Who has a consultation after a happening, for those that change it; messages are counted from one to the next.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Held {
    pub chat: ChatId,
    /// None: nobody any more.
    pub by: Option<AccountId>,
}

pub fn increments(happening: &Happening) -> Vec<Increment> {
    let number = happening.number.unwrap_or(0);
    let of = |agent: Option<&AccountId>, figures: Figures| Increment {
        group: happening.group,
        agent: agent.cloned(),
        figures,
    };
    let (agent, other) = (happening.agent.as_ref(), happening.other.as_ref());
    let none = Figures::default();
    match happening.what {
        What::Applied => vec![of(None, Figures { asked: 1, ..none })],
        What::Missed => vec![of(None, Figures { missed: 1, ..none })],
        What::Left => vec![of(None, Figures { left_behind: 1, ..none })],
        What::Reopened => vec![of(None, Figures { reopened: 1, ..none })],
        What::Assigned => vec![of(agent, Figures { assigned: 1, waited_ms: number, ..none })],
        What::Answered => vec![of(agent, Figures { answered: 1, response_ms: number, ..none })],
        What::Passed => vec![of(agent, Figures { passed: 1, ..none })],
        // `other` is none when it was given to a group, which is the one that got it.
        What::Transferred => {
            vec![of(agent, Figures { transferred: 1, ..none }), of(other, Figures { received: 1, ..none })]
        }
        // It was not given away: the one who had it lost it.
        What::TakenOver => vec![of(agent, Figures { received: 1, ..none })],
        What::Ended if agent.is_some() => {
            vec![of(agent, Figures { ended: 1, served_ms: number, ..none })]
        }
        What::Ended if happening.note.as_deref() == Some("visitor") => {
            vec![of(None, Figures { abandoned: 1, ..none })]
        }
        What::Ended => vec![of(None, Figures { ended: 1, ..none })],
        What::Rated => rated(happening),
        What::Accepted
        | What::Returned
        | What::Offered
        | What::Declined
        | What::Unserved
        | What::IdleSoon
        | What::RateAsked
        | What::Came
        | What::Went
        | What::Gone
        | What::StatusSet => Vec::new(),
    }
}

/// Who has the consultation from now on, if this happening says so.
pub fn held(happening: &Happening) -> Option<Held> {
    let by = match happening.what {
        What::Assigned | What::TakenOver => happening.agent.clone(),
        What::Transferred => happening.other.clone(),
        What::Passed | What::Returned | What::Ended => None,
        _ => return None,
    };
    Some(Held { chat: happening.chat?, by })
}

/// The day in the company's calendar.
pub fn day(time: Time, zone: &TimeZone) -> Day {
    let time = Timestamp::from_millisecond(time).unwrap_or(Timestamp::UNIX_EPOCH);
    let date = time.to_zoned(zone.clone()).date();
    i64::from(date.year()) * 10_000 + i64::from(date.month()) * 100 + i64::from(date.day())
}

/// A rating that takes the place of another one takes that one's count away, from whomever it counted for.
fn rated(happening: &Happening) -> Vec<Increment> {
    let mut note = happening.note.as_deref().unwrap_or_default().split(' ').skip(1);
    let replaced = note.next().and_then(|number| number.parse::<i64>().ok());
    let elsewhere = note.next().is_some();
    let here = (happening.group, &happening.agent);
    // What was noted before groups were has none behind the word.
    let there = match note.next() {
        None => (happening.group, &happening.other),
        Some(group) => (GroupId::parse(group).ok(), &happening.other),
    };
    let of = |(group, agent): (Option<GroupId>, &Option<AccountId>), figures: Figures| Increment {
        group,
        agent: agent.clone(),
        figures,
    };
    let given = of(here, rating(happening.number.unwrap_or(-1), 1));
    let taken = replaced.map(|replaced| of(if elsewhere { there } else { here }, rating(replaced, -1)));
    [given].into_iter().chain(taken).collect()
}

fn rating(rate: i64, by: i64) -> Figures {
    let mut figures = Figures::default();
    match rate {
        0 => figures.best = by,
        1 => figures.good = by,
        2 => figures.justsoso = by,
        3 => figures.bad = by,
        4 => figures.rubbish = by,
        // No such rating is ever stored.
        _ => {}
    }
    figures
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use proptest::prelude::*;

    use super::*;

    fn happening(
        seq: i64,
        what: What,
        chat: u8,
        agent: u8,
        other: u8,
        number: i64,
        note: usize,
    ) -> Happening {
        let name = |number: u8| AccountId::parse(&format!("a{number}")).unwrap();
        const NOTES: [&str; 8] = [
            "visitor",
            "agent",
            "auto",
            "hand 0",
            "auto 4",
            "hand 2 elsewhere",
            "hand 2 elsewhere -",
            "hand 3 elsewhere 00000000-0000-0000-0000-000000000002",
        ];
        Happening {
            seq,
            time: seq,
            what,
            chat: Some(ChatId(uuid::Uuid::from_u128(chat.into()))),
            room: None,
            group: chat.is_multiple_of(2).then(|| GroupId(uuid::Uuid::from_u128((chat % 4).into()))),
            agent: (agent > 0).then(|| name(agent)),
            other: (other > 0).then(|| name(other)),
            note: Some(NOTES[note].into()),
            number: Some(number),
        }
    }

    fn any_history() -> impl Strategy<Value = Vec<Happening>> {
        let one = (0..What::ALL.len(), 0..6u8, 0..4u8, 0..4u8, 0..5i64, 0..8usize);
        proptest::collection::vec(one, 0..200).prop_map(|all| {
            let one = |(seq, (what, chat, agent, other, number, note))| {
                happening(seq, What::ALL[what], chat, agent, other, number, note)
            };
            (0..).zip(all).map(one).collect()
        })
    }

    /// Counts a history the long way: one question after the other, each over all of it.
    fn counted(history: &[Happening], agent: Option<&AccountId>, group: Option<GroupId>) -> Figures {
        let count = |fits: &dyn Fn(&Happening) -> bool| {
            history.iter().filter(|one| one.group == group && fits(one)).count() as i64
        };
        let sum = |what: What| {
            let those = history.iter().filter(|one| one.group == group && one.what == what);
            those.filter(|one| one.agent.as_ref() == agent).filter_map(|one| one.number).sum::<i64>()
        };
        let of = |what: What| count(&|one| one.what == what && one.agent.as_ref() == agent);
        let whoever = |what: What| if agent.is_none() { count(&|one| one.what == what) } else { 0 };
        let rates = |rate: i64| {
            let mut sum = 0;
            for one in history.iter().filter(|one| one.what == What::Rated) {
                let words: Vec<&str> = one.note.as_deref().unwrap_or_default().split(' ').collect();
                let replaced = if words.contains(&"elsewhere") { &one.other } else { &one.agent };
                let former = match words.get(3) {
                    None => one.group,
                    Some(&"-") => None,
                    Some(id) => Some(GroupId(id.parse().unwrap())),
                };
                let is =
                    |of: Option<GroupId>, whom: &Option<AccountId>| of == group && whom.as_ref() == agent;
                sum += i64::from(is(one.group, &one.agent) && one.number == Some(rate));
                sum -= i64::from(is(former, replaced) && words.get(1) == Some(&&*rate.to_string()));
            }
            sum
        };
        let left_alone = |one: &Happening| {
            one.what == What::Ended && one.agent.is_none() && one.note.as_deref() == Some("visitor")
        };
        let handed = count(&|one| one.what == What::Transferred && one.other.as_ref() == agent);
        let abandoned = if agent.is_none() { count(&left_alone) } else { 0 };
        Figures {
            asked: whoever(What::Applied),
            missed: whoever(What::Missed),
            left_behind: whoever(What::Left),
            reopened: whoever(What::Reopened),
            abandoned,
            assigned: of(What::Assigned),
            waited_ms: sum(What::Assigned),
            answered: of(What::Answered),
            response_ms: sum(What::Answered),
            passed: of(What::Passed),
            transferred: of(What::Transferred),
            received: handed + of(What::TakenOver),
            ended: of(What::Ended) - abandoned,
            served_ms: if agent.is_some() { sum(What::Ended) } else { 0 },
            messages: 0,
            best: rates(0),
            good: rates(1),
            justsoso: rates(2),
            bad: rates(3),
            rubbish: rates(4),
        }
    }

    proptest! {
        #[test]
        fn increments_add_up_to_what_the_history_says(history in any_history()) {
            let mut rows: BTreeMap<_, Figures> = BTreeMap::new();
            for increment in history.iter().flat_map(increments) {
                rows.entry((increment.group, increment.agent)).or_default().add(&increment.figures);
            }
            let agents = [None, Some("a1"), Some("a2"), Some("a3")];
            let groups = [None, Some(0), Some(2)];
            for agent in agents.map(|name| name.map(|name| AccountId::parse(name).unwrap())) {
                for group in groups.map(|number| number.map(|number| GroupId(uuid::Uuid::from_u128(number)))) {
                    let summed = rows.get(&(group, agent.clone())).copied().unwrap_or_default();
                    prop_assert_eq!(summed, counted(&history, agent.as_ref(), group));
                }
            }
        }

        #[test]
        fn figures_survive_their_columns(values in proptest::collection::vec(any::<i64>(), Figures::NAMES.len())) {
            prop_assert_eq!(Figures::from_values(&values).unwrap().values(), values);
        }
    }

    #[test]
    fn a_day_is_one_of_the_companys_calendar() {
        let evening = 1_538_236_799_000; // 2018-09-29 23:59:59 in Shanghai
        let shanghai = TimeZone::get("Asia/Shanghai").unwrap();
        assert_eq!(day(evening, &shanghai), 20_180_929);
        assert_eq!(day(evening + 1000, &shanghai), 20_180_930);
        assert_eq!(day(evening + 1000, &TimeZone::UTC), 20_180_929);
    }

    #[test]
    fn whoever_has_a_consultation_is_known_after_each_change() {
        let held_by =
            |what| held(&happening(1, what, 1, 1, 2, 0, 0)).map(|held| held.by.map(|aid| aid.to_string()));
        assert_eq!(held_by(What::Assigned), Some(Some("a1".into())));
        assert_eq!(held_by(What::Transferred), Some(Some("a2".into())));
        assert_eq!(held_by(What::TakenOver), Some(Some("a1".into())));
        for what in [What::Passed, What::Returned, What::Ended] {
            assert_eq!(held_by(what), Some(None), "{what:?}");
        }
        assert_eq!(held_by(What::Offered), None);
    }
}
