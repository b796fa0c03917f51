//! The command line of `nodechat-bench`.

use crate::target::Target;
use std::path::PathBuf;

pub const USAGE: &str = "\
nodechat-bench run [--quick] [--check] [--targets a,b] [--scenarios a,b] [--rounds N] [--connections N]
                   [--work-dir DIR] [--nodechat FILE] [--node FILE] [--node-peer FILE] [--write FILE --notes FILE --date DATE]
nodechat-bench floor

  --quick      a short run: shows that everything works, its figures are rough
  --check      exit 2 when a figure misses its `must`
  --targets    nodechat, floor, node-memory, node-sqlite, node-sqlite-grouped; all of them without it
  --scenarios  chat, rooms, idle, page, start, nodes, queue, commits; all of them without it
  --rounds     how often chat, rooms, nodes and commits are measured; 5, or 1 with --quick
  --connections  how many are idle at the same time; 10,000, or 1,000 with --quick
  --work-dir   where the servers' data goes; a folder on a disk
  --write      write the report to this file, with the notes behind it";

#[derive(Debug, PartialEq, Eq)]
pub enum Command {
    Run(Box<Options>),
    Floor,
}

#[derive(Debug, PartialEq, Eq)]
pub struct Options {
    pub quick: bool,
    pub check: bool,
    pub targets: Vec<Target>,
    pub scenarios: Vec<Scenario>,
    pub rounds: Option<usize>,
    pub connections: Option<usize>,
    pub work: PathBuf,
    pub nodechat: PathBuf,
    pub node: PathBuf,
    pub node_peer: PathBuf,
    pub write: Option<Report>,
}

#[derive(Debug, PartialEq, Eq)]
pub struct Report {
    pub file: PathBuf,
    pub notes: PathBuf,
    /// As it shall stand in the report.
    pub date: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scenario {
    Chat,
    Rooms,
    Idle,
    Page,
    Start,
    /// Chat, rooms and idle connections on each form of Nodechat.
    Nodes,
    /// A long queue in front of one agent, on each form of Nodechat.
    Queue,
    Commits,
}

impl Scenario {
    pub const ALL: [Self; 8] = [
        Self::Chat,
        Self::Rooms,
        Self::Idle,
        Self::Page,
        Self::Start,
        Self::Nodes,
        Self::Queue,
        Self::Commits,
    ];

    /// Whether it takes a PostgreSQL and a Redis.
    pub fn uses_services(self) -> bool {
        matches!(self, Self::Nodes | Self::Queue | Self::Commits)
    }

    pub fn name(self) -> &'static str {
        match self {
            Self::Chat => "chat",
            Self::Rooms => "rooms",
            Self::Idle => "idle",
            Self::Page => "page",
            Self::Start => "start",
            Self::Nodes => "nodes",
            Self::Queue => "queue",
            Self::Commits => "commits",
        }
    }
}

/// Reads the arguments behind the program's name.
pub fn parse(arguments: impl IntoIterator<Item = String>) -> Result<Command, String> {
    let mut arguments = arguments.into_iter();
    match arguments.next().as_deref() {
        Some("floor") => match arguments.next() {
            None => return Ok(Command::Floor),
            Some(extra) => return Err(format!("`floor` takes no argument {extra}")),
        },
        Some("run") => {}
        Some(other) => return Err(format!("there is no command {other}")),
        None => return Err("say what to do".into()),
    }
    let mut options = Options {
        quick: false,
        check: false,
        targets: Target::ALL.to_vec(),
        scenarios: Scenario::ALL.to_vec(),
        rounds: None,
        connections: None,
        work: "target/bench".into(),
        nodechat: "target/release/nodechat".into(),
        node: "/usr/bin/node".into(),
        node_peer: "bench/peers/node/server.js".into(),
        write: None,
    };
    let (mut file, mut notes, mut date) = (None, None, None);
    while let Some(name) = arguments.next() {
        let mut value = || arguments.next().ok_or_else(|| format!("{name} wants a value"));
        match name.as_str() {
            "--quick" => options.quick = true,
            "--check" => options.check = true,
            "--targets" => options.targets = some_of(&Target::ALL, Target::name, &value()?)?,
            "--scenarios" => options.scenarios = some_of(&Scenario::ALL, Scenario::name, &value()?)?,
            "--rounds" => options.rounds = Some(count(&value()?)?),
            "--connections" => options.connections = Some(count(&value()?)?),
            "--work-dir" => options.work = value()?.into(),
            "--nodechat" => options.nodechat = value()?.into(),
            "--node" => options.node = value()?.into(),
            "--node-peer" => options.node_peer = value()?.into(),
            "--write" => file = Some(value()?.into()),
            "--notes" => notes = Some(value()?.into()),
            "--date" => date = Some(value()?),
            _ => return Err(format!("there is no option {name}")),
        }
    }
    options.write = match (file, notes, date) {
        (Some(file), Some(notes), Some(date)) => Some(Report { file, notes, date }),
        (None, None, None) => None,
        _ => return Err("--write, --notes and --date belong together".into()),
    };
    if options.write.is_some()
        && (options.quick || options.targets != Target::ALL || options.scenarios != Scenario::ALL)
    {
        return Err("only a full run can be written down".into());
    }
    Ok(Command::Run(Box::new(options)))
}

fn count(text: &str) -> Result<usize, String> {
    text.parse().ok().filter(|count| *count > 0).ok_or_else(|| format!("{text} is no number"))
}

/// The members of `all` that `names` lists, in their own order.
fn some_of<T: Copy>(all: &[T], name: impl Fn(T) -> &'static str, names: &str) -> Result<Vec<T>, String> {
    if let Some(unknown) = names.split(',').find(|wanted| all.iter().all(|one| name(*one) != *wanted)) {
        return Err(format!("there is no {unknown} to choose"));
    }
    Ok(all.iter().copied().filter(|one| names.split(',').any(|wanted| name(*one) == wanted)).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parsed(line: &str) -> Result<Command, String> {
        parse(line.split_whitespace().map(String::from))
    }

    #[test]
    fn choices_are_read_and_unknown_ones_refused() {
        let Ok(Command::Run(options)) =
            parsed("run --quick --targets node-memory,floor --scenarios idle --rounds 2")
        else {
            panic!("a run");
        };
        assert!(options.quick);
        assert_eq!(options.targets, [Target::Floor, Target::NodeMemory]);
        assert_eq!((options.scenarios, options.rounds), (vec![Scenario::Idle], Some(2)));
        for wrong in [
            "",
            "fly",
            "floor 1",
            "run --fast",
            "run --targets",
            "run --targets bun",
            "run --rounds 0",
            "run --write x",
        ] {
            assert!(parsed(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn only_a_full_run_is_written_down() {
        let report = "--write a --notes b --date c";
        assert!(parsed(&format!("run {report}")).is_ok());
        assert!(parsed(&format!("run --quick {report}")).is_err());
        assert!(parsed(&format!("run --targets floor {report}")).is_err());
    }
}
