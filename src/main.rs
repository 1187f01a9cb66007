use std::process::ExitCode;

fn main() -> ExitCode {
    muheng::cli::run()
}
