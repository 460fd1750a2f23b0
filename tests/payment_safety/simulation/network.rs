//! The way between till and service, on which everything can go wrong: the till's transport.

use std::time::Duration;

use secupos::api::transport::{Broken, InFlight, Request, Response, Transport};
use secupos::error::{Error, Status};
use secupos_simulator::fault::Endpoint;
use secupos_simulator::model::answer::Answer;
use secupos_simulator::model::node::Node;
use secupos_simulator::model::request::{self, Pending, Reply};
use serde_json::{Value, json};

use super::behaviour::Trouble;
use super::clock::Life;
use super::world::World;

/// The grace of the till, with its usual timeouts: 10 s to connect, 30 s to ask, 300 s for the customer, and 30 s.
pub const GRACE: Duration = Duration::from_secs(370);

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
    action: Option<String>,
    node: Node,
    /// It passes whatever becomes of its token.
    pub is_let_in: bool,
    pub has_arrived: bool,
    /// The till has got a final answer from it, or knows that nothing was sent.
    pub was_clear: bool,
    /// The till waits for its answer.
    pub is_waited_for: bool,
    /// When its connection ended without such an answer.
    pub ended_at: Option<Duration>,
    never_sent: bool,
    times_out_at: Duration,
    comes: Comes,
    spoiled: Spoiled,
    /// What the service is going to answer, and what it has answered.
    awaited: Option<Pending>,
    said: Option<(u16, Value)>,
}

/// What can happen to a request that is not a start.
enum Fault {
    None,
    NeverSent,
    Lost { is_processed: bool, spoiled: Spoiled },
    Silence { is_processed: bool },
    Slow,
}

type Came = Result<Response, Broken>;

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

    /// Everything but start: what comes of it, and when. It is worked on halfway.
    fn exchange(&mut self, request: &Request) -> (Came, Duration) {
        if self.behaviour.another_till && !self.calm && self.dice.percent(4) {
            self.another_logs_in();
        }
        let fault = self.fault();
        let (takes, is_processed, spoiled) = match fault {
            Fault::None => (self.dice.millis(20, 400), true, Spoiled::Not),
            Fault::Slow => (self.dice.millis(1_000, 25_000), true, Spoiled::Not),
            Fault::Lost { is_processed, spoiled } => (self.dice.millis(20, 3_000), is_processed, spoiled),
            Fault::Silence { is_processed } => (Duration::MAX, is_processed, Spoiled::Reset),
            Fault::NeverSent => {
                let takes = self.dice.millis(1, 10_000).min(request.timeout);
                self.note(|| format!("{request:?}: never sent"));
                return (Err(Broken::NeverSent(unreachable())), takes);
            }
        };
        let takes = takes.min(request.timeout);
        let times_out = takes == request.timeout;
        self.pass(takes / 2);
        let node = self.model.next_node();
        let (status, body) = if is_processed { self.process(request, node) } else { api_error(500, 1001) };
        let came = if times_out { Err(lost()) } else { self.answer(status, body, spoiled, node) };
        self.note(|| format!("{request:?}: {}", shown(&came)));
        (came, takes - takes / 2)
    }

    /// The service works on a request.
    fn process(&mut self, request: &Request, node: Node) -> (u16, Value) {
        let (path, query) = request.path.split_once('?').unwrap_or((&request.path, ""));
        let endpoint = Endpoint::of(request.method.name(), path).expect("an endpoint");
        let body: Option<Value> = request.body.as_deref().and_then(|body| serde_json::from_slice(body).ok());
        if endpoint == Endpoint::Create {
            let amount = body.as_ref().and_then(|body| body["basket_info"]["sum"].as_i64()).unwrap_or_default();
            let script = self.behaviour.script(amount, &mut self.dice);
            self.model.script(script);
        }
        let asked = request::Request {
            endpoint,
            named: named(path),
            query,
            bearer: request.bearer.as_ref().map(|token| token.reveal()),
            is_let_in: false,
            action: request.action.as_ref().map(|action| action.as_str()),
            body,
            node,
        };
        let reply = match endpoint {
            Endpoint::Token => self.ending_tokens(true, |world| world.model.ask(world.now, &asked)),
            Endpoint::Abort => self.abort(&asked),
            _ => self.model.ask(self.now, &asked),
        };
        self.has_heard();
        match reply {
            Reply::Now(Answer { status, body, .. }) => (status, shortened(body)),
            Reply::Later(_) => panic!("only a start is answered later"),
        }
    }

    fn answer(&mut self, status: u16, body: Value, spoiled: Spoiled, node: Node) -> Came {
        let (status, body) = match spoiled {
            Spoiled::Refused => api_error(409, 1009),
            Spoiled::TokenRefused => api_error(self.behaviour.dead_token, 2003),
            Spoiled::ServerError => api_error(500, 1001),
            _ => (status, body),
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
        let shown = node.shows(self.model.unix()).as_secs();
        let date = tells_time.then(|| i64::try_from(shown * 1000).expect("fits"));
        Ok(Response { status, retry_after: None, date, body: body.into_bytes() })
    }

    /// A start sets off. How it will fare is drawn now.
    fn sets_off(&mut self, request: &Request) -> usize {
        let transaction = self.find(named(&request.path)).expect("a transaction that was created");
        let soon = self.dice.millis(20, 400);
        let number = self.flights.len();
        let mut flight = Flight {
            transaction,
            token: request.bearer.as_ref().map(|token| token.reveal().to_owned()).unwrap_or_default(),
            action: request.action.as_ref().map(|action| action.as_str().to_owned()),
            node: self.model.next_node(),
            is_let_in: false,
            has_arrived: false,
            was_clear: false,
            is_waited_for: true,
            ended_at: None,
            never_sent: false,
            times_out_at: self.now + request.timeout,
            comes: Comes::WithTheResult,
            spoiled: Spoiled::Not,
            awaited: None,
            said: None,
        };
        let mut arrives_after = Some(soon);
        let goes_wrong = !self.calm && self.dice.percent(self.behaviour.start_faults);
        let kind = match (self.is_down(), self.behaviour.trouble) {
            (true, _) => self.dice.below(2),
            (false, _) if !goes_wrong => 99,
            (false, Trouble::Breaks) if self.dice.percent(70) => 5,
            (false, Trouble::ComesLate) if self.dice.percent(70) => 8,
            (false, Trouble::IsRefused) if self.dice.percent(70) => 15,
            (false, _) => self.dice.below(22),
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
            5..8 => {
                flight.spoiled = self.dice.pick(&SPOILED);
                flight.comes = Comes::At(self.now + self.dice.millis(500, 90_000));
            }
            // It reaches the service late, and the connection is long gone.
            8..14 => {
                let latest = GRACE * 9 / 10;
                let as_late_as_can_be = if self.behaviour.trouble == Trouble::ComesLate { 90 } else { 60 };
                let late = match self.dice.percent(as_late_as_can_be) {
                    true => latest,
                    false => self.dice.millis(1_000, latest.as_millis() as u64),
                };
                arrives_after = Some(late);
                flight.is_let_in = self.dice.percent(50);
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
            // The API refuses at once; although it runs, in some worlds.
            15..19 => {
                flight.spoiled = if kind < 17 { Spoiled::Refused } else { Spoiled::TokenRefused };
                flight.comes = Comes::At(self.now + self.dice.millis(420, 4_500));
                if self.dice.percent(self.behaviour.refuses_yet_runs) {
                    flight.is_let_in = true;
                } else {
                    arrives_after = None;
                    if flight.spoiled == Spoiled::TokenRefused {
                        self.another_logs_in();
                    }
                }
            }
            // It refuses late, and it runs.
            19 | 20 => {
                flight.spoiled = self.dice.pick(&[Spoiled::Refused, Spoiled::TokenRefused, Spoiled::ServerError]);
                flight.comes = Comes::At(self.now + self.dice.millis(6_000, 90_000));
                flight.is_let_in = true;
            }
            // Its token is refused after the charge.
            21 => flight.spoiled = Spoiled::TokenRefused,
            _ => {}
        }
        self.note(|| {
            format!(
                "start {number} of transaction {transaction}: arrives after {arrives_after:?}, {:?} {:?}",
                flight.comes, flight.spoiled
            )
        });
        self.flights.push(flight);
        if let Some(after) = arrives_after {
            self.expect(after, number);
        }
        if kind != 99 && self.dice.percent(30) {
            self.outage_until = self.now + self.dice.millis(1_000, 300_000);
        }
        number
    }

    /// A start whose connection stood too late: not a byte of it was written.
    fn never_sets_off(&mut self, request: &Request) {
        self.note(|| format!("{request:?}: too late to be sent"));
    }

    /// How often this transaction was started.
    pub fn starts_of(&self, at: usize) -> usize {
        self.flights.iter().filter(|flight| flight.transaction == at && !flight.never_sent).count()
    }

    /// A start has reached the service.
    pub fn arrives(&mut self, number: usize) {
        let flight = &mut self.flights[number];
        flight.has_arrived = true;
        let request = request::Request {
            endpoint: Endpoint::Start,
            named: &self.transactions[flight.transaction].id,
            query: "",
            bearer: Some(&flight.token),
            is_let_in: flight.is_let_in,
            action: flight.action.as_deref(),
            body: None,
            node: flight.node,
        };
        let reply = self.model.ask(self.now, &request);
        self.note(|| format!("start {number} arrives: {reply:?}"));
        match reply {
            Reply::Later(awaited) => self.flights[number].awaited = Some(awaited),
            Reply::Now(answer) => self.is_answered(number, answer),
        }
    }

    /// Whoever waits for this is answered now.
    pub fn has_an_answer(&mut self, awaited: Pending, answer: Answer) {
        if let Some(number) = self.flights.iter().position(|flight| flight.awaited == Some(awaited)) {
            self.is_answered(number, answer);
        }
    }

    fn is_answered(&mut self, number: usize, answer: Answer) {
        let soon = self.now + self.dice.millis(10, 200);
        let flight = &mut self.flights[number];
        flight.said = Some((answer.status, shortened(answer.body)));
        if let Comes::WithTheResult = flight.comes {
            flight.comes = Comes::At(soon);
        }
    }

    /// Waits for a start's answer.
    fn wait(&mut self, number: usize, limit: Duration) -> Option<Came> {
        let until = self.now + limit;
        loop {
            let (comes, times_out_at) = (self.flights[number].comes, self.flights[number].times_out_at);
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

    fn lands(&mut self, number: usize) -> Came {
        let flight = &mut self.flights[number];
        let Flight { spoiled, node, .. } = *flight;
        let has_come = matches!(flight.comes, Comes::At(at) if at <= self.now);
        let came = match (flight.never_sent, has_come) {
            (true, _) => Err(Broken::NeverSent(unreachable())),
            (false, false) => Err(lost()),
            (false, true) => {
                let (status, body) = self.said(number);
                self.answer(status, body, spoiled, node)
            }
        };
        let is_final = matches!(&came, Ok(Response { status: 200, .. })) && spoiled == Spoiled::Not;
        let flight = &mut self.flights[number];
        flight.was_clear = flight.never_sent || is_final;
        self.note(|| format!("start {number}: {}", shown(&came)));
        came
    }

    /// What the service says to a start by now. One that breaks off halfway is about what is so.
    fn said(&self, number: usize) -> (u16, Value) {
        let flight = &self.flights[number];
        let so_far = || (200, self.model.truths().nth(flight.transaction).unwrap_or_default());
        flight.said.clone().unwrap_or_else(so_far)
    }

    /// Nobody waits for its answer any more.
    fn is_left(&mut self, number: usize) {
        let now = self.now;
        let flight = &mut self.flights[number];
        flight.is_waited_for = false;
        flight.ended_at = flight.ended_at.or((!flight.was_clear).then_some(now));
    }
}

/// The till's transport, as long as its process lives.
pub struct Wire(pub Life);

impl Transport for Wire {
    fn exchange(&self, request: &Request) -> Came {
        self.0.mortal();
        let (came, takes) = self.0.world().exchange(request);
        self.0.world().pass(takes);
        self.0.mortal();
        came
    }

    fn begin(&self, request: Request) -> Box<dyn InFlight> {
        self.0.mortal();
        self.0.takes_off();
        let life = self.0.clone();
        if !request.path.ends_with("/start/cashless") {
            let mut world = life.world();
            let (came, takes) = world.exchange(&request);
            let at = world.now + takes;
            drop(world);
            return Box::new(Beside { came: Some(came), at, life });
        }
        // Connecting takes its time, and the machine may sleep meanwhile.
        let connects = {
            let mut world = life.world();
            let slowly = world.dice.percent(3);
            if slowly { world.dice.millis(5_000, 20_000) } else { world.dice.millis(1, 100) }
        };
        life.world().pass(connects);
        life.world().is_restless();
        if request.second_look.as_ref().is_some_and(|look| !look.may_send()) {
            life.world().never_sets_off(&request);
            let (came, at) = (Some(Err(Broken::NeverSent(unreachable()))), Duration::ZERO);
            return Box::new(Beside { came, at, life });
        }
        let number = life.world().sets_off(&request);
        Box::new(OnItsWay { number, life })
    }
}

impl Drop for Wire {
    fn drop(&mut self) {
        self.0.has_ended();
    }
}

/// A request beside others of which is known what will come.
struct Beside {
    came: Option<Came>,
    at: Duration,
    life: Life,
}

impl InFlight for Beside {
    fn wait(&mut self, limit: Duration) -> Option<Came> {
        self.life.mortal();
        let mut world = self.life.world();
        let left = self.at.saturating_sub(world.now);
        world.pass(left.min(limit));
        if left > limit { None } else { self.came.take() }
    }
}

impl Drop for Beside {
    fn drop(&mut self) {
        self.life.has_landed();
    }
}

struct OnItsWay {
    number: usize,
    life: Life,
}

impl InFlight for OnItsWay {
    fn wait(&mut self, limit: Duration) -> Option<Came> {
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
        self.life.world().is_left(self.number);
        self.life.has_landed();
    }
}

/// Two lines of each receipt will do: what they say is proven elsewhere, and to read all of it takes the till its time.
fn shortened(mut body: Value) -> Value {
    for copy in ["receipt", "receipt_merchant"] {
        if let Some(lines) = body.get_mut(copy).and_then(Value::as_array_mut) {
            lines.truncate(2);
        }
    }
    body
}

/// The transaction that a path names.
fn named(path: &str) -> &str {
    path.strip_prefix("/api/v2/Smart/Transactions/").and_then(|rest| rest.split('/').next()).unwrap_or_default()
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

fn shown(came: &Came) -> String {
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
