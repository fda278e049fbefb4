//! A bucket of an S3-compatible store (Amazon's, or MinIO, Ceph and others on a university's own machines). Requests are signed by
//! their address (AWS Signature Version 4) for a minute; nobody but this server ever sees one.

use app::backend::now;
use reqwest::header::CONTENT_TYPE;
use reqwest::{Client, Response, StatusCode, redirect};
use rusty_s3::actions::{DeleteObject, GetObject, PutObject};
use rusty_s3::{Credentials, S3Action as _, UrlStyle};
use std::time::Duration;

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
    client: Client,
}

/// Why a bucket does not do what it is asked.
#[derive(Debug, thiserror::Error)]
pub enum BucketError {
    /// It cannot be addressed like this.
    #[error("{0} is no address of a bucket")]
    Address(String),
    /// It cannot be reached.
    #[error("the bucket cannot be reached: {0}")]
    Unreachable(String),
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
    /// An object is longer than anything that was put there.
    #[error("the bucket gives more than {0} bytes")]
    TooLong(u32),
}

impl From<reqwest::Error> for BucketError {
    fn from(error: reqwest::Error) -> BucketError {
        // Its address is as good as a key, for a minute.
        BucketError::Unreachable(error.without_url().to_string())
    }
}

impl Bucket {
    /// The bucket that a login names. Asks nothing of it yet.
    ///
    /// # Errors
    /// [`BucketError::Address`]; [`BucketError::Unreachable`] where this machine has no certificates to go by.
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
        // The machine's own certificates count, for stores that a university signs by itself.
        let client = Client::builder()
            .timeout(PATIENCE)
            .redirect(redirect::Policy::none())
            .build()?;
        Ok(Bucket {
            bucket,
            credentials: Credentials::new(login.key, login.secret),
            client,
        })
    }

    /// Puts an object there.
    ///
    /// # Errors
    /// When it cannot be reached or says no.
    pub async fn put(&self, object: String, content: Vec<u8>) -> Result<(), BucketError> {
        let url =
            PutObject::new(&self.bucket, Some(&self.credentials), &object).sign_with_time(SIGNED_FOR, &now());
        let answer = self
            .client
            .put(url)
            .header(CONTENT_TYPE, "application/octet-stream")
            .body(content)
            .send()
            .await?;
        good("put", answer).await.map(drop)
    }

    /// An object of at most so many bytes; none when it is not there.
    ///
    /// # Errors
    /// When it cannot be reached or says no.
    pub async fn get(&self, object: String, most_bytes: u32) -> Result<Option<Vec<u8>>, BucketError> {
        let url =
            GetObject::new(&self.bucket, Some(&self.credentials), &object).sign_with_time(SIGNED_FOR, &now());
        let answer = self.client.get(url).send().await?;
        if answer.status() == StatusCode::NOT_FOUND {
            return Ok(None);
        }
        let mut answer = good("get", answer).await?;
        let mut content = Vec::new();
        while let Some(part) = answer.chunk().await? {
            content.extend_from_slice(&part);
            if content.len() > most_bytes as usize {
                return Err(BucketError::TooLong(most_bytes));
            }
        }
        Ok(Some(content))
    }

    /// Takes an object away; one that is not there is gone already.
    ///
    /// # Errors
    /// When it cannot be reached or says no.
    pub async fn remove(&self, object: String) -> Result<(), BucketError> {
        let url = DeleteObject::new(&self.bucket, Some(&self.credentials), &object)
            .sign_with_time(SIGNED_FOR, &now());
        let answer = self.client.delete(url).send().await?;
        if answer.status() == StatusCode::NOT_FOUND {
            return Ok(());
        }
        good("delete", answer).await.map(drop)
    }
}

/// The answer, where it is a good one.
async fn good(what: &'static str, mut answer: Response) -> Result<Response, BucketError> {
    let status = answer.status();
    if status.is_success() {
        return Ok(answer);
    }
    // A store's error is a short document; of what is longer the beginning says enough.
    let mut says = Vec::new();
    while says.len() < 2048
        && let Ok(Some(part)) = answer.chunk().await
    {
        says.extend_from_slice(&part);
    }
    says.truncate(2048);
    Err(BucketError::Refused {
        what,
        status: status.as_u16(),
        says: String::from_utf8_lossy(&says).into_owned(),
    })
}
