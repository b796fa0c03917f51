//! The command line. Scripts of others rely on it: a command prints what it was asked for on
//! standard output, everything else on standard error.

use std::collections::HashMap;
use std::io::Write as _;
use std::path::PathBuf;
use std::sync::Arc;

use anyhow::{Context, Result, bail};
use clap::{Arg, ArgAction, ArgMatches, Command, value_parser};
use nodechat_domain::model::{Company, CompanyId, Name, Realm, Secret, Settings, Users};

use crate::config::{self, Config};
use crate::wire;
use crate::{Desk, apikey, company, copying, serve, staffing};

/// Runs the command that the process was started with.
pub fn main() -> Result<()> {
    let matches = command().get_matches();
    let environment = environment()?;
    let config = |matches: &ArgMatches| config::load(matches, &environment);
    match matches.subcommand() {
        Some(("serve", matches)) => {
            let config = config(matches)?;
            crate::log::start(&config)?;
            serve(config)
        }
        Some(("company", matches)) => match matches.subcommand() {
            Some(("create", matches)) => company_create(&config(matches)?, matches),
            Some(("list", matches)) => company_list(&config(matches)?),
            Some(("show", matches)) => {
                with_desk(&config(matches)?, async |desk| company::show(desk, matches).await)
            }
            Some(("set", matches)) => {
                with_desk(&config(matches)?, async |desk| company::set(desk, matches).await)
            }
            _ => unreachable!("clap asks for a subcommand"),
        },
        Some(("agent", matches)) => {
            let config = config(staffing::innermost(matches))?;
            with_desk(&config, async |desk| staffing::run(desk, matches).await)
        }
        Some(("apikey", matches)) => {
            let config = config(staffing::innermost(matches))?;
            with_desk(&config, async |desk| apikey::run(desk, matches).await)
        }
        Some(("token", matches)) => match matches.subcommand() {
            Some(("create", matches)) => token_create(&config(matches)?, matches),
            _ => unreachable!("clap asks for a subcommand"),
        },
        Some(("backup", matches)) => backup(&config(matches)?, matches),
        Some(("copy", matches)) => copying::run(&config(matches)?, matches),
        Some(("epoch", matches)) => match matches.subcommand() {
            Some(("renew", matches)) => epoch_renew(&config(matches)?),
            _ => unreachable!("clap asks for a subcommand"),
        },
        Some(("config", matches)) => match matches.subcommand() {
            Some(("example", _)) => say(config::example().trim_end()),
            _ => unreachable!("clap asks for a subcommand"),
        },
        Some(("completions", matches)) => completions(matches),
        _ => unreachable!("clap asks for a subcommand"),
    }
}

/// The process's variables that are ours; those of others may hold anything.
#[expect(clippy::disallowed_methods, reason = "the one place that reads the environment")]
fn environment() -> Result<HashMap<String, String>> {
    let ours = std::env::vars_os().filter_map(|(name, value)| Some((name.into_string().ok()?, value)));
    ours.filter(|(name, _)| {
        name.starts_with("NODECHAT_")
            || name.starts_with(config::AWS)
            || config::CUSTOMARY.iter().any(|(_, known)| known == name)
    })
    .map(|(name, value)| match value.into_string() {
        Ok(value) => Ok((name, value)),
        Err(_) => bail!("the variable {name} is not Unicode"),
    })
    .collect()
}

/// The whole command line.
pub fn command() -> Command {
    let group = |name: &'static str, about: &'static str| {
        Command::new(name).about(about).subcommand_required(true).arg_required_else_help(true)
    };
    Command::new("nodechat")
        .about("Customer-service chat: one binary, one data folder")
        .version(env!("CARGO_PKG_VERSION"))
        .subcommand_required(true)
        .arg_required_else_help(true)
        .subcommand(
            Command::new("serve")
                .about("Serve chats; with nothing configured, from ./data on 127.0.0.1:3100")
                .args(config::flags()),
        )
        .subcommand(
            group("company", "Companies that people chat with")
                .subcommand(
                    data_command("create", "Make a company; prints its id")
                        .arg(required("id", "ID", "Letters, digits, `_` and `-`"))
                        .arg(required("name", "NAME", "Name for people to read"))
                        .arg(
                            Arg::new("users")
                                .long("users")
                                .value_parser(["own", "platform"])
                                .default_value("own")
                                .help("Whose people its visitors are: named by its own key or by the platform's"),
                        )
                        .arg(switch("anonymous", "Visitors need not be logged in anywhere"))
                        .arg(switch("private-files", "Images and files need a ticket, besides being unguessable"))
                        .arg(
                            Arg::new("origin")
                                .long("origin")
                                .value_name("ORIGIN")
                                .action(ArgAction::Append)
                                .help("A page origin that may connect, such as https://shop.example; none: any"),
                        )
                        .arg(
                            Arg::new("set")
                                .long("set")
                                .value_name("SETTING=VALUE")
                                .action(ArgAction::Append)
                                .help("A setting that is not to be as usual, such as agent_cap=5"),
                        ),
                )
                .subcommand(data_command("list", "List companies: id, whose users, name"))
                .subcommand(company::show_command())
                .subcommand(company::set_command()),
        )
        .subcommand(staffing::command())
        .subcommand(apikey::command())
        .subcommand(
            group("token", "One-time tokens, for trying things out").subcommand(
                data_command("create", "Make a token; prints it")
                    .arg(required("company", "ID", "Of which company"))
                    .arg(Arg::new("type").long("type").value_parser(["user", "cs"]).default_value("user").help("Visitor or agent"))
                    .arg(required("aid", "ID", "Account id on the host site"))
                    .arg(Arg::new("nick").long("nick").value_name("NAME").help("Name for people to read")),
            ),
        )
        .subcommand(
            data_command("backup", "Copy the SQLite database, also beside a running server; the copy is a history of its own")
                .arg(required("to", "FILE", "File to write, which must not be there").value_parser(value_parser!(PathBuf))),
        )
        .subcommand(group("epoch", "The name of this history").subcommand(data_command(
            "renew",
            "Begin a new one: after a backup of PostgreSQL was restored, while no node runs; prints its name",
        )))
        .subcommand(copying::command())
        .subcommand(group("config", "Settings").subcommand(Command::new("example").about("Print config.example.toml")))
        .subcommand(
            Command::new("completions").about("Print completions for a shell").arg(
                Arg::new("shell").required(true).value_parser(value_parser!(clap_complete::Shell)),
            ),
        )
}

fn company_create(config: &Config, matches: &ArgMatches) -> Result<()> {
    let id = CompanyId::parse(text(matches, "id"))?;
    let name = Name::parse("name", text(matches, "name"))?;
    if name.as_str().trim().is_empty() {
        bail!("`--name` is empty");
    }
    let mut settings = Settings::default();
    for setting in matches.get_many::<String>("set").into_iter().flatten() {
        let (name, value) =
            setting.split_once('=').with_context(|| format!("`--set {setting}` has no `=`"))?;
        if !settings.set(name, value)? {
            bail!("there is no setting `{name}`");
        }
    }
    let company = Company {
        settings: Arc::new(settings),
        users: if text(matches, "users") == "platform" { Users::Platform } else { Users::Own },
        anonymous: matches.get_flag("anonymous"),
        private_files: matches.get_flag("private-files"),
        origins: matches.get_many::<String>("origin").into_iter().flatten().cloned().collect(),
        ..Company::new(id.clone(), name)
    };
    with_desk(config, async |desk| {
        let added = desk.companies.add(company, desk.clock.now()).await;
        added.with_context(|| format!("company `{id}` was not made"))?;
        say(id.as_str())
    })
}

fn company_list(config: &Config) -> Result<()> {
    with_desk(config, async |desk| {
        for company in desk.companies.all().await? {
            let users = match company.users {
                Users::Own => "own",
                Users::Platform => "platform",
            };
            say(&format!("{}\t{users}\t{}", company.id, company.name))?;
        }
        Ok(())
    })
}

fn token_create(config: &Config, matches: &ArgMatches) -> Result<()> {
    let mut params = wire::Params::default();
    for (key, argument) in [("type", "type"), ("aid", "aid"), ("nick", "nick")] {
        if let Some(value) = matches.get_one::<String>(argument) {
            params.set(key, value);
        }
    }
    let person = wire::person_request(&params)?;
    let owner = Realm::Company(CompanyId::parse(text(matches, "company"))?);
    with_desk(config, async |desk| reveal(&desk.access.grant_as(&owner, person).await?.token))
}

fn backup(config: &Config, matches: &ArgMatches) -> Result<()> {
    let to = matches.get_one::<PathBuf>("to").expect("clap asks for it");
    if to.exists() {
        bail!("{} is there already", to.display());
    }
    with_desk(config, async |desk| desk.backup(to).await)
}

fn epoch_renew(config: &Config) -> Result<()> {
    with_desk(config, async |desk| say(&desk.renew_epoch().await?))
}

fn completions(matches: &ArgMatches) -> Result<()> {
    let shell = *matches.get_one::<clap_complete::Shell>("shell").expect("clap asks for it");
    clap_complete::generate(shell, &mut command(), "nodechat", &mut std::io::stdout());
    Ok(())
}

/// Opens the store, also beside a running server, for one short task.
fn with_desk(config: &Config, task: impl AsyncFnOnce(&Desk) -> Result<()>) -> Result<()> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    runtime.block_on(async {
        let desk = Desk::open(config).await?;
        let done = task(&desk).await;
        desk.close().await;
        done
    })
}

pub(crate) fn reveal(secret: &Secret) -> Result<()> {
    say(secret.reveal())
}

pub(crate) fn say(line: &str) -> Result<()> {
    writeln!(std::io::stdout().lock(), "{line}").context("standard output cannot be written")
}

fn text<'a>(matches: &'a ArgMatches, key: &str) -> &'a str {
    matches.get_one::<String>(key).map(String::as_str).unwrap_or_default()
}

pub(crate) fn required(name: &'static str, value: &'static str, help: &'static str) -> Arg {
    Arg::new(name).long(name).value_name(value).required(true).help(help)
}

pub(crate) fn switch(name: &'static str, help: &'static str) -> Arg {
    Arg::new(name).long(name).action(ArgAction::SetTrue).help(help)
}

/// A command that works on a store. It takes every setting, and shows those that matter.
pub(crate) fn data_command(name: &'static str, about: &'static str) -> Command {
    Command::new(name)
        .about(about)
        .args(config::flags().into_iter().map(|arg| arg.hide(true)))
        .mut_arg("data_dir", |arg| arg.hide(false))
        .mut_arg("database_url", |arg| arg.hide(false))
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_command_line_is_consistent() {
        super::command().debug_assert();
    }
}
