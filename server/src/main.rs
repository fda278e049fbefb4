//! `campus-pass`: the command line.

use clap::{Parser, Subcommand};
use server::settings::{Serving, Settings};

/// Campus Pass: opens a university's gates to the right people.
#[derive(Parser)]
#[command(version)]
struct CommandLine {
    #[command(flatten)]
    settings: Settings,
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Bring the database up to this version.
    Migrate,
    /// Make the demonstration site, once; prints its logins.
    Demo,
    /// Answer requests.
    Serve(Serving),
}

#[tokio::main]
async fn main() -> std::process::ExitCode {
    tracing_subscriber::fmt()
        .with_env_filter(
            tracing_subscriber::EnvFilter::try_from_default_env()
                .unwrap_or_else(|_| "info,sqlx=warn,tower_http=warn".into()),
        )
        .with_writer(std::io::stderr)
        .init();
    let CommandLine { settings, command } = CommandLine::parse();
    let done = match command {
        Command::Migrate => server::commands::migrate(&settings).await,
        Command::Demo => server::commands::demo(&settings).await,
        Command::Serve(serving) => server::listen::serve(&settings, &serving).await,
    };
    match done {
        Ok(()) => std::process::ExitCode::SUCCESS,
        Err(error) => {
            tracing::error!("{error}");
            std::process::ExitCode::FAILURE
        }
    }
}
