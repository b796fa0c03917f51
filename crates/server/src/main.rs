//! The binary: reads the world, then calls [`nodechat::cli::main`].

use std::process::ExitCode;

fn main() -> ExitCode {
    match nodechat::cli::main() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("nodechat: {error:#}");
            ExitCode::FAILURE
        }
    }
}
