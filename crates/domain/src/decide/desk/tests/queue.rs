//! Who gets whom, and in which order.

use super::floor::{Floor, PATIENT, aid, by_group, position, room, serving, vip};
use crate::model::desk::{Command, Rate, Status, What, Wish};

#[test]
fn a_free_agent_is_given_at_once() {
    let mut floor = Floor::with_agents(PATIENT, &["a1"]);
    assert_eq!(serving(&floor.applies("ann")), "a1");
    assert_eq!(floor.news(), [What::Came, What::Applied, What::Assigned]);
}

#[test]
fn asking_again_is_the_same_consultation() {
    let mut floor = Floor::with_agents(PATIENT, &["a1"]);
    let first = floor.applies("ann");
    assert_eq!(floor.applies("ann"), first);
    assert_eq!(floor.desk.consultations.len(), 1);
}

#[test]
fn nobody_gets_more_than_the_cap_and_the_rest_has_positions() {
    let mut floor = Floor::with_agents(PATIENT, &["a1", "a2"]);
    for visitor in ["v1", "v2", "v3", "v4"] {
        floor.applies(visitor);
    }
    assert_eq!(position(&floor.applies("v5")), 1);
    assert_eq!(position(&floor.applies("v6")), 2);
    assert_eq!((floor.desk.load(&aid("a1")), floor.desk.load(&aid("a2"))), (2, 2));
}

#[test]
fn a_seat_that_is_free_again_goes_to_the_first_in_the_queue() {
    let mut floor = Floor::with_agents(PATIENT, &["a1"]);
    for visitor in ["v1", "v2", "v3", "v4"] {
        floor.applies(visitor);
    }
    floor.ends("v2");
    assert_eq!(floor.agent_of("v3"), Some("a1"));
    assert_eq!(floor.queue(), ["v4"]);
}

#[test]
fn the_least_busy_gets_the_next_and_ties_go_to_the_longest_idle() {
    let mut floor = Floor::with_agents(PATIENT, &["a1", "a2", "a3"]);
    let agents: Vec<_> =
        ["v1", "v2", "v3", "v4"].map(|visitor| serving(&floor.applies(visitor)).to_owned()).into();
    assert_eq!(agents, ["a1", "a2", "a3", "a1"]);
    floor.ends("v1");
    // All have one again; a1 has just finished something, a2 has been idle longest.
    assert_eq!(serving(&floor.applies("v5")), "a2");
}

#[test]
fn the_agent_of_last_time_comes_before_the_least_busy() {
    let mut floor = Floor::with_agents(PATIENT, &["a1", "a2"]);
    floor.applies("ann");
    floor.applies("v2");
    floor.ends("ann");
    floor.ends("v2");
    floor.applies("v3");
    floor.applies("v4");
    floor.ends("v4");
    assert_eq!(serving(&floor.applies("ann")), "a1");
}

#[test]
fn the_agent_of_last_time_is_not_waited_for() {
    let mut floor = Floor::with_agents(PATIENT, &["a1", "a2"]);
    floor.applies("ann");
    floor.ends("ann");
    floor.sets("a1", Status::Busy);
    assert_eq!(serving(&floor.applies("ann")), "a2");
}

#[test]
fn the_agent_asked_for_comes_before_the_one_of_last_time() {
    let mut floor = Floor::with_agents(PATIENT, &["a1", "a2"]);
    floor.applies("ann");
    floor.ends("ann");
    let wish = Wish { agent: Some(aid("a2")), ..Wish::default() };
    assert_eq!(serving(&floor.applies_for("ann", wish)), "a2");
}

#[test]
fn vips_go_before_others_and_first_come_first_among_themselves() {
    let mut floor = Floor::with_agents(PATIENT, &["a1"]);
    for visitor in ["v1", "v2", "v3"] {
        floor.applies(visitor);
    }
    assert_eq!(position(&floor.applies_for("king", vip())), 1);
    assert_eq!(position(&floor.applies_for("queen", vip())), 2);
    assert_eq!(floor.queue(), ["king", "queen", "v3"]);
}

#[test]
fn a_group_is_served_by_its_own() {
    let mut floor = Floor::with_agents(PATIENT, &["a1", "a2"]);
    let groups = floor.groups(&[&["a1"], &["a2"]]);
    for visitor in ["v1", "v2"] {
        assert_eq!(serving(&floor.applies_for(visitor, by_group(groups[1]))), "a2");
    }
    // a1 is free, but of another group.
    assert_eq!(position(&floor.applies_for("v3", by_group(groups[1]))), 1);
    assert_eq!(serving(&floor.applies("v4")), "a1");
}

#[test]
fn positions_count_those_who_wait_for_the_same_group() {
    let mut floor = Floor::with_agents(PATIENT, &["a1", "a2"]);
    let groups = floor.groups(&[&["a1"], &["a2"]]);
    for visitor in ["v1", "v2", "v3", "v4"] {
        floor.applies(visitor);
    }
    assert_eq!(position(&floor.applies_for("x1", by_group(groups[0]))), 1);
    assert_eq!(position(&floor.applies_for("y1", by_group(groups[1]))), 1);
    assert_eq!(position(&floor.applies_for("x2", by_group(groups[0]))), 2);
    // Whoever asked for no group is served by all, but nobody overtakes within a group.
    floor.ends("v2");
    assert_eq!(floor.queue(), ["x1", "x2"]);
}

#[test]
fn another_group_stands_in_when_nobody_of_it_is_there() {
    let mut floor = Floor::with_agents(PATIENT, &["a1", "a2"]);
    let groups = floor.groups(&[&["a1"], &["a2"]]);
    floor.sets("a1", Status::Offline);
    assert_eq!(serving(&floor.applies_for("v1", by_group(groups[0]))), "a2");
    floor.sets("a1", Status::Busy);
    // Busy is there: it is waited for.
    assert_eq!(position(&floor.applies_for("v2", by_group(groups[0]))), 1);
}

#[test]
fn groups_that_stand_in_for_each_other_end_somewhere() {
    let mut floor = Floor::with_agents(PATIENT, &["a1"]);
    let groups = floor.groups(&[&[], &[]]);
    floor.desk.groups.get_mut(&groups[1]).unwrap().fallback = Some(groups[0]);
    assert_eq!(floor.applies_for("v1", by_group(groups[0])).chat, None);
}

#[test]
fn a_group_that_is_no_more_is_everybody() {
    let mut floor = Floor::with_agents(PATIENT, &["a1"]);
    let groups = floor.groups(&[&[]]);
    floor.agent("a1").cap = 1;
    floor.applies("v1");
    floor.comes("a2");
    floor.sets("a2", Status::Busy);
    floor.agent("a2").groups = [groups[0]].into();
    floor.applies_for("v2", by_group(groups[0]));
    floor.desk.groups.clear();
    floor.ends("v1");
    assert_eq!(floor.agent_of("v2"), Some("a1"));
}

#[test]
fn a_raised_cap_is_used_at_once() {
    let mut floor = Floor::with_agents(PATIENT, &["a1"]);
    for visitor in ["v1", "v2", "v3"] {
        floor.applies(visitor);
    }
    floor.agent("a1").cap = 3;
    floor.does(Command::Look);
    assert_eq!(floor.agent_of("v3"), Some("a1"));
}

#[test]
fn a_lowered_cap_takes_nothing_away() {
    let mut floor = Floor::with_agents(PATIENT, &["a1"]);
    floor.applies("v1");
    floor.applies("v2");
    floor.agent("a1").cap = 1;
    floor.does(Command::Look);
    assert_eq!(floor.desk.load(&aid("a1")), 2);
    floor.ends("v1");
    assert_eq!(position(&floor.applies("v3")), 1);
}

#[test]
fn of_two_who_take_the_same_visitor_one_wins_and_the_other_hears_who() {
    let mut floor = Floor::with_agents(PATIENT, &["a1", "a2"]);
    floor.sets("a1", Status::Busy);
    floor.sets("a2", Status::Busy);
    floor.applies("ann");
    let about = floor.about("ann");
    floor.does(Command::Serve { agent: aid("a2"), about: about.clone() });
    let refused = floor.tries(Command::Serve { agent: aid("a1"), about: about.clone() }).unwrap_err();
    assert_eq!((refused.code() as u16, refused.to_string().contains("a2")), (4009, true));
    // Taking what one has is no conflict.
    floor.does(Command::Serve { agent: aid("a2"), about: about.clone() });
    floor.ends("ann");
    let refused = floor.tries(Command::Serve { agent: aid("a1"), about }).unwrap_err();
    assert_eq!((refused.code() as u16, refused.to_string().contains("a2")), (4009, true));
}

#[test]
fn whoever_takes_may_overtake_but_not_exceed_the_cap() {
    let mut floor = Floor::with_agents(PATIENT, &["a1", "a2"]);
    floor.sets("a2", Status::Busy);
    for visitor in ["v1", "v2", "v3", "v4"] {
        floor.applies(visitor);
    }
    let about = floor.about("v4");
    assert_eq!(floor.refuses(Command::Serve { agent: aid("a1"), about: about.clone() }), 4009);
    floor.does(Command::Serve { agent: aid("a2"), about });
    assert_eq!((floor.agent_of("v4"), floor.queue()), (Some("a2"), vec!["v3"]));
}

#[test]
fn an_agent_who_is_not_connected_takes_nobody() {
    let mut floor = Floor::with_agents(PATIENT, &["a1"]);
    floor.sets("a1", Status::Busy);
    floor.applies("ann");
    floor.goes("a1");
    let about = floor.about("ann");
    assert_eq!(floor.refuses(Command::Serve { agent: aid("a1"), about }), 4009);
}

#[test]
fn a_consultation_of_another_room_is_not_found() {
    let mut floor = Floor::with_agents(PATIENT, &["a1"]);
    floor.applies("ann");
    let mut about = floor.about("ann");
    about.room = room("bob");
    assert_eq!(floor.refuses(Command::Serve { agent: aid("a1"), about: about.clone() }), 4004);
    assert_eq!(floor.refuses(Command::End { about: about.clone(), agent: None }), 4004);
    assert_eq!(
        floor.refuses(Command::Rate { about, rate: Rate::Best, way: crate::model::desk::RateWay::Auto }),
        4004
    );
}

#[test]
fn the_wait_is_estimated_from_the_last_services() {
    let mut floor = Floor::with_agents(PATIENT, &["a1"]);
    floor.applies("v1");
    floor.applies("v2");
    floor.applies("v3");
    assert!(floor.desk.places().iter().all(|(_, queued)| queued.wait_ms.is_none()));
    floor.now += 40_000;
    floor.ends("v1");
    floor.applies("v4");
    floor.applies("v5");
    // 40 s for each, two seats.
    let waits: Vec<_> = floor.desk.places().iter().map(|(_, queued)| queued.wait_ms).collect();
    assert_eq!(waits, [Some(20_000), Some(40_000)]);
    floor.now += 80_000;
    floor.ends("v2");
    assert_eq!(floor.desk.service_ms, Some(50_000));
}
