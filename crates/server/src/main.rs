//! The binary: reads the world, then calls [`nodechat::cli::main`].

use std::process::ExitCode;

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    match nodechat::cli::main() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("nodechat: {error:#}");
            ExitCode::FAILURE
        }
    }
}
