//! The listening server: started with settings, stopped by a signal, requests in flight answered first as far as
//! that takes no more than a few seconds.

use crate::deliver::{Delivery, Outside};
use crate::files::{self, Files};
use crate::jobs::{self, Jobs};
use crate::routes::{self, Shared};
use crate::settings::{Serving, Settings};
use app::backend::Backend;
use app::backend::issuer::Issuers;
use leptos::prelude::LeptosOptions;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;
use tokio::net::TcpListener;

/// How long PostgreSQL may work at one statement. Longer than any takes; a lock that is never given up must not hold a connection for
/// ever.
const STATEMENT_TIMEOUT: Duration = Duration::from_secs(25);
/// How long requests in flight are waited for.
const SHUTDOWN: Duration = Duration::from_secs(5);

/// Serves until SIGINT or SIGTERM.
///
/// # Errors
/// What is missing, in one sentence: the database, the built files, the port.
pub async fn serve(settings: &Settings, serving: &Serving) -> Result<(), Box<dyn std::error::Error>> {
    let pool = store::open(
        &settings.database_url,
        serving.database_connections,
        Some(STATEMENT_TIMEOUT),
    )
    .await
    .map_err(|error| format!("the database cannot be reached: {error}"))?;
    let folder = &serving.site_dir;
    let assets = files::assets(folder).map_err(|error| {
        format!(
            "no built files in {} ({error}); build them with: make build",
            folder.display()
        )
    })?;
    let issuers = Arc::new(Issuers::new(&settings.seal_key()?));
    let outside = Outside {
        secure: serving.secure,
        // Behind TLS there is a proxy, which listens on the usual port.
        port: (!serving.secure).then(|| serving.listen.port()),
    };
    let delivery = Delivery::new(&serving.telling, issuers.clone(), outside)?;
    let channels = delivery.channels();
    if let Err(error) = jobs::warn_of_silence(&pool, &channels).await {
        tracing::error!(%error, "the sites could not be looked at");
    }
    let listener = TcpListener::bind(serving.listen).await.map_err(|error| {
        format!(
            "cannot listen on {}: {error}; choose another port with PORT=…",
            serving.listen
        )
    })?;
    tracing::info!(address = %listener.local_addr()?, "listening");
    let shelf = serving.bucket.shelf()?;
    let jobs = Jobs::start(pool.clone(), &Arc::new(delivery), shelf.clone());
    let shared = Shared {
        backend: Backend {
            pool,
            issuers,
            assets: Arc::new(assets),
            secure: serving.secure,
            channels,
        },
        files: Files(Arc::new(folder.clone())),
        shelf,
        leptos: LeptosOptions::builder().output_name("app").build(),
    };
    let service =
        routes::router(shared, serving.trust_proxy).into_make_service_with_connect_info::<SocketAddr>();
    let (told, stopping) = tokio::sync::oneshot::channel();
    let served = axum::serve(listener, service).with_graceful_shutdown(async {
        stop_signal().await;
        // Nobody listens any more only when serving has ended by itself.
        let _ = told.send(());
    });
    let patience = async {
        if stopping.await.is_ok() {
            tokio::time::sleep(SHUTDOWN).await;
        } else {
            std::future::pending::<()>().await;
        }
    };
    tokio::select! {
        done = served => done?,
        () = patience => tracing::warn!("some requests were not answered in time; stopping all the same"),
    }
    if tokio::time::timeout(SHUTDOWN, jobs.stop()).await.is_err() {
        tracing::warn!("the background jobs did not end in time; stopping all the same");
    }
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
