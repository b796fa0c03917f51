//! `nodechat company show` and `set`: settings of a company by their names.

use anyhow::{Result, bail};
use clap::{Arg, ArgAction, ArgMatches, Command};
use nodechat_domain::Error;
use nodechat_domain::model::{Caller, Company, CompanyId, Name, Settings};

use crate::Desk;
use crate::cli::{data_command, required, say};

pub fn show_command() -> Command {
    data_command("show", "Print a company's settings, NAME=VALUE on each line")
        .arg(required("id", "ID", "Which"))
}

pub fn set_command() -> Command {
    let names = Settings::TABLE.iter().map(|(name, about)| format!("  {name}: {}", about.trim()));
    let names = names.collect::<Vec<_>>().join("\n");
    data_command("set", "Change settings of a company; running servers notice within seconds")
        .arg(required("id", "ID", "Which"))
        .arg(
            Arg::new("setting")
                .value_name("NAME=VALUE")
                .required(true)
                .action(ArgAction::Append)
                .help("Such as agent_cap=5; \\n in a value begins a new line"),
        )
        .after_help(format!("Settings:\n  name: Its name for people to read.\n{names}"))
}

pub async fn show(desk: &Desk, matches: &ArgMatches) -> Result<()> {
    let company = desk.admin.company(&operator(matches)?).await?;
    say(&format!("name={}", company.name))?;
    for (name, value) in company.settings.texts() {
        say(&format!("{name}={}", value.replace('\n', "\\n")))?;
    }
    Ok(())
}

pub async fn set(desk: &Desk, matches: &ArgMatches) -> Result<()> {
    let mut pairs = Vec::new();
    for word in matches.get_many::<String>("setting").into_iter().flatten() {
        let Some((name, value)) = word.split_once('=') else { bail!("`{word}` is not like NAME=VALUE") };
        pairs.push((name.to_owned(), value.replace("\\n", "\n")));
    }
    let change = move |company: &mut Company| {
        let mut settings = (*company.settings).clone();
        for (name, value) in &pairs {
            if name == "name" {
                company.name = Name::parse("name", value)?;
            } else if !settings.set(name, value)? {
                return Err(Error::NotFound("setting"));
            }
        }
        company.settings = settings.into();
        Ok(())
    };
    desk.admin.change_company(&operator(matches)?, change).await?;
    Ok(())
}

fn operator(matches: &ArgMatches) -> Result<Caller> {
    let id = matches.get_one::<String>("id").map(String::as_str).unwrap_or_default();
    Ok(Caller::operator(CompanyId::parse(id)?))
}
