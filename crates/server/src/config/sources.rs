//! Where settings come from, which source wins, and what is wrong with a value.

use std::collections::{BTreeMap, HashMap};
use std::fmt::{self, Write as _};
use std::path::{Path, PathBuf};
use std::str::FromStr;

use clap::{Arg, ArgMatches};

use super::secret::Hidden;
use super::settings::{Config, Example, SETTINGS, Setting};

/// Read when it is there and no other is named.
const DEFAULT_FILE: &str = "nodechat.toml";

/// Variables that hosting platforms set for a setting, besides its own one, which wins.
pub const CUSTOMARY: &[(&str, &str)] = &[("database_url", "DATABASE_URL")];

/// What the variables begin with in which tools for S3 look for keys.
pub const AWS: &str = "AWS_";

#[derive(Debug, thiserror::Error)]
pub enum ConfigError {
    #[error("{origin}: `{key}` cannot be {value:?}: {why}")]
    Value { key: &'static str, value: String, origin: Origin, why: String },
    #[error("{path}: there is no setting `{key}`{}", nearest(.near))]
    UnknownKey { path: PathBuf, key: String, near: Option<&'static str> },
    #[error("{path}: `{key}` has to be a text, a number, true, false or a list of texts")]
    Shape { path: PathBuf, key: String },
    #[error("`{key}` is set, and so is `{key}_file` ({path}); keep one of them")]
    Twice { key: &'static str, path: PathBuf },
    #[error("{path}: {why}")]
    File { path: PathBuf, why: String },
}

/// Where a value came from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Origin {
    Flag,
    Environment,
    File(PathBuf),
    Default,
}

/// A list of texts: in a file an array, elsewhere separated by commas.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct List(pub Vec<String>);

/// The flags of all settings, for commands that take them.
pub fn flags() -> Vec<Arg> {
    let settings = SETTINGS.iter().map(|setting| {
        let arg = Arg::new(setting.key)
            .long(setting.key.replace('_', "-"))
            .value_name(value_name(setting))
            .help(help(setting));
        if setting.example == Example::Switch {
            arg.num_args(0..=1).require_equals(true).default_missing_value("true")
        } else {
            arg
        }
    });
    let file = Arg::new("config")
        .long("config")
        .value_name("FILE")
        .help("File with settings; `nodechat.toml` in this folder when it is there");
    std::iter::once(file).chain(settings).collect()
}

/// The configuration: each flag wins over its `NODECHAT_*` variable, that over the file, that over
/// the default. `environment` are variables of the process.
pub fn load(matches: &ArgMatches, environment: &HashMap<String, String>) -> Result<Config, ConfigError> {
    let named = given(matches, "config").or(environment.get("NODECHAT_CONFIG")).map(PathBuf::from);
    let path = named.clone().unwrap_or_else(|| DEFAULT_FILE.into());
    let file = if named.is_some() || path.exists() { read_file(&path)? } else { BTreeMap::new() };
    let mut config = Config::read(|setting| {
        if let Some(text) = given(matches, setting.key) {
            return (text.clone(), Origin::Flag);
        }
        if let Some(text) = environment.get(&variable(setting)) {
            return (text.clone(), Origin::Environment);
        }
        if let Some(text) = customary(setting, environment) {
            return (text.clone(), Origin::Environment);
        }
        if let Some(text) = file.get(setting.key) {
            return (text.clone(), Origin::File(path.clone()));
        }
        (setting.default.to_owned(), Origin::Default)
    })?;
    let aws = environment.iter().filter(|(name, value)| name.starts_with(AWS) && !value.is_empty());
    config.aws = aws.map(|(name, value)| (name.clone(), Hidden::from(value.clone()))).collect();
    config.database_url = config.database_url.or_from("database_url", &config.database_url_file)?;
    config.redis_url = config.redis_url.or_from("redis_url", &config.redis_url_file)?;
    Ok(config)
}

/// `config.example.toml`: every setting with its default, commented out.
pub fn example() -> String {
    let mut text = String::from(
        "# Settings of Nodechat. Each can also be a flag (`--data-dir`) or a variable\n\
         # (`NODECHAT_DATA_DIR`); flags win over variables, variables over this file.\n\
         # Made by `nodechat config example`.\n",
    );
    for setting in SETTINGS {
        let value = match setting.example {
            Example::Text => format!("{:?}", setting.default),
            Example::List => "[]".to_owned(),
            Example::Number | Example::Switch => setting.default.to_owned(),
        };
        let _ = write!(text, "\n#{}\n#{} = {value}\n", setting.help, setting.key);
    }
    text
}

fn given<'a>(matches: &'a ArgMatches, key: &str) -> Option<&'a String> {
    matches.try_get_one::<String>(key).ok().flatten()
}

fn variable(setting: &Setting) -> String {
    format!("NODECHAT_{}", setting.key.to_uppercase())
}

/// Set but empty is what many a platform means by "not set".
fn customary<'a>(setting: &Setting, environment: &'a HashMap<String, String>) -> Option<&'a String> {
    let (_, name) = CUSTOMARY.iter().find(|(key, _)| *key == setting.key)?;
    environment.get(*name).filter(|text| !text.is_empty())
}

fn read_file(path: &Path) -> Result<BTreeMap<String, String>, ConfigError> {
    let text = std::fs::read_to_string(path)
        .map_err(|error| ConfigError::File { path: path.into(), why: error.to_string() })?;
    let table: toml::Table = text
        .parse()
        .map_err(|error: toml::de::Error| ConfigError::File { path: path.into(), why: error.to_string() })?;
    let mut values = BTreeMap::new();
    for (key, value) in table {
        if !SETTINGS.iter().any(|setting| setting.key == key) {
            let near = nearest_key(&key);
            return Err(ConfigError::UnknownKey { path: path.into(), key, near });
        }
        let text = plain(&value).ok_or_else(|| ConfigError::Shape { path: path.into(), key: key.clone() })?;
        values.insert(key, text);
    }
    Ok(values)
}

fn plain(value: &toml::Value) -> Option<String> {
    match value {
        toml::Value::String(text) => Some(text.clone()),
        toml::Value::Integer(number) => Some(number.to_string()),
        toml::Value::Boolean(switch) => Some(switch.to_string()),
        toml::Value::Array(items) => {
            let texts: Option<Vec<_>> = items.iter().map(toml::Value::as_str).collect();
            texts.map(|texts| texts.join(","))
        }
        _ => None,
    }
}

fn nearest_key(key: &str) -> Option<&'static str> {
    SETTINGS
        .iter()
        .map(|setting| (strsim::damerau_levenshtein(setting.key, &key.replace('-', "_")), setting.key))
        .min()
        .filter(|(distance, near)| *distance <= near.len() / 2)
        .map(|(_, near)| near)
}

fn nearest(near: &Option<&'static str>) -> String {
    near.map(|near| format!(", did you mean `{near}`?")).unwrap_or_default()
}

fn value_name(setting: &Setting) -> &'static str {
    match setting.example {
        Example::Text => "TEXT",
        Example::Number => "NUMBER",
        Example::Switch => "BOOL",
        Example::List => "LIST",
    }
}

fn help(setting: &Setting) -> String {
    let default = if setting.default.is_empty() { "none" } else { setting.default };
    format!("{} [default: {default}]", setting.help.trim())
}

impl ConfigError {
    pub(super) fn value(setting: &Setting, value: &str, origin: Origin, why: &dyn fmt::Display) -> Self {
        ConfigError::Value { key: setting.key, value: value.to_owned(), origin, why: why.to_string() }
    }
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Origin::Flag => f.write_str("command line"),
            Origin::Environment => f.write_str("environment"),
            Origin::File(path) => path.display().fmt(f),
            Origin::Default => f.write_str("default"),
        }
    }
}

impl FromStr for List {
    type Err = std::convert::Infallible;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Ok(List(text.split(',').map(str::trim).filter(|item| !item.is_empty()).map(str::to_owned).collect()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn load_from(arguments: &[&str], environment: &[(&str, &str)]) -> Result<Config, ConfigError> {
        let command = clap::Command::new("serve").no_binary_name(true).args(flags());
        let environment = environment.iter().map(|(k, v)| (k.to_string(), v.to_string())).collect();
        load(&command.get_matches_from(arguments), &environment)
    }

    fn file(text: &str) -> tempfile::NamedTempFile {
        let file = tempfile::NamedTempFile::new().unwrap();
        std::fs::write(file.path(), text).unwrap();
        file
    }

    #[test]
    fn flags_win_over_the_environment_and_that_over_the_file() {
        let file = file(
            "ticket_hours = 1\ntoken_seconds = 1\nping_timeout_ms = 1\norigins = [\"https://a\", \"https://b\"]",
        );
        let path = file.path().to_str().unwrap();
        let config = load_from(
            &["--config", path, "--ticket-hours", "3", "--demo"],
            &[("NODECHAT_TICKET_HOURS", "2"), ("NODECHAT_TOKEN_SECONDS", "2")],
        )
        .unwrap();
        assert_eq!((config.ticket_hours, config.token_seconds, config.ping_timeout_ms), (3, 2, 1));
        assert_eq!(config.origins, List(vec!["https://a".into(), "https://b".into()]));
        assert!(config.demo);
        assert_eq!(config.listen.to_string(), "127.0.0.1:3100");
    }

    #[test]
    fn an_unknown_key_is_refused_with_the_nearest_name() {
        let file = file("data-dri = \"x\"");
        let error = load_from(&["--config", file.path().to_str().unwrap()], &[]).unwrap_err();
        assert!(
            error.to_string().ends_with("there is no setting `data-dri`, did you mean `data_dir`?"),
            "{error}"
        );
    }

    #[test]
    fn a_wrong_value_names_its_key_and_where_it_stands() {
        let error = load_from(&["--ticket-hours", "many"], &[]).unwrap_err().to_string();
        assert_eq!(error, "command line: `ticket_hours` cannot be \"many\": invalid digit found in string");
        let error = load_from(&[], &[("NODECHAT_LISTEN", "3100")]).unwrap_err().to_string();
        assert!(error.starts_with("environment: `listen` cannot be \"3100\""), "{error}");
    }

    #[test]
    fn the_customary_variable_is_read_and_our_own_one_wins() {
        let customary = ("DATABASE_URL", "postgres://a");
        let read = |environment: &[_]| load_from(&[], environment).unwrap().database_url.reveal().to_owned();
        assert_eq!(read(&[customary]), "postgres://a");
        assert_eq!(read(&[customary, ("NODECHAT_DATABASE_URL", "postgres://b")]), "postgres://b");
        assert_eq!(read(&[("DATABASE_URL", "")]), "");
    }

    #[test]
    fn a_secret_comes_from_its_file_and_is_shown_nowhere() {
        let secret = file("redis://:hush@host\n");
        let path = secret.path().to_str().unwrap();
        let config = load_from(&["--redis-url-file", path], &[]).unwrap();
        assert_eq!(config.redis_url.reveal(), "redis://:hush@host");
        assert!(!format!("{config:?}").contains("hush"));
        assert!(load_from(&["--redis-url-file", "/nowhere/url"], &[]).is_err());
        assert!(load_from(&["--redis-url-file", file(" \n").path().to_str().unwrap()], &[]).is_err());
    }

    #[test]
    fn a_secret_that_is_given_twice_is_refused_without_being_shown() {
        let secret = file("postgres://u:hush@a/db");
        let path = secret.path().to_str().unwrap();
        let both = load_from(&["--database-url", "postgres://u:hush@b/db", "--database-url-file", path], &[]);
        let refused = both.unwrap_err().to_string();
        assert!(refused.starts_with("`database_url` is set, and so is `database_url_file`"), "{refused}");
        assert!(!refused.contains("hush"));
    }

    #[test]
    fn a_file_that_is_named_has_to_be_there() {
        assert!(load_from(&["--config", "/nowhere/nodechat.toml"], &[]).is_err());
    }

    #[test]
    fn the_example_with_its_comments_taken_away_is_the_default() {
        let text: String = example()
            .lines()
            .map(|line| line.strip_prefix('#').unwrap_or(line))
            .filter(|line| line.contains(" = "))
            .fold(String::new(), |text, line| text + line + "\n");
        let file = file(&text);
        let config = load_from(&["--config", file.path().to_str().unwrap()], &[]).unwrap();
        assert_eq!(format!("{config:?}"), format!("{:?}", load_from(&[], &[]).unwrap()));
    }
}
