//! A client that does one request a connection, hides nothing, and knows how the connection ended.

use std::io::{ErrorKind, Read, Write};
use std::net::TcpStream;
use std::time::Duration;

use secupos_simulator::Simulator;
use serde_json::{Value, json};

/// How a connection ended.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum End {
    Closed,
    Reset,
    Refused,
    /// Nothing more came for as long as the client waited.
    Open,
}

/// All that came.
#[derive(Debug)]
pub struct Came {
    pub bytes: Vec<u8>,
    pub end: End,
}

impl Came {
    pub fn status(&self) -> u16 {
        self.head().split(' ').nth(1).and_then(|status| status.parse().ok()).expect("a status")
    }

    pub fn head(&self) -> String {
        String::from_utf8_lossy(&self.bytes[..self.split()]).into_owned()
    }

    pub fn body(&self) -> &[u8] {
        self.bytes.get(self.split() + 4..).unwrap_or_default()
    }

    pub fn json(&self) -> Value {
        serde_json::from_slice(self.body()).unwrap_or_else(|fault| panic!("{fault} in {self:?}"))
    }

    fn split(&self) -> usize {
        self.bytes.windows(4).position(|four| four == b"\r\n\r\n").unwrap_or(self.bytes.len())
    }
}

/// A client with a token.
pub struct Client {
    pub address: String,
    pub token: String,
    pub patience: Duration,
    /// More lines of its head, each with its end.
    pub more: String,
}

impl Client {
    /// The same with one more line in its head.
    pub fn with(&self, name: &str, value: &str) -> Client {
        let more = format!("{}{name}: {value}\r\n", self.more);
        Client { address: self.address.clone(), token: self.token.clone(), patience: self.patience, more }
    }

    /// Logs in as the registered device.
    pub fn of(simulator: &Simulator) -> Client {
        let mut client = Client::without_token(simulator);
        client.token = client.log_in(simulator)["access_token"].as_str().expect("a token").to_owned();
        client
    }

    pub fn without_token(simulator: &Simulator) -> Client {
        let address = simulator.base_url().trim_start_matches("http://").to_owned();
        Client { address, token: String::new(), patience: Duration::from_secs(5), more: String::new() }
    }

    pub fn log_in(&self, simulator: &Simulator) -> Value {
        let more = json!({"grant_type": "device", "code": simulator.device_code()});
        let came = self.ask_for_token(simulator, more);
        assert_eq!(came.status(), 200);
        came.json()
    }

    pub fn ask_for_token(&self, simulator: &Simulator, more: Value) -> Came {
        let mut request = json!({"client_id": simulator.client_id(), "client_secret": simulator.client_secret()});
        let all = request.as_object_mut().expect("an object");
        all.extend(more.as_object().expect("an object").clone());
        self.post("/oauth/token", &request)
    }

    pub fn post(&self, path: &str, body: &Value) -> Came {
        self.send("POST", path, "application/json", body.to_string().as_bytes())
    }

    pub fn get(&self, path: &str) -> Came {
        self.send("GET", path, "application/json", b"")
    }

    /// Creates a payment of this sum. Returns its id.
    pub fn create(&self, sum: i64) -> String {
        let came = self.post("/api/v2/Smart/Transactions", &create_request(sum));
        assert_eq!(came.status(), 200, "{came:?}");
        came.json()["id"].as_str().expect("an id").to_owned()
    }

    pub fn start(&self, id: &str) -> Came {
        self.send("POST", &format!("{}/start/cashless", path(id)), "application/json", b"")
    }

    pub fn abort(&self, id: &str) -> Came {
        self.send("POST", &format!("{}/abort", path(id)), "application/json", b"")
    }

    pub fn read(&self, id: &str) -> Came {
        self.get(&path(id))
    }

    /// The status that a read says.
    pub fn status_of(&self, id: &str) -> String {
        self.read(id).json()["status"].as_str().expect("a status").to_owned()
    }

    /// Sends start and goes away.
    pub fn start_and_vanish(&self, id: &str) {
        let mut stream = TcpStream::connect(&self.address).expect("a connection");
        self.write(&mut stream, "POST", &format!("{}/start/cashless", path(id)), "application/json", b"");
        std::thread::sleep(Duration::from_millis(50));
    }

    pub fn send(&self, method: &str, path: &str, kind: &str, body: &[u8]) -> Came {
        let mut bytes = Vec::new();
        let mut stream = match TcpStream::connect(&self.address) {
            Ok(stream) => stream,
            Err(fault) if fault.kind() == ErrorKind::ConnectionRefused => return Came { bytes, end: End::Refused },
            Err(fault) => panic!("{fault}"),
        };
        self.write(&mut stream, method, path, kind, body);
        stream.set_read_timeout(Some(self.patience)).expect("a timeout");
        let end = match stream.read_to_end(&mut bytes) {
            Ok(_) => End::Closed,
            Err(fault) => match fault.kind() {
                ErrorKind::ConnectionReset => End::Reset,
                ErrorKind::WouldBlock | ErrorKind::TimedOut => End::Open,
                _ => panic!("{fault}"),
            },
        };
        Came { bytes, end }
    }

    fn write(&self, stream: &mut TcpStream, method: &str, path: &str, kind: &str, body: &[u8]) {
        let authorization = match self.token.as_str() {
            "" => String::new(),
            token => format!("Authorization: Bearer {token}\r\n"),
        };
        let head = format!(
            "{method} {path} HTTP/1.1\r\nHost: {}\r\nConnection: close\r\n{authorization}{}\
             Content-Type: {kind}\r\nContent-Length: {}\r\n\r\n",
            self.address,
            self.more,
            body.len()
        );
        stream.write_all(&[head.as_bytes(), body].concat()).expect("a request that can be sent");
    }
}

pub fn path(id: &str) -> String {
    format!("/api/v2/Smart/Transactions/{id}")
}

pub fn create_request(sum: i64) -> Value {
    json!({"intent": "sale", "basket_info": {"sum": sum, "currency": "EUR"}, "merchantRef": "r1",
        "transactionRef": "Beleg 1"})
}
