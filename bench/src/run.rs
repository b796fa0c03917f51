//! One run: every scenario against every target, in rounds, so that all targets see the same weather.

use crate::cli::{Options, Scenario};
use crate::error::{Doing as _, Error, Result};
use crate::form::Form;
use crate::machine;
use crate::report::{self, Results};
use crate::scenario::{Plan, chat, commits, idle, nodes, page, queue, start};
use crate::service::Services;
use crate::target::{Programs, Target};
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::time::Duration;

/// Descriptors besides the connections: listener, epoll, database, pipes.
const OTHER_FILES: u64 = 200;
const IDLE_CONNECTIONS: usize = 10_000;

/// Measures, prints the table, writes the report if asked; false when a `must` is missed and the run was to check.
pub fn run(options: &Options) -> Result<bool> {
    let plan = plan(options)?;
    let mut machine = machine::describe(&plan.work)?;
    let targets = compared(options);
    if targets.contains(&Target::NodeMemory) || targets.contains(&Target::NodeSqlite) {
        machine += &format!("; {}", peers(&plan.programs)?);
    }
    if options.scenarios.iter().any(|scenario| scenario.uses_services()) {
        machine += &format!("; {}", Services::describe()?);
    }
    let rounds = options.rounds.unwrap_or(if options.quick { 1 } else { 5 });
    let results = measure(options, &plan, rounds)?;
    let tables = report::tables(&results, &plan);
    let rows: Vec<_> = tables.iter().flat_map(|table| &table.rows).collect();
    let summary = report::Summary { machine, rounds, quick: options.quick, plan: &plan, results: &results };
    let text = report::text(&tables);
    let missed = rows.iter().filter(|row| row.misses_must()).count();
    let closing = format!("bench: {} lines measured, {missed} of them short of their must", rows.len());
    write!(std::io::stdout(), "{}\n{text}\n{closing}\n", summary.machine)
        .doing(|| "printing the table".into())?;
    if let Some(wanted) = &options.write {
        let notes = read(&wanted.notes)?;
        let page = report::page(&summary, &wanted.date, &text, &notes);
        std::fs::write(&wanted.file, page).doing(|| format!("writing {}", wanted.file.display()))?;
    }
    Ok(!options.check || missed == 0)
}

/// Versions of the Node peers, in their own words.
fn peers(programs: &Programs) -> Result<String> {
    let doing = || "asking the Node peers for their versions".to_string();
    let output = std::process::Command::new(&programs.node)
        .arg(&programs.node_peer)
        .arg("--describe")
        .output()
        .doing(doing)?;
    let text = String::from_utf8_lossy(&output.stdout);
    if !output.status.success() || text.trim().is_empty() {
        let reason = String::from_utf8_lossy(&output.stderr);
        return Err(Error::Start("the Node peer".into(), reason.trim().into()));
    }
    Ok(text.trim().into())
}

fn measure(options: &Options, plan: &Plan, rounds: usize) -> Result<Results> {
    let mut results = Results::default();
    for scenario in options.scenarios.iter().copied() {
        match scenario {
            Scenario::Nodes | Scenario::Queue | Scenario::Commits => {
                let services = Services::start(&plan.work)?;
                measure_forms(&mut results, scenario, plan, rounds, &services)?;
            }
            _ => measure_targets(&mut results, scenario, &options.targets, plan, rounds)?,
        }
    }
    Ok(results)
}

fn measure_targets(
    results: &mut Results,
    scenario: Scenario,
    targets: &[Target],
    plan: &Plan,
    rounds: usize,
) -> Result<()> {
    let rounds = if matches!(scenario, Scenario::Chat | Scenario::Rooms) { rounds } else { 1 };
    for round in 1..=rounds {
        for target in targets.iter().copied().filter(|target| takes_part(scenario, *target)) {
            eprintln!("{} {round}/{rounds}: {}", scenario.name(), target.title());
            match scenario {
                Scenario::Chat => results.chat.push((target, chat::one_to_one(plan, target)?)),
                Scenario::Rooms => results.rooms.push((target, chat::rooms_of_100(plan, target)?)),
                Scenario::Idle => results.idle.push((target, idle::idle(plan, target)?)),
                Scenario::Page => results.page.push((target, page::page(plan, target)?)),
                Scenario::Start => results.start.push((target, start::start(plan, target)?)),
                Scenario::Nodes | Scenario::Queue | Scenario::Commits => {
                    unreachable!("these have no targets")
                }
            }
        }
    }
    Ok(())
}

fn measure_forms(
    results: &mut Results,
    scenario: Scenario,
    plan: &Plan,
    rounds: usize,
    services: &Services,
) -> Result<()> {
    // The store alone knows nothing of nodes.
    let forms: &[Form] =
        if scenario == Scenario::Commits { &[Form::Sqlite, Form::OneNode] } else { &Form::ALL };
    let rounds = if scenario == Scenario::Queue { 1 } else { rounds };
    for round in 1..=rounds {
        for form in forms.iter().copied() {
            eprintln!("{} {round}/{rounds}: {}", scenario.name(), form.title());
            match scenario {
                Scenario::Commits => {
                    results.commits.push((form, commits::commits(plan, form, services)?));
                    continue;
                }
                Scenario::Queue => {
                    results.queue.push((form, queue::queue(plan, form, services)?));
                    continue;
                }
                _ => {}
            }
            results.talk.push((form, nodes::talk(plan, form, services)?));
            if round == rounds {
                results.idle_nodes.push((form, nodes::idle(plan, form, services)?));
            }
        }
    }
    Ok(())
}

/// What a target has nothing of is left out: the floor no history; the store does not change what idle costs.
fn takes_part(scenario: Scenario, target: Target) -> bool {
    match scenario {
        Scenario::Chat => true,
        Scenario::Rooms | Scenario::Start => target != Target::NodeSqliteGrouped,
        Scenario::Idle => matches!(target, Target::Nodechat | Target::Floor | Target::NodeMemory),
        Scenario::Page => target == Target::Nodechat,
        Scenario::Nodes | Scenario::Queue | Scenario::Commits => false,
    }
}

fn plan(options: &Options) -> Result<Plan> {
    std::fs::create_dir_all(&options.work).doing(|| format!("making {}", options.work.display()))?;
    let work = absolute(&options.work)?;
    machine::file_system(&work)?;
    let programs = Programs {
        nodechat: options.nodechat.clone(),
        bench: std::env::current_exe().doing(|| "finding this program".into())?,
        node: options.node.clone(),
        node_peer: options.node_peer.clone(),
    };
    let programs = located(programs, options)?;
    let limit =
        usize::try_from(machine::raise_file_limit().saturating_sub(OTHER_FILES)).unwrap_or(usize::MAX);
    let quick = options.quick;
    let wanted = options.connections.unwrap_or(if quick { 1000 } else { IDLE_CONNECTIONS });
    Ok(Plan {
        programs,
        work,
        warm_up: Duration::from_millis(if quick { 300 } else { 1000 }),
        measure: Duration::from_secs(if quick { 1 } else { 3 }),
        pairs: if quick { 50 } else { 200 },
        rooms: if quick { 2 } else { 10 },
        idle_connections: limit.min(wanted),
        history: if quick { 50_000 } else { 1_000_000 },
        page_samples: if quick { 200 } else { 2000 },
        starts: if quick { 3 } else { 11 },
        queue: if quick { 100 } else { 1000 },
        queue_samples: if quick { 20 } else { 300 },
        heartbeats: !quick,
    })
}

/// Full paths, because the servers start in folders of their own; a missing program is said before anything starts.
fn located(programs: Programs, options: &Options) -> Result<Programs> {
    let targets = compared(options);
    let peers = targets.iter().any(|target| !matches!(target, Target::Nodechat | Target::Floor));
    let ours = targets.contains(&Target::Nodechat)
        || [Scenario::Nodes, Scenario::Queue].iter().any(|it| options.scenarios.contains(it));
    Ok(Programs {
        nodechat: if ours { absolute(&programs.nodechat)? } else { programs.nodechat },
        bench: programs.bench,
        node: if peers { absolute(&programs.node)? } else { programs.node },
        node_peer: if peers { absolute(&programs.node_peer)? } else { programs.node_peer },
    })
}

/// The targets that any of the scenarios measures.
fn compared(options: &Options) -> &[Target] {
    let alone = options.scenarios.iter().all(|scenario| scenario.uses_services());
    if alone { &[] } else { &options.targets }
}

fn absolute(path: &Path) -> Result<PathBuf> {
    std::fs::canonicalize(path).doing(|| format!("looking for {}", path.display()))
}

fn read(path: &Path) -> Result<String, Error> {
    std::fs::read_to_string(path).doing(|| format!("reading {}", path.display()))
}
