//! `campus-pass`: the command line.

use clap::{Parser, Subcommand};
use server::settings::{NewSite, PublishKinds, PublishPreset, Serving, Settings, Showing};

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
    /// What concerns a whole site.
    #[command(subcommand)]
    Site(Site),
    /// What people may apply for.
    #[command(subcommand)]
    Kinds(Kinds),
    /// Make the demonstration sites, once; prints their logins.
    Demo(Showing),
    /// Answer requests.
    Serve(Box<Serving>),
}

#[derive(Subcommand)]
enum Site {
    /// Make a site with its first administrator, whose password is printed once.
    Create(NewSite),
}

#[derive(Subcommand)]
enum Kinds {
    /// Publish a folder of pass kinds' documents: all of them, or none while one has a fault.
    Publish(PublishKinds),
    /// Publish a preset that comes with the product.
    Preset(PublishPreset),
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
        Command::Site(Site::Create(new)) => server::commands::create_site(&settings, &new).await,
        Command::Kinds(Kinds::Publish(asked)) => server::kinds::publish(&settings, &asked).await,
        Command::Kinds(Kinds::Preset(asked)) => server::kinds::publish_preset(&settings, &asked).await,
        Command::Demo(showing) => server::commands::demo(&settings, &showing).await,
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
