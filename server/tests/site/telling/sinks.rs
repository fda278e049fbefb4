//! What stands for the other side.

use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, Uri};
use std::collections::VecDeque;
use std::sync::{Arc, Mutex};
use std::time::Duration;
use tokio::io::{AsyncBufReadExt as _, AsyncWriteExt as _, BufReader};
use tokio::net::{TcpListener, TcpStream};

/// A request as it came.
#[derive(Clone, Debug)]
pub struct Asked {
    pub uri: Uri,
    pub headers: HeaderMap,
    pub body: Bytes,
}

impl Asked {
    pub fn header(&self, name: &str) -> &str {
        self.headers[name].to_str().unwrap()
    }
}

/// How a request is answered.
#[derive(Clone, Copy, Debug)]
pub enum Answer {
    Status(u16),
    /// Not at all.
    Silence,
}

#[derive(Default)]
struct Notes {
    asked: Vec<Asked>,
    answers: VecDeque<Answer>,
}

/// An HTTP server that answers what it was told to, and 200 after that.
#[derive(Clone)]
pub struct Http {
    pub origin: String,
    notes: Arc<Mutex<Notes>>,
}

impl Http {
    pub async fn start(answers: &[Answer]) -> Http {
        let notes = Arc::new(Mutex::new(Notes {
            asked: Vec::new(),
            answers: answers.iter().copied().collect(),
        }));
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let origin = format!("http://{}", listener.local_addr().unwrap());
        let router = Router::new().fallback(note).with_state(notes.clone());
        tokio::spawn(async move { axum::serve(listener, router).await });
        Http { origin, notes }
    }

    pub fn asked(&self) -> Vec<Asked> {
        self.notes.lock().unwrap().asked.clone()
    }

    /// Waits until so many requests have come.
    pub async fn until(&self, count: usize) {
        let all = async {
            while self.asked().len() < count {
                tokio::time::sleep(Duration::from_millis(10)).await;
            }
        };
        tokio::time::timeout(Duration::from_secs(20), all).await.unwrap();
    }
}

async fn note(
    State(notes): State<Arc<Mutex<Notes>>>,
    uri: Uri,
    headers: HeaderMap,
    body: Bytes,
) -> StatusCode {
    let answer = {
        let mut notes = notes.lock().unwrap();
        notes.asked.push(Asked { uri, headers, body });
        notes.answers.pop_front().unwrap_or(Answer::Status(200))
    };
    match answer {
        Answer::Status(status) => StatusCode::from_u16(status).unwrap(),
        Answer::Silence => std::future::pending().await,
    }
}

/// A mail as the server took it: whom the envelope names, and its lines.
#[derive(Clone, Debug)]
pub struct Taken {
    pub from: String,
    pub to: String,
    pub text: String,
}

/// A mail server that takes mails on this machine, one session after the other. It refuses recipients as it was told to, and takes
/// everything after that. It is written by hand for these tests and knows no more of RFC 5321 than a client needs to hand over a mail.
#[derive(Clone)]
pub struct Smtp {
    pub url: String,
    taken: Arc<Mutex<Vec<Taken>>>,
}

impl Smtp {
    pub async fn start(refusals: &[&'static str]) -> Smtp {
        let taken = Arc::new(Mutex::new(Vec::new()));
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("smtp://{}", listener.local_addr().unwrap());
        let mut refusals: VecDeque<&str> = refusals.iter().copied().collect();
        let notes = taken.clone();
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                // A client that breaks off ends its session only.
                let _ = session(stream, &mut refusals, &notes).await;
            }
        });
        Smtp { url, taken }
    }

    pub fn taken(&self) -> Vec<Taken> {
        self.taken.lock().unwrap().clone()
    }
}

async fn session(
    mut stream: TcpStream,
    refusals: &mut VecDeque<&'static str>,
    notes: &Mutex<Vec<Taken>>,
) -> std::io::Result<()> {
    let (read, mut write) = stream.split();
    let mut lines = BufReader::new(read).lines();
    let (mut from, mut to) = (String::new(), String::new());
    write.write_all(b"220 sink ESMTP\r\n").await?;
    while let Some(line) = lines.next_line().await? {
        let verb = line
            .split([' ', ':'])
            .next()
            .unwrap_or_default()
            .to_ascii_uppercase();
        let answer = match verb.as_str() {
            "EHLO" => "250-sink\r\n250 8BITMIME",
            "MAIL" => {
                from = line;
                "250 ok"
            }
            "RCPT" => {
                to = line;
                refusals.pop_front().unwrap_or("250 ok")
            }
            "DATA" => {
                write.write_all(b"354 go on\r\n").await?;
                let mut text = String::new();
                while let Some(line) = lines.next_line().await? {
                    if line == "." {
                        break;
                    }
                    text.push_str(line.strip_prefix('.').unwrap_or(&line));
                    text.push('\n');
                }
                notes.lock().unwrap().push(Taken {
                    from: from.clone(),
                    to: to.clone(),
                    text,
                });
                "250 taken"
            }
            "QUIT" => {
                write.write_all(b"221 bye\r\n").await?;
                return Ok(());
            }
            _ => "250 ok",
        };
        write.write_all(format!("{answer}\r\n").as_bytes()).await?;
    }
    Ok(())
}
