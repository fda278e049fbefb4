//! A stand-in for an S3-compatible store: it keeps objects in memory, and answers only requests whose address is signed as AWS
//! Signature Version 4 asks for, checked here from the specification alone.

use axum::Router;
use axum::body::Bytes;
use axum::extract::{Request, State};
use axum::http::{Method, StatusCode};
use axum::response::{IntoResponse, Response};
use server::shelf::{Bucket, Login, Shelf};
use sha2::{Digest as _, Sha256};
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

pub const KEY: &str = "AKIDEXAMPLE";
pub const SECRET: &str = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY";

pub type Objects = Arc<Mutex<BTreeMap<String, Vec<u8>>>>;

/// A running store.
pub struct StandIn {
    pub url: String,
    pub objects: Objects,
}

impl StandIn {
    pub async fn start() -> StandIn {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let objects = Objects::default();
        let router = Router::new().fallback(answer).with_state(objects.clone());
        tokio::spawn(async move { axum::serve(listener, router).await });
        StandIn { url, objects }
    }

    /// A bucket there, entered with this secret.
    pub fn shelf(&self, secret: &str) -> Shelf {
        let login = Login {
            url: &self.url,
            name: "attachments",
            region: "eu-central-1",
            by_host: false,
            key: KEY,
            secret,
        };
        Shelf::Bucket(Arc::new(Bucket::new(&login).unwrap()))
    }
}

async fn answer(State(objects): State<Objects>, request: Request) -> Response {
    let (parts, body) = request.into_parts();
    let host = parts.headers["host"].to_str().unwrap();
    let query = parts.uri.query().unwrap_or_default();
    if !is_signed(&parts.method, parts.uri.path(), query, host) {
        return (StatusCode::FORBIDDEN, "<Code>SignatureDoesNotMatch</Code>").into_response();
    }
    let body: Bytes = axum::body::to_bytes(body, 64 << 20).await.unwrap();
    let (path, mut objects) = (parts.uri.path().to_owned(), objects.lock().unwrap());
    match parts.method {
        Method::PUT => {
            objects.insert(path, body.to_vec());
            StatusCode::OK.into_response()
        }
        Method::GET => match objects.get(&path) {
            Some(object) => object.clone().into_response(),
            None => StatusCode::NOT_FOUND.into_response(),
        },
        Method::DELETE => {
            objects.remove(&path);
            StatusCode::NO_CONTENT.into_response()
        }
        _ => StatusCode::METHOD_NOT_ALLOWED.into_response(),
    }
}

/// Signature Version 4 in the query, as "Authenticating Requests: Using Query Parameters" has it.
fn is_signed(method: &Method, path: &str, query: &str, host: &str) -> bool {
    let mut pairs: Vec<(&str, &str)> = query.split('&').filter_map(|pair| pair.split_once('=')).collect();
    pairs.sort_unstable();
    let of = |name: &str| {
        pairs
            .iter()
            .find(|(key, _)| *key == name)
            .map(|(_, value)| *value)
    };
    let (Some(credential), Some(date), Some(signature)) =
        (of("X-Amz-Credential"), of("X-Amz-Date"), of("X-Amz-Signature"))
    else {
        return false;
    };
    let credential = credential.replace("%2F", "/");
    let (key, scope) = credential.split_once('/').unwrap();
    let signed: Vec<String> = pairs
        .iter()
        .filter(|(name, _)| *name != "X-Amz-Signature")
        .map(|(name, value)| format!("{name}={value}"))
        .collect();
    let canonical = format!(
        "{method}\n{path}\n{}\nhost:{host}\n\nhost\nUNSIGNED-PAYLOAD",
        signed.join("&")
    );
    let to_sign = format!(
        "AWS4-HMAC-SHA256\n{date}\n{scope}\n{}",
        hex(&Sha256::digest(canonical))
    );
    let first = format!("AWS4{SECRET}").into_bytes();
    let key_of_day = scope
        .split('/')
        .fold(first, |key, part| hmac(&key, part.as_bytes()));
    let day = scope.split('/').next().unwrap();
    key == KEY
        && scope.ends_with("/eu-central-1/s3/aws4_request")
        && date.starts_with(day)
        && hex(&hmac(&key_of_day, to_sign.as_bytes())) == signature
}

/// RFC 2104.
fn hmac(key: &[u8], text: &[u8]) -> Vec<u8> {
    let mut block = [0_u8; 64];
    block[..key.len()].copy_from_slice(key);
    let padded = |pad: u8, rest: &[u8]| {
        let mut bytes: Vec<u8> = block.iter().map(|byte| byte ^ pad).collect();
        bytes.extend_from_slice(rest);
        Sha256::digest(bytes)
    };
    padded(0x5c, &padded(0x36, text)).to_vec()
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
