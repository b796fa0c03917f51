//! `nodechat apikey`: keys by which a host site vouches for its people, of companies and of the platform.

use anyhow::{Result, bail};
use clap::{Arg, ArgAction, ArgMatches, Command};
use nodechat_domain::model::{CompanyId, KeyId, Name, Realm, Scopes};

use crate::Desk;
use crate::cli::{data_command, required, reveal, say, switch};

pub fn command() -> Command {
    Command::new("apikey")
        .about("Keys by which a host site vouches for its people")
        .subcommand_required(true)
        .arg_required_else_help(true)
        .subcommand(
            of_somebody("create", "Make a key; prints it, once")
                .arg(
                    Arg::new("name")
                        .long("name")
                        .value_name("NAME")
                        .default_value("")
                        .help("What it is called in lists"),
                )
                .arg(
                    Arg::new("scope")
                        .long("scope")
                        .value_name("SCOPE")
                        .action(ArgAction::Append)
                        .help("What it opens, such as agents:read or companies:write; none: everything"),
                ),
        )
        .subcommand(of_somebody("list", "List keys, the newest first: id, what each opens, name"))
        .subcommand(of_somebody("revoke", "End a key at once").arg(required(
            "id",
            "ID",
            "Which, as it is listed; not the key itself",
        )))
}

fn of_somebody(name: &'static str, about: &'static str) -> Command {
    data_command(name, about)
        .arg(Arg::new("company").long("company").value_name("ID").help("The company's key"))
        .arg(switch("platform", "The key of a platform with many companies").conflicts_with("company"))
}

pub async fn run(desk: &Desk, matches: &ArgMatches) -> Result<()> {
    match matches.subcommand() {
        Some(("create", matches)) => create(desk, matches).await,
        Some(("list", matches)) => list(desk, matches).await,
        Some(("revoke", matches)) => revoke(desk, matches).await,
        _ => unreachable!("clap asks for a subcommand"),
    }
}

async fn create(desk: &Desk, matches: &ArgMatches) -> Result<()> {
    let owner = owner(matches)?;
    let name = Name::parse("name", matches.get_one::<String>("name").map_or("", String::as_str))?;
    let scopes = match matches.get_many::<String>("scope") {
        Some(words) => Scopes::parse(words.map(String::as_str))?,
        None => Scopes::ALL,
    };
    reveal(&desk.access.new_key(owner, name, scopes).await?)
}

async fn list(desk: &Desk, matches: &ArgMatches) -> Result<()> {
    for key in desk.access.keys_of(&owner(matches)?).await? {
        say(&format!("{}\t{}\t{}", key.id, key.scopes.words().join(" "), key.name))?;
    }
    Ok(())
}

async fn revoke(desk: &Desk, matches: &ArgMatches) -> Result<()> {
    let id = KeyId::parse(matches.get_one::<String>("id").map_or("", String::as_str))?;
    Ok(desk.access.revoke_key(&owner(matches)?, id).await?)
}

fn owner(matches: &ArgMatches) -> Result<Realm> {
    match matches.get_one::<String>("company") {
        Some(company) => Ok(Realm::Company(CompanyId::parse(company)?)),
        None if matches.get_flag("platform") => Ok(Realm::Platform),
        None => bail!("say whose key it is: --company ID or --platform"),
    }
}
