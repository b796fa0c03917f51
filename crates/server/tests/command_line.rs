//! The command line as scripts of others use it, through the real binary.

use std::path::Path;
use std::process::{Command, Output};

fn nodechat(folder: &Path, arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_nodechat"))
        .args(arguments)
        .current_dir(folder)
        .output()
        .expect("the binary was built by this test run")
}

fn printed(output: &Output) -> &str {
    std::str::from_utf8(&output.stdout).expect("it prints UTF-8")
}

fn complaint(output: &Output) -> &str {
    std::str::from_utf8(&output.stderr).expect("it prints UTF-8")
}

#[test]
fn a_company_and_its_key_are_made_by_two_commands() {
    let folder = tempfile::tempdir().unwrap();
    let made = nodechat(
        folder.path(),
        &["company", "create", "--data-dir", "d", "--id", "c1", "--name", "Shop One"],
    );
    assert!(made.status.success(), "{}", complaint(&made));
    assert_eq!(printed(&made), "c1\n");
    let key = nodechat(folder.path(), &["apikey", "create", "--data-dir", "d", "--company", "c1"]);
    assert!(key.status.success(), "{}", complaint(&key));
    assert_eq!(printed(&key).lines().count(), 1);
    assert!(printed(&key).starts_with("nck_"), "nothing but the key is printed");
    let list = nodechat(folder.path(), &["company", "list", "--data-dir", "d"]);
    assert_eq!(printed(&list), "c1\town\tShop One\n");
}

#[test]
fn a_company_is_made_once() {
    let folder = tempfile::tempdir().unwrap();
    let create = ["company", "create", "--data-dir", "d", "--id", "c1", "--name", "Shop One"];
    assert!(nodechat(folder.path(), &create).status.success());
    let again = nodechat(folder.path(), &create);
    assert!(!again.status.success());
    assert!(again.stdout.is_empty());
    assert!(complaint(&again).contains("c1"), "{}", complaint(&again));
}

#[test]
fn a_key_needs_a_company_that_is_there() {
    let folder = tempfile::tempdir().unwrap();
    let refused = nodechat(folder.path(), &["apikey", "create", "--data-dir", "d", "--company", "nowhere"]);
    assert!(!refused.status.success());
    assert!(refused.stdout.is_empty());
    assert!(complaint(&refused).contains("no such company"), "{}", complaint(&refused));
}

#[test]
fn a_key_opens_what_its_scopes_say_and_a_misspelt_one_makes_none() {
    let folder = tempfile::tempdir().unwrap();
    let create = |scope: &str| {
        let args = ["apikey", "create", "--data-dir", "d", "--platform", "--name", "shops", "--scope", scope];
        nodechat(folder.path(), &args)
    };
    assert!(printed(&create("companies:write")).starts_with("nck_"));
    let refused = create("companies:make");
    assert!(!refused.status.success() && refused.stdout.is_empty());
    assert!(complaint(&refused).contains("companies:make"), "{}", complaint(&refused));
}

#[test]
fn a_token_for_trying_out_is_printed_alone() {
    let folder = tempfile::tempdir().unwrap();
    nodechat(folder.path(), &["company", "create", "--data-dir", "d", "--id", "c1", "--name", "Shop One"]);
    let token =
        nodechat(folder.path(), &["token", "create", "--data-dir", "d", "--company", "c1", "--aid", "u1"]);
    assert!(token.status.success(), "{}", complaint(&token));
    assert!(printed(&token).starts_with("nct_"), "{}", printed(&token));
}

#[test]
fn a_misspelt_setting_is_refused_with_the_nearest_name() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("nodechat.toml"), "tiket_hours = 1\n").unwrap();
    let refused = nodechat(folder.path(), &["company", "list"]);
    assert!(!refused.status.success());
    assert!(complaint(&refused).contains("did you mean `ticket_hours`?"), "{}", complaint(&refused));
}

#[test]
fn completions_are_printed_for_a_shell() {
    let folder = tempfile::tempdir().unwrap();
    let bash = nodechat(folder.path(), &["completions", "bash"]);
    assert!(bash.status.success());
    assert!(printed(&bash).contains("--data-dir"));
}

#[test]
fn the_example_in_the_repository_is_the_one_that_is_printed() {
    let folder = tempfile::tempdir().unwrap();
    let example = nodechat(folder.path(), &["config", "example"]);
    let kept =
        std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/../../config.example.toml")).unwrap();
    assert_eq!(printed(&example), kept, "run `nodechat config example > config.example.toml`");
}

#[test]
fn a_server_that_cannot_start_does_not_say_that_it_listens() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("d"), "a file").unwrap();
    let refused = nodechat(folder.path(), &["serve", "--listen", "127.0.0.1:0", "--data-dir", "d"]);
    assert_eq!(refused.status.code(), Some(1));
    assert_eq!(printed(&refused), "");
    assert!(complaint(&refused).contains("data folder d"), "{}", complaint(&refused));
}

#[cfg(unix)]
#[test]
fn a_variable_that_is_not_unicode_disturbs_nobody() {
    use std::os::unix::ffi::OsStrExt as _;
    let folder = tempfile::tempdir().unwrap();
    let strange = std::ffi::OsStr::from_bytes(b"\xff");
    let run = |name: &str| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_nodechat"));
        command.args(["company", "list", "--data-dir", "d"]).current_dir(folder.path());
        command.env(name, strange).output().expect("the binary was built by this test run")
    };
    let foreign = run("SOMEBODY_ELSES");
    assert!(foreign.status.success(), "{}", complaint(&foreign));
    let own = run("NODECHAT_LOG");
    assert_eq!(own.status.code(), Some(1));
    assert!(complaint(&own).contains("NODECHAT_LOG is not Unicode"), "{}", complaint(&own));
}

#[test]
fn a_copy_has_what_the_source_has_and_says_what_to_do_next() {
    let folder = tempfile::tempdir().unwrap();
    nodechat(folder.path(), &["company", "create", "--data-dir", "d", "--id", "c1", "--name", "Shop One"]);
    let copied = nodechat(folder.path(), &["copy", "--from", "d", "--to", "e"]);
    assert!(copied.status.success(), "{}", complaint(&copied));
    assert!(printed(&copied).contains("this copy is complete"), "{}", printed(&copied));
    assert!(copied.stderr.is_empty(), "no progress where nobody watches: {}", complaint(&copied));
    let again = nodechat(folder.path(), &["copy", "--from", "d", "--to", "e", "--json"]);
    assert!(printed(&again).contains("\"complete\":true"), "{}", printed(&again));
    let list = nodechat(folder.path(), &["company", "list", "--data-dir", "e"]);
    assert_eq!(printed(&list), "c1\town\tShop One\n");

    let refused = nodechat(folder.path(), &["copy", "--from", "d", "--to", "e"]);
    assert!(!refused.status.success());
    assert!(complaint(&refused).contains("a history of its own"), "{}", complaint(&refused));
}

#[test]
fn a_copy_never_shows_a_password() {
    let folder = tempfile::tempdir().unwrap();
    let nowhere = "postgres://ann:hunter2@127.0.0.1:1/chat";
    let refused = nodechat(folder.path(), &["copy", "--from", nowhere, "--to", "e"]);
    assert!(!refused.status.success());
    assert!(complaint(&refused).contains("postgres://127.0.0.1:1/chat"), "{}", complaint(&refused));
    assert!(!complaint(&refused).contains("hunter2"), "{}", complaint(&refused));
    assert!(!folder.path().join("e").exists(), "nothing is made where nothing is copied");
}

#[test]
fn an_account_is_made_with_a_password_that_is_shown_once() {
    let folder = tempfile::tempdir().unwrap();
    nodechat(folder.path(), &["company", "create", "--data-dir", "d", "--id", "c1", "--name", "Shop One"]);
    let create = ["agent", "create", "--data-dir", "d", "--company", "c1", "--login", "Boss"];
    let made = nodechat(folder.path(), &create);
    assert!(made.status.success(), "{}", complaint(&made));
    let lines: Vec<_> = printed(&made).lines().collect();
    assert!(lines.len() == 2 && lines[0].starts_with("a-") && lines[1].len() == 20, "{lines:?}");
    let list = nodechat(folder.path(), &["agent", "list", "--data-dir", "d", "--company", "c1"]);
    assert_eq!(printed(&list), format!("{}\towner\tboss\tboss\n", lines[0]));
    let again = nodechat(folder.path(), &create);
    assert!(!again.status.success() && again.stdout.is_empty());
    let other = ["agent", "password", "--data-dir", "d", "--company", "c1", "--login", "boss"];
    let other = nodechat(folder.path(), &other);
    assert!(other.status.success(), "{}", complaint(&other));
    assert!(printed(&other).lines().count() == 1 && printed(&other).trim() != lines[1]);
}

#[test]
fn settings_of_a_company_are_set_and_shown_by_their_names() {
    let folder = tempfile::tempdir().unwrap();
    nodechat(folder.path(), &["company", "create", "--data-dir", "d", "--id", "c1", "--name", "Shop One"]);
    let set = |words: &[&str]| {
        let command = ["company", "set", "--data-dir", "d", "--id", "c1"];
        nodechat(folder.path(), &[&command[..], words].concat())
    };
    let changed = set(&["agent_cap=5", "hours=mon 09:00-18:00"]);
    assert!(changed.status.success(), "{}", complaint(&changed));
    let shown = nodechat(folder.path(), &["company", "show", "--data-dir", "d", "--id", "c1"]);
    let shown = printed(&shown);
    assert!(shown.contains("agent_cap=5\n") && shown.contains("hours=mon 09:00-18:00\n"), "{shown}");
    assert!(shown.contains("name=Shop One\n") && shown.contains("locale=zh-CN\n"), "{shown}");
    for odd in [&["agent_cap=0"][..], &["no_such=1"], &["agent_cap"], &["agent_cap=7", "zone=Nowhere"]] {
        let refused = set(odd);
        assert!(!refused.status.success(), "{odd:?}");
    }
    let shown = nodechat(folder.path(), &["company", "show", "--data-dir", "d", "--id", "c1"]);
    assert!(printed(&shown).contains("agent_cap=5\n"), "a refused change changes nothing");
}
