//! HTTP/1.1 as a server speaks it, and as one in trouble does: down to the bytes, which the servers of libraries do not
//! give away.

use std::{
    io::{self, Read, Write},
    net::{SocketAddr, TcpListener, TcpStream},
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    thread,
    time::Duration,
};

use flate2::{Compression, write::GzEncoder};
use serde_json::Value;
use url::Url;

/// Where nobody listens: ports that the system gives to nobody unasked.
pub(crate) const NOWHERE: [&str; 2] = ["http://127.0.0.1:1", "http://127.0.0.1:2"];

/// How an answer goes over the wire.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) enum Manner {
    /// As it should.
    #[default]
    Whole,
    /// Half of the body comes, and then the end.
    Half,
    /// All of the body comes, twice as long as its length says.
    Overlong,
    /// The body comes again and again.
    Endless,
    /// The body comes again and again, a piece a second.
    Trickling,
    /// The body comes alone, without a status and headers.
    Bare,
    /// The connection closes without an answer.
    Closed,
    /// The connection breaks without an answer.
    Reset,
    /// No answer comes, and the connection stays.
    Silent,
}

/// What a server says to a request.
#[derive(Debug, Clone, Default)]
pub(crate) struct Answer {
    status: u16,
    headers: Vec<(&'static str, String)>,
    body: Vec<u8>,
    manner: Manner,
    delay: Duration,
}

impl Answer {
    pub(crate) fn new(status: u16, body: impl Into<Vec<u8>>) -> Self {
        Self { status, body: body.into(), ..Self::default() }
    }

    pub(crate) fn json(content: &Value) -> Self {
        Self::new(200, content.to_string()).header("content-type", "application/json")
    }

    /// Without an answer, in this manner.
    pub(crate) fn none(manner: Manner) -> Self {
        Self { manner, ..Self::default() }
    }

    pub(crate) fn header(mut self, name: &'static str, value: &str) -> Self {
        self.headers.push((name, value.to_owned()));
        self
    }

    /// With the number of the next page in place of `{next}`.
    pub(crate) fn on_page(mut self, page: usize) -> Self {
        let next = (page + 1).to_string();
        self.headers.iter_mut().for_each(|(_, value)| *value = value.replace("{next}", &next));
        self
    }

    pub(crate) fn in_manner(self, manner: Manner) -> Self {
        Self { manner, ..self }
    }

    /// So much later.
    pub(crate) fn after(self, delay: Duration) -> Self {
        Self { delay: self.delay + delay, ..self }
    }

    pub(crate) fn gzip(mut self) -> Self {
        let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
        encoder.write_all(&self.body).unwrap();
        self.body = encoder.finish().unwrap();
        self.header("content-encoding", "gzip")
    }

    /// Sends it; tells whether the connection can be used again.
    fn send(&self, stream: &mut TcpStream) -> io::Result<bool> {
        thread::sleep(self.delay);
        let length = match self.manner {
            Manner::Endless | Manner::Trickling => None,
            Manner::Overlong => Some(self.body.len() / 2),
            _ => Some(self.body.len()),
        };
        // What has no body says no length.
        let length =
            length.filter(|_| !matches!(self.status, 204 | 304)).map(|length| ("content-length", length.to_string()));
        let headers = length.iter().chain(&self.headers).map(|(name, value)| format!("{name}: {value}\r\n"));
        let head = format!("HTTP/1.1 {} As it is\r\n{}\r\n", self.status, headers.collect::<String>());
        let whole = [head.as_bytes(), &self.body].concat();
        match self.manner {
            Manner::Closed | Manner::Reset => {}
            Manner::Silent => until_given_up(stream)?,
            Manner::Bare => stream.write_all(&self.body)?,
            Manner::Half => stream.write_all(&whole[..whole.len() - self.body.len() / 2])?,
            Manner::Whole | Manner::Overlong => stream.write_all(&whole)?,
            Manner::Endless | Manner::Trickling => {
                stream.write_all(&whole)?;
                let pause = Duration::from_secs(u64::from(self.manner == Manner::Trickling));
                loop {
                    thread::sleep(pause);
                    stream.write_all(&self.body)?;
                }
            }
        }
        Ok(self.manner == Manner::Whole)
    }
}

fn until_given_up(stream: &mut TcpStream) -> io::Result<()> {
    io::copy(stream, &mut io::sink()).map(|_| ())
}

/// What is asked for.
pub(crate) struct Request {
    /// The server's own address.
    pub(crate) root: String,
    pub(crate) url: Url,
    pub(crate) authorized: bool,
}

impl Request {
    fn read(head: &str, root: String) -> Self {
        let target = head.split(' ').nth(1).unwrap();
        // Through a proxy, the target is the whole address.
        let url = Url::parse(target).or_else(|_| Url::parse(&format!("http://host{target}"))).unwrap();
        Self { root, url, authorized: head.to_ascii_lowercase().contains("\r\nauthorization:") }
    }
}

/// A running server.
pub(crate) struct Server {
    address: SocketAddr,
    stopped: Arc<AtomicBool>,
}

impl Server {
    /// Answers by `answer`, each connection in a thread of its own.
    pub(crate) fn start(answer: impl Fn(&Request) -> Answer + Send + Sync + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let server = Self { address: listener.local_addr().unwrap(), stopped: Arc::default() };
        let (stopped, answer) = (Arc::clone(&server.stopped), Arc::new(answer));
        thread::spawn(move || {
            for stream in listener.incoming().take_while(|_| !stopped.load(Ordering::Relaxed)) {
                let answer = Arc::clone(&answer);
                // That the other end goes away is its own affair.
                thread::spawn(move || serve(stream?, &*answer));
            }
        });
        server
    }

    pub(crate) fn uri(&self) -> String {
        format!("http://{}", self.address)
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.stopped.store(true, Ordering::Relaxed);
        _ = TcpStream::connect(self.address);
    }
}

fn serve(mut stream: TcpStream, answer: &dyn Fn(&Request) -> Answer) -> io::Result<()> {
    stream.set_nodelay(true)?;
    let root = format!("http://{}", stream.local_addr()?);
    while let Some(head) = next_head(&stream)? {
        let answer = answer(&Request::read(&head, root.clone()));
        if answer.manner == Manner::Reset {
            // The system breaks a connection that closes with something unread.
            return Ok(());
        }
        stream.read_exact(&mut vec![0; head.len()])?;
        if !answer.send(&mut stream)? {
            return Ok(());
        }
    }
    Ok(())
}

/// The head of the next request, which stays unread.
fn next_head(stream: &TcpStream) -> io::Result<Option<String>> {
    let mut seen = [0; 8192];
    loop {
        let length = stream.peek(&mut seen)?;
        if length == 0 {
            return Ok(None);
        }
        let text = String::from_utf8_lossy(&seen[..length]);
        if let Some((head, _)) = text.split_once("\r\n\r\n") {
            return Ok(Some(format!("{head}\r\n\r\n")));
        }
        thread::sleep(Duration::from_millis(1));
    }
}
