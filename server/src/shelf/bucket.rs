//! A bucket of an S3-compatible store (Amazon's, or MinIO, Ceph and others on a university's own machines). Requests are signed by
//! their address (AWS Signature Version 4) for a minute; nobody but this server ever sees one.

use app::backend::now;
use rusty_s3::actions::{DeleteObject, GetObject, PutObject};
use rusty_s3::{Credentials, S3Action as _, UrlStyle};
use std::time::Duration;
use ureq::tls::{RootCerts, TlsConfig};

/// How long a signature is good.
const SIGNED_FOR: Duration = Duration::from_secs(60);
/// How long a request may take.
const PATIENCE: Duration = Duration::from_secs(30);

/// Where a bucket is and who may use it.
#[derive(Clone, Debug)]
pub struct Login<'a> {
    /// The store's address.
    pub url: &'a str,
    /// The bucket's name.
    pub name: &'a str,
    /// The region that signatures name.
    pub region: &'a str,
    /// Whether the bucket is named by the host, and not by the path.
    pub by_host: bool,
    /// The access key's id.
    pub key: &'a str,
    /// The secret that belongs to it.
    pub secret: &'a str,
}

/// A bucket.
pub struct Bucket {
    bucket: rusty_s3::Bucket,
    credentials: Credentials,
    agent: ureq::Agent,
}

/// Why a bucket does not do what it is asked.
#[derive(Debug, thiserror::Error)]
pub enum BucketError {
    /// It cannot be addressed like this.
    #[error("{0} is no address of a bucket")]
    Address(String),
    /// It cannot be reached.
    #[error("the bucket cannot be reached: {0}")]
    Unreachable(#[from] ureq::Error),
    /// It says no.
    #[error("the bucket answers {status} to a {what}: {says}")]
    Refused {
        /// What was asked of it.
        what: &'static str,
        /// The status of its answer.
        status: u16,
        /// What it says about it.
        says: String,
    },
    /// The server is ending.
    #[error("the request to the bucket was given up")]
    GivenUp,
}

impl Bucket {
    /// The bucket that a login names. Asks nothing of it yet.
    ///
    /// # Errors
    /// [`BucketError::Address`].
    pub fn new(login: &Login<'_>) -> Result<Bucket, BucketError> {
        let wrong = || BucketError::Address(login.url.to_owned());
        let url = login.url.parse().map_err(|_| wrong())?;
        let style = if login.by_host {
            UrlStyle::VirtualHost
        } else {
            UrlStyle::Path
        };
        let bucket = rusty_s3::Bucket::new(url, style, login.name.to_owned(), login.region.to_owned())
            .map_err(|_| wrong())?;
        // The machine's own certificates, for stores that a university signs by itself.
        let tls = TlsConfig::builder()
            .root_certs(RootCerts::PlatformVerifier)
            .build();
        let config = ureq::Agent::config_builder()
            .timeout_global(Some(PATIENCE))
            .http_status_as_error(false)
            .max_redirects(0)
            .tls_config(tls)
            .build();
        Ok(Bucket {
            bucket,
            credentials: Credentials::new(login.key, login.secret),
            agent: config.into(),
        })
    }

    /// Puts an object there.
    ///
    /// # Errors
    /// When it cannot be reached or says no.
    pub async fn put(&self, object: String, content: Vec<u8>) -> Result<(), BucketError> {
        let url =
            PutObject::new(&self.bucket, Some(&self.credentials), &object).sign_with_time(SIGNED_FOR, &now());
        let agent = self.agent.clone();
        away(move || {
            let mut answer = agent
                .put(url.as_str())
                .content_type("application/octet-stream")
                .send(&content[..])?;
            good("put", &mut answer)
        })
        .await
    }

    /// An object of at most so many bytes; none when it is not there.
    ///
    /// # Errors
    /// When it cannot be reached or says no.
    pub async fn get(&self, object: String, most_bytes: u32) -> Result<Option<Vec<u8>>, BucketError> {
        let url =
            GetObject::new(&self.bucket, Some(&self.credentials), &object).sign_with_time(SIGNED_FOR, &now());
        let agent = self.agent.clone();
        away(move || {
            let mut answer = agent.get(url.as_str()).call()?;
            if answer.status().as_u16() == 404 {
                return Ok(None);
            }
            good("get", &mut answer)?;
            let body = answer.body_mut().with_config().limit(u64::from(most_bytes) + 1);
            Ok(Some(body.read_to_vec()?))
        })
        .await
    }

    /// Takes an object away; one that is not there is gone already.
    ///
    /// # Errors
    /// When it cannot be reached or says no.
    pub async fn remove(&self, object: String) -> Result<(), BucketError> {
        let url = DeleteObject::new(&self.bucket, Some(&self.credentials), &object)
            .sign_with_time(SIGNED_FOR, &now());
        let agent = self.agent.clone();
        away(move || {
            let mut answer = agent.delete(url.as_str()).call()?;
            if answer.status().as_u16() == 404 {
                return Ok(());
            }
            good("delete", &mut answer)
        })
        .await
    }
}

/// Whether an answer is a good one.
fn good(what: &'static str, answer: &mut http::Response<ureq::Body>) -> Result<(), BucketError> {
    let status = answer.status();
    if status.is_success() {
        return Ok(());
    }
    // A store's error is a short document; what is longer is not its own.
    let says = answer.body_mut().with_config().limit(2048).read_to_string();
    Err(BucketError::Refused {
        what,
        status: status.as_u16(),
        says: says.unwrap_or_default(),
    })
}

/// Asks away from what answers requests: the client waits for its answer.
async fn away<T: Send + 'static>(
    ask: impl FnOnce() -> Result<T, BucketError> + Send + 'static,
) -> Result<T, BucketError> {
    tokio::task::spawn_blocking(ask)
        .await
        .map_err(|_| BucketError::GivenUp)?
}
