//! From one agent to another.

use super::floor::{Floor, PATIENT, aid, position, serving};
use crate::model::desk::{Command, What};

/// Ann is a1's; a2 has a free seat.
fn floor() -> Floor {
    let mut floor = Floor::with_agents(PATIENT, &["a1", "a2"]);
    assert_eq!(serving(&floor.applies("ann")), "a1");
    floor
}

fn offer(floor: &mut Floor, to: &str) {
    let about = floor.about("ann");
    floor.does(Command::Transfer { agent: aid("a1"), about, to: aid(to), note: "speaks Greek".into() });
}

#[test]
fn an_offer_holds_a_seat_until_it_is_accepted() {
    let mut floor = floor();
    offer(&mut floor, "a2");
    assert_eq!((floor.desk.load(&aid("a1")), floor.desk.load(&aid("a2"))), (1, 1));
    assert_eq!(floor.agent_of("ann"), Some("a1"));
    let about = floor.about("ann");
    floor.does(Command::AcceptTransfer { agent: aid("a2"), about: about.clone() });
    assert_eq!(floor.agent_of("ann"), Some("a2"));
    assert_eq!(floor.desk.load(&aid("a1")), 0);
    // Said twice.
    floor.does(Command::AcceptTransfer { agent: aid("a2"), about });
    assert!(floor.news().ends_with(&[What::Offered, What::Transferred]));
}

#[test]
fn what_is_rejected_or_too_late_stays_with_the_giver() {
    let mut floor = floor();
    offer(&mut floor, "a2");
    let about = floor.about("ann");
    floor.does(Command::RejectTransfer { agent: aid("a2"), about });
    assert_eq!((floor.agent_of("ann"), floor.desk.load(&aid("a2"))), (Some("a1"), 0));
    offer(&mut floor, "a2");
    floor.waits(PATIENT.transfer_limit_ms);
    assert_eq!((floor.agent_of("ann"), floor.desk.load(&aid("a2"))), (Some("a1"), 0));
    let about = floor.about("ann");
    assert_eq!(floor.refuses(Command::AcceptTransfer { agent: aid("a2"), about }), 4009);
}

#[test]
fn a_seat_that_was_held_in_vain_is_used_at_once() {
    let mut floor = floor();
    offer(&mut floor, "a2");
    for visitor in ["v1", "v2", "v3"] {
        floor.applies(visitor);
    }
    assert_eq!(floor.queue(), ["v3"]);
    let about = floor.about("ann");
    floor.does(Command::RejectTransfer { agent: aid("a2"), about });
    assert_eq!(floor.agent_of("v3"), Some("a2"));
}

#[test]
fn when_the_giver_is_gone_it_waits_for_the_word_of_the_other() {
    let mut floor = floor();
    offer(&mut floor, "a2");
    floor.desk.settings.transfer_limit_ms = 300_000;
    floor.desk.settings.grace_ms = 1_000;
    floor.goes("a1");
    floor.waits(2_000);
    assert_eq!(floor.agent_of("ann"), Some("a1"));
    let about = floor.about("ann");
    floor.applies("v1");
    floor.does(Command::RejectTransfer { agent: aid("a2"), about });
    // Back to the queue, and out of it again: a2 is the only one, and free.
    assert_eq!(floor.agent_of("ann"), Some("a2"));
    assert!(floor.news().ends_with(&[What::Declined, What::Returned, What::Assigned]));
}

#[test]
fn an_offer_to_somebody_who_is_gone_goes_back() {
    let mut floor = floor();
    floor.desk.settings.transfer_limit_ms = 300_000;
    offer(&mut floor, "a2");
    floor.goes("a2");
    floor.waits(PATIENT.grace_ms);
    assert_eq!(floor.of("ann").serving().unwrap().transfer, None);
    assert_eq!(floor.agent_of("ann"), Some("a1"));
}

#[test]
fn answering_is_accepting() {
    let mut floor = floor();
    offer(&mut floor, "a2");
    floor.is_spoken_in("ann", Some("a2"));
    assert_eq!(floor.agent_of("ann"), Some("a2"));
    assert!(floor.news().ends_with(&[What::Transferred, What::Answered]));
}

#[test]
fn nobody_is_offered_what_does_not_fit() {
    let mut floor = floor();
    floor.comes("a3");
    let about = floor.about("ann");
    let offer = |agent: &str, to: &str| Command::Transfer {
        agent: aid(agent),
        about: about.clone(),
        to: aid(to),
        note: "".into(),
    };
    assert_eq!(floor.refuses(offer("a2", "a3")), 4009);
    assert_eq!(floor.refuses(offer("a1", "a1")), 4002);
    assert_eq!(floor.refuses(offer("a1", "nobody")), 4004);
    floor.agent("a2").cap = 0;
    assert_eq!(floor.refuses(offer("a1", "a2")), 4009);
    floor.goes("a3");
    assert_eq!(floor.refuses(offer("a1", "a3")), 4009);
    floor.comes("a3");
    floor.does(offer("a1", "a3"));
    assert_eq!(floor.refuses(offer("a1", "a3")), 4009);
    assert_eq!(floor.refuses(Command::RejectTransfer { agent: aid("a2"), about }), 4009);
}

#[test]
fn a_supervisor_takes_over_and_nobody_else() {
    let mut floor = floor();
    let about = floor.about("ann");
    assert_eq!(floor.refuses(Command::TakeOver { agent: aid("a2"), about: about.clone() }), 4003);
    floor.agent("a2").supervisor = true;
    floor.does(Command::TakeOver { agent: aid("a2"), about });
    assert_eq!(floor.agent_of("ann"), Some("a2"));
    let taken = floor.told.last().unwrap();
    assert_eq!(
        (taken.what, &taken.agent, &taken.other),
        (What::TakenOver, &Some(aid("a2")), &Some(aid("a1")))
    );
}

#[test]
fn taking_over_lets_go_of_an_offer_to_somebody_else() {
    let mut floor = floor();
    floor.comes("boss");
    floor.agent("boss").supervisor = true;
    offer(&mut floor, "a2");
    let about = floor.about("ann");
    floor.does(Command::TakeOver { agent: aid("boss"), about });
    assert_eq!((floor.agent_of("ann"), floor.desk.load(&aid("a2"))), (Some("boss"), 0));
    assert!(floor.news().ends_with(&[What::Declined, What::TakenOver]));
}

#[test]
fn a_supervisor_takes_somebody_who_waits() {
    let mut floor = Floor::with_agents(PATIENT, &["boss"]);
    floor.agent("boss").supervisor = true;
    floor.sets("boss", crate::model::desk::Status::Busy);
    assert_eq!(position(&floor.applies("ann")), 1);
    let about = floor.about("ann");
    floor.does(Command::TakeOver { agent: aid("boss"), about });
    assert_eq!(floor.agent_of("ann"), Some("boss"));
}

#[test]
fn an_end_ends_the_offer_too() {
    let mut floor = floor();
    offer(&mut floor, "a2");
    floor.ends("ann");
    assert!(floor.news().ends_with(&[What::Declined, What::Ended, What::RateAsked]));
}
