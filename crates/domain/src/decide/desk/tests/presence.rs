//! Agents come and go, reload, and lose their network.

use super::floor::{Floor, NODE, PATIENT, aid, position, serving};
use crate::model::desk::{Command, Status, What};

#[test]
fn a_reload_loses_nothing() {
    let mut floor = Floor::with_agents(PATIENT, &["a1"]);
    floor.applies("ann");
    floor.goes("a1");
    floor.waits(PATIENT.grace_ms - 1);
    floor.comes("a1");
    floor.waits(PATIENT.grace_ms * 2);
    assert_eq!(floor.agent_of("ann"), Some("a1"));
    assert_eq!(floor.news(), [What::Came, What::Applied, What::Assigned, What::Went, What::Came]);
}

#[test]
fn busy_survives_a_reload_and_offline_the_end_of_the_day_does_not() {
    let mut floor = Floor::with_agents(PATIENT, &["a1", "a2"]);
    floor.sets("a1", Status::Busy);
    floor.sets("a2", Status::Offline);
    for agent in ["a1", "a2"] {
        floor.goes(agent);
        floor.comes(agent);
    }
    assert_eq!((floor.agent("a1").status, floor.agent("a2").status), (Status::Busy, Status::Offline));
    for agent in ["a1", "a2"] {
        floor.goes(agent);
    }
    floor.waits(PATIENT.grace_ms);
    for agent in ["a1", "a2"] {
        floor.comes(agent);
    }
    assert_eq!((floor.agent("a1").status, floor.agent("a2").status), (Status::Busy, Status::Online));
}

#[test]
fn two_nodes_are_one_presence() {
    let mut floor = Floor::with_agents(PATIENT, &["a1"]);
    floor.comes_at("a1", "n2");
    floor.goes("a1");
    assert!(floor.desk.agents[&aid("a1")].is_present());
    assert_eq!(floor.news(), [What::Came]);
    floor.does(Command::NodeGone { node: "n2".into() });
    assert_eq!(floor.news(), [What::Went]);
}

#[test]
fn after_the_grace_they_go_back_to_the_head_in_the_order_of_their_applications() {
    let mut floor = Floor::with_agents(PATIENT, &["a1"]);
    for visitor in ["v1", "v2"] {
        floor.applies(visitor);
    }
    floor.applies_for("king", super::floor::vip());
    floor.applies("v4");
    floor.goes("a1");
    floor.waits(PATIENT.grace_ms - 1);
    assert_eq!(floor.queue(), ["king", "v4"]);
    floor.waits(1);
    assert_eq!(floor.queue(), ["v1", "v2", "king", "v4"]);
    floor.comes("a2");
    assert_eq!((floor.agent_of("v1"), floor.agent_of("v2")), (Some("a2"), Some("a2")));
}

#[test]
fn whoever_is_away_gets_nobody_new() {
    let mut floor = Floor::with_agents(PATIENT, &["a1"]);
    floor.goes("a1");
    assert_eq!(position(&floor.applies("ann")), 1);
    floor.comes("a1");
    assert_eq!(floor.agent_of("ann"), Some("a1"));
}

#[test]
fn busy_gets_nobody_new_and_keeps_what_it_has() {
    let mut floor = Floor::with_agents(PATIENT, &["a1"]);
    floor.applies("v1");
    floor.sets("a1", Status::Busy);
    floor.applies("v2");
    assert_eq!((floor.agent_of("v1"), floor.agent_of("v2")), (Some("a1"), None));
    floor.sets("a1", Status::Online);
    assert_eq!(floor.agent_of("v2"), Some("a1"));
}

#[test]
fn a_node_that_dies_starts_the_graces_of_all_it_served() {
    let mut floor = Floor::with_agents(PATIENT, &["a1", "a2"]);
    floor.comes_at("a3", "n2");
    assert_eq!(serving(&floor.applies("ann")), "a1");
    floor.does(Command::NodeGone { node: NODE.into() });
    floor.waits(PATIENT.grace_ms);
    assert_eq!(floor.agent_of("ann"), Some("a3"));
}

#[test]
fn without_a_grace_it_is_gone_at_once() {
    let mut floor = Floor::with_agents(crate::model::desk::DeskSettings { grace_ms: 0, ..PATIENT }, &["a1"]);
    floor.applies("ann");
    floor.goes("a1");
    assert_eq!(floor.queue(), ["ann"]);
}

#[test]
fn a_clock_set_back_lengthens_a_grace_by_itself_at_most() {
    let mut floor = Floor::with_agents(PATIENT, &["a1"]);
    floor.applies("v1");
    floor.goes("a1");
    floor.now -= 3_600_000;
    floor.applies("v2");
    floor.waits(PATIENT.grace_ms);
    assert_eq!(floor.queue(), ["v1", "v2"]);
}

#[test]
fn a_clock_set_back_lets_nobody_overtake() {
    let mut floor = Floor::with_agents(PATIENT, &["a1"]);
    floor.sets("a1", Status::Busy);
    floor.applies("v1");
    floor.now -= 3_600_000;
    floor.applies("v2");
    assert_eq!(floor.queue(), ["v1", "v2"]);
}

#[test]
fn what_a_page_counts_is_noted_down_and_changes_nothing_else() {
    let mut floor = Floor::with_agents(PATIENT, &["a1"]);
    floor.news();
    for count in [3, 3, 0] {
        floor.does(Command::SetWaitCount { agent: aid("a1"), count });
        assert_eq!(floor.agent("a1").wait_count, Some(count));
    }
    assert!(floor.news().is_empty());
    assert_eq!(floor.refuses(Command::SetWaitCount { agent: aid("nobody"), count: 1 }), 4004);
}
