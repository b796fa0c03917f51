//! What is due by itself: answers, waiting, idleness.

use super::floor::{Floor, PATIENT, aid, serving};
use crate::model::desk::{Command, DeskSettings, What};

const STRICT: DeskSettings = DeskSettings { answer_limit_ms: 30_000, ..PATIENT };
const TIDY: DeskSettings = DeskSettings { idle_ms: 600_000, idle_notice_ms: 60_000, ..PATIENT };

#[test]
fn without_an_answer_the_next_agent_gets_it() {
    let mut floor = Floor::with_agents(STRICT, &["a1", "a2"]);
    assert_eq!(serving(&floor.applies("ann")), "a1");
    floor.news();
    floor.waits(30_000);
    assert_eq!(floor.agent_of("ann"), Some("a2"));
    assert_eq!(floor.news(), [What::Passed, What::Assigned]);
    // Those who let it wait come last, the first of them first.
    floor.comes("a3");
    floor.waits(30_000);
    assert_eq!(floor.agent_of("ann"), Some("a3"));
    floor.waits(30_000);
    assert_eq!(floor.agent_of("ann"), Some("a1"));
}

#[test]
fn without_another_agent_it_stays_and_is_looked_at_again() {
    let mut floor = Floor::with_agents(STRICT, &["a1"]);
    floor.applies("ann");
    floor.waits(60_000);
    assert_eq!(floor.agent_of("ann"), Some("a1"));
    floor.comes("a2");
    floor.waits(30_000);
    assert_eq!(floor.agent_of("ann"), Some("a2"));
}

#[test]
fn whoever_accepts_or_answers_keeps_it() {
    let mut floor = Floor::with_agents(STRICT, &["a1", "a2"]);
    floor.applies("v1");
    floor.applies("v2");
    let about = floor.about("v1");
    floor.does(Command::Accept { agent: aid("a1"), about });
    floor.now += 1_000;
    floor.is_spoken_in("v2", Some("a2"));
    floor.waits(300_000);
    assert_eq!((floor.agent_of("v1"), floor.agent_of("v2")), (Some("a1"), Some("a2")));
    let answered = floor.told.iter().find(|told| told.what == What::Answered).unwrap();
    assert_eq!((answered.number, &answered.agent), (Some(1_000), &Some(aid("a2"))));
}

#[test]
fn an_answer_that_nobody_told_is_noticed_when_it_is_due() {
    let mut floor = Floor::with_agents(STRICT, &["a1", "a2"]);
    floor.applies("ann");
    let (chat, now) = (floor.of("ann").chat, floor.now);
    let running = floor.desk.consultations.get_mut(&chat).unwrap();
    (running.unanswered, running.last_message) = (false, now + 5_000);
    floor.waits(60_000);
    assert_eq!(floor.agent_of("ann"), Some("a1"));
    assert_eq!(floor.news().last(), Some(&What::Answered));
}

#[test]
fn whoever_waits_too_long_is_offered_to_leave_a_message_once() {
    let mut floor = Floor::with_agents(DeskSettings { wait_limit_ms: 120_000, cap: 1, ..PATIENT }, &["a1"]);
    floor.applies("v1");
    floor.applies("v2");
    floor.news();
    floor.waits(119_999);
    assert_eq!(floor.news(), []);
    floor.waits(600_000);
    assert_eq!(floor.news(), [What::Unserved]);
    // And waits on, if nothing is left.
    floor.ends("v1");
    assert_eq!(floor.agent_of("v2"), Some("a1"));
}

#[test]
fn the_end_by_idleness_is_announced_and_then_done() {
    let mut floor = Floor::with_agents(TIDY, &["a1"]);
    floor.applies("ann");
    floor.is_spoken_in("ann", Some("a1"));
    floor.waits(600_000);
    assert_eq!(floor.news().last(), Some(&What::IdleSoon));
    floor.waits(60_000);
    assert!(floor.desk.consultations.is_empty());
    let ended = floor.told.iter().find(|told| told.what == What::Ended).unwrap();
    assert_eq!(ended.note.as_deref(), Some("idle"));
}

#[test]
fn a_word_after_the_announcement_goes_on() {
    let mut floor = Floor::with_agents(TIDY, &["a1"]);
    floor.applies("ann");
    floor.is_spoken_in("ann", Some("a1"));
    floor.waits(630_000);
    floor.is_spoken_in("ann", None);
    floor.waits(600_000);
    assert_eq!(floor.agent_of("ann"), Some("a1"));
    floor.waits(90_000);
    assert!(floor.desk.consultations.is_empty());
}

#[test]
fn whoever_waits_for_a_first_answer_is_not_idle() {
    let mut floor = Floor::with_agents(TIDY, &["a1"]);
    floor.applies("ann");
    floor.waits(6_000_000);
    assert_eq!(floor.agent_of("ann"), Some("a1"));
}

#[test]
fn a_message_that_was_left_is_never_idle() {
    let mut floor = Floor::with(TIDY);
    floor.leaves_message("ann", "call me");
    floor.comes("a1");
    floor.waits(6_000_000);
    assert_eq!(floor.agent_of("ann"), Some("a1"));
}

#[test]
fn a_limit_that_was_shortened_counts_at_once() {
    let mut floor = Floor::with_agents(TIDY, &["a1"]);
    floor.applies("ann");
    floor.is_spoken_in("ann", Some("a1"));
    floor.desk.settings.idle_ms = 1_000;
    floor.does(Command::Look);
    floor.waits(1_000);
    assert_eq!(floor.news().last(), Some(&What::IdleSoon));
}

#[test]
fn without_limits_nothing_is_ever_due() {
    let mut floor = Floor::with_agents(PATIENT, &["a1"]);
    floor.applies("v1");
    floor.applies("v2");
    floor.applies("v3");
    assert_eq!(floor.desk.next_due(), None);
}
