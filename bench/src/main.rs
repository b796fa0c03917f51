//! The program `nodechat-bench`; `script/bench` is the way to call it.

use nodechat_bench::{cli, floor, run};
use std::process::ExitCode;

fn main() -> ExitCode {
    let command = match cli::parse(std::env::args().skip(1)) {
        Ok(command) => command,
        Err(reason) => {
            eprintln!("{reason}\n\n{}", cli::USAGE);
            return ExitCode::from(64);
        }
    };
    let outcome = match command {
        cli::Command::Floor => floor::run().map(|()| true),
        cli::Command::Run(options) => run::run(&options),
    };
    match outcome {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::from(2),
        Err(error) => {
            eprintln!("not measured: {error}");
            ExitCode::FAILURE
        }
    }
}
