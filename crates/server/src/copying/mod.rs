//! `nodechat copy`: takes a whole history with its files to another place, and says what to do next.

mod files;
mod progress;
mod report;

use std::path::PathBuf;
use std::time::Instant;

use anyhow::{Context, Result};
use clap::{Arg, ArgMatches, Command};
use nodechat_store::copy::{Address, Copy};

use crate::cli::{data_command, required, say, switch};
use crate::config::Config;
use crate::wiring::{self, Shelf};
use progress::Progress;
use report::Report;

pub fn command() -> Command {
    let place = |name: &'static str, help: &'static str| {
        Arg::new(name).long(name).value_name("FOLDER|s3://BUCKET").help(help)
    };
    data_command(
        "copy",
        "Take everything to another place, also beside a running server; run again, it takes what is new",
    )
    .mut_args(|arg| {
        if ["data_dir", "database_url"].contains(&arg.get_id().as_str()) { arg.hide(true) } else { arg }
    })
    .arg(required(
        "from",
        "FOLDER|postgres://…|@FILE",
        "Data folder or database to copy, or a file that holds its address",
    ))
    .arg(required(
        "to",
        "FOLDER|postgres://…|@FILE",
        "Data folder or database to copy to: a new one, or an earlier copy",
    ))
    .arg(place("files-from", "Where uploaded files are; else `files` in the data folder"))
    .arg(place("files-to", "Where they go; else `files` in the new data folder, or they stay where they are"))
    .arg(switch(
        "quick",
        "Verify the messages that this run copies, not once more all that an earlier one did",
    ))
    .arg(switch("skip-missing-files", "Files that the source has lost do not stop the copy"))
    .arg(switch("json", "Say at the end what was done as one line of JSON"))
}

/// Copies rows, then the files that they name, verifies, and says what was done.
pub fn run(config: &Config, matches: &ArgMatches) -> Result<()> {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build()?;
    let report = runtime.block_on(copy(config, matches))?;
    say(&if matches.get_flag("json") { report.json() } else { report.words() })
}

async fn copy(config: &Config, matches: &ArgMatches) -> Result<Report> {
    let started = Instant::now();
    let address = |key| wiring::copy_address(matches.get_one::<String>(key).map_or("", String::as_str));
    let (from, to) = (address("from").context("--from")?, address("to").context("--to")?);
    let (from_name, to_name) = (from.to_string(), to.to_string());
    let shelves = Shelves::of(config, matches, &from, &to);

    let copy = Copy::begin(from, to).await?;
    let progress = Progress::new(copy.snapshot().messages - copy.before().messages, copy.snapshot().messages);
    let quick = matches.get_flag("quick");
    let counted = copy.rows(quick, &progress).await?;
    let files =
        files::copy(&copy, &shelves, config, matches.get_flag("skip-missing-files"), &progress).await?;
    let sums = copy.verify(!quick, &progress).await?;
    let beside = copy.finish().await?;
    progress.end();
    let seconds = started.elapsed().as_secs_f64();
    Ok(Report { from: from_name, to: to_name, counted, sums, files, beside, seconds })
}

/// Where files come from and go to. One place when they stay where they are.
struct Shelves {
    from: Shelf,
    to: Shelf,
    /// For what is on its way to a bucket.
    scratch: PathBuf,
}

impl Shelves {
    fn of(config: &Config, matches: &ArgMatches, from: &Address, to: &Address) -> Self {
        let named = |key| matches.get_one::<String>(key).map(|text| Shelf::read(text));
        let folder = |address: &Address| match address {
            Address::Sqlite(home) => Some(wiring::files_folder(&home.folder)),
            Address::Postgres(_) => None,
        };
        let configured = || Shelf::configured(config);
        let (beside_from, beside_to) = (folder(from), folder(to));
        let scratch = beside_from.clone().or(beside_to.clone());
        let scratch = scratch.unwrap_or_else(|| wiring::files_folder(&config.data_dir));
        let from = named("files-from").or(beside_from.map(Shelf::Folder)).unwrap_or_else(configured);
        let to = named("files-to").or(beside_to.map(Shelf::Folder)).unwrap_or_else(|| from.clone());
        Self { from, to, scratch }
    }

    fn stay(&self) -> bool {
        self.from == self.to
    }
}
