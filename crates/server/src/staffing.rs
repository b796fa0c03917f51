//! `nodechat agent`: the first account of a company, which makes all others, and a way in for whoever has lost its
//! password.

use std::io::BufRead as _;

use anyhow::{Context, Result, bail};
use clap::{Arg, ArgMatches, Command};
use nodechat_domain::app::NewAgent;
use nodechat_domain::model::{Agent, Caller, CompanyId, Login, Name, Password, Role};
use nodechat_domain::port::{AgentQuery, Entropy};

use crate::Desk;
use crate::cli::{data_command, required, say, switch};
use crate::world::SystemEntropy;

/// Letters of a password that is made here: none that looks like another one.
const LETTERS: &[u8; 32] = b"abcdefghijkmnpqrstuvwxyz23456789";
const LENGTH: usize = 20;

/// Agents that are listed at once.
const PAGE: usize = 500;

pub fn command() -> Command {
    Command::new("agent")
        .about("Accounts of the people who answer visitors")
        .subcommand_required(true)
        .arg_required_else_help(true)
        .subcommand(
            with_password("create", "Make an account; prints its account id")
                .arg(
                    Arg::new("nick")
                        .long("nick")
                        .value_name("NAME")
                        .help("Name that visitors see; else the login"),
                )
                .arg(
                    Arg::new("role")
                        .long("role")
                        .value_parser(["owner", "admin", "supervisor", "agent"])
                        .default_value("owner")
                        .help("What it may do"),
                ),
        )
        .subcommand(with_password("password", "Give an account another password and end its sessions"))
        .subcommand(data_command("list", "List agents: account id, role, login, name").arg(required(
            "company",
            "ID",
            "Of which company",
        )))
}

fn with_password(name: &'static str, about: &'static str) -> Command {
    data_command(name, about)
        .arg(required("company", "ID", "Of which company"))
        .arg(required("login", "NAME", "What it logs in with"))
        .arg(switch(
            "password-stdin",
            "Read the password from standard input; else one is made, and printed on a line of its own",
        ))
}

pub async fn run(desk: &Desk, matches: &ArgMatches) -> Result<()> {
    match matches.subcommand() {
        Some(("create", matches)) => create(desk, matches).await,
        Some(("password", matches)) => password(desk, matches).await,
        Some(("list", matches)) => list(desk, matches).await,
        _ => unreachable!("clap asks for a subcommand"),
    }
}

/// The command whose settings count: the one that was named last.
pub fn innermost(matches: &ArgMatches) -> &ArgMatches {
    matches.subcommand().map_or(matches, |(_, inner)| inner)
}

async fn create(desk: &Desk, matches: &ArgMatches) -> Result<()> {
    let caller = operator(desk, matches).await?;
    let login = Login::parse(text(matches, "login"))?;
    let nick = matches.get_one::<String>("nick").map_or(login.as_str(), String::as_str);
    let (password, is_made) = take_password(matches)?;
    let new = NewAgent {
        aid: desk.admin.new_aid()?,
        nick: Name::parse("nick", nick)?,
        role: Role::parse(text(matches, "role"))?,
        cap: None,
        login: login.clone(),
        password: password.clone(),
    };
    let agent = desk.admin.new_agent(&caller, new).await;
    let agent = agent.with_context(|| format!("the account `{login}` was not made"))?;
    say(agent.aid.as_str())?;
    if is_made { say(password.reveal()) } else { Ok(()) }
}

async fn password(desk: &Desk, matches: &ArgMatches) -> Result<()> {
    let caller = operator(desk, matches).await?;
    let login = Login::parse(text(matches, "login"))?;
    let agent =
        everybody(desk, &caller).await?.into_iter().find(|agent| agent.login.as_ref() == Some(&login));
    let Some(agent) = agent else { bail!("nobody of `{}` logs in as `{login}`", caller.company) };
    let (password, is_made) = take_password(matches)?;
    desk.admin.set_password(&caller, &agent.aid, None, password.clone()).await?;
    if is_made { say(password.reveal()) } else { Ok(()) }
}

async fn list(desk: &Desk, matches: &ArgMatches) -> Result<()> {
    let caller = operator(desk, matches).await?;
    for agent in everybody(desk, &caller).await? {
        let login = agent.login.as_ref().map_or("-", Login::as_str);
        let role = if agent.active { agent.role.name() } else { "not active" };
        say(&format!("{}\t{role}\t{login}\t{}", agent.aid, agent.nick))?;
    }
    Ok(())
}

async fn everybody(desk: &Desk, caller: &Caller) -> Result<Vec<Agent>> {
    let mut query = AgentQuery::of(caller.company.clone(), PAGE);
    let mut all = Vec::new();
    loop {
        let page = desk.admin.list_agents(caller, query.clone()).await?;
        let Some(last) = page.last() else { return Ok(all) };
        query.after = Some(last.aid.clone());
        all.extend(page);
    }
}

/// Whoever sits at the machine administers every company that there is.
async fn operator(desk: &Desk, matches: &ArgMatches) -> Result<Caller> {
    let caller = Caller::operator(CompanyId::parse(text(matches, "company"))?);
    desk.admin.company(&caller).await.with_context(|| format!("company `{}`", caller.company))?;
    Ok(caller)
}

/// The password, and whether it was made here.
fn take_password(matches: &ArgMatches) -> Result<(Password, bool)> {
    if !matches.get_flag("password-stdin") {
        return Ok((make_password()?, true));
    }
    let mut line = String::new();
    std::io::stdin().lock().read_line(&mut line).context("standard input cannot be read")?;
    Ok((Password::parse(line.trim_end_matches(['\r', '\n']))?, false))
}

/// A hundred random bits.
fn make_password() -> Result<Password> {
    let mut random = [0; LENGTH];
    SystemEntropy.fill(&mut random);
    let letters: String = random.iter().map(|byte| char::from(LETTERS[usize::from(byte % 32)])).collect();
    Ok(Password::parse(&letters)?)
}

fn text<'a>(matches: &'a ArgMatches, key: &str) -> &'a str {
    matches.get_one::<String>(key).map(String::as_str).unwrap_or_default()
}
