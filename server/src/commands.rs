//! The commands that are not `serve`.

use crate::settings::Settings;

type Done = Result<(), Box<dyn std::error::Error>>;

/// Brings the database up to this version.
///
/// # Errors
/// What is missing, in one sentence.
pub async fn migrate(settings: &Settings) -> Done {
    let pool = store::open(&settings.database_url, 1).await?;
    store::migrate(&pool).await?;
    Ok(())
}

/// Makes the demonstration site, once.
///
/// # Errors
/// What is missing, in one sentence.
pub async fn demo(_settings: &Settings) -> Done {
    Ok(())
}
