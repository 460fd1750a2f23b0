//! The way between till and service, on which everything can go wrong: the till's transport.

use std::time::Duration;

use secupos::api::transport::{Broken, InFlight, Method, Request, Response, Transport};
use secupos::error::{Error, Status};
use serde_json::{Value, json};

use super::clock::Life;
use super::service::{Deception, Said};
use super::world::{Event, World};

/// The grace timeout of the till: a start reaches the service after at most nine tenths of it.
pub const GRACE: Duration = Duration::from_secs(300);

/// How an answer is spoiled.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Spoiled {
    Not,
    Reset,
    Truncated,
    Empty,
    ProxyPage,
    Unavailable,
    TooMany,
    OtherJson,
    OtherId,
    OtherCurrency,
    /// The API itself says that its terminal is off.
    Refused,
    /// The API itself says that it does not take the token.
    TokenRefused,
    /// A fault inside the API.
    ServerError,
}

const SPOILED: [Spoiled; 9] = [
    Spoiled::Reset,
    Spoiled::Truncated,
    Spoiled::Empty,
    Spoiled::ProxyPage,
    Spoiled::Unavailable,
    Spoiled::TooMany,
    Spoiled::OtherJson,
    Spoiled::OtherId,
    Spoiled::ServerError,
];

/// When the answer to a start comes.
#[derive(Clone, Copy, Debug)]
enum Comes {
    At(Duration),
    /// When the transaction has a result.
    WithTheResult,
    Never,
}

/// A start on its way.
pub struct Flight {
    pub transaction: usize,
    pub token: String,
    pub has_arrived: bool,
    /// The till still waits for the answer.
    pub is_waited_for: bool,
    /// The till has got a final answer from it, or knows that nothing was sent.
    pub was_clear: bool,
    never_sent: bool,
    times_out_at: Duration,
    comes: Comes,
    spoiled: Spoiled,
    refused: bool,
}

/// What can happen to a request that is not a start.
enum Fault {
    None,
    NeverSent,
    Lost { is_processed: bool, spoiled: Spoiled },
    Silence { is_processed: bool },
    Slow,
}

impl World {
    fn is_down(&self) -> bool {
        !self.calm && self.now < self.outage_until
    }

    fn fault(&mut self) -> Fault {
        let percent = self.behaviour.other_faults;
        if self.is_down() {
            return match self.dice.below(4) {
                0 => Fault::NeverSent,
                1 => Fault::Silence { is_processed: false },
                _ => Fault::Lost { is_processed: false, spoiled: Spoiled::Reset },
            };
        }
        if self.calm || !self.dice.percent(percent) {
            return Fault::None;
        }
        let is_processed = self.dice.percent(50);
        match self.dice.below(10) {
            0 => Fault::NeverSent,
            1 => Fault::Silence { is_processed },
            2 | 3 => Fault::Slow,
            _ => Fault::Lost { is_processed, spoiled: self.dice.pick(&SPOILED) },
        }
    }

    /// Everything but start.
    fn exchange(&mut self, request: &Request) -> Result<Response, Broken> {
        let fault = self.fault();
        let (takes, is_processed, spoiled) = match fault {
            Fault::None => (self.dice.millis(20, 400), true, Spoiled::Not),
            Fault::Slow => (self.dice.millis(1_000, 25_000), true, Spoiled::Not),
            Fault::Lost { is_processed, spoiled } => (self.dice.millis(20, 3_000), is_processed, spoiled),
            Fault::Silence { is_processed } => (Duration::MAX, is_processed, Spoiled::Reset),
            Fault::NeverSent => {
                let takes = self.dice.millis(1, 10_000).min(request.timeout);
                self.pass(takes);
                self.note(|| format!("{request:?}: never sent"));
                return Err(Broken::NeverSent(unreachable()));
            }
        };
        let (there, takes) = (takes.min(request.timeout) / 2, takes.min(request.timeout));
        let times_out = takes == request.timeout;
        self.pass(there);
        let said = if is_processed { Some(self.process(request)) } else { None };
        self.pass(takes - there);
        let came = match said {
            _ if times_out => Err(lost()),
            Some(said) => self.answer(said, spoiled),
            None => self.answer(Said::ApiError(500, 1001), spoiled),
        };
        self.note(|| format!("{request:?}: {}", shown(&came)));
        came
    }

    fn process(&mut self, request: &Request) -> Said {
        let path = request.path.strip_prefix("/api/v2/Smart/Transactions").unwrap_or(&request.path);
        if path == "/oauth/token" {
            return self.log_in();
        }
        if !request.bearer.as_ref().is_some_and(|token| self.takes(token.reveal())) {
            return Said::ApiError(403, 2003);
        }
        if path.is_empty() {
            let body = request.body.as_deref().and_then(|body| serde_json::from_slice(body).ok());
            return self.create(&body.unwrap_or(Value::Null));
        }
        let (id, verb) = path.trim_start_matches('/').split_once('/').unwrap_or((path.trim_start_matches('/'), ""));
        match (self.find(id), request.method, verb) {
            (Some(at), Method::Get, "") => self.read(at),
            (Some(at), Method::Post, "abort") => self.abort(at),
            _ => Said::ApiError(404, 1001),
        }
    }

    fn answer(&mut self, said: Said, spoiled: Spoiled) -> Result<Response, Broken> {
        let (status, body) = match (said, spoiled) {
            (_, Spoiled::Refused) => api_error(409, 1009),
            (_, Spoiled::TokenRefused) => api_error(403, 2003),
            (_, Spoiled::ServerError) => api_error(500, 1001),
            (Said::ApiError(status, code), _) => api_error(status, code),
            (Said::Body(status, body), _) => (status, body),
        };
        let with = |key: &str, value: Value| {
            let mut other = body.clone();
            other[key] = value;
            other.to_string()
        };
        let page = || "<html><h1>Bad Gateway</h1></html>".to_owned();
        let (status, body) = match spoiled {
            Spoiled::Reset => return Err(lost()),
            Spoiled::Truncated => {
                let whole = body.to_string();
                (status, whole[..whole.len() / 2].to_owned())
            }
            Spoiled::Empty => (204, String::new()),
            Spoiled::ProxyPage => (502, page()),
            Spoiled::Unavailable => (503, page()),
            Spoiled::TooMany => (429, page()),
            Spoiled::OtherJson => (status, r#"{"result":true}"#.into()),
            Spoiled::OtherId if body.get("id").is_some() => (status, with("id", json!("STX?other"))),
            Spoiled::OtherCurrency => (status, with("basket_info", json!({"sum": 1, "currency": "CHF"}))),
            Spoiled::OtherId => (status, page()),
            Spoiled::Not | Spoiled::Refused | Spoiled::TokenRefused | Spoiled::ServerError => {
                (status, body.to_string())
            }
        };
        let tells_time = self.behaviour.tells_time && self.dice.percent(90);
        let now = i64::try_from(self.now.as_secs()).expect("fits");
        let date = tells_time.then_some((1_700_000_123 + now) * 1000);
        Ok(Response { status, retry_after: None, date, body: body.into_bytes() })
    }

    /// A start sets off. How it will fare is drawn now.
    fn sets_off(&mut self, request: &Request) -> usize {
        let id = request.path.strip_prefix("/api/v2/Smart/Transactions/").and_then(|rest| rest.split('/').next());
        let transaction = id.and_then(|id| self.find(id)).expect("a transaction that was created");
        let soon = self.dice.millis(20, 400);
        let number = self.service.flights.len();
        let mut flight = Flight {
            transaction,
            token: request.bearer.as_ref().map(|token| token.reveal().to_owned()).unwrap_or_default(),
            has_arrived: false,
            is_waited_for: true,
            was_clear: false,
            never_sent: false,
            times_out_at: self.now + request.timeout,
            comes: Comes::WithTheResult,
            spoiled: Spoiled::Not,
            refused: false,
        };
        let mut arrives_after = Some(soon);
        let kind = match self.is_down() {
            true => self.dice.below(2),
            false if !self.calm && self.dice.percent(self.behaviour.start_faults) => self.dice.below(18),
            false => 99,
        };
        match kind {
            0 => {
                flight.never_sent = true;
                flight.comes = Comes::At(self.now + self.dice.millis(1, 10_000));
                arrives_after = None;
            }
            // Before the request was there.
            1 => {
                flight.spoiled = Spoiled::Reset;
                flight.comes = Comes::At(self.now + self.dice.millis(10, 20_000));
                arrives_after = None;
            }
            // With the result, or instead of it.
            2 | 3 => {
                flight.spoiled = self.dice.pick(&[
                    Spoiled::OtherCurrency,
                    SPOILED[0],
                    SPOILED[1],
                    SPOILED[3],
                    SPOILED[7],
                    SPOILED[8],
                ]);
            }
            4 => flight.spoiled = self.dice.pick(&SPOILED),
            // While the customer stands at the terminal.
            5 => {
                flight.spoiled = self.dice.pick(&SPOILED);
                flight.comes = Comes::At(self.now + self.dice.millis(500, 90_000));
            }
            // It reaches the service late, and the connection is long gone.
            6..14 => {
                let latest = GRACE * 9 / 10;
                let late =
                    if self.dice.percent(60) { latest } else { self.dice.millis(1_000, latest.as_millis() as u64) };
                arrives_after = Some(late);
                flight.spoiled = Spoiled::Reset;
                flight.comes = match self.dice.percent(30) {
                    true => Comes::Never,
                    false => Comes::At(self.now + self.dice.millis(10, 30_000)),
                };
            }
            14 => {
                flight.comes = Comes::Never;
                if self.dice.percent(50) {
                    arrives_after = None;
                }
            }
            // The API refuses; seldom although it has started.
            15 | 16 => {
                flight.spoiled = if kind == 15 { Spoiled::Refused } else { Spoiled::TokenRefused };
                flight.comes = Comes::At(self.now + soon + self.dice.millis(20, 3_000));
                let is_a_lie = self.dice.percent(10);
                if !is_a_lie {
                    arrives_after = None;
                }
                match kind {
                    16 if is_a_lie => {
                        self.service.transactions[transaction].deceptions.insert(Deception::RefusedYetCarriedOut);
                    }
                    16 => self.revoke_token(),
                    _ => {}
                }
            }
            // Its token is refused after the charge.
            17 => flight.spoiled = Spoiled::TokenRefused,
            _ => {}
        }
        self.note(|| {
            format!(
                "start {number} of transaction {transaction}: arrives after {arrives_after:?}, {:?} {:?}",
                flight.comes, flight.spoiled
            )
        });
        self.service.flights.push(flight);
        if let Some(after) = arrives_after {
            self.expect(after, Event::Arrives { flight: number });
        }
        if kind != 99 && self.dice.percent(30) {
            self.outage_until = self.now + self.dice.millis(1_000, 300_000);
        }
        number
    }

    /// How often this transaction was started.
    pub fn starts_of(&self, id: &str) -> usize {
        let Some(at) = self.find(id) else { return 0 };
        self.service.flights.iter().filter(|flight| flight.transaction == at).count()
    }

    /// The service does not carry a start out.
    pub fn refuses(&mut self, flight: usize) {
        self.note(|| format!("start {flight} is refused"));
        let soon = self.now + self.dice.millis(10, 200);
        let flight = &mut self.service.flights[flight];
        if let Comes::WithTheResult = flight.comes {
            flight.comes = Comes::At(soon);
            flight.refused = true;
        }
    }

    /// Whoever has started this transaction is answered now.
    pub fn has_a_result(&mut self, at: usize) {
        let soon = self.now + self.dice.millis(10, 200);
        let waiting = self.service.transactions[at].again.clone();
        for (number, flight) in self.service.flights.iter_mut().enumerate() {
            let is_meant = flight.transaction == at && flight.has_arrived && !waiting.contains(&number);
            if let (true, Comes::WithTheResult) = (is_meant, flight.comes) {
                flight.comes = Comes::At(soon);
            }
        }
    }

    /// Waits for a start's answer.
    fn wait(&mut self, number: usize, limit: Duration) -> Option<Result<Response, Broken>> {
        let until = self.now + limit;
        loop {
            let (comes, times_out_at) = (self.service.flights[number].comes, self.service.flights[number].times_out_at);
            let due = match comes {
                Comes::At(at) => at.min(times_out_at),
                Comes::WithTheResult | Comes::Never => times_out_at,
            };
            if due <= self.now {
                return Some(self.lands(number));
            }
            if self.now == until {
                return None;
            }
            let next = self.next_event().unwrap_or(until).max(self.now);
            self.pass_until(due.min(until).min(next));
        }
    }

    fn lands(&mut self, number: usize) -> Result<Response, Broken> {
        let flight = &mut self.service.flights[number];
        flight.is_waited_for = false;
        let (transaction, spoiled, refused) = (flight.transaction, flight.spoiled, flight.refused);
        let has_come = matches!(flight.comes, Comes::At(at) if at <= self.now);
        let came = match (flight.never_sent, has_come) {
            (true, _) => Err(Broken::NeverSent(unreachable())),
            (false, false) => Err(lost()),
            (false, true) if refused => self.answer(Said::ApiError(409, 1009), spoiled),
            (false, true) => {
                let said = self.result(transaction);
                self.answer(said, spoiled)
            }
        };
        let flight = &mut self.service.flights[number];
        let is_final = matches!(&came, Ok(Response { status: 200, .. })) && spoiled == Spoiled::Not;
        flight.was_clear = flight.never_sent || is_final;
        self.note(|| format!("start {number}: {}", shown(&came)));
        came
    }
}

/// The till's transport, as long as its process lives.
pub struct Wire(pub Life);

impl Transport for Wire {
    fn exchange(&self, request: &Request) -> Result<Response, Broken> {
        self.0.mortal();
        let came = self.0.world().exchange(request);
        self.0.mortal();
        came
    }

    fn begin(&self, request: Request) -> Box<dyn InFlight> {
        self.0.mortal();
        let number = self.0.world().sets_off(&request);
        Box::new(OnItsWay { number, life: self.0.clone() })
    }
}

impl Drop for Wire {
    fn drop(&mut self) {
        self.0.has_ended();
    }
}

struct OnItsWay {
    number: usize,
    life: Life,
}

impl InFlight for OnItsWay {
    fn wait(&mut self, limit: Duration) -> Option<Result<Response, Broken>> {
        // It may die before, in the middle of it, and when the answer has come.
        self.life.mortal();
        let first = {
            let mut world = self.life.world();
            let most = u64::try_from(limit.as_millis()).unwrap_or(u64::MAX);
            world.dice.millis(0, most)
        };
        let mut came = self.life.world().wait(self.number, first);
        if came.is_none() {
            self.life.mortal();
            came = self.life.world().wait(self.number, limit - first);
        }
        self.life.mortal();
        came
    }
}

impl Drop for OnItsWay {
    fn drop(&mut self) {
        self.life.world().service.flights[self.number].is_waited_for = false;
    }
}

fn api_error(status: u16, code: i64) -> (u16, Value) {
    (status, json!({"status": "error", "error": "ProductNotAllowedException", "error_user": "Fehler", "code": code}))
}

fn unreachable() -> Error {
    Error::new(Status::Unreachable, "no connection")
}

fn lost() -> Broken {
    Broken::MaybeSent(Error::new(Status::Unreachable, "the connection is lost"))
}

fn shown(came: &Result<Response, Broken>) -> String {
    match came {
        Ok(Response { status, body, .. }) => {
            let body = String::from_utf8_lossy(body);
            let word = body.split(r#""status":""#).nth(1).and_then(|rest| rest.split('"').next());
            format!("{status} {}", word.unwrap_or("-"))
        }
        Err(Broken::NeverSent(_)) => "never sent".into(),
        Err(Broken::MaybeSent(_)) => "lost".into(),
    }
}
