//! A browser as far as signing in needs one: cookies by host, redirects followed one by one, forms with their hidden fields.

use reqwest::header::{COOKIE, LOCATION, SET_COOKIE};
use reqwest::{Client, RequestBuilder, Url, redirect};
use std::collections::HashMap;

/// One browser.
pub struct Browser {
    client: Client,
    cookies: HashMap<String, HashMap<String, String>>,
    language: &'static str,
}

/// What stands on the screen.
#[derive(Debug)]
pub struct Seen {
    pub url: Url,
    pub status: u16,
    pub body: String,
}

impl Browser {
    pub fn new() -> Self {
        Self::speaking("zh")
    }

    pub fn speaking(language: &'static str) -> Self {
        let client = Client::builder().redirect(redirect::Policy::none()).no_proxy();
        Self {
            client: client.build().unwrap(),
            cookies: HashMap::new(),
            language,
        }
    }

    /// Goes to an address, and on to wherever that leads.
    pub async fn go(&mut self, url: &str) -> Seen {
        self.go_until(url, "nowhere").await
    }

    /// Goes to an address and on, but not into one that begins with `stop`: that one is told, with status 0.
    pub async fn go_until(&mut self, url: &str, stop: &str) -> Seen {
        let request = |client: &Client, url: &Url| client.get(url.clone());
        self.follow(url.parse().unwrap(), request, stop).await
    }

    /// Sends a form, with the fields that it hides, and follows.
    pub async fn send(&mut self, page: &Seen, fields: &[(&str, &str)], stop: &str) -> Seen {
        let form = page
            .body
            .split("<form")
            .nth(1)
            .unwrap_or_else(|| panic!("no form: {page:?}"));
        let opening = form.split('>').next().unwrap();
        let action = attribute(opening, "action").unwrap_or_default();
        let to = page.url.join(&action).unwrap();
        let to = if action.is_empty() { page.url.clone() } else { to };
        let mut sent: Vec<(String, String)> = form
            .split("<input")
            .skip(1)
            .filter(|input| input.contains("type=\"hidden\""))
            .filter_map(|input| {
                Some((
                    attribute(input, "name")?,
                    attribute(input, "value").unwrap_or_default(),
                ))
            })
            .collect();
        sent.extend(
            fields
                .iter()
                .map(|(name, value)| ((*name).to_owned(), (*value).to_owned())),
        );
        let body: Vec<String> = sent
            .iter()
            .map(|(name, value)| format!("{name}={}", app::sentences::url_part(value)))
            .collect();
        let body = body.join("&");
        let request = move |client: &Client, url: &Url| {
            client
                .post(url.clone())
                .header("content-type", "application/x-www-form-urlencoded")
                .header("referer", url.as_str())
                .body(body.clone())
        };
        self.follow(to, request, stop).await
    }

    async fn follow(
        &mut self,
        mut url: Url,
        first: impl Fn(&Client, &Url) -> RequestBuilder,
        stop: &str,
    ) -> Seen {
        let mut request = first(&self.client, &url);
        for _ in 0..12 {
            let host = url.host_str().unwrap().to_owned();
            let cookies = self.cookies.entry(host).or_default();
            let line: Vec<String> = cookies
                .iter()
                .map(|(name, value)| format!("{name}={value}"))
                .collect();
            let accept = if url.path().starts_with("/api/v1/me") {
                "application/json"
            } else {
                "text/html"
            };
            let answer = request
                .header(COOKIE, line.join("; "))
                .header("accept-language", self.language)
                .header("accept", accept)
                .send()
                .await
                .unwrap();
            for cookie in answer.headers().get_all(SET_COOKIE) {
                let pair = cookie.to_str().unwrap().split(';').next().unwrap();
                let (name, value) = pair.split_once('=').unwrap();
                cookies.insert(name.trim().to_owned(), value.to_owned());
            }
            let Some(to) = answer.headers().get(LOCATION) else {
                return Seen {
                    url,
                    status: answer.status().as_u16(),
                    body: answer.text().await.unwrap(),
                };
            };
            url = url.join(to.to_str().unwrap()).unwrap();
            if url.as_str().starts_with(stop) {
                return Seen {
                    url,
                    status: 0,
                    body: String::new(),
                };
            }
            request = self.client.get(url.clone());
        }
        panic!("led in circles, at last to {url}");
    }
}

fn attribute(tag: &str, name: &str) -> Option<String> {
    let rest = tag.split_once(&format!(" {name}=\""))?.1;
    Some(rest.split('"').next()?.replace("&amp;", "&"))
}
