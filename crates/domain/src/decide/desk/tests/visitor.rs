//! Nobody there, messages that are left, ratings, coming back.

use std::collections::BTreeMap;

use super::floor::{Floor, PATIENT, aid, by_group, position, room, serving};
use crate::decide::stats::increments;
use crate::model::desk::{About, Command, DeskAnswer, Happening, Rate, RateWay, Standing, Status, What};
use crate::model::{AccountId, Figures, GroupId};

#[test]
fn when_nobody_is_there_it_is_said_and_nobody_waits() {
    for nobody in [
        (|_: &mut Floor| {}) as fn(&mut Floor),
        |floor| {
            floor.comes("a1");
            floor.sets("a1", Status::Offline);
        },
        |floor| {
            floor.comes("a1");
            floor.desk.open = false;
        },
    ] {
        let mut floor = Floor::with(PATIENT);
        nobody(&mut floor);
        let placement = floor.applies("ann");
        assert_eq!((placement.chat, placement.standing), (None, Standing::Offline));
        assert_eq!(floor.news().last(), Some(&What::Missed));
        assert!(floor.desk.consultations.is_empty());
    }
}

#[test]
fn somebody_busy_or_only_just_gone_is_waited_for() {
    let mut floor = Floor::with_agents(PATIENT, &["a1"]);
    floor.sets("a1", Status::Busy);
    assert_eq!(position(&floor.applies("ann")), 1);
    floor.goes("a1");
    assert_eq!(position(&floor.applies("bob")), 2);
}

#[test]
fn a_message_that_was_left_gets_an_owner_when_somebody_comes() {
    let mut floor = Floor::with(PATIENT);
    let DeskAnswer::Chat(chat) = floor.leaves_message("ann", "call me") else { panic!() };
    assert_eq!(floor.leaves_message("ann", "please"), DeskAnswer::Chat(chat));
    // What they say is in the room; the desk only knows what is still to be said there.
    let unsaid = floor.desk.left.values().map(|left| left.unsaid.as_deref().unwrap());
    assert_eq!(unsaid.collect::<Vec<_>>(), ["call me", "please"]);
    assert_eq!(floor.of("ann").left, Some(super::floor::left("")));
    assert!(!floor.of("ann").is_live());
    floor.comes("a1");
    assert_eq!(floor.agent_of("ann"), Some("a1"));
    assert!(floor.of("ann").is_live());
}

#[test]
fn a_message_that_is_left_again_is_the_same_one() {
    let mut floor = Floor::with(PATIENT);
    let message = floor.new_message();
    let first = floor.leaves_again("ann", message, "call me").unwrap();
    floor.news();
    assert_eq!(floor.leaves_again("ann", message, "call me").unwrap(), first);
    assert!(floor.news().is_empty());
    // Also when an agent has it by now, or it is over.
    floor.comes("a1");
    assert_eq!(floor.leaves_again("ann", message, "call me").unwrap(), first);
    floor.ends("ann");
    assert_eq!(floor.leaves_again("ann", message, "call me").unwrap(), first);
    assert!(floor.desk.in_room(&room("ann")).is_none());
    let code = |outcome: crate::error::Result<DeskAnswer>| outcome.unwrap_err().code() as u16;
    assert_eq!(code(floor.leaves_again("ann", message, "something else")), 4009);
    assert_eq!(code(floor.leaves_again("bob", message, "call me")), 4009);
    // Once it was said, only the room knows what it says.
    floor.desk.left.get_mut(&message).unwrap().unsaid = None;
    assert_eq!(floor.leaves_again("ann", message, "call me").unwrap(), first);
}

#[test]
fn those_who_are_there_go_before_messages_that_were_left() {
    let mut floor = Floor::with(PATIENT);
    for visitor in ["v1", "v2", "v3"] {
        floor.leaves_message(visitor, "call me");
    }
    floor.comes("a1");
    assert_eq!(floor.queue(), ["v3"]);
    assert_eq!(position(&floor.applies("ann")), 1);
    assert_eq!(floor.queue(), ["ann", "v3"]);
}

#[test]
fn whoever_left_a_message_and_asks_again_waits_like_everybody() {
    let mut floor = Floor::with(PATIENT);
    let DeskAnswer::Chat(chat) = floor.leaves_message("ann", "call me") else { panic!() };
    let placement = floor.applies("ann");
    assert_eq!((placement.chat, placement.standing), (Some(chat), Standing::Left));
    floor.leaves_message("v1", "first");
    floor.comes("a1");
    floor.sets("a1", Status::Busy);
    // Both are a1's by now; with two more nobody is free.
    floor.applies("v2");
    floor.leaves_message("v3", "later");
    let placement = floor.applies("v3");
    assert_eq!(position(&placement), 2);
    assert!(floor.of("v3").left.is_none());
}

#[test]
fn whoever_waits_can_leave_a_message_instead() {
    let mut floor = Floor::with_agents(PATIENT, &["a1"]);
    floor.sets("a1", Status::Busy);
    floor.applies("ann");
    floor.applies("bob");
    floor.leaves_message("ann", "call me");
    assert_eq!(floor.desk.standing(floor.of("ann")), Standing::Left);
    assert_eq!(position(&floor.applies("bob")), 1);
}

#[test]
fn whoever_is_served_just_writes() {
    let mut floor = Floor::with_agents(PATIENT, &["a1"]);
    floor.applies("ann");
    let message = floor.new_message();
    assert_eq!(floor.leaves_again("ann", message, "call me").unwrap_err().code() as u16, 4009);
}

#[test]
fn a_rating_is_asked_for_once_and_the_last_one_counts() {
    let mut floor = Floor::with_agents(PATIENT, &["a1"]);
    floor.applies("ann");
    let about = floor.about("ann");
    floor.news();
    floor.ends("ann");
    assert_eq!(floor.news(), [What::Ended, What::RateAsked]);
    floor.does(Command::Rate { about: about.clone(), rate: Rate::Good, way: RateWay::Auto });
    floor.rates(about.clone(), Rate::Bad);
    let rated = &floor.told[1];
    assert_eq!((rated.number, rated.note.as_deref()), (Some(Rate::Bad as i64), Some("hand 1")));
    assert_eq!(rated.agent, Some(aid("a1")));
    floor.does(Command::Reopen { about });
    floor.news();
    floor.ends("ann");
    assert_eq!(floor.news(), [What::Ended]);
}

#[test]
fn a_rating_counts_for_whoever_had_it_then() {
    let mut floor = Floor::with_agents(PATIENT, &["a1", "a2"]);
    floor.applies("ann");
    let about = floor.about("ann");
    floor.rates(about.clone(), Rate::Best);
    let note = "please".into();
    floor.does(Command::Transfer { agent: aid("a1"), about: about.clone(), to: aid("a2"), note });
    floor.does(Command::AcceptTransfer { agent: aid("a2"), about: about.clone() });
    floor.told.clear();
    floor.rates(about.clone(), Rate::Bad);
    floor.rates(about, Rate::Good);
    let told = |at: usize| {
        let rated: &Happening = &floor.told[at];
        (rated.agent.clone(), rated.other.clone(), rated.note.as_deref().unwrap_or_default().to_owned())
    };
    assert_eq!(told(0), (Some(aid("a2")), Some(aid("a1")), "hand 0 elsewhere -".to_owned()));
    assert_eq!(told(1), (Some(aid("a2")), None, "hand 3".to_owned()));
    let mut counted: BTreeMap<AccountId, Figures> = BTreeMap::new();
    for increment in floor.told.iter().flat_map(increments) {
        counted.entry(increment.agent.unwrap()).or_default().add(&increment.figures);
    }
    let none = Figures::default();
    let expected = [(aid("a1"), Figures { best: -1, ..none }), (aid("a2"), Figures { good: 1, ..none })];
    assert_eq!(counted, BTreeMap::from(expected));
}

#[test]
fn a_rating_counts_for_the_group_it_was_in_then() {
    let mut floor = Floor::with_agents(PATIENT, &["a1", "a2"]);
    let groups = floor.groups(&[&["a1"], &["a2"]]);
    floor.applies_for("ann", by_group(groups[0]));
    let about = floor.about("ann");
    floor.told.clear();
    floor.rates(about.clone(), Rate::Best);
    let to = Command::TransferToGroup {
        agent: aid("a1"),
        about: about.clone(),
        group: groups[1],
        note: "".into(),
    };
    floor.does(to);
    floor.does(Command::AcceptTransfer { agent: aid("a2"), about: about.clone() });
    floor.rates(about.clone(), Rate::Bad);
    floor.rates(about, Rate::Good);
    let mut counted: BTreeMap<Option<GroupId>, (i64, i64, i64)> = BTreeMap::new();
    for increment in floor.told.iter().filter(|told| told.what == What::Rated).flat_map(increments) {
        let sum = counted.entry(increment.group).or_default();
        let Figures { best, good, bad, .. } = increment.figures;
        *sum = (sum.0 + best, sum.1 + good, sum.2 + bad);
    }
    assert_eq!(counted, BTreeMap::from([(Some(groups[0]), (0, 0, 0)), (Some(groups[1]), (0, 1, 0))]));
}

#[test]
fn whoever_has_rated_by_hand_is_not_asked() {
    let mut floor = Floor::with_agents(PATIENT, &["a1"]);
    floor.applies("ann");
    floor.rates(floor.about("ann"), Rate::Best);
    floor.news();
    floor.ends("ann");
    assert_eq!(floor.news(), [What::Ended]);
}

#[test]
fn whoever_was_never_served_is_not_asked() {
    let mut floor = Floor::with_agents(PATIENT, &["a1"]);
    floor.sets("a1", Status::Busy);
    floor.applies("ann");
    floor.news();
    floor.ends("ann");
    assert_eq!(floor.news(), [What::Ended]);
}

#[test]
fn ending_twice_is_ending_once() {
    let mut floor = Floor::with_agents(PATIENT, &["a1"]);
    floor.applies("ann");
    let about = floor.about("ann");
    floor.ends("ann");
    floor.news();
    floor.does(Command::End { about: about.clone(), agent: Some(aid("a1")) });
    assert_eq!(floor.news(), []);
    let other = About { chat: Some(crate::model::ChatId::at(9, [9; 10])), ..about };
    assert_eq!(floor.refuses(Command::End { about: other, agent: None }), 4004);
}

#[test]
fn only_who_serves_or_supervises_ends_it() {
    let mut floor = Floor::with_agents(PATIENT, &["a1", "a2", "boss"]);
    floor.agent("boss").supervisor = true;
    assert_eq!(serving(&floor.applies("ann")), "a1");
    let about = floor.about("ann");
    assert_eq!(floor.refuses(Command::End { about: about.clone(), agent: Some(aid("a2")) }), 4009);
    floor.does(Command::End { about, agent: Some(aid("boss")) });
    assert!(floor.desk.consultations.is_empty());
}

#[test]
fn off_the_list_is_ended_and_others_are_left_alone() {
    let mut floor = Floor::with_agents(PATIENT, &["a1", "a2"]);
    floor.applies("ann");
    floor.does(Command::Remove { agent: aid("a2"), room: room("ann") });
    assert_eq!(floor.agent_of("ann"), Some("a1"));
    floor.does(Command::Remove { agent: aid("a1"), room: room("ann") });
    assert!(floor.desk.consultations.is_empty());
}

#[test]
fn what_is_reopened_is_the_same_and_gets_the_same_agent() {
    let mut floor = Floor::with_agents(PATIENT, &["a1", "a2"]);
    let chat = floor.applies("ann").chat;
    let about = floor.about("ann");
    floor.ends("ann");
    floor.applies("v2");
    let DeskAnswer::Placed(placement) = floor.does(Command::Reopen { about: about.clone() }) else {
        panic!()
    };
    assert_eq!((placement.chat, serving(&placement)), (chat, "a1"));
    // Said twice.
    let DeskAnswer::Placed(again) = floor.does(Command::Reopen { about }) else { panic!() };
    assert_eq!(again, placement);
}

#[test]
fn the_time_between_an_end_and_its_reopening_is_no_service() {
    let mut floor = Floor::with_agents(PATIENT, &["a1"]);
    floor.applies("ann");
    let about = floor.about("ann");
    floor.waits(5_000);
    floor.ends("ann");
    floor.waits(400_000);
    floor.does(Command::Reopen { about });
    floor.waits(7_000);
    floor.ends("ann");
    let ended = floor.told.iter().filter(|told| told.what == What::Ended);
    assert_eq!(ended.map(|told| told.number).collect::<Vec<_>>(), [Some(5_000), Some(7_000)]);
    let asked = floor.told.iter().filter(|told| told.what == What::RateAsked);
    assert_eq!(asked.count(), 1, "nobody is asked twice how it was");
}

#[test]
fn an_answer_that_is_told_late_counts_from_when_it_was_said_and_for_the_turn_in_which_it_was() {
    let mut floor = Floor::with_agents(PATIENT, &["a1"]);
    floor.applies("ann");
    let (about, given) = (floor.about("ann"), floor.now);
    let of = about.clone();
    let answered = |said| Command::Answered { agent: aid("a1"), about: of.clone(), said, late: true };
    floor.waits(30_000);
    floor.does(answered(given + 2_000));
    floor.does(answered(given + 2_000));
    floor.ends("ann");
    floor.does(Command::Reopen { about });
    floor.does(answered(given + 2_000));
    let told = floor.told.iter().filter(|told| told.what == What::Answered);
    assert_eq!(told.map(|told| told.number).collect::<Vec<_>>(), [Some(2_000)]);
}

#[test]
fn an_answer_counts_that_the_desk_hears_of_only_after_the_visitor_has_gone() {
    let mut floor = Floor::with_agents(PATIENT, &["a1"]);
    floor.applies("ann");
    let (about, given) = (floor.about("ann"), floor.now);
    floor.waits(3_000);
    floor.ends("ann");
    floor.news();
    let answered = |agent: &str| Command::Answered {
        agent: aid(agent),
        about: about.clone(),
        said: given + 2_900,
        late: false,
    };
    floor.does(answered("a2"));
    assert_eq!(floor.news(), [], "it was not this agent's");
    let before = Command::Answered { agent: aid("a1"), about: about.clone(), said: given - 1, late: true };
    floor.does(before);
    assert_eq!(floor.news(), [], "it was said in an earlier turn");
    floor.does(answered("a1"));
    assert_eq!((floor.told[0].what, floor.told[0].number), (What::Answered, Some(2_900)));
    floor.news();
    floor.does(answered("a1"));
    assert_eq!(floor.news(), []);
}

#[test]
fn what_ended_too_long_ago_stays_ended() {
    let mut floor = Floor::with_agents(PATIENT, &["a1"]);
    floor.applies("ann");
    let about = floor.about("ann");
    floor.ends("ann");
    floor.now += PATIENT.reopen_ms + 1;
    assert_eq!(floor.refuses(Command::Reopen { about }), 4009);
}

#[test]
fn there_is_nothing_to_ask_for_in_a_room_that_is_not_there() {
    let mut floor = Floor::with_agents(PATIENT, &["a1"]);
    let chat = crate::model::ChatId::at(0, [1; 10]);
    assert_eq!(floor.refuses(Command::Apply { room: room("ann"), chat, wish: Default::default() }), 4004);
}

#[test]
fn of_two_rooms_that_become_one_the_served_consultation_goes_on() {
    let mut floor = Floor::with_agents(PATIENT, &["a1"]);
    floor.applies("v-anonymous");
    floor.applies("v2");
    floor.applies("ann");
    let served = floor.of("v-anonymous").chat;
    floor.desk.consultations.get_mut(&served).unwrap().room = room("ann");
    assert!(floor.desk.is_doubled());
    floor.does(Command::Look);
    assert_eq!((floor.of("ann").chat, floor.desk.is_doubled()), (served, false));
}
