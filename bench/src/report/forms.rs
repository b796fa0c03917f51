//! The table of Nodechat's forms: on SQLite, on PostgreSQL, and on two nodes.

use super::rows::{Figure, Row, grouped, plain, row, speed, thousands};
use super::{Budget, Results, Table, figure};
use crate::form::Form;
use crate::scenario::Plan;
use crate::scenario::chat::Rate;
use crate::scenario::commits::{self, Commits};
use crate::scenario::nodes::{Idle, Talk};
use crate::scenario::queue::Queue;

const SQLITE: usize = Form::Sqlite as usize;
const ONE_NODE: usize = Form::OneNode as usize;
const TWO_NODES: usize = Form::TwoNodes as usize;

/// Scenarios that were not asked for leave no line.
pub fn table(results: &Results, plan: &Plan) -> Table {
    let mut rows = Vec::new();
    if !results.talk.is_empty() {
        rows.extend(pairs(&results.talk, plan));
        rows.extend(rooms(&results.talk, plan));
    }
    if !results.idle_nodes.is_empty() {
        rows.extend(idle(&results.idle_nodes));
    }
    if !results.queue.is_empty() {
        rows.extend(queue(&results.queue));
    }
    if !results.commits.is_empty() {
        rows.extend(grouping(&results.commits));
    }
    Table { columns: Form::ALL.iter().map(|form| form.title()).collect(), rows }
}

fn pairs(talk: &[(Form, Talk)], plan: &Plan) -> Vec<Row> {
    let pairs = |it: &Talk| it.pairs;
    let of = |value: fn(&Rate) -> f64| move |form| figure(talk, form, |it| value(&it.pairs)).map(plain);
    let what = format!("1:1 chat, {} pairs: acks/s", plan.pairs);
    let speed = || line_of(&what, |form| speed(talk, form, pairs, Rate::acks_per_second));
    let alone = |value: fn(&Rate) -> f64| move |form| figure(talk, form, |it| value(&it.alone)).map(plain);
    vec![
        speed().against((ONE_NODE, SQLITE), Form::Sqlite.title(), None),
        speed().against((TWO_NODES, ONE_NODE), "one node", None).ditto(),
        line_of("the same: ack, ms, half of them within", of(|rate| rate.ack_p50_ms)),
        line_of("the same: ack, ms, 99 of 100 within", of(|rate| rate.ack_p99_ms)),
        line_of("the same: commits in one transaction", of(|rate| rate.commits_per_transaction)),
        line_of("the same: CPU µs a message, nodes", of(|rate| rate.cpu_us(rate.server_cpu_seconds))),
        line_of("the same: CPU µs a message, PostgreSQL", shared(talk, pairs, Form::OneNode, postgres_us)),
        line_of("the same: CPU µs a message, Redis", shared(talk, pairs, Form::TwoNodes, redis_us)),
        line_of("one pair alone: ack, ms, half of them within", alone(|rate| rate.ack_p50_ms)),
        line_of("one pair alone: ack, ms, 99 of 100 within", alone(|rate| rate.ack_p99_ms)),
    ]
}

fn rooms(talk: &[(Form, Talk)], plan: &Plan) -> Vec<Row> {
    let rooms = |it: &Talk| it.rooms;
    let what = format!("{} rooms of 100: events/s", plan.rooms);
    let speed = line_of(&what, |form| speed(talk, form, rooms, Rate::events_per_second));
    let each = |form| figure(talk, form, |it| it.rooms.events_per_cpu_second()).map(thousands);
    vec![
        speed.against((TWO_NODES, ONE_NODE), "one node", None),
        line_of("the same: events per CPU-second of the nodes", each).against(
            (TWO_NODES, ONE_NODE),
            "one node",
            None,
        ),
        line_of("the same: CPU µs a message, PostgreSQL", shared(talk, rooms, Form::OneNode, postgres_us)),
        line_of("the same: CPU µs a message, Redis", shared(talk, rooms, Form::TwoNodes, redis_us)),
    ]
}

fn idle(measured: &[(Form, Idle)]) -> Vec<Row> {
    let count = grouped(measured[0].1.connections as f64);
    let of = |value: fn(&Idle) -> f64| move |form| figure(measured, form, value).map(plain);
    let from = |first: Form, value: fn(&Idle) -> f64| {
        move |form| of(value)(form).filter(|_| form as usize >= first as usize)
    };
    let beat = |form| {
        let (_, idle) = measured.iter().find(|(of, _)| *of == form)?;
        Some(plain(idle.heartbeat.as_ref()?.nodes_us))
    };
    let what = format!("idle, {count} in rooms of their own: KB each, nodes");
    let speed = |form| figure(measured, form, |idle| idle.entered_per_second).map(thousands);
    vec![
        line_of(&what, of(|idle| idle.nodes_bytes / 1024.0)).against(
            (TWO_NODES, SQLITE),
            Form::Sqlite.title(),
            None,
        ),
        line_of("the same: KB each, Redis", from(Form::TwoNodes, |idle| idle.redis_bytes / 1024.0)),
        line_of("the same: CPU µs a heartbeat, nodes", beat),
        line_of("coming in, each opening its room: a second", speed),
        line_of("the same: CPU µs each, nodes", of(|idle| idle.entering.nodes_us)),
        line_of("the same: CPU µs each, PostgreSQL", from(Form::OneNode, |idle| idle.entering.postgres_us)),
        line_of("the same: CPU µs each, Redis", from(Form::TwoNodes, |idle| idle.entering.redis_us)),
    ]
}

fn queue(measured: &[(Form, Queue)]) -> Vec<Row> {
    let of = |value: fn(&Queue) -> f64| move |form| figure(measured, form, value).map(plain);
    let slowest = |value: fn(&Queue) -> f64| measured.iter().map(|(_, queue)| value(queue)).reduce(f64::max);
    let soon = |row: Row, value: fn(&Queue) -> f64| {
        row.judged("the slowest form", slowest(value), Budget::at_most(100.0, 50.0))
    };
    let what = format!(
        "a seat becomes free, {} wait: given, ms, half of them within",
        grouped(measured[0].1.waiting as f64)
    );
    let given: fn(&Queue) -> f64 = |it| it.given_p99_ms;
    let told: fn(&Queue) -> f64 = |it| it.told_p99_ms;
    vec![
        line_of(&what, of(|it| it.given_p50_ms)),
        soon(line_of("the same: 99 of 100 within", of(given)), given),
        line_of("the same: all places told, ms, half of them within", of(|it| it.told_p50_ms)),
        soon(line_of("the same: 99 of 100 within", of(told)), told),
    ]
}

fn grouping(measured: &[(Form, Commits)]) -> Vec<Row> {
    let of = |value: fn(&Commits) -> f64| move |form| figure(measured, form, value);
    let (grouped, each) = (of(|it| it.grouped.per_second), of(|it| it.one_each.per_second));
    let ratio = grouped(Form::OneNode).zip(each(Form::OneNode)).map(|(grouped, each)| grouped / each);
    let what = format!("store alone, {} at once: commits/s", super::rows::grouped(commits::WRITERS as f64));
    let shared = of(|it| it.grouped.per_transaction);
    let cpu = of(|it| it.grouped.postgres_us);
    vec![
        line_of(&what, |form| grouped(form).map(thousands)).judged(
            "× one commit a transaction",
            ratio,
            Budget::at_least(10.0, 20.0),
        ),
        line_of("the same: commits in one transaction", |form| shared(form).map(plain)),
        line_of("the same: CPU µs a commit, PostgreSQL", |form| {
            cpu(form).filter(|_| form == Form::OneNode).map(plain)
        }),
        line_of("the same, one commit a transaction: commits/s", |form| each(form).map(thousands)),
    ]
}

/// The CPU time of what is used from the form `first` on.
fn shared(
    talk: &[(Form, Talk)],
    rate: fn(&Talk) -> Rate,
    first: Form,
    value: fn(&Rate) -> f64,
) -> impl Fn(Form) -> Option<Figure> {
    move |form| {
        let used = form as usize >= first as usize;
        figure(talk, form, |it| value(&rate(it))).filter(|_| used).map(plain)
    }
}

fn postgres_us(rate: &Rate) -> f64 {
    rate.cpu_us(rate.postgres_cpu_seconds)
}

fn redis_us(rate: &Rate) -> f64 {
    rate.cpu_us(rate.redis_cpu_seconds)
}

fn line_of(what: &str, figure: impl Fn(Form) -> Option<Figure>) -> Row {
    row(what, &Form::ALL, figure)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scenario::commits::Flow;

    fn commits(grouped: f64, one_each: f64) -> Commits {
        let flow = |per_second| Flow { per_second, per_transaction: 40.0, postgres_us: 30.0 };
        Commits { grouped: flow(grouped), one_each: flow(one_each) }
    }

    #[test]
    fn grouping_is_judged_by_postgresql() {
        let commits = vec![(Form::Sqlite, commits(9.0, 8.0)), (Form::OneNode, commits(95.0, 10.0))];
        let Table { rows, .. } = table(&Results { commits, ..Results::default() }, &plan());
        assert!(rows[0].misses_must());
        assert_eq!(rows[0].cells()[1..6], ["9", "95", "–", "× one commit a transaction", "9.50"]);
    }

    #[test]
    fn what_a_form_does_not_use_has_no_figure() {
        let rate = Rate { acks: 1_000_000, postgres_cpu_seconds: 3.0, ..Rate::default() };
        let it = Talk { alone: rate, pairs: rate, rooms: rate };
        let talk = Form::ALL.map(|form| (form, it)).into();
        let Table { rows, .. } = table(&Results { talk, ..Results::default() }, &plan());
        let line = |what: &str| rows.iter().find(|row| row.what.contains(what)).expect("a line").cells();
        assert_eq!(line("PostgreSQL")[1..4], ["–", "3.0", "3.0"]);
        assert_eq!(line("Redis")[1..4], ["–", "–", "0.0"]);
    }

    fn plan() -> Plan {
        crate::scenario::tests::plan()
    }
}
