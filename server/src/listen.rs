//! The listening server: started with settings, stopped by a signal, requests in flight answered first.

use crate::files::{self, Files};
use crate::jobs::Jobs;
use crate::routes::{self, Shared};
use crate::settings::{Serving, Settings};
use app::backend::Backend;
use app::backend::issuer::Issuers;
use leptos::prelude::LeptosOptions;
use std::net::SocketAddr;
use std::sync::Arc;
use tokio::net::TcpListener;

/// Serves until SIGINT or SIGTERM.
///
/// # Errors
/// What is missing, in one sentence: the database, the built files, the port.
pub async fn serve(settings: &Settings, serving: &Serving) -> Result<(), Box<dyn std::error::Error>> {
    let pool = store::open(&settings.database_url, serving.database_connections)
        .await
        .map_err(|error| format!("the database cannot be reached: {error}"))?;
    let folder = &serving.site_dir;
    let assets = files::assets(folder).map_err(|error| {
        format!(
            "no built files in {} ({error}); build them with: make build",
            folder.display()
        )
    })?;
    let listener = TcpListener::bind(serving.listen).await.map_err(|error| {
        format!(
            "cannot listen on {}: {error}; choose another port with PORT=…",
            serving.listen
        )
    })?;
    tracing::info!(address = %listener.local_addr()?, "listening");
    let seal_key = settings.seal_key()?;
    let jobs = Jobs::start(pool.clone());
    let shared = Shared {
        backend: Backend {
            pool,
            issuers: Arc::new(Issuers::new(&seal_key)),
            assets: Arc::new(assets),
            secure: serving.secure,
        },
        files: Files(Arc::new(folder.clone())),
        leptos: LeptosOptions::builder().output_name("app").build(),
    };
    let service =
        routes::router(shared, serving.trust_proxy).into_make_service_with_connect_info::<SocketAddr>();
    axum::serve(listener, service)
        .with_graceful_shutdown(stop_signal())
        .await?;
    jobs.stop().await;
    Ok(())
}

/// Ends when the operator or the system asks for it.
async fn stop_signal() {
    use tokio::signal::unix::{SignalKind, signal};
    let (Ok(mut interrupt), Ok(mut terminate)) =
        (signal(SignalKind::interrupt()), signal(SignalKind::terminate()))
    else {
        tracing::error!("signals cannot be listened for; the server stops only by force");
        return std::future::pending().await;
    };
    tokio::select! {
        _ = interrupt.recv() => {}
        _ = terminate.recv() => {}
    }
    tracing::info!("stopping: requests in flight are answered first");
}
