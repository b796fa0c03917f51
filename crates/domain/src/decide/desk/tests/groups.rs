//! From one agent to whoever of a group is free, or will be.

use super::floor::{Floor, PATIENT, aid, by_group, serving, vip};
use crate::model::GroupId;
use crate::model::desk::{Command, Handed, Status, What, Wish};

/// Sales: a1 and a2. Returns: b1 and b2. Each has one seat.
fn floor() -> (Floor, Vec<GroupId>) {
    let mut floor = Floor::with_agents(PATIENT, &["a1", "a2", "b1", "b2"]);
    let groups = floor.groups(&[&["a1", "a2"], &["b1", "b2"]]);
    for agent in ["a1", "a2", "b1", "b2"] {
        floor.agent(agent).cap = 1;
    }
    (floor, groups)
}

fn gives(floor: &mut Floor, visitor: &str, group: GroupId) {
    let agent = aid(floor.agent_of(visitor).unwrap());
    let about = floor.about(visitor);
    floor.does(Command::TransferToGroup { agent, about, group, note: "wants it back".into() });
}

fn asks(floor: &mut Floor, visitor: &str, group: GroupId) {
    floor.applies_for(visitor, by_group(group));
}

#[test]
fn whoever_is_free_gets_it_with_what_was_said_about_it() {
    let (mut floor, groups) = floor();
    asks(&mut floor, "ann", groups[0]);
    floor.news();
    gives(&mut floor, "ann", groups[1]);
    assert_eq!(floor.agent_of("ann"), Some("b1"));
    assert_eq!((floor.desk.load(&aid("a1")), floor.desk.load(&aid("b1"))), (0, 1));
    let ann = floor.of("ann");
    assert_eq!((ann.group, ann.transfers), (Some(groups[1]), 1));
    assert_eq!(ann.handed, Some(Handed { by: aid("a1"), note: "wants it back".into() }));
    let told = &floor.told[0];
    assert_eq!((told.what, &told.agent, &told.other), (What::Transferred, &Some(aid("a1")), &None));
    assert_eq!((told.group, told.note.as_deref()), (Some(groups[1]), Some("wants it back")));
    assert_eq!(floor.news(), [What::Transferred, What::Assigned]);
}

#[test]
fn it_waits_before_those_who_asked_after_it_and_behind_those_who_asked_before() {
    let (mut floor, groups) = floor();
    for visitor in ["b-1", "b-2", "early"] {
        asks(&mut floor, visitor, groups[1]);
    }
    asks(&mut floor, "ann", groups[0]);
    asks(&mut floor, "late", groups[1]);
    floor.applies_for("star", Wish { group: Some(groups[1]), ..vip() });
    gives(&mut floor, "ann", groups[1]);
    assert_eq!(floor.queue(), ["star", "early", "ann", "late"]);
    assert_eq!(floor.desk.load(&aid("a1")), 0);
    let places: Vec<_> = floor.desk.places().iter().map(|(_, queued)| queued.position).collect();
    assert_eq!(places, [1, 2, 3, 4]);
    for visitor in ["b-1", "b-2", "star"] {
        floor.ends(visitor);
    }
    assert_eq!(floor.queue(), ["late"]);
    assert!(["b1", "b2"].contains(&floor.agent_of("ann").unwrap()));
}

#[test]
fn the_giver_does_not_get_it_back_and_serves_those_behind_it() {
    let (mut floor, groups) = floor();
    asks(&mut floor, "ann", groups[0]);
    floor.sets("a2", Status::Busy);
    asks(&mut floor, "bob", groups[0]);
    assert_eq!((floor.agent_of("ann"), floor.queue()), (Some("a1"), vec!["bob"]));
    gives(&mut floor, "ann", groups[0]);
    assert_eq!((floor.agent_of("bob"), floor.queue()), (Some("a1"), vec!["ann"]));
    floor.ends("bob");
    assert_eq!(floor.queue(), ["ann"]);
    floor.sets("a2", Status::Online);
    assert_eq!(floor.agent_of("ann"), Some("a2"));
}

#[test]
fn the_giver_gets_it_back_when_nobody_else_is_there_any_more() {
    let (mut floor, groups) = floor();
    asks(&mut floor, "ann", groups[0]);
    floor.sets("a2", Status::Busy);
    gives(&mut floor, "ann", groups[0]);
    assert_eq!(floor.queue(), ["ann"]);
    floor.sets("a2", Status::Offline);
    assert_eq!(floor.agent_of("ann"), Some("a1"));
    assert_eq!(floor.of("ann").handed, None);
}

#[test]
fn the_giver_may_take_it_back() {
    let (mut floor, groups) = floor();
    asks(&mut floor, "ann", groups[0]);
    floor.sets("a2", Status::Busy);
    gives(&mut floor, "ann", groups[0]);
    let about = floor.about("ann");
    floor.does(Command::Serve { agent: aid("a1"), about });
    assert_eq!(floor.agent_of("ann"), Some("a1"));
}

#[test]
fn when_nobody_of_the_group_is_there_its_stand_in_serves() {
    let (mut floor, groups) = floor();
    asks(&mut floor, "ann", groups[1]);
    for agent in ["a1", "a2"] {
        floor.sets(agent, Status::Offline);
    }
    gives(&mut floor, "ann", groups[0]);
    assert_eq!(floor.agent_of("ann"), Some("b2"));
}

#[test]
fn what_does_not_fit_is_refused_and_stays_where_it_is() {
    let (mut floor, groups) = floor();
    asks(&mut floor, "ann", groups[0]);
    let about = floor.about("ann");
    let give = |agent: &str, group| Command::TransferToGroup {
        agent: aid(agent),
        about: about.clone(),
        group,
        note: "".into(),
    };
    assert_eq!(floor.refuses(give("a2", groups[1])), 4009);
    assert_eq!(floor.refuses(give("a1", GroupId::at(9, [9; 10]))), 4004);
    floor.sets("a2", Status::Offline);
    assert_eq!(floor.refuses(give("a1", groups[0])), 4009);
    for agent in ["b1", "b2"] {
        floor.sets(agent, Status::Offline);
    }
    assert_eq!(floor.refuses(give("a1", groups[1])), 4009);
    floor.sets("b1", Status::Online);
    let offer = Command::Transfer { agent: aid("a1"), about: about.clone(), to: aid("b1"), note: "".into() };
    floor.does(offer);
    assert_eq!(floor.refuses(give("a1", groups[1])), 4009);
    assert_eq!(floor.agent_of("ann"), Some("a1"));
}

#[test]
fn a_supervisor_gives_away_what_another_serves() {
    let (mut floor, groups) = floor();
    asks(&mut floor, "ann", groups[0]);
    floor.agent("a2").supervisor = true;
    let about = floor.about("ann");
    let command = Command::TransferToGroup { agent: aid("a2"), about, group: groups[1], note: "".into() };
    floor.does(command);
    assert_eq!(floor.agent_of("ann"), Some("b1"));
}

#[test]
fn who_loses_its_next_agent_may_get_the_first_again() {
    let (mut floor, groups) = floor();
    asks(&mut floor, "ann", groups[0]);
    gives(&mut floor, "ann", groups[0]);
    assert_eq!(floor.agent_of("ann"), Some("a2"));
    floor.goes("a2");
    floor.waits(PATIENT.grace_ms);
    assert_eq!(floor.agent_of("ann"), Some("a1"));
}

#[test]
fn a_transfer_that_was_accepted_keeps_what_was_said_about_it() {
    let (mut floor, _) = floor();
    assert_eq!(serving(&floor.applies("ann")), "a1");
    let about = floor.about("ann");
    let (agent, to) = (aid("a1"), aid("b1"));
    floor.does(Command::Transfer { agent, about: about.clone(), to: to.clone(), note: "refund".into() });
    floor.does(Command::AcceptTransfer { agent: to, about });
    assert_eq!(floor.of("ann").handed, Some(Handed { by: aid("a1"), note: "refund".into() }));
}
